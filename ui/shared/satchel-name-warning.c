/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shared/satchel-name-warning.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"

#define NAME_SHOWN_MAX  60
#define NAMES_SHOWN_MAX 20

guint
satchel_name_warning_list (GPtrArray *unshared, char **names)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < unshared->len; i++) {
    char *name = ((const SatchelUnshared *) unshared->pdata[i])->name;
    if (!g_hash_table_add (seen, name) || g_hash_table_size (seen) > NAMES_SHOWN_MAX)
      continue;
    g_autofree char *shown = satchel_text_for_display (name, NAME_SHOWN_MAX);
    g_strv_builder_add (builder, shown);
  }
  g_auto (GStrv) shown = g_strv_builder_end (builder);
  guint count = g_hash_table_size (seen);
  *names = g_strjoinv (", ", shown);
  if (count <= NAMES_SHOWN_MAX)
    return count;
  g_autofree char *some = g_steal_pointer (names);
  guint more = count - NAMES_SHOWN_MAX;
  /* Translators: names of files, or of people, and how many more there are. */
  *names = g_strdup_printf (ngettext ("%s and %u more", "%s and %u more", more), some, more);
  return count;
}

char *
satchel_name_warning_dup_title (guint count)
{
  return g_strdup_printf (ngettext ("%u name is marked not to be shared",
                                    "%u names are marked not to be shared", count),
                          count);
}

SatchelNameWarning *
satchel_name_warning_new (GPtrArray *unshared)
{
  g_autofree char *names = NULL;
  guint count = satchel_name_warning_list (unshared, &names);

  if (count == 0)
    return NULL;
  SatchelNameWarning *self = g_new0 (SatchelNameWarning, 1);
  const char *why =
      _ ("Everyone who opens the bundle can read every name in it, also one that was taken out "
         "again: earlier versions of a report leave with it. To keep a name to yourself, write a "
         "new report without it, and send that one instead.");
  self->title = satchel_name_warning_dup_title (count);
  self->words = g_strdup_printf ("%s\n%s", names, why);
  self->heading = g_strdup_printf (ngettext ("Seal %u name that is not to be shared?",
                                             "Seal %u names that are not to be shared?", count),
                                   count);
  self->question = g_strdup_printf ("%s\n\n%s", names, why);
  return self;
}

void
satchel_name_warning_free (SatchelNameWarning *self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_free (self->words);
  g_free (self->heading);
  g_free (self->question);
  g_free (self);
}
