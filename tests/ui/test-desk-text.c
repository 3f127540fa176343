/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/satchel-desk-text.h"

#include <locale.h>

#include "inbox/satchel-desk-menu.h"
#include "inbox/satchel-inbox-text.h"

static void
test_work (void)
{
  char *none[] = {NULL}, *two[] = {(char *) "minsk", (char *) "raid", NULL};
  const struct {
    SatchelDesk desk;
    const char *name;
    const char *expected;
  } cases[] = {
      {{.tags = none}, NULL, NULL},
      {{.is_read = TRUE, .tags = none}, NULL, NULL},
      {{.status = SATCHEL_DESK_NEEDS_REPLY, .tags = none}, NULL, "Needs reply"},
      {{.is_mine = TRUE, .tags = none}, NULL, "For you"},
      {{.assignee = (char *) "x", .tags = none}, "Anna", "For Anna"},
      {{.assignee = (char *) "x", .tags = none}, NULL, "For ?"},
      {{.tags = two}, NULL, "#minsk #raid"},
      {{.status = SATCHEL_DESK_CLOSED, .is_mine = TRUE, .tags = two},
       NULL,
       "Closed · For you · #minsk #raid"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = satchel_desk_text_dup_work (&cases[i].desk, cases[i].name);
    g_assert_cmpstr (text, ==, cases[i].expected);
  }
}

static void
test_done (void)
{
  const struct {
    SatchelDeskChange change;
    const char *name;
    guint count;
    const char *expected;
  } cases[] = {
      {{.part = SATCHEL_DESK_PART_READ, .is_read = TRUE}, NULL, 3, "3 marked as read"},
      {{.part = SATCHEL_DESK_PART_READ}, NULL, 1, "1 marked as unread"},
      {{.part = SATCHEL_DESK_PART_STATUS, .status = SATCHEL_DESK_CLOSED}, NULL, 2, "2 now: Closed"},
      {{.part = SATCHEL_DESK_PART_ASSIGNEE, .is_mine = TRUE}, NULL, 2, "2 assigned to you"},
      {{.part = SATCHEL_DESK_PART_ASSIGNEE, .assignee = "x"}, "Anna", 2, "2 assigned to Anna"},
      {{.part = SATCHEL_DESK_PART_ASSIGNEE}, NULL, 2, "2 assigned to nobody"},
      {{.part = SATCHEL_DESK_PART_TAG, .tag = "raid", .has_tag = TRUE}, NULL, 2, "2 tagged #raid"},
      {{.part = SATCHEL_DESK_PART_TAG, .tag = "raid"}, NULL, 2, "2 no longer tagged #raid"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text =
        satchel_desk_text_dup_done (&cases[i].change, cases[i].name, cases[i].count);
    g_assert_cmpstr (text, ==, cases[i].expected);
  }
}

static void
test_views (void)
{
  static const struct {
    const char *question;
    SatchelDeskView view;
    const char *words;
  } cases[] = {
      {NULL, SATCHEL_DESK_ALL, "Everything"},
      {"", SATCHEL_DESK_ALL, "Everything"},
      {"unread", SATCHEL_DESK_UNREAD, "Unread"},
      {"mine", SATCHEL_DESK_MINE, "For you"},
      {"status:0", SATCHEL_DESK_OF_STATUS, "New"},
      {"status:4", SATCHEL_DESK_OF_STATUS, "Closed"},
      {"status:5", SATCHEL_DESK_ALL, "Everything"},
      {"status:", SATCHEL_DESK_ALL, "Everything"},
      {"tag:white lada", SATCHEL_DESK_OF_TAG, "#white lada"},
      {"anything", SATCHEL_DESK_ALL, "Everything"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    SatchelDeskFilter filter;
    g_autofree char *words = satchel_desk_text_dup_view (cases[i].question);
    satchel_desk_text_parse_question (cases[i].question, &filter);
    g_assert_cmpint (filter.view, ==, cases[i].view);
    g_assert_cmpstr (words, ==, cases[i].words);
  }
}

/* What an action asks for; the menus offer nothing else. */
static void
test_actions (void)
{
  SatchelDeskChange change;
  g_autoptr (GVariant) me = g_variant_ref_sink (g_variant_new_string ("me"));
  g_autoptr (GVariant) nobody = g_variant_ref_sink (g_variant_new_string (""));
  g_autoptr (GVariant) anna = g_variant_ref_sink (g_variant_new_string ("0123"));
  g_autoptr (GVariant) closed = g_variant_ref_sink (g_variant_new_int32 (SATCHEL_DESK_CLOSED));

  g_assert_true (satchel_desk_menu_read ("desk.assign", me, &change));
  g_assert_true (change.is_mine && change.assignee == NULL);
  g_assert_true (satchel_desk_menu_read ("desk.assign", nobody, &change));
  g_assert_true (!change.is_mine && change.assignee == NULL);
  g_assert_true (satchel_desk_menu_read ("desk.assign", anna, &change));
  g_assert_cmpstr (change.assignee, ==, "0123");
  g_assert_true (satchel_desk_menu_read ("desk.status", closed, &change));
  g_assert_cmpint (change.status, ==, SATCHEL_DESK_CLOSED);
  g_assert_true (satchel_desk_menu_read ("desk.untag", anna, &change));
  g_assert_false (change.has_tag);
  g_assert_false (satchel_desk_menu_read ("desk.erase", anna, &change));
}

static void
test_entry (void)
{
  const SatchelInboxEntry whole = {0}, gap = {.missing = 2, .items = 3},
                          one = {.missing = 1, .items = 1};
  g_autofree char *none = satchel_inbox_text_dup_missing (&whole);
  g_autofree char *no_items = satchel_inbox_text_dup_items (&whole);
  g_autofree char *two = satchel_inbox_text_dup_missing (&gap);
  g_autofree char *items = satchel_inbox_text_dup_items (&gap);
  g_autofree char *single = satchel_inbox_text_dup_missing (&one);
  g_autofree char *short_none = satchel_inbox_text_dup_short_missing (&whole);
  g_autofree char *short_two = satchel_inbox_text_dup_short_missing (&gap);

  g_assert_null (none);
  g_assert_null (no_items);
  g_assert_cmpstr (two, ==, "2 bundles that this sender sealed before it have not arrived");
  g_assert_cmpstr (single, ==, "1 bundle that this sender sealed before it has not arrived");
  g_assert_null (short_none);
  g_assert_cmpstr (short_two, ==, "2 bundles before it are missing");
  g_assert_cmpstr (items, ==, "3 attachments");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_ALL, "C.UTF-8");
  g_test_add_func ("/desk-text/work", test_work);
  g_test_add_func ("/desk-text/done", test_done);
  g_test_add_func ("/desk-text/views", test_views);
  g_test_add_func ("/desk-text/actions", test_actions);
  g_test_add_func ("/desk-text/entry", test_entry);
  return g_test_run ();
}
