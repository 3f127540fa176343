/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cards/satchel-press-face.h"
#include "cards/satchel-press-left.h"
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

static GdkTexture *
make_scan (int width, int height)
{
  gsize size = (gsize) width * height * 4;
  guint8 *pixels = g_malloc (size);

  for (gsize i = 0; i < size; i += 4)
    memcpy (pixels + i, (const guint8[]){10, 20, 30, 255}, 4);
  g_autoptr (GBytes) bytes = g_bytes_new_take (pixels, size);
  return gdk_memory_texture_new (width, height, GDK_MEMORY_B8G8R8A8_PREMULTIPLIED, bytes,
                                 (gsize) width * 4);
}

static void
test_left (void)
{
  static const struct {
    int width, height, left_width, left_height;
  } SCANS[] = {
      {0, 0, 0, 0}, {30, 20, 30, 20}, {1400, 700, 840, 420}, {9, 1400, 5, 840}, {1400, 1, 840, 1}};
  const SatchelKind *kind = find_kind ("credential");
  g_autoptr (JsonObject) values =
      make_values (kind, "outlet=Курьер|name=Anna Petrova|number=17|valid_until=2099-12-31");
  g_autoptr (SatchelPressFace) face = satchel_press_face_new (kind, values, "en");
  g_autofree char *text = satchel_press_face_dup_text (face);

  for (guint i = 0; i < G_N_ELEMENTS (SCANS); i++) {
    g_autoptr (GdkTexture) scan =
        SCANS[i].width > 0 ? make_scan (SCANS[i].width, SCANS[i].height) : NULL;
    g_autoptr (GBytes) packed = satchel_press_left_pack (face, scan);
    g_autoptr (GError) error = NULL;
    g_autoptr (SatchelPressLeft) left = satchel_press_left_unpack (packed, &error);
    g_assert_no_error (error);
    g_autofree char *again = satchel_press_face_dup_text (left->face);
    g_assert_cmpstr (again, ==, text);
    g_assert_true ((left->scan != NULL) == (scan != NULL));
    if (scan == NULL)
      continue;
    g_assert_cmpint (gdk_texture_get_width (left->scan), ==, SCANS[i].left_width);
    g_assert_cmpint (gdk_texture_get_height (left->scan), ==, SCANS[i].left_height);
    g_autofree guint8 *pixels = g_malloc ((gsize) SCANS[i].left_width * SCANS[i].left_height * 4);
    gdk_texture_download (left->scan, pixels, (gsize) SCANS[i].left_width * 4);
    g_assert_cmpmem (pixels, 4, ((const guint8[]){10, 20, 30, 255}), 4);
  }
}

/* Whoever has the disk can write what they like there: no flip or cut of it is more than refused.
 */
static void
test_left_damaged (void)
{
  const SatchelKind *kind = find_kind ("credential");
  g_autoptr (JsonObject) values = make_values (kind, "outlet=The Courier|name=Anna|number=17");
  g_autoptr (SatchelPressFace) face = satchel_press_face_new (kind, values, "en");
  g_autoptr (GdkTexture) scan = make_scan (3, 2);
  g_autoptr (GBytes) packed = satchel_press_left_pack (face, scan);
  gsize size = g_bytes_get_size (packed);
  guint refused = 0;

  for (gsize i = 0; i < size * 8; i++) {
    g_autofree guint8 *bytes = g_memdup2 (g_bytes_get_data (packed, NULL), size);
    bytes[i / 8] ^= 1 << (i % 8);
    g_autoptr (GBytes) flipped = g_bytes_new (bytes, size);
    g_autoptr (GError) error = NULL;
    g_autoptr (SatchelPressLeft) left = satchel_press_left_unpack (flipped, &error);
    if (left == NULL)
      g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_DAMAGED);
    refused += left == NULL;
  }
  g_assert_cmpuint (refused, >, size);
  for (gsize cut = 0; cut < size; cut++) {
    g_autoptr (GBytes) part = g_bytes_new (g_bytes_get_data (packed, NULL), cut);
    g_autoptr (SatchelPressLeft) left = satchel_press_left_unpack (part, NULL);
    g_assert_true (left == NULL || cut >= size - 1);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/press/validity", test_validity);
  g_test_add_func ("/press/text", test_text);
  g_test_add_func ("/press/scan", test_scan);
  g_test_add_func ("/press/kinds", test_kinds);
  g_test_add_func ("/press/left", test_left);
  g_test_add_func ("/press/left-damaged", test_left_damaged);
  return g_test_run ();
}
