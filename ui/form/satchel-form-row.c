/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/satchel-form-row.h"

#include <glib/gi18n.h>

#include "form/satchel-beside-layout.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"

#define PARTS_MAX      2
#define FAULT_PAUSE_MS 900

/* One editor of a type: of the whole answer (NULL), or of a part. */
typedef struct {
  const char *part;
  const char *label; /* nullable: the field's own is enough */
  const char *placeholder;
  SatchelFormEditorNew make;
} Part;

typedef struct {
  Part parts[PARTS_MAX];
  gboolean is_beside;     /* the editor is small, and stands beside the label */
  gboolean is_unknowable; /* "unknown" is an answer that people give; choices have the word */
} Shape;

static const Shape SHAPES[] = {
    [SATCHEL_FIELD_TEXT] = {{{NULL, NULL, NULL, satchel_line_editor_new}}},
    [SATCHEL_FIELD_LINES] = {{{NULL, NULL, NULL, satchel_lines_editor_new}}},
    [SATCHEL_FIELD_WHEN] = {{{NULL, NULL, NULL, satchel_when_editor_new}}, .is_unknowable = TRUE},
    [SATCHEL_FIELD_SPAN] = {{{"from", N_ ("From"), NULL, satchel_when_editor_new},
                             {"to", N_ ("Until"), NULL, satchel_when_editor_new}},
                            .is_unknowable = TRUE},
    [SATCHEL_FIELD_CHOICE] = {{{NULL, NULL, NULL, satchel_choice_editor_new}}},
    [SATCHEL_FIELD_CHOICES] = {{{NULL, NULL, NULL, satchel_choices_editor_new}},
                               .is_unknowable = TRUE},
    [SATCHEL_FIELD_TRI] = {{{NULL, NULL, NULL, satchel_toggle_editor_new}}, .is_beside = TRUE},
    [SATCHEL_FIELD_COUNT] = {{{NULL, NULL, NULL, satchel_line_editor_new}}, .is_unknowable = TRUE},
    [SATCHEL_FIELD_MONEY] = {{{"amount", N_ ("Amount"), NULL, satchel_line_editor_new},
                              {"currency", N_ ("Currency"), "RUB", satchel_line_editor_new}},
                             .is_unknowable = TRUE},
    [SATCHEL_FIELD_PLACE] = {{{"text", N_ ("Address"), NULL, satchel_line_editor_new},
                              {"coordinates", N_ ("Coordinates, where somebody gave them"),
                               "55.7558, 37.6173", satchel_line_editor_new}},
                             .is_unknowable = TRUE},
    [SATCHEL_FIELD_LINK] = {{{NULL, NULL, NULL, satchel_link_editor_new}}},
    [SATCHEL_FIELD_DEADLINE] = {{{"when", N_ ("By when"), NULL, satchel_when_editor_new},
                                 {"what", N_ ("What must be done"), NULL, satchel_line_editor_new}},
                                .is_unknowable = TRUE},
    [SATCHEL_FIELD_LAW] = {{{NULL, NULL, NULL, satchel_line_editor_new}}},
};

struct _SatchelFormRow {
  AdwPreferencesRow parent_instance;

  const SatchelField *field;
  const Shape *shape;
  char *path;
  SatchelFormEditor *editors[PARTS_MAX]; /* borrowed */
  GtkBox *box;
  GtkBox *header;
  GtkBox *parts;           /* what "unknown" makes needless */
  GtkCheckButton *unknown; /* nullable */
  GtkLabel *fault;
  guint fault_source;
  gboolean is_filling;
  gboolean is_awaited; /* has the focus once it is on the screen */
};

enum { ANSWERED,
       SIGNALS };
static guint signals[SIGNALS];

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelFormRow, satchel_form_row, ADW_TYPE_PREFERENCES_ROW)
// clang-format on

static char *
part_path (SatchelFormRow *self, guint place)
{
  const char *part = self->shape->parts[place].part;

  return part != NULL ? g_strconcat (self->path, ".", part, NULL) : g_strdup (self->path);
}

