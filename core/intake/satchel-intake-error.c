/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/satchel-intake-error.h"

#include "base/satchel-error.h"

G_DEFINE_QUARK (satchel_intake_error_quark, satchel_intake_error)

guint
satchel_intake_status_of (const GError *error)
{
  if (error->domain == SATCHEL_INTAKE_ERROR)
    return error->code;
  if (g_error_matches (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NO_SPACE))
    return SATCHEL_INTAKE_ERROR_NO_SPACE;
  return SATCHEL_INTAKE_ERROR_DAMAGED;
}
