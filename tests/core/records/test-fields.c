/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-fields.h"

#include <string.h>

#include "base/satchel-error.h"
#include "base/satchel-time.h"

#define MOSCOW 180
#define ID_A   "00112233445566778899aabbccddeeff"

static const SatchelKind *
get_kind (const char *id)
{
  const SatchelKind *kind = satchel_kinds_find (satchel_kinds_get_builtin (), id, NULL);

  g_assert_nonnull (kind);
  return kind;
}

static char *
to_line (const SatchelKind *kind, JsonObject *values)
{
  gsize size = 0;
  char *line = satchel_fields_to_line (kind, values, &size);

  g_assert_cmpuint (size, ==, strlen (line));
  return line;
}

/* Assignments, separated by "|", and the line that they make. */
static const struct {
  const char *kind;
  const char *assignments;
  const char *line;
} good[] = {
    {"police-visit", "title= Visit ", "{\"title\":\"Visit\"}"},
    {"police-visit", "title=", "{}"},
    {"police-visit", "title=a|title=", "{}"},
    {"police-visit", "title=a=b", "{\"title\":\"a=b\"}"},
    {"police-visit", "outcome=one\r\ntwo\n", "{\"outcome\":\"one\\ntwo\"}"},
    {"police-visit", "outcome=left|title=Order", "{\"title\":\"Order\",\"outcome\":\"left\"}"},
    {"police-visit", "law=20.2 (5)", "{\"law\":\"20.2 (5)\"}"},
    {"police-visit", "sent_by=?", "{\"sent_by\":\"unknown\"}"},
    {"police-visit", "entered=no", "{\"entered\":\"no\"}"},
    {"police-visit", "entered=unknown", "{\"entered\":\"unknown\"}"},
    {"police-visit", "entry_basis=warrant-claimed", "{\"entry_basis\":\"warrant-claimed\"}"},
    {"police-visit", "force=beating, threats,beating", "{\"force\":[\"threats\",\"beating\"]}"},
    {"police-visit", "force=?", "{\"force\":\"unknown\"}"},
    {"police-visit", "span=2024-03-09T14:05",
     "{\"span\":\"2024-03-09T14:05+03:00/?\"}"},
    {"police-visit", "span=2024-03-09T14/2024-03-09T16:10Z",
     "{\"span\":\"2024-03-09T14+03:00/2024-03-09T16:10Z\"}"},
    {"police-visit", "span=2024-03/?", "{\"span\":\"2024-03/?\"}"},
    {"police-visit", "span=?/?", "{\"span\":\"unknown\"}"},
    {"police-visit", "span.to=2024-03-09|span.from=2024-03-08",
     "{\"span\":\"2024-03-08/2024-03-09\"}"},
    {"police-visit", "span=2024-03-08/2024-03-09|span.from=?", "{\"span\":\"?/2024-03-09\"}"},
    {"police-visit", "span.to=2024-03-09|span.to=", "{}"},
    {"police-visit", "span.to=2024-03-09|span.to=?", "{\"span\":\"unknown\"}"},
    {"police-visit", "place=Sadovaya 4", "{\"place\":{\"text\":\"Sadovaya 4\"}}"},
    {"police-visit", "place.coordinates=55.7558, -37.6173|place=Sadovaya 4",
     "{\"place\":{\"text\":\"Sadovaya 4\",\"coordinates\":\"55.7558,-37.6173\"}}"},
    {"police-visit", "place.coordinates=0,0|place.text=A|place.coordinates=",
     "{\"place\":{\"text\":\"A\"}}"},
    {"police-visit", "place.coordinates=0,0|place=?", "{\"place\":\"unknown\"}"},
    {"police-visit", "place.coordinates=0,0|place=", "{}"},
    {"police-visit", "place=?|place.text=A", "{\"place\":{\"text\":\"A\"}}"},
    {"police-visit", "next=2024-03-12T10:00 come to room 5",
     "{\"next\":{\"when\":\"2024-03-12T10:00+03:00\",\"what\":\"come to room 5\"}}"},
    {"police-visit", "next=2024-03-12 10:00 come",
     "{\"next\":{\"when\":\"2024-03-12T10:00+03:00\",\"what\":\"come\"}}"},
    {"police-visit", "next=2024-03-12", "{\"next\":{\"when\":\"2024-03-12\"}}"},
    {"police-visit", "next=? bring papers", "{\"next\":{\"what\":\"bring papers\"}}"},
    {"police-visit", "next=? ?", "{\"next\":\"unknown\"}"},
    {"police-visit", "next.what=call|next.when=2024-03",
     "{\"next\":{\"when\":\"2024-03\",\"what\":\"call\"}}"},
    {"police-visit", "next.what=call|next.what=?", "{\"next\":\"unknown\"}"},
    {"police-visit", "officers.0.name=Petrov|officers.0.attribution=presumed",
     "{\"officers\":[{\"name\":\"Petrov\",\"attribution\":\"presumed\"}]}"},
    {"police-visit", "officers.0.rank=Sgt|officers.0.do_not_share=yes|officers.0.name=Petrov",
     "{\"officers\":[{\"name\":\"Petrov\",\"do_not_share\":\"yes\",\"rank\":\"Sgt\"}]}"},
    {"police-visit", "witnesses.0.name=A|witnesses.0.do_not_share=?",
     "{\"witnesses\":[{\"name\":\"A\",\"do_not_share\":\"unknown\"}]}"},
    {"police-visit", "officers.0.name=A|officers.1.name=B|officers.0=",
     "{\"officers\":[{\"name\":\"B\"}]}"},
    {"police-visit", "officers.0.name=A|officers.0=", "{}"},
    {"police-visit", "officers.0.name=A|officers=", "{}"},
    {"police-visit", "officers.0=|officers.0.rank=", "{}"},
    {"police-visit", "officers=?", "{\"officers\":\"unknown\"}"},
    {"police-visit", "officers=?|officers.0.rank=Sgt", "{\"officers\":[{\"rank\":\"Sgt\"}]}"},
    {"police-visit", "officers.0.name=?", "{\"officers\":[{\"name\":\"unknown\"}]}"},
    {"police-visit", "taken.0.serial=77|taken.0.what=Phone|taken.0.count=2",
     "{\"taken\":[{\"what\":\"Phone\",\"serial\":\"77\",\"count\":2}]}"},
    {"police-visit", "links.0.record=" ID_A "|links.0.relation=follows",
     "{\"links\":[{\"record\":\"" ID_A "\",\"relation\":\"follows\"}]}"},
    {"detention", "arrested=2024-03-09T14:05:07.5+05:30",
     "{\"arrested\":\"2024-03-09T14:05:07.500000+05:30\"}"},
    {"detention", "arrested=?", "{\"arrested\":\"unknown\"}"},
    {"detention", "places.0.name=Centre|places.0.held=28|places.0.capacity=8|"
                  "places.0.span.from=2024-03-09|places.0.address.text=Outside",
     "{\"places\":[{\"name\":\"Centre\",\"address\":{\"text\":\"Outside\"},"
     "\"span\":\"2024-03-09/?\",\"capacity\":8,\"held\":28}]}"},
    {"court", "fine=75 000.50 rub", "{\"fine\":{\"amount\":\"75000.50\",\"currency\":\"RUB\"}}"},
    {"court", "fine.currency=EUR|fine.amount=0",
     "{\"fine\":{\"amount\":\"0\",\"currency\":\"EUR\"}}"},
    {"court", "fine=5 EUR|fine.amount=", "{}"},
    {"court", "fine=?", "{\"fine\":\"unknown\"}"},
    {"court", "arrest_days=0", "{\"arrest_days\":0}"},
    {"court", "arrest_days=unknown", "{\"arrest_days\":\"unknown\"}"},
    {"coverage", "assignment=" ID_A, "{\"assignment\":\"" ID_A "\"}"},
};

