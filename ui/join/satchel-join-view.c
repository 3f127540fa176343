/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "join/satchel-join-view.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/satchel-text.h"
#include "join/satchel-found-view.h"
#include "join/satchel-join-job.h"
#include "join/satchel-join-text.h"
#include "shared/satchel-choose.h"
#include "shared/satchel-error-text.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"

struct _SatchelJoinView {
  AdwBin parent_instance;

  /* Template children */
  GtkStack *states;
  GtkLabel *how;
  GtkWidget *members_way;
  GtkWidget *found_button;
  GtkWidget *open;
  GtkLabel *note;
  GtkLabel *fault;
  GtkLabel *newsroom;
  GtkLabel *what;
  AdwActionRow *lead;
  AdwActionRow *server;
  AdwActionRow *until;
  GtkLabel *safety_words;
  GtkLabel *compare;
  GtkWidget *accept;
  AdwStatusPage *joined;
  SatchelFoundView *found;

  /* Owned */
  SatchelSession *session;
  SatchelJoinOffer *offer; /* NULL unless one is shown */
  GFile *handed;           /* NULL unless what was handed over is looked at, shown or joined */

  gboolean was_pasted; /* what is shown, or was joined */
  gboolean has_founded;
};

enum { JOINED,
       SIGNALS };
static guint signals[SIGNALS];

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelJoinView, satchel_join_view, ADW_TYPE_BIN)
// clang-format on

static void
show_label (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

static gboolean
is_at (SatchelJoinView *self, const char *state)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->states), state) == 0;
}

/* For something to join. */
static gboolean
is_asking (SatchelJoinView *self)
{
  return is_at (self, "ask");
}

static gboolean
is_busy (SatchelJoinView *self)
{
  return is_at (self, "looking") || is_at (self, "joining") || is_at (self, "found");
}

/* What can be done where, and where it leads. */
static void
show_state (SatchelJoinView *self, const char *name)
{
  gboolean asks = g_str_equal (name, "ask");

  gtk_stack_set_visible_child_name (self->states, name);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "join.open", asks);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "join.paste", asks);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "join.save-card", asks);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "join.found", asks);
  if (asks)
    gtk_widget_grab_focus (self->open);
}

static void
ask_again (SatchelJoinView *self, const GError *error)
{
  g_clear_pointer (&self->offer, satchel_join_offer_free);
  /* A lock is no answer: it tells those that wait in the queue before it says that it is one. */
  if (error == NULL || !satchel_error_text_is_silent (error))
    g_clear_object (&self->handed);
  show_state (self, "ask");
  show_label (self->note, NULL);
  show_label (self->fault, NULL);
  if (error == NULL || satchel_error_text_is_silent (error))
    return;
  g_autofree char *text = satchel_error_text_dup_whole (error);
  show_label (self->fault, text);
}

/* --- Looking --- */

static void
show_offer (SatchelJoinView *self)
{
  const SatchelJoinOffer *offer = self->offer;
  g_autofree char *compare = satchel_join_dup_compare (offer);
  g_autofree char *until = satchel_words_moment (offer->until_unix_us);

  gtk_label_set_text (self->newsroom, offer->newsroom);
  gtk_label_set_text (self->what, satchel_join_what (offer));
  gtk_label_set_text (self->compare, compare);
  adw_action_row_set_subtitle (self->lead, offer->lead);
  gtk_label_set_text (self->safety_words, offer->safety_words);
  adw_action_row_set_subtitle (self->server, offer->server != NULL ? offer->server : "");
  gtk_widget_set_visible (GTK_WIDGET (self->server), offer->server != NULL);
  adw_action_row_set_subtitle (self->until, until);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->until),
                                 offer->invite != NULL ? _ ("The invite can be used until")
                                                       : _ ("The card is good until"));
  show_state (self, "offer");
  gtk_widget_grab_focus (self->accept);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelJoinView) self = user_data;
  g_autoptr (GError) error = NULL;
  SatchelJoinOffer *offer = satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->session == NULL) {
    satchel_join_offer_free (offer);
    return;
  }
  if (offer == NULL) {
    ask_again (self, error);
    return;
  }
  satchel_join_offer_free (self->offer);
  self->offer = offer;
  show_offer (self);
}

static void
look (SatchelJoinView *self, const char *path, SatchelSecret *text)
{
  SatchelSessionJob job = satchel_join_look_job (path, text);

  self->was_pasted = text != NULL;
  show_state (self, "looking");
  satchel_session_run_async (self->session, &job, NULL, looked_cb, g_object_ref (self));
}

/* From a chooser, a drop or the clipboard: only files of this computer. */
void
satchel_join_view_look_at_file (SatchelJoinView *self, GFile *file)
{
  if (is_busy (self))
    return;
  if (g_file_peek_path (file) != NULL)
    look (self, g_file_peek_path (file), NULL);
  else
    show_label (self->fault,
                _ ("This is not on this computer: copy it here first, then open it."));
}

