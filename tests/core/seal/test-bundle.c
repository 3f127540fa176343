/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-bundle.h"

#include <string.h>

#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "test-support.h"

#define BUNDLE_ID "00112233445566778899aabbccddeeff"
#define DAY_US    (1767312000 * G_GINT64_CONSTANT (1000000)) /* 2026-01-02 */

/* A sender, a reader and what is between them. */
typedef struct {
  SatchelSecret *pair;
  SatchelSecret *identity;
  SatchelBagRecipient recipients[SATCHEL_AGE_STANZAS_MAX];
  GBytes *index;
  GBytes *custody;
  GPtrArray *records;  /* GBytes */
  GArray *files;       /* SatchelBundleFile */
  SatchelPool *pool;   /* nullable */
  GPtrArray *contents; /* GBytes, lent to files */
  SatchelBundleDraft draft;
} Scene;

static GInputStream *
open_bytes_cb (gpointer user_data, GError **error)
{
  return g_memory_input_stream_new_from_bytes (user_data);
}

static void
scene_init (Scene *self)
{
  g_autoptr (GError) error = NULL;

  self->pair = satchel_minisign_pair_new (&error);
  self->identity = satchel_age_identity_new (&error);
  satchel_age_identity_get_recipient (self->identity, &self->recipients[0].age, &error);
  g_assert_no_error (error);
  self->recipients[0].number = 1;
  self->index = g_bytes_new_static ("{}", 2);
  self->records = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->files = g_array_new (FALSE, TRUE, sizeof (SatchelBundleFile));
  self->contents = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->draft = (SatchelBundleDraft){
      .bundle_id = BUNDLE_ID,
      .sender_age = self->recipients[0].age,
      .epoch = 3,
      .ledger_sequence = 41,
      .ledger_head = {1, 2, 3},
      .bagged_unix_us = DAY_US + 5,
      .recipients = self->recipients,
      .recipient_count = 1,
  };
}

static void
scene_clear (Scene *self)
{
  satchel_pool_free (self->pool);
  satchel_secret_unref (self->pair);
  satchel_secret_unref (self->identity);
  g_bytes_unref (self->index);
  g_clear_pointer (&self->custody, g_bytes_unref);
  g_ptr_array_unref (self->records);
  g_array_unref (self->files);
  g_ptr_array_unref (self->contents);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scene, scene_clear)

static void
add_file (Scene *self, const char *name, GBytes *content)
{
  SatchelBundleFile file = {.open = open_bytes_cb, .user_data = content};
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (content, &size);

  g_strlcpy (file.name, name, sizeof file.name);
  file.size_bytes = size;
  satchel_sha256 (data, size, file.sha256);
  g_array_append_val (self->files, file);
  g_ptr_array_add (self->contents, content);
}

static void
add_record (Scene *self, const char *text)
{
  g_ptr_array_add (self->records, g_bytes_new (text, strlen (text)));
}

/* A little of everything. */
static void
fill_scene (Scene *self)
{
  self->custody = g_bytes_new_static ("{\"sequence\":1}\n", 15);
  add_record (self, "{\"title\":\"one\"}");
  add_record (self, "{\"title\":\"two\"}");
  add_file (self, "0001.jpg", test_noise (70000, 1));
  add_file (self, "0002.txt", g_bytes_new_static ("", 0));
  add_file (self, "0003", test_noise (65536, 2));
  add_file (self, "origin-0001.bag-info.txt", test_noise (10, 3));
  add_file (self, "origin-0001.bagit.txt", test_noise (11, 3));
  add_file (self, "origin-0002.bagit.txt", test_noise (12, 3));
  add_file (self, "receipt-0001.txt", test_noise (13, 3));
}

static gboolean
compose (Scene *self, GByteArray *out, SatchelBundleResult *result, GError **error)
{
  self->draft.index = self->index;
  self->draft.custody = self->custody;
  self->draft.records = (GBytes *const *) self->records->pdata;
  self->draft.record_count = self->records->len;
  self->draft.files = (const SatchelBundleFile *) self->files->data;
  self->draft.file_count = self->files->len;
  return satchel_bundle_compose (&self->draft, self->pair, satchel_sink_to_byte_array (out),
                                 self->pool, (SatchelProgressReport){NULL, NULL}, NULL, result,
                                 error);
}

