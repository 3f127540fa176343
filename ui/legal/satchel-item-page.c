/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-item-page.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"
#include "custody/satchel-custody-chain.h"
#include "evidence/satchel-evidence-window.h"
#include "inbox/satchel-inbox-text.h"
#include "legal/satchel-item-job.h"
#include "legal/satchel-item-text.h"
#include "legal/satchel-verdict-group.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"
#include "shell/satchel-pane.h"
#include "window/satchel-window.h"

struct _SatchelItemPage {
  AdwBin parent_instance;

  /* Template children */
  SatchelPane *pane;
  GtkStack *states;
  AdwStatusPage *failed;
  AdwActionRow *verdict;
  GtkImage *verdict_icon;
  AdwActionRow *finding;
  GtkWidget *working;
  GtkProgressBar *progress;
  SatchelVerdictGroup *findings;
  GtkWidget *ways;
  AdwActionRow *report;
  GtkWidget *look;
  AdwActionRow *signer;
  AdwActionRow *sealed;
  AdwActionRow *received;
  AdwActionRow *sha256;
  GtkWidget *custody;
  SatchelCustodyChain *chain;

  /* Owned */
  SatchelSession *session;
  gint64 key;
  SatchelItem *item;  /* NULL before it is loaded */
  GCancellable *stop; /* while it is checked */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelItemPage, satchel_item_page, ADW_TYPE_BIN)
// clang-format on

/* --- Showing --- */

static void
set_row (AdwActionRow *row, const char *text)
{
  satchel_widget_set_exact (row, text);
  gtk_widget_set_visible (GTK_WIDGET (row), text != NULL);
}

static void
show_verdict (SatchelItemPage *self, const SatchelReceived *received)
{
  static const char *const STYLES[] = {"success", "error", "warning"};
  g_autofree char *advice = satchel_item_text_dup_advice (received);
  g_autofree char *finding =
      received->entry != NULL ? satchel_inbox_text_dup_finding (received->entry) : NULL;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->verdict),
                                 satchel_item_text_verdict (received));
  adw_action_row_set_subtitle (self->verdict, advice);
  gtk_image_set_from_icon_name (self->verdict_icon, satchel_item_text_icon (received));
  for (guint i = 0; i < G_N_ELEMENTS (STYLES); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->verdict_icon), STYLES[i]);
  gtk_widget_add_css_class (GTK_WIDGET (self->verdict_icon),
                            satchel_item_text_style (received->standing));
  set_row (self->finding, finding);
}

static void
show_ways (SatchelItemPage *self, const SatchelReceived *received)
{
  gboolean is_taken = received->what != SATCHEL_RECEIVED_ASIDE;

  gtk_widget_set_visible (self->ways, is_taken);
  gtk_widget_set_visible (self->look, received->what == SATCHEL_RECEIVED_EVIDENCE);
  if (!is_taken)
    return;
  g_autofree char *title =
      satchel_words_title (satchel_record_get_kind (received->record), received->record->values);
  adw_action_row_set_subtitle (self->report, title);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->report), "record.open");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->report), "s", received->record->id);
}

static char *
dup_signer (const SatchelItem *item)
{
  return item->key != NULL ? g_strdup_printf ("%s\n%s", item->signer, item->key)
                           : g_strdup (item->signer);
}

static void
show_source (SatchelItemPage *self, const SatchelItem *item)
{
  const SatchelReceived *received = item->received;
  g_autofree char *signer = dup_signer (item);
  g_autofree char *moment = satchel_words_exact (received->received_us);
  g_autofree char *taken = g_strdup_printf (_ ("%s by this computer's clock"), moment);
  g_autoptr (GDateTime) day = g_date_time_new_from_unix_utc (item->bagged_us / G_USEC_PER_SEC);
  g_autofree char *date = satchel_words_format (day, _ ("%-e %B %Y"));
  g_autofree char *sealed = g_strdup_printf (_ ("%s by the sender's clock"), date);
  /* Of evidence the chain says it. */
  g_autofree char *sha256 =
      received->entry != NULL ? satchel_hex_encode (received->entry->sha256, 32) : NULL;

  set_row (self->signer, signer);
  set_row (self->sealed, item->bagged_us != 0 ? sealed : NULL);
  set_row (self->received, taken);
  set_row (self->sha256, sha256);
}

