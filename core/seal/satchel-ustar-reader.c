/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-ustar-private.h"

#include <string.h>

#include "base/satchel-error.h"

#define AT_SIZE 124

/* The current member's content: a view on the archive that ends where the member does. */
#define MEMBER_TYPE_STREAM (member_stream_get_type ())
G_DECLARE_FINAL_TYPE (MemberStream, member_stream, MEMBER, STREAM, GInputStream)

struct _MemberStream {
  GInputStream parent_instance;

  GInputStream *archive; /* borrowed from the reader; NULL once it is gone */
  guint64 left;
};

struct _SatchelUstarReader {
  GInputStream *archive;
  MemberStream *content;
  char *name;
  gsize fill; /* bytes after the current member's content */
  gboolean ended;
};

// clang-format off
G_DEFINE_FINAL_TYPE (MemberStream, member_stream, G_TYPE_INPUT_STREAM)
// clang-format on

static gboolean
set_archive_error (GError **error, const char *message)
{
  g_set_error_literal (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_ARCHIVE, message);
  return FALSE;
}

static gssize
member_stream_read (
    GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  MemberStream *self = MEMBER_STREAM (stream);

  if (self->archive == NULL || self->left == 0)
    return 0;
  gssize got =
      g_input_stream_read (self->archive, buffer, MIN (count, self->left), cancellable, error);
  if (got == 0) {
    set_archive_error (error, "tar-cut: cut short within a member");
    return -1;
  }
  if (got > 0)
    self->left -= got;
  return got;
}

static void
member_stream_class_init (MemberStreamClass *klass)
{
  G_INPUT_STREAM_CLASS (klass)->read_fn = member_stream_read;
}

static void
member_stream_init (MemberStream *self)
{
}

SatchelUstarReader *
satchel_ustar_reader_new (GInputStream *archive)
{
  SatchelUstarReader *self = g_new0 (SatchelUstarReader, 1);

  self->archive = g_object_ref (archive);
  self->content = g_object_new (MEMBER_TYPE_STREAM, NULL);
  self->content->archive = archive;
  return self;
}

static gboolean
is_zero (const guint8 *data, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (data[i] != 0)
      return FALSE;
  return TRUE;
}

static gboolean
read_exactly (
    SatchelUstarReader *self, guint8 *out, gsize size, GCancellable *cancellable, GError **error)
{
  gsize got = 0;

  if (!g_input_stream_read_all (self->archive, out, size, &got, cancellable, error))
    return FALSE;
  return got == size || set_archive_error (error, "tar-cut: cut short");
}

/* What is left of the current member, and the zeros that fill its last block. */
static gboolean
skip_member (SatchelUstarReader *self, GCancellable *cancellable, GError **error)
{
  guint8 fill[SATCHEL_USTAR_BLOCK_SIZE];
  gsize fill_size = self->fill;

  if (!satchel_sink_splice (satchel_sink_to_nowhere (),
                            G_INPUT_STREAM (self->content),
                            G_MAXUINT64,
                            NULL,
                            cancellable,
                            error))
    return FALSE;
  self->fill = 0;
  if (!read_exactly (self, fill, fill_size, cancellable, error))
    return FALSE;
  return is_zero (fill, fill_size) ||
         set_archive_error (error, "tar-fill: a member's last block is not filled with zeros");
}

static gboolean
parse_octal_size (const guint8 *field, guint64 *size)
{
  guint64 value = 0;

  for (guint i = 0; i < 11; i++) {
    if (field[i] < '0' || field[i] > '7')
      return FALSE;
    value = value << 3 | (guint64) (field[i] - '0');
  }
  *size = value;
  return TRUE;
}

static gboolean
parse_size (const guint8 *field, guint64 *size)
{
  guint64 value = 0;

  if (field[0] != 0x80)
    return parse_octal_size (field, size);
  if (!is_zero (field + 1, 3))
    return FALSE;
  for (guint i = 4; i < 12; i++)
    value = value << 8 | field[i];
  /* No file has more than 2^63 - 1 bytes, and blocks are counted on top. */
  if (value > G_MAXINT64 - 2 * SATCHEL_USTAR_BLOCK_SIZE)
    return FALSE;
  *size = value;
  return TRUE;
}

