/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-verdict-text.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"
#include "shared/satchel-words.h"

#define DETAIL_SHOWN_MAX 1000

/* Translators: in each, %s is a hash, a key, a number, a day, or a fault in English. */
static const char *const sentences[SATCHEL_VERDICT_CODES] = {
    [SATCHEL_VERDICT_SIGNED] =
        N_ ("Signed. Whose key it is, only the sender's card shows; compare the two: %s"),
    [SATCHEL_VERDICT_SIGNED_BY_CARD] = N_ ("Signed by the key on the card: %s"),
    [SATCHEL_VERDICT_EVIDENCE] = N_ ("Unchanged since it was captured. SHA-256: %s"),
    [SATCHEL_VERDICT_REVISIONS] =
        N_ ("Every version follows from the one before, as custody says. Versions: %s"),
    [SATCHEL_VERDICT_CUSTODY] =
        N_ ("Every entry follows from the one before about the same thing. Entries: %s"),
    [SATCHEL_VERDICT_ERASED] =
        N_ ("Reports of it that were erased here: %s. They cannot be judged, nor what came before "
            "this bundle."),
    [SATCHEL_VERDICT_ORIGIN] = N_ (
        "Passed on; somebody else signed it first: %s. Compare the key with that sender's card."),
    [SATCHEL_VERDICT_SIGNED_BY_OTHER] = N_ ("Signed by another key than the one on the card: %s"),
    [SATCHEL_VERDICT_TOO_LATE] =
        N_ ("It says that it was made on %s, later than the time asked about."),
    [SATCHEL_VERDICT_GONE] = N_ ("It is not here any more."),
    [SATCHEL_VERDICT_EVIDENCE_MISSING] = N_ ("Its content is not here. SHA-256: %s"),
    [SATCHEL_VERDICT_EVIDENCE_CHANGED] =
        N_ ("Its content is not what was captured. The SHA-256 should be %s"),
    [SATCHEL_VERDICT_EVIDENCE_UNKNOWN] =
        N_ ("Custody says nothing of this item as it is described here."),
    [SATCHEL_VERDICT_REVISION_UNKNOWN] = N_ ("Custody says nothing of version %s as it is here."),
    [SATCHEL_VERDICT_REVISION_LATE] =
        N_ ("Version %s says that it is later than the time asked about."),
    [SATCHEL_VERDICT_CUSTODY_BROKEN] = N_ ("The chain of custody is broken. Exactly: %s"),
    [SATCHEL_VERDICT_ORIGIN_BROKEN] =
        N_ ("What came before this bundle does not hold. Exactly: %s"),
    [SATCHEL_VERDICT_NOT_SIGNED] = N_ ("What is kept of it is not what was signed."),
    [SATCHEL_VERDICT_SHOWN_NOT_SIGNED] = N_ ("What this vault shows of it is not what was signed."),
    [SATCHEL_VERDICT_UNREADABLE] = N_ ("It cannot be read here. Exactly: %s"),
};

/* Families of rules, by how their names begin; the first that fits. */
static const struct {
  const char *prefix;
  const char *sentence;
} RULES[] = {
    {"signature", N_ ("Its signature does not hold, or is somebody else's. Exactly: %s")},
    {"stranger", N_ ("Its signature does not hold, or is somebody else's. Exactly: %s")},
    {"file-hash", N_ ("This file is not what was signed. Exactly: %s")},
    {"member-missing", N_ ("A file that was signed is missing. Exactly: %s")},
    {"member-", N_ ("It holds a file that it may not hold. Exactly: %s")},
    {"manifest", N_ ("The signed list of what it holds was changed. Exactly: %s")},
    {"tag", N_ ("The signed list of what it holds was changed. Exactly: %s")},
    {"oxum", N_ ("The signed list of what it holds was changed. Exactly: %s")},
    {"tar", N_ ("It is damaged, or was not made by Satchel. Exactly: %s")},
    {"age", N_ ("It is damaged, or was not made by Satchel. Exactly: %s")},
    {"padding", N_ ("It is damaged, or was not made by Satchel. Exactly: %s")},
    {"", N_ ("It breaks a rule of the format. Exactly: %s")},
};

static const char *
find_sentence (const SatchelItemVerdict *verdict)
{
  guint i = 0;

  if (verdict->code != SATCHEL_VERDICT_RULE)
    return _ (sentences[verdict->code]);
  while (!g_str_has_prefix (verdict->detail, RULES[i].prefix))
    i++;
  return _ (RULES[i].sentence);
}

/* What is counted, and not looked up: a hash stays as it is. */
static gboolean
is_count (SatchelVerdictCode code)
{
  return code == SATCHEL_VERDICT_REVISIONS || code == SATCHEL_VERDICT_CUSTODY ||
         code == SATCHEL_VERDICT_ERASED || code == SATCHEL_VERDICT_REVISION_UNKNOWN ||
         code == SATCHEL_VERDICT_REVISION_LATE;
}

char *
satchel_verdict_text_dup (const SatchelItemVerdict *verdict)
{
  GString *text = g_string_new (find_sentence (verdict));

  if (verdict->detail != NULL) {
    g_autofree char *detail = satchel_text_for_display (verdict->detail, DETAIL_SHOWN_MAX);
    g_autofree char *said =
        is_count (verdict->code) ? satchel_words_digits (detail) : satchel_words_isolate (detail);
    g_string_replace (text, "%s", said, 1);
  }
  return g_string_free (text, FALSE);
}
