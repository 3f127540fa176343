/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "seal/satchel-bag.h"

#define SATCHEL_BAG_TAG_PREFIX  "satchel/"
#define SATCHEL_BAG_DATA_PREFIX "satchel/data/"
#define SATCHEL_BAG_PADDING     "padding.bin"
#define SATCHEL_BAG_BAGIT       "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

/** The most bytes that a tag file can have. */
gsize satchel_bag_tag_limit (SatchelBagTag tag);

/** Sets "RULE: MEMBER: text" with the rule's code; @member nullable. Returns FALSE. */
gboolean satchel_bag_break (
    GError **error, const char *rule, const char *member, const char *format, ...)
    G_GNUC_PRINTF (4, 5);

/** The finding that an error of the seal room stands for; NULL for errors of any other kind. */
SatchelBagFinding *satchel_bag_finding_from_error (const GError *error);

/** What stands at a place below data/. */
typedef enum {
  SATCHEL_BAG_NOTHING,
  SATCHEL_BAG_INDEX,
  SATCHEL_BAG_CUSTODY,
  SATCHEL_BAG_RECORD,
  SATCHEL_BAG_FILE,
} SatchelBagKind;

/** Where in the order of data/ a list of names has come; starts as zeros. */
typedef struct {
  SatchelBagKind kind;
  guint count;
  guint64 number;
  char last_class[17];
  char last_name[SATCHEL_BAG_NAME_MAX + 1];
} SatchelBagOrder;

/** Takes the next name; breaks "manifest-name", "manifest-order" or "member-count". */
gboolean satchel_bag_order_take (SatchelBagOrder *self, const char *name, GError **error);

/** Whether index and custody were there, the least that a bag has. */
gboolean satchel_bag_order_is_whole (const SatchelBagOrder *self, GError **error);

/** What a permitted name is, and the most bytes that it can have. */
SatchelBagKind satchel_bag_kind_of (const char *name);
guint64 satchel_bag_size_limit (SatchelBagKind kind);

/** The manifest's text from @entries, and back. */
GBytes *satchel_bag_manifest_write (const GArray *entries);
GArray *satchel_bag_manifest_read (GBytes *text, GError **error);

/** bag-info.txt from what stands in @info, and back. */
GBytes *satchel_bag_text_write (const SatchelBagInfo *info);
gboolean satchel_bag_text_read (GBytes *text, SatchelBagInfo *info, GError **error);

/** The key named by bag-info, before anything about it is believed. */
gboolean satchel_bag_text_peek_sender (GBytes *text, SatchelMinisignKey *key, GError **error);

SatchelBagInfo *satchel_bag_info_alloc (void);

/** tagmanifest-sha256.txt over tags 0 to 2 and the padding's hash. */
GBytes *satchel_bag_tagmanifest_write (GBytes *const *tags, const guint8 padding_sha256[32]);

/** The trusted comment of the signature. */
char *satchel_bag_dup_comment (const SatchelBagInfo *info);

/** satchel_bag_info_new() that also asks, at its place, whether the bag is for @self (nullable). */
SatchelBagInfo *satchel_bag_info_read (GBytes *const tags[SATCHEL_BAG_TAG_COUNT],
                                       const SatchelAgeRecipient *self,
                                       GError **error);

/** The archive's bytes for tags and nothing else yet. */
guint64 satchel_bag_tags_tar_size (GBytes *const tags[SATCHEL_BAG_TAG_COUNT]);

/** Size of padding.bin where all other members take @members_bytes of the archive. */
guint64 satchel_bag_padding_size (guint64 members_bytes);

/** Passes bytes on while hashing and counting them; longer than @limit breaks "file-hash". */
typedef struct {
  SatchelSha256 *hash;
  SatchelSink next;
  guint64 count;
  guint64 limit;
  const char *member;    /* borrowed */
  gboolean only_zeros;   /* anything else breaks "padding" */
  guint64 *total_so_far; /* nullable; for progress */
  guint64 total;
  SatchelProgressReport progress;
} SatchelBagTee;

SatchelSink satchel_bag_tee_get_sink (SatchelBagTee *self);
void satchel_bag_tee_clear (SatchelBagTee *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SatchelBagTee, satchel_bag_tee_clear)

/** Runs @source to its end through @self: exactly its limit of bytes, hash as @expected, else
 * @rule. */
gboolean satchel_bag_tee_run (SatchelBagTee *self,
                              GInputStream *source,
                              const guint8 expected[SATCHEL_SHA256_SIZE],
                              const char *rule,
                              GCancellable *cancellable,
                              GError **error);
