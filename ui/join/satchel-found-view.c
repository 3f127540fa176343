/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "join/satchel-found-view.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"
#include "join/satchel-found-job.h"
#include "people/satchel-people-error.h"
#include "setup/satchel-setup-text.h"
#include "shared/satchel-choose.h"
#include "shared/satchel-error-text.h"

struct _SatchelFoundView {
  AdwBin parent_instance;

  /* Template children */
  GtkStack *states;
  GtkEditable *name;
  AdwPreferencesGroup *rows;
  GtkWidget *without;
  GtkLabel *fault;
  AdwStatusPage *founded;
  GtkWidget *save;
  GtkLabel *note;

  /* Owned */
  SatchelSession *session;
  GPtrArray *cards; /* of SatchelFoundCard */
};

enum { FOUNDED,
       LEFT,
       SIGNALS };
static guint signals[SIGNALS];

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelFoundView, satchel_found_view, ADW_TYPE_BIN)
// clang-format on

static void
show_fault (SatchelFoundView *self, const char *text)
{
  gtk_label_set_text (self->fault, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->fault), text != NULL);
}

static void
show_error (SatchelFoundView *self, const GError *error)
{
  if (satchel_error_text_is_silent (error))
    return;
  g_autofree char *text = satchel_error_text_dup_whole (error);
  show_fault (self, text);
}

static void
changed_cb (SatchelFoundView *self)
{
  show_fault (self, NULL);
}

/* --- Cards --- */

static void
show_without (SatchelFoundView *self)
{
  gboolean has_server = FALSE;

  for (guint i = 0; i < self->cards->len; i++)
    has_server |= ((const SatchelFoundCard *) self->cards->pdata[i])->intake != NULL;
  gtk_widget_set_visible (self->without, !has_server);
}

static void
remove_cb (GtkWidget *row, GtkButton *button)
{
  SatchelFoundView *self =
      SATCHEL_FOUND_VIEW (gtk_widget_get_ancestor (row, SATCHEL_TYPE_FOUND_VIEW));

  g_ptr_array_remove (self->cards, g_object_get_data (G_OBJECT (row), "card"));
  adw_preferences_group_remove (self->rows, row);
  show_without (self);
}

static void
add_row (SatchelFoundView *self, SatchelFoundCard *card)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), card->title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), card->subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_widget_set_tooltip_text (button, _ ("Take this card out"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Take this card out"), -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_cb), row, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  g_object_set_data (G_OBJECT (row), "card", card);
  adw_preferences_group_add (self->rows, row);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelFoundView) self = user_data;
  g_autoptr (GError) error = NULL;
  SatchelFoundCard *card = satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->session == NULL) {
    satchel_found_card_free (card);
    return;
  }
  if (card == NULL) {
    show_error (self, error);
    return;
  }
  show_fault (self, NULL);
  g_ptr_array_add (self->cards, card);
  add_row (self, card);
  show_without (self);
}

static void
card_chosen_cb (SatchelFoundView *self, int response, GtkFileChooserNative *dialog)
{
  g_autofree char *path = satchel_choose_dup_path (GTK_WIDGET (self), response, dialog);

  if (path != NULL) {
    SatchelSessionJob job = satchel_found_read_job (path);
    satchel_session_run_async (self->session, &job, NULL, read_cb, g_object_ref (self));
  }
}

static void
add_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  satchel_choose_show (
      gtk_file_chooser_native_new (_ ("Add a Card"), GTK_WINDOW (gtk_widget_get_root (widget)),
                                   GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Add"), _ ("_Cancel")),
      G_CALLBACK (card_chosen_cb), G_OBJECT (widget));
}

/* --- Founding --- */

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelFoundView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *newsroom = satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->session == NULL)
    return;
  if (newsroom == NULL) {
    gtk_stack_set_visible_child_name (self->states, "ask");
    if (g_error_matches (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_EXISTS))
      show_fault (self, _ ("You belong to a newsroom already, and a vault belongs to one."));
    else
      show_error (self, error);
    gtk_widget_grab_focus (GTK_WIDGET (self->name));
    return;
  }
  g_autofree char *title = g_strdup_printf (_ ("You lead %s"), newsroom);
  adw_status_page_set_title (self->founded, title);
  gtk_stack_set_visible_child_name (self->states, "founded");
  g_signal_emit (self, signals[FOUNDED], 0);
  gtk_widget_grab_focus (self->save);
}

