/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/satchel-form.h"

#include <glib/gi18n.h>

#include "base/satchel-json.h"
#include "records/satchel-draft.h"
#include "form/satchel-form-text.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"

#define TYPED_MAX 1000 /* answers in a draft that could not be kept */

struct _SatchelForm {
  AdwBin parent_instance;

  const SatchelKind *kind;
  SatchelSession *session;
  JsonObject *values;
  GHashTable *typed; /* path -> what was typed there and cannot be kept */
  GPtrArray *rows;   /* of SatchelFormRow at the top, borrowed */
  GPtrArray *lists;  /* of SatchelFormEntries, borrowed */
  GtkBox *box;
};

enum { CHANGED,
       SIGNALS };
static guint signals[SIGNALS];

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelForm, satchel_form, ADW_TYPE_BIN)
// clang-format on

static const SatchelField *
get_field (SatchelFormEntries *list)
{
  return g_object_get_data (G_OBJECT (list), "field");
}

/* The row that @path is of; entries of a repeat open for it. Borrowed, nullable. */
static SatchelFormRow *
find_row (SatchelForm *self, const char *path)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (satchel_form_row_has_path (self->rows->pdata[i], path))
      return self->rows->pdata[i];
  for (guint i = 0; i < self->lists->len; i++) {
    SatchelFormRow *row = satchel_form_entries_find_row (self->lists->pdata[i], path);
    if (row != NULL)
      return row;
  }
  return NULL;
}

/* An entry is called by its answers; only the list that @path leads into has new ones. */
static void
name_entries (SatchelForm *self, const char *path)
{
  for (guint i = 0; i < self->lists->len; i++) {
    const char *id = get_field (self->lists->pdata[i])->id;
    gsize length = strlen (id);
    if (strncmp (path, id, length) == 0 && path[length] == '.')
      satchel_form_entries_name (self->lists->pdata[i], self->values);
  }
}

/* --- Answers --- */

static gint
local_offset_minutes (void)
{
  return satchel_when_now ().offset_minutes;
}

/* A whole answer ("span") is of a row that had its parts ("span.from") typed before. */
static void
forget_typed (SatchelForm *self, const char *path)
{
  g_autofree char *below = g_strconcat (path, ".", NULL);
  GHashTableIter iterator;
  gpointer key;

  g_hash_table_iter_init (&iterator, self->typed);
  while (g_hash_table_iter_next (&iterator, &key, NULL))
    if (g_str_equal (key, path) || g_str_has_prefix (key, below))
      g_hash_table_iter_remove (&iterator);
}

static gboolean
has_typed (SatchelForm *self, SatchelFormRow *row)
{
  GHashTableIter iterator;
  gpointer key;

  g_hash_table_iter_init (&iterator, self->typed);
  while (g_hash_table_iter_next (&iterator, &key, NULL))
    if (satchel_form_row_has_path (row, key))
      return TRUE;
  return FALSE;
}

