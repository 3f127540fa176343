/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-desk.h"

#include <string.h>

#include "base/satchel-time.h"
#include "people/satchel-contact.h"
#include "sync/satchel-inbox-private.h"

const char *
satchel_desk_status_to_text (SatchelDeskStatus status)
{
  static const char *const TEXTS[] = {"new", "reading", "needs-reply", "published", "closed"};

  return (guint) status < G_N_ELEMENTS (TEXTS) ? TEXTS[status] : "unknown";
}

void
satchel_desk_free (SatchelDesk *self)
{
  if (self == NULL)
    return;
  g_free (self->inbox_id);
  g_free (self->assignee);
  g_strfreev (self->tags);
  g_free (self);
}

/* --- Statements with one or two texts --- */

static SatchelStatement *
prepare (
    SatchelVault *vault, const char *sql, const char *first, const char *second, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (satchel_vault_get_db (vault), sql, error);

  if (statement == NULL)
    return NULL;
  satchel_statement_bind_text (statement, 1, first);
  if (second != NULL)
    satchel_statement_bind_text (statement, 2, second);
  return statement;
}

static gboolean
run (SatchelVault *vault, const char *sql, const char *first, const char *second, GError **error)
{
  SatchelStatement *statement = prepare (vault, sql, first, second, error);

  return statement != NULL && satchel_statement_run (statement, error);
}

static gboolean
run_with_int (SatchelVault *vault, const char *sql, const char *id, gint64 value, GError **error)
{
  SatchelStatement *statement = prepare (vault, sql, id, NULL, error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_int (statement, 2, value);
  return satchel_statement_run (statement, error);
}

static char **
list_texts (SatchelStatement *statement, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gboolean has_row = TRUE;

  if (statement == NULL)
    return NULL;
  while (has_row) {
    if (!satchel_statement_step (statement, &has_row, error))
      return NULL;
    if (has_row)
      g_strv_builder_add (builder, satchel_statement_get_text (statement, 0));
  }
  return g_strv_builder_end (builder);
}

static gboolean
has_entry (SatchelVault *vault, const char *inbox_id, gboolean *has, GError **error)
{
  SatchelStatement *statement =
      prepare (vault, "SELECT 1 FROM inbox WHERE id = ?1", inbox_id, NULL, error);

  if (statement == NULL || !satchel_statement_step (statement, has, error))
    return FALSE;
  satchel_statement_reset (statement);
  return TRUE;
}

static gboolean
demand_entry (SatchelVault *vault, const char *inbox_id, GError **error)
{
  gboolean has = FALSE;

  if (!has_entry (vault, inbox_id, &has, error))
    return FALSE;
  if (!has)
    g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_NOT_FOUND,
                 "There is no inbox entry \"%s\".", inbox_id);
  return has;
}

/* Tags and notes stand on it. */
static gboolean
make_row (SatchelVault *vault, const char *inbox_id, GError **error)
{
  return demand_entry (vault, inbox_id, error) &&
         run (vault, "INSERT OR IGNORE INTO desk (inbox_id) VALUES (?1)", inbox_id, NULL, error);
}

/* --- One --- */

SatchelDesk *
satchel_desk_load (SatchelVault *vault, const char *inbox_id, GError **error)
{
  g_autoptr (SatchelDesk) self = g_new0 (SatchelDesk, 1);
  SatchelStatement *statement;
  gboolean has_row = FALSE;

  if (!demand_entry (vault, inbox_id, error))
    return NULL;
  statement = prepare (vault,
                       "SELECT is_read, status, is_mine, assignee FROM desk WHERE inbox_id = ?1",
                       inbox_id, NULL, error);
  if (statement == NULL || !satchel_statement_step (statement, &has_row, error))
    return NULL;
  self->inbox_id = g_strdup (inbox_id);
  if (has_row) {
    self->is_read = satchel_statement_get_int (statement, 0) != 0;
    self->status = (SatchelDeskStatus) satchel_statement_get_int (statement, 1);
    self->is_mine = satchel_statement_get_int (statement, 2) != 0;
    self->assignee = g_strdup (satchel_statement_get_text (statement, 3));
    satchel_statement_reset (statement);
  }
  self->tags = list_texts (
      prepare (vault, "SELECT tag FROM desk_tag WHERE inbox_id = ?1 ORDER BY folded", inbox_id,
               NULL, error),
      error);
  return self->tags != NULL ? g_steal_pointer (&self) : NULL;
}

