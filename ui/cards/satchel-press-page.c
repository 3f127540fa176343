/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cards/satchel-press-page.h"

#include <glib/gi18n.h>

#include "cards/satchel-press-card.h"
#include "cards/satchel-press-job.h"
#include "cards/satchel-press-left.h"
#include "cards/satchel-press-validity.h"
#include "cards/satchel-press-window.h"
#include "evidence/satchel-evidence-job.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"
#include "shell/satchel-pane.h"
#include "viewer/satchel-viewer.h"
#include "window/satchel-window.h"

#define SCAN_SIDE_PX     1400 /* as it is decoded, for the whole screen */
#define SCAN_SHOWN_WIDTH 150

struct _SatchelPressPage {
  AdwBin parent_instance;

  /* Template children */
  SatchelPane *pane;
  GtkWidget *edit;
  GtkStack *states;
  AdwStatusPage *failed;
  GtkWidget *validity;
  GtkImage *validity_icon;
  GtkLabel *validity_text;
  AdwBin *card;
  GtkWidget *left_row;
  GtkSwitch *left;

  /* Owned */
  SatchelSession *session;
  SatchelPress *press; /* NULL before it is loaded */
  SatchelPressFace *face;
  SatchelViewer *viewer; /* nullable: while the scan is decoded */
  GdkTexture *scan;      /* nullable */
  char *record_id;

  GtkPicture *picture; /* borrowed; NULL where there is no scan */
  guint round;         /* rises with each loading, so that a late answer is known as one */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelPressPage, satchel_press_page, ADW_TYPE_BIN)
// clang-format on

static void left_cb (SatchelPressPage *self);

/* A callback's: the page, and which loading it was about. */
typedef struct {
  SatchelPressPage *page;
  guint round;
} Asked;

static Asked *
asked_new (SatchelPressPage *page)
{
  Asked *self = g_new0 (Asked, 1);

  self->page = g_object_ref (page);
  self->round = page->round;
  return self;
}

static void
asked_free (Asked *self)
{
  g_object_unref (self->page);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asked, asked_free)

static void
end_viewer (SatchelPressPage *self)
{
  if (self->viewer != NULL)
    satchel_viewer_close (self->viewer);
  g_clear_object (&self->viewer);
}

/* --- The card that is left readable --- */

/* Without words to anybody: the switch says what is, and asks for nothing. */
static void
set_left (SatchelPressPage *self, gboolean is_left)
{
  g_signal_handlers_block_by_func (self->left, left_cb, self);
  gtk_switch_set_active (self->left, is_left);
  g_signal_handlers_unblock_by_func (self->left, left_cb, self);
  gtk_widget_set_sensitive (self->left_row, TRUE);
}

static void
asked_left_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asked) asked = user_data;
  SatchelPressPage *self = asked->page;
  g_autoptr (GError) error = NULL;
  g_autofree char *answer =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (asked->round != self->round || self->session == NULL)
    return;
  if (answer == NULL)
    satchel_window_say_error (GTK_WIDGET (self), error);
  set_left (self, g_strcmp0 (answer, "yes") == 0);
}

/* A picture that could not be seen this time is no reason to leave the card without one. */
static void
ask_left (SatchelPressPage *self)
{
  gboolean is_whole = self->scan != NULL || self->press->scan_id == NULL;
  g_autoptr (GBytes) bytes = is_whole ? satchel_press_left_pack (self->face, self->scan) : NULL;
  SatchelSessionJob job = satchel_press_left_ask_job (self->record_id, bytes);

  satchel_session_run_async (self->session, &job, NULL, asked_left_cb, asked_new (self));
}

static void
set_left_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asked) asked = user_data;
  SatchelPressPage *self = asked->page;
  g_autoptr (GError) error = NULL;
  gboolean is_set =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error) != NULL;

  if (asked->round != self->round || self->session == NULL)
    return;
  if (!is_set) {
    satchel_window_say_error (GTK_WIDGET (self), error);
    ask_left (self);
  }
}