/* One spelling: a header is right if it is the one that the writer makes for its name and size. */
static gboolean
parse_header (SatchelUstarReader *self, const guint8 *block, guint64 *size_bytes, GError **error)
{
  guint8 expected[SATCHEL_USTAR_BLOCK_SIZE];
  g_autofree char *name = g_strndup ((const char *) block, SATCHEL_USTAR_NAME_MAX);

  if (!satchel_ustar_name_is_valid (name))
    return set_archive_error (error, "tar-name: a member's name is not permitted");
  if (!parse_size (block + AT_SIZE, size_bytes))
    return set_archive_error (error, "tar-size: a member's size is malformed");
  satchel_ustar_header (name, *size_bytes, expected);
  if (memcmp (block, expected, sizeof expected) != 0)
    return set_archive_error (
        error, "tar-header: a header is not a canonical ustar header of a regular file");
  g_free (self->name);
  self->name = g_steal_pointer (&name);
  self->content->left = *size_bytes;
  self->fill = (gsize) (-*size_bytes % SATCHEL_USTAR_BLOCK_SIZE);
  return TRUE;
}

/* After the first zero block: one more, then the archive's own end. */
static gboolean
read_end (SatchelUstarReader *self, GCancellable *cancellable, GError **error)
{
  guint8 block[SATCHEL_USTAR_BLOCK_SIZE];
  guint8 one;

  if (!read_exactly (self, block, sizeof block, cancellable, error))
    return FALSE;
  if (!is_zero (block, sizeof block))
    return set_archive_error (error, "tar-end: one zero block alone");
  gssize more = g_input_stream_read (self->archive, &one, 1, cancellable, error);
  if (more < 0)
    return FALSE;
  if (more > 0)
    return set_archive_error (error, "tar-trailing: bytes after the end blocks");
  self->ended = TRUE;
  return TRUE;
}

gboolean
satchel_ustar_reader_next (SatchelUstarReader *self,
                           const char **name,
                           guint64 *size_bytes,
                           GCancellable *cancellable,
                           GError **error)
{
  guint8 block[SATCHEL_USTAR_BLOCK_SIZE];
  guint64 size = 0;

  g_return_val_if_fail (!self->ended, FALSE);
  if (!skip_member (self, cancellable, error) ||
      !read_exactly (self, block, sizeof block, cancellable, error))
    return FALSE;
  if (is_zero (block, sizeof block)) {
    if (!read_end (self, cancellable, error))
      return FALSE;
    *name = NULL;
    return TRUE;
  }
  if (!parse_header (self, block, &size, error))
    return FALSE;
  *name = self->name;
  *size_bytes = size;
  return TRUE;
}

GInputStream *
satchel_ustar_reader_get_content (SatchelUstarReader *self)
{
  return G_INPUT_STREAM (self->content);
}

GBytes *
satchel_ustar_reader_load (SatchelUstarReader *self,
                           gsize limit_bytes,
                           GCancellable *cancellable,
                           GError **error)
{
  g_autoptr (GByteArray) array = g_byte_array_new ();

  if (self->content->left > limit_bytes) {
    g_set_error (error,
                 SATCHEL_SEAL_ERROR,
                 SATCHEL_SEAL_ERROR_LIMIT,
                 "member-size: %s: larger than the permitted %zu bytes",
                 self->name,
                 limit_bytes);
    return NULL;
  }
  if (!satchel_sink_splice (satchel_sink_to_byte_array (array),
                            G_INPUT_STREAM (self->content),
                            limit_bytes,
                            NULL,
                            cancellable,
                            error))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&array));
}

void
satchel_ustar_reader_free (SatchelUstarReader *self)
{
  if (self == NULL)
    return;
  /* A member's stream that somebody still holds reads nothing any more. */
  self->content->archive = NULL;
  g_object_unref (self->content);
  g_object_unref (self->archive);
  g_free (self->name);
  g_free (self);
}
