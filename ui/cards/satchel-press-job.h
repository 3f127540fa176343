/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cards/satchel-press-face.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/** What the pages of press cards ask of the vault: jobs for satchel_session_run_async(). */

/** One record that is a press card. */
typedef struct {
  char *id;
  const SatchelKind *kind;
  JsonObject *values;
  char *scan_id;   /* of the item that shows it; NULL for none */
  char *scan_type; /* of its content; NULL for none */
} SatchelPress;

void satchel_press_free (SatchelPress *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelPress, satchel_press_free)

/** Gives a GPtrArray of SatchelPress: the owner's own, cards before assignments, the newest first.
 */
SatchelSessionJob satchel_press_list_job (void);

/** Gives a SatchelPress. SATCHEL_RECORDS_ERROR_NOT_FOUND. */
SatchelSessionJob satchel_press_load_job (const char *record_id);

G_END_DECLS
