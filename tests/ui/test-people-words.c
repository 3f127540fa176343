/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-people-words.h"

#include <string.h>

#include "base/satchel-time.h"

#define DAY_US ((gint64) 24 * 3600 * G_USEC_PER_SEC)
#define NOW_US ((gint64) 1710000000 * G_USEC_PER_SEC)

static gint64
fixed_clock (void)
{
  return NOW_US;
}

static void
test_invite_state (void)
{
  static const struct {
    gint64 expires_us, revoked_us;
    const char *contact_id;
    SatchelInviteState state;
    const char *icon;
  } CASES[] = {
      {NOW_US + 1, 0, NULL, SATCHEL_INVITE_WAITING, "mail-unread-symbolic"},
      {NOW_US, 0, NULL, SATCHEL_INVITE_EXPIRED, "appointment-missed-symbolic"},
      {NOW_US + 1, 0, "a", SATCHEL_INVITE_USED, "emblem-ok-symbolic"},
      {NOW_US, 0, "a", SATCHEL_INVITE_SPENT, "appointment-missed-symbolic"},
      {NOW_US + 1, NOW_US - 1, NULL, SATCHEL_INVITE_REVOKED, "action-unavailable-symbolic"},
      /* Revoked is what counts, whatever else it was. */
      {NOW_US, NOW_US - 1, "a", SATCHEL_INVITE_REVOKED, "action-unavailable-symbolic"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    const SatchelInviteEntry entry = {.expires_unix_us = CASES[i].expires_us,
                                      .revoked_unix_us = CASES[i].revoked_us,
                                      .contact_id = (char *) CASES[i].contact_id};
    g_assert_cmpint (satchel_people_invite_state (&entry, NOW_US), ==, CASES[i].state);
    g_assert_cmpstr (satchel_people_invite_icon (CASES[i].state), ==, CASES[i].icon);
  }
}

static void
test_invite_words (void)
{
  static const struct {
    gint64 expires_us, revoked_us;
    const char *contact_id, *user, *text;
  } CASES[] = {
      {NOW_US + 2 * DAY_US, 0, NULL, NULL, "Not used yet · good until 11 March"},
      {NOW_US - 2 * DAY_US, 0, NULL, NULL, "Expired on 7 March, and nobody used it"},
      {NOW_US + 2 * DAY_US, 0, "a", "Vera", "Used by Vera, who can send with it until 11 March"},
      /* Its user is not known by another name: the one that it was made for. */
      {NOW_US + 2 * DAY_US, 0, "a", NULL, "Used by Anna, who can send with it until 11 March"},
      {NOW_US + 2 * DAY_US, NOW_US - 2 * DAY_US, NULL, NULL, "Revoked: 7 March"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    const SatchelInviteEntry entry = {.name = (char *) "Anna",
                                      .expires_unix_us = CASES[i].expires_us,
                                      .revoked_unix_us = CASES[i].revoked_us,
                                      .contact_id = (char *) CASES[i].contact_id};
    g_autofree char *text = satchel_people_dup_invite (&entry, CASES[i].user, NOW_US);
    g_assert_cmpstr (text, ==, CASES[i].text);
  }
}

/* No state is told by its symbol or its colour alone, and no two by the same words. */
static void
test_states (void)
{
  static const struct {
    SatchelContactState state;
    gboolean is_member;
    const char *words, *summary, *trust;
  } CASES[] = {
      {SATCHEL_CONTACT_UNKNOWN, FALSE, "Unknown", "Editor · Unknown", "handed this card over"},
      {SATCHEL_CONTACT_INVITED, FALSE, "Invited, not verified", "Editor · Invited, not verified",
       "an invite from you"},
      {SATCHEL_CONTACT_INVITED, TRUE, "Member, not verified", "Editor · Member, not verified",
       "A member of The Courier"},
      {SATCHEL_CONTACT_VERIFIED, TRUE, "Verified", "Editor · Verified", "by voice: 7 March."},
      {SATCHEL_CONTACT_RETIRED, FALSE, "Revoked", "Editor · Revoked", "taken in any more"},
  };
  SatchelCard card = {.role = SATCHEL_ROLE_EDITOR};

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    const SatchelContact contact = {.state = CASES[i].state,
                                    .is_member = CASES[i].is_member,
                                    .verified_unix_us = NOW_US - 2 * DAY_US,
                                    .card = &card};
    g_autofree char *summary = satchel_people_dup_summary (&contact);
    g_autofree char *trust = satchel_people_dup_trust (&contact, "The Courier", TRUE);
    g_assert_cmpstr (satchel_people_state_words (&contact), ==, CASES[i].words);
    g_assert_cmpstr (summary, ==, CASES[i].summary);
    g_assert_nonnull (strstr (trust, CASES[i].trust));
    g_assert_cmpint (CASES[i].state == SATCHEL_CONTACT_UNKNOWN ||
                         CASES[i].state == SATCHEL_CONTACT_INVITED,
                     ==, strstr (trust, "not compared yet") != NULL);
  }
}

/* What somebody else wrote turns nothing around on the screen. */
static void
test_hostile_name (void)
{
  const SatchelContact contact = {.name = (char *) "An\u202ena\n"};
  const SatchelContactAlarm alarm = {.seen_unix_us = NOW_US - 2 * DAY_US};
  g_autofree char *text = satchel_people_dup_alarm (&alarm, &contact);

  g_assert_null (strstr (text, "\u202e"));
  g_assert_null (strchr (text, '\n'));
  g_assert_true (g_str_has_suffix (text, ": 7 March"));
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  satchel_set_clock (fixed_clock);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/people-words/invite-state", test_invite_state);
  g_test_add_func ("/people-words/invite-words", test_invite_words);
  g_test_add_func ("/people-words/states", test_states);
  g_test_add_func ("/people-words/hostile-name", test_hostile_name);
  return g_test_run ();
}
