/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-papers-error.h"
#include "seal/satchel-minisign.h"

G_BEGIN_DECLS

/**
 * A signed paper: a body of lines, an empty line, and a minisign signature of four lines. The
 * body's first line names kind and version ("satchel-card v1"), the others are "key: value" in the
 * order of the kind's field table. The signature covers the body with its last LF; both of its
 * comments repeat the first line. docs/FORMAT.md, "Papers".
 *
 * One paper has one spelling: any byte changed makes it another paper or none. A reader demands its
 * own kind, so that a key can never be tricked into signing a thing that is read as another.
 * This is the grammar that every kind in this room shares; other rooms use the kinds.
 */

/** How often a field stands in a paper, and how long its value may be. */
typedef struct {
  const char *key;
  guint minimum;
  guint maximum;
  gsize value_max; /* bytes */
} SatchelPaperField;

/** A kind: its name after "satchel-", the most bytes of a whole paper, and its fields in order. */
typedef struct {
  const char *name;
  gsize size_max;
  const SatchelPaperField *fields;
  guint n_fields;
} SatchelPaperKind;

typedef struct _SatchelPaper SatchelPaper;

/** Reads the grammar of a whole paper of @kind. Nothing is verified yet.
 *  SATCHEL_PAPERS_ERROR_INVALID, _OTHER_KIND, _NEWER. */
SatchelPaper *satchel_paper_parse (const SatchelPaperKind *kind,
                                   const char *text,
                                   gsize size_bytes,
                                   GError **error);

/** Whether @key signed it. SATCHEL_PAPERS_ERROR_SIGNATURE. */
gboolean satchel_paper_verify (SatchelPaper *self, const SatchelMinisignKey *key, GError **error);

/** How often a field stands there, and its values, borrowed; @index below the count. */
guint satchel_paper_count (SatchelPaper *self, const char *key);
const char *satchel_paper_get (SatchelPaper *self, const char *key, guint index);

/** The whole text as read, borrowed; @size_bytes nullable. */
const char *satchel_paper_get_text (SatchelPaper *self, gsize *size_bytes);

/** The kind named by a text's first line ("card"), or NULL where it is no paper. Says nothing
 *  else. @text: NULL, too, where @size_bytes is 0. */
char *satchel_paper_guess_kind (const char *text, gsize size_bytes);

void satchel_paper_free (SatchelPaper *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelPaper, satchel_paper_free)

/** Writing: a body that grows line by line. Values are checked when it is signed. */
typedef struct _SatchelPaperBuilder SatchelPaperBuilder;
SatchelPaperBuilder *satchel_paper_builder_new (const SatchelPaperKind *kind);
void satchel_paper_builder_add (SatchelPaperBuilder *self, const char *key, const char *value);
/** Adds a whole paper, or other bytes, as base64. */
void satchel_paper_builder_add_bytes (SatchelPaperBuilder *self,
                                      const char *key,
                                      gconstpointer data,
                                      gsize size_bytes);
/** Signs with a minisign pair; the text is read back by the parser before it is given out, so that
 *  no paper is written that would not be read. The signature is the caller's to verify, where it
 *  reads the values back too. */
char *satchel_paper_builder_sign (SatchelPaperBuilder *self,
                                  SatchelSecret *pair,
                                  GError **error);
void satchel_paper_builder_free (SatchelPaperBuilder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelPaperBuilder, satchel_paper_builder_free)

G_END_DECLS
