/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "intake/satchel-intake-log.h"

G_BEGIN_DECLS

/** One line of the log, as text and as what it says. */
#define SATCHEL_INTAKE_LINE_MAX 1024

typedef struct {
  guint64 position;
  gint64 time_unix_us;
  SatchelIntakeAction action;
  char mailbox[SATCHEL_MAILBOX_ID_LENGTH + 1];
  guint8 sha256[32];
  guint64 size_bytes;
  guint8 previous[32];
  guint8 signature[64];
  gsize signed_size_bytes; /* of the object at the line's start */
} SatchelIntakeLine;

/** Writes and signs a line, without its LF. */
char *satchel_intake_line_sign (const SatchelIntakeLine *line, SatchelSecret *receipt_pair);
/** Reads one, without its LF: the one spelling that the writer has. SATCHEL_INTAKE_ERROR_DAMAGED.
 */
gboolean satchel_intake_line_parse (const char *text,
                                    gsize size_bytes,
                                    SatchelIntakeLine *line,
                                    GError **error);
gboolean satchel_intake_line_verify (const char *text,
                                     const SatchelIntakeLine *line,
                                     const SatchelMinisignKey *receipt);

G_END_DECLS
