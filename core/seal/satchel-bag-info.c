/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-bag-private.h"

#include <string.h>

#include "base/satchel-text.h"
#include "seal/satchel-ustar.h"

#define SIGNATURE_FIRST_LINE "untrusted comment: signature from satchel\n"

static const char *const tag_names[SATCHEL_BAG_TAG_COUNT] = {
    "bagit.txt",
    "bag-info.txt",
    "manifest-sha256.txt",
    "tagmanifest-sha256.txt",
    "tagmanifest-sha256.txt.minisig",
};

const char *
satchel_bag_tag_name (SatchelBagTag tag)
{
  g_return_val_if_fail (tag < SATCHEL_BAG_TAG_COUNT, NULL);
  return tag_names[tag];
}

gsize
satchel_bag_tag_limit (SatchelBagTag tag)
{
  static const gsize limits[SATCHEL_BAG_TAG_COUNT] = {
      128,
      32 * 1024,
      /* hash, two spaces, "data/", name, newline */
      (gsize) SATCHEL_BAG_MEMBERS_MAX * (64 + 7 + SATCHEL_BAG_NAME_MAX + 1),
      1024,
      2048,
  };

  return limits[tag];
}

SatchelBagInfo *
satchel_bag_info_alloc (void)
{
  SatchelBagInfo *self = g_new0 (SatchelBagInfo, 1);

  self->recipients = g_array_new (FALSE, FALSE, sizeof (SatchelBagRecipient));
  self->entries = g_array_new (FALSE, FALSE, sizeof (SatchelBagEntry));
  return self;
}

void
satchel_bag_info_free (SatchelBagInfo *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->recipients);
  g_array_unref (self->entries);
  for (guint i = 0; i < SATCHEL_BAG_TAG_COUNT; i++)
    g_clear_pointer (&self->tags[i], g_bytes_unref);
  g_free (self);
}

const SatchelBagRecipient *
satchel_bag_info_find_recipient (const SatchelBagInfo *self, const SatchelAgeRecipient *recipient)
{
  for (guint i = 0; i < self->recipients->len; i++) {
    const SatchelBagRecipient *one = &g_array_index (self->recipients, SatchelBagRecipient, i);
    if (memcmp (one->age.bytes, recipient->bytes, sizeof one->age.bytes) == 0)
      return one;
  }
  return NULL;
}

static void
append_hash (GString *text, const guint8 *sha256, const char *name)
{
  g_autofree char *hash = satchel_hex_encode (sha256, SATCHEL_SHA256_SIZE);

  g_string_append_printf (text, "%s  %s\n", hash, name);
}

static void
hash_bytes (GBytes *bytes, guint8 *out)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  satchel_sha256 (data, size, out);
}

GBytes *
satchel_bag_tagmanifest_write (GBytes *const *tags, const guint8 padding_sha256[32])
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < SATCHEL_BAG_TAG_TAGMANIFEST; i++) {
    guint8 sha256[SATCHEL_SHA256_SIZE];
    hash_bytes (tags[i], sha256);
    append_hash (text, sha256, tag_names[i]);
  }
  append_hash (text, padding_sha256, SATCHEL_BAG_PADDING);
  return g_string_free_to_bytes (text);
}

/* With several recipients the number is the first one's; all of them stand in bag-info. */
char *
satchel_bag_dup_comment (const SatchelBagInfo *info)
{
  return g_strdup_printf ("satchel-bundle v1 %s %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT,
                          info->bundle_id,
                          info->epoch,
                          g_array_index (info->recipients, SatchelBagRecipient, 0).number);
}

static gboolean
check_signature (GBytes *const *tags, char **comment, GError **error)
{
  SatchelMinisignKey key;
  g_autoptr (GError) local_error = NULL;
  gsize signature_size = 0;
  gsize size = 0;
  const char *signature = g_bytes_get_data (tags[SATCHEL_BAG_TAG_SIGNATURE], &signature_size);
  const guint8 *text = g_bytes_get_data (tags[SATCHEL_BAG_TAG_TAGMANIFEST], &size);
  const char *member = tag_names[SATCHEL_BAG_TAG_SIGNATURE];

  if (!satchel_bag_text_peek_sender (tags[SATCHEL_BAG_TAG_INFO], &key, error))
    return FALSE;
  if (size == 0 || signature_size < strlen (SIGNATURE_FIRST_LINE) ||
      memcmp (signature, SIGNATURE_FIRST_LINE, strlen (SIGNATURE_FIRST_LINE)) != 0)
    return satchel_bag_break (error, "signature", member, "not in its one spelling");
  return satchel_minisign_verify (&key, signature, signature_size, text, size, comment,
                                  &local_error) ||
         satchel_bag_break (error, "signature", member, "%s", local_error->message);
}

/* "<hash>  padding.bin" is the last of its lines. */
static gboolean
read_padding_hash (GBytes *text, guint8 *sha256)
{
  const gsize line_size = 64 + 2 + strlen (SATCHEL_BAG_PADDING) + 1;
  gsize size = 0;
  const char *data = g_bytes_get_data (text, &size);

  if (size < line_size)
    return FALSE;
  g_autofree char *hash = g_strndup (data + size - line_size, 64);
  return satchel_hex_decode (hash, sha256, SATCHEL_SHA256_SIZE);
}