static void
show (SatchelItemPage *self)
{
  const SatchelItem *item = self->item;
  g_autofree char *title = satchel_item_text_dup_title (item->received);
  g_autofree char *what = satchel_item_text_dup_what (item->received);

  satchel_pane_set_title (self->pane, title);
  satchel_pane_set_subtitle (self->pane, what);
  show_verdict (self, item->received);
  show_ways (self, item->received);
  show_source (self, item);
  gtk_widget_set_visible (self->custody, item->custody != NULL);
  if (item->custody != NULL)
    satchel_custody_chain_set_views (self->chain, item->custody);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "item.check",
                                 item->received->entry == NULL ||
                                     item->received->entry->path != NULL);
  gtk_stack_set_visible_child_name (self->states, "item");
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelItemPage) self = user_data;
  g_autoptr (GError) error = NULL;
  SatchelItem *item = satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->session == NULL) {
    satchel_item_free (item);
    return;
  }
  if (item != NULL) {
    satchel_item_free (self->item);
    self->item = item;
    show (self);
    return;
  }
  satchel_widget_explain (self->failed, error);
  gtk_stack_set_visible_child_name (self->states, "failed");
}

static void
load (SatchelItemPage *self)
{
  SatchelSessionJob job = satchel_item_load_job (self->key);

  satchel_session_run_async (self->session, &job, NULL, loaded_cb, g_object_ref (self));
}

static void
changed_cb (SatchelItemPage *self, SatchelChanges changes)
{
  if ((changes & (SATCHEL_CHANGED_INBOX | SATCHEL_CHANGED_PEOPLE | SATCHEL_CHANGED_RECORDS |
                  SATCHEL_CHANGED_EVIDENCE)) != 0)
    load (self);
}

/* --- Checking again --- */

static void
show_working (SatchelItemPage *self, gboolean is_working)
{
  gtk_widget_set_visible (self->working, is_working);
  gtk_progress_bar_set_fraction (self->progress, 0);
  if (!is_working)
    g_clear_object (&self->stop);
}

static void
progress_cb (guint64 done_bytes, guint64 total_bytes, gpointer user_data)
{
  SatchelItemPage *self = user_data;

  if (total_bytes > 0)
    gtk_progress_bar_set_fraction (self->progress, (double) done_bytes / (double) total_bytes);
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelItemPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelChecked) checked =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->session == NULL)
    return;
  show_working (self, FALSE);
  if (checked != NULL)
    satchel_verdict_group_show (self->findings, checked->verification);
  /* Over the page of another item it would be taken for what is said of that one. */
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (checked != NULL)
    satchel_window_say (GTK_WIDGET (self), satchel_item_text_outcome (checked->verification));
  else
    satchel_window_say_error (GTK_WIDGET (self), error);
}

static void
check_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelItemPage *self = SATCHEL_ITEM_PAGE (widget);

  if (self->stop != NULL || self->item == NULL)
    return;
  SatchelSessionJob job =
      satchel_item_check_job (self->key, (SatchelProgressReport){progress_cb, self});
  self->stop = g_cancellable_new ();
  show_working (self, TRUE);
  satchel_session_run_async (self->session, &job, self->stop, checked_cb, g_object_ref (self));
}

static void
stop_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_cancellable_cancel (SATCHEL_ITEM_PAGE (widget)->stop);
}

/* --- Ways on --- */

static void
look_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelItemPage *self = SATCHEL_ITEM_PAGE (widget);

  if (self->item != NULL && self->item->received->item != NULL)
    satchel_evidence_window_present (widget, self->session, self->item->received->item);
}