static void
test_assign (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autoptr (GError) error = NULL;
    const SatchelKind *kind = get_kind (good[i].kind);
    g_autoptr (JsonObject) values = json_object_new ();
    g_auto (GStrv) steps = g_strsplit (good[i].assignments, "|", -1);
    for (guint j = 0; steps[j] != NULL; j++) {
      satchel_fields_assign (kind, values, steps[j], MOSCOW, &error);
      g_assert_no_error (error);
    }
    g_autofree char *line = to_line (kind, values);
    g_assert_cmpstr (line, ==, good[i].line);
    g_autoptr (JsonObject) again = satchel_fields_parse (kind, line, strlen (line), &error);
    g_assert_no_error (error);
    g_autofree char *second = to_line (kind, again);
    g_assert_cmpstr (second, ==, line);
  }
}

static const struct {
  const char *assignment;
  SatchelRecordsError code;
  const char *message;
} bad[] = {
    {"title", SATCHEL_RECORDS_ERROR_INVALID_VALUE, "\"title\" assigns nothing: write FIELD=VALUE"},
    {"colour=red", SATCHEL_RECORDS_ERROR_NO_SUCH_FIELD,
     "police-visit has no field \"colour\": satchelctl kinds police-visit lists them"},
    {"=red", SATCHEL_RECORDS_ERROR_NO_SUCH_FIELD,
     "police-visit has no field \"\": satchelctl kinds police-visit lists them"},
    {"title.part=x", SATCHEL_RECORDS_ERROR_NO_SUCH_FIELD,
     "police-visit has no field \"title.part\": satchelctl kinds police-visit lists them"},
    {"officers.x.name=x", SATCHEL_RECORDS_ERROR_NO_SUCH_FIELD,
     "police-visit has no field \"officers.x.name\": satchelctl kinds police-visit lists them"},
    {"officers.-1.name=x", SATCHEL_RECORDS_ERROR_NO_SUCH_FIELD,
     "police-visit has no field \"officers.-1.name\": satchelctl kinds police-visit lists them"},
    {"officers.0.colour=x", SATCHEL_RECORDS_ERROR_NO_SUCH_FIELD,
     "police-visit has no field \"officers.0.colour\": satchelctl kinds police-visit lists them"},
    {"officers.1.name=x", SATCHEL_RECORDS_ERROR_NO_SUCH_FIELD,
     "Officers 2, Name as given: is not there; the next entry is officers.0"},
    {"officers.1000.name=x", SATCHEL_RECORDS_ERROR_TOO_LARGE,
     "Officers 1001, Name as given: holds at most 1000 entries"},
    {"officers=Petrov", SATCHEL_RECORDS_ERROR_INVALID_VALUE,
     "Officers: holds entries: write them like officers.0.name=..."},
    {"officers.0=Petrov", SATCHEL_RECORDS_ERROR_INVALID_VALUE,
     "Officers 1: holds entries: write them like officers.0.name=..."},
    {"officers.0.attribution=rumour", SATCHEL_RECORDS_ERROR_INVALID_VALUE,
     "Officers 1, How this is known: \"rumour\" is not one of self-identified, showed-id, "
     "document, witness, presumed"},
    {"title=two\nlines", SATCHEL_RECORDS_ERROR_INVALID_VALUE, "Title: takes one line"},
    {"title=bell\a", SATCHEL_RECORDS_ERROR_INVALID_VALUE, "Title: takes no control characters"},
    {"title=\xff", SATCHEL_RECORDS_ERROR_INVALID_VALUE, "Title: takes text in UTF-8"},
    {"title=  ", SATCHEL_RECORDS_ERROR_INVALID_VALUE, "Title: takes more than blanks"},
    {"entered=maybe", SATCHEL_RECORDS_ERROR_INVALID_VALUE,
     "Did they enter?: \"maybe\" is not one of yes, no, unknown"},
    {"force=threats, tickling", SATCHEL_RECORDS_ERROR_INVALID_VALUE,
     "Force or threats: \"tickling\" is not one of none, verbal, threats, restraints, pushing, "
     "beating, chemical, electric, projectile, weapon, other"},
    {"span=yesterday", SATCHEL_RECORDS_ERROR_INVALID_VALUE,
     "From and until: \"yesterday\" is not two times: write them like "
     "2024-03-09T14:05/2024-03-09T16 with ? for unknown"},
    {"span=2024/2025/2026", SATCHEL_RECORDS_ERROR_INVALID_VALUE,
     "From and until: \"2024/2025/2026\" is not two times: write them like "
     "2024-03-09T14:05/2024-03-09T16 with ? for unknown"},
    {"span.from=2024-02-30", SATCHEL_RECORDS_ERROR_INVALID_VALUE,
     "From and until: \"2024-02-30\" is not a time: write it like 2024-03-09T14:05+03:00, "
     "2024-03-09, 2024-03, or ? for unknown"},
    {"place.coordinates=91,0", SATCHEL_RECORDS_ERROR_INVALID_VALUE,
     "Place: \"91,0\" are no coordinates: write latitude and longitude like 55.7558,37.6173"},
    {"place.coordinates=north", SATCHEL_RECORDS_ERROR_INVALID_VALUE,
     "Place: \"north\" are no coordinates: write latitude and longitude like 55.7558,37.6173"},
    {"next=tomorrow at ten", SATCHEL_RECORDS_ERROR_INVALID_VALUE,
     "What you were told to do next: \"tomorrow\" is not a time: write it like "
     "2024-03-09T14:05+03:00, 2024-03-09, 2024-03, or ? for unknown"},
    {"links.0.record=visit", SATCHEL_RECORDS_ERROR_INVALID_VALUE,
     "Links 1, Record: \"visit\" is not the id of a record: that is 32 hexadecimal digits"},
    {"taken.0.count=-1", SATCHEL_RECORDS_ERROR_INVALID_VALUE,
     "Things taken 1, How many: \"-1\" is not a whole number from 0 to 999999999"},
    {"taken.0.count=1000000000", SATCHEL_RECORDS_ERROR_INVALID_VALUE,
     "Things taken 1, How many: \"1000000000\" is not a whole number from 0 to 999999999"},
};