/* What a visitor took, in its order: "name:size " and all bytes. */
typedef struct {
  GString *names;
  GByteArray *bytes;
} Taken;

static gboolean
admit_cb (const SatchelBagInfo *info, gpointer user_data, GError **error)
{
  g_assert_cmpuint (((Taken *) user_data)->bytes->len, ==, 0);
  return TRUE;
}

static gboolean
take_document_cb (const char *name, GBytes *content, gpointer user_data, GError **error)
{
  Taken *taken = user_data;
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (content, &size);

  g_string_append_printf (taken->names, "%s:%zu ", name, size);
  g_byte_array_append (taken->bytes, data, (guint) size);
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
  Taken *taken = user_data;

  g_string_append_printf (taken->names, "%s:%d", name, (int) size_bytes);
  *sink = satchel_sink_to_byte_array (taken->bytes);
  return TRUE;
}

static gboolean
end_file_cb (const char *name, gpointer user_data, GError **error)
{
  g_string_append (((Taken *) user_data)->names, ". ");
  return TRUE;
}

static SatchelBagInfo *
open_bundle (Scene *self, const GByteArray *bundle, Taken *taken, GError **error)
{
  g_autoptr (GInputStream) stream =
      g_memory_input_stream_new_from_data (bundle->data, bundle->len, NULL);
  SatchelBagInfo *info = NULL;
  SatchelBundleReader reader = {
      .identities = &self->identity,
      .identity_count = 1,
      .self = &self->recipients[0].age,
      .visitor = {admit_cb, take_document_cb, begin_file_cb, end_file_cb, taken},
      .pool = self->pool,
  };

  if (taken == NULL)
    reader.visitor = (SatchelBundleVisitor){NULL, NULL, NULL, NULL, NULL};
  satchel_bundle_open (stream, &reader, NULL, &info, NULL, error);
  return info;
}

static void
assert_info (Scene *self, const SatchelBagInfo *info, const SatchelBundleResult *result)
{
  SatchelMinisignKey key;

  satchel_minisign_pair_get_key (self->pair, &key);
  g_assert_cmpstr (info->bundle_id, ==, BUNDLE_ID);
  g_assert_true (satchel_minisign_key_equal (&info->sender_minisign, &key));
  g_assert_cmpmem (info->sender_age.bytes, 32, self->draft.sender_age.bytes, 32);
  g_assert_cmpuint (info->epoch, ==, 3);
  g_assert_cmpuint (info->ledger_sequence, ==, 41);
  g_assert_cmpmem (info->ledger_head, 32, self->draft.ledger_head, 32);
  g_assert_cmpint (info->bagged_unix_us, ==, DAY_US);
  g_assert_cmpuint (info->recipients->len, ==, self->draft.recipient_count);
  g_assert_cmpmem (info->tagmanifest_sha256, 32, result->tagmanifest_sha256, 32);
  g_assert_cmpmem (info->age_sha256, 32, result->age_sha256, 32);
  g_assert_cmpuint (info->age_size_bytes, ==, result->size_bytes);
  for (guint i = 0; i < SATCHEL_BAG_TAG_COUNT; i++)
    g_assert_true (g_bytes_equal (info->tags[i], result->tags[i]));
}

static void
assert_next (const GByteArray *bytes, gsize *at, GBytes *expected)
{
  gsize size = 0;
  const guint8 *data = expected != NULL ? g_bytes_get_data (expected, &size) : NULL;

  g_assert_cmpuint (bytes->len - *at, >=, size);
  if (size > 0)
    g_assert_cmpmem (bytes->data + *at, size, data, size);
  *at += size;
}

/* Every byte came, in the order in which it was given. */
static void
assert_taken (Scene *self, const GByteArray *bytes)
{
  gsize at = 0;

  assert_next (bytes, &at, self->index);
  assert_next (bytes, &at, self->custody);
  for (guint i = 0; i < self->records->len; i++)
    assert_next (bytes, &at, self->records->pdata[i]);
  for (guint i = 0; i < self->contents->len; i++)
    assert_next (bytes, &at, self->contents->pdata[i]);
  g_assert_cmpuint (at, ==, bytes->len);
}

