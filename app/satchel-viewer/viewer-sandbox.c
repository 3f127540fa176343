/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "viewer.h"

#define MEMORY_MAX    (3ULL * 1024 * 1024 * 1024) /* of address space: 250 million pixels fit */
#define PROCESSOR_MAX 60                          /* seconds */

/* Where fonts are: a PDF without its own is read with these. */
static const char *const FONTS[] = {
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/usr/share/poppler",
    "/etc/fonts",
    "/usr/share/fontconfig",
    "/var/cache/fontconfig",
};

/* What decoders need. */
static const int CALLS[] = {
    SCMP_SYS (read),
    SCMP_SYS (write),
    SCMP_SYS (readv),
    SCMP_SYS (writev),
    SCMP_SYS (pread64),
    SCMP_SYS (close),
    SCMP_SYS (lseek),
    SCMP_SYS (fstat),
    SCMP_SYS (poll),
    SCMP_SYS (ppoll),
    SCMP_SYS (munmap),
    SCMP_SYS (mremap),
    SCMP_SYS (brk),
    SCMP_SYS (madvise),
    SCMP_SYS (futex),
    SCMP_SYS (rt_sigaction),
    SCMP_SYS (rt_sigprocmask),
    SCMP_SYS (rt_sigreturn),
    SCMP_SYS (sigaltstack),
    SCMP_SYS (getpid),
    SCMP_SYS (gettid),
    SCMP_SYS (clock_gettime),
    SCMP_SYS (clock_nanosleep),
    SCMP_SYS (nanosleep),
    SCMP_SYS (gettimeofday),
    SCMP_SYS (time),
    SCMP_SYS (getrandom),
    SCMP_SYS (sched_yield),
    SCMP_SYS (sched_getaffinity),
    SCMP_SYS (sysinfo),
    SCMP_SYS (uname),
    SCMP_SYS (restart_syscall),
    SCMP_SYS (getuid),
    SCMP_SYS (geteuid),
    SCMP_SYS (getgid),
    SCMP_SYS (getegid),
    SCMP_SYS (exit),
    SCMP_SYS (exit_group),
};

/* What opening a font needs besides. */
static const int OPENING[] = {
    SCMP_SYS (openat),
    SCMP_SYS (open),
    SCMP_SYS (newfstatat),
    SCMP_SYS (stat),
    SCMP_SYS (access),
    SCMP_SYS (faccessat),
    SCMP_SYS (getdents64),
    SCMP_SYS (readlink),
    SCMP_SYS (fcntl),
    SCMP_SYS (fstatfs),
    SCMP_SYS (statfs),
};

static G_GNUC_NORETURN void
give_up (const char *what)
{
  fprintf (stderr, "satchel-viewer: %s: %s\n", what, g_strerror (errno));
  _exit (1);
}

static void
limit (int resource, rlim_t most)
{
  struct rlimit value = {most, most};

  if (setrlimit (resource, &value) != 0)
    give_up ("setrlimit");
}

/* New namespaces: no network, no other process, no shared memory. Where the system does not let
 * users make them, seccomp alone has to do. */
static void
leave_namespaces (void)
{
  if (unshare (CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNS) != 0)
    unshare (CLONE_NEWNET | CLONE_NEWIPC);
}

static void
permit_reading (int ruleset, const char *path)
{
  struct landlock_path_beneath_attr rule = {
      .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR};

  rule.parent_fd = open (path, O_PATH | O_CLOEXEC);
  if (rule.parent_fd < 0)
    return;
  syscall (SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  close (rule.parent_fd);
}

/* Of all files only fonts can be read. FALSE where the kernel has no Landlock. */
static gboolean
leave_files (void)
{
  struct landlock_ruleset_attr attributes = {.handled_access_fs = (1ULL << 13) - 1};
  int ruleset = (int) syscall (SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);

  if (ruleset < 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (FONTS); i++)
    permit_reading (ruleset, FONTS[i]);
  gboolean done = syscall (SYS_landlock_restrict_self, ruleset, 0) == 0;
  close (ruleset);
  return done;
}

static void
permit (scmp_filter_ctx filter, const int *calls, gsize count)
{
  for (gsize i = 0; i < count; i++)
    if (seccomp_rule_add (filter, SCMP_ACT_ALLOW, calls[i], 0) != 0)
      give_up ("seccomp");
}

/* Memory may be had, but none that can be run. */
static void
permit_memory (scmp_filter_ctx filter)
{
  static const int MAPPING[] = {SCMP_SYS (mmap), SCMP_SYS (mprotect)};

  for (guint i = 0; i < G_N_ELEMENTS (MAPPING); i++)
    if (seccomp_rule_add (filter, SCMP_ACT_ALLOW, MAPPING[i], 1,
                          SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) != 0)
      give_up ("seccomp");
}

/* All else fails with EPERM. Opening is permitted only where Landlock holds it to fonts. */
static void
leave_calls (gboolean may_open)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ERRNO (EPERM));

  if (filter == NULL)
    give_up ("seccomp");
  permit (filter, CALLS, G_N_ELEMENTS (CALLS));
  if (may_open)
    permit (filter, OPENING, G_N_ELEMENTS (OPENING));
  permit_memory (filter);
  if (seccomp_load (filter) != 0)
    give_up ("seccomp");
  seccomp_release (filter);
}

void
viewer_enter_sandbox (void)
{
  limit (RLIMIT_CORE, 0);
  limit (RLIMIT_FSIZE, 0);
  limit (RLIMIT_AS, MEMORY_MAX);
  limit (RLIMIT_CPU, PROCESSOR_MAX);
  limit (RLIMIT_NOFILE, 64);
  if (prctl (PR_SET_DUMPABLE, 0) != 0 || prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    give_up ("prctl");
  leave_namespaces ();
  leave_calls (leave_files ());
}
