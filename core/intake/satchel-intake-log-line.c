/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/satchel-intake-log-line-private.h"

#include <sodium.h>
#include <string.h>

#include "base/satchel-json.h"
#include "base/satchel-text.h"
#include "base/satchel-time.h"

static const char *const action_names[] = {"stored", "seen", "deleted"};

static char *
write_object (const SatchelIntakeLine *line)
{
  g_autofree char *time = satchel_utc_format (line->time_unix_us);
  g_autofree char *sha256 = satchel_hex_encode (line->sha256, 32);
  g_autofree char *previous = satchel_hex_encode (line->previous, 32);

  return g_strdup_printf ("{\"position\":%" G_GUINT64_FORMAT ",\"time\":\"%s\",\"action\":\"%s\","
                          "\"mailbox\":\"%s\",\"sha256\":\"%s\",\"size\":%" G_GUINT64_FORMAT
                          ",\"previous\":\"%s\"}",
                          line->position, time, action_names[line->action], line->mailbox, sha256,
                          line->size_bytes, previous);
}

/* What the signature covers: it names its kind, so that no other signed thing can stand for it. */
static char *
signed_text (const char *object, gsize size_bytes)
{
  return g_strdup_printf ("satchel-log v1\n%.*s\n", (int) size_bytes, object);
}

char *
satchel_intake_line_sign (const SatchelIntakeLine *line, SatchelSecret *receipt_pair)
{
  g_autofree char *object = write_object (line);
  g_autofree char *text = signed_text (object, strlen (object));
  guint8 signature[crypto_sign_BYTES];

  /* A minisign pair is its key id and then the Ed25519 secret key. */
  crypto_sign_detached (signature, NULL, (const guint8 *) text, strlen (text),
                        satchel_secret_get_data (receipt_pair) + SATCHEL_MINISIGN_KEY_ID_SIZE);
  g_autofree char *base64 = satchel_base64_encode (signature, sizeof signature);
  return g_strdup_printf ("%s %s", object, base64);
}

static gboolean
read_members (JsonObject *object, SatchelIntakeLine *line, GError **error)
{
  const char *time, *action, *mailbox, *sha256, *previous;
  gint64 position, size_bytes;

  if (!satchel_json_get_int (object, "position", 1, G_MAXINT64, &position, error) ||
      !satchel_json_get_string (object, "time", 20, &time, error) ||
      !satchel_json_get_string (object, "action", 8, &action, error) ||
      !satchel_json_get_string (object, "mailbox", 64, &mailbox, error) ||
      !satchel_json_get_string (object, "sha256", 64, &sha256, error) ||
      !satchel_json_get_int (object, "size", 0, G_MAXINT64, &size_bytes, error) ||
      !satchel_json_get_string (object, "previous", 64, &previous, error))
    return FALSE;
  line->position = position;
  line->size_bytes = size_bytes;
  for (line->action = 0; line->action < G_N_ELEMENTS (action_names); line->action++)
    if (strcmp (action, action_names[line->action]) == 0)
      break;
  if (line->action == G_N_ELEMENTS (action_names) || !satchel_is_mailbox_id (mailbox) ||
      !satchel_hex_decode (sha256, line->sha256, 32) ||
      !satchel_hex_decode (previous, line->previous, 32) ||
      !satchel_utc_parse (time, &line->time_unix_us)) {
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_DAMAGED,
                         "a member of a log line has a wrong value");
    return FALSE;
  }
  memcpy (line->mailbox, mailbox, sizeof line->mailbox);
  return TRUE;
}

static gboolean
set_damaged (GError **error, const char *what)
{
  g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_DAMAGED, what);
  return FALSE;
}

gboolean
satchel_intake_line_parse (const char *text,
                           gsize size_bytes,
                           SatchelIntakeLine *line,
                           GError **error)
{
  const char *space = memrchr (text, ' ', size_bytes);
  SatchelIntakeLine read = {0};
  g_autoptr (GError) local_error = NULL;

  if (space == NULL || size_bytes > SATCHEL_INTAKE_LINE_MAX)
    return set_damaged (error, "a log line has no signature");
  read.signed_size_bytes = space - text;
  g_autoptr (GBytes) signature =
      satchel_base64_decode (space + 1, size_bytes - read.signed_size_bytes - 1);
  if (signature == NULL || g_bytes_get_size (signature) != sizeof read.signature)
    return set_damaged (error, "a log line's signature is malformed");
  memcpy (read.signature, g_bytes_get_data (signature, NULL), sizeof read.signature);
  g_autoptr (JsonNode) node =
      satchel_json_parse (text, read.signed_size_bytes, SATCHEL_INTAKE_LINE_MAX, &local_error);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node) ||
      !read_members (json_node_get_object (node), &read, &local_error))
    return set_damaged (error, local_error != NULL ? local_error->message : "not an object");
  g_autofree char *again = write_object (&read);
  if (strlen (again) != read.signed_size_bytes ||
      memcmp (again, text, read.signed_size_bytes) != 0)
    return set_damaged (error, "a log line is not as the intake writes it");
  *line = read;
  return TRUE;
}

gboolean
satchel_intake_line_verify (const char *text,
                            const SatchelIntakeLine *line,
                            const SatchelMinisignKey *receipt)
{
  g_autofree char *covered = signed_text (text, line->signed_size_bytes);

  return crypto_sign_verify_detached (line->signature, (const guint8 *) covered, strlen (covered),
                                      receipt->ed25519) == 0;
}
