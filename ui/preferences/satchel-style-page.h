/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** Light or dark and the language, as @settings have them; floating. */
AdwPreferencesPage *satchel_style_page_new (GSettings *settings);

G_END_DECLS
