/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** Small pictures of evidence, one after another, each decoded by a viewer process of its own and
 *  kept nowhere but in the widget that shows it. It stops when the vault locks. */
#define SATCHEL_TYPE_THUMBNAILER (satchel_thumbnailer_get_type ())
G_DECLARE_FINAL_TYPE (SatchelThumbnailer, satchel_thumbnailer, SATCHEL, THUMBNAILER, GObject)

SatchelThumbnailer *satchel_thumbnailer_new (SatchelSession *session);

/** Puts the picture of item @item_id into @target once it is there; a target without a picture is
 *  left as it is. A type that cannot be shown is ignored. */
void satchel_thumbnailer_push (SatchelThumbnailer *self,
                               const char *item_id,
                               const char *content_type,
                               GtkPicture *target);

/** Forgets everything that waits, and ends the process that is at work. */
void satchel_thumbnailer_stop (SatchelThumbnailer *self);

G_END_DECLS
