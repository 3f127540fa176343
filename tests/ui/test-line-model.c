/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/satchel-record-source.h"

#include "test-people.h"
#include "test-support.h"

#define RECORDS 450

typedef struct {
  char *folder;
  SatchelSession *session;
  SatchelLineModel *model;
  GString *changes; /* "position-removed+added " each */
  GString *firsts;  /* the first title when the list heard of other lines, and "|", each */
  guint failed;     /* how often it said so */
} Fixture;

/* Of the next questions for all rows so many are not answered. */
static gint failures;
static SatchelLineSource failing_source; /* the records', but for that */

static GArray *
ask_or_fail (SatchelVault *vault,
             const char *question,
             guint limit,
             GHashTable **snippets,
             GError **error)
{
  if (limit > 0 || g_atomic_int_get (&failures) == 0)
    return satchel_record_source.ask (vault, question, limit, snippets, error);
  g_atomic_int_add (&failures, -1);
  g_set_error_literal (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_IO, "a loose cable");
  return NULL;
}

static char *
make_record (SatchelVault *vault, const char *title, GError **error)
{
  const SatchelKind *kind = satchel_kinds_find (satchel_kinds_get_builtin (), "note", NULL);
  g_autoptr (JsonObject) values = satchel_fields_new (kind);

  json_object_set_string_member (values, "title", title);
  json_object_set_string_member (values, "text", title);
  return satchel_record_create (vault, kind, values, error);
}

static void
make_vault (const char *folder)
{
  g_autoptr (SatchelVault) vault = test_vault_new (folder, "Reporter", SATCHEL_ROLE_REPORTER);

  g_assert_true (satchel_db_begin (satchel_vault_get_db (vault), NULL));
  for (guint i = 0; i < RECORDS; i++) {
    g_autofree char *title = g_strdup_printf ("%s number %u", i % 2 == 0 ? "even" : "odd", i);
    g_autofree char *id = make_record (vault, title, NULL);
    g_assert_nonnull (id);
  }
  g_assert_true (satchel_db_commit (satchel_vault_get_db (vault), NULL));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  satchel_session_open_finish (SATCHEL_SESSION (source), result, &error);
  g_assert_no_error (error);
}

static void
changed_cb (GListModel *model, guint position, guint removed, guint added, Fixture *fixture)
{
  g_string_append_printf (fixture->changes, "%u-%u+%u ", position, removed, added);
  if (position > 0 || added == 0)
    return;
  g_autoptr (SatchelRecordItem) first = g_list_model_get_item (model, 0);
  g_string_append_printf (fixture->firsts, "%s|", satchel_record_item_get_line (first)->title);
}

static void
failed_cb (SatchelLineModel *model, const GError *error, Fixture *fixture)
{
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_IO);
  fixture->failed++;
}

/* @data: how many of the questions for all rows are not answered. */
static void
set_up (Fixture *fixture, gconstpointer data)
{
  failures = GPOINTER_TO_INT (data);
  fixture->folder = test_scratch_new ();
  make_vault (fixture->folder);
  g_autoptr (SatchelSecret) passphrase =
      satchel_secret_new_copy ((const guint8 *) "correct horse battery", 21, NULL);
  g_autofree char *vault = g_build_filename (fixture->folder, "Reporter", NULL);
  fixture->session = satchel_session_new (vault);
  satchel_session_open_async (fixture->session, passphrase, opened_cb, NULL);
  while (satchel_session_get_state (fixture->session) != SATCHEL_SESSION_OPEN)
    g_main_context_iteration (NULL, TRUE);
  fixture->changes = g_string_new (NULL);
  fixture->firsts = g_string_new (NULL);
  fixture->model = satchel_line_model_new (fixture->session, &failing_source, NULL);
  g_signal_connect (fixture->model, "items-changed", G_CALLBACK (changed_cb), fixture);
  g_signal_connect (fixture->model, "failed", G_CALLBACK (failed_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->model);
  satchel_session_shut (fixture->session);
  g_object_unref (fixture->session);
  g_string_free (fixture->changes, TRUE);
  g_string_free (fixture->firsts, TRUE);
  test_scratch_free (fixture->folder);
}

static guint
count (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->model));
}

static void
wait_count (Fixture *fixture, guint expected)
{
  while (count (fixture) != expected)
    g_main_context_iteration (NULL, TRUE);
}

static SatchelRecordItem *
get (Fixture *fixture, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (fixture->model), position);
}

static void
wait_title (SatchelRecordItem *item, const char *title)
{
  while (g_strcmp0 (satchel_record_item_get_line (item)->title, title) != 0)
    g_main_context_iteration (NULL, TRUE);
}

/* --- Jobs on the session --- */

static gpointer
add_run (SatchelVault *vault,
         gpointer input,
         SatchelProgressReport progress,
         GCancellable *cancellable,
         GError **error)
{
  return make_record (vault, input, error);
}

static gpointer
rename_run (SatchelVault *vault,
            gpointer input,
            SatchelProgressReport progress,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (SatchelRecord) record = satchel_record_load (vault, input, error);

  g_assert_nonnull (record);
  json_object_set_string_member (record->values, "title", "renamed");
  g_assert_true (satchel_record_revise (vault, input, record->values, NULL, error));
  return g_strdup (input);
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  g_assert_no_error (error);
}

