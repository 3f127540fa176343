/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-case.h"

#include "records-test.h"
#include "records/satchel-deadline.h"

static char *
link_to (const char *id)
{
  return g_strconcat ("links.0.record=", id, NULL);
}

static char *
titles_of_case (SatchelVault *vault, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = satchel_case_list (vault, id, &error);
  GString *titles = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < records->len; i++)
    g_string_append (titles,
                     json_object_get_string_member (
                         ((SatchelRecord *) records->pdata[i])->values, "title"));
  return g_string_free (titles, FALSE);
}

/* A timeline in order of what happened, from whichever record it is asked. */
static void
test_timeline (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *c = TEST_RECORD (vault, "note", "title=c", "text=.", "when=2024-03-05");
  g_autofree char *to_c = link_to (c);
  g_autofree char *a = TEST_RECORD (vault, "note", "title=a", "text=.", "when=2024-01-05", to_c);
  g_autofree char *to_a = link_to (a);
  g_autofree char *b = TEST_RECORD (vault, "summons", "title=b", "received=2024-02-05", to_a);
  g_autofree char *alone = TEST_RECORD (vault, "note", "title=x", "text=.");
  const char *const members[] = {a, b, c};

  for (guint i = 0; i < 3; i++) {
    g_autofree char *titles = titles_of_case (vault, members[i]);
    g_assert_cmpstr (titles, ==, "abc");
  }
  g_autofree char *single = titles_of_case (vault, alone);
  g_assert_cmpstr (single, ==, "x");
  g_autoptr (GPtrArray) links = satchel_link_list (vault, a, NULL);
  g_assert_cmpuint (links->len, ==, 2);
  /* Erasing the middle one leaves the two that it named or that named it. */
  g_assert_true (satchel_record_erase (vault, a, NULL));
  g_autofree char *rest = titles_of_case (vault, b);
  g_assert_cmpstr (rest, ==, "b");
  g_autoptr (GString) faults = test_check (vault);
  g_assert_cmpstr (faults->str, ==, "");
}

static char *
deadlines (SatchelVault *vault, gint64 since, gint64 until)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = satchel_deadline_list (vault, since, until, NULL, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < list->len; i++)
    g_string_append_printf (text, "%s;", ((SatchelDeadline *) list->pdata[i])->what);
  return g_string_free (text, FALSE);
}

static void
test_deadlines (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  const gint64 march_12 = G_GINT64_CONSTANT (1710201600) * G_USEC_PER_SEC;
  g_autofree char *a =
      TEST_RECORD (vault, "summons", "title=a", "appear=2024-03-14T10:00+03:00 room 5");
  g_autofree char *b = TEST_RECORD (vault, "court", "title=b", "hearing.when=2024-03-12T09:00Z",
                                    "hearing.what=hearing", "appeal_until.what=appeal");
  g_autofree char *c = TEST_RECORD (vault, "summons", "title=c", "appear=2024-03-01 late");

  g_autofree char *upcoming = deadlines (vault, march_12, 0);
  g_assert_cmpstr (upcoming, ==, "hearing;room 5;appeal;");
  g_autofree char *two_days = deadlines (vault, march_12, march_12 + 2 * G_TIME_SPAN_DAY);
  g_assert_cmpstr (two_days, ==, "hearing;");
  g_assert_true (satchel_record_erase (vault, b, NULL));
  g_autofree char *left = deadlines (vault, G_MININT64, 0);
  g_assert_cmpstr (left, ==, "late;room 5;");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/case/timeline", test_timeline);
  g_test_add_func ("/case/deadlines", test_deadlines);
  return g_test_run ();
}
