/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/satchel-intake-certificate.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#define YEARS_S ((long) 10 * 365 * 24 * 3600)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free)

static gboolean
set_serial (X509 *certificate)
{
  guint8 bytes[16];
  BIGNUM *number;

  if (RAND_bytes (bytes, sizeof bytes) != 1)
    return FALSE;
  bytes[0] &= 0x7f;
  bytes[0] |= 0x40;
  number = BN_bin2bn (bytes, sizeof bytes, NULL);
  gboolean done =
      number != NULL && BN_to_ASN1_INTEGER (number, X509_get_serialNumber (certificate)) != NULL;
  BN_free (number);
  return done;
}

static gboolean
add_extension (X509 *certificate, X509 *issuer, int nid, const char *value)
{
  X509V3_CTX context;
  X509_EXTENSION *extension;

  X509V3_set_ctx_nodb (&context);
  X509V3_set_ctx (&context, issuer, certificate, NULL, NULL, 0);
  extension = X509V3_EXT_conf_nid (NULL, &context, nid, value);
  gboolean done = extension != NULL && X509_add_ext (certificate, extension, -1) == 1;
  X509_EXTENSION_free (extension);
  return done;
}

/* A certificate for @key with everything but extensions and signature. The clock of whoever reads
 * it may be wrong by a day. */
static X509 *
begin_certificate (EVP_PKEY *key, const char *common_name, X509 *issuer)
{
  g_autoptr (X509) certificate = X509_new ();

  if (certificate == NULL || X509_set_version (certificate, X509_VERSION_3) != 1 ||
      !set_serial (certificate) ||
      X509_gmtime_adj (X509_getm_notBefore (certificate), -24 * 3600) == NULL ||
      X509_gmtime_adj (X509_getm_notAfter (certificate), YEARS_S) == NULL ||
      X509_set_pubkey (certificate, key) != 1 ||
      X509_NAME_add_entry_by_txt (X509_get_subject_name (certificate), "CN", MBSTRING_UTF8,
                                  (const guint8 *) common_name, -1, -1, 0) != 1 ||
      X509_set_issuer_name (certificate,
                            X509_get_subject_name (issuer ? issuer : certificate)) != 1)
    return NULL;
  return g_steal_pointer (&certificate);
}

static X509 *
make_authority (EVP_PKEY *key)
{
  g_autoptr (X509) certificate = begin_certificate (key, "Intake authority", NULL);

  if (certificate == NULL ||
      !add_extension (certificate, certificate, NID_basic_constraints,
                      "critical,CA:TRUE,pathlen:0") ||
      !add_extension (certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign") ||
      !add_extension (certificate, certificate, NID_subject_key_identifier, "hash") ||
      X509_sign (certificate, key, EVP_sha256 ()) == 0)
    return NULL;
  return g_steal_pointer (&certificate);
}

static char *
alternative_names (const char *const *hosts)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; hosts[i] != NULL; i++)
    g_string_append_printf (text, "%s%s:%s", i > 0 ? "," : "",
                            g_hostname_is_ip_address (hosts[i]) ? "IP" : "DNS", hosts[i]);
  return g_string_free (text, FALSE);
}

static X509 *
make_server (EVP_PKEY *key, const char *const *hosts, X509 *authority, EVP_PKEY *authority_key)
{
  g_autoptr (X509) certificate = begin_certificate (key, "Intake", authority);
  g_autofree char *names = alternative_names (hosts);

  if (certificate == NULL ||
      !add_extension (certificate, authority, NID_basic_constraints, "critical,CA:FALSE") ||
      !add_extension (certificate, authority, NID_key_usage, "critical,digitalSignature") ||
      !add_extension (certificate, authority, NID_ext_key_usage, "serverAuth") ||
      !add_extension (certificate, authority, NID_subject_key_identifier, "hash") ||
      !add_extension (certificate, authority, NID_authority_key_identifier, "keyid") ||
      !add_extension (certificate, authority, NID_subject_alt_name, names) ||
      X509_sign (certificate, authority_key, EVP_sha256 ()) == 0)
    return NULL;
  return g_steal_pointer (&certificate);
}

static GBytes *
take_bio (BIO *bio)
{
  char *data;
  long size_bytes = BIO_get_mem_data (bio, &data);

  return g_bytes_new (data, size_bytes);
}

static GBytes *
certificate_to_pem (X509 *certificate)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());

  PEM_write_bio_X509 (bio, certificate);
  return take_bio (bio);
}

static GBytes *
key_to_pem (EVP_PKEY *key)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_secmem ());

  PEM_write_bio_PKCS8PrivateKey (bio, key, NULL, NULL, 0, NULL, NULL);
  return take_bio (bio);
}

static GBytes *
certificate_to_der (X509 *certificate)
{
  guint8 *der = NULL;
  int size_bytes = i2d_X509 (certificate, &der);
  GBytes *bytes = g_bytes_new (der, size_bytes);

  OPENSSL_free (der);
  return bytes;
}

SatchelIntakeCertificates *
satchel_intake_certificates_new (const char *const *hosts, GError **error)
{
  g_autoptr (EVP_PKEY) authority_key = EVP_EC_gen ("P-256");
  g_autoptr (EVP_PKEY) server_key = EVP_EC_gen ("P-256");
  g_autoptr (X509) authority = authority_key != NULL ? make_authority (authority_key) : NULL;
  g_autoptr (X509) server = authority != NULL && server_key != NULL
                                ? make_server (server_key, hosts, authority, authority_key)
                                : NULL;

  if (server == NULL) {
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_DAMAGED,
                         "the certificates could not be made");
    return NULL;
  }
  SatchelIntakeCertificates *self = g_new0 (SatchelIntakeCertificates, 1);
  self->authority_der = certificate_to_der (authority);
  self->authority_pem = certificate_to_pem (authority);
  self->authority_key_pem = key_to_pem (authority_key);
  self->server_pem = certificate_to_pem (server);
  self->server_key_pem = key_to_pem (server_key);
  return self;
}

static void
wipe_bytes (GBytes *bytes)
{
  gsize size_bytes;
  gconstpointer data = g_bytes_get_data (bytes, &size_bytes);

  OPENSSL_cleanse ((gpointer) data, size_bytes);
  g_bytes_unref (bytes);
}

void
satchel_intake_certificates_free (SatchelIntakeCertificates *self)
{
  if (self == NULL)
    return;
  g_bytes_unref (self->authority_der);
  g_bytes_unref (self->authority_pem);
  g_bytes_unref (self->server_pem);
  wipe_bytes (self->authority_key_pem);
  wipe_bytes (self->server_key_pem);
  g_free (self);
}
