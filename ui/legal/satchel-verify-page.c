/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-verify-page.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"
#include "legal/satchel-item-job.h"
#include "legal/satchel-item-text.h"
#include "legal/satchel-verdict-group.h"
#include "shared/satchel-error-text.h"
#include "shared/satchel-widget.h"
#include "shell/satchel-pane.h"

#define PATH_SHOWN_MAX 500
#define PULSE_MS       150

struct _SatchelVerifyPage {
  AdwBin parent_instance;

  /* Template children */
  SatchelPane *pane;
  GtkStack *states;
  AdwStatusPage *failed;
  GtkProgressBar *progress;
  AdwActionRow *verdict;
  GtkImage *verdict_icon;
  AdwActionRow *path;
  AdwActionRow *signer;
  SatchelVerdictGroup *findings;

  /* Owned */
  SatchelSession *session;
  GCancellable *stop;
  guint pulse_source; /* until it is known how much there is to do */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelVerifyPage, satchel_verify_page, ADW_TYPE_BIN)
// clang-format on

static void
stop_pulse (SatchelVerifyPage *self)
{
  g_clear_handle_id (&self->pulse_source, g_source_remove);
}

static gboolean
pulse_cb (gpointer user_data)
{
  gtk_progress_bar_pulse (SATCHEL_VERIFY_PAGE (user_data)->progress);
  return G_SOURCE_CONTINUE;
}

static void
progress_cb (guint64 done_bytes, guint64 total_bytes, gpointer user_data)
{
  SatchelVerifyPage *self = user_data;

  if (total_bytes == 0)
    return;
  stop_pulse (self);
  gtk_progress_bar_set_fraction (self->progress, (double) done_bytes / (double) total_bytes);
}

static void
show (SatchelVerifyPage *self, const SatchelChecked *checked)
{
  const SatchelVerification *verification = checked->verification;
  g_autofree char *advice = satchel_item_text_dup_outcome_advice (verification);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->verdict),
                                 satchel_item_text_outcome (verification));
  adw_action_row_set_subtitle (self->verdict, advice);
  gtk_image_set_from_icon_name (self->verdict_icon, verification->holds ? "emblem-ok-symbolic"
                                                                        : "dialog-error-symbolic");
  gtk_widget_add_css_class (GTK_WIDGET (self->verdict_icon),
                            verification->holds ? "success" : "error");
  adw_action_row_set_subtitle (self->signer, checked->signer != NULL
                                                 ? checked->signer
                                                 : _ ("Nobody: the signature does not hold"));
  satchel_verdict_group_show (self->findings, verification);
  gtk_stack_set_visible_child_name (self->states, "item");
}

static void
verified_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelVerifyPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelChecked) checked =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->session == NULL)
    return;
  stop_pulse (self);
  if (checked != NULL) {
    show (self, checked);
    return;
  }
  g_autofree char *text = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
                              ? g_strdup (_ ("It was stopped before all of it was looked at."))
                              : satchel_error_text_dup_whole (error);
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  adw_status_page_set_description (self->failed, escaped);
  gtk_stack_set_visible_child_name (self->states, "failed");
}

static void
stop_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_cancellable_cancel (SATCHEL_VERIFY_PAGE (widget)->stop);
}

/* The job that runs holds the page: it would not be disposed of before the end of it. */
static void
satchel_verify_page_unroot (GtkWidget *widget)
{
  SatchelVerifyPage *self = SATCHEL_VERIFY_PAGE (widget);

  stop_pulse (self);
  g_cancellable_cancel (self->stop);
  GTK_WIDGET_CLASS (satchel_verify_page_parent_class)->unroot (widget);
}

static void
satchel_verify_page_dispose (GObject *object)
{
  SatchelVerifyPage *self = SATCHEL_VERIFY_PAGE (object);

  stop_pulse (self);
  g_clear_object (&self->stop);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (satchel_verify_page_parent_class)->dispose (object);
}

static void
satchel_verify_page_class_init (SatchelVerifyPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_PANE);
  g_type_ensure (SATCHEL_TYPE_VERDICT_GROUP);
  G_OBJECT_CLASS (klass)->dispose = satchel_verify_page_dispose;
  widget_class->unroot = satchel_verify_page_unroot;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/legal/satchel-verify-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelVerifyPage, pane);
  gtk_widget_class_bind_template_child (widget_class, SatchelVerifyPage, states);
  gtk_widget_class_bind_template_child (widget_class, SatchelVerifyPage, failed);
  gtk_widget_class_bind_template_child (widget_class, SatchelVerifyPage, progress);
  gtk_widget_class_bind_template_child (widget_class, SatchelVerifyPage, verdict);
  gtk_widget_class_bind_template_child (widget_class, SatchelVerifyPage, verdict_icon);
  gtk_widget_class_bind_template_child (widget_class, SatchelVerifyPage, path);
  gtk_widget_class_bind_template_child (widget_class, SatchelVerifyPage, signer);
  gtk_widget_class_bind_template_child (widget_class, SatchelVerifyPage, findings);
  gtk_widget_class_install_action (widget_class, "verify.stop", NULL, stop_action);
}

static void
satchel_verify_page_init (SatchelVerifyPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  satchel_widget_call_lists (GTK_WIDGET (self), _ ("Verification"));
}

GtkWidget *
satchel_verify_page_new (SatchelSession *session, const char *path)
{
  SatchelVerifyPage *self = g_object_new (SATCHEL_TYPE_VERIFY_PAGE, NULL);
  g_autofree char *shown = satchel_text_for_display (path, PATH_SHOWN_MAX);
  SatchelSessionJob job =
      satchel_item_verify_job (path, (SatchelProgressReport){progress_cb, self});

  self->session = g_object_ref (session);
  self->stop = g_cancellable_new ();
  self->pulse_source = g_timeout_add (PULSE_MS, pulse_cb, self);
  adw_action_row_set_subtitle (self->path, shown);
  satchel_session_run_async (session, &job, self->stop, verified_cb, g_object_ref (self));
  return GTK_WIDGET (self);
}
