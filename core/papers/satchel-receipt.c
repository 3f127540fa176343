/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-receipt.h"

#include "base/satchel-text.h"
#include "papers/satchel-mailbox.h"
#include "papers/satchel-paper-private.h"

static const SatchelPaperField STORED_FIELDS[] = {
    {"sha256", 1, 1, SATCHEL_PAPER_HASH_MAX},
    {"size", 1, 1, SATCHEL_PAPER_NUMBER_MAX},
    {"time", 1, 1, SATCHEL_PAPER_TIME_MAX},
    {"mailbox", 1, 1, SATCHEL_MAILBOX_ID_LENGTH},
    {"position", 1, 1, SATCHEL_PAPER_NUMBER_MAX},
};

static const SatchelPaperKind STORED = {"receipt-stored", SATCHEL_RECEIPT_SIZE_MAX, STORED_FIELDS,
                                        G_N_ELEMENTS (STORED_FIELDS)};

static const SatchelPaperField OPENED_FIELDS[] = {
    {"sha256", 1, 1, SATCHEL_PAPER_HASH_MAX},
    {"tagmanifest-sha256", 1, 1, SATCHEL_PAPER_HASH_MAX},
    {"bundle", 1, 1, SATCHEL_PAPER_ID_MAX},
    {"sender", 1, 1, SATCHEL_PAPER_MINISIGN_MAX},
    {"reader", 1, 1, SATCHEL_PAPER_MINISIGN_MAX},
    {"time", 1, 1, SATCHEL_PAPER_TIME_MAX},
    {"ledger-sequence", 1, 1, SATCHEL_PAPER_NUMBER_MAX},
    {"ledger-head", 1, 1, SATCHEL_PAPER_HASH_MAX},
};

static const SatchelPaperKind OPENED = {"receipt-opened", SATCHEL_RECEIPT_SIZE_MAX, OPENED_FIELDS,
                                        G_N_ELEMENTS (OPENED_FIELDS)};

static gboolean
read_stored (SatchelStoredReceipt *self, SatchelPaper *paper, GError **error)
{
  if (!satchel_paper_get_hash (paper, "sha256", self->sha256, error) ||
      !satchel_paper_get_number (paper, "size", 1, G_MAXINT64, &self->size_bytes, error) ||
      !satchel_paper_get_time (paper, "time", &self->time_unix_us, error) ||
      !satchel_paper_get_number (paper, "position", 1, G_MAXINT64, &self->position, error))
    return FALSE;
  self->mailbox = g_strdup (satchel_paper_get (paper, "mailbox", 0));
  if (!satchel_is_mailbox_id (self->mailbox))
    return satchel_paper_fault (error, "mailbox", "is not a mailbox id");
  return TRUE;
}

/* Its values are read back, its signature is not verified: the intake signs one for each upload,
 * and verifying takes longer than all else that signs, hashes and writes a small one. */
char *
satchel_stored_receipt_sign (const SatchelStoredReceipt *self,
                             SatchelSecret *receipt_pair,
                             GError **error)
{
  g_autoptr (SatchelPaperBuilder) builder = satchel_paper_builder_new (&STORED);
  g_autoptr (SatchelStoredReceipt) check = g_new0 (SatchelStoredReceipt, 1);
  g_autoptr (SatchelPaper) paper = NULL;
  g_autofree char *text = NULL;

  satchel_paper_builder_add_hash (builder, "sha256", self->sha256);
  satchel_paper_builder_add_number (builder, "size", self->size_bytes);
  satchel_paper_builder_add_time (builder, "time", self->time_unix_us);
  satchel_paper_builder_add (builder, "mailbox", self->mailbox);
  satchel_paper_builder_add_number (builder, "position", self->position);
  text = satchel_paper_builder_sign (builder, receipt_pair, error);
  paper = text != NULL ? satchel_paper_parse (&STORED, text, strlen (text), error) : NULL;
  return paper != NULL && read_stored (check, paper, error) ? g_steal_pointer (&text) : NULL;
}

