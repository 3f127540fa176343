/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/satchel-form-entries.h"

#include <glib/gi18n.h>

#include "form/satchel-form-text.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"

typedef struct {
  AdwExpanderRow *card; /* borrowed */
  GtkButton *remove;    /* borrowed */
  GPtrArray *rows;      /* of SatchelFormRow, borrowed */
} Entry;

struct _SatchelFormEntries {
  AdwPreferencesGroup parent_instance;

  const SatchelField *field;
  SatchelSession *session;
  GPtrArray *locked;  /* of GtkWidget, borrowed */
  GPtrArray *entries; /* of Entry; numbers go on after the locked ones */
  guint stored_count; /* entries that are in the values */
};

enum { ANSWERED,
       REMOVED,
       SIGNALS };
static guint signals[SIGNALS];

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelFormEntries, satchel_form_entries, ADW_TYPE_PREFERENCES_GROUP)
// clang-format on

static void
entry_free (gpointer data)
{
  Entry *self = data;

  g_ptr_array_unref (self->rows);
  g_free (self);
}

static guint
get_index (SatchelFormEntries *self, guint place)
{
  return self->locked->len + place;
}

static JsonObject *
get_stored (SatchelFormEntries *self, JsonObject *values, guint index)
{
  JsonNode *node = json_object_get_member (values, self->field->id);
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node)
                                                                  : NULL;
  JsonNode *entry = array != NULL && index < json_array_get_length (array)
                        ? json_array_get_element (array, index)
                        : NULL;

  return entry != NULL && JSON_NODE_HOLDS_OBJECT (entry) ? json_node_get_object (entry) : NULL;
}

static guint
count_stored (SatchelFormEntries *self, JsonObject *values)
{
  JsonNode *node = json_object_get_member (values, self->field->id);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node)
             ? json_array_get_length (json_node_get_array (node))
             : 0;
}

static char *
sub_path (SatchelFormEntries *self, guint index, const SatchelField *sub_field)
{
  return g_strdup_printf ("%s.%u.%s", self->field->id, index, sub_field->id);
}

/* --- One entry --- */

static void
answered_cb (SatchelFormEntries *self, const char *path, const char *text)
{
  g_signal_emit (self, signals[ANSWERED], 0, path, text);
}

/* The cards after one that went take its number. */
static void
renumber (SatchelFormEntries *self, guint from)
{
  for (guint i = from; i < self->entries->len; i++) {
    Entry *entry = self->entries->pdata[i];
    for (guint j = 0; j < entry->rows->len; j++) {
      SatchelFormRow *row = entry->rows->pdata[j];
      g_autofree char *path =
          sub_path (self, get_index (self, i), satchel_form_row_get_field (row));
      satchel_form_row_set_path (row, path);
    }
  }
}

static void
remove_cb (SatchelFormEntries *self, GtkButton *button)
{
  for (guint i = 0; i < self->entries->len; i++) {
    Entry *entry = self->entries->pdata[i];
    if (entry->remove != button)
      continue;
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (entry->card));
    g_ptr_array_remove_index (self->entries, i);
    renumber (self, i);
    g_signal_emit (self, signals[REMOVED], 0, get_index (self, i));
    return;
  }
}

static void
make_rows (SatchelFormEntries *self, Entry *entry, guint index)
{
  for (guint i = 0; i < self->field->sub_fields->len; i++) {
    const SatchelField *sub_field = g_ptr_array_index (self->field->sub_fields, i);
    g_autofree char *path = sub_path (self, index, sub_field);
    SatchelFormRow *row = satchel_form_row_new (sub_field, path, self->session);
    g_signal_connect_object (row, "answered", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
    g_ptr_array_add (entry->rows, row);
    adw_expander_row_add_row (entry->card, GTK_WIDGET (row));
  }
}

static Entry *
append_entry (SatchelFormEntries *self)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->card = ADW_EXPANDER_ROW (adw_expander_row_new ());
  entry->rows = g_ptr_array_new ();
  entry->remove = GTK_BUTTON (gtk_button_new_from_icon_name ("user-trash-symbolic"));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (entry->card), FALSE);
  gtk_widget_set_valign (GTK_WIDGET (entry->remove), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (entry->remove), "flat");
  g_signal_connect_object (entry->remove, "clicked", G_CALLBACK (remove_cb), self,
                           G_CONNECT_SWAPPED);
  adw_expander_row_add_action (entry->card, GTK_WIDGET (entry->remove));
  make_rows (self, entry, get_index (self, self->entries->len));
  g_ptr_array_add (self->entries, entry);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (entry->card));
  return entry;
}

static void
name_entry (SatchelFormEntries *self, guint place, JsonObject *stored)
{
  Entry *entry = self->entries->pdata[place];
  guint index = get_index (self, place);
  g_autofree char *title = satchel_form_text_entry_title (self->field, stored, index);
  g_autofree char *subtitle = satchel_form_text_entry_subtitle (self->field, stored);
  g_autofree char *name = g_strdup_printf (_ ("Remove: %s"), title);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry->card), title);
  adw_expander_row_set_subtitle (entry->card, subtitle);
  satchel_widget_call_expander (entry->card);
  satchel_widget_call (GTK_WIDGET (entry->remove), name, TRUE);
}

