/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "base/satchel-time.h"

G_BEGIN_DECLS

/**
 * Lines of JSON in one spelling: what is stored is what is hashed. Writers append member by member;
 * readers parse, write again what they understood, and compare.
 */
GString *satchel_line_new (void);
void satchel_line_add_string (GString *line, const char *name, const char *value); /* NULL: none */
void satchel_line_add_int (GString *line, const char *name, gint64 value);
void satchel_line_add_hash (GString *line, const char *name, const guint8 *hash); /* NULL: none */
void satchel_line_add_exact (GString *line, const char *name, gint64 unix_us);
/** Strings, whole numbers, true, false, null, arrays and objects; members as they stand. NULL:
 *  none. */
void satchel_line_add_object (GString *line, const char *name, JsonObject *object);
/** Ends the line, hashes it, and returns its text. */
char *satchel_line_end (GString *line, guint8 hash[32]);

/** Readers of single members. An optional one that is missing leaves @out as it was. All give
 *  SATCHEL_BASE_ERROR_INVALID. */
gboolean satchel_line_get_optional (
    JsonObject *object, const char *name, gsize max_bytes, char **out, GError **error);
gboolean satchel_line_get_hash (JsonObject *object,
                                const char *name,
                                gboolean optional,
                                gboolean *present,
                                guint8 out[32],
                                GError **error);
gboolean satchel_line_get_id (JsonObject *object, const char *name, char **out, GError **error);
gboolean
satchel_line_get_exact (JsonObject *object, const char *name, gint64 *unix_us, GError **error);

/** FALSE with SATCHEL_RECORDS_ERROR_DAMAGED, keeping the message of @cause (taken). */
gboolean satchel_line_take_damage (GError **error, const char *what, GError *cause);

G_END_DECLS
