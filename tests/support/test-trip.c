/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-trip.h"

#include <string.h>

#include "base/satchel-file.h"
#include "test-papers.h"
#include "test-people.h"
#include "test-support.h"
#include "sync/satchel-sync-check.h"
#include "vault/satchel-health.h"

static SatchelNewsroomCard *
make_newsroom (TestTrip *self, const SatchelIntakeCard *intake)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) intakes = g_ptr_array_new ();
  g_autoptr (GPtrArray) members =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_card_free);
  g_autoptr (SatchelSecret) receipt = satchel_minisign_pair_new (NULL);
  g_autoptr (SatchelIntakeCard) nowhere = intake == NULL ? test_intake_card (receipt) : NULL;
  SatchelNewsroomCard *card;

  g_ptr_array_add (intakes, intake == NULL ? nowhere : (gpointer) intake);
  g_ptr_array_add (members, satchel_identity_load_card (self->lawyer, &error));
  g_assert_no_error (error);
  card = satchel_newsroom_create (self->desk, "The Daily", intakes, members, &error);
  g_assert_no_error (error);
  return card;
}

static void
join (TestTrip *self)
{
  g_autoptr (GError) error = NULL;
  char *text = satchel_invite_book_issue (self->desk, "Anna", 30, NULL, &error);
  g_autoptr (SatchelInvite) invite = NULL;
  g_autofree char *id = NULL;

  g_assert_no_error (error);
  invite = satchel_invite_parse (text, -1, &error);
  g_assert_no_error (error);
  satchel_invite_wipe_text (text);
  satchel_invite_book_join (self->reporter, invite, &error);
  g_assert_no_error (error);
  id = satchel_outbox_introduce (self->reporter, NULL, &error);
  g_assert_no_error (error);
}

TestTrip *
test_trip_new (const SatchelIntakeCard *intake)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelNewsroomCard) card = NULL;
  TestTrip *self = g_new0 (TestTrip, 1);
  SatchelNewsroomOutcome outcome;

  self->folder = test_scratch_new ();
  self->there = g_build_filename (self->folder, "there", NULL);
  self->back = g_build_filename (self->folder, "back", NULL);
  g_assert_true (satchel_folder_make (self->there, &error));
  g_assert_true (satchel_folder_make (self->back, &error));
  self->desk = test_vault_new (self->folder, "Desk", SATCHEL_ROLE_EDITOR);
  self->lawyer = test_vault_new (self->folder, "Lawyer", SATCHEL_ROLE_LEGAL);
  self->reporter = test_vault_new (self->folder, "Anna", SATCHEL_ROLE_REPORTER);
  card = make_newsroom (self, intake);
  satchel_newsroom_admit (self->lawyer, card, &outcome, &error);
  g_assert_no_error (error);
  join (self);
  return self;
}

void
test_trip_free (TestTrip *self)
{
  if (self == NULL)
    return;
  satchel_vault_close (self->desk);
  satchel_vault_close (self->lawyer);
  satchel_vault_close (self->reporter);
  test_scratch_free (self->folder);
  g_free (self->there);
  g_free (self->back);
  g_free (self);
}

char *
test_trip_note (SatchelVault *vault, const char *text, GBytes *evidence)
{
  g_autoptr (GError) error = NULL;
  const SatchelKind *kind = satchel_kinds_find (satchel_kinds_get_builtin (), "note", NULL);
  g_autoptr (JsonObject) values = satchel_fields_new (kind);
  char *id;

  satchel_fields_set (kind, values, "title", text, 0, &error);
  g_assert_no_error (error);
  id = satchel_record_create (vault, kind, values, &error);
  g_assert_no_error (error);
  if (evidence != NULL) {
    g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (evidence);
    SatchelEvidenceSource source = {.name = "Снимок 1.JPG"};
    satchel_evidence_attach (vault, id, stream, &source, (SatchelProgressReport){0}, NULL, NULL,
                             NULL, &error);
    g_assert_no_error (error);
  }
  return id;
}

char *
test_trip_seal (SatchelVault *vault, const char *record_id)
{
  g_autoptr (GError) error = NULL;
  const char *const records[] = {record_id, NULL};
  SatchelSealRequest request = {.records = records};
  char *id =
      satchel_outbox_seal (vault, &request, NULL, (SatchelProgressReport){0}, NULL, &error);

  g_assert_no_error (error);
  return id;
}

guint
test_trip_hand_over (SatchelVault *vault, const char *folder)
{
  g_autoptr (GError) error = NULL;
  guint count = 0;

  satchel_courier_send_folder (vault, folder, &count, NULL, &error);
  g_assert_no_error (error);
  return count;
}

GPtrArray *
test_trip_fetch (SatchelVault *vault, const char *folder)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *entries =
      satchel_inbox_fetch_folder (vault, folder, (SatchelProgressReport){0}, NULL, &error);

  g_assert_no_error (error);
  return entries;
}

guint
test_trip_count (GPtrArray *entries, SatchelInboxOutcome outcome)
{
  guint count = 0;

  for (guint i = 0; i < entries->len; i++) {
    const SatchelInboxEntry *entry = g_ptr_array_index (entries, i);
    count += entry->outcome == outcome;
    if (entry->outcome != outcome && entry->finding != NULL)
      g_test_message ("%s", entry->finding);
  }
  return count;
}

SatchelOutboxState
test_trip_state (SatchelVault *vault, const char *outbox_id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelOutboxEntry) entry = satchel_outbox_find (vault, outbox_id, &error);

  g_assert_no_error (error);
  return entry->state;
}

static void
fault_cb (const char *object, const char *fault, gpointer user_data)
{
  g_error ("%s: %s", object, fault);
}

void
test_trip_check (SatchelVault *vault)
{
  g_autoptr (GError) error = NULL;

  satchel_vault_check (vault, fault_cb, NULL, (SatchelProgressReport){0}, NULL, &error);
  g_assert_no_error (error);
  satchel_records_check (vault, fault_cb, NULL, (SatchelProgressReport){0}, NULL, &error);
  g_assert_no_error (error);
  satchel_sync_check (vault, fault_cb, NULL, (SatchelProgressReport){0}, NULL, &error);
  g_assert_no_error (error);
}

void
test_site_set_up (TestSite *self, gconstpointer data)
{
  g_autoptr (SatchelNewsroom) newsroom = NULL;

  self->folder = test_scratch_new ();
  self->intake = test_intake_new (self->folder);
  self->trip = test_trip_new (self->intake->card);
  newsroom = satchel_newsroom_load (self->trip->desk, NULL);
  test_intake_admit (self->intake, newsroom->card);
  test_intake_start (self->intake);
}

void
test_site_tear_down (TestSite *self, gconstpointer data)
{
  test_trip_free (self->trip);
  test_intake_free (self->intake);
  test_scratch_free (self->folder);
}
