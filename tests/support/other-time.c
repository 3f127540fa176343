/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Loaded before a program (LD_PRELOAD), sets its wall clock SATCHEL_CLOCK_SHIFT seconds ahead (or
 * behind), so that tests of whole programs need not wait for tokens and certificates to expire. The
 * monotonic clock stays. */
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t
shift (void)
{
  const char *text = getenv ("SATCHEL_CLOCK_SHIFT");

  return text != NULL ? (time_t) strtoll (text, NULL, 10) : 0;
}

int
clock_gettime (clockid_t clock, struct timespec *now)
{
  int result = (int) syscall (SYS_clock_gettime, clock, now);

  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
    now->tv_sec += shift ();
  return result;
}

int
gettimeofday (struct timeval *restrict now, void *restrict zone)
{
  struct timespec precise;

  clock_gettime (CLOCK_REALTIME, &precise);
  now->tv_sec = precise.tv_sec;
  now->tv_usec = precise.tv_nsec / 1000;
  return 0;
}

time_t
time (time_t *out)
{
  struct timespec precise;

  clock_gettime (CLOCK_REALTIME, &precise);
  if (out != NULL)
    *out = precise.tv_sec;
  return precise.tv_sec;
}
