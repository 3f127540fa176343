/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-newsroom-card.h"

#include <string.h>

#include "base/satchel-text.h"
#include "papers/satchel-paper-private.h"

#define ENGINE_URL_MAX 1024
#define VALID_US       (SATCHEL_NEWSROOM_VALID_DAYS * G_TIME_SPAN_DAY)

static const SatchelPaperField FIELDS[] = {
    {"name", 1, 1, SATCHEL_NEWSROOM_NAME_MAX},
    {"number", 1, 1, SATCHEL_PAPER_NUMBER_MAX},
    {"issued", 1, 1, SATCHEL_PAPER_TIME_MAX},
    {"valid-until", 1, 1, SATCHEL_PAPER_TIME_MAX},
    {"lead", 1, 1, SATCHEL_PAPER_MINISIGN_MAX},
    {"intake", 0, SATCHEL_NEWSROOM_INTAKES_MAX,
     SATCHEL_PAPER_BASE64 (SATCHEL_INTAKE_CARD_SIZE_MAX)},
    {"engine", 0, SATCHEL_NEWSROOM_INTAKES_MAX,
     ENGINE_URL_MAX + 1 + SATCHEL_PAPER_BASE64 (SATCHEL_INTAKE_ANCHOR_MAX)},
    {"member", 1, SATCHEL_NEWSROOM_MEMBERS_MAX, SATCHEL_PAPER_BASE64 (SATCHEL_CARD_SIZE_MAX)},
    {"recovery", 0, 1, 8},
    {"revoked", 0, SATCHEL_NEWSROOM_REVOKED_MAX, SATCHEL_PAPER_ID_MAX},
};

static const SatchelPaperKind KIND = {"newsroom", SATCHEL_NEWSROOM_CARD_SIZE_MAX, FIELDS,
                                      G_N_ELEMENTS (FIELDS)};

static void
free_engine (gpointer data)
{
  SatchelEngine *engine = data;

  g_free (engine->url);
  g_bytes_unref (engine->anchor);
  g_free (engine);
}

SatchelNewsroomCard *
satchel_newsroom_card_new (void)
{
  SatchelNewsroomCard *self = g_new0 (SatchelNewsroomCard, 1);

  self->intakes = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_intake_card_free);
  self->engines = g_ptr_array_new_with_free_func (free_engine);
  self->members = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_card_free);
  self->revoked = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
satchel_newsroom_card_add_engine (SatchelNewsroomCard *self, const char *url, GBytes *anchor)
{
  SatchelEngine *engine = g_new0 (SatchelEngine, 1);

  engine->url = g_strdup (url);
  engine->anchor = g_bytes_ref (anchor);
  g_ptr_array_add (self->engines, engine);
}

/* Writing. */

