/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viewer/satchel-media.h"

#include "viewer/satchel-viewer-process.h"
#include "viewer/satchel-viewer.h"

#define ANSWER_TIMEOUT_S 30

struct _SatchelMedia {
  GObject parent_instance;

  SatchelViewerProcess *process;
  SatchelViewerRender first; /* what frames fit into */
  gboolean is_ready;
  gboolean is_open;
  SatchelViewerFacts facts;
  guint32 round;
  gboolean wants_sound; /* asked for in this round, and not there yet */
  gboolean wants_frame;
  guint timeout;
};

enum { OPENED,
       SOUND,
       FRAME,
       FAILED,
       SIGNALS };
static guint signals[SIGNALS];

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelMedia, satchel_media, G_TYPE_OBJECT)
// clang-format on

static void
fail (SatchelMedia *self, int code, const char *message)
{
  g_autoptr (SatchelMedia) kept = g_object_ref (self);
  g_autoptr (GError) error = g_error_new_literal (SATCHEL_VIEWER_ERROR, code, message);

  satchel_media_close (self);
  g_signal_emit (kept, signals[FAILED], 0, error);
}

static gboolean
timeout_cb (gpointer user_data)
{
  SatchelMedia *self = user_data;

  self->timeout = 0;
  fail (self, SATCHEL_VIEWER_ERROR_TOO_LONG, "the viewer took too long");
  return G_SOURCE_REMOVE;
}

/* A frame may be far off, and behind sound that nobody asks for while it is paused. */
static void
watch (SatchelMedia *self)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  if (!self->is_open || self->wants_sound || (self->wants_frame && !self->facts.has_sound))
    self->timeout = g_timeout_add_seconds (ANSWER_TIMEOUT_S, timeout_cb, self);
}

/* --- What comes --- */

static gboolean
take_facts (SatchelMedia *self, GBytes *payload)
{
  memcpy (&self->facts, g_bytes_get_data (payload, NULL), sizeof self->facts);
  if (self->facts.duration_us < 0 || self->facts.duration_us > SATCHEL_VIEWER_TIME_MAX_US ||
      (!self->facts.has_sound && !self->facts.has_frames))
    return FALSE;
  self->is_open = TRUE;
  watch (self);
  g_signal_emit (self, signals[OPENED], 0);
  return TRUE;
}

static gboolean
take_failure (SatchelMedia *self, GBytes *payload)
{
  guint32 failure;

  memcpy (&failure, g_bytes_get_data (payload, NULL), sizeof failure);
  fail (self, satchel_viewer_error_from_failure (failure), "the file cannot be played");
  return TRUE;
}

static GBytes *
get_body (GBytes *payload)
{
  gsize size = g_bytes_get_size (payload) - sizeof (SatchelViewerPiece);

  return size > 0 ? g_bytes_new_from_bytes (payload, sizeof (SatchelViewerPiece), size) : NULL;
}

static gboolean
take_sound (SatchelMedia *self, const SatchelViewerPiece *piece, GBytes *payload)
{
  g_autoptr (GBytes) samples = get_body (payload);

  if (samples != NULL && g_bytes_get_size (samples) % 4 != 0)
    return FALSE;
  self->wants_sound = FALSE;
  watch (self);
  g_signal_emit (self, signals[SOUND], 0, piece->position_us, samples);
  return TRUE;
}

static gboolean
take_frame (SatchelMedia *self, const SatchelViewerPiece *piece, GBytes *payload)
{
  g_autoptr (GBytes) pixels = get_body (payload);
  g_autoptr (GdkTexture) texture = NULL;

  if (pixels != NULL) {
    if (piece->width < 1 || piece->width > SATCHEL_VIEWER_FRAME_MAX || piece->height < 1 ||
        piece->height > SATCHEL_VIEWER_FRAME_MAX ||
        g_bytes_get_size (pixels) != (gsize) piece->width * piece->height * 4)
      return FALSE;
    texture = gdk_memory_texture_new ((int) piece->width, (int) piece->height,
                                      GDK_MEMORY_R8G8B8A8, pixels, piece->width * 4);
  }
  self->wants_frame = FALSE;
  watch (self);
  g_signal_emit (self, signals[FRAME], 0, piece->position_us, texture);
  return TRUE;
}

static gboolean
take_piece (SatchelMedia *self, guint32 message, GBytes *payload)
{
  SatchelViewerPiece piece;

  memcpy (&piece, g_bytes_get_data (payload, NULL), sizeof piece);
  if (piece.position_us < -1 || piece.position_us > SATCHEL_VIEWER_TIME_MAX_US ||
      piece.round > self->round)
    return FALSE;
  if (piece.round < self->round)
    return TRUE;
  if (message == SATCHEL_VIEWER_SOUND)
    return self->wants_sound && take_sound (self, &piece, payload);
  return self->wants_frame && take_frame (self, &piece, payload);
}