static void
copy_sha256_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelItemPage *self = SATCHEL_ITEM_PAGE (widget);

  if (self->item == NULL || self->item->received->entry == NULL)
    return;
  g_autofree char *sha256 = satchel_hex_encode (self->item->received->entry->sha256, 32);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), sha256);
  satchel_window_say (widget, _ ("SHA-256 copied"));
}

/* --- The widget --- */

/* The job that checks holds the page: it would not be disposed of before the end of it. */
static void
satchel_item_page_unroot (GtkWidget *widget)
{
  g_cancellable_cancel (SATCHEL_ITEM_PAGE (widget)->stop);
  GTK_WIDGET_CLASS (satchel_item_page_parent_class)->unroot (widget);
}

static void
satchel_item_page_dispose (GObject *object)
{
  SatchelItemPage *self = SATCHEL_ITEM_PAGE (object);

  g_clear_object (&self->stop);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (satchel_item_page_parent_class)->dispose (object);
}

static void
satchel_item_page_finalize (GObject *object)
{
  satchel_item_free (SATCHEL_ITEM_PAGE (object)->item);
  G_OBJECT_CLASS (satchel_item_page_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, SatchelItemPage, pane);
  gtk_widget_class_bind_template_child (klass, SatchelItemPage, states);
  gtk_widget_class_bind_template_child (klass, SatchelItemPage, failed);
  gtk_widget_class_bind_template_child (klass, SatchelItemPage, verdict);
  gtk_widget_class_bind_template_child (klass, SatchelItemPage, verdict_icon);
  gtk_widget_class_bind_template_child (klass, SatchelItemPage, finding);
  gtk_widget_class_bind_template_child (klass, SatchelItemPage, working);
  gtk_widget_class_bind_template_child (klass, SatchelItemPage, progress);
  gtk_widget_class_bind_template_child (klass, SatchelItemPage, findings);
  gtk_widget_class_bind_template_child (klass, SatchelItemPage, ways);
  gtk_widget_class_bind_template_child (klass, SatchelItemPage, report);
  gtk_widget_class_bind_template_child (klass, SatchelItemPage, look);
  gtk_widget_class_bind_template_child (klass, SatchelItemPage, signer);
  gtk_widget_class_bind_template_child (klass, SatchelItemPage, sealed);
  gtk_widget_class_bind_template_child (klass, SatchelItemPage, received);
  gtk_widget_class_bind_template_child (klass, SatchelItemPage, sha256);
  gtk_widget_class_bind_template_child (klass, SatchelItemPage, custody);
  gtk_widget_class_bind_template_child (klass, SatchelItemPage, chain);
}

static void
satchel_item_page_class_init (SatchelItemPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_PANE);
  g_type_ensure (SATCHEL_TYPE_CUSTODY_CHAIN);
  g_type_ensure (SATCHEL_TYPE_VERDICT_GROUP);
  G_OBJECT_CLASS (klass)->dispose = satchel_item_page_dispose;
  widget_class->unroot = satchel_item_page_unroot;
  G_OBJECT_CLASS (klass)->finalize = satchel_item_page_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/satchel/Satchel/legal/satchel-item-page.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "item.check", NULL, check_action);
  gtk_widget_class_install_action (widget_class, "item.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "item.look", NULL, look_action);
  gtk_widget_class_install_action (widget_class, "item.copy-sha256", NULL, copy_sha256_action);
}

static void
satchel_item_page_init (SatchelItemPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  satchel_widget_call_lists (GTK_WIDGET (self), _ ("Received Item"));
}

GtkWidget *
satchel_item_page_new (SatchelSession *session, gint64 key)
{
  SatchelItemPage *self = g_object_new (SATCHEL_TYPE_ITEM_PAGE, NULL);

  self->session = g_object_ref (session);
  self->key = key;
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  load (self);
  return GTK_WIDGET (self);
}
