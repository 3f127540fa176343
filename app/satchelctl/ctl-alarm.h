/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl.h"
#include "sync/satchel-sync-alarm.h"

G_BEGIN_DECLS

#define CTL_ALARM_KIND(kind) (1u << (kind))

/** Which of them concern what leaves, and what comes in. */
#define CTL_ALARMS_OUT                                                                        \
  (CTL_ALARM_KIND (SATCHEL_SYNC_ALARM_SERVER) | CTL_ALARM_KIND (SATCHEL_SYNC_ALARM_RECEIPT) | \
   CTL_ALARM_KIND (SATCHEL_SYNC_ALARM_JOURNAL))
#define CTL_ALARMS_IN \
  (CTL_ALARM_KIND (SATCHEL_SYNC_ALARM_SERVER) | CTL_ALARM_KIND (SATCHEL_SYNC_ALARM_BUNDLE))

/** A member @member with an array of @alarms, of SatchelSyncAlarm. */
void ctl_json_alarms (JsonBuilder *builder, const char *member, GPtrArray *alarms);

/** Warns, on standard error, of the newest of @alarms of @kinds, and counts the others. */
void ctl_warn_alarms (Ctl *ctl, GPtrArray *alarms, guint kinds);

/** The same with those of the open vault. */
gboolean ctl_load_and_warn_alarms (Ctl *ctl, guint kinds, GError **error);

G_END_DECLS
