/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/satchel-sink.h"
#include "sync/satchel-connection.h"

G_BEGIN_DECLS

/**
 * A plain tus 1.0.0 client (https://tus.io/protocols/resumable-upload, core and creation), for any
 * tus server. Upload-Metadata carries nothing; length is never deferred. Bytes go out in pieces of
 * uneven size, each read from the file when its turn comes; what was acknowledged is never sent
 * again. A server whose offset falls below what it acknowledged is SATCHEL_SYNC_ERROR_UNTRUSTED;
 * one that claims what was never sent, loses the upload twice without getting further, or confirms
 * many pieces in a row only in part is SATCHEL_SYNC_ERROR_PROTOCOL: nothing is tried for ever.
 */
typedef struct {
  const char *create_target; /* path where uploads are created, e.g. "/mailboxes/<id>" */
  const char *path;          /* the sealed file */
  guint64 size_bytes;
  guint64 piece_bytes; /* at most so much a request; 0 for the default of 4 MiB; in memory */
} SatchelTusFile;

/** How far an upload has come; kept by the caller between runs. */
typedef struct {
  char *location;       /* path and query of the upload; NULL before it was created */
  guint64 offset;       /* acknowledged */
  guint64 sent_bytes;   /* in all, counting what was sent again: for tests and statistics */
  char *receipt;        /* Satchel-Receipt of the last answer; NULL where there was none */
  gboolean is_disputed; /* the server's offset is neither ours nor the next: begin anew */

  /* Of this run. */
  guint64 reached;  /* the highest offset so far */
  guint losses;     /* since then */
  guint shortfalls; /* pieces in a row that were confirmed only in part */
} SatchelTusState;

/** Told after every answer that moved @state on. FALSE (with @error) ends the upload: what was
 *  learnt could not be kept. */
typedef gboolean (*SatchelTusLearned) (const SatchelTusState *state,
                                       gpointer user_data,
                                       GError **error);

/** Brings the whole of @file there: asks for the offset where @state names an upload (one that the
 *  server has forgotten or let expire is begun anew), else creates one, then sends. TRUE once the
 *  offset is the size. After an error @state says how far it came; call again to go on.
 *  SATCHEL_SYNC_ERROR_* of the connection; _DAMAGED where the file cannot be read. */
gboolean satchel_tus_upload (SatchelConnection *connection,
                             const SatchelTusFile *file,
                             SatchelTusState *state,
                             SatchelTusLearned learned,
                             gpointer user_data,
                             GCancellable *cancellable,
                             GError **error);

/** The same in pieces, so that several uploads can take turns: begin once in a run, then step, one
 *  piece at a time, while *@more. */
gboolean satchel_tus_begin (SatchelConnection *connection,
                            const SatchelTusFile *file,
                            SatchelTusState *state,
                            SatchelTusLearned learned,
                            gpointer user_data,
                            GCancellable *cancellable,
                            GError **error);
gboolean satchel_tus_step (SatchelConnection *connection,
                           const SatchelTusFile *file,
                           SatchelTusState *state,
                           gboolean *more,
                           SatchelTusLearned learned,
                           gpointer user_data,
                           GCancellable *cancellable,
                           GError **error);

void satchel_tus_state_clear (SatchelTusState *self);

G_END_DECLS
