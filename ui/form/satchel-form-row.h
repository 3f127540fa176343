/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "form/satchel-form-editor.h"

G_BEGIN_DECLS

/**
 * A question with what answers it: label, help, one editor or one for each part, and what is wrong.
 * Signal "answered" (path, text: strings): a person answered; satchel_fields_set() takes them.
 */
#define SATCHEL_TYPE_FORM_ROW (satchel_form_row_get_type ())
G_DECLARE_FINAL_TYPE (SatchelFormRow, satchel_form_row, SATCHEL, FORM_ROW, AdwPreferencesRow)

/** @field: not a repeat. @path: where its answer is. */
SatchelFormRow *
satchel_form_row_new (const SatchelField *field, const char *path, SatchelSession *session);

const SatchelField *satchel_form_row_get_field (SatchelFormRow *self);

/** For an entry that got another number. */
void satchel_form_row_set_path (SatchelFormRow *self, const char *path);

/** Whether @path is this answer's or of a part of it. */
gboolean satchel_form_row_has_path (SatchelFormRow *self, const char *path);

/** Shows the answer in @values, and no fault. */
void satchel_form_row_show (SatchelFormRow *self, const SatchelKind *kind, JsonObject *values);

/** Shows @text at @path as somebody typed it. */
void satchel_form_row_show_typed (SatchelFormRow *self, const char *path, const char *text);

/** Says what is wrong below the answer; NULL for nothing. While somebody types in it, a fault waits
 *  for a pause, unless it @is_urgent. */
void satchel_form_row_set_fault (SatchelFormRow *self, const char *fault, gboolean is_urgent);

G_END_DECLS