/* --- The list --- */

/* What stays as it is, is only read. */
static void
append_locked (SatchelFormEntries *self, JsonObject *stored, guint index)
{
  AdwActionRow *row = ADW_ACTION_ROW (adw_action_row_new ());
  g_autofree char *title = satchel_form_text_entry_title (self->field, stored, index);
  g_autofree char *subtitle = satchel_form_text_entry_subtitle (self->field, stored);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (row, subtitle);
  adw_action_row_set_title_lines (row, 0);
  adw_action_row_set_subtitle_lines (row, 0);
  g_ptr_array_add (self->locked, row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (row));
}

static void
clear (SatchelFormEntries *self)
{
  for (guint i = 0; i < self->locked->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), self->locked->pdata[i]);
  for (guint i = 0; i < self->entries->len; i++) {
    Entry *entry = self->entries->pdata[i];
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (entry->card));
  }
  g_ptr_array_set_size (self->locked, 0);
  g_ptr_array_set_size (self->entries, 0);
}

void
satchel_form_entries_show (SatchelFormEntries *self,
                           const SatchelKind *kind,
                           JsonObject *values,
                           guint locked_count)
{
  guint count = count_stored (self, values);

  clear (self);
  for (guint i = 0; i < MIN (count, locked_count); i++)
    append_locked (self, get_stored (self, values, i), i);
  for (guint i = self->locked->len; i < count; i++) {
    Entry *entry = append_entry (self);
    for (guint j = 0; j < entry->rows->len; j++)
      satchel_form_row_show (entry->rows->pdata[j], kind, values);
  }
  satchel_form_entries_name (self, values);
}

void
satchel_form_entries_name (SatchelFormEntries *self, JsonObject *values)
{
  self->stored_count = count_stored (self, values);
  for (guint i = 0; i < self->entries->len; i++)
    name_entry (self, i, get_stored (self, values, get_index (self, i)));
}

void
satchel_form_entries_add (SatchelFormEntries *self)
{
  guint count = self->locked->len + self->entries->len;
  Entry *last;

  if (count >= SATCHEL_REPEATS_MAX)
    return;
  if (count > self->stored_count && self->entries->len > 0) {
    last = self->entries->pdata[self->entries->len - 1];
  } else {
    last = append_entry (self);
    name_entry (self, self->entries->len - 1, NULL);
  }
  adw_expander_row_set_expanded (last->card, TRUE);
  gtk_widget_grab_focus (last->rows->pdata[0]);
}

SatchelFormRow *
satchel_form_entries_find_row (SatchelFormEntries *self, const char *path)
{
  for (guint i = 0; i < self->entries->len; i++) {
    Entry *entry = self->entries->pdata[i];
    for (guint j = 0; j < entry->rows->len; j++)
      if (satchel_form_row_has_path (entry->rows->pdata[j], path)) {
        adw_expander_row_set_expanded (entry->card, TRUE);
        return entry->rows->pdata[j];
      }
  }
  return NULL;
}

static void
satchel_form_entries_dispose (GObject *object)
{
  g_clear_object (&SATCHEL_FORM_ENTRIES (object)->session);
  G_OBJECT_CLASS (satchel_form_entries_parent_class)->dispose (object);
}

static void
satchel_form_entries_finalize (GObject *object)
{
  SatchelFormEntries *self = SATCHEL_FORM_ENTRIES (object);

  g_ptr_array_unref (self->locked);
  g_ptr_array_unref (self->entries);
  G_OBJECT_CLASS (satchel_form_entries_parent_class)->finalize (object);
}

static void
satchel_form_entries_class_init (SatchelFormEntriesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_form_entries_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_form_entries_finalize;
  signals[ANSWERED] = g_signal_new ("answered", SATCHEL_TYPE_FORM_ENTRIES, G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[REMOVED] = g_signal_new ("removed", SATCHEL_TYPE_FORM_ENTRIES, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
satchel_form_entries_init (SatchelFormEntries *self)
{
  self->locked = g_ptr_array_new ();
  self->entries = g_ptr_array_new_with_free_func (entry_free);
}

SatchelFormEntries *
satchel_form_entries_new (const SatchelField *field, SatchelSession *session)
{
  SatchelFormEntries *self = g_object_new (SATCHEL_TYPE_FORM_ENTRIES, NULL);
  const char *language = satchel_words_language ();
  const char *label = satchel_label_get (field->label, language);
  GtkWidget *add = gtk_button_new_from_icon_name ("list-add-symbolic");
  g_autofree char *name = g_strdup_printf (_ ("Add: %s"), label);

  self->field = field;
  self->session = g_object_ref (session);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), label);
  if (field->help != NULL)
    adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self),
                                           satchel_label_get (field->help, language));
  gtk_widget_add_css_class (add, "flat");
  satchel_widget_call (add, name, TRUE);
  g_signal_connect_object (add, "clicked", G_CALLBACK (satchel_form_entries_add), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (self), add);
  return self;
}
