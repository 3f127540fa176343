/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "setup/satchel-setup-step.h"

G_BEGIN_DECLS

/** The recovery code typed back from paper: as a whole, because a slip in one letter makes it
 *  useless on the day it is needed. */
#define SATCHEL_TYPE_SETUP_PROOF (satchel_setup_proof_get_type ())
G_DECLARE_FINAL_TYPE (SatchelSetupProof, satchel_setup_proof, SATCHEL, SETUP_PROOF, AdwBin)

G_END_DECLS
