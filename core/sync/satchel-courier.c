/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-courier.h"

#include <string.h>

#include "base/satchel-text.h"
#include "people/satchel-identity.h"
#include "people/satchel-invite-book.h"
#include "sync/satchel-courier-private.h"
#include "sync/satchel-tus.h"

#define RECEIPT_TEXT_MAX SATCHEL_RECEIPT_SIZE_MAX
#define SPENT_STEP       (4 * 1024 * 1024) /* so much more may go up before it is noted */

/* A sealed file and how far it is. */
typedef struct {
  char *id;
  char *path;
  char *mailbox;
  guint64 size_bytes;
  guint8 sha256[32];
  SatchelTusState state;
  gboolean has_begun;
  gboolean is_done;
  gboolean has_failed;  /* in this run */
  gboolean is_disputed; /* the intake says of it what cannot be: the next run begins anew */
} Job;

struct _SatchelCourier {
  char *folder;
  guint8 journal_key[SATCHEL_JOURNAL_KEY_SIZE];
  SatchelRoutes *routes;
  GPtrArray *jobs; /* of Job, smallest first */

  SatchelMaySend may_send; /* nullable */
  gpointer gate_data;

  /* While it runs. */
  SatchelJournal *journal;
  SatchelConnection *connection;
  Job *current;
  SatchelCourierTally tally;
  guint64 noted_bytes; /* of tally.sent_bytes, in the journal */
  SatchelProgressReport progress;
};

static void
job_free (gpointer data)
{
  Job *self = data;

  g_free (self->id);
  g_free (self->path);
  g_free (self->mailbox);
  satchel_tus_state_clear (&self->state);
  g_free (self);
}

static int
compare_jobs_cb (gconstpointer a, gconstpointer b)
{
  const Job *first = *(Job *const *) a, *second = *(Job *const *) b;

  return first->size_bytes < second->size_bytes ? -1 : first->size_bytes > second->size_bytes;
}

/* The upload's address is not in the public entry. */
static gboolean
load_location (SatchelVault *vault, Job *job, GError **error)
{
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (vault),
                          "SELECT location, offset_bytes FROM outbox WHERE id = ?1", error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, job->id);
  if (!satchel_statement_step (statement, &has_row, error))
    return FALSE;
  if (has_row) {
    job->state.location = g_strdup (satchel_statement_get_text (statement, 0));
    job->state.offset = (guint64) satchel_statement_get_int (statement, 1);
  }
  satchel_statement_reset (statement);
  return TRUE;
}

static gboolean
add_job (SatchelCourier *self, SatchelVault *vault, const SatchelOutboxEntry *entry, GError **error)
{
  Job *job = g_new0 (Job, 1);

  job->id = g_strdup (entry->id);
  job->path = g_strdup (entry->path);
  job->mailbox = g_strdup (entry->mailbox);
  job->size_bytes = entry->size_bytes;
  memcpy (job->sha256, entry->sha256, 32);
  g_ptr_array_add (self->jobs, job);
  return load_location (vault, job, error);
}

SatchelCourier *
satchel_courier_new (SatchelVault *vault, GError **error)
{
  g_autoptr (SatchelCourier) self = g_new0 (SatchelCourier, 1);
  g_autoptr (GPtrArray) entries = satchel_outbox_list (vault, error);

  self->jobs = g_ptr_array_new_with_free_func (job_free);
  self->folder = g_strdup (satchel_vault_get_folder (vault));
  if (entries == NULL || !satchel_journal_get_key (vault, self->journal_key, error))
    return NULL;
  self->routes = satchel_routes_load (vault, error);
  if (self->routes == NULL)
    return NULL;
  for (guint i = 0; i < entries->len; i++) {
    const SatchelOutboxEntry *entry = g_ptr_array_index (entries, i);
    if (entry->state <= SATCHEL_OUTBOX_SENDING && entry->path != NULL && entry->mailbox != NULL &&
        !add_job (self, vault, entry, error))
      return NULL;
  }
  g_ptr_array_sort (self->jobs, compare_jobs_cb);
  return g_steal_pointer (&self);
}

guint
satchel_courier_count_jobs (SatchelCourier *self)
{
  return self->jobs->len;
}

