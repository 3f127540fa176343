/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** After how many minutes without a hand a vault locks itself: a setting of the vault's own, so
 *  that nobody changes it who cannot open it. */
#define SATCHEL_LOCK_MINUTES 5 /* where nothing else was set */

/** What can be set, up to 0. */
extern const guint satchel_lock_minutes_choices[];

/** What @text, as it is stored, means; SATCHEL_LOCK_MINUTES for NULL and for what cannot be set. */
guint satchel_lock_minutes_parse (const char *text);

/** Gives GUINT_TO_POINTER (minutes). */
SatchelSessionJob satchel_lock_minutes_load_job (void);

/** Gives a pointer that is not NULL. */
SatchelSessionJob satchel_lock_minutes_store_job (guint minutes);

/** Whether the desktop is to be asked for a key that locks from anywhere (satchel-lock-key.h): a
 *  setting of the vault's own as well. Gives GUINT_TO_POINTER (SatchelLockWish). */
typedef enum {
  SATCHEL_LOCK_WISH_NONE = 1, /* where nothing else was set */
  SATCHEL_LOCK_WISH_KEY,
} SatchelLockWish;
SatchelSessionJob satchel_lock_wish_load_job (void);

/** Gives a pointer that is not NULL. */
SatchelSessionJob satchel_lock_wish_store_job (SatchelLockWish wish);

G_END_DECLS
