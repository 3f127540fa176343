/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-fields-private.h"

#include <string.h>

#include "base/satchel-text.h"

#define COUNT_MAX      999999999
#define SHOWN_MAX      40
#define AMOUNT_DIGITS  15
#define AMOUNT_CENTS   4
#define DEGREE_DIGITS  8
#define TIME_EXAMPLE   "2024-03-09T14:05+03:00, 2024-03-09, 2024-03, or ? for unknown"
#define MONEY_EXAMPLE  "75000 RUB"
#define DEGREE_EXAMPLE "55.7558,37.6173"

G_GNUC_PRINTF (2, 3)
static gpointer
refuse (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_INVALID_VALUE, message);
  return NULL;
}

/* What was written, short enough to be said in a sentence. */
static char *
shown (const char *text)
{
  return satchel_text_for_display (text, SHOWN_MAX);
}

const char *
satchel_field_node_string (JsonNode *value)
{
  return value != NULL && JSON_NODE_HOLDS_VALUE (value) &&
                 json_node_get_value_type (value) == G_TYPE_STRING
             ? json_node_get_string (value)
             : NULL;
}

gboolean
satchel_field_node_is_unknown (JsonNode *value)
{
  return g_strcmp0 (satchel_field_node_string (value), SATCHEL_FIELD_UNKNOWN) == 0;
}

const char *
satchel_field_node_part (JsonNode *value, const char *part)
{
  if (value == NULL || !JSON_NODE_HOLDS_OBJECT (value))
    return NULL;
  return satchel_field_node_string (json_object_get_member (json_node_get_object (value), part));
}

static JsonNode *
new_string (const char *text)
{
  return json_node_init_string (json_node_alloc (), text);
}

static JsonNode *
new_object (const char *first, const char *first_text, const char *second, const char *second_text)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  if (first_text != NULL)
    json_object_set_string_member (object, first, first_text);
  if (second_text != NULL)
    json_object_set_string_member (object, second, second_text);
  json_node_take_object (node, object);
  return node;
}

static gboolean
is_unknown (const char *text)
{
  return g_str_equal (text, "?") || g_str_equal (text, SATCHEL_FIELD_UNKNOWN);
}

/* Text that may be stored: UTF-8 without control characters; line breaks are "\n" where there may
 * be any. Without the blanks around it. NULL with the error. */
static char *
clean_text (const char *text, gboolean lines, GError **error)
{
  gsize size = strlen (text);

  if (size > SATCHEL_FIELD_SIZE_MAX) {
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_TOO_LARGE,
                 "takes at most %d bytes of text", SATCHEL_FIELD_SIZE_MAX);
    return NULL;
  }
  if (!satchel_text_is_clean (text, (gssize) size))
    return refuse (error, "takes text in UTF-8");
  GString *clean = g_string_sized_new (size);
  for (const char *c = text; *c != '\0'; c++)
    if (!(c[0] == '\r' && c[1] == '\n'))
      g_string_append_c (clean, *c);
  g_autofree char *result = g_strstrip (g_string_free (clean, FALSE));
  for (const char *c = result; *c != '\0'; c++) {
    if (*c == '\n' && !lines)
      return refuse (error, "takes one line");
    if ((guchar) *c < ' ' && *c != '\n' && *c != '\t')
      return refuse (error, "takes no control characters");
  }
  if (*result == '\0')
    return refuse (error, "takes more than blanks");
  return g_steal_pointer (&result);
}

/* One moment in its canonical text; "?" where it is unknown. */
static char *
clean_moment (const char *text, gint offset_minutes, GError **error)
{
  SatchelWhen when;

  if (is_unknown (text))
    return g_strdup ("?");
  if (strlen (text) > 64 || !satchel_when_parse (text, offset_minutes, &when, NULL)) {
    g_autofree char *wrong = shown (text);
    return refuse (error, "\"%s\" is not a time: write it like " TIME_EXAMPLE, wrong);
  }
  return satchel_when_format (&when);
}

gboolean
satchel_field_span_parse (const char *text, gint offset_minutes, SatchelWhen *from, SatchelWhen *to)
{
  g_auto (GStrv) parts = g_strsplit (text, "/", 3);
  SatchelWhen first;
  SatchelWhen second = {0, 0, SATCHEL_PRECISION_UNKNOWN};

  if (parts[0] == NULL || (parts[1] != NULL && parts[2] != NULL) ||
      !satchel_when_parse (g_strstrip (parts[0]), offset_minutes, &first, NULL) ||
      (parts[1] != NULL &&
       !satchel_when_parse (g_strstrip (parts[1]), offset_minutes, &second, NULL)))
    return FALSE;
  *from = first;
  *to = second;
  return TRUE;
}

