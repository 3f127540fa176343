/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Verdicts and custody. */
#include "ctl.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "base/satchel-time.h"
#include "legal/satchel-calendar-export.h"
#include "legal/satchel-export.h"
#include "legal/satchel-verify.h"
#include "people/satchel-identity.h"
#include "records/satchel-evidence.h"
#include "records/satchel-ledger.h"
#include "records/satchel-record.h"

#include "ctl-unshared.h"

/* --- verify ------------------------------------------------------------------------------------
 */

typedef struct {
  char *as_of;
  char *card_file;
  char *identity_file;
  SatchelCard *card;
  SatchelVerifyOptions options;
} VerifyOptions;

static void
verify_options_clear (VerifyOptions *self)
{
  g_free (self->as_of);
  g_free (self->card_file);
  g_free (self->identity_file);
  satchel_card_free (self->card);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VerifyOptions, verify_options_clear)

static gboolean
resolve_verify_options (VerifyOptions *self, GError **error)
{
  SatchelWhen now = satchel_when_now (), when;
  g_autoptr (GError) local_error = NULL;

  if (self->as_of != NULL) {
    if (!satchel_when_parse (self->as_of, now.offset_minutes, &when, &local_error)) {
      ctl_set_usage (error, "%s", local_error->message);
      return FALSE;
    }
    self->options.as_of_unix_us = when.unix_us;
  }
  if (self->card_file == NULL)
    return TRUE;
  g_autoptr (GBytes) bytes = satchel_file_load (self->card_file, SATCHEL_CARD_SIZE_MAX, error);
  self->card = bytes == NULL ? NULL
                             : satchel_card_parse (g_bytes_get_data (bytes, NULL),
                                                   g_bytes_get_size (bytes), error);
  self->options.card = self->card;
  return self->card != NULL;
}

/* The identities to open a bundle with: those in a file, or the vault owner's own. */
static GPtrArray *
verify_identities (Ctl *ctl, const char *file, GError **error)
{
  if (file != NULL)
    return ctl_load_identities (file, error);
  g_autoptr (SatchelIdentity) identity =
      !ctl_open_vault (ctl, error) ? NULL : satchel_identity_load (ctl->vault, error);
  if (identity == NULL)
    return NULL;
  GPtrArray *identities = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_secret_unref);
  g_ptr_array_add (identities, satchel_secret_ref (identity->age));
  return identities;
}

static SatchelVerification *
verify_path (Ctl *ctl, const char *path, const VerifyOptions *options, GError **error)
{
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return satchel_verify_folder (path, &options->options, ctl->cancellable, error);
  g_autoptr (GPtrArray) identities = verify_identities (ctl, options->identity_file, error);
  if (identities == NULL)
    return NULL;
  return satchel_verify_bundle (path,
                                (SatchelSecret *const *) identities->pdata,
                                identities->len,
                                &options->options,
                                ctl->pool,
                                ctl_progress (ctl, _ ("Verifying")),
                                ctl->cancellable,
                                error);
}

static void
json_verification (const SatchelVerification *verification)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  ctl_json_bool (builder, "holds", verification->holds);
  if (verification->info != NULL) {
    g_autofree char *key = satchel_minisign_key_format (&verification->info->sender_minisign);
    ctl_json_string (builder, "bundle_id", verification->info->bundle_id);
    ctl_json_string (builder, "minisign", key);
    ctl_json_hex (builder, "tagmanifest_sha256", verification->info->tagmanifest_sha256, 32);
  }
  json_builder_set_member_name (builder, "verdicts");
  json_builder_begin_array (builder);
  for (guint i = 0; i < verification->verdicts->len; i++) {
    const SatchelItemVerdict *verdict = g_ptr_array_index (verification->verdicts, i);
    json_builder_begin_object (builder);
    ctl_json_string (builder, "object", verdict->object);
    ctl_json_string (builder, "id", verdict->id);
    ctl_json_string (builder, "name", verdict->name);
    ctl_json_bool (builder, "holds", verdict->holds);
    ctl_json_string (builder, "text", verdict->text);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  ctl_print_builder (builder);
}

