/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * The people room's errors, by what the caller can do about them. Papers give SatchelPapersError,
 * the store SatchelVaultError.
 *
 * SATCHEL_PEOPLE_ERROR_NO_IDENTITY: this vault has no identity yet.
 * SATCHEL_PEOPLE_ERROR_NO_NEWSROOM: it belongs to no newsroom yet: join, create or trust one.
 * SATCHEL_PEOPLE_ERROR_NOT_LEAD: only the vault of the newsroom's lead can do this.
 * SATCHEL_PEOPLE_ERROR_NO_TOKEN: it holds no upload token: join with an invite.
 * SATCHEL_PEOPLE_ERROR_NOT_FOUND: nobody by that name, id or key.
 * SATCHEL_PEOPLE_ERROR_NO_MEMBER: the newsroom has nobody else to seal for: add members' cards.
 * SATCHEL_PEOPLE_ERROR_AMBIGUOUS: several by that name or prefix.
 * SATCHEL_PEOPLE_ERROR_EXISTS: done before, and not undone by doing it again.
 * SATCHEL_PEOPLE_ERROR_WORDS: the safety words are not those of the card: do not trust it.
 * SATCHEL_PEOPLE_ERROR_ALARM: another key than the one known; the first one stays.
 * SATCHEL_PEOPLE_ERROR_DAMAGED: a stored row is not what was written.
 */
typedef enum {
  SATCHEL_PEOPLE_ERROR_NO_IDENTITY,
  SATCHEL_PEOPLE_ERROR_NO_NEWSROOM,
  SATCHEL_PEOPLE_ERROR_NOT_LEAD,
  SATCHEL_PEOPLE_ERROR_NO_TOKEN,
  SATCHEL_PEOPLE_ERROR_NOT_FOUND,
  SATCHEL_PEOPLE_ERROR_NO_MEMBER,
  SATCHEL_PEOPLE_ERROR_AMBIGUOUS,
  SATCHEL_PEOPLE_ERROR_EXISTS,
  SATCHEL_PEOPLE_ERROR_WORDS,
  SATCHEL_PEOPLE_ERROR_ALARM,
  SATCHEL_PEOPLE_ERROR_DAMAGED,
} SatchelPeopleError;

#define SATCHEL_PEOPLE_ERROR (satchel_people_error_quark ())
GQuark satchel_people_error_quark (void);

G_END_DECLS
