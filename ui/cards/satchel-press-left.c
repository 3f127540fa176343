/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cards/satchel-press-left.h"

#include "vault/satchel-readable.h"

#define TYPE        "(smsmsmsa(ss)m(uuay))"
#define SIDE_MAX_PX 840 /* twice as wide as it is shown, for screens of twice the pixels */
#define PIXEL_BYTES 4
#define LINES_MAX   32
#define TEXT_MAX    4096 /* bytes of one value */

void
satchel_press_left_free (SatchelPressLeft *self)
{
  if (self == NULL)
    return;
  satchel_press_face_free (self->face);
  g_clear_object (&self->scan);
  g_free (self);
}

/* --- Packing --- */

/* No larger than it will be shown. The caller frees. */
static cairo_surface_t *
shrink (GdkTexture *scan)
{
  int width = gdk_texture_get_width (scan), height = gdk_texture_get_height (scan);
  double scale = MIN (1.0, (double) SIDE_MAX_PX / MAX (width, height));
  cairo_surface_t *whole = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_surface_t *small = cairo_image_surface_create (CAIRO_FORMAT_RGB24, MAX (1, width * scale),
                                                       MAX (1, height * scale));
  cairo_t *cr = cairo_create (small);

  gdk_texture_download (scan, cairo_image_surface_get_data (whole),
                        cairo_image_surface_get_stride (whole));
  cairo_surface_mark_dirty (whole);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_scale (cr, scale, scale);
  cairo_set_source_surface (cr, whole, 0, 0);
  /* Its edges are as opaque as it is. */
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (whole);
  cairo_surface_flush (small);
  return small;
}

static GVariant *
pack_scan (GdkTexture *scan)
{
  cairo_surface_t *small = shrink (scan);
  guint32 width = cairo_image_surface_get_width (small);
  guint32 height = cairo_image_surface_get_height (small);

  guint32 *words = (gpointer) cairo_image_surface_get_data (small);

  for (gsize i = 0; i < (gsize) width * height; i++)
    words[i] = GUINT32_TO_LE (words[i]);
  /* A row of whole pixels of four bytes has no padding. */
  GVariant *pixels = g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, words,
                                                (gsize) width * height * PIXEL_BYTES, 1);
  cairo_surface_destroy (small);
  return g_variant_new ("(uu@ay)", GUINT32_TO_LE (width), GUINT32_TO_LE (height), pixels);
}

GBytes *
satchel_press_left_pack (const SatchelPressFace *face, GdkTexture *scan)
{
  GVariantBuilder lines;

  g_variant_builder_init (&lines, G_VARIANT_TYPE ("a(ss)"));
  for (guint i = 0; i < face->lines->len; i++) {
    const SatchelPressLine *line = face->lines->pdata[i];
    g_variant_builder_add (&lines, "(ss)", line->label, line->value);
  }
  g_autoptr (GVariant) whole = g_variant_ref_sink (
      g_variant_new ("(smsmsmsa(ss)m@(uuay))", face->heading, face->outlet, face->name, face->role,
                     &lines, scan != NULL ? pack_scan (scan) : NULL));
  return g_variant_get_data_as_bytes (whole);
}

/* --- Unpacking --- */

static gboolean
set_damaged (GError **error)
{
  g_set_error_literal (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_DAMAGED,
                       "the readable press card is damaged");
  return FALSE;
}

static gboolean
unpack_scan (SatchelPressLeft *self, GVariant *scan)
{
  guint32 width, height;
  g_autoptr (GVariant) pixels = NULL;

  g_variant_get (scan, "(uu@ay)", &width, &height, &pixels);
  width = GUINT32_FROM_LE (width);
  height = GUINT32_FROM_LE (height);
  if (width == 0 || height == 0 || width > SIDE_MAX_PX || height > SIDE_MAX_PX ||
      g_variant_get_size (pixels) != (gsize) width * height * PIXEL_BYTES)
    return FALSE;
  /* What stands in the fourth byte is nobody's, and would be how much one sees through it. */
  g_autofree guint8 *bytes = g_memdup2 (g_variant_get_data (pixels), g_variant_get_size (pixels));
  guint32 *words = (gpointer) bytes;
  for (gsize i = 0; i < (gsize) width * height; i++)
    words[i] |= GUINT32_TO_LE (0xff000000u);
  g_autoptr (GBytes) owned =
      g_bytes_new_take (g_steal_pointer (&bytes), (gsize) width * height * PIXEL_BYTES);
  self->scan = gdk_memory_texture_new (width, height, GDK_MEMORY_B8G8R8A8_PREMULTIPLIED, owned,
                                       (gsize) width * PIXEL_BYTES);
  return TRUE;
}

