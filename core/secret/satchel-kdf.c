/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "secret/satchel-kdf.h"

#include <sodium.h>
#include <string.h>
#include <sys/sysinfo.h>

#define HASH_SIZE crypto_auth_hmacsha256_BYTES

#define COST_MEMORY_MIN_MIB 8
#define COST_MEMORY_MAX_MIB 4096
#define COST_PASSES_MAX     64

/* What an unlock may take on the machine that made the vault. */
#define CALIBRATED_US G_USEC_PER_SEC

static void
hmac (const guint8 *key, gsize key_size, const guint8 *data, gsize size, guint8 out[HASH_SIZE])
{
  crypto_auth_hmacsha256_state state;

  crypto_auth_hmacsha256_init (&state, key, key_size);
  crypto_auth_hmacsha256_update (&state, data, size);
  crypto_auth_hmacsha256_final (&state, out);
  sodium_memzero (&state, sizeof state);
}

static void
expand (const guint8 prk[HASH_SIZE], const char *info, gsize info_size, guint8 *out, gsize out_size)
{
  guint8 block[HASH_SIZE];
  gsize block_size = 0;

  for (guint8 counter = 1; out_size > 0; counter++) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init (&state, prk, HASH_SIZE);
    crypto_auth_hmacsha256_update (&state, block, block_size);
    crypto_auth_hmacsha256_update (&state, (const guint8 *) info, info_size);
    crypto_auth_hmacsha256_update (&state, &counter, 1);
    crypto_auth_hmacsha256_final (&state, block);
    sodium_memzero (&state, sizeof state);
    block_size = HASH_SIZE;
    gsize part = MIN (out_size, HASH_SIZE);
    memcpy (out, block, part);
    out += part;
    out_size -= part;
  }
  sodium_memzero (block, sizeof block);
}

void
satchel_hkdf (const guint8 *ikm,
              gsize ikm_size,
              const guint8 *salt,
              gsize salt_size,
              const char *info,
              gsize info_size,
              guint8 *out,
              gsize out_size)
{
  static const guint8 no_salt[HASH_SIZE];
  guint8 prk[HASH_SIZE];

  g_return_if_fail (out_size <= 255 * HASH_SIZE);
  if (salt == NULL || salt_size == 0) {
    salt = no_salt;
    salt_size = sizeof no_salt;
  }
  hmac (salt, salt_size, ikm, ikm_size, prk);
  expand (prk, info, info_size, out, out_size);
  sodium_memzero (prk, sizeof prk);
}

SatchelSecret *
satchel_hkdf_secret (SatchelSecret *key, const char *info, gsize size_bytes, GError **error)
{
  SatchelSecret *out = satchel_secret_new (size_bytes, error);

  if (out != NULL)
    satchel_hkdf (satchel_secret_get_data (key),
                  satchel_secret_get_size (key),
                  NULL,
                  0,
                  info,
                  strlen (info),
                  satchel_secret_get_writable (out),
                  size_bytes);
  return out;
}

gboolean
satchel_kdf_cost_check (const SatchelKdfCost *cost, GError **error)
{
  if (cost->memory_mib >= COST_MEMORY_MIN_MIB && cost->memory_mib <= COST_MEMORY_MAX_MIB &&
      cost->passes >= 1 && cost->passes <= COST_PASSES_MAX)
    return TRUE;
  g_set_error (error,
               SATCHEL_SECRET_ERROR,
               SATCHEL_SECRET_ERROR_PARAMETERS,
               "key derivation of %u MiB and %u passes is outside %d to %d MiB and 1 to %d passes",
               cost->memory_mib,
               cost->passes,
               COST_MEMORY_MIN_MIB,
               COST_MEMORY_MAX_MIB,
               COST_PASSES_MAX);
  return FALSE;
}

static guint32
memory_to_spare_mib (void)
{
  struct sysinfo info;

  if (sysinfo (&info) != 0)
    return SATCHEL_KDF_FLOOR.memory_mib;
  guint64 spare = (guint64) info.freeram * info.mem_unit / 4 / (1024 * 1024);
  return (guint32) CLAMP (spare, SATCHEL_KDF_FLOOR.memory_mib, 1024);
}

static gint64
measure_us (const SatchelKdfCost *cost)
{
  static const guint8 salt[SATCHEL_KDF_SALT_SIZE];
  guint8 out[32];
  gint64 start = g_get_monotonic_time ();

  if (crypto_pwhash (out,
                     sizeof out,
                     "calibration",
                     strlen ("calibration"),
                     salt,
                     cost->passes,
                     (gsize) cost->memory_mib << 20,
                     crypto_pwhash_ALG_ARGON2ID13) != 0)
    return G_MAXINT64;
  return g_get_monotonic_time () - start;
}

SatchelKdfCost
satchel_kdf_calibrate (void)
{
  SatchelKdfCost cost = SATCHEL_KDF_FLOOR;
  gint64 taken_us = measure_us (&cost);

  /* Memory costs an attacker more than passes do: it grows first, as far as this machine can spare
   * it. */
  while (taken_us <= CALIBRATED_US / 2 && cost.memory_mib * 2 <= memory_to_spare_mib ()) {
    cost.memory_mib *= 2;
    taken_us *= 2;
  }
  if (taken_us > 0 && taken_us < CALIBRATED_US)
    cost.passes = (guint32) CLAMP (cost.passes * CALIBRATED_US / taken_us, cost.passes, 16);
  return cost;
}

SatchelSecret *
satchel_kdf_run (SatchelSecret *passphrase,
                 const guint8 salt[SATCHEL_KDF_SALT_SIZE],
                 const SatchelKdfCost *cost,
                 GError **error)
{
  if (!satchel_kdf_cost_check (cost, error))
    return NULL;
  g_autoptr (SatchelSecret) key = satchel_secret_new (32, error);
  if (key == NULL)
    return NULL;
  if (crypto_pwhash (satchel_secret_get_writable (key),
                     32,
                     (const char *) satchel_secret_get_data (passphrase),
                     satchel_secret_get_size (passphrase),
                     salt,
                     cost->passes,
                     (gsize) cost->memory_mib << 20,
                     crypto_pwhash_ALG_ARGON2ID13) != 0) {
    g_set_error (error,
                 SATCHEL_SECRET_ERROR,
                 SATCHEL_SECRET_ERROR_MEMORY,
                 "%u MiB of memory are needed to stretch the passphrase, and are not there",
                 cost->memory_mib);
    return NULL;
  }
  return g_steal_pointer (&key);
}
