/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib/gstdio.h>

#include "base/satchel-hash.h"
#include "records-test.h"
#include "records/satchel-evidence-writer.h"
#include "vault/satchel-health.h"

/* A recording in a vault of a test's own, begun and left; short ways to see what became of it. */
#define CHUNK      65536
#define SOUND_SIZE (40 * 16384)
#define NAME       "note.ogg"
#define CUT_NAME   "note (cut off).ogg"

static const SatchelEvidenceSource SOURCE = {
    .name = NAME, .origin = SATCHEL_ORIGIN_OWN, .device = "Satchel"};

static inline SatchelSecret *
passphrase (void)
{
  return satchel_secret_new_copy ((const guint8 *) "open sesame", 11, NULL);
}

static inline SatchelVault *
reopen (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) phrase = passphrase ();
  SatchelVault *vault = satchel_vault_open (folder, phrase, &error);

  g_assert_no_error (error);
  return vault;
}

static inline SatchelEvidenceWriter *
begin (SatchelVault *vault, const char *record)
{
  g_autoptr (GError) error = NULL;
  SatchelEvidenceWriter *writer =
      satchel_evidence_writer_new_lasting (vault, record, &SOURCE, &error);

  g_assert_no_error (error);
  return writer;
}

static inline void
append (SatchelEvidenceWriter *writer, GBytes *sound, gsize from, gsize size_bytes)
{
  g_autoptr (GError) error = NULL;
  const guint8 *data = g_bytes_get_data (sound, NULL);

  satchel_evidence_writer_append (writer, data + from, size_bytes, NULL, &error);
  g_assert_no_error (error);
}

static inline void
keep (SatchelEvidenceWriter *writer, guint64 size_bytes)
{
  g_autoptr (GError) error = NULL;

  satchel_evidence_writer_keep (writer, size_bytes, &error);
  g_assert_no_error (error);
}

/* A recording of @size_bytes, kept as far as it can be, in the middle of which the vault closes. */
static inline guint64
leave_begun (const char *folder, SatchelVault *vault, GBytes *sound, gsize size_bytes)
{
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  g_autoptr (SatchelEvidenceWriter) writer = begin (vault, id);

  append (writer, sound, 0, size_bytes);
  guint64 kept = satchel_evidence_writer_get_keepable (writer);
  keep (writer, kept);
  satchel_vault_close (vault);
  return kept;
}

static inline void
assert_salvaged (SatchelVault *vault, guint saved, guint damaged, guint lost)
{
  g_autoptr (SatchelSalvage) salvage = satchel_evidence_salvage (vault, NULL);

  g_assert_no_error (salvage->fault);
  g_assert_cmpuint (salvage->saved, ==, saved);
  g_assert_cmpuint (salvage->damaged, ==, damaged);
  g_assert_cmpuint (salvage->lost, ==, lost);
}

static inline gint64
count_rows (SatchelVault *vault, const char *table)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM %s", table);

  return test_count (vault, g_intern_string (sql));
}

/* The path of the only one. */
static inline char *
dup_file (const char *folder)
{
  g_autofree char *blobs = g_build_filename (folder, "blobs", NULL);
  g_autoptr (GDir) dir = g_dir_open (blobs, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *inner = g_build_filename (blobs, name, NULL);
    g_autoptr (GDir) files = g_dir_open (inner, 0, NULL);
    const char *file = g_dir_read_name (files);
    if (file != NULL)
      return g_build_filename (inner, file, NULL);
  }
  g_assert_not_reached ();
}

/* Of both rooms. */
static inline GString *
check (SatchelVault *vault)
{
  g_autoptr (GError) error = NULL;
  GString *faults = test_check (vault);

  satchel_vault_check (vault, test_fault_cb, faults, (SatchelProgressReport){0}, NULL, &error);
  g_assert_no_error (error);
  return faults;
}

static inline void
assert_sound (SatchelVault *vault)
{
  g_autoptr (GString) faults = check (vault);

  g_assert_cmpstr (faults->str, ==, "");
}

static inline SatchelEvidence *
load_only_item (SatchelVault *vault)
{
  SatchelStatement *row = satchel_db_prepare (satchel_vault_get_db (vault),
                                              "SELECT id, (SELECT count(*) FROM evidence)"
                                              " FROM evidence",
                                              NULL);
  gboolean has_row = FALSE;

  g_assert_true (satchel_statement_step (row, &has_row, NULL) && has_row);
  g_assert_cmpint (satchel_statement_get_int (row, 1), ==, 1);
  g_autofree char *id = g_strdup (satchel_statement_get_text (row, 0));
  satchel_statement_reset (row);
  return satchel_evidence_load (vault, id, NULL);
}

/* The vault has one item, of the first bytes of @sound, and it says that it was cut off. */
static inline void
assert_cut_off (SatchelVault *vault, GBytes *sound, guint64 size_bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelEvidence) item = load_only_item (vault);
  g_autoptr (GInputStream) stream = satchel_blob_open (vault, item->blob_id, NULL, NULL, &error);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 hash[32];

  g_assert_no_error (error);
  satchel_sink_splice (satchel_sink_to_byte_array (bytes), stream, G_MAXUINT64, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (bytes->data, bytes->len, g_bytes_get_data (sound, NULL), size_bytes);
  satchel_sha256 (bytes->data, bytes->len, hash);
  g_assert_cmpmem (item->sha256, 32, hash, 32);
  g_assert_cmpstr (item->name, ==, CUT_NAME);
  g_assert_cmpstr (item->device, ==, "Satchel");
  g_assert_cmpint (item->origin, ==, SATCHEL_ORIGIN_OWN);
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM ledger WHERE line LIKE"
                                      " '%\"attached\"%\"cut_off\":true%'"),
                   ==, 1);
}

static inline void
assert_nothing_begun (SatchelVault *vault)
{
  g_assert_cmpint (
      test_count (vault, "SELECT count(*) FROM setting WHERE key LIKE 'vault.begun.%'"), ==, 0);
}
