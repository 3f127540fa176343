/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "reports/satchel-line-model.h"
#include "sync/satchel-courier.h"
#include "sync/satchel-outbox.h"

G_BEGIN_DECLS

/** What the outbox asks of the vault: jobs for satchel_session_run_async(). */

/** The lines of the outbox, the newest first: return mail, which nobody wrote, is not among them.
 */
extern const SatchelLineSource satchel_outbox_source;

/** One bundle and what is in it. */
typedef struct {
  SatchelOutboxEntry *entry;
  GPtrArray *reports; /* of SatchelBundleReport */
} SatchelOutboxBundle;

void satchel_outbox_bundle_free (SatchelOutboxBundle *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelOutboxBundle, satchel_outbox_bundle_free)

/** Gives a SatchelOutboxBundle. SATCHEL_SYNC_ERROR_NOT_FOUND. */
SatchelSessionJob satchel_outbox_load_job (const char *id);

/** Takes back what was not sent. Gives a pointer that is not NULL. SATCHEL_SYNC_ERROR_STATE. */
SatchelSessionJob satchel_outbox_discard_job (const char *id);

/** Erases the sealed file of a bundle that was opened and, with @with_reports, before it the
 * reports that were in it, but for those to which something was added since: that nobody else has.
 * Gives a pointer that is not NULL. SATCHEL_SYNC_ERROR_STATE, SATCHEL_RECORDS_ERROR_HELD. */
SatchelSessionJob satchel_outbox_erase_job (const char *id, gboolean with_reports);

/** How much could be copied. Gives a SatchelCourierLoad, for g_free(). */
SatchelSessionJob satchel_outbox_weigh_job (void);

/** What came of copying. */
typedef struct {
  guint count;   /* bundles that are there */
  GError *error; /* why not all of them, G_IO_ERROR_CANCELLED among it; nullable */
} SatchelOutboxCopied;

void satchel_outbox_copied_free (SatchelOutboxCopied *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelOutboxCopied, satchel_outbox_copied_free)

/** Copies what nobody confirmed yet into @folder; @stays as for satchel_courier_copy_to_folder().
 *  Gives SatchelOutboxCopied, also after an error. */
SatchelSessionJob satchel_outbox_hand_over_job (const char *folder,
                                                gboolean stays,
                                                SatchelProgressReport progress);

G_END_DECLS
