/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/satchel-session.h"

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

/** What was handed over, by kind; strv of paths. @others are not Satchel's, are not on this
 *  computer, or cannot be read. */
typedef struct {
  char **joining;
  char **cards;
  char **bundles;
  guint others;
} SatchelHanded;

void satchel_handed_free (SatchelHanded *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelHanded, satchel_handed_free)

/** Sorts @files (of GFile, given). Gives a SatchelHanded. */
SatchelSessionJob satchel_handed_sort_job (GPtrArray *files);

/** Opens all of it in an open vault: bundles into the inbox, cards to the people, and the first of
 *  what is to be joined. @shell is of the window that it is shown over. */
void satchel_handed_show (const SatchelHanded *self, GtkWidget *shell, SatchelSession *session);

G_END_DECLS
