/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * A SatchelPlayer with its controls: Space plays and stands, arrow keys go 5 seconds on and back.
 * Time goes from left to right in every language, as on every other player.
 *
 * Signals:
 *   "opened": it can be shown.
 *   "failed" (GError *): of SATCHEL_VIEWER_ERROR; there is nothing to show any more.
 */
#define SATCHEL_TYPE_PLAYER_VIEW (satchel_player_view_get_type ())
G_DECLARE_FINAL_TYPE (
    SatchelPlayerView, satchel_player_view, SATCHEL, PLAYER_VIEW, AdwBin)

/** Opens @content, to be seen on about @width x @height pixels. @name: what it is called. */
gboolean satchel_player_view_open (SatchelPlayerView *self,
                                   GInputStream *content,
                                   guint64 size_bytes,
                                   const char *name,
                                   guint width,
                                   guint height,
                                   GError **error);

/** Ends it at once. Safe to call twice. */
void satchel_player_view_close (SatchelPlayerView *self);

/** A time as it is shown, in the language's digits: 0:07, 12:40, 1:02:03. */
char *satchel_player_time_text (gint64 time_us);

G_END_DECLS
