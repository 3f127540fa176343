/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl-alarm.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>

#include <sodium.h>

#include "base/satchel-text.h"
#include "people/satchel-identity.h"
#include "people/satchel-newsroom.h"
#include "records/satchel-ledger.h"
#include "secret/satchel-words.h"
#include "sync/satchel-sync-check.h"
#include "vault/satchel-health.h"

#define GENERATED_WORDS 5
/* What a laptop's graphics card needs years for, at the floor of Argon2id. */
#define WEAK_BITS          50
#define RECOVERY_CODE_SIZE 16

typedef struct {
  char *name;
  char *role;
  gboolean generate;
  int kdf_mib;
  int kdf_passes;
} InitOptions;

static void
init_options_clear (InitOptions *self)
{
  g_free (self->name);
  g_free (self->role);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (InitOptions, init_options_clear)

void
ctl_warn_weak (SatchelSecret *passphrase)
{
  double bits = satchel_passphrase_bits ((const char *) satchel_secret_get_data (passphrase),
                                         satchel_secret_get_size (passphrase));

  if (bits < WEAK_BITS)
    ctl_warn (NULL,
              _ ("this passphrase may be guessed (about %.0f bits): five random words have 64"),
              bits);
}

static gboolean
choose_cost (const InitOptions *options, SatchelKdfCost *cost, GError **error)
{
  if (options->kdf_mib == 0 && options->kdf_passes == 0) {
    *cost = satchel_kdf_calibrate ();
    return TRUE;
  }
  if (options->kdf_mib < 8 || options->kdf_mib > 4096 || options->kdf_passes < 1 ||
      options->kdf_passes > 64) {
    ctl_set_usage (error, "%s",
                   _ ("--kdf-mib takes 8 to 4096 and --kdf-passes 1 to 64, both together"));
    return FALSE;
  }
  *cost = (SatchelKdfCost){options->kdf_mib, options->kdf_passes};
  if (cost->memory_mib < SATCHEL_KDF_FLOOR.memory_mib || cost->passes < SATCHEL_KDF_FLOOR.passes)
    ctl_warn (NULL, _ ("%u MiB x %u is below the floor of 256 MiB x 3: only for tests"),
              cost->memory_mib, cost->passes);
  return TRUE;
}

static void
wipe_text (char *text)
{
  if (text != NULL)
    sodium_memzero (text, strlen (text));
  g_free (text);
}

static void
print_made_json (Ctl *ctl, const char *code, const char *passphrase)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  ctl_json_string (builder, "vault", ctl->folder);
  ctl_json_string (builder, "vault_id", satchel_vault_get_id (ctl->vault));
  ctl_json_string (builder, "recovery_code", code);
  ctl_json_string (builder, "passphrase", passphrase);
  json_builder_end_object (builder);
  ctl_print_builder (builder);
}

static void
print_made (Ctl *ctl, SatchelSecret *code, SatchelSecret *generated)
{
  char *text = satchel_recovery_code_format (code);
  char *phrase = generated == NULL
                     ? NULL
                     : g_strndup ((const char *) satchel_secret_get_data (generated),
                                  satchel_secret_get_size (generated));

  if (ctl->json)
    print_made_json (ctl, text, phrase);
  if (phrase != NULL)
    ctl_print (ctl, _ ("Passphrase: %s\n"), phrase);
  ctl_print (ctl, _ ("Recovery code: %s\n"), text);
  if (!ctl->json)
    ctl_note (
        ctl, "%s",
        _ ("Write the recovery code down and keep it away from this laptop: it is shown once."));
  wipe_text (text);
  wipe_text (phrase);
}

static SatchelSecret *
choose_passphrase (Ctl *ctl, gboolean generate, GError **error)
{
  if (generate)
    return satchel_words_new_passphrase (GENERATED_WORDS, error);
  SatchelSecret *phrase =
      ctl_read_passphrase (ctl->passphrase_file, _ ("New passphrase"), TRUE, error);
  if (phrase != NULL)
    ctl_warn_weak (phrase);
  return phrase;
}

static gboolean
make_vault (Ctl *ctl,
            const InitOptions *options,
            SatchelRole role,
            SatchelSecret *phrase,
            SatchelSecret *code,
            GError **error)
{
  g_autofree char *parent = g_path_get_dirname (ctl->folder);
  SatchelKdfCost cost;

  if (!choose_cost (options, &cost, error))
    return FALSE;
  g_mkdir_with_parents (parent, 0700);
  ctl->vault = satchel_vault_create (ctl->folder, phrase, code, &cost, error);
  if (ctl->vault == NULL)
    return FALSE;
  if (satchel_identity_create (ctl->vault, options->name, role, error))
    return TRUE;
  g_clear_pointer (&ctl->vault, satchel_vault_abandon);
  return FALSE;
}