/* Composes and opens; the names that came, and the age file. */
static char *
go_round (Scene *self, GByteArray *bundle)
{
  g_autoptr (GError) error = NULL;
  g_auto (SatchelBundleResult) result = {0};
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Taken taken = {g_string_new (NULL), bytes};
  guint8 sha256[SATCHEL_SHA256_SIZE];
  guint64 size = 0;

  compose (self, bundle, &result, &error);
  g_assert_no_error (error);
  g_assert_true (satchel_bundle_size (&self->draft, &size, &error));
  g_assert_cmpuint (size, ==, bundle->len);
  g_assert_cmpuint (result.size_bytes, ==, bundle->len);
  satchel_sha256 (bundle->data, bundle->len, sha256);
  g_assert_cmpmem (sha256, 32, result.age_sha256, 32);
  g_autoptr (SatchelBagInfo) info = open_bundle (self, bundle, &taken, &error);
  g_assert_no_error (error);
  assert_info (self, info, &result);
  assert_taken (self, bytes);
  return g_string_free (taken.names, FALSE);
}

static void
test_round_empty (void)
{
  g_auto (Scene) scene = {0};
  g_autoptr (GByteArray) bundle = g_byte_array_new ();

  scene_init (&scene);
  g_autofree char *names = go_round (&scene, bundle);
  g_assert_cmpstr (names, ==, "bundle.json:2 custody.jsonl:0 ");
  g_assert_cmpuint (bundle->len, >=, 256 * 1024);
}

static void
test_round_all (void)
{
  g_auto (Scene) scene = {0};
  g_autoptr (GByteArray) bundle = g_byte_array_new ();

  scene_init (&scene);
  fill_scene (&scene);
  g_autofree char *names = go_round (&scene, bundle);
  g_assert_cmpstr (names, ==,
                   "bundle.json:2 custody.jsonl:15 r0001.json:15 r0002.json:15 0001.jpg:70000. "
                   "0002.txt:0. 0003:65536. origin-0001.bag-info.txt:10. "
                   "origin-0001.bagit.txt:11. origin-0002.bagit.txt:12. receipt-0001.txt:13. ");
}

/* Several threads under all of it, and more chunks than threads. */
static void
test_round_pool (void)
{
  g_auto (Scene) scene = {0};
  g_autoptr (GByteArray) bundle = g_byte_array_new ();

  scene_init (&scene);
  scene.pool = satchel_pool_new (3);
  add_file (&scene, "0001.bin", test_noise (3000000, 7));
  add_file (&scene, "0002.bin", test_noise (1, 8));
  g_autofree char *names = go_round (&scene, bundle);
  g_assert_cmpstr (names, ==,
                   "bundle.json:2 custody.jsonl:0 0001.bin:3000000. 0002.bin:1. ");
}

static void
test_round_many (void)
{
  g_auto (Scene) scene = {0};
  g_autoptr (GByteArray) bundle = g_byte_array_new ();

  scene_init (&scene);
  for (guint i = 1; i <= 12000; i++) {
    g_autofree char *name = g_strdup_printf ("%04u.x", i);
    add_file (&scene, name, g_bytes_new_static ("x", 1));
  }
  g_autofree char *names = go_round (&scene, bundle);
  g_assert_nonnull (strstr (names, " 12000.x:1. "));
}

static void
test_round_recipients (void)
{
  g_auto (Scene) scene = {0};
  g_autoptr (GByteArray) bundle = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  scene_init (&scene);
  for (guint i = 1; i < SATCHEL_AGE_STANZAS_MAX; i++) {
    g_autoptr (SatchelSecret) other = satchel_age_identity_new (&error);
    satchel_age_identity_get_recipient (other, &scene.recipients[i].age, &error);
    scene.recipients[i].number = G_MAXUINT64 - i;
    scene.recipients[i].has_previous = TRUE;
  }
  g_assert_no_error (error);
  scene.draft.recipient_count = SATCHEL_AGE_STANZAS_MAX;
  g_autofree char *names = go_round (&scene, bundle);
  g_assert_cmpstr (names, ==, "bundle.json:2 custody.jsonl:0 ");
}

