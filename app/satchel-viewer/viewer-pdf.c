/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fontconfig/fontconfig.h>
#include <poppler.h>

#include "viewer.h"

void
viewer_preload_pdf (void)
{
  FcInit ();
}

/* Cairo's pixels are native-endian ARGB with alpha multiplied in; the page is opaque. */
static void
copy_surface (cairo_surface_t *surface, guint pages, ViewerPicture *picture)
{
  guint width = (guint) cairo_image_surface_get_width (surface);
  guint height = (guint) cairo_image_surface_get_height (surface);
  gsize stride = (gsize) cairo_image_surface_get_stride (surface);
  const guint8 *pixels = cairo_image_surface_get_data (surface);
  guint8 *out = g_malloc ((gsize) width * height * 4);

  picture->pixels = out;
  picture->facts = (SatchelViewerPicture){width, height, pages};
  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++, out += 4) {
      guint32 pixel = *(const guint32 *) (gconstpointer) (pixels + y * stride + x * 4);
      out[0] = (guint8) (pixel >> 16);
      out[1] = (guint8) (pixel >> 8);
      out[2] = (guint8) pixel;
      out[3] = 255;
    }
}

static gboolean
render_page (PopplerPage *page,
             guint pages,
             const SatchelViewerRender *render,
             ViewerPicture *picture)
{
  gdouble width = 0;
  gdouble height = 0;

  poppler_page_get_size (page, &width, &height);
  if (!(width > 0 && width < 1e6 && height > 0 && height < 1e6))
    return FALSE;
  gdouble scale = MIN (render->width / width, render->height / height);
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_ARGB32, MAX (1, (int) (width * scale)),
                                  MAX (1, (int) (height * scale)));
  cairo_t *cairo = cairo_create (surface);
  cairo_set_source_rgb (cairo, 1, 1, 1);
  cairo_paint (cairo);
  cairo_scale (cairo, scale, scale);
  poppler_page_render (page, cairo);
  gboolean good = cairo_status (cairo) == CAIRO_STATUS_SUCCESS;
  cairo_destroy (cairo);
  cairo_surface_flush (surface);
  if (good)
    copy_surface (surface, pages, picture);
  cairo_surface_destroy (surface);
  return good;
}

static gboolean
decode_page (PopplerDocument *document,
             const SatchelViewerRender *render,
             ViewerPicture *picture,
             SatchelViewerFailure *failure)
{
  int pages = poppler_document_get_n_pages (document);

  if (pages < 1 || pages > SATCHEL_VIEWER_PAGES_MAX)
    return FALSE;
  if (render->page >= (guint) pages) {
    *failure = SATCHEL_VIEWER_FAILURE_NO_PAGE;
    return FALSE;
  }
  PopplerPage *page = poppler_document_get_page (document, (int) render->page);
  gboolean done = page != NULL && render_page (page, (guint) pages, render, picture);
  g_clear_object (&page);
  return done;
}

gboolean
viewer_decode_pdf (GInputStream *content,
                   guint64 size_bytes,
                   const SatchelViewerRender *render,
                   ViewerPicture *picture,
                   SatchelViewerFailure *failure)
{
  g_autoptr (GError) error = NULL;
  PopplerDocument *document =
      poppler_document_new_from_stream (content, (goffset) size_bytes, NULL, NULL, &error);

  *failure = g_error_matches (error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED)
                 ? SATCHEL_VIEWER_FAILURE_LOCKED
                 : SATCHEL_VIEWER_FAILURE_DAMAGED;
  if (document == NULL)
    return FALSE;
  gboolean done = decode_page (document, render, picture, failure);
  g_object_unref (document);
  return done;
}
