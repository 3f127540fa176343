/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "connection/satchel-connection-text.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"
#include "papers/satchel-card.h"
#include "shared/satchel-error-text.h"
#include "shared/satchel-words.h"
#include "sync/satchel-sync-alarm.h"
#include "sync/satchel-sync-error.h"

#define ALARMS_SHOWN 3

static char *
dup_newsroom (const SatchelCourierStatus *status)
{
  return status->newsroom != NULL
             ? satchel_text_for_display (status->newsroom, SATCHEL_CARD_NAME_MAX)
             : g_strdup (_ ("the newsroom"));
}

/* @state, with how much waits. */
static char *
dup_waiting (const SatchelCourierStatus *status, const char *state)
{
  if (status->waiting == 0)
    return g_strdup (state);
  /* Translators: a state of the connection, and how many sealed bundles wait. */
  return g_strdup_printf (ngettext ("%s · %u waiting", "%s · %u waiting", status->waiting), state,
                          status->waiting);
}

static char *
dup_working (const SatchelCourierStatus *status)
{
  if (status->total_bytes == 0)
    return g_strdup (_ ("Connecting…"));
  double fraction = (double) status->done_bytes / (double) status->total_bytes;
  return g_strdup_printf (_ ("Sending, %u %%"), (guint) (MIN (fraction, 1) * 100));
}

static gboolean
has_failures (const SatchelCourierStatus *status)
{
  return status->unreadable > 0 || status->refused > 0;
}

/* Of what came; it is nobody's line that failed. */
static char *
dup_failures (const SatchelCourierStatus *status)
{
  g_autofree char *unreadable = g_strdup_printf (
      ngettext ("%u bundle came and could not be read here: it is fetched again. If that goes on, "
                "look whether the disk is full or failing, and tell your newsroom.",
                "%u bundles came and could not be read here: they are fetched again. If that goes "
                "on, look whether the disk is full or failing, and tell your newsroom.",
                status->unreadable),
      status->unreadable);
  g_autofree char *refused = g_strdup_printf (
      ngettext ("%u bundle came that could not be believed, and was put aside. Ask your newsroom, "
                "by another way, whether they sent it.",
                "%u bundles came that could not be believed, and were put aside. Ask your "
                "newsroom, by another way, whether they sent them.",
                status->refused),
      status->refused);

  if (status->unreadable == 0)
    return g_steal_pointer (&refused);
  return status->refused == 0 ? g_steal_pointer (&unreadable)
                              : g_strconcat (unreadable, "\n\n", refused, NULL);
}

static guint
count_alarms (const SatchelCourierStatus *status)
{
  return status->alarms == NULL ? 0 : status->alarms->len;
}

char *
satchel_connection_text_dup_title (const SatchelCourierStatus *status)
{
  g_autofree char *newsroom = dup_newsroom (status);
  guint alarms = count_alarms (status);

  if (alarms > 0 && status->state != SATCHEL_COURIER_ALARMED)
    return g_strdup_printf (ngettext ("%u warning to read", "%u warnings to read", alarms), alarms);
  switch (status->state) {
    case SATCHEL_COURIER_ALONE:
      return dup_waiting (status, _ ("No newsroom yet"));
    case SATCHEL_COURIER_WORKING:
      return dup_working (status);
    case SATCHEL_COURIER_CONNECTED:
      if (has_failures (status))
        return g_strdup (_ ("Connected, not all could be taken in"));
      /* Translators: %s is a newsroom's name. */
      return g_strdup_printf (_ ("Connected to %s"), newsroom);
    case SATCHEL_COURIER_WAITING:
      return dup_waiting (status,
                          g_error_matches (status->error, SATCHEL_SYNC_ERROR,
                                           SATCHEL_SYNC_ERROR_UNREACHABLE)
                              ? _ ("Offline")
                              : _ ("Not sending"));
    case SATCHEL_COURIER_ASKING:
      return dup_waiting (status, _ ("Asks before sending"));
    case SATCHEL_COURIER_ALARMED:
      return g_strdup (_ ("This connection is being intercepted"));
    case SATCHEL_COURIER_UNKNOWN:
      break;
  }
  return dup_waiting (status, _ ("Not connected"));
}

char *
satchel_connection_text_dup_obstacle (const SatchelVerdict *verdict)
{
  g_autofree char *size = satchel_words_size (verdict->budget_bytes);

  switch (verdict->obstacle) {
    case SATCHEL_OBSTACLE_NONE:
      break;
    case SATCHEL_OBSTACLE_NO_PROXY:
      return g_strdup (_ ("Your rules allow Tor only, and no Tor is set. Start Tor and name it in "
                          "the preferences."));
    case SATCHEL_OBSTACLE_OFFLINE:
      return g_strdup (_ ("This computer is not connected to a network. What is sealed is sent "
                          "when it is."));
    case SATCHEL_OBSTACLE_PAUSED:
      return g_strdup (
          _ ("You stopped it. Nothing is sent or fetched until you choose Send Now, or "
             "start Satchel again."));
    case SATCHEL_OBSTACLE_METERED:
      return g_strdup (
          _ ("This network costs by volume, and your rules do not allow those. Send Now "
             "sends all the same."));
    case SATCHEL_OBSTACLE_NETWORK:
      return g_strdup (
          _ ("This network is not among those that your rules name. Send Now sends all "
             "the same."));
    case SATCHEL_OBSTACLE_HOURS:
      /* Translators: times of day. */
      return g_strdup_printf (_ ("Your rules allow sending from %02d:%02d to %02d:%02d. Send Now "
                                 "sends all the same."),
                              verdict->from_minute / 60, verdict->from_minute % 60,
                              verdict->until_minute / 60, verdict->until_minute % 60);
    case SATCHEL_OBSTACLE_BUDGET:
      /* Translators: %s is a size, "20 MB". */
      return g_strdup_printf (_ ("Today's %s are used up. It goes on tomorrow; Send Now sends all "
                                 "the same."),
                              size);
    case SATCHEL_OBSTACLE_BY_HAND:
      return g_strdup (_ ("Your rules allow sending only by hand: choose Send Now."));
    case SATCHEL_OBSTACLE_ASK:
      return g_strdup (_ ("Your rules want to be asked before anything is sent: choose Send Now."));
  }
  return NULL;
}

