/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-identity.h"

#include <string.h>

#include "test-papers.h"
#include "test-people.h"
#include "test-support.h"

static void
test_create (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder, "Anna", -1);
  g_autofree char *before = test_people_snapshot (vault);

  g_assert_null (satchel_identity_load (vault, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NO_IDENTITY);
  g_clear_error (&error);
  g_assert_null (satchel_identity_load_card (vault, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NO_IDENTITY);
  g_clear_error (&error);
  g_assert_false (satchel_identity_create (vault, "two\nlines", SATCHEL_ROLE_EDITOR, &error));
  g_assert_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID);
  g_clear_error (&error);
  g_autofree char *after = test_people_snapshot (vault);
  g_assert_cmpstr (before, ==, after);

  g_assert_true (satchel_identity_create (vault, "Анна", SATCHEL_ROLE_EDITOR, &error));
  g_assert_no_error (error);
  g_assert_false (satchel_identity_create (vault, "Анна", SATCHEL_ROLE_EDITOR, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_EXISTS);
  g_assert_cmpuint (test_ledger_count (vault, SATCHEL_ACTION_IDENTITY_CREATED, NULL), ==, 1);
}

static void
test_load (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder, "Anna", SATCHEL_ROLE_LEGAL);
  g_autoptr (SatchelIdentity) identity = satchel_identity_load (vault, &error);
  g_assert_no_error (error);
  g_autoptr (SatchelCard) card = satchel_identity_load_card (vault, &error);
  g_assert_no_error (error);
  g_autofree char *name = satchel_vault_dup_setting (vault, "name", NULL);
  g_autofree char *role = satchel_vault_dup_setting (vault, "role", NULL);
  g_autofree char *actor = satchel_vault_dup_setting (vault, "actor", NULL);
  SatchelMinisignKey key;
  SatchelAgeRecipient recipient;
  guint8 access[SATCHEL_ACCESS_KEY_SIZE];

  satchel_minisign_pair_get_key (identity->minisign, &key);
  g_assert_true (satchel_age_identity_get_recipient (identity->age, &recipient, NULL));
  satchel_access_key_get_public (identity->access, access);
  g_assert_true (satchel_minisign_key_equal (&key, &card->keys.minisign));
  g_assert_cmpmem (&recipient, sizeof recipient, &card->keys.age, sizeof card->keys.age);
  g_assert_cmpmem (access, sizeof access, card->keys.access, sizeof card->keys.access);
  g_autofree char *line = satchel_minisign_key_format (&key);
  g_assert_cmpstr (actor, ==, line);
  g_assert_cmpstr (name, ==, "Anna");
  g_assert_cmpstr (role, ==, "legal");
  g_assert_cmpstr (card->name, ==, "Anna");
  g_assert_null (card->newsroom);
}

static void
test_set_newsroom (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder, "Anna", SATCHEL_ROLE_REPORTER);
  g_autoptr (SatchelCard) before = satchel_identity_load_card (vault, NULL);

  g_assert_true (satchel_identity_set_newsroom (vault, "The Daily", &error));
  g_assert_no_error (error);
  g_autoptr (SatchelCard) after = satchel_identity_load_card (vault, NULL);
  g_assert_cmpstr (after->newsroom, ==, "The Daily");
  g_assert_cmpstr (after->name, ==, before->name);
  g_assert_true (satchel_public_keys_equal (&after->keys, &before->keys));
  g_assert_false (satchel_identity_set_newsroom (vault, "", &error));
  g_assert_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID);
}

/* A store whose card is not that of its secrets would seal to nobody: said, not used. */
static void
test_damaged (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  const char *const damages[] = {
      "UPDATE identity SET age = zeroblob (32)",
      "UPDATE identity SET minisign = zeroblob (72)",
      "UPDATE identity SET access = zeroblob (64)",
      "UPDATE identity SET card = 'satchel-card v1'",
  };

  for (guint i = 0; i < G_N_ELEMENTS (damages); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *name = g_strdup_printf ("vault-%u", i);
    g_autoptr (SatchelVault) vault = test_vault_new (folder, name, SATCHEL_ROLE_REPORTER);

    g_assert_true (satchel_db_execute (satchel_vault_get_db (vault), damages[i], NULL));
    g_assert_null (satchel_identity_load (vault, &error));
    g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_DAMAGED);
  }
}

static gboolean
create_op (SatchelVault *vault, gpointer data, GError **error)
{
  return satchel_identity_create (vault, "Anna", SATCHEL_ROLE_REPORTER, error);
}

static void
test_all_or_nothing (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder, "Anna", -1);

  test_assert_all_or_nothing (vault, create_op, NULL);
}

/* age opens with the exported file what was sealed to the card's key. */
static void
test_export (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder, "Anna", SATCHEL_ROLE_REPORTER);
  g_autoptr (SatchelCard) card = satchel_identity_load_card (vault, NULL);
  g_autoptr (SatchelSecret) secret = satchel_identity_export (vault, &error);
  g_assert_no_error (error);
  g_autofree char *text = g_strndup ((const char *) satchel_secret_get_data (secret),
                                     satchel_secret_get_size (secret));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *minisign = satchel_minisign_key_format (&card->keys.minisign);
  g_autofree char *minisign_line = g_strconcat ("# minisign: ", minisign, NULL);

  g_assert_cmpuint (strlen (text), ==, satchel_secret_get_size (secret));
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_cmpstr (lines[1], ==, minisign_line);
  g_assert_true (g_str_has_prefix (lines[2], "AGE-SECRET-KEY-1"));
  g_assert_cmpuint (test_ledger_count (vault, SATCHEL_ACTION_IDENTITY_EXPORTED, NULL), ==, 1);
  if (!test_has_program ("age"))
    return;
  g_autofree char *recipient = satchel_age_recipient_format (&card->keys.age);
  g_autofree char *identity_path = g_build_filename (folder, "identity", NULL);
  g_autofree char *sealed = g_build_filename (folder, "sealed.age", NULL);
  g_autofree char *output = NULL;
  const char *const seal[] = {"age", "-r", recipient, "-o", sealed, NULL};
  const char *const open[] = {"age", "-d", "-i", identity_path, sealed, NULL};

  g_assert_true (g_file_set_contents (identity_path, text, -1, NULL));
  g_assert_cmpint (test_run (seal, "hello", NULL, NULL), ==, 0);
  g_assert_cmpint (test_run (open, NULL, &output, NULL), ==, 0);
  g_assert_cmpstr (output, ==, "hello");
}

static void
test_no_plaintext (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault =
      test_vault_new (folder, "unmistakable", SATCHEL_ROLE_REPORTER);
  g_autofree char *path = g_build_filename (folder, "unmistakable", NULL);

  g_assert_true (satchel_identity_set_newsroom (vault, "unspeakable", NULL));
  test_assert_no_plaintext (path, "unspeakable");
  test_assert_no_plaintext (path, "satchel-card");
  g_clear_pointer (&vault, satchel_vault_close);
  test_assert_no_plaintext (path, "unspeakable");
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/people/identity/create", test_create);
  g_test_add_func ("/people/identity/load", test_load);
  g_test_add_func ("/people/identity/set-newsroom", test_set_newsroom);
  g_test_add_func ("/people/identity/damaged", test_damaged);
  g_test_add_func ("/people/identity/all-or-nothing", test_all_or_nothing);
  g_test_add_func ("/people/identity/export", test_export);
  g_test_add_func ("/people/identity/no-plaintext", test_no_plaintext);
  return g_test_run ();
}
