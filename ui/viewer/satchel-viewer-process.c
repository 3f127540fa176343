/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viewer/satchel-viewer-process.h"

#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "viewer/satchel-viewer.h"

struct _SatchelViewerProcess {
  GObject parent_instance;

  const SatchelViewerOwner *functions;
  gpointer owner; /* borrowed */
  GInputStream *content;
  GPid pid; /* 0: gone */
  GInputStream *from;
  GOutputStream *to;
  GCancellable *stop; /* ends every read and write of the socket */
  SatchelViewerHeader header;
  guint8 *payload;       /* of the message that is being read */
  GQueue unsaid;         /* of GBytes: the first is being written */
  gboolean is_answering; /* a range is among them */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelViewerProcess, satchel_viewer_process, G_TYPE_OBJECT)
// clang-format on

static void read_header (SatchelViewerProcess *self);
static void write_next (SatchelViewerProcess *self);

/* --- Its end --- */

static void
reap_cb (GPid pid, int status, gpointer user_data)
{
  g_spawn_close_pid (pid);
}

void
satchel_viewer_process_end (SatchelViewerProcess *self)
{
  g_cancellable_cancel (self->stop);
  if (self->pid == 0)
    return;
  kill (self->pid, SIGKILL);
  g_child_watch_add (self->pid, reap_cb, NULL);
  self->pid = 0;
}

gboolean
satchel_viewer_process_is_alive (SatchelViewerProcess *self)
{
  return self->pid != 0;
}

static void
die (SatchelViewerProcess *self, int code, const char *message)
{
  if (self->pid == 0)
    return;
  satchel_viewer_process_end (self);
  self->functions->died (self->owner, code, message);
}

static void
break_off (SatchelViewerProcess *self)
{
  die (self, SATCHEL_VIEWER_ERROR_CRASHED, "the viewer ended or broke the rules");
}

/* --- Writing --- */

static void
said_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelViewerProcess) self = user_data;
  g_autoptr (GBytes) said = g_queue_pop_head (&self->unsaid);
  const SatchelViewerHeader *header = g_bytes_get_data (said, NULL);

  if (header->message == SATCHEL_VIEWER_DATA)
    self->is_answering = FALSE;
  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL))
    break_off (self);
  else if (!g_queue_is_empty (&self->unsaid))
    write_next (self);
}

static void
write_next (SatchelViewerProcess *self)
{
  gsize size = 0;
  const void *data = g_bytes_get_data (g_queue_peek_head (&self->unsaid), &size);

  g_output_stream_write_all_async (self->to, data, size, G_PRIORITY_DEFAULT, self->stop, said_cb,
                                   g_object_ref (self));
}

void
satchel_viewer_process_say (SatchelViewerProcess *self,
                            SatchelViewerMessage message,
                            gconstpointer payload,
                            gsize size_bytes)
{
  SatchelViewerHeader header = {message, (guint32) size_bytes};
  guint8 *whole = g_malloc (sizeof header + size_bytes);

  memcpy (whole, &header, sizeof header);
  if (size_bytes > 0)
    memcpy (whole + sizeof header, payload, size_bytes);
  g_queue_push_tail (&self->unsaid, g_bytes_new_take (whole, sizeof header + size_bytes));
  if (self->pid != 0 && g_queue_get_length (&self->unsaid) == 1)
    write_next (self);
}

/* One range at a time: so what waits to be written is bounded. */
static void
send_range (SatchelViewerProcess *self)
{
  SatchelViewerRange range;
  g_autofree guint8 *data = NULL;
  gsize got = 0;

  memcpy (&range, self->payload, sizeof range);
  if (range.size_bytes == 0 || range.size_bytes > SATCHEL_VIEWER_RANGE_MAX || self->is_answering) {
    break_off (self);
    return;
  }
  data = g_malloc (range.size_bytes);
  if (!g_seekable_seek (G_SEEKABLE (self->content), (goffset) range.offset, G_SEEK_SET, NULL,
                        NULL) ||
      !g_input_stream_read_all (self->content, data, range.size_bytes, &got, NULL, NULL) ||
      got != range.size_bytes) {
    die (self, SATCHEL_VIEWER_ERROR_CONTENT, "the content cannot be read");
    return;
  }
  self->is_answering = TRUE;
  satchel_viewer_process_say (self, SATCHEL_VIEWER_DATA, data, range.size_bytes);
}

