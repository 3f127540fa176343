/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-run REPORT PROGRAM ARGUMENT...: runs a program, and writes how long it took and the most
 * memory it (or a child it waited for) held. A child begins with its parent's mark of highest
 * memory; so the parent must be small, which the interpreter that runs the rows is not. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int
main (int argc, char **argv)
{
  struct timespec begun;
  struct timespec ended;
  struct rusage usage;
  int status = 0;

  if (argc < 3)
    return 125;
  clock_gettime (CLOCK_MONOTONIC, &begun);
  pid_t child = fork ();
  if (child == 0) {
    execvp (argv[2], argv + 2);
    _exit (127);
  }
  if (child < 0 || wait4 (child, &status, 0, &usage) != child)
    return 126;
  clock_gettime (CLOCK_MONOTONIC, &ended);
  FILE *report = fopen (argv[1], "w");
  if (report == NULL)
    return 126;
  fprintf (report, "{\"seconds\": %.6f, \"peak_kib\": %ld}\n",
           (double) (ended.tv_sec - begun.tv_sec) + (ended.tv_nsec - begun.tv_nsec) / 1e9,
           usage.ru_maxrss);
  if (fclose (report) != 0)
    return 126;
  return WIFEXITED (status) ? WEXITSTATUS (status) : 124;
}
