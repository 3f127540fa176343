/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real viewer, with real files and with hostile ones. */
#include "viewer/satchel-viewer.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  GMainLoop *loop;
  GdkTexture *texture;
  guint pages;
  GError *error;
} Shown;

static void
shown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Shown *shown = user_data;

  shown->texture = satchel_viewer_render_finish (SATCHEL_VIEWER (source), result, &shown->pages,
                                                 &shown->error);
  g_main_loop_quit (shown->loop);
}

static void
shown_clear (Shown *shown)
{
  g_clear_object (&shown->texture);
  g_clear_error (&shown->error);
  g_clear_pointer (&shown->loop, g_main_loop_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Shown, shown_clear)

static void
render (SatchelViewer *viewer, guint page, guint side, GCancellable *cancellable, Shown *shown)
{
  shown_clear (shown);
  shown->loop = g_main_loop_new (NULL, FALSE);
  satchel_viewer_render_async (viewer, page, side, side, cancellable, shown_cb, shown);
  g_main_loop_run (shown->loop);
}

static SatchelViewer *
open_bytes (const void *data, gsize size, const char *type)
{
  g_autoptr (GInputStream) content = g_memory_input_stream_new_from_data (
      g_memdup2 (data, size), (gssize) size, g_free);
  g_autoptr (GError) error = NULL;
  SatchelViewer *viewer = satchel_viewer_new (content, size, type, &error);

  g_assert_no_error (error);
  return viewer;
}

static void
close_viewer (SatchelViewer *viewer)
{
  satchel_viewer_close (viewer);
  g_object_unref (viewer);
}

static char *
load_sample (const char *name, gsize *size)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("SATCHEL_SOURCE"), "data/demo/samples", name, NULL);
  char *data = NULL;

  g_assert_true (g_file_get_contents (path, &data, size, NULL));
  return data;
}

static void
test_samples (void)
{
  static const struct {
    const char *name;
    const char *type;
  } SAMPLES[] = {
      {"IMG_20240309_140512.jpg", "image/jpeg"},
      {"Снимок экрана.png", "image/png"},
      {"Повестка.pdf", "application/pdf"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (SAMPLES); i++) {
    g_auto (Shown) shown = {0};
    gsize size = 0;
    g_autofree char *data = load_sample (SAMPLES[i].name, &size);
    SatchelViewer *viewer = open_bytes (data, size, SAMPLES[i].type);
    for (guint side = 64; side <= 1024; side *= 4) {
      render (viewer, 0, side, NULL, &shown);
      g_assert_no_error (shown.error);
      g_assert_cmpint (gdk_texture_get_width (shown.texture), <=, side);
      g_assert_cmpint (gdk_texture_get_height (shown.texture), <=, side);
      g_assert_cmpint (MAX (gdk_texture_get_width (shown.texture),
                            gdk_texture_get_height (shown.texture)),
                       >=, 60);
      g_assert_cmpuint (shown.pages, >=, 1);
    }
    render (viewer, shown.pages, 64, NULL, &shown);
    g_assert_error (shown.error, SATCHEL_VIEWER_ERROR, SATCHEL_VIEWER_ERROR_NO_PAGE);
    close_viewer (viewer);
  }
}

static void
assert_fails (const void *data, gsize size, const char *type, int code)
{
  g_auto (Shown) shown = {0};
  SatchelViewer *viewer = open_bytes (data, size, type);

  render (viewer, 0, 256, NULL, &shown);
  g_assert_error (shown.error, SATCHEL_VIEWER_ERROR, code);
  close_viewer (viewer);
}

static void
test_damaged (void)
{
  static const char *const TYPES[] = {"image/jpeg", "image/png", "image/gif", "image/tiff",
                                      "application/pdf"};
  /* A PNG that says it is 200,000 x 200,000. */
  static const guint8 HUGE_PNG[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13,
                                    'I', 'H', 'D', 'R', 0, 3, 0x0d, 0x40, 0, 3, 0x0d, 0x40,
                                    8, 2, 0, 0, 0, 0x85, 0x7c, 0x4b, 0x8f, 0, 0, 0, 0};
  gsize size = 0;
  g_autofree char *photo = load_sample ("IMG_20240309_140512.jpg", &size);

  for (guint i = 0; i < G_N_ELEMENTS (TYPES); i++) {
    assert_fails ("", 0, TYPES[i], SATCHEL_VIEWER_ERROR_DAMAGED);
    assert_fails ("not what it says", 16, TYPES[i], SATCHEL_VIEWER_ERROR_DAMAGED);
  }
  assert_fails (photo, 300, "image/jpeg", SATCHEL_VIEWER_ERROR_DAMAGED);
  assert_fails (photo, size, "application/pdf", SATCHEL_VIEWER_ERROR_DAMAGED);
  g_auto (Shown) shown = {0};
  SatchelViewer *viewer = open_bytes (HUGE_PNG, sizeof HUGE_PNG, "image/png");
  render (viewer, 0, 256, NULL, &shown);
  g_assert_nonnull (shown.error);
  close_viewer (viewer);
}

/* Signals every child of this process. */
static void
kill_children (int number)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/task/%d/children", (int) getpid ());
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_auto (GStrv) pids = g_strsplit (g_strstrip (text), " ", -1);
  for (guint i = 0; pids[i] != NULL && *pids[i] != '\0'; i++)
    kill (atoi (pids[i]), number);
}

static gboolean
kill_cb (gpointer user_data)
{
  kill_children (SIGKILL);
  return G_SOURCE_REMOVE;
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

/* A viewer that dies is an error, at once and for ever; so is one that was cancelled. */
static void
test_death (void)
{
  gsize size = 0;
  g_autofree char *photo = load_sample ("IMG_20240309_140512.jpg", &size);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Shown) shown = {0};

  SatchelViewer *killed = open_bytes (photo, size, "image/jpeg");
  kill_children (SIGSTOP);
  g_idle_add (kill_cb, NULL);
  render (killed, 0, 64, NULL, &shown);
  g_assert_error (shown.error, SATCHEL_VIEWER_ERROR, SATCHEL_VIEWER_ERROR_CRASHED);
  render (killed, 0, 64, NULL, &shown);
  g_assert_error (shown.error, SATCHEL_VIEWER_ERROR, SATCHEL_VIEWER_ERROR_CRASHED);
  close_viewer (killed);

  SatchelViewer *cancelled = open_bytes (photo, size, "image/jpeg");
  kill_children (SIGSTOP);
  g_idle_add (cancel_cb, cancellable);
  render (cancelled, 0, 64, cancellable, &shown);
  g_assert_error (shown.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  close_viewer (cancelled);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/viewer/samples", test_samples);
  g_test_add_func ("/ui/viewer/damaged", test_damaged);
  g_test_add_func ("/ui/viewer/death", test_death);
  return g_test_run ();
}
