/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-unshared.h"

#include <string.h>

#include "records-test.h"

#define REVISIONS_MAX 3

/* Values as they may come from outside: only JSON is checked. */
static void
add_revision (GPtrArray *revisions, const char *kind, const char *line)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = satchel_json_parse (line, strlen (line), 1 << 20, &error);
  SatchelRevision *revision = g_new0 (SatchelRevision, 1);

  g_assert_no_error (error);
  revision->kind = g_strdup (kind);
  revision->values = json_object_ref (json_node_get_object (node));
  g_ptr_array_add (revisions, revision);
}

/* "Petrov, (Ivanova)": in brackets who stands in earlier revisions alone. */
static char *
dup_names (GPtrArray *unshared)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < unshared->len; i++) {
    const SatchelUnshared *one = unshared->pdata[i];
    g_string_append_printf (names, one->is_gone ? "%s(%s)" : "%s%s", i > 0 ? ", " : "", one->name);
  }
  return g_string_free (names, FALSE);
}

#define MARKED(name)   "{\"name\":\"" name "\",\"do_not_share\":\"yes\"}"
#define UNMARKED(name) "{\"name\":\"" name "\",\"do_not_share\":\"no\"}"
#define BARE(name)     "{\"name\":\"" name "\"}"
#define OFFICERS(list) "{\"officers\":[" list "]}"

static const struct {
  const char *kind;
  const char *revisions[REVISIONS_MAX];
  const char *names;
} CASES[] = {
    {"police-visit", {"{}"}, ""},
    {"police-visit", {OFFICERS (BARE ("Petrov"))}, ""},
    {"police-visit", {OFFICERS (UNMARKED ("Petrov"))}, ""},
    {"police-visit", {OFFICERS ("{\"name\":\"Petrov\",\"do_not_share\":\"unknown\"}")}, ""},
    {"police-visit", {OFFICERS (MARKED ("Petrov"))}, "Petrov"},
    {"police-visit",
     {"{\"officers\":[" BARE ("A") "," MARKED ("B") "],\"witnesses\":[" MARKED ("C") "]}"},
     "B, C"},
    /* Once marked, once not: marked. */
    {"police-visit", {OFFICERS (MARKED ("Petrov") "," BARE ("Petrov"))}, "Petrov"},
    {"police-visit", {OFFICERS (BARE ("Petrov") "," MARKED ("Petrov"))}, "Petrov"},
    /* What a revision said is not taken back by one that says nothing of it. */
    {"police-visit", {OFFICERS (MARKED ("Petrov")), "{}"}, "(Petrov)"},
    {"police-visit", {OFFICERS (MARKED ("Petrov")), OFFICERS (BARE ("P."))}, "(Petrov)"},
    {"police-visit", {OFFICERS (MARKED ("Petrov")), OFFICERS (MARKED ("P."))}, "(Petrov), P."},
    /* The mark came with an alias, or after it: what the alias stands for leaves as well. */
    {"police-visit", {OFFICERS (BARE ("Petrov")), OFFICERS (MARKED ("P."))}, "(Petrov), P."},
    {"police-visit",
     {OFFICERS (BARE ("Petrov")), OFFICERS (BARE ("P.")), OFFICERS (MARKED ("P."))},
     "(Petrov), P."},
    {"police-visit",
     {OFFICERS (UNMARKED ("Petrov")), "{\"witnesses\":[" MARKED ("P.") "]}"},
     "(Petrov), P."},
    {"police-visit",
     {OFFICERS (BARE ("Petrov")), OFFICERS (MARKED ("P.")), OFFICERS (BARE ("Petrov"))},
     "(P.)"},
    {"police-visit",
     {OFFICERS (BARE ("Petrov")), OFFICERS ("{\"do_not_share\":\"yes\"}")},
     "(Petrov)"},
    {"police-visit", {OFFICERS (MARKED ("Petrov")), "{\"officers\":\"unknown\"}"}, "(Petrov)"},
    /* The mark was taken away, or came later. */
    {"police-visit", {OFFICERS (MARKED ("Petrov")), OFFICERS (UNMARKED ("Petrov"))}, ""},
    {"police-visit", {OFFICERS (MARKED ("Petrov")), OFFICERS (BARE ("Petrov"))}, ""},
    {"police-visit", {OFFICERS (MARKED ("Petrov")), OFFICERS (BARE ("Petrov")), "{}"}, ""},
    {"police-visit", {OFFICERS (BARE ("Petrov")), "{}", OFFICERS (MARKED ("Petrov"))}, "Petrov"},
    /* Without a name somebody goes by what else is said of them; nobody by nothing. */
    {"phone-call",
     {"{\"caller\":[{\"do_not_share\":\"yes\",\"contact\":\"the neighbour's number\"}]}"},
     "the neighbour's number"},
    {"phone-call",
     {"{\"caller\":[{\"name\":\"unknown\",\"do_not_share\":\"yes\",\"description\":\"a scar\"}]}"},
     "a scar"},
    {"phone-call", {"{\"caller\":[{\"do_not_share\":\"yes\",\"attribution\":\"witness\"}]}"}, ""},
    /* What is of a wrong shape, or unknown here. */
    {"police-visit", {"{\"officers\":[5,{},[]],\"witnesses\":7}"}, ""},
    {"police-visit", {OFFICERS ("{\"name\":5,\"do_not_share\":true}")}, ""},
    {"police-visit", {"{\"place\":{\"do_not_share\":\"yes\"}}"}, ""},
    {"no-such-kind", {OFFICERS (MARKED ("Petrov"))}, ""},
};

