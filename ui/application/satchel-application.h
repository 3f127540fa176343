/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * The program: one window for one vault (`--vault DIR`, SATCHEL_VAULT, or the person's own data
 * folder). A second start for the same vault shows the window of the first.
 */
#define SATCHEL_TYPE_APPLICATION (satchel_application_get_type ())
G_DECLARE_FINAL_TYPE (
    SatchelApplication, satchel_application, SATCHEL, APPLICATION, AdwApplication)

SatchelApplication *satchel_application_new (void);

G_END_DECLS
