/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-kind.h"

#include <string.h>

static const char *const ids[] = {
    "note",
    "coverage",
    "police-visit",
    "phone-call",
    "summons",
    "warning",
    "detention",
    "interrogation",
    "search",
    "court",
    "online",
    "custody-health",
    "credential",
    "assignment",
    "equipment",
};

/* As in po/LINGUAS, sorted. */
static const char *const languages[] = {"be", "fa", "ru", "uk"};

static void
check_label (const char *where, const SatchelLabel *label)
{
  g_assert_nonnull (label);
  const char *original = satchel_label_get (label, NULL);
  g_assert_cmpstr (original, !=, "");
  g_autoptr (GPtrArray) list = satchel_label_list_languages (label);
  if (list->len != G_N_ELEMENTS (languages))
    g_error ("%s: \"%s\" is not in every language", where, original);
  for (guint i = 0; i < list->len; i++) {
    const char *translated = satchel_label_get (label, languages[i]);
    g_assert_cmpstr (g_ptr_array_index (list, i), ==, languages[i]);
    if (*translated == '\0' || !g_utf8_validate (translated, -1, NULL))
      g_error ("%s: \"%s\" is not in \"%s\"", where, original, languages[i]);
  }
}

static gboolean
has_all_answers (const char *summary, const char *translated)
{
  g_auto (GStrv) parts = g_strsplit (summary, "{", -1);

  for (guint i = 1; parts[i] != NULL; i++) {
    g_autofree char *answer = g_strdup_printf ("{%.*s}", (int) strcspn (parts[i], "}"), parts[i]);
    if (strstr (translated, answer) == NULL)
      return FALSE;
  }
  return TRUE;
}

/* What is made of answers alone needs no translation. */
static void
check_summary (const SatchelKind *kind)
{
  const char *original = satchel_label_get (kind->summary, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    if (!has_all_answers (original, satchel_label_get (kind->summary, languages[i])))
      g_error ("%s: the summary in \"%s\" lacks an answer", kind->id, languages[i]);
}

static void
check_fields (const char *kind, GPtrArray *fields)
{
  for (guint i = 0; i < fields->len; i++) {
    const SatchelField *field = g_ptr_array_index (fields, i);
    check_label (kind, field->label);
    g_assert_true (satchel_field_find (fields, field->id) == field);
    if (field->help != NULL)
      check_label (kind, field->help);
    for (guint j = 0; field->choices != NULL && j < field->choices->len; j++) {
      const SatchelChoice *choice = g_ptr_array_index (field->choices, j);
      check_label (kind, choice->label);
      g_assert_true (satchel_field_find_choice (field, choice->id) == choice);
    }
    g_assert_true (satchel_field_is_repeat (field) == (field->sub_fields != NULL));
    if (field->sub_fields != NULL)
      check_fields (kind, field->sub_fields);
  }
}

static void
test_builtin (void)
{
  const SatchelKinds *kinds = satchel_kinds_get_builtin ();
  GPtrArray *list = satchel_kinds_list (kinds);

  g_assert_cmpuint (list->len, ==, G_N_ELEMENTS (ids));
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autoptr (GError) error = NULL;
    const SatchelKind *kind = satchel_kinds_find (kinds, ids[i], &error);
    g_assert_no_error (error);
    g_assert_true (kind == g_ptr_array_index (list, i));
    const SatchelField *first = g_ptr_array_index (kind->fields, 0);
    const SatchelField *last = g_ptr_array_index (kind->fields, kind->fields->len - 1);
    g_assert_cmpstr (first->id, ==, "title");
    g_assert_cmpstr (last->id, ==, "notes");
    g_assert_true (last->append_only);
    check_label (kind->id, kind->label);
    check_label (kind->id, kind->help);
    check_summary (kind);
    check_fields (kind->id, kind->fields);
  }
}

