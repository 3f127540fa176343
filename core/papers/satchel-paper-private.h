/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-paper.h"

G_BEGIN_DECLS

/**
 * Values by type, for the kinds of this room. Readers take the field's first value, which the field
 * table must have demanded; they set SATCHEL_PAPERS_ERROR_INVALID naming the field.
 */
#define SATCHEL_PAPER_TIME_MAX     20 /* "2024-03-09T11:05:07Z" */
#define SATCHEL_PAPER_HASH_MAX     64
#define SATCHEL_PAPER_ID_MAX       32
#define SATCHEL_PAPER_MINISIGN_MAX 56
#define SATCHEL_PAPER_NUMBER_MAX   20
/** Base64 characters of @n bytes. */
#define SATCHEL_PAPER_BASE64(n) (((n) + 2) / 3 * 4)

/** strlen() where @size_bytes is -1. */
gsize satchel_paper_size (const char *text, gssize size_bytes);

gboolean satchel_paper_fault (GError **error, const char *key, const char *fault);

gboolean
satchel_paper_get_time (SatchelPaper *self, const char *key, gint64 *unix_us, GError **error);
gboolean satchel_paper_get_number (SatchelPaper *self,
                                   const char *key,
                                   guint64 minimum,
                                   guint64 maximum,
                                   guint64 *number,
                                   GError **error);
gboolean satchel_paper_get_hash (SatchelPaper *self,
                                 const char *key,
                                 guint8 hash[32],
                                 GError **error);
gboolean satchel_paper_get_minisign (SatchelPaper *self,
                                     const char *key,
                                     SatchelMinisignKey *out,
                                     GError **error);
GBytes *satchel_paper_get_bytes (SatchelPaper *self, const char *key, guint index, GError **error);

void satchel_paper_builder_add_time (SatchelPaperBuilder *self, const char *key, gint64 unix_us);
void satchel_paper_builder_add_number (SatchelPaperBuilder *self, const char *key, guint64 number);
void satchel_paper_builder_add_hash (SatchelPaperBuilder *self,
                                     const char *key,
                                     const guint8 hash[32]);
void satchel_paper_builder_add_minisign (SatchelPaperBuilder *self,
                                         const char *key,
                                         const SatchelMinisignKey *value);

G_END_DECLS