/* How many a bundle is for says nothing, and neither do a few bytes more or less in it. */
static void
test_sizes_hide (void)
{
  g_auto (Scene) one = {0};
  g_auto (Scene) two = {0};
  g_autoptr (GByteArray) first = g_byte_array_new ();
  g_autoptr (GByteArray) second = g_byte_array_new ();

  scene_init (&one);
  scene_init (&two);
  add_file (&one, "0001.x", test_noise (900000, 1));
  add_file (&two, "0001.x", test_noise (901000, 1));
  two.recipients[1].age.bytes[0] = 9;
  two.recipients[1].number = 1;
  two.draft.recipient_count = 2;
  g_autofree char *one_names = go_round (&one, first);
  g_autofree char *two_names = go_round (&two, second);
  g_assert_cmpuint (first->len, ==, second->len);
}

typedef void (*Spoil) (Scene *self);

static void
spoil_hash (Scene *self)
{
  g_array_index (self->files, SatchelBundleFile, 0).sha256[0] ^= 1;
}

static void
spoil_longer (Scene *self)
{
  g_array_index (self->files, SatchelBundleFile, 0).size_bytes--;
}

static void
spoil_shorter (Scene *self)
{
  g_array_index (self->files, SatchelBundleFile, 0).size_bytes++;
}

static void
spoil_name (Scene *self)
{
  g_array_index (self->files, SatchelBundleFile, 0).name[0] = 'A';
}

static void
spoil_order (Scene *self)
{
  g_array_index (self->files, SatchelBundleFile, 0).name[3] = '2';
}

static void
spoil_index (Scene *self)
{
  g_bytes_unref (self->index);
  self->index = test_noise (SATCHEL_BAG_INDEX_MAX + 1, 1);
}

static void
spoil_recipients (Scene *self)
{
  self->recipients[1] = self->recipients[0];
  self->draft.recipient_count = 2;
}

static void
spoil_number (Scene *self)
{
  self->recipients[0].number = 2;
}

static void
spoil_nobody (Scene *self)
{
  self->draft.recipient_count = 0;
}

static void
test_compose_refuses (void)
{
  static const struct {
    Spoil spoil;
    const char *rule;
    int code;
  } cases[] = {
      {spoil_hash, "file-hash: ", SATCHEL_SEAL_ERROR_BAG},
      {spoil_longer, "file-hash: ", SATCHEL_SEAL_ERROR_BAG},
      {spoil_shorter, "file-hash: ", SATCHEL_SEAL_ERROR_BAG},
      {spoil_name, "manifest-name: ", SATCHEL_SEAL_ERROR_BAG},
      {spoil_order, "manifest-order: ", SATCHEL_SEAL_ERROR_BAG},
      {spoil_index, "member-size: ", SATCHEL_SEAL_ERROR_LIMIT},
      {spoil_recipients, "bag-info: ", SATCHEL_SEAL_ERROR_BAG},
      {spoil_number, "bag-info: ", SATCHEL_SEAL_ERROR_BAG},
      {spoil_nobody, "member-count: ", SATCHEL_SEAL_ERROR_LIMIT},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Scene) scene = {0};
    g_autoptr (GError) error = NULL;
    g_autoptr (GByteArray) bundle = g_byte_array_new ();
    g_auto (SatchelBundleResult) result = {0};
    scene_init (&scene);
    fill_scene (&scene);
    cases[i].spoil (&scene);
    g_assert_false (compose (&scene, bundle, &result, &error));
    g_assert_error (error, SATCHEL_SEAL_ERROR, cases[i].code);
    g_assert_true (g_str_has_prefix (error->message, cases[i].rule));
    g_assert_null (result.tags[0]);
    if (bundle->len > 0) {
      g_autoptr (SatchelBagInfo) info = open_bundle (&scene, bundle, NULL, NULL);
      g_assert_null (info);
    }
  }
}

