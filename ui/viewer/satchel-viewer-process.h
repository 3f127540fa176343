/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "viewer/satchel-viewer-wire.h"

G_BEGIN_DECLS

/**
 * A satchel-viewer process and the socket to it: starts it, gives it the ranges of the content that
 * it asks for, and hands everything else that it says to its owner. Killed by
 * satchel_viewer_process_end(), and when it says anything but what it may. The main loop's only.
 */
#define SATCHEL_TYPE_VIEWER_PROCESS (satchel_viewer_process_get_type ())
G_DECLARE_FINAL_TYPE (
    SatchelViewerProcess, satchel_viewer_process, SATCHEL, VIEWER_PROCESS, GObject)

/** The owner's part. Nothing is called any more after satchel_viewer_process_end(). */
typedef struct {
  /** Whether this message may come now, with a payload of that length; READ among them. */
  gboolean (*is_expected) (gpointer owner, const SatchelViewerHeader *header);
  /** Each such message but READ. @payload: borrowed, empty for none. FALSE: it broke a rule. */
  gboolean (*take) (gpointer owner, guint32 message, GBytes *payload);
  /** It is dead: of itself, or since it broke a rule or the content cannot be read. @code: of
   *  SATCHEL_VIEWER_ERROR. */
  void (*died) (gpointer owner, int code, const char *message);
} SatchelViewerOwner;

/** @content: a GSeekable of @open's size. @argument: nullable. @owner and its functions are
 * borrowed until the end. SATCHEL_VIEWER_ERROR_MISSING. */
SatchelViewerProcess *satchel_viewer_process_new (GInputStream *content,
                                                  const SatchelViewerOpen *open,
                                                  const char *argument,
                                                  const SatchelViewerOwner *functions,
                                                  gpointer owner,
                                                  GError **error);

/** Says it once what was said before is written. Copies @payload. */
void satchel_viewer_process_say (SatchelViewerProcess *self,
                                 SatchelViewerMessage message,
                                 gconstpointer payload,
                                 gsize size_bytes);

gboolean satchel_viewer_process_is_alive (SatchelViewerProcess *self);

/** Kills it. Safe to call twice. */
void satchel_viewer_process_end (SatchelViewerProcess *self);

G_END_DECLS
