/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "join/satchel-join-window.h"

#include <glib/gi18n.h>

#include "join/satchel-join-view.h"

struct _SatchelJoinWindow {
  AdwWindow parent_instance;

  GtkButton *close;
  SatchelJoinView *view; /* borrowed */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelJoinWindow, satchel_join_window, ADW_TYPE_WINDOW)
// clang-format on

static void
state_cb (SatchelJoinWindow *self, GParamSpec *pspec, SatchelSession *session)
{
  if (satchel_session_get_state (session) != SATCHEL_SESSION_OPEN)
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
joined_cb (SatchelJoinWindow *self)
{
  gtk_button_set_label (self->close, _ ("_Done"));
  gtk_widget_add_css_class (GTK_WIDGET (self->close), "suggested-action");
  gtk_widget_grab_focus (GTK_WIDGET (self->close));
}

static void
next_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWindow *below = gtk_window_get_transient_for (GTK_WINDOW (widget));

  if (below != NULL)
    gtk_widget_activate_action (GTK_WIDGET (below), "handed.next", NULL);
}

static void
satchel_join_window_dispose (GObject *object)
{
  next_action (GTK_WIDGET (object), NULL, NULL);
  G_OBJECT_CLASS (satchel_join_window_parent_class)->dispose (object);
}

static void
satchel_join_window_class_init (SatchelJoinWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = satchel_join_window_dispose;
  gtk_widget_class_install_action (widget_class, "handed.next", NULL, next_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
satchel_join_window_init (SatchelJoinWindow *self)
{
  /* By its class alone GTK 4.8 shows a window that has the focus before it is on the screen to a
   * screen reader as a part without a meaning; and of a dialog it does not say that it is active.
   */
  g_object_set (self, "accessible-role", GTK_ACCESSIBLE_ROLE_WINDOW, NULL);
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (self), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (self), 520, 640);
  gtk_widget_set_size_request (GTK_WIDGET (self), 340, 400);
  gtk_window_set_title (GTK_WINDOW (self), _ ("Join a Newsroom"));
}

static void
fill (SatchelJoinWindow *self, SatchelSession *session)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->close = GTK_BUTTON (gtk_button_new_with_mnemonic (_ ("_Cancel")));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->close), "window.close");
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), GTK_WIDGET (self->close));
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header),
                                   gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));
  gtk_widget_add_css_class (header, "flat");
  self->view = satchel_join_view_new (session);
  gtk_widget_set_vexpand (GTK_WIDGET (self->view), TRUE);
  g_signal_connect_object (self->view, "joined", G_CALLBACK (joined_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->view));
  adw_window_set_content (ADW_WINDOW (self), box);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
}

static SatchelJoinWindow *
find (GtkWindow *parent)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *w = windows; w != NULL; w = w->next)
    if (SATCHEL_IS_JOIN_WINDOW (w->data) && gtk_window_get_transient_for (w->data) == parent)
      return w->data;
  return NULL;
}

static SatchelJoinWindow *
present (GtkWindow *parent, SatchelSession *session)
{
  SatchelJoinWindow *self = find (parent);

  if (self == NULL) {
    self = g_object_new (SATCHEL_TYPE_JOIN_WINDOW, "transient-for", parent, "application",
                         gtk_window_get_application (parent), NULL);
    fill (self, session);
    satchel_join_view_begin (self->view);
  }
  gtk_window_present (GTK_WINDOW (self));
  return self;
}

void
satchel_join_window_present (GtkWindow *parent, SatchelSession *session, GFile *file)
{
  SatchelJoinWindow *self = present (parent, session);

  if (file != NULL)
    satchel_join_view_look_at_file (self->view, file);
}

gboolean
satchel_join_window_offer (GtkWindow *parent, SatchelSession *session, GFile *file)
{
  return satchel_join_view_offer (present (parent, session)->view, file);
}

gboolean
satchel_join_window_has_unanswered (GtkWindow *parent)
{
  SatchelJoinWindow *self = find (parent);

  return self != NULL && satchel_join_view_has_unanswered (self->view);
}

GFile *
satchel_join_window_take_unanswered (GtkWindow *parent)
{
  SatchelJoinWindow *self = find (parent);

  return self != NULL ? satchel_join_view_take_unanswered (self->view) : NULL;
}
