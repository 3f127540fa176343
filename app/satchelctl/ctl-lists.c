/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records and evidence: looking. */
#include "ctl-records.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "base/satchel-text.h"
#include "records/satchel-case.h"
#include "records/satchel-deadline.h"
#include "records/satchel-fields-view.h"
#include "records/satchel-search.h"

void
ctl_json_evidence (JsonBuilder *builder, const SatchelEvidence *item)
{
  g_autofree char *captured = item->captured.precision == SATCHEL_PRECISION_UNKNOWN
                                  ? NULL
                                  : satchel_when_format (&item->captured);
  g_autofree char *imported = satchel_when_format (&item->imported);

  ctl_json_string (builder, "id", item->id);
  ctl_json_string (builder, "name", item->name);
  ctl_json_int (builder, "size", item->size_bytes);
  ctl_json_string (builder, "type", item->type);
  ctl_json_hex (builder, "sha256", item->sha256, sizeof item->sha256);
  ctl_json_string (builder, "captured", captured);
  ctl_json_string (builder, "clock", satchel_clock_confidence_to_text (item->clock));
  ctl_json_string (builder, "imported", imported);
  ctl_json_string (builder, "origin", satchel_origin_to_text (item->origin));
  ctl_json_string (builder, "from", item->from);
}

void
ctl_json_record (JsonBuilder *builder, const SatchelRecord *record)
{
  g_autofree char *summary = satchel_fields_dup_summary (satchel_record_get_kind (record),
                                                         record->values, ctl_language ());

  ctl_json_string (builder, "id", record->id);
  ctl_json_string (builder, "kind", record->kind);
  ctl_json_string (builder, "summary", summary);
  ctl_json_time (builder, "when", record->when_us);
  ctl_json_time (builder, "created", record->created_us);
  ctl_json_time (builder, "changed", record->changed_us);
  ctl_json_int (builder, "revision", record->revision);
  ctl_json_bool (builder, "is_final", record->is_final);
  ctl_json_string (builder, "sender", record->sender);
}

void
ctl_print_record (Ctl *ctl, const SatchelRecord *record)
{
  const SatchelKind *kind = satchel_record_get_kind (record);
  g_autofree char *summary = satchel_fields_dup_summary (kind, record->values, ctl_language ());
  g_autofree char *shown = ctl_shown (summary);
  g_autofree char *when = ctl_format_time (record->when_us);

  ctl_print (ctl, "%.8s  %s  %s: %s\n", record->id, when,
             satchel_label_get (kind->label, ctl_language ()), shown);
}

static void
print_records (Ctl *ctl, GPtrArray *records)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < records->len; i++) {
    const SatchelRecord *record = g_ptr_array_index (records, i);
    if (ctl->json) {
      json_builder_begin_object (builder);
      ctl_json_record (builder, record);
      json_builder_end_object (builder);
    } else {
      ctl_print_record (ctl, record);
    }
  }
  json_builder_end_array (builder);
  if (ctl->json)
    ctl_print_builder (g_steal_pointer (&builder));
}

/* The instant that an option names; 0 where it was not given. */
static gboolean
parse_bound (const char *text, gint64 *unix_us, GError **error)
{
  SatchelWhen now = satchel_when_now (), when;
  g_autoptr (GError) local_error = NULL;

  if (text == NULL)
    return TRUE;
  if (!satchel_when_parse (text, now.offset_minutes, &when, &local_error)) {
    ctl_set_usage (error, "%s", local_error->message);
    return FALSE;
  }
  *unix_us = when.unix_us;
  return TRUE;
}

static gboolean
run_list (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_autofree char *since = NULL;
  g_autofree char *until = NULL;
  const GOptionEntry entries[] = {
      {"since", 0, 0, G_OPTION_ARG_STRING, &since, N_ ("From this time on (ISO 8601)"), N_ ("T")},
      {"until", 0, 0, G_OPTION_ARG_STRING, &until, N_ ("Before this time"), N_ ("T")},
      {NULL},
  };
  SatchelRecordFilter filter = {0};

  if (!ctl_parse (ctl_find_command (argv[0]), entries, &argc, &argv, 0, 1, error) ||
      !parse_bound (since, &filter.since_us, error) ||
      !parse_bound (until, &filter.until_us, error))
    return FALSE;
  if (argc > 1 && satchel_kinds_find (satchel_kinds_get_builtin (), argv[1], error) == NULL)
    return FALSE;
  filter.kind = argc > 1 ? argv[1] : NULL;
  g_autoptr (GPtrArray) records =
      !ctl_open_vault (ctl, error) ? NULL : satchel_record_list (ctl->vault, &filter, error);
  if (records == NULL)
    return FALSE;
  print_records (ctl, records);
  return TRUE;
}

