/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "join/satchel-join-job.h"

G_BEGIN_DECLS

/** What is said about joining: pure functions. Borrowed unless the name says dup. */

/** How somebody of this role comes to belong to a newsroom. */
const char *satchel_join_how (SatchelRole role);

/** What the paper at hand does. */
const char *satchel_join_what (const SatchelJoinOffer *offer);

/** What to compare before. */
char *satchel_join_dup_compare (const SatchelJoinOffer *offer);

/** What is true once it is taken in, and what to do now. */
const char *satchel_join_done (const SatchelJoinOffer *offer, gboolean was_pasted);

G_END_DECLS
