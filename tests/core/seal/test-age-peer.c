/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-age.h"

#include <string.h>

#include "base/satchel-file.h"
#include "base/satchel-hash.h"
#include "test-support.h"

/* The real age on the other side, both ways. */
#define GIB (1024ULL * 1024 * 1024)

static const gsize SIZES[] = {0, 1, 65535, 65536, 65537, 131072};

typedef struct {
  TestScratch *folder;
  char *plain;
  char *sealed;
  char *opened;
  char *identity_file;
  SatchelSecret *identity;
  SatchelAgeRecipient recipient;
  SatchelPool *pool;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = test_scratch_new ();
  self->plain = g_build_filename (self->folder, "plain", NULL);
  self->sealed = g_build_filename (self->folder, "sealed.age", NULL);
  self->opened = g_build_filename (self->folder, "opened", NULL);
  self->identity_file = g_build_filename (self->folder, "identity", NULL);
  self->identity = satchel_age_identity_new (NULL);
  self->pool = satchel_pool_new (2);
  g_assert_true (satchel_age_identity_get_recipient (self->identity, &self->recipient, NULL));
  g_autoptr (SatchelSecret) text = satchel_age_identity_format (self->identity, NULL);
  g_assert_true (g_file_set_contents (self->identity_file,
                                      (const char *) satchel_secret_get_data (text),
                                      satchel_secret_get_size (text), NULL));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  test_scratch_free (self->folder);
  g_free (self->plain);
  g_free (self->sealed);
  g_free (self->opened);
  g_free (self->identity_file);
  satchel_secret_unref (self->identity);
  satchel_pool_free (self->pool);
}

static void
store (const char *path, gsize size)
{
  g_autoptr (GBytes) noise = test_noise (size, size);

  g_assert_true (
      satchel_file_store (path, g_bytes_get_data (noise, NULL), g_bytes_get_size (noise), NULL));
}

static void
assert_same (const char *path, const char *other)
{
  g_autoptr (GBytes) a = satchel_file_load (path, 1 << 20, NULL);
  g_autoptr (GBytes) b = satchel_file_load (other, 1 << 20, NULL);

  g_assert_nonnull (a);
  g_assert_nonnull (b);
  g_assert_true (g_bytes_equal (a, b));
}

/* Splices a file through @writer into @output, which is committed last. */
static void
finish_sealing (Fixture *self, SatchelAgeWriter *writer, SatchelNewFile *output)
{
  g_autoptr (GInputStream) plain = satchel_file_read (self->plain, NULL, NULL);

  g_assert_nonnull (writer);
  g_assert_true (satchel_sink_splice (satchel_age_writer_get_sink (writer), plain, G_MAXUINT64,
                                      NULL, NULL, NULL));
  g_assert_true (satchel_age_writer_finish (writer, NULL, NULL));
  g_assert_true (satchel_new_file_commit (output, TRUE, NULL));
}

static void
seal_plain (Fixture *self)
{
  g_autoptr (SatchelNewFile) output = satchel_new_file_open (self->sealed, NULL);
  g_autoptr (SatchelAgeWriter) writer =
      satchel_age_writer_new (&self->recipient, 1, TRUE, satchel_new_file_get_sink (output),
                              self->pool, NULL, NULL);

  finish_sealing (self, writer, output);
}

static void
finish_opening (Fixture *self, GInputStream *reader)
{
  g_autoptr (SatchelNewFile) output = satchel_new_file_open (self->opened, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (reader);
  satchel_sink_splice (satchel_new_file_get_sink (output), reader, G_MAXUINT64, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (satchel_new_file_commit (output, TRUE, NULL));
}

static void
open_sealed (Fixture *self)
{
  g_autoptr (GInputStream) sealed = satchel_file_read (self->sealed, NULL, NULL);
  g_autoptr (GInputStream) reader =
      satchel_age_reader_new (sealed, &self->identity, 1, self->pool, NULL, NULL);

  finish_opening (self, reader);
}

static int
run_age (Fixture *self, gboolean seals)
{
  g_autofree char *recipient = satchel_age_recipient_format (&self->recipient);
  const char *const seal_argv[] = {"age", "-r", recipient, "-o", self->sealed, self->plain, NULL};
  const char *const open_argv[] = {
      "age", "-d", "-i", self->identity_file, "-o", self->opened, self->sealed, NULL};

  return test_run (seals ? seal_argv : open_argv, NULL, NULL, NULL);
}

static void
test_ours_to_age (Fixture *self, gconstpointer data)
{
  if (!test_has_program ("age"))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (SIZES); i++) {
    store (self->plain, SIZES[i]);
    seal_plain (self);
    g_assert_true (satchel_file_remove (self->opened, NULL));
    g_assert_cmpint (run_age (self, FALSE), ==, 0);
    /* age makes no file where there is nothing to put into it. */
    if (SIZES[i] > 0)
      assert_same (self->plain, self->opened);
    else
      g_assert_false (g_file_test (self->opened, G_FILE_TEST_EXISTS));
  }
}

static void
test_age_to_ours (Fixture *self, gconstpointer data)
{
  if (!test_has_program ("age"))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (SIZES); i++) {
    store (self->plain, SIZES[i]);
    g_assert_cmpint (run_age (self, TRUE), ==, 0);
    open_sealed (self);
    assert_same (self->plain, self->opened);
  }
}

