/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "cards/satchel-press-face.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/**
 * A press card that its owner chose to leave readable, so that it can be shown while the vault is
 * locked (vault/satchel-readable.h has the file). It holds the face and a smaller picture of the
 * scan as bare pixels: no decoder ever reads what somebody else may have put there.
 */
typedef struct {
  SatchelPressFace *face;
  GdkTexture *scan; /* nullable */
} SatchelPressLeft;

void satchel_press_left_free (SatchelPressLeft *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelPressLeft, satchel_press_left_free)

/** @scan: nullable. */
GBytes *satchel_press_left_pack (const SatchelPressFace *face, GdkTexture *scan);

/** NULL with SATCHEL_VAULT_ERROR_DAMAGED: not what satchel_press_left_pack() gives. */
SatchelPressLeft *satchel_press_left_unpack (GBytes *bytes, GError **error);

/** Reads what was left in @folder. NULL with an error: SATCHEL_VAULT_ERROR_NOT_FOUND where that is
 *  nothing; those of satchel_readable_load(). Needs no key; a short read of a few megabytes. */
SatchelPressLeft *satchel_press_left_load (const char *folder, GError **error);

/** Whether the card of record @id is the one that is left: gives "yes" or "no". Where it is, and
 *  says something else than @bytes (nullable: not known), those are left in its place. */
SatchelSessionJob satchel_press_left_ask_job (const char *id, GBytes *bytes);

/** Leaves the card of record @id in place of another; @bytes NULL: takes it away, where it is that
 * one's. Gives TRUE. */
SatchelSessionJob satchel_press_left_set_job (const char *id, GBytes *bytes);

G_END_DECLS
