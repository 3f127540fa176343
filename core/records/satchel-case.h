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

G_END_DECLS
