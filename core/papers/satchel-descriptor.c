/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-descriptor.h"

#include <sodium.h>
#include <string.h>

#include "base/satchel-text.h"
#include "papers/satchel-address.h"
#include "papers/satchel-paper-private.h"

static const SatchelPaperField FIELDS[] = {
    {"nonce", 1, 1, SATCHEL_DESCRIPTOR_NONCE_LENGTH},
    {"authority", 1, 1, SATCHEL_ADDRESS_MAX},
    {"time", 1, 1, SATCHEL_PAPER_TIME_MAX},
    {"protocol", 1, 1, SATCHEL_PAPER_NUMBER_MAX},
    {"certificate-sha256", 1, 1, SATCHEL_PAPER_HASH_MAX},
};

static const SatchelPaperKind KIND = {"descriptor", SATCHEL_DESCRIPTOR_SIZE_MAX, FIELDS,
                                      G_N_ELEMENTS (FIELDS)};

char *
satchel_descriptor_new_nonce (void)
{
  guint8 raw[SATCHEL_DESCRIPTOR_NONCE_LENGTH / 2];

  randombytes_buf (raw, sizeof raw);
  return satchel_hex_encode (raw, sizeof raw);
}

gboolean
satchel_descriptor_is_nonce (const char *text)
{
  guint8 raw[SATCHEL_DESCRIPTOR_NONCE_LENGTH / 2];

  return strlen (text) == SATCHEL_DESCRIPTOR_NONCE_LENGTH &&
         satchel_hex_decode (text, raw, sizeof raw);
}

/* The rules that writer and reader share, beyond the grammar. */
static gboolean
check_contents (const SatchelDescriptor *self, GError **error)
{
  g_autofree char *authority = satchel_authority_normalize (self->authority);

  if (!satchel_descriptor_is_nonce (self->nonce))
    return satchel_paper_fault (error, "nonce", "is not 64 lower-case hex digits");
  if (g_strcmp0 (authority, self->authority) != 0)
    return satchel_paper_fault (error, "authority", "is not a host and port");
  return TRUE;
}

char *
satchel_descriptor_sign (const SatchelDescriptor *self, SatchelSecret *receipt_pair, GError **error)
{
  g_autoptr (SatchelPaperBuilder) builder = satchel_paper_builder_new (&KIND);

  if (!check_contents (self, error))
    return NULL;
  satchel_paper_builder_add (builder, "nonce", self->nonce);
  satchel_paper_builder_add (builder, "authority", self->authority);
  satchel_paper_builder_add_time (builder, "time", self->time_unix_us);
  satchel_paper_builder_add_number (builder, "protocol", self->protocol);
  satchel_paper_builder_add_hash (builder, "certificate-sha256", self->certificate_sha256);
  return satchel_paper_builder_sign (builder, receipt_pair, error);
}

SatchelDescriptor *
satchel_descriptor_parse (const char *text,
                          gssize size_bytes,
                          const SatchelMinisignKey *receipt,
                          GError **error)
{
  g_autoptr (SatchelDescriptor) self = g_new0 (SatchelDescriptor, 1);
  g_autoptr (SatchelPaper) paper = NULL;
  guint64 protocol = 0;

  paper = satchel_paper_parse (&KIND, text, satchel_paper_size (text, size_bytes), error);
  if (paper == NULL || !satchel_paper_verify (paper, receipt, error) ||
      !satchel_paper_get_time (paper, "time", &self->time_unix_us, error) ||
      !satchel_paper_get_number (paper, "protocol", 1, G_MAXUINT, &protocol, error) ||
      !satchel_paper_get_hash (paper, "certificate-sha256", self->certificate_sha256, error))
    return NULL;
  self->protocol = (guint) protocol;
  self->nonce = g_strdup (satchel_paper_get (paper, "nonce", 0));
  self->authority = g_strdup (satchel_paper_get (paper, "authority", 0));
  if (!check_contents (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
satchel_descriptor_check (const SatchelDescriptor *self,
                          const char *nonce,
                          const char *authority,
                          const guint8 certificate_sha256[32],
                          GError **error)
{
  const char *other = NULL;

  if (!g_str_equal (self->nonce, nonce))
    other = "question";
  else if (!g_str_equal (self->authority, authority))
    other = "address";
  else if (memcmp (self->certificate_sha256, certificate_sha256, 32) != 0)
    other = "certificate";
  if (other != NULL) {
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_MISMATCH,
                 "the intake's descriptor is for another %s", other);
    return FALSE;
  }
  if (self->protocol != SATCHEL_PROTOCOL_VERSION) {
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_NEWER,
                 "the intake speaks protocol %u, this program %d", self->protocol,
                 SATCHEL_PROTOCOL_VERSION);
    return FALSE;
  }
  return TRUE;
}

void
satchel_descriptor_free (SatchelDescriptor *self)
{
  if (self == NULL)
    return;
  g_free (self->nonce);
  g_free (self->authority);
  g_free (self);
}
