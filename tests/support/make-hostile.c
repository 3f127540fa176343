/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Hostile bundles as files, for tests of whole programs:
 *
 *   make-hostile --list                      each variant: name, rule, who refuses it
 *   make-hostile --new-sender FILE --card CARD [--name NAME]
 *                                            a sender's keys, and the card to import for them
 *   make-hostile --sender FILE --to AGE-KEY -o OUT [--id ID] [--number N] [--index FILE]
 *                [--documents FOLDER] VARIANT
 *
 * A stranger is a sender whose card was not imported; a fork is the same --id with another --index;
 * a gap is a --number that leaves some out.
 */
#include "hostile-bundle.h"

#include <stdlib.h>
#include <string.h>

#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "papers/satchel-card.h"

#define PAIR_SIZE 72

static gboolean list = FALSE;
static char *new_sender = NULL;
static char *card_path = NULL;
static char *card_name = NULL;
static char *sender_path = NULL;
static char *to = NULL;
static char *out_path = NULL;
static char *bundle_id = NULL;
static char *index_path = NULL;
static char *documents_path = NULL;
static gint64 number = 1;

static const GOptionEntry options[] = {
    {"list", 0, 0, G_OPTION_ARG_NONE, &list, "List the variants", NULL},
    {"new-sender", 0, 0, G_OPTION_ARG_FILENAME, &new_sender, "Write a new sender's keys", "FILE"},
    {"card", 0, 0, G_OPTION_ARG_FILENAME, &card_path, "Write the new sender's card", "FILE"},
    {"name", 0, 0, G_OPTION_ARG_STRING, &card_name, "Name on the card", "NAME"},
    {"sender", 0, 0, G_OPTION_ARG_FILENAME, &sender_path, "Who signs", "FILE"},
    {"to", 0, 0, G_OPTION_ARG_STRING, &to, "Whom to seal to", "AGE-KEY"},
    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &out_path, "Where to write the bundle", "FILE"},
    {"id", 0, 0, G_OPTION_ARG_STRING, &bundle_id, "Bundle id, random otherwise", "ID"},
    {"number", 0, 0, G_OPTION_ARG_INT64, &number, "Number among those to the recipient", "N"},
    {"index", 0, 0, G_OPTION_ARG_FILENAME, &index_path, "bundle.json", "FILE"},
    {"documents", 0, 0, G_OPTION_ARG_FILENAME, &documents_path, "The folder of the JSON", "FOLDER"},
    {NULL},
};

static void
print_list (void)
{
  for (const HostileVariant *one = hostile_variants (); one->name != NULL; one++)
    g_print ("%s %s %s\n", one->name, one->rule != NULL ? one->rule : "-",
             one->for_caller ? "caller" : "seal");
}

/* The sender's file: the pair in hex, then the age key; one line each. */
static gboolean
write_sender (SatchelSecret *pair, const SatchelAgeRecipient *age, GError **error)
{
  g_autofree char *hex =
      satchel_hex_encode (satchel_secret_get_data (pair), satchel_secret_get_size (pair));
  g_autofree char *recipient = satchel_age_recipient_format (age);
  g_autofree char *text = g_strdup_printf ("%s\n%s\n", hex, recipient);

  return satchel_file_store (new_sender, (const guint8 *) text, strlen (text), error);
}

static gboolean
make_sender (GError **error)
{
  SatchelPublicKeys keys = {0};
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (error);
  g_autoptr (SatchelSecret) age = pair != NULL ? satchel_age_identity_new (error) : NULL;
  g_autoptr (SatchelSecret) access = age != NULL ? satchel_access_key_new (error) : NULL;

  if (access == NULL || !satchel_age_identity_get_recipient (age, &keys.age, error))
    return FALSE;
  satchel_minisign_pair_get_key (pair, &keys.minisign);
  satchel_access_key_get_public (access, keys.access);
  if (!write_sender (pair, &keys.age, error))
    return FALSE;
  if (card_path == NULL)
    return TRUE;
  g_autoptr (SatchelCard) card =
      satchel_card_sign (card_name != NULL ? card_name : "Hostile Sender", SATCHEL_ROLE_REPORTER,
                         &keys, NULL, pair, error);
  return card != NULL && satchel_file_store (card_path, (const guint8 *) card->text,
                                             strlen (card->text), error);
}

static SatchelSecret *
load_sender (SatchelAgeRecipient *age, GError **error)
{
  guint8 pair[PAIR_SIZE];
  g_autoptr (GBytes) bytes = satchel_file_load (sender_path, 4096, error);

  if (bytes == NULL)
    return NULL;
  g_auto (GStrv) lines = g_strsplit (g_bytes_get_data (bytes, NULL), "\n", 3);
  if (g_strv_length (lines) != 3 || !satchel_hex_decode (lines[0], pair, sizeof pair)) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s is no sender's file",
                 sender_path);
    return NULL;
  }
  if (!satchel_age_recipient_parse (lines[1], age, error))
    return NULL;
  return satchel_secret_new_copy (pair, sizeof pair, error);
}

static gboolean
is_variant (const char *name)
{
  for (const HostileVariant *one = hostile_variants (); one->name != NULL; one++)
    if (g_str_equal (one->name, name))
      return TRUE;
  return FALSE;
}

static gboolean
make_bundle (const char *variant, GError **error)
{
  SatchelAgeRecipient sender_age;
  SatchelAgeRecipient recipient;
  gsize size = 0;
  g_autofree char *id = bundle_id != NULL ? g_strdup (bundle_id) : satchel_random_id ();
  g_autoptr (GBytes) index =
      index_path != NULL ? satchel_file_load (index_path, SATCHEL_BAG_INDEX_MAX, error) : NULL;

  if (index_path != NULL && index == NULL)
    return FALSE;
  g_autoptr (SatchelSecret) pair = load_sender (&sender_age, error);
  if (pair == NULL || !satchel_age_recipient_parse (to, &recipient, error))
    return FALSE;
  HostileParties parties = {
      .recipient = &recipient,
      .sender_age = &sender_age,
      .sender_pair = pair,
      .bundle_id = id,
      .number = (guint64) number,
      .index = index,
      .documents = documents_path,
  };
  g_autoptr (GBytes) bundle = hostile_bundle_new (variant, &parties);
  const guint8 *data = g_bytes_get_data (bundle, &size);
  return satchel_file_store (out_path, data, size, error);
}

static gboolean
run (int argc, char **argv, GError **error)
{
  if (list) {
    print_list ();
    return TRUE;
  }
  if (new_sender != NULL)
    return make_sender (error);
  if (argc == 2 && is_variant (argv[1]) && sender_path != NULL && to != NULL && out_path != NULL)
    return make_bundle (argv[1], error);
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       "one VARIANT, --sender, --to and -o are needed");
  return FALSE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("[VARIANT]");
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, options, NULL);
  satchel_secret_init ();
  if (g_option_context_parse (context, &argc, &argv, &error) && run (argc, argv, &error))
    return EXIT_SUCCESS;
  g_printerr ("make-hostile: %s\n", error->message);
  return 2;
}
