/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/satchel-report-page.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"
#include "evidence/satchel-evidence-strip.h"
#include "form/satchel-form.h"
#include "report/satchel-report-job.h"
#include "report/satchel-report-past.h"
#include "report/satchel-report-view.h"
#include "sealing/satchel-seal-window.h"
#include "shared/satchel-dialog.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"
#include "shell/satchel-pane.h"
#include "shell/satchel-shell.h"
#include "window/satchel-window.h"

#define PAUSE_MS 1000 /* in typing, after which a draft is kept */

struct _SatchelReportPage {
  AdwBin parent_instance;

  /* Template children */
  SatchelPane *pane;
  GtkWidget *save_button;
  GtkWidget *send_button;
  GtkWidget *answer_button;
  GtkStack *states;
  AdwStatusPage *failed;
  GtkWidget *discard_draft;
  GtkWidget *amendment;
  GtkEditable *reason;
  AdwBin *content;
  AdwBin *evidence;
  SatchelReportPast *past;

  /* Owned */
  SatchelSession *session;
  SatchelReport *report; /* NULL before it is loaded, and for a new one */
  const SatchelKind *kind;
  char *record_id;   /* NULL: never saved */
  char *answered_id; /* of a new one: the report that it answers; nullable */
  char *draft_id;

  SatchelEvidenceStrip *strip; /* borrowed */
  SatchelForm *form;           /* borrowed; NULL while loading, and for what is only read */
  guint changes;               /* rises with every change */
  guint saved;                 /* of them, by the last revision */
  guint kept;                  /* of them, by the last draft or revision */
  guint asked;                 /* of them, by the last draft that is being kept */
  guint pause_source;
  gboolean is_draft_asked; /* a draft is what is loaded, by its id */
  gboolean is_saving;
  gboolean is_sending; /* as soon as it is saved */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelReportPage, satchel_report_page, ADW_TYPE_BIN)
// clang-format on

/* A job's callback: the page, and which changes the job was about. */
typedef struct {
  SatchelReportPage *page;
  guint changes;
} Asked;

static Asked *
asked_new (SatchelReportPage *page)
{
  Asked *self = g_new0 (Asked, 1);

  self->page = g_object_ref (page);
  self->changes = page->changes;
  return self;
}

static void
asked_free (Asked *self)
{
  g_object_unref (self->page);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asked, asked_free)

static gboolean
is_final (SatchelReportPage *self)
{
  return self->report != NULL && self->report->record != NULL && self->report->record->is_final;
}

static gboolean
is_received (SatchelReportPage *self)
{
  return self->report != NULL && self->report->record != NULL &&
         self->report->record->sender != NULL;
}

/* --- What the header says --- */

static char *
dup_state (SatchelReportPage *self)
{
  if (self->changes != self->saved)
    return g_strdup (self->changes == self->kept ? _ ("Not saved · draft kept")
                                                 : _ ("Not saved"));
  if (self->record_id == NULL)
    return g_strdup (_ ("New"));
  if (is_received (self))
    return g_strdup (_ ("Received"));
  if (is_final (self))
    return g_strdup (_ ("Sealed"));
  if (self->report == NULL || self->report->record == NULL)
    return g_strdup (_ ("Saved"));
  g_autofree char *moment = satchel_words_moment (self->report->record->changed_us);
  /* Translators: %s is a moment, as "today, 14:05". */
  return g_strdup_printf (_ ("Saved %s"), moment);
}

static void
allow (SatchelReportPage *self, gboolean is_changed, gboolean is_saved)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "report.save", is_changed);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "report.discard", is_changed);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "report.answer", is_received (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "report.send", is_changed || is_saved);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "report.erase", is_saved);
}

static void
show_header (SatchelReportPage *self)
{
  g_autofree char *state = dup_state (self);

  if (self->kind == NULL)
    return;
  satchel_pane_set_title (self->pane,
                          satchel_label_get (self->kind->label, satchel_words_language ()));
  satchel_pane_set_subtitle (self->pane, state);
  gtk_widget_set_visible (self->save_button, self->form != NULL);
  allow (self, self->changes != self->saved, self->record_id != NULL);
  gtk_widget_set_visible (self->send_button, self->form != NULL);
  gtk_widget_set_visible (self->answer_button, is_received (self));
}

