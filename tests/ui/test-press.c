/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cards/satchel-press-face.h"
#include "cards/satchel-press-validity.h"

#include <string.h>

static const SatchelKind *
find_kind (const char *id)
{
  return satchel_kinds_find (satchel_kinds_get_builtin (), id, NULL);
}

/* @assignments: "field=value", separated by '|'. */
static JsonObject *
make_values (const SatchelKind *kind, const char *assignments)
{
  g_auto (GStrv) each = g_strsplit (assignments, "|", -1);
  JsonObject *values = json_object_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; each[i] != NULL && *each[i] != '\0'; i++) {
    satchel_fields_assign (kind, values, each[i], 0, &error);
    g_assert_no_error (error);
  }
  return values;
}

static void
test_validity (void)
{
  static const struct {
    const char *kind, *values, *now;
    SatchelPressValidity validity;
    const char *text;
  } CASES[] = {
      {"credential", "", "2024-03-09T12:00+03:00", SATCHEL_PRESS_UNDATED,
       "No end date is written down"},
      {"credential", "valid_until=?", "2024-03-09T12:00+03:00", SATCHEL_PRESS_UNDATED,
       "No end date is written down"},
      {"credential", "valid_until=2024-12-31", "2024-03-09T12:00+03:00", SATCHEL_PRESS_VALID,
       "Valid until 31 December 2024"},
      {"credential", "valid_until=2024-12", "2024-03-09T12:00+03:00", SATCHEL_PRESS_VALID,
       "Valid until December 2024"},
      /* The last day is a whole one, on the clock of who looks. */
      {"credential", "valid_until=2024-03-09", "2024-03-09T23:59+03:00", SATCHEL_PRESS_ENDING,
       "Expires today"},
      {"credential", "valid_until=2024-03-09", "2024-03-10T00:00+03:00", SATCHEL_PRESS_EXPIRED,
       "Expired yesterday"},
      {"credential", "valid_until=2024-03-09", "2024-03-10T00:00-08:00", SATCHEL_PRESS_EXPIRED,
       "Expired yesterday"},
      {"credential", "valid_until=2024-03-10", "2024-03-09T12:00+03:00", SATCHEL_PRESS_ENDING,
       "Expires tomorrow"},
      {"credential", "valid_until=2024-03-12", "2024-03-09T23:59+03:00", SATCHEL_PRESS_ENDING,
       "Expires in 3 days"},
      {"credential", "valid_until=2024-04-08", "2024-03-09T12:00+03:00", SATCHEL_PRESS_ENDING,
       "Expires in 30 days"},
      {"credential", "valid_until=2024-04-09", "2024-03-09T12:00+03:00", SATCHEL_PRESS_VALID,
       "Valid until 9 April 2024"},
      {"credential", "valid_until=2024-03-01", "2024-03-09T12:00+03:00", SATCHEL_PRESS_EXPIRED,
       "Expired 8 days ago"},
      {"credential", "valid_until=2024-01-08", "2024-03-09T12:00+03:00", SATCHEL_PRESS_EXPIRED,
       "Expired: it was valid until 8 January 2024"},
      /* A month is good to its end, February of a leap year, too. */
      {"credential", "valid_until=2024-02", "2024-02-29T12:00+03:00", SATCHEL_PRESS_ENDING,
       "Expires today"},
      {"credential", "valid_until=2024-02", "2024-03-01T00:00+03:00", SATCHEL_PRESS_EXPIRED,
       "Expired yesterday"},
      {"credential", "valid_from=2024-03-10|valid_until=2024-12-31", "2024-03-09T12:00+03:00",
       SATCHEL_PRESS_EARLY, "Not valid yet: from tomorrow on"},
      {"credential", "valid_from=2024-03-14", "2024-03-09T12:00+03:00", SATCHEL_PRESS_EARLY,
       "Not valid yet: in 5 days"},
      {"credential", "valid_from=2024-03-09|valid_until=2024-12-31", "2024-03-09T00:00+03:00",
       SATCHEL_PRESS_VALID, "Valid until 31 December 2024"},
      /* What became of it counts for more than its dates. */
      {"credential", "valid_until=2024-12-31|status=seized", "2024-03-09T12:00+03:00",
       SATCHEL_PRESS_VOID, "Seized"},
      {"credential", "valid_until=2024-12-31|status=revoked", "2024-03-09T12:00+03:00",
       SATCHEL_PRESS_VOID, "Revoked by who issued it"},
      {"credential", "valid_until=2024-12-31|status=valid", "2024-03-09T12:00+03:00",
       SATCHEL_PRESS_VALID, "Valid until 31 December 2024"},
      {"credential", "valid_until=2024-03-01|status=valid", "2024-03-09T12:00+03:00",
       SATCHEL_PRESS_EXPIRED, "Expired 8 days ago"},
      {"assignment", "span=2024-03-09T14:00+03:00/2024-03-09T18:00+03:00",
       "2024-03-09T12:00+03:00", SATCHEL_PRESS_EARLY, "Not valid yet: later today"},
      {"assignment", "span=2024-03-09T14:00+03:00/2024-03-09T18:00+03:00",
       "2024-03-09T15:00+03:00", SATCHEL_PRESS_ENDING, "Expires today"},
      {"assignment", "span=2024-03-09T14:00+03:00/2024-03-09T18:00+03:00",
       "2024-03-09T18:00+03:00", SATCHEL_PRESS_EXPIRED, "Expired today"},
      {"assignment", "span=2024-03-09/?", "2024-03-12T15:00+03:00", SATCHEL_PRESS_UNDATED,
       "No end date is written down"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    const SatchelKind *kind = find_kind (CASES[i].kind);
    g_autoptr (JsonObject) values = make_values (kind, CASES[i].values);
    g_autofree char *text = NULL;
    SatchelWhen now;

    g_assert_true (satchel_when_parse (CASES[i].now, 0, &now, NULL));
    SatchelPressValidity validity = satchel_press_validity_judge (kind, values, &now, &text);
    g_assert_cmpstr (text, ==, CASES[i].text);
    g_assert_cmpint (validity, ==, CASES[i].validity);
  }
}

static void
test_text (void)
{
  static const struct {
    const char *kind, *values, *language, *text;
  } CASES[] = {
      {"credential", "", "en", "Press credential\n"},
      {"credential", "outlet=The Courier|name=Anna Petrova|number=17|valid_until=2024-12-31", "en",
       "Press credential\nThe Courier\nAnna Petrova\nNumber: 17\nValid until: 2024-12-31\n"},
      /* The card's language is stronger than the reader's. */
      {"credential", "outlet=Курьер|name=Анна Петрова|role=Корреспондент|number=17|language=ru",
       "en", "Пресс-карта\nКурьер\nАнна Петрова\nКорреспондент\nНомер: 17\n"},
      {"credential", "name=مریم حسینی|language=en", "ru", "Press credential\nمریم حسینی\n"},
      /* What is not on the face is in no code. */
      {"credential",
       "title=mine|name=A|scan=a.jpg|status=seized|newsroom_signed=yes|notes.0.text=secret", "en",
       "Press credential\nA\n"},
      {"credential", "name=A|number=?|issuer=unknown|phone=+7 000", "en",
       "Press credential\nA\nEditor's phone: +7 000\n"},
      {"assignment",
       "outlet=C|name=A|event=March|place.text=Square|place.coordinates=55.75,37.61|task=Look\nand "
       "write|span=2024-03-09/2024-03-10|letter=l.pdf",
       "en",
       "Assignment\nC\nA\nEvent: March\nPlace: Square\nFrom and until: 2024-03-09 – "
       "2024-03-10\nTask: Look and write\n"},
      /* Nothing turns the rest of it around. */
      {"credential", "name=A\u202eB", "en", "Press credential\nA\ufffdB\n"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    const SatchelKind *kind = find_kind (CASES[i].kind);
    g_autoptr (JsonObject) values = make_values (kind, CASES[i].values);
    g_autoptr (SatchelPressFace) face = satchel_press_face_new (kind, values, CASES[i].language);
    g_autofree char *text = satchel_press_face_dup_text (face);
    g_assert_cmpstr (text, ==, CASES[i].text);
  }
}

static void
test_scan (void)
{
  static const struct {
    const char *values, *name;
  } CASES[] = {
      {"", "face.png"},
      {"scan=card.jpg", "card.jpg"},
      {"scan=gone.jpg", "face.png"},
      /* What cannot be shown is no picture of a card. */
      {"scan=voice.ogg", "face.png"},
  };
  SatchelEvidence items[] = {
      {.name = (char *) "voice.ogg", .type = (char *) "audio/ogg"},
      {.name = (char *) "face.png", .type = (char *) "image/png"},
      {.name = (char *) "card.jpg", .type = (char *) "image/jpeg"},
  };
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  const SatchelKind *kind = find_kind ("credential");

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    g_ptr_array_add (all, &items[i]);
  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autoptr (JsonObject) values = make_values (kind, CASES[i].values);
    g_assert_cmpstr (satchel_press_face_pick_scan (kind, values, all)->name, ==, CASES[i].name);
    g_assert_null (satchel_press_face_pick_scan (kind, values, none));
  }
}

static void
test_kinds (void)
{
  g_assert_true (satchel_press_face_is_card (find_kind ("credential")));
  g_assert_true (satchel_press_face_is_card (find_kind ("assignment")));
  g_assert_false (satchel_press_face_is_card (find_kind ("note")));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/press/validity", test_validity);
  g_test_add_func ("/press/text", test_text);
  g_test_add_func ("/press/scan", test_scan);
  g_test_add_func ("/press/kinds", test_kinds);
  return g_test_run ();
}
