/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-card.h"
#include "vault/satchel-vault.h"
#include "worker/satchel-worker.h"

G_BEGIN_DECLS

/**
 * One vault's life in the app: no vault yet, locked, opening, open. The open vault belongs to one
 * worker thread; everything that reads or writes it is a job for that thread. The main loop's only.
 */
#define SATCHEL_TYPE_SESSION (satchel_session_get_type ())
G_DECLARE_FINAL_TYPE (SatchelSession, satchel_session, SATCHEL, SESSION, GObject)

typedef enum {
  SATCHEL_SESSION_EMPTY,   /* there is no vault in the folder */
  SATCHEL_SESSION_LOCKED,  /* no key in memory, or about to be none */
  SATCHEL_SESSION_OPENING, /* a passphrase is tried, or a vault made */
  SATCHEL_SESSION_OPEN,
} SatchelSessionState;

/** What a job has changed; told to every page, which loads anew what it shows. */
typedef enum {
  SATCHEL_CHANGED_NOTHING = 0,
  SATCHEL_CHANGED_RECORDS = 1 << 0,
  SATCHEL_CHANGED_DRAFTS = 1 << 1,
  SATCHEL_CHANGED_OUTBOX = 1 << 2, /* something was sealed, or taken back */
  SATCHEL_CHANGED_INBOX = 1 << 3,
  SATCHEL_CHANGED_PEOPLE = 1 << 4,
  SATCHEL_CHANGED_EVIDENCE = 1 << 5,
  SATCHEL_CHANGED_SENT = 1 << 6, /* what became of what was sealed */
  SATCHEL_CHANGED_SETTINGS = 1 << 7,
  SATCHEL_CHANGED_DESK = 1 << 8, /* how somebody works on what was received */
  SATCHEL_CHANGED_ALL = (1 << 9) - 1,
} SatchelChanges;

/** @vault belongs to the worker's thread, and is lent. As SatchelWorkerRun otherwise. */
typedef gpointer (*SatchelSessionRun) (SatchelVault *vault,
                                       gpointer input,
                                       SatchelProgressReport progress,
                                       GCancellable *cancellable,
                                       GError **error);

typedef struct {
  SatchelSessionRun run;
  gpointer input; /* given to the session */
  GDestroyNotify input_free;
  GDestroyNotify result_free;
  SatchelProgressReport progress; /* called in the main loop */
  SatchelChanges changes;         /* told also where it failed: it may have come half-way */
  gboolean is_kept;               /* short, and of somebody's words: a lock waits for it */
} SatchelSessionJob;

#define SATCHEL_SESSION_ERROR (satchel_session_error_quark ())
GQuark satchel_session_error_quark (void);
typedef enum {
  SATCHEL_SESSION_ERROR_LOCKED, /* the vault is not open: nothing was done */
} SatchelSessionError;

/**
 * Signals:
 *   "changed" (SatchelChanges): after a job that may have changed something, and only then.
 *   "locking": the vault is about to close; what is pushed in the handler still runs (drafts).
 *   "word": satchel_session_take_word() has one.
 * Property "state" notifies.
 */
SatchelSession *satchel_session_new (const char *folder);

SatchelSessionState satchel_session_get_state (SatchelSession *self);
const char *satchel_session_get_folder (SatchelSession *self);

/** Whether keys may be in memory: from the first try to open to the end of closing, which comes a
 *  moment after the state says LOCKED. Property "has-keys" notifies. */
gboolean satchel_session_has_keys (SatchelSession *self);

/** Whose vault it is: valid while open, else NULL and SATCHEL_ROLE_REPORTER. Borrowed. */
const char *satchel_session_get_name (SatchelSession *self);
SatchelRole satchel_session_get_role (SatchelSession *self);

/** Opens with a passphrase. Errors of satchel_vault_open(). @passphrase is referenced. */
void satchel_session_open_async (SatchelSession *self,
                                 SatchelSecret *passphrase,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean
satchel_session_open_finish (SatchelSession *self, GAsyncResult *result, GError **error);

/** What a new vault is made of. */
typedef struct {
  const char *name;
  SatchelRole role;
  SatchelSecret *passphrase;
  SatchelSecret *recovery_code; /* nullable */
  SatchelKdfCost cost;          /* {0, 0}: what suits this machine */
} SatchelSessionOwner;

/** Makes the vault with its owner's identity and leaves it open. */
void satchel_session_create_async (SatchelSession *self,
                                   const SatchelSessionOwner *owner,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean
satchel_session_create_finish (SatchelSession *self, GAsyncResult *result, GError **error);

/** Queues @job; @callback as for satchel_worker_push(). SATCHEL_SESSION_ERROR_LOCKED unless open.
 */
void satchel_session_run_async (SatchelSession *self,
                                const SatchelSessionJob *job,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gpointer
satchel_session_run_finish (SatchelSession *self, GAsyncResult *result, GError **error);

/** For a job that knows only afterwards what it has changed: emits "changed". */
void satchel_session_tell (SatchelSession *self, SatchelChanges changes);

/** Says something of what happened in the vault to whoever has it open: the window does it at once
 *  or, where the vault is locked, when it is unlocked. With a @heading (nullable) it is not said in
 *  passing. Where there is no vault it is dropped. */
void satchel_session_put_word (SatchelSession *self, const char *heading, const char *text);

/** The same of something that could not be saved: the program does not quit before it is said. */
void satchel_session_put_failure (SatchelSession *self, const char *heading, const char *text);

/** The first that waits; FALSE where there is none. Both the caller's; *@heading may be NULL. */
gboolean satchel_session_take_word (SatchelSession *self, char **heading, char **text);

/** Whether one with a heading waits. */
gboolean satchel_session_has_failure (SatchelSession *self);

/** Locks: stops the running job at its next chunk, drops those that wait (not the kept ones), lets
 *  pages save drafts, closes the vault and wipes its keys. At once LOCKED. */
void satchel_session_lock (SatchelSession *self);

/** Locks, and returns when all of that is done. For the program's end: nothing can be opened
 *  afterwards. */
void satchel_session_shut (SatchelSession *self);

/** Destroys the vault's keys for ever: no draft is saved, nothing can be opened again. What is left
 *  are files that nobody can read, put aside as FOLDER.old-RANDOM. EMPTY at the end (LOCKED where
 *  the folder cannot be moved) or, where it failed, told to @callback. @all takes the newsroom's
 *  recovery too. */
void satchel_session_destroy_async (SatchelSession *self,
                                    gboolean all,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
typedef enum {
  SATCHEL_DESTROYED_NOT, /* with an error */
  SATCHEL_DESTROYED,
  SATCHEL_DESTROYED_BUT_CARD, /* a press card that was left readable could not be removed */
} SatchelDestroyed;

SatchelDestroyed
satchel_session_destroy_finish (SatchelSession *self, GAsyncResult *result, GError **error);

G_END_DECLS
