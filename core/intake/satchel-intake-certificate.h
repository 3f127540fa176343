/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "intake/satchel-intake-error.h"

G_BEGIN_DECLS

/** The intake's own authority and server certificate: EC P-256, SHA-256, ten years. */
typedef struct {
  GBytes *authority_der;
  GBytes *authority_pem;
  GBytes *authority_key_pem; /* PKCS #8, secret */
  GBytes *server_pem;
  GBytes *server_key_pem; /* PKCS #8, secret */
} SatchelIntakeCertificates;

/** Makes all of it for @hosts (DNS names, onion names, IP addresses without brackets), which become
 *  subject alternative names. Subjects name nobody. SATCHEL_INTAKE_ERROR_DAMAGED where libcrypto
 *  fails. */
SatchelIntakeCertificates *satchel_intake_certificates_new (const char *const *hosts,
                                                            GError **error);
void satchel_intake_certificates_free (SatchelIntakeCertificates *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelIntakeCertificates, satchel_intake_certificates_free)

G_END_DECLS
