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

/* --- Whether a file names a place --- */

typedef struct {
  GMainLoop *loop;
  SatchelViewerPlace place;
} Found;

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Found *found = user_data;
  g_autoptr (GError) error = NULL;

  found->place = satchel_viewer_find_place_finish (SATCHEL_VIEWER (source), result, &error);
  g_assert_no_error (error);
  g_main_loop_quit (found->loop);
}

static SatchelViewerPlace
find_place (const void *data, gsize size)
{
  g_autoptr (GInputStream) content = g_memory_input_stream_new_from_data (
      g_memdup2 (data, size), (gssize) size, g_free);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Found found = {loop, 0};
  g_autoptr (GError) error = NULL;
  SatchelViewer *viewer = satchel_viewer_new_finder (content, size, &error);

  g_assert_no_error (error);
  satchel_viewer_find_place_async (viewer, found_cb, &found);
  g_main_loop_run (loop);
  close_viewer (viewer);
  return found.place;
}

static void
append (GByteArray *bytes, const void *data, gsize size)
{
  g_byte_array_append (bytes, data, (guint) size);
}

static void
append_number (GByteArray *bytes, guint32 number, gboolean is_big)
{
  guint32 value = is_big ? GUINT32_TO_BE (number) : GUINT32_TO_LE (number);

  append (bytes, &value, 4);
}

/* One IFD0 entry, the position's folder, and in that a latitude of @degrees/1. */
static GByteArray *
make_tiff (guint8 degrees)
{
  static const guint8 HEAD[] = {
      'I', 'I', 42, 0, 8, 0, 0, 0,                           /* IFD0 at 8 */
      1, 0, 0x25, 0x88, 4, 0, 1, 0, 0, 0, 26, 0, 0, 0,       /* GPS at 26 */
      0, 0, 0, 0,                                            /* no IFD1 */
      1, 0, 2, 0, 5, 0, 3, 0, 0, 0, 44, 0, 0, 0, 0, 0, 0, 0, /* three rationals at 44 */
  };
  GByteArray *tiff = g_byte_array_new ();

  append (tiff, HEAD, sizeof HEAD);
  for (guint i = 0; i < 3; i++) {
    append_number (tiff, i == 0 ? degrees : 0, FALSE);
    append_number (tiff, degrees != 0 ? 1 : 0, FALSE);
  }
  return tiff;
}

static SatchelViewerPlace
find_in_png (const char *type, const void *data, gsize size)
{
  g_autoptr (GByteArray) png = g_byte_array_new ();

  append (png, "\x89PNG\r\n\x1a\n", 8);
  if (type != NULL) {
    append_number (png, (guint32) size, TRUE);
    append (png, type, 4);
    append (png, data, size);
    append_number (png, 0, TRUE);
  }
  append_number (png, 0, TRUE);
  append (png, "IENDxxxx", 8);
  return find_place (png->data, png->len);
}

static SatchelViewerPlace
find_in_webp (const char *type, const void *data, gsize size)
{
  g_autoptr (GByteArray) webp = g_byte_array_new ();

  append (webp, "RIFFxxxxWEBPVP8 \x02\0\0\0xx", 22);
  append (webp, type, 4);
  append_number (webp, (guint32) size, FALSE);
  append (webp, data, size);
  if (size % 2 == 1)
    append (webp, "", 1);
  return find_place (webp->data, webp->len);
}

static void
append_box (GByteArray *bytes, const char *type, const void *data, gsize size)
{
  append_number (bytes, (guint32) size + 8, TRUE);
  append (bytes, type, 4);
  if (size > 0)
    append (bytes, data, size);
}

/* A film that is whole but for its pictures, and what is put into it. */
typedef struct {
  const char *brand;
  const char *track;   /* of a second one; nullable */
  const char *in_moov; /* a box's type, with @data; nullable */
  const char *on_top;  /* the same */
  const void *data;
  gsize size;
} Film;

static void
append_track (GByteArray *bytes, const char *kind)
{
  g_autoptr (GByteArray) handler = g_byte_array_new (), media = g_byte_array_new (),
                         track = g_byte_array_new ();

  append (handler, "\0\0\0\0mhlr", 8);
  append (handler, kind, 4);
  append (handler, "\0\0\0\0\0\0\0\0\0\0\0\0", 13);
  append_box (media, "hdlr", handler->data, handler->len);
  append_box (track, "tkhd", "xxxx", 4);
  append_box (track, "mdia", media->data, media->len);
  append_box (bytes, "trak", track->data, track->len);
}

