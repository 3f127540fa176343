/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/satchel-sink.h"
#include "papers/satchel-receipt.h"
#include "people/satchel-newsroom.h"
#include "sync/satchel-sync-error.h"

G_BEGIN_DECLS

/**
 * Sealing, and the list of what was sealed. A bundle is composed once, under a random name in
 * outbox/ (or where the caller says), fsynced and renamed; then its row, its numbers, the records'
 * final mark and the ledger's *sealed* entries are one transaction. From then on the same bytes are
 * sent, however often.
 */
typedef enum {
  SATCHEL_OUTBOX_SEALED,
  SATCHEL_OUTBOX_WAITING,     /* tried, or not allowed to: see @why */
  SATCHEL_OUTBOX_SENDING,     /* some bytes are there: see @offset_bytes */
  SATCHEL_OUTBOX_STORED,      /* the intake's receipt verified */
  SATCHEL_OUTBOX_HANDED_OVER, /* to a folder, stick or engine: nobody confirmed anything */
  SATCHEL_OUTBOX_OPENED,      /* a recipient's receipt verified */
  SATCHEL_OUTBOX_ERASED,      /* the sealed file is gone; the row stays */
} SatchelOutboxState;

/** "sealed", "waiting", "sending", "stored", "handed-over", "opened", "erased". */
const char *satchel_outbox_state_to_text (SatchelOutboxState state);

typedef enum {
  SATCHEL_OUTBOX_KIND_RECORDS,
  SATCHEL_OUTBOX_KIND_INTRODUCTION,
  SATCHEL_OUTBOX_KIND_RECEIPTS, /* return mail; never receipted */
} SatchelOutboxKind;

typedef struct {
  char *id;        /* 32 hex digits */
  char *bundle_id; /* the same in the bundle */
  SatchelOutboxKind kind;
  SatchelOutboxState state;
  char *why;     /* one sentence for WAITING; else NULL */
  char *path;    /* of the sealed file; NULL once erased */
  char *mailbox; /* where it goes on the intake; NULL where only a folder can take it */
  guint64 size_bytes;
  guint64 offset_bytes; /* acknowledged by the intake */
  guint8 sha256[32];    /* of the age file */
  guint8 tagmanifest_sha256[32];
  gint64 sealed_unix_us;
  gint64 stored_unix_us; /* 0 for not yet */
  gint64 opened_unix_us; /* 0 for not yet */
  char **recipients;     /* strv of names; filter for display */
  char **records;        /* strv of record ids */
} SatchelOutboxEntry;

typedef struct {
  const char *const *records; /* ids, NULL-terminated; may be NULL */
  GPtrArray *recipients;      /* of SatchelCard; NULL: the newsroom's members */
  const char *output;         /* a path of the caller's, which must not exist; NULL: the outbox */
} SatchelSealRequest;

/** Seals. Returns the outbox entry's id; @path (nullable) gets where the bundle stands. With
 *  @output the entry begins as HANDED_OVER. Errors of records (NOT_FOUND), people (NO_NEWSROOM,
 *  NOT_FOUND), seal (LIMIT) and base; nothing stands in the outbox after any of them. */
char *satchel_outbox_seal (SatchelVault *vault,
                           const SatchelSealRequest *request,
                           char **path,
                           SatchelProgressReport progress,
                           GCancellable *cancellable,
                           GError **error);

/** Composes records (@ids: of char *, whole ids) into a bundle at @path that only the vault's own
 *  age key opens, for an export: no entry in the outbox, no number among the bundles to anybody, no
 *  entry in the ledger, and the records do not become final. Errors as above; after any of them
 *  nothing new stands at @path. */
gboolean satchel_outbox_compose_own (SatchelVault *vault,
                                     GPtrArray *ids,
                                     const char *path,
                                     SatchelProgressReport progress,
                                     GCancellable *cancellable,
                                     GError **error);

/** Queues the introduction that `join` owes: own card and MAC, to all members. Returns its id.
 *  SATCHEL_PEOPLE_ERROR_NO_TOKEN. */
char *
satchel_outbox_introduce (SatchelVault *vault, GCancellable *cancellable, GError **error);

/** Queues return mail with every *opened* receipt that is still owed, one bundle for each sender.
 *  @queued (nullable) gets how many. */
gboolean satchel_outbox_queue_receipts (SatchelVault *vault,
                                        guint *queued,
                                        GCancellable *cancellable,
                                        GError **error);

/** The app's way, which tries by itself: an answer at once would tell who watches the line which
 *  message it belongs to. Queues them once a moment has come that was chosen by chance, 10 to 120
 *  minutes after the first of them became owed. *@next_unix_us (nullable) gets that moment, 0 where
 *  nothing is owed (any more). */
gboolean satchel_outbox_queue_receipts_later (SatchelVault *vault,
                                              gint64 now_unix_us,
                                              gint64 *next_unix_us,
                                              GCancellable *cancellable,
                                              GError **error);

/** All entries, oldest first. Of SatchelOutboxEntry, owned. Return mail is among them. */
GPtrArray *satchel_outbox_list (SatchelVault *vault, GError **error);

/** The rows alone, the newest first and without return mail, for a list of which only a part is
 *  looked at: gint64, the caller's. A row stays what it is. */
GArray *satchel_outbox_list_rows (SatchelVault *vault, GError **error);

/** What stands in a row. SATCHEL_SYNC_ERROR_NOT_FOUND. */
SatchelOutboxEntry *satchel_outbox_load_row (SatchelVault *vault, gint64 row, GError **error);

/** One by the beginning of its id (4 digits or more). SATCHEL_SYNC_ERROR_NOT_FOUND. */
SatchelOutboxEntry *satchel_outbox_find (SatchelVault *vault, const char *id, GError **error);

/** Takes back what was not sent: the row becomes ERASED and the file goes. SATCHEL_SYNC_ERROR_STATE
 *  once it is stored or handed over. */
gboolean satchel_outbox_discard (SatchelVault *vault, const char *id, GError **error);

/** Removes the sealed file of an entry that was opened. SATCHEL_SYNC_ERROR_STATE before. */
gboolean satchel_outbox_erase (SatchelVault *vault, const char *id, GError **error);

/** Whether any bundle with this record was *opened* by a recipient. */
gboolean satchel_outbox_is_record_opened (SatchelVault *vault,
                                          const char *record_id,
                                          gboolean *opened,
                                          GError **error);

/** Takes in an *opened* receipt: its signer must be one of the entry's recipients, its hashes and
 *  id the entry's. FALSE with SATCHEL_SYNC_ERROR_REFUSED (an alarm) or _NOT_FOUND otherwise. */
gboolean satchel_outbox_admit_receipt (SatchelVault *vault,
                                       const SatchelOpenedReceipt *receipt,
                                       GError **error);

void satchel_outbox_entry_free (SatchelOutboxEntry *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelOutboxEntry, satchel_outbox_entry_free)

G_END_DECLS
