/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/satchel-evidence-window.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"
#include "evidence/satchel-evidence-job.h"
#include "evidence/satchel-evidence-tile.h"
#include "player/satchel-player-view.h"
#include "shared/satchel-choose.h"
#include "shared/satchel-error-text.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"
#include "viewer/satchel-viewer.h"
#include "window/satchel-window.h"

#define SIDE_MAX_PX 4096

/* In percent of what fits into the window. */
static const guint ZOOMS[] = {100, 150, 200, 300, 400};

struct _SatchelEvidenceWindow {
  AdwWindow parent_instance;

  /* Template children */
  AdwWindowTitle *title;
  GtkWidget *pages;
  GtkLabel *page_label;
  GtkWidget *zoom;
  GtkProgressBar *copying;
  AdwPreferencesGroup *details;
  GtkStack *states;
  AdwStatusPage *failed;
  GtkPicture *picture;
  SatchelPlayerView *player;

  /* Owned */
  SatchelSession *session;
  SatchelViewer *viewer; /* nullable */
  char *item_id;
  char *name;
  char *content_type;
  guint page;
  guint page_count;
  guint zoom_step; /* of ZOOMS */
  gboolean is_rendering;
  gboolean is_stale;  /* another page or size was asked for meanwhile */
  GCancellable *stop; /* of a copy that is being written */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelEvidenceWindow, satchel_evidence_window, ADW_TYPE_WINDOW)
// clang-format on

static void render (SatchelEvidenceWindow *self);

static void
show_failure (SatchelEvidenceWindow *self, const char *title, const char *advice)
{
  adw_status_page_set_title (self->failed, title);
  adw_status_page_set_description (self->failed, advice);
  gtk_stack_set_visible_child_name (self->states, "failed");
}

static void
show_error (SatchelEvidenceWindow *self, const GError *error)
{
  g_autofree char *text = satchel_error_text_dup (error);

  if (!satchel_error_text_is_silent (error))
    show_failure (self, text, satchel_error_text_get_advice (error));
}

/* --- The picture --- */

static void
show_pages (SatchelEvidenceWindow *self)
{
  g_autofree char *text = g_strdup_printf ("%u / %u", self->page + 1, self->page_count);

  gtk_label_set_text (self->page_label, text);
  gtk_widget_set_visible (self->pages, self->page_count > 1);
  gtk_widget_set_visible (self->zoom, self->page_count > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evidence.page-next",
                                 self->page + 1 < self->page_count);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evidence.page-previous", self->page > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evidence.zoom-in",
                                 self->page_count > 0 &&
                                     self->zoom_step + 1 < G_N_ELEMENTS (ZOOMS));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evidence.zoom-out", self->zoom_step > 0);
}

static void
show_texture (SatchelEvidenceWindow *self, GdkTexture *texture)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));

  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
  gtk_widget_set_size_request (GTK_WIDGET (self->picture),
                               MAX (1, gdk_texture_get_width (texture) / scale),
                               MAX (1, gdk_texture_get_height (texture) / scale));
  gtk_stack_set_visible_child_name (self->states, "picture");
  show_pages (self);
}

static void
rendered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelEvidenceWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = satchel_viewer_render_finish (
      SATCHEL_VIEWER (source), result, &self->page_count, &error);

  self->is_rendering = FALSE;
  if (self->viewer == NULL)
    return;
  if (self->is_stale && texture != NULL)
    render (self);
  else if (texture != NULL)
    show_texture (self, texture);
  else
    show_error (self, error);
}

static void
render (SatchelEvidenceWindow *self)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  guint width = MAX (gtk_widget_get_width (GTK_WIDGET (self->states)), 64) * scale;
  guint height = MAX (gtk_widget_get_height (GTK_WIDGET (self->states)), 64) * scale;
  guint percent = ZOOMS[self->zoom_step];

  if (self->viewer == NULL)
    return;
  if (self->is_rendering) {
    self->is_stale = TRUE;
    return;
  }
  self->is_rendering = TRUE;
  self->is_stale = FALSE;
  satchel_viewer_render_async (self->viewer, self->page, MIN (width * percent / 100, SIDE_MAX_PX),
                               MIN (height * percent / 100, SIDE_MAX_PX), NULL, rendered_cb,
                               g_object_ref (self));
}

/* --- Sound and video --- */

static void
player_opened_cb (SatchelEvidenceWindow *self)
{
  gtk_stack_set_visible_child_name (self->states, "player");
}

static void
player_failed_cb (SatchelEvidenceWindow *self, const GError *error)
{
  show_error (self, error);
}

static gboolean
play (SatchelEvidenceWindow *self, const SatchelEvidenceContent *content, GError **error)
{
  guint scale = (guint) gtk_widget_get_scale_factor (GTK_WIDGET (self));
  guint width = (guint) MAX (gtk_widget_get_width (GTK_WIDGET (self->states)), 64);
  guint height = (guint) MAX (gtk_widget_get_height (GTK_WIDGET (self->states)), 64);

  return satchel_player_view_open (self->player, content->stream, content->size_bytes, self->name,
                                   width * scale, height * scale, error);
}