static JsonNode *
new_span (const SatchelWhen *from, const SatchelWhen *to)
{
  if (from->precision == SATCHEL_PRECISION_UNKNOWN && to->precision == SATCHEL_PRECISION_UNKNOWN)
    return new_string (SATCHEL_FIELD_UNKNOWN);
  g_autofree char *first = satchel_when_format (from);
  g_autofree char *second = satchel_when_format (to);
  g_autofree char *span = g_strconcat (first, "/", second, NULL);
  return new_string (span);
}

static JsonNode *
parse_span (const char *text, gint offset_minutes, GError **error)
{
  SatchelWhen from;
  SatchelWhen to;

  if (strlen (text) > 128 || !satchel_field_span_parse (text, offset_minutes, &from, &to)) {
    g_autofree char *wrong = shown (text);
    return refuse (error,
                   "\"%s\" is not two times: write them like 2024-03-09T14:05/2024-03-09T16 with ? "
                   "for unknown",
                   wrong);
  }
  return new_span (&from, &to);
}

static JsonNode *
parse_when (const char *text, gint offset_minutes, GError **error)
{
  g_autofree char *moment = clean_moment (text, offset_minutes, error);

  return moment != NULL ? new_string (moment) : NULL;
}

static gpointer
refuse_word (const SatchelField *field, const char *word, GError **error)
{
  g_autofree char *wrong = shown (word);
  GString *words = g_string_new (NULL);

  for (guint i = 0; i < field->choices->len; i++) {
    const SatchelChoice *choice = g_ptr_array_index (field->choices, i);
    g_string_append_printf (words, "%s%s", i > 0 ? ", " : "", choice->id);
  }
  g_autofree char *list = g_string_free (words, FALSE);
  return refuse (error, "\"%s\" is not one of %s", wrong, list);
}

static JsonNode *
parse_choice (const SatchelField *field, const char *text, GError **error)
{
  if (satchel_field_find_choice (field, text) == NULL)
    return refuse_word (field, text, error);
  return new_string (text);
}

static JsonNode *
parse_choices (const SatchelField *field, const char *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit (text, ",", -1);
  JsonArray *array = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, array);
  for (guint i = 0; words[i] != NULL; i++) {
    if (satchel_field_find_choice (field, g_strstrip (words[i])) == NULL) {
      json_node_unref (node);
      return refuse_word (field, words[i], error);
    }
  }
  for (guint i = 0; i < field->choices->len; i++) {
    const SatchelChoice *choice = g_ptr_array_index (field->choices, i);
    if (g_strv_contains ((const char *const *) words, choice->id))
      json_array_add_string_element (array, choice->id);
  }
  return node;
}

static JsonNode *
parse_count (const char *text, GError **error)
{
  guint64 value = 0;

  if (!g_ascii_string_to_unsigned (text, 10, 0, COUNT_MAX, &value, NULL)) {
    g_autofree char *wrong = shown (text);
    return refuse (error, "\"%s\" is not a whole number from 0 to %d", wrong, COUNT_MAX);
  }
  return json_node_init_int (json_node_alloc (), (gint64) value);
}

/* Digits, at most @before and, after a point, 1 to @after. */
static gboolean
is_decimal (const char *text, gsize before, gsize after)
{
  gsize whole = strspn (text, "0123456789");

  if (whole == 0 || whole > before || (whole > 1 && text[0] == '0'))
    return FALSE;
  if (text[whole] == '\0')
    return TRUE;
  gsize part = strspn (text + whole + 1, "0123456789");
  return text[whole] == '.' && part >= 1 && part <= after && text[whole + 1 + part] == '\0';
}

static gboolean
is_currency (const char *text)
{
  return strlen (text) == 3 && g_ascii_isupper (text[0]) && g_ascii_isupper (text[1]) &&
         g_ascii_isupper (text[2]);
}

/* "75 000.50" without the blanks between thousands. */
static char *
clean_amount (const char *text, GError **error)
{
  g_auto (GStrv) groups = g_strsplit (text, " ", -1);
  g_autofree char *amount = g_strjoinv ("", groups);

  if (!is_decimal (amount, AMOUNT_DIGITS, AMOUNT_CENTS)) {
    g_autofree char *wrong = shown (text);
    return refuse (error, "\"%s\" is not an amount: write it like 75000 or 75000.50", wrong);
  }
  return g_steal_pointer (&amount);
}

static char *
clean_currency (const char *text, GError **error)
{
  g_autofree char *currency = g_ascii_strup (text, -1);

  if (!is_currency (currency)) {
    g_autofree char *wrong = shown (text);
    return refuse (error, "\"%s\" is not a currency: write its three letters, like RUB", wrong);
  }
  return g_steal_pointer (&currency);
}

