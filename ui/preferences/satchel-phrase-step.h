/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "setup/satchel-setup-step.h"

G_BEGIN_DECLS

/** A phrase that is asked for, once or twice; into the draft's passphrase. */
#define SATCHEL_TYPE_PHRASE_STEP (satchel_phrase_step_get_type ())
G_DECLARE_FINAL_TYPE (SatchelPhraseStep, satchel_phrase_step, SATCHEL, PHRASE_STEP, AdwBin)

/** @label: what is asked for; @again: how the same is asked for once more, or NULL. */
SatchelPhraseStep *satchel_phrase_step_new (const char *title,
                                            const char *words,
                                            const char *label,
                                            const char *again);

/** Says what was wrong with it, and asks anew. */
void satchel_phrase_step_refuse (SatchelPhraseStep *self, const char *why);

G_END_DECLS
