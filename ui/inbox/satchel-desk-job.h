/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "people/satchel-contact.h"
#include "session/satchel-session.h"
#include "sync/satchel-desk.h"

G_BEGIN_DECLS

/** What the work of a desk asks of the vault: jobs for satchel_session_run_async(). */

/** Whom work can be assigned to, and the tags that there are. */
typedef struct {
  GPtrArray *members; /* of SatchelContact */
  char **tags;
} SatchelDeskChoices;

SatchelDeskChoices *satchel_desk_choices_load (SatchelVault *vault, GError **error);
void satchel_desk_choices_free (SatchelDeskChoices *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelDeskChoices, satchel_desk_choices_free)

/** The name of a member, fit for display; NULL where there is none of that id. The caller's. */
char *satchel_desk_choices_dup_name (const SatchelDeskChoices *self, const char *contact_id);

/** Gives SatchelDeskChoices. */
SatchelSessionJob satchel_desk_choices_job (void);

/** What was changed, in so far as it can be taken back. */
typedef struct {
  SatchelDeskChange change; /* its texts are owned */
  char *name;               /* of the new assignee; nullable, fit for display */
  GPtrArray *before;        /* of SatchelDesk */
} SatchelDeskDone;

void satchel_desk_done_free (SatchelDeskDone *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelDeskDone, satchel_desk_done_free)

/** Changes what stands in @rows (of gint64, taken) of the inbox, or one by its @id; the other is
 *  NULL. @change is copied. Gives a SatchelDeskDone. */
SatchelSessionJob
satchel_desk_change_job (GArray *rows, const char *id, const SatchelDeskChange *change);

/** Takes @done (which is taken, too) back. Gives a pointer that is not NULL. */
SatchelSessionJob satchel_desk_undo_job (SatchelDeskDone *done);

/** Gives a pointer that is not NULL. A lock waits for it. */
SatchelSessionJob satchel_desk_note_job (const char *id, const char *text);

G_END_DECLS
