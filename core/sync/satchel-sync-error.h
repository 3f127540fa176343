/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * The sync room's errors, by what the caller can do about them. Every message is one sentence that
 * can be shown as the answer to "why am I not sending".
 *
 * SATCHEL_SYNC_ERROR_UNTRUSTED: who answers is not the newsroom's intake, or lies: an alarm. Do not
 *   try again by itself; use another connection.
 * SATCHEL_SYNC_ERROR_CLOCK: the certificate is wrong only in its dates: check this computer's
 *   clock.
 * SATCHEL_SYNC_ERROR_TOKEN: the upload token or the signed read was refused, expired or revoked:
 *   ask the newsroom for a new invite.
 * SATCHEL_SYNC_ERROR_WAITING: the person's own rules do not allow sending now.
 * SATCHEL_SYNC_ERROR_UNREACHABLE: nobody answered, or the line broke; kept, try again later.
 * SATCHEL_SYNC_ERROR_PROTOCOL: the server answered something that the protocol does not have; kept.
 * SATCHEL_SYNC_ERROR_QUOTA: the server has no room for it; kept.
 * SATCHEL_SYNC_ERROR_NOT_FOUND: no such outbox or inbox entry; or nothing there to fetch.
 * SATCHEL_SYNC_ERROR_STATE: the entry is past the state in which this can be done; or what was
 *   fetched was meant for another vault, or for this one before it was restored.
 * SATCHEL_SYNC_ERROR_REFUSED: a bundle is damaged, forged, a fork, from a stranger or not for this
 *   vault; it was kept aside with its finding.
 * SATCHEL_SYNC_ERROR_DAMAGED: a stored row or sealed file is not what was written.
 */
typedef enum {
  SATCHEL_SYNC_ERROR_UNTRUSTED,
  SATCHEL_SYNC_ERROR_CLOCK,
  SATCHEL_SYNC_ERROR_TOKEN,
  SATCHEL_SYNC_ERROR_WAITING,
  SATCHEL_SYNC_ERROR_UNREACHABLE,
  SATCHEL_SYNC_ERROR_PROTOCOL,
  SATCHEL_SYNC_ERROR_QUOTA,
  SATCHEL_SYNC_ERROR_NOT_FOUND,
  SATCHEL_SYNC_ERROR_STATE,
  SATCHEL_SYNC_ERROR_REFUSED,
  SATCHEL_SYNC_ERROR_DAMAGED,
} SatchelSyncError;

#define SATCHEL_SYNC_ERROR (satchel_sync_error_quark ())
GQuark satchel_sync_error_quark (void);

G_END_DECLS
