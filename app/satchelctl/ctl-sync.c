/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sealing and sending. */
#include "ctl.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>

#include "base/satchel-time.h"
#include "people/satchel-contact.h"
#include "people/satchel-invite-book.h"
#include "records/satchel-record.h"
#include "sync/satchel-courier.h"
#include "sync/satchel-inbox.h"
#include "sync/satchel-outbox.h"

#include "ctl-alarm.h"
#include "ctl-inbox.h"
#include "ctl-unshared.h"

/* Between two tries of `send --wait`, in seconds of sleep that a signal ends. */
#define WAIT_STEP_US (G_USEC_PER_SEC / 4)

/* --- seal and reply ----------------------------------------------------------------------------
 */

/* The whole ids for @prefixes, NULL-terminated. */
static GPtrArray *
resolve_records (Ctl *ctl, char **prefixes, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; prefixes[i] != NULL; i++) {
    g_autoptr (SatchelRecord) record = satchel_record_load (ctl->vault, prefixes[i], error);
    if (record == NULL)
      return NULL;
    if (!g_ptr_array_find_with_equal_func (ids, record->id, g_str_equal, NULL))
      g_ptr_array_add (ids, g_strdup (record->id));
  }
  g_ptr_array_add (ids, NULL);
  return g_steal_pointer (&ids);
}

static gboolean
add_recipient (Ctl *ctl, const char *name, GPtrArray *cards, GError **error)
{
  g_autoptr (SatchelContact) contact = satchel_contact_find (ctl->vault, name, error);

  if (contact == NULL)
    return FALSE;
  if (contact->state == SATCHEL_CONTACT_UNKNOWN || contact->state == SATCHEL_CONTACT_INVITED) {
    g_autofree char *shown = ctl_shown (contact->name);
    ctl_note (ctl, _ ("%s: safety words not compared yet (satchelctl contacts)"), shown);
  }
  g_ptr_array_add (cards, satchel_card_copy (contact->card));
  return TRUE;
}

/* NULL with no error where @names is empty: the newsroom's members then. */
static gboolean
find_recipients (Ctl *ctl, char **names, GPtrArray **cards, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_card_free);

  if (names == NULL)
    return TRUE;
  for (guint i = 0; names[i] != NULL; i++)
    if (!add_recipient (ctl, names[i], found, error))
      return FALSE;
  *cards = g_steal_pointer (&found);
  return TRUE;
}

/* @unshared: what ctl_warn_unshared() found; nullable, taken. */
static gboolean
print_sealed (Ctl *ctl,
              const char *id,
              const char *path,
              gboolean to_file,
              JsonNode *unshared,
              GError **error)
{
  g_autoptr (JsonNode) names = unshared;
  g_autoptr (SatchelOutboxEntry) entry = satchel_outbox_find (ctl->vault, id, error);

  if (entry == NULL)
    return FALSE;
  if (ctl->json) {
    JsonBuilder *builder = json_builder_new ();
    json_builder_begin_object (builder);
    ctl_json_string (builder, "id", id);
    ctl_json_string (builder, "path", path);
    ctl_json_int (builder, "size", entry->size_bytes);
    ctl_json_hex (builder, "sha256", entry->sha256, sizeof entry->sha256);
    if (names != NULL) {
      json_builder_set_member_name (builder, "do_not_share");
      json_builder_add_value (builder, g_steal_pointer (&names));
    }
    json_builder_end_object (builder);
    ctl_print_builder (builder);
  }
  ctl_print (ctl, "%s\n", to_file ? path : id);
  return TRUE;
}

