/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "vault/satchel-blob-begun.h"

G_BEGIN_DECLS

/** blobs/xx/<id>. */
char *satchel_blob_path (SatchelVault *vault, const char *blob_id);

/** The STREAM key of the blob @blob_id: HKDF of the random key in its row, bound to the id, so that
 * two files that were swapped do not open. */
SatchelSecret *satchel_blob_derive (SatchelSecret *key, const char *blob_id, GError **error);

/** Writes the note of a begun blob, or what it says by now. SATCHEL_VAULT_ERROR_NOT_FOUND where it
 * is to say something else, and is gone. */
gboolean satchel_blob_note_begun (SatchelVault *vault,
                                  const SatchelBegunBlob *blob,
                                  SatchelSecret *key,
                                  gboolean is_first,
                                  GError **error);

/** The blob with its padding; @size_bytes and @sha256 (nullable) get what its row says. */
GInputStream *satchel_blob_open_padded (SatchelVault *vault,
                                        const char *blob_id,
                                        guint64 *size_bytes,
                                        guint8 sha256[32],
                                        GCancellable *cancellable,
                                        GError **error);

/** Called with each file or folder that stands below blobs/: the path, and the id where the name is
 * a blob's in its right place, else NULL. */
typedef gboolean (*SatchelBlobFileFunc) (const char *path,
                                         const char *blob_id,
                                         gpointer user_data,
                                         GError **error);
gboolean satchel_blob_foreach_file (SatchelVault *vault,
                                    SatchelBlobFileFunc function,
                                    gpointer user_data,
                                    GError **error);

/** The ids of all rows, sorted. */
GPtrArray *satchel_blob_list (SatchelVault *vault, GError **error);

/** The same with those of begun blobs: all that may have a file. */
GPtrArray *satchel_blob_list_files (SatchelVault *vault, GError **error);

#define SATCHEL_TYPE_BLOB_STREAM (satchel_blob_stream_get_type ())
G_DECLARE_FINAL_TYPE (SatchelBlobStream, satchel_blob_stream, SATCHEL, BLOB_STREAM, GInputStream)

/** The first @size_bytes of @inner (a GSeekable, at its beginning) as a seekable stream whose
 * errors are the vault's. An @inner that ends before is SATCHEL_VAULT_ERROR_DAMAGED. */
GInputStream *satchel_blob_stream_new (GInputStream *inner, guint64 size_bytes);

G_END_DECLS
