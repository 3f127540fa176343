/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viewer/satchel-viewer.h"

#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "viewer/satchel-viewer-wire.h"

#define ANSWER_TIMEOUT_S 30

struct _SatchelViewer {
  GObject parent_instance;

  GInputStream *content;
  GPid pid; /* 0: gone */
  GInputStream *from;
  GOutputStream *to;
  GCancellable *stop; /* ends every read and write of the socket */
  gboolean is_ready;
  SatchelViewerHeader header;
  guint8 *payload; /* of the message that is being read */
  guint8 *sending; /* header and payload of the one that is being written */
  GTask *task;     /* the rendering that is under way */
  SatchelViewerRender wanted;
  guint timeout;
  gulong cancel_handler;
};

G_DEFINE_QUARK (satchel_viewer_error, satchel_viewer_error)

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelViewer, satchel_viewer, G_TYPE_OBJECT)
// clang-format on

static void read_header (SatchelViewer *self);

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
};

static SatchelViewerKind
find_kind (const char *content_type)
{
  for (guint i = 0; i < G_N_ELEMENTS (TYPES); i++)
    if (g_strcmp0 (TYPES[i].type, content_type) == 0)
      return TYPES[i].kind;
  return 0;
}

gboolean
satchel_viewer_can_show (const char *content_type)
{
  return find_kind (content_type) != 0;
}

/* --- The process --- */

static void
reap_cb (GPid pid, int status, gpointer user_data)
{
  g_spawn_close_pid (pid);
}

static void
kill_process (SatchelViewer *self)
{
  g_cancellable_cancel (self->stop);
  if (self->pid == 0)
    return;
  kill (self->pid, SIGKILL);
  g_child_watch_add (self->pid, reap_cb, NULL);
  self->pid = 0;
}

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
die (SatchelViewer *self, int code, const char *message)
{
  g_autoptr (GTask) task = take_task (self);

  kill_process (self);
  if (task != NULL)
    g_task_return_new_error (task, SATCHEL_VIEWER_ERROR, code, "%s", message);
}

static void
break_off (SatchelViewer *self)
{
  die (self, SATCHEL_VIEWER_ERROR_CRASHED, "the viewer ended or broke the rules");
}

static gboolean
timeout_cb (gpointer user_data)
{
  SatchelViewer *self = user_data;

  self->timeout = 0;
  die (self, SATCHEL_VIEWER_ERROR_TOO_LONG, "the viewer took too long");
  return G_SOURCE_REMOVE;
}

/* --- Writing --- */

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelViewer) self = user_data;

  g_clear_pointer (&self->sending, g_free);
  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL))
    break_off (self);
}

/* The two take turns: nothing is being written while something is to be written. */
static void
say (SatchelViewer *self, SatchelViewerMessage message, gconstpointer payload, gsize size_bytes)
{
  SatchelViewerHeader header = {message, (guint32) size_bytes};

  if (self->sending != NULL) {
    break_off (self);
    return;
  }
  self->sending = g_malloc (sizeof header + size_bytes);
  memcpy (self->sending, &header, sizeof header);
  memcpy (self->sending + sizeof header, payload, size_bytes);
  g_output_stream_write_all_async (self->to, self->sending, sizeof header + size_bytes,
                                   G_PRIORITY_DEFAULT, self->stop, sent_cb, g_object_ref (self));
}

static void
send_range (SatchelViewer *self, const SatchelViewerRange *range)
{
  g_autofree guint8 *data = NULL;
  gsize got = 0;

  if (range->size_bytes == 0 || range->size_bytes > SATCHEL_VIEWER_RANGE_MAX) {
    break_off (self);
    return;
  }
  data = g_malloc (range->size_bytes);
  if (!g_seekable_seek (G_SEEKABLE (self->content), (goffset) range->offset, G_SEEK_SET, NULL,
                        NULL) ||
      !g_input_stream_read_all (self->content, data, range->size_bytes, &got, NULL, NULL) ||
      got != range->size_bytes) {
    die (self, SATCHEL_VIEWER_ERROR_CONTENT, "the content cannot be read");
    return;
  }
  say (self, SATCHEL_VIEWER_DATA, data, range->size_bytes);
}

static void
send_wanted (SatchelViewer *self)
{
  say (self, SATCHEL_VIEWER_RENDER, &self->wanted, sizeof self->wanted);
}

/* --- What comes back --- */

