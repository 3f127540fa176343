/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-ledger.h"

G_BEGIN_DECLS

/** What all parts of a check are given. */
typedef struct {
  SatchelVault *vault;
  SatchelFaultFunc fault;
  gpointer user_data;
  SatchelProgressReport progress;
  GCancellable *cancellable;
} SatchelRecordsCheck;

void satchel_records_check_report (const SatchelRecordsCheck *check,
                                   const char *object,
                                   const char *finding);

/** Revisions by record, each read once: each continues the one before, the last is the record's
 * own, and links, deadlines and the time in lists are what it says. Progress counts revisions. */
gboolean satchel_records_check_histories (const SatchelRecordsCheck *check, GError **error);

G_END_DECLS
