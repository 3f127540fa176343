/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-record.h"

G_BEGIN_DECLS

/**
 * A row of a list of records: what is shown of one, not the record. Empty until it is filled.
 *
 * Signal "filled": the line is another one now.
 */
#define SATCHEL_TYPE_RECORD_ITEM (satchel_record_item_get_type ())
G_DECLARE_FINAL_TYPE (SatchelRecordItem, satchel_record_item, SATCHEL, RECORD_ITEM, GObject)

SatchelRecordItem *satchel_record_item_new (void);

/** What an item is filled with; made in any thread. */
typedef struct {
  gint64 row;
  char *id;
  char *title;
  char *subtitle;
  char *icon;
  char *markup;       /* title and what a search found, escaped; found words are bold */
  char *spoken;       /* what a screen reader says after the title; NULL: the subtitle */
  gboolean is_marked; /* not read yet */
} SatchelRecordLine;

/** @snippet (nullable): of a search, with its marks. */
SatchelRecordLine *satchel_record_line_new (const SatchelRecord *record, const char *snippet);
void satchel_record_line_free (SatchelRecordLine *self);

/** The markup of a title and a search's @snippet (nullable). A snippet that begins with the title
 *  marks the words there, and is shown only as far as something was found after it. */
char *satchel_record_line_to_markup (const char *title, const char *snippet);

const char *satchel_record_item_get_id (SatchelRecordItem *self);

/** What it is filled with, borrowed; all NULL before. */
const SatchelRecordLine *satchel_record_item_get_line (SatchelRecordItem *self);

void satchel_record_item_fill (SatchelRecordItem *self, const SatchelRecordLine *line);

G_END_DECLS
