/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * A secret of fixed size in guarded memory: locked against swap, kept out of core dumps, between
 * guard pages, zeroed when the last reference goes. Reference counting is atomic; the content is
 * written by its maker before it is shared and only read afterwards.
 */
typedef struct _SatchelSecret SatchelSecret;

typedef enum {
  SATCHEL_SECRET_ERROR_MEMORY,     /* memory could not be locked: raise the memlock limit */
  SATCHEL_SECRET_ERROR_WRONG,      /* wrong passphrase, code or phrase */
  SATCHEL_SECRET_ERROR_DAMAGED,    /* the key header is damaged in both copies, or not one */
  SATCHEL_SECRET_ERROR_NEWER,      /* written by a newer Satchel */
  SATCHEL_SECRET_ERROR_PARAMETERS, /* key derivation parameters outside the permitted range */
  SATCHEL_SECRET_ERROR_WEAK,       /* passphrase too short to accept */
} SatchelSecretError;

#define SATCHEL_SECRET_ERROR (satchel_secret_error_quark ())
GQuark satchel_secret_error_quark (void);

/** To be called once by a program before any other function here: sodium_init, no core dumps
 *  (PR_SET_DUMPABLE 0, RLIMIT_CORE 0), and OpenSSL left as it is when the program ends. Aborts
 *  where the random generator cannot start. */
void satchel_secret_init (void);

/** Zeroed guarded memory. NULL with SATCHEL_SECRET_ERROR_MEMORY where it cannot be locked. */
SatchelSecret *satchel_secret_new (gsize size_bytes, GError **error);
/** A guarded copy of @data; the caller still has to wipe its own. */
SatchelSecret *satchel_secret_new_copy (const guint8 *data, gsize size_bytes, GError **error);
SatchelSecret *satchel_secret_new_random (gsize size_bytes, GError **error);

SatchelSecret *satchel_secret_ref (SatchelSecret *self);
void satchel_secret_unref (SatchelSecret *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelSecret, satchel_secret_unref)

const guint8 *satchel_secret_get_data (SatchelSecret *self);
guint8 *satchel_secret_get_writable (SatchelSecret *self);
gsize satchel_secret_get_size (SatchelSecret *self);

/** In constant time; FALSE where sizes differ. */
gboolean satchel_secret_equal (SatchelSecret *a, SatchelSecret *b);

/** A secret of 32 bytes under a key of 32 bytes, for where many wait and guarded memory (two pages
 * and more each) would run out, or to be stored: 24 bytes of random nonce, then content and tag of
 * XChaCha20-Poly1305. It opens only with the same associated data. */
#define SATCHEL_WRAPPABLE_SIZE 32
#define SATCHEL_WRAPPED_SIZE   (24 + SATCHEL_WRAPPABLE_SIZE + 16)
void satchel_secret_wrap (SatchelSecret *self,
                          SatchelSecret *key,
                          const guint8 *associated,
                          gsize associated_bytes,
                          guint8 wrapped[SATCHEL_WRAPPED_SIZE]);
/** NULL without an error where it does not open, with SATCHEL_SECRET_ERROR_MEMORY otherwise. */
SatchelSecret *satchel_secret_unwrap (const guint8 wrapped[SATCHEL_WRAPPED_SIZE],
                                      SatchelSecret *key,
                                      const guint8 *associated,
                                      gsize associated_bytes,
                                      GError **error);

G_END_DECLS
