/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <string.h>

#include "custody/satchel-custody-layout.h"
#include "custody/satchel-custody-text.h"

/* --- Layout --- */

static void
assert_inside (GArray *pieces, int height)
{
  for (guint i = 0; i < pieces->len; i++) {
    const SatchelCustodyPiece *piece = &g_array_index (pieces, SatchelCustodyPiece, i);
    g_assert_cmpfloat (piece->top, >=, 0);
    g_assert_cmpfloat (piece->bottom, <=, height + 0.001);
    g_assert_cmpfloat (piece->top, <, piece->bottom);
  }
}

/* "LeL N L": links, edges, nodes, and a space where nothing is drawn for more than a pixel. */
static char *
spell_layout (GArray *pieces)
{
  GString *text = g_string_new (NULL);
  double end = 0;

  for (guint i = 0; i < pieces->len; i++) {
    const SatchelCustodyPiece *piece = &g_array_index (pieces, SatchelCustodyPiece, i);
    if (piece->top > end + 1)
      g_string_append_c (text, ' ');
    g_string_append_c (text, "LeN"[piece->kind]);
    end = MAX (end, piece->bottom);
  }
  return g_string_free (text, FALSE);
}

static void
test_layout (void)
{
  static const struct {
    SatchelCustodyMark mark;
    int height;
    gboolean has_above, has_below;
    const char *expected;
  } CASES[] = {
      {SATCHEL_CUSTODY_MARK_OURS, 60, FALSE, FALSE, " N"},
      {SATCHEL_CUSTODY_MARK_OURS, 60, TRUE, FALSE, "LN"},
      {SATCHEL_CUSTODY_MARK_OURS, 60, FALSE, TRUE, " NLeL"},
      {SATCHEL_CUSTODY_MARK_THEIRS, 60, TRUE, TRUE, "LNLeL"},
      {SATCHEL_CUSTODY_MARK_HANDS, 90, TRUE, TRUE, "LNLeLeLeLeL"},
      {SATCHEL_CUSTODY_MARK_GAP, 60, TRUE, TRUE, "L N L"},
      {SATCHEL_CUSTODY_MARK_GAP, 24, TRUE, TRUE, " N"},
      {SATCHEL_CUSTODY_MARK_OURS, 29, TRUE, TRUE, "LN"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autoptr (GArray) pieces = satchel_custody_layout (
        CASES[i].mark, CASES[i].height, CASES[i].has_above, CASES[i].has_below);
    g_autofree char *text = spell_layout (pieces);
    g_assert_cmpstr (text, ==, CASES[i].expected);
    assert_inside (pieces, CASES[i].height);
  }
}

/* --- Words --- */

static void
add_entry (GPtrArray *links, SatchelAction action, SatchelLedgerTie tie, gboolean is_ours)
{
  SatchelCustodyLink *step = g_new0 (SatchelCustodyLink, 1);

  step->step = SATCHEL_CUSTODY_ENTRY;
  step->is_ours = is_ours;
  step->link = g_new0 (SatchelLedgerLink, 1);
  step->link->tie = tie;
  if (tie != SATCHEL_TIE_UNREADABLE) {
    step->link->entry = g_new0 (SatchelLedgerEntry, 1);
    step->link->entry->action = action;
    step->link->entry->actor = g_strdup (is_ours ? "us" : "them");
    step->link->entry->time_us = G_GINT64_CONSTANT (1709989507123456);
  }
  g_ptr_array_add (links, step);
}

static void
add_over (GPtrArray *links, gboolean holds)
{
  SatchelCustodyLink *step = g_new0 (SatchelCustodyLink, 1);

  step->step = SATCHEL_CUSTODY_HANDED_OVER;
  step->holds = holds;
  step->signer = g_strdup ("them");
  step->tagmanifest = g_strdup ("abcd");
  step->bagged_us = G_GINT64_CONSTANT (1709942400000000);
  step->imported_us = G_GINT64_CONSTANT (1709989507123456);
  g_ptr_array_add (links, step);
}

static GPtrArray *
links_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_custody_link_free);
}

static char *
name_cb (const char *key, gpointer user_data)
{
  return g_strdup (g_strcmp0 (key, "us") == 0 ? "You" : "Anna");
}

