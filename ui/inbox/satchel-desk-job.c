/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/satchel-desk-job.h"

#include "base/satchel-text.h"
#include "sync/satchel-inbox.h"

/* --- Choices --- */

void
satchel_desk_choices_free (SatchelDeskChoices *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->members, g_ptr_array_unref);
  g_strfreev (self->tags);
  g_free (self);
}

SatchelDeskChoices *
satchel_desk_choices_load (SatchelVault *vault, GError **error)
{
  g_autoptr (SatchelDeskChoices) self = g_new0 (SatchelDeskChoices, 1);

  self->members = satchel_contact_list (vault, error);
  if (self->members == NULL)
    return NULL;
  for (guint i = self->members->len; i-- > 0;)
    if (!((const SatchelContact *) self->members->pdata[i])->is_member)
      g_ptr_array_remove_index (self->members, i);
  self->tags = satchel_desk_list_tags (vault, error);
  return self->tags != NULL ? g_steal_pointer (&self) : NULL;
}

char *
satchel_desk_choices_dup_name (const SatchelDeskChoices *self, const char *contact_id)
{
  for (guint i = 0; contact_id != NULL && i < self->members->len; i++) {
    const SatchelContact *contact = self->members->pdata[i];
    if (g_str_equal (contact->id, contact_id))
      return satchel_text_for_display (contact->name, SATCHEL_CARD_NAME_MAX);
  }
  return NULL;
}

static gpointer
choices_run (SatchelVault *vault,
             gpointer input,
             SatchelProgressReport progress,
             GCancellable *cancellable,
             GError **error)
{
  return satchel_desk_choices_load (vault, error);
}

SatchelSessionJob
satchel_desk_choices_job (void)
{
  return (SatchelSessionJob){.run = choices_run,
                             .result_free = (GDestroyNotify) satchel_desk_choices_free};
}

/* --- Changes --- */

void
satchel_desk_done_free (SatchelDeskDone *self)
{
  if (self == NULL)
    return;
  g_free ((char *) self->change.assignee);
  g_free ((char *) self->change.tag);
  g_free (self->name);
  g_clear_pointer (&self->before, g_ptr_array_unref);
  g_free (self);
}

static SatchelDeskDone *
done_new (const SatchelDeskChange *change)
{
  SatchelDeskDone *self = g_new0 (SatchelDeskDone, 1);

  self->change = *change;
  self->change.assignee = g_strdup (change->assignee);
  self->change.tag = g_strdup (change->tag);
  return self;
}

/* What a job is to change: @done has no "before" yet. */
typedef struct {
  GArray *rows;
  char *id;
  SatchelDeskDone *done;
} Wish;

static void
wish_free (gpointer data)
{
  Wish *self = data;

  g_clear_pointer (&self->rows, g_array_unref);
  g_free (self->id);
  satchel_desk_done_free (self->done);
  g_free (self);
}

static GPtrArray *
list_ids (SatchelVault *vault, const Wish *wish, GError **error)
{
  GPtrArray *ids;

  if (wish->rows != NULL)
    return satchel_inbox_list_ids (vault, wish->rows, error);
  ids = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (ids, g_strdup (wish->id));
  return ids;
}

static gpointer
change_run (SatchelVault *vault,
            gpointer input,
            SatchelProgressReport progress,
            GCancellable *cancellable,
            GError **error)
{
  Wish *wish = input;
  SatchelDeskDone *done = wish->done;
  g_autoptr (GPtrArray) ids = list_ids (vault, wish, error);

  if (ids == NULL || !satchel_desk_change (vault, ids, &done->change, &done->before, error))
    return NULL;
  if (done->change.assignee != NULL) {
    g_autoptr (SatchelDeskChoices) choices = satchel_desk_choices_load (vault, NULL);
    done->name = choices != NULL ? satchel_desk_choices_dup_name (choices, done->change.assignee)
                                 : NULL;
  }
  return g_steal_pointer (&wish->done);
}

SatchelSessionJob
satchel_desk_change_job (GArray *rows, const char *id, const SatchelDeskChange *change)
{
  Wish *wish = g_new0 (Wish, 1);

  wish->rows = rows;
  wish->id = g_strdup (id);
  wish->done = done_new (change);
  return (SatchelSessionJob){.run = change_run,
                             .input = wish,
                             .input_free = wish_free,
                             .result_free = (GDestroyNotify) satchel_desk_done_free,
                             .changes = SATCHEL_CHANGED_DESK};
}

static gpointer
undo_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  const SatchelDeskDone *done = input;

  return satchel_desk_undo (vault, &done->change, done->before, error) ? vault : NULL;
}

SatchelSessionJob
satchel_desk_undo_job (SatchelDeskDone *done)
{
  return (SatchelSessionJob){.run = undo_run,
                             .input = done,
                             .input_free = (GDestroyNotify) satchel_desk_done_free,
                             .changes = SATCHEL_CHANGED_DESK};
}

/* --- Notes --- */

static void
texts_free (gpointer data)
{
  g_strfreev (data);
}

static gpointer
note_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  char **texts = input;

  return satchel_desk_add_note (vault, texts[0], texts[1], error) ? vault : NULL;
}

SatchelSessionJob
satchel_desk_note_job (const char *id, const char *text)
{
  char **texts = g_new0 (char *, 3);

  texts[0] = g_strdup (id);
  texts[1] = g_strdup (text);
  return (SatchelSessionJob){.run = note_run,
                             .input = texts,
                             .input_free = texts_free,
                             .changes = SATCHEL_CHANGED_DESK,
                             .is_kept = TRUE};
}
