/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-sync-alarm.h"

#include "base/satchel-text.h"
#include "base/satchel-time.h"
#include "records/satchel-ledger.h"
#include "sync/satchel-inbox.h"
#include "sync/satchel-outbox-private.h"

void
satchel_sync_alarm_free (SatchelSyncAlarm *self)
{
  if (self == NULL)
    return;
  g_free (self->sentence);
  g_free (self);
}

static SatchelSyncAlarmKind
tell_kind (const char *sentence, gboolean is_finding)
{
  static const char *const receipts[] = {SATCHEL_ALARM_STORED_SIGNER, SATCHEL_ALARM_OPENED_CONTENTS,
                                         SATCHEL_ALARM_OPENED_SIGNER, NULL};

  if (is_finding)
    return SATCHEL_SYNC_ALARM_BUNDLE;
  if (g_strv_contains (receipts, sentence))
    return SATCHEL_SYNC_ALARM_RECEIPT;
  return g_str_equal (sentence, SATCHEL_ALARM_JOURNAL) ? SATCHEL_SYNC_ALARM_JOURNAL
                                                       : SATCHEL_SYNC_ALARM_SERVER;
}

GPtrArray *
satchel_sync_alarm_list (SatchelVault *vault, guint64 number, GError **error)
{
  g_autoptr (GPtrArray) alarms =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_sync_alarm_free);
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT rowid, seen_us, sentence,"
      /* Not asked for each alarm anew: the inbox is walked once, where there is an alarm at all. */
      " sentence IN (SELECT finding FROM inbox WHERE reason IN (?2, ?3))"
      " FROM sync_alarm WHERE rowid > ?1 ORDER BY rowid",
      error);
  gboolean has_row = TRUE;

  if (statement == NULL)
    return NULL;
  satchel_statement_bind_int (statement, 1, (gint64) number);
  satchel_statement_bind_int (statement, 2, SATCHEL_ASIDE_FORK);
  satchel_statement_bind_int (statement, 3, SATCHEL_ASIDE_KEY_CHANGE);
  while (has_row) {
    if (!satchel_statement_step (statement, &has_row, error))
      return NULL;
    if (has_row) {
      SatchelSyncAlarm *alarm = g_new0 (SatchelSyncAlarm, 1);
      alarm->number = (guint64) satchel_statement_get_int (statement, 0);
      alarm->seen_unix_us = satchel_statement_get_int (statement, 1);
      alarm->sentence = g_strdup (satchel_statement_get_text (statement, 2));
      alarm->kind = tell_kind (alarm->sentence, satchel_statement_get_int (statement, 3) != 0);
      g_ptr_array_add (alarms, alarm);
    }
  }
  return g_steal_pointer (&alarms);
}

gboolean
satchel_sync_keep_alarm (SatchelVault *vault, const char *sentence, GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autoptr (SatchelTransaction) transaction = satchel_transaction_begin (db, error);
  g_autofree char *id = satchel_random_id ();
  SatchelStatement *statement;

  if (transaction == NULL)
    return FALSE;
  statement = satchel_db_prepare (
      db, "INSERT INTO sync_alarm (id, seen_us, sentence) VALUES (?1, ?2, ?3)", error);
  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, id);
  satchel_statement_bind_int (statement, 2, satchel_now_us ());
  satchel_statement_bind_text (statement, 3, sentence);
  return satchel_statement_run (statement, error) &&
         satchel_ledger_append (vault, SATCHEL_ACTION_ALARM, id, NULL, NULL, error) &&
         satchel_transaction_commit (transaction, error);
}
