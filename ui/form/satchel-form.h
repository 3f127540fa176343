/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "form/satchel-form-entries.h"

G_BEGIN_DECLS

/**
 * The questions of a kind, with a record's answers, to be read and changed. It keeps the values as
 * they were answered so far, and beside them what was typed but cannot be kept as it is, so that a
 * draft loses nothing. Signal "changed": a person answered something.
 */
#define SATCHEL_TYPE_FORM (satchel_form_get_type ())
G_DECLARE_FINAL_TYPE (SatchelForm, satchel_form, SATCHEL, FORM, AdwBin)

/** @kind: borrowed, a built-in one. */
SatchelForm *satchel_form_new (const SatchelKind *kind, SatchelSession *session);

/** Shows @values (copied). @saved (nullable): those of the latest revision; entries that it has of
 *  an append-only question stay as they are. */
void satchel_form_show (SatchelForm *self, JsonObject *values, JsonObject *saved);

/** The answers; the caller's, a copy. */
JsonObject *satchel_form_dup_values (SatchelForm *self);

/** The form as a draft's JSON text, {"values": {...}, "typed": {"PATH": "TEXT"}}; and such a text
 *  shown. What this version does not know in it is left out. FALSE where @text is no draft. */
char *satchel_form_dup_draft (SatchelForm *self);
gboolean satchel_form_show_draft (SatchelForm *self,
                                  const char *text,
                                  JsonObject *saved,
                                  GError **error);

/** Looks everything through, marks what is wrong, and takes the focus to the first. TRUE where
 *  nothing is. */
gboolean satchel_form_check (SatchelForm *self, SatchelFieldsStage stage);

/** Whether there is any answer that the kind's defaults do not give. */
gboolean satchel_form_is_empty (SatchelForm *self);

/** The focus to where writing begins: the first question that needs an answer and has none, else
 *  the first of all. */
void satchel_form_focus (SatchelForm *self);

G_END_DECLS
