/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "people/satchel-identity.h"
#include "records/satchel-ledger.h"
#include "seal/satchel-bundle.h"
#include "sync/satchel-index.h"
#include "sync/satchel-outbox.h"
#include "sync/satchel-sync-alarm.h"

G_BEGIN_DECLS

/** The outbox's inner door: one way to compose a bundle of any kind, and its rows. */

#define SATCHEL_RECEIPTS_PER_BUNDLE 1000

/** What goes into a bundle. All borrowed. */
typedef struct {
  SatchelOutboxKind kind;
  GPtrArray *records;    /* of char *: whole ids; nullable */
  GPtrArray *recipients; /* of SatchelCard, at least one */
  GPtrArray *receipts;   /* of char *: texts of opened receipts; nullable */
  const guint8 *mac;     /* of an introduction, with the two below */
  const char *token;
  const SatchelIntroductionProof *proof;
  const char *mailbox; /* nullable */
  /* Runs inside the transaction that makes the entry; nullable. */
  gboolean (*also) (SatchelVault *vault, const char *outbox_id, gpointer data, GError **error);
  gpointer also_data;
} SatchelSealing;

/** Composes into the outbox and commits. Returns the entry's id. */
char *satchel_outbox_compose (SatchelVault *vault,
                              const SatchelSealing *sealing,
                              SatchelProgressReport progress,
                              GCancellable *cancellable,
                              GError **error);

/** What was composed, for its rows. */
typedef struct {
  const char *id;
  const char *bundle_id;
  const char *file; /* name in outbox/ */
  guint64 epoch;
  const SatchelBagRecipient *recipients; /* beside sealing->recipients */
  GBytes *index;
  GBytes *custody;
  GPtrArray *documents; /* of GBytes, beside sealing->records */
  const SatchelBundleResult *result;
} SatchelComposed;

/** The vault's sender epoch: rises with every restore. */
gboolean satchel_outbox_get_epoch (SatchelVault *vault, guint64 *epoch, GError **error);

/** This bundle's number for a recipient, and the tagmanifest of the one before. */
gboolean satchel_outbox_number (SatchelVault *vault,
                                const SatchelAgeRecipient *age,
                                guint64 epoch,
                                SatchelBagRecipient *out,
                                GError **error);

/** Inserts everything, in the caller's transaction. */
gboolean satchel_outbox_insert (SatchelVault *vault,
                                const SatchelSealing *sealing,
                                const SatchelComposed *composed,
                                GError **error);

/** Keeps a bundle's file byte for byte, in the caller's transaction. */
gboolean satchel_outbox_keep_file (SatchelVault *vault,
                                   const char *bundle_id,
                                   const char *name,
                                   GBytes *content,
                                   GError **error);

/** Alarms that are told apart by their words. */
#define SATCHEL_ALARM_STORED_SIGNER \
  "A stored receipt in the journal is not of the newsroom's intake."
#define SATCHEL_ALARM_OPENED_CONTENTS \
  "An opened receipt names a bundle of ours with other contents."
#define SATCHEL_ALARM_OPENED_SIGNER \
  "An opened receipt is signed by somebody who was no recipient."
#define SATCHEL_ALARM_JOURNAL                                                              \
  "The outbox journal was damaged: what could be read was taken over, the file is kept as" \
  " journal.damaged."

/** outbox/<file> or inbox/<file> of the vault. */
char *satchel_sync_path (SatchelVault *vault, const char *folder, const char *file);

/** Whether @sql, a query with one text, has a row for the file called @name. A name that is no
 * UTF-8 has none: no row can name it. */
gboolean satchel_sync_has_row (
    SatchelVault *vault, const char *sql, const char *name, gboolean *has, GError **error);

/** "<id>.age": how sealed files are called, in the outbox and in the inbox. */
gboolean satchel_outbox_is_file_name (const char *name);

/** Removes what stands in outbox/ without a row: being composed, or just composed, when the power
 *  went. The vault's lock is ours, so nobody else is at it. What is called otherwise is not ours.
 */
gboolean satchel_outbox_sweep (SatchelVault *vault, GError **error);

/** Moves an entry on, in the caller's transaction; a state lower than the row's changes nothing. */
gboolean satchel_outbox_advance (SatchelVault *vault,
                                 const char *id,
                                 SatchelOutboxState state,
                                 const char *why,
                                 GError **error);

/** One ledger entry for each record of @row, in the caller's transaction. */
gboolean satchel_outbox_note_records (SatchelVault *vault,
                                      const SatchelOutboxEntry *row,
                                      SatchelAction action,
                                      GError **error);

G_END_DECLS