/* Gives @self->payload away, as the texture's memory. */
static void
take_picture (SatchelViewer *self)
{
  SatchelViewerPicture facts;
  gsize pixels_bytes = self->header.size_bytes - sizeof facts;

  memcpy (&facts, self->payload, sizeof facts);
  if (self->task == NULL || facts.width < 1 || facts.width > self->wanted.width ||
      facts.height < 1 || facts.height > self->wanted.height || facts.pages < 1 ||
      facts.pages > SATCHEL_VIEWER_PAGES_MAX ||
      pixels_bytes != (gsize) facts.width * facts.height * 4) {
    break_off (self);
    return;
  }
  g_autoptr (GBytes) whole = g_bytes_new_take (g_steal_pointer (&self->payload),
                                               self->header.size_bytes);
  g_autoptr (GBytes) pixels = g_bytes_new_from_bytes (whole, sizeof facts, pixels_bytes);
  GdkTexture *texture = gdk_memory_texture_new ((int) facts.width, (int) facts.height,
                                                GDK_MEMORY_R8G8B8A8, pixels, facts.width * 4);
  g_autoptr (GTask) task = take_task (self);
  g_task_set_task_data (task, GUINT_TO_POINTER (facts.pages), NULL);
  g_task_return_pointer (task, texture, g_object_unref);
}

static void
take_failure (SatchelViewer *self)
{
  guint32 failure;
  int code = SATCHEL_VIEWER_ERROR_DAMAGED;

  memcpy (&failure, self->payload, sizeof failure);
  if (failure == SATCHEL_VIEWER_FAILURE_TOO_LARGE)
    code = SATCHEL_VIEWER_ERROR_TOO_LARGE;
  else if (failure == SATCHEL_VIEWER_FAILURE_LOCKED)
    code = SATCHEL_VIEWER_ERROR_LOCKED;
  else if (failure == SATCHEL_VIEWER_FAILURE_NO_PAGE)
    code = SATCHEL_VIEWER_ERROR_NO_PAGE;
  g_autoptr (GTask) task = take_task (self);
  if (task == NULL)
    break_off (self);
  else
    g_task_return_new_error (task, SATCHEL_VIEWER_ERROR, code, "the file cannot be shown");
}

static void
take_message (SatchelViewer *self)
{
  SatchelViewerRange range;

  switch (self->header.message) {
    case SATCHEL_VIEWER_READY:
      self->is_ready = TRUE;
      if (self->task != NULL)
        send_wanted (self);
      break;
    case SATCHEL_VIEWER_READ:
      memcpy (&range, self->payload, sizeof range);
      send_range (self, &range);
      break;
    case SATCHEL_VIEWER_PICTURE:
      take_picture (self);
      break;
    case SATCHEL_VIEWER_FAILED:
      take_failure (self);
      break;
    default:
      break_off (self);
  }
  g_clear_pointer (&self->payload, g_free);
  if (self->pid != 0)
    read_header (self);
}

/* How long the payload of a message that may come now may be; FALSE for any other. */
static gboolean
is_expected (SatchelViewer *self)
{
  gsize size = self->header.size_bytes;

  switch (self->header.message) {
    case SATCHEL_VIEWER_READY:
      return !self->is_ready && size == 0;
    case SATCHEL_VIEWER_READ:
      return self->task != NULL && size == sizeof (SatchelViewerRange);
    case SATCHEL_VIEWER_PICTURE:
      return self->task != NULL && size > sizeof (SatchelViewerPicture) &&
             size <= sizeof (SatchelViewerPicture) +
                         (gsize) self->wanted.width * self->wanted.height * 4;
    case SATCHEL_VIEWER_FAILED:
      return self->task != NULL && size == sizeof (guint32);
    default:
      return FALSE;
  }
}

static void
payload_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelViewer) self = user_data;
  gsize got = 0;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &got, NULL) ||
      got != self->header.size_bytes)
    break_off (self);
  else
    take_message (self);
}

static void
header_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelViewer) self = user_data;
  gsize got = 0;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &got, NULL) ||
      got != sizeof self->header || !is_expected (self)) {
    break_off (self);
    return;
  }
  if (self->header.size_bytes == 0) {
    take_message (self);
    return;
  }
  self->payload = g_malloc (self->header.size_bytes);
  g_input_stream_read_all_async (self->from, self->payload, self->header.size_bytes,
                                 G_PRIORITY_DEFAULT, self->stop, payload_cb, g_object_ref (self));
}

static void
read_header (SatchelViewer *self)
{
  g_input_stream_read_all_async (self->from, &self->header, sizeof self->header,
                                 G_PRIORITY_DEFAULT, self->stop, header_cb, g_object_ref (self));
}

/* --- Rendering --- */

