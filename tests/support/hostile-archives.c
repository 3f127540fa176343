/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hostile-bag.h"

#include <string.h>

/* Variants of the archive and of the age file: what somebody can do without the sender's key, or a
 * sender with a tar of their own. */

static void
add_member (HostileBag *bag, const char *argument)
{
  g_auto (GStrv) parts = g_strsplit (argument, "|", 2);
  guint at = parts[1] != NULL ? hostile_find_index (bag->layout, parts[1]) : bag->layout->len;

  g_ptr_array_insert (bag->layout, (gint) at, hostile_member_new (parts[0], "added\n", -1));
}

static void
remove_member (HostileBag *bag, const char *name)
{
  g_ptr_array_remove_index (bag->layout, hostile_find_index (bag->layout, name));
}

static void
repeat_member (HostileBag *bag, const char *name)
{
  guint at = hostile_find_index (bag->layout, name);
  HostileMember *member = bag->layout->pdata[at];
  gsize size = 0;
  const void *data = g_bytes_get_data (member->content, &size);

  g_ptr_array_insert (bag->layout, (gint) at + 1, hostile_member_new (name, data, (gssize) size));
}

/* @name changes places with the one after it. */
static void
swap_members (HostileBag *bag, const char *name)
{
  guint at = hostile_find_index (bag->layout, name);
  gpointer first = bag->layout->pdata[at];

  bag->layout->pdata[at] = bag->layout->pdata[at + 1];
  bag->layout->pdata[at + 1] = first;
}

static void
padding_first (HostileBag *bag, const char *argument)
{
  guint at = hostile_find_index (bag->layout, "satchel/padding.bin");

  g_ptr_array_insert (bag->layout, (gint) hostile_find_index (bag->layout, argument),
                      g_ptr_array_steal_index (bag->layout, at));
}

static void
rename_member (HostileBag *bag, const char *argument)
{
  g_auto (GStrv) parts = g_strsplit (argument, "|", 2);
  HostileMember *member = hostile_find (bag->layout, parts[0]);

  g_free (member->name);
  member->name = g_strdup (parts[1]);
}

static void
change_content (HostileBag *bag, const char *name)
{
  HostileMember *member = hostile_find (bag->layout, name);
  gsize size = 0;
  guint8 *data = g_bytes_unref_to_data (member->content, &size);

  data[size / 2] ^= 1;
  member->content = g_bytes_new_take (data, size);
}

static void
lengthen_content (HostileBag *bag, const char *name)
{
  HostileMember *member = hostile_find (bag->layout, name);
  gsize size = 0;
  guint8 *data = g_bytes_unref_to_data (member->content, &size);

  data = g_realloc (data, size + 1);
  data[size] = 'x';
  member->content = g_bytes_new_take (data, size + 1);
}

static void
shorten_content (HostileBag *bag, const char *name)
{
  HostileMember *member = hostile_find (bag->layout, name);
  gsize size = 0;
  guint8 *data = g_bytes_unref_to_data (member->content, &size);

  member->content = g_bytes_new_take (data, size - 1);
}

/* A member of another type in front of the evidence, as GNU tar or pax write them. */
static void
add_type (HostileBag *bag, const char *argument)
{
  HostileMember *member = hostile_member_new (argument + 1, "", 0);

  member->type = argument[0];
  member->link = argument[0] == '1' || argument[0] == '2' ? "satchel/bagit.txt" : NULL;
  g_ptr_array_insert (bag->layout, 0, member);
}

static void
add_pax (HostileBag *bag, const char *argument)
{
  HostileMember *member = hostile_member_new ("satchel/PaxHeader", "19 size=9999999999\n", -1);

  member->type = argument[0];
  g_ptr_array_insert (bag->layout, 0, member);
}

static void
add_gnu_name (HostileBag *bag, const char *argument)
{
  HostileMember *member = hostile_member_new ("././@LongLink", "satchel/bagit.txt", 18);

  member->type = argument[0];
  g_ptr_array_insert (bag->layout, 0, member);
}

static HostileMember *
picture (HostileBag *bag)
{
  return hostile_find (bag->layout, "satchel/data/0001.jpg");
}