char *
satchel_connection_text_dup_why (const SatchelCourierStatus *status)
{
  g_autofree char *newsroom = dup_newsroom (status);

  if (status->verdict != NULL && status->verdict->obstacle != SATCHEL_OBSTACLE_NONE)
    return satchel_connection_text_dup_obstacle (status->verdict);
  if (status->error != NULL)
    return satchel_error_text_dup_whole (status->error);
  switch (status->state) {
    case SATCHEL_COURIER_ALONE:
      return g_strdup (_ ("You have not joined a newsroom yet. What you write is safe here."));
    case SATCHEL_COURIER_WORKING:
      return g_strdup (_ ("Nothing about your reports leaves before the other side has proved that "
                          "it is the newsroom."));
    case SATCHEL_COURIER_CONNECTED:
      if (has_failures (status))
        return dup_failures (status);
      return g_strdup_printf (_ ("The other side has proved that it is %s."), newsroom);
    default:
      return g_strdup (_ ("There was nothing to send since you unlocked."));
  }
}

/* --- Alarms --- */

static const char *
alarm_text (SatchelSyncAlarmKind kind)
{
  switch (kind) {
    case SATCHEL_SYNC_ALARM_SERVER:
      return _ ("Who answered was not the newsroom's server, or did not tell the truth. Nothing "
                "that you wrote could be read. Tell your newsroom, and use another network.");
    case SATCHEL_SYNC_ALARM_BUNDLE:
      return _ ("Something came that somebody else may have made. It was put aside and not "
                "believed. Ask its sender by another way.");
    case SATCHEL_SYNC_ALARM_RECEIPT:
      return _ ("A receipt was wrong, and was not believed. Keep your own copy, and tell your "
                "newsroom.");
    case SATCHEL_SYNC_ALARM_JOURNAL:
      return _ ("The notes of what was sent were damaged, or somebody changed them. What could be "
                "read was taken over. Look whether the outbox is right.");
  }
  return "";
}

/* The latest ones; how many more there are is said. */
static GString *
begin_list (const SatchelCourierStatus *status, guint *first)
{
  guint count = count_alarms (status), more = count > ALARMS_SHOWN ? count - ALARMS_SHOWN : 0;
  GString *text = g_string_new (NULL);

  *first = more;
  if (more > 0)
    g_string_append_printf (text, ngettext ("%u earlier one.", "%u earlier ones.", more), more);
  return text;
}

static void
add_paragraph (GString *text, gint64 unix_us, const char *sentence)
{
  g_autofree char *moment = satchel_words_moment (unix_us);

  if (text->len > 0)
    g_string_append (text, "\n\n");
  /* Translators: a moment, and what happened then. */
  g_string_append_printf (text, _ ("%s: %s"), moment, sentence);
}

char *
satchel_connection_text_dup_alarms (const SatchelCourierStatus *status)
{
  guint first;

  if (count_alarms (status) == 0)
    return NULL;
  GString *text = begin_list (status, &first);
  for (guint i = first; i < status->alarms->len; i++) {
    const SatchelSyncAlarm *alarm = status->alarms->pdata[i];
    add_paragraph (text, alarm->seen_unix_us, alarm_text (alarm->kind));
  }
  return g_string_free (text, FALSE);
}

char *
satchel_connection_text_dup_alarm_details (const SatchelCourierStatus *status)
{
  guint first;

  if (count_alarms (status) == 0)
    return NULL;
  GString *text = begin_list (status, &first);
  for (guint i = first; i < status->alarms->len; i++) {
    const SatchelSyncAlarm *alarm = status->alarms->pdata[i];
    g_autofree char *shown = satchel_text_for_display (alarm->sentence, 300);
    add_paragraph (text, alarm->seen_unix_us, shown);
  }
  return g_string_free (text, FALSE);
}

/* --- How it looks --- */

const char *
satchel_connection_text_icon (const SatchelCourierStatus *status)
{
  if (count_alarms (status) > 0 ||
      (has_failures (status) && status->state == SATCHEL_COURIER_CONNECTED))
    return "dialog-warning-symbolic";
  switch (status->state) {
    case SATCHEL_COURIER_CONNECTED:
      return "channel-secure-symbolic";
    case SATCHEL_COURIER_WORKING:
      return "network-transmit-symbolic";
    case SATCHEL_COURIER_ALARMED:
      return "dialog-warning-symbolic";
    case SATCHEL_COURIER_ASKING:
      return "dialog-question-symbolic";
    default:
      return "network-offline-symbolic";
  }
}

const char *
satchel_connection_text_style (const SatchelCourierStatus *status)
{
  if (count_alarms (status) > 0)
    return "error";
  if (status->state == SATCHEL_COURIER_CONNECTED)
    return has_failures (status) ? NULL : "success";
  return status->state == SATCHEL_COURIER_ALARMED ? "error" : NULL;
}
