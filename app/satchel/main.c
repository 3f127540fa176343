/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "application/satchel-application.h"
#include "application/satchel-loop-check.h"
#include "base/satchel-locale.h"
#include "preferences/satchel-language.h"
#include "preferences/satchel-settings.h"
#include "secret/satchel-secret.h"
#include "sound/satchel-gst.h"

/* GTK frees text without wiping it. glibc and GLib, told so at their start, overwrite what is
 * freed, so that no word of a report is left in the heap once its widgets are gone. */
static const char *const WIPING[][2] = {
    {"GLIBC_TUNABLES", "glibc.malloc.perturb=255:glibc.malloc.tcache_count=0"},
    {"G_SLICE", "always-malloc"},
};

/* They are read when a program starts: so it starts itself once more, with them. */
static void
restart_wiping (char **argv)
{
  gboolean is_set = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (WIPING); i++) {
    is_set = is_set && g_strcmp0 (g_getenv (WIPING[i][0]), WIPING[i][1]) == 0;
    g_setenv (WIPING[i][0], WIPING[i][1], TRUE);
  }
  if (is_set || g_getenv ("SATCHEL_RESTARTED") != NULL)
    return;
  g_setenv ("SATCHEL_RESTARTED", "1", TRUE);
  execv ("/proc/self/exe", argv);
  /* Going on would keep the promise of the vault, but not that of the memory. */
  fprintf (stderr, "satchel: %s\n", g_strerror (errno));
  exit (1);
}

static void
choose_language (void)
{
  g_autoptr (GSettings) settings = satchel_settings_new ();

  satchel_language_apply (settings);
  satchel_locale_start (GETTEXT_PACKAGE, SATCHEL_LOCALEDIR);
}

int
main (int argc, char **argv)
{
  restart_wiping (argv);
  /* Nothing that the desktop would like to know may be told to it. */
  g_setenv ("GIO_USE_VFS", "local", TRUE);
  g_unsetenv ("G_MESSAGES_DEBUG");
  satchel_gst_prepare ();
  umask (0077);
  satchel_secret_init ();
  choose_language ();
  g_set_prgname ("satchel");
  g_set_application_name ("Satchel");

#ifdef SATCHEL_DEBUG_BUILD
  satchel_loop_check_start ();
#endif
  g_autoptr (SatchelApplication) application = satchel_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