/* --- Reading --- */

static void
take_message (SatchelViewerProcess *self)
{
  if (self->header.message == SATCHEL_VIEWER_READ) {
    send_range (self);
    g_clear_pointer (&self->payload, g_free);
  } else {
    g_autoptr (GBytes) payload =
        g_bytes_new_take (g_steal_pointer (&self->payload), self->header.size_bytes);
    if (!self->functions->take (self->owner, self->header.message, payload))
      break_off (self);
  }
  if (self->pid != 0)
    read_header (self);
}

static void
payload_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelViewerProcess) self = user_data;
  gsize got = 0;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &got, NULL) ||
      got != self->header.size_bytes || self->pid == 0)
    break_off (self);
  else
    take_message (self);
}

static void
header_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelViewerProcess) self = user_data;
  gsize got = 0;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &got, NULL) ||
      got != sizeof self->header || self->pid == 0 ||
      !self->functions->is_expected (self->owner, &self->header) ||
      (self->header.message == SATCHEL_VIEWER_READ &&
       self->header.size_bytes != sizeof (SatchelViewerRange))) {
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
read_header (SatchelViewerProcess *self)
{
  g_input_stream_read_all_async (self->from, &self->header, sizeof self->header,
                                 G_PRIORITY_DEFAULT, self->stop, header_cb, g_object_ref (self));
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
start (
    SatchelViewerProcess *self, const char *argument, int app_end, int viewer_end, GError **error)
{
  static const char *const ENVIRONMENT[] = {"LANG=C.UTF-8", "PATH=/nonexistent",
                                            "HOME=/nonexistent", NULL};
  g_autofree char *program = find_program ();
  const char *const argv[] = {program, argument, NULL};
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

SatchelViewerProcess *
satchel_viewer_process_new (GInputStream *content,
                            const SatchelViewerOpen *open,
                            const char *argument,
                            const SatchelViewerOwner *functions,
                            gpointer owner,
                            GError **error)
{
  g_autoptr (SatchelViewerProcess) self = g_object_new (SATCHEL_TYPE_VIEWER_PROCESS, NULL);
  int ends[2];

  g_return_val_if_fail (G_IS_SEEKABLE (content), NULL);
  self->content = g_object_ref (content);
  self->functions = functions;
  self->owner = owner;
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    g_set_error_literal (error, SATCHEL_VIEWER_ERROR, SATCHEL_VIEWER_ERROR_MISSING,
                         "no socket can be made");
    return NULL;
  }
  gboolean is_started = start (self, argument, ends[0], ends[1], error);
  close (ends[1]);
  if (!is_started)
    return NULL;
  satchel_viewer_process_say (self, SATCHEL_VIEWER_OPEN, open, sizeof *open);
  read_header (self);
  return g_steal_pointer (&self);
}

/* Reading and writing hold a reference: so this comes after satchel_viewer_process_end(). */
static void
satchel_viewer_process_dispose (GObject *object)
{
  SatchelViewerProcess *self = SATCHEL_VIEWER_PROCESS (object);

  satchel_viewer_process_end (self);
  g_clear_object (&self->content);
  g_clear_object (&self->to);
  g_clear_object (&self->from);
  G_OBJECT_CLASS (satchel_viewer_process_parent_class)->dispose (object);
}

static void
satchel_viewer_process_finalize (GObject *object)
{
  SatchelViewerProcess *self = SATCHEL_VIEWER_PROCESS (object);

  g_free (self->payload);
  g_queue_clear_full (&self->unsaid, (GDestroyNotify) g_bytes_unref);
  g_object_unref (self->stop);
  G_OBJECT_CLASS (satchel_viewer_process_parent_class)->finalize (object);
}

static void
satchel_viewer_process_class_init (SatchelViewerProcessClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_viewer_process_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_viewer_process_finalize;
}

static void
satchel_viewer_process_init (SatchelViewerProcess *self)
{
  g_queue_init (&self->unsaid);
  self->stop = g_cancellable_new ();
}