static gboolean
run_seal (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_auto (GStrv) names = NULL;
  g_autofree char *output = NULL;
  g_autofree char *path = NULL;
  const GOptionEntry entries[] = {
      {"to", 0, 0, G_OPTION_ARG_STRING_ARRAY, &names,
       N_ ("A contact, instead of the newsroom's members"), N_ ("NAME")},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
       N_ ("Write the bundle there instead of the outbox"), N_ ("FILE")},
      {NULL},
  };
  g_autoptr (GPtrArray) cards = NULL;
  g_autoptr (JsonNode) unshared = NULL;

  if (!ctl_parse (ctl_find_command (argv[0]), entries, &argc, &argv, 1, -1, error))
    return FALSE;
  if (output != NULL && g_file_test (output, G_FILE_TEST_EXISTS)) {
    ctl_set_usage (error, _ ("%s is there already: name a new file"), output);
    return FALSE;
  }
  g_autoptr (GPtrArray) ids =
      !ctl_open_vault (ctl, error) ? NULL : resolve_records (ctl, argv + 1, error);
  if (ids == NULL || !find_recipients (ctl, names, &cards, error) ||
      !ctl_warn_unshared (ctl, (const char *const *) ids->pdata,
                          _ ("Everyone who opens the bundle can read these names, also those that "
                             "only an earlier revision has. To keep one back, take the bundle back "
                             "(satchelctl discard) and seal a new record without it."),
                          &unshared, error))
    return FALSE;
  const SatchelSealRequest request = {(const char *const *) ids->pdata, cards, output};
  g_autofree char *id = satchel_outbox_seal (
      ctl->vault, &request, &path, ctl_progress (ctl, _ ("Sealing")), ctl->cancellable, error);
  return id != NULL &&
         print_sealed (ctl, id, path, output != NULL, g_steal_pointer (&unshared), error);
}

/* The answer is a note of its own, linked to what it answers, sealed to its sender. */
static char *
make_answer (Ctl *ctl, const SatchelRecord *answered, char **assignments, GError **error)
{
  const SatchelKind *kind = satchel_kinds_find (satchel_kinds_get_builtin (), "note", error);
  SatchelWhen now = satchel_when_now ();
  gboolean whole = kind != NULL;
  char *id = NULL;

  if (kind == NULL)
    return NULL;
  JsonObject *values = satchel_fields_new (kind);
  whole =
      satchel_fields_set (kind, values, "links.0.record", answered->id, now.offset_minutes, error);
  for (guint i = 0; whole && assignments[i] != NULL; i++)
    whole = satchel_fields_assign (kind, values, assignments[i], now.offset_minutes, error);
  if (whole)
    id = satchel_record_create (ctl->vault, kind, values, error);
  json_object_unref (values);
  return id;
}

static gboolean
seal_answer (
    Ctl *ctl, const SatchelRecord *answered, GPtrArray *cards, char **assignments, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (ctl->vault), error);
  g_autofree char *note =
      transaction == NULL ? NULL : make_answer (ctl, answered, assignments, error);

  if (note == NULL)
    return FALSE;
  const char *const records[] = {note, NULL};
  const SatchelSealRequest request = {records, cards, NULL};
  g_autofree char *id = satchel_outbox_seal (ctl->vault, &request, &path,
                                             (SatchelProgressReport){0}, ctl->cancellable, error);
  return id != NULL && satchel_transaction_commit (transaction, error) &&
         print_sealed (ctl, id, path, FALSE, NULL, error);
}

static gboolean
run_reply (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_auto (GStrv) assignments = NULL;
  const GOptionEntry entries[] = {
      {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &assignments,
       N_ ("text=... and other fields of a note"), N_ ("FIELD=VALUE")},
      {NULL},
  };
  SatchelMinisignKey key;

  if (!ctl_parse (ctl_find_command (argv[0]), entries, &argc, &argv, 1, 1, error))
    return FALSE;
  if (assignments == NULL) {
    ctl_set_usage (error, "%s", _ ("say what to answer: -s text=..."));
    return FALSE;
  }
  g_autoptr (SatchelRecord) record =
      !ctl_open_vault (ctl, error) ? NULL : satchel_record_load (ctl->vault, argv[1], error);
  if (record == NULL)
    return FALSE;
  if (record->sender == NULL) {
    ctl_set_usage (error, "%s", _ ("this record is your own: there is nobody to answer"));
    return FALSE;
  }
  if (!satchel_minisign_key_parse (record->sender, strlen (record->sender), &key, error))
    return FALSE;
  g_autoptr (SatchelContact) sender = satchel_contact_find_by_minisign (ctl->vault, &key, error);
  if (sender == NULL)
    return FALSE;
  g_autoptr (GPtrArray) cards = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_card_free);
  g_ptr_array_add (cards, satchel_card_copy (sender->card));
  return seal_answer (ctl, record, cards, assignments, error);
}

