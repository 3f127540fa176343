/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/satchel-session.h"

#include <glib/gstdio.h>

#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "legal/satchel-export.h"
#include "people/satchel-identity.h"
#include "records/satchel-evidence-writer.h"
#include "records/satchel-kind.h"
#include "shared/satchel-salvage-text.h"
#include "sync/satchel-journal.h"

G_DEFINE_QUARK (satchel_session_error, satchel_session_error)

/* What the worker's thread has; nobody else touches it while a job may run. */
typedef struct {
  gatomicrefcount references;
  char *folder;
  SatchelPool *pool;
  SatchelVault *vault; /* NULL: locked */
} Room;

struct _SatchelSession {
  GObject parent_instance;

  SatchelWorker *worker;
  Room *room;
  SatchelSessionState state;
  guint closings; /* that are under way */
  gboolean has_keys;
  guint entries; /* counts openings and what ends them, so that a late answer is known as one */
  char *name;
  SatchelRole role;
  GQueue words; /* of Word, owned: not taken yet */
};

typedef struct {
  char *heading; /* nullable */
  char *text;
  gboolean is_failure;
} Word;

enum { PROP_STATE = 1,
       PROP_HAS_KEYS };
enum { CHANGED,
       LOCKING,
       WORD,
       SIGNALS };
static guint signals[SIGNALS];

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelSession, satchel_session, G_TYPE_OBJECT)
// clang-format on

static void
room_unref (gpointer data)
{
  Room *self = data;

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_clear_pointer (&self->vault, satchel_vault_close);
  satchel_pool_free (self->pool);
  g_free (self->folder);
  g_free (self);
}

