/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lock/satchel-idle.h"

static gint64 fake_now_us;
static guint times_over;

static gint64
fake_clock (void)
{
  return fake_now_us;
}

static void
over_cb (gpointer user_data)
{
  times_over++;
}

static gboolean
wake_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Lets the main loop run for so long. */
static void
run_for (guint ms)
{
  gboolean is_done = FALSE;

  g_timeout_add (ms, wake_cb, &is_done);
  while (!is_done)
    g_main_context_iteration (NULL, TRUE);
}

static void
set_up (void)
{
  times_over = 0;
  fake_now_us = 1000 * G_USEC_PER_SEC;
}

static void
test_over (void)
{
  set_up ();
  g_autoptr (SatchelIdle) idle = satchel_idle_new (satchel_idle_boot_clock, 20, over_cb, NULL);
  gint64 begin_us = satchel_idle_boot_clock ();

  run_for (60);
  g_assert_cmpuint (times_over, ==, 0);
  satchel_idle_start (idle);
  while (times_over == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (satchel_idle_boot_clock () - begin_us, >=, 80 * 1000);
  /* Once, and then not before it is started again. */
  run_for (60);
  g_assert_cmpuint (times_over, ==, 1);
  satchel_idle_start (idle);
  run_for (60);
  g_assert_cmpuint (times_over, ==, 2);
}

/* What the timer says is looked at on the clock: it moves only when the test says so. */
static void
test_touched (void)
{
  set_up ();
  g_autoptr (SatchelIdle) idle = satchel_idle_new (fake_clock, 20, over_cb, NULL);

  satchel_idle_start (idle);
  fake_now_us += 19 * 1000;
  satchel_idle_touch (idle);
  fake_now_us += 19 * 1000;
  run_for (60);
  g_assert_cmpuint (times_over, ==, 0);
  fake_now_us += 1000;
  run_for (60);
  g_assert_cmpuint (times_over, ==, 1);
}

static void
test_stopped (void)
{
  set_up ();
  g_autoptr (SatchelIdle) idle = satchel_idle_new (satchel_idle_boot_clock, 20, over_cb, NULL);

  satchel_idle_start (idle);
  satchel_idle_stop (idle);
  run_for (60);
  g_assert_cmpuint (times_over, ==, 0);
}

/* A clock that has moved on, as after a suspension, is noticed at the first look. */
static void
test_limit (void)
{
  set_up ();
  g_autoptr (SatchelIdle) idle = satchel_idle_new (fake_clock, 5 * 60 * 1000, over_cb, NULL);

  satchel_idle_set_limit (idle, 10 * 60 * 1000);
  satchel_idle_start (idle);
  fake_now_us += 6 * 60 * G_USEC_PER_SEC;
  satchel_idle_set_limit (idle, 7 * 60 * 1000);
  g_assert_cmpuint (times_over, ==, 0);
  satchel_idle_set_limit (idle, 5 * 60 * 1000);
  g_assert_cmpuint (times_over, ==, 1);
  satchel_idle_set_limit (idle, 60 * 1000);
  g_assert_cmpuint (times_over, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/idle/over", test_over);
  g_test_add_func ("/idle/touched", test_touched);
  g_test_add_func ("/idle/stopped", test_stopped);
  g_test_add_func ("/idle/limit", test_limit);
  return g_test_run ();
}
