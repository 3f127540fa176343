/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-index.h"

#include <string.h>

#include "base/satchel-error.h"
#include "base/satchel-json.h"
#include "base/satchel-text.h"
#include "seal/satchel-bag.h"

#define FORMAT     "satchel-bundle v1"
#define SUFFIX_MAX 8

static const char *const kinds[] = {"records", "introduction", "receipts"};

static void
item_free (gpointer data)
{
  SatchelIndexItem *self = data;

  g_free (self->file);
  g_free (self->item);
  g_free (self->name);
  g_free (self);
}

SatchelIndex *
satchel_index_new (SatchelOutboxKind kind, const SatchelCard *card)
{
  SatchelIndex *self = g_new0 (SatchelIndex, 1);

  self->kind = kind;
  self->card = card == NULL ? NULL : satchel_card_copy (card);
  self->items = g_ptr_array_new_with_free_func (item_free);
  return self;
}

void
satchel_index_add_item (SatchelIndex *self, const char *file, const char *item, const char *name)
{
  SatchelIndexItem *entry = g_new0 (SatchelIndexItem, 1);

  entry->file = g_strdup (file);
  entry->item = g_strdup (item);
  entry->name = g_strdup (name);
  g_ptr_array_add (self->items, entry);
}

static void
set_string (JsonObject *object, const char *member, const char *value)
{
  json_object_set_string_member (object, member, value);
}

static JsonArray *
items_to_json (const SatchelIndex *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < self->items->len; i++) {
    const SatchelIndexItem *item = g_ptr_array_index (self->items, i);
    JsonObject *object = json_object_new ();
    set_string (object, "file", item->file);
    set_string (object, "item", item->item);
    set_string (object, "name", item->name);
    json_array_add_object_element (array, object);
  }
  return array;
}

GBytes *
satchel_index_to_json (const SatchelIndex *self)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  gsize size = 0;
  char *line;

  set_string (object, "format", FORMAT);
  set_string (object, "kind", kinds[self->kind]);
  set_string (object, "card", self->card->text);
  if (self->kind == SATCHEL_OUTBOX_KIND_INTRODUCTION) {
    g_autofree char *mac = satchel_hex_encode (self->mac, sizeof self->mac);
    g_autofree char *key = satchel_hex_encode (self->proof.key, sizeof self->proof.key);
    g_autofree char *signature =
        satchel_hex_encode (self->proof.signature, sizeof self->proof.signature);
    JsonObject *introduction = json_object_new ();
    set_string (introduction, "mac", mac);
    set_string (introduction, "token", self->token);
    set_string (introduction, "key", key);
    set_string (introduction, "signature", signature);
    json_object_set_object_member (object, "introduction", introduction);
  }
  json_object_set_array_member (object, "items", items_to_json (self));
  json_object_set_array_member (object, "statements", json_array_new ());
  json_node_take_object (node, object);
  line = satchel_json_to_line (node, &size);
  return g_bytes_new_take (line, size);
}

static gboolean
set_invalid (GError **error, const char *what)
{
  g_set_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_INVALID, "bundle.json: %s", what);
  return FALSE;
}

static gboolean
read_head (SatchelIndex *self, JsonObject *object, GError **error)
{
  const char *format, *kind, *card;

  if (!satchel_json_get_string (object, "format", 64, &format, error) ||
      !satchel_json_get_string (object, "kind", 64, &kind, error) ||
      !satchel_json_get_string (object, "card", SATCHEL_CARD_SIZE_MAX, &card, error))
    return FALSE;
  if (strcmp (format, FORMAT) != 0)
    return set_invalid (error, "written in a format that this version does not know");
  for (guint i = 0; i <= G_N_ELEMENTS (kinds); i++) {
    if (i == G_N_ELEMENTS (kinds))
      return set_invalid (error, "a kind of bundle that this version does not know");
    self->kind = (SatchelOutboxKind) i;
    if (strcmp (kind, kinds[i]) == 0)
      break;
  }
  self->card = satchel_card_parse (card, -1, error);
  return self->card != NULL;
}

