/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-unshared.h"

G_BEGIN_DECLS

/** What there is to say of names that are not to be shared, for a person who is about to give them
 *  away: beside what leaves, and as the question that has to be answered first. */
typedef struct {
  char *title;
  char *words;
  char *heading;
  char *question;
} SatchelNameWarning;

/** Of @unshared (of SatchelUnshared), of all reports that are to leave; NULL for none. */
SatchelNameWarning *satchel_name_warning_new (GPtrArray *unshared);

/** How many names there are in @unshared, each counted once; *@names, the caller's, is some of them
 *  in a line, as they may be shown. */
guint satchel_name_warning_list (GPtrArray *unshared, char **names);

/** "2 names are marked not to be shared": the caller's. */
char *satchel_name_warning_dup_title (guint count);

void satchel_name_warning_free (SatchelNameWarning *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelNameWarning, satchel_name_warning_free)

G_END_DECLS
