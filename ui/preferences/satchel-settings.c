/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preferences/satchel-settings.h"

#define SCHEMA "org.satchel.Satchel"

/* g_settings_new() would end the program where the schema or a key is missing. */
GSettings *
satchel_settings_new (void)
{
  static const char *const KEYS[] = {"language", "style"};
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
      source != NULL ? g_settings_schema_source_lookup (source, SCHEMA, TRUE) : NULL;

  if (schema == NULL)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (KEYS); i++)
    if (!g_settings_schema_has_key (schema, KEYS[i]))
      return NULL;
  return g_settings_new_full (schema, NULL, NULL);
}
