/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "intake/satchel-intake-site.h"

G_BEGIN_DECLS

/** satchel-intake's exit codes: those of satchelctl, as far as they apply. */
typedef enum {
  INTAKE_DONE = 0,
  INTAKE_USAGE = 1,
  INTAKE_NOT_THERE = 2,
  INTAKE_UNVERIFIED = 4,
  INTAKE_NO_SPACE = 7,
  INTAKE_BUSY = 8,
} IntakeExit;

/** Serves until SIGTERM or SIGINT. @listen: "ADDR:PORT", or NULL for all addresses and the
 *  configured port; sockets handed over by the service manager come before both. */
gboolean intake_serve (const char *folder, const char *listen, GError **error);

G_END_DECLS
