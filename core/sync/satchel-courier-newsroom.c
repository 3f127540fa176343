/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-hash.h"
#include "sync/satchel-courier-private.h"

/* In mailbox_position, beside the mailboxes' hexadecimal ids: the number that an intake has. */
#define NEWSROOM "newsroom"

gboolean
satchel_courier_load_newsroom_number (SatchelVault *vault,
                                      const SatchelMinisignKey *key,
                                      guint64 *number,
                                      GError **error)
{
  g_autofree char *intake = satchel_minisign_key_format (key);
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT position FROM mailbox_position WHERE intake = ?1 AND mailbox = ?2", error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, intake);
  satchel_statement_bind_text (statement, 2, NEWSROOM);
  if (!satchel_statement_step (statement, &has_row, error))
    return FALSE;
  *number = has_row ? (guint64) satchel_statement_get_int (statement, 0) : 0;
  satchel_statement_reset (statement);
  return TRUE;
}

static gboolean
store_number (SatchelVault *vault, const char *intake, guint64 number, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "INSERT INTO mailbox_position (intake, mailbox, position) VALUES (?1, ?2, ?3)"
      " ON CONFLICT (intake, mailbox) DO UPDATE SET position = max (position, excluded.position)",
      error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, intake);
  satchel_statement_bind_text (statement, 2, NEWSROOM);
  satchel_statement_bind_int (statement, 3, (gint64) number);
  return satchel_statement_run (statement, error);
}

/* The card that the intake has; *@card stays NULL where it gives none that can be read: then it is
 * only not newer for us, and the requests that follow say what is wrong. */
static gboolean
ask_card (SatchelConnection *connection,
          SatchelNewsroomCard **card,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (SoupMessage) message =
      satchel_connection_new_message (connection, "GET", "/newsroom");
  g_autoptr (GBytes) body = satchel_connection_send_and_read (
      connection, message, NULL, SATCHEL_NEWSROOM_CARD_SIZE_MAX, cancellable, error);

  if (body == NULL)
    return FALSE;
  if (soup_message_get_status (message) == 200)
    *card = satchel_newsroom_card_parse (g_bytes_get_data (body, NULL),
                                         (gssize) g_bytes_get_size (body), NULL, NULL);
  return TRUE;
}

static gboolean
put_card (SatchelConnection *connection,
          const SatchelNewsroomCard *card,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (SoupMessage) message =
      satchel_connection_new_message (connection, "PUT", "/newsroom");
  g_autoptr (GBytes) content = g_bytes_new (card->text, strlen (card->text));
  g_autoptr (GBytes) body = NULL;
  guint8 sha256[32];

  satchel_sha256 ((const guint8 *) card->text, strlen (card->text), sha256);
  soup_message_set_request_body_from_bytes (message, "text/plain", content);
  body = satchel_connection_send_and_read (connection, message, sha256,
                                           SATCHEL_NEWSROOM_CARD_SIZE_MAX, cancellable, error);
  if (body == NULL)
    return FALSE;
  return soup_message_get_status (message) == 204 ||
         satchel_connection_set_status_error (message, error);
}

void
satchel_newsroom_news_clear (SatchelNewsroomNews *self)
{
  g_clear_pointer (&self->newer, satchel_newsroom_card_free);
  g_clear_pointer (&self->intake, g_free);
}

gboolean
satchel_courier_ask_newsroom (const SatchelNewsroom *ours,
                              SatchelConnection *connection,
                              SatchelNewsroomNews *news,
                              GCancellable *cancellable,
                              GError **error)
{
  const SatchelMinisignKey *key = satchel_connection_get_receipt_key (connection);
  g_autoptr (SatchelNewsroomCard) theirs = NULL;

  if (key == NULL)
    return TRUE;
  if (!ask_card (connection, &theirs, cancellable, error))
    return FALSE;
  if (theirs == NULL)
    return TRUE;
  if (!ours->is_lead) {
    if (theirs->number > ours->card->number) {
      satchel_newsroom_news_clear (news);
      news->newer = g_steal_pointer (&theirs);
    }
    return TRUE;
  }
  if (theirs->number < ours->card->number &&
      !put_card (connection, ours->card, cancellable, error))
    return FALSE;
  satchel_newsroom_news_clear (news);
  news->intake = satchel_minisign_key_format (key);
  news->number = ours->card->number;
  return TRUE;
}

gboolean
satchel_courier_keep_newsroom (SatchelVault *vault, SatchelNewsroomNews *news, GError **error)
{
  SatchelNewsroomOutcome outcome;

  if ((news->newer != NULL && !satchel_newsroom_admit (vault, news->newer, &outcome, error)) ||
      (news->intake != NULL && !store_number (vault, news->intake, news->number, error)))
    return FALSE;
  satchel_newsroom_news_clear (news);
  return TRUE;
}
