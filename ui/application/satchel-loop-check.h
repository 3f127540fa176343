/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

G_BEGIN_DECLS

/** Nothing may hold the main loop up for more than 50 ms: a longer turn is told on standard error,
 *  with how long it took and how much of that was work (the rest was waiting, for a disk, a lock or
 *  a busy machine). The main loop's default context, from now on. For debug builds. */
void satchel_loop_check_start (void);

G_END_DECLS
