/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lock/satchel-idle.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

struct _SatchelIdle {
  SatchelClock clock;
  gint64 limit_us;
  SatchelIdleOver over;
  gpointer user_data;

  gint64 touched_us; /* on @clock */
  gboolean is_counting;
  int timer_fd; /* a timer of GLib's stands still while the machine is suspended */
  guint source;
};

gint64
satchel_idle_boot_clock (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* @left_us 0: never. */
static void
set_timer (SatchelIdle *self, gint64 left_us)
{
  const struct itimerspec when = {
      .it_value = {left_us / G_USEC_PER_SEC, left_us % G_USEC_PER_SEC * 1000}};

  timerfd_settime (self->timer_fd, 0, &when, NULL);
}

/* Touching leaves the timer alone: it is set anew where it ends too early. */
static void
look (SatchelIdle *self)
{
  gint64 left_us = self->touched_us + self->limit_us - self->clock ();

  if (!self->is_counting)
    return;
  if (left_us > 0) {
    set_timer (self, left_us);
    return;
  }
  satchel_idle_stop (self);
  self->over (self->user_data);
}

static gboolean
timer_cb (int fd, GIOCondition condition, gpointer user_data)
{
  guint64 times;

  if (read (fd, &times, sizeof times) == sizeof times)
    look (user_data);
  return G_SOURCE_CONTINUE;
}

SatchelIdle *
satchel_idle_new (SatchelClock clock, guint64 limit_ms, SatchelIdleOver over, gpointer user_data)
{
  SatchelIdle *self = g_new0 (SatchelIdle, 1);

  self->clock = clock;
  self->limit_us = (gint64) limit_ms * 1000;
  self->over = over;
  self->user_data = user_data;
  self->timer_fd = timerfd_create (CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  /* Going on would leave vaults open for ever. */
  if (self->timer_fd < 0)
    g_error ("no timer: %s", g_strerror (errno));
  self->source = g_unix_fd_add (self->timer_fd, G_IO_IN, timer_cb, self);
  return self;
}

void
satchel_idle_set_limit (SatchelIdle *self, guint64 limit_ms)
{
  self->limit_us = (gint64) limit_ms * 1000;
  look (self);
}

void
satchel_idle_start (SatchelIdle *self)
{
  self->is_counting = TRUE;
  satchel_idle_touch (self);
  look (self);
}

void
satchel_idle_stop (SatchelIdle *self)
{
  self->is_counting = FALSE;
  set_timer (self, 0);
}

void
satchel_idle_touch (SatchelIdle *self)
{
  self->touched_us = self->clock ();
}

void
satchel_idle_free (SatchelIdle *self)
{
  if (self == NULL)
    return;
  g_source_remove (self->source);
  close (self->timer_fd);
  g_free (self);
}