static gboolean
take_cb (gpointer owner, guint32 message, GBytes *payload)
{
  g_autoptr (SatchelMedia) self = g_object_ref (owner);

  switch (message) {
    case SATCHEL_VIEWER_READY:
      self->is_ready = TRUE;
      satchel_viewer_process_say (self->process, SATCHEL_VIEWER_PLAY, &self->first,
                                  sizeof self->first);
      return TRUE;
    case SATCHEL_VIEWER_FACTS:
      return take_facts (self, payload);
    case SATCHEL_VIEWER_FAILED:
      return take_failure (self, payload);
    default:
      return take_piece (self, message, payload);
  }
}

static gboolean
is_expected_cb (gpointer owner, const SatchelViewerHeader *header)
{
  SatchelMedia *self = owner;
  gsize size = header->size_bytes;
  gsize piece = sizeof (SatchelViewerPiece);

  switch (header->message) {
    case SATCHEL_VIEWER_READY:
      return !self->is_ready && size == 0;
    case SATCHEL_VIEWER_READ:
      return self->is_ready;
    case SATCHEL_VIEWER_FACTS:
      return self->is_ready && !self->is_open && size == sizeof (SatchelViewerFacts);
    case SATCHEL_VIEWER_FAILED:
      return self->is_ready && size == sizeof (guint32);
    case SATCHEL_VIEWER_SOUND:
      return self->is_open && size >= piece && size <= piece + SATCHEL_VIEWER_SOUND_MAX;
    case SATCHEL_VIEWER_FRAME:
      return self->is_open && size >= piece &&
             size <=
                 piece + (gsize) SATCHEL_VIEWER_FRAME_MAX * SATCHEL_VIEWER_FRAME_MAX * 4;
    default:
      return FALSE;
  }
}

static void
died_cb (gpointer owner, int code, const char *message)
{
  fail (owner, code, message);
}

/* --- Asking --- */

const SatchelViewerFacts *
satchel_media_get_facts (SatchelMedia *self)
{
  return &self->facts;
}

static void
ask (SatchelMedia *self, SatchelViewerMessage message, guint width, guint height)
{
  SatchelViewerAsk wanted = {self->round, width, height, 0};

  satchel_viewer_process_say (self->process, message, &wanted, sizeof wanted);
  watch (self);
}

void
satchel_media_ask_sound (SatchelMedia *self)
{
  if (self->wants_sound || !self->facts.has_sound ||
      !satchel_viewer_process_is_alive (self->process))
    return;
  self->wants_sound = TRUE;
  ask (self, SATCHEL_VIEWER_ASK_SOUND, 0, 0);
}

void
satchel_media_ask_frame (SatchelMedia *self, guint width, guint height)
{
  if (self->wants_frame || !self->facts.has_frames ||
      !satchel_viewer_process_is_alive (self->process))
    return;
  self->wants_frame = TRUE;
  ask (self, SATCHEL_VIEWER_ASK_FRAME, width, height);
}

void
satchel_media_seek (SatchelMedia *self, gint64 position_us)
{
  SatchelViewerSeek wanted = {MAX (position_us, 0), ++self->round, 0};

  self->wants_sound = FALSE;
  self->wants_frame = FALSE;
  if (satchel_viewer_process_is_alive (self->process))
    satchel_viewer_process_say (self->process, SATCHEL_VIEWER_SEEK, &wanted, sizeof wanted);
}

/* --- Its life --- */

static const SatchelViewerOwner OWNER = {is_expected_cb, take_cb, died_cb};

SatchelMedia *
satchel_media_new (
    GInputStream *content, guint64 size_bytes, guint width, guint height, GError **error)
{
  g_autoptr (SatchelMedia) self = g_object_new (SATCHEL_TYPE_MEDIA, NULL);
  SatchelViewerOpen open = {size_bytes, SATCHEL_VIEWER_KIND_VIDEO, 0};

  self->first = (SatchelViewerRender){0, width, height};
  self->process =
      satchel_viewer_process_new (content, &open, SATCHEL_VIEWER_PLAYS, &OWNER, self, error);
  if (self->process == NULL)
    return NULL;
  watch (self);
  return g_steal_pointer (&self);
}

void
satchel_media_close (SatchelMedia *self)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  if (self->process != NULL)
    satchel_viewer_process_end (self->process);
}

static void
satchel_media_dispose (GObject *object)
{
  SatchelMedia *self = SATCHEL_MEDIA (object);

  satchel_media_close (self);
  g_clear_object (&self->process);
  G_OBJECT_CLASS (satchel_media_parent_class)->dispose (object);
}

static void
satchel_media_class_init (SatchelMediaClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_media_dispose;
  signals[OPENED] = g_signal_new ("opened", SATCHEL_TYPE_MEDIA, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  signals[SOUND] = g_signal_new ("sound", SATCHEL_TYPE_MEDIA, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_BYTES);
  signals[FRAME] = g_signal_new ("frame", SATCHEL_TYPE_MEDIA, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 2, G_TYPE_INT64, GDK_TYPE_TEXTURE);
  signals[FAILED] = g_signal_new ("failed", SATCHEL_TYPE_MEDIA, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
satchel_media_init (SatchelMedia *self)
{
}
