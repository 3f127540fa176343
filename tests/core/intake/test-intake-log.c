/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/satchel-intake-log.h"

#include <string.h>

#include "base/satchel-file.h"
#include "test-support.h"

#define BOX   "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER "1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

typedef struct {
  char *folder;
  char *path;
  SatchelSecret *pair;
  SatchelMinisignKey key;
} Fixture;

static void
set_up (Fixture *self, gconstpointer unused)
{
  self->folder = test_scratch_new ();
  self->path = g_build_filename (self->folder, "log", NULL);
  self->pair = satchel_minisign_pair_new (NULL);
  satchel_minisign_pair_get_key (self->pair, &self->key);
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  satchel_secret_unref (self->pair);
  g_free (self->path);
  test_scratch_free (self->folder);
}

static SatchelIntakeLog *
open_log (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  SatchelIntakeLog *log = satchel_intake_log_open (self->path, self->pair, &error);

  g_assert_no_error (error);
  return log;
}

static SatchelIntakeEntry
add (SatchelIntakeLog *log, const char *mailbox, guint8 number)
{
  guint8 sha256[32] = {number};
  SatchelIntakeEntry entry = {0};
  g_autoptr (GError) error = NULL;

  g_assert_true (
      satchel_intake_log_add_stored (log, mailbox, sha256, 100 + number, &entry, &error));
  g_assert_no_error (error);
  return entry;
}

static gboolean
mark (SatchelIntakeLog *log, SatchelIntakeAction action, guint8 number)
{
  guint8 sha256[32] = {number};

  return satchel_intake_log_add_mark (log, action, BOX, sha256, NULL);
}

static void
assert_page (SatchelIntakeLog *log, guint64 after, guint max, const char *positions, gboolean more)
{
  gboolean found_more;
  g_autoptr (GArray) page = satchel_intake_log_page (log, BOX, after, max, &found_more);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < page->len; i++)
    g_string_append_printf (text, "%" G_GUINT64_FORMAT " ",
                            g_array_index (page, SatchelIntakeEntry, i).position);
  g_assert_cmpstr (text->str, ==, positions);
  g_assert_cmpint (found_more, ==, more);
}

static void
test_pages (Fixture *self, gconstpointer unused)
{
  for (guint round = 0; round < 2; round++) {
    g_autoptr (SatchelIntakeLog) log = open_log (self);
    if (round == 0) {
      add (log, BOX, 1);
      add (log, OTHER, 1);
      add (log, BOX, 2);
      add (log, BOX, 3);
      g_assert_cmpuint (add (log, BOX, 2).position, ==, 3);
      g_assert_true (mark (log, SATCHEL_INTAKE_DELETED, 1));
      g_assert_false (mark (log, SATCHEL_INTAKE_DELETED, 1));
      g_assert_false (mark (log, SATCHEL_INTAKE_SEEN, 9));
      g_assert_true (mark (log, SATCHEL_INTAKE_SEEN, 2));
      g_assert_true (mark (log, SATCHEL_INTAKE_SEEN, 2));
      g_assert_cmpuint (add (log, BOX, 1).position, ==, 7);
    }
    g_assert_cmpuint (satchel_intake_log_count (log), ==, 7);
    assert_page (log, 0, 10, "3 4 7 ", FALSE);
    assert_page (log, 0, 2, "3 4 ", TRUE);
    assert_page (log, 3, 10, "4 7 ", FALSE);
    assert_page (log, 7, 10, "", FALSE);
    assert_page (log, G_MAXUINT64, 10, "", FALSE);
  }
}

static void
test_receipt (Fixture *self, gconstpointer unused)
{
  g_autoptr (SatchelIntakeLog) log = open_log (self);
  SatchelIntakeEntry entry = add (log, BOX, 5);
  g_autofree char *first = satchel_intake_log_receipt (log, &entry, NULL);
  g_autofree char *second = satchel_intake_log_receipt (log, &entry, NULL);
  g_autoptr (SatchelStoredReceipt) receipt =
      satchel_stored_receipt_parse (first, -1, &self->key, NULL);

  g_assert_cmpstr (first, ==, second);
  g_assert_nonnull (receipt);
  g_assert_cmpuint (receipt->position, ==, 1);
  g_assert_cmpuint (receipt->size_bytes, ==, 105);
  g_assert_cmpstr (receipt->mailbox, ==, BOX);
}

static void
count_fault (const char *fault, gpointer user_data)
{
  (*(guint *) user_data)++;
}

