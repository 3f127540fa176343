/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/satchel-inbox-page.h"

#include <glib/gi18n.h>
#include <inttypes.h>

#include "base/satchel-text.h"
#include "inbox/satchel-desk-group.h"
#include "inbox/satchel-inbox-job.h"
#include "inbox/satchel-inbox-text.h"
#include "reports/satchel-bundle-reports.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"
#include "shell/satchel-pane.h"
#include "window/satchel-window.h"

struct _SatchelInboxPage {
  AdwBin parent_instance;

  /* Template children */
  SatchelPane *pane;
  GtkStack *states;
  AdwStatusPage *failed;
  AdwActionRow *verdict;
  AdwActionRow *finding;
  AdwActionRow *missing;
  AdwActionRow *sender;
  AdwPreferencesGroup *reports;
  SatchelDeskGroup *desk;
  GtkButton *mark;
  AdwActionRow *received;
  AdwActionRow *number;
  AdwActionRow *size;
  GtkLabel *sha256;

  /* Owned */
  SatchelSession *session;
  char *id;
  gboolean is_read;   /* as the vault has it */
  gboolean is_opened; /* it was marked as read, once: whoever marks it as unread means it */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelInboxPage, satchel_inbox_page, ADW_TYPE_BIN)
// clang-format on

static void
show_verdict (SatchelInboxPage *self, const SatchelInboxBundle *bundle)
{
  const SatchelInboxEntry *entry = bundle->entry;
  const char *verdict = satchel_inbox_text_verdict (entry);
  g_autofree char *sender = satchel_inbox_text_dup_sender (entry, bundle->contact);
  g_autofree char *finding = satchel_inbox_text_dup_finding (entry);
  g_autofree char *missing = satchel_inbox_text_dup_missing (entry);
  gboolean is_aside = entry->outcome == SATCHEL_INBOX_ASIDE;

  satchel_pane_set_subtitle (self->pane, verdict);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->verdict), verdict);
  adw_action_row_set_subtitle (self->verdict, satchel_inbox_text_advice (entry));
  adw_action_row_set_icon_name (self->verdict, is_aside ? satchel_inbox_text_icon (entry)
                                                        : "emblem-ok-symbolic");
  adw_action_row_set_subtitle (self->finding, finding != NULL ? finding : "");
  gtk_widget_set_visible (GTK_WIDGET (self->finding), finding != NULL);
  adw_action_row_set_subtitle (self->missing, missing != NULL ? missing : "");
  gtk_widget_set_visible (GTK_WIDGET (self->missing), missing != NULL);
  adw_action_row_set_subtitle (self->sender, sender);
}

/* --- Read or not --- */

static void
marked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelInboxPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelDeskDone) done =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (done == NULL && self->session != NULL)
    satchel_window_say_error (GTK_WIDGET (self), error);
}

static void
mark (SatchelInboxPage *self, gboolean is_read)
{
  const SatchelDeskChange change = {.part = SATCHEL_DESK_PART_READ, .is_read = is_read};
  SatchelSessionJob job = satchel_desk_change_job (NULL, self->id, &change);

  satchel_session_run_async (self->session, &job, NULL, marked_cb, g_object_ref (self));
}

static void
mark_cb (SatchelInboxPage *self)
{
  mark (self, !self->is_read);
}

static void
show_mark (SatchelInboxPage *self, gboolean is_read)
{
  self->is_read = is_read;
  gtk_button_set_icon_name (self->mark, is_read ? "mail-unread-symbolic" : "mail-read-symbolic");
  satchel_widget_call (GTK_WIDGET (self->mark),
                       is_read ? _ ("Mark as unread") : _ ("Mark as read"), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->mark), TRUE);
  if (!self->is_opened && !is_read)
    mark (self, TRUE);
  self->is_opened = TRUE;
}

/* --- Showing --- */