/* A newsroom's name keeps the rules of a person's. */
static void
create_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SatchelFoundView *self = SATCHEL_FOUND_VIEW (widget);
  g_autofree char *name = satchel_setup_dup_name (gtk_editable_get_text (self->name));

  if (name == NULL) {
    show_fault (self, _ ("Type the newsroom's name: short, and of letters only."));
    gtk_widget_grab_focus (GTK_WIDGET (self->name));
    return;
  }
  SatchelSessionJob job = satchel_found_create_job (name, self->cards);
  gtk_stack_set_visible_child_name (self->states, "working");
  satchel_session_run_async (self->session, &job, NULL, created_cb, g_object_ref (self));
}

static void
leave_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[LEFT], 0);
}

/* --- The newsroom's card --- */

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelFoundView) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = satchel_session_run_finish (SATCHEL_SESSION (source), result, &error) != NULL;

  if (self->session == NULL || (!done && satchel_error_text_is_silent (error)))
    return;
  g_autofree char *text = done ? g_strdup (_ ("The newsroom's card is saved."))
                               : satchel_error_text_dup_whole (error);
  gtk_label_set_text (self->note, text);
  gtk_widget_set_visible (GTK_WIDGET (self->note), TRUE);
}

static void
save_chosen_cb (SatchelFoundView *self, int response, GtkFileChooserNative *dialog)
{
  g_autofree char *path = satchel_choose_dup_path (GTK_WIDGET (self), response, dialog);

  if (path != NULL) {
    SatchelSessionJob job = satchel_found_save_job (path);
    satchel_session_run_async (self->session, &job, NULL, saved_cb, g_object_ref (self));
  }
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelFoundView *self = SATCHEL_FOUND_VIEW (widget);
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      _ ("Save the Newsroom's Card"), GTK_WINDOW (gtk_widget_get_root (widget)),
      GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), _ ("_Cancel"));
  g_autofree char *file = g_strconcat (gtk_editable_get_text (self->name), ".card", NULL);
  g_autofree char *safe = satchel_text_safe_file_name (file);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), safe);
  satchel_choose_show (dialog, G_CALLBACK (save_chosen_cb), G_OBJECT (self));
}

/* --- The widget --- */

static void
satchel_found_view_dispose (GObject *object)
{
  g_clear_object (&SATCHEL_FOUND_VIEW (object)->session);
  G_OBJECT_CLASS (satchel_found_view_parent_class)->dispose (object);
}

static void
satchel_found_view_finalize (GObject *object)
{
  g_ptr_array_unref (SATCHEL_FOUND_VIEW (object)->cards);
  G_OBJECT_CLASS (satchel_found_view_parent_class)->finalize (object);
}

static void
satchel_found_view_class_init (SatchelFoundViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = satchel_found_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_found_view_finalize;
  signals[FOUNDED] = g_signal_new ("founded", SATCHEL_TYPE_FOUND_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[LEFT] = g_signal_new ("left", SATCHEL_TYPE_FOUND_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/satchel/Satchel/join/satchel-found-view.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelFoundView, states);
  gtk_widget_class_bind_template_child (widget_class, SatchelFoundView, name);
  gtk_widget_class_bind_template_child (widget_class, SatchelFoundView, rows);
  gtk_widget_class_bind_template_child (widget_class, SatchelFoundView, without);
  gtk_widget_class_bind_template_child (widget_class, SatchelFoundView, fault);
  gtk_widget_class_bind_template_child (widget_class, SatchelFoundView, founded);
  gtk_widget_class_bind_template_child (widget_class, SatchelFoundView, save);
  gtk_widget_class_bind_template_child (widget_class, SatchelFoundView, note);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_install_action (widget_class, "found.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "found.create", NULL, create_action);
  gtk_widget_class_install_action (widget_class, "found.leave", NULL, leave_action);
  gtk_widget_class_install_action (widget_class, "found.save", NULL, save_action);
}

static void
satchel_found_view_init (SatchelFoundView *self)
{
  self->cards = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_found_card_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
satchel_found_view_set_session (SatchelFoundView *self, SatchelSession *session)
{
  g_set_object (&self->session, session);
}

void
satchel_found_view_begin (SatchelFoundView *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->name));
}