static SatchelCustodyRow *
row_of (SatchelCustodyView *view, guint place)
{
  return g_ptr_array_index (view->rows, place);
}

static void
test_whole (void)
{
  g_autoptr (GPtrArray) links = links_new ();

  add_entry (links, SATCHEL_ACTION_CREATED, SATCHEL_TIE_FIRST, FALSE);
  add_over (links, TRUE);
  add_entry (links, SATCHEL_ACTION_IMPORTED, SATCHEL_TIE_FIRST, TRUE);
  g_autoptr (SatchelCustodyView) view =
      satchel_custody_view_new (links, "Visit", NULL, name_cb, NULL);
  g_assert_true (view->holds);
  g_assert_cmpstr (view->title, ==, "Visit");
  g_assert_null (view->sha256);
  g_assert_nonnull (strstr (view->summary, "whole"));
  g_assert_cmpuint (view->rows->len, ==, 3);
  g_assert_cmpint (row_of (view, 0)->mark, ==, SATCHEL_CUSTODY_MARK_THEIRS);
  g_assert_false (row_of (view, 0)->is_tied);
  g_assert_cmpstr (row_of (view, 0)->subtitle, ==, "Anna · 9 March 2024, 13:05:07 by their clock");
  g_assert_cmpint (row_of (view, 1)->mark, ==, SATCHEL_CUSTODY_MARK_HANDS);
  g_assert_cmpstr (row_of (view, 1)->subtitle, ==,
                   "Sealed and signed by Anna on 9 March 2024; taken in here on 9 March 2024, "
                   "13:05:07 by this computer's clock");
  g_assert_cmpint (row_of (view, 2)->mark, ==, SATCHEL_CUSTODY_MARK_OURS);
  g_assert_true (row_of (view, 2)->is_tied);
  g_assert_cmpstr (row_of (view, 2)->name, ==,
                   "Verified and taken in. You · 9 March 2024, 13:05:07 by this computer's clock. "
                   "Tied to the one before it.");
}

/* What is broken is said in words, at the place and above. */
static void
test_faults (void)
{
  static const struct {
    SatchelLedgerTie tie;
    gboolean hands_hold;
    const char *said;
    guint place;
  } CASES[] = {
      {SATCHEL_TIE_BROKEN, TRUE, "names another one before it", 1},
      {SATCHEL_TIE_UNREADABLE, TRUE, "not as Satchel wrote it", 1},
      {SATCHEL_TIE_HOLDS, FALSE, "not what was signed", 2},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autoptr (GPtrArray) links = links_new ();
    add_entry (links, SATCHEL_ACTION_CREATED, SATCHEL_TIE_FIRST, FALSE);
    add_entry (links, SATCHEL_ACTION_VIEWED, CASES[i].tie, FALSE);
    add_over (links, CASES[i].hands_hold);
    g_autoptr (SatchelCustodyView) view =
        satchel_custody_view_new (links, "Visit", NULL, name_cb, NULL);
    g_assert_false (view->holds);
    g_assert_nonnull (strstr (view->summary, "BROKEN in 1 place"));
    for (guint place = 0; place < view->rows->len; place++) {
      const SatchelCustodyRow *row = row_of (view, place);
      g_assert_true ((row->fault != NULL) == (place == CASES[i].place));
      if (row->fault == NULL)
        continue;
      g_assert_nonnull (strstr (row->fault, CASES[i].said));
      g_assert_nonnull (strstr (row->name, CASES[i].said));
      g_assert_false (row->is_tied);
    }
  }
}

