/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * The intake room's errors: each is one answer of docs/PROTOCOL.md, and its value is the HTTP
 * status. Messages are one sentence and go to the client as they are, so they name no path, no
 * token and no other asker.
 *
 * SATCHEL_INTAKE_ERROR_DAMAGED is for the operator: the folder is not as the intake left it.
 */
typedef enum {
  SATCHEL_INTAKE_ERROR_REQUEST = 400,
  SATCHEL_INTAKE_ERROR_UNKNOWN = 401,
  SATCHEL_INTAKE_ERROR_FORBIDDEN = 403,
  SATCHEL_INTAKE_ERROR_NOT_FOUND = 404,
  SATCHEL_INTAKE_ERROR_METHOD = 405,
  SATCHEL_INTAKE_ERROR_CONFLICT = 409,
  SATCHEL_INTAKE_ERROR_GONE = 410,
  SATCHEL_INTAKE_ERROR_VERSION = 412,
  SATCHEL_INTAKE_ERROR_TOO_LARGE = 413,
  SATCHEL_INTAKE_ERROR_TYPE = 415,
  SATCHEL_INTAKE_ERROR_RANGE = 416,
  SATCHEL_INTAKE_ERROR_HOST = 421,
  SATCHEL_INTAKE_ERROR_MANY = 429,
  SATCHEL_INTAKE_ERROR_CHECKSUM = 460,
  SATCHEL_INTAKE_ERROR_DAMAGED = 500,
  SATCHEL_INTAKE_ERROR_NOT_READY = 503,
  SATCHEL_INTAKE_ERROR_NO_SPACE = 507,
} SatchelIntakeError;

#define SATCHEL_INTAKE_ERROR (satchel_intake_error_quark ())
GQuark satchel_intake_error_quark (void);

/** The HTTP status for an error of any room: 507 for a full disk, 500 for what is nobody's fault
 *  but ours. */
guint satchel_intake_status_of (const GError *error);

G_END_DECLS
