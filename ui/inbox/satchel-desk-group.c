/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/satchel-desk-group.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"
#include "inbox/satchel-desk-menu.h"
#include "inbox/satchel-desk-text.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"
#include "window/satchel-window.h"

struct _SatchelDeskGroup {
  AdwBin parent_instance;

  /* Template children */
  AdwPreferencesGroup *work;
  AdwPreferencesGroup *notes;
  GtkMenuButton *status;
  GtkMenuButton *assignee;
  GtkEditable *tag_entry;
  GtkEditable *note_entry;

  /* Owned */
  SatchelSession *session;
  char *id;
  GPtrArray *tag_rows;  /* of GtkWidget, borrowed */
  GPtrArray *note_rows; /* of GtkWidget, borrowed */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelDeskGroup, satchel_desk_group, ADW_TYPE_BIN)
// clang-format on

/* --- Noting --- */

/* Only what the vault has is taken out of the entry. */
static void
noted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelDeskGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_noted = satchel_session_run_finish (SATCHEL_SESSION (source), result, &error) != NULL;

  if (self->session == NULL)
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (self->note_entry), TRUE);
  if (!is_noted) {
    satchel_window_say_error (GTK_WIDGET (self), error);
    return;
  }
  gtk_editable_set_text (self->note_entry, "");
  gtk_widget_grab_focus (GTK_WIDGET (self->note_entry));
}

static void
note_cb (SatchelDeskGroup *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->note_entry)));

  /* While it is insensitive, its text is on the way already. */
  if (*text == '\0' || self->id == NULL ||
      !gtk_widget_get_sensitive (GTK_WIDGET (self->note_entry)))
    return;
  SatchelSessionJob job = satchel_desk_note_job (self->id, text);
  gtk_widget_set_sensitive (GTK_WIDGET (self->note_entry), FALSE);
  satchel_session_run_async (self->session, &job, NULL, noted_cb, g_object_ref (self));
}

/* --- Showing --- */

static void
show_choice (GtkMenuButton *button, const char *what, const char *value)
{
  g_autofree char *name = g_strdup_printf ("%s: %s", what, value);

  gtk_menu_button_set_label (button, value);
  satchel_widget_call (GTK_WIDGET (button), name, FALSE);
}

static void
clear_rows (AdwPreferencesGroup *group, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    adw_preferences_group_remove (group, rows->pdata[i]);
  g_ptr_array_set_size (rows, 0);
}

static void
add_tag (SatchelDeskGroup *self, const char *tag)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *remove = gtk_button_new_from_icon_name ("edit-delete-symbolic");
  g_autofree char *shown = satchel_text_for_display (tag, SATCHEL_DESK_TAG_MAX * 4);
  g_autofree char *title = g_strconcat ("#", shown, NULL);
  g_autofree char *name = g_strdup_printf (_ ("Take tag %s away"), shown);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  satchel_widget_call (remove, name, TRUE);
  gtk_widget_add_css_class (remove, "flat");
  gtk_widget_set_valign (remove, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (remove), "desk.untag");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (remove), "s", tag);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), remove);
  adw_preferences_group_add (self->work, row);
  g_ptr_array_add (self->tag_rows, row);
}

static void
add_note (SatchelDeskGroup *self, const SatchelDeskNote *note)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *text = satchel_text_for_display (note->text, SATCHEL_DESK_NOTE_MAX);
  g_autofree char *moment = satchel_words_moment (note->written_unix_us);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), text);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), moment);
  adw_preferences_group_add (self->notes, row);
  g_ptr_array_add (self->note_rows, row);
}

/* A tag row whose button had the focus is gone now. */
static void
show_tags (SatchelDeskGroup *self, char **tags)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  gboolean had_focus = FALSE;

  for (guint i = 0; focus != NULL && i < self->tag_rows->len; i++)
    had_focus |= gtk_widget_is_ancestor (focus, self->tag_rows->pdata[i]);
  clear_rows (self->work, self->tag_rows);
  for (guint i = 0; tags[i] != NULL; i++)
    add_tag (self, tags[i]);
  if (had_focus)
    gtk_widget_grab_focus (GTK_WIDGET (self->tag_entry));
}

