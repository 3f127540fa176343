/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "custody/satchel-custody-layout.h"

G_BEGIN_DECLS

/** A drawn mark of the chain, as high as what stands beside it. It says nothing to a screen reader:
 *  its row does. Floating. */
#define SATCHEL_TYPE_CUSTODY_MARK_AREA (satchel_custody_mark_area_get_type ())
G_DECLARE_FINAL_TYPE (
    SatchelCustodyMarkArea, satchel_custody_mark_area, SATCHEL, CUSTODY_MARK_AREA, GtkWidget)

GtkWidget *
satchel_custody_mark_area_new (SatchelCustodyMark mark, gboolean has_above, gboolean has_below);

G_END_DECLS
