/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "handed/satchel-handed.h"

#include <glib/gi18n.h>
#include <string.h>

#include "inbox/satchel-inbox-taking.h"
#include "join/satchel-join-window.h"
#include "papers/satchel-paper.h"
#include "people/satchel-people-taking.h"
#include "window/satchel-window.h"

#define HEAD_SIZE 64
#define AGE_INTRO "age-encryption.org/v1\n"

SatchelHandedKind
satchel_handed_guess (const char *bytes, gsize size_bytes)
{
  if (size_bytes >= strlen (AGE_INTRO) && memcmp (bytes, AGE_INTRO, strlen (AGE_INTRO)) == 0)
    return SATCHEL_HANDED_BUNDLE;

  g_autofree char *kind = satchel_paper_guess_kind (bytes, size_bytes);
  if (g_strcmp0 (kind, "invite") == 0 || g_strcmp0 (kind, "newsroom") == 0)
    return SATCHEL_HANDED_JOINING;
  return g_strcmp0 (kind, "card") == 0 ? SATCHEL_HANDED_CARD : SATCHEL_HANDED_UNKNOWN;
}

/* --- Sorting --- */

static SatchelHandedKind
look_at (GFile *file, GCancellable *cancellable)
{
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE,
                                                  G_FILE_QUERY_INFO_NONE, cancellable, NULL);
  /* Nothing that would wait for a writer. */
  if (info == NULL || g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    return SATCHEL_HANDED_UNKNOWN;

  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, NULL);
  char head[HEAD_SIZE];
  gsize size = 0;
  if (stream == NULL || !g_input_stream_read_all (G_INPUT_STREAM (stream), head, sizeof head,
                                                  &size, cancellable, NULL))
    return SATCHEL_HANDED_UNKNOWN;
  return satchel_handed_guess (head, size);
}

static gpointer
sort_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  GPtrArray *files = input;
  g_autoptr (GStrvBuilder) joining = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) cards = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) bundles = g_strv_builder_new ();
  GStrvBuilder *const builders[] = {[SATCHEL_HANDED_JOINING] = joining,
                                    [SATCHEL_HANDED_CARD] = cards,
                                    [SATCHEL_HANDED_BUNDLE] = bundles};
  SatchelHanded *self = g_new0 (SatchelHanded, 1);

  for (guint i = 0; i < files->len; i++) {
    const char *path = g_file_peek_path (files->pdata[i]);
    SatchelHandedKind kind =
        path != NULL ? look_at (files->pdata[i], cancellable) : SATCHEL_HANDED_UNKNOWN;
    if (kind == SATCHEL_HANDED_UNKNOWN)
      self->others++;
    else
      g_strv_builder_add (builders[kind], path);
  }
  self->joining = g_strv_builder_end (joining);
  self->cards = g_strv_builder_end (cards);
  self->bundles = g_strv_builder_end (bundles);
  return self;
}

SatchelSessionJob
satchel_handed_sort_job (GPtrArray *files)
{
  return (SatchelSessionJob){.run = sort_run,
                             .input = files,
                             .input_free = (GDestroyNotify) g_ptr_array_unref,
                             .result_free = (GDestroyNotify) satchel_handed_free};
}

void
satchel_handed_free (SatchelHanded *self)
{
  if (self == NULL)
    return;
  g_strfreev (self->joining);
  g_strfreev (self->cards);
  g_strfreev (self->bundles);
  g_free (self);
}

/* --- Showing --- */

void
satchel_handed_show (const SatchelHanded *self, GtkWidget *shell, SatchelSession *session)
{
  if (self->others > 0)
    satchel_window_say (shell, _ ("Satchel opens invites, cards and sealed bundles that are on "
                                  "this computer. This is none of them."));
  if (self->bundles[0] != NULL)
    satchel_inbox_take_files (shell, session, (const char *const *) self->bundles);
  for (char **path = self->cards; *path != NULL; path++)
    satchel_people_take_file (shell, session, *path);
  if (self->joining[0] != NULL) {
    g_autoptr (GFile) file = g_file_new_for_path (self->joining[0]);
    satchel_join_window_present (GTK_WINDOW (gtk_widget_get_root (shell)), session, file);
  }
}