static void
json_shown (const SatchelRecord *record, GPtrArray *items, GPtrArray *revisions)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  ctl_json_record (builder, record);
  ctl_json_hex (builder, "hash", record->hash, sizeof record->hash);
  json_builder_set_member_name (builder, "values");
  JsonNode *values = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (values, record->values);
  json_builder_add_value (builder, values);
  json_builder_set_member_name (builder, "evidence");
  json_builder_begin_array (builder);
  for (guint i = 0; i < items->len; i++) {
    json_builder_begin_object (builder);
    ctl_json_evidence (builder, g_ptr_array_index (items, i));
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "revisions");
  json_builder_begin_array (builder);
  for (guint i = 0; i < revisions->len; i++) {
    const SatchelRevision *revision = g_ptr_array_index (revisions, i);
    json_builder_begin_object (builder);
    ctl_json_int (builder, "number", revision->number);
    ctl_json_time (builder, "time", revision->time_us);
    ctl_json_string (builder, "reason", revision->reason);
    ctl_json_hex (builder, "hash", revision->hash, sizeof revision->hash);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  ctl_print_builder (builder);
}

static void
print_values (Ctl *ctl, const SatchelRecord *record)
{
  g_autoptr (GPtrArray) rows =
      satchel_fields_list_rows (satchel_record_get_kind (record), record->values, ctl_language ());

  for (guint i = 0; i < rows->len; i++) {
    const SatchelFieldRow *row = g_ptr_array_index (rows, i);
    g_auto (GStrv) lines = g_strsplit (row->value != NULL ? row->value : "", "\n", -1);
    ctl_print (ctl, "%*s%s:", row->depth * 2, "", row->label);
    for (guint n = 0; lines[n] != NULL; n++) {
      g_autofree char *shown = satchel_text_for_display (lines[n], G_MAXSIZE);
      ctl_print (ctl, "%s%s\n", n == 0 ? " " : "    ", shown);
    }
  }
}

static void
print_shown (Ctl *ctl, const SatchelRecord *record, GPtrArray *items, GPtrArray *revisions)
{
  ctl_print_record (ctl, record);
  ctl_print (ctl, _ ("Id: %s\n"), record->id);
  if (record->is_final)
    ctl_print (ctl, "%s\n", record->sender != NULL ? _ ("Received; final.") : _ ("Sealed; final."));
  print_values (ctl, record);
  for (guint i = 0; i < items->len; i++) {
    const SatchelEvidence *item = g_ptr_array_index (items, i);
    g_autofree char *name = ctl_shown (item->name);
    g_autofree char *size = ctl_format_size (item->size_bytes);
    g_autofree char *sha256 = satchel_hex_encode (item->sha256, sizeof item->sha256);
    ctl_print (ctl, _ ("Evidence %.8s: %s, %s, %s\n  SHA-256 %s\n"), item->id, name, item->type,
               size, sha256);
  }
  for (guint i = 0; i < revisions->len; i++) {
    const SatchelRevision *revision = g_ptr_array_index (revisions, i);
    g_autofree char *time = ctl_format_time (revision->time_us);
    g_autofree char *reason = ctl_shown (revision->reason);
    ctl_print (ctl, _ ("Revision %u, %s%s%s\n"), revision->number, time,
               *reason != '\0' ? ": " : "", reason);
  }
}

static gboolean
run_show (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  if (!ctl_parse (ctl_find_command (argv[0]), NULL, &argc, &argv, 1, 1, error))
    return FALSE;
  g_autoptr (SatchelRecord) record =
      !ctl_open_vault (ctl, error) ? NULL : satchel_record_load (ctl->vault, argv[1], error);
  g_autoptr (GPtrArray) items =
      record == NULL ? NULL : satchel_evidence_list (ctl->vault, record->id, error);
  g_autoptr (GPtrArray) revisions =
      items == NULL ? NULL : satchel_record_list_revisions (ctl->vault, record->id, error);
  if (revisions == NULL)
    return FALSE;
  if (ctl->json)
    json_shown (record, items, revisions);
  else
    print_shown (ctl, record, items, revisions);
  return TRUE;
}

/* Found words stand out on a terminal; elsewhere the marks go. Each part is filtered on its own,
 * since the filter would take the marks away. */