static SatchelViewerPlace
find_in_film (const Film *film)
{
  g_autoptr (GByteArray) whole = g_byte_array_new (), moov = g_byte_array_new ();

  append_box (moov, "mvhd", "xxxx", 4);
  append_track (moov, "vide");
  if (film->track != NULL)
    append_track (moov, film->track);
  if (film->in_moov != NULL)
    append_box (moov, film->in_moov, film->data, film->size);
  append_box (whole, "ftyp", film->brand != NULL ? film->brand : "isom", 4);
  append_box (whole, "mdat", "xxxx", 4);
  if (film->on_top != NULL)
    append_box (whole, film->on_top, film->data, film->size);
  append_box (whole, "moov", moov->data, moov->len);
  return find_place (whole->data, whole->len);
}

#define FIND_IN_FILM(...) find_in_film (&(const Film){__VA_ARGS__})

/* A picture of one byte and one restart, a segment before it and anything behind it. */
static SatchelViewerPlace
find_in_jpeg (guint8 marker, const void *data, gsize size, const void *behind, gsize behind_size)
{
  g_autoptr (GByteArray) jpeg = g_byte_array_new ();
  guint16 length = GUINT16_TO_BE ((guint16) (size + 2));

  append (jpeg, "\xff\xd8\xff", 3);
  append (jpeg, &marker, 1);
  append (jpeg, &length, 2);
  append (jpeg, data, size);
  append (jpeg, "\xff\xda\0\2a\xff\0\xff\xd0\xff\xc4\0\2\xff\xda\0\2b\xff\xff\xd9", 21);
  append (jpeg, behind, behind_size);
  return find_place (jpeg->data, jpeg->len);
}

static SatchelViewerPlace
find_in_boxes (const char *type, const void *data, gsize size)
{
  g_autoptr (GByteArray) film = g_byte_array_new ();

  append_number (film, 12, TRUE);
  append (film, "ftypmp42", 8);
  append_number (film, 8 + 4, TRUE);
  append (film, "mdatxxxx", 8);
  append_number (film, (guint32) size + 8, TRUE);
  append (film, type, 4);
  append (film, data, size);
  return find_place (film->data, film->len);
}

static void
test_place_of_samples (void)
{
  gsize photo_size = 0, screen_size = 0, film_size = 0, page_size = 0;
  g_autofree char *photo = load_sample ("IMG_20240309_140512.jpg", &photo_size);
  g_autofree char *screen = load_sample ("Снимок экрана.png", &screen_size);
  g_autofree char *film = load_sample ("VID_20240309_141030.webm", &film_size);
  g_autofree char *page = load_sample ("Повестка.pdf", &page_size);

  g_assert_cmpint (find_place (photo, photo_size), ==, SATCHEL_VIEWER_PLACE_FOUND);
  g_assert_cmpint (find_place (screen, screen_size), ==, SATCHEL_VIEWER_PLACE_NONE);
  g_assert_cmpint (find_place (film, film_size), ==, SATCHEL_VIEWER_PLACE_UNKNOWN);
  g_assert_cmpint (find_place (page, page_size), ==, SATCHEL_VIEWER_PLACE_UNKNOWN);
  /* Cut off before the Exif, and in it. */
  for (gsize size = 0; size < 400; size += 37)
    g_assert_cmpint (find_place (photo, size), ==, SATCHEL_VIEWER_PLACE_UNKNOWN);
}

static void
test_place_in_exif (void)
{
  static const char LOST[] = "II*\0\10\0\0\0\2\0"
                             "\17\1\2\0\4\0\0\0abc\0"               /* the camera */
                             "\45\210\4\0\1\0\0\0\360\0\0\0\0\0\0"; /* GPS at 240 */
  g_autoptr (GByteArray) with = make_tiff (58), without = make_tiff (0);

  g_assert_cmpint (find_in_png ("eXIf", with->data, with->len), ==, SATCHEL_VIEWER_PLACE_FOUND);
  g_assert_cmpint (find_in_png ("eXIf", without->data, without->len), ==,
                   SATCHEL_VIEWER_PLACE_NONE);
  g_assert_cmpint (find_in_png (NULL, NULL, 0), ==, SATCHEL_VIEWER_PLACE_NONE);
  g_assert_cmpint (find_in_png ("eXIf", "II*", 3), ==, SATCHEL_VIEWER_PLACE_UNKNOWN);
  g_assert_cmpint (find_in_png ("zTXt", "Raw profile type exif\0\0x", 24), ==,
                   SATCHEL_VIEWER_PLACE_UNKNOWN);
  g_assert_cmpint (find_in_webp ("EXIF", with->data, with->len), ==, SATCHEL_VIEWER_PLACE_FOUND);
  g_assert_cmpint (find_in_webp ("EXIF", without->data, without->len), ==,
                   SATCHEL_VIEWER_PLACE_NONE);
  g_assert_cmpint (find_in_webp ("XMP ", "x GPSLatitude", 13), ==, SATCHEL_VIEWER_PLACE_FOUND);
  /* Its folder lies outside. */
  g_assert_cmpint (find_in_png ("eXIf", LOST, sizeof LOST), ==, SATCHEL_VIEWER_PLACE_UNKNOWN);
  /* Longer than what is looked at. */
  for (guint i = 0; i < 2; i++) {
    GByteArray *exif = i == 0 ? with : without;
    g_autofree guint8 *space = g_malloc0 (0x10000);
    append (exif, space, 0x10000);
    g_assert_cmpint (find_in_png ("eXIf", exif->data, exif->len), ==,
                     i == 0 ? SATCHEL_VIEWER_PLACE_FOUND : SATCHEL_VIEWER_PLACE_UNKNOWN);
  }
}

