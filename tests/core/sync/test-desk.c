/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-desk.h"

#include "people/satchel-contact.h"
#include "test-pages.h"
#include "test-support.h"
#include "test-trip.h"

#define NOBODY "00000000000000000000000000000000"

/* A desk with three bundles, each of one note: "one", "two", "three", and an introduction. */
typedef struct {
  TestTrip *trip;
  SatchelVault *vault;
  GPtrArray *ids; /* of the three, in that order */
  GPtrArray *records;
} Desk;

static Desk *
desk_new (void)
{
  static const char *const TEXTS[] = {"one", "two", "three"};
  Desk *self = g_new0 (Desk, 1);
  g_autoptr (GPtrArray) arrived = NULL;

  self->trip = test_trip_new (NULL);
  self->vault = self->trip->desk;
  self->ids = g_ptr_array_new_with_free_func (g_free);
  self->records = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < G_N_ELEMENTS (TEXTS); i++) {
    g_ptr_array_add (self->records, test_trip_note (self->trip->reporter, TEXTS[i], NULL));
    g_free (test_trip_seal (self->trip->reporter, self->records->pdata[i]));
  }
  test_trip_hand_over (self->trip->reporter, self->trip->there);
  arrived = test_trip_fetch (self->vault, self->trip->there);
  for (guint i = 0; i < self->records->len; i++)
    for (guint j = 0; j < arrived->len; j++) {
      const SatchelInboxEntry *entry = arrived->pdata[j];
      if (g_strv_contains ((const char *const *) entry->records, self->records->pdata[i]))
        g_ptr_array_add (self->ids, g_strdup (entry->id));
    }
  g_assert_cmpuint (self->ids->len, ==, 3);
  return self;
}

static void
desk_free (Desk *self)
{
  test_trip_check (self->vault);
  test_trip_free (self->trip);
  g_ptr_array_unref (self->ids);
  g_ptr_array_unref (self->records);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Desk, desk_free)

/* "read, needs-reply, mine, tag tag": how a bundle stands. */
static char *
describe (SatchelVault *vault, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelDesk) desk = satchel_desk_load (vault, id, &error);
  g_autofree char *tags = NULL;

  g_assert_no_error (error);
  tags = g_strjoinv (" ", desk->tags);
  return g_strdup_printf ("%s, %s, %s, %s", desk->is_read ? "read" : "unread",
                          satchel_desk_status_to_text (desk->status),
                          desk->is_mine            ? "mine"
                          : desk->assignee != NULL ? "theirs"
                                                   : "nobody's",
                          tags);
}

static void
assert_is (SatchelVault *vault, const char *id, const char *expected)
{
  g_autofree char *text = describe (vault, id);

  g_assert_cmpstr (text, ==, expected);
}

static void
change (Desk *self, GPtrArray *ids, const SatchelDeskChange *what, GPtrArray **before)
{
  g_autoptr (GError) error = NULL;

  satchel_desk_change (self->vault, ids, what, before, &error);
  g_assert_no_error (error);
}

static char *
find_member (SatchelVault *vault)
{
  g_autoptr (GPtrArray) contacts = satchel_contact_list (vault, NULL);

  for (guint i = 0; i < contacts->len; i++)
    if (((SatchelContact *) contacts->pdata[i])->is_member)
      return g_strdup (((SatchelContact *) contacts->pdata[i])->id);
  g_assert_not_reached ();
}

