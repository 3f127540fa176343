/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "records/satchel-records-error.h"

G_BEGIN_DECLS

/**
 * Record kinds: what is asked about a visit, a call, a summons. A kind is a file,
 * data/kinds/ID.kind (a GKeyFile, see docs/HACKING.md, "A new kind"); the form in the app,
 * validation, search text, labels of exports and the table of `satchelctl kinds` all follow
 * from it. data/kinds/common.fields holds what kinds share: the title and notes of every
 * record, the sub-fields of people and of items, and vocabularies. All values here are
 * immutable once loaded, may be read from any thread, and are borrowed from the set of kinds.
 */

typedef enum {
  SATCHEL_FIELD_TEXT,     /* one line */
  SATCHEL_FIELD_LINES,    /* several lines */
  SATCHEL_FIELD_WHEN,     /* a moment with its offset and precision, base/satchel-time.h */
  SATCHEL_FIELD_SPAN,     /* two moments: from, to */
  SATCHEL_FIELD_CHOICE,   /* one word of a vocabulary */
  SATCHEL_FIELD_CHOICES,  /* any number of them */
  SATCHEL_FIELD_TRI,      /* yes, no, unknown */
  SATCHEL_FIELD_COUNT,    /* 0 .. 999,999,999 */
  SATCHEL_FIELD_MONEY,    /* amount, currency by ISO 4217 */
  SATCHEL_FIELD_PLACE,    /* address, and coordinates where somebody typed them */
  SATCHEL_FIELD_PEOPLE,   /* repeat: sub-fields people.* of common.fields */
  SATCHEL_FIELD_ITEMS,    /* repeat: sub-fields items.* of common.fields */
  SATCHEL_FIELD_GROUP,    /* repeat: sub-fields of its own */
  SATCHEL_FIELD_LINK,     /* another record's id */
  SATCHEL_FIELD_DEADLINE, /* when, and what must be done by then */
  SATCHEL_FIELD_LAW,      /* article as cited, one line */
} SatchelFieldType;

/** A text with its translations. */
typedef struct _SatchelLabel SatchelLabel;

/** The text in @language ("ru", "ru_RU.UTF-8", "pt-BR"; NULL for the original), falling back
 *  from region to language to the original. "" for a NULL @self. Borrowed. */
const char *satchel_label_get (const SatchelLabel *self, const char *language);

/** The languages that @self is translated into, sorted. The array is the caller's, the strings
 *  are not. */
GPtrArray *satchel_label_list_languages (const SatchelLabel *self);

typedef struct {
  char *id;
  SatchelLabel *label;
} SatchelChoice;

typedef struct _SatchelField SatchelField;
struct _SatchelField {
  char *id; /* [a-z][a-z0-9_]*, unique among its siblings */
  SatchelFieldType type;
  SatchelLabel *label;
  SatchelLabel *help;    /* nullable */
  gboolean required;     /* a complete record answers it; "unknown" is an answer */
  gboolean append_only;  /* repeats only: entries of an earlier revision stay as they are */
  char *default_text;    /* nullable; what a new record or entry starts with; "now" for a moment */
  char *not_before;      /* nullable; a sibling moment that this one may not precede */
  GPtrArray *choices;    /* of SatchelChoice; NULL unless CHOICE, CHOICES or TRI */
  GPtrArray *sub_fields; /* of SatchelField; NULL unless PEOPLE, ITEMS or GROUP */
};

typedef struct {
  char *id; /* [a-z][a-z0-9-]* */
  guint version;
  guint order; /* among kinds, in menus and lists */
  char *icon;
  SatchelLabel *label;
  SatchelLabel *help;    /* nullable; when to use this kind */
  SatchelLabel *summary; /* one line with {field} in it */
  char *when_field;      /* nullable; says when it happened (WHEN, SPAN or DEADLINE) */
  char *place_field;     /* nullable; the field that says where (PLACE) */
  GPtrArray *fields;     /* of SatchelField; title first, notes last */
} SatchelKind;

/** The field of a kind or, where @fields is a repeat's sub_fields, of an entry; NULL where
 *  there is none. */
const SatchelField *satchel_field_find (GPtrArray *fields, const char *id);
const SatchelChoice *satchel_field_find_choice (const SatchelField *field, const char *id);
gboolean satchel_field_is_repeat (const SatchelField *field);

/** The type's name in kind files: "when". */
const char *satchel_field_type_get_name (SatchelFieldType type);

/** A set of kinds. */
typedef struct _SatchelKinds SatchelKinds;

/** The built-in kinds. Never NULL; borrowed; a test proves that they load. */
const SatchelKinds *satchel_kinds_get_builtin (void);

/** A kind by id, or NULL with SATCHEL_RECORDS_ERROR_NO_SUCH_KIND. */
const SatchelKind *satchel_kinds_find (const SatchelKinds *self, const char *id, GError **error);

/** All kinds in menu order, borrowed, of const SatchelKind. */
GPtrArray *satchel_kinds_list (const SatchelKinds *self);

/**
 * Parses kind files that are not built in. @common: text of a common.fields. Strict: an
 * unknown group, key, type, vocabulary or field reference is
 * SATCHEL_RECORDS_ERROR_INVALID_KIND, and the message names @name, group and key.
 */
SatchelKinds *satchel_kinds_new (const char *name, GBytes *common, GError **error);
gboolean satchel_kinds_add (SatchelKinds *self, const char *name, GBytes *kind, GError **error);
void satchel_kinds_free (SatchelKinds *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelKinds, satchel_kinds_free)

G_END_DECLS
