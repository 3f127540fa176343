/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-paper.h"

#include <string.h>

#include "base/satchel-text.h"

#define KIND_NAME_MAX 32

struct _SatchelPaper {
  const SatchelPaperKind *kind;
  char *text;
  gsize size_bytes;
  gsize body_bytes;
  GPtrArray **values; /* one array of strings a field of the kind */
};

struct _SatchelPaperBuilder {
  const SatchelPaperKind *kind;
  GString *body;
  GError *fault; /* the first value that no reader would take */
};

/* Some papers hold secrets, so none leaves its text behind in freed memory. */
static void
wipe_free (gpointer text)
{
  if (text != NULL)
    explicit_bzero (text, strlen (text));
  g_free (text);
}

/* The text that stands first in the body and in both comments of the signature. */
static char *
make_title (const SatchelPaperKind *kind)
{
  return g_strdup_printf ("satchel-%s v1", kind->name);
}

static const SatchelPaperField *
find_field (const SatchelPaperKind *kind, const char *key, guint *index)
{
  for (guint i = 0; i < kind->n_fields; i++) {
    if (g_str_equal (kind->fields[i].key, key)) {
      *index = i;
      return &kind->fields[i];
    }
  }
  g_return_val_if_reached (NULL);
}

/* Line and paragraph separators and bidirectional overrides could make one line look like two, or
 * a name read as another. */
static gboolean
is_forbidden (gunichar c)
{
  return g_unichar_iscntrl (c) || c == 0x2028 || c == 0x2029 || c == 0xfeff ||
         (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static gboolean
check_value (const SatchelPaperField *field, const char *value, gsize size, GError **error)
{
  const char *fault = NULL;

  if (size == 0)
    fault = "is empty";
  else if (size > field->value_max)
    fault = "is too long";
  else if (!satchel_text_is_clean (value, (gssize) size))
    fault = "is not clean UTF-8";
  else if (g_unichar_isspace (g_utf8_get_char (value)) ||
           g_unichar_isspace (g_utf8_get_char (g_utf8_prev_char (value + size))))
    fault = "has space around it";
  for (const char *p = value; fault == NULL && p < value + size; p = g_utf8_next_char (p)) {
    if (is_forbidden (g_utf8_get_char (p)))
      fault = "has control characters";
  }
  if (fault != NULL)
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID,
                 "the value of \"%s\" %s", field->key, fault);
  return fault == NULL;
}

/* Splits "satchel-NAME vN\n" off; FALSE where the text does not begin so. */
static gboolean
read_title (const char *text, gsize size, char **name, guint64 *version)
{
  const char *line_end = memchr (text, '\n', MIN (size, KIND_NAME_MAX + 24));
  g_autofree char *line = NULL;

  if (line_end == NULL || !g_str_has_prefix (text, "satchel-"))
    return FALSE;
  line = g_strndup (text + strlen ("satchel-"), (gsize) (line_end - text) - strlen ("satchel-"));

  char *mark = strstr (line, " v");
  if (mark == NULL || mark == line || mark - line > KIND_NAME_MAX)
    return FALSE;
  *mark = '\0';
  if (line[strspn (line, "abcdefghijklmnopqrstuvwxyz-")] != '\0')
    return FALSE;
  if (mark[2] == '0' || !g_ascii_string_to_unsigned (mark + 2, 10, 1, G_MAXUINT32, version, NULL))
    return FALSE;
  *name = g_strdup (line);
  return TRUE;
}

char *
satchel_paper_guess_kind (const char *text, gsize size_bytes)
{
  g_autofree char *name = NULL;
  g_autofree char *copy =
      g_strndup (size_bytes > 0 ? text : "", MIN (size_bytes, 2 * KIND_NAME_MAX));
  guint64 version = 0;

  if (!read_title (copy, strlen (copy), &name, &version))
    return NULL;
  return g_steal_pointer (&name);
}

static gboolean
check_title (SatchelPaper *self, gsize *title_bytes, GError **error)
{
  g_autofree char *name = NULL;
  guint64 version = 0;

  if (!read_title (self->text, self->size_bytes, &name, &version)) {
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID,
                 "not a Satchel paper: its first line names no kind");
    return FALSE;
  }
  if (!g_str_equal (name, self->kind->name)) {
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_OTHER_KIND,
                 "this is a %s where a %s is needed", name, self->kind->name);
    return FALSE;
  }
  if (version != 1) {
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_NEWER,
                 "a %s of version %" G_GUINT64_FORMAT " is newer than this program", name, version);
    return FALSE;
  }
  *title_bytes = (gsize) (strchr (self->text, '\n') + 1 - self->text);
  return TRUE;
}

