/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-ledger.h"

#include "records-test.h"

static const char *const one = "11111111111111111111111111111111";
static const char *const two = "22222222222222222222222222222222";

static void
append (SatchelVault *vault, SatchelAction action, const char *object, JsonObject *detail)
{
  g_autoptr (GError) error = NULL;
  guint8 hash[32] = {7};
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (vault), &error);

  satchel_ledger_append (vault, action, object, hash, detail, &error);
  g_assert_no_error (error);
  satchel_transaction_commit (transaction, &error);
  g_assert_no_error (error);
}

static SatchelVault *
make_ledger (const char *folder)
{
  SatchelVault *vault = test_vault_new (folder);
  g_autoptr (JsonObject) detail = json_object_new ();

  json_object_set_string_member (detail, "to", "Редакция \"x\"");
  append (vault, SATCHEL_ACTION_CREATED, one, NULL);
  append (vault, SATCHEL_ACTION_CREATED, two, NULL);
  append (vault, SATCHEL_ACTION_SENT, one, detail);
  append (vault, SATCHEL_ACTION_VIEWED, two, NULL);
  append (vault, SATCHEL_ACTION_OPENED, one, NULL);
  return vault;
}

static GString *
verify (SatchelVault *vault)
{
  g_autoptr (GError) error = NULL;
  GString *faults = g_string_new (NULL);

  satchel_ledger_verify (vault, test_fault_cb, faults, (SatchelProgressReport){0}, NULL, &error);
  g_assert_no_error (error);
  return faults;
}

static void
run (SatchelVault *vault, const char *sql)
{
  g_autoptr (GError) error = NULL;

  satchel_db_execute (satchel_vault_get_db (vault), sql, &error);
  g_assert_no_error (error);
}

static gboolean
count_cb (const SatchelLedgerEntry *entry, gpointer user_data)
{
  g_assert_cmpstr (entry->actor, ==, TEST_ACTOR);
  return ++*(guint *) user_data < 2;
}

static void
test_append (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = make_ledger (folder);
  g_autoptr (GString) faults = verify (vault);
  guint64 sequence = 0;
  guint8 hash[32] = {0};
  guint count = 0;

  g_assert_cmpstr (faults->str, ==, "");
  g_assert_true (satchel_ledger_get_head (vault, &sequence, hash, NULL));
  g_assert_cmpuint (sequence, ==, 5);
  g_assert_true (satchel_ledger_list (vault, NULL, count_cb, &count, NULL));
  g_assert_cmpuint (count, ==, 2);
  count = 0;
  g_assert_true (
      satchel_ledger_list (vault, "33333333333333333333333333333333", count_cb, &count, NULL));
  g_assert_cmpuint (count, ==, 0);
}

/* A rolled-back transaction leaves no entry. */
static void
test_rollback (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = make_ledger (folder);
  SatchelDb *db = satchel_vault_get_db (vault);
  guint64 sequence = 0;
  guint8 hash[32];

  g_assert_true (satchel_db_begin (db, NULL));
  g_assert_true (satchel_ledger_append (vault, SATCHEL_ACTION_VIEWED, one, NULL, NULL, NULL));
  satchel_db_rollback (db);
  g_assert_true (satchel_ledger_get_head (vault, &sequence, hash, NULL));
  g_assert_cmpuint (sequence, ==, 5);
}

static GByteArray *
slice_of (SatchelVault *vault, const char *object)
{
  GByteArray *bytes = g_byte_array_new ();
  g_autoptr (GPtrArray) objects = g_ptr_array_new ();
  guint64 size = 0;

  g_ptr_array_add (objects, (gpointer) object);
  g_assert_true (satchel_ledger_write_slice (vault, objects, satchel_sink_to_byte_array (bytes),
                                             &size, NULL));
  g_assert_cmpuint (size, ==, bytes->len);
  return bytes;
}