static JsonNode *
parse_money (const char *text, GError **error)
{
  const char *blank = strrchr (text, ' ');

  if (blank == NULL) {
    g_autofree char *wrong = shown (text);
    return refuse (error,
                   "\"%s\" is not an amount with its currency: write it like " MONEY_EXAMPLE,
                   wrong);
  }
  g_autofree char *before = g_strndup (text, (gsize) (blank - text));
  g_autofree char *amount = clean_amount (before, error);
  g_autofree char *currency = amount != NULL ? clean_currency (blank + 1, error) : NULL;
  return currency != NULL ? new_object ("amount", amount, "currency", currency) : NULL;
}

static gboolean
is_degrees (const char *text, double limit)
{
  const char *digits = text + (*text == '-' ? 1 : 0);

  return is_decimal (digits, 3, DEGREE_DIGITS) && g_ascii_strtod (digits, NULL) <= limit;
}

static char *
clean_coordinates (const char *text, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", 3);

  if (g_strv_length (parts) == 2 && is_degrees (g_strstrip (parts[0]), 90) &&
      is_degrees (g_strstrip (parts[1]), 180))
    return g_strjoinv (",", parts);
  g_autofree char *wrong = shown (text);
  return refuse (error,
                 "\"%s\" are no coordinates: write latitude and longitude like " DEGREE_EXAMPLE,
                 wrong);
}

/* "2024-03-12T10:00 come to room 5": the date may have a blank before its time of day. */
static JsonNode *
parse_deadline (const char *text, gint offset_minutes, GError **error)
{
  SatchelWhen when;
  const char *blank = strchr (text, ' ');
  const char *end = blank != NULL ? blank : text + strlen (text);
  const char *next = blank != NULL ? blank + 1 + strcspn (blank + 1, " ") : NULL;
  g_autofree char *longer = next != NULL ? g_strndup (text, (gsize) (next - text)) : NULL;

  if (longer != NULL && satchel_when_parse (longer, offset_minutes, &when, NULL))
    end = next;
  g_autofree char *stamp = g_strndup (text, (gsize) (end - text));
  g_autofree char *moment = clean_moment (stamp, offset_minutes, error);
  if (moment == NULL)
    return NULL;
  g_autofree char *rest = g_strstrip (g_strdup (end));
  const char *what = *rest != '\0' && !is_unknown (rest) ? rest : NULL;
  if (what == NULL && g_str_equal (moment, "?"))
    return new_string (SATCHEL_FIELD_UNKNOWN);
  return new_object ("when", g_str_equal (moment, "?") ? NULL : moment, "what", what);
}

static JsonNode *
parse_link (const char *text, GError **error)
{
  if (!satchel_is_id (text)) {
    g_autofree char *wrong = shown (text);
    return refuse (error, "\"%s\" is not the id of a record: that is 32 hexadecimal digits", wrong);
  }
  return new_string (text);
}

static JsonNode *
parse_by_type (const SatchelField *field, const char *text, gint offset_minutes, GError **error)
{
  switch (field->type) {
    case SATCHEL_FIELD_WHEN:
      return parse_when (text, offset_minutes, error);
    case SATCHEL_FIELD_SPAN:
      return parse_span (text, offset_minutes, error);
    case SATCHEL_FIELD_CHOICE:
    case SATCHEL_FIELD_TRI:
      return parse_choice (field, text, error);
    case SATCHEL_FIELD_CHOICES:
      return parse_choices (field, text, error);
    case SATCHEL_FIELD_COUNT:
      return parse_count (text, error);
    case SATCHEL_FIELD_MONEY:
      return parse_money (text, error);
    case SATCHEL_FIELD_PLACE:
      return new_object ("text", text, NULL, NULL);
    case SATCHEL_FIELD_DEADLINE:
      return parse_deadline (text, offset_minutes, error);
    case SATCHEL_FIELD_LINK:
      return parse_link (text, error);
    default:
      return new_string (text);
  }
}

JsonNode *
satchel_field_value_parse (const SatchelField *field,
                           const char *text,
                           gint offset_minutes,
                           GError **error)
{
  /* An address may take several lines on an envelope. */
  gboolean lines = field->type == SATCHEL_FIELD_LINES || field->type == SATCHEL_FIELD_PLACE;
  g_autofree char *clean = clean_text (text, lines, error);

  if (clean == NULL)
    return NULL;
  if (is_unknown (clean))
    return new_string (SATCHEL_FIELD_UNKNOWN);
  return parse_by_type (field, clean, offset_minutes, error);
}

