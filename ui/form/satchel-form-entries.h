/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "form/satchel-form-row.h"

G_BEGIN_DECLS

/**
 * A question with any number of answers, each of several parts: officers, things taken, notes. One
 * card an entry, that opens. Signals "answered" (path, text) as of SatchelFormRow, and "removed"
 * (index: guint): a person took an entry away, whose card is gone already.
 */
#define SATCHEL_TYPE_FORM_ENTRIES (satchel_form_entries_get_type ())
G_DECLARE_FINAL_TYPE (
    SatchelFormEntries, satchel_form_entries, SATCHEL, FORM_ENTRIES, AdwPreferencesGroup)

/** @field: a repeat, at the top of a kind. */
SatchelFormEntries *satchel_form_entries_new (const SatchelField *field, SatchelSession *session);

/** Shows the entries in @values. The first @locked_count stay as they are. */
void satchel_form_entries_show (SatchelFormEntries *self,
                                const SatchelKind *kind,
                                JsonObject *values,
                                guint locked_count);

/** Calls the cards by what their entries say now. */
void satchel_form_entries_name (SatchelFormEntries *self, JsonObject *values);

/** An empty card at the end, opened, with the focus; or the one that is empty already. */
void satchel_form_entries_add (SatchelFormEntries *self);

/** The row that @path is of, with its card opened; NULL where there is none. Borrowed. */
SatchelFormRow *satchel_form_entries_find_row (SatchelFormEntries *self, const char *path);

G_END_DECLS
