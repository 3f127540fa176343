/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-card.h"
#include "papers/satchel-intake-card.h"
#include "papers/satchel-mailbox.h"

G_BEGIN_DECLS

/**
 * A newsroom's card: who its members are, where its intakes stand, which tokens it took back.
 * Signed by the desk lead, whose key is pinned when the first card is admitted. Its number only
 * rises; a card past @valid_until_unix_us is stale: still the newest known, and shown as such.
 */
#define SATCHEL_NEWSROOM_CARD_SIZE_MAX (512 * 1024)
#define SATCHEL_NEWSROOM_NAME_MAX      120
#define SATCHEL_NEWSROOM_MEMBERS_MAX   64 /* as many as a bundle can have recipients */
#define SATCHEL_NEWSROOM_INTAKES_MAX   8
#define SATCHEL_NEWSROOM_REVOKED_MAX   4096
#define SATCHEL_NEWSROOM_VALID_DAYS    90

/** An existing engine in an intake's place: proved by TLS to its own anchor alone. */
typedef struct {
  char *url;      /* https URL where tus uploads are created */
  GBytes *anchor; /* DER */
} SatchelEngine;

typedef struct {
  char *name;
  guint64 number; /* from 1, only upward */
  gint64 issued_unix_us;
  gint64 valid_until_unix_us; /* at most 90 days later */
  SatchelMinisignKey lead;    /* set by the signature; one of the members' keys */
  GPtrArray *intakes;         /* of SatchelIntakeCard, owned */
  GPtrArray *engines;         /* of SatchelEngine, owned */
  GPtrArray *members;         /* of SatchelCard, owned, at least one */
  guint recovery_k;           /* 0 where there is no recovery, else 2 .. n */
  guint recovery_n;
  GPtrArray *revoked; /* of char *: token ids, ascending */
  char *text;         /* the paper as signed; NULL in a draft */
} SatchelNewsroomCard;

/** An empty draft with its arrays made, to be filled in and signed. */
SatchelNewsroomCard *satchel_newsroom_card_new (void);
void satchel_newsroom_card_add_engine (SatchelNewsroomCard *self, const char *url, GBytes *anchor);

/** Signs a draft with the lead's pair; @draft is left as it is. Revoked ids are sorted.
 *  SATCHEL_PAPERS_ERROR_INVALID where it breaks a rule. */
SatchelNewsroomCard *satchel_newsroom_card_sign (const SatchelNewsroomCard *draft,
                                                 SatchelSecret *lead_pair,
                                                 GError **error);

/** Reads a card, verifies it and every card in it. @lead (nullable): the pinned lead; where it is
 *  another's card SATCHEL_PAPERS_ERROR_SIGNATURE. @size_bytes -1 for NUL-terminated text. A stale
 *  card is read: ask satchel_newsroom_card_is_stale().
 *  SATCHEL_PAPERS_ERROR_INVALID, _OTHER_KIND, _NEWER, _SIGNATURE. */
SatchelNewsroomCard *satchel_newsroom_card_parse (const char *text,
                                                  gssize size_bytes,
                                                  const SatchelMinisignKey *lead,
                                                  GError **error);

gboolean satchel_newsroom_card_is_stale (const SatchelNewsroomCard *self, gint64 now_unix_us);
gboolean satchel_newsroom_card_is_revoked (const SatchelNewsroomCard *self, const char *token_id);

/** A member by key, borrowed; NULL where there is none. */
const SatchelCard *
satchel_newsroom_card_find_by_access (const SatchelNewsroomCard *self,
                                      const guint8 access[SATCHEL_ACCESS_KEY_SIZE]);
const SatchelCard *satchel_newsroom_card_find_by_minisign (const SatchelNewsroomCard *self,
                                                           const SatchelMinisignKey *key);

void satchel_newsroom_card_free (SatchelNewsroomCard *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelNewsroomCard, satchel_newsroom_card_free)

G_END_DECLS
