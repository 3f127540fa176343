/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is kept of a recording, and what becomes of it where it is cut off. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "records/satchel-records-error.h"
#include "salvage-test.h"

/* --- What was made durable, and in which order --- */

typedef struct {
  char *path;
  guint64 size_bytes;
} Sync;

static GArray *syncs; /* NULL: nobody asks */

static void
note_sync (int fd)
{
  g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", fd);
  struct stat facts;

  if (syncs == NULL || fstat (fd, &facts) != 0)
    return;
  const Sync sync = {g_file_read_link (link, NULL), (guint64) facts.st_size};
  g_array_append_val (syncs, sync);
}

/* In the place of the C library's, for SQLite too. */
int
fsync (int fd)
{
  note_sync (fd);
  return (int) syscall (SYS_fsync, fd);
}

int
fdatasync (int fd)
{
  note_sync (fd);
  return (int) syscall (SYS_fdatasync, fd);
}

/* The last sync of a file with that in its path and that size at least; -1. */
static int
find_sync (const char *part, guint64 size_bytes)
{
  for (guint i = syncs->len; i > 0; i--) {
    const Sync *sync = &g_array_index (syncs, Sync, i - 1);
    if (strstr (sync->path, part) != NULL && sync->size_bytes >= size_bytes)
      return (int) i - 1;
  }
  return -1;
}

/* --- Tests --- */

static void
test_cut_off (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (GBytes) sound = test_noise (SOUND_SIZE, 1);
  SatchelVault *vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  SatchelEvidenceWriter *writer = begin (vault, id);

  append (writer, sound, 0, CHUNK);
  /* The chunk that may be the last is not whole yet. */
  g_assert_cmpuint (satchel_evidence_writer_get_keepable (writer), ==, 0);
  append (writer, sound, CHUNK, 1);
  g_assert_cmpuint (satchel_evidence_writer_get_keepable (writer), ==, CHUNK);
  keep (writer, CHUNK - 7);
  append (writer, sound, CHUNK + 1, 5 * CHUNK);
  keep (writer, 4 * CHUNK + 11);
  append (writer, sound, 6 * CHUNK + 1, CHUNK);
  satchel_vault_close (vault);
  satchel_evidence_writer_free (writer);

  vault = reopen (folder);
  g_assert_cmpuint (test_count_files (folder), ==, 1);
  g_assert_cmpint (count_rows (vault, "evidence"), ==, 0);
  assert_sound (vault);
  assert_salvaged (vault, 1, 0, 0);
  assert_cut_off (vault, sound, 4 * CHUNK + 11);
  g_autoptr (GPtrArray) items = satchel_evidence_list (vault, id, NULL);
  g_assert_cmpuint (items->len, ==, 1);
  for (guint round = 0; round < 2; round++) {
    assert_salvaged (vault, 0, 0, 0);
    assert_nothing_begun (vault);
    assert_sound (vault);
    g_assert_cmpuint (test_count_files (folder), ==, 1);
    satchel_vault_close (vault);
    vault = reopen (folder);
  }
  assert_cut_off (vault, sound, 4 * CHUNK + 11);
  satchel_vault_close (vault);
}

/* The note counts on bytes that are durable by then, and on their name. */
static void
test_order (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (GBytes) sound = test_noise (SOUND_SIZE, 1);
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  g_autoptr (SatchelEvidenceWriter) writer = begin (vault, id);
  g_autofree char *path = dup_file (folder);
  g_autofree char *inner = g_path_get_dirname (path);

  syncs = g_array_new (FALSE, FALSE, sizeof (Sync));
  for (guint part = 1; part <= 4; part++) {
    append (writer, sound, (part - 1) * (CHUNK + 100), CHUNK + 100);
    keep (writer, part * CHUNK);
    int bytes = find_sync (path, satchel_stream_sealed_size (part * CHUNK));
    g_assert_cmpint (bytes, >=, 0);
    g_assert_cmpint (find_sync ("store.db-wal", 0), >, bytes);
    g_assert_cmpint (find_sync (inner, 0), >=, 0);
  }
  for (guint i = 0; i < syncs->len; i++)
    g_free (g_array_index (syncs, Sync, i).path);
  g_clear_pointer (&syncs, g_array_unref);
}

