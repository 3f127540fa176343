/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox/satchel-outbox-page.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"
#include "outbox/satchel-outbox-job.h"
#include "outbox/satchel-outbox-text.h"
#include "reports/satchel-bundle-reports.h"
#include "shared/satchel-dialog.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"
#include "shell/satchel-pane.h"
#include "window/satchel-window.h"

struct _SatchelOutboxPage {
  AdwBin parent_instance;

  /* Template children */
  SatchelPane *pane;
  GtkStack *states;
  AdwStatusPage *failed;
  AdwActionRow *sealed;
  AdwActionRow *stored;
  AdwActionRow *opened;
  GtkWidget *buttons;
  GtkWidget *send_button;
  GtkWidget *discard_button;
  GtkWidget *erase_button;
  AdwPreferencesGroup *reports;
  AdwActionRow *recipients;
  AdwActionRow *size;
  AdwExpanderRow *records;
  GtkLabel *bundle_id;
  GtkLabel *sha256;

  /* Owned */
  SatchelSession *session;
  char *id;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelOutboxPage, satchel_outbox_page, ADW_TYPE_BIN)
// clang-format on

/* --- Showing --- */

static void
show_step (AdwActionRow *row, gint64 unix_us, const char *otherwise)
{
  g_autofree char *moment = unix_us != 0 ? satchel_words_moment (unix_us) : NULL;

  adw_action_row_set_subtitle (row, moment != NULL ? moment : otherwise);
  adw_action_row_set_icon_name (row, moment != NULL ? "emblem-ok-symbolic"
                                                    : "content-loading-symbolic");
}

static const char *
stored_text (const SatchelOutboxEntry *entry)
{
  if (entry->state == SATCHEL_OUTBOX_HANDED_OVER || entry->opened_unix_us != 0)
    return _ ("It went by hand: nobody confirms that it was stored");
  if (entry->state == SATCHEL_OUTBOX_ERASED)
    return _ ("It was taken back");
  if (entry->mailbox == NULL)
    return _ ("No server reaches its recipients: copy it to a stick or folder");
  return _ ("Not yet: it is here, and safe");
}

static void
show_way (SatchelOutboxPage *self, const SatchelOutboxEntry *entry)
{
  show_step (self->sealed, entry->sealed_unix_us, "");
  show_step (self->stored, entry->stored_unix_us, stored_text (entry));
  show_step (self->opened, entry->opened_unix_us, _ ("Nobody has confirmed it yet"));
  if (entry->state == SATCHEL_OUTBOX_SENDING) {
    g_autofree char *state = satchel_outbox_text_dup_state (entry);
    adw_action_row_set_subtitle (self->stored, state);
  }
  gtk_widget_set_visible (self->buttons, satchel_outbox_text_can_discard (entry) ||
                                             satchel_outbox_text_can_erase (entry));
  gtk_widget_set_visible (self->send_button, satchel_outbox_text_can_discard (entry));
  gtk_widget_set_visible (self->discard_button, satchel_outbox_text_can_discard (entry));
  gtk_widget_set_visible (self->erase_button, satchel_outbox_text_can_erase (entry));
}

static void
show (SatchelOutboxPage *self, const SatchelOutboxBundle *bundle)
{
  const SatchelOutboxEntry *entry = bundle->entry;
  g_autofree char *state = satchel_outbox_text_dup_state (entry);
  g_autofree char *names = satchel_outbox_text_dup_recipients (entry);
  g_autofree char *size = satchel_words_size (entry->size_bytes);
  g_autofree char *sha256 = satchel_hex_encode (entry->sha256, sizeof entry->sha256);

  satchel_pane_set_subtitle (self->pane, state);
  show_way (self, entry);
  satchel_bundle_reports_show (self->reports, bundle->reports);
  adw_action_row_set_subtitle (self->recipients, names);
  adw_action_row_set_subtitle (self->size, size);
  gtk_label_set_text (self->bundle_id, entry->bundle_id);
  gtk_label_set_text (self->sha256, sha256);
  gtk_stack_set_visible_child_name (self->states, "bundle");
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelOutboxPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelOutboxBundle) bundle =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->session == NULL)
    return;
  if (bundle != NULL) {
    show (self, bundle);
    return;
  }
  satchel_widget_explain (self->failed, error);
  gtk_stack_set_visible_child_name (self->states, "failed");
}

static void
load (SatchelOutboxPage *self)
{
  SatchelSessionJob job = satchel_outbox_load_job (self->id);

  satchel_session_run_async (self->session, &job, NULL, loaded_cb, g_object_ref (self));
}

static void
changed_cb (SatchelOutboxPage *self, SatchelChanges changes)
{
  if ((changes & (SATCHEL_CHANGED_OUTBOX | SATCHEL_CHANGED_SENT | SATCHEL_CHANGED_RECORDS)) != 0)
    load (self);
}

/* --- What can be done --- */

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelOutboxPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (satchel_session_run_finish (SATCHEL_SESSION (source), result, &error) == NULL)
    satchel_window_say_error (GTK_WIDGET (self), error);
}

