/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lock/satchel-lock-job.h"
#include "preferences/satchel-preferences-job.h"
#include "preferences/satchel-preferences-text.h"

#include "../core/records/records-test.h"

static void
test_minutes (void)
{
  static const struct {
    const char *text;
    guint minutes;
  } CASES[] = {
      {NULL, 5},
      {"1", 1},
      {"30", 30},
      {"15", 15},
      {"0", 5},
      {"3", 5},
      {"-1", 5},
      {"99999999999", 5},
      {"", 5},
      {"ten", 5},
      {"10 ", 5},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    g_assert_cmpuint (satchel_lock_minutes_parse (CASES[i].text), ==, CASES[i].minutes);
}

static void
test_key (void)
{
  static const struct {
    SatchelLockKeyState state;
    const char *words;
    const char *said; /* what it begins with */
  } CASES[] = {
      {SATCHEL_LOCK_KEY_NONE, NULL, ""},
      {SATCHEL_LOCK_KEY_OFFERED, NULL, "By a key that works"},
      {SATCHEL_LOCK_KEY_ASKING, NULL, "The desktop is asked"},
      {SATCHEL_LOCK_KEY_GIVEN, "Press Super+Shift+L", "In every program: Press Super+Shift+L"},
      {SATCHEL_LOCK_KEY_GIVEN, "a\n\u202eb", "In every program: a\ufffd\ufffdb"},
      {SATCHEL_LOCK_KEY_GIVEN, NULL, "The desktop has a key for it"},
      {SATCHEL_LOCK_KEY_REFUSED, NULL, "There is no key"},
      {SATCHEL_LOCK_KEY_LOST, NULL, "The desktop gives no key now"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autofree char *said = satchel_preferences_dup_key (CASES[i].state, CASES[i].words);
    g_assert_true (g_str_has_prefix (said, CASES[i].said));
    g_assert_true ((*said == '\0') == (CASES[i].state == SATCHEL_LOCK_KEY_NONE));
  }
}

static void
test_hour (void)
{
  static const struct {
    const char *typed;
    int minute; /* -1: refused */
  } CASES[] = {
      {"8", 480},
      {"08:00", 480},
      {" 8.30 ", 510},
      {"۰۸:۳۰", 510},
      {"0:00", 0},
      {"23:59", 1439},
      {"8:5", 485},
      {"24:00", -1},
      {"8:60", -1},
      {"8:", -1},
      {":30", -1},
      {"", -1},
      {"eight", -1},
      {"8:30:00", -1},
      {"123", -1},
      {"-1", -1},
      {"8 30", -1},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    int minute = -1;
    g_assert_cmpint (satchel_preferences_parse_hour (CASES[i].typed, &minute), ==,
                     CASES[i].minute >= 0);
    g_assert_cmpint (minute, ==, CASES[i].minute);
  }
  g_autofree char *text = satchel_preferences_dup_hour (510);
  g_assert_cmpstr (text, ==, "08:30");
}

static void
test_proxy (void)
{
  static const struct {
    const char *typed;
    gboolean is_good;
  } CASES[] = {
      {"127.0.0.1:9050", TRUE},
      {"localhost:9150", TRUE},
      {"[::1]:9050", TRUE},
      {"127.0.0.1", FALSE},
      {"127.0.0.1:0", FALSE},
      {"127.0.0.1:99999", FALSE},
      {":9050", FALSE},
      {"", FALSE},
      {"socks5://127.0.0.1:9050", FALSE},
      {"a@b:9050", FALSE},
      {"a b:9050", FALSE},
      {"host:port", FALSE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    g_assert_cmpint (satchel_preferences_is_proxy (CASES[i].typed), ==, CASES[i].is_good);
}

static void
test_budget (void)
{
  g_autofree char *none = satchel_preferences_dup_budget (0);
  g_autofree char *some = satchel_preferences_dup_budget (50 * 1000 * 1000);

  g_assert_cmpstr (none, ==, "No limit");
  g_assert_true (g_str_has_prefix (some, "50"));
}

static gpointer
run (SatchelVault *vault, SatchelSessionJob job, GError **error)
{
  gpointer result = job.run (vault, job.input, (SatchelProgressReport){0}, NULL, error);

  if (job.input != NULL && job.input_free != NULL)
    job.input_free (job.input);
  return result;
}

static void
test_load (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  SatchelRules *rules = satchel_rules_new ();
  g_autoptr (GError) error = NULL;

  g_autoptr (SatchelPreferences) fresh = run (vault, satchel_preferences_load_job (), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fresh->lock_minutes, ==, SATCHEL_LOCK_MINUTES);
  g_assert_false (fresh->has_panic);
  g_assert_null (fresh->rules->proxy);
  rules->proxy = g_strdup ("127.0.0.1:9050");
  g_assert_nonnull (run (vault, satchel_preferences_rules_job (rules), &error));
  g_assert_nonnull (run (vault, satchel_lock_minutes_store_job (1), &error));
  g_autoptr (SatchelPreferences) kept = run (vault, satchel_preferences_load_job (), &error);
  g_assert_cmpuint (kept->lock_minutes, ==, 1);
  g_assert_cmpstr (kept->rules->proxy, ==, "127.0.0.1:9050");
  g_assert_no_error (kept->rules_error);
}

static void
test_wish (void)
{
  static const struct {
    const char *text; /* as stored; NULL: nothing is */
    SatchelLockWish wish;
  } CASES[] = {
      {NULL, SATCHEL_LOCK_WISH_NONE},
      {"", SATCHEL_LOCK_WISH_NONE},
      {"Key", SATCHEL_LOCK_WISH_NONE},
      {"key", SATCHEL_LOCK_WISH_KEY},
  };
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    if (CASES[i].text != NULL)
      g_assert_true (satchel_vault_set_setting (vault, "lock.anywhere", CASES[i].text, NULL));
    g_assert_cmpuint (GPOINTER_TO_UINT (run (vault, satchel_lock_wish_load_job (), &error)), ==,
                      CASES[i].wish);
  }
  for (SatchelLockWish wish = SATCHEL_LOCK_WISH_NONE; wish <= SATCHEL_LOCK_WISH_KEY; wish++) {
    g_assert_nonnull (run (vault, satchel_lock_wish_store_job (wish), &error));
    g_assert_cmpuint (GPOINTER_TO_UINT (run (vault, satchel_lock_wish_load_job (), &error)), ==,
                      wish);
  }
}

/* Rules that cannot be read hide nothing else. */
static void
test_damaged_rules (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_vault_set_setting (vault, "sync.rules", "{", NULL));
  g_autoptr (SatchelPreferences) shown = run (vault, satchel_preferences_load_job (), &error);
  g_assert_no_error (error);
  g_assert_null (shown->rules);
  g_assert_error (shown->rules_error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_DAMAGED);
  g_assert_cmpuint (shown->lock_minutes, ==, SATCHEL_LOCK_MINUTES);
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/preferences/minutes", test_minutes);
  g_test_add_func ("/preferences/key", test_key);
  g_test_add_func ("/preferences/wish", test_wish);
  g_test_add_func ("/preferences/hour", test_hour);
  g_test_add_func ("/preferences/proxy", test_proxy);
  g_test_add_func ("/preferences/budget", test_budget);
  g_test_add_func ("/preferences/load", test_load);
  g_test_add_func ("/preferences/damaged-rules", test_damaged_rules);
  return g_test_run ();
}