/* It is not there twice. */
static void
test_finished (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (GBytes) sound = test_noise (SOUND_SIZE, 1);
  SatchelVault *vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  SatchelEvidenceWriter *writer = begin (vault, id);
  g_autoptr (GError) error = NULL;

  append (writer, sound, 0, SOUND_SIZE);
  keep (writer, 3 * CHUNK);
  g_assert_true (satchel_evidence_writer_finish (writer, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  satchel_evidence_writer_free (writer);
  assert_nothing_begun (vault);
  satchel_vault_close (vault);
  vault = reopen (folder);
  assert_salvaged (vault, 0, 0, 0);
  g_autoptr (SatchelEvidence) item = load_only_item (vault);
  g_assert_cmpstr (item->name, ==, NAME);
  g_assert_cmpuint (item->size_bytes, ==, SOUND_SIZE);
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM ledger WHERE line LIKE '%cut_off%'"),
                   ==, 0);
  assert_sound (vault);
  satchel_vault_close (vault);
}

/* Rolled back after it was finished: what was kept is there. */
static void
test_rolled_back (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (GBytes) sound = test_noise (SOUND_SIZE, 1);
  SatchelVault *vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  SatchelEvidenceWriter *writer = begin (vault, id);

  append (writer, sound, 0, SOUND_SIZE);
  keep (writer, 3 * CHUNK + 5);
  g_assert_true (satchel_db_begin (satchel_vault_get_db (vault), NULL));
  g_assert_true (satchel_evidence_writer_finish (writer, NULL, NULL, NULL, NULL));
  satchel_db_rollback (satchel_vault_get_db (vault));
  satchel_evidence_writer_free (writer);
  satchel_vault_close (vault);
  vault = reopen (folder);
  assert_salvaged (vault, 1, 0, 0);
  assert_cut_off (vault, sound, 3 * CHUNK + 5);
  assert_sound (vault);
  satchel_vault_close (vault);
}

static void
test_discarded (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (GBytes) sound = test_noise (SOUND_SIZE, 1);
  SatchelVault *vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  g_autoptr (GError) error = NULL;

  for (guint parts = 0; parts < 2; parts++) {
    SatchelEvidenceWriter *writer = begin (vault, id);
    append (writer, sound, 0, SOUND_SIZE);
    if (parts > 0)
      keep (writer, 3 * CHUNK);
    g_assert_true (satchel_evidence_writer_discard (writer, &error));
    g_assert_no_error (error);
    satchel_evidence_writer_free (writer);
    g_assert_cmpuint (test_count_files (folder), ==, 0);
    assert_nothing_begun (vault);
    assert_sound (vault);
  }
  satchel_vault_close (vault);
  vault = reopen (folder);
  assert_salvaged (vault, 0, 0, 0);
  satchel_vault_close (vault);
}

/* Nothing was said to be kept: nothing is, and no file. */
static void
test_nothing_kept (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (GBytes) sound = test_noise (SOUND_SIZE, 1);
  SatchelVault *vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  SatchelEvidenceWriter *writer = begin (vault, id);

  append (writer, sound, 0, SOUND_SIZE);
  satchel_vault_close (vault);
  satchel_evidence_writer_free (writer);
  g_assert_cmpuint (test_count_files (folder), ==, 0);
  vault = reopen (folder);
  assert_salvaged (vault, 0, 0, 0);
  g_assert_cmpint (count_rows (vault, "evidence"), ==, 0);
  satchel_vault_close (vault);
}

/* A disk that fails: what was kept before becomes an item at once, of this writer alone. */
static void
test_rescued (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (GBytes) sound = test_noise (SOUND_SIZE, 1);
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  g_autoptr (SatchelEvidenceWriter) other = begin (vault, id);
  g_autoptr (SatchelEvidenceWriter) writer = begin (vault, id);
  g_autoptr (SatchelEvidence) item = NULL;
  g_autoptr (GError) error = NULL;
  struct rlimit before, small;

  append (other, sound, 0, 2 * CHUNK);
  keep (other, CHUNK);
  g_assert_false (satchel_evidence_writer_rescue (writer, NULL, NULL, &error));
  g_assert_no_error (error);
  append (writer, sound, 0, 2 * CHUNK);
  keep (writer, CHUNK);
  append (writer, sound, 2 * CHUNK, CHUNK);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  small = (struct rlimit){1000, before.rlim_max};
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  g_assert_false (satchel_evidence_writer_keep (writer, 2 * CHUNK, &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_true (satchel_evidence_writer_rescue (writer, &item, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (item->record_id, ==, id);
  assert_cut_off (vault, sound, CHUNK);
  g_assert_true (satchel_evidence_writer_discard (other, &error));
  assert_sound (vault);
  g_assert_cmpuint (test_count_files (folder), ==, 1);
}

/* Of an erased record nothing is left, and nothing comes back. */
static void
test_record_erased (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (GBytes) sound = test_noise (SOUND_SIZE, 1);
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  g_autofree char *stays = TEST_RECORD (vault, "note", "text=y");
  g_autoptr (SatchelEvidenceWriter) writer = begin (vault, id);
  g_autoptr (SatchelEvidenceWriter) late = begin (vault, id);
  g_autoptr (SatchelEvidenceWriter) other = begin (vault, stays);
  g_autoptr (GError) error = NULL;

  append (writer, sound, 0, SOUND_SIZE);
  append (late, sound, 0, SOUND_SIZE);
  append (other, sound, 0, SOUND_SIZE);
  keep (writer, 3 * CHUNK);
  keep (other, 2 * CHUNK);
  g_assert_true (satchel_record_erase (vault, id, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (test_count_files (folder), ==, 2);
  g_assert_false (satchel_evidence_writer_keep (writer, 4 * CHUNK, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (satchel_evidence_writer_keep (late, 4 * CHUNK, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (satchel_evidence_writer_rescue (writer, NULL, NULL, &error));
  g_assert_no_error (error);
  g_clear_pointer (&late, satchel_evidence_writer_free);
  g_clear_pointer (&other, satchel_evidence_writer_free);
  assert_salvaged (vault, 1, 0, 0);
  assert_cut_off (vault, sound, 2 * CHUNK);
  assert_sound (vault);
}

static void
flip_byte (const char *path, off_t at)
{
  guint8 byte = 0;
  int fd = open (path, O_RDWR | O_CLOEXEC);

  g_assert_cmpint (pread (fd, &byte, 1, at), ==, 1);
  byte ^= 1;
  g_assert_cmpint (pwrite (fd, &byte, 1, at), ==, 1);
  close (fd);
}

/* What can be read is an item; that it is not all is told. */
static void
test_damaged (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (GBytes) sound = test_noise (SOUND_SIZE, 1);
  SatchelVault *vault = test_vault_new (folder);

  leave_begun (folder, vault, sound, SOUND_SIZE);
  g_autofree char *path = dup_file (folder);
  flip_byte (path, 2 * (CHUNK + 16) + 5);
  vault = reopen (folder);
  g_autoptr (GString) faults = check (vault);
  test_assert_found (faults, "what was kept of it before it was cut off is damaged");
  assert_salvaged (vault, 0, 1, 0);
  assert_cut_off (vault, sound, 2 * CHUNK);
  assert_salvaged (vault, 0, 0, 0);
  assert_sound (vault);
  satchel_vault_close (vault);
}

static void
test_lost (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (GBytes) sound = test_noise (SOUND_SIZE, 1);
  SatchelVault *vault = test_vault_new (folder);

  leave_begun (folder, vault, sound, SOUND_SIZE);
  g_autofree char *path = dup_file (folder);
  g_assert_cmpint (g_unlink (path), ==, 0);
  vault = reopen (folder);
  assert_salvaged (vault, 0, 0, 1);
  g_assert_cmpint (count_rows (vault, "evidence"), ==, 0);
  assert_salvaged (vault, 0, 0, 0);
  assert_nothing_begun (vault);
  assert_sound (vault);
  satchel_vault_close (vault);
}

static void
damage_note (SatchelVault *vault, const char *set)
{
  g_autofree char *sql =
      g_strdup_printf ("UPDATE setting SET %s WHERE key = (SELECT min (key) FROM setting "
                       "WHERE key LIKE 'vault.begun.%%')",
                       set);
  g_autoptr (GError) error = NULL;

  satchel_db_execute (satchel_vault_get_db (vault), sql, &error);
  g_assert_no_error (error);
}

/* How a note can be damaged: what it is of, its size, all of it, and its name. */
static const char *const DAMAGES[] = {"value = substr (value, 1, 64) || ' 0 {}'",
                                      "value = substr (value, 1, 64) || ' x'", "value = ''",
                                      "value = 'zz' || substr (value, 3)",
                                      "key = 'vault.begun.x'"};

/* One damaged note keeps no other recording from its report. */
static void
test_damaged_note (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (DAMAGES); i++) {
    g_autoptr (TestScratch) folder = test_scratch_new ();
    g_autoptr (GBytes) first = test_noise (SOUND_SIZE, 1);
    g_autoptr (GBytes) second = test_noise (SOUND_SIZE, 2);
    SatchelVault *vault = test_vault_new (folder);

    leave_begun (folder, vault, first, SOUND_SIZE);
    vault = reopen (folder);
    leave_begun (folder, vault, second, SOUND_SIZE);
    vault = reopen (folder);
    damage_note (vault, DAMAGES[i]);
    assert_salvaged (vault, 1, 0, 1);
    assert_nothing_begun (vault);
    assert_salvaged (vault, 0, 0, 0);
    satchel_vault_close (vault);
    vault = reopen (folder);
    assert_sound (vault);
    g_assert_cmpuint (test_count_files (folder), ==, 1);
    satchel_vault_close (vault);
  }
}

/* Nor does it keep a report from being erased, and it does not outlive it. */
static void
test_damaged_note_and_erase (void)
{
  static const char *const unknown = "value = substr (value, 1, 64) || ' 70000 {}'";

  for (gsize i = 0; i <= G_N_ELEMENTS (DAMAGES); i++) {
    g_autoptr (TestScratch) folder = test_scratch_new ();
    g_autoptr (GBytes) sound = test_noise (SOUND_SIZE, 1);
    g_autoptr (GError) error = NULL;
    SatchelVault *vault = test_vault_new (folder);
    g_autofree char *id = TEST_RECORD (vault, "note", "text=another");

    leave_begun (folder, vault, sound, SOUND_SIZE);
    vault = reopen (folder);
    damage_note (vault, i < G_N_ELEMENTS (DAMAGES) ? DAMAGES[i] : unknown);
    satchel_record_erase (vault, id, &error);
    g_assert_no_error (error);
    assert_nothing_begun (vault);
    satchel_vault_close (vault);
  }
}

/* What a newer Satchel says more of an item does not make it anybody's. */
static void
test_newer_note_and_erase (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (GBytes) sound = test_noise (SOUND_SIZE, 1);
  g_autoptr (GError) error = NULL;
  SatchelVault *vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=another");

  leave_begun (folder, vault, sound, SOUND_SIZE);
  vault = reopen (folder);
  damage_note (vault, "value = replace (value, '{', '{\"newer\":1,')");
  satchel_record_erase (vault, id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (
      test_count (vault, "SELECT count(*) FROM setting WHERE key LIKE 'vault.begun.%'"), ==, 1);
  satchel_vault_close (vault);
}

static void
test_cancelled (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (GBytes) sound = test_noise (SOUND_SIZE, 1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  SatchelVault *vault = test_vault_new (folder);
  guint64 kept = leave_begun (folder, vault, sound, SOUND_SIZE);

  vault = reopen (folder);
  g_cancellable_cancel (cancellable);
  g_autoptr (SatchelSalvage) salvage = satchel_evidence_salvage (vault, cancellable);
  g_assert_error (salvage->fault, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_salvaged (vault, 1, 0, 0);
  assert_cut_off (vault, sound, kept);
  satchel_vault_close (vault);
}

/* A backup has it as far as it was kept. */
static void
test_backup (void)
{
  g_autoptr (TestScratch) scratch = test_scratch_new ();
  g_autofree char *folder = g_build_filename (scratch, "vault", NULL);
  g_autofree char *copy = g_build_filename (scratch, "copy", NULL);
  g_autofree char *path = g_build_filename (scratch, "backup.age", NULL);
  g_autoptr (GBytes) sound = test_noise (SOUND_SIZE, 1);
  g_autoptr (SatchelSecret) phrase = passphrase ();
  g_autoptr (GError) error = NULL;
  SatchelVault *vault = test_vault_new (folder);
  guint64 kept = leave_begun (folder, vault, sound, SOUND_SIZE);

  vault = reopen (folder);
  satchel_vault_backup (vault, path, phrase, 10, (SatchelProgressReport){0}, NULL, &error);
  g_assert_no_error (error);
  satchel_vault_close (vault);
  satchel_vault_restore (copy, path, phrase, (SatchelProgressReport){0}, NULL, &error);
  g_assert_no_error (error);
  vault = reopen (copy);
  assert_salvaged (vault, 1, 0, 0);
  assert_cut_off (vault, sound, kept);
  assert_sound (vault);
  satchel_vault_close (vault);
}

/* Without room for it, it waits, and keeps nobody out. */
static void
test_full_disk (void)
{
  g_autoptr (TestScratch) scratch = test_scratch_new ();
  g_autofree char *folder = g_build_filename (scratch, "vault", NULL);
  g_autofree char *filler = g_build_filename (scratch, "filler", NULL);
  g_autofree char *much = g_strnfill (10 * 1024 * 1024, 'x');
  g_autoptr (GBytes) sound = test_noise (SOUND_SIZE, 1);

  if (unshare (CLONE_NEWNS) != 0 || mount ("none", "/", "none", MS_REC | MS_PRIVATE, "") != 0 ||
      mount ("tmpfs", scratch, "tmpfs", 0, "size=24m") != 0) {
    g_test_skip_printf ("cannot mount a small file system: %s", g_strerror (errno));
    return;
  }
  SatchelVault *vault = test_vault_new (folder);
  guint64 kept = leave_begun (folder, vault, sound, SOUND_SIZE);
  g_assert_true (g_file_set_contents (filler, much, -1, NULL));
  for (guint round = 0; round < 2; round++) {
    vault = reopen (folder);
    g_autoptr (SatchelSalvage) salvage = satchel_evidence_salvage (vault, NULL);
    g_assert_error (salvage->fault, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NO_SPACE);
    g_assert_cmpuint (salvage->saved + salvage->damaged + salvage->lost, ==, 0);
    satchel_vault_close (vault);
  }
  g_assert_cmpint (g_unlink (filler), ==, 0);
  vault = reopen (folder);
  assert_salvaged (vault, 1, 0, 0);
  assert_cut_off (vault, sound, kept);
  assert_sound (vault);
  satchel_vault_close (vault);
  g_assert_cmpint (umount2 (scratch, MNT_DETACH), ==, 0);
}

/* --- Killed at random --- */

/* Records for ever, in takes of @take bytes; tells of each part that is kept. */
static void
record_until_killed (
    const char *folder, const char *record, GBytes *sound, gsize take, int tell_fd)
{
  SatchelVault *vault = reopen (folder);
  SatchelEvidenceWriter *writer = begin (vault, record);
  guint64 kept = 0;

  for (gsize at = 0; at + take <= SOUND_SIZE; at += take) {
    append (writer, sound, at, take);
    guint64 can = satchel_evidence_writer_get_keepable (writer) / take * take;
    if (can > kept) {
      kept = can;
      keep (writer, kept);
      if (write (tell_fd, &kept, sizeof kept) != sizeof kept)
        _exit (1);
    }
  }
  pause ();
}

static guint64
read_last (int fd)
{
  guint64 kept = 0;
  guint64 told;

  while (read (fd, &told, sizeof told) == sizeof told)
    kept = told;
  return kept;
}

static void
salvage_until_killed (const char *folder)
{
  SatchelVault *vault = reopen (folder);
  SatchelSalvage *salvage = satchel_evidence_salvage (vault, NULL);

  if (salvage->fault != NULL)
    _exit (1);
  pause ();
}

static void
kill_after (pid_t child, int at_most_ms)
{
  int status = 0;

  g_usleep ((gulong) g_test_rand_int_range (0, at_most_ms * 1000));
  kill (child, SIGKILL);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
}

/* How much of @sound the item is. */
static guint64
assert_beginning (const SatchelEvidence *item, GBytes *sound)
{
  guint8 hash[32];

  g_assert_cmpuint (item->size_bytes, <=, SOUND_SIZE);
  satchel_sha256 (g_bytes_get_data (sound, NULL), item->size_bytes, hash);
  g_assert_cmpmem (item->sha256, 32, hash, 32);
  return item->size_bytes;
}

/* After a kill in the middle of recording, and some in the middle of salvaging: what was told of is
 * there, once, to a place where it could end, and nothing is half there. */
static void
kill_once (const char *folder, GBytes *sound)
{
  SatchelVault *vault = reopen (folder);
  g_autofree char *record = TEST_RECORD (vault, "note", "text=x");
  gsize take = (gsize) g_test_rand_int_range (500, 30000);
  gint64 before = count_rows (vault, "evidence");
  int tell[2];

  satchel_vault_close (vault);
  g_assert_cmpint (pipe (tell), ==, 0);
  pid_t child = fork ();
  if (child == 0) {
    close (tell[0]);
    record_until_killed (folder, record, sound, take, tell[1]);
  }
  close (tell[1]);
  kill_after (child, 250);
  guint64 told = read_last (tell[0]);
  close (tell[0]);
  for (int round = g_test_rand_int_range (0, 3); round > 0; round--) {
    child = fork ();
    if (child == 0)
      salvage_until_killed (folder);
    kill_after (child, 150);
  }
  vault = reopen (folder);
  g_autoptr (SatchelSalvage) salvage = satchel_evidence_salvage (vault, NULL);
  g_assert_no_error (salvage->fault);
  g_assert_cmpuint (salvage->damaged + salvage->lost, ==, 0);
  g_autoptr (GPtrArray) items = satchel_evidence_list (vault, record, NULL);
  g_assert_cmpuint (items->len, <=, 1);
  guint64 there = items->len > 0 ? assert_beginning (items->pdata[0], sound) : 0;
  g_assert_cmpuint (there, >=, told);
  g_assert_cmpuint (there % take, ==, 0);
  g_assert_cmpint (count_rows (vault, "evidence"), ==, before + items->len);
  g_test_message ("%" G_GUINT64_FORMAT " bytes were told of, %" G_GUINT64_FORMAT " are there", told,
                  there);
  assert_nothing_begun (vault);
  assert_sound (vault);
  satchel_vault_close (vault);
}

static void
test_killed (void)
{
  const char *kills = g_getenv ("SATCHEL_RECORDING_KILLS");
  guint count = kills != NULL ? (guint) g_ascii_strtoull (kills, NULL, 10) : 20;
  g_autoptr (TestScratch) folder = test_scratch_new ();

  satchel_vault_close (test_vault_new (folder));
  for (guint i = 0; i < count; i++) {
    /* Each another sound: the same content is stored once. */
    g_autoptr (GBytes) sound = test_noise (SOUND_SIZE, i);
    kill_once (folder, sound);
  }
}

int
main (int argc, char **argv)
{
  signal (SIGXFSZ, SIG_IGN);
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/evidence-salvage/cut-off", test_cut_off);
  g_test_add_func ("/evidence-salvage/order", test_order);
  g_test_add_func ("/evidence-salvage/finished", test_finished);
  g_test_add_func ("/evidence-salvage/rolled-back", test_rolled_back);
  g_test_add_func ("/evidence-salvage/discarded", test_discarded);
  g_test_add_func ("/evidence-salvage/nothing-kept", test_nothing_kept);
  g_test_add_func ("/evidence-salvage/rescued", test_rescued);
  g_test_add_func ("/evidence-salvage/record-erased", test_record_erased);
  g_test_add_func ("/evidence-salvage/damaged", test_damaged);
  g_test_add_func ("/evidence-salvage/lost", test_lost);
  g_test_add_func ("/evidence-salvage/damaged-note", test_damaged_note);
  g_test_add_func ("/evidence-salvage/damaged-note-and-erase", test_damaged_note_and_erase);
  g_test_add_func ("/evidence-salvage/newer-note-and-erase", test_newer_note_and_erase);
  g_test_add_func ("/evidence-salvage/cancelled", test_cancelled);
  g_test_add_func ("/evidence-salvage/backup", test_backup);
  g_test_add_func ("/evidence-salvage/full-disk", test_full_disk);
  g_test_add_func ("/evidence-salvage/killed", test_killed);
  return g_test_run ();
}
