/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <libexif/exif-data.h>
#include <string.h>

#include "viewer.h"

#define EXIF_INTRO     "Exif\0"
#define EXIF_INTRO_LEN 6
#define EXIF_MAX       0xfff0            /* libexif looks no further */
#define TEXT_MAX       (4 * 1024 * 1024) /* of one block of XMP */
#define PARTS_MAX      100000            /* of a file; each is a few bytes of reading at least */
#define SEARCHED_MAX   (64 * 1024 * 1024)
#define PIECE_SIZE     (64 * 1024)
#define OVERLAP        64 /* longer than anything that is searched for */

typedef struct {
  GInputStream *content;
  guint64 size_bytes;
  gboolean has_place;
  gboolean is_unsure; /* something could not be read that may name one */
} Search;

/* Of XMP: the camera's, and those that editors add. */
static const char *const TEXT_WORDS[] = {"GPSLatitude", "LocationCreated", "LocationShown",
                                         "photoshop:City"};

/* Of the description of a film: Android's, 3GPP's, Apple's, a track of positions. */
static const char *const FILM_WORDS[] = {"\251xyz", "loci", "com.apple.quicktime.location", "gpmd",
                                         "GPSLatitude"};

/* --- Reading --- */

static gboolean
read_at (const Search *self, guint64 offset, gpointer out, gsize size_bytes)
{
  gsize got = 0;

  return size_bytes <= self->size_bytes && offset <= self->size_bytes - size_bytes &&
         g_seekable_seek (G_SEEKABLE (self->content), (goffset) offset, G_SEEK_SET, NULL, NULL) &&
         g_input_stream_read_all (self->content, out, size_bytes, &got, NULL, NULL) &&
         got == size_bytes;
}

/* Ended by a NUL. NULL, and unsure, where it is too long or not there. */
static guint8 *
load_at (Search *self, guint64 offset, guint64 size_bytes, gsize most)
{
  g_autofree guint8 *data = size_bytes <= most ? g_malloc0 (size_bytes + 1) : NULL;

  if (data != NULL && read_at (self, offset, data, (gsize) size_bytes))
    return g_steal_pointer (&data);
  self->is_unsure = TRUE;
  return NULL;
}

static guint32
get_be (const guint8 *at)
{
  return (guint32) at[0] << 24 | (guint32) at[1] << 16 | (guint32) at[2] << 8 | at[3];
}

static guint32
get_le (const guint8 *at)
{
  return (guint32) at[3] << 24 | (guint32) at[2] << 16 | (guint32) at[1] << 8 | at[0];
}

/* --- What names a place --- */

/* A camera that does not know where it is may write zeros. */
static gboolean
is_filled (const ExifEntry *entry)
{
  for (guint i = 0; i < entry->size; i++)
    if (entry->data[i] != 0)
      return TRUE;
  return FALSE;
}

static gboolean
names_place (ExifData *data)
{
  static const int TAGS[] = {EXIF_TAG_GPS_LATITUDE, EXIF_TAG_GPS_LONGITUDE,
                             EXIF_TAG_GPS_DEST_LATITUDE, EXIF_TAG_GPS_DEST_LONGITUDE,
                             EXIF_TAG_GPS_AREA_INFORMATION};

  for (guint i = 0; i < G_N_ELEMENTS (TAGS); i++) {
    const ExifEntry *entry =
        exif_content_get_entry (data->ifd[EXIF_IFD_GPS], (ExifTag) TAGS[i]);
    if (entry != NULL && is_filled (entry))
      return TRUE;
  }
  return FALSE;
}

/* With its introduction or without, which some containers leave out. */
static void
look_at_exif (Search *self, const guint8 *bytes, gsize size_bytes)
{
  gboolean has_intro =
      size_bytes >= EXIF_INTRO_LEN && memcmp (bytes, EXIF_INTRO, EXIF_INTRO_LEN) == 0;
  g_autoptr (GByteArray) whole = g_byte_array_new ();
  guint entries = 0;

  if (!has_intro)
    g_byte_array_append (whole, (const guint8 *) EXIF_INTRO, EXIF_INTRO_LEN);
  g_byte_array_append (whole, bytes, (guint) MIN (size_bytes, EXIF_MAX));
  ExifData *data = exif_data_new_from_data (whole->data, whole->len);
  if (data == NULL) {
    self->is_unsure = TRUE;
    return;
  }
  for (guint i = 0; i < EXIF_IFD_COUNT; i++)
    entries += data->ifd[i]->count;
  self->has_place |= names_place (data);
  self->is_unsure |= entries == 0;
  exif_data_unref (data);
}

