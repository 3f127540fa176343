/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-vault-private.h"

#include "base/satchel-error.h"
#include "vault/satchel-readable.h"

/* The header as it stands on disk, for a change that must not touch the one at hand before it is
 * durable. */
static SatchelKeyHeader *
load_for_change (SatchelVault *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gboolean repair = FALSE;
  g_autoptr (SatchelKeyHeader) header =
      satchel_key_header_load (self->folder, &repair, &local_error);

  if (header == NULL || !satchel_key_header_verify (header, self->master, &local_error)) {
    satchel_vault_take_error (error, g_steal_pointer (&local_error));
    return NULL;
  }
  if (!satchel_vault_check_sequence (self, satchel_key_header_get_sequence (header), error))
    return NULL;
  return g_steal_pointer (&header);
}

gboolean
satchel_vault_check_unchanged (SatchelVault *self, guint64 sequence, GError **error)
{
  gboolean repair = FALSE;
  g_autoptr (SatchelKeyHeader) header = satchel_key_header_load (self->folder, &repair, NULL);

  /* A wipe needs no lock and makes the MAC random; whoever has the master raises the sequence. */
  if (header != NULL && satchel_key_header_get_sequence (header) == sequence &&
      satchel_key_header_verify (header, self->master, NULL))
    return TRUE;
  return satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_DAMAGED,
                                  "the vault's keys were wiped or changed meanwhile; "
                                  "nothing was written to them");
}

/* Takes @changed: files first, then the sequence in the store. */
static gboolean
store_change (SatchelVault *self, SatchelKeyHeader *changed, GError **error)
{
  g_autoptr (SatchelKeyHeader) header = changed;
  g_autoptr (GError) local_error = NULL;

  if (!satchel_vault_check_unchanged (self, satchel_key_header_get_sequence (header), error))
    return FALSE;
  if (!satchel_key_header_store (header, self->folder, self->master, &local_error))
    return satchel_vault_take_error (error, g_steal_pointer (&local_error));
  satchel_key_header_free (self->header);
  self->header = g_steal_pointer (&header);
  /* The change is durable: a store that is too full to note it may not call it failed. A header
   * that is newer than the store is taken at the next opening, and noted then. */
  satchel_vault_store_sequence (self, NULL);
  return TRUE;
}

/* Unlocking comes first: a vault whose keys a panic phrase has just destroyed goes on saying that
 * the phrase is wrong, and nothing else. */
gboolean
satchel_vault_check_passphrase (SatchelVault *self, SatchelSecret *passphrase, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gboolean repair = FALSE;
  g_autoptr (SatchelKeyHeader) header =
      satchel_key_header_load (self->folder, &repair, &local_error);
  g_autoptr (SatchelSecret) master =
      header != NULL
          ? satchel_key_header_unlock (header, self->folder, passphrase, &local_error)
          : NULL;

  if (master == NULL || !satchel_key_header_verify (header, self->master, &local_error))
    return satchel_vault_take_error (error, g_steal_pointer (&local_error));
  return satchel_vault_check_sequence (self, satchel_key_header_get_sequence (header), error);
}

gboolean
satchel_vault_set_passphrase (SatchelVault *self,
                              SatchelSecret *passphrase,
                              const SatchelKdfCost *cost,
                              gboolean *panic_lost,
                              GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SatchelKeyHeader) header = load_for_change (self, error);

  if (header == NULL)
    return FALSE;
  g_autofree char *panic = satchel_vault_dup_setting (self, SATCHEL_SETTING_PANIC, &local_error);
  if (local_error != NULL ||
      !satchel_key_header_set_passphrase (header, self->master, passphrase, cost, &local_error))
    return satchel_vault_take_error (error, g_steal_pointer (&local_error));
  if (!store_change (self, g_steal_pointer (&header), error))
    return FALSE;
  satchel_vault_set_setting (self, SATCHEL_SETTING_PANIC, NULL, NULL);
  if (panic_lost != NULL)
    *panic_lost = panic != NULL;
  return TRUE;
}

gboolean
satchel_vault_set_panic_phrase (SatchelVault *self, SatchelSecret *phrase, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SatchelKeyHeader) header = load_for_change (self, error);

  if (header == NULL)
    return FALSE;
  if (phrase == NULL)
    satchel_key_header_clear_panic (header);
  else if (!satchel_key_header_set_panic (header, self->master, phrase, &local_error))
    return satchel_vault_take_error (error, g_steal_pointer (&local_error));
  /* A phrase that is armed is never said not to be there. */
  if (phrase != NULL && !satchel_vault_set_setting (self, SATCHEL_SETTING_PANIC, "set", error))
    return FALSE;
  if (!store_change (self, g_steal_pointer (&header), error))
    return FALSE;
  return phrase != NULL || satchel_vault_set_setting (self, SATCHEL_SETTING_PANIC, NULL, error);
}

gboolean
satchel_vault_has_panic_phrase (SatchelVault *self, gboolean *has, GError **error)
{
  GError *local_error = NULL;
  g_autofree char *panic = satchel_vault_dup_setting (self, SATCHEL_SETTING_PANIC, &local_error);

  if (local_error != NULL) {
    g_propagate_error (error, local_error);
    return FALSE;
  }
  *has = panic != NULL;
  return TRUE;
}

gboolean
satchel_vault_set_code (SatchelVault *self,
                        SatchelSlotKind kind,
                        SatchelSecret *code,
                        GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SatchelKeyHeader) header = load_for_change (self, error);

  if (header == NULL)
    return FALSE;
  if (!satchel_key_header_set_code (header, self->master, kind, code, &local_error))
    return satchel_vault_take_error (error, g_steal_pointer (&local_error));
  return store_change (self, g_steal_pointer (&header), error);
}

gboolean
satchel_vault_wipe (const char *folder, gboolean all, GError **card_fault, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  /* The keys come first: without them the rest is noise, and the card was never a secret. */
  if (satchel_key_header_wipe (folder, all, &local_error)) {
    satchel_readable_remove (folder, NULL, card_fault);
    return TRUE;
  }
  if (g_error_matches (local_error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND))
    return satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_NO_VAULT, "there is no vault in %s",
                                    folder);
  return satchel_vault_take_error (error, g_steal_pointer (&local_error));
}