/* Each part by itself, and back: nothing else moves. */
static void
test_parts (void)
{
  g_autoptr (Desk) self = desk_new ();
  g_autofree char *member = find_member (self->vault);
  const struct {
    SatchelDeskChange change;
    const char *expected;
  } steps[] = {
      {{.part = SATCHEL_DESK_PART_READ, .is_read = TRUE}, "read, new, nobody's, "},
      {{.part = SATCHEL_DESK_PART_STATUS, .status = SATCHEL_DESK_NEEDS_REPLY},
       "unread, needs-reply, nobody's, "},
      {{.part = SATCHEL_DESK_PART_ASSIGNEE, .is_mine = TRUE}, "unread, new, mine, "},
      {{.part = SATCHEL_DESK_PART_ASSIGNEE, .assignee = member}, "unread, new, theirs, "},
      {{.part = SATCHEL_DESK_PART_TAG, .tag = "  White \t Lada ", .has_tag = TRUE},
       "unread, new, nobody's, White Lada"},
      {{.part = SATCHEL_DESK_PART_TAG, .tag = "never there"}, "unread, new, nobody's, "},
  };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autoptr (GPtrArray) before = NULL;
    change (self, self->ids, &steps[i].change, &before);
    for (guint j = 0; j < self->ids->len; j++)
      assert_is (self->vault, self->ids->pdata[j], steps[i].expected);
    g_assert_true (satchel_desk_undo (self->vault, &steps[i].change, before, NULL));
    for (guint j = 0; j < self->ids->len; j++)
      assert_is (self->vault, self->ids->pdata[j], "unread, new, nobody's, ");
  }
}

/* What is taken back is the one change, not what came after it; one that had the tag keeps it. */
static void
test_undo (void)
{
  g_autoptr (Desk) self = desk_new ();
  g_autoptr (GPtrArray) first = g_ptr_array_new (), before = NULL;
  const SatchelDeskChange tag = {.part = SATCHEL_DESK_PART_TAG, .tag = "raid", .has_tag = TRUE};
  const SatchelDeskChange other = {.part = SATCHEL_DESK_PART_TAG, .tag = "minsk", .has_tag = TRUE};
  const SatchelDeskChange read = {.part = SATCHEL_DESK_PART_READ, .is_read = TRUE};

  g_ptr_array_add (first, self->ids->pdata[0]);
  change (self, first, &tag, NULL);
  change (self, self->ids, &tag, &before);
  change (self, self->ids, &other, NULL);
  change (self, self->ids, &read, NULL);
  g_assert_true (satchel_desk_undo (self->vault, &tag, before, NULL));
  assert_is (self->vault, self->ids->pdata[0], "read, new, nobody's, minsk raid");
  assert_is (self->vault, self->ids->pdata[1], "read, new, nobody's, minsk");
}

