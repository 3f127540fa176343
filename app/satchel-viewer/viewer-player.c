/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads: one reads the socket, the first does what was asked, one a stream waits for samples and
 * sends them, and GStreamer has its own. */
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <unistd.h>

#include "viewer-player.h"

#define OPENING_MAX (25 * GST_SECOND)
#define GLANCE      (20 * GST_MSECOND) /* how long one look for a sample takes at most */

/* What the app asked for, or what went wrong. */
typedef struct {
  SatchelViewerMessage message;
  union {
    SatchelViewerAsk ask;
    SatchelViewerSeek seek;
    SatchelViewerRender render;
  };
} Order;

/* Sound, or frames. */
typedef struct {
  SatchelViewerMessage message;
  GstElement *sink;  /* nullable: the file has none */
  GAsyncQueue *asks; /* of Order */
  GstSample *sample; /* that is being sent piece by piece, nullable */
  gsize sent_bytes;  /* of it */
  guint32 round;     /* of it */
} Stream;

static struct {
  GAsyncQueue *orders; /* of Order */
  GstElement *pipeline;
  GstElement *filter; /* what frames fit into */
  Stream sound;
  Stream frames;
  gboolean is_partial; /* something in the file cannot be decoded */

  /* The bytes that the reader was asked for. */
  GMutex fetching;
  GCond fetched;
  guint8 *wanted;
  gsize wanted_bytes;

  /* While a seek is under way no sample is taken: one that was is of the round before. */
  GMutex gate;
  GCond gate_changed;
  gboolean is_seeking;
  guint inside;
  guint32 round;
} player;

/* --- The socket --- */

static void
fetch (guint8 *out, gsize size_bytes)
{
  g_mutex_lock (&player.fetching);
  player.wanted_bytes = size_bytes;
  player.wanted = out;
  g_cond_broadcast (&player.fetched);
  while (player.wanted != NULL)
    g_cond_wait (&player.fetched, &player.fetching);
  g_mutex_unlock (&player.fetching);
}

/* The answer may be here before the one who asked has begun to wait. */
static void
take_data (gsize size_bytes)
{
  g_mutex_lock (&player.fetching);
  while (player.wanted == NULL)
    g_cond_wait (&player.fetched, &player.fetching);
  if (size_bytes != player.wanted_bytes)
    _exit (1);
  viewer_receive (player.wanted, size_bytes);
  player.wanted = NULL;
  g_cond_broadcast (&player.fetched);
  g_mutex_unlock (&player.fetching);
}

static gsize
get_size (SatchelViewerMessage message)
{
  switch (message) {
    case SATCHEL_VIEWER_ASK_SOUND:
    case SATCHEL_VIEWER_ASK_FRAME:
      return sizeof (SatchelViewerAsk);
    case SATCHEL_VIEWER_SEEK:
      return sizeof (SatchelViewerSeek);
    case SATCHEL_VIEWER_PLAY:
    case SATCHEL_VIEWER_RENDER:
      return sizeof (SatchelViewerRender);
    default:
      return 0;
  }
}

static gpointer
read_socket (gpointer unused)
{
  SatchelViewerHeader header;

  for (;;) {
    viewer_receive (&header, sizeof header);
    if (header.message == SATCHEL_VIEWER_DATA) {
      take_data (header.size_bytes);
      continue;
    }
    Order *order = g_new0 (Order, 1);
    order->message = header.message;
    if (header.size_bytes != get_size (header.message))
      _exit (1);
    viewer_receive (&order->ask, header.size_bytes);
    g_async_queue_push (player.orders, order);
  }
  return NULL;
}

static void
send_failure (SatchelViewerFailure failure)
{
  guint32 number = failure;

  viewer_send (SATCHEL_VIEWER_FAILED, &number, sizeof number, NULL, 0);
}

/* --- The gate --- */

static gboolean
enter_gate (guint32 round)
{
  g_mutex_lock (&player.gate);
  while (player.is_seeking)
    g_cond_wait (&player.gate_changed, &player.gate);
  gboolean is_current = round == player.round;
  player.inside += is_current;
  g_mutex_unlock (&player.gate);
  return is_current;
}

static void
leave_gate (void)
{
  g_mutex_lock (&player.gate);
  player.inside--;
  g_cond_broadcast (&player.gate_changed);
  g_mutex_unlock (&player.gate);
}

static void
seek (gint64 position_us, guint32 round, GstSeekFlags how)
{
  g_mutex_lock (&player.gate);
  player.is_seeking = TRUE;
  while (player.inside > 0)
    g_cond_wait (&player.gate_changed, &player.gate);
  g_mutex_unlock (&player.gate);
  gst_element_seek_simple (player.pipeline, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH | how,
                           MAX (position_us, 0) * GST_USECOND);
  g_mutex_lock (&player.gate);
  player.round = round;
  player.is_seeking = FALSE;
  g_cond_broadcast (&player.gate_changed);
  g_mutex_unlock (&player.gate);
}

/* --- Samples --- */

