/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hostile-bag.h"

#include <stdio.h>
#include <string.h>

/* Variants that are made before the archive: names, tag files, hashes, signature. Everything after
 * the edit is honest, as the sender's own key can make it. */

/* "FROM|TO" in @text; FROM must be there. */
static void
replace (GString *text, const char *argument)
{
  g_auto (GStrv) parts = g_strsplit (argument, "|", 2);

  if (g_string_replace (text, parts[0], parts[1], 1) != 1)
    g_error ("nothing to replace for %s", argument);
}

static void
replace_in_bagit (HostileBag *bag, const char *argument)
{
  replace (bag->bagit, argument);
}

static void
replace_in_info (HostileBag *bag, const char *argument)
{
  replace (bag->info, argument);
}

static void
replace_in_manifest (HostileBag *bag, const char *argument)
{
  replace (bag->manifest, argument);
}

static void
replace_in_tagmanifest (HostileBag *bag, const char *argument)
{
  replace (bag->tagmanifest, argument);
}

static void
replace_in_signature (HostileBag *bag, const char *argument)
{
  replace (bag->signature, argument);
}

static void
append_to_manifest (HostileBag *bag, const char *argument)
{
  g_string_append (bag->manifest, argument);
}

static void
append_to_tagmanifest (HostileBag *bag, const char *argument)
{
  g_string_append (bag->tagmanifest, argument);
}

/* A member at the end of data/, or before @argument's "NAME|BEFORE". */
static void
add_data (HostileBag *bag, const char *argument)
{
  g_auto (GStrv) parts = g_strsplit (argument, "|", 2);
  gint at = parts[1] != NULL ? (gint) hostile_find_index (bag->data, parts[1]) : -1;

  g_ptr_array_insert (bag->data, at, hostile_member_new (parts[0], "added", -1));
}

static void
remove_data (HostileBag *bag, const char *name)
{
  g_ptr_array_remove_index (bag->data, hostile_find_index (bag->data, name));
}

static void
remove_all_data (HostileBag *bag, const char *argument)
{
  g_ptr_array_set_size (bag->data, 0);
}

static void
rename_data (HostileBag *bag, const char *argument)
{
  g_auto (GStrv) parts = g_strsplit (argument, "|", 2);
  HostileMember *member = hostile_find (bag->data, parts[0]);

  g_free (member->name);
  member->name = g_strdup (parts[1]);
}

static void
set_content (HostileBag *bag, const char *name, const void *content, gsize size)
{
  HostileMember *member = hostile_find (bag->data, name);

  g_bytes_unref (member->content);
  member->content = g_bytes_new (content, size);
}

/* "NAME|MIB": one byte more than so many MiB. */
static void
grow_data (HostileBag *bag, const char *argument)
{
  g_auto (GStrv) parts = g_strsplit (argument, "|", 2);
  gsize size = (gsize) g_ascii_strtoull (parts[1], NULL, 10) * 1024 * 1024 + 1;
  g_autofree guint8 *content = g_malloc (size);

  memset (content, ' ', size);
  set_content (bag, parts[0], content, size);
}

static void
set_index (HostileBag *bag, const char *content)
{
  set_content (bag, "bundle.json", content, strlen (content));
}

static void
set_record (HostileBag *bag, const char *content)
{
  set_content (bag, "r0001.json", content, strlen (content));
}

static void
set_index_with_nul (HostileBag *bag, const char *argument)
{
  set_content (bag, "bundle.json", "{\"a\":\"\0\"}", 9);
}

static char *
deep_json (void)
{
  g_autofree char *opens = g_strnfill (10000, '[');
  g_autofree char *closes = g_strnfill (10000, ']');

  return g_strconcat ("{\"a\":", opens, closes, "}", NULL);
}

static void
set_index_deep (HostileBag *bag, const char *argument)
{
  g_autofree char *text = deep_json ();

  set_index (bag, text);
}

static void
set_record_deep (HostileBag *bag, const char *argument)
{
  g_autofree char *text = deep_json ();

  set_record (bag, text);
}

