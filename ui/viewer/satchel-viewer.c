/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viewer/satchel-viewer.h"

#include "viewer/satchel-viewer-process.h"

#define ANSWER_TIMEOUT_S 30

struct _SatchelViewer {
  GObject parent_instance;

  SatchelViewerProcess *process; /* nullable: never started */
  gboolean is_ready;
  GTask *task;         /* what is under way: a rendering, or */
  gboolean is_looking; /* for a place */
  SatchelViewerRender wanted;
  guint timeout;
  gulong cancel_handler;
};

G_DEFINE_QUARK (satchel_viewer_error, satchel_viewer_error)

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelViewer, satchel_viewer, G_TYPE_OBJECT)
// clang-format on

static const struct {
  const char *type;
  SatchelViewerKind kind;
} TYPES[] = {
    {"image/jpeg", SATCHEL_VIEWER_KIND_JPEG},
    {"image/png", SATCHEL_VIEWER_KIND_PNG},
    {"image/gif", SATCHEL_VIEWER_KIND_GIF},
    {"image/tiff", SATCHEL_VIEWER_KIND_TIFF},
    {"image/bmp", SATCHEL_VIEWER_KIND_BMP},
    {"application/pdf", SATCHEL_VIEWER_KIND_PDF},
    {"application/ogg", SATCHEL_VIEWER_KIND_VIDEO},
};

static SatchelViewerKind
find_kind (const char *content_type)
{
  for (guint i = 0; i < G_N_ELEMENTS (TYPES); i++)
    if (g_strcmp0 (TYPES[i].type, content_type) == 0)
      return TYPES[i].kind;
  /* What can really be played turns out in the viewer. */
  if (content_type != NULL && g_str_has_prefix (content_type, "video/"))
    return SATCHEL_VIEWER_KIND_VIDEO;
  if (content_type != NULL && g_str_has_prefix (content_type, "audio/"))
    return SATCHEL_VIEWER_KIND_SOUND;
  return 0;
}

gboolean
satchel_viewer_can_play (const char *content_type)
{
  return find_kind (content_type) >= SATCHEL_VIEWER_KIND_SOUND;
}

gboolean
satchel_viewer_can_show (const char *content_type)
{
  SatchelViewerKind kind = find_kind (content_type);

  return kind != 0 && kind != SATCHEL_VIEWER_KIND_SOUND;
}

/* --- Answers --- */

/* Takes the rendering that is under way out, so that it is answered once. */
static GTask *
take_task (SatchelViewer *self)
{
  GTask *task = g_steal_pointer (&self->task);

  g_clear_handle_id (&self->timeout, g_source_remove);
  if (task != NULL && self->cancel_handler != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (task), self->cancel_handler);
  self->cancel_handler = 0;
  return task;
}

static void
fail (SatchelViewer *self, GQuark domain, int code, const char *message)
{
  g_autoptr (GTask) task = take_task (self);

  if (self->process != NULL)
    satchel_viewer_process_end (self->process);
  if (task != NULL)
    g_task_return_new_error (task, domain, code, "%s", message);
}

static void
died_cb (gpointer owner, int code, const char *message)
{
  fail (owner, SATCHEL_VIEWER_ERROR, code, message);
}

static gboolean
timeout_cb (gpointer user_data)
{
  SatchelViewer *self = user_data;

  self->timeout = 0;
  fail (self, SATCHEL_VIEWER_ERROR, SATCHEL_VIEWER_ERROR_TOO_LONG, "the viewer took too long");
  return G_SOURCE_REMOVE;
}

static void
send_wanted (SatchelViewer *self)
{
  if (self->is_looking)
    satchel_viewer_process_say (self->process, SATCHEL_VIEWER_LOOK, NULL, 0);
  else
    satchel_viewer_process_say (self->process, SATCHEL_VIEWER_RENDER, &self->wanted,
                                sizeof self->wanted);
}

