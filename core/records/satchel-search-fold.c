/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-search-private.h"

static gunichar
fold (gunichar c)
{
  switch (c) {
    case 0x0401: /* Cyrillic yo */
    case 0x0451:
      return 0x0435;
    case 0x0643: /* Arabic kaf */
      return 0x06a9;
    case 0x0649: /* alef maksura and Arabic yeh */
    case 0x064a:
      return 0x06cc;
    case 0x0629: /* teh marbuta */
    case 0x06c0: /* heh with yeh above */
      return 0x0647;
    default:
      return c;
  }
}

char *
satchel_search_fold (const char *text, gssize length)
{
  const char *end = length >= 0 ? text + length : NULL;
  g_autoptr (GString) folded = g_string_new (NULL);
  gboolean changed = FALSE;

  for (const char *at = text; at != end && *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);
    changed = changed || fold (c) != c;
    g_string_append_unichar (folded, fold (c));
  }
  return changed ? g_strdup (folded->str) : NULL;
}

char *
satchel_search_dup_folded_words (const char *text)
{
  GString *words = g_string_new (NULL);

  for (const char *at = text; *at != '\0';) {
    const char *end = at;
    while (*end != '\0' && !g_unichar_isspace (g_utf8_get_char (end)))
      end = g_utf8_next_char (end);
    g_autofree char *folded = satchel_search_fold (at, end - at);
    if (folded != NULL)
      g_string_append_printf (words, "%s%s", words->len > 0 ? " " : "", folded);
    at = *end != '\0' ? g_utf8_next_char (end) : end;
  }
  return g_string_free (words, FALSE);
}
