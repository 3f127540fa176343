/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * Hears from the machine that nobody is in front of it any more, or soon nobody will be: it is
 * being suspended or has just woken up, the lid was closed, the desktop's session was locked or
 * another person's is in front, the screen saver is on. Asks logind and UPower on the system bus,
 * and screen savers on the session bus; where one is missing, or comes and goes, the others are
 * heard, and nothing is said about it. The main loop's only.
 *
 * Signal "away": once for each of these.
 */
#define SATCHEL_TYPE_AWAY (satchel_away_get_type ())
G_DECLARE_FINAL_TYPE (SatchelAway, satchel_away, SATCHEL, AWAY, GObject)

SatchelAway *satchel_away_new (void);

/** While TRUE, a suspension waits (as long as logind lets it, 5 s as it comes) for FALSE. */
void satchel_away_set_delaying (SatchelAway *self, gboolean is_delaying);

G_END_DECLS