static char *
show_snippet (const char *snippet)
{
  gboolean terminal = isatty (STDOUT_FILENO);
  g_auto (GStrv) parts = g_strsplit_set (snippet != NULL ? snippet : "",
                                         SATCHEL_SEARCH_MARK_BEGIN SATCHEL_SEARCH_MARK_END, -1);
  g_autoptr (GString) shown = g_string_new (NULL);

  for (guint i = 0; parts[i] != NULL; i++) {
    gboolean found = terminal && i % 2 == 1;
    g_strdelimit (parts[i], "\n\t", ' ');
    g_autofree char *part = satchel_text_for_display (parts[i], 400);
    g_string_append_printf (shown, "%s%s%s", found ? "\033[1m" : "", part, found ? "\033[0m" : "");
  }
  return g_string_free (g_steal_pointer (&shown), FALSE);
}

static gboolean
print_hit (Ctl *ctl, JsonBuilder *builder, const SatchelSearchHit *hit, GError **error)
{
  g_autoptr (SatchelRecord) record = satchel_record_load (ctl->vault, hit->record_id, error);

  if (record == NULL)
    return FALSE;
  if (ctl->json) {
    json_builder_begin_object (builder);
    ctl_json_record (builder, record);
    ctl_json_string (builder, "snippet", hit->snippet);
    json_builder_end_object (builder);
    return TRUE;
  }
  g_autofree char *snippet = show_snippet (hit->snippet);
  ctl_print_record (ctl, record);
  ctl_print (ctl, "          %s\n", snippet);
  return TRUE;
}

static gboolean
run_search (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  if (!ctl_parse (ctl_find_command (argv[0]), NULL, &argc, &argv, 1, -1, error) ||
      !ctl_open_vault (ctl, error))
    return FALSE;
  g_autofree char *words = g_strjoinv (" ", argv + 1);
  g_autoptr (GPtrArray) hits = satchel_search (ctl->vault, words, SATCHEL_SEARCH_RANKED, 0, error);
  if (hits == NULL)
    return FALSE;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < hits->len; i++)
    if (!print_hit (ctl, builder, g_ptr_array_index (hits, i), error))
      return FALSE;
  json_builder_end_array (builder);
  if (ctl->json)
    ctl_print_builder (g_steal_pointer (&builder));
  return TRUE;
}

static gboolean
run_case (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  if (!ctl_parse (ctl_find_command (argv[0]), NULL, &argc, &argv, 1, 1, error))
    return FALSE;
  g_autoptr (SatchelRecord) record =
      !ctl_open_vault (ctl, error) ? NULL : satchel_record_load (ctl->vault, argv[1], error);
  g_autoptr (GPtrArray) records =
      record == NULL ? NULL : satchel_case_list (ctl->vault, record->id, error);
  if (records == NULL)
    return FALSE;
  print_records (ctl, records);
  return TRUE;
}

static gboolean
run_deadlines (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  if (!ctl_parse (ctl_find_command (argv[0]), NULL, &argc, &argv, 0, 0, error) ||
      !ctl_open_vault (ctl, error))
    return FALSE;
  g_autoptr (GPtrArray) deadlines =
      satchel_deadline_list (ctl->vault, 0, 0, ctl_language (), error);
  if (deadlines == NULL)
    return FALSE;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < deadlines->len; i++) {
    const SatchelDeadline *deadline = g_ptr_array_index (deadlines, i);
    gboolean known = deadline->when.precision != SATCHEL_PRECISION_UNKNOWN;
    g_autofree char *when = satchel_when_format (&deadline->when);
    g_autofree char *what = ctl_shown (deadline->what);
    gboolean over = !deadline->is_done && satchel_deadline_is_over (deadline, satchel_now_us ());
    json_builder_begin_object (builder);
    ctl_json_string (builder, "id", deadline->record_id);
    ctl_json_string (builder, "path", deadline->path);
    ctl_json_string (builder, "when", known ? when : NULL);
    ctl_json_string (builder, "what", deadline->what);
    ctl_json_bool (builder, "is_over", over);
    ctl_json_bool (builder, "is_done", deadline->is_done);
    json_builder_end_object (builder);
    ctl_print (ctl, "%s  %s  %.8s%s\n", when, what, deadline->record_id,
               deadline->is_done ? _ ("  (done)")
               : over            ? _ ("  (over)")
                                 : "");
  }
  json_builder_end_array (builder);
  if (ctl->json)
    ctl_print_builder (g_steal_pointer (&builder));
  return TRUE;
}

const CtlCommand ctl_list_commands[] = {
    {"list", "[KIND] [--since T] [--until T]", N_ ("Records, the newest first"), run_list},
    {"show", "ID", N_ ("One record with evidence and revisions"), run_show},
    {"search", "WORDS", N_ ("Find records by their words"), run_search},
    {"case", "ID", N_ ("All records linked with one, by time"), run_case},
    {"deadlines", "", N_ ("What must be done by when"), run_deadlines},
    {NULL},
};
