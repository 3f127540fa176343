/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-item-text.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"
#include "inbox/satchel-inbox-text.h"
#include "shared/satchel-words.h"

#define NAME_SHOWN_MAX 200

const char *
satchel_item_text_verdict (const SatchelReceived *item)
{
  switch (item->standing) {
    case SATCHEL_STANDING_HOLDS:
      return _ ("Unchanged since it was signed");
    case SATCHEL_STANDING_BROKEN:
      return _ ("Does NOT hold");
    case SATCHEL_STANDING_ASIDE:
      return satchel_inbox_text_verdict (item->entry);
  }
  return "";
}

const char *
satchel_item_text_word (const SatchelReceived *item)
{
  return item->standing == SATCHEL_STANDING_HOLDS ? _ ("Unchanged")
                                                  : satchel_item_text_verdict (item);
}

char *
satchel_item_text_dup_advice (const SatchelReceived *item)
{
  g_autofree char *checked =
      item->checked_us != 0 ? satchel_words_exact (item->checked_us) : NULL;

  if (item->standing == SATCHEL_STANDING_ASIDE)
    return g_strdup (satchel_inbox_text_advice (item->entry));
  if (item->standing == SATCHEL_STANDING_BROKEN)
    /* Translators: a moment. */
    return g_strdup_printf (
        _ ("The check of %s found a fault. Do not rely on it. Check it again to see what is wrong, "
           "and ask the sender for it anew."),
        checked);
  if (checked != NULL)
    return g_strdup_printf (
        _ ("Checked last on %s. That proves who sealed it, not that it is true."), checked);
  return g_strdup (_ ("Verified when it was taken in. That proves who sealed it, not that it is "
                      "true."));
}

const char *
satchel_item_text_icon (const SatchelReceived *item)
{
  switch (item->standing) {
    case SATCHEL_STANDING_HOLDS:
      return "emblem-ok-symbolic";
    case SATCHEL_STANDING_BROKEN:
      return "dialog-error-symbolic";
    case SATCHEL_STANDING_ASIDE:
      return satchel_inbox_text_icon (item->entry);
  }
  return "";
}

const char *
satchel_item_text_style (SatchelStanding standing)
{
  static const char *const styles[] = {[SATCHEL_STANDING_HOLDS] = "success",
                                       [SATCHEL_STANDING_BROKEN] = "error",
                                       [SATCHEL_STANDING_ASIDE] = "warning"};

  return styles[standing];
}

char *
satchel_item_text_dup_title (const SatchelReceived *item)
{
  if (item->what == SATCHEL_RECEIVED_ASIDE)
    return satchel_text_for_display (item->entry->name, NAME_SHOWN_MAX);
  if (item->what == SATCHEL_RECEIVED_EVIDENCE)
    return satchel_text_for_display (item->item->name, NAME_SHOWN_MAX);
  return satchel_words_title (satchel_record_get_kind (item->record), item->record->values);
}

char *
satchel_item_text_dup_what (const SatchelReceived *item)
{
  if (item->what == SATCHEL_RECEIVED_ASIDE)
    return g_strdup (_ ("Bundle, not taken in"));
  const SatchelKind *kind = satchel_record_get_kind (item->record);
  if (item->what == SATCHEL_RECEIVED_RECORD)
    return g_strdup (satchel_label_get (kind->label, satchel_words_language ()));
  g_autofree char *title = satchel_words_title (kind, item->record->values);
  /* Translators: %s is the title of a report. */
  return g_strdup_printf (_ ("Evidence of “%s”"), title);
}

/* Objects that are no file of a bag; NULL for one that is. */
static const char *
find_words (const char *object)
{
  static const struct {
    const char *object;
    const char *words;
  } WORDS[] = {
      {"signature", N_ ("Signature")},
      {"bag", N_ ("The whole bundle")},
      {"bundle", N_ ("The whole bundle")},
      {"custody", N_ ("Custody")},
      {"record", N_ ("Report")},
      {"evidence", N_ ("Evidence")},
  };

  for (guint i = 0; i < G_N_ELEMENTS (WORDS); i++)
    if (g_str_equal (WORDS[i].object, object))
      return _ (WORDS[i].words);
  return NULL;
}

/* A record is named by its kind. */
static char *
dup_name (const SatchelItemVerdict *verdict)
{
  const SatchelKind *kind =
      verdict->name != NULL && verdict->object[0] == 'r'
          ? satchel_kinds_find (satchel_kinds_get_builtin (), verdict->name, NULL)
          : NULL;

  if (kind != NULL)
    return g_strdup (satchel_label_get (kind->label, satchel_words_language ()));
  return verdict->name != NULL ? satchel_text_for_display (verdict->name, NAME_SHOWN_MAX) : NULL;
}

char *
satchel_item_text_dup_object (const SatchelItemVerdict *verdict)
{
  const char *words = find_words (verdict->object);
  g_autofree char *object = satchel_text_for_display (verdict->object, NAME_SHOWN_MAX);
  g_autofree char *name = dup_name (verdict);

  if (name == NULL)
    return g_strdup (words != NULL ? words : object);
  /* Translators: what a verdict is about: "Signature (Anna)", "IMG_1.jpg (0001.jpg)". */
  g_autofree char *both = words != NULL ? g_strdup_printf (_ ("%s (%s)"), words, name)
                                        : g_strdup_printf (_ ("%s (%s)"), name, object);
  return satchel_words_our_way (both);
}

const char *
satchel_item_text_outcome (const SatchelVerification *verification)
{
  return verification->holds ? _ ("Everything holds") : _ ("This does NOT hold");
}

char *
satchel_item_text_dup_outcome_advice (const SatchelVerification *verification)
{
  guint faults = 0;

  for (guint i = 0; i < verification->verdicts->len; i++)
    faults += !((const SatchelItemVerdict *) verification->verdicts->pdata[i])->holds;
  if (verification->holds)
    return g_strdup (_ ("Nothing was changed since it was signed. That proves who sealed it, not "
                        "that it is true."));
  return g_strdup_printf (ngettext ("There is %u fault, named below. Do not rely on it.",
                                    "There are %u faults, named below. Do not rely on it.", faults),
                          faults);
}
