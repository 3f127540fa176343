/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "vault/satchel-blob.h"

G_BEGIN_DECLS

/**
 * What a lasting blob writer kept and did not finish, because the program was killed, the power
 * went, or the disk failed: a file without a last chunk, and a note in the store with its key, how
 * much of it is kept, and what it is. Nobody sweeps it: whoever knows what it is reads it, puts it
 * where it belongs and forgets it, all in one transaction.
 */
typedef struct {
  char *id;           /* of the blob that it would have become */
  guint64 size_bytes; /* that are durable */
  char *about;        /* as given to satchel_blob_writer_keep(); NULL where the note is damaged, and
                         nothing can be read any more */
} SatchelBegunBlob;
void satchel_begun_blob_free (SatchelBegunBlob *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelBegunBlob, satchel_begun_blob_free)

/** All of them, those of living writers too, by id: of SatchelBegunBlob, owned. */
GPtrArray *satchel_blob_list_begun (SatchelVault *vault, GError **error);

/** Gives @sink what is kept of one, up to the first chunk that does not open. *@size_bytes gets how
 *  much that is; less than was kept is damage, and is the caller's to tell: a missing file is none
 *  at all. Errors are the sink's, the disk's, and cancellation. */
gboolean satchel_blob_copy_begun (SatchelVault *vault,
                                  const SatchelBegunBlob *blob,
                                  SatchelSink sink,
                                  guint64 *size_bytes,
                                  GCancellable *cancellable,
                                  GError **error);

/** Takes the note away, and with it the key: in the caller's transaction, if there is one. *@path
 *  (nullable) gets the file to unlink after COMMIT with satchel_blob_unlink(), NULL where no file
 * can have that id. */
gboolean
satchel_blob_forget_begun (SatchelVault *vault, const char *blob_id, char **path, GError **error);

G_END_DECLS