/* --- Keeping drafts --- */

static void
kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asked) asked = user_data;
  SatchelReportPage *self = asked->page;
  g_autoptr (GError) error = NULL;

  if (satchel_session_run_finish (SATCHEL_SESSION (source), result, &error) != NULL)
    self->kept = MAX (self->kept, asked->changes);
  else
    self->asked = self->kept;
  satchel_window_say_error (GTK_WIDGET (self), error);
  show_header (self);
}

static char *
dup_title (SatchelReportPage *self)
{
  g_autoptr (JsonObject) values = satchel_form_dup_values (self->form);

  return satchel_words_title (self->kind, values);
}

static void
keep (SatchelReportPage *self)
{
  SatchelSessionJob job;

  g_clear_handle_id (&self->pause_source, g_source_remove);
  if (self->record_id == NULL && satchel_form_is_empty (self->form)) {
    job = satchel_report_discard_job (self->draft_id);
  } else {
    SatchelDraft *draft = g_new0 (SatchelDraft, 1);
    draft->id = g_strdup (self->draft_id);
    draft->record_id = g_strdup (self->record_id);
    draft->kind = g_strdup (self->kind->id);
    draft->title = dup_title (self);
    draft->content = satchel_form_dup_draft (self->form);
    job = satchel_report_keep_job (draft);
  }
  self->asked = self->changes;
  satchel_session_run_async (self->session, &job, NULL, kept_cb, asked_new (self));
}

static void
keep_if_changed (SatchelReportPage *self)
{
  if (self->form != NULL && self->changes != self->kept && self->changes != self->asked)
    keep (self);
}

static gboolean
pause_cb (gpointer user_data)
{
  SatchelReportPage *self = user_data;

  self->pause_source = 0;
  keep_if_changed (self);
  return G_SOURCE_REMOVE;
}

static void
changed_cb (SatchelReportPage *self)
{
  self->changes++;
  g_clear_handle_id (&self->pause_source, g_source_remove);
  self->pause_source = g_timeout_add (PAUSE_MS, pause_cb, self);
  show_header (self);
}

static void
reason_changed_cb (SatchelReportPage *self)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self->reason), "error");
}

/* --- Showing --- */

static void
show_past (SatchelReportPage *self)
{
  satchel_report_past_show (self->past, self->report);
  gtk_widget_set_visible (self->amendment, is_final (self) && !is_received (self));
}

