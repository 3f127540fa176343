/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-evidence.h"

#include <glib/gstdio.h>
#include <utime.h>

#include "base/satchel-hash.h"
#include "base/satchel-text.h"
#include "records-test.h"

static const SatchelProgressReport none = {0};

static GBytes *
read_all (SatchelVault *vault, const SatchelEvidence *item)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream =
      satchel_evidence_open (vault, item, SATCHEL_ACTION_EXPORTED, NULL, &error);
  GByteArray *bytes = g_byte_array_new ();

  g_assert_no_error (error);
  satchel_sink_splice (satchel_sink_to_byte_array (bytes), stream, G_MAXUINT64, NULL, NULL, &error);
  g_assert_no_error (error);
  return g_byte_array_free_to_bytes (bytes);
}

static void
test_attach_sizes (void)
{
  static const gsize sizes[] = {0, 1, 65536, 1024 * 1024, 3 * 1024 * 1024 + 7};
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (GBytes) bytes = test_noise (sizes[i], 10 + i);
    g_autoptr (SatchelEvidence) item = test_attach (vault, id, "n.bin", bytes);
    guint8 hash[32];
    satchel_sha256 (g_bytes_get_data (bytes, NULL), sizes[i], hash);
    g_assert_cmpmem (item->sha256, 32, hash, 32);
    g_assert_cmpuint (item->size_bytes, ==, sizes[i]);
    g_autoptr (GBytes) again = read_all (vault, item);
    g_assert_true (g_bytes_equal (again, bytes));
  }
  g_autoptr (GPtrArray) items = satchel_evidence_list (vault, id, NULL);
  g_assert_cmpuint (items->len, ==, G_N_ELEMENTS (sizes));
  g_autoptr (GString) faults = test_check (vault);
  g_assert_cmpstr (faults->str, ==, "");
}

static void
test_twice (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  g_autoptr (GBytes) bytes = test_noise (1000, 3);
  SatchelEvidenceSource source = {.name = "x"};
  gboolean was_there = TRUE;

  for (guint i = 0; i < 2; i++) {
    g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
    g_assert_true (satchel_evidence_attach (vault, id, stream, &source, none, NULL, &was_there,
                                            NULL, NULL));
    g_assert_cmpint (was_there, ==, i == 1);
  }
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM blob"), ==, 1);
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM evidence"), ==, 2);
}

static void
test_file (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autofree char *store = g_build_filename (folder, "vault", NULL);
  g_autofree char *path = g_build_filename (folder, "Скан \n1.txt", NULL);
  g_autoptr (SatchelVault) vault = test_vault_new (store);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  g_autoptr (SatchelEvidence) item = NULL;
  g_autoptr (GError) error = NULL;
  struct utimbuf times = {1709982300, 1709982300};
  SatchelEvidenceSource source = {.origin = SATCHEL_ORIGIN_RECEIVED,
                                  .from = "a neighbour \"K.\"",
                                  .original = "0123456789abcdef0123456789abcdef"};

  g_assert_true (g_file_set_contents (path, "hello\n", -1, NULL));
  g_assert_cmpint (utime (path, &times), ==, 0);
  satchel_evidence_attach_file (vault, id, path, &source, none, &item, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (strchr (item->name, '\n'));
  g_assert_cmpint (item->captured.unix_us, ==, G_GINT64_CONSTANT (1709982300) * G_USEC_PER_SEC);
  g_assert_cmpint (item->clock, ==, SATCHEL_CLOCK_FILE);
  g_assert_cmpstr (item->from, ==, "a neighbour \"K.\"");
  g_autofree char *prefix = g_strndup (item->id, 8);
  g_autoptr (SatchelEvidence) loaded = satchel_evidence_load (vault, prefix, &error);
  g_assert_cmpstr (loaded->line, ==, item->line);
  g_assert_cmpstr (loaded->original, ==, source.original);
  g_assert_false (
      satchel_evidence_attach_file (vault, id, folder, NULL, none, NULL, NULL, NULL, &error));
  g_assert_nonnull (error);
}

typedef struct {
  guint64 done_bytes;
  guint64 total_bytes;
  guint count;
} Told;

static void
told_cb (guint64 done_bytes, guint64 total_bytes, gpointer user_data)
{
  Told *told = user_data;

  g_assert_cmpuint (done_bytes, >=, told->done_bytes);
  g_assert_true (told->count == 0 || total_bytes == told->total_bytes);
  *told = (Told){done_bytes, total_bytes, told->count + 1};
}

static void
test_file_progress (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autofree char *store = g_build_filename (folder, "vault", NULL);
  g_autofree char *path = g_build_filename (folder, "film", NULL);
  g_autoptr (SatchelVault) vault = test_vault_new (store);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  g_autoptr (GBytes) bytes = test_noise (3 * 1024 * 1024 + 7, 5);
  gsize size = g_bytes_get_size (bytes);
  g_autoptr (GError) error = NULL;
  Told told = {0};

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL), (gssize) size, NULL));
  satchel_evidence_attach_file (vault, id, path, NULL, (SatchelProgressReport){told_cb, &told},
                                NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (told.count, >, 1);
  g_assert_cmpuint (told.total_bytes, ==, size);
  g_assert_cmpuint (told.done_bytes, ==, size);
}

