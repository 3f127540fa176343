/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-people-private.h"

#include <string.h>

#include "base/satchel-hash.h"
#include "base/satchel-text.h"

char *
satchel_people_fold_name (const char *name)
{
  g_autofree char *normal = g_utf8_normalize (name, -1, G_NORMALIZE_ALL_COMPOSE);
  g_autoptr (GString) plain = g_string_new (NULL);
  gboolean space = FALSE;

  for (const char *p = normal != NULL ? normal : ""; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if (g_unichar_isspace (c)) {
      space = plain->len > 0;
      continue;
    }
    if (g_unichar_type (c) == G_UNICODE_FORMAT || g_unichar_iszerowidth (c))
      continue;
    if (space)
      g_string_append_c (plain, ' ');
    space = FALSE;
    g_string_append_unichar (plain, c);
  }
  return g_utf8_casefold (plain->str, -1);
}

gboolean
satchel_people_check_name (const char *name, GError **error)
{
  g_autofree char *folded = NULL;
  gsize size = strlen (name);
  gboolean good = size > 0 && size <= SATCHEL_CARD_NAME_MAX &&
                  satchel_text_is_clean (name, (gssize) size);

  for (const char *p = name; good && *p != '\0'; p = g_utf8_next_char (p))
    good = !g_unichar_iscntrl (g_utf8_get_char (p));
  if (good) {
    folded = satchel_people_fold_name (name);
    good = *folded != '\0';
  }
  if (!good)
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID,
                 "a name has 1 to %d bytes of text", SATCHEL_CARD_NAME_MAX);
  return good;
}

gboolean
satchel_people_tell (SatchelVault *vault,
                     SatchelAction action,
                     const char *object,
                     const char *hashed,
                     const char *key,
                     const char *value,
                     GError **error)
{
  g_autoptr (JsonObject) detail = NULL;
  guint8 hash[SATCHEL_SHA256_SIZE];

  if (hashed != NULL)
    satchel_sha256 ((const guint8 *) hashed, strlen (hashed), hash);
  if (value != NULL) {
    detail = json_object_new ();
    json_object_set_string_member (detail, key, value);
  }
  return satchel_ledger_append (vault, action, object, hashed != NULL ? hash : NULL, detail, error);
}

gboolean
satchel_people_set_damaged (GError **error, const char *what)
{
  g_set_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_DAMAGED,
               "the stored %s is not what was written", what);
  return FALSE;
}

SatchelSecret *
satchel_people_read_secret (SatchelStatement *statement,
                            int column,
                            gsize size_bytes,
                            GError **error)
{
  gsize size = 0;
  const guint8 *data = satchel_statement_get_blob (statement, column, &size);

  if (data == NULL || size != size_bytes) {
    satchel_people_set_damaged (error, "secret");
    return NULL;
  }
  return satchel_secret_new_copy (data, size, error);
}
