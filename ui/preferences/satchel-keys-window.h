/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** What opens the vault, or seems to, is changed: the passphrase is asked for first, whatever it
 *  is, so that an unlocked laptop does not give its keys away. Closed by a lock. */
#define SATCHEL_TYPE_KEYS_WINDOW (satchel_keys_window_get_type ())
G_DECLARE_FINAL_TYPE (SatchelKeysWindow, satchel_keys_window, SATCHEL, KEYS_WINDOW, AdwWindow)

typedef enum {
  SATCHEL_KEYS_PASSPHRASE, /* another passphrase */
  SATCHEL_KEYS_CODE,       /* another recovery code, typed back */
  SATCHEL_KEYS_PANIC,      /* a panic phrase */
  SATCHEL_KEYS_NO_PANIC,   /* none any more */
} SatchelKeysChange;

void satchel_keys_window_present (GtkWindow *parent,
                                  SatchelSession *session,
                                  SatchelKeysChange change);

G_END_DECLS
