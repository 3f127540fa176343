/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sound/satchel-sound.h"

#include <gst/gst.h>

#include "sound/satchel-gst.h"

/* Whichever of the last ones are installed. */
static const char *const PLUGINS[] = {
    "app",
    "audioconvert",
    "audioresample",
    "coreelements",
    "ogg",
    "opus",
    "autodetect",
    "pulseaudio",
    "alsa",
    "pipewire",
};

gboolean
satchel_sound_load (void)
{
  static gboolean is_tried;

  if (is_tried)
    return gst_is_initialized ();
  is_tried = TRUE;
  if (!gst_init_check (NULL, NULL, NULL))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (PLUGINS); i++)
    satchel_gst_load (PLUGINS[i]);
  return TRUE;
}