/* --- outbox, send, why, discard ----------------------------------------------------------------
 */

static const char *
outbox_kind_text (SatchelOutboxKind kind)
{
  switch (kind) {
    case SATCHEL_OUTBOX_KIND_RECORDS:
      return "records";
    case SATCHEL_OUTBOX_KIND_INTRODUCTION:
      return "introduction";
    case SATCHEL_OUTBOX_KIND_RECEIPTS:
      return "receipts";
  }
  return "records";
}

static void
json_strings (JsonBuilder *builder, const char *member, char **strings)
{
  json_builder_set_member_name (builder, member);
  json_builder_begin_array (builder);
  for (guint i = 0; strings != NULL && strings[i] != NULL; i++)
    json_builder_add_string_value (builder, strings[i]);
  json_builder_end_array (builder);
}

static void
json_outbox_entry (JsonBuilder *builder, const SatchelOutboxEntry *entry)
{
  json_builder_begin_object (builder);
  ctl_json_string (builder, "id", entry->id);
  ctl_json_string (builder, "kind", outbox_kind_text (entry->kind));
  ctl_json_string (builder, "state", satchel_outbox_state_to_text (entry->state));
  ctl_json_string (builder, "why", entry->why);
  ctl_json_string (builder, "path", entry->path);
  ctl_json_int (builder, "size", entry->size_bytes);
  ctl_json_int (builder, "offset", entry->offset_bytes);
  ctl_json_hex (builder, "sha256", entry->sha256, sizeof entry->sha256);
  ctl_json_hex (builder, "tagmanifest_sha256", entry->tagmanifest_sha256,
                sizeof entry->tagmanifest_sha256);
  ctl_json_time (builder, "sealed", entry->sealed_unix_us);
  ctl_json_time (builder, "stored", entry->stored_unix_us);
  ctl_json_time (builder, "opened", entry->opened_unix_us);
  json_strings (builder, "recipients", entry->recipients);
  json_strings (builder, "records", entry->records);
  json_builder_end_object (builder);
}

static void
print_outbox_entry (Ctl *ctl, const SatchelOutboxEntry *entry)
{
  g_autofree char *size = ctl_format_size (entry->size_bytes);
  g_autofree char *sealed = ctl_format_time (entry->sealed_unix_us);
  g_autofree char *names = entry->recipients == NULL ? NULL : g_strjoinv (", ", entry->recipients);
  g_autofree char *shown = ctl_shown (names);

  ctl_print (ctl, "%.8s  %-11s  %s, %s, %s -> %s\n", entry->id,
             satchel_outbox_state_to_text (entry->state), outbox_kind_text (entry->kind), size,
             sealed, shown);
  if (entry->state == SATCHEL_OUTBOX_SENDING)
    ctl_print (ctl,
               _ ("          %" PRIu64 " of %" PRIu64 " bytes are there\n"),
               entry->offset_bytes, entry->size_bytes);
  if (entry->why != NULL) {
    g_autofree char *why = ctl_shown (entry->why);
    ctl_print (ctl, "          %s\n", why);
  }
}

