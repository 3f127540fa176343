/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <libexif/exif-data.h>
#include <string.h>

#include "viewer.h"

#define EXIF_INTRO     "Exif\0"
#define EXIF_INTRO_LEN 6
#define EXIF_MAX       0xfff0            /* libexif looks no further */
#define TEXT_MAX       (4 * 1024 * 1024) /* of one block of XMP */
#define PARTS_MAX      100000            /* of a file; each is a few bytes of reading at least */
#define EXIFS_MAX      64                /* that are tried where no table says where it begins */
#define SEARCHED_MAX   (64 * 1024 * 1024)
#define READ_MAX       (256 * 1024 * 1024) /* of a file, what is read twice twice */
#define PIECE_SIZE     (64 * 1024)
#define OVERLAP        64 /* longer than anything that is searched for */

typedef struct {
  GInputStream *content;
  guint64 size_bytes;
  gboolean has_place;
  gboolean is_unsure; /* something could not be read that may name one */
  guint64 read_bytes;
  guint exifs; /* that were tried */
} Search;

/* Of XMP: the camera's, and those that editors add. */
static const char *const TEXT_WORDS[] = {
    "GPSLatitude",
    "GPSDestL",
    "LocationCreated",
    "LocationShown",
    "photoshop:City",
    "photoshop:State",
    "photoshop:Country",
    "Iptc4xmpCore:Location",
    "Iptc4xmpCore:Co",
};

/* Of the description of a film: Android's, 3GPP's, Apple's, tracks of positions. */
static const char *const FILM_WORDS[] = {"\251xyz", "loci", "com.apple.quicktime.location", "gpmd"};

/* --- Reading --- */

