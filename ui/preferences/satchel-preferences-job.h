/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session/satchel-session.h"
#include "sync/satchel-rules.h"

G_BEGIN_DECLS

/** What the preferences ask of the vault: jobs for satchel_session_run_async(). Where no result is
 *  named they give a pointer that is not NULL. */

/** What the preferences show. */
typedef struct {
  guint lock_minutes;
  gboolean has_panic;
  SatchelRules *rules; /* NULL where they cannot be read */
  GError *rules_error; /* why */
} SatchelPreferences;

void satchel_preferences_free (SatchelPreferences *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelPreferences, satchel_preferences_free)

/** Gives SatchelPreferences. */
SatchelSessionJob satchel_preferences_load_job (void);

/** Keeps @rules (taken), all of them at once. */
SatchelSessionJob satchel_preferences_rules_job (SatchelRules *rules);

/* Keys: secrets are referenced. Each but the last takes about a second, stretching one. */

/** SATCHEL_VAULT_ERROR_WRONG_PASSPHRASE where @passphrase is not the vault's. */
SatchelSessionJob satchel_preferences_check_job (SatchelSecret *passphrase);

typedef enum {
  SATCHEL_CHANGED_PASSPHRASE = 1,
  SATCHEL_CHANGED_PASSPHRASE_AND_LOST_PANIC, /* there was a panic phrase: it has to be set again */
} SatchelPassphraseChange;

/** Gives GUINT_TO_POINTER (SatchelPassphraseChange). */
SatchelSessionJob satchel_preferences_passphrase_job (SatchelSecret *passphrase);

/** @phrase NULL takes it away. SATCHEL_SECRET_ERROR_WEAK where it is the passphrase. */
SatchelSessionJob satchel_preferences_panic_job (SatchelSecret *phrase);

/** A recovery code in place of the one before. */
SatchelSessionJob satchel_preferences_code_job (SatchelSecret *code);

G_END_DECLS
