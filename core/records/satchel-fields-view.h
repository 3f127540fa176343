/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/satchel-time.h"
#include "records/satchel-fields.h"

G_BEGIN_DECLS

/**
 * What field values say, for lists, search, calendars and people. These functions fail on
 * nothing: values that a newer version of a kind wrote, or that are of a wrong shape, are left
 * out or shown as they stand. Results are the caller's. Texts may hold what somebody else
 * wrote: pass them through satchel_text_for_display() before a terminal sees them.
 */

/** One line from the kind's Summary: "Sgt Petrov at Sadovaya 4". Placeholders without an
 *  answer vanish with the words that tie them to their neighbour; the kind's label where none
 *  is answered. */
char *
satchel_fields_dup_summary (const SatchelKind *kind, JsonObject *values, const char *language);

/** Everything that can be searched for: texts, names, places, numbers, and chosen words in
 *  every language; separated by newlines. */
char *satchel_fields_dup_search_text (const SatchelKind *kind, JsonObject *values);

/** When it happened: the start of the kind's When field; FALSE where that is open or unknown. */
gboolean satchel_fields_get_when (const SatchelKind *kind, JsonObject *values, SatchelWhen *out);

/** The same with its end: UNKNOWN where the field is no span, or its end open; @from UNKNOWN where
 *  the beginning is. FALSE where both are. */
gboolean satchel_fields_get_span (const SatchelKind *kind,
                                  JsonObject *values,
                                  SatchelWhen *from,
                                  SatchelWhen *to);

/** Where it happened: text of the kind's Place field, borrowed from @values, or NULL. */
const char *satchel_fields_get_place (const SatchelKind *kind, JsonObject *values);

/** A deadline field with its answer. */
typedef struct {
  char *path;       /* "appear" or "places.0.until" */
  SatchelWhen when; /* SATCHEL_PRECISION_UNKNOWN where only @what is known */
  char *label;      /* of the field, in @language */
  char *what;       /* what must be done; else the label */
} SatchelFieldDeadline;
GPtrArray *satchel_fields_list_deadlines (const SatchelKind *kind,
                                          JsonObject *values,
                                          const char *language);
void satchel_field_deadline_free (SatchelFieldDeadline *self);

/** A link field with the record that it names. */
typedef struct {
  char *path;
  char *id;
} SatchelFieldLink;
GPtrArray *satchel_fields_list_links (const SatchelKind *kind, JsonObject *values);
void satchel_field_link_free (SatchelFieldLink *self);

/** A line of a record as people read it. An entry of a repeat is a heading ("Officer 1", value
 *  NULL) with its sub-fields one deeper. Unanswered fields have no row. */
typedef struct {
  char *path;
  char *label;
  char *value; /* nullable */
  guint depth;
  SatchelFieldType type;
} SatchelFieldRow;
GPtrArray *satchel_fields_list_rows (const SatchelKind *kind,
                                     JsonObject *values,
                                     const char *language);
void satchel_field_row_free (SatchelFieldRow *self);

/** One value of a field in words, as in a row; NULL where @value says nothing. */
char *
satchel_field_value_to_words (const SatchelField *field, JsonNode *value, const char *language);

G_END_DECLS
