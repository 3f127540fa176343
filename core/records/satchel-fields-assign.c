/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-fields-private.h"

#include <string.h>

#include "base/satchel-text.h"

#define PATH_SHOWN_MAX 60

/* Where a path leads. */
typedef struct {
  const SatchelField *field; /* at the top */
  gint index;                /* of the entry, -1 where the path names none */
  const SatchelField
      *target;      /* field, or the sub-field of an entry; NULL for an entry as a whole */
  const char *part; /* nullable, borrowed from the path's pieces */
} Place;

static gboolean
refuse_path (const SatchelKind *kind, const char *path, GError **error)
{
  g_autofree char *wrong = satchel_text_for_display (path, PATH_SHOWN_MAX);

  g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NO_SUCH_FIELD,
               "%s has no field \"%s\": satchelctl kinds %s lists them", kind->id, wrong,
               kind->id);
  return FALSE;
}

/* The pieces from @pieces[0] on name an entry, a sub-field, a part. */
static gboolean
find_in_entry (char **pieces, Place *place)
{
  guint64 index = 0;

  if (!g_ascii_string_to_unsigned (pieces[0], 10, 0, SATCHEL_REPEATS_MAX, &index, NULL))
    return FALSE;
  place->index = (gint) index;
  place->target = NULL;
  if (pieces[1] == NULL)
    return TRUE;
  place->target = satchel_field_find (place->field->sub_fields, pieces[1]);
  if (place->target == NULL || pieces[2] == NULL)
    return place->target != NULL;
  place->part = pieces[2];
  return pieces[3] == NULL && satchel_field_has_part (place->target, place->part);
}

static gboolean
find_place (const SatchelKind *kind, char **pieces, Place *place)
{
  Place found = {NULL, -1, NULL, NULL};

  if (pieces[0] == NULL)
    return FALSE;
  found.field = satchel_field_find (kind->fields, pieces[0]);
  found.target = found.field;
  if (found.field == NULL)
    return FALSE;
  if (pieces[1] != NULL && satchel_field_is_repeat (found.field)) {
    if (!find_in_entry (pieces + 1, &found))
      return FALSE;
  } else if (pieces[1] != NULL) {
    found.part = pieces[1];
    if (pieces[2] != NULL || !satchel_field_has_part (found.field, found.part))
      return FALSE;
  }
  *place = found;
  return TRUE;
}

/* "Officers 1, Attribution", as problems say it. */
static char *
describe (const Place *place)
{
  const char *label = satchel_label_get (place->field->label, NULL);

  if (place->index < 0)
    return g_strdup (label);
  if (place->target == NULL)
    return g_strdup_printf ("%s %d", label, place->index + 1);
  return g_strdup_printf ("%s %d, %s", label, place->index + 1,
                          satchel_label_get (place->target->label, NULL));
}

static JsonArray *
get_entries (const Place *place, JsonObject *values)
{
  return satchel_field_entries (place->field, json_object_get_member (values, place->field->id));
}

/* The object that holds the target; NULL where its entry is not there. */
static JsonObject *
get_holder (const Place *place, JsonObject *values)
{
  JsonArray *entries = place->index >= 0 ? get_entries (place, values) : NULL;

  if (place->index < 0)
    return values;
  return entries != NULL && (guint) place->index < json_array_get_length (entries)
             ? satchel_field_entry (entries, (guint) place->index)
             : NULL;
}

/* Whether the entry is there, or is the next one to be added. */
static gboolean
check_index (const Place *place, JsonObject *values, GError **error)
{
  JsonArray *entries = get_entries (place, values);
  guint count = entries != NULL ? json_array_get_length (entries) : 0;

  if (place->index < 0)
    return TRUE;
  if (place->index >= SATCHEL_REPEATS_MAX) {
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_TOO_LARGE,
                 "holds at most %d entries", SATCHEL_REPEATS_MAX);
    return FALSE;
  }
  if ((guint) place->index > count) {
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NO_SUCH_FIELD,
                 "is not there; the next entry is %s.%u", place->field->id, count);
    return FALSE;
  }
  if ((guint) place->index < count && get_holder (place, values) == NULL) {
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_INVALID_VALUE, "is no entry");
    return FALSE;
  }
  return TRUE;
}

static JsonObject *
add_entry (const Place *place, JsonObject *values)
{
  JsonArray *entries = get_entries (place, values);
  JsonObject *entry = json_object_new ();

  if (entries == NULL) {
    entries = json_array_new ();
    json_object_set_array_member (values, place->field->id, entries);
  }
  json_array_add_object_element (entries, entry);
  satchel_fields_add_defaults (place->field->sub_fields, entry);
  return entry;
}