static void
test_list (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autoptr (GPtrArray) revisions =
        g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_revision_free);
    for (guint k = 0; k < REVISIONS_MAX && CASES[i].revisions[k] != NULL; k++)
      add_revision (revisions, CASES[i].kind, CASES[i].revisions[k]);
    g_autoptr (GPtrArray) unshared = satchel_unshared_list (revisions);
    g_autofree char *names = dup_names (unshared);
    g_assert_cmpstr (names, ==, CASES[i].names);
  }
}

/* Every kind asks it of everybody. */
static void
test_kinds (void)
{
  GPtrArray *kinds = satchel_kinds_list (satchel_kinds_get_builtin ());
  guint count = 0;

  for (guint i = 0; i < kinds->len; i++) {
    const SatchelKind *kind = kinds->pdata[i];
    for (guint k = 0; k < kind->fields->len; k++) {
      const SatchelField *field = kind->fields->pdata[k];
      if (field->type != SATCHEL_FIELD_PEOPLE)
        continue;
      const SatchelField *mark = satchel_field_find (field->sub_fields, "do_not_share");
      g_assert_nonnull (mark);
      g_assert_cmpint (mark->type, ==, SATCHEL_FIELD_TRI);
      /* An older Satchel keeps what it does not know only where the kind says that it is newer. */
      g_assert_cmpuint (kind->version, >=, 2);
      count++;
    }
  }
  g_assert_cmpuint (count, >, 10);
}

static void
test_vault (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "police-visit", "officers.0.name=Petrov",
                                     "witnesses.0.name=Anna", "witnesses.0.do_not_share=yes");
  g_autoptr (SatchelRecord) record = satchel_record_load (vault, id, &error);

  g_assert_no_error (error);
  satchel_fields_assign (test_kind ("police-visit"), record->values, "witnesses=", 0, &error);
  g_assert_no_error (error);
  g_assert_true (satchel_record_revise (vault, id, record->values, NULL, &error));
  g_autoptr (GPtrArray) unshared = satchel_unshared_load (vault, id, &error);
  g_autofree char *names = dup_names (unshared);
  g_assert_no_error (error);
  g_assert_cmpstr (names, ==, "(Anna)");
  g_assert_null (satchel_unshared_load (vault, "ffffffffffffffffffffffffffffffff", &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND);
}

int
main (int argc, char *argv[])
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unshared/list", test_list);
  g_test_add_func ("/unshared/kinds", test_kinds);
  g_test_add_func ("/unshared/vault", test_vault);
  return g_test_run ();
}