static void
left_cb (SatchelPressPage *self)
{
  gboolean is_left = gtk_switch_get_active (self->left);
  g_autoptr (GBytes) bytes = is_left ? satchel_press_left_pack (self->face, self->scan) : NULL;
  SatchelSessionJob job = satchel_press_left_set_job (self->record_id, bytes);

  satchel_session_run_async (self->session, &job, NULL, set_left_cb, asked_new (self));
}

/* A card is shown with its scan, or once it is certain that there is none to be seen. */
static void
set_ready (SatchelPressPage *self, gboolean is_ready)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "press.show", is_ready);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "press.lock-and-show", is_ready);
  gtk_widget_set_sensitive (self->left_row, FALSE);
  if (is_ready)
    ask_left (self);
}

/* --- The scan --- */

static void
scan_failed (SatchelPressPage *self, const GError *error)
{
  satchel_window_say_error (GTK_WIDGET (self), error);
  gtk_widget_set_visible (GTK_WIDGET (self->picture), FALSE);
  end_viewer (self);
  set_ready (self, TRUE);
}

static void
rendered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asked) asked = user_data;
  SatchelPressPage *self = asked->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture =
      satchel_viewer_render_finish (SATCHEL_VIEWER (source), result, NULL, &error);

  if (asked->round != self->round || self->session == NULL)
    return;
  if (texture == NULL) {
    scan_failed (self, error);
    return;
  }
  g_set_object (&self->scan, texture);
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
  end_viewer (self);
  set_ready (self, TRUE);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asked) asked = user_data;
  SatchelPressPage *self = asked->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelEvidenceContent) content =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (asked->round != self->round || self->session == NULL)
    return;
  if (content != NULL)
    self->viewer = satchel_viewer_new (content->stream, content->size_bytes,
                                       self->press->scan_type, &error);
  if (self->viewer == NULL)
    scan_failed (self, error);
  else
    satchel_viewer_render_async (self->viewer, 0, SCAN_SIDE_PX, SCAN_SIDE_PX, NULL, rendered_cb,
                                 asked_new (self));
}

/* Looking at one's own card is no news for the ledger. */
static void
load_scan (SatchelPressPage *self)
{
  if (self->press->scan_id == NULL) {
    set_ready (self, TRUE);
    return;
  }
  SatchelSessionJob job = satchel_evidence_open_job (self->press->scan_id, FALSE);
  satchel_session_run_async (self->session, &job, NULL, opened_cb, asked_new (self));
}

static GtkWidget *
make_picture (SatchelPressPage *self)
{
  self->picture = NULL;
  if (self->press->scan_id == NULL)
    return NULL;
  self->picture = GTK_PICTURE (gtk_picture_new ());
  gtk_picture_set_content_fit (self->picture, GTK_CONTENT_FIT_CONTAIN);
  gtk_picture_set_can_shrink (self->picture, TRUE);
  gtk_widget_set_size_request (GTK_WIDGET (self->picture), SCAN_SHOWN_WIDTH, SCAN_SHOWN_WIDTH);
  satchel_widget_call (GTK_WIDGET (self->picture), _ ("Picture of the card"), FALSE);
  return GTK_WIDGET (self->picture);
}

/* --- Showing --- */

static void
show_validity (SatchelPressPage *self)
{
  SatchelWhen now = satchel_when_now ();
  g_autofree char *text = NULL;
  SatchelPressValidity validity =
      satchel_press_validity_judge (self->press->kind, self->press->values, &now, &text);

  gtk_label_set_text (self->validity_text, text);
  gtk_image_set_from_icon_name (self->validity_icon, satchel_press_validity_get_icon (validity));
  if (satchel_press_validity_is_warning (validity))
    gtk_widget_add_css_class (self->validity, "satchel-alarm");
  else
    gtk_widget_remove_css_class (self->validity, "satchel-alarm");
}

