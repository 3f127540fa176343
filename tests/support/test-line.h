/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/** A line on loopback, in threads of its own: carries connections from one port to another, and
 *  counts what comes down. */
typedef struct _TestLine TestLine;

TestLine *test_line_new (guint16 port, guint16 target);
void test_line_free (TestLine *self); /* breaks what is open */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestLine, test_line_free)

/** Bytes that came down since the last call. */
guint test_line_take_count (TestLine *self);
