/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "people/satchel-contact.h"
#include "people/satchel-identity.h"
#include "people/satchel-invite-book.h"
#include "records/satchel-record-json.h"
#include "seal/satchel-bundle.h"
#include "sync/satchel-inbox.h"
#include "sync/satchel-index.h"
#include "sync/satchel-origin.h"

G_BEGIN_DECLS

/** The inbox's inner door: one bundle while it is being opened. */

/** An evidence file in quarantine. */
typedef struct {
  char *item; /* evidence id, as the index says */
  SatchelBlobWriter *writer;
  guint8 sha256[32];
  guint64 size_bytes;
} SatchelQuarantined;

typedef struct {
  SatchelVault *vault;
  GCancellable *cancellable;
  SatchelIdentity *identity;

  /* What the bag said, in the order in which it came. */
  SatchelContact *contact; /* NULL while the sender is a stranger */
  char *sender;            /* minisign key line; NULL before the signature held */
  char bundle_id[33];
  guint8 tagmanifest_sha256[32];
  guint64 epoch;
  SatchelBagRecipient mine;
  SatchelIndex *index;
  GBytes *index_raw;
  GBytes *custody;
  GPtrArray *documents;   /* of SatchelRecordDocument */
  guint64 document_bytes; /* of all of them, as JSON */
  GPtrArray *quarantine;  /* of SatchelQuarantined, in the index's order */
  GPtrArray *receipts;    /* of SatchelOpenedReceipt */
  GPtrArray *origins;     /* of SatchelOriginFile */
  guint64 origin_bytes;   /* of all of them */
  GByteArray *text;       /* the receipt or origin file that is flowing in */

  /* The verdict. */
  gboolean is_refused;
  gboolean is_here;
  SatchelAsideReason reason;
  GString *finding;
} SatchelOpening;

SatchelOpening *satchel_opening_new (SatchelVault *vault,
                                     GCancellable *cancellable,
                                     GError **error);
void satchel_opening_free (SatchelOpening *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelOpening, satchel_opening_free)

/** Reads the whole sealed stream into @self. FALSE without a verdict: reading or the store failed.
 *  With a verdict (is_refused, is_here) the error is set too, and to be dropped. */
gboolean satchel_opening_read (SatchelOpening *self,
                               GInputStream *sealed,
                               guint64 size_bytes,
                               SatchelProgressReport progress,
                               SatchelBagInfo **info,
                               GError **error);

/** Sets the verdict and the error. Returns FALSE. */
gboolean satchel_opening_refuse (SatchelOpening *self,
                                 SatchelAsideReason reason,
                                 const char *finding,
                                 GError **error);
void satchel_opening_add_finding (SatchelOpening *self, const char *finding);

/** Fork, already here, gap, late: compares with what is here from this sender. FALSE with a
 *  verdict, or without one where the store failed. */
gboolean satchel_opening_place (SatchelOpening *self, const SatchelBagInfo *info, GError **error);

/** Shows the introduction to the desk's invites, then to the newsroom's token. */
gboolean satchel_opening_introduce (SatchelOpening *self,
                                    SatchelIntroductionOutcome *outcome,
                                    SatchelContact **contact,
                                    GError **error);

/** Takes everything in, in one transaction, and fills @entry. FALSE as above; nothing was kept. */
gboolean satchel_opening_import (SatchelOpening *self,
                                 const SatchelBagInfo *info,
                                 SatchelInboxEntry *entry,
                                 GError **error);

/** Inserts @entry's row, in the caller's transaction. It takes the place of one of the same hash
 * that was aside, and takes over what the desk has of it; unread again, because only now it can be
 * read.
 * @receipt nullable: the opened receipt that is owed. */
gboolean satchel_inbox_insert (SatchelVault *vault,
                               const SatchelOpening *opening,
                               const SatchelInboxEntry *entry,
                               const char *receipt,
                               gboolean is_owed,
                               GError **error);

/** SQL: what the inbox lists. Bare receipts are no news; what is for others is none of ours. */
#define SATCHEL_INBOX_IS_LISTED \
  "(outcome = 0 AND (is_introduction = 1 OR receipts = 0) OR outcome <> 0 AND reason <> 1)"
#define SATCHEL_INBOX_NEWEST_FIRST " ORDER BY received_us DESC, rowid DESC"

/** The entry with this hash of the sealed file; *@entry is NULL where there is none. */
gboolean satchel_inbox_find_by_hash (SatchelVault *vault,
                                     const guint8 sha256[32],
                                     SatchelInboxEntry **entry,
                                     GError **error);

/** Whether any entry's sealed file had this size. */
gboolean
satchel_inbox_has_size (SatchelVault *vault, guint64 size_bytes, gboolean *has, GError **error);

/** Takes away the row of the hash of @entry if it is aside; what the desk has of it goes to the one
 *  that was opened with its bundle_id. */
gboolean
satchel_inbox_remove_aside (SatchelVault *vault, const SatchelInboxEntry *entry, GError **error);

/** What strangers sent and was kept, the oldest first. Of SatchelInboxEntry, owned. */
GPtrArray *satchel_inbox_list_strangers (SatchelVault *vault, GError **error);

/** Opens what stands at @path, whose hash is not among those here (or is aside as a stranger's).
 *  @keep: a refused one is copied to inbox/, if it is not there already. */
SatchelInboxEntry *satchel_inbox_take (SatchelVault *vault,
                                       const char *path,
                                       const char *name,
                                       SatchelProgressReport progress,
                                       GCancellable *cancellable,
                                       GError **error);

/** After a round, also one that failed: strangers' bundles are tried again (a run that was killed
 *  after an introduction left them), and their new entries take the place of the old. */
gboolean satchel_inbox_settle (SatchelVault *vault,
                               GPtrArray *entries,
                               GCancellable *cancellable,
                               GError **error);

/** Whether @error is about one bundle, so that the others may still be opened. */
gboolean satchel_inbox_is_lone (const GError *error);

/** Tells the caller of a round about a bundle that could not even be put aside: an entry without a
 *  row. It is tried again the next time. */
void satchel_inbox_note (GPtrArray *entries, const char *name, const GError *error);

/** Takes away what a run that was killed left in inbox/: half copies, and files of bundles that are
 *  here. What is downloaded in part stays. Best effort. */
void satchel_inbox_sweep (SatchelVault *vault);

G_END_DECLS
