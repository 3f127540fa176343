/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hostile-bag.h"

#include <stdio.h>
#include <string.h>

#include "base/satchel-text.h"

#define BLOCK 512

HostileMember *
hostile_member_new (const char *name, const void *content, gssize size_bytes)
{
  HostileMember *member = g_new0 (HostileMember, 1);

  member->name = g_strdup (name);
  member->content =
      g_bytes_new (content, size_bytes < 0 ? strlen (content) : (gsize) size_bytes);
  return member;
}

void
hostile_member_free (HostileMember *member)
{
  g_free (member->name);
  g_bytes_unref (member->content);
  g_free (member);
}

guint
hostile_find_index (GPtrArray *members, const char *name)
{
  for (guint i = 0; i < members->len; i++)
    if (g_str_equal (((HostileMember *) members->pdata[i])->name, name))
      return i;
  g_error ("no member %s", name);
}

HostileMember *
hostile_find (GPtrArray *members, const char *name)
{
  return members->pdata[hostile_find_index (members, name)];
}

static void
put (guint8 *block, guint at, const char *text, const char *other)
{
  const char *value = other != NULL ? other : text;

  memcpy (block + at, value, strlen (value));
}

static void
fill_header (guint8 *block, const HostileMember *member)
{
  char size[13];
  char sum_text[8];
  guint sum = 0;

  memcpy (block, member->name, MIN (strlen (member->name), 100));
  put (block, 100, "0000600", member->mode);
  put (block, 108, "0000000", member->uid);
  put (block, 116, "0000000", NULL);
  snprintf (size, sizeof size, "%011lo", (unsigned long) g_bytes_get_size (member->content));
  memcpy (block + 124, member->size != NULL ? member->size : size, 12);
  put (block, 136, "00000000000", member->mtime);
  memset (block + 148, ' ', 8);
  block[156] = member->type != 0 ? (guint8) member->type : '0';
  put (block, 157, "", member->link);
  memcpy (block + 257, member->magic != NULL ? member->magic : "ustar\00000", 8);
  put (block, 265, "", member->owner);
  put (block, 345, "", member->prefix);
  for (guint i = 0; i < BLOCK; i++)
    sum += block[i];
  snprintf (sum_text, sizeof sum_text, "%06o", sum + member->bad_checksum);
  memcpy (block + 148, sum_text, 7);
}

void
hostile_append_member (GByteArray *archive, const HostileMember *member)
{
  guint8 block[BLOCK] = {0};
  guint8 fill[BLOCK] = {0};
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (member->content, &size);

  fill_header (block, member);
  g_byte_array_append (archive, block, BLOCK);
  g_byte_array_append (archive, data, (guint) size);
  fill[BLOCK - 1] = member->dirty_fill;
  gsize fill_size = (BLOCK - size % BLOCK) % BLOCK;
  g_byte_array_append (archive, fill + BLOCK - fill_size, (guint) fill_size);
}

static void
append_hash (GString *text, const void *data, gsize size, const char *name)
{
  guint8 sha256[SATCHEL_SHA256_SIZE];

  satchel_sha256 (data, size, sha256);
  g_autofree char *hash = satchel_hex_encode (sha256, sizeof sha256);
  g_string_append_printf (text, "%s  %s\n", hash, name);
}

static void
add_document (HostileBag *bag, const char *name, const char *plain)
{
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  gsize size = strlen (plain);

  if (bag->parties.documents != NULL) {
    g_autofree char *path = g_build_filename (bag->parties.documents, name, NULL);
    g_file_get_contents (path, &content, &size, &error);
    g_assert_no_error (error);
  }
  g_ptr_array_add (bag->data,
                   hostile_member_new (name, content != NULL ? content : plain, (gssize) size));
}

static void
make_data (HostileBag *bag)
{
  gsize size = 0;
  g_autofree guint8 *picture = g_malloc (70000);

  memset (picture, 0x5a, 70000);
  if (bag->parties.index != NULL) {
    const void *index = g_bytes_get_data (bag->parties.index, &size);
    g_ptr_array_add (bag->data, hostile_member_new ("bundle.json", index, (gssize) size));
  } else {
    add_document (bag, "bundle.json", "{}");
  }
  add_document (bag, "custody.jsonl", "{\"sequence\":1}\n");
  add_document (bag, "r0001.json", "{\"title\":\"one\"}");
  add_document (bag, "r0002.json", "{\"title\":\"two\"}");
  g_ptr_array_add (bag->data, hostile_member_new ("0001.jpg", picture, 70000));
  g_ptr_array_add (bag->data, hostile_member_new ("0002.txt", "second", -1));
}

