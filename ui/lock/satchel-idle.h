/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Tells when a person has done nothing for a while. The time that a machine was suspended counts:
 * one that wakes up too late tells so at once. The main loop's only.
 */
typedef struct _SatchelIdle SatchelIdle;

/** Microseconds since some moment; never goes back. */
typedef gint64 (*SatchelClock) (void);

/** The time since the machine was started, suspended or not (CLOCK_BOOTTIME). */
gint64 satchel_idle_boot_clock (void);

typedef void (*SatchelIdleOver) (gpointer user_data);

/** @over is called once @limit_ms have gone by on @clock without satchel_idle_touch(); the count
 *  stands still until satchel_idle_start(), and after @over. */
SatchelIdle *satchel_idle_new (SatchelClock clock,
                               guint64 limit_ms,
                               SatchelIdleOver over,
                               gpointer user_data);

/** Another limit; what has gone by counts. */
void satchel_idle_set_limit (SatchelIdle *self, guint64 limit_ms);

/** Counts from now. */
void satchel_idle_start (SatchelIdle *self);
void satchel_idle_stop (SatchelIdle *self);

/** Somebody is there. Cheap: called at every movement of the pointer. */
void satchel_idle_touch (SatchelIdle *self);

/** NULL-safe. */
void satchel_idle_free (SatchelIdle *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelIdle, satchel_idle_free)

G_END_DECLS
