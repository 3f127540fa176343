/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-card.h"
#include "papers/satchel-newsroom-card.h"

/** Helpers for tests of papers and of what stands on them. All fail the test where they fail. */

/** A person with secret keys. */
typedef struct {
  SatchelSecret *age;
  SatchelSecret *minisign;
  SatchelSecret *access;
  SatchelPublicKeys keys;
  SatchelCard *card;
} TestPerson;
TestPerson *test_person_new (const char *name, SatchelRole role);
void test_person_free (TestPerson *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestPerson, test_person_free)

/** A file of tests/vectors. */
GBytes *test_vector (const char *folder, const char *name);

/** An intake's card with its receipt pair; "https://desk.example". */
SatchelIntakeCard *test_intake_card (SatchelSecret *receipt_pair);

/** A newsroom card of @lead and the others (NULL-terminated), signed; @issued for 90 days. */
SatchelNewsroomCard *
test_newsroom_card (TestPerson *lead, guint64 number, gint64 issued_unix_us, ...)
    G_GNUC_NULL_TERMINATED;

/** @body signed as Satchel signs papers, whatever is in it. @title: "satchel-card v1". */
char *test_sign_body (const char *body, const char *title, SatchelSecret *pair);

/** The paper @text with the first @from in its body replaced by @to, signed again. */
char *test_resign (const char *text, const char *from, const char *to, SatchelSecret *pair);

/** Whether a reader takes a text. */
typedef gboolean (*TestReads) (const char *text, gssize size, gconstpointer data, GError **error);

/** The reader takes @text; not with any single byte changed, nor cut off, nor with bytes added.
 *  Changes every @step-th byte. */
void
test_assert_one_spelling (const char *text, guint step, TestReads reads, gconstpointer data);

/** The reader refuses @text with that SatchelPapersError. */
void
test_assert_refused (const char *text, TestReads reads, gconstpointer data, int code);

/** A change to a paper's body, and the SatchelPapersError (-1: none) it must give. */
typedef struct {
  const char *from;
  const char *to;
  int code;
} TestPaperChange;

/** Makes each change to @text, signs it with @pair and shows it to the reader. */
void test_assert_changes (const char *text,
                          SatchelSecret *pair,
                          const TestPaperChange *changes,
                          guint n_changes,
                          TestReads reads,
                          gconstpointer data);

/** The minisign program verifies the paper's signature over its body with @key. */
void test_assert_minisign_verifies (const char *text, const SatchelMinisignKey *key);