static gboolean
has_word (const guint8 *bytes, gsize size_bytes, const char *const *words, gsize count)
{
  for (gsize i = 0; i < count; i++)
    if (memmem (bytes, size_bytes, words[i], strlen (words[i])) != NULL)
      return TRUE;
  return FALSE;
}

static void
look_at_text (Search *self, const guint8 *bytes, gsize size_bytes)
{
  self->has_place |= has_word (bytes, size_bytes, TEXT_WORDS, G_N_ELEMENTS (TEXT_WORDS));
}

static void
load_and_look (Search *self,
               guint64 offset,
               guint64 size_bytes,
               void (*look) (Search *self, const guint8 *bytes, gsize size_bytes))
{
  g_autofree guint8 *data = load_at (self, offset, size_bytes, TEXT_MAX);

  if (data != NULL)
    look (self, data, (gsize) size_bytes);
}

/* Goes over a stretch, a piece at a time; what lies over two of them is in both. */
static void
search_stretch (Search *self,
                guint64 offset,
                guint64 size_bytes,
                void (*look) (Search *self, const guint8 *bytes, gsize size_bytes, guint64 at))
{
  g_autofree guint8 *piece = g_malloc (PIECE_SIZE + OVERLAP);
  guint64 end = offset + MIN (size_bytes, SEARCHED_MAX);

  self->is_unsure |= size_bytes > SEARCHED_MAX;
  for (; offset < end && !self->has_place; offset += PIECE_SIZE) {
    gsize taken = (gsize) MIN (end - offset, PIECE_SIZE + OVERLAP);
    if (!read_at (self, offset, piece, taken)) {
      self->is_unsure = TRUE;
      return;
    }
    look (self, piece, taken, offset);
  }
}

/* --- Containers --- */

static void
search_jpeg (Search *self)
{
  guint64 at = 2;

  for (guint i = 0; i < PARTS_MAX; i++) {
    guint8 head[4];
    if (!read_at (self, at, head, sizeof head) || head[0] != 0xff) {
      self->is_unsure = TRUE;
      return;
    }
    if (head[1] == 0xff) {
      at++;
      continue;
    }
    /* The picture itself begins, or ends. */
    if (head[1] == 0xda || head[1] == 0xd9)
      return;
    guint64 size = (guint64) head[2] << 8 | head[3];
    g_autofree guint8 *part =
        head[1] == 0xe1 && size > 2 ? load_at (self, at + 4, size - 2, TEXT_MAX) : NULL;
    if (part != NULL && size >= 8 && memcmp (part, EXIF_INTRO, EXIF_INTRO_LEN) == 0)
      look_at_exif (self, part, (gsize) size - 2);
    else if (part != NULL)
      look_at_text (self, part, (gsize) size - 2);
    at += 2 + MAX (size, 2);
  }
  self->is_unsure = TRUE;
}

/* Text that is packed is not unpacked here: whether it names a place is not known then. */
static void
look_at_png_text (Search *self, const guint8 *bytes, gsize size_bytes)
{
  static const char XMP[] = "XML:com.adobe.xmp";

  if (size_bytes > sizeof XMP && memcmp (bytes, XMP, sizeof XMP) == 0) {
    self->is_unsure |= bytes[sizeof XMP] != 0;
    look_at_text (self, bytes, size_bytes);
  } else if (g_str_has_prefix ((const char *) bytes, "Raw profile type")) {
    self->is_unsure = TRUE;
  }
}

static void
search_png (Search *self)
{
  guint64 at = 8;

  for (guint i = 0; i < PARTS_MAX; i++) {
    guint8 head[8];
    if (!read_at (self, at, head, sizeof head)) {
      self->is_unsure = TRUE;
      return;
    }
    guint64 size = get_be (head);
    if (memcmp (head + 4, "IEND", 4) == 0)
      return;
    if (memcmp (head + 4, "eXIf", 4) == 0)
      load_and_look (self, at + 8, size, look_at_exif);
    else if (memcmp (head + 5, "TXt", 3) == 0 || memcmp (head + 4, "tEXt", 4) == 0)
      load_and_look (self, at + 8, size, look_at_png_text);
    at += 12 + size;
  }
  self->is_unsure = TRUE;
}

