/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/satchel-intake-auth.h"

#include <string.h>

#include "base/satchel-time.h"
#include "test-papers.h"
#include "test-support.h"

static const char *const hosts[] = {"desk.example", NULL};

typedef struct {
  char *scratch;
  SatchelIntakeSite *site;
  TestPerson *lead;
  TestPerson *stranger;
  SatchelIntakeAuth *auth;
} Fixture;

static void
set_up (Fixture *self, gconstpointer unused)
{
  self->scratch = test_scratch_new ();
  g_autofree char *folder = g_build_filename (self->scratch, "intake", NULL);
  self->lead = test_person_new ("Lead", SATCHEL_ROLE_EDITOR);
  self->stranger = test_person_new ("Stranger", SATCHEL_ROLE_EDITOR);
  g_autoptr (SatchelNewsroomCard) card =
      test_newsroom_card (self->lead, 1, satchel_now_us (), NULL);
  g_assert_true (satchel_intake_site_init (folder, "Desk", hosts, 443, NULL));
  self->site = satchel_intake_site_load (folder, NULL);
  self->auth = satchel_intake_auth_new (self->site);
  g_assert_null (satchel_intake_auth_get_mailbox (self->auth));
  g_assert_true (satchel_intake_site_admit_newsroom (self->site, card->text, strlen (card->text),
                                                     TRUE, NULL));
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  satchel_intake_auth_free (self->auth);
  satchel_intake_site_free (self->site);
  test_person_free (self->lead);
  test_person_free (self->stranger);
  test_scratch_free (self->scratch);
}

static void
check (Fixture *self, const SatchelIntakeCredentials *credentials, int code)
{
  SatchelIntakeAsker asker = {0};
  g_autoptr (GError) error = NULL;
  gboolean known = satchel_intake_auth_check (self->auth, credentials, &asker, &error);

  g_assert_cmpint (known, ==, code == 0);
  if (code != 0)
    g_assert_error (error, SATCHEL_INTAKE_ERROR, code);
  else
    g_assert_cmpint (asker.kind, !=, SATCHEL_INTAKE_NOBODY);
  satchel_intake_asker_clear (&asker);
}

static void
test_nobody (Fixture *self, gconstpointer unused)
{
  const SatchelIntakeCredentials nothing = {.request = {"GET", "desk.example", "/", "", NULL}};

  check (self, &nothing, SATCHEL_INTAKE_ERROR_UNKNOWN);
}

static void
test_token (Fixture *self, gconstpointer unused)
{
  g_autoptr (SatchelToken) token =
      satchel_token_sign (satchel_now_us () + G_TIME_SPAN_DAY, self->lead->minisign, NULL);
  g_autofree char *bearer = satchel_token_to_bearer (token);
  g_autofree char *good = g_strconcat ("Bearer ", bearer, NULL);
  g_autofree char *basic = g_strconcat ("Basic ", bearer, NULL);
  SatchelIntakeCredentials credentials = {.authorization = good};
  SatchelIntakeAsker asker = {0};

  g_assert_true (satchel_intake_auth_check (self->auth, &credentials, &asker, NULL));
  g_assert_cmpstr (asker.owner, ==, token->id);
  g_assert_true (satchel_intake_auth_may_upload (self->auth, &asker, token->mailbox, NULL));
  g_assert_false (satchel_intake_auth_may_upload (self->auth, &asker, token->return_mailbox, NULL));
  g_assert_true (satchel_intake_auth_may_read (self->auth, &asker, token->return_mailbox, NULL));
  g_assert_false (satchel_intake_auth_may_read (self->auth, &asker, token->mailbox, NULL));
  satchel_intake_asker_clear (&asker);
  credentials.authorization = basic;
  check (self, &credentials, SATCHEL_INTAKE_ERROR_UNKNOWN);
}

static void
test_signature (Fixture *self, gconstpointer unused)
{
  const SatchelHttpRequest request = {"GET", "desk.example", "/mailboxes/x", "after=1", NULL};
  gint64 now_s = satchel_now_us () / G_USEC_PER_SEC;
  const struct {
    SatchelSecret *key;
    gint64 created_s;
    const char *path;
    gboolean body;
    int code;
  } table[] = {
      {self->lead->access, now_s, request.path, FALSE, 0},
      {self->lead->access, now_s + 59, request.path, FALSE, 0},
      {self->lead->access, now_s + 70, request.path, FALSE, SATCHEL_INTAKE_ERROR_UNKNOWN},
      {self->lead->access, now_s - 5, request.path, FALSE, SATCHEL_INTAKE_ERROR_UNKNOWN},
      {self->lead->access, now_s, "/mailboxes/y", FALSE, SATCHEL_INTAKE_ERROR_UNKNOWN},
      {self->lead->access, now_s, request.path, TRUE, SATCHEL_INTAKE_ERROR_UNKNOWN},
      {self->stranger->access, now_s, request.path, FALSE, SATCHEL_INTAKE_ERROR_UNKNOWN},
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    SatchelHttpRequest asked = request;
    g_autofree char *input = NULL;
    g_autofree char *signature = NULL;
    g_assert_true (satchel_http_signature_sign (&request, table[i].key, table[i].created_s, &input,
                                                &signature, NULL));
    asked.path = table[i].path;
    const SatchelIntakeCredentials credentials = {NULL, input, signature, asked, table[i].body};
    g_test_message ("row %u", i);
    check (self, &credentials, table[i].code);
    /* Never a second time. */
    check (self, &credentials, SATCHEL_INTAKE_ERROR_UNKNOWN);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add ("/intake-auth/nobody", Fixture, NULL, set_up, test_nobody, tear_down);
  g_test_add ("/intake-auth/token", Fixture, NULL, set_up, test_token, tear_down);
  g_test_add ("/intake-auth/signature", Fixture, NULL, set_up, test_signature, tear_down);
  return g_test_run ();
}