static void
test_types (void)
{
  static const struct {
    const char *name;
    const char *head;
    const char *type;
  } cases[] = {
      {"x", "", "application/octet-stream"},
      {"photo.txt", "\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"},
      {"letter.jpg", "%PDF-1.7\n%", "application/pdf"},
      {"x", "\x89PNG\r\n\x1a\n", "image/png"},
  };
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  gboolean uncertain = FALSE;
  g_autofree char *known =
      g_content_type_guess (NULL, (const guint8 *) "%PDF-1.7\n", 9, &uncertain);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) bytes = g_bytes_new (cases[i].head, strlen (cases[i].head));
    g_autoptr (SatchelEvidence) item = test_attach (vault, id, cases[i].name, bytes);
    if (i == 0 || g_str_equal (known, "application/pdf"))
      g_assert_cmpstr (item->type, ==, cases[i].type);
  }
}

static void
test_refused (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  g_autofree char *long_text = g_strnfill (1025, 'x');
  const struct {
    SatchelEvidenceSource source;
    const char *record;
    int code;
  } cases[] = {
      {{.from = "two\nlines"}, id, SATCHEL_RECORDS_ERROR_INVALID_VALUE},
      {{.url = long_text}, id, SATCHEL_RECORDS_ERROR_INVALID_VALUE},
      {{.device = "\xff"}, id, SATCHEL_RECORDS_ERROR_INVALID_VALUE},
      {{.original = "abcd"}, id, SATCHEL_RECORDS_ERROR_NOT_FOUND},
      {{0}, "0123456789abcdef0123456789abcdef", SATCHEL_RECORDS_ERROR_NOT_FOUND},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = test_noise (10, 1);
    g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
    g_assert_false (satchel_evidence_attach (vault, cases[i].record, stream, &cases[i].source, none,
                                             NULL, NULL, NULL, &error));
    g_assert_error (error, SATCHEL_RECORDS_ERROR, cases[i].code);
  }
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM evidence"), ==, 0);
}

static void
test_cancel (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  g_autoptr (GBytes) bytes = test_noise (100000, 1);
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  SatchelEvidenceSource source = {0};

  g_cancellable_cancel (cancellable);
  g_assert_false (satchel_evidence_attach (vault, id, stream, &source, none, NULL, NULL,
                                           cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM blob"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/evidence/sizes", test_attach_sizes);
  g_test_add_func ("/evidence/twice", test_twice);
  g_test_add_func ("/evidence/file", test_file);
  g_test_add_func ("/evidence/file-progress", test_file_progress);
  g_test_add_func ("/evidence/types", test_types);
  g_test_add_func ("/evidence/refused", test_refused);
  g_test_add_func ("/evidence/cancel", test_cancel);
  return g_test_run ();
}
