/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/satchel-error.h"

#include <errno.h>

// clang-format off
G_DEFINE_QUARK (satchel_base_error, satchel_base_error)
// clang-format on

SatchelBaseError
satchel_base_error_from_errno (int errno_value)
{
  switch (errno_value) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return SATCHEL_BASE_ERROR_NO_SPACE;
    case ENOENT:
    case ENOTDIR:
      return SATCHEL_BASE_ERROR_NOT_FOUND;
    case EEXIST:
    case ENOTEMPTY:
      return SATCHEL_BASE_ERROR_EXISTS;
    case EWOULDBLOCK:
    case EBUSY:
      return SATCHEL_BASE_ERROR_BUSY;
    default:
      return SATCHEL_BASE_ERROR_IO;
  }
}

gboolean
satchel_base_set_errno (GError **error, int errno_value, const char *doing)
{
  g_set_error (error,
               SATCHEL_BASE_ERROR,
               satchel_base_error_from_errno (errno_value),
               "could not %s: %s",
               doing,
               g_strerror (errno_value));
  return FALSE;
}

static SatchelBaseError
code_from_gio (gint gio_code)
{
  switch (gio_code) {
    case G_IO_ERROR_NO_SPACE:
      return SATCHEL_BASE_ERROR_NO_SPACE;
    case G_IO_ERROR_NOT_FOUND:
      return SATCHEL_BASE_ERROR_NOT_FOUND;
    case G_IO_ERROR_EXISTS:
      return SATCHEL_BASE_ERROR_EXISTS;
    case G_IO_ERROR_BUSY:
    case G_IO_ERROR_WOULD_BLOCK:
      return SATCHEL_BASE_ERROR_BUSY;
    default:
      return SATCHEL_BASE_ERROR_IO;
  }
}

gboolean
satchel_base_take_gio_error (GError **error, GError *gio_error, const char *doing)
{
  if (gio_error == NULL) {
    g_set_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_IO, "could not %s", doing);
    return FALSE;
  }
  if (gio_error->domain != G_IO_ERROR || gio_error->code == G_IO_ERROR_CANCELLED) {
    g_propagate_error (error, gio_error);
    return FALSE;
  }
  g_set_error (error,
               SATCHEL_BASE_ERROR,
               code_from_gio (gio_error->code),
               "could not %s: %s",
               doing,
               gio_error->message);
  g_error_free (gio_error);
  return FALSE;
}
