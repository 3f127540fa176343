/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/satchel-json.h"
#include "records/satchel-kind.h"

G_BEGIN_DECLS

/**
 * A record's field values: one JSON object, members named after fields, in the kind's order. A
 * member that is missing was not answered; the string "unknown" is an answer, for every type:
 *
 *   text, lines, law, link   string
 *   when                     string, satchel_when_format(): "2024-03-09T14:05+03:00", "2024-03"
 *   span                     string of two such, each may be "?": "2024-03-09T14+03:00/?"
 *   choice, tri              string, the choice's id: "witness"; "yes", "no"
 *   choices                  array of such strings, in the vocabulary's order, each once, not empty
 *   count                    integer
 *   money                    {"amount": "75000.50", "currency": "RUB"}
 *   place                    {"text": "...", "coordinates": "55.7558,37.6173"}, either may be
 *  missing
 *   deadline                 {"when": "...", "what": "..."}, either may be missing
 *   people, items, group     array of objects with the sub-fields, at most 1,000, not empty
 *
 * Values may come from outside; nothing here asserts on them. Errors are SatchelRecordsError.
 */
#define SATCHEL_FIELD_SIZE_MAX  (1024 * 1024)     /* one text, in bytes */
#define SATCHEL_FIELDS_SIZE_MAX (4 * 1024 * 1024) /* all values of a revision as a line */
#define SATCHEL_REPEATS_MAX     1000
#define SATCHEL_FIELD_UNKNOWN   "unknown"

/** Values of a new record: the kind's defaults and nothing else. */
JsonObject *satchel_fields_new (const SatchelKind *kind);

/**
 * Sets one value from "PATH=TEXT", as `satchelctl new -s` takes it. @offset_minutes is meant
 * where a time is written without one. After an error @values is as it was.
 *
 * PATH is a field's id, with the number of an entry and the sub-field in repeats
 * (`officers.0.name`; the number after the last adds an entry, which starts with the
 * sub-fields' defaults), or a part: `fine.amount`, `fine.currency`, `place.text`,
 * `place.coordinates`, `span.from`, `span.to`, `appear.when`, `appear.what`. TEXT is the form
 * above for strings; and "a, b" for choices, "75000 RUB" for money, an address for a place,
 * "2024-03-12T10:00+03:00 come to room 5" for a deadline, a single time for a span's
 * beginning. `?` and `unknown` mean unknown. Empty takes the answer away (`officers.1=` the
 * whole entry). An address alone leaves the coordinates as they are; an amount that is taken away
 * takes its currency along. An amount and a currency may be set one after the other; one without
 * the other is a problem for satchel_fields_validate(), in a draft, too.
 *
 * SATCHEL_RECORDS_ERROR_NO_SUCH_FIELD, _INVALID_VALUE (a sentence naming the field by its
 * label), _TOO_LARGE.
 */
gboolean satchel_fields_assign (const SatchelKind *kind,
                                JsonObject *values,
                                const char *assignment,
                                gint offset_minutes,
                                GError **error);

/** The same with @path and @text apart. */
gboolean satchel_fields_set (const SatchelKind *kind,
                             JsonObject *values,
                             const char *path,
                             const char *text,
                             gint offset_minutes,
                             GError **error);

/** The text that satchel_fields_set() would take to set what is at @path; NULL where there is
 *  no answer or no such path. For forms; a repeat or an entry as a whole has no text. */
char *satchel_fields_dup_text (const SatchelKind *kind, JsonObject *values, const char *path);

/** What is wrong at one place. */
typedef struct {
  char *path;    /* "officers.0.attribution" */
  char *message; /* a sentence */
} SatchelFieldProblem;

typedef enum {
  SATCHEL_FIELDS_DRAFT,    /* required fields may still be open (but not those inside an entry) */
  SATCHEL_FIELDS_COMPLETE, /* every required field is answered */
} SatchelFieldsStage;

/** Everything wrong with @values, at most 100 problems, in the kind's order; empty if all is
 *  well. Of SatchelFieldProblem; the caller's. */
GPtrArray *satchel_fields_list_problems (const SatchelKind *kind,
                                         JsonObject *values,
                                         SatchelFieldsStage stage);

/** FALSE with the first of those problems: SATCHEL_RECORDS_ERROR_INVALID_VALUE, _NO_SUCH_FIELD
 *  or _TOO_LARGE. */
gboolean satchel_fields_validate (const SatchelKind *kind,
                                  JsonObject *values,
                                  SatchelFieldsStage stage,
                                  GError **error);

/** FALSE with SATCHEL_RECORDS_ERROR_FINAL where an append-only entry of @before was changed or
 *  left out in @after. */
gboolean satchel_fields_check_appended (const SatchelKind *kind,
                                        JsonObject *before,
                                        JsonObject *after,
                                        GError **error);

/** A copy with members in canonical order, that may be changed. Members that the kind does not know
 *  come last, in their own order. */
JsonObject *satchel_fields_canonical (const SatchelKind *kind, JsonObject *values);

/** The canonical line: what is stored is what is hashed. */
char *satchel_fields_to_line (const SatchelKind *kind, JsonObject *values, gsize *size_bytes);

/** Reads such a line: JSON under limits (SATCHEL_BASE_ERROR_*), then satchel_fields_validate()
 *  as a draft. */
JsonObject *
satchel_fields_parse (const SatchelKind *kind, const char *line, gsize size_bytes, GError **error);

void satchel_field_problem_free (SatchelFieldProblem *self);

G_END_DECLS
