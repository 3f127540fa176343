/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-fields-private.h"

#include <string.h>

#include "base/satchel-text.h"

#define PROBLEMS_MAX 100

/* What was found so far. */
typedef struct {
  GPtrArray *problems;
  const SatchelKind *kind;
  SatchelFieldsStage stage;
  SatchelRecordsError first_code;
} Finder;

void
satchel_field_problem_free (SatchelFieldProblem *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  g_free (self->message);
  g_free (self);
}

JsonArray *
satchel_field_entries (const SatchelField *field, JsonNode *value)
{
  return value != NULL && satchel_field_is_repeat (field) && JSON_NODE_HOLDS_ARRAY (value)
             ? json_node_get_array (value)
             : NULL;
}

JsonObject *
satchel_field_entry (JsonArray *entries, guint index)
{
  JsonNode *entry = json_array_get_element (entries, index);

  return JSON_NODE_HOLDS_OBJECT (entry) ? json_node_get_object (entry) : NULL;
}

void
satchel_fields_add_defaults (GPtrArray *fields, JsonObject *values)
{
  for (guint i = 0; i < fields->len; i++) {
    const SatchelField *field = g_ptr_array_index (fields, i);
    g_autofree char *now = NULL;
    SatchelWhen moment = satchel_when_now ();
    const char *text = field->default_text;
    if (text == NULL || json_object_has_member (values, field->id))
      continue;
    if (field->type == SATCHEL_FIELD_WHEN && g_str_equal (text, "now"))
      text = now = satchel_when_format (&moment);
    JsonNode *value = satchel_field_value_parse (field, text, moment.offset_minutes, NULL);
    if (value != NULL)
      json_object_set_member (values, field->id, value);
  }
}

JsonObject *
satchel_fields_new (const SatchelKind *kind)
{
  JsonObject *values = json_object_new ();

  satchel_fields_add_defaults (kind->fields, values);
  return values;
}

G_GNUC_PRINTF (5, 6)
static void
add_problem (Finder *finder,
             SatchelRecordsError code,
             const char *path,
             const char *label,
             const char *format,
             ...)
{
  va_list arguments;

  if (finder->problems->len == 0)
    finder->first_code = code;
  if (finder->problems->len >= PROBLEMS_MAX)
    return;
  va_start (arguments, format);
  g_autofree char *clause = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  SatchelFieldProblem *problem = g_new0 (SatchelFieldProblem, 1);
  problem->path = g_strdup (path);
  problem->message = g_strdup_printf ("%s: %s", label, clause);
  g_ptr_array_add (finder->problems, problem);
}

/* The last moment that the text may mean: "2024-03" lasts until April. In local time, as far as the
 * day counts: dates carry no offset. */
static gint64
moment_end_us (const SatchelWhen *when)
{
  static const gint64 lengths_s[] = {
      [SATCHEL_PRECISION_MONTH] = 31 * 86400,
      [SATCHEL_PRECISION_DAY] = 86400,
      [SATCHEL_PRECISION_HOUR] = 3600,
      [SATCHEL_PRECISION_MINUTE] = 60,
      [SATCHEL_PRECISION_EXACT] = 1,
  };

  return when->unix_us + lengths_s[when->precision] * G_USEC_PER_SEC;
}

/* Whether @later surely was before @earlier, whatever the open digits are. */
static gboolean
is_before (const SatchelWhen *later, const SatchelWhen *earlier)
{
  gint64 shift_us = 0;

  if (later->precision == SATCHEL_PRECISION_UNKNOWN ||
      earlier->precision == SATCHEL_PRECISION_UNKNOWN)
    return FALSE;
  if (later->precision <= SATCHEL_PRECISION_DAY || earlier->precision <= SATCHEL_PRECISION_DAY)
    shift_us = (gint64) (earlier->offset_minutes - later->offset_minutes) * 60 * G_USEC_PER_SEC;
  if (later->precision == SATCHEL_PRECISION_EXACT && earlier->precision == SATCHEL_PRECISION_EXACT)
    return later->unix_us < earlier->unix_us;
  return moment_end_us (later) <= earlier->unix_us + shift_us;
}

static void
check_order (Finder *finder,
             GPtrArray *fields,
             const SatchelField *field,
             JsonObject *values,
             const char *path,
             const char *label)
{
  SatchelWhen from;
  SatchelWhen to;
  SatchelWhen bound;
  SatchelWhen unused;
  const SatchelField *other =
      field->not_before != NULL ? satchel_field_find (fields, field->not_before) : NULL;

  satchel_field_value_get_moments (field, json_object_get_member (values, field->id), &from, &to);
  if (is_before (&to, &from))
    add_problem (finder, SATCHEL_RECORDS_ERROR_INVALID_VALUE, path, label,
                 "ends before it begins");
  if (other == NULL)
    return;
  satchel_field_value_get_moments (other, json_object_get_member (values, other->id), &bound,
                                   &unused);
  if (is_before (&from, &bound))
    add_problem (finder, SATCHEL_RECORDS_ERROR_INVALID_VALUE, path, label, "is before \"%s\"",
                 satchel_label_get (other->label, NULL));
}