static gboolean
run_init (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_auto (InitOptions) options = {0};
  const GOptionEntry entries[] = {
      {"name", 0, 0, G_OPTION_ARG_STRING, &options.name, N_ ("Your name, as others shall see it"),
       N_ ("NAME")},
      {"role", 0, 0, G_OPTION_ARG_STRING, &options.role, N_ ("reporter, editor or legal"),
       N_ ("ROLE")},
      {"generate", 0, 0, G_OPTION_ARG_NONE, &options.generate,
       N_ ("Make a passphrase of five words and show it"), NULL},
      {"kdf-mib", 0, 0, G_OPTION_ARG_INT, &options.kdf_mib, N_ ("Memory for Argon2id, in MiB"),
       N_ ("N")},
      {"kdf-passes", 0, 0, G_OPTION_ARG_INT, &options.kdf_passes, N_ ("Passes of Argon2id"),
       N_ ("N")},
      {NULL},
  };
  SatchelRole role;

  if (!ctl_parse (ctl_find_command (argv[0]), entries, &argc, &argv, 0, 0, error))
    return FALSE;
  if (options.name == NULL || options.role == NULL || !satchel_role_parse (options.role, &role)) {
    ctl_set_usage (error, "%s", _ ("say who you are: --name NAME --role reporter|editor|legal"));
    return FALSE;
  }
  if (satchel_vault_exists (ctl->folder)) {
    ctl_set_usage (error, _ ("a vault stands in %s already"), ctl->folder);
    return FALSE;
  }
  g_autoptr (SatchelSecret) code = satchel_secret_new_random (RECOVERY_CODE_SIZE, error);
  g_autoptr (SatchelSecret) phrase =
      code == NULL ? NULL : choose_passphrase (ctl, options.generate, error);
  if (phrase == NULL || !make_vault (ctl, &options, role, phrase, code, error))
    return FALSE;
  print_made (ctl, code, options.generate ? phrase : NULL);
  return TRUE;
}

/* Whether a swap device keeps what it is given readable: neither in memory (zram) nor below
 * dm-crypt. */
static gboolean
swap_is_readable (const char *device)
{
  g_autofree char *name = g_path_get_basename (device);
  g_autofree char *uuid_path = g_strdup_printf ("/sys/block/%s/dm/uuid", name);
  g_autofree char *uuid = NULL;

  if (g_str_has_prefix (name, "zram"))
    return FALSE;
  return !(g_file_get_contents (uuid_path, &uuid, NULL, NULL) && g_str_has_prefix (uuid, "CRYPT-"));
}

static gboolean
has_readable_swap (void)
{
  g_autofree char *text = NULL;
  gboolean readable = FALSE;

  if (!g_file_get_contents ("/proc/swaps", &text, NULL, NULL))
    return FALSE;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++) {
    g_auto (GStrv) words = g_strsplit (lines[i], " ", 2);
    if (words[0] != NULL && *words[0] == '/')
      readable = readable || swap_is_readable (words[0]);
  }
  return readable;
}

static gint64
count_rows (Ctl *ctl, const char *sql)
{
  gboolean has_row = FALSE;
  SatchelStatement *statement = satchel_db_prepare (satchel_vault_get_db (ctl->vault), sql, NULL);

  if (statement == NULL || !satchel_statement_step (statement, &has_row, NULL) || !has_row)
    return 0;
  gint64 count = satchel_statement_get_int (statement, 0);
  satchel_statement_reset (statement);
  return count;
}

typedef struct {
  char *name;
  char *role;
  char *newsroom;
  gboolean newsroom_is_stale;
  guint64 sequence; /* of the ledger */
  guint8 head[32];
  SatchelKdfCost cost;
  gint64 records;
  gint64 items;
  gboolean swap;
  GPtrArray *alarms; /* of SatchelSyncAlarm */
} Facts;

