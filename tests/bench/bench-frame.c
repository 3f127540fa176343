/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-frame SETTLE_MS PROGRAM ARGUMENT...: starts a program on $DISPLAY, and prints when its
 * first window had something drawn in it, and what it holds in memory SETTLE_MS later, as one JSON
 * object; then ends it. Drawn: the window was damaged, and its upper half is not of one colour. */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/Xdamage.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WAIT_MS     20000
#define LEAST_WIDTH 200 /* smaller ones are not the program's window */

static Display *display;

static double
now_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static int
ignore (Display *where, XErrorEvent *event)
{
  return 0;
}

static bool
is_drawn (Window window)
{
  XWindowAttributes facts;

  if (XGetWindowAttributes (display, window, &facts) == 0 || facts.width < LEAST_WIDTH)
    return false;
  XImage *image =
      XGetImage (display, window, 0, 0, facts.width, facts.height / 2, AllPlanes, ZPixmap);
  if (image == NULL)
    return false;
  /* The borders may be a shadow's, whatever is drawn inside. */
  int left = facts.width / 4;
  unsigned long first = XGetPixel (image, left, 4);
  bool found = false;
  for (int y = 4; y < image->height && !found; y++)
    for (int x = left; x < image->width - left && !found; x++)
      found = XGetPixel (image, x, y) != first;
  XDestroyImage (image);
  return found;
}

static bool
take_event (int damage_base, Window *window)
{
  XEvent event;

  XNextEvent (display, &event);
  if (event.type == MapNotify && !event.xmap.override_redirect) {
    XDamageCreate (display, event.xmap.window, XDamageReportRawRectangles);
    *window = event.xmap.window;
  }
  return event.type == damage_base + XDamageNotify || event.type == MapNotify;
}

/* Milliseconds since @begun; negative where nothing came. */
static double
wait_for_frame (double begun, int damage_base)
{
  Window window = None;

  while (now_ms () - begun < WAIT_MS) {
    struct pollfd ready = {.fd = ConnectionNumber (display), .events = POLLIN};
    bool is_damaged = false;
    while (XPending (display) > 0)
      is_damaged = take_event (damage_base, &window) || is_damaged;
    if (is_damaged && window != None && is_drawn (window))
      return now_ms () - begun;
    if (XPending (display) == 0)
      poll (&ready, 1, 100);
  }
  return -1;
}

static long
read_memory_kib (pid_t child)
{
  char path[64], line[256];
  long found = -1;

  snprintf (path, sizeof path, "/proc/%d/status", (int) child);
  FILE *status = fopen (path, "r");
  while (status != NULL && fgets (line, sizeof line, status) != NULL)
    if (sscanf (line, "VmRSS: %ld", &found) == 1)
      break;
  if (status != NULL)
    fclose (status);
  return found;
}

int
main (int argc, char **argv)
{
  int damage_base = 0;
  int damage_error = 0;

  display = XOpenDisplay (NULL);
  if (argc < 3 || display == NULL ||
      !XDamageQueryExtension (display, &damage_base, &damage_error)) {
    fprintf (stderr, "bench-frame: no program, or no display with the Damage extension\n");
    return 125;
  }
  XSetErrorHandler (ignore);
  XSelectInput (display, DefaultRootWindow (display), SubstructureNotifyMask);
  XSync (display, False);

  double begun = now_ms ();
  pid_t child = fork ();
  if (child == 0) {
    dup2 (STDERR_FILENO, STDOUT_FILENO);
    execvp (argv[2], argv + 2);
    _exit (127);
  }
  double took = wait_for_frame (begun, damage_base);
  struct timespec settle = {.tv_sec = atol (argv[1]) / 1000,
                            .tv_nsec = atol (argv[1]) % 1000 * 1000000};
  nanosleep (&settle, NULL);
  long memory = read_memory_kib (child);
  kill (child, SIGTERM);
  waitpid (child, NULL, 0);
  if (took < 0 || memory < 0) {
    fprintf (stderr, "bench-frame: %s showed nothing\n", argv[2]);
    return 1;
  }
  printf ("{\"frame_ms\": %.1f, \"memory_kib\": %ld}\n", took, memory);
  return 0;
}