static void
set_type (HostileBag *bag, const char *argument)
{
  picture (bag)->type = argument[0];
}

static void
set_mode (HostileBag *bag, const char *argument)
{
  picture (bag)->mode = argument;
}

static void
set_uid (HostileBag *bag, const char *argument)
{
  picture (bag)->uid = argument;
}

static void
set_mtime (HostileBag *bag, const char *argument)
{
  picture (bag)->mtime = argument;
}

static void
set_owner (HostileBag *bag, const char *argument)
{
  picture (bag)->owner = argument;
}

static void
set_prefix (HostileBag *bag, const char *argument)
{
  picture (bag)->prefix = argument;
}

static void
set_magic (HostileBag *bag, const char *argument)
{
  picture (bag)->magic = argument;
}

static void
set_size (HostileBag *bag, const char *argument)
{
  picture (bag)->size = argument;
}

static void
set_index_size (HostileBag *bag, const char *argument)
{
  hostile_find (bag->layout, "satchel/data/bundle.json")->size = argument;
}

static void
set_tag_size (HostileBag *bag, const char *argument)
{
  hostile_find (bag->layout, "satchel/manifest-sha256.txt")->size = argument;
}

static void
bad_checksum (HostileBag *bag, const char *argument)
{
  picture (bag)->bad_checksum = TRUE;
}

static void
dirty_fill (HostileBag *bag, const char *argument)
{
  picture (bag)->dirty_fill = TRUE;
}

/* Changes the archive's length by so many bytes. */
static void
resize_archive (HostileBag *bag, const char *argument)
{
  guint before = bag->archive->len;
  gint more = atoi (argument);

  g_byte_array_set_size (bag->archive, (guint) ((gint) before + more));
  if (more > 0)
    memset (bag->archive->data + before, 0, (gsize) more);
}

static void
append_to_archive (HostileBag *bag, const char *argument)
{
  g_byte_array_append (bag->archive, (const guint8 *) argument, (guint) strlen (argument));
}

static void
replace_archive (HostileBag *bag, const char *argument)
{
  g_byte_array_set_size (bag->archive, 0);
  append_to_archive (bag, argument);
}

static void
only_end (HostileBag *bag, const char *argument)
{
  g_byte_array_set_size (bag->archive, 1024);
  memset (bag->archive->data, 0, 1024);
}

static void
member_after_one_zero_block (HostileBag *bag, const char *argument)
{
  g_autoptr (GBytes) old = g_bytes_new (bag->archive->data, bag->archive->len - 512);
  HostileMember *member = hostile_member_new ("satchel/more", "added\n", -1);

  g_byte_array_set_size (bag->archive, (guint) g_bytes_get_size (old));
  hostile_append_member (bag->archive, member);
  hostile_member_free (member);
}

static void
member_after_end (HostileBag *bag, const char *argument)
{
  HostileMember *member = hostile_member_new ("satchel/more", "added\n", -1);

  hostile_append_member (bag->archive, member);
  hostile_member_free (member);
}

static void
cut_archive_in_half (HostileBag *bag, const char *argument)
{
  g_byte_array_set_size (bag->archive, bag->archive->len / 8);
}

static void
resize_sealed (HostileBag *bag, const char *argument)
{
  guint before = bag->sealed->len;
  gint more = atoi (argument);

  g_byte_array_set_size (bag->sealed, (guint) ((gint) before + more));
  if (more > 0)
    memset (bag->sealed->data + before, 0, (gsize) more);
}

static void
drop_last_chunk (HostileBag *bag, const char *argument)
{
  guint rest = (bag->archive->len - 1) % SATCHEL_STREAM_CHUNK_SIZE + 1 + SATCHEL_STREAM_TAG_SIZE;

  g_byte_array_set_size (bag->sealed, bag->sealed->len - rest);
}

static void
flip_last (HostileBag *bag, const char *argument)
{
  bag->sealed->data[bag->sealed->len - 1] ^= 1;
}

static void
flip_version (HostileBag *bag, const char *argument)
{
  bag->sealed->data[strlen ("age-encryption.org/v")] = '2';
}

