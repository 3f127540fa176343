/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox/satchel-outbox-copying.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "base/satchel-text.h"
#include "outbox/satchel-outbox-job.h"
#include "outbox/satchel-outbox-text.h"
#include "shared/satchel-choose.h"
#include "shared/satchel-dialog.h"
#include "shared/satchel-error-text.h"
#include "window/satchel-window.h"

#define NAME_BYTES_MAX 100

/* Held by the jobs and by the dialogs, whichever are there longer. */
typedef struct {
  GtkWidget *widget; /* in the shell; without a root once the vault was locked */
  SatchelSession *session;
  char *folder;
  gboolean stays;
  GCancellable *stop;
  GtkWidget *dialog; /* that shows how far it is; NULL once it is gone */
  GtkProgressBar *progress;
} Copying;

static void
copying_clear (gpointer data)
{
  Copying *self = data;

  g_object_unref (self->widget);
  g_object_unref (self->session);
  g_object_unref (self->stop);
  g_free (self->folder);
}

static void
copying_unref (gpointer data)
{
  g_rc_box_release_full (data, copying_clear);
}

static void
copying_unref_closure (gpointer data, GClosure *closure)
{
  copying_unref (data);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Copying, copying_unref)

/* --- What became of it --- */

/* What was copied before it was stopped, or before an error, is there. */
static void
tell (Copying *self, const SatchelOutboxCopied *copied)
{
  g_autofree char *text = satchel_outbox_text_dup_copied (copied->count, self->stays);

  if (copied->error == NULL || satchel_error_text_is_silent (copied->error)) {
    satchel_window_say (self->widget, text);
    return;
  }
  g_autofree char *why = satchel_error_text_dup_whole (copied->error);
  g_autofree char *body = g_strconcat (why, "\n\n", text, NULL);
  satchel_dialog_tell (self->widget, self->session, _ ("Not Everything Was Copied"), body);
}

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Copying) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelOutboxCopied) copied =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (self->dialog));
  /* Where the vault was locked meanwhile there is nobody to be told. */
  if (gtk_widget_get_root (self->widget) == NULL)
    return;
  if (copied != NULL)
    tell (self, copied);
  else
    satchel_window_say_error (self->widget, error);
}

/* --- While it lasts --- */

static void
progress_cb (guint64 done_bytes, guint64 total_bytes, gpointer user_data)
{
  Copying *self = user_data;

  if (self->dialog != NULL && total_bytes > 0)
    gtk_progress_bar_set_fraction (self->progress, (double) done_bytes / (double) total_bytes);
}

static void
stop_cb (GtkWidget *dialog, const char *response, gpointer user_data)
{
  g_cancellable_cancel (((Copying *) user_data)->stop);
}

static void
gone_cb (GtkWidget *dialog, gpointer user_data)
{
  ((Copying *) user_data)->dialog = NULL;
}

static void
show_progress (Copying *self)
{
  GtkWidget *dialog = adw_message_dialog_new (
      NULL, _ ("Copying What Is Sealed"), _ ("Leave the stick where it is until this has ended."));
  GtkWidget *progress = gtk_progress_bar_new ();

  satchel_dialog_join (GTK_WINDOW (dialog), self->widget, self->session);
  gtk_accessible_update_property (GTK_ACCESSIBLE (progress), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("How much of it was copied"), -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), progress);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "stop", _ ("_Stop"));
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "stop");
  self->dialog = dialog;
  self->progress = GTK_PROGRESS_BAR (progress);
  g_signal_connect_data (dialog, "response", G_CALLBACK (stop_cb), g_rc_box_acquire (self),
                         copying_unref_closure, 0);
  g_signal_connect_data (dialog, "unrealize", G_CALLBACK (gone_cb), g_rc_box_acquire (self),
                         copying_unref_closure, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
copy (Copying *self, gboolean stays)
{
  SatchelSessionJob job = satchel_outbox_hand_over_job (
      self->folder, stays, (SatchelProgressReport){progress_cb, self});

  self->stays = stays;
  show_progress (self);
  satchel_session_run_async (self->session, &job, self->stop, copied_cb, g_rc_box_acquire (self));
}

/* --- Before --- */

static void
answered_cb (GtkWidget *dialog, const char *response, gpointer user_data)
{
  if (!g_str_equal (response, "cancel"))
    copy (user_data, g_str_equal (response, "both"));
}

static void
ask (Copying *self, const SatchelCourierLoad *load)
{
  g_autofree char *base = g_filename_display_basename (self->folder);
  g_autofree char *name = satchel_text_for_display (base, NAME_BYTES_MAX);
  g_autofree char *heading = satchel_outbox_text_dup_copy_heading (load, name);
  g_autofree char *body = satchel_outbox_text_dup_copy_body (load);
  GtkWidget *dialog = adw_message_dialog_new (NULL, heading, body);
  AdwMessageDialog *question = ADW_MESSAGE_DIALOG (dialog);

  satchel_dialog_join (GTK_WINDOW (dialog), self->widget, self->session);
  adw_message_dialog_add_responses (question, "cancel", _ ("Cancel"), "only", _ ("Copy _Only"),
                                    "both", _ ("Copy and _Send Too"), NULL);
  adw_message_dialog_set_response_appearance (question, "both", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (question, "both");
  adw_message_dialog_set_close_response (question, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (answered_cb), g_rc_box_acquire (self),
                         copying_unref_closure, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
weighed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Copying) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree SatchelCourierLoad *load =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (gtk_widget_get_root (self->widget) == NULL)
    return;
  if (load == NULL)
    satchel_window_say_error (self->widget, error);
  else if (load->count == 0)
    satchel_window_say (self->widget, _ ("There is nothing to copy"));
  else if (load->unsent == 0)
    copy (self, FALSE);
  else
    ask (self, load);
}

static void
chosen_cb (GtkWidget *widget, int response, GtkFileChooserNative *chooser)
{
  SatchelSession *session = g_object_get_data (G_OBJECT (chooser), "session");
  g_autofree char *folder = satchel_choose_dup_path (widget, response, chooser);

  if (folder == NULL)
    return;
  Copying *self = g_rc_box_new0 (Copying);
  SatchelSessionJob job = satchel_outbox_weigh_job ();
  self->widget = g_object_ref (widget);
  self->session = g_object_ref (session);
  self->folder = g_steal_pointer (&folder);
  self->stop = g_cancellable_new ();
  satchel_session_run_async (session, &job, NULL, weighed_cb, self);
}

void
satchel_outbox_copy (GtkWidget *widget, SatchelSession *session)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (
      _ ("Copy What Is Sealed To"), GTK_WINDOW (gtk_widget_get_root (widget)),
      GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Copy"), _ ("_Cancel"));

  g_object_set_data_full (G_OBJECT (chooser), "session", g_object_ref (session), g_object_unref);
  satchel_choose_show (chooser, G_CALLBACK (chosen_cb), G_OBJECT (widget));
}