gboolean
satchel_field_has_part (const SatchelField *field, const char *part)
{
  static const char *const money[] = {"amount", "currency", NULL};
  static const char *const place[] = {"text", "coordinates", NULL};
  static const char *const deadline[] = {"when", "what", NULL};
  static const char *const span[] = {"from", "to", NULL};

  switch (field->type) {
    case SATCHEL_FIELD_MONEY:
      return g_strv_contains (money, part);
    case SATCHEL_FIELD_PLACE:
      return g_strv_contains (place, part);
    case SATCHEL_FIELD_DEADLINE:
      return g_strv_contains (deadline, part);
    case SATCHEL_FIELD_SPAN:
      return g_strv_contains (span, part);
    default:
      return FALSE;
  }
}

/* A part's canonical text; "?" where it is unknown. */
static char *
clean_part (const char *part, const char *text, gint offset_minutes, GError **error)
{
  g_autofree char *clean = clean_text (text, g_str_equal (part, "text"), error);

  if (clean == NULL)
    return NULL;
  if (is_unknown (clean))
    return g_strdup ("?");
  if (g_str_equal (part, "amount"))
    return clean_amount (clean, error);
  if (g_str_equal (part, "currency"))
    return clean_currency (clean, error);
  if (g_str_equal (part, "coordinates"))
    return clean_coordinates (clean, error);
  if (g_str_equal (part, "when") || g_str_equal (part, "from") || g_str_equal (part, "to"))
    return clean_moment (clean, offset_minutes, error);
  return g_steal_pointer (&clean);
}

static JsonNode *
replace_span_part (JsonNode *old, const char *part, const char *moment, gboolean cleared)
{
  const char *text = satchel_field_node_string (old);
  SatchelWhen from = {0, 0, SATCHEL_PRECISION_UNKNOWN};
  SatchelWhen to = from;

  if (text != NULL)
    satchel_field_span_parse (text, 0, &from, &to);
  satchel_when_parse (moment, 0, g_str_equal (part, "from") ? &from : &to, NULL);
  if (cleared && from.precision == SATCHEL_PRECISION_UNKNOWN &&
      to.precision == SATCHEL_PRECISION_UNKNOWN)
    return NULL;
  return new_span (&from, &to);
}

static JsonNode *
replace_member (const SatchelField *field,
                JsonNode *old,
                const char *part,
                const char *text,
                gboolean cleared)
{
  const char *first = field->type == SATCHEL_FIELD_MONEY   ? "amount"
                      : field->type == SATCHEL_FIELD_PLACE ? "text"
                                                           : "when";
  const char *second = field->type == SATCHEL_FIELD_MONEY   ? "currency"
                       : field->type == SATCHEL_FIELD_PLACE ? "coordinates"
                                                            : "what";
  gboolean open = cleared || g_str_equal (text, "?");
  const char *first_text = g_str_equal (part, first) ? (open ? NULL : text)
                                                     : satchel_field_node_part (old, first);
  const char *second_text = g_str_equal (part, second) ? (open ? NULL : text)
                                                       : satchel_field_node_part (old, second);

  /* A currency without its amount says nothing. */
  if (open && g_str_equal (part, "amount"))
    second_text = NULL;
  if (first_text == NULL && second_text == NULL)
    return cleared ? NULL : new_string (SATCHEL_FIELD_UNKNOWN);
  return new_object (first, first_text, second, second_text);
}

gboolean
satchel_field_value_set_part (const SatchelField *field,
                              JsonNode *old,
                              const char *part,
                              const char *text,
                              gint offset_minutes,
                              JsonNode **out,
                              GError **error)
{
  gboolean cleared = *text == '\0';
  g_autofree char *clean =
      cleared ? g_strdup ("?") : clean_part (part, text, offset_minutes, error);

  if (clean == NULL)
    return FALSE;
  *out = field->type == SATCHEL_FIELD_SPAN ? replace_span_part (old, part, clean, cleared)
                                           : replace_member (field, old, part, clean, cleared);
  return TRUE;
}

void
satchel_field_value_get_moments (const SatchelField *field,
                                 JsonNode *value,
                                 SatchelWhen *from,
                                 SatchelWhen *to)
{
  const char *text = field->type == SATCHEL_FIELD_DEADLINE ? satchel_field_node_part (value, "when")
                                                           : satchel_field_node_string (value);
  SatchelWhen open = {0, 0, SATCHEL_PRECISION_UNKNOWN};

  *from = open;
  *to = open;
  if (text == NULL || strlen (text) > 128)
    return;
  if (field->type == SATCHEL_FIELD_SPAN)
    satchel_field_span_parse (text, 0, from, to);
  else if (field->type == SATCHEL_FIELD_WHEN || field->type == SATCHEL_FIELD_DEADLINE)
    satchel_when_parse (text, 0, from, NULL);
}