/* HEIC: where it is not found by its beginning, it may be there all the same. */
static void
test_place_in_stills (void)
{
  static const char TABLE[] = "\0\0\0\25infe\2\0\0\0\0\1\0\0Exif\0\0\0\0\bfree";
  g_autoptr (GByteArray) tiff = make_tiff (58);
  g_autoptr (GByteArray) meta = g_byte_array_new (), many = g_byte_array_new ();

  append (meta, TABLE, sizeof TABLE - 1);
  g_assert_cmpint (find_in_boxes ("meta", meta->data, meta->len), ==,
                   SATCHEL_VIEWER_PLACE_UNKNOWN);
  append (meta, "\0\0\0\6Exif\0\0", 10);
  append (meta, tiff->data, tiff->len);
  g_assert_cmpint (find_in_boxes ("meta", meta->data, meta->len), ==, SATCHEL_VIEWER_PLACE_FOUND);
  g_assert_cmpint (find_in_boxes ("meta", "xxxx", 4), ==, SATCHEL_VIEWER_PLACE_UNKNOWN);
  /* A series has a film's description as well. */
  g_assert_cmpint (
      FIND_IN_FILM (.brand = "msf1", .on_top = "meta", .data = meta->data, .size = meta->len), ==,
      SATCHEL_VIEWER_PLACE_FOUND);
  g_assert_cmpint (
      FIND_IN_FILM (.brand = "msf1", .on_top = "mdat", .data = meta->data, .size = meta->len), ==,
      SATCHEL_VIEWER_PLACE_FOUND);
  g_assert_cmpint (FIND_IN_FILM (.brand = "mp42", .on_top = "meta", .data = "xxxx", .size = 4), ==,
                   SATCHEL_VIEWER_PLACE_UNKNOWN);
  g_assert_cmpint (FIND_IN_FILM (.brand = "avis"), ==, SATCHEL_VIEWER_PLACE_UNKNOWN);
  /* No more are tried than one has time for. */
  for (guint i = 0; i < 100000; i++)
    append (many, "Exif\0\0", 6);
  g_assert_cmpint (find_in_boxes ("meta", many->data, many->len), ==,
                   SATCHEL_VIEWER_PLACE_UNKNOWN);
}

/* Canon's raw pictures are boxes with a film's description. */
static void
test_place_in_raw (void)
{
  g_autoptr (GByteArray) tiff = make_tiff (58);

  g_assert_cmpint (FIND_IN_FILM (.brand = "crx "), ==, SATCHEL_VIEWER_PLACE_UNKNOWN);
  g_assert_cmpint (
      FIND_IN_FILM (.brand = "crx ", .in_moov = "uuid", .data = tiff->data, .size = tiff->len), ==,
      SATCHEL_VIEWER_PLACE_UNKNOWN);
}