static void
add_engine_line (SatchelPaperBuilder *builder, const SatchelEngine *engine)
{
  gsize size = 0;
  const guint8 *der = g_bytes_get_data (engine->anchor, &size);
  g_autofree char *anchor = satchel_base64_encode (der, size);
  g_autofree char *value = g_strdup_printf ("%s %s", engine->url, anchor);

  satchel_paper_builder_add (builder, "engine", value);
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
add_revoked (SatchelPaperBuilder *builder, GPtrArray *revoked)
{
  g_autoptr (GPtrArray) sorted =
      g_ptr_array_copy (revoked, (GCopyFunc) (void (*) (void)) g_strdup, NULL);

  g_ptr_array_set_free_func (sorted, g_free);
  g_ptr_array_sort (sorted, compare_ids);
  for (guint i = 0; i < sorted->len; i++)
    satchel_paper_builder_add (builder, "revoked", g_ptr_array_index (sorted, i));
}

static void
add_people (SatchelPaperBuilder *builder, const SatchelNewsroomCard *draft)
{
  for (guint i = 0; i < draft->intakes->len; i++) {
    const SatchelIntakeCard *card = g_ptr_array_index (draft->intakes, i);
    satchel_paper_builder_add_bytes (builder, "intake", card->text, strlen (card->text));
  }
  for (guint i = 0; i < draft->engines->len; i++)
    add_engine_line (builder, g_ptr_array_index (draft->engines, i));
  for (guint i = 0; i < draft->members->len; i++) {
    const SatchelCard *card = g_ptr_array_index (draft->members, i);
    satchel_paper_builder_add_bytes (builder, "member", card->text, strlen (card->text));
  }
}

SatchelNewsroomCard *
satchel_newsroom_card_sign (const SatchelNewsroomCard *draft,
                            SatchelSecret *lead_pair,
                            GError **error)
{
  g_autoptr (SatchelPaperBuilder) builder = satchel_paper_builder_new (&KIND);
  g_autofree char *text = NULL;
  SatchelMinisignKey lead;

  satchel_minisign_pair_get_key (lead_pair, &lead);
  satchel_paper_builder_add (builder, "name", draft->name);
  satchel_paper_builder_add_number (builder, "number", draft->number);
  satchel_paper_builder_add_time (builder, "issued", draft->issued_unix_us);
  satchel_paper_builder_add_time (builder, "valid-until", draft->valid_until_unix_us);
  satchel_paper_builder_add_minisign (builder, "lead", &lead);
  add_people (builder, draft);
  if (draft->recovery_k > 0) {
    g_autofree char *shape = g_strdup_printf ("%u of %u", draft->recovery_k, draft->recovery_n);
    satchel_paper_builder_add (builder, "recovery", shape);
  }
  add_revoked (builder, draft->revoked);
  text = satchel_paper_builder_sign (builder, lead_pair, error);
  return text != NULL ? satchel_newsroom_card_parse (text, -1, &lead, error) : NULL;
}

/* Reading. */

static gboolean
read_head (SatchelNewsroomCard *self, SatchelPaper *paper, GError **error)
{
  if (!satchel_paper_get_number (paper, "number", 1, G_MAXINT64, &self->number, error) ||
      !satchel_paper_get_time (paper, "issued", &self->issued_unix_us, error) ||
      !satchel_paper_get_time (paper, "valid-until", &self->valid_until_unix_us, error))
    return FALSE;
  gint64 span = self->valid_until_unix_us - self->issued_unix_us;
  if (span <= 0 || span > VALID_US)
    return satchel_paper_fault (error, "valid-until", "is not within 90 days of its issue");
  self->name = g_strdup (satchel_paper_get (paper, "name", 0));
  return TRUE;
}

static gboolean
read_intakes (SatchelNewsroomCard *self, SatchelPaper *paper, GError **error)
{
  for (guint i = 0; i < satchel_paper_count (paper, "intake"); i++) {
    g_autoptr (GBytes) text = satchel_paper_get_bytes (paper, "intake", i, error);
    gsize size = 0;
    const char *data = text != NULL ? g_bytes_get_data (text, &size) : NULL;
    SatchelIntakeCard *card =
        data != NULL ? satchel_intake_card_parse (data, (gssize) size, error) : NULL;

    if (card == NULL)
      return FALSE;
    g_ptr_array_add (self->intakes, card);
    for (guint j = 0; j < i; j++) {
      const SatchelIntakeCard *other = g_ptr_array_index (self->intakes, j);
      if (satchel_minisign_key_equal (&other->receipt, &card->receipt))
        return satchel_paper_fault (error, "intake", "stands there twice");
    }
  }
  return TRUE;
}

/* "https://authority" with an optional path of plain characters; its one fixed form is the text. */
static gboolean
is_engine_url (const char *url)
{
  const char *path = g_str_has_prefix (url, "https://") ? strchr (url + 8, '/') : NULL;
  g_autofree char *address = path != NULL ? g_strndup (url, (gsize) (path - url)) : g_strdup (url);

  if (strlen (url) > ENGINE_URL_MAX || !satchel_address_parse (address, NULL, NULL, NULL))
    return FALSE;
  for (const char *p = path; p != NULL && *p != '\0'; p++) {
    if (!g_ascii_isalnum (*p) && strchr ("/-._~", *p) == NULL)
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_engine (SatchelNewsroomCard *self, const char *value, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (value, " ", 2);
  g_autoptr (GBytes) anchor = parts[1] != NULL ? satchel_base64_decode (parts[1], -1) : NULL;

  if (anchor == NULL || !is_engine_url (parts[0]))
    return satchel_paper_fault (error, "engine", "is not an https URL and an anchor");
  if (!satchel_anchor_check (anchor, error))
    return FALSE;
  satchel_newsroom_card_add_engine (self, parts[0], anchor);
  return TRUE;
}

static gboolean
read_engines (SatchelNewsroomCard *self, SatchelPaper *paper, GError **error)
{
  for (guint i = 0; i < satchel_paper_count (paper, "engine"); i++) {
    if (!read_engine (self, satchel_paper_get (paper, "engine", i), error))
      return FALSE;
    for (guint j = 0; j < i; j++) {
      const SatchelEngine *a = g_ptr_array_index (self->engines, i);
      const SatchelEngine *b = g_ptr_array_index (self->engines, j);
      if (g_str_equal (a->url, b->url))
        return satchel_paper_fault (error, "engine", "stands there twice");
    }
  }
  return TRUE;
}

static gboolean
read_members (SatchelNewsroomCard *self, SatchelPaper *paper, GError **error)
{
  for (guint i = 0; i < satchel_paper_count (paper, "member"); i++) {
    g_autoptr (GBytes) text = satchel_paper_get_bytes (paper, "member", i, error);
    gsize size = 0;
    const char *data = text != NULL ? g_bytes_get_data (text, &size) : NULL;
    SatchelCard *card = data != NULL ? satchel_card_parse (data, (gssize) size, error) : NULL;

    if (card == NULL)
      return FALSE;
    g_ptr_array_add (self->members, card);
    for (guint j = 0; j < i; j++) {
      const SatchelCard *other = g_ptr_array_index (self->members, j);
      if (satchel_public_keys_overlap (&other->keys, &card->keys))
        return satchel_paper_fault (error, "member", "shares a key with another");
    }
  }
  if (satchel_newsroom_card_find_by_minisign (self, &self->lead) == NULL)
    return satchel_paper_fault (error, "lead", "is no member's key");
  return TRUE;
}

static gboolean
read_recovery (SatchelNewsroomCard *self, SatchelPaper *paper, GError **error)
{
  g_autofree char *spelling = NULL;

  if (satchel_paper_count (paper, "recovery") == 0)
    return TRUE;
  const char *text = satchel_paper_get (paper, "recovery", 0);
  guint k = (guint) g_ascii_strtoull (text, NULL, 10);
  const char *of = strstr (text, " of ");
  guint n = of != NULL ? (guint) g_ascii_strtoull (of + strlen (" of "), NULL, 10) : 0;

  spelling = g_strdup_printf ("%u of %u", k, n);
  if (!g_str_equal (spelling, text) || k < 2 || k > n || n > self->members->len)
    return satchel_paper_fault (error, "recovery", "is not \"k of n\" of the members");
  self->recovery_k = k;
  self->recovery_n = n;
  return TRUE;
}

static gboolean
read_revoked (SatchelNewsroomCard *self, SatchelPaper *paper, GError **error)
{
  const char *previous = "";

  for (guint i = 0; i < satchel_paper_count (paper, "revoked"); i++) {
    const char *id = satchel_paper_get (paper, "revoked", i);

    if (!satchel_is_id (id))
      return satchel_paper_fault (error, "revoked", "is not a token id");
    if (strcmp (previous, id) >= 0)
      return satchel_paper_fault (error, "revoked", "is not in ascending order");
    g_ptr_array_add (self->revoked, g_strdup (id));
    previous = id;
  }
  return TRUE;
}

static gboolean
read_contents (SatchelNewsroomCard *self, SatchelPaper *paper, GError **error)
{
  return read_head (self, paper, error) && read_intakes (self, paper, error) &&
         read_engines (self, paper, error) && read_members (self, paper, error) &&
         read_recovery (self, paper, error) && read_revoked (self, paper, error);
}

SatchelNewsroomCard *
satchel_newsroom_card_parse (const char *text,
                             gssize size_bytes,
                             const SatchelMinisignKey *lead,
                             GError **error)
{
  g_autoptr (SatchelNewsroomCard) self = satchel_newsroom_card_new ();
  g_autoptr (SatchelPaper) paper = NULL;

  paper = satchel_paper_parse (&KIND, text, satchel_paper_size (text, size_bytes), error);
  if (paper == NULL || !satchel_paper_get_minisign (paper, "lead", &self->lead, error))
    return NULL;
  if (lead != NULL && !satchel_minisign_key_equal (lead, &self->lead)) {
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_SIGNATURE,
                 "the newsroom card names another lead than the one known");
    return NULL;
  }
  if (!satchel_paper_verify (paper, &self->lead, error) || !read_contents (self, paper, error))
    return NULL;
  self->text = g_strdup (satchel_paper_get_text (paper, NULL));
  return g_steal_pointer (&self);
}

gboolean
satchel_newsroom_card_is_stale (const SatchelNewsroomCard *self, gint64 now_unix_us)
{
  return now_unix_us > self->valid_until_unix_us;
}

gboolean
satchel_newsroom_card_is_revoked (const SatchelNewsroomCard *self, const char *token_id)
{
  return g_ptr_array_find_with_equal_func (self->revoked, token_id, g_str_equal, NULL);
}

const SatchelCard *
satchel_newsroom_card_find_by_access (const SatchelNewsroomCard *self,
                                      const guint8 access[SATCHEL_ACCESS_KEY_SIZE])
{
  for (guint i = 0; i < self->members->len; i++) {
    const SatchelCard *card = g_ptr_array_index (self->members, i);
    if (memcmp (card->keys.access, access, SATCHEL_ACCESS_KEY_SIZE) == 0)
      return card;
  }
  return NULL;
}

const SatchelCard *
satchel_newsroom_card_find_by_minisign (const SatchelNewsroomCard *self,
                                        const SatchelMinisignKey *key)
{
  for (guint i = 0; i < self->members->len; i++) {
    const SatchelCard *card = g_ptr_array_index (self->members, i);
    if (satchel_minisign_key_equal (&card->keys.minisign, key))
      return card;
  }
  return NULL;
}

void
satchel_newsroom_card_free (SatchelNewsroomCard *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_ptr_array_unref (self->intakes);
  g_ptr_array_unref (self->engines);
  g_ptr_array_unref (self->members);
  g_ptr_array_unref (self->revoked);
  g_free (self->text);
  g_free (self);
}
