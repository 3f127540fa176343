/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/satchel-inbox-text.h"

#include <string.h>

#include "inbox/satchel-inbox-job.h"
#include "test-people.h"
#include "test-support.h"

/* Taken in by hand: a file that is not there any more, and one that is no bundle. */
static void
test_unread (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder, "Anna", 0);
  g_autofree char *pulled = g_build_filename (folder, "pulled.age", NULL);
  const char *const paths[] = {pulled, NULL};
  SatchelSessionJob job = satchel_inbox_take_job (paths, (SatchelProgressReport){0});
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelInboxTaken) taken =
      job.run (vault, job.input, (SatchelProgressReport){0}, NULL, &error);
  g_autoptr (GPtrArray) kept = satchel_inbox_list (vault, NULL);

  g_assert_no_error (error);
  g_assert_no_error (taken->error);
  g_assert_cmpuint (taken->entries->len, ==, 1);
  g_assert_true (((const SatchelInboxEntry *) taken->entries->pdata[0])->is_unreadable);
  g_assert_cmpuint (kept->len, ==, 0);
  job.input_free (job.input);
}

static void
test_words (void)
{
  static SatchelInboxEntry unread = {.outcome = SATCHEL_INBOX_ASIDE, .is_unreadable = TRUE};
  static SatchelInboxEntry aside = {.outcome = SATCHEL_INBOX_ASIDE};
  static SatchelInboxEntry opened = {.outcome = SATCHEL_INBOX_OPENED};
  g_autoptr (GPtrArray) taken = g_ptr_array_new ();
  g_autofree char *one = NULL, *two = NULL, *three = NULL;

  g_ptr_array_add (taken, &unread);
  one = satchel_inbox_text_dup_taken (taken, TRUE);
  g_assert_true (g_str_has_prefix (one, "1 bundle could not be read."));
  g_assert_null (strstr (one, "believed"));
  g_ptr_array_add (taken, &opened);
  two = satchel_inbox_text_dup_taken (taken, TRUE);
  g_assert_nonnull (strstr (two, "could not be read."));
  g_assert_nonnull (strstr (two, "1 bundle verified and opened"));
  g_ptr_array_add (taken, &aside);
  three = satchel_inbox_text_dup_taken (taken, TRUE);
  g_assert_nonnull (strstr (three, "1 bundle could not be read."));
  g_assert_nonnull (strstr (three, "1 bundle was not believed"));
}

/* Stopped in the middle: what was taken in is told of, and why there is no more. */
static void
test_stopped (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder, "Anna", 0);
  g_autofree char *pulled = g_build_filename (folder, "pulled.age", NULL);
  const char *const paths[] = {pulled, folder, NULL};
  SatchelSessionJob job = satchel_inbox_take_job (paths, (SatchelProgressReport){0});
  g_autoptr (GCancellable) stop = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (stop);
  g_autoptr (SatchelInboxTaken) taken =
      job.run (vault, job.input, (SatchelProgressReport){0}, stop, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (taken->entries->len, ==, 1);
  g_assert_error (taken->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  job.input_free (job.input);
}

/* What stands in no inbox is explained at once, each reason once. */
static void
test_unlisted (void)
{
  static SatchelInboxEntry forwarded = {.outcome = SATCHEL_INBOX_ASIDE,
                                        .reason = SATCHEL_ASIDE_NOT_FOR_US};
  static SatchelInboxEntry damaged = {.outcome = SATCHEL_INBOX_ASIDE,
                                      .reason = SATCHEL_ASIDE_DAMAGED};
  g_autoptr (GPtrArray) taken = g_ptr_array_new ();
  g_autofree char *desk = NULL, *reporter = NULL, *said = NULL;

  g_ptr_array_add (taken, &forwarded);
  g_ptr_array_add (taken, &forwarded);
  desk = satchel_inbox_text_dup_unlisted (taken, TRUE);
  g_assert_true (g_str_has_prefix (desk, "Not for you\n"));
  g_assert_null (strstr (desk + 1, "Not for you"));
  g_assert_null (satchel_inbox_text_dup_taken (taken, TRUE));
  g_ptr_array_add (taken, &damaged);
  said = satchel_inbox_text_dup_taken (taken, TRUE);
  g_assert_cmpstr (said, ==, "1 bundle was not believed: see why in the inbox");
  reporter = satchel_inbox_text_dup_unlisted (taken, FALSE);
  g_assert_nonnull (strstr (reporter, "Damaged\n"));
  g_assert_null (satchel_inbox_text_dup_taken (taken, FALSE));
}

/* What the core says in English stands behind a sentence in the person's own language. */
static void
test_finding (void)
{
  static const struct {
    SatchelInboxOutcome outcome;
    SatchelAsideReason reason;
    const char *finding;
    const char *text; /* NULL for none */
  } CASES[] = {
      {SATCHEL_INBOX_ASIDE, SATCHEL_ASIDE_DAMAGED, "age-payload: cut short (chunk 3)",
       "It is damaged, or was not made by Satchel. Exactly: age-payload: cut short (chunk 3)"},
      {SATCHEL_INBOX_ASIDE, SATCHEL_ASIDE_FORK, "fork: x\u202e", "Exactly: fork: x\ufffd"},
      {SATCHEL_INBOX_ASIDE, SATCHEL_ASIDE_CONTENTS, "r0001.json: x", "Exactly: r0001.json: x"},
      {SATCHEL_INBOX_ASIDE, SATCHEL_ASIDE_STRANGER, "stranger: x", NULL},
      {SATCHEL_INBOX_ASIDE, SATCHEL_ASIDE_FORK, NULL, NULL},
      {SATCHEL_INBOX_OPENED, SATCHEL_ASIDE_DAMAGED, "late: x", NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    const SatchelInboxEntry entry = {.outcome = CASES[i].outcome,
                                     .reason = CASES[i].reason,
                                     .finding = (char *) CASES[i].finding};
    g_autofree char *text = satchel_inbox_text_dup_finding (&entry);
    g_assert_cmpstr (text, ==, CASES[i].text);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/inbox-text/unread", test_unread);
  g_test_add_func ("/inbox-text/words", test_words);
  g_test_add_func ("/inbox-text/stopped", test_stopped);
  g_test_add_func ("/inbox-text/unlisted", test_unlisted);
  g_test_add_func ("/inbox-text/finding", test_finding);
  return g_test_run ();
}
