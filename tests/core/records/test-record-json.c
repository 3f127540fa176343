/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-record-json.h"

#include "base/satchel-hash.h"
#include "base/satchel-text.h"
#include "records-test.h"

#define OTHER "RWQf6LRCGA9i59SLOFxz6NxvASXDJeRtuZykwQepbDEGt87ig1BNpWaV"

static const char *const bundle = "b0000000000000000000000000000001";
static const char *const next_bundle = "b0000000000000000000000000000002";

/* A sender's vault with one record and one item, and the record as it travels. */
typedef struct {
  char *folder;
  SatchelVault *vault;
  char *id;
  GBytes *content;
} Sender;

static void
sender_set_up (Sender *sender, gconstpointer data)
{
  sender->folder = test_scratch_new ();
  sender->vault = test_vault_new (sender->folder);
  sender->id = TEST_RECORD (sender->vault, "police-visit", "title=Обыск \"у двери\"",
                            "officers.0.name=Sgt Petrov", "officers.0.attribution=witness",
                            "next=2024-03-12T10:00+03:00 come to room 5");
  sender->content = test_noise (70000, 5);
  satchel_evidence_free (test_attach (sender->vault, sender->id, "a b.jpg", sender->content));
}

static void
sender_tear_down (Sender *sender, gconstpointer data)
{
  satchel_vault_close (sender->vault);
  test_scratch_free (sender->folder);
  g_free (sender->id);
  g_bytes_unref (sender->content);
}

static GBytes *
export_record (Sender *sender)
{
  g_autoptr (GError) error = NULL;
  gsize size = 0;
  char *text = satchel_record_to_json (sender->vault, sender->id, &size, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (size, ==, strlen (text));
  return g_bytes_new_take (text, size);
}

static void
revise (Sender *sender, const char *assignment, const char *reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelRecord) record = satchel_record_load (sender->vault, sender->id, &error);
  const SatchelKind *kind = satchel_record_get_kind (record);
  g_autoptr (JsonObject) values = satchel_fields_canonical (kind, record->values);

  g_assert_true (satchel_fields_assign (kind, values, assignment, 0, &error));
  satchel_record_revise (sender->vault, sender->id, values, reason, &error);
  g_assert_no_error (error);
}

static char *
store_blob (SatchelVault *vault, GBytes *content, GError **error)
{
  g_autoptr (SatchelBlobWriter) writer = satchel_blob_writer_new (vault, error);
  guint8 hash[32];
  guint64 size = 0;
  gboolean was_there = FALSE;
  char *id = NULL;

  g_assert_true (satchel_sink_write (satchel_blob_writer_get_sink (writer),
                                     g_bytes_get_data (content, NULL), g_bytes_get_size (content),
                                     NULL, error));
  g_assert_true (satchel_blob_writer_finish (writer, hash, &size, NULL, error));
  g_assert_true (satchel_blob_writer_store (writer, &id, &was_there, error));
  return id;
}

static gboolean
import_from (SatchelVault *vault,
             const char *from,
             GBytes *raw,
             GBytes *content,
             const char *bundle_id,
             SatchelImportOutcome *outcome,
             GError **error)
{
  g_autoptr (SatchelRecordDocument) document = satchel_record_document_parse (raw, error);
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (vault), NULL);

  if (document == NULL ||
      !satchel_record_import (vault, document, from, bundle_id, outcome, error))
    return FALSE;
  for (guint i = 0; i < document->evidence->len; i++) {
    g_autofree char *blob = store_blob (vault, content, NULL);
    if (!satchel_evidence_import (vault, document->evidence->pdata[i], blob, error))
      return FALSE;
  }
  return satchel_transaction_commit (transaction, error);
}

static gboolean
import (SatchelVault *vault,
        GBytes *raw,
        GBytes *content,
        const char *bundle_id,
        SatchelImportOutcome *outcome,
        GError **error)
{
  return import_from (vault, TEST_ACTOR, raw, content, bundle_id, outcome, error);
}