void
satchel_courier_free (SatchelCourier *self)
{
  if (self == NULL)
    return;
  g_free (self->folder);
  satchel_routes_free (self->routes);
  g_ptr_array_unref (self->jobs);
  g_free (self);
}

void
satchel_courier_set_gate (SatchelCourier *self, SatchelMaySend may_send, gpointer user_data)
{
  self->may_send = may_send;
  self->gate_data = user_data;
}

static gboolean
may_go_on (SatchelCourier *self, GError **error)
{
  return self->may_send == NULL ||
         self->may_send (self->tally.sent_bytes, self->gate_data, error);
}

static void
tell (SatchelCourier *self)
{
  guint64 done = 0, total = 0;

  for (guint i = 0; i < self->jobs->len; i++) {
    const Job *job = g_ptr_array_index (self->jobs, i);
    done += job->state.offset;
    total += job->size_bytes;
  }
  if (self->progress.report != NULL)
    self->progress.report (done, total, self->progress.user_data);
}

static gboolean
learned_cb (const SatchelTusState *state, gpointer user_data, GError **error)
{
  SatchelCourier *self = user_data;

  if (!satchel_journal_append (self->journal, self->current->id, SATCHEL_JOURNAL_UPLOAD,
                               state->offset, state->location, error))
    return FALSE;
  tell (self);
  return TRUE;
}

static gboolean
set_lie (Job *job, GError **error, const char *sentence)
{
  job->is_disputed = TRUE;
  g_set_error_literal (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNTRUSTED, sentence);
  return FALSE;
}

/* The receipt is for this file, this size, this mailbox, and signed by the intake's key. */
static gboolean
take_receipt (SatchelCourier *self, Job *job, const char *text, gssize size, GError **error)
{
  g_autoptr (SatchelStoredReceipt) receipt = satchel_stored_receipt_parse (
      text, size, satchel_connection_get_receipt_key (self->connection), NULL);

  if (receipt == NULL)
    return set_lie (job, error,
                    "The intake's receipt is not signed with the newsroom's intake key.");
  if (memcmp (receipt->sha256, job->sha256, 32) != 0 || receipt->size_bytes != job->size_bytes ||
      strcmp (receipt->mailbox, job->mailbox) != 0)
    return set_lie (job, error, "The intake's receipt is for something else than what was sent.");
  if (!satchel_journal_append (self->journal, job->id, SATCHEL_JOURNAL_STORED, job->size_bytes,
                               receipt->text, error))
    return FALSE;
  job->is_done = TRUE;
  job->state.offset = job->size_bytes;
  self->tally.stored++;
  tell (self);
  return TRUE;
}

/* GET /receipts/...; TRUE also where there is none yet. */
static gboolean
ask_receipt (SatchelCourier *self, Job *job, GCancellable *cancellable, GError **error)
{
  g_autofree char *hex = satchel_hex_encode (job->sha256, 32);
  g_autofree char *target =
      g_strdup_printf ("/receipts/%s?mailbox=%s", hex, job->mailbox);
  g_autoptr (SoupMessage) message =
      satchel_connection_new_message (self->connection, "GET", target);
  g_autoptr (GBytes) body = satchel_connection_send_and_read (
      self->connection, message, NULL, RECEIPT_TEXT_MAX, cancellable, error);

  if (body == NULL)
    return FALSE;
  if (soup_message_get_status (message) == 404)
    return TRUE;
  if (soup_message_get_status (message) != 200)
    return satchel_connection_set_status_error (message, error);
  return take_receipt (self, job, g_bytes_get_data (body, NULL), (gssize) g_bytes_get_size (body),
                       error);
}

static gboolean
finish (SatchelCourier *self, Job *job, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) text = NULL;

  if (satchel_connection_get_receipt_key (self->connection) == NULL) {
    if (!satchel_journal_append (self->journal, job->id, SATCHEL_JOURNAL_DELIVERED,
                                 job->size_bytes, NULL, error))
      return FALSE;
    job->is_done = TRUE;
    self->tally.delivered++;
    return TRUE;
  }
  if (job->state.receipt != NULL)
    text = satchel_base64_decode (job->state.receipt, -1);
  if (text != NULL)
    return take_receipt (self, job, g_bytes_get_data (text, NULL),
                         (gssize) g_bytes_get_size (text), error);
  if (!ask_receipt (self, job, cancellable, error))
    return FALSE;
  return job->is_done ||
         set_lie (job, error, "The intake took everything and gives no receipt for it.");
}

