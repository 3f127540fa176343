/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-bag-private.h"
#include "seal/satchel-bundle.h"

#include <string.h>

#include "base/satchel-text.h"
#include "seal/satchel-ustar.h"

/* Hashes and counts what is read through it: the age file as it was received. */
#define SEALED_TYPE_STREAM (sealed_stream_get_type ())
G_DECLARE_FINAL_TYPE (SealedStream, sealed_stream, SEALED, STREAM, GInputStream)

struct _SealedStream {
  GInputStream parent_instance;

  GInputStream *inner;
  SatchelSha256 *hash;
  guint64 count;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SealedStream, sealed_stream, G_TYPE_INPUT_STREAM)
// clang-format on

/* The work under way. */
typedef struct {
  const SatchelBundleReader *reader;
  SatchelUstarReader *archive;
  GCancellable *cancellable; /* nullable */
  SatchelBagInfo *info;
  guint64 archive_bytes; /* of the members that were seen */
  guint64 payload_bytes;
  guint64 done_bytes;
} Opener;

static gssize
sealed_stream_read (
    GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  SealedStream *self = SEALED_STREAM (stream);
  gssize got = g_input_stream_read (self->inner, buffer, count, cancellable, error);

  if (got > 0) {
    satchel_sha256_update (self->hash, buffer, (gsize) got);
    self->count += (guint64) got;
  }
  return got;
}

static void
sealed_stream_finalize (GObject *object)
{
  SealedStream *self = SEALED_STREAM (object);

  g_clear_object (&self->inner);
  satchel_sha256_free (self->hash);
  G_OBJECT_CLASS (sealed_stream_parent_class)->finalize (object);
}

static void
sealed_stream_class_init (SealedStreamClass *klass)
{
  G_INPUT_STREAM_CLASS (klass)->read_fn = sealed_stream_read;
  G_OBJECT_CLASS (klass)->finalize = sealed_stream_finalize;
}

static void
sealed_stream_init (SealedStream *self)
{
  self->hash = satchel_sha256_new ();
}

/* Whether @name is one of the members that stand in every bag, or in this one's manifest; for
 * naming the fault only. */
static gboolean
is_known (const Opener *self, const char *name)
{
  g_autofree char *padding = g_strconcat (SATCHEL_BAG_TAG_PREFIX, SATCHEL_BAG_PADDING, NULL);

  if (g_str_equal (name, padding))
    return TRUE;
  for (guint i = 0; i < SATCHEL_BAG_TAG_COUNT; i++)
    if (g_str_has_prefix (name, SATCHEL_BAG_TAG_PREFIX) &&
        g_str_equal (name + strlen (SATCHEL_BAG_TAG_PREFIX), satchel_bag_tag_name (i)))
      return TRUE;
  if (!g_str_has_prefix (name, SATCHEL_BAG_DATA_PREFIX))
    return FALSE;
  name += strlen (SATCHEL_BAG_DATA_PREFIX);
  if (self->info == NULL)
    return satchel_bag_kind_of (name) != SATCHEL_BAG_NOTHING;
  for (guint i = 0; i < self->info->entries->len; i++)
    if (g_str_equal (g_array_index (self->info->entries, SatchelBagEntry, i).name, name))
      return TRUE;
  return FALSE;
}

static gboolean
was_seen (const Opener *self, const char *name, guint entries_seen)
{
  guint tags_seen = self->info != NULL ? SATCHEL_BAG_TAG_COUNT : entries_seen;

  for (guint i = 0; i < tags_seen; i++)
    if (g_str_equal (name + strlen (SATCHEL_BAG_TAG_PREFIX), satchel_bag_tag_name (i)))
      return TRUE;
  if (self->info == NULL || !g_str_has_prefix (name, SATCHEL_BAG_DATA_PREFIX))
    return FALSE;
  for (guint i = 0; i < entries_seen && i < self->info->entries->len; i++)
    if (g_str_equal (g_array_index (self->info->entries, SatchelBagEntry, i).name,
                     name + strlen (SATCHEL_BAG_DATA_PREFIX)))
      return TRUE;
  return FALSE;
}

/* Another member (or the end) stands where @expected should. */
static gboolean
break_order (
    const Opener *self, const char *expected, const char *name, guint seen, GError **error)
{
  const char *rule = "member-order";

  if (name == NULL || g_str_has_suffix (name, SATCHEL_BAG_PADDING))
    return satchel_bag_break (error, "member-missing", expected, "it is not where it belongs");
  if (!is_known (self, name))
    rule = "member-extra";
  else if (was_seen (self, name, seen))
    rule = "member-repeated";
  return satchel_bag_break (error, rule, name, "%s belongs here", expected);
}