static void
run (SatchelOutboxPage *self, SatchelSessionJob job)
{
  satchel_session_run_async (self->session, &job, NULL, done_cb, g_object_ref (self));
}

static AdwMessageDialog *
ask (SatchelOutboxPage *self, const char *heading, const char *body)
{
  GtkWidget *dialog = adw_message_dialog_new (NULL, heading, body);

  satchel_dialog_join (GTK_WINDOW (dialog), GTK_WIDGET (self), self->session);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "keep", _ ("_Keep"));
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  return ADW_MESSAGE_DIALOG (dialog);
}

static void
discard_answered_cb (SatchelOutboxPage *self, const char *response)
{
  if (g_str_equal (response, "discard"))
    run (self, satchel_outbox_discard_job (self->id));
}

static void
discard_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelOutboxPage *self = SATCHEL_OUTBOX_PAGE (widget);
  AdwMessageDialog *dialog = ask (
      self, _ ("Take this bundle back?"),
      _ ("It is not sent any more. The reports in it stay here, and stay as they were sealed."));

  adw_message_dialog_add_response (dialog, "discard", _ ("_Take Back"));
  adw_message_dialog_set_response_appearance (dialog, "discard", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (discard_answered_cb), self,
                           G_CONNECT_SWAPPED);
  satchel_dialog_present (dialog);
}

static void
erase_answered_cb (SatchelOutboxPage *self, const char *response)
{
  if (!g_str_equal (response, "keep"))
    run (self, satchel_outbox_erase_job (self->id, g_str_equal (response, "reports")));
}

static void
erase_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelOutboxPage *self = SATCHEL_OUTBOX_PAGE (widget);
  AdwMessageDialog *dialog =
      ask (self, _ ("Erase it from this computer?"),
           _ ("The newsroom has opened it, and has proved so. You can erase the sealed copy alone, "
              "or the reports and evidence that were in it as well. What is erased is gone from "
              "here for good. A report to which something was added since stays here."));

  adw_message_dialog_add_response (dialog, "copy", _ ("Sealed _Copy"));
  adw_message_dialog_add_response (dialog, "reports", _ ("Copy and _Reports"));
  adw_message_dialog_set_response_appearance (dialog, "copy", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (dialog, "reports", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (erase_answered_cb), self,
                           G_CONNECT_SWAPPED);
  satchel_dialog_present (dialog);
}

/* --- The widget --- */

static void
satchel_outbox_page_dispose (GObject *object)
{
  g_clear_object (&SATCHEL_OUTBOX_PAGE (object)->session);
  G_OBJECT_CLASS (satchel_outbox_page_parent_class)->dispose (object);
}

static void
satchel_outbox_page_finalize (GObject *object)
{
  g_free (SATCHEL_OUTBOX_PAGE (object)->id);
  G_OBJECT_CLASS (satchel_outbox_page_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, SatchelOutboxPage, pane);
  gtk_widget_class_bind_template_child (klass, SatchelOutboxPage, states);
  gtk_widget_class_bind_template_child (klass, SatchelOutboxPage, failed);
  gtk_widget_class_bind_template_child (klass, SatchelOutboxPage, sealed);
  gtk_widget_class_bind_template_child (klass, SatchelOutboxPage, stored);
  gtk_widget_class_bind_template_child (klass, SatchelOutboxPage, opened);
  gtk_widget_class_bind_template_child (klass, SatchelOutboxPage, buttons);
  gtk_widget_class_bind_template_child (klass, SatchelOutboxPage, send_button);
  gtk_widget_class_bind_template_child (klass, SatchelOutboxPage, discard_button);
  gtk_widget_class_bind_template_child (klass, SatchelOutboxPage, erase_button);
  gtk_widget_class_bind_template_child (klass, SatchelOutboxPage, reports);
  gtk_widget_class_bind_template_child (klass, SatchelOutboxPage, recipients);
  gtk_widget_class_bind_template_child (klass, SatchelOutboxPage, size);
  gtk_widget_class_bind_template_child (klass, SatchelOutboxPage, records);
  gtk_widget_class_bind_template_child (klass, SatchelOutboxPage, bundle_id);
  gtk_widget_class_bind_template_child (klass, SatchelOutboxPage, sha256);
}

static void
satchel_outbox_page_class_init (SatchelOutboxPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_PANE);
  G_OBJECT_CLASS (klass)->dispose = satchel_outbox_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_outbox_page_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/outbox/satchel-outbox-page.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "bundle.discard", NULL, discard_action);
  gtk_widget_class_install_action (widget_class, "bundle.erase", NULL, erase_action);
}

static void
satchel_outbox_page_init (SatchelOutboxPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  satchel_widget_call_lists (GTK_WIDGET (self), _ ("Sealed Bundle"));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->recipients), FALSE);
  satchel_widget_call_expander (self->records);
}

GtkWidget *
satchel_outbox_page_new (SatchelSession *session, const char *id)
{
  SatchelOutboxPage *self = g_object_new (SATCHEL_TYPE_OUTBOX_PAGE, NULL);

  self->session = g_object_ref (session);
  self->id = g_strdup (id);
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  load (self);
  return GTK_WIDGET (self);
}
