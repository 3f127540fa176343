/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "intake/satchel-intake-store.h"

G_BEGIN_DECLS

/**
 * Work off the main loop. The room starts no thread: a program lends it somewhere to run jobs.
 * Jobs may run side by side; each job calls back through the main context by itself.
 */
typedef struct {
  void (*push) (gpointer pool, GFunc job, gpointer data); /* job (data, NULL), some time, once */
  gpointer pool;
} SatchelIntakeRunner;

/** Buffers on their way from one thread to another, used again and again: to ask the kernel for new
 *  pages costs more than to decrypt what is put into them. May be shared by threads. */
typedef struct _SatchelIntakePieces SatchelIntakePieces;

SatchelIntakePieces *satchel_intake_pieces_new (void);
/** Once all are given back: no body is left. */
void satchel_intake_pieces_free (SatchelIntakePieces *self); /* NULL-safe */

/**
 * A body on its way from the network to an upload: pieces are gathered on the main loop, hashed and
 * written elsewhere, through a queue of bounded size. Functions are for the main context's thread,
 * and callbacks come there.
 */
typedef struct _SatchelIntakeBody SatchelIntakeBody;

typedef struct {
  /** The queue was full and has room again. */
  void (*room) (gpointer user_data);
  /** Writing failed; the rest of the body is thrown away, and _end() still has to be called. */
  void (*failed) (gpointer user_data, const GError *error);
  /** After _end(): all that is kept is durable. @entry and @receipt: where the upload is finished
   * by it; else NULL. @error: NULL where the body was kept. Nothing is called after this. */
  void (*ended) (gpointer user_data,
                 const SatchelIntakeEntry *entry,
                 const char *receipt,
                 const GError *error);
} SatchelIntakeBodyEvents;

/** Begins a body; whether @offset_bytes is right is told through the events. @user_data must live
 *  until ended() was called; @pieces, borrowed, as long as the body. */
SatchelIntakeBody *satchel_intake_body_new (SatchelIntakeUpload *upload,
                                            guint64 offset_bytes,
                                            gboolean checked,
                                            const SatchelIntakeRunner *runner,
                                            SatchelIntakePieces *pieces,
                                            const SatchelIntakeBodyEvents *events,
                                            gpointer user_data);
/** Adds a piece; FALSE where the queue is full and nothing more should be read until room(). */
gboolean satchel_intake_body_add (SatchelIntakeBody *self, const guint8 *data, gsize size_bytes);
/** No more comes. @sha256 as in satchel_intake_upload_end(). */
void satchel_intake_body_end (SatchelIntakeBody *self, gboolean complete, const guint8 *sha256);
gboolean satchel_intake_body_is_ended (SatchelIntakeBody *self);
/** Drops the caller's reference; only after ended(). */
void satchel_intake_body_unref (SatchelIntakeBody *self);

G_END_DECLS
