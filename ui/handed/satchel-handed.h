/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/satchel-session.h"
#include "worker/satchel-worker.h"

G_BEGIN_DECLS

/** Files that the desktop or the command line hands over, told apart by their first bytes: a name
 *  is a stranger's word. */
typedef enum {
  SATCHEL_HANDED_UNKNOWN, /* none of Satchel's, or it cannot be read */
  SATCHEL_HANDED_JOINING, /* an invite or a newsroom's card */
  SATCHEL_HANDED_CARD,
  SATCHEL_HANDED_BUNDLE,
} SatchelHandedKind;

/** By the first @size_bytes of a file; 64 are enough. */
SatchelHandedKind satchel_handed_guess (const char *bytes, gsize size_bytes);

/** What was handed over and waits to be opened, by kind, in the order in which it came: of paths,
 *  each once. @others are not Satchel's, are not on this computer, or cannot be read. */
typedef struct {
  GPtrArray *joining;
  GPtrArray *cards;
  GPtrArray *bundles;
  guint others;
} SatchelHanded;

SatchelHanded *satchel_handed_new (void);
void satchel_handed_free (SatchelHanded *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelHanded, satchel_handed_free)

/** Whether nothing waits; the others do not. */
gboolean satchel_handed_is_empty (const SatchelHanded *self);

/** Puts what is in @more (eaten) behind what waits already; the others are counted together. */
void satchel_handed_add (SatchelHanded *self, SatchelHanded *more);

/** A card or a bundle that was shown and, because of a lock, not taken in: behind what waits. */
void satchel_handed_wait_again (SatchelHanded *self, SatchelHandedKind kind, const char *path);

/** Something to be joined that was taken out and not answered, before all else again. @file
 *  (nullable) is eaten. */
void satchel_handed_put_back (SatchelHanded *self, GFile *file);

/** The first of what is to be joined, the caller's; NULL where there is none. It stays until it is
 *  dropped: it may be that it cannot be shown yet. */
GFile *satchel_handed_get_joining (const SatchelHanded *self);
void satchel_handed_drop_joining (SatchelHanded *self);

/** Sorts @files (of GFile, given) by a job for @worker, without a vault. As satchel_worker_push();
 *  gives a SatchelHanded. */
void satchel_handed_sort (SatchelWorker *worker,
                          GPtrArray *files,
                          gpointer source,
                          GAsyncReadyCallback callback,
                          gpointer user_data);

/** Opens what waits, in an open vault, as far as it can be shown now, and forgets that: what is to
 *  be joined one after the other, each when the one before was answered; then cards to the people
 *  and bundles into the inbox. @shell is of the SatchelWindow that it is shown over: that is given
 *  back what a lock kept from being taken in. */
void satchel_handed_show (SatchelHanded *self, GtkWidget *shell, SatchelSession *session);

G_END_DECLS
