/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/satchel-intake-site.h"

#include <string.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-time.h"
#include "test-papers.h"
#include "test-support.h"

static const char *const hosts[] = {"desk.example", "127.0.0.1", "::1", NULL};

static SatchelIntakeSite *
new_site (const char *scratch)
{
  g_autofree char *folder = g_build_filename (scratch, "intake", NULL);
  g_autoptr (GError) error = NULL;

  satchel_intake_site_init (folder, "Desk", hosts, 8443, &error);
  g_assert_no_error (error);
  SatchelIntakeSite *site = satchel_intake_site_load (folder, &error);
  g_assert_no_error (error);
  return site;
}

static void
test_init (void)
{
  g_autoptr (TestScratch) scratch = test_scratch_new ();
  g_autoptr (SatchelIntakeSite) site = new_site (scratch);
  g_autofree char *path = satchel_intake_site_dup_path (site, "intake.card");
  g_autoptr (GBytes) text = satchel_file_load (path, SATCHEL_INTAKE_CARD_SIZE_MAX, NULL);
  g_autoptr (SatchelIntakeCard) card =
      satchel_intake_card_parse (g_bytes_get_data (text, NULL), g_bytes_get_size (text), NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (card);
  g_assert_cmpstr (card->name, ==, "Desk");
  g_assert_cmpstr (card->addresses[0], ==, "https://desk.example:8443");
  g_assert_cmpstr (card->addresses[2], ==, "https://[::1]:8443");
  g_assert_true (satchel_minisign_key_equal (&card->receipt, &site->receipt));
  g_assert_cmpuint (site->limits.upload_max_bytes, ==, (guint64) 64 << 30);
  g_assert_false (satchel_intake_site_init (site->folder, "Desk", hosts, 8443, &error));
  g_assert_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_EXISTS);
}

/* openssl takes the server's certificate for each host, under the authority alone. */
static void
test_certificates (void)
{
  g_autoptr (TestScratch) scratch = test_scratch_new ();
  g_autoptr (SatchelIntakeSite) site = NULL;

  if (!test_has_program ("openssl"))
    return;
  site = new_site (scratch);
  g_autofree char *authority = satchel_intake_site_dup_path (site, "ca.crt");
  g_autofree char *server = satchel_intake_site_dup_path (site, "server.crt");
  const struct {
    const char *option, *value;
    int code;
  } table[] = {{"-verify_hostname", "desk.example", 0},
               {"-verify_ip", "127.0.0.1", 0},
               {"-verify_ip", "::1", 0},
               {"-verify_hostname", "other.example", 2}};
  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    const char *argv[] = {"openssl", "verify", "-x509_strict", "-purpose",
                          "sslserver", "-no-CApath", "-no-CAstore", "-CAfile",
                          authority, table[i].option, table[i].value, server,
                          NULL};
    g_assert_cmpint (test_run (argv, NULL, NULL, NULL), ==, table[i].code);
  }
}

static gboolean
admit (SatchelIntakeSite *site, const char *text, gboolean first, int code)
{
  g_autoptr (GError) error = NULL;
  gboolean done = satchel_intake_site_admit_newsroom (site, text, strlen (text), first, &error);

  if (code != 0)
    g_assert_error (error, SATCHEL_INTAKE_ERROR, code);
  else
    g_assert_no_error (error);
  return done;
}

static void
test_newsroom (void)
{
  g_autoptr (TestScratch) scratch = test_scratch_new ();
  g_autoptr (SatchelIntakeSite) site = new_site (scratch);
  g_autoptr (TestPerson) lead = test_person_new ("Lead", SATCHEL_ROLE_EDITOR);
  g_autoptr (TestPerson) other = test_person_new ("Other", SATCHEL_ROLE_EDITOR);
  gint64 now = satchel_now_us ();
  g_autoptr (SatchelNewsroomCard) first = test_newsroom_card (lead, 3, now, NULL);
  g_autoptr (SatchelNewsroomCard) twin = test_newsroom_card (lead, 3, now + 5000000, NULL);
  g_autoptr (SatchelNewsroomCard) second = test_newsroom_card (lead, 4, now, NULL);
  g_autoptr (SatchelNewsroomCard) foreign = test_newsroom_card (other, 9, now, NULL);

  admit (site, first->text, FALSE, SATCHEL_INTAKE_ERROR_NOT_READY);
  admit (site, "nothing", TRUE, SATCHEL_INTAKE_ERROR_REQUEST);
  admit (site, first->text, TRUE, 0);
  admit (site, first->text, FALSE, 0);
  admit (site, twin->text, TRUE, SATCHEL_INTAKE_ERROR_CONFLICT);
  admit (site, foreign->text, TRUE, SATCHEL_INTAKE_ERROR_FORBIDDEN);
  admit (site, second->text, FALSE, 0);
  admit (site, first->text, TRUE, SATCHEL_INTAKE_ERROR_CONFLICT);
  g_autoptr (SatchelNewsroomCard) now_card = satchel_intake_site_load_newsroom (site, NULL);
  g_assert_cmpuint (now_card->number, ==, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/intake-site/init", test_init);
  g_test_add_func ("/intake-site/certificates", test_certificates);
  g_test_add_func ("/intake-site/newsroom", test_newsroom);
  return g_test_run ();
}
