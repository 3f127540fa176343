/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync/satchel-sync-error.h"
#include "vault/satchel-vault.h"

G_BEGIN_DECLS

/**
 * What was wrong with who answered as the newsroom's intake, or with what came: a connection that
 * is intercepted, an intake that denies what it confirmed, a fork, other keys. Kept in the vault
 * and in its ledger for good; what is learned without an open vault is in the journal until it is
 * merged.
 */
typedef enum {
  SATCHEL_SYNC_ALARM_SERVER,  /* who answered is not the newsroom's intake, or lies */
  SATCHEL_SYNC_ALARM_BUNDLE,  /* a fork, or other keys: it is aside in the inbox */
  SATCHEL_SYNC_ALARM_RECEIPT, /* a receipt proves nothing */
  SATCHEL_SYNC_ALARM_JOURNAL, /* the outbox journal was changed or damaged */
} SatchelSyncAlarmKind;

typedef struct {
  SatchelSyncAlarmKind kind;
  guint64 number;      /* rises with every alarm; from 1 */
  gint64 seen_unix_us; /* when it was kept */
  char *sentence;      /* English, technical */
} SatchelSyncAlarm;

void satchel_sync_alarm_free (SatchelSyncAlarm *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelSyncAlarm, satchel_sync_alarm_free)

/** Those after @number (0: all), the oldest first. Of SatchelSyncAlarm, owned. */
GPtrArray *satchel_sync_alarm_list (SatchelVault *vault, guint64 number, GError **error);

/** Keeps one, in a transaction of its own or the caller's. */
gboolean satchel_sync_keep_alarm (SatchelVault *vault, const char *sentence, GError **error);

G_END_DECLS