/* --- What a person does --- */

static void
answer (SatchelFormRow *self, const char *path, const char *text)
{
  g_signal_emit (self, signals[ANSWERED], 0, path, text);
}

static void
editor_changed_cb (SatchelFormRow *self, SatchelFormEditor *editor)
{
  guint place = self->editors[0] == editor ? 0 : 1;
  g_autofree char *path = part_path (self, place);
  g_autofree char *text = satchel_form_editor_dup_text (editor);

  answer (self, path, text);
}

static void
clear_editors (SatchelFormRow *self)
{
  for (guint i = 0; i < PARTS_MAX; i++)
    if (self->editors[i] != NULL)
      satchel_form_editor_set_text (self->editors[i], "");
}

static void
unknown_toggled_cb (SatchelFormRow *self)
{
  gboolean is_unknown = gtk_check_button_get_active (self->unknown);

  gtk_widget_set_sensitive (GTK_WIDGET (self->parts), !is_unknown);
  if (self->is_filling)
    return;
  clear_editors (self);
  answer (self, self->path, is_unknown ? SATCHEL_FIELD_UNKNOWN : "");
}

/* --- What is wrong --- */

static gboolean
show_fault_cb (gpointer user_data)
{
  SatchelFormRow *self = user_data;

  self->fault_source = 0;
  gtk_widget_set_visible (GTK_WIDGET (self->fault), TRUE);
  return G_SOURCE_REMOVE;
}

static void
focus_left_cb (SatchelFormRow *self)
{
  if (self->fault_source == 0)
    return;
  g_clear_handle_id (&self->fault_source, g_source_remove);
  show_fault_cb (self);
}

void
satchel_form_row_set_fault (SatchelFormRow *self, const char *fault, gboolean is_urgent)
{
  gboolean is_shown = gtk_widget_get_visible (GTK_WIDGET (self->fault));

  g_clear_handle_id (&self->fault_source, g_source_remove);
  gtk_label_set_text (self->fault, fault != NULL ? fault : "");
  if (fault == NULL)
    gtk_widget_set_visible (GTK_WIDGET (self->fault), FALSE);
  else if (is_urgent || is_shown)
    gtk_widget_set_visible (GTK_WIDGET (self->fault), TRUE);
  else
    self->fault_source = g_timeout_add (FAULT_PAUSE_MS, show_fault_cb, self);
}

/* --- Making --- */

static void
make_header (SatchelFormRow *self, const char *label)
{
  GtkWidget *title = satchel_label_new (label, NULL);

  self->header = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12));
  gtk_widget_set_hexpand (title, TRUE);
  gtk_box_append (self->header, title);
  gtk_box_append (self->box, GTK_WIDGET (self->header));
  if (self->field->help != NULL) {
    const char *help = satchel_label_get (self->field->help, satchel_words_language ());
    gtk_box_append (self->box, satchel_label_new (help, "caption dim-label"));
  }
}

static void
make_unknown (SatchelFormRow *self, const char *label)
{
  g_autofree char *name = g_strdup_printf (_ ("%s: %s"), label, _ ("Unknown"));

  self->unknown = GTK_CHECK_BUTTON (gtk_check_button_new_with_label (_ ("Unknown")));
  satchel_widget_call (GTK_WIDGET (self->unknown), name, FALSE);
  gtk_widget_set_valign (GTK_WIDGET (self->unknown), GTK_ALIGN_START);
  g_signal_connect_swapped (self->unknown, "toggled", G_CALLBACK (unknown_toggled_cb), self);
  gtk_box_append (self->header, GTK_WIDGET (self->unknown));
}

