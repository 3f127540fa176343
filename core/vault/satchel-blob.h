/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "vault/satchel-vault.h"

G_BEGIN_DECLS

/**
 * Evidence bytes: one file a blob in blobs/xx/<32 hex>, STREAM under its own random key (kept in
 * the store), padded to a Padmé length before sealing. The same content is stored once per vault.
 * Order of a write: temp file, fsync, rename, fsync folder, then the row; of a delete: the row with
 * the key, then the file. What outlives a crash before it is finished: satchel-blob-begun.h.
 */
typedef struct _SatchelBlobWriter SatchelBlobWriter;

/** Begins a blob; bytes go to the sink, hashed and sealed on the way. */
SatchelBlobWriter *satchel_blob_writer_new (SatchelVault *vault, GError **error);
SatchelSink satchel_blob_writer_get_sink (SatchelBlobWriter *self);

/** The same for what cannot be had a second time: what is kept of it outlives a crash. Its file
 * stands under its name from the beginning. */
SatchelBlobWriter *satchel_blob_writer_new_lasting (SatchelVault *vault, GError **error);

/** How much of what was written to a lasting one could be kept now: it is in whole chunks. */
guint64 satchel_blob_writer_get_keepable (SatchelBlobWriter *self);

/** Keeps the first @size_bytes (not more than that, nor less than before) of a lasting one: they
 * are durable, and then the store says so, with @about, one line for whoever finds them. Not in a
 * transaction. After an error what was kept before is kept, and the writer can only be freed;
 * SATCHEL_VAULT_ERROR_NOT_FOUND where it was forgotten meanwhile. */
gboolean satchel_blob_writer_keep (SatchelBlobWriter *self,
                                   guint64 size_bytes,
                                   const char *about,
                                   GError **error);

/** Nothing of a lasting one is to be left, after a crash neither. It can only be freed then; after
 * an error it is there still. */
gboolean satchel_blob_writer_discard (SatchelBlobWriter *self, GError **error);

/** The id that it has, or will have. Borrowed. */
const char *satchel_blob_writer_get_id (SatchelBlobWriter *self);

/** The caller hashes what it writes, and finishes only where that was @sha256: so it is not hashed
 * a second time. To be said before anything is written. */
void satchel_blob_writer_vouch (SatchelBlobWriter *self, const guint8 sha256[32]);

/** What was written so far is the whole: pads, ends the stream, fsyncs, and tells SHA-256 and size.
 * The file stands under a temporary name until stored. */
gboolean satchel_blob_writer_finish (SatchelBlobWriter *self,
                                     guint8 sha256[32],
                                     guint64 *size_bytes,
                                     GCancellable *cancellable,
                                     GError **error);

/** Renames, fsyncs the folder and inserts the row in the caller's transaction (which must be open).
 * @blob_id gets the 32 hex digits. Where the vault has the same content already, *@was_there is
 * TRUE; the old file is read through and, if it is whole, the new one is dropped and @blob_id names
 * the old one. Otherwise the new file takes its place, in all evidence of that content. If the
 * transaction is rolled back, the file is an orphan and swept at the next open. What was kept of a
 * lasting one is forgotten in the same transaction. */
gboolean satchel_blob_writer_store (SatchelBlobWriter *self,
                                    char **blob_id,
                                    gboolean *was_there,
                                    GError **error);

/** NULL-safe. What was not stored is gone, its file too, but for what is kept of a lasting one. */
void satchel_blob_writer_free (SatchelBlobWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelBlobWriter, satchel_blob_writer_free)

/** Content for reading and seeking, exactly its real size (padding hidden).
 * SATCHEL_VAULT_ERROR_DAMAGED, _NOT_FOUND. */
GInputStream *satchel_blob_open (SatchelVault *vault,
                                 const char *blob_id,
                                 guint64 *size_bytes,
                                 GCancellable *cancellable,
                                 GError **error);

/** Deletes the row, in the caller's transaction, if no evidence item refers to it; *@path
 * (nullable) gets the file to unlink after COMMIT with satchel_blob_unlink(). */
gboolean
satchel_blob_delete (SatchelVault *vault, const char *blob_id, char **path, GError **error);
gboolean satchel_blob_unlink (SatchelVault *vault, const char *path, GError **error);

/** Called for each fault that a check finds: where, and what is wrong, in English. */
typedef void (*SatchelFaultFunc) (const char *object, const char *fault, gpointer user_data);

/** Reads every blob whole: opens, hashes, compares with its row; files without a row and rows
 * without a file are faults, and so is what was kept of a begun one and does not open. */
gboolean satchel_blob_check_all (SatchelVault *vault,
                                 SatchelFaultFunc fault,
                                 gpointer user_data,
                                 SatchelProgressReport progress,
                                 GCancellable *cancellable,
                                 GError **error);

/** Removes blob files that no row and no note names (a crash between file and row). */
gboolean satchel_blob_sweep (SatchelVault *vault, GError **error);

G_END_DECLS