static void
print_verification (Ctl *ctl, const SatchelVerification *verification)
{
  for (guint i = 0; i < verification->verdicts->len; i++) {
    const SatchelItemVerdict *verdict = g_ptr_array_index (verification->verdicts, i);
    g_autofree char *object = ctl_shown (verdict->object);
    g_autofree char *name = ctl_shown (verdict->name);
    g_autofree char *text = ctl_shown (verdict->text);
    ctl_print (ctl, "%s  %s%s%s%s: %s\n", verdict->holds ? _ ("holds ") : _ ("BROKEN"), object,
               *name != '\0' ? " (" : "", name, *name != '\0' ? ")" : "", text);
  }
  ctl_print (ctl, "%s\n",
             verification->holds ? _ ("Everything holds.")
                                 : _ ("This does NOT hold: do not rely on it."));
}

static gboolean
run_verify (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_auto (VerifyOptions) options = {0};
  const GOptionEntry entries[] = {
      {"as-of", 0, 0, G_OPTION_ARG_STRING, &options.as_of, N_ ("Judge as of this time (ISO 8601)"),
       N_ ("TIME")},
      {"card", 0, 0, G_OPTION_ARG_FILENAME, &options.card_file,
       N_ ("The card of who must have signed"), N_ ("CARD")},
      {"identity", 'i', 0, G_OPTION_ARG_FILENAME, &options.identity_file,
       N_ ("Open a bundle with this age identity, without a vault"), N_ ("FILE")},
      {NULL},
  };

  if (!ctl_parse (ctl_find_command (argv[0]), entries, &argc, &argv, 1, 1, error) ||
      !resolve_verify_options (&options, error))
    return FALSE;
  g_autoptr (SatchelVerification) verification = verify_path (ctl, argv[1], &options, error);
  if (verification == NULL)
    return FALSE;
  ctl_progress_end (ctl);
  if (ctl->json)
    json_verification (verification);
  else
    print_verification (ctl, verification);
  *exit_code = verification->holds ? CTL_DONE : CTL_UNVERIFIED;
  return TRUE;
}

/* --- export ------------------------------------------------------------------------------------
 */

static gboolean
check_export (const char *format, const char *folder, GError **error)
{
  if (folder == NULL)
    ctl_set_usage (error, "%s", _ ("say where to: -o FOLDER"));
  else if (format == NULL)
    ctl_set_usage (error, "%s", _ ("say how: --format bag, or ics"));
  else if (!g_str_equal (format, "bag") && !g_str_equal (format, "ics"))
    ctl_set_usage (error, _ ("there is no format \"%s\": there are bag and ics"), format);
  else
    return TRUE;
  return FALSE;
}

/* "names", "places" or both, with a comma. Either stands in free text, so each leaves out all that
 * somebody wrote. */
static gboolean
check_omission (const char *text, const char *format, GError **error)
{
  g_auto (GStrv) parts = text != NULL && *text != '\0' ? g_strsplit (text, ",", -1) : NULL;

  if (text == NULL)
    return TRUE;
  if (parts == NULL) {
    ctl_set_usage (error, "%s", _ ("say what to leave out: --without names,places"));
    return FALSE;
  }
  for (guint i = 0; parts[i] != NULL; i++)
    if (!g_str_equal (parts[i], "names") && !g_str_equal (parts[i], "places")) {
      ctl_set_usage (error, _ ("\"%s\" cannot be left out: there are names and places"), parts[i]);
      return FALSE;
    }
  if (g_str_equal (format, "ics"))
    return TRUE;
  ctl_set_usage (error, "%s",
                 _ ("a bag is signed over all that is in it: nothing can be left out of it. Export "
                    "a calendar (--format ics), or write a new record with what may be known"));
  return FALSE;
}

