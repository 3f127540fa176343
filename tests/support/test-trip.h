/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "people/satchel-invite-book.h"
#include "records/satchel-evidence.h"
#include "records/satchel-record.h"
#include "sync/satchel-courier.h"
#include "sync/satchel-inbox.h"
#include "test-intake.h"

/** A newsroom of two, a reporter with its invite, and folders that go between them. Everything
 *  fails the test where it fails. */
typedef struct {
  char *folder;
  char *there; /* from the reporter to the desk */
  char *back;  /* from the desk to the reporter */
  SatchelVault *desk;
  SatchelVault *lawyer;
  SatchelVault *reporter;
} TestTrip;

/** The reporter has joined; the introduction is in the outbox. @intake nullable: a card of an
 *  intake that does not exist. */
TestTrip *test_trip_new (const SatchelIntakeCard *intake);
void test_trip_free (TestTrip *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestTrip, test_trip_free)

/** A trip with an intake, which runs and has admitted the newsroom. A fixture of g_test_add(). */
typedef struct {
  char *folder;
  TestIntake *intake;
  TestTrip *trip;
} TestSite;

void test_site_set_up (TestSite *self, gconstpointer data);
void test_site_tear_down (TestSite *self, gconstpointer data);

/** A note with @text and, where @evidence is given, that file's content as an item. Its id. */
char *test_trip_note (SatchelVault *vault, const char *text, GBytes *evidence);

/** Seals one record to the newsroom; the outbox entry's id. */
char *test_trip_seal (SatchelVault *vault, const char *record_id);

/** The reporter hands over what is sealed; how many. */
guint test_trip_hand_over (SatchelVault *vault, const char *folder);

/** Entries of a fetch from a folder. */
GPtrArray *test_trip_fetch (SatchelVault *vault, const char *folder);

/** How many of @entries ended so. */
guint test_trip_count (GPtrArray *entries, SatchelInboxOutcome outcome);

SatchelOutboxState test_trip_state (SatchelVault *vault, const char *outbox_id);

/** `check` finds nothing: store, blobs, ledger, records, sealed files. */
void test_trip_check (SatchelVault *vault);