/* "BYTES|FILES" is added to Payload-Oxum, and the first to Bag-Size, which must say the same. */
static void
shift_oxum (HostileBag *bag, const char *argument)
{
  unsigned long bytes = 0;
  unsigned long files = 0;
  int more_bytes = 0;
  int more_files = 0;
  const char *rest = strstr (bag->info->str, "Bagging-Date");
  g_autofree char *tail = g_strdup (rest);

  sscanf (strstr (bag->info->str, "Payload-Oxum: "), "Payload-Oxum: %lu.%lu", &bytes, &files);
  sscanf (argument, "%d|%d", &more_bytes, &more_files);
  bytes += (unsigned long) more_bytes;
  files += (unsigned long) more_files;
  g_string_printf (bag->info, "Bag-Size: %lu B\nPayload-Oxum: %lu.%lu\n%s", bytes, bytes, files,
                   tail);
}

static void
prefix_bagit (HostileBag *bag, const char *argument)
{
  g_string_prepend (bag->bagit, argument);
}

static void
prefix_info (HostileBag *bag, const char *argument)
{
  g_string_prepend (bag->info, argument);
}

static void
prefix_manifest (HostileBag *bag, const char *argument)
{
  g_string_prepend (bag->manifest, argument);
}

static void
prefix_tagmanifest (HostileBag *bag, const char *argument)
{
  g_string_prepend (bag->tagmanifest, argument);
}

static void
append_nul_to_info (HostileBag *bag, const char *argument)
{
  g_string_append_c (bag->info, '\0');
}

static void
no_recipient (HostileBag *bag, const char *argument)
{
  g_string_truncate (bag->info, (gsize) (strstr (bag->info->str, "Satchel-Recipient") -
                                         bag->info->str));
}

static void
other_recipient (HostileBag *bag, const char *argument)
{
  SatchelAgeRecipient other = {{9}};
  g_autofree char *text = satchel_age_recipient_format (&other);

  no_recipient (bag, argument);
  g_string_append_printf (bag->info, "Satchel-Recipient: %s 1 -\n", text);
}

static void
recipients (HostileBag *bag, const char *argument)
{
  guint count = (guint) g_ascii_strtoull (argument, NULL, 10);

  for (guint i = 0; i < count; i++) {
    SatchelAgeRecipient other = {{(guint8) i, 1}};
    g_autofree char *text = satchel_age_recipient_format (&other);
    g_string_append_printf (bag->info, "Satchel-Recipient: %s 1 -\n", text);
  }
}

static void
recipient_twice (HostileBag *bag, const char *argument)
{
  g_autofree char *line = g_strdup (strstr (bag->info->str, "Satchel-Recipient"));

  g_string_append (bag->info, line);
}

/* Fields' lines in another order. */
static void
swap_info_lines (HostileBag *bag, const char *argument)
{
  g_auto (GStrv) lines = g_strsplit (bag->info->str, "\n", -1);
  char *first = lines[3];

  lines[3] = lines[4];
  lines[4] = first;
  g_autofree char *text = g_strjoinv ("\n", lines);
  g_string_assign (bag->info, text);
}

static void
crlf (GString *text)
{
  g_string_replace (text, "\n", "\r\n", 0);
}

static void
info_crlf (HostileBag *bag, const char *argument)
{
  crlf (bag->info);
}

static void
bagit_crlf (HostileBag *bag, const char *argument)
{
  crlf (bag->bagit);
}

static void
manifest_crlf (HostileBag *bag, const char *argument)
{
  crlf (bag->manifest);
}

static void
tagmanifest_crlf (HostileBag *bag, const char *argument)
{
  crlf (bag->tagmanifest);
}

static void
signature_crlf (HostileBag *bag, const char *argument)
{
  crlf (bag->signature);
}

