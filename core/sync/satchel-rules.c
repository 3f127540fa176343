/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-rules.h"

#include <string.h>

#include "base/satchel-json.h"

#define SETTING        "sync.rules"
#define SPENT_SETTING  "sync.sent-today" /* "2026-03-09 1234567" */
#define RULES_SIZE_MAX (16 * 1024)
#define NETWORKS_MAX   100
#define DAY_MINUTES    1440

SatchelRules *
satchel_rules_new (void)
{
  SatchelRules *self = g_new0 (SatchelRules, 1);

  self->sending = SATCHEL_SENDING_AUTOMATIC;
  self->route = SATCHEL_ROUTE_TOR_PREFERRED;
  return self;
}

void
satchel_rules_free (SatchelRules *self)
{
  if (self == NULL)
    return;
  g_free (self->proxy);
  g_strfreev (self->networks);
  g_free (self);
}

SatchelRules *
satchel_rules_copy (const SatchelRules *self)
{
  SatchelRules *copy = g_memdup2 (self, sizeof *self);

  copy->proxy = g_strdup (self->proxy);
  copy->networks = g_strdupv (self->networks);
  return copy;
}

SatchelVerdict *
satchel_verdict_copy (const SatchelVerdict *self)
{
  SatchelVerdict *copy = g_memdup2 (self, sizeof *self);

  copy->sentence = g_strdup (self->sentence);
  return copy;
}

void
satchel_verdict_free (SatchelVerdict *self)
{
  if (self == NULL)
    return;
  g_free (self->sentence);
  g_free (self);
}

static gboolean
read_networks (SatchelRules *self, JsonObject *object, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;

  if (!json_object_has_member (object, "networks"))
    return TRUE;
  if (!satchel_json_get_array (object, "networks", NETWORKS_MAX, &array, error))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++) {
    const char *name = json_node_get_string (json_array_get_element (array, i));
    if (name != NULL)
      g_strv_builder_add (builder, name);
  }
  self->networks = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
read_rules (SatchelRules *self, JsonObject *object, GError **error)
{
  gint64 sending, route, metered, from, until, budget;
  const char *proxy = NULL;

  if (!satchel_json_get_int (object, "sending", 0, SATCHEL_SENDING_BY_HAND, &sending, error) ||
      !satchel_json_get_int (object, "route", 0, SATCHEL_ROUTE_TOR_ONLY, &route, error) ||
      !satchel_json_get_int (object, "metered", 0, 1, &metered, error) ||
      !satchel_json_get_int (object, "from", 0, DAY_MINUTES - 1, &from, error) ||
      !satchel_json_get_int (object, "until", 0, DAY_MINUTES - 1, &until, error) ||
      !satchel_json_get_int (object, "budget", 0, G_MAXINT64, &budget, error) ||
      !read_networks (self, object, error))
    return FALSE;
  if (json_object_has_member (object, "proxy") &&
      !satchel_json_get_string (object, "proxy", 300, &proxy, error))
    return FALSE;
  self->sending = (SatchelSending) sending;
  self->route = (SatchelRoute) route;
  self->allow_metered = metered == 1;
  self->from_minute = (int) from;
  self->until_minute = (int) until;
  self->budget_bytes = (guint64) budget;
  self->proxy = g_strdup (proxy);
  return TRUE;
}

SatchelRules *
satchel_rules_load (SatchelVault *vault, GError **error)
{
  GError *local = NULL;
  g_autofree char *text = satchel_vault_dup_setting (vault, SETTING, &local);
  g_autoptr (SatchelRules) self = satchel_rules_new ();
  g_autoptr (JsonNode) node = NULL;

  if (local != NULL) {
    g_propagate_error (error, local);
    return NULL;
  }
  if (text == NULL)
    return g_steal_pointer (&self);
  node = satchel_json_parse (text, strlen (text), RULES_SIZE_MAX, &local);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node) &&
      read_rules (self, json_node_get_object (node), &local))
    return g_steal_pointer (&self);
  g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_DAMAGED,
               "The rules for sending cannot be read: %s",
               local != NULL ? local->message : "no object");
  g_clear_error (&local);
  return NULL;
}

gboolean
satchel_rules_store (SatchelVault *vault, const SatchelRules *self, GError **error)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *line = NULL;

  json_object_set_int_member (object, "sending", self->sending);
  json_object_set_int_member (object, "route", self->route);
  json_object_set_int_member (object, "metered", self->allow_metered);
  json_object_set_int_member (object, "from", self->from_minute);
  json_object_set_int_member (object, "until", self->until_minute);
  json_object_set_int_member (object, "budget", (gint64) self->budget_bytes);
  if (self->proxy != NULL)
    json_object_set_string_member (object, "proxy", self->proxy);
  if (self->networks != NULL) {
    JsonArray *array = json_array_new ();
    for (guint i = 0; self->networks[i] != NULL; i++)
      json_array_add_string_element (array, self->networks[i]);
    json_object_set_array_member (object, "networks", array);
  }
  json_node_take_object (node, object);
  line = satchel_json_to_line (node, NULL);
  return satchel_vault_set_setting (vault, SETTING, line, error);
}

char *
satchel_rules_dup_day (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  return g_date_time_format (now, "%Y-%m-%d");
}

/* *@day stays NULL where nothing was noted yet. */
static gboolean
load_last_day (SatchelVault *vault, char **day, guint64 *bytes, GError **error)
{
  GError *local = NULL;
  g_autofree char *text = satchel_vault_dup_setting (vault, SPENT_SETTING, &local);
  const char *space = text == NULL ? NULL : strchr (text, ' ');

  if (local != NULL) {
    g_propagate_error (error, local);
    return FALSE;
  }
  if (space == NULL)
    return TRUE;
  *day = g_strndup (text, (gsize) (space - text));
  *bytes = g_ascii_strtoull (space, NULL, 10);
  return TRUE;
}

