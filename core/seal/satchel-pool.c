/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-pool-private.h"

struct _SatchelPool {
  GThreadPool *threads;
};

/* A thread may come to a lane after its owner has freed it, so lanes are counted, and @data is
 * touched only for a piece that is wanted. */
struct _SatchelLane {
  gatomicrefcount references;
  SatchelPool *pool; /* borrowed, nullable */
  SatchelLaneWork work;
  gpointer data;
  GCancellable *stop;

  GMutex lock;
  GCond changed;
  /* Under @lock. */
  guint64 wanted;
  guint64 done;
  gboolean ended;   /* @done is all there will be */
  gboolean called;  /* a thread of the pool is on its way */
  gboolean running; /* somebody does pieces */
};

static void
lane_unref (SatchelLane *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_object_unref (self->stop);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

static gboolean
has_work (const SatchelLane *self)
{
  return !self->ended && self->done < self->wanted;
}

/* With the lock held, which is let go during each piece; until @count are done. */
static void
run (SatchelLane *self, guint64 count)
{
  self->running = TRUE;
  while (has_work (self) && self->done < count) {
    guint64 number = self->done;
    g_mutex_unlock (&self->lock);
    gboolean goes_on = self->work (self->data, number, self->stop);
    g_mutex_lock (&self->lock);
    self->done++;
    self->ended = !goes_on;
    g_cond_broadcast (&self->changed);
  }
  self->running = FALSE;
  g_cond_broadcast (&self->changed);
}

static void
lane_job (gpointer data, gpointer user_data)
{
  SatchelLane *self = data;

  g_mutex_lock (&self->lock);
  self->called = FALSE;
  if (!self->running)
    run (self, G_MAXUINT64);
  g_mutex_unlock (&self->lock);
  lane_unref (self);
}

SatchelPool *
satchel_pool_new (guint threads)
{
  SatchelPool *self = g_new0 (SatchelPool, 1);

  g_return_val_if_fail (threads > 0, NULL);
  /* Not exclusive: threads are made when first needed and kept by GLib, and making one may fail,
   * which costs speed and nothing else, because who waits for work does it. */
  self->threads = g_thread_pool_new (lane_job, NULL, threads, FALSE, NULL);
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

SatchelLane *
satchel_lane_new (SatchelPool *pool, SatchelLaneWork work, gpointer data)
{
  SatchelLane *self = g_new0 (SatchelLane, 1);

  g_atomic_ref_count_init (&self->references);
  self->pool = pool;
  self->work = work;
  self->data = data;
  self->stop = g_cancellable_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  return self;
}

/* With the lock held. */
static void
call_thread (SatchelLane *self)
{
  if (self->pool == NULL || self->called || self->running || !has_work (self))
    return;
  self->called = TRUE;
  g_atomic_ref_count_inc (&self->references);
  g_thread_pool_push (self->pool->threads, self, NULL);
}

void
satchel_lane_want (SatchelLane *self, guint64 count)
{
  g_mutex_lock (&self->lock);
  self->wanted = MAX (self->wanted, count);
  call_thread (self);
  g_mutex_unlock (&self->lock);
}

static void
stop_cb (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

/* With the lock held: nothing is under way any more, and nothing will be. */
static void
rest (SatchelLane *self)
{
  self->wanted = self->done;
  while (self->running)
    g_cond_wait (&self->changed, &self->lock);
  self->wanted = self->done;
}

/* With the lock held. Pieces that nobody is doing are done here. */
static void
wait_for (SatchelLane *self, guint64 count)
{
  while (!self->ended && self->done < count) {
    if (self->running)
      g_cond_wait (&self->changed, &self->lock);
    else
      run (self, count);
  }
}

gboolean
satchel_lane_await (SatchelLane *self, guint64 count, GCancellable *cancellable)
{
  gulong handler = 0;

  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (stop_cb), self->stop, NULL);
  g_mutex_lock (&self->lock);
  self->wanted = MAX (self->wanted, count);
  wait_for (self, count);
  gboolean is_done = self->done >= count;
  if (!g_cancellable_is_cancelled (self->stop))
    call_thread (self);
  g_mutex_unlock (&self->lock);
  g_cancellable_disconnect (cancellable, handler);
  if (!g_cancellable_is_cancelled (self->stop))
    return is_done;
  g_mutex_lock (&self->lock);
  rest (self);
  g_mutex_unlock (&self->lock);
  g_cancellable_reset (self->stop);
  return is_done;
}

void
satchel_lane_rewind (SatchelLane *self)
{
  g_mutex_lock (&self->lock);
  rest (self);
  self->wanted = 0;
  self->done = 0;
  self->ended = FALSE;
  g_mutex_unlock (&self->lock);
}

void
satchel_lane_free (SatchelLane *self)
{
  if (self == NULL)
    return;
  g_cancellable_cancel (self->stop);
  satchel_lane_rewind (self);
  lane_unref (self);
}