static void
test_place_in_jpeg (void)
{
  static const char *const WORDS[] = {
      "exif:GPSLatitude",
      "exif:GPSDestLatitude",
      "Iptc4xmpCore:Location",
      "photoshop:City",
      "photoshop:State",
      "photoshop:Country",
      "LocationCreated",
      "LocationShown",
  };
  static const char CITY[] =
      "Photoshop 3.0\0008BIM\4\4\0\0\0\0\0\21\34\2\0\0\2\0\4\34\2\132\0\5Minsk";
  static const char NO_CITY[] =
      "Photoshop 3.0\0008BIM\4\4\1x\0\0\0\7\34\2\0\0\2\0\4\0008BIM\4\6\0\0\0\0\0\0";

  g_assert_cmpint (find_in_jpeg (0xe0, "JFIF\0", 5, "", 0), ==, SATCHEL_VIEWER_PLACE_NONE);
  for (guint i = 0; i < G_N_ELEMENTS (WORDS); i++) {
    g_autofree char *xmp = g_strdup_printf ("http://ns.adobe.com/xap/1.0/%c<%s>", 1, WORDS[i]);
    g_assert_cmpint (find_in_jpeg (0xe1, xmp, strlen (xmp), "", 0), ==,
                     SATCHEL_VIEWER_PLACE_FOUND);
  }
  g_assert_cmpint (find_in_jpeg (0xed, CITY, sizeof CITY - 1, "", 0), ==,
                   SATCHEL_VIEWER_PLACE_FOUND);
  g_assert_cmpint (find_in_jpeg (0xed, NO_CITY, sizeof NO_CITY - 1, "", 0), ==,
                   SATCHEL_VIEWER_PLACE_NONE);
  /* Cut off, or not as it is written here. */
  for (gsize size = 15; size < sizeof CITY - 1; size++)
    g_assert_cmpint (find_in_jpeg (0xed, CITY, size, "", 0), ==, SATCHEL_VIEWER_PLACE_UNKNOWN);
  g_assert_cmpint (find_in_jpeg (0xe6, "GoPro\0", 6, "", 0), ==, SATCHEL_VIEWER_PLACE_UNKNOWN);
}

/* A second picture, or the film of a photo that moves. */
static void
test_place_behind_the_end (void)
{
  static const char MORE[] = "xxxx\xff\xd8\xff\xe1xxExif\0\0";
  static const char FILM[] = "\0\0\0\fftypmp42\0\0\0\40moov\0\0\0\30udta\0\0\0\20\251xyzxxxxxxxx";
  g_autoptr (GByteArray) tiff = make_tiff (58), behind = g_byte_array_new ();

  g_assert_cmpint (find_in_jpeg (0xe2, "MPF\0", 4, "\0\0\0", 3), ==, SATCHEL_VIEWER_PLACE_NONE);
  g_assert_cmpint (find_in_jpeg (0xe2, "MPF\0", 4, "\0x", 2), ==, SATCHEL_VIEWER_PLACE_UNKNOWN);
  append (behind, MORE, sizeof MORE - 1);
  append (behind, tiff->data, tiff->len);
  g_assert_cmpint (find_in_jpeg (0xe2, "MPF\0", 4, behind->data, behind->len), ==,
                   SATCHEL_VIEWER_PLACE_FOUND);
  g_assert_cmpint (find_in_jpeg (0xe0, "JFIF\0", 5, FILM, sizeof FILM - 1), ==,
                   SATCHEL_VIEWER_PLACE_FOUND);
  g_assert_cmpint (find_place ("\x89PNG\r\n\x1a\n\0\0\0\0IENDxxxxx", 21), ==,
                   SATCHEL_VIEWER_PLACE_UNKNOWN);
  g_assert_cmpint (find_place ("RIFFxxxxWEBPVP8 \x09\0\0\0xx", 22), ==,
                   SATCHEL_VIEWER_PLACE_UNKNOWN);
  g_assert_cmpint (find_place ("BM\10\0\0\0xx", 8), ==, SATCHEL_VIEWER_PLACE_NONE);
  g_assert_cmpint (find_place ("BM\10\0\0\0xxx", 9), ==, SATCHEL_VIEWER_PLACE_UNKNOWN);
}

static SatchelViewerPlace
find_in_media (const char *name)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("SATCHEL_SOURCE"), "tests", "ui", "media", name, NULL);
  g_autofree char *data = NULL;
  gsize size = 0;

  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  return find_place (data, size);
}

