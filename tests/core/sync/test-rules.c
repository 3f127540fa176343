/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-rules.h"

#include "test-people.h"
#include "test-support.h"

static char *office[] = {(char *) "office", NULL};

typedef struct {
  const char *name;
  SatchelRules rules;
  SatchelMoment moment;
  SatchelVerdictKind kind;
  gboolean use_tor;
  SatchelObstacle obstacle; /* NONE is 0 */
} Case;

#define TOR (char *) "127.0.0.1:9050"

static const Case CASES[] = {
    {"plain", {0}, {.online = TRUE}, SATCHEL_VERDICT_GO, FALSE},
    {"offline", {0}, {.online = FALSE}, SATCHEL_VERDICT_WAIT, FALSE, SATCHEL_OBSTACLE_OFFLINE},
    {"offline-by-hand",
     {0},
     {.by_hand = TRUE},
     SATCHEL_VERDICT_WAIT,
     FALSE,
     SATCHEL_OBSTACLE_OFFLINE},
    {"ask",
     {.sending = SATCHEL_SENDING_ASK},
     {.online = TRUE},
     SATCHEL_VERDICT_ASK,
     FALSE,
     SATCHEL_OBSTACLE_ASK},
    {"ask-by-hand",
     {.sending = SATCHEL_SENDING_ASK},
     {.online = TRUE, .by_hand = TRUE},
     SATCHEL_VERDICT_GO,
     FALSE},
    {"by-hand-only",
     {.sending = SATCHEL_SENDING_BY_HAND},
     {.online = TRUE},
     SATCHEL_VERDICT_WAIT,
     FALSE,
     SATCHEL_OBSTACLE_BY_HAND},
    {"by-hand",
     {.sending = SATCHEL_SENDING_BY_HAND},
     {.online = TRUE, .by_hand = TRUE},
     SATCHEL_VERDICT_GO,
     FALSE},
    {"tor-only-without",
     {.route = SATCHEL_ROUTE_TOR_ONLY},
     {.online = TRUE, .by_hand = TRUE},
     SATCHEL_VERDICT_WAIT,
     FALSE,
     SATCHEL_OBSTACLE_NO_PROXY},
    {"tor-only",
     {.route = SATCHEL_ROUTE_TOR_ONLY, .proxy = TOR},
     {.online = TRUE},
     SATCHEL_VERDICT_GO,
     TRUE},
    {"tor-preferred",
     {.route = SATCHEL_ROUTE_TOR_PREFERRED, .proxy = TOR},
     {.online = TRUE},
     SATCHEL_VERDICT_GO,
     TRUE},
    {"tor-preferred-without",
     {.route = SATCHEL_ROUTE_TOR_PREFERRED},
     {.online = TRUE},
     SATCHEL_VERDICT_GO,
     FALSE},
    {"direct", {.proxy = TOR}, {.online = TRUE}, SATCHEL_VERDICT_GO, FALSE},
    {"metered",
     {0},
     {.online = TRUE, .metered = TRUE},
     SATCHEL_VERDICT_WAIT,
     FALSE,
     SATCHEL_OBSTACLE_METERED},
    {"metered-allowed",
     {.allow_metered = TRUE},
     {.online = TRUE, .metered = TRUE},
     SATCHEL_VERDICT_GO,
     FALSE},
    {"network",
     {.networks = office},
     {.online = TRUE, .network = "office"},
     SATCHEL_VERDICT_GO,
     FALSE},
    {"other-network",
     {.networks = office},
     {.online = TRUE, .network = "cafe"},
     SATCHEL_VERDICT_WAIT,
     FALSE,
     SATCHEL_OBSTACLE_NETWORK},
    {"nameless-network",
     {.networks = office},
     {.online = TRUE},
     SATCHEL_VERDICT_WAIT,
     FALSE,
     SATCHEL_OBSTACLE_NETWORK},
    {"in-window",
     {.from_minute = 60, .until_minute = 120},
     {.online = TRUE, .minute_of_day = 60},
     SATCHEL_VERDICT_GO,
     FALSE},
    {"after-window",
     {.from_minute = 60, .until_minute = 120},
     {.online = TRUE, .minute_of_day = 120},
     SATCHEL_VERDICT_WAIT,
     FALSE,
     SATCHEL_OBSTACLE_HOURS},
    {"over-midnight",
     {.from_minute = 1380, .until_minute = 60},
     {.online = TRUE, .minute_of_day = 10},
     SATCHEL_VERDICT_GO,
     FALSE},
    {"not-over-midnight",
     {.from_minute = 1380, .until_minute = 60},
     {.online = TRUE, .minute_of_day = 700},
     SATCHEL_VERDICT_WAIT,
     FALSE,
     SATCHEL_OBSTACLE_HOURS},
    {"budget",
     {.budget_bytes = 100},
     {.online = TRUE, .sent_today_bytes = 100},
     SATCHEL_VERDICT_WAIT,
     FALSE,
     SATCHEL_OBSTACLE_BUDGET},
    {"paused",
     {0},
     {.online = TRUE, .paused = TRUE},
     SATCHEL_VERDICT_WAIT,
     FALSE,
     SATCHEL_OBSTACLE_PAUSED},
    {"asked-after-pause",
     {0},
     {.online = TRUE, .paused = TRUE, .by_hand = TRUE},
     SATCHEL_VERDICT_GO,
     FALSE,
     SATCHEL_OBSTACLE_NONE},
    {"within-budget",
     {.budget_bytes = 100},
     {.online = TRUE, .sent_today_bytes = 99},
     SATCHEL_VERDICT_GO,
     FALSE},
};

