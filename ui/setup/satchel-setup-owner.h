/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "setup/satchel-setup-step.h"

G_BEGIN_DECLS

/** Welcome, and who is it: role and name. */
#define SATCHEL_TYPE_SETUP_OWNER (satchel_setup_owner_get_type ())
G_DECLARE_FINAL_TYPE (SatchelSetupOwner, satchel_setup_owner, SATCHEL, SETUP_OWNER, AdwBin)

G_END_DECLS
