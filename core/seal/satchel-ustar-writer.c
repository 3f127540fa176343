/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-ustar-private.h"

#include <stdio.h>
#include <string.h>

/* POSIX.1-1988 ustar: offset and width of the fields that are not zero. */
enum {
  AT_NAME = 0,
  AT_MODE = 100,
  AT_UID = 108,
  AT_GID = 116,
  AT_SIZE = 124,
  AT_MTIME = 136,
  AT_CHECKSUM = 148,
  AT_TYPE = 156,
  AT_MAGIC = 257,
};

struct _SatchelUstarWriter {
  SatchelSink sink;
  guint64 left;  /* content bytes still to come */
  gsize fill;    /* zeros after the content */
  gboolean done; /* the end blocks were written */
};

static gboolean
set_archive_error (GError **error, const char *rule)
{
  g_set_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_ARCHIVE, "tar: %s", rule);
  return FALSE;
}

static gboolean
component_is_valid (const char *start, gsize size)
{
  if (size == 0 || (size == 1 && start[0] == '.') ||
      (size == 2 && start[0] == '.' && start[1] == '.'))
    return FALSE;
  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isalnum (start[i]) && strchr ("._-", start[i]) == NULL)
      return FALSE;
  return TRUE;
}

gboolean
satchel_ustar_name_is_valid (const char *name)
{
  gsize size = strlen (name);

  if (size == 0 || size > SATCHEL_USTAR_NAME_MAX)
    return FALSE;
  for (const char *start = name;;) {
    const char *slash = strchr (start, '/');
    if (!component_is_valid (start, slash != NULL ? (gsize) (slash - start) : strlen (start)))
      return FALSE;
    if (slash == NULL)
      return TRUE;
    start = slash + 1;
  }
}

static void
put_size (guint8 *block, guint64 size_bytes)
{
  char digits[13];

  if (size_bytes < SATCHEL_USTAR_OCTAL_LIMIT) {
    snprintf (digits, sizeof digits, "%011" G_GINT64_MODIFIER "o", size_bytes);
    memcpy (block + AT_SIZE, digits, 11);
    return;
  }
  /* Base-256: a set top bit, then the number, big-endian. */
  block[AT_SIZE] = 0x80;
  for (guint i = 0; i < 8; i++)
    block[AT_SIZE + 11 - i] = (guint8) (size_bytes >> (8 * i));
}

static void
put_checksum (guint8 *block)
{
  char digits[8];
  guint sum = 0;

  memset (block + AT_CHECKSUM, ' ', 8);
  for (guint i = 0; i < SATCHEL_USTAR_BLOCK_SIZE; i++)
    sum += block[i];
  snprintf (digits, sizeof digits, "%06o", sum);
  memcpy (block + AT_CHECKSUM, digits, 7);
}

void
satchel_ustar_header (const char *name, guint64 size_bytes, guint8 block[SATCHEL_USTAR_BLOCK_SIZE])
{
  memset (block, 0, SATCHEL_USTAR_BLOCK_SIZE);
  memcpy (block + AT_NAME, name, strlen (name));
  memcpy (block + AT_MODE, "0000600", 7);
  memcpy (block + AT_UID, "0000000", 7);
  memcpy (block + AT_GID, "0000000", 7);
  put_size (block, size_bytes);
  memcpy (block + AT_MTIME, "00000000000", 11);
  block[AT_TYPE] = '0';
  memcpy (block + AT_MAGIC, "ustar\00000", 8);
  put_checksum (block);
}

static gsize
fill_after (guint64 size_bytes)
{
  return (gsize) (-size_bytes % SATCHEL_USTAR_BLOCK_SIZE);
}

guint64
satchel_ustar_member_size (guint64 size_bytes)
{
  return SATCHEL_USTAR_BLOCK_SIZE + size_bytes + fill_after (size_bytes);
}

SatchelUstarWriter *
satchel_ustar_writer_new (SatchelSink sink)
{
  SatchelUstarWriter *self = g_new0 (SatchelUstarWriter, 1);

  self->sink = sink;
  return self;
}

/* Ends the current member: its content must be whole. */
static gboolean
end_member (SatchelUstarWriter *self, GCancellable *cancellable, GError **error)
{
  static const guint8 zeros[SATCHEL_USTAR_BLOCK_SIZE];

  if (self->left > 0)
    return set_archive_error (error, "a member is shorter than was announced");
  gsize fill = self->fill;
  self->fill = 0;
  return satchel_sink_write (self->sink, zeros, fill, cancellable, error);
}

gboolean
satchel_ustar_writer_begin (SatchelUstarWriter *self,
                            const char *name,
                            guint64 size_bytes,
                            GCancellable *cancellable,
                            GError **error)
{
  guint8 block[SATCHEL_USTAR_BLOCK_SIZE];

  if (!satchel_ustar_name_is_valid (name))
    return set_archive_error (error, "a member's name is not permitted");
  if (!end_member (self, cancellable, error))
    return FALSE;
  satchel_ustar_header (name, size_bytes, block);
  if (!satchel_sink_write (self->sink, block, sizeof block, cancellable, error))
    return FALSE;
  self->left = size_bytes;
  self->fill = fill_after (size_bytes);
  return TRUE;
}

static gboolean
write_content_cb (gpointer target,
                  const guint8 *data,
                  gsize size_bytes,
                  GCancellable *cancellable,
                  GError **error)
{
  SatchelUstarWriter *self = target;

  if (size_bytes > self->left)
    return set_archive_error (error, "a member is longer than was announced");
  if (!satchel_sink_write (self->sink, data, size_bytes, cancellable, error))
    return FALSE;
  self->left -= size_bytes;
  return TRUE;
}

SatchelSink
satchel_ustar_writer_get_sink (SatchelUstarWriter *self)
{
  return (SatchelSink){write_content_cb, self};
}

gboolean
satchel_ustar_writer_add (SatchelUstarWriter *self,
                          const char *name,
                          const guint8 *data,
                          gsize size_bytes,
                          GCancellable *cancellable,
                          GError **error)
{
  return satchel_ustar_writer_begin (self, name, size_bytes, cancellable, error) &&
         satchel_sink_write (satchel_ustar_writer_get_sink (self), data, size_bytes, cancellable,
                             error);
}

gboolean
satchel_ustar_writer_finish (SatchelUstarWriter *self, GCancellable *cancellable, GError **error)
{
  static const guint8 zeros[SATCHEL_USTAR_END_SIZE];

  g_return_val_if_fail (!self->done, FALSE);
  self->done = TRUE;
  return end_member (self, cancellable, error) &&
         satchel_sink_write (self->sink, zeros, sizeof zeros, cancellable, error);
}

void
satchel_ustar_writer_free (SatchelUstarWriter *self)
{
  g_free (self);
}
