/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "intake/satchel-intake-error.h"
#include "papers/satchel-mailbox.h"
#include "papers/satchel-receipt.h"

G_BEGIN_DECLS

/**
 * The intake's append-only log, and the index of mailboxes that is read from it. One line an
 * action, LF at its end: a JSON object without spaces
 *
 *   {"position":7,"time":"2026-01-02T03:04:05Z","action":"stored","mailbox":"<64 hex>",
 *    "sha256":"<64 hex>","size":262404,"previous":"<64 hex>"}
 *
 * one space, and the base64 of an Ed25519 signature by the receipt key over "satchel-log v1", LF,
 * the object, LF. "previous" is the SHA-256 of the whole line before, without its LF; 64 zeros in
 * the first. Actions: "stored", "seen", "deleted". No address, no token, no user agent.
 *
 * A line counts once fdatasync came back. A last line without its LF was never acknowledged and is
 * cut off when the log is opened; any other fault is SATCHEL_INTAKE_ERROR_DAMAGED.
 *
 * Functions may be called from any thread.
 */
typedef struct _SatchelIntakeLog SatchelIntakeLog;

typedef enum {
  SATCHEL_INTAKE_STORED,
  SATCHEL_INTAKE_SEEN,
  SATCHEL_INTAKE_DELETED,
} SatchelIntakeAction;

/** One stored file. */
typedef struct {
  guint64 position; /* of its "stored" line, from 1 */
  gint64 time_unix_us;
  guint64 size_bytes;
  guint8 sha256[32];
  char mailbox[SATCHEL_MAILBOX_ID_LENGTH + 1];
  gboolean seen;
  gboolean deleted;
} SatchelIntakeEntry;

/** Opens or makes the log at @path. @receipt_pair: minisign pair, whose reference is taken. */
SatchelIntakeLog *
satchel_intake_log_open (const char *path, SatchelSecret *receipt_pair, GError **error);
/** The same without writing, also while an intake serves; a missing log is an empty one. Only what
 *  reads may follow. */
SatchelIntakeLog *
satchel_intake_log_open_to_read (const char *path, SatchelSecret *receipt_pair, GError **error);
void satchel_intake_log_close (SatchelIntakeLog *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelIntakeLog, satchel_intake_log_close)

/** Whether a write once failed in a way that leaves the log's end unknown: nothing is taken then
 *  until it is opened again. */
gboolean satchel_intake_log_is_broken (SatchelIntakeLog *self);

/** Adds that a file is stored, durably. Where the mailbox has the same content, and it was not
 *  deleted, nothing is added and that entry is given. @entry is set on success.
 *  SATCHEL_BASE_ERROR_NO_SPACE, _IO; nothing was added then. */
gboolean satchel_intake_log_add_stored (SatchelIntakeLog *self,
                                        const char *mailbox,
                                        const guint8 sha256[32],
                                        guint64 size_bytes,
                                        SatchelIntakeEntry *entry,
                                        GError **error);
/** The same for several files at once, with one write and one fdatasync. @entries has their
 * mailbox, sha256 and size, in their order, and gets all of it; the same content twice is one
 * entry. All are added, or none. */
gboolean satchel_intake_log_add_all_stored (SatchelIntakeLog *self,
                                            SatchelIntakeEntry *entries,
                                            gsize n_entries,
                                            GError **error);
/** Adds a mark to what is stored; again is fine. SATCHEL_INTAKE_ERROR_NOT_FOUND. */
gboolean satchel_intake_log_add_mark (SatchelIntakeLog *self,
                                      SatchelIntakeAction action,
                                      const char *mailbox,
                                      const guint8 sha256[32],
                                      GError **error);

/** The newest entry of that content in a mailbox; FALSE where it never was there. */
gboolean satchel_intake_log_find (SatchelIntakeLog *self,
                                  const char *mailbox,
                                  const guint8 sha256[32],
                                  SatchelIntakeEntry *entry);
/** At most @max of a mailbox's entries after a position that are not deleted, oldest first.
 *  @more (nullable): whether others follow. Free with g_array_unref(). */
GArray *satchel_intake_log_page (SatchelIntakeLog *self,
                                 const char *mailbox,
                                 guint64 after,
                                 guint max,
                                 gboolean *more);
/** Every entry, deleted ones too, in order. */
GArray *satchel_intake_log_all (SatchelIntakeLog *self);
/** How many lines there are. */
guint64 satchel_intake_log_count (SatchelIntakeLog *self);

/** The *stored* receipt of an entry: always the same bytes. */
char *satchel_intake_log_receipt (SatchelIntakeLog *self,
                                  const SatchelIntakeEntry *entry,
                                  GError **error);

/** Told of each fault: one line that names it. */
typedef void (*SatchelIntakeFault) (const char *fault, gpointer user_data);

/** Reads the log at @path as an outsider: grammar, chain and every signature under @receipt.
 *  FALSE only where it cannot be read; faults are told. @lines (nullable) gets their number. */
gboolean satchel_intake_log_verify (const char *path,
                                    const SatchelMinisignKey *receipt,
                                    SatchelIntakeFault tell,
                                    gpointer user_data,
                                    guint64 *lines,
                                    GError **error);

G_END_DECLS