/* All or none, and why. */
static void
test_refused (void)
{
  g_autoptr (Desk) self = desk_new ();
  g_autofree char *long_tag = g_strnfill (SATCHEL_DESK_TAG_MAX + 1, 'a');
  g_autofree char *long_note = g_strnfill (SATCHEL_DESK_NOTE_MAX + 1, 'a');
  g_autoptr (GPtrArray) contacts = satchel_contact_list (self->vault, NULL);
  const char *reporter = NULL;
  GError *error = NULL;

  for (guint i = 0; i < contacts->len; i++)
    if (!((SatchelContact *) contacts->pdata[i])->is_member)
      reporter = ((SatchelContact *) contacts->pdata[i])->id;
  const struct {
    SatchelDeskChange change;
    GQuark domain;
    int code;
  } cases[] = {
      {{.part = SATCHEL_DESK_PART_TAG, .tag = " \n", .has_tag = TRUE},
       SATCHEL_RECORDS_ERROR,
       SATCHEL_RECORDS_ERROR_INVALID_VALUE},
      {{.part = SATCHEL_DESK_PART_TAG, .tag = "\xff", .has_tag = TRUE},
       SATCHEL_RECORDS_ERROR,
       SATCHEL_RECORDS_ERROR_INVALID_VALUE},
      {{.part = SATCHEL_DESK_PART_TAG, .tag = long_tag, .has_tag = TRUE},
       SATCHEL_RECORDS_ERROR,
       SATCHEL_RECORDS_ERROR_TOO_LARGE},
      {{.part = SATCHEL_DESK_PART_ASSIGNEE, .assignee = reporter},
       SATCHEL_PEOPLE_ERROR,
       SATCHEL_PEOPLE_ERROR_NOT_FOUND},
      {{.part = SATCHEL_DESK_PART_ASSIGNEE, .assignee = NOBODY},
       SATCHEL_PEOPLE_ERROR,
       SATCHEL_PEOPLE_ERROR_NOT_FOUND},
      {{.part = SATCHEL_DESK_PART_READ, .is_read = TRUE},
       SATCHEL_SYNC_ERROR,
       SATCHEL_SYNC_ERROR_NOT_FOUND},
  };

  g_ptr_array_add (self->ids, g_strdup (NOBODY));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_assert_false (satchel_desk_change (self->vault, self->ids, &cases[i].change, NULL, &error));
    g_assert_error (error, cases[i].domain, cases[i].code);
    g_clear_error (&error);
    assert_is (self->vault, self->ids->pdata[0], "unread, new, nobody's, ");
  }
  g_assert_false (satchel_desk_add_note (self->vault, NOBODY, "a", &error));
  g_assert_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (satchel_desk_add_note (self->vault, self->ids->pdata[0], "", &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_INVALID_VALUE);
  g_clear_error (&error);
  g_assert_false (satchel_desk_add_note (self->vault, self->ids->pdata[0], long_note, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_TOO_LARGE);
  g_clear_error (&error);
}

/* Letter case and form make no other tag; the first spelling is everybody's. */
static void
test_tags (void)
{
  g_autoptr (Desk) self = desk_new ();
  static const char *const TYPED[] = {"Обыск", "обыск", "ОБЫСК", "e\xcc\x81tat", "État"};
  g_auto (GStrv) tags = NULL;
  g_autofree char *all = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (TYPED); i++) {
    const SatchelDeskChange tag = {
        .part = SATCHEL_DESK_PART_TAG, .tag = TYPED[i], .has_tag = TRUE};
    g_autoptr (GPtrArray) one = g_ptr_array_new ();
    g_ptr_array_add (one, self->ids->pdata[i % 2]);
    change (self, one, &tag, NULL);
  }
  tags = satchel_desk_list_tags (self->vault, NULL);
  all = g_strjoinv (" ", tags);
  g_assert_cmpstr (all, ==, "e\xcc\x81tat Обыск");
  assert_is (self->vault, self->ids->pdata[1], "unread, new, nobody's, e\xcc\x81tat Обыск");
}

/* Notes stay in order, and as they are, whoever tries. */
static void
test_notes (void)
{
  g_autoptr (Desk) self = desk_new ();
  const char *id = self->ids->pdata[0];
  g_autoptr (GPtrArray) notes = NULL;

  g_assert_true (satchel_desk_add_note (self->vault, id, "Call her back", NULL));
  g_assert_true (satchel_desk_add_note (self->vault, id, "Called\nNo answer", NULL));
  notes = satchel_desk_list_notes (self->vault, id, NULL);
  g_assert_cmpuint (notes->len, ==, 2);
  g_assert_cmpstr (((SatchelDeskNote *) notes->pdata[0])->text, ==, "Call her back");
  g_assert_cmpstr (((SatchelDeskNote *) notes->pdata[1])->text, ==, "Called\nNo answer");
  g_assert_cmpint (((SatchelDeskNote *) notes->pdata[0])->written_unix_us, >, 0);
  g_assert_false (satchel_db_execute (satchel_vault_get_db (self->vault),
                                      "UPDATE desk_note SET text = 'x'", NULL));
}

