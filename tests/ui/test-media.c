/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real viewer with sound and video: whole, cut short, hostile, and killed while it plays. */
#include "viewer/satchel-media.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "player/satchel-player-view.h"
#include "viewer/satchel-viewer.h"

#define SIDE 64

/* What came of a file. */
typedef struct {
  GMainLoop *loop;
  SatchelMedia *media;
  GError *error;
  guint64 sound_frames;
  gint64 first_sound_us;
  GArray *at;     /* of gint64: when each frame is shown */
  GPtrArray *sum; /* of char *: what it looks like */
  int width;
  int height;
  gboolean sound_ended;
  gboolean frames_ended;
  gboolean stops_at_first;
} Played;

static void
stop_when_done (Played *played)
{
  const SatchelViewerFacts *facts = satchel_media_get_facts (played->media);

  if ((played->sound_ended || !facts->has_sound) && (played->frames_ended || !facts->has_frames))
    g_main_loop_quit (played->loop);
}

static void
opened_cb (SatchelMedia *media, Played *played)
{
  satchel_media_ask_sound (media);
  satchel_media_ask_frame (media, SIDE, SIDE);
}

static void
sound_cb (SatchelMedia *media, gint64 position_us, GBytes *samples, Played *played)
{
  if (samples == NULL) {
    played->sound_ended = TRUE;
    stop_when_done (played);
    return;
  }
  if (played->sound_frames == 0)
    played->first_sound_us = position_us;
  played->sound_frames += g_bytes_get_size (samples) / 4;
  satchel_media_ask_sound (media);
}

static void
frame_cb (SatchelMedia *media, gint64 position_us, GdkTexture *texture, Played *played)
{
  if (texture == NULL) {
    played->frames_ended = TRUE;
    stop_when_done (played);
    return;
  }
  played->width = gdk_texture_get_width (texture);
  played->height = gdk_texture_get_height (texture);
  gsize size = (gsize) played->width * (gsize) played->height * 4;
  g_autofree guint8 *pixels = g_malloc (size);
  gdk_texture_download (texture, pixels, (gsize) played->width * 4);
  g_array_append_val (played->at, position_us);
  g_ptr_array_add (played->sum, g_compute_checksum_for_data (G_CHECKSUM_SHA256, pixels, size));
  if (played->stops_at_first)
    g_main_loop_quit (played->loop);
  else
    satchel_media_ask_frame (media, SIDE, SIDE);
}

static void
failed_cb (SatchelMedia *media, const GError *error, Played *played)
{
  g_assert_null (played->error);
  played->error = g_error_copy (error);
  g_main_loop_quit (played->loop);
}

static void
forget (Played *played)
{
  played->sound_frames = 0;
  played->sound_ended = played->frames_ended = FALSE;
  g_array_set_size (played->at, 0);
  g_ptr_array_set_size (played->sum, 0);
}

static void
played_init (Played *played, const void *data, gsize size)
{
  g_autoptr (GInputStream) content = g_memory_input_stream_new_from_data (
      g_memdup2 (data, size), (gssize) size, g_free);
  g_autoptr (GError) error = NULL;

  *played = (Played){.loop = g_main_loop_new (NULL, FALSE)};
  played->at = g_array_new (FALSE, FALSE, sizeof (gint64));
  played->sum = g_ptr_array_new_with_free_func (g_free);
  played->media = satchel_media_new (content, size, SIDE, SIDE, &error);
  g_assert_no_error (error);
  g_signal_connect (played->media, "opened", G_CALLBACK (opened_cb), played);
  g_signal_connect (played->media, "sound", G_CALLBACK (sound_cb), played);
  g_signal_connect (played->media, "frame", G_CALLBACK (frame_cb), played);
  g_signal_connect (played->media, "failed", G_CALLBACK (failed_cb), played);
}