void
satchel_desk_group_show (SatchelDeskGroup *self,
                         SatchelSession *session,
                         const SatchelDesk *desk,
                         const SatchelDeskChoices *choices,
                         GPtrArray *notes)
{
  g_autoptr (GMenuModel) assign = satchel_desk_menu_new_assign (choices);
  g_autofree char *name = satchel_desk_choices_dup_name (choices, desk->assignee);
  g_autofree char *whose = satchel_desk_text_dup_assignee (desk, name);

  /* A note that was typed and not added yet is not lost to a lock. */
  if (g_set_object (&self->session, session))
    g_signal_connect_object (session, "locking", G_CALLBACK (note_cb), self, G_CONNECT_SWAPPED);
  g_free (self->id);
  self->id = g_strdup (desk->inbox_id);
  show_choice (self->status, _ ("Status"), satchel_desk_text_status (desk->status));
  show_choice (self->assignee, _ ("Whose It Is"), whose);
  gtk_menu_button_set_menu_model (self->assignee, assign);
  show_tags (self, desk->tags);
  clear_rows (self->notes, self->note_rows);
  for (guint i = 0; i < notes->len; i++)
    add_note (self, notes->pdata[i]);
}

/* --- Doing --- */

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelDeskGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelDeskDone) done =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (done == NULL && self->session != NULL)
    satchel_window_say_error (GTK_WIDGET (self), error);
}

static void
change_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelDeskGroup *self = SATCHEL_DESK_GROUP (widget);
  SatchelDeskChange change;

  if (self->id == NULL || !satchel_desk_menu_read (name, parameter, &change))
    return;
  SatchelSessionJob job = satchel_desk_change_job (NULL, self->id, &change);
  satchel_session_run_async (self->session, &job, NULL, done_cb, g_object_ref (self));
}

static void
tag_cb (SatchelDeskGroup *self)
{
  g_autofree char *tag = g_strstrip (g_strdup (gtk_editable_get_text (self->tag_entry)));

  if (*tag != '\0')
    gtk_widget_activate_action (GTK_WIDGET (self), "desk.tag", "s", tag);
  gtk_editable_set_text (self->tag_entry, "");
}

/* --- The widget --- */

/* Nor to leaving the page. */
static void
satchel_desk_group_unroot (GtkWidget *widget)
{
  note_cb (SATCHEL_DESK_GROUP (widget));
  GTK_WIDGET_CLASS (satchel_desk_group_parent_class)->unroot (widget);
}

static void
satchel_desk_group_dispose (GObject *object)
{
  g_clear_object (&SATCHEL_DESK_GROUP (object)->session);
  G_OBJECT_CLASS (satchel_desk_group_parent_class)->dispose (object);
}

static void
satchel_desk_group_finalize (GObject *object)
{
  SatchelDeskGroup *self = SATCHEL_DESK_GROUP (object);

  g_free (self->id);
  g_ptr_array_unref (self->tag_rows);
  g_ptr_array_unref (self->note_rows);
  G_OBJECT_CLASS (satchel_desk_group_parent_class)->finalize (object);
}

static void
satchel_desk_group_class_init (SatchelDeskGroupClass *klass)
{
  static const struct {
    const char *name;
    const char *type;
  } ACTIONS[] = {{"desk.read", "b"},
                 {"desk.status", "i"},
                 {"desk.assign", "s"},
                 {"desk.tag", "s"},
                 {"desk.untag", "s"}};
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = satchel_desk_group_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_desk_group_finalize;
  widget_class->unroot = satchel_desk_group_unroot;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/inbox/satchel-desk-group.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelDeskGroup, work);
  gtk_widget_class_bind_template_child (widget_class, SatchelDeskGroup, notes);
  gtk_widget_class_bind_template_child (widget_class, SatchelDeskGroup, status);
  gtk_widget_class_bind_template_child (widget_class, SatchelDeskGroup, assignee);
  gtk_widget_class_bind_template_child (widget_class, SatchelDeskGroup, tag_entry);
  gtk_widget_class_bind_template_child (widget_class, SatchelDeskGroup, note_entry);
  gtk_widget_class_bind_template_callback (widget_class, tag_cb);
  gtk_widget_class_bind_template_callback (widget_class, note_cb);
  for (guint i = 0; i < G_N_ELEMENTS (ACTIONS); i++)
    gtk_widget_class_install_action (widget_class, ACTIONS[i].name, ACTIONS[i].type,
                                     change_action);
}

static void
satchel_desk_group_init (SatchelDeskGroup *self)
{
  g_autoptr (GMenuModel) statuses = satchel_desk_menu_new_status ();

  self->tag_rows = g_ptr_array_new ();
  self->note_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_menu_model (self->status, statuses);
}
