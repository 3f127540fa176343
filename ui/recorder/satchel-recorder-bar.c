/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/satchel-recorder-bar.h"

#include <glib/gi18n.h>

#include "player/satchel-player-view.h"
#include "shared/satchel-dialog.h"

#define REFRESH_MS     100
#define SETTLED_FRAMES 3 /* until it has its place */
#define MARGIN         18
/* After so long without a sound a person is asked whether the microphone is on. */
#define SILENCE_US (3 * G_USEC_PER_SEC)

struct _SatchelRecorderBar {
  AdwBin parent_instance;

  /* Template children */
  GtkLabel *time;
  GtkLevelBar *level;
  GtkLabel *hint;
  GtkLabel *silence;
  GtkWidget *discard;
  GtkWidget *stop;

  /* Owned */
  SatchelSession *session;
  SatchelRecorder *recorder;
  guint refresh;
  guint frames;      /* since it was shown */
  gint64 loud_us;    /* of the recording, when something was heard last */
  GtkWindow *asking; /* weak: whether to discard it */
};

enum { CHANGED,
       SAVED,
       SIGNALS };
static guint signals[SIGNALS];

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelRecorderBar, satchel_recorder_bar, ADW_TYPE_BIN)
// clang-format on

static char *
dup_hint (SatchelRecorderState state, guint kept_s)
{
  g_autofree char *time = satchel_player_time_text ((gint64) kept_s * G_USEC_PER_SEC);

  switch (state) {
    case SATCHEL_RECORDER_STARTING:
      return g_strdup (_ ("Waiting for the microphone…"));
    case SATCHEL_RECORDER_RECORDING:
      if (kept_s == 0)
        return g_strdup (_ ("Nothing is saved yet. If Satchel locks, also by itself, the recording "
                            "ends and is saved."));
      /* Translators: %s is a time: 1:20 */
      return g_strdup_printf (_ ("Saved up to %s. If Satchel locks, also by itself, the recording "
                                 "ends and is saved."),
                              time);
    case SATCHEL_RECORDER_SAVING:
      return g_strdup (_ ("Saving the recording…"));
    case SATCHEL_RECORDER_IDLE:
    default:
      return g_strdup ("");
  }
}

static void
set_text (GtkLabel *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (label), text) != 0)
    gtk_label_set_text (label, text);
}

static void
show_hint (SatchelRecorderBar *self)
{
  g_autofree char *hint = dup_hint (satchel_recorder_get_state (self->recorder),
                                    satchel_recorder_get_kept_s (self->recorder));

  set_text (self->hint, hint);
}

static gboolean
refresh_cb (gpointer user_data)
{
  SatchelRecorderBar *self = user_data;
  gint64 heard_us = satchel_recorder_get_heard_us (self->recorder);
  double level = satchel_recorder_take_level (self->recorder);
  g_autofree char *time = satchel_player_time_text (heard_us);

  set_text (self->time, time);
  show_hint (self);
  /* It rises at once and falls slowly, as every meter does. */
  gtk_level_bar_set_value (self->level, MAX (level, gtk_level_bar_get_value (self->level) - 0.1));
  if (level > 0)
    self->loud_us = heard_us;
  gtk_widget_set_visible (GTK_WIDGET (self->silence), heard_us - self->loud_us > SILENCE_US);
  return G_SOURCE_CONTINUE;
}

/* It may have been begun from far up the page, by its key. */
static void
scroll_to (GtkWidget *widget)
{
  GtkWidget *window = gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment =
      window != NULL ? gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (window)) : NULL;
  graphene_rect_t place;

  if (adjustment == NULL || !gtk_widget_compute_bounds (widget, window, &place))
    return;
  double top = gtk_adjustment_get_value (adjustment) + place.origin.y;
  gtk_adjustment_clamp_page (adjustment, top - MARGIN, top + place.size.height + MARGIN);
}

/* Only what has its place already can be scrolled to. */
static gboolean
shown_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer unused)
{
  SatchelRecorderBar *self = SATCHEL_RECORDER_BAR (widget);

  if (++self->frames < SETTLED_FRAMES)
    return G_SOURCE_CONTINUE;
  if (satchel_recorder_get_state (self->recorder) == SATCHEL_RECORDER_STARTING)
    gtk_widget_grab_focus (self->stop);
  scroll_to (widget);
  return G_SOURCE_REMOVE;
}

/* While it waits for the microphone there is nothing to save or to discard, and no way back
 * afterwards. */
static void
show_ways_out (SatchelRecorderBar *self, SatchelRecorderState state)
{
  gboolean is_starting = state == SATCHEL_RECORDER_STARTING;
  gboolean can_end = is_starting || state == SATCHEL_RECORDER_RECORDING;

  gtk_button_set_label (GTK_BUTTON (self->stop),
                        is_starting ? _ ("_Cancel") : _ ("S_top and Save"));
  if (is_starting)
    gtk_widget_remove_css_class (self->stop, "suggested-action");
  else
    gtk_widget_add_css_class (self->stop, "suggested-action");
  gtk_widget_set_visible (self->discard, !is_starting);
  gtk_widget_set_sensitive (self->discard, can_end);
  gtk_widget_set_sensitive (self->stop, can_end);
  if (self->asking != NULL && state != SATCHEL_RECORDER_RECORDING)
    gtk_window_destroy (self->asking);
}