/* One turn of one job: begin, or a piece, or the end. */
static gboolean
turn (SatchelCourier *self, Job *job, GCancellable *cancellable, GError **error)
{
  g_autofree char *at_intake = g_strdup_printf ("/mailboxes/%s/uploads", job->mailbox);
  SatchelTusFile file = {.create_target = self->routes->engine_target != NULL &&
                                                  satchel_connection_get_receipt_key (
                                                      self->connection) == NULL
                                              ? self->routes->engine_target
                                              : at_intake,
                         .path = job->path,
                         .size_bytes = job->size_bytes};
  guint64 sent_before = job->state.sent_bytes;
  gboolean more = TRUE, was_sent;

  self->current = job;
  if (!job->has_begun) {
    /* It may have arrived whole, and only the answer was lost. */
    if (job->state.location != NULL &&
        satchel_connection_get_receipt_key (self->connection) != NULL &&
        !ask_receipt (self, job, cancellable, error))
      return FALSE;
    job->has_begun = TRUE;
    return job->is_done || satchel_tus_begin (self->connection, &file, &job->state, learned_cb,
                                              self, cancellable, error);
  }
  was_sent = satchel_tus_step (self->connection, &file, &job->state, &more, learned_cb, self,
                               cancellable, error);
  self->tally.sent_bytes += job->state.sent_bytes - MIN (sent_before, job->state.sent_bytes);
  if (!was_sent)
    return FALSE;
  return more || finish (self, job, cancellable, error);
}

/* Whether the others can go on after this error of one. */
static gboolean
is_about_one (const Job *job, const GError *error)
{
  return job->is_disputed || job->state.is_disputed ||
         g_error_matches (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_QUOTA) ||
         g_error_matches (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_PROTOCOL) ||
         g_error_matches (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_DAMAGED);
}

static gboolean
note_waiting (SatchelCourier *self, Job *job, const GError *why, GError **error)
{
  return satchel_journal_append (self->journal, job->id, SATCHEL_JOURNAL_WAITING,
                                 job->state.offset, why->message, error);
}

/* An alarm, where @why is one. */
static gboolean
note_alarm (SatchelCourier *self, const Job *job, const GError *why, GError **error)
{
  return !g_error_matches (why, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNTRUSTED) ||
         satchel_journal_append (self->journal, job->id, SATCHEL_JOURNAL_ALARM, 0, why->message,
                                 error);
}

/* @job alone waits. An upload that is in dispute is forgotten, or it would stand here for ever. */
static gboolean
note_failed (SatchelCourier *self, Job *job, const GError *why, GError **error)
{
  job->has_failed = TRUE;
  if (!note_alarm (self, job, why, error))
    return FALSE;
  if (job->is_disputed || job->state.is_disputed) {
    satchel_tus_state_clear (&job->state);
    if (!satchel_journal_append (self->journal, job->id, SATCHEL_JOURNAL_UPLOAD, 0, NULL, error))
      return FALSE;
  }
  return note_waiting (self, job, why, error);
}

/* Everything that is left waits for the same reason; an alarm is written once. */
static gboolean
note_stop (SatchelCourier *self, const GError *why, GError **error)
{
  if (!note_alarm (self, g_ptr_array_index (self->jobs, 0), why, error))
    return FALSE;
  for (guint i = 0; i < self->jobs->len; i++) {
    Job *job = g_ptr_array_index (self->jobs, i);
    if (!job->is_done && !job->has_failed && !note_waiting (self, job, why, error))
      return FALSE;
  }
  return TRUE;
}

