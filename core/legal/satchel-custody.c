/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-custody.h"

#include <string.h>

#include "base/satchel-hash.h"
#include "base/satchel-text.h"
#include "records/satchel-record-json.h"
#include "sync/satchel-origin.h"

#define CUSTODY "custody.jsonl"

typedef struct {
  SatchelVault *vault;
  const char *object;
  GPtrArray *links;
  GHashTable *seen; /* set of hashes of lines, in hex: told already */
} Gathering;

/* A bag that came: its own files, or those that it carried of an earlier one. */
typedef struct {
  GPtrArray *files;   /* of SatchelOriginFile, borrowed */
  const char *prefix; /* before the names of tag files */
  const char *custody;
  gint64 imported_us;
} Bag;

void
satchel_custody_link_free (SatchelCustodyLink *self)
{
  if (self == NULL)
    return;
  satchel_ledger_link_free (self->link);
  g_free (self->bundle_id);
  g_free (self->signer);
  g_free (self->tagmanifest);
  g_free (self);
}

static void
add_entry (Gathering *self, SatchelLedgerLink *link, gboolean is_ours)
{
  SatchelCustodyLink *step = g_new0 (SatchelCustodyLink, 1);

  step->step = SATCHEL_CUSTODY_ENTRY;
  step->is_ours = is_ours;
  step->link = link;
  g_ptr_array_add (self->links, step);
}

/* A later bundle of the same sender tells the beginning again. */
static void
add_slice (Gathering *self, GPtrArray *slice)
{
  g_autoptr (GPtrArray) links = satchel_ledger_slice_links (slice, self->object);

  for (guint i = 0; i < links->len; i++) {
    SatchelLedgerLink *link = links->pdata[i];
    char *hash = link->entry != NULL
                     ? satchel_hex_encode (link->entry->hash, sizeof link->entry->hash)
                     : satchel_random_id ();
    if (!g_hash_table_add (self->seen, hash))
      continue;
    links->pdata[i] = NULL;
    add_entry (self, link, FALSE);
  }
}

static GBytes *
find_file (const Bag *bag, const char *name)
{
  for (guint i = 0; i < bag->files->len; i++) {
    const SatchelOriginFile *file = bag->files->pdata[i];
    if (g_str_equal (file->name, name))
      return file->content;
  }
  return NULL;
}

static SatchelBagInfo *
read_tags (const Bag *bag)
{
  GBytes *tags[SATCHEL_BAG_TAG_COUNT];

  for (guint i = 0; i < SATCHEL_BAG_TAG_COUNT; i++) {
    g_autofree char *name =
        g_strconcat (bag->prefix, satchel_bag_tag_name ((SatchelBagTag) i), NULL);
    tags[i] = find_file (bag, name);
    if (tags[i] == NULL)
      return NULL;
  }
  return satchel_bag_info_new (tags, NULL, NULL);
}

/* Whether the manifest names @custody with the hash that it has. */
static gboolean
is_signed (const SatchelBagInfo *info, GBytes *custody)
{
  guint8 sha256[SATCHEL_SHA256_SIZE];
  gsize size;
  const guint8 *data = g_bytes_get_data (custody, &size);

  satchel_sha256 (data, size, sha256);
  for (guint i = 0; i < info->entries->len; i++) {
    const SatchelBagEntry *entry = &g_array_index (info->entries, SatchelBagEntry, i);
    if (g_str_equal (entry->name, CUSTODY))
      return memcmp (entry->sha256, sha256, sizeof sha256) == 0;
  }
  return FALSE;
}

/* What a sender's ledger told, and then the change of hands; none where it told nothing of this
 * object. */
static void
add_bag (Gathering *self, const Bag *bag)
{
  GBytes *custody = find_file (bag, bag->custody);
  g_autoptr (SatchelBagInfo) info = read_tags (bag);
  g_autoptr (GPtrArray) slice =
      custody == NULL ? NULL
                      : satchel_ledger_parse_slice (g_bytes_get_data (custody, NULL),
                                                    g_bytes_get_size (custody), NULL);
  guint before = self->links->len;

  if (slice != NULL)
    add_slice (self, slice);
  if (self->links->len == before && bag->imported_us == 0)
    return;
  SatchelCustodyLink *step = g_new0 (SatchelCustodyLink, 1);
  step->step = SATCHEL_CUSTODY_HANDED_OVER;
  step->imported_us = bag->imported_us;
  step->holds = info != NULL && slice != NULL && is_signed (info, custody);
  if (info != NULL) {
    step->bundle_id = g_strdup (info->bundle_id);
    step->signer = satchel_minisign_key_format (&info->sender_minisign);
    step->tagmanifest = satchel_hex_encode (info->tagmanifest_sha256, SATCHEL_SHA256_SIZE);
    step->bagged_us = info->bagged_unix_us;
  }
  g_ptr_array_add (self->links, step);
}

/* Those that a bundle carried, the furthest back first: the nearest has the lowest number. */
static void
add_carried (Gathering *self, GPtrArray *kept)
{
  for (guint i = kept->len; i > 0; i--) {
    const SatchelOriginFile *file = kept->pdata[i - 1];
    if (!g_str_has_prefix (file->name, "data/origin-") ||
        !g_str_has_suffix (file->name, "." CUSTODY))
      continue;
    g_autofree char *prefix =
        g_strndup (file->name, strlen (file->name) - strlen (CUSTODY));
    const Bag bag = {kept, prefix, file->name, 0};
    add_bag (self, &bag);
  }
}

static gboolean
add_received (Gathering *self, const SatchelReceivedRecord *received, GError **error)
{
  g_autoptr (GPtrArray) kept = satchel_bundle_list_kept (self->vault, received->bundle_id, error);

  if (kept == NULL)
    return FALSE;
  const Bag bag = {kept, "", "data/" CUSTODY, received->imported_us};
  add_carried (self, kept);
  add_bag (self, &bag);
  return TRUE;
}

GPtrArray *
satchel_custody_load (SatchelVault *vault,
                      const char *object,
                      const char *record_id,
                      GError **error)
{
  g_autoptr (GPtrArray) received = satchel_record_list_received (vault, record_id, error);
  g_autoptr (GPtrArray) own =
      received != NULL ? satchel_ledger_list_links (vault, object, error) : NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) links =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_custody_link_free);
  Gathering self = {vault, object, links, seen};

  if (own == NULL)
    return NULL;
  for (guint i = 0; i < received->len; i++)
    if (!add_received (&self, received->pdata[i], error))
      return NULL;
  for (guint i = 0; i < own->len; i++)
    add_entry (&self, g_steal_pointer (&own->pdata[i]), TRUE);
  return g_steal_pointer (&links);
}

gboolean
satchel_custody_holds (GPtrArray *links)
{
  for (guint i = 0; i < links->len; i++) {
    const SatchelCustodyLink *step = links->pdata[i];
    if (step->step == SATCHEL_CUSTODY_HANDED_OVER
            ? !step->holds
            : step->link->tie >= SATCHEL_TIE_BROKEN)
      return FALSE;
  }
  return TRUE;
}
