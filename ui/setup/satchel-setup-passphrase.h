/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "setup/satchel-setup-step.h"

G_BEGIN_DECLS

/** The passphrase: five words that are drawn, typed once, or an own one, typed twice. */
#define SATCHEL_TYPE_SETUP_PASSPHRASE (satchel_setup_passphrase_get_type ())
G_DECLARE_FINAL_TYPE (
    SatchelSetupPassphrase, satchel_setup_passphrase, SATCHEL, SETUP_PASSPHRASE, AdwBin)

G_END_DECLS
