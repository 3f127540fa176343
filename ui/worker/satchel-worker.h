/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/satchel-sink.h"

G_BEGIN_DECLS

/**
 * A thread with a queue: the only kind of thread that the app starts itself. Jobs run one after
 * another, in the order they were pushed; results come back in the main loop. A job owns its input
 * and touches no widget. What a job has done counts, even where it was cancelled just afterwards:
 * its result is then delivered, not an error.
 */
typedef struct _SatchelWorker SatchelWorker;

/** Runs in the worker's thread; gives a result or sets @error. Long work looks at @cancellable at
 *  every chunk and tells @progress. */
typedef gpointer (*SatchelWorkerRun) (gpointer input,
                                      SatchelProgressReport progress,
                                      GCancellable *cancellable,
                                      GError **error);

typedef struct {
  SatchelWorkerRun run;
  gpointer input; /* given to the worker */
  GDestroyNotify input_free;
  GDestroyNotify result_free;
  SatchelProgressReport progress; /* called in the main loop, the latest state only */
  gboolean is_kept;               /* short, and of somebody's words: no interruption drops it */
} SatchelWorkerJob;

/** @name: of the thread, for debuggers. */
SatchelWorker *satchel_worker_new (const char *name);

/** Queues @job. @callback (nullable) is called in the main loop, exactly once: also where the
 *  thread could not be started, or the worker was stopped (G_IO_ERROR_CANCELLED). @source is handed
 *  to it. */
void satchel_worker_push (SatchelWorker *self,
                          const SatchelWorkerJob *job,
                          gpointer source,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);

/** What the job gave, the caller's; NULL with @error. */
gpointer satchel_worker_finish (GAsyncResult *result, GError **error);

/** Cancels the running job and answers all that wait with G_IO_ERROR_CANCELLED; kept jobs run all
 *  the same, unless @with_kept. What is pushed afterwards runs as ever. */
void satchel_worker_interrupt (SatchelWorker *self, gboolean with_kept);

/** Interrupts, lets the running job and the kept ones end, joins the thread and frees. NULL-safe.
 */
void satchel_worker_free (SatchelWorker *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelWorker, satchel_worker_free)

G_END_DECLS
