/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taking bundles in, and erasing records. */
#include "ctl-inbox.h"

#include <glib/gi18n.h>

#include "records/satchel-record.h"
#include "sync/satchel-desk.h"
#include "sync/satchel-inbox.h"
#include "sync/satchel-outbox.h"

#include "ctl-alarm.h"

static const char *
outcome_text (const SatchelInboxEntry *entry)
{
  switch (entry->outcome) {
    case SATCHEL_INBOX_OPENED:
      return "opened";
    case SATCHEL_INBOX_ALREADY:
      return "already-here";
    case SATCHEL_INBOX_ASIDE:
      return satchel_aside_reason_to_text (entry->reason);
  }
  return "opened";
}

/* What could not be put aside has no row, and nothing of the desk. */
static void
json_desk (Ctl *ctl, JsonBuilder *builder, const SatchelInboxEntry *entry)
{
  g_autoptr (SatchelDesk) desk = satchel_desk_load (ctl->vault, entry->id, NULL);

  if (desk == NULL)
    return;
  ctl_json_bool (builder, "is_read", desk->is_read);
  ctl_json_string (builder, "status", satchel_desk_status_to_text (desk->status));
}

static void
json_entry (Ctl *ctl, JsonBuilder *builder, const SatchelInboxEntry *entry)
{
  json_builder_begin_object (builder);
  ctl_json_string (builder, "id", entry->id);
  ctl_json_string (builder, "state",
                   entry->outcome == SATCHEL_INBOX_ASIDE ? "aside" : outcome_text (entry));
  ctl_json_string (builder, "reason",
                   entry->outcome == SATCHEL_INBOX_ASIDE ? outcome_text (entry) : NULL);
  ctl_json_string (builder, "finding", entry->finding);
  ctl_json_string (builder, "name", entry->name);
  ctl_json_string (builder, "path", entry->path);
  ctl_json_string (builder, "bundle_id", entry->bundle_id);
  ctl_json_string (builder, "sender", entry->sender);
  ctl_json_bool (builder, "is_introduction", entry->is_introduction);
  ctl_json_int (builder, "number", entry->number);
  ctl_json_int (builder, "items", entry->items);
  ctl_json_int (builder, "receipts", entry->receipts);
  ctl_json_int (builder, "size", entry->size_bytes);
  ctl_json_hex (builder, "sha256", entry->sha256, sizeof entry->sha256);
  ctl_json_time (builder, "received", entry->received_unix_us);
  json_desk (ctl, builder, entry);
  json_builder_set_member_name (builder, "records");
  json_builder_begin_array (builder);
  for (guint i = 0; entry->records != NULL && entry->records[i] != NULL; i++)
    json_builder_add_string_value (builder, entry->records[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

void
ctl_json_inbox (Ctl *ctl, JsonBuilder *builder, const char *member, GPtrArray *entries)
{
  if (member != NULL)
    json_builder_set_member_name (builder, member);
  json_builder_begin_array (builder);
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    json_entry (ctl, builder, g_ptr_array_index (entries, i));
  json_builder_end_array (builder);
}

static void
print_entry (Ctl *ctl, const SatchelInboxEntry *entry)
{
  g_autofree char *sender = ctl_shown (entry->sender != NULL ? entry->sender : entry->name);
  g_autofree char *received = ctl_format_time (entry->received_unix_us);
  g_autofree char *finding = ctl_shown (entry->finding);

  ctl_print (ctl, "%.8s  %-12s  %s  %s%s\n", entry->id, outcome_text (entry), received, sender,
             entry->is_introduction ? _ (", introduction") : "");
  if (*finding != '\0')
    ctl_print (ctl, "          %s\n", finding);
  for (guint i = 0; entry->records != NULL && entry->records[i] != NULL; i++)
    ctl_print (ctl, _ ("          record %.8s\n"), entry->records[i]);
}

void
ctl_print_inbox (Ctl *ctl, GPtrArray *entries)
{
  for (guint i = 0; !ctl->json && entries != NULL && i < entries->len; i++)
    print_entry (ctl, g_ptr_array_index (entries, i));
}

/* What was put aside goes to standard error too, so that a script that looks only at the exit code
 * finds out why. */
static int
conclude (Ctl *ctl, GPtrArray *entries)
{
  int exit_code = CTL_DONE;

  for (guint i = 0; i < entries->len; i++) {
    const SatchelInboxEntry *entry = g_ptr_array_index (entries, i);
    if (entry->outcome != SATCHEL_INBOX_ASIDE)
      continue;
    g_autofree char *finding = ctl_shown (entry->finding);
    g_autofree char *name = ctl_shown (entry->name);
    ctl_warn (ctl, _ ("%s was kept aside (%s): %s"), name, outcome_text (entry), finding);
    exit_code = CTL_UNVERIFIED;
  }
  return exit_code;
}

static void
report (Ctl *ctl, GPtrArray *entries, int *exit_code)
{
  ctl_progress_end (ctl);
  if (ctl->json) {
    JsonBuilder *builder = json_builder_new ();
    ctl_json_inbox (ctl, builder, NULL, entries);
    ctl_print_builder (builder);
  }
  ctl_print_inbox (ctl, entries);
  *exit_code = conclude (ctl, entries);
}

static GPtrArray *
new_entries (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_inbox_entry_free);
}

static gboolean
open_files (Ctl *ctl, char **paths, GPtrArray *entries, GError **error)
{
  for (guint i = 0; paths[i] != NULL; i++) {
    SatchelInboxEntry *entry = satchel_inbox_open_file (
        ctl->vault, paths[i], ctl_progress (ctl, _ ("Opening")), ctl->cancellable, error);
    if (entry == NULL)
      return FALSE;
    ctl_progress_end (ctl);
    g_ptr_array_add (entries, entry);
    if (entry->is_introduction && entry->outcome == SATCHEL_INBOX_OPENED &&
        !satchel_inbox_retry (ctl->vault, entries, ctl->cancellable, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
run_open (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_autoptr (GPtrArray) entries = new_entries ();

  if (!ctl_parse (ctl_find_command (argv[0]), NULL, &argc, &argv, 1, -1, error) ||
      !ctl_open_vault (ctl, error) || !open_files (ctl, argv + 1, entries, error))
    return FALSE;
  report (ctl, entries, exit_code);
  return TRUE;
}

/* From the intake, a folder or one file; NULL on an error. */
static GPtrArray *
fetch_from (Ctl *ctl, const char *source, GError **error)
{
  SatchelProgressReport progress = ctl_progress (ctl, _ ("Fetching"));

  if (source == NULL)
    return satchel_inbox_fetch (ctl->vault, progress, ctl->cancellable, error);
  if (g_file_test (source, G_FILE_TEST_IS_DIR))
    return satchel_inbox_fetch_folder (ctl->vault, source, progress, ctl->cancellable, error);
  g_autoptr (GPtrArray) entries = new_entries ();
  char *paths[] = {(char *) source, NULL};
  return open_files (ctl, paths, entries, error) ? g_steal_pointer (&entries) : NULL;
}

static gboolean
run_fetch (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  if (!ctl_parse (ctl_find_command (argv[0]), NULL, &argc, &argv, 0, 1, error) ||
      !ctl_open_vault (ctl, error))
    return FALSE;
  g_autoptr (GPtrArray) entries = fetch_from (ctl, argc > 1 ? argv[1] : NULL, error);
  if (entries == NULL || !satchel_outbox_queue_receipts (ctl->vault, NULL, ctl->cancellable, error))
    return FALSE;
  report (ctl, entries, exit_code);
  return TRUE;
}

static gboolean
run_inbox (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  if (!ctl_parse (ctl_find_command (argv[0]), NULL, &argc, &argv, 0, 0, error) ||
      !ctl_open_vault (ctl, error))
    return FALSE;
  g_autoptr (GPtrArray) entries = satchel_inbox_list (ctl->vault, error);
  if (entries == NULL || !ctl_load_and_warn_alarms (ctl, CTL_ALARMS_IN, error))
    return FALSE;
  if (ctl->json) {
    JsonBuilder *builder = json_builder_new ();
    ctl_json_inbox (ctl, builder, NULL, entries);
    ctl_print_builder (builder);
  }
  ctl_print_inbox (ctl, entries);
  return TRUE;
}

/* The id that @prefix stands for, with a warning where no other copy is known. */
static gboolean
add_to_erase (Ctl *ctl, const char *prefix, GPtrArray *ids, GError **error)
{
  g_autoptr (SatchelRecord) record = satchel_record_load (ctl->vault, prefix, error);
  gboolean opened = FALSE;

  if (record == NULL || !satchel_outbox_is_record_opened (ctl->vault, record->id, &opened, error))
    return FALSE;
  if (g_ptr_array_find_with_equal_func (ids, record->id, g_str_equal, NULL))
    return TRUE;
  if (!opened && record->sender == NULL)
    ctl_warn (
        ctl,
        _ ("%.8s: nobody has confirmed that they opened it; this was the only copy that is known"),
        record->id);
  g_ptr_array_add (ids, g_strdup (record->id));
  return TRUE;
}

static gboolean
run_erase (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local_error = NULL;

  if (!ctl_parse (ctl_find_command (argv[0]), NULL, &argc, &argv, 1, -1, error) ||
      !ctl_open_vault (ctl, error))
    return FALSE;
  for (int i = 1; i < argc; i++)
    if (!add_to_erase (ctl, argv[i], ids, error))
      return FALSE;
  if (!satchel_records_erase (ctl->vault, ids, &local_error)) {
    if (g_error_matches (local_error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_NO_SPACE))
      ctl_note (ctl, "%s",
                _ ("Erasing needs some free space. Only wipe, which destroys the keys of the whole "
                   "vault, needs none."));
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  for (guint i = 0; i < ids->len; i++)
    ctl_note (ctl, _ ("%.8s is erased; the ledger keeps that it existed"),
              (const char *) ids->pdata[i]);
  return TRUE;
}

const CtlCommand ctl_inbox_commands[] = {
    {"fetch", "[FOLDER|FILE]", N_ ("Take bundles in from the intake, a folder or a file"),
     run_fetch},
    {"inbox", "", N_ ("What was received, and what was kept aside"), run_inbox},
    {"open", "FILE...", N_ ("Take bundles in from files"), run_open},
    {"erase", "ID...", N_ ("Erase records with evidence, index and keys"), run_erase},
    {NULL},
};
