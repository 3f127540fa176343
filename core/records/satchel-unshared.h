/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-record.h"

G_BEGIN_DECLS

/**
 * People of a record whose names are not to be shared: their entry answers "do_not_share"
 * (people.* of common.fields) with yes. The mark hides nothing. It is there so that a person is
 * warned, by name, before the record leaves.
 *
 * A record leaves with all its revisions, so all of them are looked through: a name that was taken
 * out again still leaves with an earlier one. What counts is the mark at a name where it stands
 * last; an entry without a name goes by the first thing that it says. A revision that has a mark
 * also marks every name that earlier ones had and it has not: an alias with the mark may stand
 * where the name was. Rather one name too many. The same name elsewhere, in a note or on a picture,
 * is not looked for.
 */
typedef struct {
  char *name;       /* as somebody wrote it: for satchel_text_for_display() */
  gboolean is_gone; /* stands in earlier revisions alone */
} SatchelUnshared;

void satchel_unshared_free (SatchelUnshared *self); /* NULL-safe */

/** Of @revisions (of SatchelRevision, oldest first): a GPtrArray of SatchelUnshared, each name
 *  once, in the order in which they came; empty for none. Fails on nothing: what is of a wrong
 *  shape, or of a kind unknown here, is left out. */
GPtrArray *satchel_unshared_list (GPtrArray *revisions);

/** The same of a record in the vault. Errors of satchel_record_list_revisions(). */
GPtrArray *satchel_unshared_load (SatchelVault *vault, const char *record_id, GError **error);

G_END_DECLS
