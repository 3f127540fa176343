/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <string.h>

#include "fuzz.h"
#include "papers/satchel-paper.h"

/** The one key pair of all seeds. */
static inline SatchelSecret *
fuzz_pair (SatchelMinisignKey *key)
{
  static const guint8 seed[crypto_sign_SEEDBYTES] = "the fuzz targets' own signing k";
  guint8 public_key[crypto_sign_PUBLICKEYBYTES];
  SatchelSecret *pair = satchel_minisign_pair_new (NULL);
  guint8 *data = satchel_secret_get_writable (pair);

  memset (data, 7, SATCHEL_MINISIGN_KEY_ID_SIZE);
  crypto_sign_seed_keypair (public_key, data + SATCHEL_MINISIGN_KEY_ID_SIZE, seed);
  satchel_minisign_pair_get_key (pair, key);
  return pair;
}

/** The paper in @data with its body signed anew, so that changes get past the signature; NULL where
 * it has no body that could be signed. */
static inline char *
fuzz_resign (const guint8 *data, gsize size, SatchelSecret *pair)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  char *gap = strstr (text, "\n\n");
  g_autofree char *title = g_strndup (text, strcspn (text, "\n"));

  if (gap == NULL)
    return NULL;
  gap[1] = '\0';
  g_autofree char *signature =
      satchel_minisign_sign (pair, (const guint8 *) text, strlen (text), title, title, NULL);
  return signature != NULL ? g_strconcat (text, "\n", signature, NULL) : NULL;
}

/** Reads one paper; what is taken must be kept byte for byte. */
typedef void (*FuzzReads) (const char *text, gsize size, const SatchelMinisignKey *key);

/** Shows @data to the reader as it is, and signed anew. */
static inline int
fuzz_paper (const guint8 *data, gsize size, FuzzReads reads)
{
  SatchelMinisignKey key;

  fuzz_init ();
  g_autoptr (SatchelSecret) pair = fuzz_pair (&key);
  g_autofree char *signed_text = fuzz_resign (data, size, pair);

  reads (size > 0 ? (const char *) data : "", size, &key);
  if (signed_text != NULL)
    reads (signed_text, strlen (signed_text), &key);
  return 0;
}

/** Aborts where @kept is not what was read. */
static inline void
fuzz_assert_kept (const char *kept, const char *text, gsize size)
{
  g_assert_true (strlen (kept) == size && memcmp (kept, text, size) == 0);
}
