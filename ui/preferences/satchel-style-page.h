/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "preferences/satchel-style.h"

G_BEGIN_DECLS

/** Light or dark, as @settings have it; floating. */
AdwPreferencesPage *satchel_style_page_new (GSettings *settings);

G_END_DECLS
