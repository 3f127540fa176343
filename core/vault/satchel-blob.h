/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "vault/satchel-vault.h"

G_BEGIN_DECLS

/**
 * Evidence bytes: one file a blob in blobs/xx/<32 hex>, STREAM under its own random key (kept in
 * the store), padded to a Padmé length before sealing. The same content is stored once per vault.
 * Order of a write: temp file, fsync, rename, fsync folder, then the row; of a delete: the row with
 * the key, then the file.
 */
typedef struct _SatchelBlobWriter SatchelBlobWriter;

/** Begins a blob; bytes go to the sink, hashed and sealed on the way. */
SatchelBlobWriter *satchel_blob_writer_new (SatchelVault *vault, GError **error);
SatchelSink satchel_blob_writer_get_sink (SatchelBlobWriter *self);

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
 * transaction is rolled back, the file is an orphan and swept at the next open. */
gboolean satchel_blob_writer_store (SatchelBlobWriter *self,
                                    char **blob_id,
                                    gboolean *was_there,
                                    GError **error);

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
 * without a file are faults. */
gboolean satchel_blob_check_all (SatchelVault *vault,
                                 SatchelFaultFunc fault,
                                 gpointer user_data,
                                 SatchelProgressReport progress,
                                 GCancellable *cancellable,
                                 GError **error);

/** Removes blob files that no row names (a crash between file and row). */
gboolean satchel_blob_sweep (SatchelVault *vault, GError **error);

G_END_DECLS
