/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records and evidence: making, changing, taking out. */
#include "ctl.h"

#include <glib/gi18n.h>
#include <unistd.h>

#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "ctl-records.h"
#include "records/satchel-evidence.h"
#include "records/satchel-record.h"

static void
json_fields (JsonBuilder *builder, GPtrArray *fields, const char *language)
{
  json_builder_set_member_name (builder, "fields");
  json_builder_begin_array (builder);
  for (guint i = 0; i < fields->len; i++) {
    const SatchelField *field = g_ptr_array_index (fields, i);
    json_builder_begin_object (builder);
    ctl_json_string (builder, "id", field->id);
    ctl_json_string (builder, "type", satchel_field_type_get_name (field->type));
    ctl_json_string (builder, "label", satchel_label_get (field->label, language));
    ctl_json_string (builder, "help", satchel_label_get (field->help, language));
    ctl_json_bool (builder, "required", field->required);
    if (field->choices != NULL) {
      json_builder_set_member_name (builder, "choices");
      json_builder_begin_array (builder);
      for (guint c = 0; c < field->choices->len; c++)
        json_builder_add_string_value (
            builder, ((SatchelChoice *) g_ptr_array_index (field->choices, c))->id);
      json_builder_end_array (builder);
    }
    if (field->sub_fields != NULL)
      json_fields (builder, field->sub_fields, language);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
json_kind (JsonBuilder *builder, const SatchelKind *kind, gboolean with_fields)
{
  const char *language = ctl_language ();

  json_builder_begin_object (builder);
  ctl_json_string (builder, "id", kind->id);
  ctl_json_int (builder, "version", kind->version);
  ctl_json_string (builder, "label", satchel_label_get (kind->label, language));
  ctl_json_string (builder, "help", satchel_label_get (kind->help, language));
  if (with_fields)
    json_fields (builder, kind->fields, language);
  json_builder_end_object (builder);
}

static void
print_fields (Ctl *ctl, GPtrArray *fields, const char *prefix)
{
  for (guint i = 0; i < fields->len; i++) {
    const SatchelField *field = g_ptr_array_index (fields, i);
    g_autofree char *path = g_strconcat (prefix, field->id, NULL);
    g_autoptr (GString) choices = g_string_new (NULL);

    for (guint c = 0; field->choices != NULL && c < field->choices->len; c++)
      g_string_append_printf (choices, "%s%s", c == 0 ? ": " : ", ",
                              ((SatchelChoice *) g_ptr_array_index (field->choices, c))->id);
    ctl_print (ctl, "%-28s %-9s %s%s%s\n", path, satchel_field_type_get_name (field->type),
               satchel_label_get (field->label, ctl_language ()),
               field->required ? _ (" (required)") : "", choices->str);
    if (field->sub_fields != NULL) {
      g_autofree char *inner = g_strconcat (path, ".N.", NULL);
      print_fields (ctl, field->sub_fields, inner);
    }
  }
}

static void
list_kinds (Ctl *ctl)
{
  g_autoptr (GPtrArray) kinds = satchel_kinds_list (satchel_kinds_get_builtin ());
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < kinds->len; i++) {
    const SatchelKind *kind = g_ptr_array_index (kinds, i);
    json_kind (builder, kind, FALSE);
    ctl_print (ctl, "%-16s %s\n", kind->id, satchel_label_get (kind->label, ctl_language ()));
  }
  json_builder_end_array (builder);
  if (ctl->json)
    ctl_print_builder (g_steal_pointer (&builder));
}

static gboolean
run_kinds (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  if (!ctl_parse (ctl_find_command (argv[0]), NULL, &argc, &argv, 0, 1, error))
    return FALSE;
  if (argc < 2) {
    list_kinds (ctl);
    return TRUE;
  }
  const SatchelKind *kind = satchel_kinds_find (satchel_kinds_get_builtin (), argv[1], error);
  if (kind == NULL)
    return FALSE;
  if (ctl->json) {
    JsonBuilder *builder = json_builder_new ();
    json_kind (builder, kind, TRUE);
    ctl_print_builder (builder);
    return TRUE;
  }
  ctl_print (ctl, "%s\n", satchel_label_get (kind->label, ctl_language ()));
  print_fields (ctl, kind->fields, "");
  return TRUE;
}

static gboolean
assign_all (const SatchelKind *kind, JsonObject *values, char **assignments, GError **error)
{
  SatchelWhen now = satchel_when_now ();

  for (guint i = 0; assignments != NULL && assignments[i] != NULL; i++)
    if (!satchel_fields_assign (kind, values, assignments[i], now.offset_minutes, error))
      return FALSE;
  return TRUE;
}

/* Attaches @paths to @record; what was made goes to @items, of SatchelEvidence. */
static gboolean
attach_all (Ctl *ctl,
            const char *record,
            char **paths,
            const char *from,
            GPtrArray *items,
            JsonBuilder *builder,
            GError **error)
{
  const SatchelEvidenceSource source = {
      .origin = from != NULL ? SATCHEL_ORIGIN_RECEIVED : SATCHEL_ORIGIN_UNKNOWN,
      .from = from,
  };

  for (guint i = 0; paths != NULL && paths[i] != NULL; i++) {
    SatchelEvidence *item = NULL;
    gboolean was_there = FALSE;
    if (!satchel_evidence_attach_file (ctl->vault, record, paths[i], &source,
                                       ctl_progress (ctl, _ ("Taking in")), &item, &was_there,
                                       ctl->cancellable, error)) {
      g_autofree char *shown = ctl_shown (paths[i]);
      g_prefix_error (error, "%s: ", shown);
      return FALSE;
    }
    ctl_progress_end (ctl);
    g_ptr_array_add (items, item);
    json_builder_begin_object (builder);
    ctl_json_evidence (builder, item);
    ctl_json_bool (builder, "was_there", was_there);
    json_builder_end_object (builder);
    if (was_there) {
      g_autofree char *shown = ctl_shown (item->name);
      ctl_note (ctl, _ ("%s: the vault has the same content already; it is stored once"), shown);
    }
  }
  return TRUE;
}

static GPtrArray *
new_items (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_evidence_free);
}

