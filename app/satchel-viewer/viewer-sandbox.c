/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <pthread.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "viewer.h"

#define MEMORY_MAX       (3ULL * 1024 * 1024 * 1024) /* of address space: 250 million pixels fit */
#define PROCESSOR_MAX    60                          /* seconds */
#define PLAYING_MAX      (4 * 60 * 60)               /* the same, of something that plays */
#define THREADS_MAX      64
#define THREAD_STACK_MAX (1024 * 1024)

/* What glibc asks for when it starts a thread, and never when it starts a process. */
#define THREAD_FLAGS                                                                  \
  (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | \
   CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

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

/* What threads need besides, and waiting for each other. */
static const int THREADING[] = {
    SCMP_SYS (set_robust_list),
    SCMP_SYS (rseq),
    SCMP_SYS (eventfd2),
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
 * users make them, seccomp alone has to do. FALSE then. */
static gboolean
leave_namespaces (void)
{
  if (unshare (CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNS) == 0)
    return TRUE;
  unshare (CLONE_NEWNET | CLONE_NEWIPC);
  return FALSE;
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

/* Of all files only fonts can be read, if those. FALSE where the kernel has no Landlock. */
static gboolean
leave_files (gboolean with_fonts)
{
  struct landlock_ruleset_attr attributes = {.handled_access_fs = (1ULL << 13) - 1};
  int ruleset = (int) syscall (SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);

  if (ruleset < 0)
    return FALSE;
  for (guint i = 0; with_fonts && i < G_N_ELEMENTS (FONTS); i++)
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

/* Threads may be started, and no process. Of clone3 a filter sees no flags: glibc goes back to
 * clone where it hears that there is none. */
static void
permit_threads (scmp_filter_ctx filter)
{
  permit (filter, THREADING, G_N_ELEMENTS (THREADING));
  if (seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (clone), 1,
                        SCMP_A0 (SCMP_CMP_EQ, THREAD_FLAGS)) != 0 ||
      seccomp_rule_add (filter, SCMP_ACT_ERRNO (ENOSYS), SCMP_SYS (clone3), 0) != 0 ||
      seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (prctl), 1,
                        SCMP_A0 (SCMP_CMP_EQ, PR_SET_NAME)) != 0)
    give_up ("seccomp");
}

/* GStreamer's threads wake each other with pairs of sockets, which lead nowhere else: nothing that
 * could give them a name or send a file over them is permitted. */
static void
permit_pairs (scmp_filter_ctx filter)
{
  if (seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (socketpair), 1,
                        SCMP_A0 (SCMP_CMP_EQ, AF_UNIX)) != 0 ||
      seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (fcntl), 1,
                        SCMP_A1 (SCMP_CMP_EQ, F_SETFL)) != 0)
    give_up ("seccomp");
}

/* All else fails with EPERM. */
static void
leave_calls (ViewerWork work, gboolean may_open)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ERRNO (EPERM));

  if (filter == NULL)
    give_up ("seccomp");
  permit (filter, CALLS, G_N_ELEMENTS (CALLS));
  if (work == VIEWER_PLAYS) {
    permit_threads (filter);
    permit_pairs (filter);
  } else if (may_open) {
    permit (filter, OPENING, G_N_ELEMENTS (OPENING));
  }
  permit_memory (filter);
  if (seccomp_load (filter) != 0)
    give_up ("seccomp");
  seccomp_release (filter);
}

/* Namespaces, Landlock and the filter hold for the thread that asks: there must be no other. */
static gboolean
is_alone (void)
{
  guint threads = 0;
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/task", 0, NULL);

  while (folder != NULL && g_dir_read_name (folder) != NULL)
    threads++;
  return threads == 1;
}

/* A stack is address space, of which there is not much; how many of a user's processes there are
 * is counted for this one alone only in a namespace of its own. */
static void
limit_threads (gboolean is_own_user)
{
  pthread_attr_t attributes;

  if (pthread_attr_init (&attributes) != 0 ||
      pthread_attr_setstacksize (&attributes, THREAD_STACK_MAX) != 0 ||
      pthread_setattr_default_np (&attributes) != 0)
    give_up ("threads");
  pthread_attr_destroy (&attributes);
  if (is_own_user)
    limit (RLIMIT_NPROC, THREADS_MAX);
}

void
viewer_enter_sandbox (ViewerWork work)
{
  if (!is_alone ())
    give_up ("more than one thread");
  limit (RLIMIT_CORE, 0);
  limit (RLIMIT_FSIZE, 0);
  limit (RLIMIT_AS, MEMORY_MAX);
  limit (RLIMIT_CPU, work == VIEWER_PLAYS ? PLAYING_MAX : PROCESSOR_MAX);
  limit (RLIMIT_NOFILE, work == VIEWER_PLAYS ? 256 : 64);
  if (prctl (PR_SET_DUMPABLE, 0) != 0 || prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    give_up ("prctl");
  gboolean is_own_user = leave_namespaces ();
  if (work == VIEWER_PLAYS)
    limit_threads (is_own_user);
  /* Opening is permitted only where Landlock holds it to fonts. */
  leave_calls (work, leave_files (work == VIEWER_DRAWS));
}
