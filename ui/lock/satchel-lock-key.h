/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * A key that locks from anywhere, whatever program is in front: the desktop's portal binds it
 * (org.freedesktop.portal.GlobalShortcuts, from version 1). The desktop asks who sits there,
 * chooses the key, and may say no; it is asked only when somebody wished for a key. The portal may
 * be missing, and come and go: at each coming it is asked anew, and remembers what was chosen. The
 * main loop's only.
 *
 * Signal "pressed": that key. Signal "changed": of the state, or of what the key is called.
 */
#define SATCHEL_TYPE_LOCK_KEY (satchel_lock_key_get_type ())
G_DECLARE_FINAL_TYPE (SatchelLockKey, satchel_lock_key, SATCHEL, LOCK_KEY, GObject)

typedef enum {
  SATCHEL_LOCK_KEY_NONE,    /* there is no such portal, or it is not known yet */
  SATCHEL_LOCK_KEY_OFFERED, /* it can be asked */
  SATCHEL_LOCK_KEY_ASKING,
  SATCHEL_LOCK_KEY_GIVEN,
  SATCHEL_LOCK_KEY_REFUSED, /* somebody said no */
  SATCHEL_LOCK_KEY_LOST,    /* it is wished for, and could not be had or was taken away, by no one's
                               decision: the portal has gone, too, or was never there */
} SatchelLockKeyState;

SatchelLockKey *satchel_lock_key_new (void);

/** The one that was made first, and is there still; nullable, borrowed. */
SatchelLockKey *satchel_lock_key_get_default (void);

/** TRUE asks for a key as soon as there is a portal; said again, it asks again after REFUSED and
 *  LOST. FALSE gives the key back. */
void satchel_lock_key_set_wanted (SatchelLockKey *self, gboolean is_wanted);

SatchelLockKeyState satchel_lock_key_get_state (SatchelLockKey *self);

/** What the desktop calls the key, in its own words and unfiltered; NULL where it says nothing.
 *  Borrowed until "changed". */
const char *satchel_lock_key_get_words (SatchelLockKey *self);

G_END_DECLS