static void
test_slice (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = make_ledger (folder);
  g_autoptr (GByteArray) bytes = slice_of (vault, one);
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) faults = g_string_new (NULL);
  g_autoptr (GPtrArray) entries =
      satchel_ledger_parse_slice ((const char *) bytes->data, bytes->len, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, 3);
  const SatchelLedgerEntry *sent = entries->pdata[1];
  g_assert_cmpuint (sent->sequence, ==, 3);
  g_assert_cmpint (sent->action, ==, SATCHEL_ACTION_SENT);
  g_assert_cmpstr (json_object_get_string_member (sent->detail, "to"), ==, "Редакция \"x\"");
  g_assert_true (satchel_ledger_verify_slice (entries, test_fault_cb, faults));
  /* A slice without its middle does not verify. */
  g_ptr_array_remove_index (entries, 1);
  g_assert_false (satchel_ledger_verify_slice (entries, test_fault_cb, faults));
  test_assert_found (faults, "ledger entry 5 does not continue the chain of its object");
}

/* No byte of a slice can be changed: it is refused, or does not verify. */
static void
test_slice_damage (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = make_ledger (folder);
  g_autoptr (GByteArray) bytes = slice_of (vault, one);
  gsize last_line = bytes->len;

  for (last_line--; last_line > 0 && bytes->data[last_line - 1] != '\n'; last_line--)
    ;
  for (gsize i = 0; i < last_line; i++) {
    bytes->data[i] ^= 1;
    g_autoptr (GPtrArray) entries =
        satchel_ledger_parse_slice ((const char *) bytes->data, bytes->len, NULL);
    if (entries != NULL)
      g_assert_false (satchel_ledger_verify_slice (entries, NULL, NULL));
    bytes->data[i] ^= 1;
  }
  for (gsize length = 1; length < bytes->len; length += 7) {
    g_autoptr (GPtrArray) entries =
        satchel_ledger_parse_slice ((const char *) bytes->data, length, NULL);
    g_assert_true (entries == NULL || bytes->data[length - 1] == '\n');
  }
}

static void
test_tampering (void)
{
  static const struct {
    const char *sql;
    const char *finding;
  } cases[] = {
      {"DELETE FROM ledger WHERE sequence = 3", "entries are missing"},
      {"DELETE FROM ledger WHERE sequence = 5", "the ledger ends at entry 4, but its head says 5"},
      {"UPDATE ledger_head SET sequence = 4", "but its head says 4"},
      {"UPDATE ledger_head SET hash = zeroblob(32)", "put back to an older state"},
      {"UPDATE ledger SET line = replace(line, 'sent', 'viewed') WHERE sequence = 3",
       "entry 3 is stored beside other values"},
      {"UPDATE ledger SET line = line || ' ' WHERE sequence = 2",
       "entry 2 is not one that Satchel"},
      {"UPDATE ledger SET hash = zeroblob(32) WHERE sequence = 2", "entry 2 is stored beside"},
      {"UPDATE ledger SET object = '22222222222222222222222222222222' WHERE sequence = 1",
       "entry 1 is stored beside"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (TestScratch) folder = test_scratch_new ();
    g_autoptr (SatchelVault) vault = make_ledger (folder);

    run (vault, cases[i].sql);
    g_autoptr (GString) faults = verify (vault);
    test_assert_found (faults, cases[i].finding);
  }
}

static void
test_actions (void)
{
  for (SatchelAction action = 0; action <= SATCHEL_ACTION_RESTORED; action++) {
    SatchelAction again = 0;
    g_assert_true (satchel_action_from_text (satchel_action_to_text (action), &again));
    g_assert_cmpint (again, ==, action);
  }
  g_assert_false (satchel_action_from_text ("Created", &(SatchelAction){0}));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/ledger/append", test_append);
  g_test_add_func ("/ledger/rollback", test_rollback);
  g_test_add_func ("/ledger/slice", test_slice);
  g_test_add_func ("/ledger/slice-damage", test_slice_damage);
  g_test_add_func ("/ledger/tampering", test_tampering);
  g_test_add_func ("/ledger/actions", test_actions);
  return g_test_run ();
}
