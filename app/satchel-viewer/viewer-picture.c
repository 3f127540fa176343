/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gdk-pixbuf/gdk-pixbuf.h>

#include "viewer.h"

#define PIECE_SIZE (64 * 1024)

/* Context of a loader. */
typedef struct {
  const SatchelViewerRender *render;
  gboolean is_too_large;
} Fitting;

/* GdkPixbuf's names. No vector picture is among them: it may name files and run for ever. */
static const char *const LOADERS[] = {
    [SATCHEL_VIEWER_KIND_JPEG] = "jpeg",
    [SATCHEL_VIEWER_KIND_PNG] = "png",
    [SATCHEL_VIEWER_KIND_GIF] = "gif",
    [SATCHEL_VIEWER_KIND_TIFF] = "tiff",
    [SATCHEL_VIEWER_KIND_BMP] = "bmp",
};

static GdkPixbufLoader *
make_loader (SatchelViewerKind kind)
{
  if (kind >= G_N_ELEMENTS (LOADERS) || LOADERS[kind] == NULL)
    return NULL;
  return gdk_pixbuf_loader_new_with_type (LOADERS[kind], NULL);
}

/* A loader of a type brings its module in, whatever becomes of the loader. */
void
viewer_preload_picture (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (LOADERS); i++) {
    g_autoptr (GdkPixbufLoader) loader = make_loader ((SatchelViewerKind) i);
    if (loader != NULL)
      gdk_pixbuf_loader_close (loader, NULL);
  }
}

/* Said before the first pixel is decoded: so the decoder can be told to make it smaller. */
static void
size_prepared_cb (GdkPixbufLoader *loader, int width, int height, gpointer user_data)
{
  Fitting *fitting = user_data;

  if (width < 1 || height < 1 || (gint64) width * height > SATCHEL_VIEWER_PIXELS_MAX) {
    fitting->is_too_large = TRUE;
    gdk_pixbuf_loader_set_size (loader, 0, 0);
    return;
  }
  /* Whichever way it will be turned, it fits. */
  gdouble box = MIN (fitting->render->width, fitting->render->height);
  gdouble longest = MAX (width, height);
  if (longest > box)
    gdk_pixbuf_loader_set_size (loader, MAX (1, (int) (width * box / longest)),
                                MAX (1, (int) (height * box / longest)));
}

static gboolean
feed (GdkPixbufLoader *loader, GInputStream *content, const Fitting *fitting)
{
  guint8 piece[PIECE_SIZE];
  gssize got;

  while ((got = g_input_stream_read (content, piece, sizeof piece, NULL, NULL)) > 0)
    if (!gdk_pixbuf_loader_write (loader, piece, (gsize) got, NULL) || fitting->is_too_large)
      return FALSE;
  return got == 0;
}

static void
copy_pixels (GdkPixbuf *pixbuf, ViewerPicture *picture)
{
  guint width = (guint) gdk_pixbuf_get_width (pixbuf);
  guint height = (guint) gdk_pixbuf_get_height (pixbuf);
  gsize stride = (gsize) gdk_pixbuf_get_rowstride (pixbuf);
  guint channels = (guint) gdk_pixbuf_get_n_channels (pixbuf);
  const guint8 *pixels = gdk_pixbuf_read_pixels (pixbuf);
  guint8 *out = g_malloc ((gsize) width * height * 4);

  picture->pixels = out;
  picture->facts = (SatchelViewerPicture){width, height, 1};
  for (guint y = 0; y < height; y++) {
    const guint8 *in = pixels + y * stride;
    for (guint x = 0; x < width; x++, in += channels, out += 4) {
      out[0] = in[0];
      out[1] = in[1];
      out[2] = in[2];
      out[3] = channels == 4 ? in[3] : 255;
    }
  }
}

gboolean
viewer_decode_picture (GInputStream *content,
                       SatchelViewerKind kind,
                       const SatchelViewerRender *render,
                       ViewerPicture *picture,
                       SatchelViewerFailure *failure)
{
  Fitting fitting = {.render = render};
  g_autoptr (GdkPixbufLoader) loader = make_loader (kind);

  *failure = SATCHEL_VIEWER_FAILURE_DAMAGED;
  if (loader == NULL)
    return FALSE;
  if (render->page != 0) {
    *failure = SATCHEL_VIEWER_FAILURE_NO_PAGE;
    return FALSE;
  }
  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), &fitting);
  gboolean is_fed = feed (loader, content, &fitting);
  gboolean is_whole = gdk_pixbuf_loader_close (loader, NULL);
  if (fitting.is_too_large)
    *failure = SATCHEL_VIEWER_FAILURE_TOO_LARGE;
  GdkPixbuf *decoded = gdk_pixbuf_loader_get_pixbuf (loader);
  if (!is_fed || !is_whole || fitting.is_too_large || decoded == NULL)
    return FALSE;
  g_autoptr (GdkPixbuf) upright = gdk_pixbuf_apply_embedded_orientation (decoded);
  if (gdk_pixbuf_get_width (upright) > SATCHEL_VIEWER_SIDE_MAX ||
      gdk_pixbuf_get_height (upright) > SATCHEL_VIEWER_SIDE_MAX) {
    *failure = SATCHEL_VIEWER_FAILURE_TOO_LARGE;
    return FALSE;
  }
  copy_pixels (upright, picture);
  return TRUE;
}
