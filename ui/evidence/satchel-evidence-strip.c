/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/satchel-evidence-strip.h"

#include <glib/gi18n.h>

#include "evidence/satchel-evidence-job.h"
#include "evidence/satchel-evidence-tile.h"
#include "evidence/satchel-evidence-window.h"
#include "recorder/satchel-recorder-bar.h"
#include "shared/satchel-choose.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"
#include "window/satchel-window.h"

struct _SatchelEvidenceStrip {
  AdwPreferencesGroup parent_instance;

  /* Template children */
  GtkWidget *ways_in;
  GtkButton *record_button;
  GtkWidget *empty;
  GtkFlowBox *tiles;
  SatchelRecorderBar *recorder;
  GtkWidget *working;
  GtkLabel *working_label;
  GtkProgressBar *progress;

  /* Owned */
  SatchelSession *session;
  SatchelThumbnailer *thumbnailer;
  char *record_id;  /* nullable */
  GPtrArray *items; /* of SatchelEvidence, as the tiles stand */
  GQueue offers;    /* of SatchelEvidenceOffer, that wait */
  gboolean is_busy; /* one is being taken in */
  GCancellable *stop;
  gboolean is_record_wanted; /* sound is to be recorded, once there is a record */
  guint known;               /* in this go, of those whose content was there already */
};

enum { RECORD_NEEDED,
       SIGNALS };
static guint signals[SIGNALS];

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelEvidenceStrip, satchel_evidence_strip, ADW_TYPE_PREFERENCES_GROUP)
// clang-format on

static void take_next (SatchelEvidenceStrip *self);

/* --- What is there --- */

static void
tile_clicked_cb (SatchelEvidenceStrip *self, GtkWidget *tile)
{
  satchel_evidence_window_present (GTK_WIDGET (self), self->session,
                                   g_object_get_data (G_OBJECT (tile), "item"));
}

/* An empty strip says how it is filled, unless that is under way. */
static void
show_empty (SatchelEvidenceStrip *self)
{
  gtk_widget_set_visible (self->empty,
                          self->items->len == 0 && !gtk_widget_get_visible (self->working) &&
                              satchel_recorder_bar_get_state (self->recorder) ==
                                  SATCHEL_RECORDER_IDLE);
}

static void
add_tile (SatchelEvidenceStrip *self, const SatchelEvidence *item)
{
  GtkWidget *tile = satchel_evidence_tile_new (item, self->thumbnailer);
  GtkWidget *child = gtk_flow_box_child_new ();

  g_object_set_data (G_OBJECT (tile), "item", (gpointer) item);
  g_signal_connect_object (tile, "clicked", G_CALLBACK (tile_clicked_cb), self, G_CONNECT_SWAPPED);
  /* The button has the focus, not what holds it. */
  gtk_widget_set_focusable (child, FALSE);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), tile);
  gtk_flow_box_append (self->tiles, child);
}

/* Items are never changed and never go: only what is new is added. */
static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelEvidenceStrip) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (items == NULL) {
    satchel_window_say_error (GTK_WIDGET (self), error);
    return;
  }
  while (self->items->len < items->len) {
    SatchelEvidence *item = g_steal_pointer (&items->pdata[self->items->len]);
    g_ptr_array_add (self->items, item);
    add_tile (self, item);
  }
  gtk_widget_set_visible (GTK_WIDGET (self->tiles), self->items->len > 0);
  show_empty (self);
}

static void
list (SatchelEvidenceStrip *self)
{
  SatchelSessionJob job = satchel_evidence_list_job (self->record_id);

  satchel_session_run_async (self->session, &job, NULL, listed_cb, g_object_ref (self));
}

/* --- Taking in --- */

static void
show_working (SatchelEvidenceStrip *self, const char *name)
{
  gtk_widget_set_visible (self->working, name != NULL);
  if (name == NULL)
    return;
  guint waiting = g_queue_get_length (&self->offers);
  g_autofree char *text =
      waiting > 0 ? g_strdup_printf (ngettext ("%s, and %u more", "%s, and %u more", waiting), name,
                                     waiting)
                  : g_strdup (name);
  gtk_label_set_text (self->working_label, text);
  gtk_progress_bar_set_fraction (self->progress, 0);
  show_empty (self);
}