static void
changed_cb (SatchelRecorderBar *self)
{
  SatchelRecorderState state = satchel_recorder_get_state (self->recorder);

  show_hint (self);
  if (state == SATCHEL_RECORDER_STARTING) {
    self->loud_us = 0;
    gtk_label_set_text (self->time, "");
    gtk_level_bar_set_value (self->level, 0);
  }
  if (state == SATCHEL_RECORDER_RECORDING && self->refresh == 0)
    self->refresh = g_timeout_add (REFRESH_MS, refresh_cb, self);
  if (state != SATCHEL_RECORDER_RECORDING) {
    g_clear_handle_id (&self->refresh, g_source_remove);
    gtk_widget_set_visible (GTK_WIDGET (self->silence), FALSE);
  }
  g_signal_emit (self, signals[CHANGED], 0);
  show_ways_out (self, state);
  gtk_widget_set_visible (GTK_WIDGET (self), state != SATCHEL_RECORDER_IDLE);
  if (state == SATCHEL_RECORDER_STARTING || state == SATCHEL_RECORDER_RECORDING) {
    self->frames = 0;
    gtk_widget_add_tick_callback (GTK_WIDGET (self), shown_cb, NULL, NULL);
  }
}

static void
saved_cb (SatchelRecorderBar *self)
{
  g_signal_emit (self, signals[SAVED], 0);
}

static void
stop_cb (SatchelRecorderBar *self)
{
  satchel_recorder_stop (self->recorder);
}

static void
asked_cb (SatchelRecorderBar *self, const char *response)
{
  if (g_str_equal (response, "do"))
    satchel_recorder_discard (self->recorder);
}

static void
discard_cb (SatchelRecorderBar *self)
{
  AdwMessageDialog *dialog =
      satchel_dialog_ask (GTK_WIDGET (self), self->session, _ ("Discard the Recording?"),
                          _ ("Nothing of it would be kept. It goes on until you decide."),
                          _ ("_Discard"), ADW_RESPONSE_DESTRUCTIVE);
  g_set_weak_pointer (&self->asking, GTK_WINDOW (dialog));
  g_signal_connect_object (dialog, "response", G_CALLBACK (asked_cb), self, G_CONNECT_SWAPPED);
}

/* --- The widget --- */

SatchelRecorderState
satchel_recorder_bar_get_state (SatchelRecorderBar *self)
{
  return self->recorder != NULL ? satchel_recorder_get_state (self->recorder)
                                : SATCHEL_RECORDER_IDLE;
}

void
satchel_recorder_bar_start (SatchelRecorderBar *self, const char *record_id)
{
  satchel_recorder_start (self->recorder, record_id);
}

void
satchel_recorder_bar_stop (SatchelRecorderBar *self)
{
  satchel_recorder_stop (self->recorder);
}

void
satchel_recorder_bar_set_session (SatchelRecorderBar *self, SatchelSession *session)
{
  g_return_if_fail (self->session == NULL);
  self->session = g_object_ref (session);
  self->recorder = satchel_recorder_new (session);
  g_signal_connect_object (self->recorder, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->recorder, "saved", G_CALLBACK (saved_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
satchel_recorder_bar_unmap (GtkWidget *widget)
{
  SatchelRecorderBar *self = SATCHEL_RECORDER_BAR (widget);

  GTK_WIDGET_CLASS (satchel_recorder_bar_parent_class)->unmap (widget);
  if (self->recorder != NULL)
    satchel_recorder_stop (self->recorder);
}

static void
satchel_recorder_bar_dispose (GObject *object)
{
  SatchelRecorderBar *self = SATCHEL_RECORDER_BAR (object);

  g_clear_handle_id (&self->refresh, g_source_remove);
  if (self->recorder != NULL)
    satchel_recorder_stop (self->recorder);
  g_clear_weak_pointer (&self->asking);
  g_clear_object (&self->recorder);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (satchel_recorder_bar_parent_class)->dispose (object);
}

static void
satchel_recorder_bar_class_init (SatchelRecorderBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = satchel_recorder_bar_dispose;
  widget_class->unmap = satchel_recorder_bar_unmap;
  signals[CHANGED] = g_signal_new ("changed", SATCHEL_TYPE_RECORDER_BAR, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SAVED] = g_signal_new ("saved", SATCHEL_TYPE_RECORDER_BAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/recorder/satchel-recorder-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelRecorderBar, time);
  gtk_widget_class_bind_template_child (widget_class, SatchelRecorderBar, level);
  gtk_widget_class_bind_template_child (widget_class, SatchelRecorderBar, hint);
  gtk_widget_class_bind_template_child (widget_class, SatchelRecorderBar, silence);
  gtk_widget_class_bind_template_child (widget_class, SatchelRecorderBar, discard);
  gtk_widget_class_bind_template_child (widget_class, SatchelRecorderBar, stop);
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, discard_cb);
}

static void
satchel_recorder_bar_init (SatchelRecorderBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
