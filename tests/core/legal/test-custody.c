/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-custody.h"

#include "base/satchel-text.h"
#include "people/satchel-identity.h"
#include "test-support.h"
#include "test-trip.h"

static char *
receive (TestTrip *trip)
{
  g_autoptr (GBytes) photo = test_noise (3000, 7);
  char *record = test_trip_note (trip->reporter, "Visit", photo);
  g_autofree char *sent = test_trip_seal (trip->reporter, record);
  g_autoptr (GPtrArray) arrived = NULL;

  test_trip_hand_over (trip->reporter, trip->there);
  arrived = test_trip_fetch (trip->desk, trip->there);
  g_assert_cmpuint (test_trip_count (arrived, SATCHEL_INBOX_OPENED), ==, 2);
  return record;
}

static GPtrArray *
load (SatchelVault *vault, const char *object, const char *record)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *links = satchel_custody_load (vault, object, record, &error);

  g_assert_no_error (error);
  return links;
}

static char *
item_of (SatchelVault *vault, const char *record)
{
  g_autoptr (GPtrArray) items = satchel_evidence_list (vault, record, NULL);

  return g_strdup (((SatchelEvidence *) g_ptr_array_index (items, 0))->id);
}

/* "created revised > imported*": * for ours, > for hands that changed, ! for what does not hold. */
static char *
spell (GPtrArray *links)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < links->len; i++) {
    const SatchelCustodyLink *step = g_ptr_array_index (links, i);
    gboolean is_over = step->step == SATCHEL_CUSTODY_HANDED_OVER;
    gboolean holds = is_over ? step->holds : step->link->tie < SATCHEL_TIE_BROKEN;
    const char *word = is_over ? ">"
                       : step->link->entry == NULL
                           ? "?"
                           : satchel_action_to_text (step->link->entry->action);
    g_string_append_printf (text, "%s%s%s%s", i > 0 ? " " : "", word, step->is_ours ? "*" : "",
                            holds ? "" : "!");
  }
  return g_string_free (text, FALSE);
}

static void
assert_spelt (SatchelVault *vault, const char *object, const char *record, const char *expected)
{
  g_autoptr (GPtrArray) links = load (vault, object, record);
  g_autofree char *text = spell (links);

  g_assert_cmpstr (text, ==, expected);
  g_assert_true (satchel_custody_holds (links) == (strchr (expected, '!') == NULL));
}

static void
run_sql (SatchelVault *vault, const char *sql)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_db_execute (satchel_vault_get_db (vault), sql, &error));
  g_assert_no_error (error);
}

static void
test_own (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *record = receive (trip);
  g_autofree char *item = item_of (trip->reporter, record);

  assert_spelt (trip->reporter, record, record, "created* sealed* sent*");
  assert_spelt (trip->reporter, item, record, "attached*");
}

/* Theirs and ours in one line, and who handed over. */
static void
test_received (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *record = receive (trip);
  g_autofree char *item = item_of (trip->desk, record);
  g_autoptr (SatchelCard) card = satchel_identity_load_card (trip->reporter, NULL);
  g_autofree char *key = satchel_minisign_key_format (&card->keys.minisign);

  assert_spelt (trip->desk, record, record, "created > imported*");
  assert_spelt (trip->desk, item, record, "attached > imported*");
  g_autoptr (GPtrArray) links = load (trip->desk, item, record);
  const SatchelCustodyLink *over = g_ptr_array_index (links, 1);
  g_assert_cmpstr (over->signer, ==, key);
  g_assert_cmpuint (strlen (over->tagmanifest), ==, 64);
  g_assert_cmpint (over->imported_us, >, 0);
}

/* What a second bundle tells again stands there once. */
static void
test_amended (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *record = receive (trip);
  g_autoptr (SatchelRecord) loaded = satchel_record_load (trip->reporter, record, NULL);
  g_autoptr (GPtrArray) arrived = NULL;

  json_object_set_string_member (loaded->values, "text", "Another visit");
  g_assert_true (satchel_record_revise (trip->reporter, record, loaded->values, "later", NULL));
  g_autofree char *sent = test_trip_seal (trip->reporter, record);
  test_trip_hand_over (trip->reporter, trip->there);
  arrived = test_trip_fetch (trip->desk, trip->there);
  assert_spelt (trip->desk, record, record,
                "created > sealed sent revised > imported* imported*");
}

/* Three pairs of hands. */
static void
test_passed_on (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *record = receive (trip);
  g_autofree char *item = item_of (trip->desk, record);
  g_autofree char *sent = test_trip_seal (trip->desk, record);
  g_autoptr (GPtrArray) arrived = NULL;

  test_trip_hand_over (trip->desk, trip->back);
  arrived = test_trip_fetch (trip->lawyer, trip->back);
  assert_spelt (trip->lawyer, item, record, "attached > imported > imported*");
}

/* A damaged entry ends nothing: it is one of the links, and so is the gap that one left. */
static void
test_broken (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *record = receive (trip);

  run_sql (trip->reporter, "UPDATE ledger SET line = replace (line, 'sealed', 'viewed')"
                           " WHERE line LIKE '%\"action\":\"sealed\"%'");
  assert_spelt (trip->reporter, record, record, "created* ?*! sent*!");
  run_sql (trip->reporter, "DELETE FROM ledger WHERE line LIKE '%\"action\":\"viewed\"%'");
  assert_spelt (trip->reporter, record, record, "created* sent*!");
  run_sql (trip->reporter, "DELETE FROM ledger WHERE line LIKE '%\"action\":\"created\"%'");
  assert_spelt (trip->reporter, record, record, "sent*!");
}

static void
test_broken_over (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *record = receive (trip);

  run_sql (trip->desk,
           "UPDATE bundle_file SET content = CAST (replace (CAST (content AS TEXT), 'created',"
           " 'viewed') AS BLOB) WHERE name = 'data/custody.jsonl'");
  assert_spelt (trip->desk, record, record, "viewed >! imported*");
  run_sql (trip->desk, "DELETE FROM bundle_file WHERE name = 'data/custody.jsonl'");
  assert_spelt (trip->desk, record, record, ">! imported*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/custody/own", test_own);
  g_test_add_func ("/custody/received", test_received);
  g_test_add_func ("/custody/amended", test_amended);
  g_test_add_func ("/custody/passed-on", test_passed_on);
  g_test_add_func ("/custody/broken", test_broken);
  g_test_add_func ("/custody/broken-over", test_broken_over);
  return g_test_run ();
}
