/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "secret/satchel-key-header.h"

#include <sodium.h>
#include <string.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"

#define MAGIC      "satchel keys v1\n"
#define MAGIC_SIZE 16
#define VERSION    1

#define SECRET_SIZE SATCHEL_WRAPPABLE_SIZE
#define SLOT_SIZE   SATCHEL_WRAPPED_SIZE

/* Where each part stands; docs/FORMAT.md, "Key header". */
enum {
  AT_VERSION = MAGIC_SIZE,
  AT_VAULT_ID = AT_VERSION + 4,
  AT_SEQUENCE = AT_VAULT_ID + SATCHEL_VAULT_ID_SIZE,
  AT_MEMORY = AT_SEQUENCE + 8,
  AT_PASSES = AT_MEMORY + 4,
  AT_SALT = AT_PASSES + 4,
  AT_SLOTS = AT_SALT + SATCHEL_KDF_SALT_SIZE,
  AT_MAC = AT_SLOTS + SATCHEL_KEY_SLOTS * SLOT_SIZE,
  AT_HASH = AT_MAC + 32,
  HEADER_SIZE = AT_HASH + 32,
};

struct _SatchelKeyHeader {
  guint8 bytes[HEADER_SIZE];
};

static void
put_u32 (guint8 *at, guint32 value)
{
  value = GUINT32_TO_BE (value);
  memcpy (at, &value, sizeof value);
}

static guint32
get_u32 (const guint8 *at)
{
  guint32 value;

  memcpy (&value, at, sizeof value);
  return GUINT32_FROM_BE (value);
}

static void
put_u64 (guint8 *at, guint64 value)
{
  value = GUINT64_TO_BE (value);
  memcpy (at, &value, sizeof value);
}

static guint64
get_u64 (const guint8 *at)
{
  guint64 value;

  memcpy (&value, at, sizeof value);
  return GUINT64_FROM_BE (value);
}

/* Each kind has its own place, so that the panic phrase spares the newsroom's slot without knowing
 * whether it is used. The places after them are random for ever. */
static guint
slot_index (SatchelSlotKind kind)
{
  return (guint) kind - 1;
}

static guint8 *
slot_at (SatchelKeyHeader *self, guint index)
{
  return self->bytes + AT_SLOTS + index * SLOT_SIZE;
}

static void
hash_header (const guint8 *bytes, guint8 out[32])
{
  crypto_generichash (out, 32, bytes, AT_HASH, NULL, 0);
}

static void
seal_hash (SatchelKeyHeader *self)
{
  hash_header (self->bytes, self->bytes + AT_HASH);
}

static gboolean
compute_mac (SatchelKeyHeader *self, SatchelSecret *master, guint8 out[32], GError **error)
{
  g_autoptr (SatchelSecret) key = satchel_hkdf_secret (master, "satchel header v1", 32, error);

  return key != NULL &&
         crypto_auth_hmacsha256 (out, self->bytes, AT_MAC, satchel_secret_get_data (key)) == 0;
}

/* What a slot is bound to: it opens nowhere else and under no other parameters. */
#define AAD_SIZE (SATCHEL_VAULT_ID_SIZE + 2 + 8 + SATCHEL_KDF_SALT_SIZE)

static void
slot_aad (SatchelKeyHeader *self, SatchelSlotKind kind, guint8 aad[AAD_SIZE])
{
  memcpy (aad, self->bytes + AT_VAULT_ID, SATCHEL_VAULT_ID_SIZE);
  aad[SATCHEL_VAULT_ID_SIZE] = (guint8) slot_index (kind);
  aad[SATCHEL_VAULT_ID_SIZE + 1] = (guint8) kind;
  memset (aad + SATCHEL_VAULT_ID_SIZE + 2, 0, 8 + SATCHEL_KDF_SALT_SIZE);
  /* Code slots must outlive a change of the passphrase, which takes new parameters. */
  if (kind == SATCHEL_SLOT_PASSPHRASE || kind == SATCHEL_SLOT_PANIC)
    memcpy (aad + SATCHEL_VAULT_ID_SIZE + 2, self->bytes + AT_MEMORY, 8 + SATCHEL_KDF_SALT_SIZE);
}

