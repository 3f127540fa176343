/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lock/satchel-destroy.h"

#include <glib/gi18n.h>

#include "lock/satchel-hold-button.h"
#include "window/satchel-window.h"

static void
destroyed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) toasts = user_data;
  g_autoptr (GError) error = NULL;

  switch (satchel_session_destroy_finish (SATCHEL_SESSION (source), result, &error)) {
    case SATCHEL_DESTROYED_NOT:
      satchel_window_say_error (toasts, error);
      break;
    case SATCHEL_DESTROYED:
      satchel_window_say (toasts, _ ("The vault is destroyed. Nobody can open it any more."));
      break;
    case SATCHEL_DESTROYED_BUT_CARD:
      satchel_window_say (toasts, _ ("The vault is destroyed. Nobody can open it any more. The "
                                     "press card that can be shown without unlocking could not "
                                     "be removed, and can still be read."));
      break;
  }
}

/* The button goes with the vault: where toasts are shown stays. */
static void
held_cb (SatchelSession *session, GtkWidget *button)
{
  GtkWidget *toasts = gtk_widget_get_ancestor (button, ADW_TYPE_TOAST_OVERLAY);

  satchel_session_destroy_async (session, FALSE, destroyed_cb, g_object_ref (toasts));
}

GtkWidget *
satchel_destroy_button_new (SatchelSession *session)
{
  GtkWidget *self = satchel_hold_button_new (_ ("Hold to destroy the vault"));

  gtk_widget_add_css_class (self, "satchel-destroy");
  g_signal_connect_object (self, "held", G_CALLBACK (held_cb), session, G_CONNECT_SWAPPED);
  return self;
}

const char *
satchel_destroy_get_words (void)
{
  return _ ("Destroys the vault's keys for ever: nobody can read it again, you included. What was "
            "sent stays with your newsroom, and backups elsewhere stay as they are.");
}
