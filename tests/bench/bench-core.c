/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `./dev bench` measures inside one process; prints one JSON object, times in milliseconds:
 *
 *   bench-core [--plain] make VAULT COUNT BATCH     records of 1 KB, BATCH a transaction (0: one)
 *   bench-core [--plain] save VAULT COUNT           one record a transaction
 *   bench-core [--plain] search VAULT ROUNDS        1 to 3 words, newest and ranked
 *   bench-core [--plain] list VAULT ROUNDS          the newest 50
 *   bench-core [--plain] erase VAULT COUNT          the newest COUNT, one by one
 *   bench-core [--plain] check VAULT                the vault's check, then the records'
 *   bench-core [--plain] quick-check VAULT          SQLite's own
 *   bench-core capture VAULT FILE...                each file durable with its row
 *   bench-core unlock VAULT MIB PASSES ROUNDS       open and the newest 50; Argon2id alone
 *
 * With --plain the store is never keyed: SQLCipher without a key is SQLite of the same version, and
 * every statement and pragma stays the same. (The link wraps the two functions that know the key.)
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "records/satchel-evidence.h"
#include "records/satchel-record.h"
#include "records/satchel-search.h"
#include "vault/satchel-db-private.h"
#include "vault/satchel-health.h"

#define PASSPHRASE  "bench bench bench"
#define VOCABULARY  20000
#define RECORD_SIZE 1000

static gboolean is_plain;

int __real_sqlite3_key (sqlite3 *handle, const void *key, int size);
int __wrap_sqlite3_key (sqlite3 *handle, const void *key, int size);
gboolean
__real_satchel_db_check_salt (const char *path, SatchelSecret *key_and_salt, GError **error);
gboolean
__wrap_satchel_db_check_salt (const char *path, SatchelSecret *key_and_salt, GError **error);

int
__wrap_sqlite3_key (sqlite3 *handle, const void *key, int size)
{
  return is_plain ? SQLITE_OK : __real_sqlite3_key (handle, key, size);
}

gboolean
__wrap_satchel_db_check_salt (const char *path, SatchelSecret *key_and_salt, GError **error)
{
  return is_plain || __real_satchel_db_check_salt (path, key_and_salt, error);
}

static void
demand (gboolean done, const GError *error)
{
  if (done)
    return;
  fprintf (stderr, "bench-core: %s\n", error != NULL ? error->message : "failed");
  exit (1);
}

static gdouble
now_ms (void)
{
  return g_get_monotonic_time () / 1000.0;
}

static guint
number (const char *text)
{
  return (guint) g_ascii_strtoull (text, NULL, 10);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  gdouble difference = *(const gdouble *) a - *(const gdouble *) b;

  return (difference > 0) - (difference < 0);
}

static gdouble
percentile (GArray *times, guint percent)
{
  g_array_sort (times, compare_doubles);
  return g_array_index (times, gdouble, MIN (times->len * percent / 100, times->len - 1));
}

static void
add_times (GString *out, const char *name, GArray *times)
{
  g_string_append_printf (out, "%s\"%s_ms\": %.4f, \"%s_p99_ms\": %.4f", out->len > 0 ? ", " : "",
                          name, percentile (times, 50), name, percentile (times, 99));
}

static SatchelSecret *
new_passphrase (void)
{
  g_autoptr (GError) error = NULL;
  SatchelSecret *secret =
      satchel_secret_new_copy ((const guint8 *) PASSPHRASE, strlen (PASSPHRASE), &error);

  demand (secret != NULL, error);
  return secret;
}

static SatchelVault *
open_vault (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) passphrase = new_passphrase ();
  SatchelVault *vault = satchel_vault_open (folder, passphrase, &error);

  demand (vault != NULL, error);
  return vault;
}

static SatchelVault *
create_vault (const char *folder)
{
  static const SatchelKdfCost cheap = {8, 1};
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) passphrase = new_passphrase ();
  SatchelVault *vault = satchel_vault_create (folder, passphrase, NULL, &cheap, &error);

  demand (vault != NULL, error);
  return vault;
}

/* Few words are common and many are rare, as in a language: the rank is a uniform number's cube. */
static void
add_word (GString *text, GRand *random)
{
  gdouble u = g_rand_double (random);
  guint rank = (guint) (u * u * u * VOCABULARY);
  static const char syllables[][3] = {"ba", "ke", "lo", "mi", "nu", "ra", "se", "to", "vi", "zu"};

  if (text->len > 0)
    g_string_append_c (text, ' ');
  for (guint n = rank + 10; n > 0; n /= 10)
    g_string_append (text, syllables[n % 10]);
}

static char *
make_text (GRand *random, gsize size)
{
  GString *text = g_string_new (NULL);

  while (text->len < size)
    add_word (text, random);
  return g_string_free (text, FALSE);
}