static void
make_editor (SatchelFormRow *self, guint place, const char *label, SatchelSession *session)
{
  const Part *part = &self->shape->parts[place];
  const char *part_label = part->label != NULL ? _ (part->label) : NULL;
  g_autofree char *name =
      part_label != NULL ? g_strdup_printf (_ ("%s: %s"), label, part_label) : g_strdup (label);
  const SatchelFormEditorSpec spec = {self->field, name, part->placeholder, session};
  GtkWidget *holder = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  self->editors[place] = part->make (&spec);
  g_signal_connect_swapped (self->editors[place], "changed", G_CALLBACK (editor_changed_cb), self);
  if (part_label != NULL)
    gtk_box_append (GTK_BOX (holder), satchel_label_new (part_label, "caption dim-label"));
  gtk_box_append (GTK_BOX (holder), GTK_WIDGET (self->editors[place]));
  gtk_box_append (self->parts, holder);
}

static void
make_content (SatchelFormRow *self, SatchelSession *session)
{
  const char *label = satchel_label_get (self->field->label, satchel_words_language ());

  make_header (self, label);
  self->parts = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  if (self->shape->is_beside) {
    gtk_widget_set_layout_manager (GTK_WIDGET (self->header), satchel_beside_layout_new ());
    gtk_box_append (self->header, GTK_WIDGET (self->parts));
  } else {
    gtk_box_append (self->box, GTK_WIDGET (self->parts));
  }
  for (guint i = 0; i < PARTS_MAX && self->shape->parts[i].make != NULL; i++)
    make_editor (self, i, label, session);
  if (self->shape->is_unknowable ||
      (self->field->required && self->field->type <= SATCHEL_FIELD_LINES))
    make_unknown (self, label);
  self->fault = GTK_LABEL (satchel_label_new (NULL, "caption error"));
  gtk_widget_set_visible (GTK_WIDGET (self->fault), FALSE);
  gtk_box_append (self->box, GTK_WIDGET (self->fault));
}

/* --- What it shows --- */

void
satchel_form_row_show (SatchelFormRow *self, const SatchelKind *kind, JsonObject *values)
{
  g_autofree char *whole = satchel_fields_dup_text (kind, values, self->path);
  gboolean is_unknown = g_strcmp0 (whole, SATCHEL_FIELD_UNKNOWN) == 0;

  self->is_filling = TRUE;
  if (self->unknown != NULL)
    gtk_check_button_set_active (self->unknown, is_unknown);
  for (guint i = 0; i < PARTS_MAX; i++) {
    g_autofree char *path = part_path (self, i);
    g_autofree char *text = satchel_fields_dup_text (kind, values, path);
    if (self->editors[i] != NULL)
      satchel_form_editor_set_text (
          self->editors[i],
          text == NULL || (is_unknown && self->unknown != NULL) ? "" : text);
  }
  self->is_filling = FALSE;
  satchel_form_row_set_fault (self, NULL, FALSE);
}

void
satchel_form_row_show_typed (SatchelFormRow *self, const char *path, const char *text)
{
  for (guint i = 0; i < PARTS_MAX; i++) {
    g_autofree char *own = part_path (self, i);
    if (self->editors[i] != NULL && g_str_equal (own, path))
      satchel_form_editor_set_text (self->editors[i], text);
  }
}

const SatchelField *
satchel_form_row_get_field (SatchelFormRow *self)
{
  return self->field;
}

void
satchel_form_row_set_path (SatchelFormRow *self, const char *path)
{
  g_free (self->path);
  self->path = g_strdup (path);
}

gboolean
satchel_form_row_has_path (SatchelFormRow *self, const char *path)
{
  gsize length = strlen (self->path);

  return strncmp (path, self->path, length) == 0 && (path[length] == '\0' || path[length] == '.');
}

/* In a card that only begins to open, nothing can have the focus yet. */
static gboolean
satchel_form_row_grab_focus (GtkWidget *widget)
{
  SatchelFormRow *self = SATCHEL_FORM_ROW (widget);

  self->is_awaited = !gtk_widget_get_mapped (widget);
  return self->is_awaited ||
         gtk_widget_child_focus (GTK_WIDGET (self->parts), GTK_DIR_TAB_FORWARD);
}

