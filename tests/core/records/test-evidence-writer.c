/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-evidence-writer.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-hash.h"
#include "records-test.h"
#include "records/satchel-records-error.h"

static const SatchelEvidenceSource SOURCE = {.name = "note", .origin = SATCHEL_ORIGIN_OWN};

static SatchelEvidenceWriter *
begin (SatchelVault *vault, const char *record)
{
  g_autoptr (GError) error = NULL;
  SatchelEvidenceWriter *writer = satchel_evidence_writer_new (vault, record, &SOURCE, &error);

  g_assert_no_error (error);
  return writer;
}

static void
append (SatchelEvidenceWriter *writer, const guint8 *data, gsize size_bytes)
{
  g_autoptr (GError) error = NULL;

  satchel_evidence_writer_append (writer, data, size_bytes, NULL, &error);
  g_assert_no_error (error);
}

static SatchelEvidence *
finish (SatchelEvidenceWriter *writer)
{
  g_autoptr (GError) error = NULL;
  SatchelEvidence *item = NULL;

  satchel_evidence_writer_finish (writer, &item, NULL, NULL, &error);
  g_assert_no_error (error);
  return item;
}

static void
assert_holds (SatchelVault *vault, const SatchelEvidence *item, GBytes *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = satchel_blob_open (vault, item->blob_id, NULL, NULL, &error);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (expected, &size);
  guint8 hash[32];

  g_assert_no_error (error);
  satchel_sink_splice (satchel_sink_to_byte_array (bytes), stream, G_MAXUINT64, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (bytes->data, bytes->len, data, size);
  satchel_sha256 (data, size, hash);
  g_assert_cmpmem (item->sha256, 32, hash, 32);
  g_assert_cmpuint (item->size_bytes, ==, size);
}

static void
assert_sound (SatchelVault *vault)
{
  g_autoptr (GString) faults = test_check (vault);

  g_assert_cmpstr (faults->str, ==, "");
}

/* Two at once, in parts of every size, with other work between. */
static void
test_two_at_once (void)
{
  enum { SIZE = 300000 };
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  g_autoptr (SatchelEvidenceWriter) first = begin (vault, id);
  g_autoptr (SatchelEvidenceWriter) second = begin (vault, id);
  g_autoptr (GBytes) a = test_noise (SIZE, 1);
  g_autoptr (GBytes) b = test_noise (SIZE, 2);
  const guint8 *a_data = g_bytes_get_data (a, NULL);
  const guint8 *b_data = g_bytes_get_data (b, NULL);

  for (gsize at = 0, part = 1; at < SIZE; at += part, part = MIN (part * 3, SIZE - at)) {
    append (first, a_data + at, part);
    append (second, b_data + at, part);
    g_autofree char *other = TEST_RECORD (vault, "note", "text=between");
  }
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM evidence"), ==, 0);
  g_autoptr (SatchelEvidence) second_item = finish (second);
  g_autoptr (SatchelEvidence) first_item = finish (first);
  assert_holds (vault, first_item, a);
  assert_holds (vault, second_item, b);
  g_autoptr (GPtrArray) items = satchel_evidence_list (vault, id, NULL);
  g_assert_cmpuint (items->len, ==, 2);
  g_assert_cmpint (
      test_count (vault, "SELECT count(*) FROM ledger WHERE line LIKE '%attached%'"), ==, 2);
  assert_sound (vault);
}

/* What the first bytes tell counts, in however small parts they come. */
static void
test_type (void)
{
  static const char pdf[] = "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\n";
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  g_autoptr (SatchelEvidenceWriter) writer = begin (vault, id);
  g_autoptr (SatchelEvidenceWriter) empty = begin (vault, id);

  for (gsize i = 0; i < sizeof pdf - 1; i++)
    append (writer, (const guint8 *) pdf + i, 1);
  g_autoptr (SatchelEvidence) item = finish (writer);
  g_assert_cmpstr (item->type, ==, "application/pdf");
  g_autoptr (SatchelEvidence) nothing = finish (empty);
  g_assert_cmpstr (nothing->type, ==, "application/octet-stream");
}

static void
test_discard (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  g_autoptr (GBytes) bytes = test_noise (200000, 1);
  SatchelEvidenceWriter *writer = begin (vault, id);

  append (writer, g_bytes_get_data (bytes, NULL), 200000);
  g_assert_cmpuint (test_count_files (folder), ==, 1);
  satchel_evidence_writer_free (writer);
  g_assert_cmpuint (test_count_files (folder), ==, 0);
  /* Also where the vault was closed first. */
  writer = begin (vault, id);
  append (writer, g_bytes_get_data (bytes, NULL), 200000);
  g_clear_pointer (&vault, satchel_vault_close);
  satchel_evidence_writer_free (writer);
  g_assert_cmpuint (test_count_files (folder), ==, 0);
}

static void
test_record_erased (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  SatchelEvidenceWriter *writer = begin (vault, id);
  g_autoptr (GError) error = NULL;

  append (writer, (const guint8 *) "said", 4);
  g_assert_true (satchel_record_erase (vault, id, NULL));
  g_assert_false (satchel_evidence_writer_finish (writer, NULL, NULL, NULL, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND);
  satchel_evidence_writer_free (writer);
  g_assert_cmpuint (test_count_files (folder), ==, 0);
  assert_sound (vault);
}

static void
test_refused (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  const SatchelEvidenceSource two_lines = {.name = "x", .device = "a\nb"};
  g_autoptr (GError) error = NULL;

  g_assert_null (satchel_evidence_writer_new (vault, id, &two_lines, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_INVALID_VALUE);
  g_clear_error (&error);
  g_assert_null (
      satchel_evidence_writer_new (vault, "0123456789abcdef0123456789abcdef", &SOURCE, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND);
  g_assert_cmpuint (test_count_files (folder), ==, 0);
}

static void
append_and_die (const char *folder, const char *record)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) passphrase =
      satchel_secret_new_copy ((const guint8 *) "open sesame", 11, NULL);
  SatchelVault *vault = satchel_vault_open (folder, passphrase, &error);
  g_autoptr (GBytes) bytes = test_noise (3 * 1024 * 1024, 1);

  if (vault == NULL)
    _exit (1);
  append (begin (vault, record), g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  raise (SIGKILL);
}

/* Nobody said that it was kept: it is gone, and nothing is out of order. */
static void
test_killed (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  SatchelVault *vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  g_autoptr (SatchelSecret) passphrase =
      satchel_secret_new_copy ((const guint8 *) "open sesame", 11, NULL);
  g_autoptr (GError) error = NULL;
  int status = 0;

  satchel_vault_close (vault);
  pid_t child = fork ();
  if (child == 0)
    append_and_die (folder, id);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
  g_assert_cmpuint (test_count_files (folder), ==, 1);
  vault = satchel_vault_open (folder, passphrase, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (test_count_files (folder), ==, 0);
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM evidence"), ==, 0);
  assert_sound (vault);
  satchel_vault_close (vault);
}

/* Who asks for room before each append can finish what was appended, on a disk that is full. */
static void
test_full_disk (void)
{
  enum { PART = 100000 };
  g_autoptr (TestScratch) scratch = test_scratch_new ();
  g_autofree char *folder = g_build_filename (scratch, "vault", NULL);
  g_autoptr (GBytes) bytes = test_noise (64 * PART, 7);
  g_autoptr (GError) error = NULL;
  guint parts = 0;

  if (unshare (CLONE_NEWNS) != 0 || mount ("none", "/", "none", MS_REC | MS_PRIVATE, "") != 0 ||
      mount ("tmpfs", scratch, "tmpfs", 0, "size=20m") != 0) {
    g_test_skip_printf ("cannot mount a small file system: %s", g_strerror (errno));
    return;
  }
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  g_autoptr (SatchelEvidenceWriter) writer = begin (vault, id);
  while (parts < 64 && satchel_evidence_writer_ask_room (writer, PART, &error))
    append (writer, (const guint8 *) g_bytes_get_data (bytes, NULL) + PART * parts++, PART);
  g_assert_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NO_SPACE);
  g_assert_cmpuint (parts, >, 5);
  g_assert_cmpuint (parts, <, 60);
  g_autoptr (SatchelEvidence) item = finish (writer);
  g_autoptr (GBytes) kept = g_bytes_new_from_bytes (bytes, 0, parts * PART);
  assert_holds (vault, item, kept);
  assert_sound (vault);
  g_clear_pointer (&vault, satchel_vault_close);
  g_assert_cmpint (umount2 (scratch, MNT_DETACH), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/evidence-writer/two-at-once", test_two_at_once);
  g_test_add_func ("/evidence-writer/type", test_type);
  g_test_add_func ("/evidence-writer/discard", test_discard);
  g_test_add_func ("/evidence-writer/record-erased", test_record_erased);
  g_test_add_func ("/evidence-writer/refused", test_refused);
  g_test_add_func ("/evidence-writer/killed", test_killed);
  g_test_add_func ("/evidence-writer/full-disk", test_full_disk);
  return g_test_run ();
}