static void
progress_cb (guint64 done_bytes, guint64 total_bytes, gpointer user_data)
{
  SatchelEvidenceStrip *self = user_data;

  if (total_bytes > 0)
    gtk_progress_bar_set_fraction (self->progress, (double) done_bytes / (double) total_bytes);
  else
    gtk_progress_bar_pulse (self->progress);
}

static void
end_go (SatchelEvidenceStrip *self)
{
  show_working (self, NULL);
  show_empty (self);
  if (self->known > 0) {
    g_autofree char *text = g_strdup_printf (
        ngettext ("%u file was in the vault already: it is stored once.",
                  "%u files were in the vault already: they are stored once.", self->known),
        self->known);
    satchel_window_say (GTK_WIDGET (self), text);
  }
  self->known = 0;
  g_clear_object (&self->stop);
}

static void
drop_offers (SatchelEvidenceStrip *self)
{
  g_queue_clear_full (&self->offers, (GDestroyNotify) satchel_evidence_offer_free);
}

static void
attached_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelEvidenceStrip) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelEvidenceAttached) attached =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  self->is_busy = FALSE;
  if (attached != NULL) {
    self->known += attached->was_there ? 1 : 0;
    list (self);
  } else {
    /* One that cannot be read is said; the rest may be fine, unless a person stopped all. */
    satchel_window_say_error (GTK_WIDGET (self), error);
    if (self->stop != NULL && g_cancellable_is_cancelled (self->stop))
      drop_offers (self);
  }
  take_next (self);
}

static void
take_next (SatchelEvidenceStrip *self)
{
  g_autoptr (SatchelEvidenceOffer) offer = NULL;

  if (self->is_busy)
    return;
  if (g_queue_is_empty (&self->offers)) {
    end_go (self);
    return;
  }
  if (self->record_id == NULL) {
    g_signal_emit (self, signals[RECORD_NEEDED], 0);
    return;
  }
  offer = g_queue_pop_head (&self->offers);
  g_autofree char *name =
      offer->path != NULL ? g_filename_display_basename (offer->path) : g_strdup (offer->name);
  if (self->stop == NULL)
    self->stop = g_cancellable_new ();
  self->is_busy = TRUE;
  show_working (self, name);
  SatchelSessionJob job =
      satchel_evidence_attach_job (self->record_id, g_steal_pointer (&offer),
                                   (SatchelProgressReport){progress_cb, self});
  satchel_session_run_async (self->session, &job, self->stop, attached_cb, g_object_ref (self));
}

static void
stop_cb (SatchelEvidenceStrip *self)
{
  drop_offers (self);
  if (self->stop != NULL)
    g_cancellable_cancel (self->stop);
}

static void
offer (SatchelEvidenceStrip *self, SatchelEvidenceOffer *item)
{
  g_queue_push_tail (&self->offers, item);
}

/* --- Ways in --- */

static void
offer_file (SatchelEvidenceStrip *self, GFile *file)
{
  const char *path = g_file_peek_path (file);

  if (path != NULL)
    offer (self, satchel_evidence_offer_new_file (path));
  else
    satchel_window_say (GTK_WIDGET (self),
                        _ ("This is not on this computer: copy it here first, then attach it."));
}

static void
chosen_cb (SatchelEvidenceStrip *self, int response, GtkNativeDialog *dialog)
{
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
    for (guint i = 0; i < g_list_model_get_n_items (files); i++) {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);
      offer_file (self, file);
    }
    take_next (self);
  }
}

static void
attach_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      _ ("Attach Files"), GTK_WINDOW (gtk_widget_get_root (widget)), GTK_FILE_CHOOSER_ACTION_OPEN,
      _ ("_Attach"), _ ("_Cancel"));

  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), TRUE);
  satchel_choose_show (dialog, G_CALLBACK (chosen_cb), G_OBJECT (widget));
}

static gboolean
offer_list (SatchelEvidenceStrip *self, const GValue *value)
{
  GSList *files = G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST) ? g_value_get_boxed (value) : NULL;

  for (GSList *f = files; f != NULL; f = f->next)
    offer_file (self, f->data);
  take_next (self);
  return files != NULL;
}

static gboolean
dropped_cb (SatchelEvidenceStrip *self, const GValue *value)
{
  return offer_list (self, value);
}

