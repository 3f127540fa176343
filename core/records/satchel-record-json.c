/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-record-json.h"

#include <string.h>

#include "base/satchel-json.h"
#include "base/satchel-text.h"
#include "records/satchel-evidence-private.h"
#include "records/satchel-line-private.h"
#include "records/satchel-record-private.h"

#define FORMAT       "satchel-record v1"
#define ELEMENTS_MAX 100000

static JsonArray *
lines_of_revisions (GPtrArray *revisions)
{
  JsonArray *lines = json_array_sized_new (revisions->len);

  for (guint i = 0; i < revisions->len; i++)
    json_array_add_string_element (lines, ((SatchelRevision *) revisions->pdata[i])->line);
  return lines;
}

static JsonArray *
lines_of_evidence (GPtrArray *items)
{
  JsonArray *lines = json_array_sized_new (items->len);

  for (guint i = 0; i < items->len; i++)
    json_array_add_string_element (lines, ((SatchelEvidence *) items->pdata[i])->line);
  return lines;
}

char *
satchel_record_to_json (SatchelVault *vault, const char *id, gsize *size_bytes, GError **error)
{
  g_autoptr (GPtrArray) revisions = satchel_record_list_revisions (vault, id, error);
  g_autoptr (GPtrArray) items =
      revisions != NULL ? satchel_evidence_list (vault, id, error) : NULL;
  g_autoptr (JsonNode) node = NULL;
  gsize size = 0;

  if (items == NULL)
    return NULL;
  JsonObject *object = json_object_new ();
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  json_object_set_string_member (object, "format", FORMAT);
  json_object_set_string_member (object, "id", id);
  json_object_set_array_member (object, "revisions", lines_of_revisions (revisions));
  json_object_set_array_member (object, "evidence", lines_of_evidence (items));
  g_autofree char *text = satchel_json_to_line (node, &size);
  if (size > SATCHEL_RECORD_JSON_MAX) {
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_TOO_LARGE,
                 "record %s with all its revisions is larger than %d bytes", id,
                 SATCHEL_RECORD_JSON_MAX);
    return NULL;
  }
  if (size_bytes != NULL)
    *size_bytes = size;
  return g_steal_pointer (&text);
}

void
satchel_record_document_free (SatchelRecordDocument *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->kind);
  g_clear_pointer (&self->revisions, g_ptr_array_unref);
  g_clear_pointer (&self->evidence, g_ptr_array_unref);
  g_clear_pointer (&self->raw, g_bytes_unref);
  g_free (self);
}

static gboolean
damaged (GError **error, const char *rule)
{
  g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_DAMAGED, "record document: %s",
               rule);
  return FALSE;
}

/* A line of one of the arrays; NULL where it is no string. */
static const char *
line_at (JsonArray *lines, guint index, GError **error)
{
  JsonNode *node = json_array_get_element (lines, index);

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_get_string (node);
  damaged (error, "a line is not a string");
  return NULL;
}

/* A newer version of a kind may have fields that this one does not know: they are kept as they
 * are. */
static gboolean
check_values (const SatchelRevision *revision, GError **error)
{
  const SatchelKind *kind =
      satchel_kinds_find (satchel_kinds_get_builtin (), revision->kind, error);

  if (kind == NULL)
    return FALSE;
  return revision->kind_version > kind->version ||
         satchel_fields_validate (kind, revision->values, SATCHEL_FIELDS_DRAFT, error);
}

static gboolean
read_revisions (SatchelRecordDocument *self, JsonArray *lines, GError **error)
{
  const SatchelRevision *before = NULL;
  guint count = json_array_get_length (lines);

  self->revisions = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_revision_free);
  for (guint i = 0; i < count; i++) {
    const char *line = line_at (lines, i, error);
    SatchelRevision *revision =
        line != NULL ? satchel_revision_parse (line, strlen (line), TRUE, error) : NULL;
    if (revision == NULL)
      return FALSE;
    g_ptr_array_add (self->revisions, revision);
    if (!g_str_equal (revision->record, self->id) || !satchel_revision_follows (revision, before))
      return damaged (error, "a revision does not continue the one before");
    if (!check_values (revision, error))
      return FALSE;
    before = revision;
  }
  if (before == NULL)
    return damaged (error, "no revision");
  self->kind = g_strdup (before->kind);
  return TRUE;
}

static gboolean
read_evidence (SatchelRecordDocument *self, JsonArray *lines, GError **error)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  guint count = json_array_get_length (lines);

  self->evidence = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_evidence_free);
  for (guint i = 0; i < count; i++) {
    const char *line = line_at (lines, i, error);
    SatchelEvidence *item =
        line != NULL ? satchel_evidence_parse (line, strlen (line), error) : NULL;
    if (item == NULL)
      return FALSE;
    g_ptr_array_add (self->evidence, item);
    if (!g_str_equal (item->record_id, self->id) || !g_hash_table_add (ids, item->id))
      return damaged (error, "an evidence item is of another record, or there twice");
  }
  return TRUE;
}

static gboolean
read_document (SatchelRecordDocument *self, JsonObject *object, GError **error)
{
  static const char *const members[] = {"format", "id", "revisions", "evidence", NULL};
  const char *format = NULL;
  JsonArray *revisions = NULL;
  JsonArray *evidence = NULL;
  g_autoptr (GError) cause = NULL;

  if (!satchel_json_only (object, members, &cause) ||
      !satchel_json_get_string (object, "format", 64, &format, &cause) ||
      !satchel_line_get_id (object, "id", &self->id, &cause) ||
      !satchel_json_get_array (object, "revisions", ELEMENTS_MAX, &revisions, &cause) ||
      !satchel_json_get_array (object, "evidence", ELEMENTS_MAX, &evidence, &cause))
    return satchel_line_take_damage (error, "record document", g_steal_pointer (&cause));
  if (!g_str_equal (format, FORMAT))
    return damaged (error, "of another format than " FORMAT);
  return read_revisions (self, revisions, error) && read_evidence (self, evidence, error);
}

SatchelRecordDocument *
satchel_record_document_parse (GBytes *raw, GError **error)
{
  g_autoptr (SatchelRecordDocument) self = g_new0 (SatchelRecordDocument, 1);
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonNode) node = NULL;
  gsize size = 0;
  const char *data = g_bytes_get_data (raw, &size);

  if (size > SATCHEL_RECORD_JSON_MAX) {
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_TOO_LARGE,
                 "record document of more than %d bytes", SATCHEL_RECORD_JSON_MAX);
    return NULL;
  }
  node = satchel_json_parse (data != NULL ? data : "", size, SATCHEL_RECORD_JSON_MAX, &cause);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node)) {
    satchel_line_take_damage (error, "record document", g_steal_pointer (&cause));
    return NULL;
  }
  self->raw = g_bytes_ref (raw);
  return read_document (self, json_node_get_object (node), error) ? g_steal_pointer (&self) : NULL;
}
