/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-pool-private.h"

/* Longer than a thread needs to come. */
#define PATIENCE_US (300 * G_TIME_SPAN_MILLISECOND)

typedef struct {
  SatchelPool *pool;
  GMutex lock;
  GCond changed;
  guint begun;       /* under @lock: pieces of the lane that is tested */
  gboolean is_free;  /* under @lock: the pool's only thread may leave what keeps it busy */
  gboolean has_come; /* under @lock: it was at the lane and found it running */
  GCancellable *cancellable;
  GThread *canceller;
} Scene;

static gboolean
wait_until (Scene *self, gboolean *flag)
{
  gint64 end_us = g_get_monotonic_time () + PATIENCE_US * 20;

  while (!*flag)
    if (!g_cond_wait_until (&self->changed, &self->lock, end_us))
      return FALSE;
  return TRUE;
}

static void
raise_flag (Scene *self, gboolean *flag)
{
  g_mutex_lock (&self->lock);
  *flag = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static gboolean
keep_busy (gpointer data, guint64 number, GCancellable *stop)
{
  Scene *self = data;

  g_mutex_lock (&self->lock);
  g_assert_true (wait_until (self, &self->is_free));
  g_mutex_unlock (&self->lock);
  return FALSE;
}

static gboolean
tell_come (gpointer data, guint64 number, GCancellable *stop)
{
  Scene *self = data;

  raise_flag (self, &self->has_come);
  return FALSE;
}

/* Holds up whoever takes its handler off the cancellable, so that a thread that was called comes
 * first. */
static void
linger_cb (GCancellable *cancellable, gpointer user_data)
{
  Scene *self = user_data;
  gint64 end_us = g_get_monotonic_time () + PATIENCE_US;

  g_mutex_lock (&self->lock);
  while (self->begun < 2 && g_cond_wait_until (&self->changed, &self->lock, end_us))
    ;
  g_mutex_unlock (&self->lock);
}

static gpointer
cancel_thread (gpointer data)
{
  g_cancellable_cancel (data);
  return NULL;
}

/* The first piece is done by who waits; while it is, the thread comes and goes, and all is
 * cancelled. */
static gboolean
first_piece (gpointer data, guint64 number, GCancellable *stop)
{
  Scene *self = data;
  SatchelLane *behind;

  g_mutex_lock (&self->lock);
  self->begun++;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  if (number > 0)
    return TRUE;
  behind = satchel_lane_new (self->pool, tell_come, self);
  satchel_lane_want (behind, 1);
  raise_flag (self, &self->is_free);
  g_mutex_lock (&self->lock);
  g_assert_true (wait_until (self, &self->has_come));
  g_mutex_unlock (&self->lock);
  satchel_lane_free (behind);
  g_cancellable_connect (self->cancellable, G_CALLBACK (linger_cb), self, NULL);
  self->canceller = g_thread_new ("canceller", cancel_thread, self->cancellable);
  while (!g_cancellable_is_cancelled (stop))
    g_usleep (1000);
  return TRUE;
}

/* Once all was cancelled, no thread is called for another piece. */
static void
test_cancelled (void)
{
  Scene scene = {.pool = satchel_pool_new (1), .cancellable = g_cancellable_new ()};
  SatchelLane *busy = satchel_lane_new (scene.pool, keep_busy, &scene);
  SatchelLane *lane = satchel_lane_new (scene.pool, first_piece, &scene);

  g_mutex_init (&scene.lock);
  g_cond_init (&scene.changed);
  satchel_lane_want (busy, 1);
  satchel_lane_want (lane, 3);
  g_assert_true (satchel_lane_await (lane, 1, scene.cancellable));
  g_thread_join (scene.canceller);
  g_assert_cmpuint (scene.begun, ==, 1);
  /* The next call goes on. */
  g_assert_true (satchel_lane_await (lane, 3, NULL));
  g_assert_cmpuint (scene.begun, ==, 3);
  satchel_lane_free (lane);
  satchel_lane_free (busy);
  satchel_pool_free (scene.pool);
  g_object_unref (scene.cancellable);
  g_mutex_clear (&scene.lock);
  g_cond_clear (&scene.changed);
}

static gboolean
add_number (gpointer data, guint64 number, GCancellable *stop)
{
  GArray *numbers = data;

  g_array_append_val (numbers, number);
  return number < 4;
}

/* In order, each once, no further than the last, with threads and without. */
static void
test_order (gconstpointer data)
{
  SatchelPool *pool = data != NULL ? satchel_pool_new (2) : NULL;
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  SatchelLane *lane = satchel_lane_new (pool, add_number, numbers);

  satchel_lane_want (lane, 2);
  g_assert_true (satchel_lane_await (lane, 1, NULL));
  g_assert_true (satchel_lane_await (lane, 5, NULL));
  g_assert_false (satchel_lane_await (lane, 6, NULL));
  g_assert_cmpuint (numbers->len, ==, 5);
  satchel_lane_rewind (lane);
  g_assert_true (satchel_lane_await (lane, 1, NULL));
  satchel_lane_free (lane);
  g_assert_cmpuint (numbers->len, ==, 6);
  for (guint i = 0; i < numbers->len; i++)
    g_assert_cmpuint (g_array_index (numbers, guint64, i), ==, i % 5);
  satchel_pool_free (pool);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool/cancelled", test_cancelled);
  g_test_add_data_func ("/pool/order", NULL, test_order);
  g_test_add_data_func ("/pool/order-threads", "threads", test_order);
  return g_test_run ();
}