/* @sent_us of the sample are gone already. -1: unknown, or further than anything may be. */
static gint64
get_position (GstSample *sample, gint64 sent_us)
{
  GstClockTime at = GST_BUFFER_PTS (gst_sample_get_buffer (sample));
  guint64 position = GST_CLOCK_TIME_IS_VALID (at)
                         ? gst_segment_to_stream_time (gst_sample_get_segment (sample),
                                                       GST_FORMAT_TIME, at)
                         : GST_CLOCK_TIME_NONE;

  if (!GST_CLOCK_TIME_IS_VALID (position))
    return -1;
  gint64 sum = (gint64) (position / GST_USECOND) + sent_us;
  return sum <= SATCHEL_VIEWER_TIME_MAX_US ? sum : -1;
}

static void
send_sound (Stream *stream, SatchelViewerPiece *piece)
{
  GstMapInfo map;

  if (!gst_buffer_map (gst_sample_get_buffer (stream->sample), &map, GST_MAP_READ))
    _exit (1);
  gsize size = MIN (map.size - stream->sent_bytes, SATCHEL_VIEWER_SOUND_MAX);
  piece->position_us = get_position (
      stream->sample,
      (gint64) (stream->sent_bytes / 4) * G_USEC_PER_SEC / SATCHEL_VIEWER_SOUND_RATE);
  viewer_send (SATCHEL_VIEWER_SOUND, piece, sizeof *piece, map.data + stream->sent_bytes, size);
  stream->sent_bytes += size;
  if (stream->sent_bytes >= map.size) {
    gst_buffer_unmap (gst_sample_get_buffer (stream->sample), &map);
    g_clear_pointer (&stream->sample, gst_sample_unref);
    return;
  }
  gst_buffer_unmap (gst_sample_get_buffer (stream->sample), &map);
}

static void
send_frame (GstSample *sample, SatchelViewerPiece *piece)
{
  ViewerPicture picture;

  if (!viewer_copy_frame (sample, &picture))
    _exit (1);
  piece->position_us = get_position (sample, 0);
  piece->width = picture.facts.width;
  piece->height = picture.facts.height;
  viewer_send (SATCHEL_VIEWER_FRAME, piece, sizeof *piece, picture.pixels,
               (gsize) piece->width * piece->height * 4);
  g_free (picture.pixels);
}

/* Decoders give empty ones too; to the app an empty piece is the end. */
static gboolean
is_empty (GstSample *sample)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);

  return buffer == NULL || gst_buffer_get_size (buffer) == 0;
}

/* The next sample of @round, or NULL: at the end, or once the round is over. */
static GstSample *
wait_for_sample (Stream *stream, guint32 round, gboolean *is_end)
{
  GstAppSink *sink = GST_APP_SINK (stream->sink);
  GstSample *sample = NULL;

  while (sample == NULL && !*is_end) {
    if (!enter_gate (round))
      return NULL;
    sample = gst_app_sink_try_pull_sample (sink, GLANCE);
    *is_end = sample == NULL && gst_app_sink_is_eos (sink);
    leave_gate ();
    if (sample != NULL && is_empty (sample))
      g_clear_pointer (&sample, gst_sample_unref);
  }
  return sample;
}

static void
answer_ask (Stream *stream, guint32 round)
{
  SatchelViewerPiece piece = {.position_us = -1, .round = round};
  gboolean is_end = FALSE;

  if (stream->round != round)
    g_clear_pointer (&stream->sample, gst_sample_unref);
  stream->round = round;
  if (stream->sample == NULL) {
    stream->sample = wait_for_sample (stream, round, &is_end);
    stream->sent_bytes = 0;
  }
  if (is_end)
    viewer_send (stream->message, &piece, sizeof piece, NULL, 0);
  if (stream->sample == NULL)
    return;
  if (stream->message == SATCHEL_VIEWER_SOUND) {
    send_sound (stream, &piece);
    return;
  }
  send_frame (stream->sample, &piece);
  g_clear_pointer (&stream->sample, gst_sample_unref);
}

static gpointer
send_samples (gpointer data)
{
  Stream *stream = data;

  for (;;) {
    g_autofree Order *order = g_async_queue_pop (stream->asks);
    if (stream->sink != NULL)
      answer_ask (stream, order->ask.round);
  }
  return NULL;
}

/* --- What is asked --- */

static GstBusSyncReply
bus_cb (GstBus *bus, GstMessage *message, gpointer unused)
{
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    Order *order = g_new0 (Order, 1);
    order->message = SATCHEL_VIEWER_FAILED;
    g_async_queue_push (player.orders, order);
  }
  gst_message_unref (message);
  return GST_BUS_DROP;
}

static SatchelViewerFailure
get_failure (GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  if (message == NULL || GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    return SATCHEL_VIEWER_FAILURE_DAMAGED;
  gst_message_parse_error (message, &error, NULL);
  return g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_CODEC_NOT_FOUND) ||
                 player.is_partial
             ? SATCHEL_VIEWER_FAILURE_FORMAT
             : SATCHEL_VIEWER_FAILURE_DAMAGED;
}

