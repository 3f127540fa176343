/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-bag.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "hostile-bundle.h"
#include "seal/satchel-bag-private.h"
#include "seal/satchel-ustar.h"
#include "test-support.h"

/* A good bag on disk: the archive of the hostile composer, unpacked. */
static char *
make_bag (const char *scratch)
{
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (NULL);
  SatchelAgeRecipient reader = {{9}};
  SatchelAgeRecipient sender = {{8}};
  HostileParties parties = {
      .recipient = &reader,
      .sender_age = &sender,
      .sender_pair = pair,
      .bundle_id = "0123456789abcdef0123456789abcdef",
      .number = 2,
  };
  g_autoptr (GBytes) archive = hostile_archive_new ("good", &parties);
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (archive);
  g_autoptr (SatchelUstarReader) tar = satchel_ustar_reader_new (stream);
  const char *name = NULL;
  guint64 size = 0;

  while (satchel_ustar_reader_next (tar, &name, &size, NULL, NULL) && name != NULL) {
    g_autofree char *path = g_build_filename (scratch, name, NULL);
    g_autofree char *parent = g_path_get_dirname (path);
    g_autoptr (GBytes) content = satchel_ustar_reader_load (tar, 1 << 24, NULL, NULL);
    gsize length = 0;
    const guint8 *data = g_bytes_get_data (content, &length);
    g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
    g_assert_true (satchel_file_store (path, data, length, NULL));
  }
  return g_build_filename (scratch, "satchel", NULL);
}

static void
found_cb (const SatchelBagFinding *finding, gpointer user_data)
{
  g_string_append_printf (user_data, "%s %s;", finding->rule, finding->member);
}

static void
run_in (const char *folder, const char *script)
{
  g_autofree char *line = g_strdup_printf ("cd '%s' && %s", folder, script);
  const char *const argv[] = {"sh", "-c", line, NULL};

  g_assert_cmpint (test_run (argv, NULL, NULL, NULL), ==, 0);
}