static int
run_age_on_terminal (const char *passphrase,
                     const char *option,
                     const char *output,
                     const char *input)
{
  g_autofree char *helper = test_source_path ("support/answer-passphrase.py");
  const char *const argv[] = {
      "python3", helper, passphrase, "age", option, "-o", output, input, NULL};

  return test_run (argv, NULL, NULL, NULL);
}

static void
test_passphrase (Fixture *self, gconstpointer data)
{
  const char *words = "correct horse battery";
  g_autoptr (SatchelSecret) passphrase =
      satchel_secret_new_copy ((const guint8 *) words, strlen (words), NULL);

  if (!test_has_program ("age"))
    return;
  store (self->plain, 70000);
  g_assert_cmpint (run_age_on_terminal (words, "-p", self->sealed, self->plain), ==, 0);
  g_autoptr (GInputStream) sealed = satchel_file_read (self->sealed, NULL, NULL);
  g_autoptr (GInputStream) reader =
      satchel_age_reader_new_passphrase (sealed, passphrase, NULL, NULL, NULL);
  finish_opening (self, reader);
  assert_same (self->plain, self->opened);

  g_autoptr (SatchelNewFile) output = satchel_new_file_open (self->sealed, NULL);
  g_autoptr (SatchelAgeWriter) writer = satchel_age_writer_new_passphrase (
      passphrase, 12, satchel_new_file_get_sink (output), NULL, NULL, NULL);
  finish_sealing (self, writer, output);
  g_assert_true (satchel_file_remove (self->opened, NULL));
  g_assert_cmpint (run_age_on_terminal (words, "-d", self->opened, self->sealed), ==, 0);
  assert_same (self->plain, self->opened);
}

/* A stranger to age's file: damage that we refuse, age refuses too. */
static void
test_age_refuses_damage (Fixture *self, gconstpointer data)
{
  if (!test_has_program ("age"))
    return;
  store (self->plain, 65537);
  seal_plain (self);
  g_autoptr (GBytes) sealed = satchel_file_load (self->sealed, 1 << 20, NULL);
  g_assert_true (satchel_file_store (self->sealed, g_bytes_get_data (sealed, NULL),
                                     g_bytes_get_size (sealed) - 17, NULL));
  g_assert_cmpint (run_age (self, FALSE), !=, 0);
}

static void
hash_file (const char *path, guint8 out[SATCHEL_SHA256_SIZE])
{
  g_autoptr (GInputStream) stream = satchel_file_read (path, NULL, NULL);

  g_assert_true (satchel_sha256_stream (stream, out, NULL, NULL, NULL));
}

/* 1 GiB both ways; takes the space of three such files below the folder for temporary files. */
static void
test_whole_gib (Fixture *self, gconstpointer data)
{
  guint8 plain_hash[SATCHEL_SHA256_SIZE], opened_hash[SATCHEL_SHA256_SIZE];
  g_autoptr (GBytes) noise = test_noise (1 << 20, 1);

  if (g_getenv ("SATCHEL_TEST_WHOLE") == NULL) {
    g_test_skip ("SATCHEL_TEST_WHOLE is not set");
    return;
  }
  if (!test_has_program ("age"))
    return;
  g_autoptr (SatchelNewFile) output = satchel_new_file_open (self->plain, NULL);
  for (guint i = 0; i < GIB >> 20; i++)
    g_assert_true (satchel_sink_write (satchel_new_file_get_sink (output),
                                       g_bytes_get_data (noise, NULL), 1 << 20, NULL, NULL));
  g_assert_true (satchel_new_file_commit (output, TRUE, NULL));
  hash_file (self->plain, plain_hash);
  for (guint i = 0; i < 2; i++) {
    if (i == 0) {
      seal_plain (self);
      g_assert_cmpint (run_age (self, FALSE), ==, 0);
    } else {
      g_assert_cmpint (run_age (self, TRUE), ==, 0);
      open_sealed (self);
    }
    hash_file (self->opened, opened_hash);
    g_assert_cmpmem (plain_hash, sizeof plain_hash, opened_hash, sizeof opened_hash);
  }
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  add ("/seal/age-peer/ours-to-age", test_ours_to_age);
  add ("/seal/age-peer/age-to-ours", test_age_to_ours);
  add ("/seal/age-peer/passphrase", test_passphrase);
  add ("/seal/age-peer/age-refuses-damage", test_age_refuses_damage);
  add ("/seal/age-peer/whole-gib", test_whole_gib);
  return g_test_run ();
}
