/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-verify-received.h"

#include <glib/gstdio.h>
#include <string.h>

#include "legal/satchel-custody.h"
#include "people/satchel-identity.h"
#include "test-support.h"
#include "test-trip.h"

typedef struct {
  TestTrip *trip;
  char *record;
  char *item;
  char *bundle;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) photo = test_noise (300000, 7);

  fixture->trip = test_trip_new (NULL);
  fixture->record = test_trip_note (fixture->trip->reporter, "Visit", photo);
  g_autofree char *sent = test_trip_seal (fixture->trip->reporter, fixture->record);
  test_trip_hand_over (fixture->trip->reporter, fixture->trip->there);
  g_autoptr (GPtrArray) arrived = test_trip_fetch (fixture->trip->desk, fixture->trip->there);
  for (guint i = 0; i < arrived->len; i++) {
    const SatchelInboxEntry *entry = g_ptr_array_index (arrived, i);
    if (entry->items > 0)
      fixture->bundle = g_strdup (entry->bundle_id);
  }
  g_autoptr (GPtrArray) items = satchel_evidence_list (fixture->trip->desk, fixture->record, NULL);
  fixture->item = g_strdup (((SatchelEvidence *) g_ptr_array_index (items, 0))->id);
  g_assert_nonnull (fixture->bundle);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  test_trip_free (fixture->trip);
  g_free (fixture->record);
  g_free (fixture->item);
  g_free (fixture->bundle);
}

static SatchelVerification *
verify (Fixture *fixture, const SatchelVerifyOptions *options)
{
  g_autoptr (GError) error = NULL;
  SatchelVerification *verification =
      satchel_verify_received (fixture->trip->desk, fixture->bundle, options,
                               (SatchelProgressReport){0}, NULL, &error);

  g_assert_no_error (error);
  return verification;
}

/* Whether a fault of @verification says @part. */
static gboolean
says (const SatchelVerification *verification, const char *part)
{
  for (guint i = 0; i < verification->verdicts->len; i++) {
    const SatchelItemVerdict *verdict = g_ptr_array_index (verification->verdicts, i);
    if (!verdict->holds && strstr (verdict->text, part) != NULL)
      return TRUE;
  }
  return FALSE;
}

static void
run_sql (Fixture *fixture, const char *sql)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_db_execute (satchel_vault_get_db (fixture->trip->desk), sql, &error));
  g_assert_no_error (error);
}

static void
assert_broken (Fixture *fixture, const char *part, gboolean record_holds)
{
  g_autoptr (SatchelVerification) verification = verify (fixture, NULL);

  g_assert_false (verification->holds);
  g_assert_true (says (verification, part));
  g_assert_false (satchel_verification_holds_for (verification, fixture->item) && record_holds);
  g_assert_true (satchel_verification_holds_for (verification, fixture->record) == record_holds);
}

static void
test_whole (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SatchelCard) card = satchel_identity_load_card (fixture->trip->reporter, NULL);
  g_autoptr (SatchelCard) other = satchel_identity_load_card (fixture->trip->lawyer, NULL);
  SatchelVerifyOptions options = {.card = card};
  g_autoptr (SatchelVerification) verification = verify (fixture, &options);

  g_assert_true (verification->holds);
  g_assert_true (satchel_verification_holds_for (verification, fixture->record));
  g_assert_true (satchel_verification_holds_for (verification, fixture->item));
  options.card = other;
  g_autoptr (SatchelVerification) not_theirs = verify (fixture, &options);
  g_assert_true (says (not_theirs, "another key"));
  options = (SatchelVerifyOptions){.as_of_unix_us = G_USEC_PER_SEC};
  g_autoptr (SatchelVerification) before = verify (fixture, &options);
  g_assert_true (says (before, "later than the time asked about"));
}

/* The path of the only blob. */
static char *
find_blob (const char *folder)
{
  g_autofree char *blobs = g_build_filename (folder, "blobs", NULL);
  g_autoptr (GDir) outer = g_dir_open (blobs, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (outer)) != NULL) {
    g_autofree char *inner_path = g_build_filename (blobs, name, NULL);
    g_autoptr (GDir) inner = g_dir_open (inner_path, 0, NULL);
    const char *file = inner != NULL ? g_dir_read_name (inner) : NULL;
    if (file != NULL)
      return g_build_filename (inner_path, file, NULL);
  }
  g_assert_not_reached ();
}

