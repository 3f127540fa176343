/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-address.h"

#include <string.h>

#define SCHEME       "https://"
#define DEFAULT_PORT 443

static gboolean
is_dns_name (const char *host)
{
  gsize label = 0;

  for (const char *p = host; *p != '\0'; p++) {
    gboolean is_dot = *p == '.';
    if (!is_dot && !g_ascii_islower (*p) && !g_ascii_isdigit (*p) && *p != '-')
      return FALSE;
    if ((is_dot && (label == 0 || p[-1] == '-')) || (*p == '-' && label == 0))
      return FALSE;
    label = is_dot ? 0 : label + 1;
    if (label > 63)
      return FALSE;
  }
  return label > 0 && strlen (host) <= 253 && !g_str_has_suffix (host, "-");
}

/* Digits and dots are an IPv4 address or nothing: inet_aton takes "1" and "0x7f.1" too. */
static gboolean
is_host (const char *host)
{
  if (strchr (host, ':') != NULL || host[strspn (host, "0123456789.")] == '\0') {
    g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);
    g_autofree char *spelling = address != NULL ? g_inet_address_to_string (address) : NULL;
    return g_strcmp0 (spelling, host) == 0;
  }
  return is_dns_name (host);
}

static gboolean
parse_port (const char *text, guint16 *port)
{
  guint64 value = 0;

  if (*text == '0' || strlen (text) > 5 || text[strspn (text, "0123456789")] != '\0' ||
      !g_ascii_string_to_unsigned (text, 10, 1, 65535, &value, NULL))
    return FALSE;
  *port = (guint16) value;
  return TRUE;
}

/* "host", "host:port", "[v6]", "[v6]:port", already in lower case. */
static gboolean
split_authority (const char *authority, char **host, guint16 *port)
{
  const char *rest;
  g_autofree char *name = NULL;
  gboolean bracketed = *authority == '[';

  if (bracketed) {
    rest = strchr (authority, ']');
    if (rest == NULL)
      return FALSE;
    name = g_strndup (authority + 1, (gsize) (rest - authority - 1));
    rest++;
  } else {
    rest = authority + strcspn (authority, ":");
    name = g_strndup (authority, (gsize) (rest - authority));
  }
  *port = DEFAULT_PORT;
  if (*rest != '\0' && (*rest != ':' || !parse_port (rest + 1, port)))
    return FALSE;
  if (bracketed != (strchr (name, ':') != NULL) || !is_host (name))
    return FALSE;
  *host = g_steal_pointer (&name);
  return TRUE;
}

static char *
join_authority (const char *host, guint16 port)
{
  const char *format = strchr (host, ':') != NULL ? "[%s]" : "%s";
  g_autofree char *name = g_strdup_printf (format, host);

  if (port == DEFAULT_PORT)
    return g_steal_pointer (&name);
  return g_strdup_printf ("%s:%u", name, port);
}

static gboolean
set_fault (GError **error)
{
  g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID,
               "not an address of the form https://host:port");
  return FALSE;
}

gboolean
satchel_address_parse (const char *address, char **host, guint16 *port, GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *spelling = NULL;
  guint16 number = 0;

  if (strlen (address) > SATCHEL_ADDRESS_MAX || !g_str_has_prefix (address, SCHEME) ||
      !split_authority (address + strlen (SCHEME), &name, &number))
    return set_fault (error);
  spelling = join_authority (name, number);
  if (!g_str_equal (spelling, address + strlen (SCHEME)))
    return set_fault (error);
  if (host != NULL)
    *host = g_steal_pointer (&name);
  if (port != NULL)
    *port = number;
  return TRUE;
}

char *
satchel_address_format (const char *host, guint16 port, GError **error)
{
  g_autofree char *name = g_ascii_strdown (host, -1);
  g_autofree char *authority = join_authority (name, port);
  g_autofree char *address = g_strconcat (SCHEME, authority, NULL);

  if (!satchel_address_parse (address, NULL, NULL, error))
    return NULL;
  return g_steal_pointer (&address);
}

gboolean
satchel_address_is_onion (const char *address)
{
  g_autofree char *host = NULL;

  return satchel_address_parse (address, &host, NULL, NULL) && g_str_has_suffix (host, ".onion");
}

const char *
satchel_address_get_authority (const char *address)
{
  g_return_val_if_fail (g_str_has_prefix (address, SCHEME), NULL);
  return address + strlen (SCHEME);
}

char *
satchel_authority_normalize (const char *host_header)
{
  g_autofree char *lower = g_ascii_strdown (host_header, -1);
  g_autofree char *host = NULL;
  guint16 port = 0;

  if (strlen (lower) > SATCHEL_ADDRESS_MAX || !split_authority (lower, &host, &port))
    return NULL;
  return join_authority (host, port);
}
