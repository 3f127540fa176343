/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a viewer that was taken over could still do: tried from inside, in a child of its own. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
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

static void
try_inside (gconstpointer data)
{
  gboolean (*const *attempt) (void) = data;
  pid_t child = fork ();
  int status = 0;

  if (child == 0) {
    viewer_enter_sandbox ();
    _exit ((*attempt) () ? 0 : 1);
  }
  g_assert_cmpint (child, >, 0);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    gboolean (*attempt) (void);
  } ATTEMPTS[] = {
      {"/viewer/sandbox/open", open_fails},
      {"/viewer/sandbox/write", write_fails},
      {"/viewer/sandbox/socket", socket_fails},
      {"/viewer/sandbox/process", process_fails},
      {"/viewer/sandbox/signal", signal_fails},
      {"/viewer/sandbox/code", code_fails},
      {"/viewer/sandbox/memory-of-others", memory_of_others_fails},
      {"/viewer/sandbox/too-much-memory", too_much_memory_fails},
      {"/viewer/sandbox/memory", memory_works},
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (ATTEMPTS); i++)
    g_test_add_data_func (ATTEMPTS[i].path, &ATTEMPTS[i].attempt, try_inside);
  return g_test_run ();
}