static void
played_clear (Played *played)
{
  if (played->media != NULL)
    satchel_media_close (played->media);
  g_clear_object (&played->media);
  g_clear_error (&played->error);
  g_clear_pointer (&played->at, g_array_unref);
  g_clear_pointer (&played->sum, g_ptr_array_unref);
  g_clear_pointer (&played->loop, g_main_loop_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Played, played_clear)

static char *
load (const char *name, gsize *size)
{
  g_autofree char *path = g_build_filename (g_getenv ("SATCHEL_SOURCE"), name, NULL);
  char *data = NULL;

  g_assert_true (g_file_get_contents (path, &data, size, NULL));
  return data;
}

#define NOTE "data/demo/samples/یادداشت صوتی.ogg"
#define FILM "data/demo/samples/VID_20240309_141030.webm"
#define CLIP "tests/ui/media/phone.mp4"

typedef struct {
  const char *path;
  gint64 duration_ms;
  gint64 sound_ms; /* 0: none */
  guint frames;
  int width;
  int height;
} Sample;

static const Sample SAMPLES[] = {
    {NOTE, 15004, 15004, 0, 0, 0},
    {FILM, 3000, 3000, 45, 64, 36},
    {CLIP, 2000, 2000, 50, 64, 36},
    {"tests/ui/media/portrait.mov", 2000, 2000, 50, 36, 64},
    {"tests/ui/media/hevc.mp4", 2000, 0, 50, 64, 36},
    {"tests/ui/media/old.3gp", 2000, 2000, 50, 64, 36},
    {"tests/ui/media/note.mp3", 2000, 2000, 0, 0, 0},
    {"tests/ui/media/note.m4a", 2000, 2000, 0, 0, 0},
    {"tests/ui/media/note.wav", 2000, 2000, 0, 0, 0},
    {"tests/ui/media/note.flac", 2000, 2000, 0, 0, 0},
    {"tests/ui/media/note.ogg", 2000, 2000, 0, 0, 0},
};

static gboolean
is_near (gint64 value, gint64 expected, gint64 by)
{
  return ABS (value - expected) <= by;
}

static void
check_sample (const Sample *sample)
{
  g_auto (Played) played = {0};
  gsize size = 0;
  g_autofree char *data = load (sample->path, &size);

  played_init (&played, data, size);
  g_main_loop_run (played.loop);
  const SatchelViewerFacts *facts = satchel_media_get_facts (played.media);
  gint64 sound_ms = (gint64) played.sound_frames * 1000 / SATCHEL_VIEWER_SOUND_RATE;
  g_test_message ("%s: %" G_GINT64_FORMAT " ms, %" G_GINT64_FORMAT " ms of sound, %u frames %dx%d",
                  sample->path, facts->duration_us / 1000, sound_ms, played.at->len, played.width,
                  played.height);
  g_assert_no_error (played.error);
  g_assert_false (facts->is_partial);
  g_assert_cmpint (facts->has_sound, ==, sample->sound_ms > 0);
  g_assert_true (is_near (facts->duration_us / 1000, sample->duration_ms, 120));
  g_assert_true (is_near (sound_ms, sample->sound_ms, 120));
  g_assert_true (is_near (played.at->len, sample->frames, 1));
  g_assert_true (is_near (played.width, sample->width, 1));
  g_assert_true (is_near (played.height, sample->height, 1));
}

static void
test_samples (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (SAMPLES); i++)
    check_sample (&SAMPLES[i]);
}

/* From wherever it is, a seek gives the very frame that stands there when all is played. */
static void
check_seeks (const char *path, gint64 frame_us)
{
  g_auto (Played) whole = {0};
  g_auto (Played) sought = {0};
  gsize size = 0;
  g_autofree char *data = load (path, &size);

  played_init (&whole, data, size);
  g_main_loop_run (whole.loop);
  played_init (&sought, data, size);
  sought.stops_at_first = TRUE;
  g_main_loop_run (sought.loop);
  for (guint i = 0; i < whole.at->len; i += 9) {
    guint target = (i * 7) % whole.at->len;
    gint64 at = g_array_index (whole.at, gint64, target);
    forget (&sought);
    satchel_media_seek (sought.media, at + frame_us / 4);
    satchel_media_ask_sound (sought.media);
    satchel_media_ask_frame (sought.media, SIDE, SIDE);
    g_main_loop_run (sought.loop);
    g_assert_no_error (sought.error);
    g_assert_cmpstr (g_ptr_array_index (sought.sum, 0), ==,
                     g_ptr_array_index (whole.sum, target));
    g_assert_true (is_near (g_array_index (sought.at, gint64, 0), at, frame_us / 2));
  }
}

static void
test_seek_frames (void)
{
  check_seeks (FILM, G_USEC_PER_SEC / 15);
  check_seeks (CLIP, G_USEC_PER_SEC / 25);
}