gboolean
satchel_rules_load_spent (SatchelVault *vault, const char *day, guint64 *bytes, GError **error)
{
  g_autofree char *last = NULL;
  guint64 spent = 0;

  if (!load_last_day (vault, &last, &spent, error))
    return FALSE;
  *bytes = g_strcmp0 (last, day) == 0 ? spent : 0;
  return TRUE;
}

gboolean
satchel_rules_add_spent (SatchelVault *vault, const char *day, guint64 bytes, GError **error)
{
  g_autofree char *last = NULL, *text = NULL, *today = satchel_rules_dup_day ();
  guint64 spent = 0;
  int order;

  if (!load_last_day (vault, &last, &spent, error))
    return FALSE;
  order = g_strcmp0 (day, last);
  if (order < 0 && strcmp (last, today) <= 0)
    return TRUE;
  text = g_strdup_printf ("%s %" G_GUINT64_FORMAT, day, order == 0 ? spent + bytes : bytes);
  return satchel_vault_set_setting (vault, SPENT_SETTING, text, error);
}

/* From @from up to, not including, @until; over midnight where @until is earlier. */
static gboolean
is_in_window (const SatchelRules *self, int minute)
{
  if (self->from_minute == self->until_minute)
    return TRUE;
  if (self->from_minute < self->until_minute)
    return minute >= self->from_minute && minute < self->until_minute;
  return minute >= self->from_minute || minute < self->until_minute;
}

/* The first rule that forbids this moment. */
static SatchelObstacle
find_obstacle (const SatchelRules *self, const SatchelMoment *moment)
{
  if (self->route == SATCHEL_ROUTE_TOR_ONLY && self->proxy == NULL)
    return SATCHEL_OBSTACLE_NO_PROXY;
  if (!moment->online)
    return SATCHEL_OBSTACLE_OFFLINE;
  if (moment->by_hand)
    return SATCHEL_OBSTACLE_NONE;
  if (moment->paused)
    return SATCHEL_OBSTACLE_PAUSED;
  if (moment->metered && !self->allow_metered)
    return SATCHEL_OBSTACLE_METERED;
  if (self->networks != NULL &&
      (moment->network == NULL ||
       !g_strv_contains ((const char *const *) self->networks, moment->network)))
    return SATCHEL_OBSTACLE_NETWORK;
  if (!is_in_window (self, moment->minute_of_day))
    return SATCHEL_OBSTACLE_HOURS;
  if (self->budget_bytes > 0 && moment->sent_today_bytes >= self->budget_bytes)
    return SATCHEL_OBSTACLE_BUDGET;
  if (self->sending == SATCHEL_SENDING_BY_HAND)
    return SATCHEL_OBSTACLE_BY_HAND;
  return self->sending == SATCHEL_SENDING_ASK ? SATCHEL_OBSTACLE_ASK : SATCHEL_OBSTACLE_NONE;
}

static char *
dup_sentence (const SatchelVerdict *verdict)
{
  switch (verdict->obstacle) {
    case SATCHEL_OBSTACLE_NONE:
      break;
    case SATCHEL_OBSTACLE_NO_PROXY:
      return g_strdup ("Your rules allow Tor only, and no Tor proxy is set.");
    case SATCHEL_OBSTACLE_OFFLINE:
      return g_strdup ("This computer is not connected to a network.");
    case SATCHEL_OBSTACLE_PAUSED:
      return g_strdup ("Sending was stopped by hand.");
    case SATCHEL_OBSTACLE_METERED:
      return g_strdup ("This network is metered, and your rules do not allow those.");
    case SATCHEL_OBSTACLE_NETWORK:
      return g_strdup ("This network is not among those that your rules name.");
    case SATCHEL_OBSTACLE_HOURS:
      return g_strdup_printf ("Your rules allow sending from %02d:%02d to %02d:%02d.",
                              verdict->from_minute / 60, verdict->from_minute % 60,
                              verdict->until_minute / 60, verdict->until_minute % 60);
    case SATCHEL_OBSTACLE_BUDGET:
      return g_strdup ("Today's data budget is used up.");
    case SATCHEL_OBSTACLE_BY_HAND:
      return g_strdup ("Your rules allow sending only by hand.");
    case SATCHEL_OBSTACLE_ASK:
      return g_strdup ("Your rules want to be asked before anything is sent.");
  }
  return g_strdup (verdict->use_tor ? "Your rules allow sending now, through Tor."
                                    : "Your rules allow sending now.");
}

SatchelVerdict *
satchel_rules_judge (const SatchelRules *self, const SatchelMoment *moment)
{
  SatchelVerdict *verdict = g_new0 (SatchelVerdict, 1);

  verdict->use_tor = self->route != SATCHEL_ROUTE_DIRECT && self->proxy != NULL;
  verdict->from_minute = self->from_minute;
  verdict->until_minute = self->until_minute;
  verdict->budget_bytes = self->budget_bytes;
  verdict->obstacle = find_obstacle (self, moment);
  verdict->sentence = dup_sentence (verdict);
  if (verdict->obstacle == SATCHEL_OBSTACLE_NONE)
    verdict->kind = SATCHEL_VERDICT_GO;
  else
    verdict->kind = verdict->obstacle == SATCHEL_OBSTACLE_ASK ? SATCHEL_VERDICT_ASK
                                                              : SATCHEL_VERDICT_WAIT;
  return verdict;
}
