/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "player/satchel-player.h"

#include "sound/satchel-sound.h"
#include "sound/satchel-speaker.h"
#include "viewer/satchel-media.h"

#define TICK_MS         15
#define FRAMES_AHEAD    3
#define SOUND_AHEAD_US  (1 * G_USEC_PER_SEC)
#define SOUND_ENOUGH_US (G_USEC_PER_SEC / 4) /* to begin with */
#define SPEAKER_SLOW_US (4 * G_USEC_PER_SEC) /* until it counts as none */
#define FRAMES_SLOW_US  (8 * G_USEC_PER_SEC) /* until sound goes on without a picture */

struct _SatchelPlayer {
  GObject parent_instance;

  SatchelMedia *media;
  SatchelSpeaker *speaker; /* NULL until it is needed */
  gboolean is_open;
  gboolean is_closed;
  gboolean is_playing; /* as a person wants it */
  gboolean is_running; /* sound and frames go on: there is enough to begin with */
  gboolean is_at_end;
  gint64 base_us; /* where this stretch began */
  gint64 position_us;
  gint64 anchor_us; /* a position, and when it was that */
  gint64 anchor_time;
  gint64 sound_until_us; /* what was pushed goes to here */
  gboolean sound_ended;
  gboolean frames_ended;
  gboolean is_first_shown; /* of this stretch */
  gint64 begun_time;       /* when that began */
  GQueue frames;           /* of Frame, in order */
  guint width;
  guint height;
  guint tick;
};

typedef struct {
  gint64 at_us;
  GdkTexture *texture;
} Frame;

enum { OPENED,
       CHANGED,
       FRAME,
       FAILED,
       SIGNALS };
static guint signals[SIGNALS];

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelPlayer, satchel_player, G_TYPE_OBJECT)
// clang-format on

static void
frame_free (gpointer data)
{
  Frame *self = data;

  g_object_unref (self->texture);
  g_free (self);
}

