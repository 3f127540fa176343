/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-time.h"
#include "legal/satchel-verify-private.h"
#include "records/satchel-record-json.h"
#include "sync/satchel-origin.h"

static GPtrArray *
list_files (const SatchelVerification *self, const SatchelBagContents *contents)
{
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_origin_file_free);

  for (guint i = 0; i < self->info->entries->len; i++) {
    const SatchelBagEntry *entry = &g_array_index (self->info->entries, SatchelBagEntry, i);
    GBytes *content = g_hash_table_lookup (contents->documents, entry->name);
    if (content != NULL && satchel_origin_is_name (entry->name))
      g_ptr_array_add (files, satchel_origin_file_new (entry->name, content));
  }
  return files;
}

/* The bag's own documents. Of SatchelRecordDocument. */
static GPtrArray *
list_documents (const SatchelBagContents *contents)
{
  GPtrArray *documents =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_record_document_free);
  GHashTableIter iter;
  gpointer name, raw;

  g_hash_table_iter_init (&iter, contents->documents);
  while (g_hash_table_iter_next (&iter, &name, &raw)) {
    SatchelRecordDocument *document =
        satchel_verify_is_record_name (name) ? satchel_record_document_parse (raw, NULL) : NULL;
    if (document != NULL)
      g_ptr_array_add (documents, document);
  }
  return documents;
}

/* Whether @document goes on from what @signed_one ends with: each revision is hashed onto the one
 * before, so the last one stands for all. */
static gboolean
goes_on_from (const SatchelRecordDocument *document, const SatchelRecordDocument *signed_one)
{
  const SatchelRevision *last =
      g_ptr_array_index (signed_one->revisions, signed_one->revisions->len - 1);

  for (guint i = 0; i < document->revisions->len; i++) {
    const SatchelRevision *revision = g_ptr_array_index (document->revisions, i);
    if (memcmp (revision->hash, last->hash, sizeof last->hash) == 0)
      return TRUE;
  }
  return FALSE;
}

/* Whether each evidence item that was signed stands in @document as it was. */
static gboolean
has_its_items (const SatchelRecordDocument *document, const SatchelRecordDocument *signed_one)
{
  for (guint i = 0; i < signed_one->evidence->len; i++) {
    const SatchelEvidence *item = g_ptr_array_index (signed_one->evidence, i);
    gboolean found = FALSE;
    for (guint j = 0; j < document->evidence->len && !found; j++) {
      const SatchelEvidence *here = g_ptr_array_index (document->evidence, j);
      found = memcmp (here->hash, item->hash, sizeof item->hash) == 0;
    }
    if (!found)
      return FALSE;
  }
  return TRUE;
}

static char *
find_record_fault (const SatchelRecordDocument *signed_one, GPtrArray *documents)
{
  for (guint i = 0; i < documents->len; i++) {
    const SatchelRecordDocument *document = g_ptr_array_index (documents, i);
    if (!g_str_equal (document->id, signed_one->id))
      continue;
    if (!goes_on_from (document, signed_one))
      return g_strdup_printf ("what it signed of record %s is not what stands here",
                              signed_one->id);
    if (!has_its_items (document, signed_one))
      return g_strdup_printf ("evidence that it signed with record %s is not here as it was",
                              signed_one->id);
    return NULL;
  }
  return g_strdup_printf ("record %s, which it signed, is not here", signed_one->id);
}

static char *
find_fault (const SatchelOriginBag *origin, GPtrArray *documents, gint64 as_of_unix_us)
{
  if (origin->fault != NULL)
    return g_strdup (origin->fault);
  if (as_of_unix_us != 0 && origin->info->bagged_unix_us > as_of_unix_us)
    return g_strdup ("says that it was made later than the time asked about");
  for (guint i = 0; i < origin->documents->len; i++) {
    char *fault = find_record_fault (g_ptr_array_index (origin->documents, i), documents);
    if (fault != NULL)
      return fault;
  }
  return NULL;
}

static void
judge_origin (SatchelVerification *self,
              const SatchelOriginBag *origin,
              GPtrArray *documents,
              const SatchelVerifyOptions *options)
{
  const SatchelCard *card = options == NULL ? NULL : options->card;
  g_autofree char *fault =
      find_fault (origin, documents, options == NULL ? 0 : options->as_of_unix_us);

  if (fault != NULL) {
    satchel_verification_add (self, origin->name, NULL, NULL, SATCHEL_VERDICT_ORIGIN_BROKEN, fault);
    return;
  }
  g_autofree char *key = satchel_minisign_key_format (&origin->info->sender_minisign);
  g_autofree char *bagged = satchel_utc_format (origin->info->bagged_unix_us);
  gboolean is_of_card =
      card != NULL && satchel_minisign_key_equal (&card->keys.minisign,
                                                  &origin->info->sender_minisign);
  g_autofree char *detail =
      g_strdup_printf ("%u record%s, %.10s, minisign key %s", origin->documents->len,
                       origin->documents->len == 1 ? "" : "s", bagged, key);
  satchel_verification_add (self, origin->name, NULL, is_of_card ? card->name : NULL,
                            SATCHEL_VERDICT_ORIGIN, detail);
}

void
satchel_verify_origins (SatchelVerification *self,
                        const SatchelBagContents *contents,
                        const SatchelVerifyOptions *options)
{
  g_autoptr (GPtrArray) files = list_files (self, contents);
  g_autoptr (GPtrArray) origins = satchel_origins_read (files);
  g_autoptr (GPtrArray) documents = list_documents (contents);

  for (guint i = 0; i < origins->len; i++)
    judge_origin (self, g_ptr_array_index (origins, i), documents, options);
}