static void
search_webp (Search *self)
{
  guint64 at = 12;

  for (guint i = 0; i < PARTS_MAX && at < self->size_bytes; i++) {
    guint8 head[8];
    if (!read_at (self, at, head, sizeof head))
      break;
    guint64 size = get_le (head + 4);
    if (memcmp (head, "EXIF", 4) == 0)
      load_and_look (self, at + 8, size, look_at_exif);
    else if (memcmp (head, "XMP ", 4) == 0)
      load_and_look (self, at + 8, size, look_at_text);
    at += 8 + size + size % 2;
  }
  self->is_unsure |= at < self->size_bytes;
}

static void
look_at_film (Search *self, const guint8 *bytes, gsize size_bytes, guint64 at)
{
  self->has_place |= has_word (bytes, size_bytes, FILM_WORDS, G_N_ELEMENTS (FILM_WORDS));
}

/* Where a HEIC or AVIF has its Exif is said in tables; here it is known by its beginning. */
static void
look_for_exif (Search *self, const guint8 *bytes, gsize size_bytes, guint64 at)
{
  const guint8 *found = memmem (bytes, size_bytes, EXIF_INTRO, EXIF_INTRO_LEN);

  if (found == NULL)
    return;
  guint64 offset = at + (guint64) (found - bytes);
  load_and_look (self, offset, MIN (self->size_bytes - offset, EXIF_MAX), look_at_exif);
}

/* A still picture of that family: without Exif found it may have some all the same. */
static void
search_stills (Search *self)
{
  Search found = {self->content, self->size_bytes, FALSE, FALSE};

  search_stretch (&found, 0, self->size_bytes, look_for_exif);
  self->has_place |= found.has_place;
  self->is_unsure |= !found.has_place;
}

/* MP4, QuickTime, HEIC: boxes, of which that with the description is looked at. */
static void
search_boxes (Search *self)
{
  gboolean is_film = FALSE, is_still = FALSE;
  guint64 at = 0;

  for (guint i = 0; i < PARTS_MAX && at < self->size_bytes; i++) {
    guint8 head[16] = {0};
    if (!read_at (self, at, head, 8))
      break;
    guint64 size = get_be (head);
    if (size == 1 && read_at (self, at, head, sizeof head))
      size = (guint64) get_be (head + 8) << 32 | get_be (head + 12);
    if (size == 0)
      size = self->size_bytes - at;
    if (size < 8 || size > self->size_bytes - at)
      break;
    is_still |= memcmp (head + 4, "meta", 4) == 0;
    if (memcmp (head + 4, "moov", 4) == 0) {
      is_film = TRUE;
      search_stretch (self, at, size, look_at_film);
    }
    at += size;
  }
  if (is_still && !is_film)
    search_stills (self);
  self->is_unsure |= at != self->size_bytes || (!is_film && !is_still);
}

static void
look_at_piece (Search *self, const guint8 *bytes, gsize size_bytes, guint64 at)
{
  look_at_text (self, bytes, size_bytes);
}

/* By its first bytes, whatever it is called. */
static void
search (Search *self)
{
  guint8 head[16] = {0};

  read_at (self, 0, head, (gsize) MIN (self->size_bytes, sizeof head));
  if (memcmp (head, "\xff\xd8\xff", 3) == 0)
    search_jpeg (self);
  else if (memcmp (head, "\x89PNG\r\n\x1a\n", 8) == 0)
    search_png (self);
  else if (memcmp (head, "RIFF", 4) == 0 && memcmp (head + 8, "WEBP", 4) == 0)
    search_webp (self);
  else if (memcmp (head + 4, "ftyp", 4) == 0 || memcmp (head + 4, "moov", 4) == 0)
    search_boxes (self);
  else if (memcmp (head, "GIF8", 4) == 0)
    search_stretch (self, 0, self->size_bytes, look_at_piece);
  else if (memcmp (head, "BM", 2) != 0)
    self->is_unsure = TRUE;
}

SatchelViewerPlace
viewer_find_place (GInputStream *content, guint64 size_bytes)
{
  Search self = {content, size_bytes, FALSE, FALSE};

  search (&self);
  if (self.has_place)
    return SATCHEL_VIEWER_PLACE_FOUND;
  return self.is_unsure ? SATCHEL_VIEWER_PLACE_UNKNOWN : SATCHEL_VIEWER_PLACE_NONE;
}
