/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-bag-private.h"

#include <string.h>

#include "base/satchel-text.h"
#include "base/satchel-time.h"

#define SENDER_LABEL "Satchel-Sender: "

/* What is left of the text; NUL-terminated lines. */
typedef struct {
  char **lines;
  guint at;
} Lines;

static void
append_sender (GString *text, const SatchelBagInfo *info)
{
  g_autofree char *age = satchel_age_recipient_format (&info->sender_age);
  g_autofree char *minisign = satchel_minisign_key_format (&info->sender_minisign);

  g_string_append_printf (text, SENDER_LABEL "%s %s %" G_GUINT64_FORMAT "\n", age, minisign,
                          info->epoch);
}

static void
append_recipient (GString *text, const SatchelBagRecipient *recipient)
{
  g_autofree char *age = satchel_age_recipient_format (&recipient->age);
  g_autofree char *previous =
      recipient->has_previous
          ? satchel_hex_encode (recipient->previous_tagmanifest_sha256, SATCHEL_SHA256_SIZE)
          : g_strdup ("-");

  g_string_append_printf (text, "Satchel-Recipient: %s %" G_GUINT64_FORMAT " %s\n", age,
                          recipient->number, previous);
}

GBytes *
satchel_bag_text_write (const SatchelBagInfo *info)
{
  GString *text = g_string_new (NULL);
  g_autofree char *moment = satchel_utc_format (info->bagged_unix_us);
  g_autofree char *head = satchel_hex_encode (info->ledger_head, sizeof info->ledger_head);

  g_string_append_printf (text, "Bag-Size: %" G_GUINT64_FORMAT " B\n", info->payload_bytes);
  g_string_append_printf (text, "Payload-Oxum: %" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT "\n",
                          info->payload_bytes, info->payload_files);
  g_string_append_printf (text, "Bagging-Date: %.10s\n", moment);
  g_string_append_printf (text, "Satchel-Bundle-Id: %s\n", info->bundle_id);
  g_string_append (text, "Satchel-Format: 1\n");
  append_sender (text, info);
  g_string_append_printf (text, "Satchel-Ledger: %" G_GUINT64_FORMAT " %s\n",
                          info->ledger_sequence, head);
  for (guint i = 0; i < info->recipients->len; i++)
    append_recipient (text, &g_array_index (info->recipients, SatchelBagRecipient, i));
  return g_string_free_to_bytes (text);
}

/* The value of the next line, if that has @label. */
static const char *
take_value (Lines *lines, const char *label)
{
  const char *line = lines->lines[lines->at];

  if (line == NULL || !g_str_has_prefix (line, label))
    return NULL;
  lines->at++;
  return line + strlen (label);
}

static gboolean
parse_number (const char *text, guint64 *out)
{
  return g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, out, NULL);
}

/* @text in exactly @count parts, single spaces between. */
static GStrv
split_value (const char *text, guint count)
{
  g_auto (GStrv) parts = text != NULL ? g_strsplit (text, " ", (gint) count + 1) : NULL;

  return parts != NULL && g_strv_length (parts) == count ? g_steal_pointer (&parts) : NULL;
}

/* Size and date are compared as text when everything is written again. */
static gboolean
take_bagit_fields (Lines *lines, SatchelBagInfo *info)
{
  const char *size = take_value (lines, "Bag-Size: ");
  const char *oxum = take_value (lines, "Payload-Oxum: ");
  const char *date = take_value (lines, "Bagging-Date: ");

  if (size == NULL || oxum == NULL || date == NULL)
    return FALSE;
  g_autofree char *moment = g_strconcat (date, "T00:00:00Z", NULL);
  g_auto (GStrv) parts = g_strsplit (oxum, ".", 3);
  return g_strv_length (parts) == 2 && parse_number (parts[0], &info->payload_bytes) &&
         parse_number (parts[1], &info->payload_files) &&
         info->payload_bytes <= G_MAXINT64 / 4 &&
         satchel_utc_parse (moment, &info->bagged_unix_us);
}

static gboolean
take_sender (Lines *lines, SatchelBagInfo *info)
{
  g_auto (GStrv) parts = split_value (take_value (lines, SENDER_LABEL), 3);

  return parts != NULL && satchel_age_recipient_parse (parts[0], &info->sender_age, NULL) &&
         satchel_minisign_key_parse (parts[1], strlen (parts[1]), &info->sender_minisign, NULL) &&
         parse_number (parts[2], &info->epoch);
}

