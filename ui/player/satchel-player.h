/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * Plays one file: pieces from SatchelMedia, sound to SatchelSpeaker, frames to whoever shows them.
 * It holds a second of sound and three frames at most. The main loop's only.
 *
 * Signals:
 *   "opened": duration and what there is are known; it stands at 0, with its first frame.
 *   "changed": it plays, stands, has come to its end, or stands elsewhere.
 *   "frame" (GdkTexture *): to be shown now.
 *   "failed" (GError *): of SATCHEL_VIEWER_ERROR; nothing comes any more.
 */
#define SATCHEL_TYPE_PLAYER (satchel_player_get_type ())
G_DECLARE_FINAL_TYPE (SatchelPlayer, satchel_player, SATCHEL, PLAYER, GObject)

/** Frames are made to fit into @width x @height. @content as for satchel_media_new(). */
SatchelPlayer *satchel_player_new (
    GInputStream *content, guint64 size_bytes, guint width, guint height, GError **error);

/** Plays, from the beginning if it was at its end, or stands still. */
void satchel_player_set_playing (SatchelPlayer *self, gboolean is_playing);
gboolean satchel_player_is_playing (SatchelPlayer *self);

/** Goes there (within what there is), playing or not as it was. */
void satchel_player_seek (SatchelPlayer *self, gint64 position_us);
gint64 satchel_player_get_position_us (SatchelPlayer *self);

/** 0: not known. */
gint64 satchel_player_get_duration_us (SatchelPlayer *self);
gboolean satchel_player_has_sound (SatchelPlayer *self);
gboolean satchel_player_has_frames (SatchelPlayer *self);

/** The file has more than what is played, in a format that cannot be. */
gboolean satchel_player_is_partial (SatchelPlayer *self);

/** There is sound, and nothing to hear it with. */
gboolean satchel_player_is_mute (SatchelPlayer *self);

/** Frames are made to fit into this from now on. */
void satchel_player_set_box (SatchelPlayer *self, guint width, guint height);

/** Ends all of it at once; the owner calls this before the last reference is given up. */
void satchel_player_close (SatchelPlayer *self);

G_END_DECLS
