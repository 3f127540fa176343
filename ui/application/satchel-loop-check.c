/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <stdio.h>
#include <time.h>

#include "application/satchel-loop-check.h"

#define LIMIT_MS 50.0

/* When the present turn began; 0 before the first. */
static double turn_wall_ms;
static double turn_work_ms;

static double
read_ms (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

/* A turn is what happens between two waits for events. */
static int
poll_between_turns (GPollFD *fds, guint count, int timeout_ms)
{
  double wall_ms = read_ms (CLOCK_MONOTONIC) - turn_wall_ms;

  if (turn_wall_ms > 0 && wall_ms > LIMIT_MS)
    fprintf (stderr, "satchel: the main loop was held up for %.0f ms, %.0f of them work\n", wall_ms,
             read_ms (CLOCK_THREAD_CPUTIME_ID) - turn_work_ms);
  int ready = g_poll (fds, count, timeout_ms);
  turn_wall_ms = read_ms (CLOCK_MONOTONIC);
  turn_work_ms = read_ms (CLOCK_THREAD_CPUTIME_ID);
  return ready;
}

void
satchel_loop_check_start (void)
{
  g_main_context_set_poll_func (NULL, poll_between_turns);
}
