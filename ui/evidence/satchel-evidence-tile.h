/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "evidence/satchel-thumbnailer.h"
#include "records/satchel-evidence.h"

G_BEGIN_DECLS

/** A button with an item's picture, or the symbol of its type, and its name. Floating. */
GtkWidget *satchel_evidence_tile_new (const SatchelEvidence *item, SatchelThumbnailer *thumbnailer);

/** The name as it may be shown. The caller's. */
char *satchel_evidence_tile_dup_name (const SatchelEvidence *item);

G_END_DECLS