/* One transaction: a record with its evidence, or nothing. */
static char *
make_record (Ctl *ctl,
             const SatchelKind *kind,
             char **assignments,
             char **paths,
             JsonBuilder *builder,
             GError **error)
{
  JsonObject *values = satchel_fields_new (kind);
  g_autoptr (GPtrArray) items = new_items ();
  g_autofree char *id = NULL;

  if (assign_all (kind, values, assignments, error)) {
    g_autoptr (SatchelTransaction) transaction =
        satchel_transaction_begin (satchel_vault_get_db (ctl->vault), error);
    id = transaction == NULL ? NULL : satchel_record_create (ctl->vault, kind, values, error);
    if (id != NULL && (!attach_all (ctl, id, paths, NULL, items, builder, error) ||
                       !satchel_transaction_commit (transaction, error)))
      g_clear_pointer (&id, g_free);
  }
  json_object_unref (values);
  return g_steal_pointer (&id);
}

static gboolean
run_new (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_auto (GStrv) assignments = NULL;
  g_auto (GStrv) paths = NULL;
  const GOptionEntry entries[] = {
      {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &assignments, N_ ("Answer a field"),
       N_ ("FIELD=VALUE")},
      {"attach", 'a', 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, N_ ("Take a file in as evidence"),
       N_ ("FILE")},
      {NULL},
  };

  if (!ctl_parse (ctl_find_command (argv[0]), entries, &argc, &argv, 1, 1, error))
    return FALSE;
  const SatchelKind *kind = satchel_kinds_find (satchel_kinds_get_builtin (), argv[1], error);
  if (kind == NULL || !ctl_open_vault (ctl, error))
    return FALSE;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "items");
  json_builder_begin_array (builder);
  g_autofree char *id = make_record (ctl, kind, assignments, paths, builder, error);
  if (id == NULL)
    return FALSE;
  json_builder_end_array (builder);
  ctl_json_string (builder, "id", id);
  json_builder_end_object (builder);
  if (ctl->json)
    ctl_print_builder (g_steal_pointer (&builder));
  ctl_print (ctl, "%s\n", id);
  return TRUE;
}

