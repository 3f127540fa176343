/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "viewer.h"

/** What became of one stream in the file. */
typedef struct {
  gboolean is_sound;
  GstElement *sink; /* an appsink, borrowed; NULL where nothing can decode the stream */
} ViewerBranch;

/** Called from a thread of GStreamer's, before the pipeline says that it is there. */
typedef void (*ViewerTakeBranch) (const ViewerBranch *branch);

/** Makes the pipeline that viewer_make_pipeline() fills. Before the sandbox is entered. */
void viewer_prepare_pipeline (void);

/** Decodes @content: the first sound and the first video in it go to sinks that are never in a
 *  hurry. @filter: what frames go through, from viewer_make_filter(). Both the caller's. Once. */
GstElement *
viewer_make_pipeline (GInputStream *content, GstElement *filter, ViewerTakeBranch take);
GstElement *viewer_make_filter (void);

/** Frames that are decoded from now on fit into @width x @height, within what a frame may have. */
void viewer_fit_frames (GstElement *filter, guint width, guint height);

/** RGBA without gaps, the caller's to free. FALSE where it is none. */
gboolean viewer_copy_frame (GstSample *sample, ViewerPicture *picture);
