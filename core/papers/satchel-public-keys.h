/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-papers-error.h"
#include "seal/satchel-age.h"
#include "seal/satchel-minisign.h"

G_BEGIN_DECLS

/**
 * What is public about a person: the age key bundles are sealed to, the minisign key that signs
 * evidence and papers, the Ed25519 key that signs network reads; and what is derived from them.
 */
#define SATCHEL_ACCESS_KEY_SIZE 32

typedef struct {
  SatchelAgeRecipient age;
  SatchelMinisignKey minisign;
  guint8 access[SATCHEL_ACCESS_KEY_SIZE];
} SatchelPublicKeys;

gboolean satchel_public_keys_equal (const SatchelPublicKeys *a, const SatchelPublicKeys *b);

/** Whether any of the three is the same: one person cannot be two. */
gboolean satchel_public_keys_overlap (const SatchelPublicKeys *a, const SatchelPublicKeys *b);

/** Six words from the three keys, to be read aloud. */
char *satchel_public_keys_dup_safety_words (const SatchelPublicKeys *keys);

typedef enum {
  SATCHEL_ROLE_REPORTER,
  SATCHEL_ROLE_EDITOR,
  SATCHEL_ROLE_LEGAL,
} SatchelRole;

/** "reporter", "editor", "legal"; the parser returns FALSE for anything else. */
const char *satchel_role_to_text (SatchelRole role);
gboolean satchel_role_parse (const char *text, SatchelRole *role);

/** A new access key (64-byte Ed25519 secret key), and its public half. */
SatchelSecret *satchel_access_key_new (GError **error);
void satchel_access_key_get_public (SatchelSecret *key, guint8 out[SATCHEL_ACCESS_KEY_SIZE]);

/** An access key's text: base64, 44 characters; also the keyid of signed requests. */
char *satchel_access_key_format (const guint8 key[SATCHEL_ACCESS_KEY_SIZE]);
gboolean satchel_access_key_parse (const char *text, guint8 out[SATCHEL_ACCESS_KEY_SIZE]);

#define SATCHEL_INTRODUCTION_SECRET_SIZE 32
#define SATCHEL_INTRODUCTION_MAC_SIZE    32

/** HMAC-SHA-256 under an invite's introduction secret over "satchel introduction v1" and the three
 *  keys: shows the desk that whoever holds the invite made these keys. */
void satchel_introduction_mac (SatchelSecret *secret,
                               const SatchelPublicKeys *keys,
                               guint8 out[SATCHEL_INTRODUCTION_MAC_SIZE]);

/** In constant time. */
gboolean satchel_introduction_verify (SatchelSecret *secret,
                                      const SatchelPublicKeys *keys,
                                      const guint8 mac[SATCHEL_INTRODUCTION_MAC_SIZE]);

G_END_DECLS
