/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calendar/satchel-calendar-saver.h"

#include <glib/gi18n.h>

#include "shared/satchel-choose.h"
#include "shared/satchel-words.h"
#include "window/satchel-window.h"

/* --- The job --- */

typedef struct {
  char **records; /* nullable */
  SatchelCalendarContents contents;
  char *path;
} Save;

static void
save_free (gpointer data)
{
  Save *self = data;

  g_strfreev (self->records);
  g_free (self->path);
  g_free (self);
}

static gpointer
save_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  const Save *save = input;
  const SatchelCalendarRequest request = {.records = (const char *const *) save->records,
                                          .contents = save->contents,
                                          .language = satchel_words_language ()};
  g_autofree SatchelCalendarTally *tally = g_new0 (SatchelCalendarTally, 1);

  /* Whether to replace what is there was asked where the file was chosen. */
  return satchel_calendar_export (vault, &request, save->path, TRUE, tally, error)
             ? g_steal_pointer (&tally)
             : NULL;
}

/* --- The questions --- */

#define SATCHEL_TYPE_CALENDAR_SAVER (satchel_calendar_saver_get_type ())
G_DECLARE_FINAL_TYPE (
    SatchelCalendarSaver, satchel_calendar_saver, SATCHEL, CALENDAR_SAVER, GObject)

/* Lives as long as a question is open or the job runs. */
struct _SatchelCalendarSaver {
  GObject parent_instance;

  GtkWidget *widget;
  SatchelSession *session;
  char **records;
  SatchelCalendarContents contents;
  char *name;
  GtkWindow *warning;            /* borrowed; NULL once it is answered */
  GtkFileChooserNative *chooser; /* NULL unless it is open */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelCalendarSaver, satchel_calendar_saver, G_TYPE_OBJECT)
// clang-format on

static void
say_tally (SatchelCalendarSaver *self, const SatchelCalendarTally *tally)
{
  g_autofree char *saved =
      g_strdup_printf (ngettext ("Calendar saved: %u entry.", "Calendar saved: %u entries.",
                                 tally->entries),
                       tally->entries);
  g_autofree char *left =
      tally->timeless > 0
          ? g_strdup_printf (ngettext ("%u was left out: nobody knows when.",
                                       "%u were left out: nobody knows when.", tally->timeless),
                             tally->timeless)
          : NULL;
  g_autofree char *text =
      left != NULL ? g_strdup_printf ("%s %s", saved, left) : g_steal_pointer (&saved);

  satchel_window_say (self->widget, text);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelCalendarSaver) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree SatchelCalendarTally *tally =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (tally != NULL)
    say_tally (self, tally);
  else
    satchel_window_say_error (self->widget, error);
}

static void
save_to (SatchelCalendarSaver *self, const char *path)
{
  Save *save = g_new0 (Save, 1);

  save->records = g_strdupv (self->records);
  save->contents = self->contents;
  save->path = g_strdup (path);
  satchel_session_run_async (self->session,
                             &(SatchelSessionJob){
                                 .run = save_run,
                                 .input = save,
                                 .input_free = save_free,
                                 .result_free = g_free,
                             },
                             NULL, saved_cb, g_object_ref (self));
}

static void
chosen_cb (SatchelCalendarSaver *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autofree char *path = satchel_choose_dup_path (self->widget, response, chooser);

  if (path != NULL)
    save_to (self, path);
  g_object_unref (self);
}

static void
choose (SatchelCalendarSaver *self)
{
  GtkRoot *root = gtk_widget_get_root (self->widget);

  if (root == NULL || satchel_session_get_state (self->session) != SATCHEL_SESSION_OPEN)
    return;
  self->chooser = gtk_file_chooser_native_new (_ ("Save a Calendar Outside the Vault"),
                                               GTK_WINDOW (root), GTK_FILE_CHOOSER_ACTION_SAVE,
                                               _ ("_Save"), _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), self->name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb),
                           g_object_ref (self), G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
answered_cb (SatchelCalendarSaver *self, const char *response)
{
  self->warning = NULL;
  if (g_str_equal (response, "choose"))
    choose (self);
  g_object_unref (self);
}

static void
state_cb (SatchelCalendarSaver *self)
{
  if (satchel_session_get_state (self->session) == SATCHEL_SESSION_OPEN)
    return;
  /* Closing is an answer: the one that changes nothing. */
  if (self->warning != NULL)
    gtk_window_close (self->warning);
  if (self->chooser != NULL) {
    gtk_native_dialog_hide (GTK_NATIVE_DIALOG (self->chooser));
    chosen_cb (self, GTK_RESPONSE_CANCEL);
  }
}

static void
warn (SatchelCalendarSaver *self)
{
  GtkWidget *dialog = adw_message_dialog_new (
      GTK_WINDOW (gtk_widget_get_root (self->widget)), _ ("Save a calendar outside the vault?"),
      _ ("Everybody who gets the file can read what is in it, without a passphrase. A calendar "
         "program may pass it on to other computers and to the company that runs the calendar."));
  AdwMessageDialog *message = ADW_MESSAGE_DIALOG (dialog);

  adw_message_dialog_add_response (message, "cancel", _ ("_Cancel"));
  adw_message_dialog_add_response (message, "choose", _ ("Choose _Where…"));
  adw_message_dialog_set_default_response (message, "cancel");
  adw_message_dialog_set_close_response (message, "cancel");
  self->warning = GTK_WINDOW (dialog);
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), g_object_ref (self),
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
satchel_calendar_saver_finalize (GObject *object)
{
  SatchelCalendarSaver *self = SATCHEL_CALENDAR_SAVER (object);

  g_object_unref (self->widget);
  g_object_unref (self->session);
  g_strfreev (self->records);
  g_free (self->name);
  G_OBJECT_CLASS (satchel_calendar_saver_parent_class)->finalize (object);
}

static void
satchel_calendar_saver_class_init (SatchelCalendarSaverClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = satchel_calendar_saver_finalize;
}

static void
satchel_calendar_saver_init (SatchelCalendarSaver *self)
{
}

void
satchel_calendar_saver_start (GtkWidget *widget,
                              SatchelSession *session,
                              const char *const *records,
                              SatchelCalendarContents contents,
                              const char *name)
{
  g_autoptr (SatchelCalendarSaver) self = g_object_new (SATCHEL_TYPE_CALENDAR_SAVER, NULL);

  self->widget = g_object_ref (widget);
  self->session = g_object_ref (session);
  self->records = g_strdupv ((char **) records);
  self->contents = contents;
  self->name = g_strdup (name);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
  warn (self);
}