/* How many of the four a filter lets through, and that they come in the inbox's order. */
static void
assert_rows (SatchelVault *vault, const SatchelDeskFilter *filter, guint expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rows = satchel_desk_list_rows (vault, filter, &error);
  g_autoptr (GPtrArray) all = satchel_inbox_list (vault, NULL);
  g_autoptr (GPtrArray) ids = NULL;
  guint place = 0;

  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, expected);
  ids = satchel_inbox_list_ids (vault, rows, NULL);
  for (guint i = 0; i < ids->len; i++) {
    while (place < all->len &&
           g_strcmp0 (((SatchelInboxEntry *) all->pdata[place])->id, ids->pdata[i]) != 0)
      place++;
    g_assert_cmpuint (place, <, all->len);
  }
}

static void
test_views (void)
{
  g_autoptr (Desk) self = desk_new ();
  const SatchelDeskFilter filters[] = {
      {.view = SATCHEL_DESK_ALL},
      {.view = SATCHEL_DESK_UNREAD},
      {.view = SATCHEL_DESK_MINE},
      {.view = SATCHEL_DESK_OF_STATUS, .status = SATCHEL_DESK_NEW},
      {.view = SATCHEL_DESK_OF_STATUS, .status = SATCHEL_DESK_CLOSED},
      {.view = SATCHEL_DESK_OF_TAG, .tag = "RAID"},
  };
  const SatchelDeskChange changes[] = {
      {.part = SATCHEL_DESK_PART_READ, .is_read = TRUE},
      {.part = SATCHEL_DESK_PART_ASSIGNEE, .is_mine = TRUE},
      {.part = SATCHEL_DESK_PART_STATUS, .status = SATCHEL_DESK_CLOSED},
      {.part = SATCHEL_DESK_PART_TAG, .tag = "raid", .has_tag = TRUE},
  };
  static const guint BEFORE[] = {4, 4, 0, 4, 0, 0}, AFTER[] = {4, 2, 2, 2, 2, 2};
  g_autoptr (GPtrArray) two = g_ptr_array_new ();

  g_ptr_array_add (two, self->ids->pdata[0]);
  g_ptr_array_add (two, self->ids->pdata[2]);
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    assert_rows (self->vault, &filters[i], BEFORE[i]);
  g_assert_cmpint (satchel_desk_count_unread (self->vault, NULL), ==, 4);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    change (self, two, &changes[i], NULL);
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    assert_rows (self->vault, &filters[i], AFTER[i]);
  g_assert_cmpint (satchel_desk_count_unread (self->vault, NULL), ==, 2);
}

/* --- What is gone --- */

static void
put_words (Desk *self, guint bundle, const char *tag, const char *note)
{
  const SatchelDeskChange with = {.part = SATCHEL_DESK_PART_TAG, .tag = tag, .has_tag = TRUE};
  g_autoptr (GPtrArray) one = g_ptr_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);

  g_ptr_array_add (one, self->ids->pdata[bundle]);
  change (self, one, &with, NULL);
  while (text->len < 40000)
    g_string_append_printf (text, "%s ", note);
  g_assert_true (satchel_desk_add_note (self->vault, one->pdata[0], text->str, NULL));
}

/* Words of the desk go with the report: from tables, indexes and the log. */
static void
test_erased_report (void)
{
  g_autoptr (Desk) self = desk_new ();
  const SatchelDeskChange mine = {.part = SATCHEL_DESK_PART_ASSIGNEE, .is_mine = TRUE};

  put_words (self, 0, "zanzibarian", "gribakow");
  put_words (self, 1, "ministry", "lyudmila");
  change (self, self->ids, &mine, NULL);
  g_assert_true (satchel_db_checkpoint (satchel_vault_get_db (self->vault), NULL));
  g_assert_cmpuint (test_vault_pages_count (self->vault, "zanzibarian"), >, 0);
  g_assert_cmpuint (test_vault_pages_count (self->vault, "gribakow"), >, 5);
  g_assert_true (satchel_record_erase (self->vault, self->records->pdata[0], NULL));
  test_vault_assert_log_is_empty (self->vault);
  g_assert_cmpuint (test_vault_pages_count (self->vault, "zanzibarian"), ==, 0);
  g_assert_cmpuint (test_vault_pages_count (self->vault, "gribakow"), ==, 0);
  g_assert_cmpuint (test_vault_pages_count (self->vault, "ministry"), >, 0);
  g_assert_cmpuint (test_vault_pages_count (self->vault, "lyudmila"), >, 5);
  /* There is nothing to read in it any more. */
  assert_is (self->vault, self->ids->pdata[0], "read, new, nobody's, ");
  assert_is (self->vault, self->ids->pdata[1], "unread, new, mine, ministry");
}

