/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-item-job.h"

#include <string.h>

#include "custody/satchel-custody-load.h"
#include "inbox/satchel-inbox-text.h"
#include "legal/satchel-verify-received.h"
#include "people/satchel-contact.h"
#include "people/satchel-identity.h"

void
satchel_item_free (SatchelItem *self)
{
  if (self == NULL)
    return;
  satchel_received_free (self->received);
  g_free (self->signer);
  g_free (self->key);
  g_clear_pointer (&self->custody, g_ptr_array_unref);
  g_free (self);
}

void
satchel_checked_free (SatchelChecked *self)
{
  if (self == NULL)
    return;
  satchel_verification_free (self->verification);
  g_free (self->signer);
  g_free (self);
}

/* --- Loading --- */

static gboolean
load_custody (SatchelVault *vault, SatchelItem *item, GError **error)
{
  const SatchelReceived *received = item->received;
  GPtrArray *views = NULL;

  if (received->what == SATCHEL_RECEIVED_EVIDENCE) {
    SatchelCustodyView *view = satchel_custody_load_item (vault, received->item, error);
    if (view == NULL)
      return FALSE;
    views = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_custody_view_free);
    g_ptr_array_add (views, view);
  } else {
    views = satchel_custody_load_views (vault, received->record, error);
    /* Its evidence has pages of its own. */
    if (views != NULL && views->len > 1)
      g_ptr_array_remove_range (views, 1, views->len - 1);
  }
  item->custody = views;
  return views != NULL;
}

/* The last bundle that brought it: when it was sealed. */
static gboolean
load_sealed (SatchelVault *vault, SatchelItem *item, GError **error)
{
  const char *record = item->received->record->id;
  g_autoptr (GPtrArray) links = satchel_custody_load (vault, record, record, error);

  for (guint i = 0; links != NULL && i < links->len; i++) {
    const SatchelCustodyLink *link = links->pdata[i];
    if (link->step == SATCHEL_CUSTODY_HANDED_OVER &&
        g_strcmp0 (link->bundle_id, item->received->bundle_id) == 0)
      item->bagged_us = link->bagged_us;
  }
  return links != NULL;
}

static gpointer
load_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (SatchelItem) item = g_new0 (SatchelItem, 1);

  item->received = satchel_received_load (vault, *(gint64 *) input, error);
  if (item->received == NULL)
    return NULL;
  if (item->received->what == SATCHEL_RECEIVED_ASIDE) {
    item->signer = item->received->entry->sender != NULL
                       ? satchel_inbox_text_dup_sender (item->received->entry, NULL)
                       : NULL;
    return g_steal_pointer (&item);
  }
  item->key = g_strdup (item->received->record->sender);
  item->signer = satchel_custody_dup_person (vault, item->key);
  return load_custody (vault, item, error) && load_sealed (vault, item, error)
             ? g_steal_pointer (&item)
             : NULL;
}

SatchelSessionJob
satchel_item_load_job (gint64 key)
{
  return (SatchelSessionJob){.run = load_run,
                             .input = g_memdup2 (&key, sizeof key),
                             .input_free = g_free,
                             .result_free = (GDestroyNotify) satchel_item_free};
}

/* --- Checking --- */

/* Takes @verification. */
static SatchelChecked *
conclude (SatchelVault *vault, SatchelVerification *verification)
{
  SatchelChecked *checked = g_new0 (SatchelChecked, 1);

  checked->verification = verification;
  if (verification->info != NULL) {
    g_autofree char *key = satchel_minisign_key_format (&verification->info->sender_minisign);
    checked->signer = satchel_custody_dup_person (vault, key);
  }
  return checked;
}

static SatchelVerification *
verify_sealed (SatchelVault *vault,
               const char *path,
               SatchelProgressReport progress,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (SatchelIdentity) identity = satchel_identity_load (vault, error);

  return identity != NULL
             ? satchel_verify_bundle (path, &identity->age, 1, NULL, satchel_vault_get_pool (vault),
                                      progress, cancellable, error)
             : NULL;
}

static SatchelVerification *
verify_taken (SatchelVault *vault,
              const SatchelReceived *received,
              SatchelProgressReport progress,
              GCancellable *cancellable,
              GError **error)
{
  SatchelMinisignKey key;
  GError *local = NULL;
  const char *sender = received->record->sender;
  g_autoptr (SatchelContact) contact =
      satchel_minisign_key_parse (sender, strlen (sender), &key, NULL)
          ? satchel_contact_find_by_minisign (vault, &key, &local)
          : NULL;
  if (local != NULL &&
      !g_error_matches (local, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NOT_FOUND)) {
    g_propagate_error (error, local);
    return NULL;
  }
  g_clear_error (&local);
  const SatchelVerifyOptions options = {.card = contact != NULL ? contact->card : NULL};
  g_autoptr (SatchelVerification) verification = satchel_verify_received (
      vault, received->bundle_id, &options, progress, cancellable, error);

  return verification != NULL &&
                 satchel_verify_note_received (vault, received->bundle_id, verification, error)
             ? g_steal_pointer (&verification)
             : NULL;
}

static gpointer
check_run (SatchelVault *vault,
           gpointer input,
           SatchelProgressReport progress,
           GCancellable *cancellable,
           GError **error)
{
  g_autoptr (SatchelReceived) received = satchel_received_load (vault, *(gint64 *) input, error);
  SatchelVerification *verification = NULL;

  if (received == NULL)
    return NULL;
  if (received->what != SATCHEL_RECEIVED_ASIDE)
    verification = verify_taken (vault, received, progress, cancellable, error);
  else if (received->entry->path != NULL)
    verification = verify_sealed (vault, received->entry->path, progress, cancellable, error);
  else
    g_set_error_literal (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_NOT_FOUND,
                         "the sealed file was not kept");
  return verification != NULL ? conclude (vault, verification) : NULL;
}

SatchelSessionJob
satchel_item_check_job (gint64 key, SatchelProgressReport progress)
{
  return (SatchelSessionJob){.run = check_run,
                             .input = g_memdup2 (&key, sizeof key),
                             .input_free = g_free,
                             .result_free = (GDestroyNotify) satchel_checked_free,
                             .progress = progress,
                             .changes = SATCHEL_CHANGED_EVIDENCE};
}

static gpointer
verify_run (SatchelVault *vault,
            gpointer input,
            SatchelProgressReport progress,
            GCancellable *cancellable,
            GError **error)
{
  SatchelVerification *verification =
      g_file_test (input, G_FILE_TEST_IS_DIR)
          ? satchel_verify_folder (input, NULL, cancellable, error)
          : verify_sealed (vault, input, progress, cancellable, error);

  return verification != NULL ? conclude (vault, verification) : NULL;
}

SatchelSessionJob
satchel_item_verify_job (const char *path, SatchelProgressReport progress)
{
  return (SatchelSessionJob){.run = verify_run,
                             .input = g_strdup (path),
                             .input_free = g_free,
                             .result_free = (GDestroyNotify) satchel_checked_free,
                             .progress = progress};
}
