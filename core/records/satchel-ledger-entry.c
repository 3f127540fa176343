/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-ledger-private.h"

#include <string.h>

#include "base/satchel-json.h"
#include "base/satchel-text.h"
#include "records/satchel-line-private.h"

static const char *const action_names[] = {
    [SATCHEL_ACTION_CREATED] = "created",
    [SATCHEL_ACTION_REVISED] = "revised",
    [SATCHEL_ACTION_ATTACHED] = "attached",
    [SATCHEL_ACTION_VIEWED] = "viewed",
    [SATCHEL_ACTION_SEALED] = "sealed",
    [SATCHEL_ACTION_SENT] = "sent",
    [SATCHEL_ACTION_RECEIVED] = "received",
    [SATCHEL_ACTION_OPENED] = "opened",
    [SATCHEL_ACTION_IMPORTED] = "imported",
    [SATCHEL_ACTION_EXPORTED] = "exported",
    [SATCHEL_ACTION_REDACTED] = "redacted",
    [SATCHEL_ACTION_DISCLOSED] = "disclosed",
    [SATCHEL_ACTION_ERASED] = "erased",
    [SATCHEL_ACTION_HOLD] = "hold",
    [SATCHEL_ACTION_IDENTITY_CREATED] = "identity-created",
    [SATCHEL_ACTION_IDENTITY_EXPORTED] = "identity-exported",
    [SATCHEL_ACTION_TRUSTED] = "trusted",
    [SATCHEL_ACTION_REVOKED] = "revoked",
    [SATCHEL_ACTION_INVITED] = "invited",
    [SATCHEL_ACTION_JOINED] = "joined",
    [SATCHEL_ACTION_ALARM] = "alarm",
    [SATCHEL_ACTION_DISCARDED] = "discarded",
    [SATCHEL_ACTION_STAMPED] = "stamped",
    [SATCHEL_ACTION_RESTORED] = "restored",
    [SATCHEL_ACTION_VERIFIED] = "verified",
};

const char *
satchel_action_to_text (SatchelAction action)
{
  g_return_val_if_fail ((guint) action < G_N_ELEMENTS (action_names), "");
  return action_names[action];
}

gboolean
satchel_action_from_text (const char *text, SatchelAction *action)
{
  for (guint i = 0; i < G_N_ELEMENTS (action_names); i++)
    if (g_str_equal (text, action_names[i])) {
      *action = i;
      return TRUE;
    }
  return FALSE;
}

void
satchel_ledger_entry_free (SatchelLedgerEntry *self)
{
  if (self == NULL)
    return;
  g_free (self->actor);
  g_free (self->object);
  g_clear_pointer (&self->detail, json_object_unref);
  g_free (self->line);
  g_free (self);
}

JsonObject *
satchel_ledger_detail_int (const char *name, gint64 value)
{
  JsonObject *detail = json_object_new ();

  json_object_set_int_member (detail, name, value);
  return detail;
}

JsonObject *
satchel_ledger_detail_text (const char *name, const char *value)
{
  JsonObject *detail = json_object_new ();

  json_object_set_string_member (detail, name, value);
  return detail;
}

void
satchel_ledger_entry_compose (SatchelLedgerEntry *self)
{
  GString *line = satchel_line_new ();

  satchel_line_add_int (line, "sequence", (gint64) self->sequence);
  satchel_line_add_exact (line, "time", self->time_us);
  satchel_line_add_string (line, "actor", self->actor);
  satchel_line_add_string (line, "action", satchel_action_to_text (self->action));
  satchel_line_add_string (line, "object", self->object);
  satchel_line_add_hash (line, "hash", self->has_object_hash ? self->object_hash : NULL);
  satchel_line_add_object (line, "detail", self->detail);
  satchel_line_add_hash (line, "previous", self->has_previous ? self->previous : NULL);
  satchel_line_add_hash (line, "previous_of_object",
                         self->has_previous_of_object ? self->previous_of_object : NULL);
  g_free (self->line);
  self->line = satchel_line_end (line, self->hash);
}

static gboolean
read_hashes (SatchelLedgerEntry *self, JsonObject *object, GError **error)
{
  return satchel_line_get_hash (object, "hash", TRUE, &self->has_object_hash, self->object_hash,
                                error) &&
         satchel_line_get_hash (object, "previous", TRUE, &self->has_previous, self->previous,
                                error) &&
         satchel_line_get_hash (object, "previous_of_object", TRUE, &self->has_previous_of_object,
                                self->previous_of_object, error);
}

