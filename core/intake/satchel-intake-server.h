/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "intake/satchel-intake-body.h"
#include "intake/satchel-intake-site.h"

G_BEGIN_DECLS

/**
 * The intake as seen from the network: docs/PROTOCOL.md on sockets that it accepts by itself. TLS
 * is done, within a time, before a byte reaches the HTTP parser; connections are counted; headers,
 * bodies and idle connections have their times. Nothing that says who or from where is logged.
 *
 * One thread, on the thread-default main context of satchel_intake_server_new(); what blocks is
 * given to the runner.
 */
typedef struct _SatchelIntakeServer SatchelIntakeServer;

/** Opens log and store of @site (borrowed), and loads the certificate. SatchelBaseError,
 *  SATCHEL_INTAKE_ERROR_DAMAGED, GTlsError. */
SatchelIntakeServer *satchel_intake_server_new (const SatchelIntakeSite *site,
                                                const SatchelIntakeRunner *runner,
                                                GError **error);
/** Listens on a bound, listening stream socket: TLS for IP sockets; for Unix sockets, in the clear,
 *  /healthz and /metrics alone. The reference is taken. */
gboolean satchel_intake_server_listen (SatchelIntakeServer *self, GSocket *socket, GError **error);
/** Takes new limits, and reads the certificate again; after an error the old one stays. */
gboolean satchel_intake_server_reload (SatchelIntakeServer *self,
                                       const SatchelIntakeSite *site,
                                       GError **error);
/** Refuses new connections and requests, lets those at work come to their end within @seconds, cuts
 *  the rest (what they brought is made durable), then calls @done once. */
void satchel_intake_server_drain (SatchelIntakeServer *self,
                                  guint seconds,
                                  GFunc done,
                                  gpointer user_data);
/** Only after a drain is done, or before anything was listened to. */
void satchel_intake_server_free (SatchelIntakeServer *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelIntakeServer, satchel_intake_server_free)

/** Open connections, for tests and /metrics. */
guint satchel_intake_server_count_connections (SatchelIntakeServer *self);

G_END_DECLS
