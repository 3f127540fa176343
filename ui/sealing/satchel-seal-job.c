/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sealing/satchel-seal-job.h"

#include <glib/gi18n.h>
#include <string.h>

#include "people/satchel-contact.h"
#include "people/satchel-newsroom.h"
#include "records/satchel-case.h"
#include "records/satchel-evidence.h"
#include "records/satchel-unshared.h"
#include "sealing/satchel-place-search.h"
#include "shared/satchel-words.h"
#include "sync/satchel-outbox.h"

#define LINKED_MAX 50 /* more is chosen in several bundles */

static void
item_free (gpointer data)
{
  SatchelSealItem *self = data;

  g_free (self->id);
  g_free (self->title);
  g_free (self->subtitle);
  g_free (self->unanswered);
  g_ptr_array_unref (self->media);
  g_clear_pointer (&self->unshared, g_ptr_array_unref);
  g_free (self);
}

void
satchel_seal_review_free (SatchelSealReview *self)
{
  if (self == NULL)
    return;
  g_free (self->newsroom);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->recipients, g_ptr_array_unref);
  g_free (self);
}

/* --- The review --- */

/* The questions that a whole report answers and this one does not; NULL for none. */
static char *
dup_unanswered (const SatchelKind *kind, JsonObject *values)
{
  g_autoptr (GPtrArray) problems =
      satchel_fields_list_problems (kind, values, SATCHEL_FIELDS_COMPLETE);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const SatchelField *last = NULL;

  for (guint i = 0; i < problems->len; i++) {
    const SatchelFieldProblem *problem = problems->pdata[i];
    g_auto (GStrv) path = g_strsplit (problem->path, ".", 2);
    const SatchelField *field = satchel_field_find (kind->fields, path[0]);
    if (field != NULL && field != last)
      g_strv_builder_add (builder, satchel_label_get (field->label, satchel_words_language ()));
    last = field;
  }
  g_auto (GStrv) labels = g_strv_builder_end (builder);
  return labels[0] != NULL ? g_strjoinv (", ", labels) : NULL;
}

static gboolean
add_evidence (SatchelSealItem *item, SatchelVault *vault, guint *count, GError **error)
{
  g_autoptr (GPtrArray) list = satchel_evidence_list (vault, item->id, error);

  if (list == NULL)
    return FALSE;
  for (guint i = 0; i < list->len; i++) {
    const SatchelEvidence *evidence = list->pdata[i];
    item->evidence_bytes += evidence->size_bytes;
    if (g_str_has_prefix (evidence->type, "image/") ||
        g_str_has_prefix (evidence->type, "video/"))
      g_ptr_array_add (item->media, satchel_place_file_new (evidence->id, evidence->name));
  }
  *count = list->len;
  return TRUE;
}

static char *
dup_subtitle (const SatchelKind *kind, guint count, guint64 size_bytes)
{
  const char *label = satchel_label_get (kind->label, satchel_words_language ());
  g_autofree char *size = satchel_words_size (size_bytes);

  if (count == 0)
    return g_strdup (label);
  /* Translators: kind of a report, number of files with it, their size. */
  return g_strdup_printf (ngettext ("%s · %u file, %s", "%s · %u files, %s", count), label, count,
                          size);
}

/* Received reports are not this person's to send; a link may lead to nothing. */
static gboolean
add_item (SatchelSealReview *review, SatchelVault *vault, const char *id, GError **error)
{
  GError *local = NULL;
  g_autoptr (SatchelRecord) record = satchel_record_load (vault, id, &local);
  guint count = 0;

  if (record == NULL) {
    gboolean is_lost =
        review->items->len > 0 &&
        g_error_matches (local, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND);
    if (is_lost)
      g_error_free (local);
    else
      g_propagate_error (error, local);
    return is_lost;
  }
  if (record->sender != NULL && review->items->len > 0)
    return TRUE;
  const SatchelKind *kind = satchel_record_get_kind (record);
  SatchelSealItem *item = g_new0 (SatchelSealItem, 1);
  item->media = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_place_file_free);
  g_ptr_array_add (review->items, item);
  item->id = g_strdup (record->id);
  item->title = satchel_words_title (kind, record->values);
  item->unanswered = dup_unanswered (kind, record->values);
  item->unshared = satchel_unshared_load (vault, record->id, error);
  if (item->unshared == NULL || !add_evidence (item, vault, &count, error))
    return FALSE;
  item->subtitle = dup_subtitle (kind, count, item->evidence_bytes);
  return TRUE;
}

static gboolean
has_item (SatchelSealReview *review, const char *id)
{
  for (guint i = 0; i < review->items->len; i++)
    if (g_str_equal (((const SatchelSealItem *) review->items->pdata[i])->id, id))
      return TRUE;
  return FALSE;
}

