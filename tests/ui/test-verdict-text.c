/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-verdict-text.h"

static SatchelItemVerdict
verdict_of (SatchelVerdictCode code, const char *detail)
{
  return (SatchelItemVerdict){.code = code, .detail = (char *) detail};
}

static gboolean
has_detail (SatchelVerdictCode code)
{
  switch (code) {
    case SATCHEL_VERDICT_GONE:
    case SATCHEL_VERDICT_EVIDENCE_UNKNOWN:
    case SATCHEL_VERDICT_NOT_SIGNED:
    case SATCHEL_VERDICT_SHOWN_NOT_SIGNED:
      return FALSE;
    default:
      return TRUE;
  }
}

static void
test_codes (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint code = 0; code < SATCHEL_VERDICT_CODES; code++) {
    SatchelItemVerdict verdict = verdict_of (code, has_detail (code) ? "abc123" : NULL);
    char *text = satchel_verdict_text_dup (&verdict);
    g_assert_cmpint (g_utf8_strlen (text, -1), >, 12);
    g_assert_null (strstr (text, "%s"));
    g_assert_cmpint (strstr (text, "abc123") != NULL, ==, has_detail (code));
    g_assert_true (g_hash_table_add (seen, text));
  }
}

static void
test_rules (void)
{
  static const struct {
    const char *detail;
    const char *text;
  } CASES[] = {
      {"signature: x", "Its signature does not hold, or is somebody else's. Exactly: signature: x"},
      {"signature-comment: x",
       "Its signature does not hold, or is somebody else's. Exactly: signature-comment: x"},
      {"file-hash: data/0001.jpg: x",
       "This file is not what was signed. Exactly: file-hash: data/0001.jpg: x"},
      {"member-missing: x", "A file that was signed is missing. Exactly: member-missing: x"},
      {"member-extra: x", "It holds a file that it may not hold. Exactly: member-extra: x"},
      {"tagmanifest: x", "The signed list of what it holds was changed. Exactly: tagmanifest: x"},
      {"tar-cut: x", "It is damaged, or was not made by Satchel. Exactly: tar-cut: x"},
      {"something new: x", "It breaks a rule of the format. Exactly: something new: x"},
      {"", "It breaks a rule of the format. Exactly: "},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    SatchelItemVerdict verdict = verdict_of (SATCHEL_VERDICT_RULE, CASES[i].detail);
    g_autofree char *text = satchel_verdict_text_dup (&verdict);
    g_assert_cmpstr (text, ==, CASES[i].text);
  }
}

/* What comes from outside shows as what it is. */
static void
test_hostile (void)
{
  SatchelItemVerdict verdict = verdict_of (SATCHEL_VERDICT_RULE, "tar-name: \xe2\x80\xae"
                                                                 "a\nb");
  g_autofree char *text = satchel_verdict_text_dup (&verdict);

  g_assert_null (strstr (text, "\xe2\x80\xae"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/verdict-text/codes", test_codes);
  g_test_add_func ("/verdict-text/rules", test_rules);
  g_test_add_func ("/verdict-text/hostile", test_hostile);
  return g_test_run ();
}
