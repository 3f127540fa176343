/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "people/satchel-people-error.h"
#include "records/satchel-records-error.h"
#include "sync/satchel-sync-error.h"
#include "vault/satchel-vault.h"

G_BEGIN_DECLS

/**
 * How a desk works on what it received: read or not, how far it is, whose it is, tags, and notes.
 *
 * All of it is this vault's own. It is in no bundle, no export, no ledger and no search index; a
 * colleague's vault has a desk of its own. It goes with what it is about: notes and tags of a
 * bundle when any report in it is erased, the rest with the last one.
 *
 * Bundles are inbox entries by their whole ids. One that nobody has touched yet is unread, new and
 * nobody's.
 */
typedef enum {
  SATCHEL_DESK_NEW,
  SATCHEL_DESK_READING,
  SATCHEL_DESK_NEEDS_REPLY,
  SATCHEL_DESK_PUBLISHED,
  SATCHEL_DESK_CLOSED,
} SatchelDeskStatus;

/** "new", "reading", "needs-reply", "published", "closed". */
const char *satchel_desk_status_to_text (SatchelDeskStatus status);

#define SATCHEL_DESK_TAG_MAX  60          /* characters */
#define SATCHEL_DESK_NOTE_MAX (64 * 1024) /* bytes */

typedef struct {
  char *inbox_id;
  gboolean is_read;
  SatchelDeskStatus status;
  gboolean is_mine; /* the vault's owner has taken it */
  char *assignee;   /* a contact's id; NULL for nobody else */
  char **tags;      /* strv, in order */
} SatchelDesk;

/** One bundle's. SATCHEL_SYNC_ERROR_NOT_FOUND where there is no such inbox entry. */
SatchelDesk *satchel_desk_load (SatchelVault *vault, const char *inbox_id, GError **error);
void satchel_desk_free (SatchelDesk *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelDesk, satchel_desk_free)

/** What is changed at once, of one bundle or many: one part, to one value. */
typedef enum {
  SATCHEL_DESK_PART_READ,
  SATCHEL_DESK_PART_STATUS,
  SATCHEL_DESK_PART_ASSIGNEE,
  SATCHEL_DESK_PART_TAG,
} SatchelDeskPart;

typedef struct {
  SatchelDeskPart part;
  gboolean is_read;         /* READ */
  SatchelDeskStatus status; /* STATUS */
  gboolean is_mine;         /* ASSIGNEE: to the owner */
  const char *assignee;     /* ASSIGNEE: to a contact; NULL with FALSE: to nobody */
  const char *tag;          /* TAG: as typed; letter case and spaces make no other tag */
  gboolean has_tag;         /* TAG: added or taken away */
} SatchelDeskChange;

/** Changes all of @ids (of char *) or none. @before (nullable) gets how each was, of SatchelDesk.
 *  SATCHEL_SYNC_ERROR_NOT_FOUND; SATCHEL_PEOPLE_ERROR_NOT_FOUND for an assignee who is no member of
 *  the newsroom; SATCHEL_RECORDS_ERROR_INVALID_VALUE for a tag without letters, _TOO_LARGE. */
gboolean satchel_desk_change (SatchelVault *vault,
                              GPtrArray *ids,
                              const SatchelDeskChange *change,
                              GPtrArray **before,
                              GError **error);

/** Takes @change back: what it changed is as it was in @before; the rest stays as it is now. What
 *  is not there any more is passed over. */
gboolean satchel_desk_undo (SatchelVault *vault,
                            const SatchelDeskChange *change,
                            GPtrArray *before,
                            GError **error);

/** Every tag that some bundle has, in order. Strv, the caller's. */
char **satchel_desk_list_tags (SatchelVault *vault, GError **error);

/** Notes are added, and never changed. */
typedef struct {
  gint64 written_unix_us;
  char *text; /* filter for display */
} SatchelDeskNote;

/** @text: valid UTF-8 that is not empty. SATCHEL_SYNC_ERROR_NOT_FOUND,
 *  SATCHEL_RECORDS_ERROR_INVALID_VALUE, _TOO_LARGE. */
gboolean
satchel_desk_add_note (SatchelVault *vault, const char *inbox_id, const char *text, GError **error);

/** The oldest first. Of SatchelDeskNote, owned. */
GPtrArray *satchel_desk_list_notes (SatchelVault *vault, const char *inbox_id, GError **error);

/** Which bundles a list shows. */
typedef enum {
  SATCHEL_DESK_ALL,
  SATCHEL_DESK_UNREAD,
  SATCHEL_DESK_MINE,
  SATCHEL_DESK_OF_STATUS,
  SATCHEL_DESK_OF_TAG,
} SatchelDeskView;

typedef struct {
  SatchelDeskView view;
  SatchelDeskStatus status; /* OF_STATUS */
  const char *tag;          /* OF_TAG */
} SatchelDeskFilter;

/** The rows of the inbox that @filter lets through, in the order of satchel_inbox_list(): gint64,
 *  the caller's. A row stands for its entry until something else is received. */
GArray *
satchel_desk_list_rows (SatchelVault *vault, const SatchelDeskFilter *filter, GError **error);

/** How many of the inbox are unread; -1 after an error. */
gint64 satchel_desk_count_unread (SatchelVault *vault, GError **error);

G_END_DECLS
