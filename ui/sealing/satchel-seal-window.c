/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sealing/satchel-seal-window.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"
#include "papers/satchel-card.h"
#include "shared/satchel-name-warning.h"
#include "sealing/satchel-place-search.h"
#include "sealing/satchel-seal-job.h"
#include "shared/satchel-dialog.h"
#include "shared/satchel-error-text.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"
#include "window/satchel-window.h"

struct _SatchelSealWindow {
  AdwWindow parent_instance;

  /* Template children */
  GtkStack *states;
  AdwStatusPage *failed;
  GtkWidget *seal_button;
  GtkProgressBar *progress;
  AdwPreferencesGroup *items;
  AdwPreferencesGroup *recipients;
  AdwPreferencesGroup *warnings;

  /* Owned */
  SatchelSession *session;
  SatchelSealReview *review;
  SatchelPlaceSearch *search;  /* for places in all items, chosen or not */
  GPtrArray *place_warnings;   /* of SatchelPlaceWarning: what is said of it now */
  GPtrArray *item_checks;      /* of GtkCheckButton, borrowed, beside review->items */
  GPtrArray *recipient_checks; /* of GtkCheckButton, borrowed, beside review->recipients */
  GPtrArray *warning_rows;     /* of GtkWidget, borrowed */
  GCancellable *stop;
  GtkWidget *asker; /* weak: told what became of it */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelSealWindow, satchel_seal_window, ADW_TYPE_WINDOW)
// clang-format on

/* --- What was chosen --- */

static gboolean
is_checked (GPtrArray *checks, guint i)
{
  return gtk_check_button_get_active (checks->pdata[i]);
}

static guint
count_checked (GPtrArray *checks)
{
  guint count = 0;

  for (guint i = 0; i < checks->len; i++)
    count += is_checked (checks, i);
  return count;
}

static GtkWidget *
make_row (const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle != NULL ? subtitle : "");
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  return row;
}

/* --- What to think of, as it is chosen now --- */

static void
add_warning (SatchelSealWindow *self, const char *icon, const char *title, const char *subtitle)
{
  GtkWidget *row = make_row (title, subtitle);

  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name (icon));
  adw_preferences_group_add (self->warnings, row);
  g_ptr_array_add (self->warning_rows, row);
}

static void
clear_warnings (SatchelSealWindow *self)
{
  for (guint i = 0; i < self->warning_rows->len; i++)
    adw_preferences_group_remove (self->warnings, self->warning_rows->pdata[i]);
  g_ptr_array_set_size (self->warning_rows, 0);
}

/* Of what is chosen now; NULL for none. */
static SatchelNameWarning *
make_name_warning (SatchelSealWindow *self)
{
  g_autoptr (GPtrArray) unshared = g_ptr_array_new ();

  for (guint i = 0; i < self->review->items->len; i++) {
    const SatchelSealItem *item = self->review->items->pdata[i];
    if (is_checked (self->item_checks, i))
      g_ptr_array_extend (unshared, item->unshared, NULL, NULL);
  }
  return satchel_name_warning_new (unshared);
}

/* Of what is chosen now. */
static GPtrArray *
list_place_warnings (SatchelSealWindow *self)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new ();

  for (guint i = 0; i < self->review->items->len; i++) {
    const SatchelSealItem *item = self->review->items->pdata[i];
    if (is_checked (self->item_checks, i))
      g_ptr_array_extend (files, item->media, NULL, NULL);
  }
  return satchel_place_list_warnings (files);
}

static void
warn_of_places (SatchelSealWindow *self)
{
  g_clear_pointer (&self->place_warnings, g_ptr_array_unref);
  self->place_warnings = list_place_warnings (self);
  for (guint i = 0; i < self->place_warnings->len; i++) {
    const SatchelPlaceWarning *warning = self->place_warnings->pdata[i];
    add_warning (self, "mark-location-symbolic", warning->title, warning->words);
  }
}

