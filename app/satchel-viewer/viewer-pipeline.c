/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#include "viewer-player.h"

#define THREADS_PER_DECODER 2
#define FRAMES_AHEAD        2
#define SOUNDS_AHEAD        16

/* Context of a pipeline. */
typedef struct {
  GstElement *pipeline;
  GstElement *filter;
  ViewerTakeBranch take;
  gboolean has_sound;
  gboolean has_frames;
} Building;

static GstElement *
make_sink (guint ahead, GstCaps *caps)
{
  GstElement *sink = gst_element_factory_make ("appsink", NULL);

  g_object_set (sink, "sync", FALSE, "async", FALSE, "max-buffers", ahead, "qos", FALSE,
                "enable-last-sample", FALSE, "caps", caps, NULL);
  return sink;
}

/* Links what @pad gives through @elements, the last of which is a sink. */
static gboolean
add_branch (Building *building, GstPad *pad, GstElement *const *elements, guint count)
{
  for (guint i = 0; i < count; i++)
    gst_bin_add (GST_BIN (building->pipeline), elements[i]);
  for (guint i = 1; i < count; i++)
    if (!gst_element_link (elements[i - 1], elements[i]))
      return FALSE;
  for (guint i = count; i > 0; i--)
    gst_element_sync_state_with_parent (elements[i - 1]);
  g_autoptr (GstPad) first = gst_element_get_static_pad (elements[0], "sink");
  return gst_pad_link (pad, first) == GST_PAD_LINK_OK;
}

static gboolean
add_sound (Building *building, GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_caps_new_simple (
      "audio/x-raw", "format", G_TYPE_STRING, G_BYTE_ORDER == G_LITTLE_ENDIAN ? "S16LE" : "S16BE",
      "rate", G_TYPE_INT, SATCHEL_VIEWER_SOUND_RATE, "channels", G_TYPE_INT, 2, "layout",
      G_TYPE_STRING, "interleaved", NULL);
  ViewerBranch branch = {TRUE, make_sink (SOUNDS_AHEAD, caps)};
  GstElement *const elements[] = {gst_element_factory_make ("audioconvert", NULL),
                                  gst_element_factory_make ("audioresample", NULL), branch.sink};

  building->has_sound = add_branch (building, pad, elements, G_N_ELEMENTS (elements));
  if (building->has_sound)
    building->take (&branch);
  return building->has_sound;
}

/* Phones film lying down and say how the picture has to be turned. */
static gboolean
add_frames (Building *building, GstPad *pad)
{
  ViewerBranch branch = {FALSE, make_sink (FRAMES_AHEAD, NULL)};
  GstElement *flip = gst_element_factory_make ("videoflip", NULL);
  GstElement *const elements[] = {gst_element_factory_make ("videoconvert", NULL), flip,
                                  gst_element_factory_make ("videoconvertscale", NULL),
                                  building->filter, branch.sink};

  g_object_set (flip, "video-direction", GST_VIDEO_ORIENTATION_AUTO, NULL);
  building->has_frames = add_branch (building, pad, elements, G_N_ELEMENTS (elements));
  if (building->has_frames)
    building->take (&branch);
  return building->has_frames;
}

static void
pad_added_cb (GstElement *decoder, GstPad *pad, gpointer user_data)
{
  Building *building = user_data;
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  const char *type =
      caps != NULL ? gst_structure_get_name (gst_caps_get_structure (caps, 0)) : NULL;

  if (g_strcmp0 (type, "audio/x-raw") == 0 && !building->has_sound)
    add_sound (building, pad);
  else if (g_strcmp0 (type, "video/x-raw") == 0 && !building->has_frames)
    add_frames (building, pad);
}

/* A subtitle or a track of positions is nothing to be heard or seen. */
static void
unknown_type_cb (GstElement *decoder, GstPad *pad, GstCaps *caps, gpointer user_data)
{
  Building *building = user_data;
  const char *type = gst_structure_get_name (gst_caps_get_structure (caps, 0));
  const ViewerBranch none = {FALSE, NULL};

  if (g_str_has_prefix (type, "audio/") || g_str_has_prefix (type, "video/"))
    building->take (&none);
}

