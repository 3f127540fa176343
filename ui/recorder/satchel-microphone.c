/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/satchel-microphone.h"

#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <stdlib.h>
#include <string.h>

#include "sound/satchel-sound.h"

#define PATIENCE_MS 5000                        /* until sound comes */
#define POLL_MS     100                         /* until it is seen that nobody waits any more */
#define BUFFER_US   G_GINT64_CONSTANT (4000000) /* that a busy machine may come late by */
#define OGG_GRANULE 6                           /* where it stands in a page */
#define LATENCY_US  G_GINT64_CONSTANT (50000)

/* The first of them that opens. Not autoaudiosrc: where none does, that one gives silence. */
static const char *const SOURCES[] = {"pulsesrc", "pipewiresrc", "alsasrc"};

/* Where PulseAudio and PipeWire have no microphone, they offer what a loudspeaker plays. */
#define MONITOR_SUFFIX ".monitor"

#if G_BYTE_ORDER == G_LITTLE_ENDIAN
#define FORMAT "S16LE"
#else
#define FORMAT "S16BE"
#endif

struct _SatchelMicrophone {
  GObject parent_instance;

  SatchelTape *tape;
  GstElement *pipeline; /* NULL before the start, and after the end */
  guint watch;
  gboolean is_starting; /* a thread is at it */
  gboolean is_ready;
  gboolean has_failed; /* before that */
  gint is_stopped;     /* atomic */
};

enum { READY,
       FAILED,
       SIGNALS };
static guint signals[SIGNALS];

G_DEFINE_QUARK (satchel_microphone_error, satchel_microphone_error)
// clang-format off
G_DEFINE_FINAL_TYPE (SatchelMicrophone, satchel_microphone, G_TYPE_OBJECT)
// clang-format on

/* --- In GStreamer's threads --- */

static GstPadProbeReturn
heard_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  SatchelTape *tape = user_data;
  GstMapInfo map;
  guint peak = 0;

  if (!gst_buffer_map (GST_PAD_PROBE_INFO_BUFFER (info), &map, GST_MAP_READ))
    return GST_PAD_PROBE_OK;
  const gint16 *samples = (const gint16 *) (gconstpointer) map.data;
  gsize count = map.size / sizeof *samples;
  for (gsize i = 0; i < count; i++)
    peak = MAX (peak, (guint) abs (samples[i]));
  satchel_tape_hear (tape, count, peak);
  gst_buffer_unmap (GST_PAD_PROBE_INFO_BUFFER (info), &map);
  return GST_PAD_PROBE_OK;
}

/* Each buffer is one page of Ogg: its header says how many frames have been, with those that its
 * encoder puts before the first. */
static gint64
get_end_us (const guint8 *page, gsize size_bytes)
{
  guint64 frames = 0;

  if (size_bytes < OGG_GRANULE + sizeof frames || memcmp (page, "OggS", 4) != 0)
    return 0;
  memcpy (&frames, page + OGG_GRANULE, sizeof frames);
  frames = GUINT64_FROM_LE (frames);
  /* -1 where nothing ends in it. */
  return frames < G_MAXINT64 / G_USEC_PER_SEC
             ? (gint64) (frames * G_USEC_PER_SEC / SATCHEL_TAPE_RATE)
             : 0;
}

static GstFlowReturn
encoded_cb (GstAppSink *sink, gpointer user_data)
{
  SatchelTape *tape = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstBuffer *buffer = sample != NULL ? gst_sample_get_buffer (sample) : NULL;
  GstMapInfo map;

  if (buffer == NULL || !gst_buffer_map (buffer, &map, GST_MAP_READ))
    return GST_FLOW_ERROR;
  gboolean is_taken = satchel_tape_put (tape, map.data, map.size, get_end_us (map.data, map.size));
  gst_buffer_unmap (buffer, &map);
  return is_taken ? GST_FLOW_OK : GST_FLOW_ERROR;
}

static void
encoded_all_cb (GstAppSink *sink, gpointer user_data)
{
  satchel_tape_end (user_data);
}

/* --- Beginning --- */

/* Context of the start, which goes on where the microphone was stopped meanwhile. */
typedef struct {
  SatchelMicrophone *microphone;
  GstElement *pipeline;
  gboolean is_ready;
} Start;

