/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-intake-card.h"

/** A server in an intake's place that misbehaves in one way. It runs on loopback, in a thread of
 *  its own. */
typedef enum {
  FAKE_HONEST,
  FAKE_OTHER_AUTHORITY,   /* same name, certificate of somebody else's authority */
  FAKE_OTHER_NAME,        /* right authority, certificate for another host */
  FAKE_EXPIRED,           /* right authority, certificate that ended yesterday */
  FAKE_REDIRECT,          /* answers everything with 302 */
  FAKE_NO_PROOF,          /* has no descriptor: 404 */
  FAKE_PROOF_OTHER_KEY,   /* descriptor signed by another receipt key */
  FAKE_PROOF_OTHER_CERT,  /* descriptor over another certificate, as a relay's would be */
  FAKE_PROOF_OTHER_NONCE, /* a descriptor that was recorded earlier */
  FAKE_PROOF_OTHER_NAME,  /* a descriptor for another address */
  FAKE_PROOF_LONG,        /* an answer without end */
  FAKE_LOWER_OFFSET,      /* tus: says less than it confirmed */
  FAKE_HIGH_OFFSET,       /* tus: says more than there is */
  FAKE_STUCK_OFFSET,      /* tus: takes bytes and confirms none */
  FAKE_AHEAD,             /* tus: confirms one byte more than came */
  FAKE_SHORT_OFFSET,      /* tus: confirms one byte of each piece */
  FAKE_CONFLICT,          /* tus: 409 to every piece, and its offset is the one that was sent */
  FAKE_FORGETFUL,         /* tus: makes uploads and knows none of them */
  FAKE_OTHER_HOST,        /* tus: wants the upload to go elsewhere */
  FAKE_QUOTA,             /* tus: 507 */
  FAKE_FORBIDDEN,         /* tus: 401 */
} FakeMode;

typedef struct _FakeIntake FakeIntake;

FakeIntake *fake_intake_new (FakeMode mode);
void fake_intake_free (FakeIntake *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeIntake, fake_intake_free)

/** The card that the newsroom gave out for the honest one; borrowed. */
const SatchelIntakeCard *fake_intake_get_card (FakeIntake *self);

/** Bytes of request bodies, and requests beside the descriptor's, that arrived. */
guint fake_intake_count_body_bytes (FakeIntake *self);
guint fake_intake_count_requests (FakeIntake *self);