/* A flipped byte in the sealed evidence; then its file is gone. */
static void
test_blob (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = find_blob (satchel_vault_get_folder (fixture->trip->desk));
  g_autofree char *content = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  content[size / 2] ^= 1;
  g_assert_true (g_file_set_contents (path, content, (gssize) size, NULL));
  assert_broken (fixture, "not what was captured", TRUE);
  g_assert_cmpint (g_unlink (path), ==, 0);
  assert_broken (fixture, "cannot be read here", TRUE);
}

static void
test_store (Fixture *fixture, gconstpointer data)
{
  run_sql (fixture, "UPDATE revision SET line = replace (line, 'Visit', 'Fight')");
  assert_broken (fixture, "what is shown here of it is not what was signed", FALSE);
  run_sql (fixture, "UPDATE received_record SET raw = CAST (replace (CAST (raw AS TEXT), 'Visit',"
                    " 'Fight') AS BLOB)");
  assert_broken (fixture, "what is kept of it is not what was signed", FALSE);
}

static void
test_tags (Fixture *fixture, gconstpointer data)
{
  run_sql (fixture, "UPDATE bundle_file SET content = CAST (replace (CAST (content AS TEXT),"
                    " 'created', 'viewed') AS BLOB) WHERE name = 'data/custody.jsonl'");
  assert_broken (fixture, "is not what was signed", FALSE);
  run_sql (fixture, "DELETE FROM bundle_file WHERE name = 'tagmanifest-sha256.txt.minisig'");
  assert_broken (fixture, "is not here any more", FALSE);
}

static guint
count_checks (Fixture *fixture, const char *object, const char *holds)
{
  g_autoptr (GPtrArray) links = satchel_ledger_list_links (fixture->trip->desk, object, NULL);
  guint count = 0;

  for (guint i = 0; i < links->len; i++) {
    const SatchelLedgerEntry *entry = ((SatchelLedgerLink *) g_ptr_array_index (links, i))->entry;
    count += entry->action == SATCHEL_ACTION_VERIFIED && strstr (entry->line, holds) != NULL;
  }
  return count;
}

/* A check stands in the ledger of every item, and the ledger stays whole. */
static void
test_note (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = find_blob (satchel_vault_get_folder (fixture->trip->desk));
  g_autofree char *content = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  g_autoptr (SatchelVerification) whole = verify (fixture, NULL);
  g_assert_true (
      satchel_verify_note_received (fixture->trip->desk, fixture->bundle, whole, NULL));
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_autoptr (SatchelVerification) broken = verify (fixture, NULL);
  g_assert_true (
      satchel_verify_note_received (fixture->trip->desk, fixture->bundle, broken, NULL));
  g_assert_cmpuint (count_checks (fixture, fixture->record, "\"holds\":true"), ==, 2);
  g_assert_cmpuint (count_checks (fixture, fixture->item, "\"holds\":true"), ==, 1);
  g_assert_cmpuint (count_checks (fixture, fixture->item, "\"holds\":false"), ==, 1);
  g_assert_true (g_file_set_contents (path, content, (gssize) size, NULL));
  test_trip_check (fixture->trip->desk);
}

/* Of what was erased here nothing is said, and the rest holds. */
static void
test_erased (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_record_erase (fixture->trip->desk, fixture->record, &error));
  g_assert_no_error (error);
  g_autoptr (SatchelVerification) verification = verify (fixture, NULL);
  g_assert_true (verification->holds);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (satchel_verify_received (fixture->trip->desk, fixture->bundle, NULL,
                                          (SatchelProgressReport){0}, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add ("/verify-received/whole", Fixture, NULL, set_up, test_whole, tear_down);
  g_test_add ("/verify-received/blob", Fixture, NULL, set_up, test_blob, tear_down);
  g_test_add ("/verify-received/store", Fixture, NULL, set_up, test_store, tear_down);
  g_test_add ("/verify-received/tags", Fixture, NULL, set_up, test_tags, tear_down);
  g_test_add ("/verify-received/note", Fixture, NULL, set_up, test_note, tear_down);
  g_test_add ("/verify-received/erased", Fixture, NULL, set_up, test_erased, tear_down);
  g_test_add ("/verify-received/cancelled", Fixture, NULL, set_up, test_cancelled, tear_down);
  return g_test_run ();
}
