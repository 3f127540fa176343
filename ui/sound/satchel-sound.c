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

static GOnce loading = G_ONCE_INIT;

static gpointer
load_cb (gpointer unused)
{
  if (!gst_init_check (NULL, NULL, NULL))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (PLUGINS); i++)
    satchel_gst_load (PLUGINS[i]);
  return (gpointer) PLUGINS;
}

static gpointer
prepare_cb (gpointer unused)
{
  satchel_sound_load ();
  return NULL;
}

gboolean
satchel_sound_load (void)
{
  return g_once (&loading, load_cb, NULL) != NULL;
}

void
satchel_sound_prepare (void)
{
  if (loading.status == G_ONCE_STATUS_NOTCALLED)
    g_thread_unref (g_thread_new ("sound", prepare_cb, NULL));
}