static void find_problems (Finder *finder,
                           GPtrArray *fields,
                           JsonObject *values,
                           const char *path,
                           const char *label);

static void
check_entries (Finder *finder,
               const SatchelField *field,
               JsonNode *value,
               const char *path,
               const char *label)
{
  JsonArray *entries = satchel_field_entries (field, value);
  guint count = entries != NULL ? json_array_get_length (entries) : 0;

  if (satchel_field_node_is_unknown (value))
    return;
  if (count == 0) {
    add_problem (finder, SATCHEL_RECORDS_ERROR_INVALID_VALUE, path, label, "holds no entries");
    return;
  }
  if (count > SATCHEL_REPEATS_MAX) {
    add_problem (finder, SATCHEL_RECORDS_ERROR_TOO_LARGE, path, label, "holds at most %d entries",
                 SATCHEL_REPEATS_MAX);
    return;
  }
  for (guint i = 0; i < count && finder->problems->len < PROBLEMS_MAX; i++) {
    g_autofree char *entry_path = g_strdup_printf ("%s.%u", path, i);
    g_autofree char *entry_label = g_strdup_printf ("%s %u", label, i + 1);
    JsonObject *entry = satchel_field_entry (entries, i);
    if (entry == NULL)
      add_problem (finder, SATCHEL_RECORDS_ERROR_INVALID_VALUE, entry_path, entry_label,
                   "is no entry");
    else
      find_problems (finder, field->sub_fields, entry, entry_path, entry_label);
  }
}

static void
check_value (Finder *finder,
             GPtrArray *fields,
             const SatchelField *field,
             JsonObject *values,
             const char *path,
             const char *label)
{
  g_autoptr (GError) fault = NULL;
  JsonNode *value = json_object_get_member (values, field->id);

  if (satchel_field_is_repeat (field))
    check_entries (finder, field, value, path, label);
  else if (!satchel_field_value_check (field, value, &fault))
    add_problem (finder, (SatchelRecordsError) fault->code, path, label, "%s", fault->message);
  else
    check_order (finder, fields, field, values, path, label);
}

/* Members that @fields do not have. */
static void
find_strangers (Finder *finder, GPtrArray *fields, JsonObject *values, const char *path)
{
  JsonObjectIter iter;
  const char *member;

  json_object_iter_init_ordered (&iter, values);
  while (json_object_iter_next_ordered (&iter, &member, NULL)) {
    if (satchel_field_find (fields, member) != NULL)
      continue;
    g_autofree char *stranger = g_strconcat (path, *path != '\0' ? "." : "", member, NULL);
    g_autofree char *wrong = satchel_text_for_display (stranger, 40);
    add_problem (finder, SATCHEL_RECORDS_ERROR_NO_SUCH_FIELD, stranger,
                 satchel_label_get (finder->kind->label, NULL), "has no field \"%s\"", wrong);
  }
}

/* @path and @label are those of an entry; empty at the top. */
static void
find_problems (Finder *finder,
               GPtrArray *fields,
               JsonObject *values,
               const char *path,
               const char *label)
{
  gboolean inner = *path != '\0';

  for (guint i = 0; i < fields->len && finder->problems->len < PROBLEMS_MAX; i++) {
    const SatchelField *field = g_ptr_array_index (fields, i);
    const char *own = satchel_label_get (field->label, NULL);
    g_autofree char *field_path = g_strconcat (path, inner ? "." : "", field->id, NULL);
    g_autofree char *field_label = g_strconcat (label, inner ? ", " : "", own, NULL);
    if (json_object_has_member (values, field->id))
      check_value (finder, fields, field, values, field_path, field_label);
    else if (field->required && (inner || finder->stage == SATCHEL_FIELDS_COMPLETE))
      add_problem (finder, SATCHEL_RECORDS_ERROR_INVALID_VALUE, field_path, field_label,
                   "needs an answer; \"unknown\" is one");
  }
  find_strangers (finder, fields, values, path);
}

static void
check_size (Finder *finder, JsonObject *values)
{
  gsize size = 0;

  if (finder->problems->len > 0)
    return;
  g_autofree char *line = satchel_fields_to_line (finder->kind, values, &size);
  if (line != NULL && size > SATCHEL_FIELDS_SIZE_MAX)
    add_problem (finder, SATCHEL_RECORDS_ERROR_TOO_LARGE, "",
                 satchel_label_get (finder->kind->label, NULL),
                 "holds at most %d bytes: put the rest into a file and attach it",
                 SATCHEL_FIELDS_SIZE_MAX);
}

static Finder
find_all (const SatchelKind *kind, JsonObject *values, SatchelFieldsStage stage)
{
  Finder finder = {
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_field_problem_free), kind, stage,
      SATCHEL_RECORDS_ERROR_INVALID_VALUE};

  find_problems (&finder, kind->fields, values, "", "");
  check_size (&finder, values);
  return finder;
}

GPtrArray *
satchel_fields_list_problems (const SatchelKind *kind, JsonObject *values, SatchelFieldsStage stage)
{
  return find_all (kind, values, stage).problems;
}