static void
remove_entry (const Place *place, JsonObject *values)
{
  JsonArray *entries = get_entries (place, values);

  if (entries == NULL || (guint) place->index >= json_array_get_length (entries))
    return;
  json_array_remove_element (entries, (guint) place->index);
  if (json_array_get_length (entries) == 0)
    json_object_remove_member (values, place->field->id);
}

/* A repeat or an entry as a whole takes "unknown" (the repeat) and goes away with an empty text. */
static gboolean
set_whole (const Place *place, JsonObject *values, const char *text, GError **error)
{
  gboolean unknown = g_str_equal (text, "?") || g_str_equal (text, SATCHEL_FIELD_UNKNOWN);

  if (*text == '\0' && place->index >= 0) {
    remove_entry (place, values);
  } else if (*text == '\0') {
    json_object_remove_member (values, place->field->id);
  } else if (unknown && place->index < 0) {
    json_object_set_string_member (values, place->field->id, SATCHEL_FIELD_UNKNOWN);
  } else {
    const SatchelField *first = g_ptr_array_index (place->field->sub_fields, 0);
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_INVALID_VALUE,
                 "holds entries: write them like %s.%d.%s=...", place->field->id,
                 MAX (place->index, 0), first->id);
    return FALSE;
  }
  return TRUE;
}

/* An address that is written anew keeps the coordinates: they were typed on their own. */
static const char *
part_meant (const Place *place, JsonNode *old, const char *text)
{
  gboolean address = place->target->type == SATCHEL_FIELD_PLACE && *text != '\0' &&
                     !g_str_equal (text, "?") && !g_str_equal (text, SATCHEL_FIELD_UNKNOWN) &&
                     satchel_field_node_part (old, "coordinates") != NULL;

  return place->part == NULL && address ? "text" : place->part;
}

static gboolean
set_value (
    const Place *place, JsonObject *values, const char *text, gint offset_minutes, GError **error)
{
  const char *id = place->target->id;
  JsonObject *holder = get_holder (place, values);
  JsonNode *old = holder != NULL ? json_object_get_member (holder, id) : NULL;
  const char *part = part_meant (place, old, text);
  JsonNode *value = NULL;

  if (part != NULL) {
    if (!satchel_field_value_set_part (place->target, old, part, text, offset_minutes, &value,
                                       error))
      return FALSE;
  } else if (*text != '\0') {
    value = satchel_field_value_parse (place->target, text, offset_minutes, error);
    if (value == NULL)
      return FALSE;
  }
  if (value == NULL) {
    if (holder != NULL)
      json_object_remove_member (holder, id);
    return TRUE;
  }
  if (holder == NULL)
    holder = add_entry (place, values);
  json_object_set_member (holder, id, value);
  return TRUE;
}

gboolean
satchel_fields_set (const SatchelKind *kind,
                    JsonObject *values,
                    const char *path,
                    const char *text,
                    gint offset_minutes,
                    GError **error)
{
  g_auto (GStrv) pieces = g_strsplit (path, ".", 6);
  Place place;

  if (!find_place (kind, pieces, &place))
    return refuse_path (kind, path, error);
  g_autofree char *label = describe (&place);
  gboolean whole =
      place.target == NULL || (place.index < 0 && satchel_field_is_repeat (place.target));
  if (!check_index (&place, values, error) ||
      !(whole ? set_whole (&place, values, text, error)
              : set_value (&place, values, text, offset_minutes, error))) {
    g_prefix_error (error, "%s: ", label);
    return FALSE;
  }
  return TRUE;
}

gboolean
satchel_fields_assign (const SatchelKind *kind,
                       JsonObject *values,
                       const char *assignment,
                       gint offset_minutes,
                       GError **error)
{
  const char *equals = strchr (assignment, '=');

  if (equals == NULL) {
    g_autofree char *wrong = satchel_text_for_display (assignment, PATH_SHOWN_MAX);
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_INVALID_VALUE,
                 "\"%s\" assigns nothing: write FIELD=VALUE", wrong);
    return FALSE;
  }
  g_autofree char *path = g_strndup (assignment, (gsize) (equals - assignment));
  return satchel_fields_set (kind, values, path, equals + 1, offset_minutes, error);
}

char *
satchel_fields_dup_text (const SatchelKind *kind, JsonObject *values, const char *path)
{
  g_auto (GStrv) pieces = g_strsplit (path, ".", 6);
  Place place;

  if (!find_place (kind, pieces, &place) || place.target == NULL)
    return NULL;
  JsonObject *holder = get_holder (&place, values);
  JsonNode *value = holder != NULL ? json_object_get_member (holder, place.target->id) : NULL;
  if (place.part != NULL)
    return satchel_field_part_to_text (place.target, value, place.part);
  return satchel_field_node_is_unknown (value) ? g_strdup (SATCHEL_FIELD_UNKNOWN)
                                               : satchel_field_value_to_text (place.target, value);
}
