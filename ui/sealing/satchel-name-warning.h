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

void satchel_name_warning_free (SatchelNameWarning *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelNameWarning, satchel_name_warning_free)

G_END_DECLS
