/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-intake-card.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "papers/satchel-paper-private.h"

static const SatchelPaperField FIELDS[] = {
    {"name", 1, 1, SATCHEL_INTAKE_NAME_MAX},
    {"address", 1, SATCHEL_INTAKE_ADDRESSES_MAX, SATCHEL_ADDRESS_MAX},
    {"anchor", 1, 1, SATCHEL_PAPER_BASE64 (SATCHEL_INTAKE_ANCHOR_MAX)},
    {"receipt", 1, 1, SATCHEL_PAPER_MINISIGN_MAX},
};

static const SatchelPaperKind KIND = {"intake-card", SATCHEL_INTAKE_CARD_SIZE_MAX, FIELDS,
                                      G_N_ELEMENTS (FIELDS)};

static X509 *
read_certificate (GBytes *der)
{
  gsize size = 0;
  const guint8 *start = g_bytes_get_data (der, &size);
  const guint8 *position = start;
  X509 *certificate;

  if (size == 0 || size > SATCHEL_INTAKE_ANCHOR_MAX)
    return NULL;
  certificate = d2i_X509 (NULL, &position, (long) size);
  if (certificate != NULL && position != start + size)
    g_clear_pointer (&certificate, X509_free);
  return certificate;
}

gboolean
satchel_anchor_check (GBytes *der, GError **error)
{
  X509 *certificate = read_certificate (der);
  /* 1 is a version 3 certificate with CA:TRUE; the other true answers are laxer forms of old. */
  gboolean is_authority = certificate != NULL && X509_check_ca (certificate) == 1;

  X509_free (certificate);
  if (!is_authority)
    return satchel_paper_fault (error, "anchor", "is not one certificate of an authority");
  return TRUE;
}

char *
satchel_anchor_to_pem (GBytes *der)
{
  X509 *certificate = read_certificate (der);
  BIO *bio = BIO_new (BIO_s_mem ());
  char *pem = NULL;

  if (certificate != NULL && bio != NULL && PEM_write_bio_X509 (bio, certificate) == 1) {
    char *data = NULL;
    long size = BIO_get_mem_data (bio, &data);
    pem = g_strndup (data, (gsize) size);
  }
  BIO_free (bio);
  X509_free (certificate);
  return pem;
}

SatchelIntakeCard *
satchel_intake_card_sign (const char *name,
                          const char *const *addresses,
                          GBytes *anchor_der,
                          SatchelSecret *receipt_pair,
                          GError **error)
{
  g_autoptr (SatchelPaperBuilder) builder = satchel_paper_builder_new (&KIND);
  g_autofree char *text = NULL;
  SatchelMinisignKey receipt;
  gsize size = 0;
  const guint8 *der = g_bytes_get_data (anchor_der, &size);

  satchel_paper_builder_add (builder, "name", name);
  for (guint i = 0; addresses[i] != NULL; i++)
    satchel_paper_builder_add (builder, "address", addresses[i]);
  satchel_paper_builder_add_bytes (builder, "anchor", der, size);
  satchel_minisign_pair_get_key (receipt_pair, &receipt);
  satchel_paper_builder_add_minisign (builder, "receipt", &receipt);
  text = satchel_paper_builder_sign (builder, receipt_pair, error);
  return text != NULL ? satchel_intake_card_parse (text, -1, error) : NULL;
}

static char **
read_addresses (SatchelPaper *paper, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < satchel_paper_count (paper, "address"); i++) {
    const char *address = satchel_paper_get (paper, "address", i);

    if (!satchel_address_parse (address, NULL, NULL, error))
      return NULL;
    if (!g_hash_table_add (seen, (gpointer) address)) {
      satchel_paper_fault (error, "address", "stands there twice");
      return NULL;
    }
    g_strv_builder_add (builder, address);
  }
  return g_strv_builder_end (builder);
}

SatchelIntakeCard *
satchel_intake_card_parse (const char *text, gssize size_bytes, GError **error)
{
  g_autoptr (SatchelIntakeCard) self = g_new0 (SatchelIntakeCard, 1);
  g_autoptr (SatchelPaper) paper = NULL;

  /* The signature comes before the certificate is looked into: fewer bytes reach that parser. */
  paper = satchel_paper_parse (&KIND, text, satchel_paper_size (text, size_bytes), error);
  if (paper == NULL || !satchel_paper_get_minisign (paper, "receipt", &self->receipt, error) ||
      !satchel_paper_verify (paper, &self->receipt, error))
    return NULL;
  self->addresses = read_addresses (paper, error);
  if (self->addresses == NULL)
    return NULL;
  self->anchor = satchel_paper_get_bytes (paper, "anchor", 0, error);
  if (self->anchor == NULL || !satchel_anchor_check (self->anchor, error))
    return NULL;
  self->name = g_strdup (satchel_paper_get (paper, "name", 0));
  self->text = g_strdup (satchel_paper_get_text (paper, NULL));
  return g_steal_pointer (&self);
}

char *
satchel_intake_card_dup_anchor_pem (const SatchelIntakeCard *self)
{
  return satchel_anchor_to_pem (self->anchor);
}

SatchelIntakeCard *
satchel_intake_card_copy (const SatchelIntakeCard *self)
{
  SatchelIntakeCard *copy = g_new0 (SatchelIntakeCard, 1);

  copy->name = g_strdup (self->name);
  copy->addresses = g_strdupv (self->addresses);
  copy->anchor = g_bytes_ref (self->anchor);
  copy->receipt = self->receipt;
  copy->text = g_strdup (self->text);
  return copy;
}

void
satchel_intake_card_free (SatchelIntakeCard *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_strfreev (self->addresses);
  g_clear_pointer (&self->anchor, g_bytes_unref);
  g_free (self->text);
  g_free (self);
}
