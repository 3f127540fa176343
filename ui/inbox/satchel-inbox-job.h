/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inbox/satchel-desk-job.h"
#include "reports/satchel-line-model.h"
#include "sync/satchel-inbox.h"

G_BEGIN_DECLS

/** What the inbox asks of the vault: jobs for satchel_session_run_async(). */

/** The lines of the inbox, the newest first. Questions: satchel_desk_text_parse_question(). */
extern const SatchelLineSource satchel_inbox_source;

/** One bundle as it was received. */
typedef struct {
  SatchelInboxEntry *entry;
  SatchelContact *contact; /* its sender; NULL where unknown */
  GPtrArray *reports;      /* of SatchelBundleReport */
  SatchelDesk *desk;
  SatchelDeskChoices *choices;
  GPtrArray *notes; /* of SatchelDeskNote */
} SatchelInboxBundle;

void satchel_inbox_bundle_free (SatchelInboxBundle *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelInboxBundle, satchel_inbox_bundle_free)

/** Gives a SatchelInboxBundle. SATCHEL_SYNC_ERROR_NOT_FOUND. */
SatchelSessionJob satchel_inbox_load_job (const char *id);

/** What became of bundles that were taken in by hand. */
typedef struct {
  GPtrArray *entries; /* of SatchelInboxEntry, one for each that was looked at */
  GError *error;      /* why the rest was not, a stop among others; NULL: there is no rest */
  guint done;         /* how many of the paths were, from the first on */
} SatchelInboxTaken;

void satchel_inbox_taken_free (SatchelInboxTaken *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelInboxTaken, satchel_inbox_taken_free)

/** Takes bundles in from @paths (strv, copied), files or folders. Gives a SatchelInboxTaken.
 *  Receipts for them are owed from then on. */
SatchelSessionJob
satchel_inbox_take_job (const char *const *paths, SatchelProgressReport progress);

G_END_DECLS
