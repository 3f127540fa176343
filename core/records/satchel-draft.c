/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-draft-private.h"

#include <string.h>

#include "base/satchel-json.h"
#include "base/satchel-text.h"
#include "records/satchel-record-private.h"

#define TITLE_SHOWN_MAX 200

void
satchel_draft_free (SatchelDraft *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->record_id);
  g_free (self->kind);
  g_free (self->title);
  g_free (self->content);
  g_free (self);
}

/* The scanner demands one JSON value; an object is what begins as one. */
static gboolean
is_object (const guint8 *content, gsize size_bytes)
{
  gsize at = 0;

  while (at < size_bytes && strchr (" \t\r\n", content[at]) != NULL)
    at++;
  return at < size_bytes && content[at] == '{';
}

gboolean
satchel_draft_validate (const guint8 *content, gsize size_bytes, GError **error)
{
  g_autoptr (GError) fault = NULL;

  if (size_bytes > SATCHEL_DRAFT_SIZE_MAX)
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_TOO_LARGE,
                 "a draft is at most %d bytes", SATCHEL_DRAFT_SIZE_MAX);
  else if (!satchel_json_check ((const char *) content, size_bytes, SATCHEL_DRAFT_SIZE_MAX,
                                &fault))
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_INVALID_VALUE,
                 "a draft's content is JSON: %s", fault->message);
  else if (!is_object (content, size_bytes))
    g_set_error_literal (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_INVALID_VALUE,
                         "a draft's content is a JSON object");
  else
    return TRUE;
  return FALSE;
}

static gboolean
check (const SatchelDraft *draft, GError **error)
{
  if (!satchel_is_id (draft->id)) {
    g_set_error_literal (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_INVALID_VALUE,
                         "a draft's id is 32 hexadecimal digits");
    return FALSE;
  }
  return satchel_draft_validate ((const guint8 *) draft->content, strlen (draft->content),
                                 error) &&
         satchel_kinds_find (satchel_kinds_get_builtin (), draft->kind, error) != NULL;
}

/* The row of the record that @draft is of; 0 for a new one. */
static gboolean
find_record (SatchelDb *db, const SatchelDraft *draft, gint64 *row, GError **error)
{
  *row = 0;
  if (draft->record_id == NULL)
    return TRUE;
  if (!satchel_record_find_row (db, draft->record_id, row, error))
    return FALSE;
  if (*row == 0)
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND, "no record %s",
                 draft->record_id);
  return *row != 0;
}

/* A REPLACE takes away what has the same id, and what is of the same record. */
static gboolean
insert (SatchelDb *db, const SatchelDraft *draft, gint64 row, GError **error)
{
  g_autofree char *title = satchel_text_for_display (draft->title, TITLE_SHOWN_MAX);
  SatchelStatement *statement = satchel_db_prepare (
      db,
      "INSERT OR REPLACE INTO draft (id, record, kind, title, changed_us, content, revision)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, coalesce ("
      "  (SELECT revision FROM draft WHERE id = ?1 AND record = ?2),"
      "  (SELECT revision FROM record WHERE row = ?2), 0))",
      error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, draft->id);
  if (row != 0)
    satchel_statement_bind_int (statement, 2, row);
  satchel_statement_bind_text (statement, 3, draft->kind);
  satchel_statement_bind_text (statement, 4, title);
  satchel_statement_bind_int (statement, 5, satchel_now_us ());
  satchel_statement_bind_text (statement, 6, draft->content);
  return satchel_statement_run (statement, error);
}

gboolean
satchel_draft_put (SatchelVault *vault, const SatchelDraft *draft, GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  gint64 row = 0;

  if (!check (draft, error))
    return FALSE;
  g_autoptr (SatchelTransaction) transaction = satchel_transaction_begin (db, error);
  return transaction != NULL && find_record (db, draft, &row, error) &&
         insert (db, draft, row, error) && satchel_transaction_commit (transaction, error);
}

#define COLUMNS "d.id, r.id, d.revision, d.kind, d.title, d.changed_us"

static gpointer
read_row (SatchelStatement *row, GError **error)
{
  SatchelDraft *self = g_new0 (SatchelDraft, 1);

  self->id = g_strdup (satchel_statement_get_text (row, 0));
  self->record_id = g_strdup (satchel_statement_get_text (row, 1));
  self->revision = (guint) satchel_statement_get_int (row, 2);
  self->kind = g_strdup (satchel_statement_get_text (row, 3));
  self->title = g_strdup (satchel_statement_get_text (row, 4));
  self->changed_us = satchel_statement_get_int (row, 5);
  return self;
}

static gpointer
read_whole_row (SatchelStatement *row, GError **error)
{
  gsize size_bytes = 0;
  const guint8 *content = satchel_statement_get_blob (row, 6, &size_bytes);
  g_autoptr (GError) fault = NULL;

  if (!satchel_draft_validate (content, size_bytes, &fault)) {
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_DAMAGED, "draft %s: %s",
                 satchel_statement_get_text (row, 0), fault->message);
    return NULL;
  }
  SatchelDraft *self = read_row (row, error);
  self->content = g_strndup ((const char *) content, size_bytes);
  return self;
}

/* The one draft of a question about one; @found is NULL where there is none. */
static gboolean
load_one (SatchelStatement *statement, SatchelDraft **found, GError **error)
{
  g_autoptr (GPtrArray) list =
      statement != NULL ? satchel_statement_list (statement, read_whole_row,
                                                  (GDestroyNotify) satchel_draft_free, error)
                        : NULL;

  if (list == NULL)
    return FALSE;
  *found = list->len > 0 ? g_ptr_array_steal_index (list, 0) : NULL;
  return TRUE;
}

SatchelDraft *
satchel_draft_load (SatchelVault *vault, const char *id, GError **error)
{
  SatchelDraft *draft = NULL;
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT " COLUMNS
      ", d.content FROM draft d LEFT JOIN record r ON r.row = d.record WHERE d.id = ?",
      error);

  if (statement != NULL)
    satchel_statement_bind_text (statement, 1, id);
  if (!load_one (statement, &draft, error))
    return NULL;
  if (draft == NULL)
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND, "no draft %s", id);
  return draft;
}

SatchelDraft *
satchel_draft_load_of_record (SatchelVault *vault, const char *record_id, GError **error)
{
  SatchelDraft *draft = NULL;
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT " COLUMNS ", d.content FROM draft d JOIN record r ON r.row = d.record WHERE r.id = ?",
      error);

  if (statement != NULL)
    satchel_statement_bind_text (statement, 1, record_id);
  return load_one (statement, &draft, error) ? draft : NULL;
}

GPtrArray *
satchel_draft_list (SatchelVault *vault, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT " COLUMNS " FROM draft d LEFT JOIN record r ON r.row = d.record"
      " ORDER BY d.changed_us DESC, d.id",
      error);

  return statement == NULL ? NULL
                           : satchel_statement_list (statement, read_row,
                                                     (GDestroyNotify) satchel_draft_free, error);
}

gboolean
satchel_draft_delete (SatchelVault *vault, const char *id, GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  gboolean is_alone = !satchel_db_in_transaction (db);
  SatchelStatement *statement = satchel_db_prepare (db, "DELETE FROM draft WHERE id = ?", error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, id);
  return satchel_statement_run (statement, error) &&
         (!is_alone || satchel_db_checkpoint (db, error));
}