/* Whoever founded one has answered, though the page stays. */
gboolean
satchel_join_view_has_unanswered (SatchelJoinView *self)
{
  return (is_busy (self) || is_at (self, "offer")) && !(is_at (self, "found") && self->has_founded);
}

gboolean
satchel_join_view_offer (SatchelJoinView *self, GFile *file)
{
  /* Somebody opens it once more, who has it before them. */
  if (self->handed != NULL && g_file_equal (self->handed, file))
    return TRUE;
  if (is_busy (self) || is_at (self, "offer"))
    return FALSE;
  g_set_object (&self->handed, file);
  satchel_join_view_look_at_file (self, file);
  return TRUE;
}

GFile *
satchel_join_view_take_unanswered (SatchelJoinView *self)
{
  return g_steal_pointer (&self->handed);
}

static void
look_at_text (SatchelJoinView *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) paper =
      text != NULL ? satchel_join_tidy (text, strlen (text), &error) : NULL;

  if (paper != NULL && satchel_secret_get_size (paper) > 1)
    look (self, NULL, paper);
  else if (error != NULL)
    ask_again (self, error);
  else
    show_label (self->fault, _ ("There is no text to paste. Copy all of the invite first."));
}

/* --- Ways in --- */

static void
chosen_cb (SatchelJoinView *self, int response, GtkFileChooserNative *dialog)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog))
                               : NULL;

  /* What was handed over meanwhile is answered first. */
  if (file != NULL && is_asking (self))
    satchel_join_view_look_at_file (self, file);
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  satchel_choose_show (gtk_file_chooser_native_new (_ ("Open an Invite"),
                                                    GTK_WINDOW (gtk_widget_get_root (widget)),
                                                    GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"),
                                                    _ ("_Cancel")),
                       G_CALLBACK (chosen_cb), G_OBJECT (widget));
}

static gboolean
look_at_list (SatchelJoinView *self, const GValue *value)
{
  GSList *files = g_value_get_boxed (value);

  if (files != NULL)
    satchel_join_view_look_at_file (self, files->data);
  return files != NULL;
}

static void
pasted_files_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelJoinView) self = user_data;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);

  if (value != NULL && is_asking (self))
    look_at_list (self, value);
}

static void
pasted_text_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelJoinView) self = user_data;
  char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);

  if (is_asking (self))
    look_at_text (self, text);
  satchel_invite_wipe_text (text);
}

static void
paste_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (widget);

  if (gdk_content_formats_contain_gtype (gdk_clipboard_get_formats (clipboard),
                                         GDK_TYPE_FILE_LIST))
    gdk_clipboard_read_value_async (clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT, NULL,
                                    pasted_files_cb, g_object_ref (widget));
  else
    gdk_clipboard_read_text_async (clipboard, NULL, pasted_text_cb, g_object_ref (widget));
}

static gboolean
dropped_cb (SatchelJoinView *self, const GValue *value)
{
  if (!is_asking (self))
    return FALSE;
  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    return look_at_list (self, value);
  look_at_text (self, g_value_get_string (value));
  return TRUE;
}

static void
accept_drops (SatchelJoinView *self)
{
  GType types[] = {GDK_TYPE_FILE_LIST, G_TYPE_STRING};
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);

  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  g_signal_connect_object (target, "drop", G_CALLBACK (dropped_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/* --- Joining --- */

static void
accepted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelJoinView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *newsroom = satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->session == NULL)
    return;
  if (newsroom == NULL) {
    ask_again (self, error);
    return;
  }
  /* Whoever has the invite can be taken for its owner until the introduction has arrived. */
  if (self->was_pasted)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), "");
  g_clear_object (&self->handed);
  g_autofree char *title = g_strdup_printf (_ ("You belong to %s"), newsroom);
  adw_status_page_set_title (self->joined, title);
  show_state (self, "joined");
  g_signal_emit (self, signals[JOINED], 0);
}

static void
accept_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelJoinView *self = SATCHEL_JOIN_VIEW (widget);

  if (self->offer == NULL)
    return;
  adw_status_page_set_description (self->joined,
                                   satchel_join_done (self->offer, self->was_pasted));
  SatchelSessionJob job = satchel_join_accept_job (g_steal_pointer (&self->offer));
  show_state (self, "joining");
  satchel_session_run_async (self->session, &job, NULL, accepted_cb, g_object_ref (self));
}

/* After an error that would hide what it says. */
static void
ask_for_next (SatchelJoinView *self)
{
  ask_again (self, NULL);
  gtk_widget_activate_action (GTK_WIDGET (self), "handed.next", NULL);
}

static void
refuse_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ask_for_next (SATCHEL_JOIN_VIEW (widget));
}

/* --- The own card, for the lead --- */

static void
card_saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelJoinView) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = satchel_session_run_finish (SATCHEL_SESSION (source), result, &error) != NULL;

  /* What was handed over meanwhile is answered first. */
  if (self->session == NULL || !is_asking (self))
    return;
  ask_again (self, error);
  if (done)
    show_label (self->note, _ ("Your card is saved. Give it to the newsroom's lead."));
}

