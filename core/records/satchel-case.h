/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-record.h"

G_BEGIN_DECLS

/**
 * A case: all records that are connected by link fields, in either direction: coverage, call,
 * visit, summons, interrogation, court.
 */
#define SATCHEL_CASE_MAX 1000

/** The case of a record as a timeline, by when_us; the record itself is always in it. Of
 *  SatchelRecord, owned. SATCHEL_RECORDS_ERROR_TOO_LARGE beyond SATCHEL_CASE_MAX. */
GPtrArray *satchel_case_list (SatchelVault *vault, const char *record_id, GError **error);

/** A link between two records of the vault. */
typedef struct {
  char *from;
  char *path; /* of the field */
  char *to;   /* may name a record that this vault does not have */
} SatchelLink;
void satchel_link_free (SatchelLink *self);

/** Links from and to one record. Of SatchelLink, owned. */
GPtrArray *satchel_link_list (SatchelVault *vault, const char *record_id, GError **error);

/** A case as a line of a list. Its head, after which it is called, is the record that names most of
 *  the others: the one that was there first where several do. */
typedef struct {
  char *head_id;
  guint count;     /* of its records in this vault, at least 2 */
  gint64 from_us;  /* when_us of its first record */
  gint64 until_us; /* and of its last */
} SatchelCase;
void satchel_case_free (SatchelCase *self); /* NULL-safe */

/** All cases, that of the latest record first. Of SatchelCase, owned. */
GPtrArray *satchel_cases_list (SatchelVault *vault, GError **error);

/** The head of the case of which @records (as satchel_case_list() gives them, at least one) are
 *  all. Borrowed from it. NULL with an error of the store. */
const SatchelRecord *
satchel_case_find_head (SatchelVault *vault, GPtrArray *records, GError **error);

/** A new case: a note called @title that names @record_id. Returns the note's id. */
char *satchel_case_create (SatchelVault *vault,
                           const char *title,
                           const char *record_id,
                           GError **error);

/** Puts a record into the case of @member_id: by a link in the case's head, in the record itself or
 *  in any other of the case, the first of them that is not final. Nothing happens where it is in it
 *  already. SATCHEL_RECORDS_ERROR_FINAL where all of them are. */
gboolean satchel_case_add (SatchelVault *vault,
                           const char *member_id,
                           const char *record_id,
                           GError **error);

/** An entry of a record's links. */
typedef struct {
  char *from;
  char *to;
  char *relation; /* nullable: id of the choice */
} SatchelTie;
void satchel_tie_free (SatchelTie *self); /* NULL-safe */

/** Whether satchel_case_remove() can take the record out: something ties it, and all that does are
 *  entries of "links" in records that are not final. */
gboolean
satchel_case_can_remove (SatchelVault *vault, const char *record_id, gboolean *can, GError **error);

/** Takes a record out of its case: no record's links name it any more, and it names none. Both
 *  sides keep their history. *@ties (of SatchelTie, owned) gets what was taken away, for
 *  satchel_case_restore(). SATCHEL_RECORDS_ERROR_FINAL where it cannot be, and nothing changed. */
gboolean satchel_case_remove (SatchelVault *vault,
                              const char *record_id,
                              GPtrArray **ties,
                              GError **error);

/** Ties again what a removal took away; what stands there again already is left as it is. */
gboolean satchel_case_restore (SatchelVault *vault, GPtrArray *ties, GError **error);

G_END_DECLS