static gboolean
run_edit (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_auto (GStrv) assignments = NULL;
  g_autofree char *reason = NULL;
  const GOptionEntry entries[] = {
      {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &assignments, N_ ("Answer a field"),
       N_ ("FIELD=VALUE")},
      {"reason", 0, 0, G_OPTION_ARG_STRING, &reason, N_ ("Why a sealed record is amended"),
       N_ ("TEXT")},
      {NULL},
  };

  if (!ctl_parse (ctl_find_command (argv[0]), entries, &argc, &argv, 1, 1, error))
    return FALSE;
  if (assignments == NULL) {
    ctl_set_usage (error, "%s", _ ("say what to change: -s FIELD=VALUE"));
    return FALSE;
  }
  g_autoptr (SatchelRecord) record =
      !ctl_open_vault (ctl, error) ? NULL : satchel_record_load (ctl->vault, argv[1], error);
  if (record == NULL)
    return FALSE;
  const SatchelKind *kind = satchel_record_get_kind (record);
  JsonObject *values = satchel_fields_canonical (kind, record->values);
  gboolean done = assign_all (kind, values, assignments, error) &&
                  satchel_record_revise (ctl->vault, record->id, values, reason, error);
  json_object_unref (values);
  g_autoptr (SatchelRecord) revised =
      done ? satchel_record_load (ctl->vault, record->id, error) : NULL;
  if (revised == NULL)
    return FALSE;
  if (ctl->json) {
    JsonBuilder *builder = json_builder_new ();
    json_builder_begin_object (builder);
    ctl_json_string (builder, "id", revised->id);
    ctl_json_int (builder, "revision", revised->revision);
    json_builder_end_object (builder);
    ctl_print_builder (builder);
  }
  ctl_print (ctl, "%s\n", revised->id);
  return TRUE;
}

static gboolean
run_attach (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_autofree char *from = NULL;
  const GOptionEntry entries[] = {
      {"from", 0, 0, G_OPTION_ARG_STRING, &from, N_ ("Who gave it to you"), N_ ("TEXT")},
      {NULL},
  };
  g_autoptr (GPtrArray) items = new_items ();

  if (!ctl_parse (ctl_find_command (argv[0]), entries, &argc, &argv, 2, -1, error))
    return FALSE;
  g_autoptr (SatchelRecord) record =
      !ctl_open_vault (ctl, error) ? NULL : satchel_record_load (ctl->vault, argv[1], error);
  if (record == NULL)
    return FALSE;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_array (builder);
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (ctl->vault), error);
  if (transaction == NULL || !attach_all (ctl, record->id, argv + 2, from, items, builder, error) ||
      !satchel_transaction_commit (transaction, error))
    return FALSE;
  json_builder_end_array (builder);
  if (ctl->json)
    ctl_print_builder (g_steal_pointer (&builder));
  for (guint i = 0; i < items->len; i++)
    ctl_print (ctl, "%s\n", ((SatchelEvidence *) g_ptr_array_index (items, i))->id);
  return TRUE;
}

static gboolean
run_get (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_autofree char *output = NULL;
  const GOptionEntry entries[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_ ("Write there; - is standard output"),
       N_ ("FILE")},
      {NULL},
  };

  if (!ctl_parse (ctl_find_command (argv[0]), entries, &argc, &argv, 1, 1, error))
    return FALSE;
  if (output == NULL) {
    ctl_set_usage (error, "%s", _ ("say where to: -o FILE"));
    return FALSE;
  }
  if (!g_str_equal (output, "-") && g_file_test (output, G_FILE_TEST_EXISTS)) {
    ctl_set_usage (error, _ ("%s is there already: name a new file"), output);
    return FALSE;
  }
  g_autoptr (SatchelEvidence) item =
      !ctl_open_vault (ctl, error) ? NULL : satchel_evidence_load (ctl->vault, argv[1], error);
  g_autoptr (GInputStream) content =
      item == NULL ? NULL
                   : satchel_evidence_open (ctl->vault, item, SATCHEL_ACTION_EXPORTED,
                                            ctl->cancellable, error);
  if (content == NULL)
    return FALSE;
  if (g_str_equal (output, "-"))
    return satchel_sink_splice (ctl_standard_output (), content, G_MAXUINT64, NULL,
                                ctl->cancellable, error);
  g_autoptr (SatchelNewFile) file = satchel_new_file_open_outside (output, error);
  return file != NULL &&
         satchel_sink_splice (satchel_new_file_get_sink (file), content, G_MAXUINT64, NULL,
                              ctl->cancellable, error) &&
         satchel_new_file_commit (file, FALSE, error);
}

const CtlCommand ctl_record_commands[] = {
    {"kinds", "[KIND]", N_ ("Kinds of records, or the fields of one"), run_kinds},
    {"new", "KIND [-s FIELD=VALUE]... [-a FILE]...", N_ ("Make a record; prints its id"), run_new},
    {"edit", "ID -s FIELD=VALUE... [--reason TEXT]",
     N_ ("Add a revision, or an amendment once sealed"), run_edit},
    {"attach", "ID FILE... [--from TEXT]", N_ ("Take evidence in; prints item ids"), run_attach},
    {"get", "ITEM -o FILE", N_ ("Take evidence out; the ledger says so"), run_get},
    {NULL},
};
