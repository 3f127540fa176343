/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "people/satchel-newsroom.h"
#include "sync/satchel-connection.h"
#include "sync/satchel-courier.h"

G_BEGIN_DECLS

/** Where this vault's bundles go and by what right: copies, so that it outlives the unlocked vault.
 *  A member asks with the access key, a reporter with the token. */
typedef struct {
  GPtrArray *intakes;        /* of SatchelIntakeCard */
  GPtrArray *engines;        /* of SatchelEngine */
  char *engine_target;       /* path where the engine in use creates uploads; set by connecting */
  SatchelSecret *access_key; /* of a member, else NULL */
  char *bearer;              /* of a reporter, else NULL */
  char *proxy;
} SatchelRoutes;

/** SATCHEL_PEOPLE_ERROR_NO_NEWSROOM; SATCHEL_SYNC_ERROR_TOKEN where there is no token, or it
 *  expired or was revoked. */
SatchelRoutes *satchel_routes_load (SatchelVault *vault, GError **error);

/** The first intake that answers, proved; an engine where there is no intake. */
SatchelConnection *satchel_routes_connect (SatchelRoutes *self,
                                           gboolean use_tor,
                                           GCancellable *cancellable,
                                           GError **error);
void satchel_routes_free (SatchelRoutes *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelRoutes, satchel_routes_free)

/** What asking an intake for its newsroom card gave, for the vault to know. */
typedef struct {
  SatchelNewsroomCard *newer; /* than a member's or reporter's own; NULL for none */
  char *intake;               /* the lead's vault: key line of an intake that has ... */
  guint64 number;             /* ... this number; NULL for none */
} SatchelNewsroomNews;

void satchel_newsroom_news_clear (SatchelNewsroomNews *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SatchelNewsroomNews, satchel_newsroom_news_clear)

/** The number that the intake with this receipt key is known to have; 0 for none. */
gboolean satchel_courier_load_newsroom_number (SatchelVault *vault,
                                               const SatchelMinisignKey *key,
                                               guint64 *number,
                                               GError **error);

/** Network only: asks for the card; where @ours is the lead's and newer, gives it to the intake.
 *  @news is changed only where there is any. Errors of satchel_connection_send(); TOKEN, PROTOCOL
 *  where the intake does not take it. */
gboolean satchel_courier_ask_newsroom (const SatchelNewsroom *ours,
                                       SatchelConnection *connection,
                                       SatchelNewsroomNews *news,
                                       GCancellable *cancellable,
                                       GError **error);

/** Store only: takes over a newer card of the pinned lead, with the revocations in it; or notes
 *  what the intake has. @news is cleared; after an error it stays. */
gboolean
satchel_courier_keep_newsroom (SatchelVault *vault, SatchelNewsroomNews *news, GError **error);

/** Judges a moment in which a person asked. SATCHEL_SYNC_ERROR_WAITING where it must wait. */
gboolean satchel_courier_ask_rules (SatchelVault *vault, gboolean *use_tor, GError **error);

G_END_DECLS
