/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/satchel-time.h"
#include "records/satchel-ledger.h"

G_BEGIN_DECLS

/**
 * Evidence items: original bytes, sealed as a blob, and what is known of them. An item is one JSON
 * line, hashed into the ledger and sealed as the same bytes:
 *
 *   {"item":"<32 hex>","record":"<32 hex>","name":"IMG_1.jpg","type":"image/jpeg","size":123,
 *    "sha256":"<64 hex>","captured":"2024-03-09T14:05+03:00","clock":"file",
 *    "imported":"2024-03-09T14:07:00.123456+03:00","origin":"own","from":"...","device":"...",
 *    "url":"...","original":"<32 hex>"}
 *
 * captured, from, device, url and original are missing where there is none. Originals never change;
 * a redacted or stripped copy is a new item that names its original.
 */

/** How well the time of capture is known. */
typedef enum {
  SATCHEL_CLOCK_UNKNOWN, /* no time of capture */
  SATCHEL_CLOCK_FILE,    /* the file's time of last change */
  SATCHEL_CLOCK_STATED,  /* somebody said so */
  SATCHEL_CLOCK_DEVICE,  /* written by the capturing device */
} SatchelClockConfidence;
const char *satchel_clock_confidence_to_text (SatchelClockConfidence clock);

typedef enum {
  SATCHEL_ORIGIN_UNKNOWN,
  SATCHEL_ORIGIN_OWN,      /* captured by the vault's owner */
  SATCHEL_ORIGIN_RECEIVED, /* given by `from` */
  SATCHEL_ORIGIN_ONLINE,   /* taken from `url` */
} SatchelOrigin;
const char *satchel_origin_to_text (SatchelOrigin origin);

/** What the caller knows of an item. Texts nullable, one line, at most 1,024 bytes. */
typedef struct {
  const char *name;     /* original file name; only its last component is kept */
  SatchelWhen captured; /* SATCHEL_PRECISION_UNKNOWN for none */
  SatchelClockConfidence clock;
  SatchelOrigin origin;
  const char *from;
  const char *device;
  const char *url;
  const char *original; /* id of the item that this one derives from */
} SatchelEvidenceSource;

typedef struct {
  char *id;
  char *record_id;
  char *blob_id; /* NULL in a document that is not imported yet */
  char *name;    /* as given: satchel_text_for_display() before a terminal sees it */
  char *type;
  guint64 size_bytes;
  guint8 sha256[32];
  SatchelWhen captured;
  SatchelClockConfidence clock;
  SatchelWhen imported;
  SatchelOrigin origin;
  char *from;
  char *device;
  char *url;
  char *original;
  char *line;
  guint8 hash[32]; /* of the line; the object's hash in the ledger */
} SatchelEvidence;
void satchel_evidence_free (SatchelEvidence *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelEvidence, satchel_evidence_free)

/** Attaches everything that @stream gives, in constant memory. A transaction is begun only after
 *  the last byte (it joins the caller's). @item (nullable) gets the new item; @was_there (nullable)
 *  whether the vault had the same content already, which is then stored once. The record of an
 *  item is @record_id, whole. */
gboolean satchel_evidence_attach (SatchelVault *vault,
                                  const char *record_id,
                                  GInputStream *stream,
                                  const SatchelEvidenceSource *source,
                                  SatchelProgressReport progress,
                                  SatchelEvidence **item,
                                  gboolean *was_there,
                                  GCancellable *cancellable,
                                  GError **error);

/** The same for a file: its base name and, unless @source (nullable) says another, its time.
 *  @progress is told the file's size as the total. */
gboolean satchel_evidence_attach_file (SatchelVault *vault,
                                       const char *record_id,
                                       const char *path,
                                       const SatchelEvidenceSource *source,
                                       SatchelProgressReport progress,
                                       SatchelEvidence **item,
                                       gboolean *was_there,
                                       GCancellable *cancellable,
                                       GError **error);

/** Takes over an item of a received record, in the caller's transaction. @item: of a
 *  SatchelRecordDocument. @blob_id: as stored by satchel_blob_writer_store(), whose SHA-256 and
 *  size are compared with the item's: _DAMAGED. An item that is there already with the same line
 *  is fine, with another _FORKED. */
gboolean satchel_evidence_import (SatchelVault *vault,
                                  const SatchelEvidence *item,
                                  const char *blob_id,
                                  GError **error);

/** Items of a record, in the order they came. Of SatchelEvidence, owned. */
GPtrArray *satchel_evidence_list (SatchelVault *vault, const char *record_id, GError **error);

/** By id or a beginning of at least 4 digits. _NOT_FOUND, _AMBIGUOUS. */
SatchelEvidence *
satchel_evidence_load (SatchelVault *vault, const char *id_or_prefix, GError **error);

/** The original bytes. @action (SATCHEL_ACTION_VIEWED, _EXPORTED ...) is committed to the ledger
 *  before the stream is given; to look without saying so (seal, check) use satchel_blob_open(). */
GInputStream *satchel_evidence_open (SatchelVault *vault,
                                     const SatchelEvidence *item,
                                     SatchelAction action,
                                     GCancellable *cancellable,
                                     GError **error);

G_END_DECLS