static Room *
room_ref (Room *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

/* --- Words --- */

static void
word_free (gpointer data)
{
  Word *self = data;

  g_free (self->heading);
  g_free (self->text);
  g_free (self);
}

static void
put (SatchelSession *self, const char *heading, const char *text, gboolean is_failure)
{
  Word *word;

  if (self->state == SATCHEL_SESSION_EMPTY)
    return;
  word = g_new (Word, 1);
  *word = (Word){g_strdup (heading), g_strdup (text), is_failure};
  g_queue_push_tail (&self->words, word);
  g_signal_emit (self, signals[WORD], 0);
}

void
satchel_session_put_word (SatchelSession *self, const char *heading, const char *text)
{
  put (self, heading, text, FALSE);
}

void
satchel_session_put_failure (SatchelSession *self, const char *heading, const char *text)
{
  put (self, heading, text, TRUE);
}

gboolean
satchel_session_take_word (SatchelSession *self, char **heading, char **text)
{
  Word *word = g_queue_pop_head (&self->words);

  if (word == NULL)
    return FALSE;
  *heading = g_steal_pointer (&word->heading);
  *text = g_steal_pointer (&word->text);
  word_free (word);
  return TRUE;
}

gboolean
satchel_session_has_failure (SatchelSession *self)
{
  for (GList *link = self->words.head; link != NULL; link = link->next)
    if (((const Word *) link->data)->is_failure)
      return TRUE;
  return FALSE;
}

/* --- The state --- */

static void
note_keys (SatchelSession *self)
{
  gboolean has_keys = self->state == SATCHEL_SESSION_OPEN ||
                      self->state == SATCHEL_SESSION_OPENING || self->closings > 0;

  if (self->has_keys == has_keys)
    return;
  self->has_keys = has_keys;
  g_object_notify (G_OBJECT (self), "has-keys");
}

static void
set_state (SatchelSession *self, SatchelSessionState state)
{
  if (self->state == state)
    return;
  self->state = state;
  if (state == SATCHEL_SESSION_EMPTY)
    g_queue_clear_full (&self->words, word_free);
  g_object_notify (G_OBJECT (self), "state");
  note_keys (self);
}

static SatchelSessionState
closed_state (SatchelSession *self)
{
  return satchel_vault_exists (self->room->folder) ? SATCHEL_SESSION_LOCKED : SATCHEL_SESSION_EMPTY;
}

/* --- Opening and making --- */

typedef struct {
  Room *room;
  char *name; /* making one: the owner's */
  SatchelRole role;
  SatchelSecret *passphrase;
  SatchelSecret *recovery_code;
  SatchelKdfCost cost;
} Entry;

/* What opening tells the main loop. */
typedef struct {
  char *name;
  SatchelRole role;
  SatchelSalvage *salvage;
} Owner;

static void
entry_free (gpointer data)
{
  Entry *self = data;

  room_unref (self->room);
  satchel_secret_unref (self->passphrase);
  satchel_secret_unref (self->recovery_code);
  g_free (self->name);
  g_free (self);
}

static void
owner_free (gpointer data)
{
  Owner *self = data;

  g_free (self->name);
  satchel_salvage_free (self->salvage);
  g_free (self);
}

static gpointer
settle (Room *room, SatchelVault *opened, GCancellable *cancellable, GError **error)
{
  g_autoptr (SatchelVault) vault = opened;
  g_autoptr (SatchelCard) card = satchel_identity_load_card (vault, error);

  if (card == NULL)
    return NULL;
  satchel_export_sweep (vault, NULL, NULL);
  /* Read once, and here: the first list would have to wait for it in the main loop. */
  satchel_kinds_get_builtin ();
  Owner *owner = g_new0 (Owner, 1);
  owner->name = g_strdup (card->name);
  owner->role = card->role;
  satchel_vault_set_pool (vault, room->pool);
  owner->salvage = satchel_evidence_salvage (vault, cancellable);
  room->vault = g_steal_pointer (&vault);
  return owner;
}

static gpointer
open_job (gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  Entry *entry = input;

  g_clear_pointer (&entry->room->vault, satchel_vault_close);
  g_autoptr (SatchelVault) vault =
      satchel_vault_open (entry->room->folder, entry->passphrase, error);
  if (vault == NULL || !satchel_journal_merge_at_open (vault, error))
    return NULL;
  return settle (entry->room, g_steal_pointer (&vault), cancellable, error);
}

static gpointer
create_job (gpointer input,
            SatchelProgressReport progress,
            GCancellable *cancellable,
            GError **error)
{
  Entry *entry = input;
  SatchelKdfCost cost = entry->cost.memory_mib != 0 ? entry->cost : satchel_kdf_calibrate ();
  g_autofree char *parent = g_path_get_dirname (entry->room->folder);

  /* Where it cannot be made, making the vault says so. */
  g_mkdir_with_parents (parent, 0700);
  g_autoptr (SatchelVault) vault = satchel_vault_create (
      entry->room->folder, entry->passphrase, entry->recovery_code, &cost, error);
  if (vault == NULL)
    return NULL;
  if (satchel_identity_create (vault, entry->name, entry->role, error))
    return settle (entry->room, g_steal_pointer (&vault), cancellable, error);
  /* A vault without an owner is none: the next try starts from nothing. */
  g_clear_pointer (&vault, satchel_vault_abandon);
  return NULL;
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SatchelSession *self = g_task_get_source_object (task);
  GError *error = NULL;
  Owner *owner = satchel_worker_finish (result, &error);

  g_autofree char *word = owner != NULL ? satchel_salvage_text_dup (owner->salvage) : NULL;
  if (GPOINTER_TO_UINT (g_task_get_task_data (task)) != self->entries) {
    g_clear_pointer (&owner, owner_free);
    g_clear_error (&error);
    /* A vault that was being made may not have become one. */
    if (self->state == SATCHEL_SESSION_LOCKED)
      set_state (self, closed_state (self));
    /* Told at the next unlocking: it was salvaged, and will not be found again. */
    if (word != NULL)
      satchel_session_put_word (self, satchel_salvage_text_get_heading (), word);
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "locked meanwhile");
    return;
  }
  if (owner == NULL) {
    set_state (self, closed_state (self));
    g_task_return_error (task, error);
    return;
  }
  g_free (self->name);
  self->name = g_steal_pointer (&owner->name);
  self->role = owner->role;
  owner_free (owner);
  set_state (self, SATCHEL_SESSION_OPEN);
  if (word != NULL)
    satchel_session_put_word (self, satchel_salvage_text_get_heading (), word);
  g_task_return_boolean (task, TRUE);
}

/* @entry is eaten. */
static void
enter (SatchelSession *self,
       SatchelWorkerRun run,
       Entry *entry,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  entry->room = room_ref (self->room);
  if (self->worker == NULL || self->state == SATCHEL_SESSION_OPEN ||
      self->state == SATCHEL_SESSION_OPENING) {
    entry_free (entry);
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "the vault is being opened");
    g_object_unref (task);
    return;
  }
  set_state (self, SATCHEL_SESSION_OPENING);
  g_task_set_task_data (task, GUINT_TO_POINTER (++self->entries), NULL);
  satchel_worker_push (self->worker,
                       &(SatchelWorkerJob){.run = run,
                                           .input = entry,
                                           .input_free = entry_free,
                                           .result_free = owner_free},
                       self, NULL, opened_cb, task);
}

void
satchel_session_open_async (SatchelSession *self,
                            SatchelSecret *passphrase,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->passphrase = satchel_secret_ref (passphrase);
  enter (self, open_job, entry, callback, user_data);
}

