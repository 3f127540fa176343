/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sound/satchel-speaker.h"

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

#include "sound/satchel-sound.h"
#include "viewer/satchel-viewer-wire.h"

struct _SatchelSpeaker {
  GObject parent_instance;

  GstElement *pipeline; /* NULL: failed, or closed */
  GstAppSrc *source;    /* borrowed of it */
  guint watch;
  gboolean has_failed;
  gboolean is_changing; /* a thread is at it */
  gboolean is_running;  /* as it was asked for last */
  guint round;          /* rises with each start and stop */
  guint ready_round;    /* the one that what is pushed now goes to */
  GQueue waiting;       /* of GstBuffer, until it is ready */
};

enum { FAILED,
       SIGNALS };
static guint signals[SIGNALS];

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelSpeaker, satchel_speaker, G_TYPE_OBJECT)
// clang-format on

/* Context of one change of state. */
typedef struct {
  SatchelSpeaker *speaker;
  GstElement *pipeline; /* that outlives a close of the speaker until the change is over */
  guint round;
  gboolean is_running;
  gboolean is_done;
} Change;

static void change (SatchelSpeaker *self);

static void
drop_waiting (SatchelSpeaker *self)
{
  g_queue_clear_full (&self->waiting, (GDestroyNotify) gst_buffer_unref);
}

static void
silence_cb (GstElement *pipeline, gpointer unused)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

static void
silence (GstElement *pipeline)
{
  gst_element_call_async (pipeline, silence_cb, NULL, NULL);
}

void
satchel_speaker_close (SatchelSpeaker *self)
{
  drop_waiting (self);
  g_clear_handle_id (&self->watch, g_source_remove);
  if (self->pipeline == NULL)
    return;
  /* A change in another thread could come after this: changed_cb() does it once that is over. */
  if (!self->is_changing)
    silence (self->pipeline);
  gst_clear_object (&self->pipeline);
  self->source = NULL;
}

static void
fail (SatchelSpeaker *self)
{
  if (self->has_failed)
    return;
  self->has_failed = TRUE;
  satchel_speaker_close (self);
  g_signal_emit (self, signals[FAILED], 0);
}

/* The first sink that opens is taken; where none does, a silent one may be, with a warning. */
static gboolean
bus_cb (GstBus *bus, GstMessage *message, gpointer user_data)
{
  g_autoptr (SatchelSpeaker) self = g_object_ref (user_data);
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING)
    gst_message_parse_warning (message, &error, NULL);
  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR &&
      (error == NULL || error->domain != GST_RESOURCE_ERROR))
    return G_SOURCE_CONTINUE;
  self->watch = 0;
  fail (self);
  return G_SOURCE_REMOVE;
}

/* --- Changes, one after another --- */

static gboolean
changed_cb (gpointer user_data)
{
  g_autofree Change *done = user_data;
  g_autoptr (SatchelSpeaker) self = done->speaker;
  g_autoptr (GstElement) pipeline = done->pipeline;
  GstBuffer *buffer;

  self->is_changing = FALSE;
  if (self->pipeline == NULL) {
    silence (pipeline);
    return G_SOURCE_REMOVE;
  }
  if (!done->is_done) {
    fail (self);
  } else if (done->round != self->round) {
    change (self);
  } else if (done->is_running) {
    self->ready_round = done->round;
    while ((buffer = g_queue_pop_head (&self->waiting)) != NULL)
      gst_app_src_push_buffer (self->source, buffer);
  }
  return G_SOURCE_REMOVE;
}