static void
say_changed (SatchelPlayer *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
can_be_heard (SatchelPlayer *self)
{
  return satchel_player_has_sound (self) && self->speaker != NULL &&
         !satchel_speaker_has_failed (self->speaker);
}

/* Standing still, one frame is all that is shown. */
static void
ask (SatchelPlayer *self)
{
  if (!self->is_playing && self->is_first_shown)
    return;
  if (!self->frames_ended && g_queue_get_length (&self->frames) < FRAMES_AHEAD)
    satchel_media_ask_frame (self->media, self->width, self->height);
  if (self->is_playing && !self->sound_ended &&
      self->sound_until_us - self->position_us < SOUND_AHEAD_US)
    satchel_media_ask_sound (self->media);
}

/* --- Time --- */

static void
set_anchor (SatchelPlayer *self, gint64 position_us)
{
  self->anchor_us = position_us;
  self->anchor_time = g_get_monotonic_time ();
}

/* Sound says what time it is, while there is some; before, after and without it the clock does. */
static gint64
find_position (SatchelPlayer *self)
{
  gint64 passed = g_get_monotonic_time () - self->anchor_time;
  gint64 heard = can_be_heard (self) ? satchel_speaker_get_position_us (self->speaker) : -1;
  gboolean is_over = self->sound_ended && self->position_us >= self->sound_until_us - 50000;

  if (!can_be_heard (self) || is_over)
    return self->anchor_us + passed;
  if (heard >= 0) {
    set_anchor (self, self->base_us + heard);
    return self->anchor_us;
  }
  return passed > SPEAKER_SLOW_US ? self->anchor_us + passed - SPEAKER_SLOW_US : self->anchor_us;
}

/* --- Stretches: from a start or a seek to the next --- */

static void
begin_stretch (SatchelPlayer *self, gint64 position_us)
{
  g_queue_clear_full (&self->frames, frame_free);
  if (self->speaker != NULL)
    satchel_speaker_stop (self->speaker);
  self->base_us = self->position_us = self->sound_until_us = position_us;
  self->sound_ended = !satchel_player_has_sound (self);
  self->frames_ended = !satchel_player_has_frames (self);
  self->is_running = self->is_first_shown = self->is_at_end = FALSE;
  self->begun_time = g_get_monotonic_time ();
  ask (self);
}

/* None may come: a video says that it has a picture, and what it has is behind all of the sound,
 * or nowhere. One that comes late is shown all the same. */
static gboolean
are_frames_late (SatchelPlayer *self)
{
  return satchel_player_has_sound (self) && !self->is_first_shown &&
         g_get_monotonic_time () - self->begun_time > FRAMES_SLOW_US;
}

static gboolean
has_enough (SatchelPlayer *self)
{
  return (self->sound_ended || self->sound_until_us - self->base_us >= SOUND_ENOUGH_US) &&
         (self->frames_ended || self->is_first_shown || are_frames_late (self));
}

static void
show (SatchelPlayer *self, const Frame *frame)
{
  self->is_first_shown = TRUE;
  g_signal_emit (self, signals[FRAME], 0, frame->texture);
}

/* The last of those whose time has come; the others are too late. */
static void
show_due (SatchelPlayer *self)
{
  Frame *due = NULL;
  Frame *next;

  while ((next = g_queue_peek_head (&self->frames)) != NULL && next->at_us <= self->position_us) {
    g_clear_pointer (&due, frame_free);
    due = g_queue_pop_head (&self->frames);
  }
  if (due != NULL)
    show (self, due);
  g_clear_pointer (&due, frame_free);
}

static gboolean
is_over (SatchelPlayer *self)
{
  return self->sound_ended && (self->frames_ended || are_frames_late (self)) &&
         g_queue_is_empty (&self->frames) && self->position_us >= self->sound_until_us;
}

static void
stand (SatchelPlayer *self)
{
  g_clear_handle_id (&self->tick, g_source_remove);
  self->is_playing = self->is_running = FALSE;
  if (self->speaker != NULL)
    satchel_speaker_stop (self->speaker);
}

static gboolean
tick_cb (gpointer user_data)
{
  g_autoptr (SatchelPlayer) self = g_object_ref (user_data);

  if (!self->is_running && has_enough (self)) {
    self->is_running = TRUE;
    set_anchor (self, self->base_us);
  }
  if (self->is_running) {
    self->position_us = MAX (find_position (self), self->position_us);
    show_due (self);
  }
  ask (self);
  if (!self->is_running || !is_over (self))
    return G_SOURCE_CONTINUE;
  self->tick = 0;
  stand (self);
  self->is_at_end = TRUE;
  if (self->media != NULL && satchel_player_get_duration_us (self) > 0)
    self->position_us = satchel_player_get_duration_us (self);
  say_changed (self);
  return G_SOURCE_REMOVE;
}

/* --- What comes --- */

static void
opened_cb (SatchelPlayer *self)
{
  self->is_open = TRUE;
  if (satchel_player_has_sound (self))
    satchel_sound_prepare ();
  begin_stretch (self, 0);
  g_signal_emit (self, signals[OPENED], 0);
}

static void
sound_cb (SatchelPlayer *self, gint64 position_us, GBytes *samples)
{
  if (samples == NULL) {
    self->sound_ended = TRUE;
    return;
  }
  /* Never backwards: what is held ahead is bounded by it, whatever the viewer says. */
  gint64 at = MAX (position_us, self->sound_until_us);
  self->sound_until_us = at + (gint64) (g_bytes_get_size (samples) / 4) * G_USEC_PER_SEC /
                                  SATCHEL_VIEWER_SOUND_RATE;
  if (self->is_playing && can_be_heard (self))
    satchel_speaker_push (self->speaker, samples, at - self->base_us);
  ask (self);
}

static void
frame_cb (SatchelPlayer *self, gint64 position_us, GdkTexture *texture)
{
  Frame frame = {position_us >= 0 ? position_us : self->position_us, texture};

  if (texture == NULL) {
    self->frames_ended = TRUE;
  } else if (!self->is_first_shown) {
    show (self, &frame);
  } else {
    g_object_ref (texture);
    g_queue_push_tail (&self->frames, g_memdup2 (&frame, sizeof frame));
  }
  if (!self->is_closed)
    ask (self);
}

static void
failed_cb (SatchelPlayer *self, const GError *error)
{
  stand (self);
  g_signal_emit (self, signals[FAILED], 0, error);
}

/* What was thought to be heard was not: the clock takes over where it is. */
static void
speaker_failed_cb (SatchelPlayer *self)
{
  set_anchor (self, self->position_us);
  say_changed (self);
}

/* --- What is asked --- */

static void
need_speaker (SatchelPlayer *self)
{
  if (self->speaker != NULL || !satchel_player_has_sound (self))
    return;
  self->speaker = satchel_speaker_new ();
  g_signal_connect_object (self->speaker, "failed", G_CALLBACK (speaker_failed_cb), self,
                           G_CONNECT_SWAPPED);
}

/* Sound that was decoded while it stood was not kept: so it begins with a seek. */
static void
run_from (SatchelPlayer *self, gint64 position_us)
{
  need_speaker (self);
  satchel_media_seek (self->media, position_us);
  begin_stretch (self, position_us);
  if (can_be_heard (self))
    satchel_speaker_start (self->speaker);
  if (self->tick == 0)
    self->tick = g_timeout_add (TICK_MS, tick_cb, self);
}

void
satchel_player_set_playing (SatchelPlayer *self, gboolean is_playing)
{
  if (!self->is_open || self->is_closed || is_playing == self->is_playing)
    return;
  if (is_playing) {
    self->is_playing = TRUE;
    run_from (self, self->is_at_end ? 0 : self->position_us);
  } else {
    stand (self);
  }
  say_changed (self);
}

void
satchel_player_seek (SatchelPlayer *self, gint64 position_us)
{
  gint64 duration = satchel_player_get_duration_us (self);

  if (!self->is_open || self->is_closed)
    return;
  position_us = MAX (position_us, 0);
  if (duration > 0)
    position_us = MIN (position_us, duration);
  if (self->is_playing) {
    run_from (self, position_us);
  } else {
    satchel_media_seek (self->media, position_us);
    begin_stretch (self, position_us);
  }
  say_changed (self);
}

gboolean
satchel_player_is_playing (SatchelPlayer *self)
{
  return self->is_playing;
}

gint64
satchel_player_get_position_us (SatchelPlayer *self)
{
  return self->position_us;
}

gint64
satchel_player_get_duration_us (SatchelPlayer *self)
{
  return satchel_media_get_facts (self->media)->duration_us;
}

gboolean
satchel_player_has_sound (SatchelPlayer *self)
{
  return satchel_media_get_facts (self->media)->has_sound != 0;
}

gboolean
satchel_player_has_frames (SatchelPlayer *self)
{
  return satchel_media_get_facts (self->media)->has_frames != 0;
}

gboolean
satchel_player_is_partial (SatchelPlayer *self)
{
  return satchel_media_get_facts (self->media)->is_partial != 0;
}

gboolean
satchel_player_is_mute (SatchelPlayer *self)
{
  return self->speaker != NULL && satchel_speaker_has_failed (self->speaker);
}

void
satchel_player_set_box (SatchelPlayer *self, guint width, guint height)
{
  self->width = width;
  self->height = height;
}

/* --- Its life --- */

SatchelPlayer *
satchel_player_new (
    GInputStream *content, guint64 size_bytes, guint width, guint height, GError **error)
{
  g_autoptr (SatchelPlayer) self = g_object_new (SATCHEL_TYPE_PLAYER, NULL);

  satchel_player_set_box (self, width, height);
  self->media = satchel_media_new (content, size_bytes, width, height, error);
  if (self->media == NULL)
    return NULL;
  g_signal_connect_object (self->media, "opened", G_CALLBACK (opened_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->media, "sound", G_CALLBACK (sound_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->media, "frame", G_CALLBACK (frame_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->media, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  return g_steal_pointer (&self);
}

void
satchel_player_close (SatchelPlayer *self)
{
  self->is_closed = TRUE;
  g_clear_handle_id (&self->tick, g_source_remove);
  self->is_playing = FALSE;
  if (self->media != NULL)
    satchel_media_close (self->media);
  if (self->speaker != NULL)
    satchel_speaker_close (self->speaker);
  g_queue_clear_full (&self->frames, frame_free);
}

static void
satchel_player_dispose (GObject *object)
{
  SatchelPlayer *self = SATCHEL_PLAYER (object);

  satchel_player_close (self);
  g_clear_object (&self->speaker);
  g_clear_object (&self->media);
  G_OBJECT_CLASS (satchel_player_parent_class)->dispose (object);
}

static void
satchel_player_class_init (SatchelPlayerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_player_dispose;
  signals[OPENED] = g_signal_new ("opened", SATCHEL_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  signals[CHANGED] = g_signal_new ("changed", SATCHEL_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[FRAME] = g_signal_new ("frame", SATCHEL_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, GDK_TYPE_TEXTURE);
  signals[FAILED] = g_signal_new ("failed", SATCHEL_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
satchel_player_init (SatchelPlayer *self)
{
  g_queue_init (&self->frames);
}
