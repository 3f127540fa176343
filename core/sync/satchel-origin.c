/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-origin.h"

#include <string.h>

#include "base/satchel-hash.h"
#include "base/satchel-text.h"

#define PREFIX      "origin-"
#define CUSTODY     "custody.jsonl"
#define DATA_PREFIX "data/"

SatchelOriginFile *
satchel_origin_file_new (const char *name, GBytes *content)
{
  SatchelOriginFile *self = g_new0 (SatchelOriginFile, 1);

  self->name = g_strdup (name);
  self->content = g_bytes_ref (content);
  return self;
}

void
satchel_origin_file_free (SatchelOriginFile *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_bytes_unref (self->content);
  g_free (self);
}

static GPtrArray *
files_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_origin_file_free);
}

void
satchel_origin_bag_free (SatchelOriginBag *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  satchel_bag_info_free (self->info);
  g_ptr_array_unref (self->documents);
  g_ptr_array_unref (self->files);
  g_free (self->fault);
  g_free (self);
}

static GPtrArray *
origins_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_origin_bag_free);
}

gboolean
satchel_origin_is_name (const char *name)
{
  return g_str_has_prefix (name, PREFIX);
}

/* --- Reading -----------------------------------------------------------------------------------
 */

/* What follows "origin-0001."; "" where nothing does. */
static const char *
get_part (const char *name)
{
  const char *dot = strchr (name, '.');

  return dot == NULL ? "" : dot + 1;
}

static void
set_fault (SatchelOriginBag *self, const char *part, const char *what)
{
  if (self->fault == NULL)
    self->fault = g_strdup_printf ("%s: %s", part, what);
}

static GBytes *
find_part (const SatchelOriginBag *self, const char *part)
{
  for (guint i = 0; i < self->files->len; i++) {
    const SatchelOriginFile *file = g_ptr_array_index (self->files, i);
    if (g_str_equal (get_part (file->name), part))
      return file->content;
  }
  return NULL;
}

static void
read_tags (SatchelOriginBag *self)
{
  GBytes *tags[SATCHEL_BAG_TAG_COUNT];
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < SATCHEL_BAG_TAG_COUNT; i++) {
    const char *name = satchel_bag_tag_name ((SatchelBagTag) i);
    tags[i] = find_part (self, name);
    if (tags[i] == NULL) {
      set_fault (self, name, "is not here as it was signed");
      return;
    }
  }
  self->info = satchel_bag_info_new (tags, NULL, &error);
  if (self->info == NULL)
    set_fault (self, "tag files", error->message);
}

/* The manifest's entry for a part, where its hash is that of @content. */
static gboolean
is_signed (const SatchelOriginBag *self, const char *part, GBytes *content)
{
  guint8 sha256[SATCHEL_SHA256_SIZE];
  gsize size;
  const guint8 *data = g_bytes_get_data (content, &size);

  satchel_sha256 (data, size, sha256);
  for (guint i = 0; i < self->info->entries->len; i++) {
    const SatchelBagEntry *entry = &g_array_index (self->info->entries, SatchelBagEntry, i);
    if (g_str_equal (entry->name, part))
      return memcmp (entry->sha256, sha256, sizeof sha256) == 0;
  }
  return FALSE;
}

static gboolean
is_tag (const char *part)
{
  for (guint i = 0; i < SATCHEL_BAG_TAG_COUNT; i++)
    if (g_str_equal (part, satchel_bag_tag_name ((SatchelBagTag) i)))
      return TRUE;
  return FALSE;
}

static gboolean
is_record (const char *part)
{
  return part[0] == 'r' && g_ascii_isdigit (part[1]) && g_str_has_suffix (part, ".json");
}

static void
read_part (SatchelOriginBag *self, const char *part, GBytes *content)
{
  g_autoptr (GError) error = NULL;
  SatchelRecordDocument *document;

  if (is_tag (part))
    return;
  if (!is_record (part) && !g_str_equal (part, CUSTODY)) {
    set_fault (self, part, "a part that this version does not know");
    return;
  }
  if (!is_signed (self, part, content)) {
    set_fault (self, part, "is not what was signed");
    return;
  }
  if (!is_record (part))
    return;
  document = satchel_record_document_parse (content, &error);
  if (document == NULL)
    set_fault (self, part, error->message);
  else
    g_ptr_array_add (self->documents, document);
}

static void
judge (SatchelOriginBag *self)
{
  read_tags (self);
  if (self->info == NULL)
    return;
  for (guint i = 0; i < self->files->len; i++) {
    const SatchelOriginFile *file = g_ptr_array_index (self->files, i);
    read_part (self, get_part (file->name), file->content);
  }
  if (find_part (self, CUSTODY) == NULL)
    set_fault (self, CUSTODY, "is not here as it was signed");
  if (self->documents->len == 0)
    set_fault (self, "records", "none is here as it was signed");
}