static void
make_form (SatchelReportPage *self)
{
  self->form = satchel_form_new (self->kind, self->session);
  adw_bin_set_child (self->content, GTK_WIDGET (self->form));
  g_signal_connect_object (self->form, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static gboolean save (SatchelReportPage *self);

/* Evidence belongs to a record: a new one is saved first, as far as it is written. */
static void
record_needed_cb (SatchelReportPage *self)
{
  if (!save (self))
    satchel_evidence_strip_give_up (self->strip);
}

static void
make_strip (SatchelReportPage *self)
{
  self->strip = satchel_evidence_strip_new (self->session, !is_received (self));
  g_signal_connect_object (self->strip, "record-needed", G_CALLBACK (record_needed_cb), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (self->evidence, GTK_WIDGET (self->strip));
  if (self->record_id != NULL)
    satchel_evidence_strip_set_record (self->strip, self->record_id);
}

static JsonObject *
saved_values (SatchelReportPage *self)
{
  return self->report != NULL && self->report->record != NULL ? self->report->record->values : NULL;
}

/* What a new one begins with. */
static JsonObject *
make_values (SatchelReportPage *self)
{
  JsonObject *values = satchel_fields_new (self->kind);
  SatchelWhen now = satchel_when_now ();

  if (self->answered_id != NULL)
    satchel_fields_set (self->kind, values, "links.0.record", self->answered_id,
                        now.offset_minutes, NULL);
  return values;
}

static void
show_saved (SatchelReportPage *self)
{
  g_autoptr (JsonObject) fresh = make_values (self);
  JsonObject *saved = saved_values (self);

  satchel_form_show (self->form, saved != NULL ? saved : fresh, saved);
  self->saved = self->kept = self->asked = ++self->changes;
}

/* What was saved since a draft was begun is not in it. */
static void
say_if_overtaken (SatchelReportPage *self, const SatchelDraft *draft)
{
  const SatchelRecord *record = self->report->record;

  if (record != NULL && draft->revision != record->revision)
    satchel_window_say (
        GTK_WIDGET (self),
        _ ("This draft began before the last save and would undo it: see the history."));
}

/* A draft that cannot be read any more is not shown; it stays until something is typed. */
static void
show_draft (SatchelReportPage *self, const SatchelDraft *draft)
{
  g_autoptr (GError) error = NULL;

  g_free (self->draft_id);
  self->draft_id = g_strdup (draft->id);
  show_saved (self);
  if (!satchel_form_show_draft (self->form, draft->content, saved_values (self), &error)) {
    satchel_window_say_error (GTK_WIDGET (self), error);
    return;
  }
  self->kept = self->asked = ++self->changes;
  say_if_overtaken (self, draft);
}

static void
show_report (SatchelReportPage *self)
{
  const SatchelReport *report = self->report;

  if (is_received (self)) {
    adw_bin_set_child (self->content, satchel_report_view_new (self->kind, saved_values (self)));
  } else {
    make_form (self);
    if (report != NULL && report->draft != NULL)
      show_draft (self, report->draft);
    else
      show_saved (self);
    if (report != NULL)
      satchel_window_say_error (GTK_WIDGET (self), report->draft_error);
  }
  make_strip (self);
  show_past (self);
  show_header (self);
  gtk_stack_set_visible_child_name (self->states, "report");
}

/* A draft that no form can read would stand in the list for ever: it can be discarded here. */
static void
show_failure (SatchelReportPage *self, const GError *error)
{
  gboolean is_damaged =
      g_error_matches (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_DAMAGED);
  gboolean is_unknown =
      g_error_matches (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NO_SUCH_KIND);

  if (self->is_draft_asked)
    adw_status_page_set_title (self->failed, _ ("This draft cannot be shown"));
  if (self->is_draft_asked && is_damaged)
    adw_status_page_set_description (
        self->failed, _ ("What was written and not saved is damaged, and cannot be read any more. "
                         "Reports that were saved are kept apart from it."));
  else
    satchel_widget_explain (self->failed, error);
  gtk_widget_set_visible (self->discard_draft, self->is_draft_asked && (is_damaged || is_unknown));
  gtk_stack_set_visible_child_name (self->states, "failed");
}

/* What is loaded again after a save leaves the form alone: somebody may be typing. */
static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelReportPage) self = user_data;
  g_autoptr (GError) error = NULL;
  SatchelReport *report = satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (report == NULL) {
    show_failure (self, error);
    return;
  }
  g_clear_pointer (&self->report, satchel_report_free);
  self->report = report;
  self->kind = report->kind;
  g_free (self->record_id);
  self->record_id = report->record != NULL ? g_strdup (report->record->id) : NULL;
  if (self->form == NULL) {
    show_report (self);
  } else {
    show_past (self);
    show_header (self);
  }
}

static void
load (SatchelReportPage *self, const char *record_id, const char *draft_id)
{
  SatchelSessionJob job = satchel_report_load_job (record_id, draft_id);

  satchel_session_run_async (self->session, &job, NULL, loaded_cb, g_object_ref (self));
}

/* --- Saving --- */

static gboolean save (SatchelReportPage *self);

static void
send_if_asked (SatchelReportPage *self)
{
  if (self->is_sending && gtk_widget_get_root (GTK_WIDGET (self)) != NULL)
    satchel_seal_window_present (GTK_WIDGET (self), self->session, self->record_id);
  self->is_sending = FALSE;
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asked) asked = user_data;
  SatchelReportPage *self = asked->page;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  self->is_saving = FALSE;
  if (self->form == NULL)
    return;
  if (id == NULL) {
    satchel_window_say_error (GTK_WIDGET (self), error);
    satchel_evidence_strip_give_up (self->strip);
    self->is_sending = FALSE;
    return;
  }
  g_free (self->record_id);
  self->record_id = g_strdup (id);
  satchel_evidence_strip_set_record (self->strip, id);
  self->saved = asked->changes;
  self->kept = MAX (self->kept, asked->changes);
  /* The draft went with the save: what was kept since is kept anew, as a change to the report. */
  if (self->changes != self->saved)
    keep (self);
  else
    gtk_editable_set_text (self->reason, "");
  satchel_window_say (GTK_WIDGET (self), _ ("Saved"));
  show_header (self);
  /* What was typed meanwhile belongs to what is sent. */
  if (!self->is_sending || self->changes == self->saved)
    send_if_asked (self);
  else if (!save (self))
    self->is_sending = FALSE;
  load (self, id, NULL);
}

