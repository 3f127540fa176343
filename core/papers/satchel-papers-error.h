/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * The papers room's errors, by what the caller can do about them.
 *
 * SATCHEL_PAPERS_ERROR_INVALID: not of the grammar, over a limit, or with contents that contradict
 *   each other; the message names the line. Also set where a writer is asked for such a paper.
 * SATCHEL_PAPERS_ERROR_OTHER_KIND: a well-meant paper of another kind than the one asked for.
 * SATCHEL_PAPERS_ERROR_NEWER: a paper or protocol of a version that this program does not know.
 * SATCHEL_PAPERS_ERROR_SIGNATURE: the signature is malformed, of another key, or does not verify.
 * SATCHEL_PAPERS_ERROR_MISMATCH: genuine, but about something else (nonce, address, newsroom).
 * SATCHEL_PAPERS_ERROR_EXPIRED: a token whose time is over; ask the newsroom for a new invite.
 * SATCHEL_PAPERS_ERROR_REVOKED: a token that the newsroom took back.
 * SATCHEL_PAPERS_ERROR_STALE: genuine, but too old to be relied on: a newsroom card past its date,
 *   a request or descriptor outside the time window.
 */
typedef enum {
  SATCHEL_PAPERS_ERROR_INVALID,
  SATCHEL_PAPERS_ERROR_OTHER_KIND,
  SATCHEL_PAPERS_ERROR_NEWER,
  SATCHEL_PAPERS_ERROR_SIGNATURE,
  SATCHEL_PAPERS_ERROR_MISMATCH,
  SATCHEL_PAPERS_ERROR_EXPIRED,
  SATCHEL_PAPERS_ERROR_REVOKED,
  SATCHEL_PAPERS_ERROR_STALE,
} SatchelPapersError;

#define SATCHEL_PAPERS_ERROR (satchel_papers_error_quark ())
GQuark satchel_papers_error_quark (void);

G_END_DECLS