static void
test_place_in_films (void)
{
  g_autofree guint8 *far = g_malloc0 (300000);
  static const char APPLE[] = "keysmdtacom.apple.quicktime.location.ISO6709";

  g_assert_cmpint (find_in_media ("phone.mp4"), ==, SATCHEL_VIEWER_PLACE_NONE);
  g_assert_cmpint (find_in_media ("portrait.mov"), ==, SATCHEL_VIEWER_PLACE_NONE);
  g_assert_cmpint (find_in_media ("old.3gp"), ==, SATCHEL_VIEWER_PLACE_NONE);
  g_assert_cmpint (FIND_IN_FILM (.in_moov = "meta", .data = far, .size = 300000), ==,
                   SATCHEL_VIEWER_PLACE_NONE);
  memcpy (far + 65536 - 2, "\251xyz", 4);
  g_assert_cmpint (FIND_IN_FILM (.in_moov = "meta", .data = far, .size = 300000), ==,
                   SATCHEL_VIEWER_PLACE_FOUND);
  g_assert_cmpint (find_in_boxes ("moov", APPLE, sizeof APPLE), ==, SATCHEL_VIEWER_PLACE_FOUND);
  g_assert_cmpint (find_in_boxes ("mdat", APPLE, sizeof APPLE), ==, SATCHEL_VIEWER_PLACE_UNKNOWN);
  /* A box that would lead back, or out of the file. */
  g_assert_cmpint (find_place ("\0\0\0\10ftyp\0\0\0\3moov", 16), ==, SATCHEL_VIEWER_PLACE_UNKNOWN);
  g_assert_cmpint (find_place ("\0\0\0\10ftyp\0\0\0\1moov\377\377\377\377\377\377\377\377", 24),
                   ==, SATCHEL_VIEWER_PLACE_UNKNOWN);
}

/* Positions may go along with a film, or stand beside it. */
static void
test_place_beside_films (void)
{
  static const char *const KNOWN[] = {"soun", "tmcd"};
  static const char *const TRACKS[] = {"camm", "meta", "text", "sbtl", "subt", "data"};
  static const char XMP[] = "\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac"
                            "<exif:GPSLatitude>";

  for (guint i = 0; i < G_N_ELEMENTS (KNOWN); i++)
    g_assert_cmpint (FIND_IN_FILM (.track = KNOWN[i]), ==, SATCHEL_VIEWER_PLACE_NONE);
  for (guint i = 0; i < G_N_ELEMENTS (TRACKS); i++)
    g_assert_cmpint (FIND_IN_FILM (.track = TRACKS[i]), ==, SATCHEL_VIEWER_PLACE_UNKNOWN);
  g_assert_cmpint (FIND_IN_FILM (.brand = "XAVC"), ==, SATCHEL_VIEWER_PLACE_UNKNOWN);
  g_assert_cmpint (FIND_IN_FILM (.on_top = "uuid", .data = XMP, .size = sizeof XMP - 1), ==,
                   SATCHEL_VIEWER_PLACE_FOUND);
  g_assert_cmpint (FIND_IN_FILM (.on_top = "uuid", .data = XMP, .size = 18), ==,
                   SATCHEL_VIEWER_PLACE_NONE);
  g_assert_cmpint (FIND_IN_FILM (.on_top = "uuid", .data = XMP + 1, .size = 16), ==,
                   SATCHEL_VIEWER_PLACE_UNKNOWN);
  g_assert_cmpint (FIND_IN_FILM (.on_top = "free", .data = "\0\0\0", .size = 3), ==,
                   SATCHEL_VIEWER_PLACE_NONE);
  g_assert_cmpint (FIND_IN_FILM (.on_top = "free", .data = "GPS", .size = 3), ==,
                   SATCHEL_VIEWER_PLACE_UNKNOWN);
  g_assert_cmpint (FIND_IN_FILM (.in_moov = "gps ", .data = "xxxx", .size = 4), ==,
                   SATCHEL_VIEWER_PLACE_UNKNOWN);
  g_assert_cmpint (FIND_IN_FILM (.in_moov = "udta", .data = "\0\0\0\10NCDT", .size = 8), ==,
                   SATCHEL_VIEWER_PLACE_UNKNOWN);
  g_assert_cmpint (
      FIND_IN_FILM (.in_moov = "udta", .data = "\0\0\0\10\251too\0\0\0\0", .size = 12), ==,
      SATCHEL_VIEWER_PLACE_NONE);
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
  g_test_add_func ("/ui/viewer/place-of-samples", test_place_of_samples);
  g_test_add_func ("/ui/viewer/place-in-exif", test_place_in_exif);
  g_test_add_func ("/ui/viewer/place-in-stills", test_place_in_stills);
  g_test_add_func ("/ui/viewer/place-in-raw", test_place_in_raw);
  g_test_add_func ("/ui/viewer/place-in-jpeg", test_place_in_jpeg);
  g_test_add_func ("/ui/viewer/place-behind-the-end", test_place_behind_the_end);
  g_test_add_func ("/ui/viewer/place-in-films", test_place_in_films);
  g_test_add_func ("/ui/viewer/place-beside-films", test_place_beside_films);
  g_test_add_func ("/ui/viewer/death", test_death);
  return g_test_run ();
}