static void
test_case (gconstpointer data)
{
  const Case *expected = data;
  g_autoptr (SatchelVerdict) verdict = satchel_rules_judge (&expected->rules, &expected->moment);

  g_assert_cmpint (verdict->kind, ==, expected->kind);
  g_assert_cmpint (verdict->use_tor, ==, expected->use_tor);
  g_assert_cmpint (verdict->obstacle, ==, expected->obstacle);
  g_assert_true (g_str_has_suffix (verdict->sentence, "."));
}

static void
test_store (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder, "Anna", 0);
  g_autoptr (SatchelRules) rules = satchel_rules_load (vault, NULL);
  g_autoptr (SatchelRules) again = NULL;

  g_assert_cmpint (rules->route, ==, SATCHEL_ROUTE_TOR_PREFERRED);
  rules->sending = SATCHEL_SENDING_ASK;
  rules->proxy = g_strdup ("127.0.0.1:9050");
  rules->networks = g_strdupv (office);
  rules->budget_bytes = 12345;
  g_assert_true (satchel_rules_store (vault, rules, NULL));
  again = satchel_rules_load (vault, NULL);
  g_assert_cmpint (again->sending, ==, SATCHEL_SENDING_ASK);
  g_assert_cmpstr (again->proxy, ==, "127.0.0.1:9050");
  g_assert_cmpstr (again->networks[0], ==, "office");
  g_assert_cmpuint (again->budget_bytes, ==, 12345);
}

static guint64
load_spent (SatchelVault *vault, const char *day)
{
  guint64 bytes = 1;

  g_assert_true (satchel_rules_load_spent (vault, day, &bytes, NULL));
  return bytes;
}

static void
test_spent (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder, "Anna", 0);

  g_assert_cmpuint (load_spent (vault, "2024-03-09"), ==, 0);
  g_assert_true (satchel_rules_add_spent (vault, "2024-03-09", 100, NULL));
  g_assert_true (satchel_rules_add_spent (vault, "2024-03-09", 11, NULL));
  g_assert_cmpuint (load_spent (vault, "2024-03-09"), ==, 111);
  g_assert_cmpuint (load_spent (vault, "2024-03-10"), ==, 0);
  g_assert_true (satchel_rules_add_spent (vault, "2024-03-10", 5, NULL));
  g_assert_true (satchel_rules_add_spent (vault, "2024-03-09", 5, NULL));
  g_assert_cmpuint (load_spent (vault, "2024-03-10"), ==, 5);
}

/* A clock that was ahead once hides no true day after it. */
static void
test_spent_ahead (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder, "Anna", 0);

  g_assert_true (satchel_rules_add_spent (vault, "9999-01-01", 7, NULL));
  g_assert_true (satchel_rules_add_spent (vault, "2024-03-09", 100, NULL));
  g_assert_true (satchel_rules_add_spent (vault, "2024-03-09", 11, NULL));
  g_assert_cmpuint (load_spent (vault, "2024-03-09"), ==, 111);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  for (gsize i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autofree char *path = g_strconcat ("/rules/", CASES[i].name, NULL);
    g_test_add_data_func (path, &CASES[i], test_case);
  }
  g_test_add_func ("/rules/store", test_store);
  g_test_add_func ("/rules/spent", test_spent);
  g_test_add_func ("/rules/spent-ahead", test_spent_ahead);
  return g_test_run ();
}
