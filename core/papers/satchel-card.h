/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-public-keys.h"

G_BEGIN_DECLS

/**
 * A person's card: name, role, public keys, newsroom; signed by the minisign key on it, so it
 * proves that the keys belong together, and nothing about the name. Under 1 KiB, so that it fits a
 * QR code.
 */
#define SATCHEL_CARD_SIZE_MAX 1024
#define SATCHEL_CARD_NAME_MAX 120 /* bytes, of the person's and of the newsroom's name */

typedef struct {
  char *name; /* from outside: filter with satchel_text_for_display() before it is shown */
  SatchelRole role;
  SatchelPublicKeys keys;
  char *newsroom; /* NULL for none */
  char *text;     /* the paper as signed, NUL-terminated */
} SatchelCard;

/** Makes and signs one's own card. @newsroom nullable. The minisign key in @keys must be @pair's.
 *  SATCHEL_PAPERS_ERROR_INVALID where a name is empty, too long or has control characters. */
SatchelCard *satchel_card_sign (const char *name,
                                SatchelRole role,
                                const SatchelPublicKeys *keys,
                                const char *newsroom,
                                SatchelSecret *pair,
                                GError **error);

/** Reads a card and verifies it with its own key. @size_bytes -1 for NUL-terminated text.
 *  SATCHEL_PAPERS_ERROR_INVALID, _OTHER_KIND, _NEWER, _SIGNATURE. */
SatchelCard *satchel_card_parse (const char *text, gssize size_bytes, GError **error);

SatchelCard *satchel_card_copy (const SatchelCard *self);
void satchel_card_free (SatchelCard *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelCard, satchel_card_free)

G_END_DECLS