/* --- Opening --- */

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelEvidenceWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelEvidenceContent) content =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  /* Closed meanwhile. */
  if (self->session == NULL)
    return;
  if (content != NULL && satchel_viewer_can_play (self->content_type)) {
    if (!play (self, content, &error))
      show_error (self, error);
    return;
  }
  if (content != NULL)
    self->viewer = satchel_viewer_new (content->stream, content->size_bytes, self->content_type,
                                       &error);
  if (self->viewer == NULL)
    show_error (self, error);
  else
    render (self);
}

/* The window has its size only once it is shown. */
static gboolean
begin_cb (gpointer user_data)
{
  SatchelEvidenceWindow *self = user_data;

  if (self->session == NULL)
    return G_SOURCE_REMOVE;
  if (!satchel_viewer_can_show (self->content_type) &&
      !satchel_viewer_can_play (self->content_type)) {
    show_failure (self, _ ("This kind of file cannot be shown here"),
                  _ ("It is kept as it came. To look at it, save a copy: outside the vault it can "
                     "be read by whoever has this computer."));
    return G_SOURCE_REMOVE;
  }
  SatchelSessionJob job = satchel_evidence_open_job (self->item_id, TRUE);
  satchel_session_run_async (self->session, &job, NULL, opened_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
turn (SatchelEvidenceWindow *self, int pages, int zooms)
{
  self->page += pages;
  self->zoom_step += zooms;
  show_pages (self);
  render (self);
}

static void
page_next_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  turn (SATCHEL_EVIDENCE_WINDOW (widget), 1, 0);
}

static void
page_previous_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  turn (SATCHEL_EVIDENCE_WINDOW (widget), -1, 0);
}

static void
zoom_in_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  turn (SATCHEL_EVIDENCE_WINDOW (widget), 0, 1);
}

static void
zoom_out_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  turn (SATCHEL_EVIDENCE_WINDOW (widget), 0, -1);
}

/* --- A copy outside the vault --- */

static void
copy_progress_cb (guint64 done_bytes, guint64 total_bytes, gpointer user_data)
{
  SatchelEvidenceWindow *self = user_data;

  if (total_bytes > 0)
    gtk_progress_bar_set_fraction (self->copying, (double) done_bytes / (double) total_bytes);
}

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelEvidenceWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_done =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error) != NULL;

  if (self->session == NULL)
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->copying), FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evidence.copy", TRUE);
  g_clear_object (&self->stop);
  if (is_done)
    satchel_window_say (GTK_WIDGET (self->states), _ ("Copy saved. It is not encrypted."));
  satchel_window_say_error (GTK_WIDGET (self->states), error);
}

static void
copy_chosen_cb (SatchelEvidenceWindow *self, int response, GtkFileChooserNative *dialog)
{
  g_autofree char *path = satchel_choose_dup_path (GTK_WIDGET (self), response, dialog);

  if (path == NULL || self->session == NULL)
    return;
  self->stop = g_cancellable_new ();
  gtk_progress_bar_set_fraction (self->copying, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->copying), TRUE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evidence.copy", FALSE);
  SatchelSessionJob job =
      satchel_evidence_copy_job (self->item_id, path,
                                 (SatchelProgressReport){copy_progress_cb, self});
  satchel_session_run_async (self->session, &job, self->stop, copied_cb, g_object_ref (self));
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelEvidenceWindow *self = SATCHEL_EVIDENCE_WINDOW (widget);
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (_ ("Save a Copy Outside the Vault"), GTK_WINDOW (self),
                                   GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), _ ("_Cancel"));

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), self->name);
  satchel_choose_show (dialog, G_CALLBACK (copy_chosen_cb), G_OBJECT (self));
}

/* --- What is known --- */

static void
add_detail (SatchelEvidenceWindow *self, const char *title, const char *text)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *shown = text != NULL ? satchel_text_for_display (text, 500) : NULL;

  if (text == NULL)
    return;
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), shown);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_preferences_group_add (self->details, row);
}

static const char *
origin_words (SatchelOrigin origin)
{
  switch (origin) {
    case SATCHEL_ORIGIN_OWN:
      return _ ("Recorded by the owner of the vault");
    case SATCHEL_ORIGIN_RECEIVED:
      return _ ("Given by somebody");
    case SATCHEL_ORIGIN_ONLINE:
      return _ ("Taken from the internet");
    default:
      return NULL;
  }
}

