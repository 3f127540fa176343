/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-paper.h"

#include <string.h>

#include "test-papers.h"

static const SatchelPaperField FIELDS[] = {
    {"one", 1, 1, 8},
    {"many", 0, 3, 8},
    {"last", 0, 1, 8},
};
static const SatchelPaperKind KIND = {"sample", 1024, FIELDS, G_N_ELEMENTS (FIELDS)};

static gboolean
reads_sample (const char *text, gssize size, gconstpointer data, GError **error)
{
  gsize length = size < 0 ? strlen (text) : (gsize) size;
  g_autoptr (SatchelPaper) paper = satchel_paper_parse (&KIND, text, length, error);

  return paper != NULL && satchel_paper_verify (paper, data, error);
}

static void
test_grammar (void)
{
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (NULL);
  SatchelMinisignKey key;
  const struct {
    const char *body;
    int code;
  } table[] = {
      {"satchel-sample v1\none: 1\n", -1},
      {"satchel-sample v1\none: 1\nmany: a\nmany: b\nmany: c\nlast: z\n", -1},
      {"satchel-sample v1\none: a: b\n", -1},
      {"satchel-sample v1\none: 12345678\n", -1},
      {"satchel-sample v1\none: 123456789\n", SATCHEL_PAPERS_ERROR_INVALID},
      {"satchel-sample v1\n", SATCHEL_PAPERS_ERROR_INVALID},
      {"satchel-sample v1\nlast: z\n", SATCHEL_PAPERS_ERROR_INVALID},
      {"satchel-sample v1\none: 1\nlast: z\nmany: a\n", SATCHEL_PAPERS_ERROR_INVALID},
      {"satchel-sample v1\none: 1\nmany: a\nmany: b\nmany: c\nmany: d\n",
       SATCHEL_PAPERS_ERROR_INVALID},
      {"satchel-sample v1\none: 1\nother: 2\n", SATCHEL_PAPERS_ERROR_INVALID},
      {"satchel-sample v1\none: 1\n# comment\n", SATCHEL_PAPERS_ERROR_INVALID},
      {"satchel-sample v1\none: \n", SATCHEL_PAPERS_ERROR_INVALID},
      {"satchel-sample v1\none:1\n", SATCHEL_PAPERS_ERROR_INVALID},
      {"satchel-sample v1\nOne: 1\n", SATCHEL_PAPERS_ERROR_INVALID},
      {"satchel-sample v1\r\none: 1\r\n", SATCHEL_PAPERS_ERROR_INVALID},
      {"satchel-sample v1 \none: 1\n", SATCHEL_PAPERS_ERROR_INVALID},
      {"satchel-sample v\none: 1\n", SATCHEL_PAPERS_ERROR_INVALID},
      {"satchel-sample v-1\none: 1\n", SATCHEL_PAPERS_ERROR_INVALID},
      {"satchel-sample v4294967296\none: 1\n", SATCHEL_PAPERS_ERROR_INVALID},
      {"satchel-sample v4294967295\none: 1\n", SATCHEL_PAPERS_ERROR_NEWER},
      {"satchel-sample  v1\none: 1\n", SATCHEL_PAPERS_ERROR_INVALID},
      {"satchel-Sample v1\none: 1\n", SATCHEL_PAPERS_ERROR_INVALID},
      {"satchel-samples v1\none: 1\n", SATCHEL_PAPERS_ERROR_OTHER_KIND},
      {"satchel- v1\none: 1\n", SATCHEL_PAPERS_ERROR_INVALID},
      {"\nsatchel-sample v1\none: 1\n", SATCHEL_PAPERS_ERROR_INVALID},
      {"\xef\xbb\xbfsatchel-sample v1\none: 1\n", SATCHEL_PAPERS_ERROR_INVALID},
  };

  satchel_minisign_pair_get_key (pair, &key);
  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autofree char *text = test_sign_body (table[i].body, "satchel-sample v1", pair);

    g_test_message ("%s", table[i].body);
    if (table[i].code < 0)
      test_assert_one_spelling (text, 5, reads_sample, &key);
    else
      test_assert_refused (text, reads_sample, &key, table[i].code);
  }
}

