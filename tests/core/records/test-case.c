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
cases_of (SatchelVault *vault)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) cases = satchel_cases_list (vault, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < cases->len; i++) {
    const SatchelCase *found = cases->pdata[i];
    g_autoptr (SatchelRecord) head = satchel_record_load (vault, found->head_id, NULL);
    g_autoptr (GPtrArray) records = satchel_case_list (vault, found->head_id, NULL);
    const SatchelRecord *first = records->pdata[0];
    const SatchelRecord *last = records->pdata[records->len - 1];
    /* The list and the page are of one mind. */
    g_assert_cmpuint (found->count, ==, records->len);
    g_assert_cmpint (found->from_us, ==, first->when_us);
    g_assert_cmpint (found->until_us, ==, last->when_us);
    g_assert_cmpstr (satchel_case_find_head (vault, records, NULL)->id, ==, head->id);
    g_string_append_printf (text, "%s %u;", json_object_get_string_member (head->values, "title"),
                            found->count);
  }
  return g_string_free (text, FALSE);
}

#define assert_cases(vault, wanted)            \
  do {                                         \
    g_autofree char *found = cases_of (vault); \
    g_assert_cmpstr (found, ==, wanted);       \
  } while (0)

/* Cases are what is linked; the latest first; called after the record that names most. */
static void
test_list (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autoptr (GError) error = NULL;

  assert_cases (vault, "");
  g_autofree char *a = TEST_RECORD (vault, "note", "title=a", "text=.", "when=2024-01-05");
  g_autofree char *b = TEST_RECORD (vault, "summons", "title=b", "received=2024-02-05");
  g_autofree char *c = TEST_RECORD (vault, "note", "title=c", "text=.", "when=2024-03-05");
  g_autofree char *to_c = link_to (c);
  assert_cases (vault, "");
  g_autofree char *d = TEST_RECORD (vault, "note", "title=d", "text=.", "when=2023-03-05", to_c);
  assert_cases (vault, "d 2;");
  g_autofree char *named = satchel_case_create (vault, "Sadovaya", a, &error);
  g_assert_no_error (error);
  assert_cases (vault, "Sadovaya 2;d 2;");
  g_assert_true (satchel_case_add (vault, a, b, &error));
  assert_cases (vault, "Sadovaya 3;d 2;");
  g_assert_true (satchel_case_add (vault, named, b, &error));
  g_assert_true (satchel_case_add (vault, b, d, &error));
  assert_cases (vault, "Sadovaya 5;");
  g_assert_true (satchel_record_erase (vault, d, NULL));
  /* The record that is gone still stands in the case's note; c is alone again. */
  assert_cases (vault, "Sadovaya 3;");
}

