/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sodium.h>
#include <string.h>

#include "base/satchel-text.h"
#include "people/satchel-contact.h"
#include "records/satchel-ledger.h"
#include "sync/satchel-outbox-private.h"

#define LATER_SETTING   "sync.receipts-due"
#define LATER_LEAST_MIN 10
#define LATER_MOST_MIN  120

/* One sender to whom receipts are owed. */
typedef struct {
  char *contact_id;
  GPtrArray *inbox_ids; /* of char * */
  GPtrArray *texts;     /* of char *, beside @inbox_ids */
} Owed;

static void
owed_free (gpointer data)
{
  Owed *self = data;

  g_free (self->contact_id);
  g_ptr_array_unref (self->inbox_ids);
  g_ptr_array_unref (self->texts);
  g_free (self);
}

static Owed *
owed_new (const char *contact_id)
{
  Owed *self = g_new0 (Owed, 1);

  self->contact_id = g_strdup (contact_id);
  self->inbox_ids = g_ptr_array_new_with_free_func (g_free);
  self->texts = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/* All that is owed, one element a sender, at most one bundle's worth each. */
static GPtrArray *
load_owed (SatchelVault *vault, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (owed_free);
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT contact_id, id, receipt FROM inbox WHERE receipt_owed = 1 AND receipt IS NOT NULL"
      " AND contact_id IS NOT NULL ORDER BY contact_id, received_us",
      error);
  Owed *last = NULL;
  gboolean has_row;

  if (statement == NULL)
    return NULL;
  while (TRUE) {
    if (!satchel_statement_step (statement, &has_row, error))
      return NULL;
    if (!has_row)
      return g_steal_pointer (&all);
    if (last == NULL || last->texts->len == SATCHEL_RECEIPTS_PER_BUNDLE ||
        strcmp (last->contact_id, satchel_statement_get_text (statement, 0)) != 0) {
      last = owed_new (satchel_statement_get_text (statement, 0));
      g_ptr_array_add (all, last);
    }
    g_ptr_array_add (last->inbox_ids, g_strdup (satchel_statement_get_text (statement, 1)));
    g_ptr_array_add (last->texts, g_strdup (satchel_statement_get_text (statement, 2)));
  }
}