static gboolean
read_introduction (SatchelIndex *self, JsonObject *object, GError **error)
{
  static const char *const allowed[] = {"mac", "token", "key", "signature", NULL};
  const char *mac, *token, *key, *signature;
  JsonObject *introduction;

  if (self->kind != SATCHEL_OUTBOX_KIND_INTRODUCTION)
    return json_object_has_member (object, "introduction")
               ? set_invalid (error, "an introduction in another kind of bundle")
               : TRUE;
  if (!satchel_json_get_object (object, "introduction", &introduction, error) ||
      !satchel_json_only (introduction, allowed, error) ||
      !satchel_json_get_string (introduction, "mac", 64, &mac, error) ||
      !satchel_json_get_string (introduction, "token", SATCHEL_TOKEN_SIZE_MAX, &token, error) ||
      !satchel_json_get_string (introduction, "key", 64, &key, error) ||
      !satchel_json_get_string (introduction, "signature", 128, &signature, error))
    return FALSE;
  self->token = g_strdup (token);
  return (satchel_hex_decode (mac, self->mac, sizeof self->mac) &&
          satchel_hex_decode (key, self->proof.key, sizeof self->proof.key) &&
          satchel_hex_decode (signature, self->proof.signature, sizeof self->proof.signature)) ||
         set_invalid (error, "the introduction is malformed");
}

static gboolean
read_item (SatchelIndex *self, JsonNode *node, GError **error)
{
  static const char *const allowed[] = {"file", "item", "name", NULL};
  const char *file, *item, *name;
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return set_invalid (error, "an item that is no object");
  object = json_node_get_object (node);
  if (!satchel_json_only (object, allowed, error) ||
      !satchel_json_get_string (object, "file", SATCHEL_BAG_NAME_MAX, &file, error) ||
      !satchel_json_get_string (object, "item", 32, &item, error) ||
      !satchel_json_get_string (object, "name", 1024, &name, error))
    return FALSE;
  if (!satchel_is_id (item))
    return set_invalid (error, "an item's id is malformed");
  satchel_index_add_item (self, file, item, name);
  return TRUE;
}

static gboolean
read_items (SatchelIndex *self, JsonObject *object, GError **error)
{
  JsonArray *items, *statements;

  if (!satchel_json_get_array (object, "items", SATCHEL_BAG_MEMBERS_MAX, &items, error) ||
      !satchel_json_get_array (object, "statements", 1000, &statements, error))
    return FALSE;
  if (json_array_get_length (items) > 0 && self->kind != SATCHEL_OUTBOX_KIND_RECORDS)
    return set_invalid (error, "items in a bundle without records");
  for (guint i = 0; i < json_array_get_length (items); i++)
    if (!read_item (self, json_array_get_element (items, i), error))
      return FALSE;
  return TRUE;
}

SatchelIndex *
satchel_index_parse (GBytes *json, GError **error)
{
  static const char *const allowed[] = {"format", "kind", "card", "introduction",
                                        "items", "statements", NULL};
  g_autoptr (SatchelIndex) self = satchel_index_new (SATCHEL_OUTBOX_KIND_RECORDS, NULL);
  gsize size;
  const char *data = g_bytes_get_data (json, &size);
  g_autoptr (JsonNode) node = satchel_json_parse (data, size, SATCHEL_BAG_INDEX_MAX, error);
  JsonObject *object;

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node)) {
    set_invalid (error, "no object");
    return NULL;
  }
  object = json_node_get_object (node);
  if (!satchel_json_only (object, allowed, error) || !read_head (self, object, error) ||
      !read_introduction (self, object, error) || !read_items (self, object, error))
    return NULL;
  return g_steal_pointer (&self);
}

char *
satchel_index_name_file (guint number, const char *original_name)
{
  const char *dot = strrchr (original_name, '.');
  g_autofree char *suffix = dot == NULL ? NULL : g_ascii_strdown (dot + 1, -1);
  gboolean plain = suffix != NULL && suffix[0] != '\0' && strlen (suffix) <= SUFFIX_MAX;

  for (const char *p = suffix; plain && *p != '\0'; p++)
    plain = g_ascii_isalnum (*p);
  return g_strdup_printf ("%04u.%s", number, plain ? suffix : "bin");
}

void
satchel_index_free (SatchelIndex *self)
{
  if (self == NULL)
    return;
  satchel_card_free (self->card);
  g_free (self->token);
  g_ptr_array_unref (self->items);
  g_free (self);
}
