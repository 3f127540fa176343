/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gst/gst.h>
#include <malloc.h>

#include "sound/satchel-gst.h"
#include "viewer-player.h"

static const char *const PLUGINS[] = {
    "alaw",
    "app",
    "audioconvert",
    "audioparsers",
    "audioresample",
    "avi",
    "coreelements",
    "flac",
    "gio",
    "id3demux",
    "isomp4",
    "libav",
    "matroska",
    "mpg123",
    "mulaw",
    "ogg",
    "opus",
    "playback",
    "typefindfunctions",
    "videoconvertscale",
    "videofilter",
    "vorbis",
    "vpx",
    "wavparse",
};

/* What phones, cameras and recorders make, and messengers turn it into. Decoders in software only.
 * All else that the plugins bring is taken out again: who sends a file does not choose from
 * hundreds of old decoders. */
static const char *const ELEMENTS[] = {
    /* The pipeline's own. */
    "appsink",
    "bin",
    "audioconvert",
    "audioresample",
    "capsfilter",
    "decodebin",
    "giostreamsrc",
    "multiqueue",
    "pipeline",
    "queue",
    "typefind",
    "videoconvert",
    "videoconvertscale",
    "videoflip",
    /* Containers and parsers. */
    "aacparse",
    "amrparse",
    "avidemux",
    "flacparse",
    "id3demux",
    "matroskademux",
    "mpegaudioparse",
    "oggdemux",
    "qtdemux",
    "wavparse",
    /* Decoders. */
    "alawdec",
    "avdec_aac",
    "avdec_alac",
    "avdec_amrnb",
    "avdec_amrwb",
    "avdec_h263",
    "avdec_h264",
    "avdec_h265",
    "avdec_mjpeg",
    "avdec_mpeg4",
    "flacdec",
    "mpg123audiodec",
    "mulawdec",
    "opusdec",
    "vorbisdec",
    "vp8dec",
    "vp9dec",
};

static const char *const TYPES[] = {
    "application/ogg",
    "application/x-3gp",
    "application/x-id3v1",
    "application/x-id3v2",
    "audio/aac",
    "audio/mpeg",
    "audio/x-amr-nb-sh",
    "audio/x-amr-wb-sh",
    "audio/x-flac",
    "audio/x-m4a",
    "audio/x-wav",
    "video/quicktime",
    "video/x-matroska",
    "video/x-msvideo",
};

static gboolean
is_in (const char *const *names, gsize count, const char *name)
{
  for (gsize i = 0; i < count; i++)
    if (g_str_equal (names[i], name))
      return TRUE;
  return FALSE;
}

static void
keep_only (GType type, const char *const *names, gsize count)
{
  GstRegistry *registry = gst_registry_get ();
  GList *features = gst_registry_get_feature_list (registry, type);

  for (GList *f = features; f != NULL; f = f->next)
    if (!is_in (names, count, gst_plugin_feature_get_name (f->data)))
      gst_registry_remove_feature (registry, f->data);
  gst_plugin_feature_list_free (features);
}

/* Whatever an element reads or loads when it is first made is read now. */
static void
touch_element (const char *name)
{
  GstElement *element = gst_element_factory_make (name, NULL);

  if (element == NULL)
    return;
  gst_object_ref_sink (element);
  gst_object_unref (element);
}

void
viewer_preload_player (void)
{
  satchel_gst_prepare ();
  /* Each thread would reserve address space for a heap of its own. */
  mallopt (M_ARENA_MAX, 2);
  gst_init (NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (PLUGINS); i++)
    satchel_gst_load (PLUGINS[i]);
  keep_only (GST_TYPE_ELEMENT_FACTORY, ELEMENTS, G_N_ELEMENTS (ELEMENTS));
  keep_only (GST_TYPE_TYPE_FIND_FACTORY, TYPES, G_N_ELEMENTS (TYPES));
  for (guint i = 0; i < G_N_ELEMENTS (ELEMENTS); i++)
    touch_element (ELEMENTS[i]);
  viewer_prepare_pipeline ();
}