static void
show_details (SatchelEvidenceWindow *self, const SatchelEvidence *item)
{
  g_autofree char *sha256 = satchel_hex_encode (item->sha256, sizeof item->sha256);
  g_autofree char *imported = satchel_words_when (&item->imported);

  /* The header has no room for the whole of it on a narrow screen. */
  add_detail (self, _ ("File name"), self->name);
  if (item->captured.precision != SATCHEL_PRECISION_UNKNOWN) {
    g_autofree char *moment = satchel_words_when (&item->captured);
    /* Translators: a moment, and how it is known. */
    g_autofree char *captured = g_strdup_printf (_ ("%s (%s)"), moment,
                                                 satchel_words_clock (item->clock));
    add_detail (self, _ ("Recorded"), captured);
  }
  add_detail (self, _ ("Taken into a vault"), imported);
  add_detail (self, _ ("Origin"), origin_words (item->origin));
  add_detail (self, _ ("Given by"), item->from);
  add_detail (self, _ ("Device"), item->device);
  add_detail (self, _ ("Address"), item->url);
  add_detail (self, _ ("Checksum (SHA-256)"), sha256);
}

/* --- The window --- */

static void
state_cb (SatchelEvidenceWindow *self, GParamSpec *pspec, SatchelSession *session)
{
  if (satchel_session_get_state (session) != SATCHEL_SESSION_OPEN)
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
satchel_evidence_window_dispose (GObject *object)
{
  SatchelEvidenceWindow *self = SATCHEL_EVIDENCE_WINDOW (object);

  if (self->viewer != NULL)
    satchel_viewer_close (self->viewer);
  g_clear_object (&self->viewer);
  if (self->player != NULL)
    satchel_player_view_close (self->player);
  if (self->stop != NULL)
    g_cancellable_cancel (self->stop);
  g_clear_object (&self->stop);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (satchel_evidence_window_parent_class)->dispose (object);
}

static void
satchel_evidence_window_finalize (GObject *object)
{
  SatchelEvidenceWindow *self = SATCHEL_EVIDENCE_WINDOW (object);

  g_free (self->item_id);
  g_free (self->name);
  g_free (self->content_type);
  G_OBJECT_CLASS (satchel_evidence_window_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, SatchelEvidenceWindow, title);
  gtk_widget_class_bind_template_child (klass, SatchelEvidenceWindow, pages);
  gtk_widget_class_bind_template_child (klass, SatchelEvidenceWindow, page_label);
  gtk_widget_class_bind_template_child (klass, SatchelEvidenceWindow, zoom);
  gtk_widget_class_bind_template_child (klass, SatchelEvidenceWindow, copying);
  gtk_widget_class_bind_template_child (klass, SatchelEvidenceWindow, details);
  gtk_widget_class_bind_template_child (klass, SatchelEvidenceWindow, states);
  gtk_widget_class_bind_template_child (klass, SatchelEvidenceWindow, failed);
  gtk_widget_class_bind_template_child (klass, SatchelEvidenceWindow, picture);
  gtk_widget_class_bind_template_child (klass, SatchelEvidenceWindow, player);
}

static void
satchel_evidence_window_class_init (SatchelEvidenceWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = satchel_evidence_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_evidence_window_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/evidence/satchel-evidence-window.ui");
  g_type_ensure (SATCHEL_TYPE_PLAYER_VIEW);
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, player_opened_cb);
  gtk_widget_class_bind_template_callback (widget_class, player_failed_cb);
  gtk_widget_class_install_action (widget_class, "evidence.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "evidence.page-next", NULL, page_next_action);
  gtk_widget_class_install_action (widget_class, "evidence.page-previous", NULL,
                                   page_previous_action);
  gtk_widget_class_install_action (widget_class, "evidence.zoom-in", NULL, zoom_in_action);
  gtk_widget_class_install_action (widget_class, "evidence.zoom-out", NULL, zoom_out_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
satchel_evidence_window_init (SatchelEvidenceWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  satchel_widget_call_lists (GTK_WIDGET (self), _ ("What is known of this file"));
  show_pages (self);
}

void
satchel_evidence_window_present (GtkWidget *parent,
                                 SatchelSession *session,
                                 const SatchelEvidence *item)
{
  SatchelEvidenceWindow *self = g_object_new (SATCHEL_TYPE_EVIDENCE_WINDOW, "transient-for",
                                              gtk_widget_get_root (parent), NULL);
  g_autofree char *size = satchel_words_size (item->size_bytes);
  g_autofree char *line = g_strdup_printf ("%s · %s", size, item->type);
  g_autofree char *subtitle = satchel_words_our_way (line);

  self->session = g_object_ref (session);
  self->item_id = g_strdup (item->id);
  self->name = satchel_evidence_tile_dup_name (item);
  self->content_type = g_strdup (item->type);
  adw_window_title_set_title (self->title, self->name);
  adw_window_title_set_subtitle (self->title, subtitle);
  gtk_window_set_title (GTK_WINDOW (self), self->name);
  satchel_widget_call (GTK_WIDGET (self->picture), self->name, FALSE);
  show_details (self, item);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self));
  g_idle_add_full (G_PRIORITY_LOW, begin_cb, g_object_ref (self), g_object_unref);
}
