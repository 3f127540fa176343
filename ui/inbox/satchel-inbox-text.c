/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/satchel-inbox-text.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"
#include "legal/satchel-verdict-text.h"
#include "shared/satchel-words.h"

#define FINDING_SHOWN_MAX 1000

/* By SatchelAsideReason. */
static const struct {
  const char *verdict;
  const char *advice;
} ASIDE[] = {
    [SATCHEL_ASIDE_DAMAGED] = {N_ ("Damaged"),
                               N_ ("It is no whole bundle: it was changed or cut short on its way. "
                                   "Ask for it to be sent again.")},
    [SATCHEL_ASIDE_NOT_FOR_US] = {N_ ("Not for you"),
                                  N_ ("It was sealed for somebody else, or somebody passed it on. "
                                      "It was not opened.")},
    [SATCHEL_ASIDE_STRANGER] = {N_ ("From somebody unknown"),
                                N_ ("It is kept unopened. It opens by itself when the sender is "
                                    "introduced, or when you take their card into People.")},
    [SATCHEL_ASIDE_FORK] = {N_ ("Contradicts another bundle"),
                            N_ ("The sender's keys signed two different bundles as the same one. "
                                "Do not rely on either: ask the sender by another way.")},
    [SATCHEL_ASIDE_KEY_CHANGE] =
        {N_ ("Other keys than before"),
         N_ ("Somebody uses a known name or a used invite with other keys. "
             "Ask the person by another way before you believe it.")},
    [SATCHEL_ASIDE_CONTENTS] = {N_ ("Contradicts what is here"),
                                N_ ("Its sender signed it, but what it says of earlier reports is "
                                    "not what you have. Ask the sender by another way.")},
};

const char *
satchel_inbox_text_verdict (const SatchelInboxEntry *entry)
{
  if (entry->outcome != SATCHEL_INBOX_ASIDE)
    return _ ("Whole and unchanged");
  return (guint) entry->reason < G_N_ELEMENTS (ASIDE) ? _ (ASIDE[entry->reason].verdict) : "";
}

const char *
satchel_inbox_text_advice (const SatchelInboxEntry *entry)
{
  if (entry->outcome != SATCHEL_INBOX_ASIDE)
    return _ (
        "Nothing in it was changed since its sender signed it. That proves who sealed it, not "
        "that it is true.");
  return (guint) entry->reason < G_N_ELEMENTS (ASIDE) ? _ (ASIDE[entry->reason].advice) : "";
}

char *
satchel_inbox_text_dup_finding (const SatchelInboxEntry *entry)
{
  const SatchelItemVerdict broken = {.code = SATCHEL_VERDICT_RULE, .detail = entry->finding};

  /* Of one that was opened the finding is how its number stood when it came: what is missing now
   * is said elsewhere. Of a stranger's it says what the verdict says. */
  if (entry->outcome != SATCHEL_INBOX_ASIDE || entry->finding == NULL ||
      entry->reason == SATCHEL_ASIDE_STRANGER)
    return NULL;
  if (entry->reason == SATCHEL_ASIDE_DAMAGED)
    return satchel_verdict_text_dup (&broken);
  g_autofree char *shown = satchel_text_for_display (entry->finding, FINDING_SHOWN_MAX);
  g_autofree char *isolated = satchel_words_isolate (shown);
  /* Translators: %s is a fault in English; what it means is said above it. */
  return g_strdup_printf (_ ("Exactly: %s"), isolated);
}

const char *
satchel_inbox_text_icon (const SatchelInboxEntry *entry)
{
  if (entry->outcome != SATCHEL_INBOX_ASIDE)
    return entry->missing > 0 ? "dialog-information-symbolic" : "emblem-ok-symbolic";
  return entry->reason == SATCHEL_ASIDE_STRANGER ? "dialog-question-symbolic"
                                                 : "dialog-warning-symbolic";
}

static const char *
state_text (SatchelContactState state)
{
  switch (state) {
    case SATCHEL_CONTACT_UNKNOWN:
      /* Translators: how well it is known who a sender is; %s is a name. */
      return _ ("%s, not known by anybody here");
    case SATCHEL_CONTACT_INVITED:
      return _ ("%s, introduced, words not compared yet");
    case SATCHEL_CONTACT_VERIFIED:
      return _ ("%s, words compared");
    case SATCHEL_CONTACT_RETIRED:
      return _ ("%s, taken back by the newsroom");
  }
  return "%s";
}