/* Every damaged byte and every cut is refused; a sample, all of them with SATCHEL_TEST_WHOLE. */
static void
test_damage (void)
{
  g_auto (Scene) scene = {0};
  g_autoptr (GByteArray) bundle = g_byte_array_new ();
  gsize step = g_getenv ("SATCHEL_TEST_WHOLE") != NULL ? 1 : 1999;

  scene_init (&scene);
  fill_scene (&scene);
  g_autofree char *names = go_round (&scene, bundle);
  for (gsize at = 0; at < bundle->len; at += step) {
    g_autoptr (GError) flip_error = NULL;
    g_autoptr (GError) cut_error = NULL;
    bundle->data[at] ^= (guint8) (1 << (at / step % 8));
    g_assert_null (open_bundle (&scene, bundle, NULL, &flip_error));
    g_assert_error (flip_error, SATCHEL_SEAL_ERROR, flip_error->code);
    bundle->data[at] ^= (guint8) (1 << (at / step % 8));
    guint whole = bundle->len;
    bundle->len = (guint) at;
    g_assert_null (open_bundle (&scene, bundle, NULL, &cut_error));
    g_assert_error (cut_error, SATCHEL_SEAL_ERROR, cut_error->code);
    bundle->len = whole;
  }
}

static void
test_cancelled (void)
{
  g_auto (Scene) scene = {0};
  g_autoptr (GByteArray) bundle = g_byte_array_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (SatchelBagFinding) finding = NULL;
  g_autoptr (GError) error = NULL;

  scene_init (&scene);
  g_autofree char *names = go_round (&scene, bundle);
  g_autoptr (GInputStream) stream =
      g_memory_input_stream_new_from_data (bundle->data, bundle->len, NULL);
  SatchelBundleReader reader = {.identities = &scene.identity, .identity_count = 1};
  g_cancellable_cancel (cancellable);
  g_assert_false (satchel_bundle_open (stream, &reader, cancellable, NULL, &finding, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (finding);
}

static void
run_good (const char *folder, const char *script)
{
  g_autofree char *line = g_strdup_printf ("cd '%s' && %s", folder, script);
  const char *const argv[] = {"sh", "-c", line, NULL};
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;

  if (test_run (argv, NULL, &output, &errors) != 0)
    g_error ("%s: %s%s", script, output, errors);
}

static void
store (const char *folder, const char *name, const guint8 *data, gsize size)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (satchel_file_store (path, data, size, NULL));
}

static void
test_tools (void)
{
  g_auto (Scene) scene = {0};
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (GByteArray) bundle = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  SatchelMinisignKey key;

  if (!test_has_program ("age") || !test_has_program ("minisign"))
    return;
  scene_init (&scene);
  fill_scene (&scene);
  g_autofree char *names = go_round (&scene, bundle);
  g_autoptr (SatchelSecret) identity = satchel_age_identity_format (scene.identity, &error);
  store (folder, "bundle.age", bundle->data, bundle->len);
  store (folder, "key.txt", satchel_secret_get_data (identity), satchel_secret_get_size (identity));
  run_good (folder, "age -d -i key.txt bundle.age > bundle.tar && tar -xf bundle.tar");
  run_good (folder, "cd satchel && sha256sum --strict -c manifest-sha256.txt");
  run_good (folder, "cd satchel && sha256sum --strict -c tagmanifest-sha256.txt");
  satchel_minisign_pair_get_key (scene.pair, &key);
  g_autofree char *key_text = satchel_minisign_key_format (&key);
  g_autofree char *verify =
      g_strdup_printf ("cd satchel && minisign -V -H -P %s -m tagmanifest-sha256.txt", key_text);
  run_good (folder, verify);
  g_autofree char *bag = g_build_filename (folder, "satchel", NULL);
  satchel_bag_check_folder (bag, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/bundle/round-empty", test_round_empty);
  g_test_add_func ("/bundle/round-all", test_round_all);
  g_test_add_func ("/bundle/round-pool", test_round_pool);
  g_test_add_func ("/bundle/round-many", test_round_many);
  g_test_add_func ("/bundle/round-recipients", test_round_recipients);
  g_test_add_func ("/bundle/sizes-hide", test_sizes_hide);
  g_test_add_func ("/bundle/compose-refuses", test_compose_refuses);
  g_test_add_func ("/bundle/damage", test_damage);
  g_test_add_func ("/bundle/cancelled", test_cancelled);
  g_test_add_func ("/bundle/tools", test_tools);
  return g_test_run ();
}
