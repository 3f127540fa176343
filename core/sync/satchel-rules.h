/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync/satchel-sync-error.h"
#include "vault/satchel-vault.h"

G_BEGIN_DECLS

/**
 * The reporter's own rules for when and how anything is sent: plain data, and one function without
 * side effects that judges a moment by them. Evaluated before every request and on every change of
 * network.
 */
typedef enum {
  SATCHEL_SENDING_AUTOMATIC,
  SATCHEL_SENDING_ASK,
  SATCHEL_SENDING_BY_HAND,
} SatchelSending;

typedef enum {
  SATCHEL_ROUTE_DIRECT,
  SATCHEL_ROUTE_TOR_PREFERRED, /* Tor where a proxy is set, else direct */
  SATCHEL_ROUTE_TOR_ONLY,      /* nothing is tried without a proxy */
} SatchelRoute;

typedef struct {
  SatchelSending sending;
  SatchelRoute route;
  char *proxy;            /* Tor's SOCKS5 address "host:port"; NULL for none */
  gboolean allow_metered; /* FALSE: not on networks that cost by volume */
  char **networks;        /* strv of the only names to send on; NULL for any */
  int from_minute;        /* of the local day, 0 .. 1439; equal to @until_minute: the whole day */
  int until_minute;
  guint64 budget_bytes; /* a day; 0 for none */
} SatchelRules;

/** What is known about this moment. */
typedef struct {
  gboolean online;
  gboolean metered;
  const char *network; /* its name; NULL where it cannot be told */
  int minute_of_day;   /* local, 0 .. 1439 */
  guint64 sent_today_bytes;
  gboolean by_hand; /* a person asked for this now */
  gboolean paused;  /* a person stopped it, and has not asked for it since */
} SatchelMoment;

/** What forbids a moment. */
typedef enum {
  SATCHEL_OBSTACLE_NONE,
  SATCHEL_OBSTACLE_NO_PROXY, /* Tor only, and no proxy is set */
  SATCHEL_OBSTACLE_OFFLINE,
  SATCHEL_OBSTACLE_PAUSED,
  SATCHEL_OBSTACLE_METERED,
  SATCHEL_OBSTACLE_NETWORK, /* not among those that the rules name */
  SATCHEL_OBSTACLE_HOURS,   /* see @from_minute, @until_minute */
  SATCHEL_OBSTACLE_BUDGET,  /* see @budget_bytes */
  SATCHEL_OBSTACLE_BY_HAND, /* only by hand */
  SATCHEL_OBSTACLE_ASK,     /* the person wants to be asked */
} SatchelObstacle;

typedef enum {
  SATCHEL_VERDICT_GO,
  SATCHEL_VERDICT_ASK, /* allowed once a person says so */
  SATCHEL_VERDICT_WAIT,
} SatchelVerdictKind;

typedef struct {
  SatchelVerdictKind kind;
  gboolean use_tor; /* meant with GO and ASK */
  SatchelObstacle obstacle;
  int from_minute; /* of the rules, for HOURS */
  int until_minute;
  guint64 budget_bytes; /* of the rules, for BUDGET */
  char *sentence;       /* English; never NULL */
} SatchelVerdict;

/** Automatic, Tor preferred, no proxy, not on metered networks, at any time. */
SatchelRules *satchel_rules_new (void);

SatchelRules *satchel_rules_copy (const SatchelRules *self);

/** The vault's rules; the defaults where none were set. SATCHEL_SYNC_ERROR_DAMAGED. */
SatchelRules *satchel_rules_load (SatchelVault *vault, GError **error);
gboolean satchel_rules_store (SatchelVault *vault, const SatchelRules *self, GError **error);

/** Today, as the budget counts days: "2026-03-09" on this computer's clock. The caller's. */
char *satchel_rules_dup_day (void);

/** How much went up on @day, of what the journal told the vault; and that so much more did, which
 *  counts unless a later day was noted that is not still to come: a clock that was once ahead must
 *  not hide the days until then. */
gboolean
satchel_rules_load_spent (SatchelVault *vault, const char *day, guint64 *bytes, GError **error);
gboolean
satchel_rules_add_spent (SatchelVault *vault, const char *day, guint64 bytes, GError **error);

/** Judges. Never fails. */
SatchelVerdict *satchel_rules_judge (const SatchelRules *self, const SatchelMoment *moment);

void satchel_rules_free (SatchelRules *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelRules, satchel_rules_free)
SatchelVerdict *satchel_verdict_copy (const SatchelVerdict *self);
void satchel_verdict_free (SatchelVerdict *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelVerdict, satchel_verdict_free)

G_END_DECLS
