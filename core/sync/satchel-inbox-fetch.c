/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-fetcher-private.h"
#include "sync/satchel-inbox-private.h"

/* Batches over one connection; what came down before an error is opened too. The first error of a
 * bundle is told of after the rest was fetched. */
static gboolean
fetch_batches (SatchelFetcher *fetcher,
               SatchelVault *vault,
               GPtrArray *entries,
               SatchelProgressReport progress,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (GError) stop = NULL, first = NULL;
  gboolean more = TRUE;

  while (more) {
    more = satchel_fetcher_bring (fetcher, progress, cancellable, &stop) && fetcher->has_more;
    if (!satchel_fetcher_open (fetcher, vault, entries, (SatchelProgressReport){0}, cancellable,
                               &first, error))
      return FALSE;
  }
  satchel_fetcher_tell_seen (fetcher, cancellable);
  if (stop == NULL)
    stop = g_steal_pointer (&first);
  if (stop == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&stop));
  return FALSE;
}

GPtrArray *
satchel_inbox_fetch (SatchelVault *vault,
                     SatchelProgressReport progress,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (GPtrArray) entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_inbox_entry_free);
  g_autoptr (SatchelFetcher) fetcher = NULL;
  g_autoptr (GError) local = NULL;
  gboolean use_tor = FALSE, is_done;

  if (!satchel_courier_ask_rules (vault, &use_tor, error))
    return NULL;
  fetcher = satchel_fetcher_new (vault, error);
  if (fetcher == NULL)
    return NULL;
  if (!satchel_fetcher_connect (fetcher, use_tor, cancellable, &local)) {
    if (satchel_fetcher_open (fetcher, vault, entries, progress, cancellable, NULL, error))
      g_propagate_error (error, g_steal_pointer (&local));
    return NULL;
  }
  is_done = fetch_batches (fetcher, vault, entries, progress, cancellable, error);
  /* However the round ended, an introduction in it counts. */
  return satchel_inbox_settle (vault, entries, cancellable, is_done ? error : NULL) && is_done
             ? g_steal_pointer (&entries)
             : NULL;
}