/* minisign leaves the untrusted comment open; a paper has one. */
static void
test_comments (void)
{
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (NULL);
  const char *body = "satchel-sample v1\none: 1\n";
  g_autofree char *good = test_sign_body (body, "satchel-sample v1", pair);
  g_autofree char *other = test_sign_body (body, "satchel-other v1", pair);
  g_autofree char *signature = satchel_minisign_sign (pair, (const guint8 *) body, strlen (body),
                                                      "satchel-sample v1", "free text", NULL);
  g_autofree char *untrusted = g_strconcat (body, "\n", signature, NULL);
  g_autofree char *twice = g_strconcat (good, strstr (good, "untrusted"), NULL);
  SatchelMinisignKey key;

  satchel_minisign_pair_get_key (pair, &key);
  g_assert_true (reads_sample (good, -1, &key, NULL));
  test_assert_refused (other, reads_sample, &key, SATCHEL_PAPERS_ERROR_INVALID);
  test_assert_refused (untrusted, reads_sample, &key, SATCHEL_PAPERS_ERROR_INVALID);
  test_assert_refused (twice, reads_sample, &key, SATCHEL_PAPERS_ERROR_INVALID);
  key.key_id[0] ^= 1;
  test_assert_refused (good, reads_sample, &key, SATCHEL_PAPERS_ERROR_SIGNATURE);
}

static void
test_values (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (NULL);
  g_autoptr (SatchelPaperBuilder) builder = satchel_paper_builder_new (&KIND);
  gsize size = 0;

  satchel_paper_builder_add (builder, "one", "1");
  satchel_paper_builder_add (builder, "many", "a");
  satchel_paper_builder_add_bytes (builder, "many", "abc", 3);
  g_autofree char *text = satchel_paper_builder_sign (builder, pair, &error);
  g_assert_no_error (error);
  g_autoptr (SatchelPaper) paper = satchel_paper_parse (&KIND, text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (satchel_paper_count (paper, "one"), ==, 1);
  g_assert_cmpuint (satchel_paper_count (paper, "many"), ==, 2);
  g_assert_cmpuint (satchel_paper_count (paper, "last"), ==, 0);
  g_assert_cmpstr (satchel_paper_get (paper, "many", 0), ==, "a");
  g_assert_cmpstr (satchel_paper_get (paper, "many", 1), ==, "YWJj");
  g_assert_cmpstr (satchel_paper_get_text (paper, &size), ==, text);
  g_assert_cmpuint (size, ==, strlen (text));
}

/* A writer gives out nothing that a reader would not take. */
static void
test_builder_refuses (void)
{
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (NULL);
  const struct {
    const char *key;
    const char *value;
  } table[] = {
      {"one", ""},
      {"one", "a\nb"},
      {"one", "123456789"},
      {"one", " a"},
      {"one", "a\u00a0"},
      {"one", "\u2066a"},
      {"one", "\xff"},
      {"last", "z"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (SatchelPaperBuilder) builder = satchel_paper_builder_new (&KIND);
    satchel_paper_builder_add (builder, table[i].key, table[i].value);
    g_assert_null (satchel_paper_builder_sign (builder, pair, &error));
    g_assert_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID);
  }
}

static void
test_guess_kind (void)
{
  const struct {
    const char *text;
    const char *kind;
  } table[] = {
      {"satchel-card v1\n", "card"},
      {"satchel-receipt-opened v7\nanything", "receipt-opened"},
      {"satchel-card v1", NULL},
      {"satchel-card\n", NULL},
      {"satchel-card vx\n", NULL},
      {"untrusted comment: x\n", NULL},
      {"", NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autofree char *kind = satchel_paper_guess_kind (table[i].text, strlen (table[i].text));
    g_assert_cmpstr (kind, ==, table[i].kind);
  }
  g_assert_null (satchel_paper_guess_kind ("satchel-card v1\n", 10));
  g_assert_null (satchel_paper_guess_kind (NULL, 0));
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/papers/paper/grammar", test_grammar);
  g_test_add_func ("/papers/paper/comments", test_comments);
  g_test_add_func ("/papers/paper/values", test_values);
  g_test_add_func ("/papers/paper/builder-refuses", test_builder_refuses);
  g_test_add_func ("/papers/paper/guess-kind", test_guess_kind);
  return g_test_run ();
}
