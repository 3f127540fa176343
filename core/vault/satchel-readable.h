/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "vault/satchel-vault.h"

G_BEGIN_DECLS

/**
 * The one thing that a vault's owner may choose to leave readable: a press card, to be shown while
 * the vault is locked. It is a file "press-card" in the vault's folder: the 32 hex digits of the
 * record that it is made of, a line feed, and what the caller wrote (docs/FORMAT.md).
 *
 * Nothing vouches for it: whoever has the disk can read and change it. It goes when its record is
 * erased and when the vault is destroyed by hand, and stays when a panic phrase destroys the keys:
 * whoever forces that phrase out must see no difference. Backups are without it.
 *
 * Errors: SatchelVaultError; IO, NO_SPACE, and DAMAGED for a file that is none of ours.
 */
#define SATCHEL_READABLE_MAX ((gsize) 8 << 20) /* bytes */

/** Leaves @content, made of record @record_id, in place of what was there; durable on return. After
 *  failure there is what was there before. */
gboolean satchel_readable_store (const char *folder,
                                 const char *record_id,
                                 GBytes *content,
                                 GError **error);

/** *@content gets what was left, NULL where there is nothing; *@record_id (nullable) the record. */
gboolean satchel_readable_load (const char *folder,
                                char **record_id,
                                GBytes **content,
                                GError **error);

/** Whether something was left; it may be damaged. */
gboolean satchel_readable_is_there (const char *folder);

/** Takes it away, durably, where it is of @record_id or of no record that can be told; NULL:
 *  whatever it is of. */
gboolean satchel_readable_remove (const char *folder, const char *record_id, GError **error);

/** Takes it away where its record is not in the store: an erasure was cut off before it came to it.
 *  What is damaged stays, and fails with DAMAGED. */
gboolean satchel_readable_sweep (SatchelVault *vault, GError **error);

G_END_DECLS
