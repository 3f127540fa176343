/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/satchel-sink.h"
#include "sync/satchel-connection.h"

G_BEGIN_DECLS

/** Reading a mailbox over a proved connection; no store is touched. docs/PROTOCOL.md. */
typedef struct {
  SatchelConnection *connection;
  const char *id;
  SatchelProgressReport progress; /* of the answer that is coming in */
  GCancellable *cancellable;
} SatchelMailbox; /* all borrowed */

/** What the fetcher knows of a bundle in the list. */
typedef enum {
  SATCHEL_LISTED_FAILED, /* could not be had: asked for again in the next round */
  SATCHEL_LISTED_KNOWN,  /* was in the vault before it was asked for */
  SATCHEL_LISTED_GONE,   /* somebody deleted it */
  SATCHEL_LISTED_HERE,   /* stands in inbox/, whole */
} SatchelListedState;

/** One bundle in the list. */
typedef struct {
  char *hex; /* of the hash, lower-case */
  guint8 sha256[32];
  guint64 size_bytes;
  guint64 position;
  SatchelListedState state;
} SatchelListed;

void satchel_listed_free (SatchelListed *self); /* NULL-safe */

/** A page of the list, in rising positions above @after. Of SatchelListed, owned. *@more: the list
 *  goes on. Errors of satchel_connection_send(); TOKEN, PROTOCOL. */
GPtrArray *satchel_mailbox_list (const SatchelMailbox *self,
                                 guint64 after,
                                 gboolean *more,
                                 GError **error);

/** Brings a bundle to @path, resuming what stands there; what came down before an error stays.
 *  *@is_gone: there is no such bundle any more. */
gboolean satchel_mailbox_download (const SatchelMailbox *self,
                                   const SatchelListed *listed,
                                   const char *path,
                                   gboolean *is_gone,
                                   GError **error);

/** Whether @path holds what the list said; a file that does not is thrown away.
 *  SATCHEL_SYNC_ERROR_PROTOCOL, SATCHEL_BASE_ERROR_NOT_FOUND. */
gboolean satchel_listed_check (const SatchelListed *self,
                               const char *path,
                               GCancellable *cancellable,
                               GError **error);

/** Tells the intake that it may forget. Not being told so is no failure. */
void satchel_mailbox_tell_seen (const SatchelMailbox *self, const char *hex);

G_END_DECLS
