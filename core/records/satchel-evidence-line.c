/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-json.h"
#include "base/satchel-text.h"
#include "records/satchel-evidence-private.h"
#include "records/satchel-line-private.h"

static const char *const clock_names[] = {
    [SATCHEL_CLOCK_UNKNOWN] = "unknown",
    [SATCHEL_CLOCK_FILE] = "file",
    [SATCHEL_CLOCK_STATED] = "stated",
    [SATCHEL_CLOCK_DEVICE] = "device",
};

static const char *const origin_names[] = {
    [SATCHEL_ORIGIN_UNKNOWN] = "unknown",
    [SATCHEL_ORIGIN_OWN] = "own",
    [SATCHEL_ORIGIN_RECEIVED] = "received",
    [SATCHEL_ORIGIN_ONLINE] = "online",
};

const char *
satchel_clock_confidence_to_text (SatchelClockConfidence clock)
{
  g_return_val_if_fail ((guint) clock < G_N_ELEMENTS (clock_names), "");
  return clock_names[clock];
}

const char *
satchel_origin_to_text (SatchelOrigin origin)
{
  g_return_val_if_fail ((guint) origin < G_N_ELEMENTS (origin_names), "");
  return origin_names[origin];
}

void
satchel_evidence_free (SatchelEvidence *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->record_id);
  g_free (self->blob_id);
  g_free (self->name);
  g_free (self->type);
  g_free (self->from);
  g_free (self->device);
  g_free (self->url);
  g_free (self->original);
  g_free (self->line);
  g_free (self);
}

static void
add_when (GString *line, const char *name, const SatchelWhen *when)
{
  if (when->precision == SATCHEL_PRECISION_UNKNOWN)
    return;
  g_autofree char *text = satchel_when_format (when);
  satchel_line_add_string (line, name, text);
}

void
satchel_evidence_compose (SatchelEvidence *self)
{
  GString *line = satchel_line_new ();

  satchel_line_add_string (line, "item", self->id);
  satchel_line_add_string (line, "record", self->record_id);
  satchel_line_add_string (line, "name", self->name);
  satchel_line_add_string (line, "type", self->type);
  satchel_line_add_int (line, "size", (gint64) self->size_bytes);
  satchel_line_add_hash (line, "sha256", self->sha256);
  add_when (line, "captured", &self->captured);
  satchel_line_add_string (line, "clock", clock_names[self->clock]);
  add_when (line, "imported", &self->imported);
  satchel_line_add_string (line, "origin", origin_names[self->origin]);
  satchel_line_add_string (line, "from", self->from);
  satchel_line_add_string (line, "device", self->device);
  satchel_line_add_string (line, "url", self->url);
  satchel_line_add_string (line, "original", self->original);
  g_free (self->line);
  self->line = satchel_line_end (line, self->hash);
}

/* The place of a member's word in a table of names. */
static gboolean
read_word (
    JsonObject *object, const char *member, const char *const *names, guint count, guint *out)
{
  const char *text = NULL;

  if (!satchel_json_get_string (object, member, 64, &text, NULL))
    return FALSE;
  for (guint i = 0; i < count; i++)
    if (g_str_equal (text, names[i])) {
      *out = i;
      return TRUE;
    }
  return FALSE;
}

static gboolean
read_when (JsonObject *object, const char *member, SatchelWhen *out, GError **error)
{
  const char *text = NULL;

  return satchel_json_get_string (object, member, 64, &text, error) &&
         satchel_when_parse (text, 0, out, error);
}

static gboolean
read_provenance (SatchelEvidence *self, JsonObject *object, GError **error)
{
  guint clock = 0;
  guint origin = 0;

  if (!read_word (object, "clock", clock_names, G_N_ELEMENTS (clock_names), &clock) ||
      !read_word (object, "origin", origin_names, G_N_ELEMENTS (origin_names), &origin))
    return FALSE;
  self->clock = clock;
  self->origin = origin;
  return read_when (object, "imported", &self->imported, error) &&
         (!json_object_has_member (object, "captured") ||
          read_when (object, "captured", &self->captured, error)) &&
         satchel_line_get_optional (object, "from", SATCHEL_EVIDENCE_TEXT_MAX, &self->from,
                                    error) &&
         satchel_line_get_optional (object, "device", SATCHEL_EVIDENCE_TEXT_MAX, &self->device,
                                    error) &&
         satchel_line_get_optional (object, "url", SATCHEL_EVIDENCE_TEXT_MAX, &self->url, error) &&
         (!json_object_has_member (object, "original") ||
          satchel_line_get_id (object, "original", &self->original, error));
}

static gboolean
read_members (SatchelEvidence *self, JsonObject *object, GError **error)
{
  const char *name = NULL;
  const char *type = NULL;
  gint64 size = 0;

  if (!satchel_line_get_id (object, "item", &self->id, error) ||
      !satchel_line_get_id (object, "record", &self->record_id, error) ||
      !satchel_json_get_string (object, "name", 255, &name, error) ||
      !satchel_json_get_string (object, "type", 127, &type, error) ||
      !satchel_json_get_int (object, "size", 0, G_MAXINT64, &size, error) ||
      !satchel_line_get_hash (object, "sha256", FALSE, NULL, self->sha256, error) ||
      !read_provenance (self, object, error))
    return FALSE;
  self->name = g_strdup (name);
  self->type = g_strdup (type);
  self->size_bytes = (guint64) size;
  return TRUE;
}

SatchelEvidence *
satchel_evidence_parse (const char *line, gsize size_bytes, GError **error)
{
  g_autoptr (SatchelEvidence) self = g_new0 (SatchelEvidence, 1);
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonNode) node =
      satchel_json_parse (line, size_bytes, SATCHEL_EVIDENCE_LINE_MAX, &cause);

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node) &&
      read_members (self, json_node_get_object (node), &cause)) {
    satchel_evidence_compose (self);
    if (strlen (self->line) == size_bytes && memcmp (self->line, line, size_bytes) == 0)
      return g_steal_pointer (&self);
  }
  satchel_line_take_damage (error, "evidence item", g_steal_pointer (&cause));
  return NULL;
}

/* A type from outside tables, fit for a line: "image/jpeg" and nothing stranger. */
static gboolean
is_media_type (const char *type)
{
  return type != NULL && strlen (type) <= 127 && strchr (type, '/') != NULL &&
         strspn (type, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-./") ==
             strlen (type);
}

char *
satchel_evidence_guess_type (const char *name, const guint8 *head, gsize size_bytes)
{
  static const char unknown[] = "application/octet-stream";
  gboolean uncertain = FALSE;
  g_autofree char *type = g_content_type_guess (NULL, head, size_bytes, &uncertain);

  /* The bytes come first: a name is only what somebody wrote. It may refine plain text or a
   * container (text/csv, a docx), or say what the bytes cannot. */
  if (uncertain || g_content_type_is_unknown (type) || g_content_type_is_a (type, "text/plain") ||
      g_str_equal (type, "application/zip")) {
    g_free (type);
    type = g_content_type_guess (name, head, size_bytes, &uncertain);
  }
  char *media = size_bytes > 0 ? g_content_type_get_mime_type (type) : NULL;
  if (is_media_type (media))
    return media;
  g_free (media);
  return g_strdup (unknown);
}