/* @stretched is Argon2id's output for phrases, the secret itself for codes. */
static SatchelSecret *
slot_key (SatchelKeyHeader *self, SatchelSlotKind kind, SatchelSecret *stretched, GError **error)
{
  static const char *const info[] = {
      [SATCHEL_SLOT_PASSPHRASE] = "satchel slot passphrase v1",
      [SATCHEL_SLOT_RECOVERY] = "satchel slot recovery v1",
      [SATCHEL_SLOT_NEWSROOM] = "satchel slot newsroom v1",
      [SATCHEL_SLOT_PANIC] = "satchel slot panic v1",
  };
  SatchelSecret *key = satchel_secret_new (crypto_aead_xchacha20poly1305_ietf_KEYBYTES, error);

  if (key != NULL)
    satchel_hkdf (satchel_secret_get_data (stretched),
                  satchel_secret_get_size (stretched),
                  self->bytes + AT_VAULT_ID,
                  SATCHEL_VAULT_ID_SIZE,
                  info[kind],
                  strlen (info[kind]),
                  satchel_secret_get_writable (key),
                  crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
  return key;
}

static gboolean
fill_slot (SatchelKeyHeader *self,
           SatchelSlotKind kind,
           SatchelSecret *stretched,
           SatchelSecret *content,
           GError **error)
{
  g_autoptr (SatchelSecret) key = slot_key (self, kind, stretched, error);
  guint8 aad[AAD_SIZE];

  if (key == NULL)
    return FALSE;
  slot_aad (self, kind, aad);
  satchel_secret_wrap (content, key, aad, sizeof aad, slot_at (self, slot_index (kind)));
  return TRUE;
}

/* NULL without an error where the slot does not open. */
static SatchelSecret *
try_slot (SatchelKeyHeader *self, SatchelSlotKind kind, SatchelSecret *stretched, GError **error)
{
  g_autoptr (SatchelSecret) key = slot_key (self, kind, stretched, error);
  guint8 aad[AAD_SIZE];

  if (key == NULL)
    return NULL;
  slot_aad (self, kind, aad);
  return satchel_secret_unwrap (slot_at (self, slot_index (kind)), key, aad, sizeof aad, error);
}

static void
set_cost (SatchelKeyHeader *self, const SatchelKdfCost *cost)
{
  put_u32 (self->bytes + AT_MEMORY, cost->memory_mib);
  put_u32 (self->bytes + AT_PASSES, cost->passes);
  randombytes_buf (self->bytes + AT_SALT, SATCHEL_KDF_SALT_SIZE);
}

SatchelKeyHeader *
satchel_key_header_new (SatchelSecret *passphrase,
                        SatchelSecret *recovery_code,
                        const SatchelKdfCost *cost,
                        SatchelSecret **master,
                        GError **error)
{
  g_autoptr (SatchelKeyHeader) self = g_new0 (SatchelKeyHeader, 1);
  g_autoptr (SatchelSecret) key = satchel_secret_new_random (SATCHEL_MASTER_KEY_SIZE, error);

  if (key == NULL)
    return NULL;
  memcpy (self->bytes, MAGIC, MAGIC_SIZE);
  put_u32 (self->bytes + AT_VERSION, VERSION);
  randombytes_buf (self->bytes + AT_VAULT_ID, SATCHEL_VAULT_ID_SIZE);
  randombytes_buf (self->bytes + AT_SLOTS, SATCHEL_KEY_SLOTS * SLOT_SIZE);
  if (!satchel_key_header_set_passphrase (self, key, passphrase, cost, error))
    return NULL;
  if (recovery_code != NULL &&
      !satchel_key_header_set_code (self, key, SATCHEL_SLOT_RECOVERY, recovery_code, error))
    return NULL;
  *master = g_steal_pointer (&key);
  return g_steal_pointer (&self);
}

static char *
copy_path (const char *folder, gboolean first)
{
  return g_build_filename (folder, first ? "keys" : "keys.bak", NULL);
}

/* One copy, checked as far as it can be without a key. */
static SatchelKeyHeader *
load_copy (const char *folder, gboolean first, GError **error)
{
  g_autofree char *path = copy_path (folder, first);
  g_autoptr (GBytes) bytes = satchel_file_load (path, 64 * 1024, error);
  guint8 hash[32];

  if (bytes == NULL)
    return NULL;
  const guint8 *data = g_bytes_get_data (bytes, NULL);
  if (g_bytes_get_size (bytes) >= MAGIC_SIZE && memcmp (data, MAGIC, MAGIC_SIZE) != 0 &&
      memcmp (data, "satchel keys v", 14) == 0) {
    g_set_error_literal (error,
                         SATCHEL_SECRET_ERROR,
                         SATCHEL_SECRET_ERROR_NEWER,
                         "the key header was written by a newer Satchel");
    return NULL;
  }
  if (g_bytes_get_size (bytes) == HEADER_SIZE) {
    hash_header (data, hash);
    if (sodium_memcmp (hash, data + AT_HASH, 32) == 0 && get_u32 (data + AT_VERSION) == VERSION &&
        memcmp (data, MAGIC, MAGIC_SIZE) == 0) {
      SatchelKeyHeader *self = g_new0 (SatchelKeyHeader, 1);
      memcpy (self->bytes, data, HEADER_SIZE);
      return self;
    }
  }
  g_set_error (error,
               SATCHEL_SECRET_ERROR,
               SATCHEL_SECRET_ERROR_DAMAGED,
               "the key header %s is damaged",
               first ? "keys" : "keys.bak");
  return NULL;
}

SatchelKeyHeader *
satchel_key_header_load (const char *folder, gboolean *repair, GError **error)
{
  g_autoptr (GError) first_error = NULL;
  g_autoptr (GError) second_error = NULL;
  g_autoptr (SatchelKeyHeader) first = load_copy (folder, TRUE, &first_error);
  g_autoptr (SatchelKeyHeader) second = load_copy (folder, FALSE, &second_error);

  if (first == NULL && second == NULL) {
    /* "Not found" only where neither is there: one damaged copy alone is a damaged vault. */
    gboolean absent =
        g_error_matches (first_error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND);
    g_propagate_error (error, g_error_copy (absent ? second_error : first_error));
    return NULL;
  }
  gboolean newer_second =
      first == NULL || (second != NULL && satchel_key_header_get_sequence (second) >
                                              satchel_key_header_get_sequence (first));
  SatchelKeyHeader *self = newer_second ? second : first;
  SatchelKdfCost cost = satchel_key_header_get_cost (self);
  if (!satchel_kdf_cost_check (&cost, error))
    return NULL;
  *repair =
      first == NULL || second == NULL || memcmp (first->bytes, second->bytes, HEADER_SIZE) != 0;
  return newer_second ? g_steal_pointer (&second) : g_steal_pointer (&first);
}

static gboolean
authenticate (SatchelKeyHeader *self, SatchelSecret *master, GError **error)
{
  if (!compute_mac (self, master, self->bytes + AT_MAC, error))
    return FALSE;
  seal_hash (self);
  return TRUE;
}

gboolean
satchel_key_header_create (SatchelKeyHeader *self,
                           const char *folder,
                           SatchelSecret *master,
                           GError **error)
{
  put_u64 (self->bytes + AT_SEQUENCE, 1);
  if (!authenticate (self, master, error))
    return FALSE;
  for (int first = 0; first <= 1; first++) {
    g_autofree char *path = copy_path (folder, first);
    g_autoptr (SatchelNewFile) file = satchel_new_file_open (path, error);
    if (file == NULL ||
        !satchel_sink_write (satchel_new_file_get_sink (file), self->bytes, HEADER_SIZE, NULL,
                             error) ||
        !satchel_new_file_commit (file, FALSE, error))
      return FALSE;
  }
  return TRUE;
}

/* Copy B, then copy A: whenever this is cut short, one whole copy stands. In place, so that no old
 * version of the slots is left behind by a rename. A copy that went missing is made anew. */
static gboolean
overwrite_copies (const guint8 *bytes, const char *folder, GError **error)
{
  for (int first = 0; first <= 1; first++) {
    g_autofree char *path = copy_path (folder, first);
    gboolean done = g_file_test (path, G_FILE_TEST_EXISTS)
                        ? satchel_file_overwrite (path, bytes, HEADER_SIZE, error)
                        : satchel_file_store (path, bytes, HEADER_SIZE, error);
    if (!done)
      return FALSE;
  }
  return TRUE;
}

gboolean
satchel_key_header_store (SatchelKeyHeader *self,
                          const char *folder,
                          SatchelSecret *master,
                          GError **error)
{
  put_u64 (self->bytes + AT_SEQUENCE, satchel_key_header_get_sequence (self) + 1);
  return authenticate (self, master, error) && overwrite_copies (self->bytes, folder, error);
}

/* Needs no space: a copy that is missing holds no slots, and is not made anew. What cannot be
 * overwritten keeps nothing from the other one. Only the kernel's word that a file is not there
 * counts as that, and where neither was there nothing was destroyed. */
static gboolean
overwrite_what_is_there (const guint8 *bytes, const char *folder, GError **error)
{
  g_autoptr (GError) fault = NULL;
  guint overwritten = 0;

  for (int first = 0; first <= 1; first++) {
    g_autofree char *path = copy_path (folder, first);
    g_autoptr (GError) local_error = NULL;
    gboolean done = satchel_file_overwrite (path, bytes, HEADER_SIZE, &local_error);
    gboolean is_missing =
        g_error_matches (local_error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND);
    overwritten += done;
    if (!done && (fault == NULL || !is_missing)) {
      g_clear_error (&fault);
      fault = g_steal_pointer (&local_error);
    }
  }
  gboolean only_missing =
      fault == NULL || g_error_matches (fault, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND);
  if (overwritten > 0 && only_missing)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&fault));
  return FALSE;
}