/* Takes the lines of one field, as many as stand there, and moves *@position behind them. */
static gboolean
read_field (SatchelPaper *self, guint index, gsize *position, GError **error)
{
  const SatchelPaperField *field = &self->kind->fields[index];
  g_autofree char *prefix = g_strconcat (field->key, ": ", NULL);
  GPtrArray *values = g_ptr_array_new_with_free_func (wipe_free);

  self->values[index] = values;
  while (g_str_has_prefix (self->text + *position, prefix) && *position < self->body_bytes) {
    const char *value = self->text + *position + strlen (prefix);
    const char *line_end = strchr (value, '\n');

    if (values->len == field->maximum) {
      g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID,
                   "\"%s\" stands there too often", field->key);
      return FALSE;
    }
    if (!check_value (field, value, (gsize) (line_end - value), error))
      return FALSE;
    g_ptr_array_add (values, g_strndup (value, (gsize) (line_end - value)));
    *position = (gsize) (line_end + 1 - self->text);
  }
  if (values->len < field->minimum) {
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID,
                 "\"%s\" is missing or out of its place", field->key);
    return FALSE;
  }
  return TRUE;
}

static gboolean
read_body (SatchelPaper *self, GError **error)
{
  const char *gap = strstr (self->text, "\n\n");
  gsize position = 0;

  if (gap == NULL) {
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID,
                 "the paper has no signature");
    return FALSE;
  }
  self->body_bytes = (gsize) (gap + 1 - self->text);
  if (!check_title (self, &position, error))
    return FALSE;
  for (guint i = 0; i < self->kind->n_fields; i++) {
    if (!read_field (self, i, &position, error))
      return FALSE;
  }
  if (position != self->body_bytes) {
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID,
                 "a line at byte %" G_GSIZE_FORMAT " does not belong there", position);
    return FALSE;
  }
  return TRUE;
}

static const char *
get_signature (SatchelPaper *self)
{
  return self->text + self->body_bytes + 1;
}

/* minisign authenticates neither the untrusted comment nor the key id; here they have one spelling,
 * so that a signed paper cannot be changed at any byte. */
static gboolean
check_signature_form (SatchelPaper *self, GError **error)
{
  g_autofree char *title = make_title (self->kind);
  g_autofree char *untrusted = g_strdup_printf ("untrusted comment: %s", title);
  g_autofree char *trusted = g_strdup_printf ("trusted comment: %s", title);
  g_auto (GStrv) lines = g_strsplit (get_signature (self), "\n", 6);

  if (g_strv_length (lines) != 5 || *lines[4] != '\0' || !g_str_equal (lines[0], untrusted) ||
      !g_str_equal (lines[2], trusted)) {
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID,
                 "the signature is not the four lines of a %s", self->kind->name);
    return FALSE;
  }
  return TRUE;
}

