/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl.h"
#include "records/satchel-evidence.h"
#include "records/satchel-record.h"

G_BEGIN_DECLS

/** Members of an evidence item, into an object that is open: id, name, size, type, sha256 and what
 * is known of its origin. */
void ctl_json_evidence (JsonBuilder *builder, const SatchelEvidence *item);

/** Members of a record as in lists: id, kind, summary, times, revision, is_final, sender. */
void ctl_json_record (JsonBuilder *builder, const SatchelRecord *record);

/** A record in one line for people. */
void ctl_print_record (Ctl *ctl, const SatchelRecord *record);

G_END_DECLS
