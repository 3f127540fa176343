/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * GStreamer without a registry, for the app and for satchel-viewer: nothing is searched, no program
 * is started to look for plugins, nothing is read from a cache or written to one. What is loaded is
 * named.
 */

/** Says so in the environment; at the start of the program, before there are threads. */
void satchel_gst_prepare (void);

/** Loads one of the system's plugins, by the name that stands in its file's. One that is not
 *  installed is missed when it is needed. After gst_init(). */
void satchel_gst_load (const char *name);

G_END_DECLS
