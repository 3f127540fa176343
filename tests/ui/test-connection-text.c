/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "connection/satchel-connection-text.h"

#include <string.h>

#include "base/satchel-time.h"
#include "sync/satchel-sync-alarm.h"

#define NOW_US ((gint64) 1710000000 * G_USEC_PER_SEC)

static gint64
fixed_clock (void)
{
  return NOW_US;
}

static SatchelSyncAlarm *
alarm_new (guint64 number, SatchelSyncAlarmKind kind)
{
  SatchelSyncAlarm *alarm = g_new0 (SatchelSyncAlarm, 1);

  alarm->number = number;
  alarm->kind = kind;
  alarm->seen_unix_us = NOW_US;
  alarm->sentence = g_strdup_printf ("technical %u", (guint) number);
  return alarm;
}

static GPtrArray *
alarms_new (guint count)
{
  GPtrArray *alarms = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_sync_alarm_free);

  for (guint i = 0; i < count; i++)
    g_ptr_array_add (alarms, alarm_new (i + 1, SATCHEL_SYNC_ALARM_SERVER));
  return alarms;
}

/* An alarm that nobody has read is not hidden by a line that works again. */
static void
test_alarm_outlives_connection (void)
{
  g_autoptr (GPtrArray) alarms = alarms_new (1);
  SatchelCourierStatus status = {
      .state = SATCHEL_COURIER_CONNECTED, .newsroom = "The Courier", .alarms = alarms};
  g_autofree char *title = satchel_connection_text_dup_title (&status);
  g_autofree char *words = satchel_connection_text_dup_alarms (&status);
  g_autofree char *details = satchel_connection_text_dup_alarm_details (&status);

  g_assert_cmpstr (title, ==, "1 warning to read");
  g_assert_cmpstr (satchel_connection_text_style (&status), ==, "error");
  g_assert_cmpstr (satchel_connection_text_icon (&status), ==, "dialog-warning-symbolic");
  g_assert_nonnull (strstr (words, "was not the newsroom's server"));
  g_assert_null (strstr (words, "technical"));
  g_assert_nonnull (strstr (details, "technical 1"));
}

static void
test_no_alarm (void)
{
  SatchelCourierStatus status = {.state = SATCHEL_COURIER_CONNECTED, .newsroom = "The Courier"};
  g_autofree char *title = satchel_connection_text_dup_title (&status);

  g_assert_cmpstr (title, ==, "Connected to The Courier");
  g_assert_cmpstr (satchel_connection_text_style (&status), ==, "success");
  g_assert_null (satchel_connection_text_dup_alarms (&status));
  g_assert_null (satchel_connection_text_dup_alarm_details (&status));
}

static void
test_many_alarms (void)
{
  g_autoptr (GPtrArray) alarms = alarms_new (5);
  SatchelCourierStatus status = {.state = SATCHEL_COURIER_ALARMED, .alarms = alarms};
  g_autofree char *title = satchel_connection_text_dup_title (&status);
  g_autofree char *details = satchel_connection_text_dup_alarm_details (&status);

  g_assert_cmpstr (title, ==, "This connection is being intercepted");
  g_assert_true (g_str_has_prefix (details, "2 earlier ones."));
  g_assert_null (strstr (details, "technical 2"));
  g_assert_nonnull (strstr (details, "technical 3"));
  g_assert_nonnull (strstr (details, "technical 5"));
}

static void
test_alarm_kinds (void)
{
  static const struct {
    SatchelSyncAlarmKind kind;
    const char *words;
  } CASES[] = {
      {SATCHEL_SYNC_ALARM_SERVER, "use another network"},
      {SATCHEL_SYNC_ALARM_BUNDLE, "put aside"},
      {SATCHEL_SYNC_ALARM_RECEIPT, "A receipt was wrong"},
      {SATCHEL_SYNC_ALARM_JOURNAL, "The notes of what was sent"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autoptr (GPtrArray) alarms = alarms_new (0);
    SatchelCourierStatus status = {.alarms = alarms};
    g_ptr_array_add (alarms, alarm_new (1, CASES[i].kind));
    g_autofree char *words = satchel_connection_text_dup_alarms (&status);
    g_assert_nonnull (strstr (words, CASES[i].words));
  }
}

static void
test_failures (void)
{
  SatchelCourierStatus status = {
      .state = SATCHEL_COURIER_CONNECTED, .newsroom = "The Courier", .unreadable = 1, .refused = 2};
  g_autofree char *title = satchel_connection_text_dup_title (&status);
  g_autofree char *why = satchel_connection_text_dup_why (&status);

  g_assert_cmpstr (title, ==, "Connected, not all could be taken in");
  g_assert_null (satchel_connection_text_style (&status));
  g_assert_nonnull (strstr (why, "1 bundle came and could not be read here"));
  g_assert_nonnull (strstr (why, "2 bundles came that could not be believed"));
}

static void
test_obstacles (void)
{
  static const struct {
    SatchelVerdict verdict;
    const char *words;
  } CASES[] = {
      {{.obstacle = SATCHEL_OBSTACLE_NO_PROXY}, "Tor only"},
      {{.obstacle = SATCHEL_OBSTACLE_OFFLINE}, "not connected to a network"},
      {{.obstacle = SATCHEL_OBSTACLE_PAUSED}, "You stopped it."},
      {{.obstacle = SATCHEL_OBSTACLE_METERED}, "costs by volume"},
      {{.obstacle = SATCHEL_OBSTACLE_NETWORK}, "not among those"},
      {{.obstacle = SATCHEL_OBSTACLE_HOURS, .from_minute = 545, .until_minute = 1380},
       "from 09:05 to 23:00"},
      {{.obstacle = SATCHEL_OBSTACLE_BUDGET, .budget_bytes = 20000000}, "20.0"},
      {{.obstacle = SATCHEL_OBSTACLE_BY_HAND}, "only by hand"},
      {{.obstacle = SATCHEL_OBSTACLE_ASK}, "be asked"},
  };

  /* One for each, and none of the core's own words. */
  g_assert_cmpuint (G_N_ELEMENTS (CASES), ==, SATCHEL_OBSTACLE_ASK);
  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    SatchelVerdict verdict = CASES[i].verdict;
    g_autoptr (GError) error = g_error_new_literal (SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_WAITING,
                                                    "technical");
    SatchelCourierStatus status = {
        .state = SATCHEL_COURIER_WAITING, .error = error, .verdict = &verdict};
    g_autofree char *why = satchel_connection_text_dup_why (&status);
    g_assert_cmpint (verdict.obstacle, ==, i + 1);
    g_assert_nonnull (strstr (why, CASES[i].words));
    g_assert_null (strstr (why, "technical"));
  }
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  satchel_set_clock (fixed_clock);
  g_test_add_func ("/connection-text/alarm-outlives-connection", test_alarm_outlives_connection);
  g_test_add_func ("/connection-text/no-alarm", test_no_alarm);
  g_test_add_func ("/connection-text/many-alarms", test_many_alarms);
  g_test_add_func ("/connection-text/alarm-kinds", test_alarm_kinds);
  g_test_add_func ("/connection-text/obstacles", test_obstacles);
  g_test_add_func ("/connection-text/failures", test_failures);
  return g_test_run ();
}
