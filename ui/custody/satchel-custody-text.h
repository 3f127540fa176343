/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "custody/satchel-custody-layout.h"
#include "legal/satchel-custody.h"
#include "records/satchel-evidence.h"

G_BEGIN_DECLS

/** Custody in words; no widget, no vault. From any thread. */

/** One row of the drawn chain. */
typedef struct {
  SatchelCustodyMark mark;
  gboolean is_tied; /* to the row above; FALSE also for the first */
  char *title;      /* "Sealed" */
  char *subtitle;   /* who, and when by whose clock */
  char *fault;      /* what is wrong between it and the row above, or with it; NULL for nothing */
  char **details;   /* its hashes and keys: name, value, name, value; NULL for none */
  char *name;       /* all of it as it is spoken */
} SatchelCustodyRow;

void satchel_custody_row_free (SatchelCustodyRow *self); /* NULL-safe */

/** Who an actor is, by their minisign key line: "You", "Anna, words compared"; the caller's. NULL
 *  key: an entry that names nobody. */
typedef char *(*SatchelCustodyNamer) (const char *key, gpointer user_data);

/** All that is shown of an object's custody. */
typedef struct {
  char *title;   /* of the object */
  char *sha256;  /* of an evidence item's content, 64 hex digits; NULL for a record */
  char *summary; /* a sentence: whether the chain is whole */
  gboolean holds;
  GPtrArray *rows; /* of SatchelCustodyRow, the oldest first */
} SatchelCustodyView;

void satchel_custody_view_free (SatchelCustodyView *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelCustodyView, satchel_custody_view_free)

/** What was done, for people: "Evidence attached". Borrowed. */
const char *satchel_custody_action_words (SatchelAction action);

/** @links: of SatchelCustodyLink. @item: the evidence item that they are about, or NULL for a
 *  record, which is called @title. Looks that follow each other become one row, and of a very long
 *  chain the middle is left out where it holds; both say so. */
SatchelCustodyView *satchel_custody_view_new (GPtrArray *links,
                                              const char *title,
                                              const SatchelEvidence *item,
                                              SatchelCustodyNamer namer,
                                              gpointer user_data);

G_END_DECLS
