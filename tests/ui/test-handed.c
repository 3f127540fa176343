/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <glib/gstdio.h>

#include "handed/satchel-handed.h"

static void
test_guess (void)
{
  static const struct {
    const char *head;
    SatchelHandedKind kind;
  } CASES[] = {
      {"", SATCHEL_HANDED_UNKNOWN},
      {"age-encryption.org/v1\n-> X25519 abc", SATCHEL_HANDED_BUNDLE},
      {"age-encryption.org/v1\n", SATCHEL_HANDED_BUNDLE},
      {"age-encryption.org/v1", SATCHEL_HANDED_UNKNOWN},
      {"age-encryption.org/v2\n-> X25519 abc", SATCHEL_HANDED_UNKNOWN},
      {" age-encryption.org/v1\n", SATCHEL_HANDED_UNKNOWN},
      {"satchel-card v1\nname: Anna\n", SATCHEL_HANDED_CARD},
      {"satchel-newsroom v1\nname: The Courier\n", SATCHEL_HANDED_JOINING},
      {"satchel-invite v1\n", SATCHEL_HANDED_JOINING},
      {"satchel-receipt v1\n", SATCHEL_HANDED_UNKNOWN},
      {"\xff\xd8\xff\xe0", SATCHEL_HANDED_UNKNOWN},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    /* Exactly as long as it is: nothing may be read behind it. */
    gsize size = strlen (CASES[i].head);
    g_autofree char *head = g_memdup2 (CASES[i].head, size);
    g_test_message ("case %u", i);
    g_assert_cmpint (satchel_handed_guess (head, size), ==, CASES[i].kind);
  }
}

static GFile *
put_file (const char *folder, const char *name, const char *content)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_file_set_contents (path, content, -1, &error);
  g_assert_no_error (error);
  return g_file_new_for_path (path);
}

static void
sorted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SatchelHanded **handed = user_data;
  g_autoptr (GError) error = NULL;

  *handed = satchel_worker_finish (result, &error);
  g_assert_no_error (error);
}

static SatchelHanded *
sort (GFile *const *files, guint count)
{
  g_autoptr (SatchelWorker) worker = satchel_worker_new ("test");
  GPtrArray *given = g_ptr_array_new_with_free_func (g_object_unref);
  SatchelHanded *handed = NULL;

  for (guint i = 0; i < count; i++)
    g_ptr_array_add (given, g_object_ref (files[i]));
  satchel_handed_sort (worker, given, NULL, sorted_cb, &handed);
  while (handed == NULL)
    g_main_context_iteration (NULL, TRUE);
  return handed;
}

static void
assert_next (SatchelHanded *handed, GFile *expected)
{
  g_autoptr (GFile) file = satchel_handed_get_joining (handed);

  if (expected == NULL) {
    g_assert_null (file);
    return;
  }
  g_assert_nonnull (file);
  g_assert_true (g_file_equal (file, expected));
  satchel_handed_drop_joining (handed);
}

/* By what is in them, each once, in the order in which they came, however often they come. */
static void
test_waiting (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("satchel-handed-XXXXXX", &error);
  g_assert_no_error (error);
  g_autoptr (GFile) here = g_file_new_for_path (folder);
  g_autoptr (GFile) away = g_file_new_for_uri ("https://example.org/a.invite");
  g_autoptr (GFile) gone = g_file_get_child (here, "gone.invite");
  g_autoptr (GFile) invite = put_file (folder, "a.age", "satchel-invite v1\n");
  g_autoptr (GFile) newsroom = put_file (folder, "b", "satchel-newsroom v1\n");
  g_autoptr (GFile) card = put_file (folder, "c.invite", "satchel-card v1\n");
  g_autoptr (GFile) bundle = put_file (folder, "d.card", "age-encryption.org/v1\n->");
  GFile *const ALL[] = {bundle, newsroom, here, invite, away, card, newsroom, gone};
  g_autoptr (SatchelHanded) waiting = satchel_handed_new ();

  g_assert_true (satchel_handed_is_empty (waiting));
  satchel_handed_add (waiting, sort (ALL, G_N_ELEMENTS (ALL)));
  satchel_handed_add (waiting, sort (ALL, G_N_ELEMENTS (ALL)));
  g_assert_false (satchel_handed_is_empty (waiting));
  g_assert_cmpuint (waiting->others, ==, 6);
  g_assert_cmpuint (waiting->joining->len, ==, 2);
  g_assert_cmpuint (waiting->cards->len, ==, 1);
  g_assert_cmpuint (waiting->bundles->len, ==, 1);
  g_assert_cmpstr (waiting->bundles->pdata[0], ==, g_file_peek_path (bundle));

  assert_next (waiting, newsroom);
  satchel_handed_put_back (waiting, NULL);
  satchel_handed_put_back (waiting, g_object_ref (newsroom));
  satchel_handed_put_back (waiting, g_object_ref (newsroom));
  assert_next (waiting, newsroom);
  assert_next (waiting, invite);
  assert_next (waiting, NULL);
  g_assert_false (satchel_handed_is_empty (waiting));

  for (guint i = 0; i < G_N_ELEMENTS (ALL); i++)
    if (ALL[i] != here)
      g_file_delete (ALL[i], NULL, NULL);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/handed/guess", test_guess);
  g_test_add_func ("/handed/waiting", test_waiting);
  return g_test_run ();
}