static void
cancelled_cb (GCancellable *cancellable, SatchelViewer *self)
{
  g_autoptr (GTask) task = take_task (self);

  kill_process (self);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "not wanted any more");
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
  if (self->pid == 0) {
    g_task_return_new_error (task, SATCHEL_VIEWER_ERROR, SATCHEL_VIEWER_ERROR_CRASHED,
                             "the viewer is gone");
    return;
  }
  self->wanted = (SatchelViewerRender){page, CLAMP (width, 1, SATCHEL_VIEWER_SIDE_MAX),
                                       CLAMP (height, 1, SATCHEL_VIEWER_SIDE_MAX)};
  self->task = g_steal_pointer (&task);
  self->timeout = g_timeout_add_seconds (ANSWER_TIMEOUT_S, timeout_cb, self);
  if (cancellable != NULL)
    self->cancel_handler =
        g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (cancelled_cb), self, 0);
  if (self->is_ready)
    send_wanted (self);
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

/* --- Starting --- */

/* Where tests say it is, beside the program in a build tree, or where it is installed. */
static char *
find_program (void)
{
  const char *named = g_getenv ("SATCHEL_VIEWER");

  if (named != NULL)
    return g_strdup (named);
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;
  char *built = folder != NULL
                    ? g_build_filename (folder, "..", "satchel-viewer", "satchel-viewer", NULL)
                    : NULL;

  if (built != NULL && g_file_test (built, G_FILE_TEST_IS_EXECUTABLE))
    return built;
  g_free (built);
  return g_strdup (SATCHEL_VIEWER_PROGRAM);
}

static gboolean
start (SatchelViewer *self, int app_end, int viewer_end, GError **error)
{
  static const char *const ENVIRONMENT[] = {"LANG=C.UTF-8", "PATH=/nonexistent",
                                            "HOME=/nonexistent", NULL};
  g_autofree char *program = find_program ();
  const char *const argv[] = {program, NULL};
  const int target = SATCHEL_VIEWER_FD;
  g_autoptr (GError) local_error = NULL;

  if (g_spawn_async_with_pipes_and_fds ("/", argv, ENVIRONMENT,
                                        G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL |
                                            G_SPAWN_STDERR_TO_DEV_NULL,
                                        NULL, NULL, -1, -1, -1, &viewer_end, &target, 1,
                                        &self->pid, NULL, NULL, NULL, &local_error)) {
    self->from = g_unix_input_stream_new (app_end, TRUE);
    self->to = g_unix_output_stream_new (app_end, FALSE);
    return TRUE;
  }
  close (app_end);
  g_set_error (error, SATCHEL_VIEWER_ERROR, SATCHEL_VIEWER_ERROR_MISSING, "%s",
               local_error->message);
  return FALSE;
}

SatchelViewer *
satchel_viewer_new (GInputStream *content,
                    guint64 size_bytes,
                    const char *content_type,
                    GError **error)
{
  g_autoptr (SatchelViewer) self = g_object_new (SATCHEL_TYPE_VIEWER, NULL);
  SatchelViewerOpen open = {size_bytes, find_kind (content_type), 0};
  int ends[2];

  g_return_val_if_fail (open.kind != 0 && G_IS_SEEKABLE (content), NULL);
  self->content = g_object_ref (content);
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    g_set_error_literal (error, SATCHEL_VIEWER_ERROR, SATCHEL_VIEWER_ERROR_MISSING,
                         "no socket can be made");
    return NULL;
  }
  gboolean is_started = start (self, ends[0], ends[1], error);
  close (ends[1]);
  if (!is_started)
    return NULL;
  say (self, SATCHEL_VIEWER_OPEN, &open, sizeof open);
  read_header (self);
  return g_steal_pointer (&self);
}

void
satchel_viewer_close (SatchelViewer *self)
{
  g_autoptr (GTask) task = take_task (self);

  kill_process (self);
  if (task != NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "not wanted any more");
}

/* Reading and writing hold a reference: so this comes after satchel_viewer_close(). */
static void
satchel_viewer_dispose (GObject *object)
{
  SatchelViewer *self = SATCHEL_VIEWER (object);

  satchel_viewer_close (self);
  g_clear_object (&self->content);
  g_clear_object (&self->to);
  g_clear_object (&self->from);
  G_OBJECT_CLASS (satchel_viewer_parent_class)->dispose (object);
}

static void
satchel_viewer_finalize (GObject *object)
{
  SatchelViewer *self = SATCHEL_VIEWER (object);

  g_free (self->payload);
  g_free (self->sending);
  g_object_unref (self->stop);
  G_OBJECT_CLASS (satchel_viewer_parent_class)->finalize (object);
}

static void
satchel_viewer_class_init (SatchelViewerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_viewer_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_viewer_finalize;
}

static void
satchel_viewer_init (SatchelViewer *self)
{
  self->stop = g_cancellable_new ();
}
