/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-people-job.h"

#include <sodium.h>
#include <string.h>

#include "base/satchel-file.h"
#include "people/satchel-identity.h"
#include "sync/satchel-inbox.h"
#include "sync/satchel-outbox.h"

/* --- Loading --- */

void
satchel_people_free (SatchelPeople *self)
{
  if (self == NULL)
    return;
  satchel_card_free (self->card);
  satchel_newsroom_free (self->newsroom);
  g_clear_pointer (&self->contacts, g_ptr_array_unref);
  g_clear_pointer (&self->alarms, g_ptr_array_unref);
  g_clear_pointer (&self->invites, g_ptr_array_unref);
  g_free (self);
}

gboolean
satchel_people_is_lead (const SatchelPeople *self)
{
  return self->newsroom != NULL && self->newsroom->is_lead;
}

const SatchelContact *
satchel_people_find (const SatchelPeople *self, const char *id)
{
  for (guint i = 0; id != NULL && i < self->contacts->len; i++) {
    const SatchelContact *contact = self->contacts->pdata[i];
    if (g_str_equal (contact->id, id))
      return contact;
  }
  return NULL;
}

const SatchelInviteEntry *
satchel_people_find_invite (const SatchelPeople *self, const char *contact_id)
{
  for (guint i = 0; i < self->invites->len; i++) {
    const SatchelInviteEntry *entry = self->invites->pdata[i];
    if (g_strcmp0 (entry->contact_id, contact_id) == 0)
      return entry;
  }
  return NULL;
}

/* A vault without a newsroom is nothing to complain of. */
static gboolean
load_newsroom (SatchelVault *vault, SatchelPeople *people, GError **error)
{
  g_autoptr (GError) reason = NULL;

  people->newsroom = satchel_newsroom_load (vault, &reason);
  if (people->newsroom != NULL ||
      g_error_matches (reason, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NO_NEWSROOM))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gpointer
load_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (SatchelPeople) people = g_new0 (SatchelPeople, 1);

  people->card = satchel_identity_load_card (vault, error);
  if (people->card == NULL || !load_newsroom (vault, people, error))
    return NULL;
  people->contacts = satchel_contact_list (vault, error);
  if (people->contacts == NULL)
    return NULL;
  people->alarms = satchel_contact_list_alarms (vault, error);
  if (people->alarms == NULL)
    return NULL;
  people->invites = satchel_people_is_lead (people) ? satchel_invite_book_list (vault, error)
                                                    : g_ptr_array_new ();
  return people->invites != NULL ? g_steal_pointer (&people) : NULL;
}

SatchelSessionJob
satchel_people_load_job (void)
{
  return (SatchelSessionJob){.run = load_run, .result_free = (GDestroyNotify) satchel_people_free};
}

/* --- Taking in --- */

void
satchel_taken_free (SatchelTaken *self)
{
  if (self == NULL)
    return;
  g_free (self->contact_id);
  g_free (self->name);
  g_clear_error (&self->retry_error);
  g_free (self);
}

static SatchelTaken *
taken_new (SatchelTakenWhat what, const SatchelContact *contact, const char *name)
{
  SatchelTaken *self = g_new0 (SatchelTaken, 1);

  self->what = what;
  self->contact_id = contact != NULL ? g_strdup (contact->id) : NULL;
  self->name = g_strdup (name);
  return self;
}

/* What is taken in counts, whatever becomes of this. */
static void
retry_strangers (SatchelVault *vault, SatchelTaken *taken, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_inbox_entry_free);

  satchel_inbox_retry (vault, entries, cancellable, &taken->retry_error);
  for (guint i = 0; i < entries->len; i++) {
    const SatchelInboxEntry *entry = entries->pdata[i];
    taken->opened += entry->outcome == SATCHEL_INBOX_OPENED ? 1 : 0;
  }
}

typedef struct {
  char *contact_id;
  char *words;
} Verify;

static void
verify_free (gpointer data)
{
  Verify *self = data;

  g_free (self->contact_id);
  g_free (self->words);
  g_free (self);
}

static gpointer
verify_run (SatchelVault *vault,
            gpointer input,
            SatchelProgressReport progress,
            GCancellable *cancellable,
            GError **error)
{
  const Verify *verify = input;

  if (!satchel_contact_verify (vault, verify->contact_id, verify->words, error))
    return NULL;
  SatchelTaken *taken = taken_new (SATCHEL_TAKEN_VERIFIED, NULL, NULL);
  taken->contact_id = g_strdup (verify->contact_id);
  retry_strangers (vault, taken, cancellable);
  return taken;
}

SatchelSessionJob
satchel_people_verify_job (const char *contact_id, const char *words)
{
  Verify *verify = g_new0 (Verify, 1);

  verify->contact_id = g_strdup (contact_id);
  verify->words = g_strdup (words);
  return (SatchelSessionJob){.run = verify_run,
                             .input = verify,
                             .input_free = verify_free,
                             .result_free = (GDestroyNotify) satchel_taken_free,
                             .changes = SATCHEL_CHANGED_ALL};
}

static SatchelTaken *
take_card (SatchelVault *vault, const char *text, gsize size_bytes, GError **error)
{
  g_autoptr (SatchelCard) card = satchel_card_parse (text, size_bytes, error);
  g_autoptr (SatchelContact) contact = NULL;
  SatchelContactOutcome outcome;

  if (card == NULL || !satchel_contact_add (vault, card, &outcome, &contact, error))
    return NULL;
  SatchelTaken *taken = taken_new (SATCHEL_TAKEN_CARD, contact, card->name);
  taken->contact = outcome;
  return taken;
}