/* FALSE where nothing is under way: something was in the way, and was said. */
static gboolean
save (SatchelReportPage *self)
{
  const char *reason = gtk_editable_get_text (self->reason);

  /* One at a time: two would be two reports. */
  if (self->is_saving)
    return TRUE;
  if (!satchel_form_check (self->form, SATCHEL_FIELDS_DRAFT)) {
    satchel_window_say (GTK_WIDGET (self),
                        _ ("Not saved: an answer cannot be kept like this. It is marked."));
    return FALSE;
  }
  if (is_final (self) && *reason == '\0') {
    gtk_widget_add_css_class (GTK_WIDGET (self->reason), "error");
    gtk_widget_grab_focus (GTK_WIDGET (self->reason));
    satchel_window_say (GTK_WIDGET (self), _ ("Not saved: say why you change what was sealed."));
    return FALSE;
  }
  g_clear_handle_id (&self->pause_source, g_source_remove);
  SatchelSessionJob job =
      satchel_report_save_job (self->record_id, self->kind, satchel_form_dup_values (self->form),
                               is_final (self) ? reason : NULL, self->draft_id);
  self->is_saving = TRUE;
  satchel_session_run_async (self->session, &job, NULL, saved_cb, asked_new (self));
  return TRUE;
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelReportPage *self = SATCHEL_REPORT_PAGE (widget);

  if (self->form != NULL)
    save (self);
}

/* What is not saved yet is saved first: only a revision can be sealed. */
static void
send_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelReportPage *self = SATCHEL_REPORT_PAGE (widget);

  if (self->form == NULL)
    return;
  if (satchel_evidence_strip_asks_to_stop (self->strip))
    return;
  self->is_sending = TRUE;
  if (self->changes == self->saved)
    send_if_asked (self);
  else if (!save (self))
    self->is_sending = FALSE;
}

static void
answer_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "record.answer", "s",
                              SATCHEL_REPORT_PAGE (widget)->record_id);
}

/* --- Asking --- */

/* For what cannot be undone. @answered: (page, response); anything but @response keeps. */
static void
ask (SatchelReportPage *self,
     const char *heading,
     const char *body,
     const char *response,
     const char *label,
     GCallback answered)
{
  GtkWidget *dialog = adw_message_dialog_new (NULL, heading, body);
  AdwMessageDialog *message = ADW_MESSAGE_DIALOG (dialog);

  adw_message_dialog_add_response (message, "keep", _ ("_Keep"));
  adw_message_dialog_add_response (message, response, label);
  adw_message_dialog_set_response_appearance (message, response, ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (message, "keep");
  adw_message_dialog_set_close_response (message, "keep");
  g_signal_connect_object (dialog, "response", answered, self, G_CONNECT_SWAPPED);
  satchel_dialog_join (GTK_WINDOW (dialog), GTK_WIDGET (self), self->session);
  satchel_dialog_present (message);
}

/* --- Discarding --- */

static void
undo_cb (SatchelReportPage *self, AdwToast *toast)
{
  const char *draft = g_object_get_data (G_OBJECT (toast), "draft");

  if (self->form == NULL ||
      !satchel_form_show_draft (self->form, draft, saved_values (self), NULL))
    return;
  self->changes++;
  keep (self);
  show_header (self);
}

static void
discard_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelReportPage *self = SATCHEL_REPORT_PAGE (widget);
  SatchelSessionJob job = satchel_report_discard_job (self->draft_id);
  char *draft = satchel_form_dup_draft (self->form);

  g_clear_handle_id (&self->pause_source, g_source_remove);
  show_saved (self);
  satchel_session_run_async (self->session, &job, NULL, kept_cb, asked_new (self));
  AdwToast *toast = satchel_window_offer (widget, _ ("Changes discarded"), _ ("_Undo"),
                                          G_CALLBACK (undo_cb), G_OBJECT (self));
  g_object_set_data_full (G_OBJECT (toast), "draft", draft, g_free);
  show_header (self);
}