/* What is final cannot be changed without a word: another end ties, or none. */
static void
test_add_final (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autoptr (GError) error = NULL;
  g_autofree char *a = TEST_RECORD (vault, "note", "title=a", "text=.", "when=2024-01-05");
  g_autofree char *b = TEST_RECORD (vault, "note", "title=b", "text=.", "when=2024-02-05");
  g_autofree char *c = TEST_RECORD (vault, "note", "title=c", "text=.", "when=2024-03-05");

  g_assert_true (satchel_record_mark_final (vault, a, NULL));
  g_assert_true (satchel_case_add (vault, a, b, &error));
  g_autofree char *two = titles_of_case (vault, a);
  g_assert_cmpstr (two, ==, "ab");
  g_assert_true (satchel_record_mark_final (vault, b, NULL));
  g_assert_true (satchel_record_mark_final (vault, c, NULL));
  g_assert_false (satchel_case_add (vault, a, c, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_FINAL);
}

static void
test_remove (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ties = NULL;
  gboolean can = FALSE;
  g_autofree char *c = TEST_RECORD (vault, "note", "title=c", "text=.", "when=2024-03-05");
  g_autofree char *to_c = link_to (c);
  g_autofree char *a = TEST_RECORD (vault, "note", "title=a", "text=.", "when=2024-01-05", to_c,
                                    "links.0.relation=same-event");
  g_autofree char *to_a = link_to (a);
  g_autofree char *b = TEST_RECORD (vault, "summons", "title=b", "received=2024-02-05", to_a);

  g_assert_true (satchel_case_can_remove (vault, a, &can, &error));
  g_assert_true (can);
  g_assert_true (satchel_case_remove (vault, a, &ties, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (ties->len, ==, 2);
  assert_cases (vault, "");
  g_assert_true (satchel_case_can_remove (vault, a, &can, &error));
  g_assert_false (can);
  g_assert_true (satchel_case_restore (vault, ties, &error));
  g_assert_true (satchel_case_restore (vault, ties, &error));
  g_autofree char *whole = titles_of_case (vault, c);
  g_assert_cmpstr (whole, ==, "abc");
  g_autoptr (SatchelRecord) back = satchel_record_load (vault, a, NULL);
  g_autofree char *relation =
      satchel_fields_dup_text (test_kind ("note"), back->values, "links.0.relation");
  g_assert_cmpstr (relation, ==, "same-event");
  g_autoptr (GString) faults = test_check (vault);
  g_assert_cmpstr (faults->str, ==, "");
  /* A final one that names it holds it. */
  g_assert_true (satchel_record_mark_final (vault, b, NULL));
  g_assert_true (satchel_case_can_remove (vault, a, &can, &error));
  g_assert_false (can);
  g_clear_pointer (&ties, g_ptr_array_unref);
  g_assert_false (satchel_case_remove (vault, a, &ties, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_FINAL);
  g_assert_null (ties);
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

static const SatchelDeadline *
only_deadline (GPtrArray *list)
{
  g_assert_cmpuint (list->len, ==, 1);
  return list->pdata[0];
}

/* Over when the last of the named span is; done as long as its time stands. */
static void
test_over_and_done (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "summons", "title=a", "appear=2024-03-12 come");
  g_autoptr (GPtrArray) open = satchel_deadline_list (vault, 0, 0, NULL, NULL);
  const SatchelDeadline *day = only_deadline (open);
  g_autoptr (GError) error = NULL;

  g_assert_false (day->is_done);
  g_assert_false (satchel_deadline_is_over (day, day->when.unix_us + G_TIME_SPAN_DAY - 1));
  g_assert_true (satchel_deadline_is_over (day, day->when.unix_us + G_TIME_SPAN_DAY));
  g_assert_true (satchel_deadline_set_done (vault, id, "appear", TRUE, NULL));
  g_autoptr (GPtrArray) done = satchel_deadline_list (vault, 0, 0, NULL, NULL);
  g_assert_true (only_deadline (done)->is_done);
  g_assert_false (satchel_deadline_set_done (vault, id, "links", TRUE, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND);
  /* Put off: it is to be done again. */
  g_autoptr (JsonObject) later = test_values (
      test_kind ("summons"), (const char *const[]){"title=a", "appear=2024-03-13 come", NULL});
  g_assert_true (satchel_record_revise (vault, id, later, NULL, NULL));
  g_autoptr (GPtrArray) moved = satchel_deadline_list (vault, 0, 0, NULL, NULL);
  g_assert_false (only_deadline (moved)->is_done);
  g_assert_true (satchel_deadline_set_done (vault, id, "appear", TRUE, NULL));
  g_assert_true (satchel_record_erase (vault, id, NULL));
  g_assert_cmpint (
      test_count (vault, "SELECT count(*) FROM setting WHERE key LIKE 'deadline.done.%'"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/case/timeline", test_timeline);
  g_test_add_func ("/case/list", test_list);
  g_test_add_func ("/case/add-final", test_add_final);
  g_test_add_func ("/case/remove", test_remove);
  g_test_add_func ("/case/deadlines", test_deadlines);
  g_test_add_func ("/case/over-and-done", test_over_and_done);
  return g_test_run ();
}
