/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-invite-window.h"

#include <glib/gi18n.h>

#include "people/satchel-invite-clipboard.h"
#include "people/satchel-people-job.h"
#include "shared/satchel-choose.h"
#include "shared/satchel-dialog.h"
#include "shared/satchel-error-text.h"
#include "shared/satchel-widget.h"
#include "window/satchel-window.h"

struct _SatchelInviteWindow {
  AdwWindow parent_instance;

  /* Template children */
  GtkEditable *name;
  GtkSpinButton *days;
  GtkLabel *fault;

  /* Owned */
  SatchelSession *session;

  GtkWidget *asked_by; /* weak */
  gboolean is_busy;    /* an invite is being made */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelInviteWindow, satchel_invite_window, ADW_TYPE_WINDOW)
// clang-format on

static char *
dup_name (SatchelInviteWindow *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (self->name)));
}

static void
enable (SatchelInviteWindow *self)
{
  g_autofree char *name = dup_name (self);
  gboolean can = *name != '\0' && !self->is_busy;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "invite.save", can);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "invite.copy", can);
}

static void
show_fault (SatchelInviteWindow *self, const char *text)
{
  gtk_label_set_text (self->fault, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->fault), text != NULL);
}

static void
name_changed_cb (SatchelInviteWindow *self)
{
  show_fault (self, NULL);
  enable (self);
}

/* --- Making one --- */

static void
show_error (SatchelInviteWindow *self, const GError *error)
{
  if (g_error_matches (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_EXISTS)) {
    show_fault (self, _ ("Somebody of this name is among your people, or has an invite that is "
                         "still good. Revoke that first, or take another name."));
  } else if (!satchel_error_text_is_silent (error)) {
    g_autofree char *text = satchel_error_text_dup_whole (error);
    show_fault (self, text);
  }
}

/* The invite is there: what is said goes to who asked for it, for this window closes. */
static void
end (SatchelInviteWindow *self, const char *said)
{
  if (self->asked_by != NULL)
    satchel_window_say (self->asked_by, said);
  gtk_window_destroy (GTK_WINDOW (self));
}

static char *
finish (SatchelInviteWindow *self, GObject *source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  char *text = satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  self->is_busy = FALSE;
  if (text == NULL && self->session != NULL) {
    show_error (self, error);
    enable (self);
  }
  return text;
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelInviteWindow) self = user_data;
  char *text = finish (self, source, result);

  if (text != NULL && self->session != NULL)
    end (self, _ ("Invite saved. Hand it over as you would a key."));
  satchel_invite_wipe_text (text);
}

/* Locked or closed meanwhile, nothing is put where others can read it: the invite stands among the
 * others and can be revoked. */
static void
copied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelInviteWindow) self = user_data;
  char *text = finish (self, source, result);

  if (text == NULL || !gtk_widget_get_visible (GTK_WIDGET (self)) ||
      satchel_session_get_state (self->session) != SATCHEL_SESSION_OPEN) {
    satchel_invite_wipe_text (text);
    return;
  }
  satchel_invite_clipboard_put (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->session, text);
  end (self, _ ("Invite copied. The clipboard is emptied in a minute."));
}

/* @path: NULL for the clipboard. */
static void
make (SatchelInviteWindow *self, const char *path)
{
  g_autofree char *name = dup_name (self);
  guint days = (guint) gtk_spin_button_get_value_as_int (self->days);
  SatchelSessionJob job = satchel_people_invite_job (name, days, path);

  self->is_busy = TRUE;
  show_fault (self, NULL);
  enable (self);
  satchel_session_run_async (self->session, &job, NULL, path != NULL ? saved_cb : copied_cb,
                             g_object_ref (self));
}

static void
path_chosen_cb (gpointer object, const char *path)
{
  SatchelInviteWindow *self = object;

  if (self->session != NULL && !self->is_busy)
    make (self, path);
}

/* The file is not called after whom it is for: the name stays here. */
static void
save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  satchel_choose_new_file (widget, _ ("Save the Invite"), _ ("_Save"), "newsroom.invite",
                           path_chosen_cb, G_OBJECT (widget));
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  make (SATCHEL_INVITE_WINDOW (widget), NULL);
}

/* --- The window --- */

static void
satchel_invite_window_dispose (GObject *object)
{
  SatchelInviteWindow *self = SATCHEL_INVITE_WINDOW (object);

  g_clear_object (&self->session);
  g_clear_weak_pointer (&self->asked_by);
  G_OBJECT_CLASS (satchel_invite_window_parent_class)->dispose (object);
}

static void
satchel_invite_window_class_init (SatchelInviteWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = satchel_invite_window_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/people/satchel-invite-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelInviteWindow, name);
  gtk_widget_class_bind_template_child (widget_class, SatchelInviteWindow, days);
  gtk_widget_class_bind_template_child (widget_class, SatchelInviteWindow, fault);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_install_action (widget_class, "invite.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "invite.copy", NULL, copy_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
satchel_invite_window_init (SatchelInviteWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  satchel_widget_call_lists (GTK_WIDGET (self), _ ("Invite"));
  enable (self);
}

void
satchel_invite_window_present (GtkWidget *parent, SatchelSession *session)
{
  SatchelInviteWindow *self = g_object_new (SATCHEL_TYPE_INVITE_WINDOW, NULL);

  self->session = g_object_ref (session);
  g_set_weak_pointer (&self->asked_by, parent);
  satchel_dialog_join (GTK_WINDOW (self), parent, session);
  gtk_window_present (GTK_WINDOW (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->name));
}