static gboolean
add_linked (SatchelSealReview *review, SatchelVault *vault, const char *id, GError **error)
{
  g_autoptr (GPtrArray) links = satchel_link_list (vault, id, error);

  if (links == NULL)
    return FALSE;
  for (guint i = 0; i < links->len && review->items->len <= LINKED_MAX; i++) {
    const SatchelLink *link = links->pdata[i];
    const char *other = g_str_equal (link->from, id) ? link->to : link->from;
    if (!has_item (review, other) && !add_item (review, vault, other, error))
      return FALSE;
  }
  return TRUE;
}

/* The sender of the received report @id, who is no member; *@sender is NULL for any other. */
static gboolean
load_asker (SatchelVault *vault, const char *id, SatchelContact **sender, GError **error)
{
  GError *local = NULL;
  g_autoptr (SatchelRecord) record = satchel_record_load (vault, id, &local);
  SatchelMinisignKey key;

  *sender = NULL;
  if (record != NULL && record->sender != NULL &&
      satchel_minisign_key_parse (record->sender, strlen (record->sender), &key, &local))
    *sender = satchel_contact_find_by_minisign (vault, &key, &local);
  if (*sender != NULL && (*sender)->is_member)
    g_clear_pointer (sender, satchel_contact_free);
  if (g_error_matches (local, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND) ||
      g_error_matches (local, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NOT_FOUND))
    g_clear_error (&local);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, local);
  return FALSE;
}

static gboolean
has_card (GPtrArray *cards, const SatchelCard *card)
{
  for (guint i = 0; i < cards->len; i++)
    if (g_str_equal (((const SatchelCard *) cards->pdata[i])->text, card->text))
      return TRUE;
  return FALSE;
}

/* What names a report from outside is an answer to its sender, and goes to nobody else. */
static GPtrArray *
list_askers (SatchelVault *vault, const char *id, GError **error)
{
  g_autoptr (GPtrArray) cards = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_card_free);
  g_autoptr (GPtrArray) links = satchel_link_list (vault, id, error);

  for (guint i = 0; links != NULL && i < links->len; i++) {
    const SatchelLink *link = links->pdata[i];
    g_autoptr (SatchelContact) sender = NULL;
    if (!g_str_equal (link->from, id))
      continue;
    if (!load_asker (vault, link->to, &sender, error))
      return NULL;
    if (sender != NULL && !has_card (cards, sender->card))
      g_ptr_array_add (cards, satchel_card_copy (sender->card));
  }
  return links != NULL ? g_steal_pointer (&cards) : NULL;
}

static gboolean
choose_recipients (SatchelSealReview *review, SatchelVault *vault, const char *id, GError **error)
{
  g_autoptr (GPtrArray) askers = list_askers (vault, id, error);

  if (askers == NULL)
    return FALSE;
  review->is_answer = askers->len > 0;
  review->recipients = review->is_answer ? g_ptr_array_ref (askers)
                                         : satchel_newsroom_list_recipients (vault, error);
  return review->recipients != NULL;
}

static gpointer
review_run (SatchelVault *vault,
            gpointer input,
            SatchelProgressReport progress,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (SatchelSealReview) review = g_new0 (SatchelSealReview, 1);
  g_autoptr (SatchelNewsroom) newsroom = satchel_newsroom_load (vault, error);

  if (newsroom == NULL)
    return NULL;
  review->newsroom = g_strdup (newsroom->card->name);
  review->items = g_ptr_array_new_with_free_func (item_free);
  if (!choose_recipients (review, vault, input, error) ||
      !add_item (review, vault, input, error) || !add_linked (review, vault, input, error))
    return NULL;
  return g_steal_pointer (&review);
}

SatchelSessionJob
satchel_seal_review_job (const char *record_id)
{
  return (SatchelSessionJob){.run = review_run,
                             .input = g_strdup (record_id),
                             .input_free = g_free,
                             .result_free = (GDestroyNotify) satchel_seal_review_free};
}

/* --- Sealing --- */

typedef struct {
  GPtrArray *ids;
  GPtrArray *cards;
} Seal;

static void
seal_free (gpointer data)
{
  Seal *self = data;

  g_ptr_array_unref (self->ids);
  g_ptr_array_unref (self->cards);
  g_free (self);
}

static gpointer
seal_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  const Seal *seal = input;
  g_autoptr (GPtrArray) records = g_ptr_array_new ();

  for (guint i = 0; i < seal->ids->len; i++)
    g_ptr_array_add (records, seal->ids->pdata[i]);
  g_ptr_array_add (records, NULL);
  const SatchelSealRequest request = {(const char *const *) records->pdata, seal->cards, NULL};
  return satchel_outbox_seal (vault, &request, NULL, progress, cancellable, error);
}

SatchelSessionJob
satchel_seal_job (GPtrArray *ids, GPtrArray *cards, SatchelProgressReport progress)
{
  Seal *seal = g_new0 (Seal, 1);

  seal->ids = g_ptr_array_ref (ids);
  seal->cards = g_ptr_array_ref (cards);
  return (SatchelSessionJob){.run = seal_run,
                             .input = seal,
                             .input_free = seal_free,
                             .result_free = g_free,
                             .progress = progress,
                             .changes = SATCHEL_CHANGED_OUTBOX | SATCHEL_CHANGED_RECORDS};
}