static void
test_no_such_kind (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (satchel_kinds_find (satchel_kinds_get_builtin (), "visit", &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NO_SUCH_KIND);
  g_assert_cmpstr (error->message, ==, "no kind \"visit\": satchelctl kinds lists them");
}

static void
test_languages (void)
{
  const SatchelKind *kind = satchel_kinds_find (satchel_kinds_get_builtin (), "summons", NULL);

  g_assert_cmpstr (satchel_label_get (kind->label, NULL), ==, "Summons");
  g_assert_cmpstr (satchel_label_get (kind->label, "ru"), ==, "Повестка");
  g_assert_cmpstr (satchel_label_get (kind->label, "ru_RU.UTF-8"), ==, "Повестка");
  g_assert_cmpstr (satchel_label_get (kind->label, "ru-RU"), ==, "Повестка");
  g_assert_cmpstr (satchel_label_get (kind->label, "uk_UA.UTF-8"), ==, "Повістка");
  g_assert_cmpstr (satchel_label_get (kind->label, "be_BY"), ==, "Позва");
  g_assert_cmpstr (satchel_label_get (kind->label, "fa_IR"), ==, "احضاریه");
  g_assert_cmpstr (satchel_label_get (kind->label, "pt-BR"), ==, "Summons");
  g_assert_cmpstr (satchel_label_get (kind->label, ""), ==, "Summons");
  g_assert_cmpstr (satchel_label_get (NULL, "ru"), ==, "");
}

#define COMMON                                                                              \
  "[Field:title]\nType=text\nLabel=Title\n"                                                 \
  "[Field:notes]\nType=group\nLabel=Notes\n[Field:notes.text]\nType=lines\nLabel=Note\n"    \
  "[Field:people.name]\nType=text\nLabel=Name\n[Field:items.what]\nType=text\nLabel=What\n" \
  "[Choice:tri.yes]\nLabel=Yes\n[Choice:tri.no]\nLabel=No\n[Choice:tri.unknown]\nLabel=Unknown\n"
#define KIND "[Kind]\nId=raid\nVersion=1\nOrder=5\nLabel=Raid\nIcon=i\nSummary={title}\n"

static SatchelKinds *
new_kinds (const char *common, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (common, strlen (common));

  return satchel_kinds_new ("common.fields", bytes, error);
}

static void
test_own_kind (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelKinds) kinds = new_kinds (COMMON, &error);
  static const char text[] = KIND "Place=where\n[Field:where]\nType=place\nLabel=Where\n"
                                  "[Field:who]\nType=people\nLabel=Who\n";
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  g_assert_no_error (error);
  g_assert_true (satchel_kinds_add (kinds, "raid.kind", bytes, &error));
  const SatchelKind *kind = satchel_kinds_find (kinds, "raid", NULL);
  g_assert_cmpuint (kind->fields->len, ==, 4);
  const SatchelField *who = satchel_field_find (kind->fields, "who");
  g_assert_cmpint (who->type, ==, SATCHEL_FIELD_PEOPLE);
  g_assert_nonnull (satchel_field_find (who->sub_fields, "name"));
  g_assert_false (satchel_kinds_add (kinds, "raid.kind", bytes, &error));
  g_assert_cmpstr (error->message, ==, "raid.kind: [Kind] Id: is there already");
}

#define FIELD KIND "[Field:when]\nType=when\nLabel=When\n[Field:x]\nLabel=X\n"