GPtrArray *
satchel_origins_read (GPtrArray *files)
{
  GPtrArray *origins = origins_new ();
  SatchelOriginBag *origin = NULL;

  for (guint i = 0; i < files->len; i++) {
    const SatchelOriginFile *file = g_ptr_array_index (files, i);
    gsize size = strcspn (file->name, ".");
    if (origin == NULL || strlen (origin->name) != size ||
        strncmp (origin->name, file->name, size) != 0) {
      origin = g_new0 (SatchelOriginBag, 1);
      origin->name = g_strndup (file->name, size);
      origin->documents =
          g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_record_document_free);
      origin->files = files_new ();
      g_ptr_array_add (origins, origin);
    }
    g_ptr_array_add (origin->files, satchel_origin_file_new (file->name, file->content));
  }
  for (guint i = 0; i < origins->len; i++)
    judge (g_ptr_array_index (origins, i));
  return origins;
}

/* --- Collecting --------------------------------------------------------------------------------
 */

typedef struct {
  SatchelVault *vault;
  GPtrArray *ids;      /* of char *: the records of the new bag */
  GPtrArray *bundles;  /* of char *: ids of the bundles that they came in */
  GPtrArray *received; /* of GPtrArray of GBytes, beside @bundles */
  GHashTable *taken;   /* set of tagmanifests, in hex */
  GPtrArray *files;    /* what comes out */
  guint64 size_bytes;  /* of it */
  guint count;
} Collecting;

static void
collecting_clear (Collecting *self)
{
  g_ptr_array_unref (self->bundles);
  g_ptr_array_unref (self->received);
  g_hash_table_unref (self->taken);
  g_clear_pointer (&self->files, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Collecting, collecting_clear)

static gboolean
add_received (Collecting *self, const char *id, GError **error)
{
  g_autoptr (GPtrArray) list = satchel_record_list_received (self->vault, id, error);

  if (list == NULL)
    return FALSE;
  for (guint i = 0; i < list->len; i++) {
    const SatchelReceivedRecord *received = g_ptr_array_index (list, i);
    guint place;
    if (!g_ptr_array_find_with_equal_func (self->bundles, received->bundle_id, g_str_equal,
                                           &place)) {
      place = self->bundles->len;
      g_ptr_array_add (self->bundles, g_strdup (received->bundle_id));
      g_ptr_array_add (self->received,
                       g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref));
    }
    g_ptr_array_add (g_ptr_array_index (self->received, place), g_bytes_ref (received->raw));
  }
  return TRUE;
}

GPtrArray *
satchel_bundle_list_kept (SatchelVault *vault, const char *bundle_id, GError **error)
{
  SatchelStatement *rows = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT name, content FROM bundle_file WHERE bundle_id = ?1 ORDER BY name", error);
  g_autoptr (GPtrArray) files = files_new ();
  gboolean has_row = FALSE;

  if (rows == NULL)
    return NULL;
  satchel_statement_bind_text (rows, 1, bundle_id);
  while (satchel_statement_step (rows, &has_row, error)) {
    gsize size = 0;
    if (!has_row)
      return g_steal_pointer (&files);
    const char *name = satchel_statement_get_text (rows, 0);
    const guint8 *data = satchel_statement_get_blob (rows, 1, &size);
    g_autoptr (GBytes) content = g_bytes_new (data, size);
    g_ptr_array_add (files, satchel_origin_file_new (name, content));
  }
  return NULL;
}

/* Files kept of a bundle, in byte order of their names, as parts of origin 1 or, for those that it
 * carried itself, as they are named. */
static gboolean
load_kept (
    Collecting *self, const char *bundle, GPtrArray *own, GPtrArray *carried, GError **error)
{
  g_autoptr (GPtrArray) kept = satchel_bundle_list_kept (self->vault, bundle, error);

  for (guint i = 0; kept != NULL && i < kept->len; i++) {
    const SatchelOriginFile *file = g_ptr_array_index (kept, i);
    const char *part = g_str_has_prefix (file->name, DATA_PREFIX)
                           ? file->name + strlen (DATA_PREFIX)
                           : file->name;
    g_autofree char *named = g_strconcat (PREFIX "0001.", part, NULL);
    if (satchel_origin_is_name (part))
      g_ptr_array_add (carried, satchel_origin_file_new (part, file->content));
    else if (is_tag (part) || g_str_equal (part, CUSTODY))
      g_ptr_array_add (own, satchel_origin_file_new (named, file->content));
  }
  return kept != NULL;
}

/* A received record's document gets the name that it had in its bundle, by its hash. */
static gboolean
name_record (const SatchelBagInfo *info, GBytes *raw, GPtrArray *own)
{
  guint8 sha256[SATCHEL_SHA256_SIZE];
  gsize size;
  const guint8 *data = g_bytes_get_data (raw, &size);

  satchel_sha256 (data, size, sha256);
  for (guint i = 0; i < info->entries->len; i++) {
    const SatchelBagEntry *entry = &g_array_index (info->entries, SatchelBagEntry, i);
    if (!is_record (entry->name) || memcmp (entry->sha256, sha256, sizeof sha256) != 0)
      continue;
    g_autofree char *named = g_strconcat (PREFIX "0001.", entry->name, NULL);
    g_ptr_array_add (own, satchel_origin_file_new (named, raw));
    return TRUE;
  }
  return FALSE;
}