static void
pasted_texture_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelEvidenceStrip) self = user_data;
  g_autoptr (GdkTexture) texture =
      gdk_clipboard_read_texture_finish (GDK_CLIPBOARD (source), result, NULL);

  if (texture == NULL) {
    satchel_window_say (GTK_WIDGET (self), _ ("There is no picture and no file to paste."));
    return;
  }
  g_autoptr (GBytes) bytes = gdk_texture_save_to_png_bytes (texture);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *stamp = g_date_time_format (now, "%Y-%m-%d %H-%M-%S");
  /* Translators: a file's name; %s is date and time. */
  g_autofree char *name = g_strdup_printf (_ ("Pasted picture %s.png"), stamp);
  offer (self, satchel_evidence_offer_new_bytes (bytes, name));
  take_next (self);
}

static void
pasted_files_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelEvidenceStrip) self = user_data;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);

  if (value != NULL)
    offer_list (self, value);
}

static void
paste_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (widget);
  GdkContentFormats *formats = gdk_clipboard_get_formats (clipboard);

  if (gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST))
    gdk_clipboard_read_value_async (clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT, NULL,
                                    pasted_files_cb, g_object_ref (widget));
  else
    gdk_clipboard_read_texture_async (clipboard, NULL, pasted_texture_cb, g_object_ref (widget));
}

/* --- Sound --- */

/* What pressing it does. */
static const char *
get_record_name (SatchelEvidenceStrip *self)
{
  SatchelRecorderState state = satchel_recorder_bar_get_state (self->recorder);

  if (self->is_record_wanted || state == SATCHEL_RECORDER_STARTING)
    return _ ("Cancel");
  return state == SATCHEL_RECORDER_IDLE ? _ ("Record sound") : _ ("Stop and save the recording");
}

static void
recorder_changed_cb (SatchelEvidenceStrip *self)
{
  SatchelRecorderState state = satchel_recorder_bar_get_state (self->recorder);
  gboolean is_idle = state == SATCHEL_RECORDER_IDLE && !self->is_record_wanted;
  gboolean has_focus = (gtk_widget_get_state_flags (GTK_WIDGET (self->recorder)) &
                        GTK_STATE_FLAG_FOCUS_WITHIN) != 0;

  gtk_button_set_icon_name (self->record_button, is_idle ? "audio-input-microphone-symbolic"
                                                         : "media-playback-stop-symbolic");
  satchel_widget_call (GTK_WIDGET (self->record_button), get_record_name (self), TRUE);
  /* What had it is about to go. */
  if ((state == SATCHEL_RECORDER_IDLE || state == SATCHEL_RECORDER_SAVING) && has_focus &&
      gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_grab_focus (GTK_WIDGET (self->record_button));
  show_empty (self);
}

static void
want_record (SatchelEvidenceStrip *self, gboolean is_wanted)
{
  if (self->is_record_wanted == is_wanted)
    return;
  self->is_record_wanted = is_wanted;
  recorder_changed_cb (self);
}

static void
record_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelEvidenceStrip *self = SATCHEL_EVIDENCE_STRIP (widget);

  if (satchel_recorder_bar_get_state (self->recorder) != SATCHEL_RECORDER_IDLE) {
    satchel_recorder_bar_stop (self->recorder);
  } else if (self->record_id != NULL) {
    satchel_recorder_bar_start (self->recorder, self->record_id);
  } else if (self->is_record_wanted) {
    want_record (self, FALSE);
  } else {
    want_record (self, TRUE);
    g_signal_emit (self, signals[RECORD_NEEDED], 0);
  }
}

/* --- The widget --- */

void
satchel_evidence_strip_set_record (SatchelEvidenceStrip *self, const char *record_id)
{
  if (g_strcmp0 (self->record_id, record_id) == 0)
    return;
  g_free (self->record_id);
  self->record_id = g_strdup (record_id);
  list (self);
  if (!g_queue_is_empty (&self->offers))
    take_next (self);
  /* Nothing is recorded unseen. */
  gboolean is_wanted = self->is_record_wanted && gtk_widget_get_mapped (GTK_WIDGET (self));
  want_record (self, FALSE);
  if (is_wanted)
    satchel_recorder_bar_start (self->recorder, self->record_id);
}

