/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/satchel-file.h"
#include "base/satchel-hash.h"
#include "intake/satchel-intake-store.h"

G_BEGIN_DECLS

typedef enum {
  SATCHEL_INTAKE_UPLOAD_OPEN,
  SATCHEL_INTAKE_UPLOAD_FINISHED, /* whole, hashed; in the mailbox where there is no part */
  SATCHEL_INTAKE_UPLOAD_EXPIRED,
} SatchelIntakeUploadState;

struct _SatchelIntakeStore {
  char *folder;
  char *uploads_folder;
  char *mailboxes_folder;
  SatchelIntakeLog *log;
  GMutex mutex; /* guards limits and uploads */
  SatchelIntakeLimits limits;
  GHashTable *uploads; /* id -> SatchelIntakeUpload */
  GHashTable *days;    /* owner -> what it announced within a day */
  GMutex files_mutex;  /* files come to the mailboxes and the log, and go, one round at a time */
  GMutex commit_mutex; /* guards what follows */
  GQueue commits;      /* what waits for the next round */
  gboolean committing; /* a thread runs rounds */
  /* Who runs a round: the uploads' folder, for syncfs(), or -1 where that is not to be relied on.
   */
  int sync_fd;
};

struct _SatchelIntakeUpload {
  SatchelIntakeStore *store;
  char *id;
  char *mailbox;
  char *owner;
  gboolean limited;
  guint64 length_bytes;
  gint64 created_unix_us;
  gint64 touched_unix_us; /* the last byte, or the end */
  SatchelIntakeUploadState state;
  guint8 sha256[32]; /* once finished */
  guint64 offset_bytes;
  gpointer holder;
  GList *day_link;  /* its place among the owner's of a day; NULL: older, or not counted yet */
  gboolean unsaved; /* nobody was told of it yet: no .json, perhaps no part */
  /* While a body arrives. */
  int fd;
  gboolean checked;
  gboolean marked; /* there is a .mark */
  SatchelSha256 *body_hash;
  guint64 written_bytes; /* the part's size, durable or not */
  /* Over the bytes from 0 to hashed_bytes; NULL where they must be read again. */
  SatchelSha256 *hash;
  guint64 hashed_bytes;
};

SatchelIntakeUpload *satchel_intake_upload_new (SatchelIntakeStore *store, const char *id);
/** Reads the .json and the part as they stand. */
SatchelIntakeUpload *
satchel_intake_upload_load (SatchelIntakeStore *store, const char *id, GError **error);
/** Writes the .json, durably. */
gboolean satchel_intake_upload_save (SatchelIntakeUpload *self, GError **error);
/** Begins a .json with what self->state and self->sha256 are to be; to be placed. */
SatchelNewFile *satchel_intake_upload_begin_info (SatchelIntakeUpload *self,
                                                  SatchelIntakeUploadState state,
                                                  GError **error);
/** Opens the part; an unsaved upload's is made. */
gboolean satchel_intake_upload_open_part (SatchelIntakeUpload *self, GError **error);
/** Brings the hash up to the bytes that are in the part. */
gboolean satchel_intake_upload_catch_up (SatchelIntakeUpload *self, GError **error);
void satchel_intake_upload_close_part (SatchelIntakeUpload *self);
/** Makes the part's bytes durable, and moves the offset; after an error it is where it was. */
gboolean satchel_intake_upload_keep (SatchelIntakeUpload *self, GError **error);
/** They are durable already: only moves the offset. */
void satchel_intake_upload_kept (SatchelIntakeUpload *self);
char *satchel_intake_upload_dup_path (SatchelIntakeUpload *self, const char *ending);
/** Removes all of it but what is in the mailbox; its length no longer counts for the token. */
gboolean satchel_intake_upload_forget (SatchelIntakeUpload *self, GError **error);
/** Takes it out of the store's table and of its owner's day. */
void satchel_intake_store_drop (SatchelIntakeStore *self, SatchelIntakeUpload *upload);
void satchel_intake_upload_drop_hash (SatchelIntakeUpload *self);

G_END_DECLS
