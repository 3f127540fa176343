/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "reports/satchel-line-model.h"

G_BEGIN_DECLS

/** The records of a vault, newest first, or what a search (the question) found, best first. */
extern const SatchelLineSource satchel_record_source;

G_END_DECLS