/* --- Tags --- */

/* One space for any white space, none at the ends. */
static char *
tidy_tag (const char *tag, GError **error)
{
  g_auto (GStrv) words = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (!g_utf8_validate (tag, -1, NULL)) {
    g_set_error_literal (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_INVALID_VALUE,
                         "a tag is UTF-8");
    return NULL;
  }
  words = g_strsplit_set (tag, " \t\r\n", -1);
  for (guint i = 0; words[i] != NULL; i++)
    if (words[i][0] != '\0')
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", words[i]);
  if (text->len == 0) {
    g_set_error_literal (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_INVALID_VALUE,
                         "a tag has letters");
    return NULL;
  }
  if (g_utf8_strlen (text->str, -1) > SATCHEL_DESK_TAG_MAX) {
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_TOO_LARGE,
                 "a tag has at most %d characters", SATCHEL_DESK_TAG_MAX);
    return NULL;
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
fold_tag (const char *tag)
{
  g_autofree char *composed = g_utf8_normalize (tag, -1, G_NORMALIZE_ALL_COMPOSE);

  return g_utf8_casefold (composed, -1);
}

/* The first spelling of a tag is that of all. */
static gboolean
add_tag (SatchelVault *vault, const char *inbox_id, const char *tag, GError **error)
{
  g_autofree char *folded = fold_tag (tag);
  SatchelStatement *statement =
      prepare (vault,
               "INSERT OR IGNORE INTO desk_tag (inbox_id, folded, tag) VALUES (?1, ?2,"
               " coalesce ((SELECT tag FROM desk_tag WHERE folded = ?2 LIMIT 1), ?3))",
               inbox_id, folded, error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 3, tag);
  return satchel_statement_run (statement, error);
}

static gboolean
remove_tag (SatchelVault *vault, const char *inbox_id, const char *tag, GError **error)
{
  g_autofree char *folded = fold_tag (tag);

  return run (vault, "DELETE FROM desk_tag WHERE inbox_id = ?1 AND folded = ?2", inbox_id, folded,
              error);
}

static gboolean
has_tag (const SatchelDesk *desk, const char *tag)
{
  g_autofree char *folded = fold_tag (tag);

  for (guint i = 0; desk->tags[i] != NULL; i++) {
    g_autofree char *own = fold_tag (desk->tags[i]);
    if (g_str_equal (own, folded))
      return TRUE;
  }
  return FALSE;
}

char **
satchel_desk_list_tags (SatchelVault *vault, GError **error)
{
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (vault),
                          "SELECT min (tag) FROM desk_tag GROUP BY folded ORDER BY folded", error);

  return list_texts (statement, error);
}

/* --- Changes --- */

static gboolean
demand_member (SatchelVault *vault, const char *contact_id, GError **error)
{
  g_autoptr (SatchelContact) contact = satchel_contact_find (vault, contact_id, error);

  if (contact == NULL)
    return FALSE;
  if (!contact->is_member || !g_str_equal (contact->id, contact_id)) {
    g_set_error_literal (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NOT_FOUND,
                         "work is assigned to members of the newsroom");
    return FALSE;
  }
  return TRUE;
}

