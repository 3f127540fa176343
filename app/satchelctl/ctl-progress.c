/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Short work needs no bar: it appears after this long, and is drawn ten times a second. */
#define APPEARS_AFTER_US  G_USEC_PER_SEC
#define DRAWN_EVERY_US    (G_USEC_PER_SEC / 10)
#define BAR_WIDTH_LARGEST 40

static struct {
  const char *doing;
  gint64 started_us;
  gint64 drawn_us;
  gboolean visible;
} bar;

static guint
terminal_columns (void)
{
  struct winsize size = {0};

  return ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

static void
draw (guint64 done_bytes, guint64 total_bytes)
{
  g_autofree char *done = ctl_format_size (done_bytes);
  gdouble part = total_bytes > 0 ? MIN (1.0, (gdouble) done_bytes / total_bytes) : 0;
  guint width = MIN (BAR_WIDTH_LARGEST, terminal_columns () / 3);
  guint filled = (guint) (part * width);

  fprintf (stderr, "\r\033[K%s ", bar.doing);
  if (total_bytes > 0) {
    fputc ('[', stderr);
    for (guint i = 0; i < width; i++)
      fputc (i < filled ? '#' : ' ', stderr);
    fprintf (stderr, "] %3d %% ", (int) (part * 100));
  }
  fputs (done, stderr);
  fflush (stderr);
}

static void
report_cb (guint64 done_bytes, guint64 total_bytes, gpointer user_data)
{
  gint64 now = g_get_monotonic_time ();

  if (now - bar.started_us < APPEARS_AFTER_US || now - bar.drawn_us < DRAWN_EVERY_US)
    return;
  bar.drawn_us = now;
  bar.visible = TRUE;
  draw (done_bytes, total_bytes);
}

SatchelProgressReport
ctl_progress (Ctl *ctl, const char *doing)
{
  if (ctl->quiet || !isatty (STDERR_FILENO))
    return (SatchelProgressReport){NULL, NULL};
  ctl_progress_end (ctl);
  bar.doing = doing;
  bar.started_us = g_get_monotonic_time ();
  bar.drawn_us = 0;
  return (SatchelProgressReport){report_cb, NULL};
}

void
ctl_progress_end (Ctl *ctl)
{
  if (bar.visible)
    fputs ("\r\033[K", stderr);
  bar.visible = FALSE;
}