static gboolean
is_same_warning (const SatchelPlaceWarning *first, const SatchelPlaceWarning *second)
{
  return g_str_equal (first->title, second->title) && g_str_equal (first->words, second->words);
}

static void
show_warnings (SatchelSealWindow *self)
{
  g_autoptr (SatchelNameWarning) names = make_name_warning (self);

  clear_warnings (self);
  if (names != NULL)
    add_warning (self, "dialog-warning-symbolic", names->title, names->words);
  for (guint i = 0; i < self->review->items->len; i++) {
    const SatchelSealItem *item = self->review->items->pdata[i];
    if (!is_checked (self->item_checks, i) || item->unanswered == NULL)
      continue;
    /* Translators: %s is the title of a report. */
    g_autofree char *title =
        g_strdup_printf (_ ("Not everything is answered in “%s”"), item->title);
    add_warning (self, "dialog-question-symbolic", title, item->unanswered);
  }
  warn_of_places (self);
  add_warning (self, "changes-prevent-symbolic", _ ("What is sealed stays as it is"),
               _ ("You can still add to it, with a reason. It stays here until you erase it."));
}

/* Rows that would say the same are left alone: somebody may be at them. */
static void
searched_cb (SatchelSealWindow *self)
{
  g_autoptr (GPtrArray) warnings = list_place_warnings (self);
  gboolean is_same = warnings->len == self->place_warnings->len;

  for (guint i = 0; is_same && i < warnings->len; i++)
    is_same = is_same_warning (warnings->pdata[i], self->place_warnings->pdata[i]);
  if (!is_same)
    show_warnings (self);
}

static char *
dup_sum (guint reports, guint64 size_bytes)
{
  g_autofree char *size = satchel_words_size (size_bytes);

  if (size_bytes == 0)
    return g_strdup_printf (ngettext ("%u report", "%u reports", reports), reports);
  /* Translators: number of reports, and the size of the files with them. */
  return g_strdup_printf (
      ngettext ("%u report, %s of evidence", "%u reports, %s of evidence", reports), reports, size);
}

static void
show_choice (SatchelSealWindow *self)
{
  guint reports = count_checked (self->item_checks);
  guint people = count_checked (self->recipient_checks);
  guint64 size_bytes = 0;

  for (guint i = 0; i < self->review->items->len; i++)
    if (is_checked (self->item_checks, i))
      size_bytes += ((const SatchelSealItem *) self->review->items->pdata[i])->evidence_bytes;
  g_autofree char *sum = dup_sum (reports, size_bytes);
  adw_preferences_group_set_description (self->items, sum);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "seal.seal", reports > 0 && people > 0);
  show_warnings (self);
}

/* --- The review --- */

static void
add_check (SatchelSealWindow *self,
           GPtrArray *checks,
           AdwPreferencesGroup *group,
           GtkWidget *row,
           gboolean is_on)
{
  GtkWidget *check = gtk_check_button_new ();

  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), is_on);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  g_ptr_array_add (checks, check);
  adw_preferences_group_add (group, row);
  g_signal_connect_object (check, "toggled", G_CALLBACK (show_choice), self, G_CONNECT_SWAPPED);
}

