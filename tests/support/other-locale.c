/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Loaded before a program (LD_PRELOAD), lets it find its translations below SATCHEL_LOCALEDIR. GLib
 * translates nothing, not even GTK's direction of writing, for a program that has no translation of
 * its own: so that the app can be looked at from right to left before there is one. */
#include <dlfcn.h>
#include <libintl.h>
#include <stdlib.h>
#include <string.h>

#undef bindtextdomain

char *
bindtextdomain (const char *domain, const char *folder)
{
  char *(*next) (const char *, const char *) =
      (char *(*) (const char *, const char *) ) dlsym (RTLD_NEXT, "bindtextdomain");
  const char *other = getenv ("SATCHEL_LOCALEDIR");

  return next (domain, other != NULL && strcmp (domain, "satchel") == 0 ? other : folder);
}
