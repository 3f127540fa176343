/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shared/satchel-dialog.h"

#include <glib/gi18n.h>

static void
state_cb (GtkWindow *window, GParamSpec *pspec, SatchelSession *session)
{
  if (satchel_session_get_state (session) != SATCHEL_SESSION_OPEN)
    gtk_window_destroy (window);
}

void
satchel_dialog_join (GtkWindow *window, GtkWidget *parent, SatchelSession *session)
{
  GtkWindow *below = GTK_WINDOW (gtk_widget_get_root (parent));

  gtk_window_set_transient_for (window, below);
  gtk_window_set_application (window, gtk_window_get_application (below));
  g_signal_connect_object (session, "notify::state", G_CALLBACK (state_cb), window,
                           G_CONNECT_SWAPPED);
}

static void
default_cb (GtkWindow *window)
{
  gtk_window_set_focus (window, gtk_window_get_default_widget (window));
}

void
satchel_dialog_present (AdwMessageDialog *self)
{
  /* Told anew once it is known how wide it is. */
  g_signal_connect (self, "notify::default-widget", G_CALLBACK (default_cb), NULL);
  gtk_window_present (GTK_WINDOW (self));
  default_cb (GTK_WINDOW (self));
}

static AdwMessageDialog *
make (GtkWidget *parent, SatchelSession *session, const char *heading, const char *body)
{
  GtkWidget *dialog = adw_message_dialog_new (NULL, heading, body);

  satchel_dialog_join (GTK_WINDOW (dialog), parent, session);
  return ADW_MESSAGE_DIALOG (dialog);
}

AdwMessageDialog *
satchel_dialog_ask (GtkWidget *parent,
                    SatchelSession *session,
                    const char *heading,
                    const char *body,
                    const char *action,
                    AdwResponseAppearance appearance)
{
  AdwMessageDialog *self = make (parent, session, heading, body);

  adw_message_dialog_add_responses (self, "cancel", _ ("Cancel"), "do", action, NULL);
  adw_message_dialog_set_response_appearance (self, "do", appearance);
  adw_message_dialog_set_default_response (self, "cancel");
  adw_message_dialog_set_close_response (self, "cancel");
  satchel_dialog_present (self);
  return self;
}

void
satchel_dialog_tell (GtkWidget *parent,
                     SatchelSession *session,
                     const char *heading,
                     const char *body)
{
  AdwMessageDialog *self = make (parent, session, heading, body);

  adw_message_dialog_add_response (self, "close", _ ("Understood"));
  adw_message_dialog_set_default_response (self, "close");
  adw_message_dialog_set_close_response (self, "close");
  satchel_dialog_present (self);
}
