/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-contact.h"

#include "base/satchel-time.h"
#include "people/satchel-people-private.h"

/* The same card shown again is the same alarm. */
static gboolean
is_recorded (SatchelVault *vault,
             const char *contact_id,
             const char *reason,
             const char *card,
             gboolean *recorded,
             GError **error)
{
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (vault),
                          "SELECT 1 FROM contact_alarm "
                          "WHERE contact_id IS ?1 AND reason = ?2 AND card = ?3",
                          error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, contact_id);
  satchel_statement_bind_text (statement, 2, reason);
  satchel_statement_bind_text (statement, 3, card);
  if (!satchel_statement_step (statement, recorded, error))
    return FALSE;
  satchel_statement_reset (statement);
  return TRUE;
}

static gboolean
insert_alarm (SatchelVault *vault,
              const char *contact_id,
              const char *reason,
              const char *card,
              GError **error)
{
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (vault),
                          "INSERT INTO contact_alarm (contact_id, reason, card, seen_us) "
                          "VALUES (?1, ?2, ?3, ?4)",
                          error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, contact_id);
  satchel_statement_bind_text (statement, 2, reason);
  satchel_statement_bind_text (statement, 3, card);
  satchel_statement_bind_int (statement, 4, satchel_now_us ());
  return satchel_statement_run (statement, error);
}

gboolean
satchel_contact_raise_alarm (SatchelVault *vault,
                             const SatchelContact *contact,
                             const char *reason,
                             const SatchelCard *card,
                             GError **error)
{
  const char *contact_id = contact != NULL ? contact->id : NULL;
  const char *object = contact != NULL ? contact->id : satchel_vault_get_id (vault);
  gboolean recorded = FALSE;

  if (!is_recorded (vault, contact_id, reason, card->text, &recorded, error))
    return FALSE;
  return recorded || (insert_alarm (vault, contact_id, reason, card->text, error) &&
                      satchel_people_tell (vault, SATCHEL_ACTION_ALARM, object, card->text,
                                           "reason", reason, error));
}

static SatchelContactAlarm *
read_alarm (SatchelStatement *statement, GError **error)
{
  SatchelContactAlarm *self;
  const char *text = satchel_statement_get_text (statement, 2);
  SatchelCard *card = text != NULL ? satchel_card_parse (text, -1, NULL) : NULL;

  if (card == NULL) {
    satchel_people_set_damaged (error, "alarm");
    return NULL;
  }
  self = g_new0 (SatchelContactAlarm, 1);
  self->contact_id = g_strdup (satchel_statement_get_text (statement, 0));
  self->reason = g_strdup (satchel_statement_get_text (statement, 1));
  self->card = card;
  self->seen_unix_us = satchel_statement_get_int (statement, 3);
  return self;
}

GPtrArray *
satchel_contact_list_alarms (SatchelVault *vault, GError **error)
{
  g_autoptr (GPtrArray) all =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_contact_alarm_free);
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT contact_id, reason, card, seen_us FROM contact_alarm ORDER BY id DESC", error);
  gboolean has_row = FALSE;

  if (statement == NULL || !satchel_statement_step (statement, &has_row, error))
    return NULL;
  while (has_row) {
    SatchelContactAlarm *alarm = read_alarm (statement, error);
    if (alarm == NULL) {
      satchel_statement_reset (statement);
      return NULL;
    }
    g_ptr_array_add (all, alarm);
    if (!satchel_statement_step (statement, &has_row, error))
      return NULL;
  }
  return g_steal_pointer (&all);
}

void
satchel_contact_alarm_free (SatchelContactAlarm *self)
{
  if (self == NULL)
    return;
  g_free (self->contact_id);
  g_free (self->reason);
  satchel_card_free (self->card);
  g_free (self);
}
