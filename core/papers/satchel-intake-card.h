/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-address.h"
#include "papers/satchel-paper.h"

G_BEGIN_DECLS

/**
 * An intake's card: where it is reached, its own certificate authority (the only anchor for TLS to
 * it), and its receipt key, which signs this card, its descriptors and its *stored* receipts.
 */
#define SATCHEL_INTAKE_CARD_SIZE_MAX (16 * 1024)
#define SATCHEL_INTAKE_NAME_MAX      120
#define SATCHEL_INTAKE_ADDRESSES_MAX 8
#define SATCHEL_INTAKE_ANCHOR_MAX    4096

typedef struct {
  char *name;
  char **addresses; /* strv, 1 .. 8, as satchel_address_parse() accepts */
  GBytes *anchor;   /* one X.509 certificate of an authority, DER */
  SatchelMinisignKey receipt;
  char *text; /* the paper as signed */
} SatchelIntakeCard;

/** Makes and signs one. @anchor_der: whole DER of a CA certificate. @receipt_pair: minisign pair.
 *  SATCHEL_PAPERS_ERROR_INVALID. */
SatchelIntakeCard *satchel_intake_card_sign (const char *name,
                                             const char *const *addresses,
                                             GBytes *anchor_der,
                                             SatchelSecret *receipt_pair,
                                             GError **error);

/** Reads one and verifies it with its own receipt key; whether that intake is the newsroom's is
 *  said by the lead's signature on a newsroom card. @size_bytes -1 for NUL-terminated text.
 *  SATCHEL_PAPERS_ERROR_INVALID, _OTHER_KIND, _NEWER, _SIGNATURE. */
SatchelIntakeCard *satchel_intake_card_parse (const char *text, gssize size_bytes, GError **error);

/** The anchor as PEM, for a GTlsDatabase. */
char *satchel_intake_card_dup_anchor_pem (const SatchelIntakeCard *self);

SatchelIntakeCard *satchel_intake_card_copy (const SatchelIntakeCard *self);
void satchel_intake_card_free (SatchelIntakeCard *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelIntakeCard, satchel_intake_card_free)

/** Whether @der is exactly one X.509 certificate that may sign others. */
gboolean satchel_anchor_check (GBytes *der, GError **error);

/** A DER certificate as PEM, or NULL where it is none. */
char *satchel_anchor_to_pem (GBytes *der);

G_END_DECLS
