/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "papers/satchel-newsroom-card.h"
#include "sync/satchel-sync-error.h"

G_BEGIN_DECLS

/**
 * A connection to the newsroom's intake that has been proved before anything about a bundle leaves:
 * TLS against the card's own anchor and nothing else, then a descriptor signed by the receipt key
 * over a fresh nonce, the address and the certificate in use. System authorities, proxies of the
 * environment, redirects and plain HTTP do not exist here. The certificate that was proved is
 * demanded again on every message, before its first byte is written. docs/PROTOCOL.md.
 *
 * Blocking, from one thread at a time; touches no store. Timeouts count from the last byte that
 * moved.
 */
typedef struct _SatchelConnection SatchelConnection;

#define SATCHEL_CONNECTION_TIMEOUT_S 60

typedef struct {
  const char *proxy; /* SOCKS5 "host:port", which resolves names too; NULL for none */
  guint timeout_s;   /* without a byte; 0 for SATCHEL_CONNECTION_TIMEOUT_S */
} SatchelConnectionOptions;

/** Connects to @address, one of @card's, and proves it. SATCHEL_SYNC_ERROR_UNTRUSTED, _CLOCK,
 *  _UNREACHABLE, _PROTOCOL. @options nullable. */
SatchelConnection *satchel_connection_open (const SatchelIntakeCard *card,
                                            const char *address,
                                            const SatchelConnectionOptions *options,
                                            GCancellable *cancellable,
                                            GError **error);

/** Tries @card's addresses in turn: onion addresses only with a proxy, and with one first; an alarm
 *  ends the search. The error is the last address's. */
SatchelConnection *satchel_connection_open_any (const SatchelIntakeCard *card,
                                                const SatchelConnectionOptions *options,
                                                GCancellable *cancellable,
                                                GError **error);

/** For an engine: TLS to its own anchor is the whole proof. Made without a request; the first one
 *  proves the certificate. @url as on the newsroom card. */
SatchelConnection *satchel_connection_new_engine (const char *url,
                                                  GBytes *anchor_der,
                                                  const SatchelConnectionOptions *options,
                                                  GError **error);

/** Who asks: a reporter by the upload token's credentials, a member by the access key (requests are
 *  then signed, RFC 9421). Copied, referenced. NULL for neither. */
void satchel_connection_set_bearer (SatchelConnection *self, const char *credentials);
void satchel_connection_set_access_key (SatchelConnection *self, SatchelSecret *access_key);

const char *satchel_connection_get_authority (SatchelConnection *self);
/** The intake's receipt key; NULL for an engine. */
const SatchelMinisignKey *satchel_connection_get_receipt_key (SatchelConnection *self);
/** The descriptor's time, moved on by the monotonic clock: what the intake thinks it is now. */
gint64 satchel_connection_get_time (SatchelConnection *self);

/** A request on this connection. @target: path and query ("/mailboxes/...?after=0"), escaped. */
SoupMessage *
satchel_connection_new_message (SatchelConnection *self, const char *method, const char *target);

/** Sends @message, authorized, and gives the answer's body. @body_sha256 (nullable): of the request
 *  body, where there is one; a signed request must have it. The status is the caller's to look at:
 *  any answer is TRUE-like here, but a redirect is SATCHEL_SYNC_ERROR_UNTRUSTED. */
GInputStream *satchel_connection_send (SatchelConnection *self,
                                       SoupMessage *message,
                                       const guint8 *body_sha256,
                                       GCancellable *cancellable,
                                       GError **error);

/** The same where the answer is small: reads at most @limit_bytes of it. */
GBytes *satchel_connection_send_and_read (SatchelConnection *self,
                                          SoupMessage *message,
                                          const guint8 *body_sha256,
                                          gsize limit_bytes,
                                          GCancellable *cancellable,
                                          GError **error);

/** Sets the error that fits an unexpected status: 401, 403 TOKEN; 413, 507 QUOTA; 408, 429, 5xx
 *  UNREACHABLE; else PROTOCOL. Returns FALSE. */
gboolean satchel_connection_set_status_error (SoupMessage *message, GError **error);

void satchel_connection_free (SatchelConnection *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelConnection, satchel_connection_free)

G_END_DECLS
