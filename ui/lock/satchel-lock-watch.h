/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/**
 * Locks a session when nobody is in front of it: after some minutes without a key, a button or a
 * movement in any of the program's windows (as the vault's setting says), at everything that
 * satchel-away.h names, and at the key of satchel-lock-key.h, where the vault's setting wishes for
 * one. A suspension waits until the keys are gone. The main loop's only.
 */
#define SATCHEL_TYPE_LOCK_WATCH (satchel_lock_watch_get_type ())
G_DECLARE_FINAL_TYPE (SatchelLockWatch, satchel_lock_watch, SATCHEL, LOCK_WATCH, GObject)

/** Watches from now on, as long as it lives. */
SatchelLockWatch *satchel_lock_watch_new (SatchelSession *session);

G_END_DECLS
