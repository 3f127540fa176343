/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-pool-private.h"

struct _SatchelPool {
  GThreadPool *threads;
  guint count;
};

/* One call of satchel_pool_run(). A helper thread may come to it after everything is done, so it is
 * counted, and @data is touched only by who took an index below @count. */
typedef struct {
  gatomicrefcount references;
  SatchelPoolWork work;
  gpointer data;
  guint count;
  guint next; /* atomic */
  GMutex lock;
  GCond all_done;
  guint done; /* under @lock */
} Task;

static void
task_unref (Task *task)
{
  if (!g_atomic_ref_count_dec (&task->references))
    return;
  g_mutex_clear (&task->lock);
  g_cond_clear (&task->all_done);
  g_free (task);
}

static void
take_part (Task *task)
{
  guint own = 0;
  guint index;

  while ((index = g_atomic_int_add (&task->next, 1)) < task->count) {
    task->work (task->data, index);
    own++;
  }
  if (own == 0)
    return;
  g_mutex_lock (&task->lock);
  task->done += own;
  if (task->done == task->count)
    g_cond_signal (&task->all_done);
  g_mutex_unlock (&task->lock);
}

static void
help_job (gpointer data, gpointer user_data)
{
  Task *task = data;

  take_part (task);
  task_unref (task);
}

SatchelPool *
satchel_pool_new (guint threads)
{
  SatchelPool *self = g_new0 (SatchelPool, 1);

  g_return_val_if_fail (threads > 0, NULL);
  self->count = threads;
  /* Not exclusive: threads are made when first needed and kept by GLib, and making one may fail,
   * which costs speed and nothing else, because the caller does its own part. */
  self->threads = g_thread_pool_new (help_job, NULL, threads, FALSE, NULL);
  return self;
}

void
satchel_pool_free (SatchelPool *self)
{
  if (self == NULL)
    return;
  g_thread_pool_free (self->threads, FALSE, TRUE);
  g_free (self);
}

void
satchel_pool_run (SatchelPool *self, SatchelPoolWork work, gpointer data, guint count)
{
  if (self == NULL || count < 2) {
    for (guint i = 0; i < count; i++)
      work (data, i);
    return;
  }
  Task *task = g_new0 (Task, 1);
  guint helpers = MIN (self->count, count - 1);

  task->work = work;
  task->data = data;
  task->count = count;
  g_mutex_init (&task->lock);
  g_cond_init (&task->all_done);
  g_atomic_ref_count_init (&task->references);
  for (guint i = 0; i < helpers; i++) {
    g_atomic_ref_count_inc (&task->references);
    g_thread_pool_push (self->threads, task, NULL);
  }
  take_part (task);
  g_mutex_lock (&task->lock);
  while (task->done < task->count)
    g_cond_wait (&task->all_done, &task->lock);
  g_mutex_unlock (&task->lock);
  task_unref (task);
}