gboolean
satchel_session_open_finish (SatchelSession *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
satchel_session_create_async (SatchelSession *self,
                              const SatchelSessionOwner *owner,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->name = g_strdup (owner->name);
  entry->role = owner->role;
  entry->passphrase = satchel_secret_ref (owner->passphrase);
  if (owner->recovery_code != NULL)
    entry->recovery_code = satchel_secret_ref (owner->recovery_code);
  entry->cost = owner->cost;
  enter (self, create_job, entry, callback, user_data);
}

gboolean
satchel_session_create_finish (SatchelSession *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Jobs --- */

typedef struct {
  Room *room;
  SatchelSessionJob job;
} Work;

static void
work_free (gpointer data)
{
  Work *self = data;

  if (self->job.input != NULL && self->job.input_free != NULL)
    self->job.input_free (self->job.input);
  room_unref (self->room);
  g_free (self);
}

static gpointer
work_job (gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  Work *work = input;

  if (work->room->vault != NULL)
    return work->job.run (work->room->vault, work->job.input, progress, cancellable, error);
  g_set_error_literal (error, SATCHEL_SESSION_ERROR, SATCHEL_SESSION_ERROR_LOCKED,
                       "the vault is locked");
  return NULL;
}

static void
worked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const SatchelSessionJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  gpointer value = satchel_worker_finish (result, &error);

  /* What failed half-way, or was stopped, may have changed something all the same. */
  if (job->changes != SATCHEL_CHANGED_NOTHING &&
      !g_error_matches (error, SATCHEL_SESSION_ERROR, SATCHEL_SESSION_ERROR_LOCKED))
    g_signal_emit (source, signals[CHANGED], 0, job->changes);
  if (error != NULL) {
    g_task_return_error (task, error);
    return;
  }
  g_task_return_pointer (task, value, job->result_free);
}

void
satchel_session_run_async (SatchelSession *self,
                           const SatchelSessionJob *job,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Work *work = g_new0 (Work, 1);

  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, g_memdup2 (job, sizeof *job), g_free);
  work->room = room_ref (self->room);
  work->job = *job;
  if (self->state != SATCHEL_SESSION_OPEN) {
    work_free (work);
    g_task_return_new_error (task, SATCHEL_SESSION_ERROR, SATCHEL_SESSION_ERROR_LOCKED,
                             "the vault is locked");
    g_object_unref (task);
    return;
  }
  satchel_worker_push (self->worker,
                       &(SatchelWorkerJob){.run = work_job,
                                           .input = work,
                                           .input_free = work_free,
                                           .result_free = job->result_free,
                                           .progress = job->progress,
                                           .is_kept = job->is_kept},
                       self, cancellable, worked_cb, task);
}

gpointer
satchel_session_run_finish (SatchelSession *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
satchel_session_tell (SatchelSession *self, SatchelChanges changes)
{
  g_signal_emit (self, signals[CHANGED], 0, changes);
}

/* --- Locking and destroying --- */

static gpointer
close_job (gpointer input,
           SatchelProgressReport progress,
           GCancellable *cancellable,
           GError **error)
{
  Room *room = input;

  g_clear_pointer (&room->vault, satchel_vault_close);
  return NULL;
}

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SatchelSession *self = SATCHEL_SESSION (source);

  satchel_worker_finish (result, NULL);
  self->closings--;
  note_keys (self);
}

static void
leave (SatchelSession *self)
{
  self->entries++;
  g_clear_pointer (&self->name, g_free);
  self->role = SATCHEL_ROLE_REPORTER;
}

void
satchel_session_lock (SatchelSession *self)
{
  if (self->state != SATCHEL_SESSION_OPEN && self->state != SATCHEL_SESSION_OPENING)
    return;
  satchel_worker_interrupt (self->worker, FALSE);
  if (self->state == SATCHEL_SESSION_OPEN)
    g_signal_emit (self, signals[LOCKING], 0);
  satchel_worker_push (self->worker,
                       &(SatchelWorkerJob){.run = close_job,
                                           .input = room_ref (self->room),
                                           .input_free = room_unref,
                                           .is_kept = TRUE},
                       self, NULL, closed_cb, NULL);
  self->closings++;
  leave (self);
  set_state (self, SATCHEL_SESSION_LOCKED);
}

void
satchel_session_shut (SatchelSession *self)
{
  satchel_session_lock (self);
  g_clear_pointer (&self->worker, satchel_worker_free);
}

typedef struct {
  Room *room;
  gboolean all;
} Destruction;

static void
destruction_free (gpointer data)
{
  Destruction *self = data;

  room_unref (self->room);
  g_free (self);
}