static gboolean
move_inside (SatchelFormRow *self, gboolean is_back)
{
  GtkWidget *parts = GTK_WIDGET (self->parts), *unknown = GTK_WIDGET (self->unknown);
  gboolean is_at_unknown = unknown != NULL && gtk_widget_is_focus (unknown);
  gboolean is_in_parts = gtk_widget_get_focus_child (parts) != NULL;

  if (is_back)
    return (unknown != NULL && !is_at_unknown && !is_in_parts && gtk_widget_grab_focus (unknown)) ||
           gtk_widget_child_focus (parts, GTK_DIR_TAB_BACKWARD);
  return !is_at_unknown && (gtk_widget_child_focus (parts, GTK_DIR_TAB_FORWARD) ||
                            (unknown != NULL && gtk_widget_grab_focus (unknown)));
}

/* Tab leads to the answer, then to "unknown", and over a row that has nothing to come to. GTK's own
 * rows lead to the answer alone, and Tab stayed where it was before one that "unknown" made
 * needless. */
static gboolean
satchel_form_row_focus (GtkWidget *widget, GtkDirectionType direction)
{
  SatchelFormRow *self = SATCHEL_FORM_ROW (widget);
  gboolean is_back = direction == GTK_DIR_TAB_BACKWARD;
  GtkWidget *next = widget;

  if (direction != GTK_DIR_TAB_FORWARD && !is_back)
    return GTK_WIDGET_CLASS (satchel_form_row_parent_class)->focus (widget, direction);
  if (move_inside (self, is_back))
    return TRUE;
  /* The list goes on by itself from a row that had the focus. */
  if (gtk_widget_get_focus_child (widget) != NULL)
    return FALSE;
  do
    next = is_back ? gtk_widget_get_prev_sibling (next) : gtk_widget_get_next_sibling (next);
  while (next != NULL && !gtk_widget_get_visible (next));
  return next != NULL && gtk_widget_child_focus (next, direction);
}

static gboolean
focus_cb (gpointer user_data)
{
  if (gtk_widget_get_mapped (user_data))
    gtk_widget_grab_focus (user_data);
  return G_SOURCE_REMOVE;
}

/* Only after the first layout it is known how far to scroll for it. */
static void
satchel_form_row_map (GtkWidget *widget)
{
  SatchelFormRow *self = SATCHEL_FORM_ROW (widget);

  GTK_WIDGET_CLASS (satchel_form_row_parent_class)->map (widget);
  if (self->is_awaited)
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, focus_cb, g_object_ref (self), g_object_unref);
  self->is_awaited = FALSE;
}

static void
satchel_form_row_dispose (GObject *object)
{
  SatchelFormRow *self = SATCHEL_FORM_ROW (object);

  g_clear_handle_id (&self->fault_source, g_source_remove);
  G_OBJECT_CLASS (satchel_form_row_parent_class)->dispose (object);
}

static void
satchel_form_row_finalize (GObject *object)
{
  g_free (SATCHEL_FORM_ROW (object)->path);
  G_OBJECT_CLASS (satchel_form_row_parent_class)->finalize (object);
}

static void
satchel_form_row_class_init (SatchelFormRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_form_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_form_row_finalize;
  GTK_WIDGET_CLASS (klass)->focus = satchel_form_row_focus;
  GTK_WIDGET_CLASS (klass)->grab_focus = satchel_form_row_grab_focus;
  GTK_WIDGET_CLASS (klass)->map = satchel_form_row_map;
  signals[ANSWERED] = g_signal_new ("answered", SATCHEL_TYPE_FORM_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
satchel_form_row_init (SatchelFormRow *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  gtk_widget_add_css_class (GTK_WIDGET (self->box), "satchel-form-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), GTK_WIDGET (self->box));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (focus_left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}

SatchelFormRow *
satchel_form_row_new (const SatchelField *field, const char *path, SatchelSession *session)
{
  SatchelFormRow *self = g_object_new (SATCHEL_TYPE_FORM_ROW, NULL);

  self->field = field;
  self->shape = &SHAPES[field->type];
  self->path = g_strdup (path);
  make_content (self, session);
  return self;
}