static const struct {
  const char *assignment;
  const char *message;
} bad_money[] = {
    {"fine=75000", "Fine: \"75000\" is not an amount with its currency: write it like 75000 RUB"},
    {"fine=75,000 RUB", "Fine: \"75,000\" is not an amount: write it like 75000 or 75000.50"},
    {"fine=075 RUB", "Fine: \"075\" is not an amount: write it like 75000 or 75000.50"},
    {"fine=-5 RUB", "Fine: \"-5\" is not an amount: write it like 75000 or 75000.50"},
    {"fine=5. RUB", "Fine: \"5.\" is not an amount: write it like 75000 or 75000.50"},
    {"fine=5 roubles",
     "Fine: \"roubles\" is not a currency: write its three letters, like RUB"},
    {"fine.currency=₽", "Fine: \"₽\" is not a currency: write its three letters, like RUB"},
};

/* After an error everything is as it was. */
static void
expect_refusal (const SatchelKind *kind,
                const char *assignment,
                SatchelRecordsError code,
                const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) values = json_object_new ();

  json_object_set_string_member (values, "title", "before");
  g_assert_false (satchel_fields_assign (kind, values, assignment, MOSCOW, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, (gint) code);
  g_assert_cmpstr (error->message, ==, message);
  g_autofree char *line = to_line (kind, values);
  g_assert_cmpstr (line, ==, "{\"title\":\"before\"}");
}

