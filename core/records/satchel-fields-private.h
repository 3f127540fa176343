/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/satchel-time.h"
#include "records/satchel-fields.h"

G_BEGIN_DECLS

/**
 * Inner door of field values: one value of one field. Errors are SatchelRecordsError whose message
 * lacks the label ("takes one line"): the caller puts it before, it knows of which entry.
 */

/** A value from text that is not empty; not for repeats. */
JsonNode *satchel_field_value_parse (const SatchelField *field,
                                     const char *text,
                                     gint offset_minutes,
                                     GError **error);

/** Sets or, with an empty @text, takes away one part of a value that has parts. @old may be NULL.
 *  *@out becomes a new value, or NULL where nothing is left. */
gboolean satchel_field_value_set_part (const SatchelField *field,
                                       JsonNode *old,
                                       const char *part,
                                       const char *text,
                                       gint offset_minutes,
                                       JsonNode **out,
                                       GError **error);

gboolean satchel_field_has_part (const SatchelField *field, const char *part);

/** The text that the parser would take; NULL where @value is of a wrong shape. */
char *satchel_field_value_to_text (const SatchelField *field, JsonNode *value);
char *satchel_field_part_to_text (const SatchelField *field, JsonNode *value, const char *part);

/** Whether @value is one that the parser makes, byte for byte; not for repeats. */
gboolean satchel_field_value_check (const SatchelField *field, JsonNode *value, GError **error);

/** The string of a node, borrowed, or NULL where it is none. */
const char *satchel_field_node_string (JsonNode *value);
gboolean satchel_field_node_is_unknown (JsonNode *value);

/** A string member of an object node, borrowed, or NULL. */
const char *satchel_field_node_part (JsonNode *value, const char *part);

/** The two moments of a span; FALSE where the text is none. */
gboolean satchel_field_span_parse (const char *text,
                                   gint offset_minutes,
                                   SatchelWhen *from,
                                   SatchelWhen *to);

/** The moments of a WHEN, SPAN or DEADLINE; each UNKNOWN where it is open. */
void satchel_field_value_get_moments (const SatchelField *field,
                                      JsonNode *value,
                                      SatchelWhen *from,
                                      SatchelWhen *to);

/** The array of a repeat's value, or NULL; and its entry, or NULL where that is no object. */
JsonArray *satchel_field_entries (const SatchelField *field, JsonNode *value);
JsonObject *satchel_field_entry (JsonArray *entries, guint index);

/** New defaults of @fields in @values, where there is no answer yet. */
void satchel_fields_add_defaults (GPtrArray *fields, JsonObject *values);

G_END_DECLS