/* The first character of the header's MAC. */
static void
flip_mac (HostileBag *bag, const char *argument)
{
  guint8 *mac = memmem (bag->sealed->data, bag->sealed->len, "\n--- ", 5);

  mac[5] = mac[5] == 'A' ? 'B' : 'A';
}

static void
armour (HostileBag *bag, const char *argument)
{
  g_autofree char *text = g_base64_encode (bag->sealed->data, bag->sealed->len);

  g_byte_array_set_size (bag->sealed, 0);
  g_byte_array_append (bag->sealed, (const guint8 *) "-----BEGIN AGE ENCRYPTED FILE-----\n", 35);
  g_byte_array_append (bag->sealed, (const guint8 *) text, (guint) strlen (text));
}

static void
empty_sealed (HostileBag *bag, const char *argument)
{
  g_byte_array_set_size (bag->sealed, 0);
}

/* Sealed to somebody else altogether. */
static void
seal_to_other (HostileBag *bag, const char *argument)
{
  g_autoptr (SatchelSecret) identity = satchel_age_identity_new (NULL);
  SatchelAgeRecipient other;

  satchel_age_identity_get_recipient (identity, &other, NULL);
  g_byte_array_set_size (bag->sealed, 0);
  g_autoptr (SatchelAgeWriter) age =
      satchel_age_writer_new (&other, 1, TRUE, satchel_sink_to_byte_array (bag->sealed), NULL,
                              NULL, NULL);
  satchel_sink_write (satchel_age_writer_get_sink (age), bag->archive->data, bag->archive->len,
                      NULL, NULL);
  satchel_age_writer_finish (age, NULL, NULL);
}

#define LAYOUT(name, rule, edit, argument)                 \
  {                                                        \
    {name, rule, FALSE}, HOSTILE_AT_LAYOUT, edit, argument \
  }
#define ARCHIVE(name, rule, edit, argument)                 \
  {                                                         \
    {name, rule, FALSE}, HOSTILE_AT_ARCHIVE, edit, argument \
  }
#define SEALED(name, rule, edit, argument)                 \
  {                                                        \
    {name, rule, FALSE}, HOSTILE_AT_SEALED, edit, argument \
  }

#define TAG     "satchel/"
#define IN_DATA "satchel/data/"

