/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-paper.h"

G_BEGIN_DECLS

/**
 * Receipts. *Stored* is an intake's word that it keeps a file; *opened* is a desk member's word
 * that the bundle verified and is in the desk's vault. Only *opened* lets a sender erase.
 */
#define SATCHEL_RECEIPT_SIZE_MAX 2048

typedef struct {
  guint8 sha256[32]; /* of the age file */
  guint64 size_bytes;
  gint64 time_unix_us;
  char *mailbox;
  guint64 position; /* in the intake's log, from 1 */
  char *text;       /* the paper as signed; NULL before */
} SatchelStoredReceipt;

/** The receipt's text. Time is cut to the second. SATCHEL_PAPERS_ERROR_INVALID. */
char *satchel_stored_receipt_sign (const SatchelStoredReceipt *self,
                                   SatchelSecret *receipt_pair,
                                   GError **error);
/** @size_bytes -1 for NUL-terminated text.
 *  SATCHEL_PAPERS_ERROR_INVALID, _OTHER_KIND, _NEWER, _SIGNATURE. */
SatchelStoredReceipt *satchel_stored_receipt_parse (const char *text,
                                                    gssize size_bytes,
                                                    const SatchelMinisignKey *receipt,
                                                    GError **error);
void satchel_stored_receipt_free (SatchelStoredReceipt *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelStoredReceipt, satchel_stored_receipt_free)

typedef struct {
  guint8 sha256[32];             /* of the age file */
  guint8 tagmanifest_sha256[32]; /* of satchel/tagmanifest-sha256.txt in it */
  char *bundle_id;               /* 32 hex digits */
  SatchelMinisignKey sender;
  SatchelMinisignKey reader; /* who opened it, and signs; set by the signature */
  gint64 time_unix_us;
  guint64 ledger_sequence; /* head of the reader's ledger when this was written */
  guint8 ledger_head[32];
  char *text; /* the paper as signed; NULL before */
} SatchelOpenedReceipt;

char *satchel_opened_receipt_sign (const SatchelOpenedReceipt *self,
                                   SatchelSecret *reader_pair,
                                   GError **error);
/** Verified with the reader's key on it: the caller asks whether that is a member who was a
 *  recipient, and compares hashes and id with what was sent. Errors as above. */
SatchelOpenedReceipt *satchel_opened_receipt_parse (const char *text,
                                                    gssize size_bytes,
                                                    GError **error);
void satchel_opened_receipt_free (SatchelOpenedReceipt *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelOpenedReceipt, satchel_opened_receipt_free)

G_END_DECLS