/* Tells a wrong hash from a wrong text: four lines, and their names. */
static gboolean
check_tagmanifest_line (GBytes *const *tags, const char *line, guint place, GError **error)
{
  const char *name = place < SATCHEL_BAG_TAG_TAGMANIFEST ? tag_names[place] : SATCHEL_BAG_PADDING;
  guint8 expected[SATCHEL_SHA256_SIZE];
  guint8 sha256[SATCHEL_SHA256_SIZE];
  g_autofree char *hash = g_strndup (line, 64);

  if (strlen (line) < 66 || strncmp (line + 64, "  ", 2) != 0 || !g_str_equal (line + 66, name) ||
      !satchel_hex_decode (hash, expected, sizeof expected))
    return satchel_bag_break (error, "tagmanifest", tag_names[SATCHEL_BAG_TAG_TAGMANIFEST],
                              "line %u is not the hash of %s", place + 1, name);
  if (place == SATCHEL_BAG_TAG_TAGMANIFEST)
    return TRUE;
  hash_bytes (tags[place], sha256);
  return memcmp (sha256, expected, sizeof sha256) == 0 ||
         satchel_bag_break (error, "tag-hash", name, "the content has another SHA-256");
}

static gboolean
check_tagmanifest (GBytes *const *tags, SatchelBagInfo *info, GError **error)
{
  gsize size = 0;
  const char *data = g_bytes_get_data (tags[SATCHEL_BAG_TAG_TAGMANIFEST], &size);
  g_autofree char *copy = g_strndup (data, size);
  g_auto (GStrv) lines = g_strsplit (copy, "\n", -1);

  for (guint i = 0; i <= SATCHEL_BAG_TAG_TAGMANIFEST && lines[i] != NULL; i++)
    if (!check_tagmanifest_line (tags, lines[i], i, error))
      return FALSE;
  if (read_padding_hash (tags[SATCHEL_BAG_TAG_TAGMANIFEST], info->padding_sha256)) {
    g_autoptr (GBytes) again = satchel_bag_tagmanifest_write (tags, info->padding_sha256);
    if (g_bytes_equal (again, tags[SATCHEL_BAG_TAG_TAGMANIFEST]))
      return TRUE;
  }
  return satchel_bag_break (error, "tagmanifest", tag_names[SATCHEL_BAG_TAG_TAGMANIFEST],
                            "not exactly four lines");
}

static gboolean
check_bagit (GBytes *text, GError **error)
{
  gsize size = 0;
  const char *data = g_bytes_get_data (text, &size);

  return (size == strlen (SATCHEL_BAG_BAGIT) && memcmp (data, SATCHEL_BAG_BAGIT, size) == 0) ||
         satchel_bag_break (error, "bagit", "bagit.txt", "not BagIt 1.0 in UTF-8");
}

static gboolean
check_comment (const SatchelBagInfo *info, const char *comment, GError **error)
{
  g_autofree char *expected = satchel_bag_dup_comment (info);

  return g_str_equal (comment, expected) ||
         satchel_bag_break (error, "signature-comment", tag_names[SATCHEL_BAG_TAG_SIGNATURE],
                            "the trusted comment is not this bundle's");
}

static gboolean
read_manifest (GBytes *text, SatchelBagInfo *info, GError **error)
{
  GArray *entries = satchel_bag_manifest_read (text, error);

  if (entries == NULL)
    return FALSE;
  g_array_unref (info->entries);
  info->entries = entries;
  return TRUE;
}

SatchelBagInfo *
satchel_bag_info_read (GBytes *const tags[SATCHEL_BAG_TAG_COUNT],
                       const SatchelAgeRecipient *self,
                       GError **error)
{
  g_autoptr (SatchelBagInfo) info = satchel_bag_info_alloc ();
  g_autofree char *comment = NULL;

  if (!check_signature (tags, &comment, error) || !check_tagmanifest (tags, info, error) ||
      !check_bagit (tags[SATCHEL_BAG_TAG_BAGIT], error) ||
      !satchel_bag_text_read (tags[SATCHEL_BAG_TAG_INFO], info, error) ||
      !check_comment (info, comment, error))
    return NULL;
  if (self != NULL && satchel_bag_info_find_recipient (info, self) == NULL) {
    satchel_bag_break (error, "not-for-us", "bag-info.txt",
                       "it was signed for others and forwarded");
    return NULL;
  }
  if (!read_manifest (tags[SATCHEL_BAG_TAG_MANIFEST], info, error))
    return NULL;
  hash_bytes (tags[SATCHEL_BAG_TAG_TAGMANIFEST], info->tagmanifest_sha256);
  for (guint i = 0; i < SATCHEL_BAG_TAG_COUNT; i++)
    info->tags[i] = g_bytes_ref (tags[i]);
  return g_steal_pointer (&info);
}

SatchelBagInfo *
satchel_bag_info_new (GBytes *const tags[SATCHEL_BAG_TAG_COUNT],
                      SatchelBagFinding **finding,
                      GError **error)
{
  g_autoptr (GError) local_error = NULL;
  SatchelBagInfo *info = satchel_bag_info_read (tags, NULL, &local_error);

  if (info != NULL)
    return info;
  if (finding != NULL)
    *finding = satchel_bag_finding_from_error (local_error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

guint64
satchel_bag_tags_tar_size (GBytes *const tags[SATCHEL_BAG_TAG_COUNT])
{
  guint64 total = 0;

  for (guint i = 0; i < SATCHEL_BAG_TAG_COUNT; i++)
    total += satchel_ustar_member_size (g_bytes_get_size (tags[i]));
  return total;
}

guint64
satchel_bag_padding_size (guint64 members_bytes)
{
  guint64 least = members_bytes + satchel_ustar_member_size (0) + SATCHEL_USTAR_END_SIZE;

  /* From 256 KiB on every Padmé length is a multiple of 8 KiB, so the member fills its blocks. */
  return satchel_padme (MAX (least, SATCHEL_BAG_PADDED_SIZE_MIN)) - least;
}
