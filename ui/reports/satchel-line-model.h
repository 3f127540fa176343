/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "reports/satchel-record-item.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/**
 * Lines of a vault (its reports, what was received, what was sealed) as a GListModel of
 * SatchelRecordItem. The first lines of an answer come at once and filled, before the vault was
 * asked for the rest. Of 100,000 lines it then knows the numbers; an item is filled when a list
 * asks for it, and forgotten when the list lets it go. After a change items stay where their lines
 * stay, so that nothing jumps and what is selected stays selected.
 */
#define SATCHEL_TYPE_LINE_MODEL (satchel_line_model_get_type ())
G_DECLARE_FINAL_TYPE (SatchelLineModel, satchel_line_model, SATCHEL, LINE_MODEL, GObject)

/** Where lines come from. The functions run in the vault's thread. */
typedef struct {
  /* The answer to @question (nullable): the row of every line, in order (of gint64). With a @limit
   * that is not 0 only so many of the first are needed now; more are as good, but not another
   * order. @snippets, NULL before, may get by row (gint64 *) what a search found there (char *). */
  GArray *(*ask) (SatchelVault *vault,
                  const char *question,
                  guint limit,
                  GHashTable **snippets,
                  GError **error);
  /* The line of @row, with its snippet (nullable). NULL without an error where there is none any
   * more. */
  SatchelRecordLine *(*load) (SatchelVault *vault, gint64 row, const char *snippet, GError **error);
  SatchelChanges asks_after;  /* changes after which there may be other lines */
  SatchelChanges loads_after; /* and after which only what they say may be another */
} SatchelLineSource;

/** @source is a constant. Signal "failed" (GError): loading did not work. An answer that failed is
 *  asked for again by itself, and what stood before stays until it comes. */
SatchelLineModel *satchel_line_model_new (SatchelSession *session,
                                          const SatchelLineSource *source,
                                          const char *question);

/** NULL or "": all lines. The answer to the last question wins, whatever comes late. The same
 *  question as before does nothing, but where its answer failed: then it is asked at once. */
void satchel_line_model_ask (SatchelLineModel *self, const char *question);

/** Whether the first answer is there. */
gboolean satchel_line_model_is_loaded (SatchelLineModel *self);

/** The row of the line at @position; 0 where there is none. */
gint64 satchel_line_model_get_row (SatchelLineModel *self, guint position);

G_END_DECLS
