/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of places in files; that they are found, test-viewer.c shows. */
#include "sealing/satchel-place-search.h"

#define FILES_MAX 12

#define NONE    SATCHEL_VIEWER_PLACE_NONE
#define FOUND   SATCHEL_VIEWER_PLACE_FOUND
#define UNKNOWN SATCHEL_VIEWER_PLACE_UNKNOWN
#define UNSEEN  ((SatchelViewerPlace) 0)

static void
test_warnings (void)
{
  static const char SEARCHING[] = "Pictures and videos are being looked at for places";
  static const char CLEAN[] = "No place was found in the pictures and videos";
  static const struct {
    guint count;
    SatchelViewerPlace places[FILES_MAX];
    const char *titles[3];
    const char *words; /* what those of the first begin with */
  } CASES[] = {
      {0, {UNSEEN}, {NULL}, NULL},
      {1, {UNSEEN}, {SEARCHING}, ""},
      {2, {NONE, UNSEEN}, {SEARCHING}, ""},
      {2, {NONE, NONE}, {CLEAN}, ""},
      {2, {NONE, FOUND}, {"A place is written in 1 file"}, "1.jpg\nThey leave as they are, "},
      {2, {UNKNOWN, NONE}, {"1 file could not be looked at for a place"}, "0.jpg\nThey"},
      /* One of each; nothing is said to be clean then. */
      {3,
       {FOUND, UNKNOWN, UNSEEN},
       {"A place is written in 1 file", "1 file could not be looked at for a place", SEARCHING},
       "0.jpg\n"},
      {10,
       {FOUND, FOUND, FOUND, FOUND, FOUND, FOUND, FOUND, FOUND, FOUND, FOUND},
       {"A place is written in 10 files"},
       "0.jpg, 1.jpg, 2.jpg, 3.jpg, 4.jpg, 5.jpg, 6.jpg, 7.jpg and 2 more\n"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autoptr (GPtrArray) files =
        g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_place_file_free);
    for (guint k = 0; k < CASES[i].count; k++) {
      g_autofree char *name = g_strdup_printf ("%u.jpg", k);
      SatchelPlaceFile *file = satchel_place_file_new ("id", name);
      file->place = CASES[i].places[k];
      g_ptr_array_add (files, file);
    }
    g_autoptr (GPtrArray) warnings = satchel_place_list_warnings (files);
    guint wanted = 0;
    while (wanted < G_N_ELEMENTS (CASES[i].titles) && CASES[i].titles[wanted] != NULL)
      wanted++;
    g_assert_cmpuint (warnings->len, ==, wanted);
    for (guint k = 0; k < wanted; k++)
      g_assert_cmpstr (((SatchelPlaceWarning *) warnings->pdata[k])->title, ==,
                       CASES[i].titles[k]);
    if (wanted > 0)
      g_assert_true (g_str_has_prefix (((SatchelPlaceWarning *) warnings->pdata[0])->words,
                                       CASES[i].words));
  }
}

/* What would turn a line of words round, or break it, is not shown as it is. */
static void
test_names (void)
{
  g_autoptr (GPtrArray) files =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_place_file_free);
  SatchelPlaceFile *file = satchel_place_file_new ("id", "a\n\u202egpj.exe");

  file->place = FOUND;
  g_ptr_array_add (files, file);
  g_autoptr (GPtrArray) warnings = satchel_place_list_warnings (files);
  const char *words = ((SatchelPlaceWarning *) warnings->pdata[0])->words;
  g_assert_null (g_strrstr (words, "\u202e"));
  g_assert_false (g_str_has_prefix (words, "a\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/place-search/warnings", test_warnings);
  g_test_add_func ("/ui/place-search/names", test_names);
  return g_test_run ();
}