static const struct {
  const char *text;
  const char *message;
} wrong_kinds[] = {
    {"", "not a text of at most 262144 bytes"},
    {"[Field:x]\nType=text\nLabel=X\n", "[Kind]: is missing"},
    {"[Kind]\nId=Raid\n", "[Kind] Id: is not a name of a-z, 0-9 and hyphens"},
    {"[Kind]\nId=raid\nLabel=Raid\n", "[Kind]: lacks Icon, Label or Summary"},
    {KIND "Colour=red\n", "[Kind] Colour: is not a key of this group"},
    {KIND "Version[ru]=2\n", "[Kind] Version[ru]: is not a key of this group"},
    {"[Kind]\nId=raid\nVersion=0\nOrder=5\nLabel=R\nIcon=i\nSummary=s\n",
     "[Kind] Version: is not a number from 1 to 999999"},
    {KIND "[Other]\nA=b\n", "[Other]: is not a group of this file"},
    {KIND "When=title\n", "[Kind] When: no moment \"title\""},
    {KIND "Place=nowhere\n", "[Kind] Place: no place \"nowhere\""},
    {KIND "Summary[ru]={titel}\n", "[Kind] Summary: no field \"titel\""},
    {KIND "Summary[ru]={title\n", "[Kind] Summary: no field \"title\""},
    {FIELD "Type=colour\n", "[Field:x] Type: no type \"colour\""},
    {FIELD, "[Field:x] Type: no type \"\""},
    {FIELD "Type=text\nLabel=\n", "[Field:x] Label: is missing"},
    {FIELD "Type=text\nRequired=yes\n", "[Field:x] Required: is neither true nor false"},
    {FIELD "Type=text\nAppendOnly=true\n", "[Field:x] AppendOnly: belongs to repeats only"},
    {FIELD "Type=choice\n", "[Field:x] Choices: is missing"},
    {FIELD "Type=text\nChoices=tri\n", "[Field:x] Choices: belongs to choice and choices only"},
    {FIELD "Type=choice\nChoices=none\n", "[Field:x] Choices: no vocabulary \"none\""},
    {FIELD "Type=count\nDefault=many\n",
     "[Field:x] Default: \"many\" is not a whole number from 0 to 999999999"},
    {FIELD "Type=people\nDefault=x\n", "[Field:x] Default: does not belong to repeats"},
    {FIELD "Type=text\nNotBefore=when\n", "[Field:x] NotBefore: no two moments to compare"},
    {FIELD "Type=when\nNotBefore=title\n", "[Field:x] NotBefore: no two moments to compare"},
    {FIELD "Type=group\n", "[Field:x]: a group without fields"},
    {FIELD "Type=group\n[Field:x.y]\nType=people\nLabel=Y\n",
     "[Field:x.y] Type: a repeat holds no repeats"},
    {FIELD "Type=text\n[Field:x.y]\nType=text\nLabel=Y\n",
     "[Field:x.y]: no group \"x\" stands before it"},
    {FIELD "Type=text\n[Field:title]\nType=text\nLabel=Y\n", "[Field:title]: stands there already"},
    {FIELD "Type=text\n[Field:A]\nType=text\nLabel=Y\n",
     "[Field:A]: is not Field:ID or Field:GROUP.ID"},
    {KIND "[Choice:tri.maybe]\nLabel=Maybe\n",
     "[Choice:tri.maybe]: adds to a vocabulary of common.fields"},
    {KIND "[Choice:own]\nLabel=Own\n", "[Choice:own]: is not Choice:VOCABULARY.ID"},
    {KIND "[Choice:own.a]\n", "[Choice:own.a] Label: is missing"},
    {KIND "\xff\n", "not a text of at most 262144 bytes"},
};

static void
test_wrong_kinds (void)
{
  g_autoptr (SatchelKinds) kinds = new_kinds (COMMON, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (wrong_kinds); i++) {
    g_autoptr (GError) error = NULL;
    const char *text = wrong_kinds[i].text;
    g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
    g_autofree char *message = g_strconcat ("raid.kind: ", wrong_kinds[i].message, NULL);
    g_assert_false (satchel_kinds_add (kinds, "raid.kind", bytes, &error));
    g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_INVALID_KIND);
    g_assert_cmpstr (error->message, ==, message);
    g_assert_cmpuint (satchel_kinds_list (kinds)->len, ==, 0);
  }
}

static void
test_wrong_common (void)
{
  static const char *const wrong[] = {
      "",
      "no groups",
      COMMON "[Kind]\nId=x\n",
      "[Field:title]\nType=text\nLabel=Title\n",
      COMMON "[Field:people.tags]\nType=group\nLabel=Tags\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (new_kinds (wrong[i], &error));
    g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_INVALID_KIND);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kind/builtin", test_builtin);
  g_test_add_func ("/kind/no-such-kind", test_no_such_kind);
  g_test_add_func ("/kind/languages", test_languages);
  g_test_add_func ("/kind/own-kind", test_own_kind);
  g_test_add_func ("/kind/wrong-kinds", test_wrong_kinds);
  g_test_add_func ("/kind/wrong-common", test_wrong_common);
  return g_test_run ();
}
