/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-bag-private.h"

#include <string.h>

#include "base/satchel-text.h"

static SatchelSealError
code_for_rule (const char *rule)
{
  if (g_str_has_prefix (rule, "signature"))
    return SATCHEL_SEAL_ERROR_SIGNATURE;
  if (g_str_equal (rule, "member-size") || g_str_equal (rule, "member-count"))
    return SATCHEL_SEAL_ERROR_LIMIT;
  return SATCHEL_SEAL_ERROR_BAG;
}

gboolean
satchel_bag_break (GError **error, const char *rule, const char *member, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error,
               SATCHEL_SEAL_ERROR,
               code_for_rule (rule),
               "%s: %s%s%s",
               rule,
               member != NULL ? member : "",
               member != NULL ? ": " : "",
               text);
  return FALSE;
}

/* Errors of the age layer carry no rule in their message; their codes are the rules. */
static const char *
rule_of_age (const GError *error)
{
  switch (error->code) {
    case SATCHEL_SEAL_ERROR_HEADER:
      return "age-header";
    case SATCHEL_SEAL_ERROR_NO_MATCH:
      return "age-no-match";
    case SATCHEL_SEAL_ERROR_HEADER_MAC:
      return "age-header-mac";
    case SATCHEL_SEAL_ERROR_PAYLOAD:
      return "age-payload";
    default:
      return NULL;
  }
}

SatchelBagFinding *
satchel_bag_finding_from_error (const GError *error)
{
  if (error == NULL || error->domain != SATCHEL_SEAL_ERROR)
    return NULL;

  SatchelBagFinding *finding = g_new0 (SatchelBagFinding, 1);
  const char *age_rule = rule_of_age (error);
  if (age_rule != NULL) {
    finding->rule = g_strdup (age_rule);
    finding->message = g_str_has_prefix (error->message, age_rule)
                           ? g_strdup (error->message)
                           : g_strdup_printf ("%s: %s", age_rule, error->message);
    return finding;
  }
  g_auto (GStrv) parts = g_strsplit (error->message, ": ", 3);
  finding->rule = g_strdup (parts[0]);
  finding->message = g_strdup (error->message);
  /* Members' names have no spaces, sentences do. */
  if (parts[0] != NULL && parts[1] != NULL && parts[2] != NULL && strchr (parts[1], ' ') == NULL)
    finding->member = g_strdup (parts[1]);
  return finding;
}

void
satchel_bag_finding_free (SatchelBagFinding *self)
{
  if (self == NULL)
    return;
  g_free (self->rule);
  g_free (self->member);
  g_free (self->message);
  g_free (self);
}

static void
tee_report (SatchelBagTee *self, gsize size_bytes)
{
  if (self->total_so_far == NULL)
    return;
  *self->total_so_far += size_bytes;
  if (self->progress.report != NULL)
    self->progress.report (*self->total_so_far, self->total, self->progress.user_data);
}

static gboolean
is_zero (const guint8 *data, gsize size_bytes)
{
  return size_bytes == 0 ||
         (data[0] == 0 && memcmp (data, data + 1, size_bytes - 1) == 0);
}

static gboolean
write_tee_cb (gpointer target,
              const guint8 *data,
              gsize size_bytes,
              GCancellable *cancellable,
              GError **error)
{
  SatchelBagTee *self = target;

  if (size_bytes > self->limit - self->count)
    return satchel_bag_break (error, "file-hash", self->member, "longer than it should be");
  if (self->only_zeros && !is_zero (data, size_bytes))
    return satchel_bag_break (error, "padding", self->member, "a byte that is not zero");
  if (self->hash == NULL)
    self->hash = satchel_sha256_new ();
  satchel_sha256_update (self->hash, data, size_bytes);
  self->count += size_bytes;
  if (self->next.write != NULL &&
      !satchel_sink_write (self->next, data, size_bytes, cancellable, error))
    return FALSE;
  tee_report (self, size_bytes);
  return TRUE;
}

SatchelSink
satchel_bag_tee_get_sink (SatchelBagTee *self)
{
  return (SatchelSink){write_tee_cb, self};
}

void
satchel_bag_tee_clear (SatchelBagTee *self)
{
  g_clear_pointer (&self->hash, satchel_sha256_free);
}

gboolean
satchel_bag_tee_run (SatchelBagTee *self,
                     GInputStream *source,
                     const guint8 expected[SATCHEL_SHA256_SIZE],
                     const char *rule,
                     GCancellable *cancellable,
                     GError **error)
{
  guint8 sha256[SATCHEL_SHA256_SIZE];

  if (!satchel_sink_splice (satchel_bag_tee_get_sink (self), source, G_MAXUINT64, NULL, cancellable,
                            error))
    return FALSE;
  if (self->hash == NULL)
    self->hash = satchel_sha256_new ();
  satchel_sha256_finish (self->hash, sha256);
  if (self->count != self->limit)
    return satchel_bag_break (error, rule, self->member, "shorter than it should be");
  return memcmp (sha256, expected, sizeof sha256) == 0 ||
         satchel_bag_break (error, rule, self->member, "the content has another SHA-256");
}