static gboolean
take_ledger (Lines *lines, SatchelBagInfo *info)
{
  g_auto (GStrv) parts = split_value (take_value (lines, "Satchel-Ledger: "), 2);

  return parts != NULL && parse_number (parts[0], &info->ledger_sequence) &&
         satchel_hex_decode (parts[1], info->ledger_head, sizeof info->ledger_head);
}

/* Number 1 is the one that has none before it. */
static gboolean
parse_recipient (const char *value, SatchelBagRecipient *recipient)
{
  g_auto (GStrv) parts = split_value (value, 3);

  if (parts == NULL || !satchel_age_recipient_parse (parts[0], &recipient->age, NULL) ||
      !parse_number (parts[1], &recipient->number) || recipient->number == 0)
    return FALSE;
  recipient->has_previous = !g_str_equal (parts[2], "-");
  return recipient->has_previous == (recipient->number > 1) &&
         (!recipient->has_previous ||
          satchel_hex_decode (parts[2], recipient->previous_tagmanifest_sha256,
                              SATCHEL_SHA256_SIZE));
}

static gboolean
take_recipients (Lines *lines, SatchelBagInfo *info)
{
  const char *value;

  while ((value = take_value (lines, "Satchel-Recipient: ")) != NULL) {
    SatchelBagRecipient recipient = {0};
    if (info->recipients->len == SATCHEL_AGE_STANZAS_MAX || !parse_recipient (value, &recipient) ||
        satchel_bag_info_find_recipient (info, &recipient.age) != NULL)
      return FALSE;
    g_array_append_val (info->recipients, recipient);
  }
  return info->recipients->len > 0;
}

/* Everything that says what the text means; the spelling is checked by writing it again. */
static gboolean
take_fields (Lines *lines, SatchelBagInfo *info, GError **error)
{
  const char *rest = take_bagit_fields (lines, info)
                         ? take_value (lines, "Satchel-Bundle-Id: ")
                         : NULL;

  if (rest == NULL || !satchel_is_id (rest))
    return satchel_bag_break (error, "bag-info", "bag-info.txt", "a field up to the id is wrong");
  memcpy (info->bundle_id, rest, sizeof info->bundle_id);
  rest = take_value (lines, "Satchel-Format: ");
  if (rest != NULL && !g_str_equal (rest, "1"))
    return satchel_bag_break (error, "format", "bag-info.txt", "the bundle has another format");
  if (rest == NULL || !take_sender (lines, info) || !take_ledger (lines, info) ||
      !take_recipients (lines, info))
    return satchel_bag_break (error, "bag-info", "bag-info.txt", "a field after the id is wrong");
  return TRUE;
}

gboolean
satchel_bag_text_read (GBytes *text, SatchelBagInfo *info, GError **error)
{
  gsize size = 0;
  const char *data = g_bytes_get_data (text, &size);

  if (size == 0 || !satchel_text_is_clean (data, (gssize) size))
    return satchel_bag_break (error, "bag-info", "bag-info.txt", "not clean UTF-8");
  g_autofree char *copy = g_strndup (data, size);
  g_auto (GStrv) split = g_strsplit (copy, "\n", SATCHEL_AGE_STANZAS_MAX + 16);
  Lines lines = {split, 0};
  if (!take_fields (&lines, info, error))
    return FALSE;
  g_autoptr (GBytes) again = satchel_bag_text_write (info);
  return g_bytes_equal (text, again) ||
         satchel_bag_break (error, "bag-info", "bag-info.txt", "not in its one spelling");
}

gboolean
satchel_bag_text_peek_sender (GBytes *text, SatchelMinisignKey *key, GError **error)
{
  gsize size = 0;
  const char *data = g_bytes_get_data (text, &size);
  g_autofree char *copy = size > 0 ? g_strndup (data, size) : g_strdup ("");
  const char *line = strstr (copy, "\n" SENDER_LABEL);

  if (line != NULL) {
    line += 1 + strlen (SENDER_LABEL);
    g_autofree char *value = g_strndup (line, strcspn (line, "\n"));
    g_auto (GStrv) parts = split_value (value, 3);
    if (parts != NULL && satchel_minisign_key_parse (parts[1], strlen (parts[1]), key, NULL))
      return TRUE;
  }
  return satchel_bag_break (error, "signature", "bag-info.txt", "no sender's key stands in it");
}