/* A tag that was taken away, or a bundle's that was undone, is in no log either. */
static void
test_removed_tag (void)
{
  g_autoptr (Desk) self = desk_new ();
  const SatchelDeskChange without = {.part = SATCHEL_DESK_PART_TAG, .tag = "Zanzibarian"};

  put_words (self, 0, "zanzibarian", "gribakow");
  change (self, self->ids, &without, NULL);
  test_vault_assert_log_is_empty (self->vault);
  g_assert_cmpuint (test_vault_pages_count (self->vault, "zanzibarian"), ==, 0);
  g_assert_cmpuint (test_vault_pages_count (self->vault, "gribakow"), >, 5);
}

/* What was thought of a stranger's bundle is still thought of it when it can be opened; but now it
 * can be read. */
static void
test_stranger (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *record = test_trip_note (trip->reporter, "Early", NULL);
  g_autofree char *sent = test_trip_seal (trip->reporter, record);
  g_autoptr (SatchelOutboxEntry) outbox = satchel_outbox_find (trip->reporter, sent, NULL);
  g_autoptr (SatchelInboxEntry) first = satchel_inbox_open_file (
      trip->desk, outbox->path, (SatchelProgressReport){0}, NULL, NULL);
  g_autoptr (GPtrArray) ids = g_ptr_array_new (), rest = NULL, notes = NULL;
  const SatchelDeskChange changes[] = {
      {.part = SATCHEL_DESK_PART_READ, .is_read = TRUE},
      {.part = SATCHEL_DESK_PART_STATUS, .status = SATCHEL_DESK_READING},
      {.part = SATCHEL_DESK_PART_TAG, .tag = "who", .has_tag = TRUE},
  };
  const char *id = NULL;

  g_assert_cmpint (first->reason, ==, SATCHEL_ASIDE_STRANGER);
  g_ptr_array_add (ids, first->id);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    g_assert_true (satchel_desk_change (trip->desk, ids, &changes[i], NULL, NULL));
  g_assert_true (satchel_desk_add_note (trip->desk, first->id, "Who is it?", NULL));
  test_trip_hand_over (trip->reporter, trip->there);
  rest = test_trip_fetch (trip->desk, trip->there);
  for (guint i = 0; i < rest->len; i++)
    if (!((SatchelInboxEntry *) rest->pdata[i])->is_introduction)
      id = ((SatchelInboxEntry *) rest->pdata[i])->id;
  g_assert_nonnull (id);
  g_assert_cmpstr (id, !=, first->id);
  assert_is (trip->desk, id, "unread, reading, nobody's, who");
  notes = satchel_desk_list_notes (trip->desk, id, NULL);
  g_assert_cmpuint (notes->len, ==, 1);
  g_assert_null (satchel_desk_load (trip->desk, first->id, NULL));
  test_trip_check (trip->desk);
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/desk/parts", test_parts);
  g_test_add_func ("/desk/undo", test_undo);
  g_test_add_func ("/desk/refused", test_refused);
  g_test_add_func ("/desk/tags", test_tags);
  g_test_add_func ("/desk/notes", test_notes);
  g_test_add_func ("/desk/views", test_views);
  g_test_add_func ("/desk/erased-report", test_erased_report);
  g_test_add_func ("/desk/removed-tag", test_removed_tag);
  g_test_add_func ("/desk/stranger", test_stranger);
  return g_test_run ();
}
