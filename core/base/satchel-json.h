/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * JSON from outside. json-glib is lenient (duplicate keys, lone surrogates, NUL) and overflows its
 * stack on deep input, so a strict scanner (RFC 8259, one pass, constant stack) looks first: size,
 * UTF-8, depth of at most 32, no duplicate keys in an object, no lone surrogates, no NUL, nothing
 * after the value; at most 10,000 members an object and 1,000,000 values in all, integers of at
 * most 18 digits.
 */
#define SATCHEL_JSON_DEPTH_MAX 32

/** Checks without building. @limit_bytes is compared before anything is read.
 *  SATCHEL_BASE_ERROR_INVALID (message names rule and byte offset) or _TOO_LARGE. */
gboolean satchel_json_check (const char *data, gsize size_bytes, gsize limit_bytes, GError **error);

/** Checks, then parses. */
JsonNode *
satchel_json_parse (const char *data, gsize size_bytes, gsize limit_bytes, GError **error);

/** One line without spaces or newline, members in insertion order. What is stored is what is
 * hashed. */
char *satchel_json_to_line (JsonNode *node, gsize *size_bytes);

/** Members by type, for documents from outside: FALSE and SATCHEL_BASE_ERROR_INVALID naming the
 * member where it is missing or of another type. Strings are borrowed from @object and bounded by
 * @max_bytes. */
gboolean satchel_json_get_string (
    JsonObject *object, const char *member, gsize max_bytes, const char **out, GError **error);
gboolean satchel_json_get_int (JsonObject *object,
                               const char *member,
                               gint64 minimum,
                               gint64 maximum,
                               gint64 *out,
                               GError **error);
gboolean satchel_json_get_array (
    JsonObject *object, const char *member, guint max_elements, JsonArray **out, GError **error);
gboolean
satchel_json_get_object (JsonObject *object, const char *member, JsonObject **out, GError **error);

/** FALSE and an error naming the first member that is not in the NULL-terminated @allowed. */
gboolean satchel_json_only (JsonObject *object, const char *const *allowed, GError **error);

G_END_DECLS