static guint
faults_of (Fixture *self)
{
  guint faults = 0;

  g_assert_true (
      satchel_intake_log_verify (self->path, &self->key, count_fault, &faults, NULL, NULL));
  return faults;
}

/* Any byte changed is found; a cut last line is no fault, and is cut off. */
static void
test_damage (Fixture *self, gconstpointer unused)
{
  gsize length;
  g_autofree char *text = NULL;

  {
    g_autoptr (SatchelIntakeLog) log = open_log (self);
    add (log, BOX, 1);
    add (log, BOX, 2);
    add (log, BOX, 3);
  }
  g_assert_cmpuint (faults_of (self), ==, 0);
  g_assert_true (g_file_get_contents (self->path, &text, &length, NULL));
  for (gsize i = 0; i + 1 < length; i += 7) {
    text[i] ^= 1;
    g_assert_true (g_file_set_contents (self->path, text, length, NULL));
    g_assert_cmpuint (faults_of (self), >, 0);
    text[i] ^= 1;
  }
  for (gsize cut = length - 1; cut > length - 400; cut -= 57) {
    g_assert_true (g_file_set_contents (self->path, text, cut, NULL));
    g_autoptr (SatchelIntakeLog) log = open_log (self);
    g_assert_cmpuint (satchel_intake_log_count (log), ==, 2);
    g_assert_cmpuint (add (log, BOX, 9).position, ==, 3);
    g_assert_cmpuint (faults_of (self), ==, 0);
  }
}

static void
test_refuses_foreign_line (Fixture *self, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (self->path, "not a line\n", -1, NULL));
  g_assert_null (satchel_intake_log_open (self->path, self->pair, &error));
  g_assert_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_DAMAGED);
}

/* Several at once are as several one after the other. */
static void
test_together (Fixture *self, gconstpointer unused)
{
  static const struct {
    const char *mailbox;
    guint8 number;
    guint64 position;
  } table[] = {{BOX, 1, 1}, {BOX, 2, 2}, {OTHER, 1, 3}, {BOX, 1, 1}, {BOX, 3, 5}, {OTHER, 1, 3}};
  g_autoptr (SatchelIntakeLog) log = open_log (self);
  SatchelIntakeEntry entries[G_N_ELEMENTS (table)] = {0};
  g_autoptr (GError) error = NULL;

  add (log, BOX, 1);
  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    entries[i].sha256[0] = table[i].number;
    g_strlcpy (entries[i].mailbox, table[i].mailbox, sizeof entries[i].mailbox);
  }
  g_assert_true (satchel_intake_log_add_all_stored (log, entries, 3, &error));
  g_assert_no_error (error);
  g_assert_true (mark (log, SATCHEL_INTAKE_SEEN, 1));
  g_assert_true (satchel_intake_log_add_all_stored (log, entries, G_N_ELEMENTS (table), NULL));
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    g_assert_cmpuint (entries[i].position, ==, table[i].position);
  g_assert_true (entries[0].seen);
  g_assert_cmpuint (satchel_intake_log_count (log), ==, 5);
  /* A deleted one is stored anew. */
  g_assert_true (mark (log, SATCHEL_INTAKE_DELETED, 2));
  g_assert_true (satchel_intake_log_add_all_stored (log, entries, 2, NULL));
  g_assert_cmpuint (entries[1].position, ==, 7);
  g_assert_true (satchel_intake_log_add_all_stored (log, entries, 0, NULL));
  g_clear_pointer (&log, satchel_intake_log_close);
  log = open_log (self);
  g_assert_cmpuint (satchel_intake_log_count (log), ==, 7);
  g_clear_pointer (&log, satchel_intake_log_close);
  log = satchel_intake_log_open_to_read (self->path, self->pair, NULL);
  memset (entries[0].sha256, 9, 32);
  g_assert_false (satchel_intake_log_add_all_stored (log, entries, 1, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add ("/intake-log/pages", Fixture, NULL, set_up, test_pages, tear_down);
  g_test_add ("/intake-log/receipt", Fixture, NULL, set_up, test_receipt, tear_down);
  g_test_add ("/intake-log/damage", Fixture, NULL, set_up, test_damage, tear_down);
  g_test_add ("/intake-log/foreign-line", Fixture, NULL, set_up, test_refuses_foreign_line,
              tear_down);
  g_test_add ("/intake-log/together", Fixture, NULL, set_up, test_together, tear_down);
  return g_test_run ();
}