static gboolean
export_calendar (Ctl *ctl,
                 const char *const *ids,
                 gboolean without_own_words,
                 const char *folder,
                 GError **error)
{
  const SatchelCalendarRequest request = {.records = ids,
                                          .contents = SATCHEL_CALENDAR_CASE,
                                          .without_own_words = without_own_words,
                                          .language = ctl_language ()};
  SatchelCalendarTally tally;

  if (!satchel_calendar_export_folder (ctl->vault, &request, folder, &tally, error))
    return FALSE;
  if (tally.timeless > 0)
    ctl_note (ctl,
              ngettext ("%u entry was left out: nobody knows when",
                        "%u entries were left out: nobody knows when", tally.timeless),
              tally.timeless);
  return TRUE;
}

/* Names that are not to be shared, where any can be in it. */
static gboolean
warn_of_names (Ctl *ctl,
               const char *format,
               gboolean without_own_words,
               const char *const *ids,
               GError **error)
{
  if (without_own_words)
    return TRUE;
  return ctl_warn_unshared (
      ctl, ids,
      g_str_equal (format, "ics")
          ? _ ("Whoever has the calendar can read what is in it: --without names leaves names out.")
          : _ ("Whoever has the bag can read these names, also those that only an earlier revision "
               "has. To keep one back, export a new record without it."),
      NULL, error);
}

static gboolean
export_to (Ctl *ctl,
           const char *format,
           gboolean without_own_words,
           const char *const *ids,
           const char *folder,
           GError **error)
{
  if (g_str_equal (format, "ics"))
    return export_calendar (ctl, ids, without_own_words, folder, error);
  return satchel_export_bag (ctl->vault, ids, folder, ctl_progress (ctl, _ ("Exporting")),
                             ctl->cancellable, error);
}

static gboolean
run_export (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_autofree char *format = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *left_out = NULL;
  const GOptionEntry entries[] = {
      {"format", 0, 0, G_OPTION_ARG_STRING, &format, N_ ("The form of the export: bag or ics"),
       "bag|ics"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &folder, N_ ("The folder to make"), N_ ("FOLDER")},
      {"without", 0, 0, G_OPTION_ARG_STRING, &left_out,
       N_ ("Leave names, places or both out of a calendar"), "names,places"},
      {NULL},
  };

  if (!ctl_parse (ctl_find_command (argv[0]), entries, &argc, &argv, 1, -1, error) ||
      !check_export (format, folder, error) ||
      !check_omission (left_out, format, error) || !ctl_open_vault (ctl, error) ||
      !warn_of_names (ctl, format, left_out != NULL, (const char *const *) argv + 1, error) ||
      !export_to (ctl, format, left_out != NULL, (const char *const *) argv + 1, folder, error))
    return FALSE;
  ctl_progress_end (ctl);
  if (ctl->json) {
    JsonBuilder *builder = json_builder_new ();
    json_builder_begin_object (builder);
    ctl_json_string (builder, "path", folder);
    json_builder_end_object (builder);
    ctl_print_builder (builder);
  }
  ctl_print (ctl, "%s\n", folder);
  return TRUE;
}

/* --- ledger ------------------------------------------------------------------------------------
 */

typedef struct {
  Ctl *ctl;
  JsonBuilder *builder;
  guint faults;
} LedgerPrint;

static gboolean
entry_cb (const SatchelLedgerEntry *entry, gpointer user_data)
{
  LedgerPrint *print = user_data;
  g_autofree char *time = ctl_format_time (entry->time_us);

  if (print->ctl->json) {
    g_autoptr (JsonParser) parser = json_parser_new ();
    /* The entry's own line is JSON already, parsed strictly before it came here. */
    if (json_parser_load_from_data (parser, entry->line, -1, NULL))
      json_builder_add_value (print->builder, json_parser_steal_root (parser));
    return TRUE;
  }
  ctl_print (print->ctl, "%6" G_GUINT64_FORMAT "  %s  %-17s %.8s\n", entry->sequence, time,
             satchel_action_to_text (entry->action), entry->object);
  return TRUE;
}

