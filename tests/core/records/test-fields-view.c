/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-fields-view.h"

#include <string.h>

#define ID_A "00112233445566778899aabbccddeeff"
#define ID_B "ffeeddccbbaa99887766554433221100"

static const SatchelKind *
get_kind (const char *id)
{
  const SatchelKind *kind = satchel_kinds_find (satchel_kinds_get_builtin (), id, NULL);

  g_assert_nonnull (kind);
  return kind;
}

/* Values as they may come from a newer version: only JSON is checked. */
static JsonObject *
read_values (const char *line)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = satchel_json_parse (line, strlen (line), 1 << 20, &error);

  g_assert_no_error (error);
  return json_object_ref (json_node_get_object (node));
}

static const struct {
  const char *kind;
  const char *line;
  const char *language;
  const char *summary;
} summaries[] = {
    {"police-visit", "{}", NULL, "Police visit"},
    {"police-visit", "{}", "ru", "Визит полиции"},
    {"police-visit", "{\"place\":{\"text\":\"Sadovaya 4\"}}", NULL, "Sadovaya 4"},
    {"police-visit", "{\"officers\":[{\"name\":\"Petrov\",\"rank\":\"Sgt\"}]}", NULL,
     "Sgt Petrov"},
    {"police-visit",
     "{\"officers\":[{\"name\":\"Petrov\",\"rank\":\"Sgt\"}],\"place\":{\"text\":\"Sadovaya 4\"}}",
     NULL, "Sgt Petrov at Sadovaya 4"},
    {"police-visit",
     "{\"officers\":[{\"name\":\"Petrov\",\"rank\":\"Sgt\"}],\"place\":{\"text\":\"Sadovaya 4\"}}",
     "ru_RU.UTF-8", "Sgt Petrov, Sadovaya 4"},
    {"police-visit",
     "{\"officers\":[{\"name\":\"unknown\",\"description\":\"tall\"},{\"rank\":\"Cpt\"},{\"name\":"
     "\"C\"},{}]}",
     NULL, "tall, Cpt +2"},
    {"police-visit",
     "{\"officers\":[{\"do_not_share\":\"yes\",\"description\":\"tall\"},{\"do_not_share\":"
     "\"yes\"}]}",
     NULL, "tall +1"},
    {"police-visit", "{\"officers\":\"unknown\",\"place\":\"unknown\"}", NULL, "Police visit"},
    {"police-visit", "{\"officers\":[5],\"place\":7}", NULL, "Police visit"},
    {"note", "{\"title\":\"Tuesday\",\"text\":\"They came.\\nTwo men.\"}", NULL,
     "Tuesday: They came."},
    {"note", "{\"text\":\"They came.\"}", NULL, "They came."},
    {"note", "{\"title\":\"Tuesday\"}", NULL, "Tuesday"},
    {"summons", "{\"issuer\":\"District\",\"appear\":{\"when\":\"2024-03-12T10:00+03:00\"}}", NULL,
     "District: 2024-03-12 10:00 +03:00"},
    {"equipment", "{\"items\":[{\"what\":\"camera\",\"serial\":\"7\"}]}", "ru", "Фотоаппарат"},
};

static void
test_summaries (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (summaries); i++) {
    g_autoptr (JsonObject) values = read_values (summaries[i].line);
    g_autofree char *summary = satchel_fields_dup_summary (get_kind (summaries[i].kind), values,
                                                           summaries[i].language);
    g_assert_cmpstr (summary, ==, summaries[i].summary);
  }
}

static void
test_long_summary (void)
{
  g_autoptr (JsonObject) values = json_object_new ();
  g_autofree char *text = g_strnfill (500, 'a');
  g_autofree char *cut = g_strnfill (80, 'a');
  g_autofree char *expected = g_strconcat (cut, "…", NULL);

  json_object_set_string_member (values, "text", text);
  g_autofree char *summary = satchel_fields_dup_summary (get_kind ("note"), values, NULL);
  g_assert_cmpstr (summary, ==, expected);
}

static const struct {
  const char *kind;
  const char *field;
  const char *value; /* JSON */
  const char *words;
} words[] = {
    {"court", "fine", "{\"amount\":\"75000.50\",\"currency\":\"RUB\"}", "75000.50 RUB"},
    {"court", "fine", "\"unknown\"", "Неизвестно"},
    {"court", "fine", "7", NULL},
    {"court", "arrest_days", "10", "10"},
    {"court", "lawyer", "\"yes\"", "Да"},
    {"court", "lawyer", "\"perhaps\"", "perhaps"},
    {"court", "status", "\"appeal\"", "Обжалуется"},
    {"court", "place", "{\"coordinates\":\"1,2\"}", "1,2"},
    {"court", "place", "{\"text\":\"A\",\"coordinates\":\"1,2\"}", "A (1,2)"},
    {"court", "hearing", "{\"when\":\"2024-03-12\",\"what\":\"room 5\"}", "2024-03-12: room 5"},
    {"court", "hearing", "{\"what\":\"room 5\"}", "room 5"},
    {"court", "hearing", "[]", NULL},
    {"court", "decided", "\"2024-03\"", "2024-03"},
    {"court", "decided", "\"2024-03-09T14Z\"", "2024-03-09 14 h UTC"},
    {"court", "decided", "\"2024-03-09T14:05-05:00\"", "2024-03-09 14:05 -05:00"},
    {"court", "decided", "\"2024-03-09T14:05:07.123456Z\"", "2024-03-09 14:05:07 UTC"},
    {"court", "decided", "\"soon\"", "soon"},
    {"search", "span", "\"2024-03-09T14:05Z/?\"", "2024-03-09 14:05 UTC – Неизвестно"},
    {"search", "force", "[\"threats\",\"new-word\"]", "Угрозы, new-word"},
    {"search", "force", "[]", NULL},
    {"search", "force", "null", NULL},
};