SatchelStoredReceipt *
satchel_stored_receipt_parse (const char *text,
                              gssize size_bytes,
                              const SatchelMinisignKey *receipt,
                              GError **error)
{
  g_autoptr (SatchelStoredReceipt) self = g_new0 (SatchelStoredReceipt, 1);
  g_autoptr (SatchelPaper) paper = NULL;

  paper = satchel_paper_parse (&STORED, text, satchel_paper_size (text, size_bytes), error);
  if (paper == NULL || !satchel_paper_verify (paper, receipt, error) ||
      !read_stored (self, paper, error))
    return NULL;
  self->text = g_strdup (satchel_paper_get_text (paper, NULL));
  return g_steal_pointer (&self);
}

void
satchel_stored_receipt_free (SatchelStoredReceipt *self)
{
  if (self == NULL)
    return;
  g_free (self->mailbox);
  g_free (self->text);
  g_free (self);
}

char *
satchel_opened_receipt_sign (const SatchelOpenedReceipt *self,
                             SatchelSecret *reader_pair,
                             GError **error)
{
  g_autoptr (SatchelPaperBuilder) builder = satchel_paper_builder_new (&OPENED);
  g_autoptr (SatchelOpenedReceipt) check = NULL;
  g_autofree char *text = NULL;
  SatchelMinisignKey reader;

  satchel_minisign_pair_get_key (reader_pair, &reader);
  satchel_paper_builder_add_hash (builder, "sha256", self->sha256);
  satchel_paper_builder_add_hash (builder, "tagmanifest-sha256", self->tagmanifest_sha256);
  satchel_paper_builder_add (builder, "bundle", self->bundle_id);
  satchel_paper_builder_add_minisign (builder, "sender", &self->sender);
  satchel_paper_builder_add_minisign (builder, "reader", &reader);
  satchel_paper_builder_add_time (builder, "time", self->time_unix_us);
  satchel_paper_builder_add_number (builder, "ledger-sequence", self->ledger_sequence);
  satchel_paper_builder_add_hash (builder, "ledger-head", self->ledger_head);
  text = satchel_paper_builder_sign (builder, reader_pair, error);
  check = text != NULL ? satchel_opened_receipt_parse (text, -1, error) : NULL;
  return check != NULL ? g_steal_pointer (&text) : NULL;
}

static gboolean
read_opened (SatchelOpenedReceipt *self, SatchelPaper *paper, GError **error)
{
  if (!satchel_paper_get_hash (paper, "sha256", self->sha256, error) ||
      !satchel_paper_get_hash (paper, "tagmanifest-sha256", self->tagmanifest_sha256, error) ||
      !satchel_paper_get_minisign (paper, "sender", &self->sender, error) ||
      !satchel_paper_get_time (paper, "time", &self->time_unix_us, error) ||
      !satchel_paper_get_number (paper, "ledger-sequence", 0, G_MAXINT64, &self->ledger_sequence,
                                 error) ||
      !satchel_paper_get_hash (paper, "ledger-head", self->ledger_head, error))
    return FALSE;
  self->bundle_id = g_strdup (satchel_paper_get (paper, "bundle", 0));
  if (!satchel_is_id (self->bundle_id))
    return satchel_paper_fault (error, "bundle", "is not a bundle id");
  return TRUE;
}

SatchelOpenedReceipt *
satchel_opened_receipt_parse (const char *text, gssize size_bytes, GError **error)
{
  g_autoptr (SatchelOpenedReceipt) self = g_new0 (SatchelOpenedReceipt, 1);
  g_autoptr (SatchelPaper) paper = NULL;

  paper = satchel_paper_parse (&OPENED, text, satchel_paper_size (text, size_bytes), error);
  if (paper == NULL || !satchel_paper_get_minisign (paper, "reader", &self->reader, error) ||
      !satchel_paper_verify (paper, &self->reader, error) || !read_opened (self, paper, error))
    return NULL;
  self->text = g_strdup (satchel_paper_get_text (paper, NULL));
  return g_steal_pointer (&self);
}

void
satchel_opened_receipt_free (SatchelOpenedReceipt *self)
{
  if (self == NULL)
    return;
  g_free (self->bundle_id);
  g_free (self->text);
  g_free (self);
}