/* A newsroom is joined after a look at it and its safety words: that is the joining's. */
static SatchelTaken *
take_paper (SatchelVault *vault, const char *path, const char *text, gsize size, GError **error)
{
  g_autofree char *kind = satchel_paper_guess_kind (text, size);

  if (g_strcmp0 (kind, "newsroom") != 0 && g_strcmp0 (kind, "invite") != 0)
    return take_card (vault, text, size, error);
  return taken_new (SATCHEL_TAKEN_JOINING, NULL, path);
}

static gpointer
take_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  gsize limit_bytes = MAX (SATCHEL_INVITE_SIZE_MAX, SATCHEL_NEWSROOM_CARD_SIZE_MAX);
  g_autoptr (GBytes) bytes = satchel_file_load (input, limit_bytes, error);
  gsize size = 0;

  if (bytes == NULL)
    return NULL;
  gpointer text = (gpointer) g_bytes_get_data (bytes, &size);
  SatchelTaken *taken = take_paper (vault, input, text, size, error);
  /* It may be an invite, which holds a secret. */
  sodium_memzero (text, size);
  if (taken != NULL && taken->what == SATCHEL_TAKEN_CARD)
    retry_strangers (vault, taken, cancellable);
  return taken;
}

SatchelSessionJob
satchel_people_take_job (const char *path)
{
  return (SatchelSessionJob){.run = take_run,
                             .input = g_strdup (path),
                             .input_free = g_free,
                             .result_free = (GDestroyNotify) satchel_taken_free,
                             .changes = SATCHEL_CHANGED_ALL};
}

/* --- Invites --- */

typedef struct {
  char *name;
  guint days;
  char *path;
} Invite;

static void
invite_free (gpointer data)
{
  Invite *self = data;

  g_free (self->name);
  g_free (self->path);
  g_free (self);
}

/* A file that waits for its name: what can fail has been tried. */
static SatchelNewFile *
begin_file (const char *path, const char *text, GError **error)
{
  g_autoptr (SatchelNewFile) file = satchel_new_file_open_outside (path, error);

  if (file == NULL ||
      !satchel_sink_write (satchel_new_file_get_sink (file), (const guint8 *) text, strlen (text),
                           NULL, error) ||
      !satchel_new_file_settle (file, error))
    return NULL;
  return g_steal_pointer (&file);
}

static char *
issue_into_file (SatchelVault *vault, const Invite *invite, GError **error)
{
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (vault), error);
  char *text = transaction != NULL ? satchel_invite_book_issue (vault, invite->name, invite->days,
                                                                NULL, error)
                                   : NULL;
  g_autoptr (SatchelNewFile) file = text != NULL ? begin_file (invite->path, text, error) : NULL;

  if (file != NULL && satchel_transaction_commit (transaction, error) &&
      satchel_new_file_commit (file, TRUE, error))
    return text;
  satchel_invite_wipe_text (text);
  return NULL;
}

static gpointer
invite_run (SatchelVault *vault,
            gpointer input,
            SatchelProgressReport progress,
            GCancellable *cancellable,
            GError **error)
{
  const Invite *invite = input;

  return invite->path != NULL
             ? issue_into_file (vault, invite, error)
             : satchel_invite_book_issue (vault, invite->name, invite->days, NULL, error);
}

static void
wipe_text (gpointer text)
{
  satchel_invite_wipe_text (text);
}

SatchelSessionJob
satchel_people_invite_job (const char *name, guint days, const char *path)
{
  Invite *invite = g_new0 (Invite, 1);

  invite->name = g_strdup (name);
  invite->days = days;
  invite->path = g_strdup (path);
  return (SatchelSessionJob){.run = invite_run,
                             .input = invite,
                             .input_free = invite_free,
                             .result_free = wipe_text,
                             .changes = SATCHEL_CHANGED_PEOPLE};
}

static gpointer
revoke_run (SatchelVault *vault,
            gpointer input,
            SatchelProgressReport progress,
            GCancellable *cancellable,
            GError **error)
{
  return satchel_invite_book_revoke (vault, input, error) ? input : NULL;
}

SatchelSessionJob
satchel_people_revoke_job (const char *name_or_id)
{
  return (SatchelSessionJob){.run = revoke_run,
                             .input = g_strdup (name_or_id),
                             .input_free = g_free,
                             .changes = SATCHEL_CHANGED_PEOPLE};
}

/* --- Papers of one's own --- */

static gpointer
save_card_run (SatchelVault *vault,
               gpointer input,
               SatchelProgressReport progress,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (SatchelCard) card = satchel_identity_load_card (vault, error);
  g_autoptr (SatchelNewFile) file =
      card != NULL ? begin_file (input, card->text, error) : NULL;

  return file != NULL && satchel_new_file_commit (file, TRUE, error) ? input : NULL;
}

SatchelSessionJob
satchel_people_save_card_job (const char *path)
{
  return (SatchelSessionJob){
      .run = save_card_run, .input = g_strdup (path), .input_free = g_free};
}

/* As with an invite: no card is signed that cannot be written. */
static gpointer
renew_run (SatchelVault *vault,
           gpointer input,
           SatchelProgressReport progress,
           GCancellable *cancellable,
           GError **error)
{
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (vault), error);
  g_autoptr (SatchelNewsroomCard) card =
      transaction != NULL ? satchel_newsroom_update (vault, NULL, error) : NULL;
  g_autoptr (SatchelNewFile) file =
      card != NULL ? begin_file (input, card->text, error) : NULL;

  return file != NULL && satchel_transaction_commit (transaction, error) &&
                 satchel_new_file_commit (file, TRUE, error)
             ? input
             : NULL;
}

SatchelSessionJob
satchel_people_renew_job (const char *path)
{
  return (SatchelSessionJob){.run = renew_run,
                             .input = g_strdup (path),
                             .input_free = g_free,
                             .changes = SATCHEL_CHANGED_PEOPLE};
}