/* Steps to the next member, which must be @expected. @seen: how many came before, in its group. */
static gboolean
next_member (Opener *self, const char *expected, guint seen, guint64 *size_bytes, GError **error)
{
  const char *name = NULL;
  guint64 size = 0;

  if (!satchel_ustar_reader_next (self->archive, &name, &size, self->cancellable, error))
    return FALSE;
  if (name == NULL || !g_str_equal (name, expected))
    return break_order (self, expected, name, seen, error);
  if (size > G_MAXINT64 / 4)
    return satchel_bag_break (error, "member-size", expected, "larger than any file");
  self->archive_bytes += satchel_ustar_member_size (size);
  *size_bytes = size;
  return TRUE;
}

static void
report (Opener *self, guint64 size_bytes)
{
  SatchelProgressReport progress = self->reader->progress;

  self->done_bytes += size_bytes;
  if (progress.report != NULL)
    progress.report (self->done_bytes, self->reader->size_bytes, progress.user_data);
}

static gboolean
read_tags (Opener *self, GBytes **tags, GError **error)
{
  for (guint i = 0; i < SATCHEL_BAG_TAG_COUNT; i++) {
    guint64 size = 0;
    g_autofree char *name = g_strconcat (SATCHEL_BAG_TAG_PREFIX, satchel_bag_tag_name (i), NULL);
    if (!next_member (self, name, i, &size, error))
      return FALSE;
    tags[i] = satchel_ustar_reader_load (self->archive, satchel_bag_tag_limit (i),
                                         self->cancellable, error);
    if (tags[i] == NULL)
      return FALSE;
    report (self, size);
  }
  return TRUE;
}

static gboolean
read_info (Opener *self, GError **error)
{
  GBytes *tags[SATCHEL_BAG_TAG_COUNT] = {NULL};

  if (read_tags (self, tags, error))
    self->info = satchel_bag_info_read (tags, self->reader->self, error);
  for (guint i = 0; i < SATCHEL_BAG_TAG_COUNT; i++)
    g_clear_pointer (&tags[i], g_bytes_unref);
  return self->info != NULL;
}

static gboolean
read_document (Opener *self, const SatchelBagEntry *entry, const char *path, GError **error)
{
  const SatchelBundleVisitor *visitor = &self->reader->visitor;
  gsize limit = (gsize) satchel_bag_size_limit (satchel_bag_kind_of (entry->name));
  guint8 sha256[SATCHEL_SHA256_SIZE];
  gsize size = 0;
  g_autoptr (GBytes) content =
      satchel_ustar_reader_load (self->archive, limit, self->cancellable, error);

  if (content == NULL)
    return FALSE;
  const guint8 *data = g_bytes_get_data (content, &size);
  satchel_sha256 (data, size, sha256);
  if (memcmp (sha256, entry->sha256, sizeof sha256) != 0)
    return satchel_bag_break (error, "file-hash", path, "the content has another SHA-256");
  report (self, size);
  return visitor->take_document == NULL ||
         visitor->take_document (entry->name, content, visitor->user_data, error);
}

static gboolean
read_file (Opener *self,
           const SatchelBagEntry *entry,
           const char *path,
           guint64 size_bytes,
           GError **error)
{
  const SatchelBundleVisitor *visitor = &self->reader->visitor;
  SatchelSink sink = satchel_sink_to_nowhere ();

  if (visitor->begin_file != NULL && !visitor->begin_file (entry->name, size_bytes, entry->sha256,
                                                           &sink, visitor->user_data, error))
    return FALSE;
  g_auto (SatchelBagTee) tee = {
      .next = sink,
      .limit = size_bytes,
      .member = path,
      .total_so_far = &self->done_bytes,
      .total = self->reader->size_bytes,
      .progress = self->reader->progress,
  };
  if (!satchel_bag_tee_run (&tee, satchel_ustar_reader_get_content (self->archive), entry->sha256,
                            "file-hash", self->cancellable, error))
    return FALSE;
  return visitor->end_file == NULL ||
         visitor->end_file (entry->name, visitor->user_data, error);
}

static gboolean
read_entry (Opener *self, guint place, GError **error)
{
  const SatchelBagEntry *entry = &g_array_index (self->info->entries, SatchelBagEntry, place);
  g_autofree char *path = g_strconcat (SATCHEL_BAG_DATA_PREFIX, entry->name, NULL);
  guint64 size = 0;

  if (!next_member (self, path, place, &size, error))
    return FALSE;
  if (size > satchel_bag_size_limit (satchel_bag_kind_of (entry->name)))
    return satchel_bag_break (error, "member-size", path, "too large");
  /* More than the sender signed never reaches the disk. */
  if (size > self->info->payload_bytes - self->payload_bytes)
    return satchel_bag_break (error, "oxum", path, "more bytes than Payload-Oxum says");
  self->payload_bytes += size;
  return satchel_bag_kind_of (entry->name) == SATCHEL_BAG_FILE
             ? read_file (self, entry, path, size, error)
             : read_document (self, entry, path, error);
}