void
satchel_evidence_strip_give_up (SatchelEvidenceStrip *self)
{
  want_record (self, FALSE);
  drop_offers (self);
  take_next (self);
}

gboolean
satchel_evidence_strip_asks_to_stop (SatchelEvidenceStrip *self)
{
  if (satchel_recorder_bar_get_state (self->recorder) == SATCHEL_RECORDER_IDLE)
    return FALSE;
  satchel_window_say (GTK_WIDGET (self),
                      _ ("Stop the recording first: it is not in the report yet."));
  return TRUE;
}

static void
satchel_evidence_strip_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (satchel_evidence_strip_parent_class)->unmap (widget);
  want_record (SATCHEL_EVIDENCE_STRIP (widget), FALSE);
}

static void
satchel_evidence_strip_dispose (GObject *object)
{
  SatchelEvidenceStrip *self = SATCHEL_EVIDENCE_STRIP (object);

  if (self->thumbnailer != NULL)
    satchel_thumbnailer_stop (self->thumbnailer);
  g_clear_object (&self->thumbnailer);
  g_clear_object (&self->session);
  g_clear_object (&self->stop);
  drop_offers (self);
  G_OBJECT_CLASS (satchel_evidence_strip_parent_class)->dispose (object);
}

static void
satchel_evidence_strip_finalize (GObject *object)
{
  SatchelEvidenceStrip *self = SATCHEL_EVIDENCE_STRIP (object);

  g_free (self->record_id);
  g_ptr_array_unref (self->items);
  G_OBJECT_CLASS (satchel_evidence_strip_parent_class)->finalize (object);
}

static void
satchel_evidence_strip_class_init (SatchelEvidenceStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = satchel_evidence_strip_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_evidence_strip_finalize;
  widget_class->unmap = satchel_evidence_strip_unmap;
  signals[RECORD_NEEDED] =
      g_signal_new ("record-needed", SATCHEL_TYPE_EVIDENCE_STRIP, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
  g_type_ensure (SATCHEL_TYPE_RECORDER_BAR);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/evidence/satchel-evidence-strip.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelEvidenceStrip, ways_in);
  gtk_widget_class_bind_template_child (widget_class, SatchelEvidenceStrip, record_button);
  gtk_widget_class_bind_template_child (widget_class, SatchelEvidenceStrip, empty);
  gtk_widget_class_bind_template_child (widget_class, SatchelEvidenceStrip, tiles);
  gtk_widget_class_bind_template_child (widget_class, SatchelEvidenceStrip, recorder);
  gtk_widget_class_bind_template_child (widget_class, SatchelEvidenceStrip, working);
  gtk_widget_class_bind_template_child (widget_class, SatchelEvidenceStrip, working_label);
  gtk_widget_class_bind_template_child (widget_class, SatchelEvidenceStrip, progress);
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, list);
  gtk_widget_class_bind_template_callback (widget_class, recorder_changed_cb);
  gtk_widget_class_install_action (widget_class, "evidence.attach", NULL, attach_action);
  gtk_widget_class_install_action (widget_class, "evidence.paste", NULL, paste_action);
  gtk_widget_class_install_action (widget_class, "evidence.record", NULL, record_action);
}

static void
satchel_evidence_strip_init (SatchelEvidenceStrip *self)
{
  self->items = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_evidence_free);
  g_queue_init (&self->offers);
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
close_ways_in (SatchelEvidenceStrip *self)
{
  gtk_widget_set_visible (self->ways_in, FALSE);
  gtk_label_set_text (GTK_LABEL (self->empty), _ ("No evidence."));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evidence.attach", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evidence.paste", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "evidence.record", FALSE);
}

static void
accept_drops (SatchelEvidenceStrip *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (target, "drop", G_CALLBACK (dropped_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

SatchelEvidenceStrip *
satchel_evidence_strip_new (SatchelSession *session, gboolean can_attach)
{
  SatchelEvidenceStrip *self = g_object_new (SATCHEL_TYPE_EVIDENCE_STRIP, NULL);

  self->session = g_object_ref (session);
  self->thumbnailer = satchel_thumbnailer_new (session);
  satchel_recorder_bar_set_session (self->recorder, session);
  recorder_changed_cb (self);
  if (can_attach)
    accept_drops (self);
  else
    close_ways_in (self);
  return self;
}
