/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calendar/satchel-calendar-saver.h"

#include <glib/gi18n.h>

#include "shared/satchel-choose.h"
#include "shared/satchel-dialog.h"
#include "shared/satchel-name-warning.h"
#include "shared/satchel-words.h"
#include "window/satchel-window.h"

/* --- The jobs --- */

typedef struct {
  char **records; /* nullable */
  SatchelCalendarContents contents;
  gboolean without_own_words;
  char *path; /* NULL: nothing is saved, names are looked for */
} Asked;

static void
asked_free (gpointer data)
{
  Asked *self = data;

  g_strfreev (self->records);
  g_free (self->path);
  g_free (self);
}

static SatchelCalendarRequest
get_request (const Asked *self)
{
  return (SatchelCalendarRequest){.records = (const char *const *) self->records,
                                  .contents = self->contents,
                                  .without_own_words = self->without_own_words,
                                  .language = satchel_words_language ()};
}

static gpointer
save_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  const Asked *asked = input;
  const SatchelCalendarRequest request = get_request (asked);
  g_autofree SatchelCalendarTally *tally = g_new0 (SatchelCalendarTally, 1);

  /* Whether to replace what is there was asked where the file was chosen. */
  return satchel_calendar_export (vault, &request, asked->path, TRUE, tally, error)
             ? g_steal_pointer (&tally)
             : NULL;
}

static gpointer
look_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  const SatchelCalendarRequest request = get_request (input);

  return satchel_calendar_list_unshared (vault, &request, cancellable, error);
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
  gboolean without_own_words;
  char *name;
  GtkWindow *warning; /* NULL once it is answered; these three are borrowed */
  GtkCheckButton *without;
  GtkLabel *names;
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

static Asked *
asked_new (SatchelCalendarSaver *self, const char *path)
{
  Asked *asked = g_new0 (Asked, 1);

  asked->records = g_strdupv (self->records);
  asked->contents = self->contents;
  asked->without_own_words = self->without_own_words;
  asked->path = g_strdup (path);
  return asked;
}

static void
save_to (SatchelCalendarSaver *self, const char *path)
{
  satchel_session_run_async (self->session,
                             &(SatchelSessionJob){
                                 .run = save_run,
                                 .input = asked_new (self, path),
                                 .input_free = asked_free,
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
toggled_cb (SatchelCalendarSaver *self)
{
  self->without_own_words = gtk_check_button_get_active (self->without);
}

static GtkLabel *
make_label (const char *text)
{
  GtkWidget *label = gtk_label_new_with_mnemonic (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  return GTK_LABEL (label);
}

static GtkWidget *
make_choice (SatchelCalendarSaver *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkLabel *label = make_label (_ ("_Leave out names, places and titles: entries then say by the "
                                   "kind of report what happened, and when"));

  self->names = make_label (NULL);
  gtk_label_set_text (self->names, _ ("Looking for names that are not to be shared…"));
  self->without = GTK_CHECK_BUTTON (gtk_check_button_new ());
  gtk_check_button_set_child (self->without, GTK_WIDGET (label));
  gtk_label_set_mnemonic_widget (label, GTK_WIDGET (self->without));
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->without),
                                  GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, self->names, NULL, -1);
  g_signal_connect_object (self->without, "toggled", G_CALLBACK (toggled_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->names));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->without));
  return box;
}

/* It can be gone on from once it is known who is not to be named. */
static void
warn (SatchelCalendarSaver *self)
{
  GtkWidget *dialog = adw_message_dialog_new (
      GTK_WINDOW (gtk_widget_get_root (self->widget)), _ ("Save a calendar outside the vault?"),
      _ ("Everybody who gets the file can read what is in it, without a passphrase. A calendar "
         "program may pass it on to other computers and to the company that runs the calendar."));
  AdwMessageDialog *message = ADW_MESSAGE_DIALOG (dialog);

  adw_message_dialog_set_extra_child (message, make_choice (self));
  adw_message_dialog_add_response (message, "cancel", _ ("_Cancel"));
  adw_message_dialog_add_response (message, "choose", _ ("Choose _Where…"));
  adw_message_dialog_set_response_enabled (message, "choose", FALSE);
  adw_message_dialog_set_default_response (message, "cancel");
  adw_message_dialog_set_close_response (message, "cancel");
  self->warning = GTK_WINDOW (dialog);
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), g_object_ref (self),
                           G_CONNECT_SWAPPED);
  satchel_dialog_present (message);
}

static void
show_names (SatchelCalendarSaver *self, GPtrArray *unshared)
{
  g_autofree char *names = NULL;
  guint count = satchel_name_warning_list (unshared, &names);
  g_autofree char *title = satchel_name_warning_dup_title (count);
  g_autofree char *text = g_strdup_printf ("%s: %s", title, names);

  gtk_label_set_text (self->names, count > 0 ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->names), count > 0);
  gtk_check_button_set_active (self->without, count > 0);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self->warning), "choose", TRUE);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelCalendarSaver) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) unshared =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->warning == NULL)
    return;
  if (unshared != NULL) {
    show_names (self, unshared);
  } else {
    gtk_window_close (self->warning);
    satchel_window_say_error (self->widget, error);
  }
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
  satchel_session_run_async (session,
                             &(SatchelSessionJob){
                                 .run = look_run,
                                 .input = asked_new (self, NULL),
                                 .input_free = asked_free,
                                 .result_free = (GDestroyNotify) g_ptr_array_unref,
                             },
                             NULL, looked_cb, g_object_ref (self));
}
