/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/satchel-inbox-taking.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "inbox/satchel-inbox-job.h"
#include "inbox/satchel-inbox-pane.h"
#include "inbox/satchel-inbox-text.h"
#include "shared/satchel-dialog.h"
#include "shared/satchel-error-text.h"
#include "window/satchel-window.h"

/* Held by the job and by the dialog, whichever is there longer. */
typedef struct {
  GtkWidget *widget; /* in the shell; without a root once the vault was locked */
  SatchelSession *session;
  GCancellable *stop;
  GtkWidget *dialog; /* NULL once it is gone */
  GtkProgressBar *progress;
  char **paths;
  SatchelUntaken untaken;
  gboolean is_stopped; /* by a person, who does not want the rest */
} Taking;

static void
taking_clear (gpointer data)
{
  Taking *self = data;

  g_object_unref (self->widget);
  g_object_unref (self->session);
  g_object_unref (self->stop);
  g_strfreev (self->paths);
  g_clear_object (&self->untaken.owner);
}

static void
taking_unref (gpointer data, GClosure *closure)
{
  g_rc_box_release_full (data, taking_clear);
}

/* --- What became of them --- */

/* What was taken in before it was stopped, or before an error, is there. */
static void
tell (Taking *self, const SatchelInboxTaken *taken)
{
  gboolean has_inbox = satchel_session_get_role (self->session) != SATCHEL_ROLE_REPORTER;
  g_autofree char *why = satchel_inbox_text_dup_unlisted (taken->entries, has_inbox);
  g_autofree char *text = taken->entries->len > 0 || taken->error == NULL
                              ? satchel_inbox_text_dup_taken (taken->entries, has_inbox)
                              : NULL;

  if (!SATCHEL_IS_INBOX_PANE (self->widget))
    gtk_widget_activate_action (self->widget, "section.show", "s",
                                has_inbox ? "inbox" : "reports");
  if (text != NULL)
    satchel_window_say (self->widget, text);
  satchel_window_say_error (self->widget, taken->error);
  if (why != NULL)
    satchel_dialog_tell (self->widget, self->session, _ ("What was not believed"), why);
}

/* Those that a lock kept from being looked at; @taken is NULL where it dropped the whole. */
static void
tell_untaken (Taking *self, const SatchelInboxTaken *taken, const GError *error)
{
  const GError *why = taken != NULL ? taken->error : error;

  if (self->untaken.tell == NULL || self->is_stopped || why == NULL ||
      !satchel_error_text_is_silent (why))
    return;
  for (char **path = self->paths + (taken != NULL ? taken->done : 0); *path != NULL; path++)
    self->untaken.tell (self->untaken.owner, *path);
}

static void
taken_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Taking *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelInboxTaken) taken =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (self->dialog));
  /* Where the vault was locked meanwhile there is nobody to be told. */
  if (gtk_widget_get_root (self->widget) != NULL) {
    if (taken != NULL)
      tell (self, taken);
    else
      satchel_window_say_error (self->widget, error);
  }
  tell_untaken (self, taken, error);
  taking_unref (self, NULL);
}

/* --- While it lasts --- */

static void
progress_cb (guint64 done_bytes, guint64 total_bytes, gpointer user_data)
{
  Taking *self = user_data;

  if (self->dialog != NULL && total_bytes > 0)
    gtk_progress_bar_set_fraction (self->progress, (double) done_bytes / (double) total_bytes);
}

static void
response_cb (GtkWidget *dialog, const char *response, gpointer user_data)
{
  Taking *self = user_data;

  self->is_stopped = TRUE;
  g_cancellable_cancel (self->stop);
}

static void
gone_cb (GtkWidget *dialog, gpointer user_data)
{
  ((Taking *) user_data)->dialog = NULL;
}

static void
show_dialog (Taking *self, guint count)
{
  GtkWidget *dialog = adw_message_dialog_new (
      NULL, ngettext ("Opening a Sealed Bundle", "Opening Sealed Bundles", count),
      _ ("It is checked whole before anything of it is shown."));
  GtkWidget *progress = gtk_progress_bar_new ();

  satchel_dialog_join (GTK_WINDOW (dialog), self->widget, self->session);
  gtk_accessible_update_property (GTK_ACCESSIBLE (progress), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("How much of it was checked"), -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), progress);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "stop", _ ("_Stop"));
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "stop");
  self->dialog = dialog;
  self->progress = GTK_PROGRESS_BAR (progress);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb),
                         g_rc_box_acquire (self), taking_unref, 0);
  g_signal_connect_data (dialog, "unrealize", G_CALLBACK (gone_cb), g_rc_box_acquire (self),
                         taking_unref, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
satchel_inbox_take_files (GtkWidget *widget,
                          SatchelSession *session,
                          const char *const *paths,
                          SatchelUntaken untaken)
{
  Taking *self = g_rc_box_new0 (Taking);
  SatchelSessionJob job =
      satchel_inbox_take_job (paths, (SatchelProgressReport){progress_cb, self});

  self->widget = g_object_ref (widget);
  self->session = g_object_ref (session);
  self->stop = g_cancellable_new ();
  self->paths = g_strdupv ((char **) paths);
  self->untaken = untaken;
  if (untaken.owner != NULL)
    g_object_ref (untaken.owner);
  show_dialog (self, g_strv_length ((char **) paths));
  satchel_session_run_async (session, &job, self->stop, taken_cb, self);
}
