/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "intake/satchel-intake-log.h"

G_BEGIN_DECLS

/**
 * The intake's files: mailboxes/<mailbox id>/<sha256>.age, and uploads aside until they are whole.
 *
 *   uploads/<32 hex>.part   the bytes that arrived
 *   uploads/<32 hex>.json   mailbox, owner, length, state; gone a day after the upload ended
 *   uploads/<32 hex>.mark   while a body with a checksum arrives: the offset to go back to
 *
 * An upload's offset is the size of its part after fdatasync, so that what was acknowledged is
 * there after a crash. Finishing: fdatasync, hash into the .json, rename into the mailbox, fsync of
 * the folders, log line; each step can be begun again by satchel_intake_store_open(). Uploads that
 * come to their end while others are being finished share the next round of that: each step is
 * taken for all of them before the next one, and they are told when the last is done.
 *
 * The store's own functions may be called from any thread; those of one upload from one thread at a
 * time. All of them block on the disk.
 */
typedef struct {
  guint64 upload_max_bytes;
  guint64 token_day_bytes; /* what one token may announce within a day */
  guint64 reserve_bytes;   /* of the disk, never filled by uploads */
  gint64 expire_us;        /* after an unfinished upload's last byte */
} SatchelIntakeLimits;

typedef struct _SatchelIntakeStore SatchelIntakeStore;
typedef struct _SatchelIntakeUpload SatchelIntakeUpload;

/** Opens the folder's store, makes what is missing, ends what a crash left half done. @log is
 *  borrowed. SatchelBaseError, SATCHEL_INTAKE_ERROR_DAMAGED. */
SatchelIntakeStore *satchel_intake_store_open (const char *folder,
                                               SatchelIntakeLog *log,
                                               const SatchelIntakeLimits *limits,
                                               GError **error);
void satchel_intake_store_close (SatchelIntakeStore *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelIntakeStore, satchel_intake_store_close)
void satchel_intake_store_set_limits (SatchelIntakeStore *self, const SatchelIntakeLimits *limits);

/** Bytes that uploads may still take; 0 where the reserve is reached. */
guint64 satchel_intake_store_get_room (SatchelIntakeStore *self);

/** The path of a stored file, whether or not it is there. */
char *satchel_intake_store_dup_path (SatchelIntakeStore *self,
                                     const char *mailbox,
                                     const guint8 sha256[32]);
/** Marks a file deleted in the log, then unlinks it. SATCHEL_INTAKE_ERROR_NOT_FOUND. */
gboolean satchel_intake_store_delete (SatchelIntakeStore *self,
                                      const char *mailbox,
                                      const guint8 sha256[32],
                                      GError **error);

/** Makes an upload. @owner: whose it is, compared when it is gone on with. @limited: whether the
 *  day's quota counts. SATCHEL_INTAKE_ERROR_TOO_LARGE, _NO_SPACE; nothing was made then. */
SatchelIntakeUpload *satchel_intake_store_new_upload (SatchelIntakeStore *self,
                                                      const char *mailbox,
                                                      const char *owner,
                                                      gboolean limited,
                                                      guint64 length_bytes,
                                                      GError **error);
/** The same, but in memory alone: its files are made with its first body, and it is on disk when
 *  that has ended. For a body that comes with the creation: nobody knows of the upload before. */
SatchelIntakeUpload *satchel_intake_store_announce_upload (SatchelIntakeStore *self,
                                                           const char *mailbox,
                                                           const char *owner,
                                                           gboolean limited,
                                                           guint64 length_bytes,
                                                           GError **error);
/** Finds one, a new reference. SATCHEL_INTAKE_ERROR_NOT_FOUND (another's too), _GONE. */
SatchelIntakeUpload *satchel_intake_store_find_upload (SatchelIntakeStore *self,
                                                       const char *id,
                                                       const char *owner,
                                                       GError **error);
/** Ends uploads whose time is over and forgets old ones; skips those that are held. Returns how
 *  many were ended. */
guint satchel_intake_store_sweep (SatchelIntakeStore *self);
guint satchel_intake_store_count_uploads (SatchelIntakeStore *self);

SatchelIntakeUpload *satchel_intake_upload_ref (SatchelIntakeUpload *self);
void satchel_intake_upload_unref (SatchelIntakeUpload *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelIntakeUpload, satchel_intake_upload_unref)
const char *satchel_intake_upload_get_id (SatchelIntakeUpload *self);
guint64 satchel_intake_upload_get_offset (SatchelIntakeUpload *self);
guint64 satchel_intake_upload_get_length (SatchelIntakeUpload *self);
gint64 satchel_intake_upload_get_expires (SatchelIntakeUpload *self);
/** A pointer of whoever is at work on it; a held upload is not swept. */
void satchel_intake_upload_set_holder (SatchelIntakeUpload *self, gpointer holder);
gpointer satchel_intake_upload_get_holder (SatchelIntakeUpload *self);

/** Begins a body at @offset_bytes, which must be the upload's: SATCHEL_INTAKE_ERROR_CONFLICT.
 *  @checked: whether it will be kept whole or not at all. Ends with satchel_intake_upload_end(),
 *  also after an error. */
gboolean satchel_intake_upload_begin (SatchelIntakeUpload *self,
                                      guint64 offset_bytes,
                                      gboolean checked,
                                      GError **error);
/** Adds bytes, not yet durable. After an error what fitted is kept; only _end() may follow.
 *  SATCHEL_INTAKE_ERROR_TOO_LARGE beyond the length, _NO_SPACE. */
gboolean satchel_intake_upload_write (SatchelIntakeUpload *self,
                                      const guint8 *data,
                                      gsize size_bytes,
                                      GError **error);
/** Ends a body: makes it durable and moves the offset. @sha256 (nullable): what a checked body must
 *  hash to, else SATCHEL_INTAKE_ERROR_CHECKSUM. A checked body that is not @complete or differs is
 *  taken back. After SATCHEL_BASE_ERROR_IO the offset is as it was before. @last (nullable): set to
 *  TRUE where the upload is whole now and this is left to satchel_intake_upload_commit(), which
 *  must follow. An announced upload of which nothing came is forgotten. */
gboolean satchel_intake_upload_end (SatchelIntakeUpload *self,
                                    gboolean complete,
                                    const guint8 *sha256,
                                    gboolean *last,
                                    GError **error);
/** Whether it expired, was removed or forgotten. */
gboolean satchel_intake_upload_is_over (SatchelIntakeUpload *self);
/** Whether all bytes are there, finished or not. */
gboolean satchel_intake_upload_is_complete (SatchelIntakeUpload *self);
/** Puts a complete upload into its mailbox and the log, or gives the entry of one that is. */
gboolean satchel_intake_upload_finish (SatchelIntakeUpload *self,
                                       SatchelIntakeEntry *entry,
                                       GError **error);
/** The same for one whose last body has ended, together with the others that are waiting for it.
 *  @done is called once, with the entry and its receipt or an error, perhaps from another thread or
 *  before this returns. The thread that calls may be kept to serve others. */
typedef void (*SatchelIntakeCommitted) (const SatchelIntakeEntry *entry,
                                        const char *receipt,
                                        const GError *error,
                                        gpointer user_data);
void satchel_intake_upload_commit (SatchelIntakeUpload *self,
                                   SatchelIntakeCommitted done,
                                   gpointer user_data);
/** Throws it away; what is finished stays in its mailbox, and counts for its token until the day is
 *  over. */
gboolean satchel_intake_upload_remove (SatchelIntakeUpload *self, GError **error);

G_END_DECLS
