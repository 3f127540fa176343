/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-origin.h"

#include <string.h>

#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "people/satchel-identity.h"
#include "sync/satchel-index.h"
#include "seal/satchel-bundle.h"
#include "test-support.h"
#include "test-trip.h"

/* A record of the reporter's that the desk has. */
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
collect (SatchelVault *vault, const char *record)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (ids, (gpointer) record);
  GPtrArray *files = satchel_origins_collect (vault, ids, &error);
  g_assert_no_error (error);
  return files;
}

static void
test_own_has_none (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *record = receive (trip);
  g_autoptr (GPtrArray) files = collect (trip->reporter, record);

  g_assert_cmpuint (files->len, ==, 0);
}

static void
test_received_has_one (void)
{
  static const char *const names[] = {
      "origin-0001.bag-info.txt",
      "origin-0001.bagit.txt",
      "origin-0001.custody.jsonl",
      "origin-0001.manifest-sha256.txt",
      "origin-0001.r0001.json",
      "origin-0001.tagmanifest-sha256.txt",
      "origin-0001.tagmanifest-sha256.txt.minisig",
  };
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *record = receive (trip);
  g_autoptr (GPtrArray) files = collect (trip->desk, record);
  g_autoptr (GPtrArray) origins = satchel_origins_read (files);
  g_autoptr (SatchelCard) card = satchel_identity_load_card (trip->reporter, NULL);

  g_assert_cmpuint (files->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < files->len; i++)
    g_assert_cmpstr (((SatchelOriginFile *) g_ptr_array_index (files, i))->name, ==, names[i]);
  g_assert_cmpuint (origins->len, ==, 1);
  const SatchelOriginBag *origin = g_ptr_array_index (origins, 0);
  g_assert_cmpstr (origin->name, ==, "origin-0001");
  g_assert_cmpstr (origin->fault, ==, NULL);
  g_assert_cmpuint (origin->documents->len, ==, 1);
  g_assert_true (
      satchel_minisign_key_equal (&origin->info->sender_minisign, &card->keys.minisign));
}

static void
assert_fault (GPtrArray *files, const char *what)
{
  g_autoptr (GPtrArray) origins = satchel_origins_read (files);
  const SatchelOriginBag *origin = g_ptr_array_index (origins, 0);

  if (origin->fault == NULL)
    g_error ("%s: no fault was found", what);
}

static void
test_faults (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *record = receive (trip);
  g_autoptr (GPtrArray) files = collect (trip->desk, record);
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);

  for (guint i = 0; i < files->len; i++) {
    SatchelOriginFile *file = g_ptr_array_index (files, i);
    g_autoptr (GBytes) whole = g_bytes_ref (file->content);
    gsize size;
    const guint8 *data = g_bytes_get_data (whole, &size);
    g_autofree guint8 *changed = g_memdup2 (data, size);
    changed[size / 2] ^= 1;
    g_bytes_unref (file->content);
    file->content = g_bytes_new (changed, size);
    assert_fault (files, file->name);
    g_bytes_unref (file->content);
    file->content = g_bytes_ref (whole);
    SatchelOriginFile *stolen = g_ptr_array_steal_index (files, i);
    assert_fault (files, stolen->name);
    g_ptr_array_insert (files, (gint) i, stolen);
  }
  g_ptr_array_add (files, satchel_origin_file_new ("origin-0001.zzz", empty));
  assert_fault (files, "an unknown part");
}

/* What was kept does not hold any more: nothing is sealed with it. */
static void
test_kept_is_damaged (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *record = receive (trip);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (trip->desk),
      "UPDATE bundle_file SET content = x'00' WHERE name = 'data/custody.jsonl'", &error);

  g_assert_true (satchel_statement_run (statement, &error));
  g_ptr_array_add (ids, record);
  g_assert_null (satchel_origins_collect (trip->desk, ids, &error));
  g_assert_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_DAMAGED);
}

static GInputStream *
open_text_cb (gpointer user_data, GError **error)
{
  return g_memory_input_stream_new_from_bytes (user_data);
}

/* A bundle from the desk to the lawyer with one file of class origin. */
static char *
compose_with (TestTrip *trip, const char *name, GBytes *content)
{
  g_autoptr (SatchelIdentity) desk = satchel_identity_load (trip->desk, NULL);
  g_autoptr (SatchelCard) lawyer = satchel_identity_load_card (trip->lawyer, NULL);
  g_autoptr (SatchelIndex) index = satchel_index_new (SATCHEL_OUTBOX_KIND_RECORDS, desk->card);
  g_autoptr (GBytes) json = satchel_index_to_json (index);
  g_autofree char *id = satchel_random_id ();
  g_autoptr (GError) error = NULL;
  g_auto (SatchelBundleResult) result = {0};
  SatchelBagRecipient recipient = {.age = lawyer->keys.age, .number = 1};
  SatchelBundleFile file = {
      .size_bytes = g_bytes_get_size (content), .open = open_text_cb, .user_data = content};
  SatchelBundleDraft draft = {.bundle_id = id,
                              .sender_age = desk->card->keys.age,
                              .epoch = 1,
                              .recipients = &recipient,
                              .recipient_count = 1,
                              .index = json,
                              .files = &file,
                              .file_count = 1};
  char *path = g_build_filename (trip->folder, "composed.age", NULL);
  g_autoptr (SatchelNewFile) out = satchel_new_file_open (path, &error);

  g_strlcpy (file.name, name, sizeof file.name);
  satchel_sha256 (g_bytes_get_data (content, NULL), g_bytes_get_size (content), file.sha256);
  satchel_bundle_compose (&draft, desk->minisign, satchel_new_file_get_sink (out), NULL,
                          (SatchelProgressReport){0}, NULL, &result, &error);
  g_assert_no_error (error);
  g_assert_true (satchel_new_file_commit (out, TRUE, &error));
  return path;
}

/* Whoever passes it on answers for its being whole. */
static void
test_inbox_puts_aside (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autoptr (GBytes) content = g_bytes_new_static ("BagIt-Version: 1.0\n", 19);
  g_autofree char *path = compose_with (trip, "origin-0001.bagit.txt", content);
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelInboxEntry) entry = satchel_inbox_open_file (
      trip->lawyer, path, (SatchelProgressReport){0}, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (entry->outcome, ==, SATCHEL_INBOX_ASIDE);
  g_assert_cmpint (entry->reason, ==, SATCHEL_ASIDE_CONTENTS);
  g_assert_nonnull (strstr (entry->finding, "origin-0001"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/origin/own-has-none", test_own_has_none);
  g_test_add_func ("/origin/received-has-one", test_received_has_one);
  g_test_add_func ("/origin/faults", test_faults);
  g_test_add_func ("/origin/kept-is-damaged", test_kept_is_damaged);
  g_test_add_func ("/origin/inbox-puts-aside", test_inbox_puts_aside);
  return g_test_run ();
}