const HostileEdit hostile_archive_edits[] = {
    LAYOUT ("extra-fetch", "member-extra", add_member, TAG "fetch.txt|" TAG "manifest-sha256.txt"),
    LAYOUT ("extra-md5-manifest",
            "member-extra",
            add_member,
            TAG "manifest-md5.txt|" TAG "tagmanifest-sha256.txt"),
    LAYOUT ("extra-sha512-tagmanifest",
            "member-extra",
            add_member,
            TAG "tagmanifest-sha512.txt|" IN_DATA "bundle.json"),
    LAYOUT ("extra-tag-file", "member-extra", add_member, TAG "notes.txt|" IN_DATA "bundle.json"),
    LAYOUT (
        "extra-tag-folder", "member-extra", add_member, TAG "tags/notes.txt|" TAG "padding.bin"),
    LAYOUT ("extra-evidence", "member-extra", add_member, IN_DATA "0003.txt|" TAG "padding.bin"),
    LAYOUT ("extra-case", "member-extra", add_member, IN_DATA "0001.JPG|" TAG "padding.bin"),
    LAYOUT ("extra-outside", "member-extra", add_member, "other/bagit.txt|" TAG "bagit.txt"),
    LAYOUT ("extra-after-padding", "member-extra", add_member, IN_DATA "0003.txt"),
    LAYOUT ("upper-case-folder", "member-extra", rename_member, TAG "bagit.txt|Satchel/bagit.txt"),
    LAYOUT ("missing-bagit", "member-order", remove_member, TAG "bagit.txt"),
    LAYOUT ("missing-info", "member-order", remove_member, TAG "bag-info.txt"),
    LAYOUT ("missing-manifest", "member-order", remove_member, TAG "manifest-sha256.txt"),
    LAYOUT ("missing-tagmanifest", "member-order", remove_member, TAG "tagmanifest-sha256.txt"),
    LAYOUT (
        "missing-signature", "member-order", remove_member, TAG "tagmanifest-sha256.txt.minisig"),
    LAYOUT ("missing-index", "member-order", remove_member, IN_DATA "bundle.json"),
    LAYOUT ("missing-record", "member-order", remove_member, IN_DATA "r0001.json"),
    LAYOUT ("missing-evidence", "member-missing", remove_member, IN_DATA "0002.txt"),
    LAYOUT ("missing-padding", "member-missing", remove_member, TAG "padding.bin"),
    LAYOUT ("repeated-bagit", "member-repeated", repeat_member, TAG "bagit.txt"),
    LAYOUT ("repeated-signature",
            "member-repeated",
            repeat_member,
            TAG "tagmanifest-sha256.txt.minisig"),
    LAYOUT ("repeated-record", "member-repeated", repeat_member, IN_DATA "r0001.json"),
    LAYOUT ("repeated-evidence", "member-repeated", repeat_member, IN_DATA "0002.txt"),
    LAYOUT ("repeated-padding", "member-repeated", repeat_member, TAG "padding.bin"),
    LAYOUT ("order-tags", "member-order", swap_members, TAG "bagit.txt"),
    LAYOUT (
        "order-signature-late", "member-order", swap_members, TAG "tagmanifest-sha256.txt.minisig"),
    LAYOUT ("order-index", "member-order", swap_members, IN_DATA "bundle.json"),
    LAYOUT ("order-evidence", "member-order", swap_members, IN_DATA "0001.jpg"),
    LAYOUT ("order-padding", "member-missing", padding_first, IN_DATA "0001.jpg"),
    LAYOUT ("content-bagit", "tag-hash", change_content, TAG "bagit.txt"),
    LAYOUT ("content-manifest", "tag-hash", change_content, TAG "manifest-sha256.txt"),
    LAYOUT ("content-tagmanifest", "signature", change_content, TAG "tagmanifest-sha256.txt"),
    LAYOUT ("content-record", "file-hash", change_content, IN_DATA "r0001.json"),
    LAYOUT ("content-custody", "file-hash", change_content, IN_DATA "custody.jsonl"),
    LAYOUT ("content-evidence", "file-hash", change_content, IN_DATA "0001.jpg"),
    LAYOUT ("content-evidence-longer", "file-hash", lengthen_content, IN_DATA "0001.jpg"),
    LAYOUT ("content-evidence-shorter", "file-hash", shorten_content, IN_DATA "0001.jpg"),
    LAYOUT ("content-padding", "padding", change_content, TAG "padding.bin"),
    LAYOUT ("name-absolute", "tar-name", rename_member, TAG "bagit.txt|/satchel/bagit.txt"),
    LAYOUT ("name-up", "tar-name", rename_member, TAG "bagit.txt|../satchel/bagit.txt"),
    LAYOUT ("name-dot", "tar-name", rename_member, TAG "bagit.txt|./satchel/bagit.txt"),
    LAYOUT ("name-backslash", "tar-name", rename_member, TAG "bagit.txt|satchel\\bagit.txt"),
    LAYOUT ("name-newline", "tar-name", rename_member, TAG "bagit.txt|satchel/bagit\n.txt"),
    LAYOUT ("name-empty", "tar-name", rename_member, TAG "bagit.txt|"),
    LAYOUT ("type-folder-slash", "tar-name", add_type, "5satchel/"),
    LAYOUT ("type-folder", "tar-header", add_type, "5satchel"),
    LAYOUT ("type-hard-link", "tar-header", add_type, "1satchel/data/0003.txt"),
    LAYOUT ("type-symbolic-link", "tar-header", add_type, "2satchel/data/0003.txt"),
    LAYOUT ("type-character-device", "tar-header", add_type, "3satchel/data/0003.txt"),
    LAYOUT ("type-block-device", "tar-header", add_type, "4satchel/data/0003.txt"),
    LAYOUT ("type-fifo", "tar-header", add_type, "6satchel/data/0003.txt"),
    LAYOUT ("type-contiguous", "tar-header", set_type, "7"),
    LAYOUT ("type-sparse", "tar-header", set_type, "S"),
    LAYOUT ("type-unknown", "tar-header", set_type, "Z"),
    LAYOUT ("pax-local", "tar-header", add_pax, "x"),
    LAYOUT ("pax-global", "tar-header", add_pax, "g"),
    LAYOUT ("gnu-long-name", "tar-name", add_gnu_name, "L"),
    LAYOUT ("gnu-long-link", "tar-name", add_gnu_name, "K"),
    LAYOUT ("gnu-magic", "tar-header", set_magic, "ustar  \0"),
    LAYOUT ("v7-magic", "tar-header", set_magic, "\0\0\0\0\0\0\0\0"),
    LAYOUT ("header-mode", "tar-header", set_mode, "0000755"),
    LAYOUT ("header-setuid", "tar-header", set_mode, "0004755"),
    LAYOUT ("header-uid", "tar-header", set_uid, "0001750"),
    LAYOUT ("header-time", "tar-header", set_mtime, "14000000000"),
    LAYOUT ("header-owner", "tar-header", set_owner, "root"),
    LAYOUT ("header-prefix", "tar-header", set_prefix, "elsewhere"),
    LAYOUT ("header-checksum", "tar-header", bad_checksum, NULL),
    LAYOUT ("fill", "tar-fill", dirty_fill, NULL),
    LAYOUT (
        "size-negative", "tar-size", set_size, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
    LAYOUT ("size-huge", "tar-size", set_size, "\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff"),
    LAYOUT (
        "size-overflow", "tar-size", set_size, "\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
    LAYOUT ("size-spaces", "tar-size", set_size, "     210560\0"),
    LAYOUT ("size-minus", "tar-size", set_size, "-0000210560\0"),
    LAYOUT ("size-decimal", "tar-size", set_size, "00000070009\0"),
    LAYOUT ("size-base-256-small", "tar-header", set_size, "\x80\0\0\0\0\0\0\0\0\x01\x11\x70"),
    LAYOUT ("size-more-than-signed", "oxum", set_size, "00000250560\0"),
    LAYOUT ("size-exabytes", "oxum", set_size, "\x80\0\0\0\x0f\0\0\0\0\0\0\0"),
    LAYOUT ("size-json-1-gib", "member-size", set_index_size, "10000000000\0"),
    LAYOUT ("size-manifest-1-gib", "member-size", set_tag_size, "10000000000\0"),

    ARCHIVE ("end-one-block", "tar-cut", resize_archive, "-512"),
    ARCHIVE ("end-none", "tar-cut", resize_archive, "-1024"),
    ARCHIVE ("end-half", "tar-cut", resize_archive, "-1"),
    ARCHIVE ("end-one-block-then-member", "tar-end", member_after_one_zero_block, NULL),
    ARCHIVE ("trailing-member", "tar-trailing", member_after_end, NULL),
    ARCHIVE ("trailing-zero-block", "tar-trailing", resize_archive, "512"),
    ARCHIVE ("trailing-blocking", "tar-trailing", resize_archive, "9216"),
    ARCHIVE ("trailing-byte", "tar-trailing", append_to_archive, "x"),
    ARCHIVE ("cut", "tar-cut", cut_archive_in_half, NULL),
    ARCHIVE ("archive-empty", "tar-cut", replace_archive, ""),
    ARCHIVE ("archive-no-members", "member-missing", only_end, NULL),

    SEALED ("age-trailing-byte", "age-payload", resize_sealed, "1"),
    SEALED ("age-cut-byte", "age-payload", resize_sealed, "-1"),
    SEALED ("age-cut-chunk", "age-payload", drop_last_chunk, NULL),
    SEALED ("age-flip-last", "age-payload", flip_last, NULL),
    SEALED ("age-version", "age-header", flip_version, NULL),
    SEALED ("age-mac", "age-header-mac", flip_mac, NULL),
    SEALED ("age-armour", "age-header", armour, NULL),
    SEALED ("age-empty", "age-header", empty_sealed, NULL),
    SEALED ("age-other-recipient", "age-no-match", seal_to_other, NULL),
    {{NULL, NULL, FALSE}, 0, NULL, NULL},
};