static void
set_time (GstElement *source, const char *property, gint64 time_us)
{
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (source), property) != NULL)
    g_object_set (source, property, time_us, NULL);
}

static GstElement *
open_source (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (SOURCES); i++) {
    g_autoptr (GstElement) source = gst_element_factory_make (SOURCES[i], NULL);
    if (source == NULL)
      continue;
    gst_object_ref_sink (source);
    set_time (source, "buffer-time", BUFFER_US);
    set_time (source, "latency-time", LATENCY_US);
    if (gst_element_set_state (source, GST_STATE_READY) != GST_STATE_CHANGE_FAILURE)
      return g_steal_pointer (&source);
    gst_element_set_state (source, GST_STATE_NULL);
  }
  return NULL;
}

static gboolean
is_monitor (GstElement *source)
{
  g_autofree char *device = NULL;

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (source), "current-device") != NULL)
    g_object_get (source, "current-device", &device, NULL);
  return device != NULL && g_str_has_suffix (device, MONITOR_SUFFIX);
}

/* Until the first of it has come through: a server may say yes, and give nothing. */
static gboolean
await_sound (SatchelMicrophone *self, GstElement *pipeline)
{
  GstStateChangeReturn change = GST_STATE_CHANGE_ASYNC;

  for (guint waited_ms = 0; change == GST_STATE_CHANGE_ASYNC && waited_ms < PATIENCE_MS &&
                            !g_atomic_int_get (&self->is_stopped);
       waited_ms += POLL_MS)
    change = gst_element_get_state (pipeline, NULL, NULL, POLL_MS * GST_MSECOND);
  return change == GST_STATE_CHANGE_SUCCESS;
}