static void
change_cb (GstElement *pipeline, gpointer user_data)
{
  Change *wanted = user_data;

  wanted->is_done =
      gst_element_set_state (pipeline, GST_STATE_READY) != GST_STATE_CHANGE_FAILURE &&
      (!wanted->is_running ||
       gst_element_set_state (pipeline, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE);
  g_idle_add_full (G_PRIORITY_DEFAULT, changed_cb, wanted, NULL);
}

static void
change (SatchelSpeaker *self)
{
  Change *wanted;

  if (self->pipeline == NULL || self->is_changing)
    return;
  self->is_changing = TRUE;
  wanted = g_new0 (Change, 1);
  *wanted = (Change){g_object_ref (self), gst_object_ref (self->pipeline), self->round,
                     self->is_running, FALSE};
  gst_element_call_async (self->pipeline, change_cb, wanted, NULL);
}

void
satchel_speaker_start (SatchelSpeaker *self)
{
  drop_waiting (self);
  self->round++;
  self->is_running = TRUE;
  change (self);
}

void
satchel_speaker_stop (SatchelSpeaker *self)
{
  drop_waiting (self);
  self->round++;
  if (self->is_running) {
    self->is_running = FALSE;
    change (self);
  }
}

void
satchel_speaker_push (SatchelSpeaker *self, GBytes *samples, gint64 at_us)
{
  GstBuffer *buffer;

  if (self->pipeline == NULL || at_us < 0)
    return;
  buffer = gst_buffer_new_wrapped_bytes (samples);
  GST_BUFFER_PTS (buffer) = (GstClockTime) at_us * GST_USECOND;
  GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale (
      g_bytes_get_size (samples) / 4, GST_SECOND, SATCHEL_VIEWER_SOUND_RATE);
  if (self->ready_round == self->round)
    gst_app_src_push_buffer (self->source, buffer);
  else
    g_queue_push_tail (&self->waiting, buffer);
}

gint64
satchel_speaker_get_position_us (SatchelSpeaker *self)
{
  gint64 position = 0;

  if (self->pipeline == NULL || self->ready_round != self->round ||
      !gst_element_query_position (self->pipeline, GST_FORMAT_TIME, &position))
    return -1;
  return position / GST_USECOND;
}

gboolean
satchel_speaker_has_failed (SatchelSpeaker *self)
{
  return self->has_failed;
}

/* --- Its life --- */

static void
satchel_speaker_dispose (GObject *object)
{
  satchel_speaker_close (SATCHEL_SPEAKER (object));
  G_OBJECT_CLASS (satchel_speaker_parent_class)->dispose (object);
}

static void
satchel_speaker_class_init (SatchelSpeakerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_speaker_dispose;
  signals[FAILED] = g_signal_new ("failed", SATCHEL_TYPE_SPEAKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void
satchel_speaker_init (SatchelSpeaker *self)
{
  g_queue_init (&self->waiting);
}

static void
build (SatchelSpeaker *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstCaps) caps = gst_caps_new_simple (
      "audio/x-raw", "format", G_TYPE_STRING, G_BYTE_ORDER == G_LITTLE_ENDIAN ? "S16LE" : "S16BE",
      "rate", G_TYPE_INT, SATCHEL_VIEWER_SOUND_RATE, "channels", G_TYPE_INT, 2, "layout",
      G_TYPE_STRING, "interleaved", NULL);
  GstElement *pipeline = gst_parse_launch (
      "appsrc name=source format=time max-bytes=0 ! audioconvert ! audioresample ! autoaudiosink",
      &error);

  if (error != NULL) {
    gst_clear_object (&pipeline);
    self->has_failed = TRUE;
    return;
  }
  self->pipeline = gst_object_ref_sink (pipeline);
  g_autoptr (GstElement) source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  self->source = GST_APP_SRC (source);
  gst_app_src_set_caps (self->source, caps);
  bus = gst_element_get_bus (pipeline);
  self->watch = gst_bus_add_watch (bus, bus_cb, self);
}

SatchelSpeaker *
satchel_speaker_new (void)
{
  SatchelSpeaker *self = g_object_new (SATCHEL_TYPE_SPEAKER, NULL);

  if (satchel_sound_load ())
    build (self);
  else
    self->has_failed = TRUE;
  return self;
}