static gboolean
assign (SatchelVault *vault,
        const char *inbox_id,
        gboolean is_mine,
        const char *assignee,
        GError **error)
{
  SatchelStatement *statement =
      prepare (vault, "UPDATE desk SET is_mine = ?2, assignee = ?3 WHERE inbox_id = ?1", inbox_id,
               NULL, error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_int (statement, 2, is_mine);
  satchel_statement_bind_text (statement, 3, assignee);
  return satchel_statement_run (statement, error);
}

/* @tag: @change's, tidied; nullable. */
static gboolean
apply (SatchelVault *vault,
       const char *inbox_id,
       const SatchelDeskChange *change,
       const char *tag,
       GError **error)
{
  switch (change->part) {
    case SATCHEL_DESK_PART_READ:
      return run_with_int (vault, "UPDATE desk SET is_read = ?2 WHERE inbox_id = ?1", inbox_id,
                           change->is_read, error);
    case SATCHEL_DESK_PART_STATUS:
      return run_with_int (vault, "UPDATE desk SET status = ?2 WHERE inbox_id = ?1", inbox_id,
                           change->status, error);
    case SATCHEL_DESK_PART_ASSIGNEE:
      return assign (vault, inbox_id, change->is_mine, change->assignee, error);
    case SATCHEL_DESK_PART_TAG:
      return (change->has_tag ? add_tag : remove_tag) (vault, inbox_id, tag, error);
  }
  return FALSE;
}

static gboolean
change_one (SatchelVault *vault,
            const char *inbox_id,
            const SatchelDeskChange *change,
            const char *tag,
            GPtrArray *before,
            GError **error)
{
  SatchelDesk *was = satchel_desk_load (vault, inbox_id, error);

  if (was == NULL)
    return FALSE;
  g_ptr_array_add (before, was);
  return make_row (vault, inbox_id, error) && apply (vault, inbox_id, change, tag, error);
}

/* A tag is words: those that went stay in no log. */
static gboolean
commit (SatchelVault *vault, SatchelTransaction *transaction, SatchelDeskPart part, GError **error)
{
  return satchel_transaction_commit (transaction, error) &&
         (part != SATCHEL_DESK_PART_TAG ||
          satchel_db_in_transaction (satchel_vault_get_db (vault)) ||
          satchel_db_checkpoint (satchel_vault_get_db (vault), error));
}

gboolean
satchel_desk_change (SatchelVault *vault,
                     GPtrArray *ids,
                     const SatchelDeskChange *change,
                     GPtrArray **before,
                     GError **error)
{
  g_autoptr (GPtrArray) were =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_desk_free);
  g_autofree char *tag =
      change->part == SATCHEL_DESK_PART_TAG ? tidy_tag (change->tag, error) : NULL;

  if (change->part == SATCHEL_DESK_PART_TAG && tag == NULL)
    return FALSE;
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (vault), error);
  if (transaction == NULL ||
      (change->part == SATCHEL_DESK_PART_ASSIGNEE && change->assignee != NULL &&
       !demand_member (vault, change->assignee, error)))
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    if (!change_one (vault, ids->pdata[i], change, tag, were, error))
      return FALSE;
  if (!commit (vault, transaction, change->part, error))
    return FALSE;
  if (before != NULL)
    *before = g_steal_pointer (&were);
  return TRUE;
}

static gboolean
undo_one (SatchelVault *vault,
          const SatchelDeskChange *change,
          const char *tag,
          const SatchelDesk *was,
          GError **error)
{
  const SatchelDeskChange back = {
      .part = change->part,
      .is_read = was->is_read,
      .status = was->status,
      .is_mine = was->is_mine,
      .assignee = was->assignee,
      .has_tag = tag != NULL && has_tag (was, tag),
  };
  gboolean has = FALSE;

  if (!has_entry (vault, was->inbox_id, &has, error))
    return FALSE;
  return !has || (make_row (vault, was->inbox_id, error) &&
                  apply (vault, was->inbox_id, &back, tag, error));
}

gboolean
satchel_desk_undo (SatchelVault *vault,
                   const SatchelDeskChange *change,
                   GPtrArray *before,
                   GError **error)
{
  g_autofree char *tag =
      change->part == SATCHEL_DESK_PART_TAG ? tidy_tag (change->tag, error) : NULL;

  if (change->part == SATCHEL_DESK_PART_TAG && tag == NULL)
    return FALSE;
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (vault), error);
  if (transaction == NULL)
    return FALSE;
  for (guint i = 0; i < before->len; i++)
    if (!undo_one (vault, change, tag, before->pdata[i], error))
      return FALSE;
  return commit (vault, transaction, change->part, error);
}

/* --- Notes --- */

