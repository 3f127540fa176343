/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-health.h"

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "seal/satchel-age.h"
#include "seal/satchel-ustar.h"
#include "vault/satchel-vault-private.h"

/* The three that every vault has come first, in this order. */
static const char *const fixed[] = {"keys", "keys.bak", SATCHEL_VAULT_STORE};
static const char *const trees[] = {SATCHEL_VAULT_BLOBS, "outbox", "inbox"};

typedef struct {
  SatchelProgressReport progress;
  guint64 done_bytes;
  guint64 total_bytes;
  GCancellable *cancellable;
} Copying;

/* Exactly @size_bytes: a file that grows meanwhile (the courier's journal) is taken as it was. */
static gboolean
copy (Copying *copying, GInputStream *source, guint64 size_bytes, SatchelSink sink, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (SATCHEL_STREAM_CHUNK_SIZE);
  g_autoptr (GError) local_error = NULL;

  while (size_bytes > 0) {
    gssize got = g_input_stream_read (source, buffer, MIN (size_bytes, SATCHEL_STREAM_CHUNK_SIZE),
                                      copying->cancellable, &local_error);
    if (got == 0)
      return satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_DAMAGED,
                                      "a file is shorter than it was");
    if (got < 0)
      return satchel_base_take_gio_error (error, g_steal_pointer (&local_error), "read a file");
    if (!satchel_sink_write (sink, buffer, (gsize) got, copying->cancellable, error))
      return FALSE;
    size_bytes -= (guint64) got;
    copying->done_bytes += (guint64) got;
    if (copying->progress.report != NULL)
      copying->progress.report (copying->done_bytes, copying->total_bytes,
                                copying->progress.user_data);
  }
  return TRUE;
}

/* Names of all files below @folder/@relative; unfinished ones begin with a dot. */
static gboolean
list_tree (const char *folder, const char *relative, GPtrArray *names, GError **error)
{
  g_autofree char *path = satchel_vault_path (folder, relative);
  g_autoptr (GPtrArray) here = satchel_vault_list_names (path, error);

  for (guint i = 0; here != NULL && i < here->len; i++) {
    const char *name = here->pdata[i];
    if (name[0] == '.')
      continue;
    g_autofree char *member = g_strconcat (relative, "/", name, NULL);
    g_autofree char *below = satchel_vault_path (folder, member);
    if (!g_file_test (below, G_FILE_TEST_IS_DIR))
      g_ptr_array_add (names, g_steal_pointer (&member));
    else if (!list_tree (folder, member, names, error))
      return FALSE;
  }
  return here != NULL;
}

static GPtrArray *
list_members (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (fixed); i++)
    g_ptr_array_add (names, g_strdup (fixed[i]));
  for (guint i = 0; i < G_N_ELEMENTS (trees); i++)
    if (!list_tree (folder, trees[i], names, error))
      return NULL;
  return g_steal_pointer (&names);
}

static gboolean
sum_sizes (const char *folder, GPtrArray *names, guint64 *total_bytes, GError **error)
{
  guint64 total = 0;

  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = satchel_vault_path (folder, names->pdata[i]);
    guint64 size = 0;
    g_autoptr (GInputStream) stream = satchel_file_read (path, &size, error);
    if (stream == NULL)
      return FALSE;
    total += size;
  }
  *total_bytes = total;
  return TRUE;
}

static gboolean
write_member (Copying *copying,
              SatchelUstarWriter *archive,
              const char *folder,
              const char *name,
              GError **error)
{
  g_autofree char *path = satchel_vault_path (folder, name);
  guint64 size = 0;
  g_autoptr (GInputStream) source = satchel_file_read (path, &size, error);

  return source != NULL &&
         satchel_ustar_writer_begin (archive, name, size, copying->cancellable, error) &&
         copy (copying, source, size, satchel_ustar_writer_get_sink (archive), error);
}

static gboolean
write_archive (Copying *copying, SatchelVault *vault, SatchelSink sink, GError **error)
{
  g_autoptr (GPtrArray) names = list_members (vault->folder, error);
  g_autoptr (SatchelUstarWriter) archive = satchel_ustar_writer_new (sink);

  if (names == NULL || !sum_sizes (vault->folder, names, &copying->total_bytes, error))
    return FALSE;
  for (guint i = 0; i < names->len; i++)
    if (!write_member (copying, archive, vault->folder, names->pdata[i], error))
      return FALSE;
  return satchel_ustar_writer_finish (archive, copying->cancellable, error);
}

gboolean
satchel_vault_backup (SatchelVault *vault,
                      const char *path,
                      SatchelSecret *passphrase,
                      guint log_n,
                      SatchelProgressReport progress,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SatchelNewFile) file = NULL;
  g_autoptr (SatchelAgeWriter) age = NULL;
  Copying copying = {.progress = progress, .cancellable = cancellable};

  g_return_val_if_fail (!satchel_db_in_transaction (vault->db), FALSE);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_EXISTS,
                                    "something stands at %s already", path);
  /* From here to the end nothing is written to the store, so its file stays what it is. */
  if (!satchel_db_checkpoint (vault->db, error))
    return FALSE;
  file = satchel_new_file_open_outside (path, &local_error);
  if (file != NULL)
    age = satchel_age_writer_new_passphrase (passphrase, log_n, satchel_new_file_get_sink (file),
                                             vault->pool, cancellable, &local_error);
  if (age == NULL ||
      !write_archive (&copying, vault, satchel_age_writer_get_sink (age), &local_error) ||
      !satchel_age_writer_finish (age, cancellable, &local_error) ||
      !satchel_new_file_commit (file, FALSE, &local_error))
    return satchel_vault_take_error (error, g_steal_pointer (&local_error));
  return TRUE;
}
