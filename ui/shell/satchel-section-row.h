/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "shell/satchel-section.h"

G_BEGIN_DECLS

/** A section's row in the sidebar, with how many things wait in it, where the section counts them.
 */
#define SATCHEL_TYPE_SECTION_ROW (satchel_section_row_get_type ())
G_DECLARE_FINAL_TYPE (SatchelSectionRow, satchel_section_row, SATCHEL, SECTION_ROW, GtkListBoxRow)

GtkWidget *satchel_section_row_new (const SatchelSection *section, SatchelSession *session);

const SatchelSection *satchel_section_row_get_section (SatchelSectionRow *self);

G_END_DECLS
