/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/satchel-worker.h"

struct _SatchelWorker {
  GThread *thread;
  GError *error; /* why there is no thread */
  GMutex lock;
  GCond pushed;
  GQueue queue;         /* of GTask, owned; under @lock */
  GTask *running;       /* borrowed; under @lock */
  gboolean is_stopping; /* under @lock */
};

/* The data of a job's task. */
typedef struct {
  gatomicrefcount references; /* the task's, and a waiting report's */
  SatchelWorkerJob job;
  GCancellable *stop; /* its own, so that an interruption cancels nobody else's work */
  GMutex lock;
  guint64 done; /* under @lock, as the rest */
  guint64 total;
  gboolean is_reporting; /* a report waits in the main loop */
  gboolean is_over;      /* the result was delivered: no report comes after it */
} Work;

static Work *
work_new (const SatchelWorkerJob *job)
{
  Work *self = g_new0 (Work, 1);

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->lock);
  self->job = *job;
  self->stop = g_cancellable_new ();
  return self;
}

static void
work_unref (gpointer data)
{
  Work *self = data;

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_mutex_clear (&self->lock);
  g_object_unref (self->stop);
  g_free (self);
}

/* The task may live on with whoever holds its result; the input does not. */
static void
work_clear_input (Work *self)
{
  if (self->job.input != NULL && self->job.input_free != NULL)
    self->job.input_free (self->job.input);
  self->job.input = NULL;
}

static gboolean
report_cb (gpointer user_data)
{
  Work *work = user_data;

  g_mutex_lock (&work->lock);
  guint64 done = work->done;
  guint64 total = work->total;
  gboolean is_over = work->is_over;
  work->is_reporting = FALSE;
  g_mutex_unlock (&work->lock);
  if (!is_over)
    work->job.progress.report (done, total, work->job.progress.user_data);
  return G_SOURCE_REMOVE;
}

/* Called at every chunk, in the worker's thread. */
static void
note_progress (guint64 done, guint64 total, gpointer user_data)
{
  Work *work = user_data;

  g_mutex_lock (&work->lock);
  gboolean is_first = !work->is_reporting;
  work->done = done;
  work->total = total;
  work->is_reporting = TRUE;
  g_mutex_unlock (&work->lock);
  if (!is_first)
    return;
  g_atomic_ref_count_inc (&work->references);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, report_cb, work, work_unref);
}

static void
stop_cb (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
answer_cancelled (GTask *task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the work was stopped");
}

static void
run_task (GTask *task)
{
  Work *work = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  SatchelProgressReport progress = {0};
  GError *error = NULL;

  if (work->job.progress.report != NULL)
    progress = (SatchelProgressReport){note_progress, work};
  gulong handler = cancellable != NULL ? g_cancellable_connect (cancellable, G_CALLBACK (stop_cb),
                                                                work->stop, NULL)
                                       : 0;
  gpointer result = NULL;
  if (!g_cancellable_set_error_if_cancelled (work->stop, &error))
    result = work->job.run (work->job.input, progress, work->stop, &error);
  g_cancellable_disconnect (cancellable, handler);
  work_clear_input (work);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, result, work->job.result_free);
}

static GTask *
take_next (SatchelWorker *self)
{
  GTask *task;

  g_mutex_lock (&self->lock);
  while ((task = g_queue_pop_head (&self->queue)) == NULL && !self->is_stopping)
    g_cond_wait (&self->pushed, &self->lock);
  self->running = task;
  g_mutex_unlock (&self->lock);
  return task;
}

static void
forget_running (SatchelWorker *self)
{
  g_mutex_lock (&self->lock);
  self->running = NULL;
  g_mutex_unlock (&self->lock);
}

static gpointer
worker_job (gpointer data)
{
  SatchelWorker *self = data;
  GTask *task;

  while ((task = take_next (self)) != NULL) {
    run_task (task);
    forget_running (self);
    g_object_unref (task);
  }
  return NULL;
}

SatchelWorker *
satchel_worker_new (const char *name)
{
  SatchelWorker *self = g_new0 (SatchelWorker, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->pushed);
  g_queue_init (&self->queue);
  self->thread = g_thread_try_new (name, worker_job, self, &self->error);
  return self;
}

void
satchel_worker_push (SatchelWorker *self,
                     const SatchelWorkerJob *job,
                     gpointer source,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);
  Work *work = work_new (job);

  g_task_set_source_tag (task, satchel_worker_push);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, work, work_unref);
  g_mutex_lock (&self->lock);
  gboolean is_refused = self->thread == NULL || self->is_stopping;
  if (!is_refused) {
    g_queue_push_tail (&self->queue, g_object_ref (task));
    g_cond_signal (&self->pushed);
  }
  g_mutex_unlock (&self->lock);
  if (!is_refused)
    return;
  work_clear_input (work);
  if (self->error != NULL)
    g_task_return_error (task, g_error_copy (self->error));
  else
    answer_cancelled (task);
}

gpointer
satchel_worker_finish (GAsyncResult *result, GError **error)
{
  Work *work = g_task_get_task_data (G_TASK (result));

  g_mutex_lock (&work->lock);
  work->is_over = TRUE;
  g_mutex_unlock (&work->lock);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
is_kept (GTask *task)
{
  const Work *work = g_task_get_task_data (task);

  return work->job.is_kept;
}

/* Takes what an interruption drops out of the queue. Under the lock. */
static GPtrArray *
take_dropped (SatchelWorker *self, gboolean with_kept)
{
  GPtrArray *dropped = g_ptr_array_new_with_free_func (g_object_unref);
  guint waiting = g_queue_get_length (&self->queue);

  for (guint i = 0; i < waiting; i++) {
    GTask *task = g_queue_pop_head (&self->queue);
    if (is_kept (task) && !with_kept)
      g_queue_push_tail (&self->queue, task);
    else
      g_ptr_array_add (dropped, task);
  }
  return dropped;
}

void
satchel_worker_interrupt (SatchelWorker *self, gboolean with_kept)
{
  g_autoptr (GPtrArray) dropped = NULL;
  g_autoptr (GCancellable) stop = NULL;

  g_mutex_lock (&self->lock);
  dropped = take_dropped (self, with_kept);
  if (self->running != NULL && (with_kept || !is_kept (self->running))) {
    Work *work = g_task_get_task_data (self->running);
    stop = g_object_ref (work->stop);
  }
  g_mutex_unlock (&self->lock);
  if (stop != NULL)
    g_cancellable_cancel (stop);
  for (guint i = 0; i < dropped->len; i++) {
    work_clear_input (g_task_get_task_data (dropped->pdata[i]));
    answer_cancelled (dropped->pdata[i]);
  }
}

void
satchel_worker_free (SatchelWorker *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->lock);
  self->is_stopping = TRUE;
  g_cond_signal (&self->pushed);
  g_mutex_unlock (&self->lock);
  satchel_worker_interrupt (self, FALSE);
  if (self->thread != NULL)
    g_thread_join (self->thread);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->pushed);
  g_clear_error (&self->error);
  g_free (self);
}
