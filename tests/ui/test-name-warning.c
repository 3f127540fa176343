/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shared/satchel-name-warning.h"

static GPtrArray *
make_unshared (const char *const *names)
{
  GPtrArray *unshared = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_unshared_free);

  for (guint i = 0; names[i] != NULL; i++) {
    SatchelUnshared *one = g_new0 (SatchelUnshared, 1);
    one->name = g_strdup (names[i]);
    g_ptr_array_add (unshared, one);
  }
  return unshared;
}

static void
test_words (void)
{
  static const struct {
    const char *names[4];
    const char *title;
    const char *heading;
    const char *list;
  } CASES[] = {
      {{NULL}, NULL, NULL, NULL},
      {{"Petrov"},
       "1 name is marked not to be shared",
       "Seal 1 name that is not to be shared?",
       "Petrov"},
      {{"Petrov", "Анна", "Petrov"},
       "2 names are marked not to be shared",
       "Seal 2 names that are not to be shared?",
       "Petrov, Анна"},
      /* What would turn a line of words round, or break it, is not shown as it is. */
      {{"a\n\u202eb"},
       "1 name is marked not to be shared",
       "Seal 1 name that is not to be shared?",
       "a\ufffd\ufffdb"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autoptr (GPtrArray) unshared = make_unshared (CASES[i].names);
    g_autoptr (SatchelNameWarning) warning = satchel_name_warning_new (unshared);
    g_assert_true ((warning != NULL) == (CASES[i].title != NULL));
    if (warning == NULL)
      continue;
    g_autofree char *begin = g_strconcat (CASES[i].list, "\nEveryone who opens ", NULL);
    g_autofree char *asked = g_strconcat (CASES[i].list, "\n\nEveryone who opens ", NULL);
    g_assert_cmpstr (warning->title, ==, CASES[i].title);
    g_assert_cmpstr (warning->heading, ==, CASES[i].heading);
    g_assert_true (g_str_has_prefix (warning->words, begin));
    g_assert_true (g_str_has_prefix (warning->question, asked));
  }
}

static void
test_many (void)
{
  const char *names[24] = {NULL};
  char texts[23][4];

  for (guint i = 0; i < 23; i++) {
    g_snprintf (texts[i], sizeof texts[i], "%u", i);
    names[i] = texts[i];
  }
  g_autoptr (GPtrArray) unshared = make_unshared (names);
  g_autoptr (SatchelNameWarning) warning = satchel_name_warning_new (unshared);
  g_assert_cmpstr (warning->title, ==, "23 names are marked not to be shared");
  g_assert_nonnull (g_strrstr (warning->words, ", 18, 19 and 3 more\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/name-warning/words", test_words);
  g_test_add_func ("/ui/name-warning/many", test_many);
  return g_test_run ();
}