gboolean
satchel_desk_add_note (SatchelVault *vault, const char *inbox_id, const char *text, GError **error)
{
  gsize size = strlen (text);

  if (size == 0 || !g_utf8_validate (text, (gssize) size, NULL)) {
    g_set_error_literal (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_INVALID_VALUE,
                         "a note is text");
    return FALSE;
  }
  if (size > SATCHEL_DESK_NOTE_MAX) {
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_TOO_LARGE,
                 "a note has at most %d bytes", SATCHEL_DESK_NOTE_MAX);
    return FALSE;
  }
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (vault), error);
  if (transaction == NULL || !make_row (vault, inbox_id, error))
    return FALSE;
  SatchelStatement *statement =
      prepare (vault, "INSERT INTO desk_note (inbox_id, text, written_us) VALUES (?1, ?2, ?3)",
               inbox_id, text, error);
  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_int (statement, 3, satchel_now_us ());
  return satchel_statement_run (statement, error) &&
         satchel_transaction_commit (transaction, error);
}

static void
note_free (gpointer data)
{
  SatchelDeskNote *self = data;

  g_free (self->text);
  g_free (self);
}

static gpointer
read_note (SatchelStatement *row, GError **error)
{
  SatchelDeskNote *self = g_new0 (SatchelDeskNote, 1);

  self->written_unix_us = satchel_statement_get_int (row, 0);
  self->text = g_strdup (satchel_statement_get_text (row, 1));
  return self;
}

GPtrArray *
satchel_desk_list_notes (SatchelVault *vault, const char *inbox_id, GError **error)
{
  SatchelStatement *statement = prepare (
      vault, "SELECT written_us, text FROM desk_note WHERE inbox_id = ?1 ORDER BY row", inbox_id,
      NULL, error);

  return statement == NULL ? NULL
                           : satchel_statement_list (statement, read_note, note_free, error);
}

/* --- Lists --- */

/* Those whom a row of the desk takes out of a view are asked for once, not for every bundle. */
#define ROWS_WHERE(condition) \
  "SELECT rowid FROM inbox WHERE " SATCHEL_INBOX_IS_LISTED condition SATCHEL_INBOX_NEWEST_FIRST
#define IS_UNREAD " AND id NOT IN (SELECT inbox_id FROM desk WHERE is_read = 1)"

static SatchelStatement *
prepare_rows (SatchelDb *db, const SatchelDeskFilter *filter, GError **error)
{
  switch (filter->view) {
    case SATCHEL_DESK_ALL:
      return satchel_db_prepare (db, ROWS_WHERE (""), error);
    case SATCHEL_DESK_UNREAD:
      return satchel_db_prepare (db, ROWS_WHERE (IS_UNREAD), error);
    case SATCHEL_DESK_MINE:
      return satchel_db_prepare (
          db, ROWS_WHERE (" AND id IN (SELECT inbox_id FROM desk WHERE is_mine = 1)"), error);
    case SATCHEL_DESK_OF_STATUS:
      return filter->status == SATCHEL_DESK_NEW
                 ? satchel_db_prepare (
                       db,
                       ROWS_WHERE (" AND id NOT IN (SELECT inbox_id FROM desk WHERE status <> ?1)"),
                       error)
                 : satchel_db_prepare (
                       db, ROWS_WHERE (" AND id IN (SELECT inbox_id FROM desk WHERE status = ?1)"),
                       error);
    case SATCHEL_DESK_OF_TAG:
      return satchel_db_prepare (
          db, ROWS_WHERE (" AND id IN (SELECT inbox_id FROM desk_tag WHERE folded = ?1)"), error);
  }
  return NULL;
}

GArray *
satchel_desk_list_rows (SatchelVault *vault, const SatchelDeskFilter *filter, GError **error)
{
  SatchelStatement *statement = prepare_rows (satchel_vault_get_db (vault), filter, error);
  g_autofree char *folded =
      filter->view == SATCHEL_DESK_OF_TAG ? fold_tag (filter->tag) : NULL;

  if (statement == NULL)
    return NULL;
  if (filter->view == SATCHEL_DESK_OF_STATUS)
    satchel_statement_bind_int (statement, 1, filter->status);
  else if (folded != NULL)
    satchel_statement_bind_text (statement, 1, folded);
  return satchel_statement_list_ints (statement, error);
}

gint64
satchel_desk_count_unread (SatchelVault *vault, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT count (*) FROM inbox WHERE " SATCHEL_INBOX_IS_LISTED IS_UNREAD, error);
  gboolean has_row = FALSE;

  if (statement == NULL || !satchel_statement_step (statement, &has_row, error))
    return -1;
  gint64 count = satchel_statement_get_int (statement, 0);
  satchel_statement_reset (statement);
  return count;
}
