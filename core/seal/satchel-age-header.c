/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-text.h"
#include "seal/satchel-age-private.h"

#define STANZA_MARK  "-> "
#define MAC_MARK     "--- "
#define BODY_COLUMNS 64
#define MAC_COLUMNS  43

static void
stanza_free (gpointer data)
{
  SatchelAgeStanza *stanza = data;

  g_strfreev (stanza->arguments);
  g_byte_array_unref (stanza->body);
  g_free (stanza);
}

void
satchel_age_header_free (SatchelAgeHeader *self)
{
  if (self == NULL)
    return;
  g_byte_array_unref (self->raw);
  g_ptr_array_unref (self->stanzas);
  g_free (self);
}

static gboolean
refuse (GError **error, const char *rule)
{
  g_set_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_HEADER, "age header: %s", rule);
  return FALSE;
}

static gboolean
refuse_limit (GError **error, const char *limit)
{
  g_set_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_LIMIT, "age header: %s", limit);
  return FALSE;
}

/* Appends one line, LF and all, to the raw header; @line is borrowed from it, without the LF. */
static gboolean
read_line (GBufferedInputStream *stream,
           SatchelAgeHeader *header,
           GString *line,
           GCancellable *cancellable,
           GError **error)
{
  g_autoptr (GError) local_error = NULL;

  g_string_truncate (line, 0);
  for (;;) {
    int byte = g_buffered_input_stream_read_byte (stream, cancellable, &local_error);
    if (local_error != NULL) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
    if (byte < 0)
      return refuse (error, "cut short");
    if (header->raw->len == SATCHEL_AGE_HEADER_MAX)
      return refuse_limit (error, "longer than 64 KiB");
    if (byte == '\n')
      break;
    if (byte < 0x20 || byte > 0x7e)
      return refuse (error, "a byte that is not printable ASCII");
    if (line->len == SATCHEL_AGE_LINE_MAX)
      return refuse_limit (error, "a line longer than 4 KiB");
    g_string_append_c (line, byte);
    g_byte_array_append (header->raw, &(guint8){byte}, 1);
  }
  g_byte_array_append (header->raw, (const guint8 *) "\n", 1);
  return TRUE;
}

/* One or more words of printable characters, each after exactly one space. */
static gboolean
begin_stanza (SatchelAgeHeader *header, const GString *line, GError **error)
{
  if (header->stanzas->len == SATCHEL_AGE_STANZAS_MAX)
    return refuse_limit (error, "more than 64 stanzas");
  g_auto (GStrv) arguments = g_strsplit (line->str + strlen (STANZA_MARK), " ", -1);
  if (arguments[0] == NULL)
    return refuse (error, "a stanza without a type");
  for (guint i = 0; arguments[i] != NULL; i++)
    if (arguments[i][0] == '\0')
      return refuse (error, "an empty argument in a stanza");
  SatchelAgeStanza *stanza = g_new0 (SatchelAgeStanza, 1);
  stanza->arguments = g_steal_pointer (&arguments);
  stanza->body = g_byte_array_new ();
  g_ptr_array_add (header->stanzas, stanza);
  return TRUE;
}

/* Full lines of 64 columns, then one that is shorter, empty where nothing is left to say. */
static gboolean
add_body_line (SatchelAgeStanza *stanza, const GString *line, gboolean *more, GError **error)
{
  if (line->len > BODY_COLUMNS)
    return refuse (error, "a body line longer than 64 columns");
  *more = line->len == BODY_COLUMNS;
  if (line->len == 0)
    return TRUE;
  g_autoptr (GBytes) bytes = satchel_base64_decode_raw (line->str, line->len);
  if (bytes == NULL)
    return refuse (error, "a stanza's body is not canonical base64");
  g_byte_array_append (stanza->body, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return TRUE;
}

static gboolean
end_header (SatchelAgeHeader *header, const GString *line, GError **error)
{
  g_autoptr (GBytes) mac = NULL;

  if (header->stanzas->len == 0)
    return refuse (error, "no stanzas");
  if (line->len == strlen (MAC_MARK) + MAC_COLUMNS)
    mac = satchel_base64_decode_raw (line->str + strlen (MAC_MARK), MAC_COLUMNS);
  if (mac == NULL || g_bytes_get_size (mac) != SATCHEL_AGE_MAC_SIZE)
    return refuse (error, "the last line has no MAC of 32 bytes in canonical base64");
  memcpy (header->mac, g_bytes_get_data (mac, NULL), SATCHEL_AGE_MAC_SIZE);
  g_byte_array_set_size (header->raw, header->raw->len - line->len - 1 + strlen ("---"));
  return TRUE;
}

static gboolean
read_stanzas (GBufferedInputStream *stream,
              SatchelAgeHeader *header,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (GString) line = g_string_new (NULL);
  gboolean within_body = FALSE;

  if (!read_line (stream, header, line, cancellable, error))
    return FALSE;
  if (line->len != strlen (SATCHEL_AGE_INTRO) - 1 ||
      memcmp (line->str, SATCHEL_AGE_INTRO, line->len) != 0)
    return refuse (error, "not an age v1 file");
  for (;;) {
    if (!read_line (stream, header, line, cancellable, error))
      return FALSE;
    if (within_body) {
      SatchelAgeStanza *stanza = header->stanzas->pdata[header->stanzas->len - 1];
      if (!add_body_line (stanza, line, &within_body, error))
        return FALSE;
    } else if (g_str_has_prefix (line->str, STANZA_MARK)) {
      if (!begin_stanza (header, line, error))
        return FALSE;
      within_body = TRUE;
    } else if (g_str_has_prefix (line->str, MAC_MARK)) {
      return end_header (header, line, error);
    } else {
      return refuse (error, "a line that begins neither a stanza nor the end");
    }
  }
}

SatchelAgeHeader *
satchel_age_header_read (GBufferedInputStream *stream, GCancellable *cancellable, GError **error)
{
  g_autoptr (SatchelAgeHeader) self = g_new0 (SatchelAgeHeader, 1);

  self->raw = g_byte_array_new ();
  self->stanzas = g_ptr_array_new_with_free_func (stanza_free);
  if (!read_stanzas (stream, self, cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}

static void
append_text (GByteArray *out, const char *text, gsize length)
{
  g_byte_array_append (out, (const guint8 *) text, length);
}

void
satchel_age_stanza_append (GByteArray *out,
                           const char *const *arguments,
                           const guint8 *body,
                           gsize body_size)
{
  g_autofree char *text = satchel_base64_encode_raw (body, body_size);
  gsize left = strlen (text);

  append_text (out, "->", 2);
  for (guint i = 0; arguments[i] != NULL; i++) {
    append_text (out, " ", 1);
    append_text (out, arguments[i], strlen (arguments[i]));
  }
  append_text (out, "\n", 1);
  for (const char *at = text;; at += BODY_COLUMNS, left -= BODY_COLUMNS) {
    append_text (out, at, MIN (left, BODY_COLUMNS));
    append_text (out, "\n", 1);
    if (left < BODY_COLUMNS)
      break;
  }
}
