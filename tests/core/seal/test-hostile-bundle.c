/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hostile-bundle.h"

#include <string.h>

#include "base/satchel-json.h"
#include "base/satchel-text.h"
#include "test-support.h"

/* One sender and one reader for the whole program. */
typedef struct {
  SatchelSecret *identity;
  SatchelSecret *pair;
  SatchelAgeRecipient self;
  SatchelAgeRecipient sender_age;
} People;

static People people;

static void
people_init (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) sender = satchel_age_identity_new (&error);

  people.identity = satchel_age_identity_new (&error);
  people.pair = satchel_minisign_pair_new (&error);
  satchel_age_identity_get_recipient (people.identity, &people.self, &error);
  satchel_age_identity_get_recipient (sender, &people.sender_age, &error);
  g_assert_no_error (error);
}

static HostileParties
parties (void)
{
  return (HostileParties){
      .recipient = &people.self,
      .sender_age = &people.sender_age,
      .sender_pair = people.pair,
      .bundle_id = "0123456789abcdef0123456789abcdef",
      .number = 1,
  };
}

/* What the visitor saw. */
typedef struct {
  gboolean admitted;
  gboolean json_is_good;
  guint documents;
  guint files_ended;
} Seen;

static gboolean
admit_cb (const SatchelBagInfo *info, gpointer user_data, GError **error)
{
  Seen *seen = user_data;

  g_assert_cmpint (seen->documents, ==, 0);
  seen->admitted = TRUE;
  return TRUE;
}

static gboolean
take_document_cb (const char *name, GBytes *content, gpointer user_data, GError **error)
{
  Seen *seen = user_data;
  gsize size = 0;
  const char *data = g_bytes_get_data (content, &size);

  g_assert_true (seen->admitted);
  seen->documents++;
  if (g_str_has_suffix (name, ".json"))
    seen->json_is_good =
        seen->json_is_good && satchel_json_check (data, size, SATCHEL_BAG_RECORD_MAX, NULL);
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
  g_assert_true (((Seen *) user_data)->admitted);
  *sink = satchel_sink_to_nowhere ();
  return TRUE;
}

static gboolean
end_file_cb (const char *name, gpointer user_data, GError **error)
{
  ((Seen *) user_data)->files_ended++;
  return TRUE;
}

static gboolean
open_bundle (GBytes *bundle, Seen *seen, SatchelBagFinding **finding, GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bundle);
  g_autoptr (SatchelBagInfo) info = NULL;
  SatchelBundleReader reader = {
      .identities = &people.identity,
      .identity_count = 1,
      .self = &people.self,
      .visitor = {admit_cb, take_document_cb, begin_file_cb, end_file_cb, seen},
  };

  seen->json_is_good = TRUE;
  gboolean good = satchel_bundle_open (stream, &reader, NULL, &info, finding, error);
  g_assert_true (good == (info != NULL));
  return good;
}

static void
assert_refused (const HostileVariant *variant,
                gboolean good,
                SatchelBagFinding *finding,
                GError *error)
{
  g_autofree char *start = g_strconcat (variant->rule, ": ", NULL);

  if (good)
    g_error ("%s was accepted", variant->name);
  if (finding == NULL || !g_str_equal (finding->rule, variant->rule))
    g_error ("%s: %s instead of %s", variant->name, error->message, variant->rule);
  g_assert_cmpint (error->domain, ==, SATCHEL_SEAL_ERROR);
  if (!g_str_has_prefix (error->message, start))
    g_error ("%s: the message \"%s\" does not begin with its rule", variant->name,
             error->message);
}

static void
test_variant (gconstpointer data)
{
  const HostileVariant *variant = data;
  HostileParties both = parties ();
  Seen seen = {0};
  g_autoptr (SatchelBagFinding) finding = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bundle = hostile_bundle_new (variant->name, &both);
  gboolean good = open_bundle (bundle, &seen, &finding, &error);

  if (variant->rule != NULL && !variant->for_caller) {
    assert_refused (variant, good, finding, error);
    return;
  }
  g_assert_no_error (error);
  g_assert_true (good);
  g_assert_cmpuint (seen.documents, ==, 4);
  g_assert_cmpuint (seen.files_ended, ==, 2);
  /* The faults that are left to the caller are in the JSON. */
  g_assert_true (seen.json_is_good == !variant->for_caller);
}

static void
test_count (void)
{
  guint count = 0;
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (const HostileVariant *one = hostile_variants (); one->name != NULL; one++, count++)
    g_assert_true (g_hash_table_add (names, (gpointer) one->name));
  g_assert_cmpuint (count, >, 60);
}

/* A visitor's refusal becomes a finding of the rule that it names, and nothing flows after it. */
static gboolean
refuse_cb (const SatchelBagInfo *info, gpointer user_data, GError **error)
{
  g_set_error_literal (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_SIGNATURE,
                       "stranger: nobody knows this key");
  return FALSE;
}

static gboolean
fail_document_cb (const char *name, GBytes *content, gpointer user_data, GError **error)
{
  g_assert_not_reached ();
}

static void
test_stranger (void)
{
  HostileParties both = parties ();
  g_autoptr (GBytes) bundle = hostile_bundle_new ("good", &both);
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bundle);
  g_autoptr (SatchelBagFinding) finding = NULL;
  g_autoptr (GError) error = NULL;
  SatchelBundleReader reader = {
      .identities = &people.identity,
      .identity_count = 1,
      .self = &people.self,
      .visitor = {.admit = refuse_cb, .take_document = fail_document_cb},
  };

  g_assert_false (satchel_bundle_open (stream, &reader, NULL, NULL, &finding, &error));
  g_assert_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_SIGNATURE);
  g_assert_cmpstr (finding->rule, ==, "stranger");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  people_init ();
  g_test_add_func ("/hostile-bundle/count", test_count);
  g_test_add_func ("/hostile-bundle/stranger", test_stranger);
  for (const HostileVariant *one = hostile_variants (); one->name != NULL; one++) {
    g_autofree char *path = g_strconcat ("/hostile-bundle/", one->name, NULL);
    g_test_add_data_func (path, one, test_variant);
  }
  int result = g_test_run ();
  satchel_secret_unref (people.identity);
  satchel_secret_unref (people.pair);
  return result;
}
