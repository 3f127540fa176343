/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "reports/satchel-line-model.h"

G_BEGIN_DECLS

/**
 * Lines of a vault to look at and open: a list, or in its place a word that it is loading, that it
 * could not be loaded and why, or that there is nothing. Properties for .ui files: "label" (the
 * list's name to a screen reader), and of what is shown where there is nothing "icon", "title",
 * "description".
 *
 * Signal "open" (id): a line was chosen.
 */
#define SATCHEL_TYPE_LINE_LIST (satchel_line_list_get_type ())
G_DECLARE_FINAL_TYPE (SatchelLineList, satchel_line_list, SATCHEL, LINE_LIST, AdwBin)

/** Shows @model through @selection, a selection of it (both nullable: none can be selected).
 *  References are the list's own. */
void satchel_line_list_set_model (SatchelLineList *self,
                                  SatchelLineModel *model,
                                  GtkSelectionModel *selection);

/** What there is to say where there is nothing, in place of the properties. */
void satchel_line_list_say_empty (SatchelLineList *self,
                                  const char *icon,
                                  const char *title,
                                  const char *description);

G_END_DECLS
