/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/satchel-sink.h"
#include "sync/satchel-sync-error.h"
#include "vault/satchel-vault.h"

G_BEGIN_DECLS

/**
 * Taking bundles in: from the intake, a folder, a stick or one file. A bundle is copied (or
 * downloaded) to inbox/ first, then opened: verified whole, evidence in quarantine, and everything
 * committed in one transaction. What is refused is kept aside with its finding and never opened
 * further; what comes from a stranger is tried again after the next introduction.
 */
typedef enum {
  SATCHEL_INBOX_OPENED,  /* taken in */
  SATCHEL_INBOX_ALREADY, /* the same bundle is here already; nothing was doubled */
  SATCHEL_INBOX_ASIDE,   /* refused: see the finding */
} SatchelInboxOutcome;

/** Why a bundle was put aside. */
typedef enum {
  SATCHEL_ASIDE_DAMAGED,    /* not a bundle, changed, or cut short */
  SATCHEL_ASIDE_NOT_FOR_US, /* sealed for somebody else, or forwarded by a recipient */
  SATCHEL_ASIDE_STRANGER,   /* a sender that is neither a contact nor introduced */
  SATCHEL_ASIDE_FORK,       /* the same id or number as another bundle: an alarm */
  SATCHEL_ASIDE_KEY_CHANGE, /* another key for a known name or a used invite: an alarm */
  SATCHEL_ASIDE_CONTENTS,   /* signed by its sender, but its contents contradict what is here */
} SatchelAsideReason;

/** "damaged", "not-for-us", "stranger", "fork", "key-change", "contents". */
const char *satchel_aside_reason_to_text (SatchelAsideReason reason);

/** One bundle as it was received. */
typedef struct {
  char *id; /* of the row, 32 hex digits */
  SatchelInboxOutcome outcome;
  SatchelAsideReason reason; /* meant with ASIDE */
  char *name;                /* file name as it came; filter for display */
  char *finding;             /* why it is aside, or of a gap; NULL for none */
  char *path;                /* of the kept sealed file; NULL where it was not kept */
  char *bundle_id;           /* NULL where it was never known */
  char *sender;              /* the contact's name; NULL where unknown */
  char *contact_id;          /* NULL where unknown */
  char **records;            /* strv of the record ids in it */
  guint items;               /* evidence items in it */
  guint receipts;            /* *opened* receipts in it that were taken in */
  gboolean is_introduction;
  gboolean is_unreadable; /* now: there is no row of it, and it is tried again */
  guint64 number;         /* among the sender's bundles to this vault; 0 where unknown */
  guint64 missing;        /* of those just before it, that have not arrived (yet); 0 where it
                             was just taken in: see the finding */
  guint64 size_bytes;
  guint8 sha256[32];
  gint64 received_unix_us;
} SatchelInboxEntry;

/** Opens one file, which stays as it is. Always gives an entry unless reading, writing or the store
 *  fails: look at @outcome. */
SatchelInboxEntry *satchel_inbox_open_file (SatchelVault *vault,
                                            const char *path,
                                            SatchelProgressReport progress,
                                            GCancellable *cancellable,
                                            GError **error);

/** Opens every *.age file of @folder that has not been seen yet (introductions come first: what a
 *  stranger sent is tried again). Returns entries, in the order of opening; those that were here
 *  already are left out. One that cannot be read is an entry too (DAMAGED, with no row), and is
 *  tried again the next time. SATCHEL_BASE_ERROR_NOT_FOUND. */
GPtrArray *satchel_inbox_fetch_folder (SatchelVault *vault,
                                       const char *folder,
                                       SatchelProgressReport progress,
                                       GCancellable *cancellable,
                                       GError **error);

/** Fetches what is new in the mailboxes that this vault may read (members: the newsroom's and their
 *  own return mail; reporters: their token's), by signed reads or the token, resuming a download
 *  where it stopped. Returns entries as above. A bundle that cannot be had holds up no other; the
 *  first such error is returned after the rest was fetched. Judges by the vault's rules; an alarm
 * is kept. The vault is held as long as the line takes: satchel-fetcher.h is the same without that.
 *  Errors of satchel_connection_open(); SATCHEL_SYNC_ERROR_TOKEN, _WAITING;
 *  SATCHEL_PEOPLE_ERROR_NO_NEWSROOM. */
GPtrArray *satchel_inbox_fetch (SatchelVault *vault,
                                SatchelProgressReport progress,
                                GCancellable *cancellable,
                                GError **error);

/** All that was received, the newest first: opened (with records or introductions, not bare
 *  receipts) and aside. Of SatchelInboxEntry, owned. */
GPtrArray *satchel_inbox_list (SatchelVault *vault, GError **error);

/** One of those by the beginning of its id (4 digits or more). SATCHEL_SYNC_ERROR_NOT_FOUND. */
SatchelInboxEntry *satchel_inbox_find (SatchelVault *vault, const char *id, GError **error);

/** What stands in a row of satchel_desk_list_rows(). SATCHEL_SYNC_ERROR_NOT_FOUND. */
SatchelInboxEntry *satchel_inbox_load_row (SatchelVault *vault, gint64 row, GError **error);

/** The ids of what stands in @rows (of gint64), in that order; rows that nothing stands in any more
 *  are passed over. Of char *, owned. */
GPtrArray *satchel_inbox_list_ids (SatchelVault *vault, GArray *rows, GError **error);

/** Tries again what strangers sent. @entries (nullable) gets what was opened now. Called after
 *  every introduction and `trust`. */
gboolean satchel_inbox_retry (SatchelVault *vault,
                              GPtrArray *entries,
                              GCancellable *cancellable,
                              GError **error);

void satchel_inbox_entry_free (SatchelInboxEntry *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelInboxEntry, satchel_inbox_entry_free)

G_END_DECLS
