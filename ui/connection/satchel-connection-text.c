/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "connection/satchel-connection-text.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"
#include "papers/satchel-card.h"
#include "shared/satchel-error-text.h"
#include "sync/satchel-sync-error.h"

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

char *
satchel_connection_text_dup_title (const SatchelCourierStatus *status)
{
  g_autofree char *newsroom = dup_newsroom (status);

  switch (status->state) {
    case SATCHEL_COURIER_ALONE:
      return dup_waiting (status, _ ("No newsroom yet"));
    case SATCHEL_COURIER_WORKING:
      return dup_working (status);
    case SATCHEL_COURIER_CONNECTED:
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
satchel_connection_text_dup_why (const SatchelCourierStatus *status)
{
  g_autofree char *newsroom = dup_newsroom (status);

  if (status->error != NULL)
    return satchel_error_text_dup_whole (status->error);
  switch (status->state) {
    case SATCHEL_COURIER_ALONE:
      return g_strdup (_ ("You have not joined a newsroom yet. What you write is safe here."));
    case SATCHEL_COURIER_WORKING:
      return g_strdup (_ ("Nothing about your reports leaves before the other side has proved that "
                          "it is the newsroom."));
    case SATCHEL_COURIER_CONNECTED:
      return g_strdup_printf (_ ("The other side has proved that it is %s."), newsroom);
    default:
      return g_strdup (_ ("There was nothing to send since you unlocked."));
  }
}

const char *
satchel_connection_text_icon (const SatchelCourierStatus *status)
{
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
  if (status->state == SATCHEL_COURIER_CONNECTED)
    return "success";
  return status->state == SATCHEL_COURIER_ALARMED ? "error" : NULL;
}