static gboolean
take_picture (SatchelViewer *self, GBytes *payload)
{
  SatchelViewerPicture facts;
  gsize pixels_bytes = g_bytes_get_size (payload) - sizeof facts;

  memcpy (&facts, g_bytes_get_data (payload, NULL), sizeof facts);
  if (facts.width < 1 || facts.width > self->wanted.width || facts.height < 1 ||
      facts.height > self->wanted.height || facts.pages < 1 ||
      facts.pages > SATCHEL_VIEWER_PAGES_MAX ||
      pixels_bytes != (gsize) facts.width * facts.height * 4)
    return FALSE;
  g_autoptr (GBytes) pixels = g_bytes_new_from_bytes (payload, sizeof facts, pixels_bytes);
  GdkTexture *texture = gdk_memory_texture_new ((int) facts.width, (int) facts.height,
                                                GDK_MEMORY_R8G8B8A8, pixels, facts.width * 4);
  g_autoptr (GTask) task = take_task (self);
  g_task_set_task_data (task, GUINT_TO_POINTER (facts.pages), NULL);
  g_task_return_pointer (task, texture, g_object_unref);
  return TRUE;
}

int
satchel_viewer_error_from_failure (guint32 failure)
{
  switch (failure) {
    case SATCHEL_VIEWER_FAILURE_TOO_LARGE:
      return SATCHEL_VIEWER_ERROR_TOO_LARGE;
    case SATCHEL_VIEWER_FAILURE_LOCKED:
      return SATCHEL_VIEWER_ERROR_LOCKED;
    case SATCHEL_VIEWER_FAILURE_NO_PAGE:
      return SATCHEL_VIEWER_ERROR_NO_PAGE;
    case SATCHEL_VIEWER_FAILURE_FORMAT:
      return SATCHEL_VIEWER_ERROR_FORMAT;
    default:
      return SATCHEL_VIEWER_ERROR_DAMAGED;
  }
}

static gboolean
take_failure (SatchelViewer *self, GBytes *payload)
{
  guint32 failure;
  g_autoptr (GTask) task = take_task (self);

  memcpy (&failure, g_bytes_get_data (payload, NULL), sizeof failure);
  g_task_return_new_error (task, SATCHEL_VIEWER_ERROR,
                           satchel_viewer_error_from_failure (failure),
                           "the file cannot be shown");
  return TRUE;
}

static gboolean
take_place (SatchelViewer *self, GBytes *payload)
{
  guint32 place;

  memcpy (&place, g_bytes_get_data (payload, NULL), sizeof place);
  if (place < SATCHEL_VIEWER_PLACE_NONE || place > SATCHEL_VIEWER_PLACE_UNKNOWN)
    return FALSE;
  g_autoptr (GTask) task = take_task (self);
  g_task_return_int (task, (gssize) place);
  return TRUE;
}

static gboolean
take_cb (gpointer owner, guint32 message, GBytes *payload)
{
  SatchelViewer *self = owner;

  if (message == SATCHEL_VIEWER_PICTURE)
    return take_picture (self, payload);
  if (message == SATCHEL_VIEWER_FAILED)
    return take_failure (self, payload);
  if (message == SATCHEL_VIEWER_PLACE)
    return take_place (self, payload);
  self->is_ready = TRUE;
  if (self->task != NULL)
    send_wanted (self);
  return TRUE;
}

static gboolean
is_expected_cb (gpointer owner, const SatchelViewerHeader *header)
{
  SatchelViewer *self = owner;
  gsize size = header->size_bytes;

  switch (header->message) {
    case SATCHEL_VIEWER_READY:
      return !self->is_ready && size == 0;
    case SATCHEL_VIEWER_READ:
      return self->task != NULL;
    case SATCHEL_VIEWER_PICTURE:
      return self->task != NULL && !self->is_looking && size > sizeof (SatchelViewerPicture) &&
             size <= sizeof (SatchelViewerPicture) +
                         (gsize) self->wanted.width * self->wanted.height * 4;
    case SATCHEL_VIEWER_FAILED:
      return self->task != NULL && !self->is_looking && size == sizeof (guint32);
    case SATCHEL_VIEWER_PLACE:
      return self->task != NULL && self->is_looking && size == sizeof (guint32);
    default:
      return FALSE;
  }
}

/* --- Rendering --- */

void
satchel_viewer_close (SatchelViewer *self)
{
  fail (self, G_IO_ERROR, G_IO_ERROR_CANCELLED, "not wanted any more");
}

