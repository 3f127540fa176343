/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shared/satchel-error-text.h"

#include <string.h>

#include "base/satchel-error.h"
#include "join/satchel-join-job.h"
#include "papers/satchel-papers-error.h"
#include "people/satchel-people-error.h"
#include "records/satchel-records-error.h"
#include "recorder/satchel-microphone.h"
#include "seal/satchel-seal-error.h"
#include "secret/satchel-secret.h"
#include "session/satchel-session.h"
#include "sync/satchel-sync-error.h"
#include "vault/satchel-db.h"
#include "viewer/satchel-viewer.h"

/* Each domain with its last code: a new one without words fails here. */
static const struct {
  GQuark (*quark) (void);
  int last;
} DOMAINS[] = {
    {satchel_base_error_quark, SATCHEL_BASE_ERROR_INVALID},
    {satchel_secret_error_quark, SATCHEL_SECRET_ERROR_WEAK},
    {satchel_seal_error_quark, SATCHEL_SEAL_ERROR_KEY},
    {satchel_papers_error_quark, SATCHEL_PAPERS_ERROR_STALE},
    {satchel_vault_error_quark, SATCHEL_VAULT_ERROR_EXISTS},
    {satchel_records_error_quark, SATCHEL_RECORDS_ERROR_DAMAGED},
    {satchel_people_error_quark, SATCHEL_PEOPLE_ERROR_DAMAGED},
    {satchel_sync_error_quark, SATCHEL_SYNC_ERROR_DAMAGED},
    {satchel_session_error_quark, SATCHEL_SESSION_ERROR_LOCKED},
    {satchel_join_error_quark, SATCHEL_JOIN_ERROR_LEAD},
    {satchel_viewer_error_quark, SATCHEL_VIEWER_ERROR_TOO_LONG},
    {satchel_microphone_error_quark, SATCHEL_MICROPHONE_ERROR_FULL},
};

static void
test_every_code (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (DOMAINS); i++) {
    for (int code = 0; code <= DOMAINS[i].last; code++) {
      g_autoptr (GError) error = g_error_new_literal (DOMAINS[i].quark (), code, "technical");
      g_autofree char *words = satchel_error_text_dup (error);
      g_test_message ("%s %d: %s", g_quark_to_string (error->domain), code, words);
      g_assert_false (g_str_has_prefix (words, "Something went wrong"));
    }
  }
}

/* What is said of sending is in a person's own language, whole. */
static void
test_sending (void)
{
  for (int code = 0; code <= SATCHEL_SYNC_ERROR_DAMAGED; code++) {
    g_autoptr (GError) error = g_error_new_literal (SATCHEL_SYNC_ERROR, code, "technical");
    g_autofree char *words = satchel_error_text_dup_whole (error);
    g_assert_null (strstr (words, "technical"));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error-text/every-code", test_every_code);
  g_test_add_func ("/error-text/sending", test_sending);
  return g_test_run ();
}