static void
show (SatchelPressPage *self)
{
  g_autofree char *title = satchel_words_title (self->press->kind, self->press->values);

  g_clear_pointer (&self->face, satchel_press_face_free);
  self->face = satchel_press_face_new (self->press->kind, self->press->values,
                                       satchel_words_language ());
  satchel_pane_set_title (self->pane, title);
  satchel_pane_set_subtitle (
      self->pane, satchel_label_get (self->press->kind->label, satchel_words_language ()));
  show_validity (self);
  adw_bin_set_child (self->card, satchel_press_card_new (self->face, TRUE, make_picture (self)));
  gtk_widget_set_visible (self->edit, TRUE);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->edit), "s", self->press->id);
  gtk_stack_set_visible_child_name (self->states, "card");
  load_scan (self);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asked) asked = user_data;
  SatchelPressPage *self = asked->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelPress) press =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (asked->round != self->round || self->session == NULL)
    return;
  if (press == NULL) {
    satchel_widget_explain (self->failed, error);
    gtk_widget_set_visible (self->edit, FALSE);
    gtk_stack_set_visible_child_name (self->states, "failed");
    return;
  }
  g_clear_pointer (&self->press, satchel_press_free);
  self->press = g_steal_pointer (&press);
  show (self);
}

static void
load (SatchelPressPage *self)
{
  SatchelSessionJob job = satchel_press_load_job (self->record_id);

  self->round++;
  end_viewer (self);
  g_clear_object (&self->scan);
  set_ready (self, FALSE);
  satchel_session_run_async (self->session, &job, NULL, loaded_cb, asked_new (self));
}

static void
changed_cb (SatchelPressPage *self, guint changes)
{
  if ((changes & (SATCHEL_CHANGED_RECORDS | SATCHEL_CHANGED_EVIDENCE)) != 0)
    load (self);
}

static void
show_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelPressPage *self = SATCHEL_PRESS_PAGE (widget);

  satchel_press_window_present (widget, self->session, self->face, self->scan, FALSE);
}

static void
lock_and_show_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelPressPage *self = SATCHEL_PRESS_PAGE (widget);

  satchel_press_window_present (widget, self->session, self->face, self->scan, TRUE);
}

/* --- The widget --- */

static void
satchel_press_page_dispose (GObject *object)
{
  SatchelPressPage *self = SATCHEL_PRESS_PAGE (object);

  self->round++;
  end_viewer (self);
  g_clear_object (&self->scan);
  g_clear_object (&self->session);
  g_clear_pointer (&self->press, satchel_press_free);
  g_clear_pointer (&self->face, satchel_press_face_free);
  G_OBJECT_CLASS (satchel_press_page_parent_class)->dispose (object);
}

static void
satchel_press_page_finalize (GObject *object)
{
  g_free (SATCHEL_PRESS_PAGE (object)->record_id);
  G_OBJECT_CLASS (satchel_press_page_parent_class)->finalize (object);
}

static void
satchel_press_page_class_init (SatchelPressPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_PANE);
  G_OBJECT_CLASS (klass)->dispose = satchel_press_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_press_page_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/cards/satchel-press-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelPressPage, pane);
  gtk_widget_class_bind_template_child (widget_class, SatchelPressPage, edit);
  gtk_widget_class_bind_template_child (widget_class, SatchelPressPage, states);
  gtk_widget_class_bind_template_child (widget_class, SatchelPressPage, failed);
  gtk_widget_class_bind_template_child (widget_class, SatchelPressPage, validity);
  gtk_widget_class_bind_template_child (widget_class, SatchelPressPage, validity_icon);
  gtk_widget_class_bind_template_child (widget_class, SatchelPressPage, validity_text);
  gtk_widget_class_bind_template_child (widget_class, SatchelPressPage, card);
  gtk_widget_class_bind_template_child (widget_class, SatchelPressPage, left_row);
  gtk_widget_class_bind_template_child (widget_class, SatchelPressPage, left);
  gtk_widget_class_bind_template_callback (widget_class, left_cb);
  gtk_widget_class_install_action (widget_class, "press.show", NULL, show_action);
  gtk_widget_class_install_action (widget_class, "press.lock-and-show", NULL,
                                   lock_and_show_action);
}

static void
satchel_press_page_init (SatchelPressPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  set_ready (self, FALSE);
}

GtkWidget *
satchel_press_page_new (SatchelSession *session, const char *record_id)
{
  SatchelPressPage *self = g_object_new (SATCHEL_TYPE_PRESS_PAGE, NULL);

  self->session = g_object_ref (session);
  self->record_id = g_strdup (record_id);
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  load (self);
  return GTK_WIDGET (self);
}
