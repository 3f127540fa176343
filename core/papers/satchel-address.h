/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "papers/satchel-papers-error.h"

G_BEGIN_DECLS

/**
 * Where an intake is reached: "https://host", "https://host:port", host a DNS name (".onion" too),
 * an IPv4 address or an IPv6 address in brackets. One spelling: lower case, no user, path, query or
 * fragment, no port 443, no leading zeros.
 */
#define SATCHEL_ADDRESS_MAX 300

/** Takes one apart; out-parameters nullable. @host is without brackets.
 *  SATCHEL_PAPERS_ERROR_INVALID. */
gboolean satchel_address_parse (const char *address, char **host, guint16 *port, GError **error);

/** Puts one together; NULL with SATCHEL_PAPERS_ERROR_INVALID where @host is none. Folds case. */
char *satchel_address_format (const char *host, guint16 port, GError **error);

gboolean satchel_address_is_onion (const char *address);

/** "host" or "host:port", as in a Host header and in RFC 9421's @authority: what follows
 *  "https://". Borrowed from @address, which must be valid. */
const char *satchel_address_get_authority (const char *address);

/** A Host header's value in that spelling: lower case, without ":443". NULL where it is malformed.
 * */
char *satchel_authority_normalize (const char *host_header);

G_END_DECLS