static void
make_record (SatchelVault *vault, GRand *random)
{
  g_autoptr (GError) error = NULL;
  const SatchelKind *kind = satchel_kinds_find (satchel_kinds_get_builtin (), "note", &error);
  g_autofree char *title = make_text (random, 24);
  g_autofree char *text = make_text (random, RECORD_SIZE - 24);

  demand (kind != NULL, error);
  g_autoptr (JsonObject) values = satchel_fields_new (kind);
  json_object_set_string_member (values, "title", title);
  json_object_set_string_member (values, "text", text);
  g_autofree char *id = satchel_record_create (vault, kind, values, &error);
  demand (id != NULL, error);
}

static void
run_make (char **args)
{
  guint count = number (args[1]);
  guint batch = number (args[2]) != 0 ? number (args[2]) : count;
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelVault) vault = create_vault (args[0]);
  SatchelDb *db = satchel_vault_get_db (vault);
  gdouble begun = now_ms ();

  for (guint done = 0; done < count; done += batch) {
    demand (satchel_db_begin (db, &error), error);
    for (guint i = done; i < MIN (done + batch, count); i++)
      make_record (vault, random);
    demand (satchel_db_commit (db, &error), error);
  }
  printf ("{\"make_ms\": %.1f}\n", now_ms () - begun);
}

static void
run_save (char **args)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (2);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gdouble));
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (SatchelVault) vault = open_vault (args[0]);

  for (guint i = 0; i < number (args[1]); i++) {
    gdouble begun = now_ms ();
    make_record (vault, random);
    gdouble took = now_ms () - begun;
    g_array_append_val (times, took);
  }
  add_times (out, "save", times);
  printf ("{%s}\n", out->str);
}

static void
search_once (SatchelVault *vault, SatchelSearchOrder order, GRand *random, GArray *times)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) words = g_string_new (NULL);
  guint count = g_rand_int_range (random, 1, 4);

  for (guint i = 0; i < count; i++)
    add_word (words, random);
  g_string_append_c (words, ' ');
  gdouble begun = now_ms ();
  g_autoptr (GPtrArray) hits = satchel_search (vault, words->str, order, 50, &error);
  gdouble took = now_ms () - begun;
  demand (hits != NULL, error);
  g_array_append_val (times, took);
}

static void
run_search (char **args)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (SatchelVault) vault = open_vault (args[0]);

  for (SatchelSearchOrder order = SATCHEL_SEARCH_NEWEST; order <= SATCHEL_SEARCH_RANKED;
       order += SATCHEL_SEARCH_RANKED - SATCHEL_SEARCH_NEWEST) {
    g_autoptr (GRand) random = g_rand_new_with_seed (3);
    g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gdouble));
    for (guint i = 0; i < number (args[1]); i++)
      search_once (vault, order, random, times);
    add_times (out, order == SATCHEL_SEARCH_NEWEST ? "newest" : "ranked", times);
  }
  printf ("{%s}\n", out->str);
}

static void
list_page (SatchelVault *vault)
{
  g_autoptr (GError) error = NULL;
  SatchelRecordFilter filter = {.limit = 50};
  g_autoptr (GPtrArray) records = satchel_record_list (vault, &filter, &error);

  demand (records != NULL, error);
}

static void
run_list (char **args)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gdouble));
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (SatchelVault) vault = open_vault (args[0]);

  for (guint i = 0; i < number (args[1]); i++) {
    gdouble begun = now_ms ();
    list_page (vault);
    gdouble took = now_ms () - begun;
    g_array_append_val (times, took);
  }
  add_times (out, "list", times);
  printf ("{%s}\n", out->str);
}

static void
run_erase (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gdouble));
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (SatchelVault) vault = open_vault (args[0]);
  SatchelRecordFilter filter = {.limit = number (args[1])};
  g_autoptr (GPtrArray) records = satchel_record_list (vault, &filter, &error);

  demand (records != NULL, error);
  for (guint i = 0; i < records->len; i++) {
    const SatchelRecord *record = records->pdata[i];
    gdouble begun = now_ms ();
    demand (satchel_record_erase (vault, record->id, &error), error);
    gdouble took = now_ms () - begun;
    g_array_append_val (times, took);
  }
  add_times (out, "erase", times);
  printf ("{%s}\n", out->str);
}

static void
fault_cb (const char *object, const char *fault, gpointer user_data)
{
  fprintf (stderr, "bench-core: %s: %s\n", object, fault);
  exit (1);
}

