/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-people-taking.h"

#include <glib/gi18n.h>

#include "join/satchel-join-window.h"
#include "people/satchel-people-job.h"
#include "people/satchel-person-page.h"
#include "shared/satchel-error-text.h"
#include "shell/satchel-shell.h"
#include "window/satchel-window.h"

static const char *
card_words (SatchelContactOutcome outcome)
{
  switch (outcome) {
    case SATCHEL_CONTACT_ADDED:
      return _ ("Added. Compare the safety words before you rely on this card.");
    case SATCHEL_CONTACT_KNOWN:
      return _ ("This card is known already.");
    case SATCHEL_CONTACT_ALARM:
      return _ ("Warning: this card has another key than the one that is known. The first key "
                "stays.");
  }
  return "";
}

static void
say_taken (GtkWidget *widget, const SatchelTaken *taken)
{
  satchel_window_say (widget, card_words (taken->contact));
  if (taken->opened > 0) {
    g_autofree char *text = g_strdup_printf (
        ngettext ("%u bundle that was kept aside is opened now.",
                  "%u bundles that were kept aside are opened now.", taken->opened),
        taken->opened);
    satchel_window_say (widget, text);
  }
  satchel_window_say_error (widget, taken->retry_error);
}

/* Where it is said, and whose session it is, while the job runs; and of what. */
typedef struct {
  GtkWidget *widget;
  SatchelSession *session;
  char *path;
  SatchelUntaken untaken;
} Asked;

static void
asked_free (Asked *self)
{
  g_object_unref (self->widget);
  g_object_unref (self->session);
  g_free (self->path);
  g_clear_object (&self->untaken.owner);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asked, asked_free)

static void
show (const Asked *asked, const SatchelTaken *taken)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (asked->widget));

  if (taken->what == SATCHEL_TAKEN_JOINING) {
    g_autoptr (GFile) file = g_file_new_for_path (taken->name);
    satchel_join_window_present (window, asked->session, file);
    return;
  }
  say_taken (asked->widget, taken);
  if (taken->contact_id != NULL)
    satchel_shell_present (asked->widget,
                           satchel_person_page_new (asked->session, taken->contact_id));
}

static void
taken_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asked) asked = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelTaken) taken =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (asked->untaken.tell != NULL && error != NULL && satchel_error_text_is_silent (error))
    asked->untaken.tell (asked->untaken.owner, asked->path);
  /* The vault was locked meanwhile: there is nobody to be told. */
  if (gtk_widget_get_root (asked->widget) == NULL)
    return;
  if (taken != NULL)
    show (asked, taken);
  else
    satchel_window_say_error (asked->widget, error);
}

void
satchel_people_take_file (GtkWidget *widget,
                          SatchelSession *session,
                          const char *path,
                          SatchelUntaken untaken)
{
  SatchelSessionJob job = satchel_people_take_job (path);
  Asked *asked = g_new0 (Asked, 1);

  asked->widget = g_object_ref (widget);
  asked->session = g_object_ref (session);
  asked->path = g_strdup (path);
  asked->untaken = untaken;
  if (untaken.owner != NULL)
    g_object_ref (untaken.owner);
  satchel_session_run_async (session, &job, NULL, taken_cb, asked);
}
