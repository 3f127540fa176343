/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-pool-private.h"

struct _SatchelPool {
  GThreadPool *threads;
  guint count;
};

/* A helper thread may come to a task after everything is done, so it is counted, and @data is
 * touched only by who took an index below @count. */
struct _SatchelPoolTask {
  gatomicrefcount references;
  SatchelPoolWork work;
  gpointer data;
  guint count;
  guint next; /* atomic */
  GMutex lock;
  GCond all_done;
  guint done; /* under @lock */
};

static void
task_unref (SatchelPoolTask *task)
{
  if (!g_atomic_ref_count_dec (&task->references))
    return;
  g_mutex_clear (&task->lock);
  g_cond_clear (&task->all_done);
  g_free (task);
}

static void
take_part (SatchelPoolTask *task)
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
  SatchelPoolTask *task = data;

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

SatchelPoolTask *
satchel_pool_begin (SatchelPool *self, SatchelPoolWork work, gpointer data, guint count)
{
  SatchelPoolTask *task = g_new0 (SatchelPoolTask, 1);
  guint helpers = self != NULL ? MIN (self->count, count) : 0;

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
  return task;
}

void
satchel_pool_end (SatchelPoolTask *task)
{
  take_part (task);
  g_mutex_lock (&task->lock);
  while (task->done < task->count)
    g_cond_wait (&task->all_done, &task->lock);
  g_mutex_unlock (&task->lock);
  task_unref (task);
}

void
satchel_pool_run (SatchelPool *self, SatchelPoolWork work, gpointer data, guint count)
{
  if (self == NULL || count < 2) {
    for (guint i = 0; i < count; i++)
      work (data, i);
    return;
  }
  satchel_pool_end (satchel_pool_begin (self, work, data, count));
}

static void
lane_work (gpointer data, guint index)
{
  SatchelLane *self = data;

  self->work (self->data, self->stop);
}

void
satchel_lane_init (SatchelLane *self, SatchelPool *pool, SatchelLaneWork work, gpointer data)
{
  *self = (SatchelLane){.pool = pool, .work = work, .data = data, .stop = g_cancellable_new ()};
}

void
satchel_lane_begin (SatchelLane *self)
{
  g_assert (self->task == NULL);
  self->task = satchel_pool_begin (self->pool, lane_work, self, 1);
}

gboolean
satchel_lane_is_busy (const SatchelLane *self)
{
  return self->task != NULL;
}

static void
stop_cb (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

void
satchel_lane_await (SatchelLane *self, GCancellable *cancellable)
{
  if (self->task == NULL)
    return;
  gulong handler = cancellable != NULL ? g_cancellable_connect (cancellable, G_CALLBACK (stop_cb),
                                                                self->stop, NULL)
                                       : 0;
  satchel_pool_end (g_steal_pointer (&self->task));
  g_cancellable_disconnect (cancellable, handler);
  g_cancellable_reset (self->stop);
}

void
satchel_lane_clear (SatchelLane *self)
{
  if (self->stop == NULL)
    return;
  g_cancellable_cancel (self->stop);
  satchel_lane_await (self, NULL);
  g_clear_object (&self->stop);
}
