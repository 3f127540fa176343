/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/**
 * A row of the sidebar, and what it opens. A section is a constant of its folder, named in the
 * table of satchel-shell.c; nothing else of the shell knows it.
 */
typedef struct {
  const char *id;
  const char *title; /* N_() */
  const char *icon;
  guint roles;                                  /* bits: 1 << SatchelRole */
  GtkWidget *(*make) (SatchelSession *session); /* the list: a SatchelPane */
  /* How many things in it wait for somebody, in the vault's thread; -1 after an error. NULL:
   * nothing is counted, as are the next two. */
  gint64 (*count) (SatchelVault *vault, GError **error);
  char *(*dup_count) (guint count); /* "3 unread" */
  SatchelChanges counts_after;
} SatchelSection;

#define SATCHEL_SECTION_ALL_ROLES \
  (1 << SATCHEL_ROLE_REPORTER | 1 << SATCHEL_ROLE_EDITOR | 1 << SATCHEL_ROLE_LEGAL)

extern const SatchelSection satchel_section_cases;
extern const SatchelSection satchel_section_deadlines;
extern const SatchelSection satchel_section_reports;
extern const SatchelSection satchel_section_outbox;
extern const SatchelSection satchel_section_inbox;
extern const SatchelSection satchel_section_items;
extern const SatchelSection satchel_section_cards;
extern const SatchelSection satchel_section_people;

G_END_DECLS
