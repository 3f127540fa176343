/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <string.h>

#include "records/satchel-evidence.h"
#include "records/satchel-record.h"
#include "test-support.h"

/* A vault of a test's own, made with a cheap key derivation, and short ways to fill it. */
#define TEST_ACTOR "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"

static inline SatchelVault *
test_vault_new (const char *folder)
{
  static const SatchelKdfCost cheap = {8, 1};
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) passphrase =
      satchel_secret_new_copy ((const guint8 *) "open sesame", 11, NULL);
  g_autoptr (SatchelSecret) code =
      satchel_secret_new_copy ((const guint8 *) "0123456789abcdef", 16, NULL);
  SatchelVault *vault = satchel_vault_create (folder, passphrase, code, &cheap, &error);

  g_assert_no_error (error);
  g_assert_true (satchel_vault_set_setting (vault, "actor", TEST_ACTOR, &error));
  return vault;
}

static inline const SatchelKind *
test_kind (const char *id)
{
  return satchel_kinds_find (satchel_kinds_get_builtin (), id, NULL);
}

/* Values of @kind from "PATH=TEXT" strings up to NULL. */
static inline JsonObject *
test_values (const SatchelKind *kind, const char *const *assignments)
{
  g_autoptr (GError) error = NULL;
  JsonObject *values = satchel_fields_new (kind);

  for (gsize i = 0; assignments[i] != NULL; i++) {
    satchel_fields_assign (kind, values, assignments[i], 180, &error);
    g_assert_no_error (error);
  }
  return values;
}

static inline char *
test_record (SatchelVault *vault, const char *kind_id, const char *const *assignments)
{
  g_autoptr (GError) error = NULL;
  const SatchelKind *kind = test_kind (kind_id);
  g_autoptr (JsonObject) values = test_values (kind, assignments);
  char *id = satchel_record_create (vault, kind, values, &error);

  g_assert_no_error (error);
  return id;
}

#define TEST_RECORD(vault, kind, ...) \
  test_record (vault, kind, (const char *const[]){__VA_ARGS__, NULL})

static inline SatchelEvidence *
test_attach (SatchelVault *vault, const char *record, const char *name, GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  SatchelEvidenceSource source = {.name = name, .origin = SATCHEL_ORIGIN_OWN};
  SatchelEvidence *item = NULL;

  satchel_evidence_attach (vault, record, stream, &source, (SatchelProgressReport){0}, &item, NULL,
                           NULL, &error);
  g_assert_no_error (error);
  return item;
}

/* Collects findings, "object: fault" a line. */
static inline void
test_fault_cb (const char *object, const char *fault, gpointer user_data)
{
  g_string_append_printf (user_data, "%s: %s\n", object, fault);
}

static inline void
test_assert_found (const GString *faults, const char *part)
{
  if (strstr (faults->str, part) == NULL)
    g_error ("\"%s\" is not among the findings:\n%s", part, faults->str);
}

static inline GString *
test_check (SatchelVault *vault)
{
  g_autoptr (GError) error = NULL;
  GString *faults = g_string_new (NULL);

  satchel_records_check (vault, test_fault_cb, faults, (SatchelProgressReport){0}, NULL, &error);
  g_assert_no_error (error);
  return faults;
}

/* What the store holds in one row and column. */
static inline gint64
test_count (SatchelVault *vault, const char *sql)
{
  gboolean has_row = FALSE;
  SatchelStatement *row = satchel_db_prepare (satchel_vault_get_db (vault), sql, NULL);

  g_assert_true (satchel_statement_step (row, &has_row, NULL) && has_row);
  gint64 value = satchel_statement_get_int (row, 0);
  satchel_statement_reset (row);
  return value;
}

/* Files of blobs, whole or being written. */
static inline guint
test_count_files (const char *folder)
{
  g_autofree char *blobs = g_build_filename (folder, "blobs", NULL);
  g_autoptr (GDir) dir = g_dir_open (blobs, 0, NULL);
  const char *name;
  guint count = 0;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *inner = g_build_filename (blobs, name, NULL);
    count += test_count_entries (inner);
  }
  return count;
}