static void
swap_lines (GString *text, guint place)
{
  g_auto (GStrv) lines = g_strsplit (text->str, "\n", -1);
  char *first = lines[place];

  lines[place] = lines[place + 1];
  lines[place + 1] = first;
  g_autofree char *joined = g_strjoinv ("\n", lines);
  g_string_assign (text, joined);
}

static void
swap_manifest_lines (HostileBag *bag, const char *argument)
{
  swap_lines (bag->manifest, 2);
}

static void
swap_tagmanifest_lines (HostileBag *bag, const char *argument)
{
  swap_lines (bag->tagmanifest, 0);
}

static void
upper_manifest (HostileBag *bag, const char *argument)
{
  for (guint i = 0; i < 64; i++)
    bag->manifest->str[i] = g_ascii_toupper (bag->manifest->str[i]);
}

static void
truncate_manifest (HostileBag *bag, const char *argument)
{
  g_string_truncate (bag->manifest, bag->manifest->len - 1);
}

static void
empty_manifest (HostileBag *bag, const char *argument)
{
  g_string_truncate (bag->manifest, 0);
}

/* The last line again, or away. */
static void
repeat_manifest_line (HostileBag *bag, const char *argument)
{
  g_autofree char *line = g_strdup (strstr (bag->manifest->str, "  data/0002.txt") - 64);

  g_string_append (bag->manifest, line);
}

static void
drop_manifest_line (HostileBag *bag, const char *argument)
{
  g_string_truncate (bag->manifest, (gsize) (strstr (bag->manifest->str, "  data/0002.txt") - 64 -
                                             bag->manifest->str));
}

static void
flip_digit (GString *text, const char *before)
{
  char *digit = strstr (text->str, before) - 1;

  *digit = *digit == '0' ? '1' : '0';
}

static void
flip_manifest_digit (HostileBag *bag, const char *argument)
{
  flip_digit (bag->manifest, argument);
}

static void
flip_tagmanifest_digit (HostileBag *bag, const char *argument)
{
  flip_digit (bag->tagmanifest, argument);
}

static void
huge_manifest (HostileBag *bag, const char *argument)
{
  g_autofree char *zeros = g_strnfill (64, '0');

  for (guint i = 3; i <= 100000; i++)
    g_string_append_printf (bag->manifest, "%s  data/%04u.x\n", zeros, i);
}

static void
drop_tagmanifest_line (HostileBag *bag, const char *argument)
{
  g_string_erase (bag->tagmanifest, 0,
                  strchr (bag->tagmanifest->str, '\n') + 1 - bag->tagmanifest->str);
}

static void
padding_byte (HostileBag *bag, const char *argument)
{
  bag->padding->data[bag->padding->len / 2] = 1;
}

static void
padding_size (HostileBag *bag, const char *argument)
{
  guint before = bag->padding->len;
  gint more = atoi (argument);

  g_byte_array_set_size (bag->padding, (guint) ((gint) before + more));
  if (more > 0)
    memset (bag->padding->data + before, 0, (gsize) more);
}

static void
no_padding (HostileBag *bag, const char *argument)
{
  g_byte_array_set_size (bag->padding, 0);
}

static void
other_signer (HostileBag *bag, const char *argument)
{
  satchel_secret_unref (bag->signer);
  bag->signer = satchel_minisign_pair_new (NULL);
}

static void
set_comment (HostileBag *bag, const char *argument)
{
  bag->comment = argument;
}

static void
empty_signature (HostileBag *bag, const char *argument)
{
  g_string_truncate (bag->signature, 0);
}

static void
flip_signature (HostileBag *bag, const char *argument)
{
  char *at = strchr (bag->signature->str, '\n') + 40;

  *at = *at == 'A' ? 'B' : 'A';
}

/* The algorithm is in the first two bytes: "ED" is "RU", "Ed" is "RW" in base64. */
static void
legacy_signature (HostileBag *bag, const char *argument)
{
  replace (bag->signature, "\nRU|\nRW");
}

#define DATA(name, rule, edit, argument)                 \
  {                                                      \
    {name, rule, FALSE}, HOSTILE_AT_DATA, edit, argument \
  }