static void
card_chosen_cb (SatchelJoinView *self, int response, GtkFileChooserNative *dialog)
{
  g_autofree char *path = satchel_choose_dup_path (GTK_WIDGET (self), response, dialog);

  if (path != NULL) {
    SatchelSessionJob job = satchel_join_save_card_job (path);
    satchel_session_run_async (self->session, &job, NULL, card_saved_cb, g_object_ref (self));
  }
}

static void
save_card_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelJoinView *self = SATCHEL_JOIN_VIEW (widget);
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      _ ("Save Your Card"), GTK_WINDOW (gtk_widget_get_root (widget)),
      GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), _ ("_Cancel"));
  g_autofree char *file =
      g_strconcat (satchel_session_get_name (self->session), ".card", NULL);
  g_autofree char *safe = satchel_text_safe_file_name (file);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), safe);
  satchel_choose_show (dialog, G_CALLBACK (card_chosen_cb), G_OBJECT (self));
}

/* --- Founding one --- */

static void
found_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelJoinView *self = SATCHEL_JOIN_VIEW (widget);

  self->has_founded = FALSE;
  show_state (self, "found");
  satchel_found_view_begin (self->found);
}

static void
founded_cb (SatchelJoinView *self)
{
  self->has_founded = TRUE;
  g_signal_emit (self, signals[JOINED], 0);
}

static void
found_left_cb (SatchelJoinView *self)
{
  ask_for_next (self);
}

/* --- The widget --- */

static void
satchel_join_view_dispose (GObject *object)
{
  SatchelJoinView *self = SATCHEL_JOIN_VIEW (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->offer, satchel_join_offer_free);
  g_clear_object (&self->handed);
  G_OBJECT_CLASS (satchel_join_view_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, SatchelJoinView, states);
  gtk_widget_class_bind_template_child (klass, SatchelJoinView, how);
  gtk_widget_class_bind_template_child (klass, SatchelJoinView, members_way);
  gtk_widget_class_bind_template_child (klass, SatchelJoinView, found_button);
  gtk_widget_class_bind_template_child (klass, SatchelJoinView, open);
  gtk_widget_class_bind_template_child (klass, SatchelJoinView, note);
  gtk_widget_class_bind_template_child (klass, SatchelJoinView, fault);
  gtk_widget_class_bind_template_child (klass, SatchelJoinView, newsroom);
  gtk_widget_class_bind_template_child (klass, SatchelJoinView, what);
  gtk_widget_class_bind_template_child (klass, SatchelJoinView, lead);
  gtk_widget_class_bind_template_child (klass, SatchelJoinView, safety_words);
  gtk_widget_class_bind_template_child (klass, SatchelJoinView, server);
  gtk_widget_class_bind_template_child (klass, SatchelJoinView, until);
  gtk_widget_class_bind_template_child (klass, SatchelJoinView, compare);
  gtk_widget_class_bind_template_child (klass, SatchelJoinView, accept);
  gtk_widget_class_bind_template_child (klass, SatchelJoinView, joined);
  gtk_widget_class_bind_template_child (klass, SatchelJoinView, found);
}

static void
satchel_join_view_class_init (SatchelJoinViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_FOUND_VIEW);
  G_OBJECT_CLASS (klass)->dispose = satchel_join_view_dispose;
  signals[JOINED] = g_signal_new ("joined", SATCHEL_TYPE_JOIN_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/satchel/Satchel/join/satchel-join-view.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, founded_cb);
  gtk_widget_class_bind_template_callback (widget_class, found_left_cb);
  gtk_widget_class_install_action (widget_class, "join.found", NULL, found_action);
  gtk_widget_class_install_action (widget_class, "join.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "join.paste", NULL, paste_action);
  gtk_widget_class_install_action (widget_class, "join.save-card", NULL, save_card_action);
  gtk_widget_class_install_action (widget_class, "join.accept", NULL, accept_action);
  gtk_widget_class_install_action (widget_class, "join.refuse", NULL, refuse_action);
}

static void
satchel_join_view_init (SatchelJoinView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  satchel_widget_call_lists (GTK_WIDGET (self), _ ("Invite"));
  accept_drops (self);
}

SatchelJoinView *
satchel_join_view_new (SatchelSession *session)
{
  SatchelJoinView *self = g_object_new (SATCHEL_TYPE_JOIN_VIEW, NULL);
  SatchelRole role = satchel_session_get_role (session);

  self->session = g_object_ref (session);
  gtk_label_set_text (self->how, satchel_join_how (role));
  gtk_widget_set_visible (self->members_way, role != SATCHEL_ROLE_REPORTER);
  gtk_widget_set_visible (self->found_button, role == SATCHEL_ROLE_EDITOR);
  satchel_found_view_set_session (self->found, session);
  return self;
}

void
satchel_join_view_begin (SatchelJoinView *self)
{
  show_state (self, "ask");
}
