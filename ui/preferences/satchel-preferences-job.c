/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preferences/satchel-preferences-job.h"

#include "lock/satchel-lock-job.h"

void
satchel_preferences_free (SatchelPreferences *self)
{
  if (self == NULL)
    return;
  satchel_rules_free (self->rules);
  g_clear_error (&self->rules_error);
  g_free (self);
}

static gpointer
load_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (SatchelPreferences) self = g_new0 (SatchelPreferences, 1);
  SatchelSessionJob minutes = satchel_lock_minutes_load_job ();

  self->lock_minutes = GPOINTER_TO_UINT (minutes.run (vault, NULL, progress, cancellable, error));
  if (self->lock_minutes == 0 || !satchel_vault_has_panic_phrase (vault, &self->has_panic, error))
    return NULL;
  self->rules = satchel_rules_load (vault, &self->rules_error);
  return g_steal_pointer (&self);
}

SatchelSessionJob
satchel_preferences_load_job (void)
{
  return (SatchelSessionJob){.run = load_run,
                             .result_free = (GDestroyNotify) satchel_preferences_free};
}

static gpointer
rules_run (SatchelVault *vault,
           gpointer input,
           SatchelProgressReport progress,
           GCancellable *cancellable,
           GError **error)
{
  return satchel_rules_store (vault, input, error) ? input : NULL;
}

SatchelSessionJob
satchel_preferences_rules_job (SatchelRules *rules)
{
  return (SatchelSessionJob){.run = rules_run,
                             .input = rules,
                             .input_free = (GDestroyNotify) satchel_rules_free,
                             .changes = SATCHEL_CHANGED_SETTINGS,
                             .is_kept = TRUE};
}

/* --- Keys --- */

static gpointer
check_run (SatchelVault *vault,
           gpointer input,
           SatchelProgressReport progress,
           GCancellable *cancellable,
           GError **error)
{
  return satchel_vault_check_passphrase (vault, input, error) ? input : NULL;
}

static gpointer
passphrase_run (SatchelVault *vault,
                gpointer input,
                SatchelProgressReport progress,
                GCancellable *cancellable,
                GError **error)
{
  SatchelKdfCost cost = satchel_vault_get_cost (vault);
  gboolean panic_lost = FALSE;

  if (!satchel_vault_set_passphrase (vault, input, &cost, &panic_lost, error))
    return NULL;
  return GUINT_TO_POINTER (panic_lost ? SATCHEL_CHANGED_PASSPHRASE_AND_LOST_PANIC
                                      : SATCHEL_CHANGED_PASSPHRASE);
}

static gpointer
panic_run (SatchelVault *vault,
           gpointer input,
           SatchelProgressReport progress,
           GCancellable *cancellable,
           GError **error)
{
  return satchel_vault_set_panic_phrase (vault, input, error) ? vault : NULL;
}

static gpointer
code_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  return satchel_vault_set_code (vault, SATCHEL_SLOT_RECOVERY, input, error) ? input : NULL;
}

static SatchelSessionJob
key_job (SatchelSessionRun run, SatchelSecret *secret, SatchelChanges changes)
{
  return (SatchelSessionJob){.run = run,
                             .input = secret != NULL ? satchel_secret_ref (secret) : NULL,
                             .input_free = (GDestroyNotify) satchel_secret_unref,
                             .changes = changes,
                             /* Once it was said, a lock may not leave open which key counts. */
                             .is_kept = changes != SATCHEL_CHANGED_NOTHING};
}

SatchelSessionJob
satchel_preferences_check_job (SatchelSecret *passphrase)
{
  return key_job (check_run, passphrase, SATCHEL_CHANGED_NOTHING);
}

SatchelSessionJob
satchel_preferences_passphrase_job (SatchelSecret *passphrase)
{
  return key_job (passphrase_run, passphrase, SATCHEL_CHANGED_SETTINGS);
}

SatchelSessionJob
satchel_preferences_panic_job (SatchelSecret *phrase)
{
  return key_job (panic_run, phrase, SATCHEL_CHANGED_SETTINGS);
}

SatchelSessionJob
satchel_preferences_code_job (SatchelSecret *code)
{
  return key_job (code_run, code, SATCHEL_CHANGED_SETTINGS);
}