static void
draft_discarded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelReportPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (satchel_session_run_finish (SATCHEL_SESSION (source), result, &error) == NULL) {
    satchel_window_say_error (GTK_WIDGET (self), error);
    return;
  }
  satchel_window_say (GTK_WIDGET (self), _ ("Draft discarded"));
  satchel_shell_present (GTK_WIDGET (self), NULL);
}

static void
discard_answered_cb (SatchelReportPage *self, const char *response)
{
  if (!g_str_equal (response, "discard"))
    return;
  SatchelSessionJob job = satchel_report_discard_job (self->draft_id);
  satchel_session_run_async (self->session, &job, NULL, draft_discarded_cb, g_object_ref (self));
}

static void
discard_draft_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ask (SATCHEL_REPORT_PAGE (widget),
       _ ("Discard this draft?"),
       _ ("It is gone for good. There is no way to read it here; a backup of the vault may have it "
          "as it was before."),
       "discard", _ ("_Discard"), G_CALLBACK (discard_answered_cb));
}

/* --- Erasing --- */

static void
erased_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelReportPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (satchel_session_run_finish (SATCHEL_SESSION (source), result, &error) == NULL) {
    satchel_window_say_error (GTK_WIDGET (self), error);
    return;
  }
  /* Nothing of it is to come back as a draft. */
  self->kept = self->asked = self->saved = self->changes;
  satchel_window_say (GTK_WIDGET (self), _ ("Erased"));
  satchel_shell_present (GTK_WIDGET (self), NULL);
}

static void
erase_answered_cb (SatchelReportPage *self, const char *response)
{
  if (!g_str_equal (response, "erase") || self->record_id == NULL)
    return;
  g_clear_handle_id (&self->pause_source, g_source_remove);
  SatchelSessionJob job = satchel_report_erase_job (self->record_id);
  satchel_session_run_async (self->session, &job, NULL, erased_cb, g_object_ref (self));
}

static void
erase_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (satchel_evidence_strip_asks_to_stop (SATCHEL_REPORT_PAGE (widget)->strip))
    return;
  ask (SATCHEL_REPORT_PAGE (widget),
       _ ("Erase this report?"),
       _ ("Its text, its history and its evidence are gone from this computer for good. What was "
          "sent already stays with who received it."),
       "erase", _ ("_Erase"), G_CALLBACK (erase_answered_cb));
}

/* --- The widget --- */

static gboolean
focus_form_cb (gpointer user_data)
{
  SatchelReportPage *self = user_data;

  if (self->form != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    satchel_form_focus (self->form);
  return G_SOURCE_REMOVE;
}

static void
satchel_report_page_map (GtkWidget *widget)
{
  SatchelReportPage *self = SATCHEL_REPORT_PAGE (widget);

  GTK_WIDGET_CLASS (satchel_report_page_parent_class)->map (widget);
  /* A new one is there to be typed into; one that is looked at is not. */
  if (self->record_id == NULL && self->form != NULL)
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, focus_form_cb, g_object_ref (self), g_object_unref);
}

static void
satchel_report_page_unroot (GtkWidget *widget)
{
  keep_if_changed (SATCHEL_REPORT_PAGE (widget));
  GTK_WIDGET_CLASS (satchel_report_page_parent_class)->unroot (widget);
}

