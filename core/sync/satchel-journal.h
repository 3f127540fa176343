/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync/satchel-sync-error.h"
#include "vault/satchel-vault.h"

G_BEGIN_DECLS

/**
 * outbox/journal: what the courier learns while it may not touch the store. One line for each fact,
 * sealed (crypto_box_seal) to a key whose secret half is in the store, appended and fsynced before
 * anybody is told; merged while the vault is open, then removed: a file lock keeps a line from
 * being written between the two, and who still writes begins a new file. A torn last line is what a
 * power cut leaves and is dropped. Any other line that does not open locks nobody out: the rest is
 * merged, an alarm is kept and the file stays as outbox/journal.damaged.
 */
#define SATCHEL_JOURNAL_KEY_SIZE 32

typedef enum {
  SATCHEL_JOURNAL_UPLOAD,    /* text: the upload's address; offset: acknowledged */
  SATCHEL_JOURNAL_WAITING,   /* text: why */
  SATCHEL_JOURNAL_STORED,    /* text: the stored receipt, verified */
  SATCHEL_JOURNAL_DELIVERED, /* handed over: to a folder or an engine */
  SATCHEL_JOURNAL_ALARM,     /* text: what was wrong with who answered */
  SATCHEL_JOURNAL_SPENT,     /* offset: bytes that went up; text: on which day, "2026-03-09" */
} SatchelJournalFact;

typedef struct _SatchelJournal SatchelJournal;

/** The vault's public key for the journal; made at the first call. */
gboolean satchel_journal_get_key (SatchelVault *vault,
                                  guint8 key[SATCHEL_JOURNAL_KEY_SIZE],
                                  GError **error);

/** Opens the journal of the vault in @folder for appending; needs no unlocked vault. */
SatchelJournal *satchel_journal_open (const char *folder,
                                      const guint8 key[SATCHEL_JOURNAL_KEY_SIZE],
                                      GError **error);

/** Appends and fsyncs. @text nullable, at most 8 KiB. What could not be written whole is cut off
 *  again (SATCHEL_BASE_ERROR_NO_SPACE, _IO) and the journal is closed for good. */
gboolean satchel_journal_append (SatchelJournal *self,
                                 const char *entry_id,
                                 SatchelJournalFact fact,
                                 guint64 offset,
                                 const char *text,
                                 GError **error);

/** Notes an alarm that was met without an open vault, whatever happens to this program. */
gboolean satchel_journal_note_alarm (const char *folder,
                                     const guint8 key[SATCHEL_JOURNAL_KEY_SIZE],
                                     const char *sentence,
                                     GError **error);

/** Merges what stands there into the outbox, in one transaction, then removes the file (a
 *  damaged one is put aside). Lines up to the last one that was merged count no more: a run that
 *  ended before the file went doubles nothing. */
gboolean satchel_journal_merge (SatchelVault *vault, GError **error);

/** The same for whoever opens a vault, if only to read: where the disk is too full for it, all
 * stays in the journal, for the next time. */
gboolean satchel_journal_merge_at_open (SatchelVault *vault, GError **error);

void satchel_journal_free (SatchelJournal *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelJournal, satchel_journal_free)

G_END_DECLS