static void
test_folder_good (void)
{
  g_autoptr (TestScratch) scratch = test_scratch_new ();
  g_autofree char *bag = make_bag (scratch);
  g_autoptr (SatchelBagInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  satchel_bag_check_folder (bag, NULL, NULL, NULL, &info, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (info->entries->len, ==, 6);
  g_assert_cmpuint (g_array_index (info->recipients, SatchelBagRecipient, 0).number, ==, 2);
  g_autoptr (SatchelBagInfo) again = satchel_bag_info_new (info->tags, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (info->tagmanifest_sha256, 32, again->tagmanifest_sha256, 32);
}

static void
test_folder_faults (void)
{
  static const struct {
    const char *script;
    const char *findings;
  } cases[] = {
      {"rm bagit.txt", "member-missing bagit.txt;"},
      {"rm tagmanifest-sha256.txt.minisig", "member-missing tagmanifest-sha256.txt.minisig;"},
      {"echo x >> bagit.txt", "tag-hash bagit.txt;"},
      {"echo x >> tagmanifest-sha256.txt", "signature tagmanifest-sha256.txt.minisig;"},
      {"truncate -s 1M bag-info.txt", "member-size bag-info.txt;"},
      {"mv bagit.txt b && ln -s b bagit.txt", "folder-type bagit.txt;"},
      {"rm bagit.txt && mkfifo bagit.txt", "folder-type bagit.txt;"},
      {"rm bagit.txt && mkdir bagit.txt", "folder-type bagit.txt;"},
      {"rm -r data", "member-missing data;"},
      {"mv data d && ln -s d data", "folder-type data;"},
      {"touch fetch.txt", "member-extra fetch.txt;"},
      {"touch manifest-md5.txt", "member-extra manifest-md5.txt;"},
      {"mkdir data/more", "member-extra data/more;"},
      {"touch data/0001.JPG", "member-extra data/0001.JPG;"},
      {"touch data/.hidden", "member-extra data/.hidden;"},
      {"rm data/0002.txt", "member-missing data/0002.txt;oxum bag-info.txt;"
                           "padding-size padding.bin;"},
      {"printf x | dd of=data/0001.jpg bs=1 seek=99 conv=notrunc 2>/dev/null",
       "file-hash data/0001.jpg;"},
      {"mv data/0001.jpg x && ln x data/0001.jpg && rm x && mv data/r0001.json data/0003.x && "
       "ln -s 0003.x data/r0001.json && rm data/0003.x",
       "folder-type data/r0001.json;oxum bag-info.txt;padding-size padding.bin;"},
      {"truncate -s 2M data/bundle.json",
       "member-size data/bundle.json;oxum bag-info.txt;padding-size padding.bin;"},
      {"rm padding.bin", "member-missing padding.bin;"},
      {"printf x >> padding.bin", "padding-size padding.bin;"},
      {"printf x | dd of=padding.bin bs=1 seek=99 conv=notrunc 2>/dev/null",
       "padding padding.bin;"},
      {"printf x | dd of=data/0001.jpg bs=1 seek=99 conv=notrunc 2>/dev/null && touch x",
       "member-extra x;file-hash data/0001.jpg;"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (TestScratch) scratch = test_scratch_new ();
    g_autofree char *bag = make_bag (scratch);
    g_autoptr (GString) findings = g_string_new (NULL);
    g_autoptr (GError) error = NULL;
    run_in (bag, cases[i].script);
    g_assert_false (satchel_bag_check_folder (bag, found_cb, findings, NULL, NULL, &error));
    g_assert_cmpint (error->domain, ==, SATCHEL_SEAL_ERROR);
    g_assert_cmpstr (findings->str, ==, cases[i].findings);
  }
}

static void
test_folder_missing (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (satchel_bag_check_folder ("/nowhere/at/all", NULL, NULL, NULL, NULL, &error));
  g_assert_cmpstr (g_quark_to_string (error->domain), !=,
                   g_quark_to_string (SATCHEL_SEAL_ERROR));
}

static void
test_names (void)
{
  static const struct {
    const char *name;
    SatchelBagKind kind;
  } cases[] = {
      {"bundle.json", SATCHEL_BAG_INDEX},
      {"custody.jsonl", SATCHEL_BAG_CUSTODY},
      {"r0001.json", SATCHEL_BAG_RECORD},
      {"r10000.json", SATCHEL_BAG_RECORD},
      {"r01000.json", SATCHEL_BAG_NOTHING},
      {"r0001.jsonl", SATCHEL_BAG_NOTHING},
      {"0001", SATCHEL_BAG_FILE},
      {"0001.jpg", SATCHEL_BAG_FILE},
      {"0001.tar.gz", SATCHEL_BAG_FILE},
      {"0001.", SATCHEL_BAG_NOTHING},
      {"0001..jpg", SATCHEL_BAG_NOTHING},
      {"0001-jpg", SATCHEL_BAG_NOTHING},
      {"999999.x", SATCHEL_BAG_FILE},
      {"1000000.x", SATCHEL_BAG_NOTHING},
      {"origin-0001.bag-info.txt", SATCHEL_BAG_FILE},
      {"origin0001.txt", SATCHEL_BAG_NOTHING},
      {"-0001.txt", SATCHEL_BAG_NOTHING},
      {"abcdefghijklmnop-0001", SATCHEL_BAG_FILE},
      {"abcdefghijklmnopq-0001", SATCHEL_BAG_NOTHING},
      {"", SATCHEL_BAG_NOTHING},
      {"padding.bin", SATCHEL_BAG_NOTHING},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    if (satchel_bag_kind_of (cases[i].name) != cases[i].kind)
      g_error ("\"%s\" is of kind %d", cases[i].name, satchel_bag_kind_of (cases[i].name));
}

/* Padmé from 256 KiB on, always whole blocks. */
static void
test_padding_size (void)
{
  for (guint64 members = 512; members < 40 * 1024 * 1024; members += 512 * 61) {
    guint64 whole = members + 512 + satchel_bag_padding_size (members) + 1024;
    g_assert_cmpuint (whole % 512, ==, 0);
    g_assert_cmpuint (whole, >=, 256 * 1024);
    g_assert_cmpuint (whole, ==, satchel_padme (whole));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/bag/folder-good", test_folder_good);
  g_test_add_func ("/bag/folder-faults", test_folder_faults);
  g_test_add_func ("/bag/folder-missing", test_folder_missing);
  g_test_add_func ("/bag/names", test_names);
  g_test_add_func ("/bag/padding-size", test_padding_size);
  return g_test_run ();
}