static gint
compare_files (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const SatchelOriginFile *const *) a)->name,
                 (*(const SatchelOriginFile *const *) b)->name);
}

static gboolean
set_damaged (GError **error, const char *bundle, const char *what)
{
  g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_DAMAGED,
               "What was kept of the received bundle %s does not hold: %s", bundle, what);
  return FALSE;
}

/* The records of another bag are nobody's business here. */
static gboolean
is_wanted (const Collecting *self, const SatchelOriginBag *origin, const char *part)
{
  if (!is_record (part))
    return TRUE;
  for (guint i = 0; i < origin->documents->len; i++) {
    const SatchelRecordDocument *document = g_ptr_array_index (origin->documents, i);
    if (g_bytes_equal (document->raw, find_part (origin, part)))
      return g_ptr_array_find_with_equal_func (self->ids, document->id, g_str_equal, NULL);
  }
  return FALSE;
}

static gboolean
has_wanted_record (const Collecting *self, const SatchelOriginBag *origin)
{
  for (guint i = 0; i < origin->documents->len; i++) {
    const SatchelRecordDocument *document = g_ptr_array_index (origin->documents, i);
    if (g_ptr_array_find_with_equal_func (self->ids, document->id, g_str_equal, NULL))
      return TRUE;
  }
  return FALSE;
}

static gboolean
take (Collecting *self, const SatchelOriginBag *origin, GError **error)
{
  char *tagmanifest = satchel_hex_encode (origin->info->tagmanifest_sha256, SATCHEL_SHA256_SIZE);

  if (!g_hash_table_add (self->taken, tagmanifest))
    return TRUE;
  self->count++;
  for (guint i = 0; i < origin->files->len; i++) {
    const SatchelOriginFile *file = g_ptr_array_index (origin->files, i);
    const char *part = get_part (file->name);
    if (!is_wanted (self, origin, part))
      continue;
    g_autofree char *named = g_strdup_printf (PREFIX "%04u.%s", self->count, part);
    g_ptr_array_add (self->files, satchel_origin_file_new (named, file->content));
    self->size_bytes += g_bytes_get_size (file->content);
  }
  if (self->size_bytes <= SATCHEL_ORIGIN_TOTAL_MAX)
    return TRUE;
  g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_STATE,
               "These records came in too many bundles for one: take fewer at a time.");
  return FALSE;
}

static gboolean
take_carried (Collecting *self, GPtrArray *carried, const char *bundle, GError **error)
{
  g_autoptr (GPtrArray) origins = satchel_origins_read (carried);

  for (guint i = 0; i < origins->len; i++) {
    const SatchelOriginBag *origin = g_ptr_array_index (origins, i);
    /* Documents of records that were erased here are gone, and with them what they said. */
    if (origin->info == NULL || !has_wanted_record (self, origin))
      continue;
    if (origin->fault != NULL)
      return set_damaged (error, bundle, origin->fault);
    if (!take (self, origin, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
add_bundle (Collecting *self, const char *bundle, GPtrArray *received, GError **error)
{
  g_autoptr (GPtrArray) own = files_new ();
  g_autoptr (GPtrArray) carried = files_new ();
  g_autoptr (GPtrArray) tags_only = NULL, origins = NULL;
  const SatchelOriginBag *origin;

  if (!load_kept (self, bundle, own, carried, error))
    return FALSE;
  if (own->len == 0)
    return TRUE;
  tags_only = satchel_origins_read (own);
  origin = g_ptr_array_index (tags_only, 0);
  if (origin->info == NULL)
    return set_damaged (error, bundle, origin->fault);
  for (guint i = 0; i < received->len; i++)
    if (!name_record (origin->info, g_ptr_array_index (received, i), own))
      return set_damaged (error, bundle, "a record is not in its manifest.");
  g_ptr_array_sort (own, compare_files);
  origins = satchel_origins_read (own);
  origin = g_ptr_array_index (origins, 0);
  if (origin->fault != NULL)
    return set_damaged (error, bundle, origin->fault);
  return take (self, origin, error) && take_carried (self, carried, bundle, error);
}

GPtrArray *
satchel_origins_collect (SatchelVault *vault, GPtrArray *ids, GError **error)
{
  g_auto (Collecting) self = {.vault = vault, .ids = ids};

  self.bundles = g_ptr_array_new_with_free_func (g_free);
  self.received = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  self.taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self.files = files_new ();
  for (guint i = 0; i < ids->len; i++)
    if (!add_received (&self, g_ptr_array_index (ids, i), error))
      return NULL;
  for (guint i = 0; i < self.bundles->len; i++)
    if (!add_bundle (&self, g_ptr_array_index (self.bundles, i),
                     g_ptr_array_index (self.received, i), error))
      return NULL;
  return g_steal_pointer (&self.files);
}
