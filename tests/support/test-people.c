/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-people.h"

#include <string.h>

#include "base/satchel-time.h"

SatchelVault *
test_vault_new (const char *folder, const char *name, int role)
{
  const SatchelKdfCost cost = {8, 1};
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (SatchelSecret) passphrase =
      satchel_secret_new_copy ((const guint8 *) "correct horse battery", 21, &error);
  g_autoptr (SatchelSecret) code = satchel_secret_new_random (16, &error);
  SatchelVault *vault = satchel_vault_create (path, passphrase, code, &cost, &error);

  g_assert_no_error (error);
  if (role >= 0)
    satchel_identity_create (vault, name, (SatchelRole) role, &error);
  g_assert_no_error (error);
  return vault;
}

typedef struct {
  SatchelAction action;
  guint count;
} Counter;

static gboolean
count_cb (const SatchelLedgerEntry *entry, gpointer user_data)
{
  Counter *counter = user_data;

  if (entry->action == counter->action)
    counter->count++;
  return TRUE;
}

static void
fault_cb (const char *object, const char *fault, gpointer user_data)
{
  g_error ("ledger: %s: %s", object, fault);
}

guint
test_ledger_count (SatchelVault *vault, SatchelAction action, const char *object)
{
  g_autoptr (GError) error = NULL;
  Counter counter = {action, 0};
  const SatchelProgressReport silent = {0};

  satchel_ledger_list (vault, object, count_cb, &counter, &error);
  g_assert_no_error (error);
  satchel_ledger_verify (vault, fault_cb, NULL, silent, NULL, &error);
  g_assert_no_error (error);
  return counter.count;
}

#define ALL(columns, table) \
  "coalesce ((SELECT group_concat (" columns ", '\n') FROM " table "), '') || '\n--\n' || "

/* clang-format off */
static const char SNAPSHOT[] =
    "SELECT " ALL ("card || hex (age)", "identity")
    ALL ("id || name || state || is_member || card || ifnull (return_mailbox, '') || verified_us",
         "contact")
    ALL ("ifnull (contact_id, '') || reason || card", "contact_alarm")
    ALL ("number || card || admitted_us", "newsroom")
    ALL ("id || name || token_id || revoked_us || ifnull (contact_id, '')", "invite")
    ALL ("token || hex (secret)", "joined")
    ALL ("key || value", "setting")
    ALL ("sequence || hex (hash)", "ledger_head")
    "(SELECT count(*) FROM ledger)";
/* clang-format on */

char *
test_people_snapshot (SatchelVault *vault)
{
  g_autoptr (GError) error = NULL;
  gboolean has_row = FALSE;
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (vault), SNAPSHOT, &error);
  char *text;

  g_assert_no_error (error);
  g_assert_true (satchel_statement_step (statement, &has_row, &error));
  g_assert_true (has_row);
  text = g_strdup (satchel_statement_get_text (statement, 0));
  satchel_statement_reset (statement);
  return text;
}

#define TRAP(table, event)                                   \
  "CREATE TRIGGER trap BEFORE " event " ON " table " BEGIN " \
  "SELECT RAISE (ABORT, 'trap'); END"

void
test_assert_all_or_nothing (SatchelVault *vault, TestOperation operation, gpointer data)
{
  const char *const traps[] = {
      TRAP ("identity", "INSERT"),
      TRAP ("identity", "UPDATE"),
      TRAP ("contact", "INSERT"),
      TRAP ("contact", "UPDATE"),
      TRAP ("contact_alarm", "INSERT"),
      TRAP ("newsroom", "INSERT"),
      TRAP ("newsroom", "UPDATE"),
      TRAP ("invite", "INSERT"),
      TRAP ("invite", "UPDATE"),
      TRAP ("joined", "INSERT"),
      TRAP ("joined", "UPDATE"),
      TRAP ("ledger", "INSERT"),
      TRAP ("setting", "INSERT"),
  };
  SatchelDb *db = satchel_vault_get_db (vault);
  guint failures = 0;

  for (guint i = 0; i < G_N_ELEMENTS (traps); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *before = test_people_snapshot (vault);

    g_assert_true (satchel_db_execute (db, traps[i], NULL));
    g_assert_true (satchel_db_begin (db, NULL));
    gboolean good = operation (vault, data, &error);
    g_assert_true (good == (error == NULL));
    satchel_db_rollback (db);
    if (!good) {
      g_clear_error (&error);
      failures++;
      g_assert_false (operation (vault, data, &error)); /* in its own transaction */
      g_assert_nonnull (error);
    }
    g_assert_false (satchel_db_in_transaction (db));
    g_assert_true (satchel_db_execute (db, "DROP TRIGGER trap", NULL));
    g_autofree char *after = test_people_snapshot (vault);
    g_assert_cmpstr (before, ==, after);
  }
  g_assert_cmpuint (failures, >, 0);
  g_autoptr (GError) error = NULL;
  gboolean good = operation (vault, data, &error);
  g_assert_no_error (error);
  g_assert_true (good);
}

static gint64 now;

static gint64
clock_cb (void)
{
  return now;
}

void
test_set_now (gint64 unix_us)
{
  now = unix_us;
  satchel_set_clock (unix_us != 0 ? clock_cb : NULL);
}
