/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preferences/satchel-preferences-text.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

#include "base/satchel-text.h"
#include "shared/satchel-words.h"

#define KEY_SHOWN_MAX 60
#define PROXY_MAX     300 /* as satchel-rules.c reads it */

char *
satchel_preferences_dup_minutes (guint minutes)
{
  return g_strdup_printf (ngettext ("%u minute", "%u minutes", minutes), minutes);
}

char *
satchel_preferences_dup_budget (guint64 bytes)
{
  return bytes == 0 ? g_strdup (_ ("No limit")) : satchel_words_size (bytes);
}

static char *
dup_given (const char *words)
{
  if (words == NULL)
    return g_strdup (_ ("The desktop has a key for it: its keyboard settings say which."));
  g_autofree char *shown = satchel_text_for_display (words, KEY_SHOWN_MAX);
  /* Translators: %s is what the desktop calls a key: "Press Super+Shift+L". */
  return g_strdup_printf (_ ("In every program: %s"), shown);
}

char *
satchel_preferences_dup_key (SatchelLockKeyState state, const char *words)
{
  switch (state) {
    case SATCHEL_LOCK_KEY_NONE:
      break;
    case SATCHEL_LOCK_KEY_OFFERED:
      return g_strdup (_ ("By a key that works in every program. The desktop asks you which."));
    case SATCHEL_LOCK_KEY_ASKING:
      return g_strdup (_ ("The desktop is asked for a key."));
    case SATCHEL_LOCK_KEY_GIVEN:
      return dup_given (words);
    case SATCHEL_LOCK_KEY_REFUSED:
      return g_strdup (_ ("There is no key: it was refused. Turn this on to be asked again."));
    case SATCHEL_LOCK_KEY_LOST:
      return g_strdup (_ ("The desktop gives no key now. It is asked again when you next unlock. "
                          "Ctrl+L in Satchel still locks."));
  }
  return g_strdup ("");
}

char *
satchel_preferences_dup_hour (int minute_of_day)
{
  return g_strdup_printf ("%02d:%02d", minute_of_day / 60, minute_of_day % 60);
}

/* One or two digits, and what follows them. -1: none. */
static int
read_number (const char **text)
{
  int number = -1;

  for (int i = 0; i < 2; i++) {
    gunichar letter = g_utf8_get_char (*text);
    int digit = g_unichar_isdigit (letter) ? g_unichar_digit_value (letter) : -1;
    if (digit < 0)
      break;
    number = MAX (number, 0) * 10 + digit;
    *text = g_utf8_next_char (*text);
  }
  return number;
}

gboolean
satchel_preferences_parse_hour (const char *typed, int *minute_of_day)
{
  g_autofree char *stripped = g_strstrip (g_strdup (typed));
  const char *rest = stripped;
  int hour = read_number (&rest);
  int minute = 0;

  if (*rest == ':' || *rest == '.') {
    rest++;
    minute = read_number (&rest);
  }
  if (*rest != '\0' || hour < 0 || hour > 23 || minute < 0 || minute > 59)
    return FALSE;
  *minute_of_day = hour * 60 + minute;
  return TRUE;
}

gboolean
satchel_preferences_is_proxy (const char *typed)
{
  gsize size = strlen (typed);

  if (size == 0 || size > PROXY_MAX || strpbrk (typed, " \t/@?#") != NULL)
    return FALSE;
  g_autoptr (GSocketConnectable) address = g_network_address_parse (typed, 0, NULL);
  return address != NULL && g_network_address_get_port (G_NETWORK_ADDRESS (address)) != 0 &&
         *g_network_address_get_hostname (G_NETWORK_ADDRESS (address)) != '\0';
}

const char *
satchel_preferences_route_words (SatchelRoute route, gboolean has_proxy)
{
  switch (route) {
    case SATCHEL_ROUTE_DIRECT:
      return _ ("Whoever runs the network sees that you connect to your newsroom's server, and "
                "when.");
    case SATCHEL_ROUTE_TOR_PREFERRED:
      return has_proxy ? _ ("Everything goes through Tor as long as its address is set.")
                       : _ ("No address of Tor is set: everything goes directly.");
    case SATCHEL_ROUTE_TOR_ONLY:
      return has_proxy ? _ ("Everything goes through Tor, or not at all.")
                       : _ ("Nothing is sent before Tor's address is set.");
  }
  return "";
}