static gboolean
read_at (Search *self, guint64 offset, gpointer out, gsize size_bytes)
{
  gsize got = 0;

  self->read_bytes += size_bytes;
  return self->read_bytes <= READ_MAX && size_bytes <= self->size_bytes &&
         offset <= self->size_bytes - size_bytes &&
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

static guint
get_be_16 (const guint8 *at)
{
  return (guint) at[0] << 8 | at[1];
}

static guint
get_le_16 (const guint8 *at)
{
  return (guint) at[1] << 8 | at[0];
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

/* Whether the first folder names one for the position: libexif is silent about a folder that it
 * could not follow. */
static gboolean
has_position_folder (const guint8 *tiff, gsize size_bytes)
{
  if (size_bytes < 10)
    return FALSE;
  gboolean is_big = tiff[0] == 'M';
  gsize at = is_big ? get_be (tiff + 4) : get_le (tiff + 4);
  if (at > size_bytes - 2)
    return FALSE;
  guint count = is_big ? get_be_16 (tiff + at) : get_le_16 (tiff + at);
  at += 2;
  for (guint i = 0; i < count && size_bytes - at >= 12; i++, at += 12) {
    guint tag = is_big ? get_be_16 (tiff + at) : get_le_16 (tiff + at);
    if (tag == EXIF_TAG_GPS_INFO_IFD_POINTER)
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
  self->is_unsure |= entries == 0 || size_bytes > EXIF_MAX ||
                     (data->ifd[EXIF_IFD_GPS]->count == 0 &&
                      has_position_folder (whole->data + EXIF_INTRO_LEN,
                                           whole->len - EXIF_INTRO_LEN));
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

/* Where a HEIC or AVIF has its Exif is said in tables; here it is known by its beginning. The same
 * word names it in the tables: each is tried. */
static void
look_for_exif (Search *self, const guint8 *bytes, gsize size_bytes, guint64 at)
{
  const guint8 *found = bytes, *end = bytes + size_bytes;

  look_at_text (self, bytes, size_bytes);
  while (!self->has_place &&
         (found = memmem (found, (gsize) (end - found), EXIF_INTRO, EXIF_INTRO_LEN)) != NULL) {
    guint64 offset = at + (guint64) (found - bytes);
    /* It is in the next piece too. */
    if (found - bytes >= PIECE_SIZE)
      return;
    if (++self->exifs > EXIFS_MAX) {
      self->is_unsure = TRUE;
      return;
    }
    load_and_look (self, offset, MIN (self->size_bytes - offset, EXIF_MAX), look_at_exif);
    found += EXIF_INTRO_LEN;
  }
}

static void
look_at_rest (Search *self, const guint8 *bytes, gsize size_bytes, guint64 at)
{
  for (gsize i = 0; i < size_bytes && !self->is_unsure; i++)
    self->is_unsure = bytes[i] != 0;
  look_for_exif (self, bytes, size_bytes, at);
  self->has_place |= has_word (bytes, size_bytes, FILM_WORDS, 1); /* of a photo that moves */
}

/* What stands behind the end, or where nothing is to stand: a second picture, a film, anything.
 * Zeros fill a gap. */
static void
search_rest (Search *self, guint64 offset)
{
  if (offset < self->size_bytes)
    search_stretch (self, offset, self->size_bytes - offset, look_at_rest);
}

/* --- JPEG --- */

/* The names that IPTC has for places, whatever they say. */
static void
look_at_iptc (Search *self, const guint8 *bytes, gsize size_bytes)
{
  static const guint8 SETS[] = {26, 27, 90, 92, 95, 100, 101};
  gsize at = 0;

  while (size_bytes - at >= 5 && bytes[at] == 0x1c) {
    guint length = get_be_16 (bytes + at + 3);
    if (length > size_bytes - at - 5)
      break;
    self->has_place |=
        bytes[at + 1] == 2 && length > 0 && memchr (SETS, bytes[at + 2], sizeof SETS) != NULL;
    at += 5 + length;
  }
  for (; at < size_bytes; at++)
    self->is_unsure |= bytes[at] != 0;
}

static void
look_at_photoshop (Search *self, const guint8 *bytes, gsize size_bytes)
{
  gsize at = sizeof "Photoshop 3.0";

  while (at + 12 <= size_bytes && memcmp (bytes + at, "8BIM", 4) == 0) {
    guint id = get_be_16 (bytes + at + 4);
    /* A name with its length before it, even together. */
    gsize data = at + 6 + (bytes[at + 6] / 2u + 1) * 2;
    gsize length = data + 4 <= size_bytes ? get_be (bytes + data) : size_bytes;
    if (length > size_bytes - MIN (data + 4, size_bytes))
      break;
    data += 4;
    if (id == 0x0404)
      look_at_iptc (self, bytes + data, length);
    else if (id == 0x0422 || id == 0x0423)
      look_at_exif (self, bytes + data, length);
    else if (id == 0x0424)
      look_at_text (self, bytes + data, length);
    at = data + length + length % 2;
  }
  self->is_unsure |= at < size_bytes;
}

/* What programs put before the picture. A kind that is not known here may name a place. */
static void
search_segment (Search *self, guint8 marker, guint64 at, guint64 size_bytes)
{
  static const struct {
    guint8 marker;
    const char *intro;
    void (*look) (Search *self, const guint8 *bytes, gsize size_bytes);
  } KNOWN[] = {
      {0xe0, "JFIF", NULL},
      {0xe0, "JFXX", NULL},
      {0xe1, EXIF_INTRO, look_at_exif},
      {0xe1, "http://ns.adobe.com/xap/1.0/", look_at_text},
      {0xe2, "ICC_PROFILE", NULL},
      {0xe2, "MPF", NULL},
      {0xec, "Ducky", NULL},
      {0xed, "Photoshop 3.0", look_at_photoshop},
      {0xee, "Adobe", NULL},
      {0xfe, "", look_at_text},
  };

  /* The picture's own tables. */
  if ((marker < 0xe0 || marker > 0xef) && marker != 0xfe)
    return;
  g_autofree guint8 *part = load_at (self, at, size_bytes, TEXT_MAX);
  if (part == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (KNOWN); i++) {
    if (marker != KNOWN[i].marker || !g_str_has_prefix ((const char *) part, KNOWN[i].intro))
      continue;
    if (KNOWN[i].look != NULL)
      KNOWN[i].look (self, part, (gsize) size_bytes);
    return;
  }
  look_at_text (self, part, (gsize) size_bytes);
  self->is_unsure = TRUE;
}

/* Over the picture itself, to what follows it. */
static gboolean
find_marker (Search *self, guint64 *at)
{
  g_autofree guint8 *piece = g_malloc (PIECE_SIZE);

  while (*at + 1 < self->size_bytes) {
    gsize taken = (gsize) MIN (self->size_bytes - *at, PIECE_SIZE);
    if (!read_at (self, *at, piece, taken))
      return FALSE;
    for (gsize i = 0; i + 1 < taken; i++) {
      guint8 next = piece[i + 1];
      if (piece[i] != 0xff || next == 0 || next == 0xff || (next >= 0xd0 && next <= 0xd7))
        continue;
      *at += i;
      return TRUE;
    }
    *at += taken - 1;
  }
  return FALSE;
}

static void
search_jpeg (Search *self)
{
  guint64 at = 2;

  for (guint i = 0; i < PARTS_MAX; i++) {
    guint8 head[2], size[2];
    if (!read_at (self, at, head, sizeof head) || head[0] != 0xff)
      break;
    if (head[1] == 0xff) {
      at++;
      continue;
    }
    if (head[1] == 0xd9) {
      search_rest (self, at + 2);
      return;
    }
    if (!read_at (self, at + 2, size, sizeof size) || get_be_16 (size) < 2)
      break;
    search_segment (self, head[1], at + 4, get_be_16 (size) - 2);
    at += 2 + get_be_16 (size);
    if (head[1] == 0xda && !find_marker (self, &at))
      break;
  }
  self->is_unsure = TRUE;
}

/* --- PNG and WebP --- */

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
    if (memcmp (head + 4, "IEND", 4) == 0) {
      search_rest (self, at + 12);
      return;
    }
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
  /* The last may lack the byte that makes it even. */
  self->is_unsure |= at != self->size_bytes && at != self->size_bytes + 1;
}

/* --- MP4, QuickTime, HEIC, AVIF: boxes --- */

typedef struct {
  guint8 type[4];
  guint64 content;
  guint64 end;
} Box;

static gboolean
read_box (Search *self, guint64 at, guint64 end, Box *box)
{
  guint8 head[16];
  guint64 size = 0;

  if (at > end || end - at < 8 || !read_at (self, at, head, 8))
    return FALSE;
  size = get_be (head);
  box->content = at + 8;
  if (size == 1) {
    if (end - at < 16 || !read_at (self, at, head, 16))
      return FALSE;
    size = (guint64) get_be (head + 8) << 32 | get_be (head + 12);
    box->content = at + 16;
  } else if (size == 0) {
    size = end - at;
  }
  box->end = at + size;
  memcpy (box->type, head + 4, 4);
  return size >= box->content - at && size <= end - at;
}

static gboolean
is_box (const Box *box, const char *type)
{
  return memcmp (box->type, type, 4) == 0;
}

/* @types: four letters each, one after another. */
static gboolean
is_one_of (const guint8 *type, const char *types)
{
  for (; *types != '\0'; types += 4)
    if (memcmp (type, types, 4) == 0)
      return TRUE;
  return FALSE;
}

/* A key that is not known here may be for a place all the same. */
static void
look_at_film (Search *self, const guint8 *bytes, gsize size_bytes, guint64 at)
{
  look_at_text (self, bytes, size_bytes);
  self->has_place |= has_word (bytes, size_bytes, FILM_WORDS, G_N_ELEMENTS (FILM_WORDS));
  self->is_unsure |= memmem (bytes, size_bytes, "ocation", 7) != NULL;
}

/* What cameras say of a film: some put more there than is known here. */
static void
search_user_data (Search *self, const Box *data)
{
  guint64 at = data->content;
  guint8 rest[4];
  Box box;

  for (guint i = 0; i < PARTS_MAX && read_box (self, at, data->end, &box); i++) {
    self->is_unsure |= box.type[0] != 0xa9 && !is_one_of (box.type, "metacprttitldscpauthname");
    at = box.end;
  }
  /* QuickTime may end it by a zero. */
  if (data->end - at == sizeof rest && read_at (self, at, rest, sizeof rest) && get_be (rest) == 0)
    return;
  self->is_unsure |= at != data->end;
}

/* Only pictures, sound and time codes are known to be without positions: other tracks, text too,
 * may go along with the film and say where it was. */
static void
search_track_kind (Search *self, const Box *box)
{
  guint8 kind[12];

  self->is_unsure |= box->end - box->content < sizeof kind ||
                     !read_at (self, box->content, kind, sizeof kind) ||
                     !is_one_of (kind + 8, "videsountmcd");
}

static void
search_gap (Search *self, const Box *box)
{
  search_stretch (self, box->content, box->end - box->content, look_at_rest);
}

/* The description of a film, and in it those of its tracks. */
static void
search_description (Search *self, const Box *film)
{
  guint64 at = film->content;
  Box box;

  search_stretch (self, at, film->end - at, look_at_film);
  for (guint i = 0; i < PARTS_MAX && read_box (self, at, film->end, &box); i++) {
    gboolean is_branch = is_one_of (box.type, "trakmdia");
    at = is_branch ? box.content : box.end;
    if (is_box (&box, "hdlr"))
      search_track_kind (self, &box);
    else if (is_box (&box, "udta"))
      search_user_data (self, &box);
    else if (is_one_of (box.type, "freeskip"))
      search_gap (self, &box);
    else if (!is_branch)
      self->is_unsure |= !is_one_of (box.type, "mvhdtkhdmdhdminfedtstrefiodsmvexmetatapt");
  }
  self->is_unsure |= at != film->end;
}

/* Boxes of somebody's own: XMP's is known. */
static void
search_own (Search *self, const Box *box)
{
  static const guint8 XMP[] = {0xbe, 0x7a, 0xcf, 0xcb, 0x97, 0xa9, 0x42, 0xe8,
                               0x9c, 0x71, 0x99, 0x94, 0x91, 0xe3, 0xaf, 0xac};
  guint8 id[16];

  search_stretch (self, box->content, box->end - box->content, look_at_film);
  self->is_unsure |= box->end - box->content < sizeof id ||
                     !read_at (self, box->content, id, sizeof id) ||
                     memcmp (id, XMP, sizeof XMP) != 0;
}

/* A still picture of that family, or what is not known: without Exif found it may have some all
 * the same. */
static void
search_stills (Search *self)
{
  search_stretch (self, 0, self->size_bytes, look_for_exif);
  self->is_unsure = TRUE;
}

static void
search_top (Search *self, const Box *box)
{
  if (is_box (box, "moov"))
    search_description (self, box);
  else if (is_box (box, "uuid"))
    search_own (self, box);
  else if (is_one_of (box->type, "freeskipwide"))
    search_gap (self, box);
  else
    self->is_unsure |= !is_one_of (box->type, "ftypmdatmoofmfrasidxstyppdin");
}

/* Nothing is said of what has stills in it, or is of a kind that is not known as a film's: raw
 * pictures come in such boxes too. */
static void
search_boxes (Search *self)
{
  gboolean is_film = FALSE, has_film = FALSE, has_stills = FALSE;
  guint64 at = 0;
  Box box;

  for (guint i = 0; i < PARTS_MAX && read_box (self, at, self->size_bytes, &box); i++) {
    guint8 brand[4];
    if (at == 0 && is_box (&box, "ftyp") && read_at (self, box.content, brand, sizeof brand))
      is_film = is_one_of (brand, "isomiso2iso4iso5iso6mp41mp42avc1qt  M4V M4A 3gp43gp53gp63g2a");
    has_stills |= is_box (&box, "meta");
    has_film |= is_box (&box, "moov");
    search_top (self, &box);
    at = box.end;
  }
  if (has_stills || !is_film)
    search_stills (self);
  self->is_unsure |= at != self->size_bytes || !has_film;
}

/* --- Any file --- */

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
  else if (memcmp (head, "BM", 2) != 0 || get_le (head + 2) != self->size_bytes)
    self->is_unsure = TRUE;
}

SatchelViewerPlace
viewer_find_place (GInputStream *content, guint64 size_bytes)
{
  Search self = {.content = content, .size_bytes = size_bytes};

  search (&self);
  if (self.has_place)
    return SATCHEL_VIEWER_PLACE_FOUND;
  return self.is_unsure ? SATCHEL_VIEWER_PLACE_UNKNOWN : SATCHEL_VIEWER_PLACE_NONE;
}