gboolean
satchel_fields_validate (const SatchelKind *kind,
                         JsonObject *values,
                         SatchelFieldsStage stage,
                         GError **error)
{
  Finder finder = find_all (kind, values, stage);
  g_autoptr (GPtrArray) problems = finder.problems;

  if (problems->len == 0)
    return TRUE;
  const SatchelFieldProblem *first = g_ptr_array_index (problems, 0);
  g_set_error_literal (error, SATCHEL_RECORDS_ERROR, (gint) finder.first_code, first->message);
  return FALSE;
}

gboolean
satchel_fields_check_appended (const SatchelKind *kind,
                               JsonObject *before,
                               JsonObject *after,
                               GError **error)
{
  for (guint i = 0; i < kind->fields->len; i++) {
    const SatchelField *field = g_ptr_array_index (kind->fields, i);
    if (!field->append_only)
      continue;
    JsonArray *old = satchel_field_entries (field, json_object_get_member (before, field->id));
    JsonArray *new = satchel_field_entries (field, json_object_get_member (after, field->id));
    guint kept = new != NULL ? json_array_get_length (new) : 0;
    for (guint j = 0; old != NULL && j < json_array_get_length (old); j++) {
      if (j < kept &&
          json_node_equal (json_array_get_element (old, j), json_array_get_element (new, j)))
        continue;
      g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_FINAL,
                   "%s %u: stays as it is; add a new entry instead",
                   satchel_label_get (field->label, NULL), j + 1);
      return FALSE;
    }
  }
  return TRUE;
}

static JsonNode *copy_node (JsonNode *node);

static void
copy_member (JsonObject *to, JsonObject *from, const char *member)
{
  if (json_object_has_member (from, member) && !json_object_has_member (to, member))
    json_object_set_member (to, member, copy_node (json_object_get_member (from, member)));
}

/* Parts of values stand in one order, whatever order they came in. */
static JsonObject *
copy_object (JsonObject *object)
{
  static const char *const parts[] = {"amount", "currency", "text", "coordinates", "when", "what"};
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *member;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    copy_member (copy, object, parts[i]);
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &member, NULL))
    copy_member (copy, object, member);
  return copy;
}

/* json_node_copy() would share arrays and objects. */
static JsonNode *
copy_node (JsonNode *node)
{
  JsonNode *copy;

  if (JSON_NODE_HOLDS_OBJECT (node)) {
    copy = json_node_new (JSON_NODE_OBJECT);
    json_node_take_object (copy, copy_object (json_node_get_object (node)));
    return copy;
  }
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return json_node_copy (node);
  JsonArray *array = json_array_new ();
  for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
    json_array_add_element (array,
                            copy_node (json_array_get_element (json_node_get_array (node), i)));
  copy = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (copy, array);
  return copy;
}

static JsonObject *copy_fields (GPtrArray *fields, JsonObject *values);

static JsonNode *
copy_entries (const SatchelField *field, JsonArray *entries)
{
  JsonArray *array = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; i < json_array_get_length (entries); i++) {
    JsonObject *entry = satchel_field_entry (entries, i);
    if (entry != NULL)
      json_array_add_object_element (array, copy_fields (field->sub_fields, entry));
    else
      json_array_add_element (array, copy_node (json_array_get_element (entries, i)));
  }
  json_node_take_array (node, array);
  return node;
}

static JsonObject *
copy_fields (GPtrArray *fields, JsonObject *values)
{
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *member;

  for (guint i = 0; i < fields->len; i++) {
    const SatchelField *field = g_ptr_array_index (fields, i);
    JsonNode *value = json_object_get_member (values, field->id);
    JsonArray *entries = satchel_field_entries (field, value);
    if (value != NULL)
      json_object_set_member (copy, field->id,
                              entries != NULL ? copy_entries (field, entries) : copy_node (value));
  }
  json_object_iter_init_ordered (&iter, values);
  while (json_object_iter_next_ordered (&iter, &member, NULL))
    copy_member (copy, values, member);
  return copy;
}

JsonObject *
satchel_fields_canonical (const SatchelKind *kind, JsonObject *values)
{
  return copy_fields (kind->fields, values);
}

char *
satchel_fields_to_line (const SatchelKind *kind, JsonObject *values, gsize *size_bytes)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, satchel_fields_canonical (kind, values));
  return satchel_json_to_line (node, size_bytes);
}

JsonObject *
satchel_fields_parse (const SatchelKind *kind, const char *line, gsize size_bytes, GError **error)
{
  g_autoptr (JsonNode) node = satchel_json_parse (line, size_bytes, SATCHEL_FIELDS_SIZE_MAX, error);

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node)) {
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_INVALID_VALUE,
                 "%s: the line holds no object", satchel_label_get (kind->label, NULL));
    return NULL;
  }
  JsonObject *values = json_node_get_object (node);
  if (!satchel_fields_validate (kind, values, SATCHEL_FIELDS_DRAFT, error))
    return NULL;
  return satchel_fields_canonical (kind, values);
}
