/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "papers/satchel-card.h"

G_BEGIN_DECLS

/** What the assistant has learnt so far; its own. Secrets are here as soon as a step is left, and
 *  nowhere else. */
typedef struct {
  SatchelRole role;
  char *name;
  SatchelSecret *words;      /* the generated passphrase that is offered */
  SatchelSecret *passphrase; /* the one that was chosen, @words or their own */
  SatchelSecret *code;       /* recovery */
  gboolean is_proved;        /* it was typed back */
} SatchelSetupDraft;

void satchel_setup_draft_free (SatchelSetupDraft *self); /* NULL-safe */

/**
 * A page of the assistant on which something is asked. Enter in its last field is "setup.next".
 *
 * enter: shows what @draft has of it, and takes the focus.
 * take: puts what was typed into @draft; FALSE where that cannot be, which is then said and has the
 *   focus.
 * clear: no secret stays in its widgets.
 */
#define SATCHEL_TYPE_SETUP_STEP (satchel_setup_step_get_type ())
G_DECLARE_INTERFACE (SatchelSetupStep, satchel_setup_step, SATCHEL, SETUP_STEP, GtkWidget)

struct _SatchelSetupStepInterface {
  GTypeInterface parent;

  void (*enter) (SatchelSetupStep *self, SatchelSetupDraft *draft);
  gboolean (*take) (SatchelSetupStep *self, SatchelSetupDraft *draft);
  void (*clear) (SatchelSetupStep *self);
};

void satchel_setup_step_enter (SatchelSetupStep *self, SatchelSetupDraft *draft);
gboolean satchel_setup_step_take (SatchelSetupStep *self, SatchelSetupDraft *draft);
void satchel_setup_step_clear (SatchelSetupStep *self);

/** For the text of a secret: no input method learns it, no checker sees it, and it stands in wiped
 *  memory. */
void satchel_setup_guard_entry (GtkEditable *editable);

/** What stands in such a text, guarded; it stays there. NULL for nothing, or with @error. */
SatchelSecret *satchel_setup_read_entry (GtkEditable *editable, GError **error);

/** Puts a secret back where it was typed. */
void satchel_setup_fill_entry (GtkEditable *editable, SatchelSecret *secret);

/** Says what is wrong, below what was typed; NULL takes it away. */
void satchel_setup_show_fault (GtkLabel *fault, const char *text);

G_END_DECLS