static void
test_words (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    const SatchelKind *kind = get_kind (words[i].kind);
    const SatchelField *field = satchel_field_find (kind->fields, words[i].field);
    g_autoptr (JsonNode) value = json_from_string (words[i].value, NULL);
    g_autofree char *text = satchel_field_value_to_words (field, value, "ru");
    g_assert_cmpstr (text, ==, words[i].words);
  }
  const SatchelField *title = satchel_field_find (get_kind ("note")->fields, "title");
  g_assert_null (satchel_field_value_to_words (title, NULL, NULL));
}

static const char visit[] =
    "{\"title\":\"Visit\",\"span\":\"2024-03-09T14:05+03:00/?\",\"place\":{\"text\":\"Sadovaya 4\","
    "\"coordinates\":\"55.7558,37.6173\"},\"officers\":[{\"name\":\"Petrov\",\"do_not_share\":"
    "\"yes\",\"attribution\":\"presumed\"}],\"entered\":\"no\",\"force\":[\"threats\"],\"next\":{"
    "\"when\":\"2024-03-12\",\"what\":\"come\"},\"links\":[{\"record\":\"" ID_A
    "\"},{\"record\":\"" ID_B "\"}],\"newer\":1}";

static void
test_search_text (void)
{
  g_autoptr (JsonObject) values = read_values (visit);
  g_autofree char *text = satchel_fields_dup_search_text (get_kind ("police-visit"), values);

  /* A choice is found in every language. */
  g_assert_cmpstr (text, ==,
                   "Visit\nSadovaya 4\nPetrov\n"
                   "Presumed\nМяркуецца\nبه گمان\nПредположительно\nПрипущення\n"
                   "Threats\nПагрозы\nتهدید\nУгрозы\nПогрози\ncome");
}

static void
test_rows (void)
{
  static const struct {
    const char *path;
    const char *label;
    const char *value;
    guint depth;
  } expected[] = {
      {"title", "Title", "Visit", 0},
      {"span", "From and until", "2024-03-09 14:05 +03:00 – Unknown", 0},
      {"place", "Place", "Sadovaya 4 (55.7558,37.6173)", 0},
      {"officers.0", "Officers 1", NULL, 0},
      {"officers.0.name", "Name as given", "Petrov", 1},
      {"officers.0.do_not_share", "Do not share this name?", "Yes", 1},
      {"officers.0.attribution", "How this is known", "Presumed", 1},
      {"entered", "Did they enter?", "No", 0},
      {"force", "Force or threats", "Threats", 0},
      {"next", "What you were told to do next", "2024-03-12: come", 0},
      {"links.0", "Links 1", NULL, 0},
      {"links.0.record", "Record", ID_A, 1},
      {"links.1", "Links 2", NULL, 0},
      {"links.1.record", "Record", ID_B, 1},
  };
  g_autoptr (JsonObject) values = read_values (visit);
  g_autoptr (GPtrArray) rows = satchel_fields_list_rows (get_kind ("police-visit"), values, NULL);

  g_assert_cmpuint (rows->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < rows->len; i++) {
    const SatchelFieldRow *row = g_ptr_array_index (rows, i);
    g_assert_cmpstr (row->path, ==, expected[i].path);
    g_assert_cmpstr (row->label, ==, expected[i].label);
    g_assert_cmpstr (row->value, ==, expected[i].value);
    g_assert_cmpuint (row->depth, ==, expected[i].depth);
  }
}

static void
test_when_and_place (void)
{
  const SatchelKind *kind = get_kind ("police-visit");
  g_autoptr (JsonObject) values = read_values (visit);
  g_autoptr (JsonObject) open = read_values ("{\"span\":\"?/2024-03\",\"place\":\"unknown\"}");
  SatchelWhen when = {7, 7, SATCHEL_PRECISION_DAY};

  g_assert_true (satchel_fields_get_when (kind, values, &when));
  g_assert_cmpint (when.unix_us, ==, G_GINT64_CONSTANT (1709982300000000));
  g_assert_cmpint (when.offset_minutes, ==, 180);
  g_assert_cmpstr (satchel_fields_get_place (kind, values), ==, "Sadovaya 4");
  when.unix_us = 7;
  g_assert_false (satchel_fields_get_when (kind, open, &when));
  g_assert_cmpint (when.unix_us, ==, 7);
  g_assert_null (satchel_fields_get_place (kind, open));
  g_assert_null (satchel_fields_get_place (get_kind ("online"), values));
}

