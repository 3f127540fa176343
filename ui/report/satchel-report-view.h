/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "records/satchel-fields-view.h"

G_BEGIN_DECLS

/** A report that is only read: every answer with its question. Floating. */
GtkWidget *satchel_report_view_new (const SatchelKind *kind, JsonObject *values);

G_END_DECLS
