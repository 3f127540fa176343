/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "reports/satchel-record-item.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/**
 * Lines of a vault (its reports, what was received, what was sealed) as a GListModel of
 * SatchelRecordItem. Of 100,000 lines it knows the numbers; an item is filled when a list asks for
 * it, and forgotten when the list lets it go. After a change items stay where their lines stay, so
 * that nothing jumps and what is selected stays selected.
 */
#define SATCHEL_TYPE_LINE_MODEL (satchel_line_model_get_type ())
G_DECLARE_FINAL_TYPE (SatchelLineModel, satchel_line_model, SATCHEL, LINE_MODEL, GObject)

/** Where lines come from. The functions run in the vault's thread. */
typedef struct {
  /* The answer to @question (nullable): the row of every line, in order, in @rows (of gint64); or
   * the lines themselves in @lines (of SatchelRecordLine), where they are few. */
  gboolean (*ask) (SatchelVault *vault,
                   const char *question,
                   GArray **rows,
                   GPtrArray *lines,
                   GCancellable *cancellable,
                   GError **error);
  /* The line of @row. NULL without an error where there is none any more. */
  SatchelRecordLine *(*load) (SatchelVault *vault, gint64 row, GError **error);
  SatchelChanges asks_after;  /* changes after which there may be other lines */
  SatchelChanges loads_after; /* and after which only what they say may be another */
} SatchelLineSource;

/** @source is a constant. Signal "failed" (GError): loading did not work. */
SatchelLineModel *satchel_line_model_new (SatchelSession *session,
                                          const SatchelLineSource *source,
                                          const char *question);

/** NULL or "": all lines. The answer to the last question wins, whatever comes late. */
void satchel_line_model_ask (SatchelLineModel *self, const char *question);

/** Whether the first answer is there. */
gboolean satchel_line_model_is_loaded (SatchelLineModel *self);

/** The row of the line at @position, of an answer in rows; 0 otherwise. */
gint64 satchel_line_model_get_row (SatchelLineModel *self, guint position);

G_END_DECLS