static void
test_deadlines (void)
{
  static const char line[] = "{\"hearing\":{\"when\":\"2024-03-12T10:00+03:00\"},\"appeal_until\":"
                             "{\"what\":\"file the appeal\"}}";
  g_autoptr (JsonObject) values = read_values (line);
  g_autoptr (JsonObject) none = read_values ("{\"hearing\":\"unknown\",\"appeal_until\":{}}");
  GPtrArray *deadlines = satchel_fields_list_deadlines (get_kind ("court"), values, "ru");

  g_assert_cmpuint (deadlines->len, ==, 2);
  const SatchelFieldDeadline *hearing = g_ptr_array_index (deadlines, 0);
  const SatchelFieldDeadline *appeal = g_ptr_array_index (deadlines, 1);
  g_assert_cmpstr (hearing->path, ==, "hearing");
  g_assert_cmpstr (hearing->what, ==, "Заседание");
  g_assert_cmpint (hearing->when.precision, ==, SATCHEL_PRECISION_MINUTE);
  g_assert_cmpstr (appeal->what, ==, "file the appeal");
  g_assert_cmpint (appeal->when.precision, ==, SATCHEL_PRECISION_UNKNOWN);
  g_ptr_array_unref (deadlines);
  deadlines = satchel_fields_list_deadlines (get_kind ("court"), none, NULL);
  g_assert_cmpuint (deadlines->len, ==, 0);
  g_ptr_array_unref (deadlines);
}

static void
test_links (void)
{
  g_autoptr (JsonObject) values =
      read_values ("{\"assignment\":\"" ID_A "\",\"credential\":\"no id\",\"links\":[{\"record\":"
                   "\"unknown\"},{\"record\":\"" ID_B "\"}]}");
  g_autoptr (GPtrArray) links = satchel_fields_list_links (get_kind ("coverage"), values);

  g_assert_cmpuint (links->len, ==, 2);
  const SatchelFieldLink *assignment = g_ptr_array_index (links, 0);
  const SatchelFieldLink *other = g_ptr_array_index (links, 1);
  g_assert_cmpstr (assignment->path, ==, "assignment");
  g_assert_cmpstr (assignment->id, ==, ID_A);
  g_assert_cmpstr (other->path, ==, "links.1.record");
  g_assert_cmpstr (other->id, ==, ID_B);
}

/* Every field of every kind with every wrong shape: nothing to say, and no fault. */
static void
test_wrong_shapes (void)
{
  static const char *const shapes[] = {"null", "true", "1.5", "7", "\"\"", "\"x\"", "[]", "{}",
                                       "[[]]", "[{}]", "[null]", "{\"when\":5,\"text\":[]}"};
  GPtrArray *kinds = satchel_kinds_list (satchel_kinds_get_builtin ());

  for (guint i = 0; i < kinds->len; i++) {
    const SatchelKind *kind = g_ptr_array_index (kinds, i);
    for (guint j = 0; j < G_N_ELEMENTS (shapes); j++) {
      g_autoptr (JsonObject) values = json_object_new ();
      for (guint k = 0; k < kind->fields->len; k++) {
        const SatchelField *field = g_ptr_array_index (kind->fields, k);
        json_object_set_member (values, field->id, json_from_string (shapes[j], NULL));
      }
      SatchelWhen when;
      g_autofree char *summary = satchel_fields_dup_summary (kind, values, "ru");
      g_autofree char *text = satchel_fields_dup_search_text (kind, values);
      g_autoptr (GPtrArray) rows = satchel_fields_list_rows (kind, values, NULL);
      g_autoptr (GPtrArray) deadlines = satchel_fields_list_deadlines (kind, values, NULL);
      g_autoptr (GPtrArray) links = satchel_fields_list_links (kind, values);
      g_assert_cmpstr (summary, !=, "");
      g_assert_cmpuint (links->len + deadlines->len, ==, 0);
      g_assert_false (satchel_fields_get_when (kind, values, &when));
    }
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fields-view/summaries", test_summaries);
  g_test_add_func ("/fields-view/long-summary", test_long_summary);
  g_test_add_func ("/fields-view/words", test_words);
  g_test_add_func ("/fields-view/search-text", test_search_text);
  g_test_add_func ("/fields-view/rows", test_rows);
  g_test_add_func ("/fields-view/when-and-place", test_when_and_place);
  g_test_add_func ("/fields-view/deadlines", test_deadlines);
  g_test_add_func ("/fields-view/links", test_links);
  g_test_add_func ("/fields-view/wrong-shapes", test_wrong_shapes);
  return g_test_run ();
}
