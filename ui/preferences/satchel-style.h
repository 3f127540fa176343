/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * Light or dark: the one setting that stands outside the vault, in GSettings, since it counts on
 * the locked screen too. Where Satchel's schema is not installed there is no such setting, and the
 * desktop's own holds.
 */
typedef enum {
  SATCHEL_STYLE_SYSTEM,
  SATCHEL_STYLE_LIGHT,
  SATCHEL_STYLE_DARK,
} SatchelStyle;

/** NULL where there is no schema. The caller's. */
GSettings *satchel_style_new_settings (void);

/** The program looks as @settings say, now and whenever they change, while they live. NULL-safe. */
void satchel_style_follow (GSettings *settings);

SatchelStyle satchel_style_get (GSettings *settings);
void satchel_style_set (GSettings *settings, SatchelStyle style);

G_END_DECLS
