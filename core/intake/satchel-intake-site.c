/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/satchel-intake-site.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "intake/satchel-intake-certificate.h"
#include "papers/satchel-address.h"

#define PAIR_SIZE  72
#define CONFIG_MAX 65536
#define MIB        ((guint64) 1024 * 1024)
#define DAY_US     ((gint64) 24 * 3600 * G_USEC_PER_SEC)
#define HOSTS_MAX  SATCHEL_INTAKE_ADDRESSES_MAX
#define DEFAULT_CONFIG     \
  "upload-max-mib=65536\n" \
  "token-day-mib=65536\n"  \
  "reserve-mib=256\n"      \
  "expire-days=7\n"        \
  "connections=1024\n"     \
  "token-connections=32\n"

char *
satchel_intake_site_dup_path (const SatchelIntakeSite *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

/* --- init ----------------------------------------------------------------------------------- */

static gboolean
store_bytes (const char *folder, const char *name, GBytes *bytes, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  gsize size_bytes;
  const guint8 *data = g_bytes_get_data (bytes, &size_bytes);

  return satchel_file_store (path, data, size_bytes, error);
}

static gboolean
store_text (const char *folder, const char *name, const char *text, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return satchel_file_store (path, (const guint8 *) text, strlen (text), error);
}

static char **
addresses_of (const char *const *hosts, guint16 port, GError **error)
{
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; hosts[i] != NULL; i++) {
    char *address = satchel_address_format (hosts[i], port, error);
    if (address == NULL)
      return NULL;
    g_ptr_array_add (addresses, address);
  }
  g_ptr_array_add (addresses, NULL);
  return (char **) g_ptr_array_steal (addresses, NULL);
}

static char *
config_text (const char *name, const char *const *hosts, guint16 port)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_key_file_set_string (file, "intake", "name", name);
  g_key_file_set_string_list (file, "intake", "hosts", hosts, g_strv_length ((char **) hosts));
  g_key_file_set_integer (file, "intake", "port", port);
  g_autofree char *head = g_key_file_to_data (file, NULL, NULL);
  return g_strconcat (head, "\n[limits]\n", DEFAULT_CONFIG, NULL);
}

static gboolean
fill_folder (const char *folder,
             const char *config,
             SatchelIntakeCertificates *certificates,
             SatchelSecret *pair,
             const char *card,
             GError **error)
{
  g_autofree char *path = g_build_filename (folder, "receipt.key", NULL);

  return store_text (folder, "config", config, error) &&
         store_bytes (folder, "ca.crt", certificates->authority_pem, error) &&
         store_bytes (folder, "ca.key", certificates->authority_key_pem, error) &&
         store_bytes (folder, "server.crt", certificates->server_pem, error) &&
         store_bytes (folder, "server.key", certificates->server_key_pem, error) &&
         satchel_file_store (path, satchel_secret_get_data (pair), satchel_secret_get_size (pair),
                             error) &&
         store_text (folder, "intake.card", card, error);
}

static gboolean
make_new_folder (const char *folder, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (folder);

  if (mkdir (folder, 0700) != 0)
    return satchel_base_set_errno (error, errno, "make the intake's folder");
  return satchel_folder_sync (parent, error);
}

gboolean
satchel_intake_site_init (
    const char *folder, const char *name, const char *const *hosts, guint16 port, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SatchelIntakeCertificates) certificates = NULL;
  g_autoptr (SatchelIntakeCard) card = NULL;
  g_auto (GStrv) addresses = addresses_of (hosts, port, &local_error);

  if (addresses == NULL || hosts[0] == NULL) {
    g_set_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_REQUEST, "%s",
                 local_error != NULL ? local_error->message : "name at least one host");
    return FALSE;
  }
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (error);
  if (pair == NULL)
    return FALSE;
  certificates = satchel_intake_certificates_new (hosts, error);
  if (certificates == NULL)
    return FALSE;
  card = satchel_intake_card_sign (name, (const char *const *) addresses,
                                   certificates->authority_der, pair, &local_error);
  if (card == NULL) {
    g_set_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_REQUEST, "%s",
                 local_error->message);
    return FALSE;
  }
  g_autofree char *config = config_text (name, hosts, port);
  if (!make_new_folder (folder, error))
    return FALSE;
  if (!fill_folder (folder, config, certificates, pair, card->text, error)) {
    satchel_folder_remove (folder, NULL);
    return FALSE;
  }
  return TRUE;
}

/* --- load ----------------------------------------------------------------------------------- */

static guint64
read_limit (GKeyFile *file, const char *key, guint64 fallback, guint64 maximum)
{
  g_autoptr (GError) error = NULL;
  guint64 value = g_key_file_get_uint64 (file, "limits", key, &error);

  return error != NULL ? fallback : MIN (value, maximum);
}

static void
read_limits (SatchelIntakeSite *self, GKeyFile *file)
{
  const guint64 mib_max = (guint64) 1 << 40;

  self->limits.upload_max_bytes = read_limit (file, "upload-max-mib", 65536, mib_max) * MIB;
  self->limits.token_day_bytes = read_limit (file, "token-day-mib", 65536, mib_max) * MIB;
  self->limits.reserve_bytes = read_limit (file, "reserve-mib", 256, mib_max) * MIB;
  self->limits.expire_us = read_limit (file, "expire-days", 7, 3650) * DAY_US;
  self->connections_max = MAX (1, read_limit (file, "connections", 1024, 100000));
  self->token_connections_max = MAX (1, read_limit (file, "token-connections", 32, 100000));
}