SatchelPaper *
satchel_paper_parse (const SatchelPaperKind *kind,
                     const char *text,
                     gsize size_bytes,
                     GError **error)
{
  g_autoptr (SatchelPaper) self = g_new0 (SatchelPaper, 1);

  self->kind = kind;
  self->values = g_new0 (GPtrArray *, kind->n_fields);
  if (size_bytes > kind->size_max) {
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID,
                 "a %s has at most %" G_GSIZE_FORMAT " bytes", kind->name, kind->size_max);
    return NULL;
  }
  if (size_bytes == 0 || !satchel_text_is_clean (text, (gssize) size_bytes)) {
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID,
                 "not a Satchel paper: not UTF-8 text");
    return NULL;
  }
  self->text = g_strndup (text, size_bytes);
  self->size_bytes = size_bytes;
  if (!read_body (self, error) || !check_signature_form (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

static gboolean
has_key_id (SatchelPaper *self, const SatchelMinisignKey *key)
{
  const char *line = strchr (get_signature (self), '\n') + 1;
  g_autoptr (GBytes) raw = satchel_base64_decode (line, strchr (line, '\n') - line);
  gsize size = 0;
  const guint8 *data = raw != NULL ? g_bytes_get_data (raw, &size) : NULL;

  return size > 2 + SATCHEL_MINISIGN_KEY_ID_SIZE &&
         memcmp (data + 2, key->key_id, SATCHEL_MINISIGN_KEY_ID_SIZE) == 0;
}

gboolean
satchel_paper_verify (SatchelPaper *self, const SatchelMinisignKey *key, GError **error)
{
  g_autoptr (GError) reason = NULL;
  const char *signature = get_signature (self);
  gsize signature_bytes = self->size_bytes - self->body_bytes - 1;

  if (!has_key_id (self, key)) {
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_SIGNATURE,
                 "the %s is signed by another key", self->kind->name);
    return FALSE;
  }
  if (!satchel_minisign_verify (key, signature, signature_bytes, (const guint8 *) self->text,
                                self->body_bytes, NULL, &reason)) {
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_SIGNATURE, "the %s: %s",
                 self->kind->name, reason->message);
    return FALSE;
  }
  return TRUE;
}

guint
satchel_paper_count (SatchelPaper *self, const char *key)
{
  guint index = 0;

  return find_field (self->kind, key, &index) != NULL ? self->values[index]->len : 0;
}

const char *
satchel_paper_get (SatchelPaper *self, const char *key, guint index)
{
  guint field = 0;

  g_return_val_if_fail (find_field (self->kind, key, &field) != NULL, NULL);
  g_return_val_if_fail (index < self->values[field]->len, NULL);
  return g_ptr_array_index (self->values[field], index);
}

const char *
satchel_paper_get_text (SatchelPaper *self, gsize *size_bytes)
{
  if (size_bytes != NULL)
    *size_bytes = self->size_bytes;
  return self->text;
}

void
satchel_paper_free (SatchelPaper *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->kind->n_fields; i++)
    g_clear_pointer (&self->values[i], g_ptr_array_unref);
  g_free (self->values);
  wipe_free (self->text);
  g_free (self);
}

SatchelPaperBuilder *
satchel_paper_builder_new (const SatchelPaperKind *kind)
{
  SatchelPaperBuilder *self = g_new0 (SatchelPaperBuilder, 1);
  g_autofree char *title = make_title (kind);

  self->kind = kind;
  self->body = g_string_new (title);
  g_string_append_c (self->body, '\n');
  return self;
}

void
satchel_paper_builder_add (SatchelPaperBuilder *self, const char *key, const char *value)
{
  guint index = 0;
  const SatchelPaperField *field = find_field (self->kind, key, &index);

  g_return_if_fail (field != NULL);
  if (self->fault != NULL || !check_value (field, value, strlen (value), &self->fault))
    return;
  g_string_append_printf (self->body, "%s: %s\n", key, value);
}

void
satchel_paper_builder_add_bytes (SatchelPaperBuilder *self,
                                 const char *key,
                                 gconstpointer data,
                                 gsize size_bytes)
{
  g_autofree char *value = satchel_base64_encode (data, size_bytes);

  satchel_paper_builder_add (self, key, value);
}

char *
satchel_paper_builder_sign (SatchelPaperBuilder *self, SatchelSecret *pair, GError **error)
{
  g_autofree char *title = make_title (self->kind);
  g_autofree char *signature = NULL;
  g_autofree char *text = NULL;
  g_autoptr (SatchelPaper) paper = NULL;

  if (self->fault != NULL) {
    g_propagate_error (error, g_error_copy (self->fault));
    return NULL;
  }
  signature = satchel_minisign_sign (pair, (const guint8 *) self->body->str, self->body->len, title,
                                     title, error);
  if (signature == NULL)
    return NULL;

  text = g_strconcat (self->body->str, "\n", signature, NULL);
  paper = satchel_paper_parse (self->kind, text, strlen (text), error);
  return paper != NULL ? g_steal_pointer (&text) : NULL;
}

void
satchel_paper_builder_free (SatchelPaperBuilder *self)
{
  if (self == NULL)
    return;
  explicit_bzero (self->body->str, self->body->allocated_len);
  g_string_free (self->body, TRUE);
  g_clear_error (&self->fault);
  g_free (self);
}
