/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "intake/satchel-intake-store.h"
#include "papers/satchel-newsroom-card.h"

G_BEGIN_DECLS

/**
 * An intake's folder: who it is and what it was told.
 *
 *   config        key file: [intake] name, hosts, port; [limits]
 *   ca.crt ca.key its own authority (the key is used by init alone and may be kept elsewhere)
 *   server.crt server.key   the TLS certificate, for every host
 *   receipt.key   the minisign pair that signs descriptors, receipts, log and intake card
 *   intake.card   what a newsroom is given
 *   newsroom.card the newest card that was admitted; its lead is pinned by the first
 *   log, mailboxes/, uploads/, lock
 */
typedef struct {
  char *folder;
  char *name;
  char **hosts;
  guint16 port;
  SatchelIntakeLimits limits;
  guint connections_max;
  guint token_connections_max;
  SatchelSecret *receipt_pair;
  SatchelMinisignKey receipt;
} SatchelIntakeSite;

/** Makes a new intake in @folder, which must not exist. Writes intake.card last: without it the
 *  folder is not one. SATCHEL_BASE_ERROR_EXISTS, _IO, _NO_SPACE; SATCHEL_INTAKE_ERROR_REQUEST where
 *  a name or host is none. */
gboolean satchel_intake_site_init (const char *folder,
                                   const char *name,
                                   const char *const *hosts,
                                   guint16 port,
                                   GError **error);
/** Reads an intake's configuration and receipt key. SATCHEL_BASE_ERROR_NOT_FOUND where there is no
 *  intake; SATCHEL_INTAKE_ERROR_DAMAGED. */
SatchelIntakeSite *satchel_intake_site_load (const char *folder, GError **error);
void satchel_intake_site_free (SatchelIntakeSite *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelIntakeSite, satchel_intake_site_free)

char *satchel_intake_site_dup_path (const SatchelIntakeSite *self, const char *name);

/** The admitted newsroom card. SATCHEL_BASE_ERROR_NOT_FOUND where there is none yet. */
SatchelNewsroomCard *satchel_intake_site_load_newsroom (const SatchelIntakeSite *self,
                                                        GError **error);
/**
 * Admits a newsroom card: signed by the pinned lead (any lead where none is pinned and
 * @first_allowed), with a higher number. The same card again is fine. Durable on return.
 * SATCHEL_INTAKE_ERROR_REQUEST malformed, _FORBIDDEN another lead's, _CONFLICT not higher,
 * _NOT_READY where a first one is not allowed. Safe against another process that does the same.
 */
gboolean satchel_intake_site_admit_newsroom (const SatchelIntakeSite *self,
                                             const char *text,
                                             gsize size_bytes,
                                             gboolean first_allowed,
                                             GError **error);

/** Compares log, files and hashes: signatures and chain of the log, each stored file there and
 *  whole, no file that the log does not know. Every file is read. Each fault is told by name.
 *  @lines gets the number of log lines. FALSE only where it could not look. May run while the
 *  intake serves. */
gboolean satchel_intake_site_check (const SatchelIntakeSite *self,
                                    SatchelIntakeFault tell,
                                    gpointer user_data,
                                    guint64 *lines,
                                    GError **error);

G_END_DECLS