static void
show (SatchelInboxPage *self, const SatchelInboxBundle *bundle)
{
  const SatchelInboxEntry *entry = bundle->entry;
  g_autofree char *received = satchel_words_moment (entry->received_unix_us);
  g_autofree char *size = satchel_words_size (entry->size_bytes);
  g_autofree char *sha256 = satchel_hex_encode (entry->sha256, sizeof entry->sha256);
  /* Translators: a sender's bundles are numbered, so that a missing one is noticed. */
  g_autofree char *counted = g_strdup_printf (
      _ ("%" PRIu64 " of those that this sender sealed for you"), entry->number);
  g_autofree char *number = satchel_words_digits (counted);

  show_verdict (self, bundle);
  satchel_bundle_reports_show (self->reports, bundle->reports);
  adw_action_row_set_subtitle (self->received, received);
  adw_action_row_set_subtitle (self->number, number);
  gtk_widget_set_visible (GTK_WIDGET (self->number), entry->number > 0);
  adw_action_row_set_subtitle (self->size, size);
  gtk_label_set_text (self->sha256, sha256);
  satchel_desk_group_show (self->desk, self->session, bundle->desk, bundle->choices,
                           bundle->notes);
  show_mark (self, bundle->desk->is_read);
  gtk_stack_set_visible_child_name (self->states, "bundle");
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelInboxPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelInboxBundle) bundle =
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
load (SatchelInboxPage *self)
{
  SatchelSessionJob job = satchel_inbox_load_job (self->id);

  satchel_session_run_async (self->session, &job, NULL, loaded_cb, g_object_ref (self));
}

static void
changed_cb (SatchelInboxPage *self, SatchelChanges changes)
{
  if ((changes & (SATCHEL_CHANGED_INBOX | SATCHEL_CHANGED_PEOPLE | SATCHEL_CHANGED_RECORDS |
                  SATCHEL_CHANGED_DESK)) != 0)
    load (self);
}

static void
satchel_inbox_page_dispose (GObject *object)
{
  g_clear_object (&SATCHEL_INBOX_PAGE (object)->session);
  G_OBJECT_CLASS (satchel_inbox_page_parent_class)->dispose (object);
}

static void
satchel_inbox_page_finalize (GObject *object)
{
  g_free (SATCHEL_INBOX_PAGE (object)->id);
  G_OBJECT_CLASS (satchel_inbox_page_parent_class)->finalize (object);
}

static void
satchel_inbox_page_class_init (SatchelInboxPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_PANE);
  g_type_ensure (SATCHEL_TYPE_DESK_GROUP);
  G_OBJECT_CLASS (klass)->dispose = satchel_inbox_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_inbox_page_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/inbox/satchel-inbox-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelInboxPage, pane);
  gtk_widget_class_bind_template_child (widget_class, SatchelInboxPage, states);
  gtk_widget_class_bind_template_child (widget_class, SatchelInboxPage, failed);
  gtk_widget_class_bind_template_child (widget_class, SatchelInboxPage, verdict);
  gtk_widget_class_bind_template_child (widget_class, SatchelInboxPage, finding);
  gtk_widget_class_bind_template_child (widget_class, SatchelInboxPage, missing);
  gtk_widget_class_bind_template_child (widget_class, SatchelInboxPage, sender);
  gtk_widget_class_bind_template_child (widget_class, SatchelInboxPage, desk);
  gtk_widget_class_bind_template_child (widget_class, SatchelInboxPage, mark);
  gtk_widget_class_bind_template_callback (widget_class, mark_cb);
  gtk_widget_class_bind_template_child (widget_class, SatchelInboxPage, reports);
  gtk_widget_class_bind_template_child (widget_class, SatchelInboxPage, received);
  gtk_widget_class_bind_template_child (widget_class, SatchelInboxPage, number);
  gtk_widget_class_bind_template_child (widget_class, SatchelInboxPage, size);
  gtk_widget_class_bind_template_child (widget_class, SatchelInboxPage, sha256);
}

static void
satchel_inbox_page_init (SatchelInboxPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  satchel_widget_call_lists (GTK_WIDGET (self), _ ("Received Bundle"));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->finding), FALSE);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->sender), FALSE);
}

GtkWidget *
satchel_inbox_page_new (SatchelSession *session, const char *id)
{
  SatchelInboxPage *self = g_object_new (SATCHEL_TYPE_INBOX_PAGE, NULL);

  self->session = g_object_ref (session);
  self->id = g_strdup (id);
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  load (self);
  return GTK_WIDGET (self);
}