static gboolean
read_config (SatchelIntakeSite *self, GError **error)
{
  g_autofree char *path = satchel_intake_site_dup_path (self, "config");
  g_autoptr (GBytes) bytes = satchel_file_load (path, CONFIG_MAX, error);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) local_error = NULL;

  if (bytes == NULL)
    return FALSE;
  if (g_key_file_load_from_data (file, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                 G_KEY_FILE_NONE, &local_error)) {
    self->name = g_key_file_get_string (file, "intake", "name", NULL);
    self->hosts = g_key_file_get_string_list (file, "intake", "hosts", NULL, NULL);
    self->port = g_key_file_get_integer (file, "intake", "port", NULL);
  }
  if (self->name == NULL || self->hosts == NULL || self->hosts[0] == NULL) {
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_DAMAGED,
                         "config: [intake] needs name and hosts");
    return FALSE;
  }
  read_limits (self, file);
  return TRUE;
}

static gboolean
read_pair (SatchelIntakeSite *self, GError **error)
{
  g_autofree char *path = satchel_intake_site_dup_path (self, "receipt.key");
  g_autoptr (GBytes) bytes = satchel_file_load (path, PAIR_SIZE, error);
  gsize size_bytes = 0;

  if (bytes == NULL)
    return FALSE;
  const guint8 *data = g_bytes_get_data (bytes, &size_bytes);
  if (size_bytes != PAIR_SIZE) {
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_DAMAGED,
                         "receipt.key has a wrong size");
    return FALSE;
  }
  self->receipt_pair = satchel_secret_new_copy (data, size_bytes, error);
  memset ((gpointer) data, 0, size_bytes);
  if (self->receipt_pair == NULL)
    return FALSE;
  satchel_minisign_pair_get_key (self->receipt_pair, &self->receipt);
  return TRUE;
}

SatchelIntakeSite *
satchel_intake_site_load (const char *folder, GError **error)
{
  g_autoptr (SatchelIntakeSite) self = g_new0 (SatchelIntakeSite, 1);

  self->folder = g_strdup (folder);
  g_autofree char *card = satchel_intake_site_dup_path (self, "intake.card");
  if (access (card, F_OK) != 0) {
    g_set_error_literal (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND,
                         "there is no intake in that folder");
    return NULL;
  }
  if (!read_config (self, error) || !read_pair (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
satchel_intake_site_free (SatchelIntakeSite *self)
{
  if (self == NULL)
    return;
  g_free (self->folder);
  g_free (self->name);
  g_strfreev (self->hosts);
  satchel_secret_unref (self->receipt_pair);
  g_free (self);
}

/* --- The newsroom's card -------------------------------------------------------------------- */

SatchelNewsroomCard *
satchel_intake_site_load_newsroom (const SatchelIntakeSite *self, GError **error)
{
  g_autofree char *path = satchel_intake_site_dup_path (self, "newsroom.card");
  g_autoptr (GBytes) bytes = satchel_file_load (path, SATCHEL_NEWSROOM_CARD_SIZE_MAX, error);
  g_autoptr (GError) local_error = NULL;

  if (bytes == NULL)
    return NULL;
  SatchelNewsroomCard *card = satchel_newsroom_card_parse (
      g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL, &local_error);
  if (card == NULL)
    g_set_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_DAMAGED, "newsroom.card: %s",
                 local_error->message);
  return card;
}

static gboolean
check_follows (const SatchelNewsroomCard *now, const SatchelNewsroomCard *next, GError **error)
{
  if (!satchel_minisign_key_equal (&now->lead, &next->lead)) {
    g_set_error_literal (
        error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_FORBIDDEN,
        "The card is signed by another desk lead than the one this intake serves.");
    return FALSE;
  }
  if (next->number <= now->number) {
    g_set_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_CONFLICT,
                 "The card's number is not above %" G_GUINT64_FORMAT ".", now->number);
    return FALSE;
  }
  return TRUE;
}

static SatchelNewsroomCard *
parse_next (const char *text, gsize size_bytes, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  SatchelNewsroomCard *card = satchel_newsroom_card_parse (text, size_bytes, NULL, &local_error);

  if (card == NULL)
    g_set_error (error, SATCHEL_INTAKE_ERROR,
                 g_error_matches (local_error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_SIGNATURE)
                     ? SATCHEL_INTAKE_ERROR_FORBIDDEN
                     : SATCHEL_INTAKE_ERROR_REQUEST,
                 "The newsroom card cannot be admitted: %s", local_error->message);
  return card;
}

static gboolean
admit_locked (const SatchelIntakeSite *self,
              const SatchelNewsroomCard *next,
              gboolean first_allowed,
              GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SatchelNewsroomCard) now = satchel_intake_site_load_newsroom (self, &local_error);

  if (now == NULL &&
      !g_error_matches (local_error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  if (now == NULL && !first_allowed) {
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_NOT_READY,
                         "The first newsroom card is admitted on the intake's own machine.");
    return FALSE;
  }
  if (now != NULL && strcmp (now->text, next->text) == 0)
    return TRUE;
  if (now != NULL && !check_follows (now, next, error))
    return FALSE;
  return store_text (self->folder, "newsroom.card", next->text, error);
}

gboolean
satchel_intake_site_admit_newsroom (const SatchelIntakeSite *self,
                                    const char *text,
                                    gsize size_bytes,
                                    gboolean first_allowed,
                                    GError **error)
{
  g_autoptr (SatchelNewsroomCard) next = parse_next (text, size_bytes, error);
  g_autofree char *path = satchel_intake_site_dup_path (self, "newsroom.lock");

  if (next == NULL)
    return FALSE;
  int lock = satchel_file_lock (path, error);
  if (lock < 0)
    return FALSE;
  gboolean done = admit_locked (self, next, first_allowed, error);
  close (lock);
  return done;
}
