/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** Light or dark. */
typedef enum {
  SATCHEL_STYLE_SYSTEM,
  SATCHEL_STYLE_LIGHT,
  SATCHEL_STYLE_DARK,
} SatchelStyle;

/** The program looks as @settings say, now and whenever they change, while they live. NULL-safe. */
void satchel_style_follow (GSettings *settings);

SatchelStyle satchel_style_get (GSettings *settings);
void satchel_style_set (GSettings *settings, SatchelStyle style);

G_END_DECLS
