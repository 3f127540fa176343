/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/satchel-locale.h"

#include <gio/gio.h>
#include <libintl.h>
#include <locale.h>
#include <string.h>

#define LANGUAGE_LABEL "\nLanguage: "

/* BUILD/app/NAME/NAME was not installed, and its translations stand in BUILD/po. NULL: elsewhere.
 */
static char *
dup_built_folder (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  if (program == NULL)
    return NULL;
  g_autofree char *folder = g_path_get_dirname (program);
  g_autofree char *apps = g_path_get_dirname (folder);
  g_autofree char *build = g_path_get_dirname (apps);
  g_autofree char *name = g_path_get_basename (program);
  g_autofree char *folder_name = g_path_get_basename (folder);

  if (!g_str_equal (name, folder_name) || !g_str_has_suffix (apps, "/app"))
    return NULL;
  return g_build_filename (build, "po", NULL);
}

void
satchel_locale_start (const char *domain, const char *installed)
{
  g_autofree char *built = dup_built_folder ();

  setlocale (LC_ALL, "");
  bindtextdomain (domain, built != NULL ? built : installed);
  bind_textdomain_codeset (domain, "UTF-8");
  textdomain (domain);
}

static const char *
read_language (void)
{
  /* The translation of nothing is what a translation says of itself. */
  const char *header = gettext ("");
  const char *label = strstr (header, LANGUAGE_LABEL);

  if (label == NULL)
    return NULL;
  label += strlen (LANGUAGE_LABEL);
  g_autofree char *language = g_strndup (label, strcspn (label, "\n"));
  return g_intern_string (g_strstrip (language));
}

const char *
satchel_locale_language (void)
{
  static gsize once = 0;
  static const char *language = NULL;

  if (g_once_init_enter (&once)) {
    language = read_language ();
    g_once_init_leave (&once, 1);
  }
  return language;
}