/* The files belong to the review, which outlives the search. */
static void
look_for_places (SatchelSealWindow *self)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new ();

  for (guint i = 0; i < self->review->items->len; i++)
    g_ptr_array_extend (files, ((SatchelSealItem *) self->review->items->pdata[i])->media, NULL,
                        NULL);
  self->search = satchel_place_search_new (self->session, files);
  g_signal_connect_object (self->search, "changed", G_CALLBACK (searched_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
show_review (SatchelSealWindow *self)
{
  for (guint i = 0; i < self->review->items->len; i++) {
    const SatchelSealItem *item = self->review->items->pdata[i];
    add_check (self, self->item_checks, self->items, make_row (item->title, item->subtitle),
               i == 0);
  }
  for (guint i = 0; i < self->review->recipients->len; i++) {
    const SatchelCard *card = self->review->recipients->pdata[i];
    g_autofree char *name = satchel_text_for_display (card->name, SATCHEL_CARD_NAME_MAX);
    add_check (self, self->recipient_checks, self->recipients,
               make_row (name, satchel_words_role (card->role)), TRUE);
  }
  g_autofree char *newsroom =
      satchel_text_for_display (self->review->newsroom, SATCHEL_CARD_NAME_MAX);
  /* Translators: %s is a newsroom's name. */
  g_autofree char *members = g_strdup_printf (_ ("At %s, and nobody else"), newsroom);
  adw_preferences_group_set_description (self->recipients,
                                         self->review->is_answer
                                             ? _ ("Who is answered, and nobody else")
                                             : members);
  show_choice (self);
  look_for_places (self);
  gtk_stack_set_visible_child_name (self->states, "review");
  gtk_widget_grab_focus (self->seal_button);
}

static void
show_failed (SatchelSealWindow *self, const GError *error)
{
  satchel_widget_explain (self->failed, error);
  gtk_stack_set_visible_child_name (self->states, "failed");
  gtk_widget_set_visible (self->seal_button, FALSE);
}

static void
reviewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelSealWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSealReview) review =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->session == NULL)
    return;
  self->review = g_steal_pointer (&review);
  if (self->review != NULL)
    show_review (self);
  else
    show_failed (self, error);
}

/* --- Sealing --- */

static GPtrArray *
list_ids (SatchelSealWindow *self)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < self->review->items->len; i++)
    if (is_checked (self->item_checks, i))
      g_ptr_array_add (ids,
                       g_strdup (((SatchelSealItem *) self->review->items->pdata[i])->id));
  return ids;
}

static GPtrArray *
list_cards (SatchelSealWindow *self)
{
  GPtrArray *cards = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_card_free);

  for (guint i = 0; i < self->review->recipients->len; i++)
    if (is_checked (self->recipient_checks, i))
      g_ptr_array_add (cards, satchel_card_copy (self->review->recipients->pdata[i]));
  return cards;
}

static void
progress_cb (guint64 done_bytes, guint64 total_bytes, gpointer user_data)
{
  SatchelSealWindow *self = user_data;

  if (total_bytes > 0)
    gtk_progress_bar_set_fraction (self->progress, (double) done_bytes / (double) total_bytes);
  else
    gtk_progress_bar_pulse (self->progress);
}

static void
show_outbox_cb (GtkWidget *asker)
{
  gtk_widget_activate_action (asker, "section.show", "s", "outbox");
}

static void
sealed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelSealWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  g_clear_object (&self->stop);
  if (self->session == NULL)
    return;
  if (id == NULL && !satchel_error_text_is_silent (error)) {
    show_failed (self, error);
    return;
  }
  if (id != NULL && self->asker != NULL)
    satchel_window_offer (self->asker, _ ("Sealed. The outbox says when it has left."),
                          _ ("_Outbox"), G_CALLBACK (show_outbox_cb), G_OBJECT (self->asker));
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
seal (SatchelSealWindow *self)
{
  g_autoptr (GPtrArray) ids = list_ids (self);
  g_autoptr (GPtrArray) cards = list_cards (self);
  SatchelSessionJob job =
      satchel_seal_job (ids, cards, (SatchelProgressReport){progress_cb, self});

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "seal.seal", FALSE);
  gtk_widget_set_visible (self->seal_button, FALSE);
  gtk_stack_set_visible_child_name (self->states, "sealing");
  self->stop = g_cancellable_new ();
  satchel_session_run_async (self->session, &job, self->stop, sealed_cb, g_object_ref (self));
}

/* Names that are not to be shared leave only when somebody says so. */
static void
seal_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelSealWindow *self = SATCHEL_SEAL_WINDOW (widget);
  g_autoptr (SatchelNameWarning) names = make_name_warning (self);

  if (names == NULL) {
    seal (self);
    return;
  }
  AdwMessageDialog *dialog =
      satchel_dialog_ask (widget, self->session, names->heading, names->question,
                          _ ("Seal Anyway"), ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_label (dialog, "cancel", _ ("Go Back"));
  g_signal_connect_object (dialog, "response::do", G_CALLBACK (seal), self, G_CONNECT_SWAPPED);
}

