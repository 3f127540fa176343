/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alarms of sending and fetching, which the vault keeps for good. */
#include "ctl-alarm.h"

#include <glib/gi18n.h>

/* Somebody who stands in the line can make as many of them as there are connections. */
#define SHOWN_MAX 3

static const char *
kind_text (SatchelSyncAlarmKind kind)
{
  switch (kind) {
    case SATCHEL_SYNC_ALARM_SERVER:
      return "server";
    case SATCHEL_SYNC_ALARM_BUNDLE:
      return "bundle";
    case SATCHEL_SYNC_ALARM_RECEIPT:
      return "receipt";
    case SATCHEL_SYNC_ALARM_JOURNAL:
      return "journal";
  }
  return "server";
}

void
ctl_json_alarms (JsonBuilder *builder, const char *member, GPtrArray *alarms)
{
  json_builder_set_member_name (builder, member);
  json_builder_begin_array (builder);
  for (guint i = 0; i < alarms->len; i++) {
    const SatchelSyncAlarm *alarm = g_ptr_array_index (alarms, i);
    json_builder_begin_object (builder);
    ctl_json_int (builder, "number", (gint64) alarm->number);
    ctl_json_string (builder, "kind", kind_text (alarm->kind));
    ctl_json_time (builder, "seen", alarm->seen_unix_us);
    ctl_json_string (builder, "sentence", alarm->sentence);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

void
ctl_warn_alarms (Ctl *ctl, GPtrArray *alarms, guint kinds)
{
  g_autoptr (GPtrArray) told = g_ptr_array_new ();

  for (guint i = 0; i < alarms->len; i++) {
    const SatchelSyncAlarm *alarm = g_ptr_array_index (alarms, i);
    if ((kinds & CTL_ALARM_KIND (alarm->kind)) != 0)
      g_ptr_array_add (told, (gpointer) alarm);
  }
  guint left = told->len > SHOWN_MAX ? told->len - SHOWN_MAX : 0;
  for (guint i = left; i < told->len; i++) {
    const SatchelSyncAlarm *alarm = g_ptr_array_index (told, i);
    g_autofree char *seen = ctl_format_time (alarm->seen_unix_us);
    g_autofree char *sentence = ctl_shown (alarm->sentence);
    ctl_warn (ctl, _ ("alarm of %s: %s"), seen, sentence);
  }
  if (left > 0)
    ctl_warn (ctl,
              ngettext ("and %u alarm before these: info --json has all of them",
                        "and %u alarms before these: info --json has all of them", left),
              left);
}

gboolean
ctl_load_and_warn_alarms (Ctl *ctl, guint kinds, GError **error)
{
  g_autoptr (GPtrArray) alarms = satchel_sync_alarm_list (ctl->vault, 0, error);

  if (alarms == NULL)
    return FALSE;
  ctl_warn_alarms (ctl, alarms, kinds);
  return TRUE;
}