static gboolean
read_members (SatchelLedgerEntry *self, JsonObject *object, GError **error)
{
  g_autofree char *action = NULL;
  JsonObject *detail = NULL;
  gint64 sequence = 0;

  if (!satchel_json_get_int (object, "sequence", 1, G_MAXINT64, &sequence, error) ||
      !satchel_line_get_exact (object, "time", &self->time_us, error) ||
      !satchel_line_get_optional (object, "actor", 256, &self->actor, error) ||
      !satchel_line_get_optional (object, "action", 64, &action, error) ||
      !satchel_line_get_id (object, "object", &self->object, error) ||
      !read_hashes (self, object, error))
    return FALSE;
  self->sequence = (guint64) sequence;
  if (action == NULL || !satchel_action_from_text (action, &self->action)) {
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_DAMAGED, "unknown action");
    return FALSE;
  }
  if (!json_object_has_member (object, "detail"))
    return TRUE;
  if (!satchel_json_get_object (object, "detail", &detail, error))
    return FALSE;
  self->detail = json_object_ref (detail);
  return TRUE;
}

SatchelLedgerEntry *
satchel_ledger_entry_parse (const char *line, gsize size_bytes, GError **error)
{
  g_autoptr (SatchelLedgerEntry) self = g_new0 (SatchelLedgerEntry, 1);
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonNode) node =
      satchel_json_parse (line, size_bytes, SATCHEL_LEDGER_LINE_MAX, &cause);

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node) &&
      read_members (self, json_node_get_object (node), &cause)) {
    satchel_ledger_entry_compose (self);
    if (strlen (self->line) == size_bytes && memcmp (self->line, line, size_bytes) == 0)
      return g_steal_pointer (&self);
  }
  satchel_line_take_damage (error, "ledger entry", g_steal_pointer (&cause));
  return NULL;
}

GPtrArray *
satchel_ledger_parse_slice (const char *data, gsize size_bytes, GError **error)
{
  g_autoptr (GPtrArray) entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_ledger_entry_free);
  const char *end = data + size_bytes;
  guint64 before = 0;

  if (size_bytes > SATCHEL_LEDGER_SLICE_MAX) {
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_TOO_LARGE,
                 "a custody slice of more than %d bytes", SATCHEL_LEDGER_SLICE_MAX);
    return NULL;
  }
  while (data < end) {
    const char *newline = memchr (data, '\n', end - data);
    SatchelLedgerEntry *entry = NULL;
    if (newline != NULL)
      entry = satchel_ledger_entry_parse (data, newline - data, error);
    else
      satchel_line_take_damage (error, "custody slice", NULL);
    if (entry == NULL) {
      g_prefix_error (error, "line %u: ", entries->len + 1);
      return NULL;
    }
    g_ptr_array_add (entries, entry);
    if (entry->sequence <= before) {
      g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_DAMAGED,
                   "line %u: sequence does not rise", entries->len);
      return NULL;
    }
    before = entry->sequence;
    data = newline + 1;
  }
  return g_steal_pointer (&entries);
}

static gboolean
is_on_chain (gboolean has, const guint8 *previous, const SatchelLedgerEntry *before)
{
  return before == NULL ? !has : has && memcmp (previous, before->hash, 32) == 0;
}

gboolean
satchel_ledger_verify_slice (GPtrArray *entries, SatchelFaultFunc fault, gpointer user_data)
{
  g_autoptr (GHashTable) last = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean good = TRUE;

  for (guint i = 0; i < entries->len; i++) {
    const SatchelLedgerEntry *entry = entries->pdata[i];
    const SatchelLedgerEntry *neighbour = i > 0 ? entries->pdata[i - 1] : NULL;
    const char *finding = NULL;

    if (!is_on_chain (entry->has_previous_of_object, entry->previous_of_object,
                      g_hash_table_lookup (last, entry->object)))
      finding = "does not continue the chain of its object";
    else if (entry->has_previous != (entry->sequence > 1))
      finding = "has no place in the chain of its vault";
    else if (neighbour != NULL && neighbour->sequence + 1 == entry->sequence &&
             !is_on_chain (entry->has_previous, entry->previous, neighbour))
      finding = "does not continue the chain of its vault";
    if (finding != NULL) {
      g_autofree char *text =
          g_strdup_printf ("ledger entry %" G_GUINT64_FORMAT " %s", entry->sequence, finding);
      good = FALSE;
      if (fault != NULL)
        fault (entry->object, text, user_data);
    }
    g_hash_table_replace (last, entry->object, entries->pdata[i]);
  }
  return good;
}
