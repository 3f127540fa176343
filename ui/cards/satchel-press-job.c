/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cards/satchel-press-job.h"

#include "records/satchel-record.h"

void
satchel_press_free (SatchelPress *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  json_object_unref (self->values);
  g_free (self->scan_id);
  g_free (self->scan_type);
  g_free (self);
}

static SatchelPress *
press_new (SatchelVault *vault, const SatchelRecord *record, GError **error)
{
  g_autoptr (GPtrArray) items = satchel_evidence_list (vault, record->id, error);

  if (items == NULL)
    return NULL;
  SatchelPress *self = g_new0 (SatchelPress, 1);
  self->id = g_strdup (record->id);
  self->kind = satchel_record_get_kind (record);
  self->values = json_object_ref (record->values);
  const SatchelEvidence *scan = satchel_press_face_pick_scan (self->kind, self->values, items);
  self->scan_id = scan != NULL ? g_strdup (scan->id) : NULL;
  self->scan_type = scan != NULL ? g_strdup (scan->type) : NULL;
  return self;
}

/* What somebody else sent is their card. */
static gboolean
list_kind (SatchelVault *vault, const SatchelKind *kind, GPtrArray *all, GError **error)
{
  const SatchelRecordFilter filter = {.kind = kind->id};
  g_autoptr (GPtrArray) records = satchel_record_list (vault, &filter, error);

  for (guint i = 0; records != NULL && i < records->len; i++) {
    const SatchelRecord *record = records->pdata[i];
    SatchelPress *press = NULL;
    if (record->sender != NULL)
      continue;
    press = press_new (vault, record, error);
    if (press == NULL)
      return FALSE;
    g_ptr_array_add (all, press);
  }
  return records != NULL;
}

static gpointer
list_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  GPtrArray *kinds = satchel_kinds_list (satchel_kinds_get_builtin ());
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_press_free);

  for (guint i = 0; i < kinds->len; i++)
    if (satchel_press_face_is_card (kinds->pdata[i]) &&
        !list_kind (vault, kinds->pdata[i], all, error))
      return NULL;
  return g_steal_pointer (&all);
}

SatchelSessionJob
satchel_press_list_job (void)
{
  return (SatchelSessionJob){.run = list_run, .result_free = (GDestroyNotify) g_ptr_array_unref};
}

static gpointer
load_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (SatchelRecord) record = satchel_record_load (vault, input, error);

  return record != NULL ? press_new (vault, record, error) : NULL;
}

SatchelSessionJob
satchel_press_load_job (const char *record_id)
{
  return (SatchelSessionJob){.run = load_run,
                             .input = g_strdup (record_id),
                             .input_free = g_free,
                             .result_free = (GDestroyNotify) satchel_press_free};
}
