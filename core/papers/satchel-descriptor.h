/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-paper.h"

G_BEGIN_DECLS

/**
 * What an intake answers to GET /.well-known/satchel?nonce=...: the asker's nonce, the authority it
 * was asked under, its time, the protocol version and the SHA-256 of the TLS certificate in use,
 * signed with the receipt key. A descriptor copied from elsewhere, or passed on by somebody who
 * ends TLS himself, does not fit.
 */
#define SATCHEL_DESCRIPTOR_SIZE_MAX     2048
#define SATCHEL_DESCRIPTOR_NONCE_LENGTH 64 /* lower-case hex digits */
#define SATCHEL_PROTOCOL_VERSION        1

typedef struct {
  char *nonce;
  char *authority; /* as satchel_authority_normalize() gives */
  gint64 time_unix_us;
  guint protocol;
  guint8 certificate_sha256[32]; /* of the server certificate's DER */
} SatchelDescriptor;

/** A fresh nonce for asking; whether a text is one. */
char *satchel_descriptor_new_nonce (void);
gboolean satchel_descriptor_is_nonce (const char *text);

/** The text to answer with. Time is cut to the second. SATCHEL_PAPERS_ERROR_INVALID. */
char *satchel_descriptor_sign (const SatchelDescriptor *self,
                               SatchelSecret *receipt_pair,
                               GError **error);

/** Reads one and verifies it with the receipt key from the intake card.
 *  SATCHEL_PAPERS_ERROR_INVALID, _OTHER_KIND, _NEWER, _SIGNATURE. */
SatchelDescriptor *satchel_descriptor_parse (const char *text,
                                             gssize size_bytes,
                                             const SatchelMinisignKey *receipt,
                                             GError **error);

/** Whether it answers this question on this connection: SATCHEL_PAPERS_ERROR_MISMATCH naming what
 *  differs, _NEWER for another protocol. The time is the server's word and is not compared: laptop
 *  clocks are wrong. */
gboolean satchel_descriptor_check (const SatchelDescriptor *self,
                                   const char *nonce,
                                   const char *authority,
                                   const guint8 certificate_sha256[32],
                                   GError **error);

void satchel_descriptor_free (SatchelDescriptor *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelDescriptor, satchel_descriptor_free)

G_END_DECLS
