/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names that are not to be shared, told before they are. */
#include "ctl-unshared.h"

#include <glib/gi18n.h>

#include "records/satchel-unshared.h"

static void
warn (Ctl *ctl, const char *id, GPtrArray *unshared)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < unshared->len; i++) {
    g_autofree char *shown = ctl_shown (((const SatchelUnshared *) unshared->pdata[i])->name);
    g_strv_builder_add (builder, shown);
  }
  g_auto (GStrv) names = g_strv_builder_end (builder);
  g_autofree char *list = g_strjoinv (", ", names);
  /* Translators: the beginning of a record's id, and names. */
  ctl_warn (ctl,
            ngettext ("%.8s: %u name is marked not to be shared: %s",
                      "%.8s: %u names are marked not to be shared: %s", unshared->len),
            id, unshared->len, list);
}

static void
add (JsonArray *found, const char *id, GPtrArray *unshared)
{
  JsonObject *object = json_object_new ();
  JsonArray *names = json_array_new ();

  for (guint i = 0; i < unshared->len; i++)
    json_array_add_string_element (names, ((const SatchelUnshared *) unshared->pdata[i])->name);
  json_object_set_string_member (object, "record", id);
  json_object_set_array_member (object, "names", names);
  json_array_add_object_element (found, object);
}

gboolean
ctl_warn_unshared (Ctl *ctl,
                   const char *const *records,
                   const char *advice,
                   JsonNode **found,
                   GError **error)
{
  g_autoptr (JsonArray) all = json_array_new ();

  for (guint i = 0; records[i] != NULL; i++) {
    g_autoptr (SatchelRecord) record = satchel_record_load (ctl->vault, records[i], error);
    g_autoptr (GPtrArray) unshared =
        record == NULL ? NULL : satchel_unshared_load (ctl->vault, record->id, error);
    if (unshared == NULL)
      return FALSE;
    if (unshared->len == 0)
      continue;
    warn (ctl, record->id, unshared);
    add (all, record->id, unshared);
  }
  if (json_array_get_length (all) > 0)
    ctl_note (ctl, "%s", advice);
  if (found != NULL) {
    *found = json_node_new (JSON_NODE_ARRAY);
    json_node_set_array (*found, all);
  }
  return TRUE;
}