char *
satchel_inbox_text_dup_sender (const SatchelInboxEntry *entry, const SatchelContact *contact)
{
  const char *given = contact != NULL ? contact->name : entry->sender;
  g_autofree char *name =
      given != NULL ? satchel_text_for_display (given, SATCHEL_CARD_NAME_MAX) : NULL;

  if (name == NULL)
    return g_strdup (_ ("Nobody known"));
  if (contact == NULL)
    return g_steal_pointer (&name);
  g_autoptr (GString) text = g_string_new (state_text (contact->state));
  g_string_replace (text, "%s", name, 1);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
satchel_inbox_text_dup_missing (const SatchelInboxEntry *entry)
{
  if (entry->missing == 0)
    return NULL;
  guint missing = (guint) MIN (entry->missing, G_MAXUINT);
  return g_strdup_printf (ngettext ("%u bundle that this sender sealed before it has not arrived",
                                    "%u bundles that this sender sealed before it have not arrived",
                                    missing),
                          missing);
}

char *
satchel_inbox_text_dup_short_missing (const SatchelInboxEntry *entry)
{
  if (entry->missing == 0)
    return NULL;
  guint missing = (guint) MIN (entry->missing, G_MAXUINT);
  /* Translators: in a narrow list; of the same sender's bundles. */
  return g_strdup_printf (ngettext ("%u bundle before it is missing",
                                    "%u bundles before it are missing", missing),
                          missing);
}

char *
satchel_inbox_text_dup_items (const SatchelInboxEntry *entry)
{
  if (entry->items == 0)
    return NULL;
  return g_strdup_printf (ngettext ("%u attachment", "%u attachments", entry->items),
                          entry->items);
}

static char *
dup_unreadable (guint count)
{
  return g_strdup_printf (
      ngettext ("%u bundle could not be read. Check that the disk or stick is still there, then "
                "open it again.",
                "%u bundles could not be read. Check that the disk or stick is still there, then "
                "open them again.",
                count),
      count);
}

/* Whether no inbox shows it: nothing is kept of what was not meant for this vault. */
static gboolean
is_unlisted (const SatchelInboxEntry *entry, gboolean has_inbox)
{
  return entry->outcome == SATCHEL_INBOX_ASIDE && !entry->is_unreadable &&
         (!has_inbox || entry->reason == SATCHEL_ASIDE_NOT_FOR_US);
}

static void
add (GString *text, char *sentence)
{
  if (text->len > 0)
    g_string_append_c (text, ' ');
  g_string_append (text, sentence);
  g_free (sentence);
}

char *
satchel_inbox_text_dup_taken (GPtrArray *entries, gboolean has_inbox)
{
  guint opened = 0, known = 0, aside = 0, unreadable = 0, unlisted = 0;
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < entries->len; i++) {
    const SatchelInboxEntry *entry = entries->pdata[i];
    opened += entry->outcome == SATCHEL_INBOX_OPENED;
    known += entry->outcome == SATCHEL_INBOX_ALREADY;
    unreadable += entry->is_unreadable;
    unlisted += is_unlisted (entry, has_inbox);
    aside += entry->outcome == SATCHEL_INBOX_ASIDE;
  }
  aside -= unreadable + unlisted;
  if (unreadable > 0)
    add (text, dup_unreadable (unreadable));
  if (aside > 0)
    add (text, g_strdup_printf (
                   ngettext ("%u bundle was not believed: see why in the inbox",
                             "%u bundles were not believed: see why in the inbox", aside),
                   aside));
  if (opened > 0)
    add (text, g_strdup_printf (ngettext ("%u bundle verified and opened",
                                          "%u bundles verified and opened", opened),
                                opened));
  if (text->len == 0 && unlisted == 0)
    add (text, g_strdup (known > 0 ? _ ("It was here already") : _ ("There was nothing new")));
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

char *
satchel_inbox_text_dup_unlisted (GPtrArray *entries, gboolean has_inbox)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint said = 0; /* bits: 1 << SatchelAsideReason */

  for (guint i = 0; i < entries->len; i++) {
    const SatchelInboxEntry *entry = entries->pdata[i];
    if (!is_unlisted (entry, has_inbox) || (said & 1u << entry->reason) != 0)
      continue;
    said |= 1u << entry->reason;
    g_string_append_printf (text, "%s%s\n%s", text->len > 0 ? "\n\n" : "",
                            satchel_inbox_text_verdict (entry), satchel_inbox_text_advice (entry));
  }
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

const char *
satchel_inbox_text_get_elsewhere (void)
{
  return _ (
      "This is on a phone or in the network. Copy it to this computer or to a stick first, and "
      "open it from there.");
}