static gboolean
is_short (const char *text)
{
  return text == NULL || strlen (text) <= TEXT_MAX;
}

static gboolean
unpack_lines (SatchelPressFace *face, GVariantIter *lines)
{
  const char *label, *value;

  while (g_variant_iter_next (lines, "(&s&s)", &label, &value)) {
    if (!is_short (label) || !is_short (value) || face->lines->len == LINES_MAX)
      return FALSE;
    satchel_press_face_add_line (face, label, value);
  }
  return TRUE;
}

SatchelPressLeft *
satchel_press_left_unpack (GBytes *bytes, GError **error)
{
  g_autoptr (GVariant) whole = g_variant_ref_sink (
      g_variant_new_from_bytes (G_VARIANT_TYPE (TYPE), bytes, FALSE));
  g_autoptr (SatchelPressLeft) self = g_new0 (SatchelPressLeft, 1);
  g_autoptr (GVariantIter) lines = NULL;
  g_autoptr (GVariant) scan = NULL;

  self->face = satchel_press_face_new_empty ();
  if (!g_variant_is_normal_form (whole)) {
    set_damaged (error);
    return NULL;
  }
  g_variant_get (whole, "(smsmsmsa(ss)m@(uuay))", &self->face->heading, &self->face->outlet,
                 &self->face->name, &self->face->role, &lines, &scan);
  if (!is_short (self->face->heading) || !is_short (self->face->outlet) ||
      !is_short (self->face->name) || !is_short (self->face->role) ||
      !unpack_lines (self->face, lines) || (scan != NULL && !unpack_scan (self, scan))) {
    set_damaged (error);
    return NULL;
  }
  return g_steal_pointer (&self);
}

SatchelPressLeft *
satchel_press_left_load (const char *folder, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (!satchel_readable_load (folder, NULL, &bytes, error))
    return NULL;
  if (bytes == NULL) {
    g_set_error_literal (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_NOT_FOUND,
                         "no press card was left readable");
    return NULL;
  }
  return satchel_press_left_unpack (bytes, error);
}

/* --- Jobs --- */

typedef struct {
  char *id;
  GBytes *bytes; /* nullable */
} Setting;

static void
setting_free (gpointer data)
{
  Setting *self = data;

  g_free (self->id);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

static gpointer
ask_run (SatchelVault *vault,
         gpointer input,
         SatchelProgressReport progress,
         GCancellable *cancellable,
         GError **error)
{
  Setting *setting = input;
  const char *folder = satchel_vault_get_folder (vault);
  g_autofree char *id = NULL;
  g_autoptr (GBytes) content = NULL;

  if (!satchel_readable_load (folder, &id, &content, error))
    return NULL;
  if (content == NULL || !g_str_equal (id, setting->id))
    return g_strdup ("no");
  if (setting->bytes != NULL && !g_bytes_equal (content, setting->bytes) &&
      !satchel_readable_store (folder, id, setting->bytes, error))
    return NULL;
  return g_strdup ("yes");
}

static gpointer
setting_new (const char *id, GBytes *bytes)
{
  Setting *self = g_new0 (Setting, 1);

  self->id = g_strdup (id);
  self->bytes = bytes != NULL ? g_bytes_ref (bytes) : NULL;
  return self;
}

SatchelSessionJob
satchel_press_left_ask_job (const char *id, GBytes *bytes)
{
  return (SatchelSessionJob){.run = ask_run,
                             .input = setting_new (id, bytes),
                             .input_free = setting_free,
                             .result_free = g_free};
}

static gpointer
set_run (SatchelVault *vault,
         gpointer input,
         SatchelProgressReport progress,
         GCancellable *cancellable,
         GError **error)
{
  Setting *setting = input;
  const char *folder = satchel_vault_get_folder (vault);
  gboolean is_set = setting->bytes != NULL
                        ? satchel_readable_store (folder, setting->id, setting->bytes, error)
                        : satchel_readable_remove (folder, setting->id, error);

  return GINT_TO_POINTER (is_set);
}

SatchelSessionJob
satchel_press_left_set_job (const char *id, GBytes *bytes)
{
  return (SatchelSessionJob){
      .run = set_run, .input = setting_new (id, bytes), .input_free = setting_free};
}
