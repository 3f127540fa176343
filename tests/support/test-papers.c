/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-papers.h"

#include <stdarg.h>
#include <string.h>

#include "base/satchel-file.h"
#include "test-support.h"

TestPerson *
test_person_new (const char *name, SatchelRole role)
{
  g_autoptr (GError) error = NULL;
  TestPerson *self = g_new0 (TestPerson, 1);

  self->age = satchel_age_identity_new (&error);
  g_assert_no_error (error);
  self->minisign = satchel_minisign_pair_new (&error);
  g_assert_no_error (error);
  self->access = satchel_access_key_new (&error);
  g_assert_no_error (error);
  g_assert_true (satchel_age_identity_get_recipient (self->age, &self->keys.age, NULL));
  satchel_minisign_pair_get_key (self->minisign, &self->keys.minisign);
  satchel_access_key_get_public (self->access, self->keys.access);
  self->card = satchel_card_sign (name, role, &self->keys, NULL, self->minisign, &error);
  g_assert_no_error (error);
  return self;
}

void
test_person_free (TestPerson *self)
{
  if (self == NULL)
    return;
  satchel_secret_unref (self->age);
  satchel_secret_unref (self->minisign);
  satchel_secret_unref (self->access);
  satchel_card_free (self->card);
  g_free (self);
}

GBytes *
test_vector (const char *folder, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (g_getenv ("SATCHEL_VECTORS"), folder, name, NULL);
  GBytes *bytes = satchel_file_load (path, 1 << 20, &error);

  g_assert_no_error (error);
  return bytes;
}

SatchelIntakeCard *
test_intake_card (SatchelSecret *receipt_pair)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) anchor = test_vector ("certificates", "authority.der");
  const char *const addresses[] = {"https://desk.example", NULL};
  SatchelIntakeCard *card =
      satchel_intake_card_sign ("Intake", addresses, anchor, receipt_pair, &error);

  g_assert_no_error (error);
  return card;
}

SatchelNewsroomCard *
test_newsroom_card (TestPerson *lead, guint64 number, gint64 issued_unix_us, ...)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelNewsroomCard) draft = satchel_newsroom_card_new ();
  g_autoptr (SatchelSecret) receipt = satchel_minisign_pair_new (NULL);
  SatchelNewsroomCard *card;
  TestPerson *member;
  va_list members;

  draft->name = g_strdup ("The Daily");
  draft->number = number;
  draft->issued_unix_us = issued_unix_us;
  draft->valid_until_unix_us = issued_unix_us + SATCHEL_NEWSROOM_VALID_DAYS * G_TIME_SPAN_DAY;
  g_ptr_array_add (draft->intakes, test_intake_card (receipt));
  g_ptr_array_add (draft->members, satchel_card_copy (lead->card));
  va_start (members, issued_unix_us);
  while ((member = va_arg (members, TestPerson *)) != NULL)
    g_ptr_array_add (draft->members, satchel_card_copy (member->card));
  va_end (members);
  card = satchel_newsroom_card_sign (draft, lead->minisign, &error);
  g_assert_no_error (error);
  return card;
}

char *
test_sign_body (const char *body, const char *title, SatchelSecret *pair)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *signature = satchel_minisign_sign (pair, (const guint8 *) body, strlen (body),
                                                      title, title, &error);

  g_assert_no_error (error);
  return g_strconcat (body, "\n", signature, NULL);
}

static char *
dup_body (const char *text)
{
  const char *gap = strstr (text, "\n\n");

  g_assert_nonnull (gap);
  return g_strndup (text, (gsize) (gap + 1 - text));
}

char *
test_resign (const char *text, const char *from, const char *to, SatchelSecret *pair)
{
  g_autofree char *body = dup_body (text);
  g_autofree char *title = g_strndup (text, strcspn (text, "\n"));
  const char *at = strstr (body, from);
  g_autofree char *changed = NULL;

  if (at == NULL)
    g_error ("\"%s\" is not in %s", from, body);
  changed = g_strdup_printf ("%.*s%s%s", (int) (at - body), body, to, at + strlen (from));
  return test_sign_body (changed, title, pair);
}

static void
assert_not_read (const char *text, gsize size, TestReads reads, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  if (reads (text, (gssize) size, data, &error))
    g_error ("a changed paper was read: %.*s", (int) size, text);
  g_assert_nonnull (error);
  g_assert_cmpstr (g_quark_to_string (error->domain), ==,
                   g_quark_to_string (SATCHEL_PAPERS_ERROR));
}

void
test_assert_one_spelling (const char *text, guint step, TestReads reads, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gsize size = strlen (text);
  g_autofree char *longer = g_strconcat (text, "\n", NULL);

  g_assert_true (reads (text, -1, data, &error));
  g_assert_no_error (error);
  for (gsize i = 0; i < size; i += step) {
    const guint8 masks[] = {0x01, 0x20, 0x80};
    for (guint j = 0; j < G_N_ELEMENTS (masks); j++) {
      g_autofree char *changed = g_strdup (text);
      changed[i] = (char) (changed[i] ^ masks[j]);
      assert_not_read (changed, size, reads, data);
    }
  }
  for (gsize cut = 0; cut < size; cut += step)
    assert_not_read (text, cut, reads, data);
  assert_not_read (text, size + 1, reads, data); /* a NUL behind it */
  assert_not_read (longer, size + 1, reads, data);
}

void
test_assert_refused (const char *text, TestReads reads, gconstpointer data, int code)
{
  g_autoptr (GError) error = NULL;

  if (reads (text, -1, data, &error))
    g_error ("this was read: %s", text);
  if (!g_error_matches (error, SATCHEL_PAPERS_ERROR, code))
    g_error ("not error %d but %d (%s) for: %s", code, error->code, error->message, text);
}

void
test_assert_changes (const char *text,
                     SatchelSecret *pair,
                     const TestPaperChange *changes,
                     guint n_changes,
                     TestReads reads,
                     gconstpointer data)
{
  for (guint i = 0; i < n_changes; i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *changed = test_resign (text, changes[i].from, changes[i].to, pair);

    g_test_message ("\"%s\" to \"%.60s\"", changes[i].from, changes[i].to);
    if (changes[i].code >= 0) {
      test_assert_refused (changed, reads, data, changes[i].code);
      continue;
    }
    g_assert_true (reads (changed, -1, data, &error));
    g_assert_no_error (error);
  }
}

void
test_assert_minisign_verifies (const char *text, const SatchelMinisignKey *key)
{
  if (!test_has_program ("minisign"))
    return;
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autofree char *body = dup_body (text);
  g_autofree char *file = g_build_filename (folder, "paper", NULL);
  g_autofree char *signature = g_build_filename (folder, "paper.minisig", NULL);
  g_autofree char *key_text = satchel_minisign_key_format (key);
  const char *const argv[] = {"minisign", "-V", "-H", "-P", key_text, "-m", file, NULL};

  g_assert_true (g_file_set_contents (file, body, -1, NULL));
  g_assert_true (g_file_set_contents (signature, text + strlen (body) + 1, -1, NULL));
  g_assert_cmpint (test_run (argv, NULL, NULL, NULL), ==, 0);
  body[strlen (body) - 2] ^= 1;
  g_assert_true (g_file_set_contents (file, body, -1, NULL));
  g_assert_cmpint (test_run (argv, NULL, NULL, NULL), !=, 0);
}