static gboolean
listen (SatchelMicrophone *self, GstElement *pipeline)
{
  g_autoptr (GstElement) source = open_source ();
  g_autoptr (GstElement) convert = gst_bin_get_by_name (GST_BIN (pipeline), "convert");

  if (source == NULL)
    return FALSE;
  gst_bin_add (GST_BIN (pipeline), source);
  return gst_element_link (source, convert) && !g_atomic_int_get (&self->is_stopped) &&
         gst_element_set_state (pipeline, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE &&
         await_sound (self, pipeline) && !is_monitor (source);
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

static void
fail (SatchelMicrophone *self, SatchelMicrophoneError code, const char *message)
{
  g_autoptr (GError) error = g_error_new_literal (SATCHEL_MICROPHONE_ERROR, (int) code, message);

  satchel_microphone_stop (self);
  g_signal_emit (self, signals[FAILED], 0, error);
}

static gboolean
started_cb (gpointer user_data)
{
  g_autofree Start *start = user_data;
  g_autoptr (SatchelMicrophone) self = start->microphone;
  g_autoptr (GstElement) pipeline = start->pipeline;

  self->is_starting = FALSE;
  if (self->pipeline == NULL) {
    silence (pipeline);
  } else if (start->is_ready && self->has_failed) {
    fail (self, SATCHEL_MICROPHONE_ERROR_LOST, "the microphone went away at once");
  } else if (start->is_ready) {
    self->is_ready = TRUE;
    g_signal_emit (self, signals[READY], 0);
  } else {
    fail (self, SATCHEL_MICROPHONE_ERROR_NONE, "nothing to hear with");
  }
  return G_SOURCE_REMOVE;
}

static void
start_cb (GstElement *pipeline, gpointer user_data)
{
  Start *start = user_data;

  start->is_ready = listen (start->microphone, pipeline);
  if (g_atomic_int_get (&start->microphone->is_stopped))
    silence_cb (pipeline, NULL);
  g_idle_add_full (G_PRIORITY_DEFAULT, started_cb, start, NULL);
}

/* What fails while it is starting is told by the start itself. */
static gboolean
bus_cb (GstBus *bus, GstMessage *message, gpointer user_data)
{
  g_autoptr (SatchelMicrophone) self = g_object_ref (user_data);

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    return G_SOURCE_CONTINUE;
  if (!self->is_ready) {
    self->has_failed = TRUE;
    return G_SOURCE_CONTINUE;
  }
  if (satchel_tape_is_full (self->tape))
    fail (self, SATCHEL_MICROPHONE_ERROR_FULL, "what was heard waited for too long");
  else
    fail (self, SATCHEL_MICROPHONE_ERROR_LOST, "the microphone went away");
  return G_SOURCE_CONTINUE;
}

static gboolean
build (SatchelMicrophone *self)
{
  static const char description[] =
      "audioconvert name=convert ! audioresample"
      " ! audio/x-raw,format=" FORMAT
      ",rate=" G_STRINGIFY (SATCHEL_TAPE_RATE) ",channels=1"
                                               " ! opusenc name=encoder bitrate=64000 ! oggmux"
                                               " ! appsink name=sink sync=false";
  static GstAppSinkCallbacks callbacks = {.eos = encoded_all_cb, .new_sample = encoded_cb};
  g_autoptr (GError) error = NULL;
  g_autoptr (GstBus) bus = NULL;
  GstElement *pipeline =
      satchel_sound_load () ? gst_parse_launch_full (description, NULL,
                                                     GST_PARSE_FLAG_FATAL_ERRORS, &error)
                            : NULL;

  if (pipeline == NULL)
    return FALSE;
  self->pipeline = gst_object_ref_sink (pipeline);
  g_autoptr (GstElement) encoder = gst_bin_get_by_name (GST_BIN (pipeline), "encoder");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (encoder, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, heard_cb, satchel_tape_ref (self->tape),
                     (GDestroyNotify) satchel_tape_unref);
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, satchel_tape_ref (self->tape),
                              (GDestroyNotify) satchel_tape_unref);
  bus = gst_element_get_bus (pipeline);
  self->watch = gst_bus_add_watch (bus, bus_cb, self);
  return TRUE;
}

void
satchel_microphone_start (SatchelMicrophone *self)
{
  Start *start;

  g_return_if_fail (self->pipeline == NULL && !g_atomic_int_get (&self->is_stopped));
  if (!build (self)) {
    fail (self, SATCHEL_MICROPHONE_ERROR_MISSING, "GStreamer or a plugin of it is missing");
    return;
  }
  self->is_starting = TRUE;
  start = g_new0 (Start, 1);
  *start = (Start){g_object_ref (self), gst_object_ref (self->pipeline), FALSE};
  gst_element_call_async (self->pipeline, start_cb, start, NULL);
}

/* --- The end --- */

/* In another thread: a server that hangs holds up nobody. Only what was encoded to its end ends the
 * tape. */
static void
end_cb (GstElement *pipeline, gpointer tape)
{
  gst_element_send_event (pipeline, gst_event_new_eos ());
  satchel_tape_await_end (tape, SATCHEL_MICROPHONE_END_MS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

void
satchel_microphone_stop (SatchelMicrophone *self)
{
  g_autoptr (GstElement) pipeline = g_steal_pointer (&self->pipeline);

  g_clear_handle_id (&self->watch, g_source_remove);
  if (g_atomic_int_get (&self->is_stopped))
    return;
  g_atomic_int_set (&self->is_stopped, TRUE);
  if (pipeline == NULL || self->is_starting)
    satchel_tape_end (self->tape);
  else
    gst_element_call_async (pipeline, end_cb, satchel_tape_ref (self->tape),
                            (GDestroyNotify) satchel_tape_unref);
}

static void
satchel_microphone_dispose (GObject *object)
{
  satchel_microphone_stop (SATCHEL_MICROPHONE (object));
  G_OBJECT_CLASS (satchel_microphone_parent_class)->dispose (object);
}

static void
satchel_microphone_finalize (GObject *object)
{
  satchel_tape_unref (SATCHEL_MICROPHONE (object)->tape);
  G_OBJECT_CLASS (satchel_microphone_parent_class)->finalize (object);
}

static void
satchel_microphone_class_init (SatchelMicrophoneClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_microphone_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_microphone_finalize;
  signals[READY] = g_signal_new ("ready", SATCHEL_TYPE_MICROPHONE, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", SATCHEL_TYPE_MICROPHONE, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
satchel_microphone_init (SatchelMicrophone *self)
{
}

SatchelMicrophone *
satchel_microphone_new (SatchelTape *tape)
{
  SatchelMicrophone *self = g_object_new (SATCHEL_TYPE_MICROPHONE, NULL);

  self->tape = satchel_tape_ref (tape);
  return self;
}