/* Both copies in @folder are overwritten even where one of them is damaged: it may hold old slots.
 */
static gboolean
destroy_slots (SatchelKeyHeader *self, const char *folder, gboolean all, GError **error)
{
  for (guint i = 0; i < SATCHEL_KEY_SLOTS; i++)
    if (all || i != slot_index (SATCHEL_SLOT_NEWSROOM))
      randombytes_buf (slot_at (self, i), SLOT_SIZE);
  /* The master is not at hand: the MAC can only be made again after a recovery. */
  randombytes_buf (self->bytes + AT_MAC, 32);
  put_u64 (self->bytes + AT_SEQUENCE, satchel_key_header_get_sequence (self) + 1);
  seal_hash (self);
  return overwrite_what_is_there (self->bytes, folder, error);
}

static void
set_wrong (GError **error)
{
  g_set_error_literal (error, SATCHEL_SECRET_ERROR, SATCHEL_SECRET_ERROR_WRONG, "wrong passphrase");
}

SatchelSecret *
satchel_key_header_unlock (SatchelKeyHeader *self,
                           const char *folder,
                           SatchelSecret *passphrase,
                           GError **error)
{
  SatchelKdfCost cost = satchel_key_header_get_cost (self);
  g_autoptr (SatchelSecret) stretched =
      satchel_kdf_run (passphrase, self->bytes + AT_SALT, &cost, error);
  g_autoptr (GError) local_error = NULL;

  if (stretched == NULL)
    return NULL;
  g_autoptr (SatchelSecret) master =
      try_slot (self, SATCHEL_SLOT_PASSPHRASE, stretched, &local_error);
  g_autoptr (SatchelSecret) panic =
      local_error == NULL ? try_slot (self, SATCHEL_SLOT_PANIC, stretched, &local_error) : NULL;
  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return NULL;
  }
  if (master != NULL)
    return g_steal_pointer (&master);
  /* Whoever forces the phrase out must see no difference, a failed write included. */
  if (panic != NULL)
    destroy_slots (self, folder, FALSE, NULL);
  set_wrong (error);
  return NULL;
}

