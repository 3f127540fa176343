/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-evidence.h"
#include "records/satchel-record.h"
#include "sync/satchel-inbox.h"

G_BEGIN_DECLS

/**
 * Everything that was received, item by item: records, evidence items, and bundles that were put
 * aside unopened. A record stands before its evidence, what came last before what came earlier.
 */
typedef enum {
  SATCHEL_RECEIVED_RECORD,
  SATCHEL_RECEIVED_EVIDENCE,
  SATCHEL_RECEIVED_ASIDE, /* a bundle that was not believed */
} SatchelReceivedWhat;

/** What is known of whether an item may be relied on. */
typedef enum {
  SATCHEL_STANDING_HOLDS,  /* verified when it was taken in, and whenever it was checked since */
  SATCHEL_STANDING_BROKEN, /* the last check found a fault */
  SATCHEL_STANDING_ASIDE,  /* never taken in */
} SatchelStanding;

typedef struct {
  gint64 key; /* of this list; good while nothing is erased */
  SatchelReceivedWhat what;
  SatchelStanding standing;
  gint64 received_us;       /* first taken in, by this vault's clock */
  gint64 checked_us;        /* the last check since then; 0 for none */
  char *bundle_id;          /* its sender's last that brought it; NULL where unknown */
  SatchelRecord *record;    /* itself, or whose evidence it is; NULL for ASIDE */
  SatchelEvidence *item;    /* EVIDENCE */
  SatchelInboxEntry *entry; /* ASIDE */
} SatchelReceived;

void satchel_received_free (SatchelReceived *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelReceived, satchel_received_free)

/** The id of the record, evidence item or inbox entry; borrowed. */
const char *satchel_received_get_id (const SatchelReceived *self);

typedef struct {
  gboolean has_standing;
  SatchelStanding standing; /* meant with has_standing */
  const char *words;        /* NULL, or what satchel_search() finds records by */
} SatchelReceivedFilter;

/** The keys of all that @filter (nullable) lets through, in order: what a window needs to know of
 *  100,000 items. With words at most 1,000 records are looked at. Of gint64, the caller's. */
GArray *satchel_received_list_keys (SatchelVault *vault,
                                    const SatchelReceivedFilter *filter,
                                    GError **error);

/** One by its key; SATCHEL_RECORDS_ERROR_NOT_FOUND. */
SatchelReceived *satchel_received_load (SatchelVault *vault, gint64 key, GError **error);

G_END_DECLS