static void
satchel_report_page_dispose (GObject *object)
{
  SatchelReportPage *self = SATCHEL_REPORT_PAGE (object);

  g_clear_handle_id (&self->pause_source, g_source_remove);
  g_clear_object (&self->session);
  g_clear_pointer (&self->report, satchel_report_free);
  self->form = NULL;
  self->strip = NULL;
  G_OBJECT_CLASS (satchel_report_page_parent_class)->dispose (object);
}

static void
satchel_report_page_finalize (GObject *object)
{
  SatchelReportPage *self = SATCHEL_REPORT_PAGE (object);

  g_free (self->record_id);
  g_free (self->answered_id);
  g_free (self->draft_id);
  G_OBJECT_CLASS (satchel_report_page_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, SatchelReportPage, pane);
  gtk_widget_class_bind_template_child (klass, SatchelReportPage, save_button);
  gtk_widget_class_bind_template_child (klass, SatchelReportPage, send_button);
  gtk_widget_class_bind_template_child (klass, SatchelReportPage, answer_button);
  gtk_widget_class_bind_template_child (klass, SatchelReportPage, states);
  gtk_widget_class_bind_template_child (klass, SatchelReportPage, failed);
  gtk_widget_class_bind_template_child (klass, SatchelReportPage, discard_draft);
  gtk_widget_class_bind_template_child (klass, SatchelReportPage, amendment);
  gtk_widget_class_bind_template_child (klass, SatchelReportPage, reason);
  gtk_widget_class_bind_template_child (klass, SatchelReportPage, content);
  gtk_widget_class_bind_template_child (klass, SatchelReportPage, evidence);
  gtk_widget_class_bind_template_child (klass, SatchelReportPage, past);
}

static void
satchel_report_page_class_init (SatchelReportPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_PANE);
  g_type_ensure (SATCHEL_TYPE_REPORT_PAST);
  G_OBJECT_CLASS (klass)->dispose = satchel_report_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_report_page_finalize;
  widget_class->map = satchel_report_page_map;
  widget_class->unroot = satchel_report_page_unroot;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/report/satchel-report-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, reason_changed_cb);
  gtk_widget_class_install_action (widget_class, "report.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "report.answer", NULL, answer_action);
  gtk_widget_class_install_action (widget_class, "report.send", NULL, send_action);
  gtk_widget_class_install_action (widget_class, "report.discard", NULL, discard_action);
  gtk_widget_class_install_action (widget_class, "report.discard-draft", NULL,
                                   discard_draft_action);
  gtk_widget_class_install_action (widget_class, "report.erase", NULL, erase_action);
}

static void
satchel_report_page_init (SatchelReportPage *self)
{
  self->draft_id = satchel_random_id ();
  gtk_widget_init_template (GTK_WIDGET (self));
  allow (self, FALSE, FALSE);
}

static SatchelReportPage *
page_new (SatchelSession *session)
{
  SatchelReportPage *self = g_object_new (SATCHEL_TYPE_REPORT_PAGE, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "locking", G_CALLBACK (keep_if_changed), self,
                           G_CONNECT_SWAPPED);
  return self;
}

GtkWidget *
satchel_report_page_new (SatchelSession *session, const SatchelKind *kind)
{
  SatchelReportPage *self = page_new (session);

  self->kind = kind;
  show_report (self);
  return GTK_WIDGET (self);
}

GtkWidget *
satchel_report_page_new_for_answer (SatchelSession *session, const char *record_id)
{
  SatchelReportPage *self = page_new (session);

  self->kind = satchel_kinds_find (satchel_kinds_get_builtin (), "note", NULL);
  self->answered_id = g_strdup (record_id);
  show_report (self);
  return GTK_WIDGET (self);
}

GtkWidget *
satchel_report_page_new_for_record (SatchelSession *session, const char *record_id)
{
  SatchelReportPage *self = page_new (session);

  load (self, record_id, NULL);
  return GTK_WIDGET (self);
}

GtkWidget *
satchel_report_page_new_for_draft (SatchelSession *session, const char *draft_id)
{
  SatchelReportPage *self = page_new (session);

  g_free (self->draft_id);
  self->draft_id = g_strdup (draft_id);
  self->is_draft_asked = TRUE;
  load (self, NULL, draft_id);
  return GTK_WIDGET (self);
}