/* A record's or item's whole id for a prefix; anything else is taken as it is. */
static char *
resolve_object (Ctl *ctl, const char *text, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SatchelRecord) record = NULL;

  if (satchel_is_id (text))
    return g_strdup (text);
  record = satchel_record_load (ctl->vault, text, &local_error);
  if (record != NULL)
    return g_strdup (record->id);
  if (!g_error_matches (local_error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return NULL;
  }
  g_autoptr (SatchelEvidence) item = satchel_evidence_load (ctl->vault, text, error);
  return item == NULL ? NULL : g_strdup (item->id);
}

static gboolean
list_ledger (Ctl *ctl, const char *object, GError **error)
{
  LedgerPrint print = {ctl, json_builder_new (), 0};

  json_builder_begin_array (print.builder);
  gboolean listed = satchel_ledger_list (ctl->vault, object, entry_cb, &print, error);
  json_builder_end_array (print.builder);
  if (listed && ctl->json)
    ctl_print_builder (print.builder);
  else
    g_object_unref (print.builder);
  return listed;
}

static void
ledger_fault_cb (const char *object, const char *fault, gpointer user_data)
{
  LedgerPrint *print = user_data;

  print->faults++;
  ctl_progress_end (print->ctl);
  if (print->ctl->json) {
    json_builder_begin_object (print->builder);
    ctl_json_string (print->builder, "object", object);
    ctl_json_string (print->builder, "fault", fault);
    json_builder_end_object (print->builder);
  }
  g_autofree char *where = ctl_shown (object);
  g_autofree char *what = ctl_shown (fault);
  ctl_print (print->ctl, "%s: %s\n", where, what);
}

static gboolean
verify_ledger (Ctl *ctl, int *exit_code, GError **error)
{
  LedgerPrint print = {ctl, json_builder_new (), 0};

  json_builder_begin_array (print.builder);
  gboolean verified =
      satchel_ledger_verify (ctl->vault, ledger_fault_cb, &print,
                             ctl_progress (ctl, _ ("Verifying custody")), ctl->cancellable, error);
  json_builder_end_array (print.builder);
  if (verified && ctl->json)
    ctl_print_builder (print.builder);
  else
    g_object_unref (print.builder);
  if (!verified)
    return FALSE;
  ctl_progress_end (ctl);
  *exit_code = print.faults == 0 ? CTL_DONE : CTL_UNVERIFIED;
  if (print.faults == 0)
    ctl_print (ctl, "%s\n",
               _ ("The ledger holds. What was cut from its end or rolled back as a whole shows "
                  "only against heads held elsewhere."));
  return TRUE;
}

static gboolean
run_ledger (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  if (!ctl_parse (ctl_find_command (argv[0]), NULL, &argc, &argv, 0, 1, error) ||
      !ctl_open_vault (ctl, error))
    return FALSE;
  if (argc > 1 && g_str_equal (argv[1], "verify"))
    return verify_ledger (ctl, exit_code, error);
  if (argc < 2)
    return list_ledger (ctl, NULL, error);
  g_autofree char *object = resolve_object (ctl, argv[1], error);
  return object != NULL && list_ledger (ctl, object, error);
}

const CtlCommand ctl_proof_commands[] = {
    {"verify", "FILE|FOLDER [--as-of TIME] [--card CARD] [-i IDENTITY]",
     N_ ("A verdict item by item"), run_verify},
    {"export", "ID... --format bag|ics -o FOLDER [--without names,places]",
     N_ ("Records as a signed bag, or their times as a calendar, in the clear"),
     run_export},
    {"ledger", "[ID|verify]", N_ ("The custody ledger, or whether it holds"), run_ledger},
    {NULL},
};