static void
run_check (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelVault) vault = open_vault (args[0]);
  gdouble begun = now_ms ();

  demand (satchel_vault_check (vault, fault_cb, NULL, (SatchelProgressReport){0}, NULL, &error),
          error);
  gdouble between = now_ms ();
  demand (satchel_records_check (vault, fault_cb, NULL, (SatchelProgressReport){0}, NULL, &error),
          error);
  printf ("{\"store_ms\": %.1f, \"records_ms\": %.1f}\n", between - begun, now_ms () - between);
}

static void
run_quick_check (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelVault) vault = open_vault (args[0]);
  gboolean has_row = FALSE;
  gdouble begun = now_ms ();
  SatchelStatement *row =
      satchel_db_prepare (satchel_vault_get_db (vault), "PRAGMA quick_check", &error);

  demand (row != NULL && satchel_statement_step (row, &has_row, &error) && has_row, error);
  gboolean whole = g_strcmp0 (satchel_statement_get_text (row, 0), "ok") == 0;
  satchel_statement_reset (row);
  demand (whole, NULL);
  printf ("{\"quick_check_ms\": %.1f}\n", now_ms () - begun);
}

static void
run_capture (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (4);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gdouble));
  g_autoptr (GString) out = g_string_new (NULL);
  SatchelPool *pool = satchel_pool_new (g_get_num_processors ());
  g_autoptr (SatchelVault) vault = create_vault (args[0]);

  satchel_vault_set_pool (vault, pool);
  make_record (vault, random);
  g_autoptr (GPtrArray) records = satchel_record_list (vault, NULL, &error);
  demand (records != NULL, error);
  const SatchelRecord *record = records->pdata[0];
  for (char **file = args + 1; *file != NULL; file++) {
    gdouble begun = now_ms ();
    demand (satchel_evidence_attach_file (vault, record->id, *file, NULL,
                                          (SatchelProgressReport){0}, NULL, NULL, NULL, &error),
            error);
    gdouble took = now_ms () - begun;
    g_array_append_val (times, took);
  }
  add_times (out, "capture", times);
  printf ("{%s}\n", out->str);
  satchel_vault_set_pool (vault, NULL);
  satchel_pool_free (pool);
}

static void
unlock_once (const char *folder, const SatchelKdfCost *cost, GArray *unlocks, GArray *kdfs)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) passphrase = new_passphrase ();
  guint8 salt[SATCHEL_KDF_SALT_SIZE] = {1};
  gdouble begun = now_ms ();
  SatchelVault *vault = open_vault (folder);

  list_page (vault);
  gdouble opened = now_ms ();
  satchel_vault_close (vault);
  gdouble closed = now_ms ();
  g_autoptr (SatchelSecret) key = satchel_kdf_run (passphrase, salt, cost, &error);
  gdouble stretched = now_ms ();
  demand (key != NULL, error);
  gdouble unlock = opened - begun;
  gdouble kdf = stretched - closed;
  g_array_append_val (unlocks, unlock);
  g_array_append_val (kdfs, kdf);
}

static void
run_unlock (char **args)
{
  SatchelKdfCost cost = {number (args[1]), number (args[2])};
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) passphrase = new_passphrase ();
  g_autoptr (GArray) unlocks = g_array_new (FALSE, FALSE, sizeof (gdouble));
  g_autoptr (GArray) kdfs = g_array_new (FALSE, FALSE, sizeof (gdouble));
  g_autoptr (GString) out = g_string_new (NULL);
  SatchelVault *vault = open_vault (args[0]);

  demand (satchel_vault_set_passphrase (vault, passphrase, &cost, NULL, &error), error);
  satchel_vault_close (vault);
  for (guint i = 0; i < number (args[3]); i++)
    unlock_once (args[0], &cost, unlocks, kdfs);
  add_times (out, "unlock", unlocks);
  add_times (out, "kdf", kdfs);
  printf ("{%s}\n", out->str);
}

static const struct {
  const char *name;
  int args; /* at least */
  void (*run) (char **args);
} commands[] = {
    {"make", 3, run_make},
    {"save", 2, run_save},
    {"search", 2, run_search},
    {"list", 2, run_list},
    {"erase", 2, run_erase},
    {"check", 1, run_check},
    {"quick-check", 1, run_quick_check},
    {"capture", 2, run_capture},
    {"unlock", 4, run_unlock},
};

int
main (int argc, char **argv)
{
  char **args = argv + 1;

  satchel_secret_init ();
  if (argc > 1 && strcmp (*args, "--plain") == 0) {
    is_plain = TRUE;
    args++;
  }
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (*args != NULL && strcmp (*args, commands[i].name) == 0 &&
        argv + argc - args - 1 >= commands[i].args) {
      commands[i].run (args + 1);
      return 0;
    }
  fprintf (stderr, "bench-core: wrong usage; the head of tests/bench/bench-core.c says how\n");
  return 1;
}