static void
element_added_cb (GstBin *pipeline, GstBin *bin, GstElement *element, gpointer unused)
{
  static const char *const PROPERTIES[] = {"max-threads", "threads"};
  GstElementFactory *factory = gst_element_get_factory (element);

  if (factory == NULL ||
      !gst_element_factory_list_is_type (factory, GST_ELEMENT_FACTORY_TYPE_DECODER))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (PROPERTIES); i++)
    if (g_object_class_find_property (G_OBJECT_GET_CLASS (element), PROPERTIES[i]) != NULL)
      g_object_set (element, PROPERTIES[i], THREADS_PER_DECODER, NULL);
}

GstElement *
viewer_make_filter (void)
{
  GstElement *filter = gst_element_factory_make ("capsfilter", NULL);

  gst_object_ref_sink (filter);
  viewer_fit_frames (filter, SATCHEL_VIEWER_FRAME_MAX, SATCHEL_VIEWER_FRAME_MAX);
  return filter;
}

void
viewer_fit_frames (GstElement *filter, guint width, guint height)
{
  int most_wide = (int) CLAMP (width, 1, SATCHEL_VIEWER_FRAME_MAX);
  int most_high = (int) CLAMP (height, 1, SATCHEL_VIEWER_FRAME_MAX);
  g_autoptr (GstCaps) before = NULL;
  g_autoptr (GstCaps) caps = gst_caps_new_simple (
      "video/x-raw", "format", G_TYPE_STRING, "RGBA", "width", GST_TYPE_INT_RANGE, 1, most_wide,
      "height", GST_TYPE_INT_RANGE, 1, most_high, "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1,
      NULL);

  g_object_get (filter, "caps", &before, NULL);
  if (before == NULL || !gst_caps_is_equal (before, caps))
    g_object_set (filter, "caps", caps, NULL);
}

/* Its bus wakes with a pair of sockets, and afterwards none can be made. */
static GstElement *prepared;

void
viewer_prepare_pipeline (void)
{
  prepared = gst_pipeline_new (NULL);
}

GstElement *
viewer_make_pipeline (GInputStream *content, GstElement *filter, ViewerTakeBranch take)
{
  static Building building;
  GstElement *source = gst_element_factory_make ("giostreamsrc", NULL);
  GstElement *decoder = gst_element_factory_make ("decodebin", NULL);

  building = (Building){prepared, filter, take, FALSE, FALSE};
  g_object_set (source, "stream", content, NULL);
  g_signal_connect (decoder, "pad-added", G_CALLBACK (pad_added_cb), &building);
  g_signal_connect (decoder, "unknown-type", G_CALLBACK (unknown_type_cb), &building);
  g_signal_connect (building.pipeline, "deep-element-added", G_CALLBACK (element_added_cb), NULL);
  gst_bin_add_many (GST_BIN (building.pipeline), source, decoder, NULL);
  gst_element_link (source, decoder);
  return building.pipeline;
}

gboolean
viewer_copy_frame (GstSample *sample, ViewerPicture *picture)
{
  GstVideoInfo info;
  GstVideoFrame frame;
  GstCaps *caps = gst_sample_get_caps (sample);

  if (caps == NULL || !gst_video_info_from_caps (&info, caps) ||
      GST_VIDEO_INFO_FORMAT (&info) != GST_VIDEO_FORMAT_RGBA ||
      !gst_video_frame_map (&frame, &info, gst_sample_get_buffer (sample), GST_MAP_READ))
    return FALSE;
  gsize row = (gsize) GST_VIDEO_FRAME_WIDTH (&frame) * 4;
  guint height = (guint) GST_VIDEO_FRAME_HEIGHT (&frame);
  const guint8 *pixels = GST_VIDEO_FRAME_PLANE_DATA (&frame, 0);
  picture->pixels = g_malloc (row * height);
  picture->facts = (SatchelViewerPicture){(guint32) (row / 4), height, 1};
  for (guint y = 0; y < height; y++)
    memcpy (picture->pixels + y * row,
            pixels + (gssize) y * GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0), row);
  gst_video_frame_unmap (&frame);
  return TRUE;
}