static void
facts_clear (Facts *self)
{
  g_free (self->name);
  g_free (self->role);
  g_free (self->newsroom);
  g_clear_pointer (&self->alarms, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Facts, facts_clear)

static gboolean
gather_facts (Ctl *ctl, Facts *facts, GError **error)
{
  g_autoptr (SatchelCard) card = satchel_identity_load_card (ctl->vault, error);
  g_autoptr (SatchelNewsroom) newsroom = satchel_newsroom_load (ctl->vault, NULL);

  if (card == NULL ||
      !satchel_ledger_get_head (ctl->vault, &facts->sequence, facts->head, error) ||
      (facts->alarms = satchel_sync_alarm_list (ctl->vault, 0, error)) == NULL)
    return FALSE;
  facts->name = g_strdup (card->name);
  facts->role = g_strdup (satchel_role_to_text (card->role));
  if (newsroom != NULL) {
    facts->newsroom = g_strdup (newsroom->card->name);
    facts->newsroom_is_stale = newsroom->is_stale;
  }
  facts->cost = satchel_vault_get_cost (ctl->vault);
  facts->records = count_rows (ctl, "SELECT count(*) FROM record");
  facts->items = count_rows (ctl, "SELECT count(*) FROM evidence");
  facts->swap = has_readable_swap ();
  return TRUE;
}

static void
print_facts_json (Ctl *ctl, const Facts *facts)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  ctl_json_string (builder, "vault", ctl->folder);
  ctl_json_string (builder, "vault_id", satchel_vault_get_id (ctl->vault));
  ctl_json_string (builder, "name", facts->name);
  ctl_json_string (builder, "role", facts->role);
  ctl_json_string (builder, "newsroom", facts->newsroom);
  ctl_json_bool (builder, "newsroom_is_stale", facts->newsroom_is_stale);
  ctl_json_int (builder, "records", facts->records);
  ctl_json_int (builder, "items", facts->items);
  ctl_json_int (builder, "kdf_mib", facts->cost.memory_mib);
  ctl_json_int (builder, "kdf_passes", facts->cost.passes);
  ctl_json_int (builder, "ledger_sequence", facts->sequence);
  ctl_json_hex (builder, "ledger_head", facts->head, sizeof facts->head);
  ctl_json_bool (builder, "unencrypted_swap", facts->swap);
  ctl_json_alarms (builder, "alarms", facts->alarms);
  json_builder_end_object (builder);
  ctl_print_builder (builder);
}

static void
warn_of (const Facts *facts)
{
  if (facts->swap)
    ctl_warn (NULL, "%s",
              _ ("swap on this machine is not encrypted: text that is open may be written to it. "
                 "Turn it off (swapoff -a) or encrypt it"));
  if (facts->cost.memory_mib < SATCHEL_KDF_FLOOR.memory_mib ||
      facts->cost.passes < SATCHEL_KDF_FLOOR.passes)
    ctl_warn (NULL, _ ("the passphrase is stretched by only %u MiB x %u: guessing is cheap"),
              facts->cost.memory_mib, facts->cost.passes);
  if (facts->newsroom_is_stale)
    ctl_warn (NULL, "%s",
              _ ("the newsroom's card is past its date: ask the newsroom for a new one, or check "
                 "the clock"));
}

static gboolean
run_info (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_auto (Facts) facts = {0};

  if (!ctl_parse (ctl_find_command (argv[0]), NULL, &argc, &argv, 0, 0, error) ||
      !ctl_open_vault (ctl, error) || !gather_facts (ctl, &facts, error))
    return FALSE;
  warn_of (&facts);
  ctl_warn_alarms (ctl, facts.alarms, CTL_ALARMS_OUT | CTL_ALARMS_IN);
  if (ctl->json) {
    print_facts_json (ctl, &facts);
    return TRUE;
  }
  g_autofree char *name = ctl_shown (facts.name);
  g_autofree char *newsroom = ctl_shown (facts.newsroom);
  g_autofree char *head = satchel_hex_encode (facts.head, sizeof facts.head);
  ctl_print (ctl, _ ("Vault: %s\n"), ctl->folder);
  ctl_print (ctl, _ ("Id: %s\n"), satchel_vault_get_id (ctl->vault));
  ctl_print (ctl, _ ("Owner: %s (%s)\n"), name, facts.role);
  ctl_print (ctl, _ ("Newsroom: %s\n"), facts.newsroom == NULL ? _ ("none yet") : newsroom);
  ctl_print (ctl, _ ("Records: %" PRId64 ", evidence items: %" PRId64 "\n"),
             facts.records, facts.items);
  ctl_print (ctl, _ ("Key derivation: Argon2id, %u MiB x %u\n"), facts.cost.memory_mib,
             facts.cost.passes);
  ctl_print (ctl, _ ("Ledger: %" PRIu64 " entries, head %s\n"), facts.sequence, head);
  return TRUE;
}

