/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/**
 * Founding a newsroom: its name, its servers' cards and its members'; then its card, to be saved.
 *
 * Signals: "founded", done and told; "left", not done.
 */
#define SATCHEL_TYPE_FOUND_VIEW (satchel_found_view_get_type ())
G_DECLARE_FINAL_TYPE (SatchelFoundView, satchel_found_view, SATCHEL, FOUND_VIEW, AdwBin)

/** For a template that has one: @session is open. */
void satchel_found_view_set_session (SatchelFoundView *self, SatchelSession *session);

/** Takes the focus. */
void satchel_found_view_begin (SatchelFoundView *self);

G_END_DECLS