/* While it seals, the answer of the job closes the window: it may be done already. */
static void
cancel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelSealWindow *self = SATCHEL_SEAL_WINDOW (widget);

  if (self->stop != NULL)
    g_cancellable_cancel (self->stop);
  else
    gtk_window_destroy (GTK_WINDOW (self));
}

/* --- The widget --- */

/* However it is closed: what is being sealed is stopped, and the job's answer closes it. */
static gboolean
satchel_seal_window_close_request (GtkWindow *window)
{
  SatchelSealWindow *self = SATCHEL_SEAL_WINDOW (window);

  if (self->stop == NULL)
    return GTK_WINDOW_CLASS (satchel_seal_window_parent_class)->close_request (window);
  g_cancellable_cancel (self->stop);
  return TRUE;
}

static void
satchel_seal_window_dispose (GObject *object)
{
  SatchelSealWindow *self = SATCHEL_SEAL_WINDOW (object);

  if (self->stop != NULL)
    g_cancellable_cancel (self->stop);
  if (self->search != NULL)
    satchel_place_search_stop (self->search);
  g_clear_object (&self->search);
  g_clear_object (&self->session);
  g_clear_weak_pointer (&self->asker);
  g_clear_pointer (&self->review, satchel_seal_review_free);
  G_OBJECT_CLASS (satchel_seal_window_parent_class)->dispose (object);
}

static void
satchel_seal_window_finalize (GObject *object)
{
  SatchelSealWindow *self = SATCHEL_SEAL_WINDOW (object);

  g_clear_object (&self->stop);
  g_ptr_array_unref (self->item_checks);
  g_ptr_array_unref (self->recipient_checks);
  g_ptr_array_unref (self->warning_rows);
  g_clear_pointer (&self->place_warnings, g_ptr_array_unref);
  G_OBJECT_CLASS (satchel_seal_window_parent_class)->finalize (object);
}

static void
satchel_seal_window_class_init (SatchelSealWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = satchel_seal_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = satchel_seal_window_close_request;
  G_OBJECT_CLASS (klass)->finalize = satchel_seal_window_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/sealing/satchel-seal-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelSealWindow, states);
  gtk_widget_class_bind_template_child (widget_class, SatchelSealWindow, failed);
  gtk_widget_class_bind_template_child (widget_class, SatchelSealWindow, seal_button);
  gtk_widget_class_bind_template_child (widget_class, SatchelSealWindow, progress);
  gtk_widget_class_bind_template_child (widget_class, SatchelSealWindow, items);
  gtk_widget_class_bind_template_child (widget_class, SatchelSealWindow, recipients);
  gtk_widget_class_bind_template_child (widget_class, SatchelSealWindow, warnings);
  gtk_widget_class_install_action (widget_class, "seal.seal", NULL, seal_action);
  gtk_widget_class_install_action (widget_class, "seal.cancel", NULL, cancel_action);
}

static void
satchel_seal_window_init (SatchelSealWindow *self)
{
  self->item_checks = g_ptr_array_new ();
  self->recipient_checks = g_ptr_array_new ();
  self->warning_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "seal.seal", FALSE);
}

void
satchel_seal_window_present (GtkWidget *widget, SatchelSession *session, const char *record_id)
{
  SatchelSealWindow *self = g_object_new (SATCHEL_TYPE_SEAL_WINDOW, "transient-for",
                                          gtk_widget_get_root (widget), NULL);
  SatchelSessionJob job = satchel_seal_review_job (record_id);

  self->session = g_object_ref (session);
  g_set_weak_pointer (&self->asker, widget);
  g_signal_connect_object (session, "locking", G_CALLBACK (gtk_window_destroy), self,
                           G_CONNECT_SWAPPED);
  satchel_session_run_async (session, &job, NULL, reviewed_cb, g_object_ref (self));
  gtk_window_present (GTK_WINDOW (self));
}
