/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "setup/satchel-setup-step.h"

G_BEGIN_DECLS

/** Shows the recovery code. It stands in the widget while that is on the screen, no longer. */
#define SATCHEL_TYPE_SETUP_CODE (satchel_setup_code_get_type ())
G_DECLARE_FINAL_TYPE (SatchelSetupCode, satchel_setup_code, SATCHEL, SETUP_CODE, AdwBin)

G_END_DECLS
