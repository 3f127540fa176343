/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-time.h"
#include "people/satchel-identity.h"
#include "people/satchel-invite-book.h"
#include "sync/satchel-courier-private.h"

static void
engine_free (gpointer data)
{
  SatchelEngine *self = data;

  g_free (self->url);
  g_bytes_unref (self->anchor);
  g_free (self);
}

static void
copy_places (SatchelRoutes *self, const SatchelNewsroomCard *card)
{
  for (guint i = 0; i < card->intakes->len; i++)
    g_ptr_array_add (self->intakes,
                     satchel_intake_card_copy (g_ptr_array_index (card->intakes, i)));
  for (guint i = 0; i < card->engines->len; i++) {
    const SatchelEngine *engine = g_ptr_array_index (card->engines, i);
    SatchelEngine *copy = g_new0 (SatchelEngine, 1);
    copy->url = g_strdup (engine->url);
    copy->anchor = g_bytes_ref (engine->anchor);
    g_ptr_array_add (self->engines, copy);
  }
}

static gboolean
set_token_error (GError **error, GError *local)
{
  g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_TOKEN,
               "There is no token to send with (%s): ask the newsroom for an invite.",
               local->message);
  g_error_free (local);
  return FALSE;
}

static gboolean
load_right (SatchelRoutes *self,
            SatchelVault *vault,
            const SatchelNewsroomCard *card,
            GError **error)
{
  g_autoptr (SatchelIdentity) identity = satchel_identity_load (vault, error);
  g_autoptr (SatchelToken) token = NULL;
  GError *local = NULL;

  if (identity == NULL)
    return FALSE;
  if (satchel_newsroom_card_find_by_minisign (card, &identity->card->keys.minisign) != NULL) {
    self->access_key = satchel_secret_ref (identity->access);
    return TRUE;
  }
  token = satchel_invite_book_load_token (vault, &local);
  if (token == NULL || !satchel_token_check (token, card, satchel_now_us (), &local))
    return set_token_error (error, local);
  self->bearer = satchel_token_to_bearer (token);
  return TRUE;
}

SatchelRoutes *
satchel_routes_load (SatchelVault *vault, GError **error)
{
  g_autoptr (SatchelNewsroom) newsroom = satchel_newsroom_load (vault, error);
  g_autoptr (SatchelRoutes) self = NULL;
  g_autoptr (SatchelRules) rules = NULL;

  if (newsroom == NULL)
    return NULL;
  rules = satchel_rules_load (vault, error);
  if (rules == NULL)
    return NULL;
  self = g_new0 (SatchelRoutes, 1);
  self->intakes = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_intake_card_free);
  self->engines = g_ptr_array_new_with_free_func (engine_free);
  self->proxy = g_strdup (rules->proxy);
  copy_places (self, newsroom->card);
  return load_right (self, vault, newsroom->card, error) ? g_steal_pointer (&self) : NULL;
}

void
satchel_routes_free (SatchelRoutes *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->intakes);
  g_ptr_array_unref (self->engines);
  g_free (self->engine_target);
  satchel_secret_unref (self->access_key);
  if (self->bearer != NULL)
    explicit_bzero (self->bearer, strlen (self->bearer));
  g_free (self->bearer);
  g_free (self->proxy);
  g_free (self);
}

static SatchelConnection *
connect_engine (SatchelRoutes *self, const SatchelConnectionOptions *options, GError **error)
{
  const SatchelEngine *engine = g_ptr_array_index (self->engines, 0);
  const char *slash = strchr (engine->url + strlen ("https://"), '/');

  g_free (self->engine_target);
  self->engine_target = g_strdup (slash == NULL ? "/" : slash);
  return satchel_connection_new_engine (engine->url, engine->anchor, options, error);
}

SatchelConnection *
satchel_routes_connect (SatchelRoutes *self,
                        gboolean use_tor,
                        GCancellable *cancellable,
                        GError **error)
{
  SatchelConnectionOptions options = {.proxy = use_tor ? self->proxy : NULL};
  g_autoptr (SatchelConnection) connection = NULL;
  g_autoptr (GError) local = NULL;

  for (guint i = 0; i < self->intakes->len && connection == NULL; i++) {
    g_clear_error (&local);
    connection = satchel_connection_open_any (g_ptr_array_index (self->intakes, i), &options,
                                              cancellable, &local);
    if (connection == NULL &&
        !g_error_matches (local, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNREACHABLE))
      break;
  }
  if (connection == NULL && self->intakes->len == 0 && self->engines->len > 0)
    return connect_engine (self, &options, error);
  if (connection == NULL && local == NULL)
    g_set_error (&local, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNREACHABLE,
                 "The newsroom's card names no intake: send by folder or stick.");
  if (connection == NULL) {
    g_propagate_error (error, g_steal_pointer (&local));
    return NULL;
  }
  satchel_connection_set_bearer (connection, self->bearer);
  satchel_connection_set_access_key (connection, self->access_key);
  return g_steal_pointer (&connection);
}

gboolean
satchel_courier_ask_rules (SatchelVault *vault, gboolean *use_tor, GError **error)
{
  g_autoptr (SatchelRules) rules = satchel_rules_load (vault, error);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  SatchelMoment moment = {.online = TRUE, .by_hand = TRUE};
  g_autoptr (SatchelVerdict) verdict = NULL;

  if (rules == NULL)
    return FALSE;
  moment.minute_of_day = g_date_time_get_hour (now) * 60 + g_date_time_get_minute (now);
  verdict = satchel_rules_judge (rules, &moment);
  *use_tor = verdict->use_tor;
  if (verdict->kind == SATCHEL_VERDICT_GO)
    return TRUE;
  g_set_error_literal (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_WAITING, verdict->sentence);
  return FALSE;
}
