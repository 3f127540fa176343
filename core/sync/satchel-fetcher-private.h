/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync/satchel-courier-private.h"
#include "sync/satchel-fetcher.h"
#include "sync/satchel-mailbox-private.h"

G_BEGIN_DECLS

/** The fetcher's inner door, for satchel_inbox_fetch(), which keeps one connection for the round.
 */

struct _SatchelFetcher {
  /* Of the vault. */
  char *vault_id;
  guint64 epoch;
  char *folder; /* the vault's */
  guint8 journal_key[SATCHEL_JOURNAL_KEY_SIZE];
  char *inbox;
  SatchelRoutes *routes;
  SatchelNewsroom *newsroom;
  char *mailbox;
  gboolean is_shared;    /* bundles for others are normal there */
  GHashTable *positions; /* stored ones, of guint64: by the intake's receipt key line */
  GHashTable *known;     /* hashes of what is here */

  /* A batch is full with either. */
  guint bundles_max;
  guint64 bytes_max;

  /* The round: a walk from the stored position to the list's end, over any number of runs. */
  char *intake;      /* receipt key line of the one that is walked; NULL before the first */
  guint64 start;     /* where the walk began */
  guint64 after;     /* how far it has come */
  GPtrArray *batch;  /* of SatchelListed, in the list's order: what take() has not seen yet */
  GPtrArray *opened; /* of char *: hashes, to tell the intake */
  GError *first;     /* of a bundle that could not be had */
  gboolean goes_on;  /* the last run succeeded: the next one goes on at @after */
  gboolean has_more; /* the list does, too */
  gboolean is_held;  /* a bundle before those in the batch failed: the position stays */

  /* For the vault. */
  SatchelNewsroomNews news;
  char *alarm; /* that the journal could not take; nullable */

  /* While it is connected. */
  SatchelConnection *connection;
  gboolean is_broken; /* the line broke, and nothing came over it since */
};

/** Proves a connection and exchanges newsroom cards. */
gboolean satchel_fetcher_connect (SatchelFetcher *self,
                                  gboolean use_tor,
                                  GCancellable *cancellable,
                                  GError **error);

/** satchel_fetcher_run() over that connection. */
gboolean satchel_fetcher_bring (SatchelFetcher *self,
                                SatchelProgressReport progress,
                                GCancellable *cancellable,
                                GError **error);

/** Tells the intake what was opened. Best effort. */
void satchel_fetcher_tell_seen (SatchelFetcher *self, GCancellable *cancellable);
void satchel_fetcher_disconnect (SatchelFetcher *self);

/** satchel_fetcher_take() without the settling. *@first (nullable) gets the first error of a bundle
 *  that could not be read, which is among @entries too. */
gboolean satchel_fetcher_open (SatchelFetcher *self,
                               SatchelVault *vault,
                               GPtrArray *entries,
                               SatchelProgressReport progress,
                               GCancellable *cancellable,
                               GError **first,
                               GError **error);

/** inbox/<hash>.age: a name that the next run finds again, and that says nothing. */
char *satchel_fetcher_dup_path (SatchelFetcher *self, const SatchelListed *listed);

G_END_DECLS
