/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "seal/satchel-bag.h"

G_BEGIN_DECLS

/**
 * Bundles: an age file around a ustar of one bag (satchel-bag.h: names, limits, rules). Written and
 * read in one pass and constant memory for files; documents (index, custody, one record at a time)
 * are held whole. Blocking, for any one thread.
 */

/** A file below data/ after the records: evidence, receipts, statements, origins. */
typedef struct {
  char name[SATCHEL_BAG_NAME_MAX + 1];
  guint64 size_bytes;
  guint8 sha256[SATCHEL_SHA256_SIZE]; /* known from capture; what is streamed must give it again */
  /* Opens the content from its start; called once, when its turn comes. The stream is unreffed
   * before the next one is opened. */
  GInputStream *(*open) (gpointer user_data, GError **error);
  gpointer user_data; /* borrowed */
} SatchelBundleFile;

/** What is to be sealed; everything is borrowed. */
typedef struct {
  const char *bundle_id; /* satchel_random_id() */
  SatchelAgeRecipient sender_age;
  guint64 epoch;
  guint64 ledger_sequence;
  guint8 ledger_head[SATCHEL_SHA256_SIZE];
  gint64 bagged_unix_us; /* only the day (UTC) is written */
  const SatchelBagRecipient *recipients;
  guint recipient_count; /* 1 to 64, none twice */
  GBytes *index;         /* bundle.json */
  GBytes *custody;       /* custody.jsonl; NULL: empty */
  GBytes *const *records;
  guint record_count;
  const SatchelBundleFile *files;
  guint file_count; /* sorted as satchel-bag.h says */
} SatchelBundleDraft;

typedef struct {
  guint8 tagmanifest_sha256[SATCHEL_SHA256_SIZE];
  guint8 age_sha256[SATCHEL_SHA256_SIZE];
  guint64 size_bytes;                  /* of the age file */
  GBytes *tags[SATCHEL_BAG_TAG_COUNT]; /* as written, to be kept byte for byte */
} SatchelBundleResult;

/** Frees what @self holds, not @self. */
void satchel_bundle_result_clear (SatchelBundleResult *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SatchelBundleResult, satchel_bundle_result_clear)

/** The age file's exact size, known before a byte of evidence is read. Errors as below. */
gboolean satchel_bundle_size (const SatchelBundleDraft *draft, guint64 *size_bytes, GError **error);

/**
 * Composes, signs with @minisign_pair and seals into @sink. The caller makes @sink's file durable
 * and gives it its name only after TRUE; after FALSE what was written is no bundle and is to be
 * thrown away. SATCHEL_SEAL_ERROR_BAG: a name, the order, or content that is no longer what was
 * captured ("file-hash"); SATCHEL_SEAL_ERROR_LIMIT: too many or too large. @pool nullable.
 */
gboolean satchel_bundle_compose (const SatchelBundleDraft *draft,
                                 SatchelSecret *minisign_pair,
                                 SatchelSink sink,
                                 SatchelPool *pool,
                                 SatchelProgressReport progress,
                                 GCancellable *cancellable,
                                 SatchelBundleResult *result,
                                 GError **error);

/**
 * What a reader does with a bundle as it flows by. Each returns FALSE with an error to stop; that
 * error is handed on unchanged. An error of SATCHEL_SEAL_ERROR whose message begins with a rule
 * ("stranger: ...") becomes a finding of that rule. Nothing may be shown and no row committed
 * before satchel_bundle_open() returned TRUE; after FALSE the caller throws away what it was
 * handed.
 */
typedef struct {
  /* Signature, tagmanifest, bag-info and manifest hold, and the bag is for the reader; no byte of
   * payload was released yet. Decides whether the sender is acceptable (a stranger, a fork, here
   * already). */
  gboolean (*admit) (const SatchelBagInfo *info, gpointer user_data, GError **error);
  /* bundle.json, custody.jsonl and each record, its hash right; JSON is not looked at here. */
  gboolean (*take_document) (const char *name,
                             GBytes *content,
                             gpointer user_data,
                             GError **error);
  /* Any other file: where its bytes go, a quarantined blob. */
  gboolean (*begin_file) (const char *name,
                          guint64 size_bytes,
                          const guint8 sha256[SATCHEL_SHA256_SIZE],
                          SatchelSink *sink,
                          gpointer user_data,
                          GError **error);
  /* All of it was written, and its hash is right. */
  gboolean (*end_file) (const char *name, gpointer user_data, GError **error);
  gpointer user_data;
} SatchelBundleVisitor;

typedef struct {
  SatchelSecret *const *identities; /* age identities to try */
  guint identity_count;
  const SatchelAgeRecipient *self; /* must stand in bag-info; NULL: any bag will do (verify) */
  SatchelBundleVisitor visitor;
  SatchelPool *pool; /* nullable */
  SatchelProgressReport progress;
  guint64 size_bytes; /* of the age file, for progress; 0 where not known */
} SatchelBundleReader;

/**
 * Opens, in this order: age header, chunks, tar grammar, names and order, signature over the
 * tagmanifest, tagmanifest, bag-info, manifest, each file, Oxum, padding, last chunk and end of
 * @sealed. @info (nullable) is set on TRUE. @finding (nullable) is set where a rule was broken, and
 * stays untouched where the disk, a cancellation or another room's error ended it. Errors of
 * SatchelSealError as satchel-bag.h says.
 */
gboolean satchel_bundle_open (GInputStream *sealed,
                              const SatchelBundleReader *reader,
                              GCancellable *cancellable,
                              SatchelBagInfo **info,
                              SatchelBagFinding **finding,
                              GError **error);

/** The same for the bare archive that `age -d` gives. */
gboolean satchel_bundle_open_archive (GInputStream *archive,
                                      const SatchelBundleReader *reader,
                                      GCancellable *cancellable,
                                      SatchelBagInfo **info,
                                      SatchelBagFinding **finding,
                                      GError **error);

G_END_DECLS
