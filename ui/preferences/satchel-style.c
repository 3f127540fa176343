/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preferences/satchel-style.h"

#define KEY "style"

static void
apply (GSettings *settings)
{
  static const AdwColorScheme SCHEMES[] = {
      [SATCHEL_STYLE_SYSTEM] = ADW_COLOR_SCHEME_DEFAULT,
      [SATCHEL_STYLE_LIGHT] = ADW_COLOR_SCHEME_FORCE_LIGHT,
      [SATCHEL_STYLE_DARK] = ADW_COLOR_SCHEME_FORCE_DARK,
  };

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      SCHEMES[satchel_style_get (settings)]);
}

void
satchel_style_follow (GSettings *settings)
{
  if (settings == NULL)
    return;
  g_signal_connect (settings, "changed::" KEY, G_CALLBACK (apply), NULL);
  apply (settings);
}

SatchelStyle
satchel_style_get (GSettings *settings)
{
  return (SatchelStyle) CLAMP (g_settings_get_enum (settings, KEY), SATCHEL_STYLE_SYSTEM,
                               SATCHEL_STYLE_DARK);
}

void
satchel_style_set (GSettings *settings, SatchelStyle style)
{
  g_settings_set_enum (settings, KEY, style);
}
