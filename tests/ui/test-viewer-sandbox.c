/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a viewer that was taken over could still do: tried from inside, in a child of its own. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "viewer.h"

/* Each gives TRUE where the attempt was in vain. */
static gboolean
open_fails (void)
{
  return open ("/etc/passwd", O_RDONLY) < 0 && open ("/proc/self/environ", O_RDONLY) < 0;
}

static gboolean
write_fails (void)
{
  return open ("/tmp/satchel-viewer-was-here", O_WRONLY | O_CREAT, 0600) < 0 &&
         open ("/usr/share/fonts/x", O_WRONLY | O_CREAT, 0600) < 0;
}

static gboolean
socket_fails (void)
{
  int pair[2];

  return socket (AF_INET, SOCK_STREAM, 0) < 0 && socket (AF_UNIX, SOCK_STREAM, 0) < 0 &&
         socketpair (AF_UNIX, SOCK_STREAM, 0, pair) < 0;
}

/* A pair may be made, but it leads nowhere and carries no file. */
static gboolean
way_out_fails (void)
{
  static const struct sockaddr_un ADDRESS = {AF_UNIX, "\0satchel"};
  const struct sockaddr *address = (const struct sockaddr *) (gconstpointer) &ADDRESS;
  struct msghdr message = {0};
  int pair[2];

  return socket (AF_INET, SOCK_STREAM, 0) < 0 && socket (AF_UNIX, SOCK_STREAM, 0) < 0 &&
         socketpair (AF_UNIX, SOCK_STREAM, 0, pair) == 0 &&
         socketpair (AF_TIPC, SOCK_STREAM, 0, pair) < 0 &&
         connect (pair[0], address, sizeof ADDRESS) < 0 &&
         bind (pair[0], address, sizeof ADDRESS) < 0 && sendmsg (pair[0], &message, 0) < 0 &&
         fcntl (pair[0], F_DUPFD, 10) < 0;
}

static gboolean
process_fails (void)
{
  char *const argv[] = {(char *) "/bin/true", NULL};

  return fork () < 0 && execve ("/bin/true", argv, NULL) < 0;
}

static gboolean
signal_fails (void)
{
  return kill (getppid (), 0) < 0 && ptrace (PTRACE_ATTACH, getppid (), NULL, NULL) < 0;
}

static gboolean
code_fails (void)
{
  return mmap (NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
               0) == MAP_FAILED &&
         mprotect ((void *) ((gsize) &code_fails & ~(gsize) 4095), 4096,
                   PROT_READ | PROT_WRITE | PROT_EXEC) < 0;
}

static gboolean
memory_of_others_fails (void)
{
  return syscall (SYS_process_vm_readv, getppid (), NULL, 0, NULL, 0, 0) < 0 &&
         syscall (SYS_bpf, 0, NULL, 0) < 0 && syscall (SYS_userfaultfd, 0) < 0 &&
         syscall (SYS_io_uring_setup, 1, NULL) < 0;
}

static gboolean
too_much_memory_fails (void)
{
  return mmap (NULL, (gsize) 8 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
               0) == MAP_FAILED;
}

/* Work itself goes on. */
static gboolean
memory_works (void)
{
  void *memory = mmap (NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  return memory != MAP_FAILED && munmap (memory, 1 << 20) == 0;
}

static void *
nothing (void *data)
{
  return data;
}

static gboolean
thread_works (void)
{
  pthread_t thread;
  int here = 0;
  void *back = NULL;

  return pthread_create (&thread, NULL, nothing, &here) == 0 &&
         pthread_join (thread, &back) == 0 && back == &here;
}

static gboolean
thread_fails (void)
{
  pthread_t thread;

  return pthread_create (&thread, NULL, nothing, NULL) != 0;
}

static gboolean
font_fails (void)
{
  return open ("/usr/share/fonts", O_RDONLY | O_DIRECTORY) < 0;
}

/* A thread is permitted by its flags: one more or less of them is none. */
static gboolean
half_a_process_fails (void)
{
  return syscall (SYS_clone, CLONE_VM | CLONE_FS | CLONE_FILES, NULL, NULL, NULL, 0) < 0 &&
         syscall (SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, 0) < 0 && vfork () < 0;
}

static gboolean
renaming_fails (void)
{
  return prctl (PR_SET_DUMPABLE, 1) < 0 && prctl (PR_SET_PDEATHSIG, 0) < 0;
}

typedef struct {
  const char *path;
  gboolean (*attempt) (void);
  ViewerWork work;
} Attempt;

static void
try_inside (gconstpointer data)
{
  const Attempt *attempt = data;
  pid_t child = fork ();
  int status = 0;

  if (child == 0) {
    viewer_enter_sandbox (attempt->work);
    _exit (attempt->attempt () ? 0 : 1);
  }
  g_assert_cmpint (child, >, 0);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

int
main (int argc, char **argv)
{
  static const Attempt ATTEMPTS[] = {
      {"/viewer/sandbox/draws/open", open_fails, VIEWER_DRAWS},
      {"/viewer/sandbox/draws/write", write_fails, VIEWER_DRAWS},
      {"/viewer/sandbox/draws/socket", socket_fails, VIEWER_DRAWS},
      {"/viewer/sandbox/draws/process", process_fails, VIEWER_DRAWS},
      {"/viewer/sandbox/draws/half-a-process", half_a_process_fails, VIEWER_DRAWS},
      {"/viewer/sandbox/draws/thread", thread_fails, VIEWER_DRAWS},
      {"/viewer/sandbox/draws/signal", signal_fails, VIEWER_DRAWS},
      {"/viewer/sandbox/draws/code", code_fails, VIEWER_DRAWS},
      {"/viewer/sandbox/draws/memory-of-others", memory_of_others_fails, VIEWER_DRAWS},
      {"/viewer/sandbox/draws/too-much-memory", too_much_memory_fails, VIEWER_DRAWS},
      {"/viewer/sandbox/draws/memory", memory_works, VIEWER_DRAWS},
      {"/viewer/sandbox/plays/open", open_fails, VIEWER_PLAYS},
      {"/viewer/sandbox/plays/font", font_fails, VIEWER_PLAYS},
      {"/viewer/sandbox/plays/write", write_fails, VIEWER_PLAYS},
      {"/viewer/sandbox/plays/way-out", way_out_fails, VIEWER_PLAYS},
      {"/viewer/sandbox/plays/process", process_fails, VIEWER_PLAYS},
      {"/viewer/sandbox/plays/half-a-process", half_a_process_fails, VIEWER_PLAYS},
      {"/viewer/sandbox/plays/thread", thread_works, VIEWER_PLAYS},
      {"/viewer/sandbox/plays/renaming", renaming_fails, VIEWER_PLAYS},
      {"/viewer/sandbox/plays/signal", signal_fails, VIEWER_PLAYS},
      {"/viewer/sandbox/plays/code", code_fails, VIEWER_PLAYS},
      {"/viewer/sandbox/plays/memory-of-others", memory_of_others_fails, VIEWER_PLAYS},
      {"/viewer/sandbox/plays/too-much-memory", too_much_memory_fails, VIEWER_PLAYS},
      {"/viewer/sandbox/plays/memory", memory_works, VIEWER_PLAYS},
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (ATTEMPTS); i++)
    g_test_add_data_func (ATTEMPTS[i].path, &ATTEMPTS[i], try_inside);
  return g_test_run ();
}