static gboolean
read_payload (Opener *self, GError **error)
{
  for (guint i = 0; i < self->info->entries->len; i++)
    if (!read_entry (self, i, error))
      return FALSE;
  if (self->payload_bytes != self->info->payload_bytes ||
      self->info->entries->len != self->info->payload_files)
    return satchel_bag_break (error, "oxum", "bag-info.txt",
                              "Payload-Oxum does not say what is there");
  return TRUE;
}

static gboolean
read_padding (Opener *self, GError **error)
{
  g_autofree char *path = g_strconcat (SATCHEL_BAG_TAG_PREFIX, SATCHEL_BAG_PADDING, NULL);
  guint64 expected = satchel_bag_padding_size (self->archive_bytes);
  guint64 size = 0;

  if (!next_member (self, path, self->info->entries->len, &size, error))
    return FALSE;
  if (size != expected)
    return satchel_bag_break (error, "padding-size", path,
                              "the archive does not have a Padmé length");
  self->info->padding_bytes = size;
  g_auto (SatchelBagTee) tee = {
      .limit = size,
      .member = path,
      .only_zeros = TRUE,
      .total_so_far = &self->done_bytes,
      .total = self->reader->size_bytes,
      .progress = self->reader->progress,
  };
  return satchel_bag_tee_run (&tee, satchel_ustar_reader_get_content (self->archive),
                              self->info->padding_sha256, "tag-hash", self->cancellable, error);
}

/* Past the padding: the two zero blocks, and with them the end of every layer. */
static gboolean
read_end (Opener *self, GError **error)
{
  const char *name = NULL;
  guint64 size = 0;

  if (!satchel_ustar_reader_next (self->archive, &name, &size, self->cancellable, error))
    return FALSE;
  if (name == NULL)
    return TRUE;
  return satchel_bag_break (
      error, is_known (self, name) ? "member-repeated" : "member-extra", name,
      "padding.bin is the last member");
}

static gboolean
read_archive (Opener *self, GError **error)
{
  const SatchelBundleVisitor *visitor = &self->reader->visitor;

  if (!read_info (self, error))
    return FALSE;
  if (visitor->admit != NULL && !visitor->admit (self->info, visitor->user_data, error))
    return FALSE;
  return read_payload (self, error) && read_padding (self, error) && read_end (self, error);
}

/* Every error of the seal room becomes a finding, a visitor's too: so it can name a rule. */
static gboolean
hand_on (GError *local_error, SatchelBagFinding **finding, GError **error)
{
  g_autoptr (SatchelBagFinding) found = satchel_bag_finding_from_error (local_error);

  if (found != NULL) {
    g_free (local_error->message);
    local_error->message = g_strdup (found->message);
  }
  if (finding != NULL && found != NULL)
    *finding = g_steal_pointer (&found);
  g_propagate_error (error, local_error);
  return FALSE;
}

gboolean
satchel_bundle_open_archive (GInputStream *archive,
                             const SatchelBundleReader *reader,
                             GCancellable *cancellable,
                             SatchelBagInfo **info,
                             SatchelBagFinding **finding,
                             GError **error)
{
  GError *local_error = NULL;
  Opener opener = {.reader = reader, .cancellable = cancellable};

  opener.archive = satchel_ustar_reader_new (archive);
  gboolean good = read_archive (&opener, &local_error);
  satchel_ustar_reader_free (opener.archive);
  g_autoptr (SatchelBagInfo) result = opener.info;
  if (!good)
    return hand_on (local_error, finding, error);
  if (info != NULL)
    *info = g_steal_pointer (&result);
  return TRUE;
}

gboolean
satchel_bundle_open (GInputStream *sealed,
                     const SatchelBundleReader *reader,
                     GCancellable *cancellable,
                     SatchelBagInfo **info,
                     SatchelBagFinding **finding,
                     GError **error)
{
  GError *local_error = NULL;
  SatchelBagInfo *result = NULL;
  g_autoptr (SealedStream) hashed = g_object_new (SEALED_TYPE_STREAM, NULL);

  hashed->inner = g_object_ref (sealed);
  g_autoptr (GInputStream) archive =
      satchel_age_reader_new (G_INPUT_STREAM (hashed), reader->identities, reader->identity_count,
                              reader->pool, cancellable, &local_error);
  if (archive == NULL)
    return hand_on (local_error, finding, error);
  if (!satchel_bundle_open_archive (archive, reader, cancellable, &result, finding, error))
    return FALSE;
  satchel_sha256_finish (hashed->hash, result->age_sha256);
  result->age_size_bytes = hashed->count;
  if (info != NULL)
    *info = result;
  else
    satchel_bag_info_free (result);
  return TRUE;
}