static void
test_refusals (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    expect_refusal (get_kind ("police-visit"), bad[i].assignment, bad[i].code, bad[i].message);
  for (guint i = 0; i < G_N_ELEMENTS (bad_money); i++)
    expect_refusal (get_kind ("court"), bad_money[i].assignment,
                    SATCHEL_RECORDS_ERROR_INVALID_VALUE, bad_money[i].message);
}

static void
test_too_large (void)
{
  g_autoptr (GError) error = NULL;
  const SatchelKind *kind = get_kind ("police-visit");
  g_autoptr (JsonObject) values = json_object_new ();
  g_autofree char *text = g_strnfill (SATCHEL_FIELD_SIZE_MAX + 1, 'a');
  static const char *const fields[] = {"ground", "asked", "papers_demanded", "papers_shown"};

  g_assert_false (satchel_fields_set (kind, values, "outcome", text, 0, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_TOO_LARGE);
  g_assert_cmpstr (error->message, ==, "How it ended: takes at most 1048576 bytes of text");
  g_clear_error (&error);
  text[SATCHEL_FIELD_SIZE_MAX] = '\0';
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_assert_true (satchel_fields_set (kind, values, fields[i], text, 0, &error));
  g_assert_false (satchel_fields_validate (kind, values, SATCHEL_FIELDS_DRAFT, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_TOO_LARGE);
  g_assert_cmpstr (error->message, ==,
                   "Police visit: holds at most 4194304 bytes: put the rest into a file and attach "
                   "it");
}

static const struct {
  const char *path;
  const char *text;
} texts[] = {
    {"title", "Visit"},
    {"span", "2024-03-09T14:05+03:00/?"},
    {"span.from", "2024-03-09T14:05+03:00"},
    {"span.to", NULL},
    {"place", "Sadovaya 4"},
    {"place.coordinates", "55.7558,37.6173"},
    {"force", "threats, beating"},
    {"entered", "unknown"},
    {"next", "2024-03-12 come"},
    {"next.when", "2024-03-12"},
    {"next.what", "come"},
    {"officers", NULL},
    {"officers.0", NULL},
    {"officers.0.name", "Petrov"},
    {"officers.0.rank", NULL},
    {"officers.1.name", NULL},
    {"officers.0.name.part", NULL},
    {"taken.0.count", "2"},
    {"witnesses", "unknown"},
    {"outcome", NULL},
    {"colour", NULL},
    {"", NULL},
};

static void
test_texts (void)
{
  static const char line[] =
      "{\"title\":\"Visit\",\"span\":\"2024-03-09T14:05+03:00/?\",\"place\":{\"text\":\"Sadovaya "
      "4\",\"coordinates\":\"55.7558,37.6173\"},\"officers\":[{\"name\":\"Petrov\"}],\"entered\":"
      "\"unknown\",\"witnesses\":\"unknown\",\"force\":[\"threats\",\"beating\"],\"taken\":[{"
      "\"what\":\"Phone\",\"count\":2}],\"next\":{\"when\":\"2024-03-12\",\"what\":\"come\"}}";
  g_autoptr (GError) error = NULL;
  const SatchelKind *kind = get_kind ("police-visit");
  g_autoptr (JsonObject) values = satchel_fields_parse (kind, line, strlen (line), &error);

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *text = satchel_fields_dup_text (kind, values, texts[i].path);
    g_assert_cmpstr (text, ==, texts[i].text);
    if (text == NULL)
      continue;
    g_assert_true (satchel_fields_set (kind, values, texts[i].path, text, 0, &error));
  }
  /* Setting what stands there changes nothing. */
  g_autofree char *again = to_line (kind, values);
  g_assert_cmpstr (again, ==, line);
}

static const struct {
  const char *kind;
  const char *line;
  const char *path;
  const char *message;
} problems[] = {
    {"court", "{\"fine\":{\"amount\":\"5\"}}", "fine",
     "Fine: lacks the currency: write its three letters, like RUB"},
    {"court", "{\"fine\":{\"currency\":\"RUB\"}}", "fine", "Fine: lacks the amount"},
    {"court", "{\"fine\":{\"amount\":\"5\",\"currency\":\"RUB\",\"note\":\"x\"}}", "fine",
     "Fine: does not hold a value of the type money"},
    {"court", "{\"fine\":{\"amount\":5,\"currency\":\"RUB\"}}", "fine",
     "Fine: does not hold a value of the type money"},
    {"court", "{\"fine\":{\"amount\":\"5\",\"currency\":\"rub\"}}", "fine",
     "Fine: is not written in its one form"},
    {"court", "{\"fine\":\"5 RUB\"}", "fine", "Fine: does not hold a value of the type money"},
    {"court", "{\"arrest_days\":\"5\"}", "arrest_days",
     "Days of arrest: does not hold a value of the type count"},
    {"court", "{\"arrest_days\":-1}", "arrest_days",
     "Days of arrest: \"-1\" is not a whole number from 0 to 999999999"},
    {"court", "{\"arrest_days\":1.5}", "arrest_days",
     "Days of arrest: does not hold a value of the type count"},
    {"court", "{\"arrest_days\":null}", "arrest_days",
     "Days of arrest: does not hold a value of the type count"},
    {"court", "{\"lawyer\":true}", "lawyer",
     "Lawyer present?: does not hold a value of the type tri"},
    {"court", "{\"court\":\"\"}", "court", "Court: does not hold a value of the type text"},
    {"court", "{\"court\":\" City court\"}", "court", "Court: is not written in its one form"},
    {"court", "{\"court\":[\"x\"]}", "court", "Court: does not hold a value of the type text"},
    {"court", "{\"court\":{}}", "court", "Court: does not hold a value of the type text"},
    {"court", "{\"court\":\"a\\u0007\"}", "court", "Court: takes no control characters"},
    {"court", "{\"place\":{}}", "place", "Place: does not hold a value of the type place"},
    {"court", "{\"hearing\":{\"when\":\"2024-3-9\"}}", "hearing",
     "Hearing: \"2024-3-9\" is not a time: write it like 2024-03-09T14:05+03:00, 2024-03-09, "
     "2024-03, or ? for unknown"},
    {"court", "{\"hearing\":{\"when\":\"2024-03-09T14:05+0300\"}}", "hearing",
     "Hearing: is not written in its one form"},
    {"court", "{\"hearing\":{\"when\":\"?\"}}", "hearing",
     "Hearing: is not written in its one form"},
    {"court", "{\"decided\":\"2024-03-09\",\"appeal_until\":{\"when\":\"2024-03-08\"}}",
     "appeal_until", "Appeal until: is before \"Decided\""},
    {"court", "{\"judge\":[]}", "judge", "Judge and parties: holds no entries"},
    {"court", "{\"judge\":{}}", "judge", "Judge and parties: holds no entries"},
    {"court", "{\"judge\":[\"x\"]}", "judge.0", "Judge and parties 1: is no entry"},
    {"court", "{\"judge\":[{\"colour\":\"x\"}]}", "judge.0.colour",
     "Court: has no field \"judge.0.colour\""},
    {"court", "{\"judge\":[{\"name\":[[[]]]}]}", "judge.0.name",
     "Judge and parties 1, Name as given: does not hold a value of the type text"},
    {"court", "{\"colour\":\"x\"}", "colour", "Court: has no field \"colour\""},
    {"court", "{\"notes\":[{\"clock\":\"device\"}]}", "notes.0.text",
     "Notes 1, Note: needs an answer; \"unknown\" is one"},
    {"police-visit", "{\"force\":[]}", "force",
     "Force or threats: does not hold a value of the type choices"},
    {"police-visit", "{\"force\":[\"beating\",\"threats\"]}", "force",
     "Force or threats: is not written in its one form"},
    {"police-visit", "{\"force\":[\"threats\",\"threats\"]}", "force",
     "Force or threats: is not written in its one form"},
    {"police-visit", "{\"force\":\"threats\"}", "force",
     "Force or threats: does not hold a value of the type choices"},
    {"police-visit", "{\"span\":\"2024-03-09/2024-03-08\"}", "span",
     "From and until: ends before it begins"},
    {"police-visit", "{\"span\":\"2024-03-09\"}", "span",
     "From and until: is not written in its one form"},
};

static void
test_problems (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (problems); i++) {
    g_autoptr (GError) error = NULL;
    const SatchelKind *kind = get_kind (problems[i].kind);
    const char *line = problems[i].line;
    g_autoptr (JsonNode) node = satchel_json_parse (line, strlen (line), 1 << 20, &error);
    g_assert_no_error (error);
    g_autoptr (GPtrArray) found =
        satchel_fields_list_problems (kind, json_node_get_object (node), SATCHEL_FIELDS_DRAFT);
    g_assert_cmpuint (found->len, ==, 1);
    const SatchelFieldProblem *problem = g_ptr_array_index (found, 0);
    g_assert_cmpstr (problem->path, ==, problems[i].path);
    g_assert_cmpstr (problem->message, ==, problems[i].message);
    g_assert_null (satchel_fields_parse (kind, line, strlen (line), &error));
    g_assert_cmpint (error->domain, ==, SATCHEL_RECORDS_ERROR);
    g_assert_cmpstr (error->message, ==, problems[i].message);
  }
}