/* For the day's budget, which goes on while the vault is locked. */
static gboolean
note_spent (SatchelCourier *self, guint64 least, GError **error)
{
  guint64 bytes = self->tally.sent_bytes - self->noted_bytes;
  g_autofree char *day = NULL;

  if (bytes < least)
    return TRUE;
  day = satchel_rules_dup_day ();
  if (!satchel_journal_append (self->journal, "", SATCHEL_JOURNAL_SPENT, bytes, day, error))
    return FALSE;
  self->noted_bytes = self->tally.sent_bytes;
  return TRUE;
}

/* A round of one turn each. *@active: somebody is still at it. */
static gboolean
run_round (SatchelCourier *self,
           gboolean *active,
           GError **first,
           GCancellable *cancellable,
           GError **error)
{
  *active = FALSE;
  for (guint i = 0; i < self->jobs->len; i++) {
    Job *job = g_ptr_array_index (self->jobs, i);
    GError *local = NULL;
    if (job->is_done || job->has_failed)
      continue;
    if (may_go_on (self, &local) && turn (self, job, cancellable, &local) &&
        note_spent (self, SPENT_STEP, &local)) {
      *active |= !job->is_done;
      continue;
    }
    if (!is_about_one (job, local)) {
      g_propagate_error (error, local);
      return FALSE;
    }
    if (!note_failed (self, job, local, error)) {
      g_error_free (local);
      return FALSE;
    }
    if (*first == NULL)
      *first = local;
    else
      g_error_free (local);
  }
  return TRUE;
}

/* FALSE: the run stopped. *@first: the first error that was about one job. */
static gboolean
send_all_jobs (SatchelCourier *self, GError **first, GCancellable *cancellable, GError **error)
{
  gboolean active = TRUE;

  while (active)
    if (!run_round (self, &active, first, cancellable, error))
      return FALSE;
  return TRUE;
}

static gboolean
connect_and_send (SatchelCourier *self, gboolean use_tor, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) stop = NULL, first = NULL, why = NULL;
  gboolean is_whole;

  for (guint i = 0; i < self->jobs->len; i++) {
    Job *job = g_ptr_array_index (self->jobs, i);
    job->has_begun = job->has_failed = job->is_disputed = FALSE;
  }
  if (may_go_on (self, &stop))
    self->connection = satchel_routes_connect (self->routes, use_tor, cancellable, &stop);
  is_whole = self->connection != NULL && send_all_jobs (self, &first, cancellable, &stop);
  g_clear_pointer (&self->connection, satchel_connection_free);
  /* Why it was cancelled says more than that it was. */
  if (g_error_matches (stop, G_IO_ERROR, G_IO_ERROR_CANCELLED) && !may_go_on (self, &why)) {
    g_clear_error (&stop);
    stop = g_steal_pointer (&why);
  }
  if ((!is_whole && !note_stop (self, stop, error)) || !note_spent (self, 1, error))
    return FALSE;
  if (is_whole && first == NULL)
    return TRUE;
  g_propagate_error (error, is_whole ? g_steal_pointer (&first) : g_steal_pointer (&stop));
  return FALSE;
}

gboolean
satchel_courier_run (SatchelCourier *self,
                     gboolean use_tor,
                     SatchelCourierTally *tally,
                     SatchelProgressReport progress,
                     GCancellable *cancellable,
                     GError **error)
{
  gboolean is_done = TRUE;

  memset (&self->tally, 0, sizeof self->tally);
  self->noted_bytes = 0;
  self->progress = progress;
  if (self->jobs->len > 0) {
    self->journal = satchel_journal_open (self->folder, self->journal_key, error);
    if (self->journal == NULL) {
      if (tally != NULL)
        *tally = (SatchelCourierTally){.left = self->jobs->len};
      return FALSE;
    }
    is_done = connect_and_send (self, use_tor, cancellable, error);
    g_clear_pointer (&self->journal, satchel_journal_free);
  }
  for (guint i = 0; i < self->jobs->len; i++)
    self->tally.left += !((Job *) g_ptr_array_index (self->jobs, i))->is_done;
  if (tally != NULL)
    *tally = self->tally;
  return is_done;
}

guint
satchel_courier_backoff_s (guint failures, gdouble random)
{
  const guint most = 3600, least = 30;
  guint base = failures >= 8 ? most : MIN (most, least << failures);

  return base / 2 + (guint) (base / 2 * CLAMP (random, 0, 1));
}