SatchelSecret *
satchel_key_header_unlock_code (SatchelKeyHeader *self,
                                SatchelSlotKind kind,
                                SatchelSecret *code,
                                GError **error)
{
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (kind == SATCHEL_SLOT_RECOVERY || kind == SATCHEL_SLOT_NEWSROOM, NULL);
  SatchelSecret *master = try_slot (self, kind, code, &local_error);
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (master == NULL)
    g_set_error_literal (error, SATCHEL_SECRET_ERROR, SATCHEL_SECRET_ERROR_WRONG,
                         "the code does not open this vault");
  return master;
}

gboolean
satchel_key_header_verify (SatchelKeyHeader *self, SatchelSecret *master, GError **error)
{
  guint8 mac[32];

  if (!compute_mac (self, master, mac, error))
    return FALSE;
  if (sodium_memcmp (mac, self->bytes + AT_MAC, sizeof mac) == 0)
    return TRUE;
  g_set_error_literal (error,
                       SATCHEL_SECRET_ERROR,
                       SATCHEL_SECRET_ERROR_DAMAGED,
                       "the key header was changed without the vault's key");
  return FALSE;
}

gboolean
satchel_key_header_set_passphrase (SatchelKeyHeader *self,
                                   SatchelSecret *master,
                                   SatchelSecret *passphrase,
                                   const SatchelKdfCost *cost,
                                   GError **error)
{
  SatchelKeyHeader changed = *self;

  if (!satchel_kdf_cost_check (cost, error))
    return FALSE;
  set_cost (&changed, cost);
  g_autoptr (SatchelSecret) stretched =
      satchel_kdf_run (passphrase, changed.bytes + AT_SALT, cost, error);
  if (stretched == NULL || !fill_slot (&changed, SATCHEL_SLOT_PASSPHRASE, stretched, master, error))
    return FALSE;
  satchel_key_header_clear_panic (&changed);
  *self = changed;
  return TRUE;
}

