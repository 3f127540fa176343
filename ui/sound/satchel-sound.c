/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sound/satchel-sound.h"

#include <gmodule.h>
#include <gst/gst.h>

static const char *const ENVIRONMENT[][2] = {
    {"GST_REGISTRY_DISABLE", "yes"},
    {"GST_REGISTRY_FORK", "no"},
    {"GST_REGISTRY_UPDATE", "no"},
    {"GST_PLUGIN_SYSTEM_PATH_1_0", ""},
    {"GST_PLUGIN_PATH_1_0", ""},
    {"ORC_CODE", "backup"}, /* it would write code into files, where it can */
};

/* Whichever of the last ones are installed. */
static const char *const PLUGINS[] = {
    "app",
    "audioconvert",
    "audioresample",
    "coreelements",
    "autodetect",
    "pulseaudio",
    "alsa",
    "pipewire",
};

void
satchel_sound_prepare (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (ENVIRONMENT); i++)
    g_setenv (ENVIRONMENT[i][0], ENVIRONMENT[i][1], TRUE);
}

static void
load_plugin (const char *name)
{
  g_autofree char *path =
      g_strdup_printf ("%s/libgst%s." G_MODULE_SUFFIX, SATCHEL_GSTREAMER_PLUGINS, name);
  GstPlugin *plugin = gst_plugin_load_file (path, NULL);

  gst_clear_object (&plugin);
}

gboolean
satchel_sound_load (void)
{
  static gboolean is_tried;

  if (is_tried)
    return gst_is_initialized ();
  is_tried = TRUE;
  if (g_getenv (ENVIRONMENT[0][0]) == NULL)
    satchel_sound_prepare ();
  if (!gst_init_check (NULL, NULL, NULL))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (PLUGINS); i++)
    load_plugin (PLUGINS[i]);
  return TRUE;
}
