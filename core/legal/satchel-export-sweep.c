/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "legal/satchel-export-private.h"

/* file: URIs, one a line: a path may have any byte in it, a setting may not. */
#define SETTING "export.unfinished"

static char **
load (SatchelVault *vault)
{
  g_autofree char *text = satchel_vault_dup_setting (vault, SETTING, NULL);

  return g_strsplit (text != NULL ? text : "", "\n", -1);
}

static gboolean
store (SatchelVault *vault, GStrvBuilder *builder, GError **error)
{
  g_auto (GStrv) uris = g_strv_builder_end (builder);
  g_autofree char *text = g_strjoinv ("\n", uris);

  return satchel_vault_set_setting (vault, SETTING, *text != '\0' ? text : NULL, error);
}

/* Those that are kept, but for @without (nullable). */
static GStrvBuilder *
list (SatchelVault *vault, const char *without)
{
  g_auto (GStrv) uris = load (vault);
  GStrvBuilder *builder = g_strv_builder_new ();

  for (guint i = 0; uris[i] != NULL; i++)
    if (*uris[i] != '\0' && g_strcmp0 (uris[i], without) != 0)
      g_strv_builder_add (builder, uris[i]);
  return builder;
}

gboolean
satchel_export_remember (SatchelVault *vault, const char *path, GError **error)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  g_autoptr (GStrvBuilder) builder = list (vault, NULL);

  g_return_val_if_fail (uri != NULL, FALSE);
  g_strv_builder_add (builder, uri);
  return store (vault, builder, error);
}

static void
forget (SatchelVault *vault, const char *uri)
{
  g_autoptr (GStrvBuilder) builder = list (vault, uri);

  store (vault, builder, NULL);
}

void
satchel_export_forget (SatchelVault *vault, const char *path)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);

  forget (vault, uri);
}

/* Whether @path is called as an export calls its folder: nothing else is ever removed. */
static gboolean
is_ours (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);

  return g_path_is_absolute (path) && g_str_has_prefix (name, SATCHEL_EXPORT_PREFIX) &&
         satchel_is_id (name + strlen (SATCHEL_EXPORT_PREFIX));
}

static void
sweep_one (SatchelVault *vault, const char *uri, SatchelExportLeft left, gpointer user_data)
{
  g_autofree char *path = g_filename_from_uri (uri, NULL, NULL);
  g_autoptr (GError) error = NULL;
  gboolean was_there = FALSE;

  if (path == NULL || !is_ours (path)) {
    forget (vault, uri);
    return;
  }
  gboolean is_gone = satchel_folder_remove_own (path, &was_there, &error);
  if (left != NULL && (was_there || !is_gone))
    left (path, error, user_data);
  if (is_gone)
    forget (vault, uri);
}

void
satchel_export_sweep (SatchelVault *vault, SatchelExportLeft left, gpointer user_data)
{
  g_auto (GStrv) uris = load (vault);

  for (guint i = 0; uris[i] != NULL; i++)
    if (*uris[i] != '\0')
      sweep_one (vault, uris[i], left, user_data);
}