/* Inside the transaction that queues them, they stop being owed. */
static gboolean
settle (SatchelVault *vault, const char *outbox_id, gpointer data, GError **error)
{
  const Owed *owed = data;

  for (guint i = 0; i < owed->inbox_ids->len; i++) {
    SatchelStatement *statement =
        satchel_db_prepare (satchel_vault_get_db (vault),
                            "UPDATE inbox SET receipt_owed = 0 WHERE id = ?1", error);
    if (statement == NULL)
      return FALSE;
    satchel_statement_bind_text (statement, 1, g_ptr_array_index (owed->inbox_ids, i));
    if (!satchel_statement_run (statement, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
find_mailbox (SatchelVault *vault, const SatchelContact *contact, char **mailbox, GError **error)
{
  g_autoptr (SatchelNewsroom) newsroom = NULL;

  *mailbox = g_strdup (contact->return_mailbox);
  if (*mailbox != NULL || !contact->is_member)
    return TRUE;
  newsroom = satchel_newsroom_load (vault, error);
  if (newsroom == NULL)
    return FALSE;
  *mailbox = satchel_mailbox_of_newsroom (&newsroom->card->lead);
  return TRUE;
}

static gboolean
queue (SatchelVault *vault, Owed *owed, GCancellable *cancellable, GError **error)
{
  g_autoptr (SatchelContact) contact = satchel_contact_find (vault, owed->contact_id, error);
  g_autoptr (GPtrArray) recipients = g_ptr_array_new ();
  g_autofree char *mailbox = NULL, *id = NULL;
  SatchelSealing sealing = {.kind = SATCHEL_OUTBOX_KIND_RECEIPTS,
                            .recipients = recipients,
                            .receipts = owed->texts,
                            .also = settle,
                            .also_data = owed};

  if (contact == NULL || !find_mailbox (vault, contact, &mailbox, error))
    return FALSE;
  g_ptr_array_add (recipients, contact->card);
  sealing.mailbox = mailbox;
  id = satchel_outbox_compose (vault, &sealing, (SatchelProgressReport){0}, cancellable, error);
  return id != NULL;
}

gboolean
satchel_outbox_queue_receipts (SatchelVault *vault,
                               guint *queued,
                               GCancellable *cancellable,
                               GError **error)
{
  g_autoptr (GPtrArray) all = load_owed (vault, error);
  guint count = 0;

  if (all == NULL)
    return FALSE;
  for (guint i = 0; i < all->len; i++) {
    Owed *owed = g_ptr_array_index (all, i);
    if (!queue (vault, owed, cancellable, error))
      return FALSE;
    count += owed->texts->len;
  }
  if (queued != NULL)
    *queued = count;
  return TRUE;
}

static gint64
choose_moment (gint64 now_unix_us)
{
  guint span = (LATER_MOST_MIN - LATER_LEAST_MIN) * 60;

  return now_unix_us +
         (gint64) (LATER_LEAST_MIN * 60 + randombytes_uniform (span)) * G_USEC_PER_SEC;
}

/* The moment that was chosen; a new one where there is none, or the clock was set back. */
static gboolean
load_moment (SatchelVault *vault, gint64 now_unix_us, gint64 *moment, GError **error)
{
  GError *local = NULL;
  g_autofree char *text = satchel_vault_dup_setting (vault, LATER_SETTING, &local);
  g_autofree char *chosen = NULL;

  if (local != NULL) {
    g_propagate_error (error, local);
    return FALSE;
  }
  if (text != NULL && g_ascii_string_to_signed (text, 10, 1, G_MAXINT64, moment, NULL) &&
      *moment <= now_unix_us + (gint64) LATER_MOST_MIN * 60 * G_USEC_PER_SEC)
    return TRUE;
  *moment = choose_moment (now_unix_us);
  chosen = g_strdup_printf ("%" G_GINT64_FORMAT, *moment);
  return satchel_vault_set_setting (vault, LATER_SETTING, chosen, error);
}

gboolean
satchel_outbox_queue_receipts_later (SatchelVault *vault,
                                     gint64 now_unix_us,
                                     gint64 *next_unix_us,
                                     GCancellable *cancellable,
                                     GError **error)
{
  g_autoptr (GPtrArray) all = load_owed (vault, error);
  gint64 moment = 0;

  if (all == NULL || (all->len > 0 && !load_moment (vault, now_unix_us, &moment, error)))
    return FALSE;
  if (moment != 0 && moment <= now_unix_us) {
    if (!satchel_outbox_queue_receipts (vault, NULL, cancellable, error) ||
        !satchel_vault_set_setting (vault, LATER_SETTING, NULL, error))
      return FALSE;
    moment = 0;
  }
  if (next_unix_us != NULL)
    *next_unix_us = moment;
  return TRUE;
}

typedef enum {
  SIGNER_STRANGER,
  SIGNER_RECIPIENT,
  SIGNER_KNOWN, /* this recipient's receipt is here already */
} Signer;

static gboolean
find_signer (
    SatchelVault *vault, const char *outbox_id, const char *reader, Signer *signer, GError **error)
{
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (vault),
                          "SELECT opened_receipt IS NOT NULL FROM outbox_recipient"
                          " WHERE outbox_id = ?1 AND minisign = ?2",
                          error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, outbox_id);
  satchel_statement_bind_text (statement, 2, reader);
  if (!satchel_statement_step (statement, &has_row, error))
    return FALSE;
  *signer = SIGNER_STRANGER;
  if (has_row)
    *signer = satchel_statement_get_int (statement, 0) ? SIGNER_KNOWN : SIGNER_RECIPIENT;
  satchel_statement_reset (statement);
  return TRUE;
}

static gboolean
keep_receipt (SatchelVault *vault,
              const char *outbox_id,
              const char *reader,
              const char *text,
              GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "UPDATE outbox_recipient SET opened_receipt = ?3 WHERE outbox_id = ?1 AND minisign = ?2",
      error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, outbox_id);
  satchel_statement_bind_text (statement, 2, reader);
  satchel_statement_bind_text (statement, 3, text);
  return satchel_statement_run (statement, error);
}

static gboolean
mark_opened (SatchelVault *vault,
             const SatchelOutboxEntry *entry,
             const SatchelOpenedReceipt *receipt,
             const char *reader,
             GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "UPDATE outbox SET opened_us = ?2 WHERE id = ?1 AND opened_us = 0", error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, entry->id);
  satchel_statement_bind_int (statement, 2, receipt->time_unix_us);
  if (!satchel_statement_run (statement, error) ||
      !satchel_outbox_advance (vault, entry->id, SATCHEL_OUTBOX_OPENED, NULL, error))
    return FALSE;
  for (guint i = 0; entry->records[i] != NULL; i++) {
    g_autoptr (JsonObject) detail = json_object_new ();
    json_object_set_string_member (detail, "bundle", entry->bundle_id);
    json_object_set_string_member (detail, "reader", reader);
    if (!satchel_ledger_append (vault, SATCHEL_ACTION_OPENED, entry->records[i], NULL, detail,
                                error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
refuse (SatchelVault *vault, const char *why, GError **error)
{
  if (satchel_sync_keep_alarm (vault, why, error))
    g_set_error_literal (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_REFUSED, why);
  return FALSE;
}

gboolean
satchel_outbox_admit_receipt (SatchelVault *vault,
                              const SatchelOpenedReceipt *receipt,
                              GError **error)
{
  g_autoptr (SatchelOutboxEntry) entry = satchel_outbox_find (vault, receipt->bundle_id, error);
  g_autoptr (SatchelTransaction) transaction = NULL;
  g_autofree char *reader = satchel_minisign_key_format (&receipt->reader);
  Signer signer;

  if (entry == NULL)
    return FALSE;
  if (memcmp (entry->sha256, receipt->sha256, 32) != 0 ||
      memcmp (entry->tagmanifest_sha256, receipt->tagmanifest_sha256, 32) != 0)
    return refuse (vault, SATCHEL_ALARM_OPENED_CONTENTS, error);
  if (!find_signer (vault, entry->id, reader, &signer, error))
    return FALSE;
  if (signer == SIGNER_STRANGER)
    return refuse (vault, SATCHEL_ALARM_OPENED_SIGNER, error);
  if (signer == SIGNER_KNOWN)
    return TRUE;
  transaction = satchel_transaction_begin (satchel_vault_get_db (vault), error);
  return transaction != NULL &&
         keep_receipt (vault, entry->id, reader, receipt->text, error) &&
         mark_opened (vault, entry, receipt, reader, error) &&
         satchel_transaction_commit (transaction, error);
}
