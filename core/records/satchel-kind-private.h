/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-kind.h"

G_BEGIN_DECLS

/** Inner door of kinds: how a set of them is kept together. */

struct _SatchelLabel {
  char *original;
  GHashTable *translations; /* language -> text */
};

struct _SatchelKinds {
  GPtrArray *kinds;         /* of SatchelKind, in menu order */
  GPtrArray *pool;          /* every SatchelField of the set; kinds and repeats only point to it */
  GHashTable *vocabularies; /* name -> GPtrArray of SatchelChoice, those of common.fields */
  GPtrArray *common;        /* fields of every kind: the title, and what follows a kind's own */
  GPtrArray *people;        /* sub-fields */
  GPtrArray *items;
};

void satchel_label_free (SatchelLabel *self);
void satchel_choice_free (SatchelChoice *self);
void satchel_field_free (SatchelField *self);
void satchel_kind_free (SatchelKind *self);

/** FALSE where no type has that name. */
gboolean satchel_field_type_from_name (const char *name, SatchelFieldType *out);

/** "Unknown" in the languages of the built-in kinds. */
const SatchelLabel *satchel_kinds_get_unknown_label (void);

G_END_DECLS
