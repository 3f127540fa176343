/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-people-words.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"
#include "shared/satchel-words.h"

#define NAME_SHOWN_MAX 120

const char *
satchel_people_role_words (SatchelRole role)
{
  switch (role) {
    case SATCHEL_ROLE_REPORTER:
      return _ ("Reporter");
    case SATCHEL_ROLE_EDITOR:
      return _ ("Editor");
    case SATCHEL_ROLE_LEGAL:
      return _ ("Lawyer");
  }
  return "";
}

char *
satchel_people_dup_name (const char *name)
{
  return satchel_text_for_display (name, NAME_SHOWN_MAX);
}

const char *
satchel_people_state_words (const SatchelContact *contact)
{
  switch (contact->state) {
    case SATCHEL_CONTACT_UNKNOWN:
      return C_ ("person", "Unknown");
    case SATCHEL_CONTACT_INVITED:
      return contact->is_member ? _ ("Member, not verified") : _ ("Invited, not verified");
    case SATCHEL_CONTACT_VERIFIED:
      return _ ("Verified");
    case SATCHEL_CONTACT_RETIRED:
      return _ ("Revoked");
  }
  return "";
}

const char *
satchel_people_state_icon (const SatchelContact *contact)
{
  switch (contact->state) {
    case SATCHEL_CONTACT_UNKNOWN:
      return "dialog-question-symbolic";
    case SATCHEL_CONTACT_INVITED:
      return "security-medium-symbolic";
    case SATCHEL_CONTACT_VERIFIED:
      return "security-high-symbolic";
    case SATCHEL_CONTACT_RETIRED:
      return "action-unavailable-symbolic";
  }
  return "dialog-question-symbolic";
}

char *
satchel_people_dup_summary (const SatchelContact *contact)
{
  return g_strdup_printf ("%s · %s", satchel_people_role_words (contact->card->role),
                          satchel_people_state_words (contact));
}

/* Where the key came from, while nobody has compared the words. */
static char *
dup_origin (const SatchelContact *contact, const char *newsroom, gboolean was_invited)
{
  if (contact->state == SATCHEL_CONTACT_UNKNOWN)
    return g_strdup (
        _ ("Somebody handed this card over. Nothing shows yet whose it is, and nothing "
           "that comes from this key is taken in."));
  if (contact->is_member && newsroom != NULL) {
    g_autofree char *shown = satchel_people_dup_name (newsroom);
    /* Translators: %s is a newsroom. */
    return g_strdup_printf (_ ("A member of %s: the newsroom's lead signed for this key."), shown);
  }
  if (was_invited)
    return g_strdup (
        _ ("Introduced with an invite from you. Whoever had the invite has this key."));
  return g_strdup (_ ("Introduced with an invite from the newsroom's lead. Whoever had the invite "
                      "has this key."));
}

char *
satchel_people_dup_trust (const SatchelContact *contact,
                          const char *newsroom,
                          gboolean was_invited)
{
  if (contact->state == SATCHEL_CONTACT_RETIRED)
    return g_strdup (_ ("Revoked: nothing from this key is taken in any more. The card is kept, so "
                        "that what it signed earlier can still be checked."));
  if (contact->state == SATCHEL_CONTACT_VERIFIED) {
    g_autofree char *when = satchel_words_moment (contact->verified_unix_us);
    /* Translators: %s is a moment, as "today, 14:05" or "9 March". */
    return g_strdup_printf (_ ("You compared the safety words by voice: %s."), when);
  }
  g_autofree char *origin = dup_origin (contact, newsroom, was_invited);
  return g_strconcat (origin, " ", _ ("The safety words were not compared yet."), NULL);
}

char *
satchel_people_dup_alarm (const SatchelContactAlarm *alarm, const SatchelContact *contact)
{
  g_autofree char *when = satchel_words_moment (alarm->seen_unix_us);

  if (contact == NULL)
    /* Translators: %s is a moment, as "today, 14:05" or "9 March". */
    return g_strdup_printf (_ ("Keys that clash with your own or your newsroom's were shown: %s"),
                            when);
  g_autofree char *name = satchel_people_dup_name (contact->name);
  /* Translators: a person's name, and a moment. */
  return g_strdup_printf (_ ("Another key was shown for %s: %s"), name, when);
}

SatchelInviteState
satchel_people_invite_state (const SatchelInviteEntry *entry, gint64 now_us)
{
  gboolean is_over = entry->expires_unix_us <= now_us;

  if (entry->revoked_unix_us != 0)
    return SATCHEL_INVITE_REVOKED;
  if (entry->contact_id != NULL)
    return is_over ? SATCHEL_INVITE_SPENT : SATCHEL_INVITE_USED;
  return is_over ? SATCHEL_INVITE_EXPIRED : SATCHEL_INVITE_WAITING;
}

char *
satchel_people_dup_invite (const SatchelInviteEntry *entry, const char *user, gint64 now_us)
{
  g_autofree char *until = satchel_words_moment (entry->expires_unix_us);
  g_autofree char *shown = satchel_people_dup_name (user != NULL ? user : entry->name);

  switch (satchel_people_invite_state (entry, now_us)) {
    case SATCHEL_INVITE_WAITING:
      return g_strdup_printf (_ ("Not used yet · good until %s"), until);
    case SATCHEL_INVITE_USED:
      /* Translators: a person's name, and a moment. */
      return g_strdup_printf (_ ("Used by %s, who can send with it until %s"), shown, until);
    case SATCHEL_INVITE_SPENT:
      return g_strdup_printf (_ ("Used by %s. It expired on %s: to send again they need a new one, "
                                 "and for that must be revoked first"),
                              shown, until);
    case SATCHEL_INVITE_EXPIRED:
      return g_strdup_printf (_ ("Expired on %s, and nobody used it"), until);
    case SATCHEL_INVITE_REVOKED: {
      g_autofree char *when = satchel_words_moment (entry->revoked_unix_us);
      return g_strdup_printf (_ ("Revoked: %s"), when);
    }
  }
  return g_strdup ("");
}

const char *
satchel_people_invite_icon (SatchelInviteState state)
{
  switch (state) {
    case SATCHEL_INVITE_WAITING:
      return "mail-unread-symbolic";
    case SATCHEL_INVITE_USED:
      return "emblem-ok-symbolic";
    case SATCHEL_INVITE_SPENT:
    case SATCHEL_INVITE_EXPIRED:
      return "appointment-missed-symbolic";
    case SATCHEL_INVITE_REVOKED:
      return "action-unavailable-symbolic";
  }
  return "mail-unread-symbolic";
}
