/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "handed/satchel-handed.h"

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

/* --- What waits --- */

SatchelHanded *
satchel_handed_new (void)
{
  SatchelHanded *self = g_new0 (SatchelHanded, 1);

  self->joining = g_ptr_array_new_with_free_func (g_free);
  self->cards = g_ptr_array_new_with_free_func (g_free);
  self->bundles = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
satchel_handed_free (SatchelHanded *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->joining);
  g_ptr_array_unref (self->cards);
  g_ptr_array_unref (self->bundles);
  g_free (self);
}

static GPtrArray *
get_kind (SatchelHanded *self, SatchelHandedKind kind)
{
  switch (kind) {
    case SATCHEL_HANDED_JOINING:
      return self->joining;
    case SATCHEL_HANDED_CARD:
      return self->cards;
    case SATCHEL_HANDED_BUNDLE:
      return self->bundles;
    case SATCHEL_HANDED_UNKNOWN:
      break;
  }
  return NULL;
}

/* Somebody who sees nothing happen opens it once more. */
static void
add_once (GPtrArray *paths, const char *path)
{
  if (!g_ptr_array_find_with_equal_func (paths, path, g_str_equal, NULL))
    g_ptr_array_add (paths, g_strdup (path));
}

gboolean
satchel_handed_is_empty (const SatchelHanded *self)
{
  return self->joining->len == 0 && self->cards->len == 0 && self->bundles->len == 0;
}

void
satchel_handed_add (SatchelHanded *self, SatchelHanded *more)
{
  for (SatchelHandedKind kind = SATCHEL_HANDED_JOINING; kind <= SATCHEL_HANDED_BUNDLE; kind++) {
    const GPtrArray *paths = get_kind (more, kind);
    for (guint i = 0; i < paths->len; i++)
      add_once (get_kind (self, kind), paths->pdata[i]);
  }
  self->others += more->others;
  satchel_handed_free (more);
}

void
satchel_handed_wait_again (SatchelHanded *self, SatchelHandedKind kind, const char *path)
{
  add_once (get_kind (self, kind), path);
}

void
satchel_handed_put_back (SatchelHanded *self, GFile *file)
{
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  guint at;

  g_clear_object (&file);
  if (path == NULL)
    return;
  if (g_ptr_array_find_with_equal_func (self->joining, path, g_str_equal, &at))
    g_ptr_array_remove_index (self->joining, at);
  g_ptr_array_insert (self->joining, 0, g_steal_pointer (&path));
}

GFile *
satchel_handed_get_joining (const SatchelHanded *self)
{
  return self->joining->len > 0 ? g_file_new_for_path (self->joining->pdata[0]) : NULL;
}

void
satchel_handed_drop_joining (SatchelHanded *self)
{
  g_ptr_array_remove_index (self->joining, 0);
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
sort_run (gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  GPtrArray *files = input;
  SatchelHanded *self = satchel_handed_new ();

  for (guint i = 0; i < files->len; i++) {
    const char *path = g_file_peek_path (files->pdata[i]);
    GPtrArray *same = path != NULL ? get_kind (self, look_at (files->pdata[i], cancellable)) : NULL;
    if (same != NULL)
      add_once (same, path);
    else
      self->others++;
  }
  return self;
}

void
satchel_handed_sort (SatchelWorker *worker,
                     GPtrArray *files,
                     gpointer source,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  satchel_worker_push (worker,
                       &(SatchelWorkerJob){.run = sort_run,
                                           .input = files,
                                           .input_free = (GDestroyNotify) g_ptr_array_unref,
                                           .result_free = (GDestroyNotify) satchel_handed_free},
                       source, NULL, callback, user_data);
}

/* --- Showing --- */

static void
card_back_cb (gpointer window, const char *path)
{
  satchel_window_wait_again (window, SATCHEL_HANDED_CARD, path);
}

static void
bundle_back_cb (gpointer window, const char *path)
{
  satchel_window_wait_again (window, SATCHEL_HANDED_BUNDLE, path);
}

void
satchel_handed_show (SatchelHanded *self, GtkWidget *shell, SatchelSession *session)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (shell));
  g_autoptr (GFile) file = satchel_handed_get_joining (self);

  if (file != NULL) {
    if (satchel_join_window_offer (window, session, file))
      satchel_handed_drop_joining (self);
    return;
  }
  /* Whoever has joined knows whose the rest is. */
  if (satchel_join_window_has_unanswered (window))
    return;
  /* The cards first: a bundle of somebody whose card comes with it is not a stranger's. */
  for (guint i = 0; i < self->cards->len; i++)
    satchel_people_take_file (shell, session, self->cards->pdata[i],
                              (SatchelUntaken){card_back_cb, window});
  if (self->bundles->len > 0) {
    g_ptr_array_add (self->bundles, NULL);
    satchel_inbox_take_files (shell, session, (const char *const *) self->bundles->pdata,
                              (SatchelUntaken){bundle_back_cb, window});
  }
  g_ptr_array_set_size (self->bundles, 0);
  g_ptr_array_set_size (self->cards, 0);
}
