/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync/satchel-journal.h"

G_BEGIN_DECLS

#define SATCHEL_JOURNAL_LINE_MAX (16 * 1024)
#define SATCHEL_JOURNAL_SIZE_MAX (256 * 1024 * 1024)

typedef struct {
  char *id;
  SatchelJournalFact fact;
  guint64 offset;
  char *text;
  char *mark; /* SHA-256 of the sealed line, in hex: no two lines have the same */
} SatchelJournalEntry;

/** The lines, opened, in order. Of SatchelJournalEntry; empty where there is no journal. *@damaged:
 *  there are lines that do not open, or more than the limit; they are left out. */
GPtrArray *satchel_journal_read (SatchelVault *vault, gboolean *damaged, GError **error);

/** Keeps everybody from writing until @fd is closed; -1 where there is no journal. */
gboolean satchel_journal_lock (const char *folder, int *fd, GError **error);

char *satchel_journal_path (const char *folder);

G_END_DECLS