static gboolean
run_outbox (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  if (!ctl_parse (ctl_find_command (argv[0]), NULL, &argc, &argv, 0, 0, error) ||
      !ctl_open_vault (ctl, error))
    return FALSE;
  g_autoptr (GPtrArray) list = satchel_outbox_list (ctl->vault, error);
  if (list == NULL || !ctl_load_and_warn_alarms (ctl, CTL_ALARMS_OUT, error))
    return FALSE;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < list->len; i++) {
    json_outbox_entry (builder, g_ptr_array_index (list, i));
    print_outbox_entry (ctl, g_ptr_array_index (list, i));
  }
  json_builder_end_array (builder);
  if (ctl->json)
    ctl_print_builder (g_steal_pointer (&builder));
  return TRUE;
}

/* Return mail for a reporter comes through the token; a desk uses fetch. */
static gboolean
pull_return_mail (Ctl *ctl, GPtrArray **entries, GError **error)
{
  g_autoptr (SatchelToken) token = satchel_invite_book_load_token (ctl->vault, NULL);

  if (token == NULL)
    return TRUE;
  *entries =
      satchel_inbox_fetch (ctl->vault, ctl_progress (ctl, _ ("Fetching")), ctl->cancellable, error);
  ctl_progress_end (ctl);
  return *entries != NULL;
}

static gboolean
send_once (Ctl *ctl, SatchelCourierTally *tally, GPtrArray **entries, GError **error)
{
  SatchelCourierTally now = {0};
  gboolean sent = satchel_courier_send_all (ctl->vault, &now, ctl_progress (ctl, _ ("Sending")),
                                            ctl->cancellable, error);

  ctl_progress_end (ctl);
  tally->stored += now.stored;
  tally->delivered += now.delivered;
  tally->left = now.left;
  tally->sent_bytes += now.sent_bytes;
  return sent && pull_return_mail (ctl, entries, error);
}

/* Only what may change by itself is waited for. */
static gboolean
is_worth_waiting (const GError *error)
{
  return g_error_matches (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNREACHABLE) ||
         g_error_matches (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_WAITING) ||
         g_error_matches (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_QUOTA);
}

static gboolean
send_until (
    Ctl *ctl, gint64 deadline_us, SatchelCourierTally *tally, GPtrArray **entries, GError **error)
{
  guint failures = 0;

  for (;;) {
    g_autoptr (GError) local_error = NULL;
    if (send_once (ctl, tally, entries, &local_error))
      return TRUE;
    gint64 again_us =
        g_get_monotonic_time () +
        (gint64) MIN (satchel_courier_backoff_s (failures++, g_random_double ()), 60) *
            G_USEC_PER_SEC;
    if (!is_worth_waiting (local_error) || g_get_monotonic_time () >= deadline_us) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
    g_autofree char *message = ctl_shown (local_error->message);
    ctl_note (ctl, _ ("%s; trying again"), message);
    again_us = MIN (again_us, deadline_us);
    while (g_get_monotonic_time () < again_us && !g_cancellable_is_cancelled (ctl->cancellable))
      g_usleep (WAIT_STEP_US);
    if (g_cancellable_set_error_if_cancelled (ctl->cancellable, error))
      return FALSE;
  }
}

static void
print_tally (Ctl *ctl, const SatchelCourierTally *tally, GPtrArray *entries)
{
  guint receipts = 0;

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    receipts += ((SatchelInboxEntry *) g_ptr_array_index (entries, i))->receipts;
  if (ctl->json) {
    JsonBuilder *builder = json_builder_new ();
    json_builder_begin_object (builder);
    ctl_json_int (builder, "stored", tally->stored);
    ctl_json_int (builder, "delivered", tally->delivered);
    ctl_json_int (builder, "left", tally->left);
    ctl_json_int (builder, "sent_bytes", tally->sent_bytes);
    ctl_json_int (builder, "receipts", receipts);
    ctl_json_inbox (ctl, builder, "inbox", entries);
    json_builder_end_object (builder);
    ctl_print_builder (builder);
    return;
  }
  ctl_print (ctl, _ ("Stored at the newsroom: %u, handed over: %u, still waiting: %u\n"),
             tally->stored, tally->delivered, tally->left);
  if (receipts > 0)
    ctl_print (ctl,
               ngettext ("%u receipt: opened at the newsroom\n",
                         "%u receipts: opened at the newsroom\n", receipts),
               receipts);
  ctl_print_inbox (ctl, entries);
}