static void
make_info (HostileBag *bag)
{
  const HostileParties *parties = &bag->parties;
  SatchelMinisignKey key;
  g_autofree char *sender_age = satchel_age_recipient_format (parties->sender_age);
  g_autofree char *recipient = satchel_age_recipient_format (parties->recipient);
  g_autofree char *ones = g_strnfill (64, '1');
  gsize total = 0;

  satchel_minisign_pair_get_key (parties->sender_pair, &key);
  g_autofree char *sender = satchel_minisign_key_format (&key);
  for (guint i = 0; i < bag->data->len; i++)
    total += g_bytes_get_size (((HostileMember *) bag->data->pdata[i])->content);
  g_string_assign (bag->bagit, "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
  g_string_printf (bag->info,
                   "Bag-Size: %zu B\nPayload-Oxum: %zu.%u\nBagging-Date: 2026-01-02\n"
                   "Satchel-Bundle-Id: %s\nSatchel-Format: 1\nSatchel-Sender: %s %s 7\n"
                   "Satchel-Ledger: 12 %s\nSatchel-Recipient: %s %" G_GUINT64_FORMAT " %s\n",
                   total, total, bag->data->len, parties->bundle_id, sender_age, sender, ones,
                   recipient, parties->number, parties->number > 1 ? ones : "-");
}

static void
make_manifest (HostileBag *bag)
{
  for (guint i = 0; i < bag->data->len; i++) {
    HostileMember *member = bag->data->pdata[i];
    gsize size = 0;
    const void *data = g_bytes_get_data (member->content, &size);
    g_autofree char *path = g_strconcat ("data/", member->name, NULL);
    append_hash (bag->manifest, data, size, path);
  }
}

static guint64
member_blocks (gsize size)
{
  return BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
}

/* Tagmanifest and signature take one block each, whatever is in them. */
static void
make_padding (HostileBag *bag)
{
  guint64 total = member_blocks (bag->bagit->len) + member_blocks (bag->info->len) +
                  member_blocks (bag->manifest->len) + 2 * member_blocks (BLOCK) + BLOCK +
                  2 * BLOCK;

  for (guint i = 0; i < bag->data->len; i++)
    total +=
        member_blocks (g_bytes_get_size (((HostileMember *) bag->data->pdata[i])->content));
  guint64 padding = satchel_padme (MAX (total, 256 * 1024)) - total;
  g_byte_array_set_size (bag->padding, (guint) padding);
  memset (bag->padding->data, 0, bag->padding->len);
}

static void
make_tagmanifest (HostileBag *bag)
{
  append_hash (bag->tagmanifest, bag->bagit->str, bag->bagit->len, "bagit.txt");
  append_hash (bag->tagmanifest, bag->info->str, bag->info->len, "bag-info.txt");
  append_hash (bag->tagmanifest, bag->manifest->str, bag->manifest->len, "manifest-sha256.txt");
  append_hash (bag->tagmanifest, bag->padding->data, bag->padding->len, "padding.bin");
}

static void
make_signature (HostileBag *bag)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *comment =
      g_strdup_printf ("satchel-bundle v1 %s 7 %" G_GUINT64_FORMAT, bag->parties.bundle_id,
                       bag->parties.number);
  g_autofree char *text = satchel_minisign_sign (
      bag->signer, (const guint8 *) bag->tagmanifest->str, bag->tagmanifest->len,
      bag->comment != NULL ? bag->comment : comment, NULL, &error);

  g_assert_no_error (error);
  g_string_assign (bag->signature, text);
}

static void
add_text (HostileBag *bag, const char *name, const GString *text)
{
  g_ptr_array_add (bag->layout, hostile_member_new (name, text->str, (gssize) text->len));
}

static void
make_layout (HostileBag *bag)
{
  add_text (bag, "satchel/bagit.txt", bag->bagit);
  add_text (bag, "satchel/bag-info.txt", bag->info);
  add_text (bag, "satchel/manifest-sha256.txt", bag->manifest);
  add_text (bag, "satchel/tagmanifest-sha256.txt", bag->tagmanifest);
  add_text (bag, "satchel/tagmanifest-sha256.txt.minisig", bag->signature);
  for (guint i = 0; i < bag->data->len; i++) {
    HostileMember *member = bag->data->pdata[i];
    gsize size = 0;
    const void *data = g_bytes_get_data (member->content, &size);
    g_autofree char *path = g_strconcat ("satchel/data/", member->name, NULL);
    g_ptr_array_add (bag->layout, hostile_member_new (path, data, (gssize) size));
  }
  g_ptr_array_add (bag->layout, hostile_member_new ("satchel/padding.bin", bag->padding->data,
                                                    (gssize) bag->padding->len));
}

static void
make_archive (HostileBag *bag)
{
  guint8 end[2 * BLOCK] = {0};

  for (guint i = 0; i < bag->layout->len; i++)
    hostile_append_member (bag->archive, bag->layout->pdata[i]);
  g_byte_array_append (bag->archive, end, sizeof end);
}