static void
test_seek_sound (void)
{
  static const char *const PATHS[] = {NOTE, "tests/ui/media/note.mp3", "tests/ui/media/note.wav",
                                      "tests/ui/media/note.m4a"};

  for (guint i = 0; i < G_N_ELEMENTS (PATHS); i++) {
    g_auto (Played) played = {0};
    gsize size = 0;
    g_autofree char *data = load (PATHS[i], &size);
    played_init (&played, data, size);
    g_main_loop_run (played.loop);
    gint64 duration = satchel_media_get_facts (played.media)->duration_us;
    /* Also from its end. */
    for (gint64 at = duration / 4; at < duration * 7 / 8; at += duration / 4) {
      forget (&played);
      satchel_media_seek (played.media, at);
      satchel_media_ask_sound (played.media);
      g_main_loop_run (played.loop);
      gint64 heard = (gint64) played.sound_frames * G_USEC_PER_SEC / SATCHEL_VIEWER_SOUND_RATE;
      g_assert_no_error (played.error);
      g_assert_true (is_near (played.first_sound_us, at, 80000));
      g_assert_true (is_near (heard, duration - at, 150000));
    }
  }
}

/* Whatever is left of a file: it ends, with an error or early, and never hangs. */
static void
check_end (const void *data, gsize size, gboolean must_fail)
{
  g_auto (Played) played = {0};

  played_init (&played, data, size);
  g_main_loop_run (played.loop);
  if (must_fail)
    g_assert_nonnull (played.error);
  if (played.error != NULL)
    g_assert_true (
        g_error_matches (played.error, SATCHEL_VIEWER_ERROR, SATCHEL_VIEWER_ERROR_DAMAGED) ||
        g_error_matches (played.error, SATCHEL_VIEWER_ERROR, SATCHEL_VIEWER_ERROR_FORMAT));
}

static void
test_cut_short (void)
{
  static const char *const PATHS[] = {NOTE, FILM, CLIP, "tests/ui/media/note.mp3",
                                      "tests/ui/media/note.wav", "tests/ui/media/note.flac"};
  guint parts = g_getenv ("SATCHEL_TEST_WHOLE") != NULL ? 64 : 3;

  for (guint i = 0; i < G_N_ELEMENTS (PATHS); i++) {
    gsize size = 0;
    g_autofree char *data = load (PATHS[i], &size);
    for (guint part = 0; part < parts; part++)
      check_end (data, size * part / parts, part == 0);
  }
}

/* Bytes are changed here and there, the same at each run. */
static void
test_broken (void)
{
  static const char *const PATHS[] = {NOTE, FILM, CLIP, "tests/ui/media/hevc.mp4"};
  guint rounds = g_getenv ("SATCHEL_TEST_WHOLE") != NULL ? 100 : 2;
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (guint i = 0; i < G_N_ELEMENTS (PATHS); i++)
    for (guint round = 0; round < rounds; round++) {
      g_auto (Played) played = {0};
      gsize size = 0;
      g_autofree char *data = load (PATHS[i], &size);
      for (guint n = 0; n < 40; n++)
        data[g_rand_int_range (random, round % 2 == 0 ? 0 : 1000, (gint32) size)] =
            (char) g_rand_int (random);
      /* A decoder may even crash of it: so it is in a process of its own. */
      played_init (&played, data, size);
      g_main_loop_run (played.loop);
      g_assert_true (played.error == NULL || played.error->domain == SATCHEL_VIEWER_ERROR);
    }
}

static void
test_other (void)
{
  gsize size = 0;
  g_autofree char *photo = load ("data/demo/samples/IMG_20240309_140512.jpg", &size);
  gsize pdf_size = 0;
  g_autofree char *pdf = load ("data/demo/samples/Повестка.pdf", &pdf_size);

  check_end (photo, size, TRUE);
  check_end (pdf, pdf_size, TRUE);
  check_end ("#EXTM3U\nfile:///etc/passwd\n", 27, TRUE);
  check_end ("RIFF....WAVEfmt ", 16, TRUE);
}

/* --- A still --- */

typedef struct {
  GMainLoop *loop;
  GdkTexture *texture;
  GError *error;
} Still;

static void
drawn_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Still *still = user_data;

  still->texture =
      satchel_viewer_render_finish (SATCHEL_VIEWER (source), result, NULL, &still->error);
  g_main_loop_quit (still->loop);
}

