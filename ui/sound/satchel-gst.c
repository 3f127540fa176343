/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sound/satchel-gst.h"

#include <gmodule.h>
#include <gst/gst.h>

static const char *const ENVIRONMENT[][2] = {
    {"GST_REGISTRY_DISABLE", "yes"},
    {"GST_REGISTRY_FORK", "no"},
    {"GST_REGISTRY_UPDATE", "no"},
    {"GST_PLUGIN_SYSTEM_PATH_1_0", ""},
    {"GST_PLUGIN_PATH_1_0", ""},
    {"GST_PLUGIN_LOADING_WHITELIST", ""},
    {"ORC_CODE", "backup"}, /* it would write code at run time, or into files where it can */
};

void
satchel_gst_prepare (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (ENVIRONMENT); i++)
    g_setenv (ENVIRONMENT[i][0], ENVIRONMENT[i][1], TRUE);
}

void
satchel_gst_load (const char *name)
{
  g_autofree char *path =
      g_strdup_printf ("%s/libgst%s." G_MODULE_SUFFIX, SATCHEL_GSTREAMER_PLUGINS, name);
  GstPlugin *plugin = gst_plugin_load_file (path, NULL);

  gst_clear_object (&plugin);
}
