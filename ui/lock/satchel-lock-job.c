/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lock/satchel-lock-job.h"

#define MINUTES_SETTING "lock.minutes"
#define WISH_SETTING    "lock.anywhere"
#define WISH_KEY        "key"

const guint satchel_lock_minutes_choices[] = {1, 2, 5, 10, 15, 30, 0};

guint
satchel_lock_minutes_parse (const char *text)
{
  guint64 minutes = 0;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, 1000, &minutes, NULL))
    return SATCHEL_LOCK_MINUTES;
  for (const guint *choice = satchel_lock_minutes_choices; *choice != 0; choice++)
    if (*choice == minutes)
      return *choice;
  return SATCHEL_LOCK_MINUTES;
}

/* --- Minutes --- */

static gpointer
minutes_load_run (SatchelVault *vault,
                  gpointer input,
                  SatchelProgressReport progress,
                  GCancellable *cancellable,
                  GError **error)
{
  GError *local_error = NULL;
  g_autofree char *text = satchel_vault_dup_setting (vault, MINUTES_SETTING, &local_error);

  if (local_error != NULL) {
    g_propagate_error (error, local_error);
    return NULL;
  }
  return GUINT_TO_POINTER (satchel_lock_minutes_parse (text));
}

SatchelSessionJob
satchel_lock_minutes_load_job (void)
{
  return (SatchelSessionJob){.run = minutes_load_run};
}

static gpointer
minutes_store_run (SatchelVault *vault,
                   gpointer input,
                   SatchelProgressReport progress,
                   GCancellable *cancellable,
                   GError **error)
{
  return satchel_vault_set_setting (vault, MINUTES_SETTING, input, error) ? input : NULL;
}

SatchelSessionJob
satchel_lock_minutes_store_job (guint minutes)
{
  return (SatchelSessionJob){.run = minutes_store_run,
                             .input = g_strdup_printf ("%u", minutes),
                             .input_free = g_free,
                             .changes = SATCHEL_CHANGED_SETTINGS,
                             .is_kept = TRUE};
}

/* --- The wish for a key --- */

static gpointer
wish_load_run (SatchelVault *vault,
               gpointer input,
               SatchelProgressReport progress,
               GCancellable *cancellable,
               GError **error)
{
  GError *local_error = NULL;
  g_autofree char *text = satchel_vault_dup_setting (vault, WISH_SETTING, &local_error);

  if (local_error != NULL) {
    g_propagate_error (error, local_error);
    return NULL;
  }
  return GUINT_TO_POINTER (g_strcmp0 (text, WISH_KEY) == 0 ? SATCHEL_LOCK_WISH_KEY
                                                           : SATCHEL_LOCK_WISH_NONE);
}

SatchelSessionJob
satchel_lock_wish_load_job (void)
{
  return (SatchelSessionJob){.run = wish_load_run};
}

static gpointer
wish_store_run (SatchelVault *vault,
                gpointer input,
                SatchelProgressReport progress,
                GCancellable *cancellable,
                GError **error)
{
  const char *text = GPOINTER_TO_UINT (input) == SATCHEL_LOCK_WISH_KEY ? WISH_KEY : "none";

  return satchel_vault_set_setting (vault, WISH_SETTING, text, error) ? input : NULL;
}

SatchelSessionJob
satchel_lock_wish_store_job (SatchelLockWish wish)
{
  return (SatchelSessionJob){.run = wish_store_run,
                             .input = GUINT_TO_POINTER (wish),
                             .changes = SATCHEL_CHANGED_SETTINGS,
                             .is_kept = TRUE};
}