static void
answered_cb (SatchelForm *self, const char *path, const char *text)
{
  SatchelFormRow *row = find_row (self, path);

  forget_typed (self, path);
  if (!satchel_fields_set (self->kind, self->values, path, text, local_offset_minutes (), NULL))
    g_hash_table_replace (self->typed, g_strdup (path), g_strdup (text));
  if (row != NULL)
    satchel_form_row_set_fault (
        row,
        has_typed (self, row) ? satchel_form_text_fault (satchel_form_row_get_field (row)) : NULL,
        FALSE);
  name_entries (self, path);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* What was typed into later entries goes down with them by one. */
static void
renumber_typed (SatchelForm *self, const char *repeat, guint index)
{
  g_autofree char *prefix = g_strconcat (repeat, ".", NULL);
  GHashTable *renumbered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iterator;
  gpointer key, text;

  g_hash_table_iter_init (&iterator, self->typed);
  while (g_hash_table_iter_next (&iterator, &key, &text)) {
    char *rest = NULL;
    gboolean is_ours = g_str_has_prefix (key, prefix);
    guint64 at = is_ours ? g_ascii_strtoull ((char *) key + strlen (prefix), &rest, 10) : 0;
    if (is_ours && at == index)
      continue;
    char *path = is_ours && at > index
                     ? g_strdup_printf ("%s%" G_GUINT64_FORMAT "%s", prefix, at - 1, rest)
                     : g_strdup (key);
    g_hash_table_replace (renumbered, path, g_strdup (text));
  }
  g_hash_table_unref (self->typed);
  self->typed = renumbered;
}

static void
removed_cb (SatchelForm *self, guint index, SatchelFormEntries *list)
{
  const SatchelField *field = get_field (list);
  g_autofree char *path = g_strdup_printf ("%s.%u", field->id, index);

  satchel_fields_set (self->kind, self->values, path, "", 0, NULL);
  renumber_typed (self, field->id, index);
  name_entries (self, path);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* --- Showing --- */

static guint
count_entries (JsonObject *values, const char *id)
{
  JsonNode *node = values != NULL ? json_object_get_member (values, id) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node)
             ? json_array_get_length (json_node_get_array (node))
             : 0;
}

static void
show_values (SatchelForm *self, JsonObject *saved)
{
  for (guint i = 0; i < self->rows->len; i++)
    satchel_form_row_show (self->rows->pdata[i], self->kind, self->values);
  for (guint i = 0; i < self->lists->len; i++) {
    const SatchelField *field = get_field (self->lists->pdata[i]);
    satchel_form_entries_show (self->lists->pdata[i], self->kind, self->values,
                               field->append_only ? count_entries (saved, field->id) : 0);
  }
}

void
satchel_form_show (SatchelForm *self, JsonObject *values, JsonObject *saved)
{
  json_object_unref (self->values);
  self->values = satchel_fields_canonical (self->kind, values);
  g_hash_table_remove_all (self->typed);
  show_values (self, saved);
}

JsonObject *
satchel_form_dup_values (SatchelForm *self)
{
  return satchel_fields_canonical (self->kind, self->values);
}

gboolean
satchel_form_is_empty (SatchelForm *self)
{
  g_autoptr (JsonObject) fresh = satchel_fields_new (self->kind);
  g_autoptr (GList) members = json_object_get_members (self->values);

  for (GList *m = members; m != NULL; m = m->next)
    if (!json_object_has_member (fresh, m->data))
      return FALSE;
  return g_hash_table_size (self->typed) == 0;
}

void
satchel_form_focus (SatchelForm *self)
{
  GtkWidget *target = self->rows->pdata[0];

  for (guint i = 0; i < self->rows->len; i++) {
    const SatchelField *field = satchel_form_row_get_field (self->rows->pdata[i]);
    if (!field->required || json_object_has_member (self->values, field->id))
      continue;
    target = self->rows->pdata[i];
    break;
  }
  gtk_widget_grab_focus (target);
}

/* --- Drafts --- */

char *
satchel_form_dup_draft (SatchelForm *self)
{
  g_autoptr (JsonObject) draft = json_object_new ();
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *typed = json_object_new ();
  GHashTableIter iterator;
  gpointer path, text;

  g_hash_table_iter_init (&iterator, self->typed);
  while (g_hash_table_iter_next (&iterator, &path, &text))
    json_object_set_string_member (typed, path, text);
  json_object_set_object_member (draft, "values", satchel_form_dup_values (self));
  json_object_set_object_member (draft, "typed", typed);
  json_node_set_object (root, draft);
  return json_to_string (root, FALSE);
}

/* A draft is the vault's own, but it may be of another version: only what is understood is shown.
 */
static void
show_typed (SatchelForm *self, JsonObject *typed)
{
  g_autoptr (GList) paths = json_object_get_members (typed);
  guint count = 0;

  for (GList *p = paths; p != NULL && count < TYPED_MAX; p = p->next, count++) {
    JsonNode *node = json_object_get_member (typed, p->data);
    SatchelFormRow *row = find_row (self, p->data);
    if (row == NULL || json_node_get_value_type (node) != G_TYPE_STRING)
      continue;
    g_hash_table_replace (self->typed, g_strdup (p->data), json_node_dup_string (node));
    satchel_form_row_show_typed (row, p->data, json_node_get_string (node));
    satchel_form_row_set_fault (row, satchel_form_text_fault (satchel_form_row_get_field (row)),
                                TRUE);
  }
}

static JsonObject *
get_object (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

gboolean
satchel_form_show_draft (SatchelForm *self, const char *text, JsonObject *saved, GError **error)
{
  g_autoptr (JsonNode) root =
      satchel_json_parse (text, strlen (text), SATCHEL_DRAFT_SIZE_MAX, error);

  if (root == NULL)
    return FALSE;
  JsonObject *draft = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  JsonObject *values = draft != NULL ? get_object (draft, "values") : NULL;
  JsonObject *typed = draft != NULL ? get_object (draft, "typed") : NULL;
  g_autoptr (JsonObject) none = json_object_new ();
  satchel_form_show (self, values != NULL ? values : none, saved);
  if (typed != NULL)
    show_typed (self, typed);
  return TRUE;
}

/* --- Looking through --- */

static void
mark (SatchelForm *self, const char *path, const char *fault, SatchelFormRow **first)
{
  SatchelFormRow *row = find_row (self, path);

  if (row == NULL)
    return;
  satchel_form_row_set_fault (row, fault, TRUE);
  if (*first == NULL)
    *first = row;
}

static void
mark_typed (SatchelForm *self, SatchelFormRow **first)
{
  GHashTableIter iterator;
  gpointer path;

  g_hash_table_iter_init (&iterator, self->typed);
  while (g_hash_table_iter_next (&iterator, &path, NULL)) {
    SatchelFormRow *row = find_row (self, path);
    if (row != NULL)
      mark (self, path, satchel_form_text_fault (satchel_form_row_get_field (row)), first);
  }
}

gboolean
satchel_form_check (SatchelForm *self, SatchelFieldsStage stage)
{
  g_autoptr (GPtrArray) problems =
      satchel_fields_list_problems (self->kind, self->values, stage);
  SatchelFormRow *first = NULL;

  mark_typed (self, &first);
  for (guint i = 0; i < problems->len; i++) {
    const SatchelFieldProblem *problem = problems->pdata[i];
    SatchelFormRow *row = find_row (self, problem->path);
    g_autofree char *text = satchel_fields_dup_text (self->kind, self->values, problem->path);
    if (row != NULL)
      mark (self, problem->path,
            satchel_form_text_problem (satchel_form_row_get_field (row), text != NULL), &first);
  }
  if (first != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (first));
  return first == NULL && problems->len == 0 && g_hash_table_size (self->typed) == 0;
}

/* --- Making --- */

static void
add_row (SatchelForm *self, AdwPreferencesGroup *group, const SatchelField *field)
{
  SatchelFormRow *row = satchel_form_row_new (field, field->id, self->session);

  g_signal_connect_object (row, "answered", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->rows, row);
  adw_preferences_group_add (group, GTK_WIDGET (row));
}

static void
add_list (SatchelForm *self, const SatchelField *field)
{
  SatchelFormEntries *list = satchel_form_entries_new (field, self->session);

  g_object_set_data (G_OBJECT (list), "field", (gpointer) field);
  g_signal_connect_object (list, "answered", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (list, "removed", G_CALLBACK (removed_cb), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->lists, list);
  gtk_box_append (self->box, GTK_WIDGET (list));
}

/* In the kind's order; questions between two lists are a group. */
static void
make_content (SatchelForm *self)
{
  GtkWidget *group = NULL;

  for (guint i = 0; i < self->kind->fields->len; i++) {
    const SatchelField *field = g_ptr_array_index (self->kind->fields, i);
    if (satchel_field_is_repeat (field)) {
      add_list (self, field);
      group = NULL;
      continue;
    }
    if (group == NULL) {
      group = adw_preferences_group_new ();
      satchel_widget_call_lists (
          group, satchel_label_get (self->kind->label, satchel_words_language ()));
      gtk_box_append (self->box, group);
    }
    add_row (self, ADW_PREFERENCES_GROUP (group), field);
  }
}

static void
satchel_form_dispose (GObject *object)
{
  g_clear_object (&SATCHEL_FORM (object)->session);
  G_OBJECT_CLASS (satchel_form_parent_class)->dispose (object);
}

static void
satchel_form_finalize (GObject *object)
{
  SatchelForm *self = SATCHEL_FORM (object);

  json_object_unref (self->values);
  g_hash_table_unref (self->typed);
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->lists);
  G_OBJECT_CLASS (satchel_form_parent_class)->finalize (object);
}

static void
satchel_form_class_init (SatchelFormClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_form_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_form_finalize;
  signals[CHANGED] = g_signal_new ("changed", SATCHEL_TYPE_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
satchel_form_init (SatchelForm *self)
{
  self->values = json_object_new ();
  self->typed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->rows = g_ptr_array_new ();
  self->lists = g_ptr_array_new ();
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 18));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
}

SatchelForm *
satchel_form_new (const SatchelKind *kind, SatchelSession *session)
{
  SatchelForm *self = g_object_new (SATCHEL_TYPE_FORM, NULL);

  self->kind = kind;
  self->session = g_object_ref (session);
  make_content (self);
  return self;
}
