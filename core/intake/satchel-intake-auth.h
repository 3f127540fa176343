/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "intake/satchel-intake-site.h"
#include "papers/satchel-http-signature.h"
#include "papers/satchel-token.h"

G_BEGIN_DECLS

/**
 * Who asks: a reporter with a token, a member with an access key, or nobody known. Both are checked
 * against the admitted newsroom card, which is read again whenever its file is another. One thread.
 */
typedef enum {
  SATCHEL_INTAKE_NOBODY,
  SATCHEL_INTAKE_REPORTER,
  SATCHEL_INTAKE_MEMBER,
} SatchelIntakeAskerKind;

typedef struct {
  SatchelIntakeAskerKind kind;
  char *owner;          /* token id, or access key in base64 */
  char *return_mailbox; /* a reporter's own; NULL for members */
} SatchelIntakeAsker;

void satchel_intake_asker_clear (SatchelIntakeAsker *self);

/** What a request says about its asker. Texts are NULL where the header is missing. */
typedef struct {
  const char *authorization;
  const char *signature_input;
  const char *signature;
  SatchelHttpRequest request; /* for signatures; content_digest where there is a body */
  gboolean has_body;
} SatchelIntakeCredentials;

typedef struct _SatchelIntakeAuth SatchelIntakeAuth;

/** @site is borrowed. Requests signed before now are refused. */
SatchelIntakeAuth *satchel_intake_auth_new (const SatchelIntakeSite *site);
void satchel_intake_auth_free (SatchelIntakeAuth *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelIntakeAuth, satchel_intake_auth_free)

/** The admitted card, borrowed until the next call. SATCHEL_INTAKE_ERROR_NOT_READY. */
const SatchelNewsroomCard *satchel_intake_auth_get_newsroom (SatchelIntakeAuth *self,
                                                             GError **error);
/** The newsroom's mailbox id, borrowed; NULL before a card was admitted. */
const char *satchel_intake_auth_get_mailbox (SatchelIntakeAuth *self);

/** Finds out who asks. A signature is used up by it. SATCHEL_INTAKE_ERROR_UNKNOWN, _FORBIDDEN for a
 *  revoked token, _NOT_READY. */
gboolean satchel_intake_auth_check (SatchelIntakeAuth *self,
                                    const SatchelIntakeCredentials *credentials,
                                    SatchelIntakeAsker *asker,
                                    GError **error);

/** What an asker may do. SATCHEL_INTAKE_ERROR_FORBIDDEN. @mailbox is a valid id. */
gboolean satchel_intake_auth_may_upload (SatchelIntakeAuth *self,
                                         const SatchelIntakeAsker *asker,
                                         const char *mailbox,
                                         GError **error);
gboolean satchel_intake_auth_may_read (SatchelIntakeAuth *self,
                                       const SatchelIntakeAsker *asker,
                                       const char *mailbox,
                                       GError **error);

G_END_DECLS