/* Returns once it is known what is in the file; FALSE and said where that is nothing. */
static gboolean
start_pipeline (void)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (player.pipeline);
  g_autoptr (GstMessage) message = NULL;
  GstMessage *missed;

  gst_element_set_state (player.pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (
      bus, OPENING_MAX, GST_MESSAGE_ASYNC_DONE | GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  if (message == NULL || GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR ||
      (player.sound.sink == NULL && player.frames.sink == NULL)) {
    send_failure (get_failure (message));
    return FALSE;
  }
  gst_bus_set_sync_handler (bus, bus_cb, NULL, NULL);
  /* What was said before somebody listened. */
  while ((missed = gst_bus_pop (bus)) != NULL)
    bus_cb (bus, missed, NULL);
  return TRUE;
}

static void
send_facts (void)
{
  SatchelViewerFacts facts = {.has_sound = player.sound.sink != NULL,
                              .has_frames = player.frames.sink != NULL,
                              .is_partial = player.is_partial};
  gint64 duration = 0;

  if (gst_element_query_duration (player.pipeline, GST_FORMAT_TIME, &duration) && duration > 0 &&
      duration / GST_USECOND <= SATCHEL_VIEWER_TIME_MAX_US)
    facts.duration_us = duration / GST_USECOND;
  viewer_send (SATCHEL_VIEWER_FACTS, &facts, sizeof facts, NULL, 0);
}

/* A little into the video: the first frame is often black. */
static void
answer_render (void)
{
  gint64 duration = 0;
  gboolean is_end = FALSE;
  ViewerPicture picture;

  if (player.frames.sink == NULL) {
    send_failure (SATCHEL_VIEWER_FAILURE_FORMAT);
    return;
  }
  if (gst_element_query_duration (player.pipeline, GST_FORMAT_TIME, &duration) && duration > 0)
    seek (MIN (duration / GST_USECOND / 10, 3 * G_USEC_PER_SEC), 1, GST_SEEK_FLAG_KEY_UNIT);
  g_autoptr (GstSample) sample = wait_for_sample (&player.frames, player.round, &is_end);
  if (sample == NULL || !viewer_copy_frame (sample, &picture)) {
    send_failure (SATCHEL_VIEWER_FAILURE_DAMAGED);
    return;
  }
  viewer_send (SATCHEL_VIEWER_PICTURE, &picture.facts, sizeof picture.facts, picture.pixels,
               (gsize) picture.facts.width * picture.facts.height * 4);
  g_free (picture.pixels);
}

static void
carry_out (Order *order)
{
  switch (order->message) {
    case SATCHEL_VIEWER_ASK_SOUND:
      g_async_queue_push (player.sound.asks, g_memdup2 (order, sizeof *order));
      break;
    case SATCHEL_VIEWER_ASK_FRAME:
      viewer_fit_frames (player.filter, order->ask.width, order->ask.height);
      g_async_queue_push (player.frames.asks, g_memdup2 (order, sizeof *order));
      break;
    case SATCHEL_VIEWER_SEEK:
      seek (order->seek.position_us, order->seek.round, GST_SEEK_FLAG_ACCURATE);
      break;
    case SATCHEL_VIEWER_FAILED:
      send_failure (SATCHEL_VIEWER_FAILURE_DAMAGED);
      break;
    default:
      _exit (1);
  }
}

static void
begin (const Order *order)
{
  gboolean is_playing = order->message == SATCHEL_VIEWER_PLAY;

  if (!is_playing && order->message != SATCHEL_VIEWER_RENDER)
    _exit (1);
  viewer_fit_frames (player.filter, order->render.width, order->render.height);
  if (!start_pipeline ())
    return;
  if (is_playing)
    send_facts ();
  else
    answer_render ();
}

static void
take_branch (const ViewerBranch *branch)
{
  if (branch->is_sound)
    player.sound.sink = branch->sink;
  else if (branch->sink != NULL)
    player.frames.sink = branch->sink;
  else
    player.is_partial = TRUE;
}

static void
stream_init (Stream *stream, SatchelViewerMessage message)
{
  stream->message = message;
  stream->asks = g_async_queue_new ();
  g_thread_new (message == SATCHEL_VIEWER_SOUND ? "sound" : "frames", send_samples, stream);
}

void
viewer_play (const SatchelViewerOpen *open)
{
  g_autoptr (GInputStream) content = viewer_content_new (open->size_bytes, fetch);

  player.orders = g_async_queue_new ();
  g_thread_new ("socket", read_socket, NULL);
  g_autofree Order *first = g_async_queue_pop (player.orders);
  player.filter = viewer_make_filter ();
  player.pipeline = viewer_make_pipeline (content, player.filter, take_branch);
  stream_init (&player.sound, SATCHEL_VIEWER_SOUND);
  stream_init (&player.frames, SATCHEL_VIEWER_FRAME);
  begin (first);
  for (;;) {
    g_autofree Order *order = g_async_queue_pop (player.orders);
    carry_out (order);
  }
}