/* An item begins with its capture, and an entry about another content is a break. */
static void
test_item (void)
{
  g_autoptr (GPtrArray) links = links_new ();
  SatchelEvidence item = {.name = (char *) "a.jpg", .clock = SATCHEL_CLOCK_DEVICE};

  memset (item.sha256, 0xab, sizeof item.sha256);
  memset (item.hash, 1, sizeof item.hash);
  item.captured = (SatchelWhen){.unix_us = G_GINT64_CONSTANT (1709989507123456),
                                .offset_minutes = 0,
                                .precision = SATCHEL_PRECISION_MINUTE};
  add_entry (links, SATCHEL_ACTION_ATTACHED, SATCHEL_TIE_FIRST, TRUE);
  SatchelLedgerEntry *entry = ((SatchelCustodyLink *) links->pdata[0])->link->entry;
  entry->has_object_hash = TRUE;
  memset (entry->object_hash, 1, sizeof entry->object_hash);
  g_autoptr (SatchelCustodyView) view =
      satchel_custody_view_new (links, NULL, &item, name_cb, NULL);
  g_assert_cmpstr (view->title, ==, "a.jpg");
  g_assert_cmpuint (strlen (view->sha256), ==, 64);
  g_assert_cmpuint (view->rows->len, ==, 2);
  g_assert_cmpstr (row_of (view, 0)->title, ==, "Recorded");
  g_assert_nonnull (strstr (row_of (view, 0)->subtitle, "by the clock of the device"));
  g_assert_true (view->holds);
  g_assert_cmpstr (row_of (view, 1)->title, ==, "Evidence attached");
  entry->detail = json_object_new ();
  json_object_set_boolean_member (entry->detail, "cut_off", TRUE);
  g_autoptr (SatchelCustodyView) cut_off =
      satchel_custody_view_new (links, NULL, &item, name_cb, NULL);
  g_assert_true (cut_off->holds);
  g_assert_cmpstr (row_of (cut_off, 1)->title, ==,
                   "Evidence attached: a recording that was cut off");
  memset (entry->object_hash, 2, sizeof entry->object_hash);
  g_autoptr (SatchelCustodyView) other =
      satchel_custody_view_new (links, NULL, &item, name_cb, NULL);
  g_assert_false (other->holds);
  g_assert_nonnull (strstr (row_of (other, 1)->fault, "another content"));
}

static void
test_looks (void)
{
  g_autoptr (GPtrArray) links = links_new ();

  add_entry (links, SATCHEL_ACTION_ATTACHED, SATCHEL_TIE_FIRST, TRUE);
  for (guint i = 0; i < 3; i++)
    add_entry (links, SATCHEL_ACTION_VIEWED, SATCHEL_TIE_HOLDS, TRUE);
  add_entry (links, SATCHEL_ACTION_VIEWED, SATCHEL_TIE_BROKEN, TRUE);
  g_autoptr (SatchelCustodyView) view =
      satchel_custody_view_new (links, "Visit", NULL, name_cb, NULL);
  g_assert_cmpuint (view->rows->len, ==, 3);
  g_assert_cmpstr (row_of (view, 1)->title, ==, "Looked at 3 times");
  g_assert_cmpstr (row_of (view, 2)->title, ==, "Looked at");
  g_assert_nonnull (row_of (view, 2)->fault);
}

/* A long chain is shortened where it holds; a fault is never left out. */
static void
test_long (void)
{
  for (guint broken = 0; broken < 2; broken++) {
    g_autoptr (GPtrArray) links = links_new ();
    add_entry (links, SATCHEL_ACTION_CREATED, SATCHEL_TIE_FIRST, TRUE);
    for (guint i = 1; i < 1000; i++)
      add_entry (links, SATCHEL_ACTION_REVISED,
                 broken && i == 500 ? SATCHEL_TIE_BROKEN : SATCHEL_TIE_HOLDS, TRUE);
    g_autoptr (SatchelCustodyView) view =
        satchel_custody_view_new (links, "Visit", NULL, name_cb, NULL);
    g_assert_cmpuint (view->rows->len, ==, broken ? 1000 : 300);
    if (!broken)
      g_assert_nonnull (strstr (row_of (view, 100)->title, "701 more"));
  }
}

static void
test_empty (void)
{
  g_autoptr (GPtrArray) links = links_new ();
  g_autoptr (SatchelCustodyView) view =
      satchel_custody_view_new (links, "Visit", NULL, name_cb, NULL);

  g_assert_cmpuint (view->rows->len, ==, 0);
  g_assert_nonnull (strstr (view->summary, "nothing"));
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/custody/layout", test_layout);
  g_test_add_func ("/custody/whole", test_whole);
  g_test_add_func ("/custody/faults", test_faults);
  g_test_add_func ("/custody/item", test_item);
  g_test_add_func ("/custody/looks", test_looks);
  g_test_add_func ("/custody/long", test_long);
  g_test_add_func ("/custody/empty", test_empty);
  return g_test_run ();
}
