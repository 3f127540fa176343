/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "legal/satchel-item-job.h"

G_BEGIN_DECLS

/** A verdict item by item, the faults first, each a row with what it is about and the finding.
 *  Floating. */
#define SATCHEL_TYPE_VERDICT_GROUP (satchel_verdict_group_get_type ())
G_DECLARE_FINAL_TYPE (
    SatchelVerdictGroup, satchel_verdict_group, SATCHEL, VERDICT_GROUP, AdwPreferencesGroup)

/** Shows @verification in place of what was shown; hides the group for NULL. */
void satchel_verdict_group_show (SatchelVerdictGroup *self,
                                 const SatchelVerification *verification);

G_END_DECLS
