/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fuzz.h"
#include "seal/satchel-bag-private.h"
#include "seal/satchel-bundle.h"

/* Archives, as they come out of the age layer. The first byte says what the rest is: even, the
 * archive from its start; odd, what follows the tag files of a bag that was rightly signed, so that
 * the payload's checks are reached too. Zeros are added up to the least length of a bundle. */

static GInputStream *
open_letter_cb (gpointer user_data, GError **error)
{
  return g_memory_input_stream_new_from_data ("x", 1, NULL);
}

static GByteArray *
unseal (const GByteArray *sealed, SatchelSecret *identity)
{
  GByteArray *archive = g_byte_array_new ();
  g_autoptr (GInputStream) stream =
      g_memory_input_stream_new_from_data (sealed->data, sealed->len, NULL);
  g_autoptr (GInputStream) plain =
      satchel_age_reader_new (stream, &identity, 1, NULL, NULL, NULL);

  g_assert_nonnull (plain);
  g_assert_true (satchel_sink_splice (satchel_sink_to_byte_array (archive), plain, G_MAXUINT64,
                                      NULL, NULL, NULL));
  return archive;
}

/* The tag files of a bag with one record and one file, as an archive's start. */
static GByteArray *
make_tags (void)
{
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (NULL);
  g_autoptr (SatchelSecret) identity = satchel_age_identity_new (NULL);
  g_autoptr (GBytes) index = g_bytes_new_static ("{}", 2);
  GBytes *record = index;
  SatchelBagRecipient recipient = {.number = 1};
  SatchelBundleFile file = {.name = "0001.x", .size_bytes = 1, .open = open_letter_cb};
  g_autoptr (GByteArray) sealed = g_byte_array_new ();
  g_auto (SatchelBundleResult) result = {0};

  satchel_age_identity_get_recipient (identity, &recipient.age, NULL);
  satchel_sha256 ((const guint8 *) "x", 1, file.sha256);
  SatchelBundleDraft draft = {
      .bundle_id = "00000000000000000000000000000000",
      .sender_age = recipient.age,
      .recipients = &recipient,
      .recipient_count = 1,
      .index = index,
      .records = &record,
      .record_count = 1,
      .files = &file,
      .file_count = 1,
  };
  g_assert_true (satchel_bundle_compose (&draft, pair, satchel_sink_to_byte_array (sealed), NULL,
                                         (SatchelProgressReport){NULL, NULL}, NULL, &result,
                                         NULL));
  GByteArray *archive = unseal (sealed, identity);
  const guint8 *payload = memmem (archive->data, archive->len, "satchel/data/bundle.json", 24);
  g_byte_array_set_size (archive, (guint) (payload - archive->data));
  return archive;
}

/* What the visitor was promised. */
typedef struct {
  gboolean admitted;
  SatchelSha256 *hash; /* NULL between files */
  guint8 expected[SATCHEL_SHA256_SIZE];
} Promises;

static gboolean
admit_cb (const SatchelBagInfo *info, gpointer user_data, GError **error)
{
  Promises *promises = user_data;

  g_assert_false (promises->admitted);
  promises->admitted = TRUE;
  return TRUE;
}

static gboolean
take_document_cb (const char *name, GBytes *content, gpointer user_data, GError **error)
{
  g_assert_true (((Promises *) user_data)->admitted);
  g_assert_cmpuint (g_bytes_get_size (content), <=,
                    satchel_bag_size_limit (satchel_bag_kind_of (name)));
  return TRUE;
}

static gboolean
begin_file_cb (const char *name,
               guint64 size_bytes,
               const guint8 sha256[SATCHEL_SHA256_SIZE],
               SatchelSink *sink,
               gpointer user_data,
               GError **error)
{
  Promises *promises = user_data;

  g_assert_true (promises->admitted && promises->hash == NULL);
  promises->hash = satchel_sha256_new ();
  memcpy (promises->expected, sha256, sizeof promises->expected);
  *sink = satchel_sha256_get_sink (promises->hash);
  return TRUE;
}

static gboolean
end_file_cb (const char *name, gpointer user_data, GError **error)
{
  Promises *promises = user_data;
  guint8 sha256[SATCHEL_SHA256_SIZE];

  satchel_sha256_finish (promises->hash, sha256);
  g_assert_cmpmem (sha256, sizeof sha256, promises->expected, sizeof promises->expected);
  g_clear_pointer (&promises->hash, satchel_sha256_free);
  return TRUE;
}

static void
open_archive (const GByteArray *archive)
{
  Promises promises = {0};
  g_autoptr (GInputStream) stream =
      g_memory_input_stream_new_from_data (archive->data, archive->len, NULL);
  g_autoptr (SatchelBagInfo) info = NULL;
  g_autoptr (SatchelBagFinding) finding = NULL;
  g_autoptr (GError) error = NULL;
  SatchelBundleReader reader = {
      .visitor = {admit_cb, take_document_cb, begin_file_cb, end_file_cb, &promises},
  };

  if (satchel_bundle_open_archive (stream, &reader, NULL, &info, &finding, &error))
    g_assert_true (promises.admitted && info != NULL && promises.hash == NULL);
  else
    g_assert_true (finding != NULL && g_str_has_prefix (error->message, finding->rule));
  satchel_sha256_free (promises.hash);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static GByteArray *tags = NULL;
  g_autoptr (GByteArray) archive = g_byte_array_new ();

  if (tags == NULL) {
    satchel_secret_init ();
    tags = make_tags ();
  }
  if (size == 0 || size > SATCHEL_BAG_PADDED_SIZE_MIN)
    return 0;
  if (data[0] % 2 == 1)
    g_byte_array_append (archive, tags->data, tags->len);
  g_byte_array_append (archive, data + 1, (guint) size - 1);
  guint length = archive->len;
  if (length < SATCHEL_BAG_PADDED_SIZE_MIN) {
    g_byte_array_set_size (archive, SATCHEL_BAG_PADDED_SIZE_MIN);
    memset (archive->data + length, 0, SATCHEL_BAG_PADDED_SIZE_MIN - length);
  }
  open_archive (archive);
  return 0;
}