#define JSON(name, edit, argument)                        \
  {                                                       \
    {name, "json", TRUE}, HOSTILE_AT_DATA, edit, argument \
  }
#define INFO(name, rule, edit, argument)                 \
  {                                                      \
    {name, rule, FALSE}, HOSTILE_AT_INFO, edit, argument \
  }
#define MANIFEST(name, rule, edit, argument)                 \
  {                                                          \
    {name, rule, FALSE}, HOSTILE_AT_MANIFEST, edit, argument \
  }
#define PADDING(name, rule, edit, argument)                 \
  {                                                         \
    {name, rule, FALSE}, HOSTILE_AT_PADDING, edit, argument \
  }
#define TAGMANIFEST(name, rule, edit, argument)                 \
  {                                                             \
    {name, rule, FALSE}, HOSTILE_AT_TAGMANIFEST, edit, argument \
  }
#define SIGNATURE(name, rule, edit, argument)                 \
  {                                                           \
    {name, rule, FALSE}, HOSTILE_AT_SIGNATURE, edit, argument \
  }

#define BOM  "\xef\xbb\xbf"
#define ZERO "0000000000000000000000000000000000000000000000000000000000000000"

const HostileEdit hostile_text_edits[] = {
    {{"good", NULL, FALSE}, HOSTILE_AT_DATA, NULL, NULL},

    DATA ("data-case-collision", "manifest-name", add_data, "0001.JPG"),
    DATA ("data-hidden", "manifest-name", add_data, ".hidden"),
    DATA ("data-up", "manifest-name", add_data, "../0003.txt"),
    DATA ("data-folder", "manifest-name", add_data, "sub/0001.txt"),
    DATA ("data-space", "manifest-name", add_data, "0003 .txt"),
    DATA ("data-long-name",
          "manifest",
          add_data,
          "0003.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    DATA ("data-number-short", "manifest-name", add_data, "003.txt"),
    DATA ("data-number-padded", "manifest-name", add_data, "00003.txt"),
    DATA ("data-number-zero", "manifest-name", rename_data, "0001.jpg|0000.jpg"),
    DATA ("data-number-gap", "manifest-order", add_data, "0004.txt"),
    DATA ("data-number-twice", "manifest-order", add_data, "0002.zip"),
    DATA ("data-name-twice", "manifest-order", add_data, "0002.txt"),
    DATA ("data-record-gap", "manifest-order", rename_data, "r0002.json|r0003.json"),
    DATA ("data-record-late", "manifest-order", add_data, "r0003.json"),
    DATA ("data-class-early", "manifest-order", add_data, "origin-0001.txt|0001.jpg"),
    DATA ("data-no-index", "manifest-order", remove_data, "bundle.json"),
    DATA ("data-no-custody", "manifest-order", remove_data, "custody.jsonl"),
    DATA ("data-nothing", "manifest-order", remove_all_data, NULL),
    DATA ("data-index-large", "member-size", grow_data, "bundle.json|1"),
    DATA ("data-record-large", "member-size", grow_data, "r0001.json|16"),

    JSON ("json-deep", set_index_deep, NULL),
    JSON ("json-duplicate-key", set_index, "{\"a\":1,\"a\":2}"),
    JSON ("json-lone-surrogate", set_index, "{\"a\":\"\\ud800\"}"),
    JSON ("json-nul", set_index_with_nul, NULL),
    JSON ("json-nul-escape", set_index, "{\"a\":\"\\u0000\"}"),
    JSON ("json-bom", set_index, BOM "{}"),
    JSON ("json-not-utf8", set_index, "{\"a\":\"\xff\"}"),
    JSON ("json-trailing", set_index, "{}{}"),
    JSON ("json-cut", set_index, "{\"a\":"),
    JSON ("json-empty", set_index, ""),
    JSON ("json-record-deep", set_record_deep, NULL),
    JSON ("json-record-duplicate-key", set_record, "{\"title\":\"a\",\"title\":\"b\"}"),
    JSON ("json-record-surrogate", set_record, "{\"title\":\"\\udfff\"}"),

    INFO ("bagit-bom", "bagit", prefix_bagit, BOM),
    INFO ("bagit-older", "bagit", replace_in_bagit, "1.0|0.97"),
    INFO ("bagit-encoding", "bagit", replace_in_bagit, "UTF-8|UTF-16"),
    INFO ("bagit-crlf", "bagit", bagit_crlf, NULL),
    INFO ("info-bom", "bag-info", prefix_info, BOM),
    INFO ("info-crlf", "bag-info", info_crlf, NULL),
    INFO ("info-nul", "bag-info", append_nul_to_info, NULL),
    INFO ("info-folded", "bag-info", replace_in_info, "Satchel-Format: 1\n|Satchel-Format: 1\n \n"),
    INFO ("info-unknown-field", "bag-info", prefix_info, "Source-Organization: nobody\n"),
    INFO ("info-field-twice",
          "bag-info",
          replace_in_info,
          "Satchel-Format: 1\n|Satchel-Format: 1\nSatchel-Format: 1\n"),
    INFO ("info-field-order", "bag-info", swap_info_lines, NULL),
    INFO ("info-bag-size", "bag-info", replace_in_info, "Bag-Size: 7|Bag-Size: 8"),
    INFO ("info-date", "bag-info", replace_in_info, "2026-01-02|2026-02-30"),
    INFO ("info-epoch-sign", "bag-info", replace_in_info, " 7\n| +7\n"),
    INFO ("info-ledger-zeros", "bag-info", replace_in_info, "Ledger: 12|Ledger: 012"),
    INFO (
        "info-ledger-huge", "bag-info", replace_in_info, "Ledger: 12|Ledger: 18446744073709551616"),
    INFO ("info-number-zero", "bag-info", replace_in_info, " 1 -\n| 0 -\n"),
    INFO ("info-number-negative", "bag-info", replace_in_info, " 1 -\n| -1 -\n"),
    INFO ("info-number-no-previous", "bag-info", replace_in_info, " 1 -\n| 2 -\n"),
    INFO ("info-no-recipient", "bag-info", no_recipient, NULL),
    INFO ("info-recipient-twice", "bag-info", recipient_twice, NULL),
    INFO ("info-65-recipients", "bag-info", recipients, "64"),
    INFO ("info-no-sender", "signature", replace_in_info, "Satchel-Sender|Satchel-Author"),
    INFO ("info-format-2", "format", replace_in_info, "Format: 1|Format: 2"),
    INFO ("info-oxum-more-files", "oxum", shift_oxum, "0|1"),
    INFO ("info-oxum-fewer-files", "oxum", shift_oxum, "0|-1"),
    INFO ("info-oxum-more-bytes", "oxum", shift_oxum, "1|0"),
    INFO ("info-oxum-fewer-bytes", "oxum", shift_oxum, "-1|0"),
    INFO ("not-for-us", "not-for-us", other_recipient, NULL),

    MANIFEST ("manifest-bom", "manifest", prefix_manifest, BOM),
    MANIFEST ("manifest-crlf", "manifest-name", manifest_crlf, NULL),
    MANIFEST ("manifest-upper-hash", "manifest", upper_manifest, NULL),
    MANIFEST ("manifest-star", "manifest", replace_in_manifest, "  data/0001| *data/0001"),
    MANIFEST ("manifest-tab", "manifest", replace_in_manifest, "  data/0001|\tdata/0001"),
    MANIFEST ("manifest-dot-slash", "manifest", replace_in_manifest, "  data/|  ./data/"),
    MANIFEST ("manifest-absolute", "manifest", replace_in_manifest, "  data/|  /data/"),
    MANIFEST ("manifest-md5-line",
              "manifest",
              append_to_manifest,
              "00000000000000000000000000000000  data/0003.txt\n"),
    MANIFEST ("manifest-tag-file", "manifest", append_to_manifest, ZERO "  padding.bin\n"),
    MANIFEST ("manifest-no-newline", "manifest", truncate_manifest, NULL),
    MANIFEST ("manifest-empty-line", "manifest", append_to_manifest, "\n"),
    MANIFEST ("manifest-up", "manifest-name", append_to_manifest, ZERO "  data/../0003.txt\n"),
    MANIFEST ("manifest-escape", "manifest-name", append_to_manifest, ZERO "  data/0003%0A.txt\n"),
    MANIFEST ("manifest-empty", "manifest-order", empty_manifest, NULL),
    MANIFEST ("manifest-order", "manifest-order", swap_manifest_lines, NULL),
    MANIFEST ("manifest-repeated", "manifest-order", repeat_manifest_line, NULL),
    MANIFEST ("manifest-too-many", "member-count", huge_manifest, NULL),
    MANIFEST (
        "manifest-file-missing", "member-missing", append_to_manifest, ZERO "  data/0003.txt\n"),
    MANIFEST ("manifest-file-unlisted", "oxum", drop_manifest_line, NULL),
    MANIFEST ("manifest-wrong-hash", "file-hash", flip_manifest_digit, "  data/0001.jpg"),
    MANIFEST ("manifest-wrong-record-hash", "file-hash", flip_manifest_digit, "  data/r0001.json"),

    PADDING ("padding-byte", "padding", padding_byte, NULL),
    PADDING ("padding-longer", "padding-size", padding_size, "512"),
    PADDING ("padding-shorter", "padding-size", padding_size, "-512"),
    PADDING ("padding-not-whole", "padding-size", padding_size, "-1"),
    PADDING ("padding-empty", "padding-size", no_padding, NULL),

    TAGMANIFEST ("tagmanifest-bom", "tagmanifest", prefix_tagmanifest, BOM),
    TAGMANIFEST ("tagmanifest-crlf", "tagmanifest", tagmanifest_crlf, NULL),
    TAGMANIFEST ("tagmanifest-order", "tagmanifest", swap_tagmanifest_lines, NULL),
    TAGMANIFEST ("tagmanifest-missing-line", "tagmanifest", drop_tagmanifest_line, NULL),
    TAGMANIFEST ("tagmanifest-fetch", "tagmanifest", append_to_tagmanifest, ZERO "  fetch.txt\n"),
    TAGMANIFEST ("tagmanifest-star", "tagmanifest", replace_in_tagmanifest, "  bagit| *bagit"),
    TAGMANIFEST ("tagmanifest-bagit-hash", "tag-hash", flip_tagmanifest_digit, "  bagit.txt"),
    TAGMANIFEST ("tagmanifest-info-hash", "tag-hash", flip_tagmanifest_digit, "  bag-info.txt"),
    TAGMANIFEST (
        "tagmanifest-manifest-hash", "tag-hash", flip_tagmanifest_digit, "  manifest-sha256.txt"),
    TAGMANIFEST ("tagmanifest-padding-hash", "tag-hash", flip_tagmanifest_digit, "  padding.bin"),
    TAGMANIFEST ("signature-other-key", "signature", other_signer, NULL),
    TAGMANIFEST ("signature-comment", "signature-comment", set_comment, "satchel-bundle v1"),
    TAGMANIFEST ("signature-other-kind", "signature-comment", set_comment, "satchel-card v1"),

    SIGNATURE ("signature-empty", "signature", empty_signature, NULL),
    SIGNATURE ("signature-crlf", "signature", signature_crlf, NULL),
    SIGNATURE ("signature-flip", "signature", flip_signature, NULL),
    SIGNATURE ("signature-legacy", "signature", legacy_signature, NULL),
    SIGNATURE ("signature-comment-edited",
               "signature",
               replace_in_signature,
               "satchel-bundle v1|satchel-bundle v2"),
    SIGNATURE ("signature-untrusted-comment",
               "signature",
               replace_in_signature,
               "signature from satchel|verified"),
    {{NULL, NULL, FALSE}, 0, NULL, NULL},
};