static void
cancelled_cb (GCancellable *cancellable, SatchelViewer *self)
{
  satchel_viewer_close (self);
}

/* @task is eaten. */
static void
ask (SatchelViewer *self, GTask *task)
{
  if (!satchel_viewer_process_is_alive (self->process)) {
    g_task_return_new_error (task, SATCHEL_VIEWER_ERROR, SATCHEL_VIEWER_ERROR_CRASHED,
                             "the viewer is gone");
    g_object_unref (task);
    return;
  }
  self->task = task;
  self->timeout = g_timeout_add_seconds (ANSWER_TIMEOUT_S, timeout_cb, self);
  if (g_task_get_cancellable (task) != NULL)
    self->cancel_handler = g_signal_connect_object (g_task_get_cancellable (task), "cancelled",
                                                    G_CALLBACK (cancelled_cb), self, 0);
  if (self->is_ready)
    send_wanted (self);
}

void
satchel_viewer_render_async (SatchelViewer *self,
                             guint page,
                             guint width,
                             guint height,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_return_if_fail (self->task == NULL);
  g_task_set_check_cancellable (task, FALSE);
  if (g_task_return_error_if_cancelled (task))
    return;
  self->wanted = (SatchelViewerRender){page, CLAMP (width, 1, SATCHEL_VIEWER_SIDE_MAX),
                                       CLAMP (height, 1, SATCHEL_VIEWER_SIDE_MAX)};
  ask (self, g_steal_pointer (&task));
}

GdkTexture *
satchel_viewer_render_finish (SatchelViewer *self,
                              GAsyncResult *result,
                              guint *pages,
                              GError **error)
{
  GdkTexture *texture = g_task_propagate_pointer (G_TASK (result), error);

  if (texture != NULL && pages != NULL)
    *pages = GPOINTER_TO_UINT (g_task_get_task_data (G_TASK (result)));
  return texture;
}

void
satchel_viewer_find_place_async (SatchelViewer *self,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_return_if_fail (self->task == NULL);
  self->is_looking = TRUE;
  ask (self, g_task_new (self, NULL, callback, user_data));
}

SatchelViewerPlace
satchel_viewer_find_place_finish (SatchelViewer *self, GAsyncResult *result, GError **error)
{
  gssize place = g_task_propagate_int (G_TASK (result), error);

  return place > 0 ? (SatchelViewerPlace) place : SATCHEL_VIEWER_PLACE_UNKNOWN;
}

/* --- Starting --- */

static const SatchelViewerOwner OWNER = {is_expected_cb, take_cb, died_cb};

SatchelViewer *
satchel_viewer_new (GInputStream *content,
                    guint64 size_bytes,
                    const char *content_type,
                    GError **error)
{
  g_autoptr (SatchelViewer) self = g_object_new (SATCHEL_TYPE_VIEWER, NULL);
  SatchelViewerOpen open = {size_bytes, find_kind (content_type), 0};

  g_return_val_if_fail (satchel_viewer_can_show (content_type), NULL);
  self->process = satchel_viewer_process_new (
      content, &open, open.kind == SATCHEL_VIEWER_KIND_VIDEO ? SATCHEL_VIEWER_PLAYS : NULL, &OWNER,
      self, error);
  return self->process != NULL ? g_steal_pointer (&self) : NULL;
}

SatchelViewer *
satchel_viewer_new_finder (GInputStream *content, guint64 size_bytes, GError **error)
{
  g_autoptr (SatchelViewer) self = g_object_new (SATCHEL_TYPE_VIEWER, NULL);
  SatchelViewerOpen open = {size_bytes, 0, 0};

  self->process = satchel_viewer_process_new (content, &open, NULL, &OWNER, self, error);
  return self->process != NULL ? g_steal_pointer (&self) : NULL;
}

static void
satchel_viewer_dispose (GObject *object)
{
  SatchelViewer *self = SATCHEL_VIEWER (object);

  satchel_viewer_close (self);
  g_clear_object (&self->process);
  G_OBJECT_CLASS (satchel_viewer_parent_class)->dispose (object);
}

static void
satchel_viewer_class_init (SatchelViewerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_viewer_dispose;
}

static void
satchel_viewer_init (SatchelViewer *self)
{
}