static gboolean
send_to_folder (Ctl *ctl, const char *folder, GError **error)
{
  guint count = 0;

  if (!satchel_outbox_queue_receipts (ctl->vault, NULL, ctl->cancellable, error) ||
      !satchel_courier_send_folder (ctl->vault, folder, &count, ctl->cancellable, error))
    return FALSE;
  if (ctl->json) {
    JsonBuilder *builder = json_builder_new ();
    json_builder_begin_object (builder);
    ctl_json_int (builder, "handed_over", count);
    json_builder_end_object (builder);
    ctl_print_builder (builder);
  }
  ctl_print (ctl, ngettext ("%u bundle handed over\n", "%u bundles handed over\n", count), count);
  return TRUE;
}

static gboolean
run_send (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  int wait_s = 0;
  const GOptionEntry entries[] = {
      {"wait", 0, 0, G_OPTION_ARG_INT, &wait_s, N_ ("Keep trying for so long"), N_ ("SECONDS")},
      {NULL},
  };
  SatchelCourierTally tally = {0};
  g_autoptr (GPtrArray) received = NULL;

  if (!ctl_parse (ctl_find_command (argv[0]), entries, &argc, &argv, 0, 1, error) ||
      !ctl_open_vault (ctl, error))
    return FALSE;
  if (argc > 1)
    return send_to_folder (ctl, argv[1], error);
  if (!send_until (ctl, g_get_monotonic_time () + (gint64) MAX (wait_s, 0) * G_USEC_PER_SEC, &tally,
                   &received, error))
    return FALSE;
  print_tally (ctl, &tally, received);
  return TRUE;
}

static gboolean
run_why (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_autofree char *sentence = NULL;

  if (!ctl_parse (ctl_find_command (argv[0]), NULL, &argc, &argv, 0, 0, error) ||
      !ctl_open_vault (ctl, error) ||
      !satchel_courier_explain (ctl->vault, &sentence, ctl->cancellable, error))
    return FALSE;
  g_autofree char *shown = ctl_shown (sentence);
  if (ctl->json) {
    JsonBuilder *builder = json_builder_new ();
    json_builder_begin_object (builder);
    ctl_json_bool (builder, "is_trusted", TRUE);
    ctl_json_string (builder, "why", shown);
    json_builder_end_object (builder);
    ctl_print_builder (builder);
  }
  ctl_print (ctl, "%s\n", shown);
  return TRUE;
}

static gboolean
run_discard (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  if (!ctl_parse (ctl_find_command (argv[0]), NULL, &argc, &argv, 1, 1, error))
    return FALSE;
  g_autoptr (SatchelOutboxEntry) entry =
      !ctl_open_vault (ctl, error) ? NULL : satchel_outbox_find (ctl->vault, argv[1], error);
  if (entry == NULL || !satchel_outbox_discard (ctl->vault, entry->id, error))
    return FALSE;
  ctl_note (ctl, "%s", _ ("Discarded. The records in it stay, and stay final."));
  return TRUE;
}

const CtlCommand ctl_sync_commands[] = {
    {"seal", "ID... [--to NAME]... [-o FILE]",
     N_ ("Seal records to the newsroom; prints the bundle's id or path"), run_seal},
    {"reply", "ID -s text=...", N_ ("Answer the sender of a record"), run_reply},
    {"outbox", "", N_ ("What was sealed, and what became of it"), run_outbox},
    {"send", "[--wait SECONDS] [FOLDER]", N_ ("Send now, and pull receipts and return mail"),
     run_send},
    {"why", "", N_ ("Whether this connection is trusted, and why not"), run_why},
    {"discard", "OUTBOX-ID", N_ ("Take back a bundle that was not sent"), run_discard},
    {NULL},
};