static void
run (Fixture *fixture, SatchelSessionRun job, const char *input)
{
  satchel_session_run_async (fixture->session,
                             &(SatchelSessionJob){.run = job,
                                                  .input = g_strdup (input),
                                                  .input_free = g_free,
                                                  .result_free = g_free,
                                                  .changes = SATCHEL_CHANGED_RECORDS},
                             NULL, ran_cb, NULL);
}

/* --- Tests --- */

/* The first rows at once, and with what is in them; then some for each frame, then all. */
static void
test_grows (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SatchelRecordItem) first = NULL;

  wait_count (fixture, RECORDS);
  g_assert_cmpstr (fixture->changes->str, ==,
                   "0-0+20 20-0+30 50-0+30 80-0+30 110-0+30 140-0+30 170-0+30 200-0+30 230-0+220 ");
  g_assert_cmpstr (fixture->firsts->str, ==, "odd number 449|");
  first = get (fixture, 0);
  wait_title (first, "odd number 449");
  g_autoptr (SatchelRecordItem) last = get (fixture, RECORDS - 1);
  wait_title (last, "even number 0");
  g_assert_null (get (fixture, RECORDS));
}

/* What is new comes, and the rest stays; what reads differently is filled again. */
static void
test_changes (Fixture *fixture, gconstpointer data)
{
  wait_count (fixture, RECORDS);
  g_autoptr (SatchelRecordItem) fifth = get (fixture, 4);
  wait_title (fifth, "odd number 445");

  g_string_truncate (fixture->changes, 0);
  run (fixture, add_run, "new");
  wait_count (fixture, RECORDS + 1);
  g_assert_cmpstr (fixture->changes->str, ==, "0-0+1 ");
  g_autoptr (SatchelRecordItem) first = get (fixture, 0);
  g_autoptr (SatchelRecordItem) sixth = get (fixture, 5);
  wait_title (first, "new");
  g_assert_true (sixth == fifth);

  run (fixture, rename_run, satchel_record_item_get_id (fifth));
  wait_title (fifth, "renamed");
  g_assert_cmpstr (fixture->changes->str, ==, "0-0+1 451-0+0 ");
}

static void
test_search (Fixture *fixture, gconstpointer data)
{
  /* Asked before all were told of: nothing comes late. */
  while (count (fixture) == 0)
    g_main_context_iteration (NULL, TRUE);
  satchel_line_model_ask (fixture->model, "even");
  wait_count (fixture, SATCHEL_RECORD_SOURCE_HITS);
  g_assert_cmpstr (fixture->firsts->str, ==, "odd number 449|even number 448|");
  const guint places[] = {0, 40, SATCHEL_RECORD_SOURCE_HITS - 1};
  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autoptr (SatchelRecordItem) item = get (fixture, places[i]);
    g_autofree char *title = g_strdup_printf ("even number %u", 448 - 2 * places[i]);
    wait_title (item, title);
    g_assert_true (g_str_has_prefix (satchel_record_item_get_line (item)->markup,
                                     "<b>even</b> number "));
  }

  satchel_line_model_ask (fixture->model, "odd 445");
  wait_count (fixture, 1);
  satchel_line_model_ask (fixture->model, "");
  wait_count (fixture, RECORDS);
}

/* The first rows are there, and the question for all of them fails: they come all the same, with
 * nothing done by anybody, and what stood already stays. */
static void
test_fails (Fixture *fixture, gconstpointer data)
{
  wait_count (fixture, RECORDS);
  g_assert_cmpstr (fixture->firsts->str, ==, "odd number 449|");
  g_assert_cmpuint (fixture->failed, ==, 1);
  g_assert_cmpint (failures, ==, 0);
}

/* Whoever asks the same again does not wait for that, and is told anew where it fails again. */
static void
test_asked_again (Fixture *fixture, gconstpointer data)
{
  for (guint round = 1; round <= 2; round++) {
    while (fixture->failed < round)
      g_main_context_iteration (NULL, TRUE);
    g_atomic_int_set (&failures, round == 1 ? 1 : 0);
    satchel_line_model_ask (fixture->model, NULL);
  }
  wait_count (fixture, RECORDS);
  g_assert_cmpstr (fixture->firsts->str, ==, "odd number 449|odd number 449|odd number 449|");
}

/* Another question is not kept from its answer. */
static void
test_asked_otherwise (Fixture *fixture, gconstpointer data)
{
  while (fixture->failed == 0)
    g_main_context_iteration (NULL, TRUE);
  satchel_line_model_ask (fixture->model, "odd 445");
  wait_count (fixture, 1);
  satchel_line_model_ask (fixture->model, NULL);
  while (fixture->failed == 1)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  failing_source = satchel_record_source;
  failing_source.ask = ask_or_fail;
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/ui/line-model/grows", Fixture, NULL, set_up, test_grows, tear_down);
  g_test_add ("/ui/line-model/changes", Fixture, NULL, set_up, test_changes, tear_down);
  g_test_add ("/ui/line-model/search", Fixture, NULL, set_up, test_search, tear_down);
  g_test_add ("/ui/line-model/fails", Fixture, GINT_TO_POINTER (2), set_up, test_fails, tear_down);
  g_test_add ("/ui/line-model/asked-again", Fixture, GINT_TO_POINTER (1), set_up,
              test_asked_again, tear_down);
  g_test_add ("/ui/line-model/asked-otherwise", Fixture, GINT_TO_POINTER (G_MAXINT), set_up,
              test_asked_otherwise, tear_down);
  return g_test_run ();
}