static void
make_sealed (HostileBag *bag)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelAgeWriter) age =
      satchel_age_writer_new (bag->parties.recipient, 1, TRUE,
                              satchel_sink_to_byte_array (bag->sealed), NULL, NULL, &error);

  g_assert_no_error (error);
  satchel_sink_write (satchel_age_writer_get_sink (age), bag->archive->data, bag->archive->len,
                      NULL, &error);
  g_assert_no_error (error);
  satchel_age_writer_finish (age, NULL, &error);
  g_assert_no_error (error);
}

static const struct {
  HostileStage stage;
  void (*make) (HostileBag *bag);
} stages[] = {
    {HOSTILE_AT_DATA, make_data},
    {HOSTILE_AT_INFO, make_info},
    {HOSTILE_AT_MANIFEST, make_manifest},
    {HOSTILE_AT_PADDING, make_padding},
    {HOSTILE_AT_TAGMANIFEST, make_tagmanifest},
    {HOSTILE_AT_SIGNATURE, make_signature},
    {HOSTILE_AT_LAYOUT, make_layout},
    {HOSTILE_AT_ARCHIVE, make_archive},
    {HOSTILE_AT_SEALED, make_sealed},
};

static const HostileEdit *
find_edit (const char *name)
{
  static const HostileEdit *const tables[] = {hostile_text_edits, hostile_archive_edits};

  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    for (const HostileEdit *edit = tables[t]; edit->variant.name != NULL; edit++)
      if (g_str_equal (edit->variant.name, name))
        return edit;
  g_error ("no variant %s", name);
}

const HostileVariant *
hostile_variants (void)
{
  static HostileVariant *all = NULL;
  g_autoptr (GArray) array = NULL;

  if (all != NULL)
    return all;
  array = g_array_new (TRUE, TRUE, sizeof (HostileVariant));
  for (const HostileEdit *edit = hostile_text_edits; edit->variant.name != NULL; edit++)
    g_array_append_val (array, edit->variant);
  for (const HostileEdit *edit = hostile_archive_edits; edit->variant.name != NULL; edit++)
    g_array_append_val (array, edit->variant);
  all = (HostileVariant *) g_array_free (g_steal_pointer (&array), FALSE);
  return all;
}

static void
bag_init (HostileBag *bag, const HostileParties *parties)
{
  bag->parties = *parties;
  bag->signer = satchel_secret_ref (parties->sender_pair);
  bag->data = g_ptr_array_new_with_free_func ((GDestroyNotify) hostile_member_free);
  bag->layout = g_ptr_array_new_with_free_func ((GDestroyNotify) hostile_member_free);
  bag->bagit = g_string_new (NULL);
  bag->info = g_string_new (NULL);
  bag->manifest = g_string_new (NULL);
  bag->tagmanifest = g_string_new (NULL);
  bag->signature = g_string_new (NULL);
  bag->padding = g_byte_array_new ();
  bag->archive = g_byte_array_new ();
  bag->sealed = g_byte_array_new ();
}

static void
bag_clear (HostileBag *bag)
{
  g_ptr_array_unref (bag->data);
  g_ptr_array_unref (bag->layout);
  g_string_free (bag->bagit, TRUE);
  g_string_free (bag->info, TRUE);
  g_string_free (bag->manifest, TRUE);
  g_string_free (bag->tagmanifest, TRUE);
  g_string_free (bag->signature, TRUE);
  g_byte_array_unref (bag->padding);
  g_byte_array_unref (bag->archive);
  g_byte_array_unref (bag->sealed);
  g_free (bag->owned_comment);
  satchel_secret_unref (bag->signer);
}

static GBytes *
compose (const HostileEdit *edit, const HostileParties *parties, HostileStage last)
{
  HostileBag bag = {0};

  bag_init (&bag, parties);
  for (guint i = 0; i < G_N_ELEMENTS (stages) && stages[i].stage <= last; i++) {
    stages[i].make (&bag);
    if (edit->stage == stages[i].stage && edit->edit != NULL)
      edit->edit (&bag, edit->argument);
  }
  GByteArray *result = last == HOSTILE_AT_SEALED ? bag.sealed : bag.archive;
  GBytes *bytes = g_bytes_new (result->data, result->len);
  bag_clear (&bag);
  return bytes;
}

GBytes *
hostile_bundle_new (const char *name, const HostileParties *parties)
{
  return compose (find_edit (name), parties, HOSTILE_AT_SEALED);
}

GBytes *
hostile_archive_new (const char *name, const HostileParties *parties)
{
  const HostileEdit *edit = find_edit (name);

  return edit->stage != HOSTILE_AT_SEALED ? compose (edit, parties, HOSTILE_AT_ARCHIVE) : NULL;
}
