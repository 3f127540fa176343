/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session/satchel-session.h"
#include "viewer/satchel-viewer-wire.h"

G_BEGIN_DECLS

/** A picture or film, and whether the place where it was made is written in it. */
typedef struct {
  char *item_id;
  char *name;               /* as given */
  SatchelViewerPlace place; /* 0: not looked at yet */
} SatchelPlaceFile;
SatchelPlaceFile *satchel_place_file_new (const char *item_id, const char *name);
void satchel_place_file_free (SatchelPlaceFile *self); /* NULL-safe */

/** What there is to say of files, for a person who is about to give them away. */
typedef struct {
  char *title;
  char *words;
} SatchelPlaceWarning;

/** Of @files (of SatchelPlaceFile), as they are now: a GPtrArray of SatchelPlaceWarning, which owns
 *  them; none for no files. */
GPtrArray *satchel_place_list_warnings (GPtrArray *files);

/**
 * Looks through files for places, one after another, each in a viewer process of its own. Stops
 * when the vault locks, and when it goes. The main loop's only.
 *
 * Signal "changed": something more is known of a file.
 */
#define SATCHEL_TYPE_PLACE_SEARCH (satchel_place_search_get_type ())
G_DECLARE_FINAL_TYPE (SatchelPlaceSearch, satchel_place_search, SATCHEL, PLACE_SEARCH, GObject)

/** Begins with those of @files (of SatchelPlaceFile, referenced) that were not looked at. */
SatchelPlaceSearch *satchel_place_search_new (SatchelSession *session, GPtrArray *files);

/** Ends it; nothing is told any more. The owner calls this before the last reference is given up.
 */
void satchel_place_search_stop (SatchelPlaceSearch *self);

G_END_DECLS
