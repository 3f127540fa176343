/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sealing/satchel-place-search.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"
#include "evidence/satchel-evidence-job.h"
#include "viewer/satchel-viewer.h"

#define NAME_SHOWN_MAX  60
#define NAMES_SHOWN_MAX 8

struct _SatchelPlaceSearch {
  GObject parent_instance;

  SatchelSession *session; /* NULL once it is stopped */
  GPtrArray *files;        /* of SatchelPlaceFile */
  guint at;                /* the one that is looked at */
  SatchelViewer *viewer;   /* of that one, nullable */
};

enum { CHANGED,
       SIGNALS };
static guint signals[SIGNALS];

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelPlaceSearch, satchel_place_search, G_TYPE_OBJECT)
// clang-format on

SatchelPlaceFile *
satchel_place_file_new (const char *item_id, const char *name)
{
  SatchelPlaceFile *self = g_new0 (SatchelPlaceFile, 1);

  self->item_id = g_strdup (item_id);
  self->name = g_strdup (name);
  return self;
}

void
satchel_place_file_free (SatchelPlaceFile *self)
{
  if (self == NULL)
    return;
  g_free (self->item_id);
  g_free (self->name);
  g_free (self);
}

/* --- What there is to say --- */

static void
warning_free (gpointer data)
{
  SatchelPlaceWarning *self = data;

  g_free (self->title);
  g_free (self->words);
  g_free (self);
}

/* Both are taken. */
static void
add_warning (GPtrArray *warnings, char *title, char *words)
{
  SatchelPlaceWarning *warning = g_new0 (SatchelPlaceWarning, 1);

  warning->title = title;
  warning->words = words;
  g_ptr_array_add (warnings, warning);
}

/* *@names: of those that are so; some of them. */
static guint
list_names (GPtrArray *files, SatchelViewerPlace place, char **names)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint count = 0;

  for (guint i = 0; i < files->len; i++) {
    const SatchelPlaceFile *file = files->pdata[i];
    if (file->place != place)
      continue;
    g_autofree char *name = satchel_text_for_display (file->name, NAME_SHOWN_MAX);
    if (count++ < NAMES_SHOWN_MAX)
      g_strv_builder_add (builder, name);
  }
  g_auto (GStrv) shown = g_strv_builder_end (builder);
  *names = g_strjoinv (", ", shown);
  if (count <= NAMES_SHOWN_MAX)
    return count;
  g_autofree char *some = g_steal_pointer (names);
  guint more = count - NAMES_SHOWN_MAX;
  /* Translators: names of files, and how many more there are. */
  *names = g_strdup_printf (ngettext ("%s and %u more", "%s and %u more", more), some, more);
  return count;
}

static void
warn_of_found (GPtrArray *files, GPtrArray *warnings)
{
  g_autofree char *names = NULL;
  guint count = list_names (files, SATCHEL_VIEWER_PLACE_FOUND, &names);

  if (count == 0)
    return;
  add_warning (warnings,
               g_strdup_printf (ngettext ("A place is written in %u file",
                                          "A place is written in %u files", count),
                                count),
               g_strdup_printf ("%s\n%s", names,
                                _ ("They leave as they are, with the place, the time and the "
                                   "device that the camera wrote into them: a changed original "
                                   "proves nothing. To keep the place to yourself, leave the "
                                   "report with them out.")));
}

static void
warn_of_unknown (GPtrArray *files, GPtrArray *warnings)
{
  g_autofree char *names = NULL;
  guint count = list_names (files, SATCHEL_VIEWER_PLACE_UNKNOWN, &names);

  if (count == 0)
    return;
  add_warning (warnings,
               g_strdup_printf (ngettext ("%u file could not be looked at for a place",
                                          "%u files could not be looked at for a place", count),
                                count),
               g_strdup_printf ("%s\n%s", names,
                                _ ("They leave as they are, with whatever the camera wrote into "
                                   "them.")));
}

GPtrArray *
satchel_place_list_warnings (GPtrArray *files)
{
  GPtrArray *warnings = g_ptr_array_new_with_free_func (warning_free);
  g_autofree char *unseen = NULL;

  warn_of_found (files, warnings);
  warn_of_unknown (files, warnings);
  if (list_names (files, 0, &unseen) > 0)
    add_warning (warnings, g_strdup (_ ("Pictures and videos are being looked at for places")),
                 g_strdup (_ ("It is said here when a place is written in one of them.")));
  else if (warnings->len == 0 && files->len > 0)
    add_warning (warnings, g_strdup (_ ("No place was found in the pictures and videos")),
                 g_strdup (_ ("They leave as they are, with the time and the device that the "
                              "camera wrote into them.")));
  return warnings;
}

/* --- Looking --- */

static void look_at_next (SatchelPlaceSearch *self);

static void
end_current (SatchelPlaceSearch *self)
{
  if (self->viewer != NULL)
    satchel_viewer_close (self->viewer);
  g_clear_object (&self->viewer);
}

static void
note (SatchelPlaceSearch *self, SatchelViewerPlace place)
{
  ((SatchelPlaceFile *) self->files->pdata[self->at])->place = place;
  end_current (self);
  g_signal_emit (self, signals[CHANGED], 0);
  look_at_next (self);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelPlaceSearch) self = user_data;
  SatchelViewerPlace place =
      satchel_viewer_find_place_finish (SATCHEL_VIEWER (source), result, NULL);

  if (self->session != NULL)
    note (self, place);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelPlaceSearch) self = user_data;
  g_autoptr (SatchelEvidenceContent) content =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, NULL);

  if (self->session == NULL)
    return;
  if (content != NULL)
    self->viewer = satchel_viewer_new_finder (content->stream, content->size_bytes, NULL);
  if (self->viewer != NULL)
    satchel_viewer_find_place_async (self->viewer, found_cb, g_object_ref (self));
  else
    note (self, SATCHEL_VIEWER_PLACE_UNKNOWN);
}

static void
look_at_next (SatchelPlaceSearch *self)
{
  while (self->at < self->files->len &&
         ((const SatchelPlaceFile *) self->files->pdata[self->at])->place != 0)
    self->at++;
  if (self->session == NULL || self->at == self->files->len)
    return;
  const SatchelPlaceFile *file = self->files->pdata[self->at];
  SatchelSessionJob job = satchel_evidence_open_job (file->item_id, FALSE);
  satchel_session_run_async (self->session, &job, NULL, opened_cb, g_object_ref (self));
}

void
satchel_place_search_stop (SatchelPlaceSearch *self)
{
  g_clear_object (&self->session);
  end_current (self);
}

/* --- The object --- */

static void
satchel_place_search_dispose (GObject *object)
{
  SatchelPlaceSearch *self = SATCHEL_PLACE_SEARCH (object);

  satchel_place_search_stop (self);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  G_OBJECT_CLASS (satchel_place_search_parent_class)->dispose (object);
}

static void
satchel_place_search_class_init (SatchelPlaceSearchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_place_search_dispose;
  signals[CHANGED] = g_signal_new ("changed", SATCHEL_TYPE_PLACE_SEARCH, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
satchel_place_search_init (SatchelPlaceSearch *self)
{
}

SatchelPlaceSearch *
satchel_place_search_new (SatchelSession *session, GPtrArray *files)
{
  SatchelPlaceSearch *self = g_object_new (SATCHEL_TYPE_PLACE_SEARCH, NULL);

  self->session = g_object_ref (session);
  self->files = g_ptr_array_ref (files);
  g_signal_connect_object (session, "locking", G_CALLBACK (satchel_place_search_stop), self,
                           G_CONNECT_SWAPPED);
  look_at_next (self);
  return self;
}
