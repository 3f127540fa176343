/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-bag-private.h"

#include <string.h>

#include "base/satchel-text.h"

#define HASH_DIGITS (2 * SATCHEL_SHA256_SIZE)
#define LINE_MIDDLE "  data/"

/* A file's name in parts; all borrowed from it. */
typedef struct {
  char class_name[17];
  guint64 number;
  const char *suffix;
} NameParts;

/* Four digits, more only where the number needs them; no more than there can be members. */
static const char *
take_number (const char *text, guint64 *number)
{
  guint digits = 0;
  guint64 value = 0;

  for (; g_ascii_isdigit (text[digits]) && digits <= 6; digits++)
    value = value * 10 + (guint64) (text[digits] - '0');
  if (digits < 4 || digits > 6 || (digits > 4 && text[0] == '0') || value == 0)
    return NULL;
  *number = value;
  return text + digits;
}

static gboolean
suffix_is_valid (const char *suffix)
{
  if (suffix[0] == '\0')
    return TRUE;
  if (suffix[0] != '.' || !(g_ascii_islower (suffix[1]) || g_ascii_isdigit (suffix[1])))
    return FALSE;
  for (const char *at = suffix + 1; *at != '\0'; at++)
    if (!g_ascii_islower (*at) && !g_ascii_isdigit (*at) && strchr ("._-", *at) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
parse_name (const char *name, NameParts *parts)
{
  gsize letters = 0;

  while (g_ascii_islower (name[letters]))
    letters++;
  if (letters >= sizeof parts->class_name || (letters > 0 && name[letters] != '-'))
    return FALSE;
  memcpy (parts->class_name, name, letters);
  parts->class_name[letters] = '\0';
  parts->suffix = take_number (name + letters + (letters > 0), &parts->number);
  return parts->suffix != NULL && suffix_is_valid (parts->suffix);
}

static gboolean
parse_record (const char *name, guint64 *number)
{
  const char *rest = name[0] == 'r' ? take_number (name + 1, number) : NULL;

  return rest != NULL && g_str_equal (rest, ".json");
}

SatchelBagKind
satchel_bag_kind_of (const char *name)
{
  NameParts parts;
  guint64 number;

  if (strlen (name) > SATCHEL_BAG_NAME_MAX)
    return SATCHEL_BAG_NOTHING;
  if (g_str_equal (name, "bundle.json"))
    return SATCHEL_BAG_INDEX;
  if (g_str_equal (name, "custody.jsonl"))
    return SATCHEL_BAG_CUSTODY;
  if (parse_record (name, &number))
    return SATCHEL_BAG_RECORD;
  return parse_name (name, &parts) ? SATCHEL_BAG_FILE : SATCHEL_BAG_NOTHING;
}

guint64
satchel_bag_size_limit (SatchelBagKind kind)
{
  switch (kind) {
    case SATCHEL_BAG_INDEX:
      return SATCHEL_BAG_INDEX_MAX;
    case SATCHEL_BAG_CUSTODY:
      return SATCHEL_BAG_CUSTODY_MAX;
    case SATCHEL_BAG_RECORD:
      return SATCHEL_BAG_RECORD_MAX;
    default:
      return G_MAXINT64 / 4; /* sums of two stay far from overflow */
  }
}

static gboolean
record_follows (const SatchelBagOrder *self, const char *name, guint64 *number)
{
  if (self->kind != SATCHEL_BAG_CUSTODY && self->kind != SATCHEL_BAG_RECORD)
    return FALSE;
  return parse_record (name, number) && *number == self->number + 1;
}

static gboolean
file_follows (const SatchelBagOrder *self, const char *name, NameParts *parts)
{
  if (self->kind < SATCHEL_BAG_CUSTODY || !parse_name (name, parts))
    return FALSE;
  int classes = strcmp (parts->class_name, self->last_class);
  if (self->kind != SATCHEL_BAG_FILE || classes > 0)
    return parts->number == 1;
  if (classes < 0)
    return FALSE;
  if (parts->number == self->number)
    return parts->class_name[0] != '\0' && strcmp (name, self->last_name) > 0;
  return parts->number == self->number + 1;
}

static gboolean
follows (SatchelBagOrder *self, SatchelBagKind kind, const char *name)
{
  NameParts parts = {.class_name = ""};
  gboolean good = FALSE;

  if (kind == SATCHEL_BAG_INDEX)
    good = self->kind == SATCHEL_BAG_NOTHING;
  else if (kind == SATCHEL_BAG_CUSTODY)
    good = self->kind == SATCHEL_BAG_INDEX;
  else if (kind == SATCHEL_BAG_RECORD)
    good = record_follows (self, name, &parts.number);
  else
    good = file_follows (self, name, &parts);
  if (!good)
    return FALSE;
  self->kind = kind;
  self->number = parts.number;
  memcpy (self->last_class, parts.class_name, sizeof self->last_class);
  g_strlcpy (self->last_name, name, sizeof self->last_name);
  return TRUE;
}

gboolean
satchel_bag_order_take (SatchelBagOrder *self, const char *name, GError **error)
{
  SatchelBagKind kind = satchel_bag_kind_of (name);

  if (kind == SATCHEL_BAG_NOTHING)
    return satchel_bag_break (error, "manifest-name", NULL,
                              "name %u below data/ is not a permitted one", self->count + 1);
  if (self->count == SATCHEL_BAG_MEMBERS_MAX)
    return satchel_bag_break (error, "member-count", NULL, "more than %d files",
                              SATCHEL_BAG_MEMBERS_MAX);
  g_autofree char *member = g_strconcat ("data/", name, NULL);
  if (!follows (self, kind, name))
    return satchel_bag_break (error, "manifest-order", member, "it does not belong here");
  self->count++;
  return TRUE;
}

gboolean
satchel_bag_order_is_whole (const SatchelBagOrder *self, GError **error)
{
  return self->kind >= SATCHEL_BAG_CUSTODY ||
         satchel_bag_break (error, "manifest-order", NULL,
                            "bundle.json and custody.jsonl are not both there");
}

GBytes *
satchel_bag_manifest_write (const GArray *entries)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < entries->len; i++) {
    const SatchelBagEntry *entry = &g_array_index (entries, SatchelBagEntry, i);
    g_autofree char *hash = satchel_hex_encode (entry->sha256, sizeof entry->sha256);
    g_string_append_printf (text, "%s" LINE_MIDDLE "%s\n", hash, entry->name);
  }
  return g_string_free_to_bytes (text);
}