/* Another vault can be made where it stood, and a newsroom's recovery still finds it. */
static void
set_aside (const char *folder)
{
  g_autofree char *id = satchel_random_id ();
  g_autofree char *aside = g_strdup_printf ("%s.old-%.8s", folder, id);
  g_autofree char *parent = g_path_get_dirname (folder);

  if (g_rename (folder, aside) == 0)
    satchel_folder_sync (parent, NULL);
}

/* The keys on disk go first: closing a store takes longer than a door. */
static gpointer
destroy_job (gpointer input,
             SatchelProgressReport progress,
             GCancellable *cancellable,
             GError **error)
{
  Destruction *destruction = input;
  g_autoptr (GError) card_fault = NULL;
  gboolean done = satchel_vault_wipe (destruction->room->folder, destruction->all,
                                      &card_fault, error);

  g_clear_pointer (&destruction->room->vault, satchel_vault_close);
  if (done)
    set_aside (destruction->room->folder);
  return GUINT_TO_POINTER (!done                ? SATCHEL_DESTROYED_NOT
                           : card_fault != NULL ? SATCHEL_DESTROYED_BUT_CARD
                                                : SATCHEL_DESTROYED);
}

static void
destroyed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SatchelSession *self = g_task_get_source_object (task);
  GError *error = NULL;
  guint done = GPOINTER_TO_UINT (satchel_worker_finish (result, &error));

  set_state (self, closed_state (self));
  if (done == SATCHEL_DESTROYED_NOT)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, done);
}

void
satchel_session_destroy_async (SatchelSession *self,
                               gboolean all,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Destruction *destruction = g_new0 (Destruction, 1);

  destruction->room = room_ref (self->room);
  destruction->all = all;
  satchel_worker_interrupt (self->worker, TRUE);
  leave (self);
  set_state (self, SATCHEL_SESSION_OPENING);
  satchel_worker_push (self->worker,
                       &(SatchelWorkerJob){.run = destroy_job,
                                           .input = destruction,
                                           .input_free = destruction_free,
                                           .is_kept = TRUE},
                       self, NULL, destroyed_cb, task);
}

SatchelDestroyed
satchel_session_destroy_finish (SatchelSession *self, GAsyncResult *result, GError **error)
{
  gssize done = g_task_propagate_int (G_TASK (result), error);

  return done > 0 ? (SatchelDestroyed) done : SATCHEL_DESTROYED_NOT;
}

/* --- The object --- */

SatchelSessionState
satchel_session_get_state (SatchelSession *self)
{
  return self->state;
}

gboolean
satchel_session_has_keys (SatchelSession *self)
{
  return self->has_keys;
}

const char *
satchel_session_get_folder (SatchelSession *self)
{
  return self->room->folder;
}

const char *
satchel_session_get_name (SatchelSession *self)
{
  return self->name;
}

SatchelRole
satchel_session_get_role (SatchelSession *self)
{
  return self->role;
}

static void
satchel_session_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_STATE)
    g_value_set_uint (value, SATCHEL_SESSION (object)->state);
  else if (id == PROP_HAS_KEYS)
    g_value_set_boolean (value, SATCHEL_SESSION (object)->has_keys);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

/* The worker is joined here: nothing of the vault is in memory when the last reference is gone. */
static void
satchel_session_dispose (GObject *object)
{
  SatchelSession *self = SATCHEL_SESSION (object);

  g_clear_pointer (&self->worker, satchel_worker_free);
  g_clear_pointer (&self->room, room_unref);
  g_clear_pointer (&self->name, g_free);
  g_queue_clear_full (&self->words, word_free);
  G_OBJECT_CLASS (satchel_session_parent_class)->dispose (object);
}

static void
satchel_session_class_init (SatchelSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = satchel_session_get_property;
  object_class->dispose = satchel_session_dispose;
  g_object_class_install_property (
      object_class, PROP_STATE,
      g_param_spec_uint ("state", NULL, NULL, 0, SATCHEL_SESSION_OPEN, 0,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY));
  g_object_class_install_property (
      object_class, PROP_HAS_KEYS,
      g_param_spec_boolean ("has-keys", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY));
  signals[CHANGED] = g_signal_new ("changed", SATCHEL_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[LOCKING] = g_signal_new ("locking", SATCHEL_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[WORD] = g_signal_new ("word", SATCHEL_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
satchel_session_init (SatchelSession *self)
{
  self->worker = satchel_worker_new ("vault");
}

SatchelSession *
satchel_session_new (const char *folder)
{
  SatchelSession *self = g_object_new (SATCHEL_TYPE_SESSION, NULL);

  self->room = g_new0 (Room, 1);
  g_atomic_ref_count_init (&self->room->references);
  self->room->folder = g_strdup (folder);
  self->room->pool = satchel_pool_new (g_get_num_processors ());
  self->state = closed_state (self);
  return self;
}