static void
test_travel (Sender *sender, gconstpointer data)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) desk = test_vault_new (folder);
  g_autoptr (GBytes) raw = export_record (sender);
  g_autoptr (GError) error = NULL;
  SatchelImportOutcome outcome = 0;

  g_assert_true (import (desk, raw, sender->content, bundle, &outcome, &error));
  g_assert_cmpint (outcome, ==, SATCHEL_IMPORT_NEW);
  g_autoptr (SatchelRecord) here = satchel_record_load (desk, sender->id, NULL);
  g_autoptr (SatchelRecord) there = satchel_record_load (sender->vault, sender->id, NULL);
  g_assert_cmpmem (here->hash, 32, there->hash, 32);
  g_assert_true (here->is_final);
  g_assert_cmpstr (here->sender, ==, TEST_ACTOR);
  g_assert_cmpint (here->when_us, ==, there->when_us);
  g_autoptr (GPtrArray) received = satchel_record_list_received (desk, sender->id, NULL);
  g_assert_cmpuint (received->len, ==, 1);
  g_assert_true (g_bytes_equal (((SatchelReceivedRecord *) received->pdata[0])->raw, raw));
  g_autoptr (GPtrArray) items = satchel_evidence_list (desk, sender->id, NULL);
  g_assert_cmpstr (((SatchelEvidence *) items->pdata[0])->name, ==, "a b.jpg");
  g_autoptr (GString) faults = test_check (desk);
  g_assert_cmpstr (faults->str, ==, "");
  /* Sent on, it is the same document. */
  g_autofree char *again = satchel_record_to_json (desk, sender->id, NULL, NULL);
  g_assert_cmpmem (again, strlen (again), g_bytes_get_data (raw, NULL), g_bytes_get_size (raw));
  g_assert_true (satchel_record_erase (desk, sender->id, NULL));
  g_autoptr (GString) erased = test_check (desk);
  g_assert_cmpstr (erased->str, ==, "");
}

static void
test_extend (Sender *sender, gconstpointer data)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) desk = test_vault_new (folder);
  g_autoptr (GBytes) old = export_record (sender);
  SatchelImportOutcome outcome = 0;

  revise (sender, "title=Later", "a better title");
  g_autoptr (GBytes) new = export_record (sender);
  g_assert_true (import (desk, old, sender->content, bundle, &outcome, NULL));
  g_assert_true (import (desk, new, sender->content, next_bundle, &outcome, NULL));
  g_assert_cmpint (outcome, ==, SATCHEL_IMPORT_EXTENDED);
  g_assert_true (
      import (desk, old, sender->content, "b0000000000000000000000000000003", &outcome, NULL));
  g_assert_cmpint (outcome, ==, SATCHEL_IMPORT_KNOWN);
  g_autoptr (SatchelRecord) here = satchel_record_load (desk, sender->id, NULL);
  g_assert_cmpuint (here->revision, ==, 2);
  g_assert_cmpint (test_count (desk, "SELECT count(*) FROM evidence"), ==, 1);
  g_autoptr (GString) faults = test_check (desk);
  g_assert_cmpstr (faults->str, ==, "");
}

/* The same record with another history: nothing is changed. */
static void
test_fork (Sender *sender, gconstpointer data)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) desk = test_vault_new (folder);
  g_autoptr (GBytes) old = export_record (sender);
  g_autoptr (JsonObject) values =
      test_values (test_kind ("police-visit"), (const char *const[]){"title=Desk", NULL});
  g_autoptr (GError) error = NULL;
  SatchelImportOutcome outcome = 0;

  g_assert_true (import (desk, old, sender->content, bundle, &outcome, NULL));
  g_assert_true (satchel_record_revise (desk, sender->id, values, "desk's own", &error));
  revise (sender, "title=Later", "a better title");
  g_autoptr (GBytes) new = export_record (sender);
  g_assert_false (import (desk, new, sender->content, next_bundle, &outcome, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_FORKED);
  g_assert_cmpint (test_count (desk, "SELECT count(*) FROM received_record"), ==, 1);
}

/* Somebody else may send on what is here, and nothing beyond it; nor to the author's own vault. */
static void
test_other_sender (Sender *sender, gconstpointer data)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) desk = test_vault_new (folder);
  g_autoptr (GBytes) old = export_record (sender);
  const char *last = "b0000000000000000000000000000003";
  SatchelImportOutcome outcome = 0;

  g_assert_true (import (desk, old, sender->content, bundle, &outcome, NULL));
  g_assert_true (import_from (desk, OTHER, old, sender->content, next_bundle, &outcome, NULL));
  g_assert_cmpint (outcome, ==, SATCHEL_IMPORT_KNOWN);
  g_assert_true (import_from (sender->vault, OTHER, old, sender->content, bundle, &outcome, NULL));
  g_autoptr (GBytes) more = test_noise (100, 7);
  satchel_evidence_free (test_attach (sender->vault, sender->id, "more.jpg", more));
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) new = export_record (sender);
    g_assert_false (import_from (desk, OTHER, new, sender->content, last, &outcome, &error));
    g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_FORKED);
    revise (sender, "title=Later", "another's text");
  }
  g_autoptr (SatchelRecord) here = satchel_record_load (desk, sender->id, NULL);
  g_assert_cmpuint (here->revision, ==, 1);
  g_assert_cmpint (test_count (desk, "SELECT count(*) FROM evidence"), ==, 1);
}