typedef struct {
  Ctl *ctl;
  guint count;
  JsonBuilder *builder; /* NULL in text */
} Faults;

static void
fault_cb (const char *object, const char *fault, gpointer user_data)
{
  Faults *faults = user_data;

  faults->count++;
  if (faults->builder == NULL) {
    ctl_progress_end (faults->ctl);
    g_autofree char *where = ctl_shown (object);
    g_autofree char *what = ctl_shown (fault);
    ctl_print (faults->ctl, "%s: %s\n", where, what);
    return;
  }
  json_builder_begin_object (faults->builder);
  ctl_json_string (faults->builder, "object", object);
  ctl_json_string (faults->builder, "fault", fault);
  json_builder_end_object (faults->builder);
}

static gboolean
check_all (Ctl *ctl, Faults *faults, GError **error)
{
  return satchel_vault_check (ctl->vault,
                              fault_cb,
                              faults,
                              ctl_progress (ctl, _ ("Checking the vault")),
                              ctl->cancellable,
                              error) &&
         satchel_records_check (ctl->vault,
                                fault_cb,
                                faults,
                                ctl_progress (ctl, _ ("Checking records and custody")),
                                ctl->cancellable,
                                error) &&
         satchel_sync_check (ctl->vault,
                             fault_cb,
                             faults,
                             ctl_progress (ctl, _ ("Checking sealed files")),
                             ctl->cancellable,
                             error);
}

static gboolean
run_check (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  Faults faults = {.ctl = ctl};

  if (!ctl_parse (ctl_find_command (argv[0]), NULL, &argc, &argv, 0, 0, error) ||
      !ctl_open_vault (ctl, error))
    return FALSE;
  if (ctl->json) {
    faults.builder = json_builder_new ();
    json_builder_begin_array (faults.builder);
  }
  if (!check_all (ctl, &faults, error)) {
    g_clear_object (&faults.builder);
    return FALSE;
  }
  if (faults.builder != NULL) {
    json_builder_end_array (faults.builder);
    ctl_print_builder (faults.builder);
  }
  ctl_progress_end (ctl);
  *exit_code = faults.count == 0 ? CTL_DONE : CTL_UNVERIFIED;
  if (faults.count == 0)
    ctl_print (ctl, "%s\n", _ ("The vault is whole."));
  else
    ctl_warn (ctl,
              ngettext ("%u fault: restore from a backup, or ask for help, before you go on",
                        "%u faults: restore from a backup, or ask for help, before you go on",
                        faults.count),
              faults.count);
  return TRUE;
}

static gboolean
run_wipe (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  gboolean yes = FALSE, all = FALSE;
  g_autoptr (GError) card_fault = NULL;
  const GOptionEntry entries[] = {
      {"yes", 0, 0, G_OPTION_ARG_NONE, &yes, N_ ("Really destroy the keys"), NULL},
      {"all", 0, 0, G_OPTION_ARG_NONE, &all, N_ ("The newsroom's recovery slot too"), NULL},
      {NULL},
  };

  if (!ctl_parse (ctl_find_command (argv[0]), entries, &argc, &argv, 0, 0, error))
    return FALSE;
  if (!yes) {
    ctl_set_usage (error, "%s",
                   _ ("this makes everything in the vault unreadable for ever: say --yes"));
    return FALSE;
  }
  if (!satchel_vault_wipe (ctl->folder, all, &card_fault, error))
    return FALSE;
  ctl_note (ctl, "%s",
            _ ("The keys are destroyed. A copy of the folder taken earlier still opens with its "
               "passphrase."));
  if (card_fault == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&card_fault),
                              _ ("the press card that was left readable is still there: "));
  return FALSE;
}

const CtlCommand ctl_vault_commands[] = {
    {"init", "--name NAME --role reporter|editor|legal [--generate] [--kdf-mib N --kdf-passes N]",
     N_ ("Make a new vault"), run_init},
    {"info", "", N_ ("Facts about the vault, and warnings"), run_info},
    {"check", "", N_ ("Check everything and name every fault"), run_check},
    {"wipe", "--yes [--all]", N_ ("Destroy the keys; asks no passphrase"), run_wipe},
    {NULL},
};