gboolean
satchel_key_header_set_panic (SatchelKeyHeader *self,
                              SatchelSecret *master,
                              SatchelSecret *phrase,
                              GError **error)
{
  SatchelKdfCost cost = satchel_key_header_get_cost (self);
  g_autoptr (SatchelSecret) stretched =
      satchel_kdf_run (phrase, self->bytes + AT_SALT, &cost, error);
  g_autoptr (SatchelSecret) nothing =
      stretched != NULL ? satchel_secret_new_random (SECRET_SIZE, error) : NULL;
  g_autoptr (GError) local_error = NULL;

  if (nothing == NULL)
    return FALSE;
  g_autoptr (SatchelSecret) same =
      try_slot (self, SATCHEL_SLOT_PASSPHRASE, stretched, &local_error);
  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  if (same != NULL) {
    g_set_error_literal (error,
                         SATCHEL_SECRET_ERROR,
                         SATCHEL_SECRET_ERROR_WEAK,
                         "the panic phrase must not be the passphrase");
    return FALSE;
  }
  return fill_slot (self, SATCHEL_SLOT_PANIC, stretched, nothing, error);
}

void
satchel_key_header_clear_panic (SatchelKeyHeader *self)
{
  randombytes_buf (slot_at (self, slot_index (SATCHEL_SLOT_PANIC)), SLOT_SIZE);
}

gboolean
satchel_key_header_set_code (SatchelKeyHeader *self,
                             SatchelSecret *master,
                             SatchelSlotKind kind,
                             SatchelSecret *code,
                             GError **error)
{
  g_return_val_if_fail (kind == SATCHEL_SLOT_RECOVERY || kind == SATCHEL_SLOT_NEWSROOM, FALSE);
  return fill_slot (self, kind, code, master, error);
}

gboolean
satchel_key_header_wipe (const char *folder, gboolean all, GError **error)
{
  gboolean repair = FALSE;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SatchelKeyHeader) self = satchel_key_header_load (folder, &repair, &local_error);

  if (self == NULL &&
      g_error_matches (local_error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  if (self == NULL) {
    /* Damaged in both copies: what can still be in them is overwritten all the same. */
    self = g_new0 (SatchelKeyHeader, 1);
    randombytes_buf (self->bytes, HEADER_SIZE);
    return overwrite_what_is_there (self->bytes, folder, error);
  }
  return destroy_slots (self, folder, all, error);
}

const guint8 *
satchel_key_header_get_vault_id (SatchelKeyHeader *self)
{
  return self->bytes + AT_VAULT_ID;
}

guint64
satchel_key_header_get_sequence (SatchelKeyHeader *self)
{
  return get_u64 (self->bytes + AT_SEQUENCE);
}

SatchelKdfCost
satchel_key_header_get_cost (SatchelKeyHeader *self)
{
  return (SatchelKdfCost){get_u32 (self->bytes + AT_MEMORY), get_u32 (self->bytes + AT_PASSES)};
}

void
satchel_key_header_free (SatchelKeyHeader *self)
{
  g_free (self);
}
