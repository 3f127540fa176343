/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/satchel-sink.h"
#include "seal/satchel-seal-error.h"

G_BEGIN_DECLS

/**
 * The one tar that Satchel writes and reads: POSIX ustar, regular files only, mode 0600, uid and
 * gid 0, empty owner names, mtime 0, name whole in the name field (<= 100 bytes of [A-Za-z0-9._/-],
 * relative, no "." or ".." component), sizes in 11 octal digits or, from 8 GiB, canonical base-256;
 * exactly two zero blocks end it. Every header has exactly one valid spelling: the reader rebuilds
 * it from name and size and compares.
 * The reader's messages begin with the rule that was broken: tar-name, tar-size, tar-header,
 * tar-fill, tar-cut, tar-end, tar-trailing, member-size.
 */
#define SATCHEL_USTAR_BLOCK_SIZE 512
#define SATCHEL_USTAR_NAME_MAX   100

/** Bytes that a member of @size_bytes takes: header, content, fill to the block. */
guint64 satchel_ustar_member_size (guint64 size_bytes);
#define SATCHEL_USTAR_END_SIZE (2 * SATCHEL_USTAR_BLOCK_SIZE)

typedef struct _SatchelUstarWriter SatchelUstarWriter;
SatchelUstarWriter *satchel_ustar_writer_new (SatchelSink sink);

/** Begins a member; the one before must be complete. Invalid names are SATCHEL_SEAL_ERROR_ARCHIVE.
 */
gboolean satchel_ustar_writer_begin (SatchelUstarWriter *self,
                                     const char *name,
                                     guint64 size_bytes,
                                     GCancellable *cancellable,
                                     GError **error);

/** The sink for the member's content; more or fewer bytes than announced is an error, here or at
 * the next call. */
SatchelSink satchel_ustar_writer_get_sink (SatchelUstarWriter *self);

/** A whole small member at once. */
gboolean satchel_ustar_writer_add (SatchelUstarWriter *self,
                                   const char *name,
                                   const guint8 *data,
                                   gsize size_bytes,
                                   GCancellable *cancellable,
                                   GError **error);

gboolean
satchel_ustar_writer_finish (SatchelUstarWriter *self, GCancellable *cancellable, GError **error);
void satchel_ustar_writer_free (SatchelUstarWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelUstarWriter, satchel_ustar_writer_free)

typedef struct _SatchelUstarReader SatchelUstarReader;
SatchelUstarReader *satchel_ustar_reader_new (GInputStream *archive);

/** Steps to the next member, skipping (and checking) what is left of the current one. At the end,
 * after both zero blocks and the archive's own end of file were seen, TRUE with *@name NULL. @name
 * is borrowed until the next call. */
gboolean satchel_ustar_reader_next (SatchelUstarReader *self,
                                    const char **name,
                                    guint64 *size_bytes,
                                    GCancellable *cancellable,
                                    GError **error);

/** The current member's content as a stream, borrowed, valid until the next step. A cut archive is
 * an error, never an early end of file. */
GInputStream *satchel_ustar_reader_get_content (SatchelUstarReader *self);

/** The current member whole, where it is at most @limit_bytes; SATCHEL_SEAL_ERROR_LIMIT before
 * allocating. */
GBytes *satchel_ustar_reader_load (SatchelUstarReader *self,
                                   gsize limit_bytes,
                                   GCancellable *cancellable,
                                   GError **error);

void satchel_ustar_reader_free (SatchelUstarReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelUstarReader, satchel_ustar_reader_free)

G_END_DECLS
