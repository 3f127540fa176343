/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Stands in for libFuzzer where that is not built in: hands every file of a folder to the target,
 * so that what was found once stays mended and no target rots. Usage: fuzz-NAME FOLDER */
#include <glib.h>

#include "fuzz.h"

static void
replay (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;
  gsize size = 0;

  if (!g_file_get_contents (path, &data, &size, &error))
    g_error ("%s", error->message);
  LLVMFuzzerTestOneInput ((const uint8_t *) data, size);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) folder = argc == 2 ? g_dir_open (argv[1], 0, &error) : NULL;
  const char *name;
  guint count = 0;

  if (folder == NULL)
    g_error ("usage: %s FOLDER%s%s", argv[0], error != NULL ? ": " : "",
             error != NULL ? error->message : "");
  while ((name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *path = g_build_filename (argv[1], name, NULL);
    replay (path);
    count++;
  }
  /* An empty corpus would pass whatever the target does. */
  g_assert_cmpuint (count, >, 0);
  return 0;
}
