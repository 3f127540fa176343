/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/** Who is told of a file that was to be taken in, and was not because of a lock. Without @tell it
 *  is nobody. @owner is held while something of it may still be told; so is the file's path only
 *  during the call. What a person stopped is not told. */
typedef struct {
  void (*tell) (gpointer owner, const char *path);
  gpointer owner; /* a GObject; NULL without @tell */
} SatchelUntaken;

G_END_DECLS
