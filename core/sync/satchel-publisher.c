/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-publisher.h"

#include "sync/satchel-courier-private.h"
#include "sync/satchel-journal.h"
#include "sync/satchel-sync-alarm.h"

struct _SatchelPublisher {
  char *folder; /* the vault's */
  guint8 journal_key[SATCHEL_JOURNAL_KEY_SIZE];
  SatchelNewsroom *newsroom;
  SatchelRoutes *routes;
  GPtrArray *intakes; /* of SatchelIntakeCard, borrowed from @routes */
  GPtrArray *news;    /* of SatchelNewsroomNews, for the vault */
  GPtrArray *alarms;  /* of char *: those that the journal could not take */
};

static void
news_free (gpointer data)
{
  satchel_newsroom_news_clear (data);
  g_free (data);
}

static gboolean
collect (SatchelPublisher *self, SatchelVault *vault, GError **error)
{
  for (guint i = 0; i < self->routes->intakes->len; i++) {
    SatchelIntakeCard *intake = g_ptr_array_index (self->routes->intakes, i);
    guint64 number = 0;
    if (!satchel_courier_load_newsroom_number (vault, &intake->receipt, &number, error))
      return FALSE;
    if (number < self->newsroom->card->number)
      g_ptr_array_add (self->intakes, intake);
  }
  return TRUE;
}

SatchelPublisher *
satchel_publisher_new (SatchelVault *vault, GError **error)
{
  g_autoptr (SatchelPublisher) self = g_new0 (SatchelPublisher, 1);

  self->intakes = g_ptr_array_new ();
  self->news = g_ptr_array_new_with_free_func (news_free);
  self->alarms = g_ptr_array_new_with_free_func (g_free);
  self->folder = g_strdup (satchel_vault_get_folder (vault));
  self->newsroom = satchel_newsroom_load (vault, error);
  if (self->newsroom == NULL)
    return NULL;
  if (!self->newsroom->is_lead)
    return g_steal_pointer (&self);
  self->routes = satchel_routes_load (vault, error);
  if (self->routes == NULL || !satchel_journal_get_key (vault, self->journal_key, error) ||
      !collect (self, vault, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
satchel_publisher_free (SatchelPublisher *self)
{
  if (self == NULL)
    return;
  satchel_newsroom_free (self->newsroom);
  g_ptr_array_unref (self->intakes);
  g_ptr_array_unref (self->news);
  g_ptr_array_unref (self->alarms);
  g_free (self->folder);
  satchel_routes_free (self->routes);
  g_free (self);
}

guint
satchel_publisher_count (SatchelPublisher *self)
{
  return self->intakes->len;
}

static gboolean
publish_to (SatchelPublisher *self,
            const SatchelIntakeCard *intake,
            gboolean use_tor,
            GCancellable *cancellable,
            GError **error)
{
  SatchelConnectionOptions options = {.proxy = use_tor ? self->routes->proxy : NULL};
  g_autoptr (SatchelConnection) connection =
      satchel_connection_open_any (intake, &options, cancellable, error);
  g_auto (SatchelNewsroomNews) news = {0};

  if (connection == NULL)
    return FALSE;
  satchel_connection_set_access_key (connection, self->routes->access_key);
  if (!satchel_courier_ask_newsroom (self->newsroom, connection, &news, cancellable, error))
    return FALSE;
  g_ptr_array_add (self->news, g_memdup2 (&news, sizeof news));
  news = (SatchelNewsroomNews){0};
  return TRUE;
}

/* Who answered in an intake's place is told of even where another one's failure is the error. */
static void
note_alarm (SatchelPublisher *self, const GError *why)
{
  if (g_error_matches (why, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNTRUSTED) &&
      !satchel_journal_note_alarm (self->folder, self->journal_key, why->message, NULL))
    g_ptr_array_add (self->alarms, g_strdup (why->message));
}

gboolean
satchel_publisher_run (SatchelPublisher *self,
                       gboolean use_tor,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (GError) first = NULL;

  for (guint i = 0; i < self->intakes->len; i++) {
    g_autoptr (GError) local = NULL;
    if (publish_to (self, g_ptr_array_index (self->intakes, i), use_tor, cancellable, &local))
      continue;
    note_alarm (self, local);
    if (first == NULL)
      first = g_steal_pointer (&local);
  }
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

gboolean
satchel_publisher_keep (SatchelPublisher *self, SatchelVault *vault, GError **error)
{
  if (!satchel_journal_merge (vault, error))
    return FALSE;
  while (self->alarms->len > 0) {
    if (!satchel_sync_keep_alarm (vault, g_ptr_array_index (self->alarms, 0), error))
      return FALSE;
    g_ptr_array_remove_index (self->alarms, 0);
  }
  while (self->news->len > 0) {
    if (!satchel_courier_keep_newsroom (vault, g_ptr_array_index (self->news, 0), error))
      return FALSE;
    g_ptr_array_remove_index (self->news, 0);
  }
  return TRUE;
}

gboolean
satchel_courier_publish_newsroom (SatchelVault *vault,
                                  gboolean use_tor,
                                  GCancellable *cancellable,
                                  GError **error)
{
  g_autoptr (SatchelPublisher) publisher = satchel_publisher_new (vault, error);
  g_autoptr (GError) first = NULL;

  if (publisher == NULL)
    return FALSE;
  satchel_publisher_run (publisher, use_tor, cancellable, &first);
  if (!satchel_publisher_keep (publisher, vault, error))
    return FALSE;
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}