static void
test_wrong_bytes (Sender *sender, gconstpointer data)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) desk = test_vault_new (folder);
  g_autoptr (GBytes) raw = export_record (sender);
  g_autoptr (GBytes) other = test_noise (70000, 6);
  g_autoptr (GError) error = NULL;
  SatchelImportOutcome outcome = 0;

  g_assert_false (import (desk, raw, other, bundle, &outcome, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_DAMAGED);
  g_assert_cmpint (test_count (desk, "SELECT count(*) FROM record"), ==, 0);
}

/* No bit of a document can be turned without it being refused, or giving other hashes. */
static void
test_damage (Sender *sender, gconstpointer data)
{
  g_autoptr (GBytes) raw = export_record (sender);
  g_autoptr (SatchelRecord) record = satchel_record_load (sender->vault, sender->id, NULL);
  g_autoptr (GPtrArray) items = satchel_evidence_list (sender->vault, sender->id, NULL);
  const SatchelEvidence *item = items->pdata[0];
  gsize size = 0;
  g_autofree guint8 *bytes = g_bytes_unref_to_data (g_bytes_ref (raw), &size);

  for (gsize bit = 0; bit < size * 8; bit += 3) {
    bytes[bit / 8] ^= 1 << (bit % 8);
    g_autoptr (GBytes) bad = g_bytes_new (bytes, size);
    g_autoptr (SatchelRecordDocument) document = satchel_record_document_parse (bad, NULL);
    if (document != NULL && document->evidence->len == 1) {
      const SatchelRevision *latest = document->revisions->pdata[0];
      const SatchelEvidence *read = document->evidence->pdata[0];
      g_assert_true (memcmp (latest->hash, record->hash, 32) != 0 ||
                     memcmp (read->hash, item->hash, 32) != 0);
    }
    bytes[bit / 8] ^= 1 << (bit % 8);
  }
}

static void
test_refused (void)
{
  static const char *const documents[] = {
      "",
      "[]",
      "{}",
      "{\"format\":\"satchel-record v2\",\"id\":\"0123456789abcdef0123456789abcdef\","
      "\"revisions\":[],\"evidence\":[]}",
      "{\"format\":\"satchel-record v1\",\"id\":\"0123456789abcdef0123456789abcdef\","
      "\"revisions\":[],\"evidence\":[]}",
      "{\"format\":\"satchel-record v1\",\"id\":\"0123456789abcdef0123456789abcdef\","
      "\"revisions\":[7],\"evidence\":[]}",
      "{\"format\":\"satchel-record v1\",\"id\":\"0123456789abcdef0123456789abcdef\","
      "\"revisions\":[\"{}\"],\"evidence\":[]}",
      "{\"format\":\"satchel-record v1\",\"id\":\"x\",\"revisions\":[],\"evidence\":[]}",
      "{\"format\":\"satchel-record v1\",\"id\":\"0123456789abcdef0123456789abcdef\","
      "\"revisions\":[],\"evidence\":[],\"more\":1}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (documents); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) raw = g_bytes_new_static (documents[i], strlen (documents[i]));
    g_assert_null (satchel_record_document_parse (raw, &error));
    g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_DAMAGED);
  }
  g_autoptr (GBytes) large =
      g_bytes_new_take (g_malloc0 (SATCHEL_RECORD_JSON_MAX + 1), SATCHEL_RECORD_JSON_MAX + 1);
  g_autoptr (GError) error = NULL;
  g_assert_null (satchel_record_document_parse (large, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_TOO_LARGE);
}

#define ADD(name) \
  g_test_add ("/record-json/" #name, Sender, NULL, sender_set_up, test_##name, sender_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  ADD (travel);
  ADD (extend);
  ADD (fork);
  ADD (other_sender);
  ADD (wrong_bytes);
  ADD (damage);
  g_test_add_func ("/record-json/refused", test_refused);
  return g_test_run ();
}