static GdkTexture *
draw (const char *path, gsize part, GError **error)
{
  gsize size = 0;
  g_autofree char *data = load (path, &size);
  g_autoptr (GInputStream) content =
      g_memory_input_stream_new_from_data (data, (gssize) (size * part / 100), NULL);
  g_autoptr (SatchelViewer) viewer =
      satchel_viewer_new (content, size * part / 100, "video/mp4", NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Still still = {.loop = loop};

  satchel_viewer_render_async (viewer, 0, 224, 224, NULL, drawn_cb, &still);
  g_main_loop_run (loop);
  satchel_viewer_close (viewer);
  if (still.error != NULL)
    g_propagate_error (error, still.error);
  return still.texture;
}

static void
test_still (void)
{
  static const char *const PATHS[] = {FILM, CLIP, "tests/ui/media/hevc.mp4"};
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (PATHS); i++) {
    g_autoptr (GdkTexture) texture = draw (PATHS[i], 100, &error);
    g_assert_no_error (error);
    g_assert_cmpint (gdk_texture_get_width (texture), ==, 224);
    g_assert_cmpint (gdk_texture_get_height (texture), ==, 126);
  }
  g_assert_null (draw (CLIP, 10, &error));
  g_assert_error (error, SATCHEL_VIEWER_ERROR, SATCHEL_VIEWER_ERROR_DAMAGED);
  g_clear_error (&error);
  g_assert_null (draw (NOTE, 100, &error));
  g_assert_error (error, SATCHEL_VIEWER_ERROR, SATCHEL_VIEWER_ERROR_FORMAT);
}

/* --- Its end --- */

static gboolean
kill_cb (gpointer user_data)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/task/%d/children", (int) getpid ());
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_auto (GStrv) pids = g_strsplit (g_strstrip (text), " ", -1);
  for (guint i = 0; pids[i] != NULL && *pids[i] != '\0'; i++)
    kill (atoi (pids[i]), SIGKILL);
  return G_SOURCE_REMOVE;
}

static void
test_killed (void)
{
  g_auto (Played) played = {0};
  gsize size = 0;
  g_autofree char *data = load (FILM, &size);

  played_init (&played, data, size);
  played.stops_at_first = TRUE;
  g_main_loop_run (played.loop);
  g_idle_add (kill_cb, NULL);
  satchel_media_ask_frame (played.media, SIDE, SIDE);
  while (played.error == NULL) {
    g_main_loop_run (played.loop);
    satchel_media_ask_frame (played.media, SIDE, SIDE);
  }
  g_assert_error (played.error, SATCHEL_VIEWER_ERROR, SATCHEL_VIEWER_ERROR_CRASHED);
  /* Afterwards nothing that is asked does harm. */
  satchel_media_seek (played.media, 0);
  satchel_media_ask_sound (played.media);
}

static void
test_time_text (void)
{
  static const struct {
    gint64 seconds;
    const char *text;
  } TIMES[] = {
      {-1, "0:00"},
      {0, "0:00"},
      {7, "0:07"},
      {59, "0:59"},
      {60, "1:00"},
      {760, "12:40"},
      {3599, "59:59"},
      {3600, "1:00:00"},
      {3723, "1:02:03"},
      {360000, "100:00:00"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (TIMES); i++) {
    g_autofree char *text = satchel_player_time_text (TIMES[i].seconds * G_USEC_PER_SEC + 999999);
    g_autofree char *exact = satchel_player_time_text (TIMES[i].seconds * G_USEC_PER_SEC);
    g_assert_cmpstr (exact, ==, TIMES[i].text);
    if (TIMES[i].seconds >= 0)
      g_assert_cmpstr (text, ==, TIMES[i].text);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/media/samples", test_samples);
  g_test_add_func ("/ui/media/seek-frames", test_seek_frames);
  g_test_add_func ("/ui/media/seek-sound", test_seek_sound);
  g_test_add_func ("/ui/media/cut-short", test_cut_short);
  g_test_add_func ("/ui/media/broken", test_broken);
  g_test_add_func ("/ui/media/other", test_other);
  g_test_add_func ("/ui/media/still", test_still);
  g_test_add_func ("/ui/media/killed", test_killed);
  g_test_add_func ("/ui/media/time-text", test_time_text);
  return g_test_run ();
}
