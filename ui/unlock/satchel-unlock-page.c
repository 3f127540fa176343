/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unlock/satchel-unlock-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cards/satchel-press-left.h"
#include "cards/satchel-press-window.h"
#include "lock/satchel-destroy.h"
#include "shared/satchel-error-text.h"
#include "vault/satchel-readable.h"

struct _SatchelUnlockPage {
  AdwBin parent_instance;

  /* Template children */
  GtkPasswordEntry *passphrase;
  GtkButton *unlock;
  GtkStack *unlock_face;
  GtkLabel *fault;
  GtkWidget *waiting;
  GtkWidget *card;
  GtkBox *danger;
  GtkLabel *danger_words;

  /* Owned */
  SatchelSession *session;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelUnlockPage, satchel_unlock_page, ADW_TYPE_BIN)
// clang-format on

static void
show_fault (SatchelUnlockPage *self, const char *text)
{
  gtk_label_set_text (self->fault, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->fault), text != NULL);
}

static void
set_working (SatchelUnlockPage *self, gboolean is_working)
{
  gtk_editable_set_editable (GTK_EDITABLE (self->passphrase), !is_working);
  gtk_widget_set_sensitive (GTK_WIDGET (self->unlock), !is_working);
  gtk_stack_set_visible_child_name (self->unlock_face, is_working ? "working" : "ready");
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelUnlockPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (satchel_session_open_finish (SATCHEL_SESSION (source), result, &error))
    return;
  set_working (self, FALSE);
  if (!satchel_error_text_is_silent (error)) {
    g_autofree char *text = satchel_error_text_dup_whole (error);
    show_fault (self, text);
  }
  gtk_widget_grab_focus (GTK_WIDGET (self->passphrase));
}

static void
unlock_cb (SatchelUnlockPage *self)
{
  GtkEditable *editable = GTK_EDITABLE (self->passphrase);
  const char *typed = gtk_editable_get_text (editable);
  g_autoptr (GError) error = NULL;

  if (*typed == '\0') {
    gtk_widget_grab_focus (GTK_WIDGET (self->passphrase));
    return;
  }
  g_autoptr (SatchelSecret) passphrase =
      satchel_secret_new_copy ((const guint8 *) typed, strlen (typed), &error);
  if (passphrase == NULL) {
    g_autofree char *text = satchel_error_text_dup_whole (error);
    show_fault (self, text);
    return;
  }
  gtk_editable_set_text (editable, "");
  show_fault (self, NULL);
  set_working (self, TRUE);
  satchel_session_open_async (self->session, passphrase, opened_cb, g_object_ref (self));
}

/* A file of a few megabytes at most, read by who asked for it. */
static void
card_cb (SatchelUnlockPage *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelPressLeft) left =
      satchel_press_left_load (satchel_session_get_folder (self->session), &error);

  if (left != NULL) {
    show_fault (self, NULL);
    satchel_press_window_present (GTK_WIDGET (self), self->session, left->face, left->scan, FALSE);
    return;
  }
  if (g_error_matches (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_DAMAGED)) {
    show_fault (self, _ ("The press card that was left here is damaged, or somebody changed it. "
                         "Unlock the vault and leave it again."));
    return;
  }
  g_autofree char *text = satchel_error_text_dup_whole (error);
  show_fault (self, text);
}

static void
satchel_unlock_page_map (GtkWidget *widget)
{
  SatchelUnlockPage *self = SATCHEL_UNLOCK_PAGE (widget);

  GTK_WIDGET_CLASS (satchel_unlock_page_parent_class)->map (widget);
  gtk_widget_set_visible (self->card,
                          satchel_readable_is_there (satchel_session_get_folder (self->session)));
  gtk_widget_grab_focus (GTK_WIDGET (self->passphrase));
}

static void
satchel_unlock_page_dispose (GObject *object)
{
  g_clear_object (&SATCHEL_UNLOCK_PAGE (object)->session);
  G_OBJECT_CLASS (satchel_unlock_page_parent_class)->dispose (object);
}

static void
satchel_unlock_page_class_init (SatchelUnlockPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = satchel_unlock_page_dispose;
  widget_class->map = satchel_unlock_page_map;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/unlock/satchel-unlock-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelUnlockPage, passphrase);
  gtk_widget_class_bind_template_child (widget_class, SatchelUnlockPage, unlock);
  gtk_widget_class_bind_template_child (widget_class, SatchelUnlockPage, unlock_face);
  gtk_widget_class_bind_template_child (widget_class, SatchelUnlockPage, fault);
  gtk_widget_class_bind_template_child (widget_class, SatchelUnlockPage, waiting);
  gtk_widget_class_bind_template_child (widget_class, SatchelUnlockPage, card);
  gtk_widget_class_bind_template_child (widget_class, SatchelUnlockPage, danger);
  gtk_widget_class_bind_template_child (widget_class, SatchelUnlockPage, danger_words);
  gtk_widget_class_bind_template_callback (widget_class, unlock_cb);
  gtk_widget_class_bind_template_callback (widget_class, card_cb);
}

static void
satchel_unlock_page_init (SatchelUnlockPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
satchel_unlock_page_new (SatchelSession *session)
{
  SatchelUnlockPage *self = g_object_new (SATCHEL_TYPE_UNLOCK_PAGE, NULL);

  GtkWidget *destroy = satchel_destroy_button_new (session);

  self->session = g_object_ref (session);
  gtk_widget_set_halign (destroy, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (destroy, "pill");
  gtk_box_prepend (self->danger, destroy);
  gtk_label_set_text (self->danger_words, satchel_destroy_get_words ());
  return GTK_WIDGET (self);
}

void
satchel_unlock_page_set_waiting (SatchelUnlockPage *self, gboolean is_waiting)
{
  gtk_widget_set_visible (self->waiting, is_waiting);
}
