/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/**
 * Joining a newsroom: a file, a drop or a paste; who it is, and the safety words; then, asked once
 * more, it is joined. For the assistant's last page and for a window of its own.
 *
 * Signal "joined": done, and told.
 */
#define SATCHEL_TYPE_JOIN_VIEW (satchel_join_view_get_type ())
G_DECLARE_FINAL_TYPE (SatchelJoinView, satchel_join_view, SATCHEL, JOIN_VIEW, AdwBin)

/** @session is open. */
SatchelJoinView *satchel_join_view_new (SatchelSession *session);

/** Takes the focus. */
void satchel_join_view_begin (SatchelJoinView *self);

/** As if a person had chosen this file. */
void satchel_join_view_look_at_file (SatchelJoinView *self, GFile *file);

/** Whether something is looked at or shown that a person has not answered, or a newsroom is being
 *  founded. */
gboolean satchel_join_view_has_unanswered (SatchelJoinView *self);

/** Looks at a file that was handed over, or does so already. FALSE where something else is not
 *  answered yet: where it is, other than by joining, the action "handed.next" is activated. */
gboolean satchel_join_view_offer (SatchelJoinView *self, GFile *file);

/** What was offered and has not been answered, where the vault was locked before; nullable, the
 *  caller's. */
GFile *satchel_join_view_take_unanswered (SatchelJoinView *self);

G_END_DECLS
