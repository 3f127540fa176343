/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "legal/satchel-received.h"
#include "legal/satchel-verify.h"

G_BEGIN_DECLS

/** What there is to say of received items and of verdicts; no widget, no vault. From any thread.
 *  Results of dup functions are the caller's, the others borrowed. */

/** Whether it may be relied on, short: "Unchanged since it was signed"; in a word for a list. */
const char *satchel_item_text_verdict (const SatchelReceived *item);
const char *satchel_item_text_word (const SatchelReceived *item);

/** What that means and what to do now, a sentence or two. */
char *satchel_item_text_dup_advice (const SatchelReceived *item);

const char *satchel_item_text_icon (const SatchelReceived *item);

/** A class for the colour of what holds, does not, or was not looked at: "success", "error",
 *  "warning". Never the only sign. */
const char *satchel_item_text_style (SatchelStanding standing);

/** The report's title, the evidence's name, or what was put aside. */
char *satchel_item_text_dup_title (const SatchelReceived *item);

/** "Police visit", "Evidence of Officers at my door", "Bundle". */
char *satchel_item_text_dup_what (const SatchelReceived *item);

/** What a verdict is about: "Signature", "Custody", "IMG_1.jpg (0001.jpg)". */
char *satchel_item_text_dup_object (const SatchelItemVerdict *verdict);

/** What a whole verification says, short, and what it means. */
const char *satchel_item_text_outcome (const SatchelVerification *verification);
char *satchel_item_text_dup_outcome_advice (const SatchelVerification *verification);

G_END_DECLS