/* Open digits are given the benefit of the doubt. */
static void
test_order_of_moments (void)
{
  static const struct {
    const char *span;
    gboolean good;
  } spans[] = {
      {"2024-03-09/2024-03-09", TRUE},
      {"2024-03-09T14:05Z/2024-03-09", TRUE},
      {"2024-03-09T23:30-05:00/2024-03-09", TRUE},
      {"2024-03-09T14:05Z/2024-03-09T14Z", TRUE},
      {"2024-03-31/2024-03", TRUE},
      {"2024-03-09T14:05+03:00/2024-03-09T12:00Z", TRUE},
      {"2024-03-09T14:05+03:00/2024-03-09T11:04Z", FALSE},
      {"2024-03-09T14:05Z/2024-03-09T13Z", FALSE},
      {"2024-03-10/2024-03-09T23:59Z", FALSE},
      {"2024-05/2024-03", FALSE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (spans); i++) {
    const SatchelKind *kind = get_kind ("search");
    g_autoptr (JsonObject) values = json_object_new ();
    json_object_set_string_member (values, "span", spans[i].span);
    g_assert_cmpint (satchel_fields_validate (kind, values, SATCHEL_FIELDS_DRAFT, NULL), ==,
                     spans[i].good);
  }
}

static void
test_stages (void)
{
  g_autoptr (GError) error = NULL;
  const SatchelKind *kind = get_kind ("police-visit");
  g_autoptr (JsonObject) values = json_object_new ();

  g_assert_true (satchel_fields_validate (kind, values, SATCHEL_FIELDS_DRAFT, &error));
  g_autoptr (GPtrArray) found =
      satchel_fields_list_problems (kind, values, SATCHEL_FIELDS_COMPLETE);
  g_assert_cmpuint (found->len, ==, 2);
  g_assert_false (satchel_fields_validate (kind, values, SATCHEL_FIELDS_COMPLETE, &error));
  g_assert_cmpstr (error->message, ==, "From and until: needs an answer; \"unknown\" is one");
  satchel_fields_assign (kind, values, "span=?", 0, NULL);
  satchel_fields_assign (kind, values, "place=?", 0, NULL);
  g_assert_true (satchel_fields_validate (kind, values, SATCHEL_FIELDS_COMPLETE, NULL));
}

static gint64
fixed_clock (void)
{
  return G_GINT64_CONSTANT (1709982307123456);
}

static void
test_defaults (void)
{
  g_autoptr (GError) error = NULL;
  const SatchelKind *kind = get_kind ("note");

  satchel_set_clock (fixed_clock);
  g_autoptr (JsonObject) values = satchel_fields_new (kind);
  satchel_fields_assign (kind, values, "text=They came.", 0, &error);
  satchel_fields_assign (kind, values, "notes.0.text=One of them was tall.", 0, &error);
  satchel_set_clock (NULL);
  g_assert_no_error (error);
  g_autofree char *line = to_line (kind, values);
  g_assert_cmpstr (line, ==,
                   "{\"when\":\"2024-03-09T11:05:07.123456Z\",\"text\":\"They came.\",\"clock\":"
                   "\"device\",\"notes\":[{\"text\":\"One of them was tall.\",\"at\":"
                   "\"2024-03-09T11:05:07.123456Z\",\"clock\":\"device\"}]}");
}

static void
test_append_only (void)
{
  g_autoptr (GError) error = NULL;
  const SatchelKind *kind = get_kind ("note");
  g_autoptr (JsonObject) before = json_object_new ();

  satchel_fields_assign (kind, before, "notes.0.text=first", 0, &error);
  satchel_fields_assign (kind, before, "title=a", 0, &error);
  g_autoptr (JsonObject) after = satchel_fields_canonical (kind, before);
  satchel_fields_assign (kind, after, "notes.1.text=second", 0, &error);
  satchel_fields_assign (kind, after, "title=b", 0, &error);
  g_assert_no_error (error);
  g_assert_true (satchel_fields_check_appended (kind, before, after, &error));
  g_assert_false (satchel_fields_check_appended (kind, after, before, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_FINAL);
  g_assert_cmpstr (error->message, ==, "Notes 2: stays as it is; add a new entry instead");
  g_clear_error (&error);
  /* The copy was deep: the entry of before is still the first. */
  satchel_fields_assign (kind, after, "notes.0.text=other", 0, NULL);
  g_assert_false (satchel_fields_check_appended (kind, before, after, &error));
  g_assert_cmpstr (error->message, ==, "Notes 1: stays as it is; add a new entry instead");
  g_clear_error (&error);
  satchel_fields_assign (kind, after, "notes=?", 0, NULL);
  g_assert_false (satchel_fields_check_appended (kind, before, after, &error));
}

static char *
repeat_line (guint entries)
{
  GString *line = g_string_new ("{\"officers\":[");

  for (guint i = 0; i < entries; i++)
    g_string_append_printf (line, "%s{\"name\":\"a\"}", i > 0 ? "," : "");
  g_string_append (line, "]}");
  return g_string_free (line, FALSE);
}

static void
test_hostile_lines (void)
{
  static const char *const wrong[] = {
      "",
      "{",
      "[]x",
      "{\"title\":\"a\",\"title\":\"b\"}",
      "{\"title\":\"\\u0000\"}",
      "{}{}",
      "{\"title\":\"\\ud800\"}",
      "{\"title\":\"\xff\"}",
  };
  const SatchelKind *kind = get_kind ("police-visit");
  g_autofree char *deep = g_strnfill (200000, '[');
  g_autofree char *huge = g_strnfill (SATCHEL_FIELDS_SIZE_MAX + 1, ' ');
  g_autofree char *most = repeat_line (SATCHEL_REPEATS_MAX);
  g_autofree char *more = repeat_line (SATCHEL_REPEATS_MAX + 1);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_assert_null (satchel_fields_parse (kind, wrong[i], strlen (wrong[i]), &error));
    g_assert_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_INVALID);
    g_clear_error (&error);
  }
  g_assert_null (satchel_fields_parse (kind, deep, strlen (deep), &error));
  g_assert_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (satchel_fields_parse (kind, huge, strlen (huge), &error));
  g_assert_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_TOO_LARGE);
  g_clear_error (&error);
  g_assert_null (satchel_fields_parse (kind, "[]", 2, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_INVALID_VALUE);
  g_clear_error (&error);
  g_autoptr (JsonObject) values = satchel_fields_parse (kind, most, strlen (most), &error);
  g_assert_no_error (error);
  g_assert_nonnull (values);
  g_assert_null (satchel_fields_parse (kind, more, strlen (more), &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_TOO_LARGE);
  g_assert_cmpstr (error->message, ==, "Officers: holds at most 1000 entries");
}

static void
test_many_problems (void)
{
  g_autoptr (JsonObject) values = json_object_new ();

  for (guint i = 0; i < 500; i++) {
    g_autofree char *name = g_strdup_printf ("x%u", i);
    json_object_set_int_member (values, name, 1);
  }
  g_autoptr (GPtrArray) found =
      satchel_fields_list_problems (get_kind ("note"), values, SATCHEL_FIELDS_DRAFT);
  g_assert_cmpuint (found->len, ==, 100);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("TZ", "UTC", TRUE);
  g_test_add_func ("/fields/assign", test_assign);
  g_test_add_func ("/fields/refusals", test_refusals);
  g_test_add_func ("/fields/too-large", test_too_large);
  g_test_add_func ("/fields/texts", test_texts);
  g_test_add_func ("/fields/problems", test_problems);
  g_test_add_func ("/fields/order-of-moments", test_order_of_moments);
  g_test_add_func ("/fields/stages", test_stages);
  g_test_add_func ("/fields/defaults", test_defaults);
  g_test_add_func ("/fields/append-only", test_append_only);
  g_test_add_func ("/fields/hostile-lines", test_hostile_lines);
  g_test_add_func ("/fields/many-problems", test_many_problems);
  return g_test_run ();
}