/* "<64 hex>  data/<name>", without its newline. */
static gboolean
parse_line (const char *line, gsize size, SatchelBagEntry *entry)
{
  const gsize before = HASH_DIGITS + strlen (LINE_MIDDLE);
  char hash[HASH_DIGITS + 1];

  if (size <= before || size - before > SATCHEL_BAG_NAME_MAX ||
      memcmp (line + HASH_DIGITS, LINE_MIDDLE, strlen (LINE_MIDDLE)) != 0 ||
      memchr (line, '\0', size) != NULL)
    return FALSE;
  memcpy (hash, line, HASH_DIGITS);
  hash[HASH_DIGITS] = '\0';
  memcpy (entry->name, line + before, size - before);
  entry->name[size - before] = '\0';
  return satchel_hex_decode (hash, entry->sha256, sizeof entry->sha256);
}

GArray *
satchel_bag_manifest_read (GBytes *text, GError **error)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (SatchelBagEntry));
  SatchelBagOrder order = {0};
  gsize size = 0;
  const char *at = g_bytes_get_data (text, &size);
  const char *end = size > 0 ? at + size : at; /* nothing has no address to add to */

  while (at != end) {
    SatchelBagEntry entry = {0};
    const char *newline = memchr (at, '\n', (gsize) (end - at));
    if (newline == NULL || !parse_line (at, (gsize) (newline - at), &entry)) {
      satchel_bag_break (error, "manifest", "manifest-sha256.txt",
                         "line %u is not a hash, two spaces and a name below data/",
                         entries->len + 1);
      return NULL;
    }
    if (!satchel_bag_order_take (&order, entry.name, error))
      return NULL;
    g_array_append_val (entries, entry);
    at = newline + 1;
  }
  return satchel_bag_order_is_whole (&order, error) ? g_steal_pointer (&entries) : NULL;
}
