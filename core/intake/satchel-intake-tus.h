/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "intake/satchel-intake-error.h"

G_BEGIN_DECLS

/** Texts of tus 1.0.0 (https://tus.io/protocols/resumable-upload) and of HTTP, strictly read. */
#define SATCHEL_INTAKE_TUS_VERSION "1.0.0"
#define SATCHEL_INTAKE_TUS_TYPE    "application/offset+octet-stream"
#define SATCHEL_INTAKE_TUS_EXTENSIONS \
  "creation,creation-with-upload,expiration,termination,checksum"

/** A non-negative number in digits alone, at most G_MAXINT64: Upload-Offset, Upload-Length. */
gboolean satchel_intake_tus_number (const char *text, guint64 *out);
/** "sha256 <base64>": SATCHEL_INTAKE_ERROR_REQUEST for other algorithms and malformed ones. */
gboolean satchel_intake_tus_checksum (const char *text, guint8 sha256[32], GError **error);
/** "bytes=N-", "bytes=N-M", "bytes=-N" over a file of @size_bytes (RFC 9110, 14.1.2): one range.
 *  FALSE with SATCHEL_INTAKE_ERROR_RANGE where it lies outside; a header that is none of these, or
 *  several ranges, is to be ignored: TRUE with the whole. */
gboolean satchel_intake_tus_range (
    const char *text, guint64 size_bytes, guint64 *from, guint64 *length, GError **error);

/** Paths of the protocol. */
typedef enum {
  SATCHEL_INTAKE_PATH_OTHER,
  SATCHEL_INTAKE_PATH_WELL_KNOWN,
  SATCHEL_INTAKE_PATH_UPLOADS,  /* /uploads, /mailboxes/<id>/uploads */
  SATCHEL_INTAKE_PATH_UPLOAD,   /* /uploads/<id> */
  SATCHEL_INTAKE_PATH_MAILBOX,  /* /mailboxes/<id> */
  SATCHEL_INTAKE_PATH_FILE,     /* /mailboxes/<id>/<sha256> */
  SATCHEL_INTAKE_PATH_SEEN,     /* /mailboxes/<id>/<sha256>/seen */
  SATCHEL_INTAKE_PATH_RECEIPT,  /* /receipts/<sha256> */
  SATCHEL_INTAKE_PATH_NEWSROOM, /* /newsroom */
} SatchelIntakePathKind;

typedef struct {
  SatchelIntakePathKind kind;
  char mailbox[65]; /* "" where the path names none */
  char upload[33];
  guint8 sha256[32];
} SatchelIntakePath;

/** Takes a path apart, as sent; ids in one spelling only. */
void satchel_intake_path_parse (const char *path, SatchelIntakePath *out);

G_END_DECLS
