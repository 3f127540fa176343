/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-text.h"
#include "intake/satchel-intake-server-private.h"
#include "intake/satchel-intake-tus.h"

/* --- One request at a time on an upload ------------------------------------------------------ */

static void
release (SatchelIntakeRequest *self)
{
  SatchelIntakeRequest *next = self->successor;

  if (self->upload == NULL || satchel_intake_upload_get_holder (self->upload) != self)
    return;
  self->successor = NULL;
  satchel_intake_upload_set_holder (self->upload, next);
  satchel_intake_request_unref (self); /* the hold */
  if (next == NULL)
    return;
  if (next->message == NULL)
    release (next);
  else
    next->taken (next);
}

/* Calls @taken once nobody else is at work on the upload. The newest request wins: a body that is
 * still arriving is ended, with all that came. */
static void
take (SatchelIntakeRequest *self, SatchelIntakeHandler taken)
{
  SatchelIntakeRequest *holder = satchel_intake_upload_get_holder (self->upload);

  self->taken = taken;
  if (holder == NULL) {
    satchel_intake_upload_set_holder (self->upload, satchel_intake_request_ref (self));
    taken (self);
    return;
  }
  if (holder->successor != NULL) {
    satchel_intake_request_refuse_with (self, SATCHEL_INTAKE_ERROR_CONFLICT,
                                        "Another request is at work on this upload.");
    return;
  }
  holder->successor = satchel_intake_request_ref (self);
  satchel_intake_request_pause (self);
  if (holder->body != NULL && !satchel_intake_body_is_ended (holder->body)) {
    satchel_intake_body_end (holder->body, FALSE, NULL);
    if (holder->connection != NULL)
      satchel_intake_connection_cut (holder->connection);
  }
}

/* --- Answers -------------------------------------------------------------------------------- */

static void
set_expires (SatchelIntakeRequest *self)
{
  g_autoptr (GDateTime) moment = g_date_time_new_from_unix_utc (
      satchel_intake_upload_get_expires (self->upload) / G_USEC_PER_SEC);
  g_autofree char *text = soup_date_time_to_string (moment, SOUP_DATE_HTTP);

  satchel_intake_request_set (self, "Upload-Expires", text);
}

static void
set_state (SatchelIntakeRequest *self)
{
  satchel_intake_request_set_number (self, "Upload-Offset",
                                     satchel_intake_upload_get_offset (self->upload));
  if (!satchel_intake_upload_is_complete (self->upload))
    set_expires (self);
}

/* What was kept is in the mailbox: the receipt goes with the answer. */
static void
set_receipt (SatchelIntakeRequest *self, const SatchelIntakeEntry *entry, const char *receipt)
{
  g_autofree char *sha256 = satchel_hex_encode (entry->sha256, 32);
  g_autofree char *base64 = satchel_base64_encode ((const guint8 *) receipt, strlen (receipt));

  satchel_intake_request_set (self, "Satchel-Sha256", sha256);
  satchel_intake_request_set (self, "Satchel-Receipt", base64);
}

static void
set_location (SatchelIntakeRequest *self)
{
  g_autofree char *location =
      g_strconcat ("/uploads/", satchel_intake_upload_get_id (self->upload), NULL);

  satchel_intake_request_set (self, "Location", location);
}

static gboolean
is_creation (SatchelIntakeRequest *self)
{
  return self->method == SOUP_METHOD_POST;
}

static void
answer_state (SatchelIntakeRequest *self,
              guint status,
              const SatchelIntakeEntry *entry,
              const char *receipt)
{
  set_state (self);
  if (receipt != NULL)
    set_receipt (self, entry, receipt);
  satchel_intake_request_answer (self, status, NULL, NULL);
}

/* --- Bodies --------------------------------------------------------------------------------- */

static void
body_room (gpointer user_data)
{
  satchel_intake_request_unpause (user_data);
}

static void
body_failed (gpointer user_data, const GError *error)
{
  SatchelIntakeRequest *self = user_data;

  satchel_intake_request_pause (self);
  if (!satchel_intake_body_is_ended (self->body))
    satchel_intake_body_end (self->body, FALSE, NULL);
}

static void
body_ended (gpointer user_data,
            const SatchelIntakeEntry *entry,
            const char *receipt,
            const GError *error)
{
  SatchelIntakeRequest *self = user_data;
  SatchelIntakeServer *server = self->server;

  gboolean over = satchel_intake_upload_is_over (self->upload);

  g_clear_pointer (&self->body, satchel_intake_body_unref);
  if (entry != NULL) {
    server->n_finished++;
    satchel_intake_mailbox_wake (server, entry->mailbox);
  }
  if (is_creation (self) && !over)
    set_location (self);
  if (error != NULL) {
    if (self->message != NULL && !over)
      satchel_intake_request_set_number (self, "Upload-Offset",
                                         satchel_intake_upload_get_offset (self->upload));
    satchel_intake_request_refuse (self, error);
  } else if (self->body_read) {
    answer_state (self, is_creation (self) ? 201 : 204, entry, receipt);
  }
  release (self);
  satchel_intake_request_unref (self);
}

static void
begin_body (SatchelIntakeRequest *self)
{
  static const SatchelIntakeBodyEvents events = {body_room, body_failed, body_ended};

  self->body = satchel_intake_body_new (self->upload, self->offset_bytes, self->has_checksum,
                                        &self->server->runner, self->server->pieces, &events,
                                        satchel_intake_request_ref (self));
  satchel_intake_request_unpause (self);
}

void
satchel_intake_upload_got_chunk (SatchelIntakeRequest *self, const guint8 *data, gsize size_bytes)
{
  if (!satchel_intake_body_is_ended (self->body) &&
      !satchel_intake_body_add (self->body, data, size_bytes))
    satchel_intake_request_pause (self);
}

/* The whole body was read. */
static void
finish_body (SatchelIntakeRequest *self)
{
  satchel_intake_request_pause (self);
  if (self->body != NULL && !satchel_intake_body_is_ended (self->body))
    satchel_intake_body_end (self->body, TRUE, self->has_checksum ? self->checksum : NULL);
}

void
satchel_intake_upload_over (SatchelIntakeRequest *self)
{
  if (self->body != NULL && !satchel_intake_body_is_ended (self->body))
    satchel_intake_body_end (self->body, FALSE, NULL);
}

/* --- HEAD and DELETE ------------------------------------------------------------------------ */

static void
finish_work (SatchelIntakeRequest *self)
{
  if (satchel_intake_upload_is_complete (self->upload) &&
      satchel_intake_upload_finish (self->upload, &self->entry, &self->error))
    self->receipt = satchel_intake_log_receipt (self->server->log, &self->entry, &self->error);
}

static void
finish_worked (SatchelIntakeRequest *self)
{
  if (self->error != NULL) {
    satchel_intake_request_refuse (self, self->error);
  } else {
    satchel_intake_request_set_number (self, "Upload-Length",
                                       satchel_intake_upload_get_length (self->upload));
    answer_state (self, 200, &self->entry, self->receipt);
  }
  release (self);
}

static void
head_taken (SatchelIntakeRequest *self)
{
  satchel_intake_request_run (self, finish_work, finish_worked);
}

static void
remove_work (SatchelIntakeRequest *self)
{
  satchel_intake_upload_remove (self->upload, &self->error);
}

static void
remove_worked (SatchelIntakeRequest *self)
{
  if (self->error != NULL)
    satchel_intake_request_refuse (self, self->error);
  else
    satchel_intake_request_answer (self, 204, NULL, NULL);
  release (self);
}

static void
remove_taken (SatchelIntakeRequest *self)
{
  satchel_intake_request_run (self, remove_work, remove_worked);
}

static void
head_finish (SatchelIntakeRequest *self)
{
  take (self, head_taken);
}

static void
remove_finish (SatchelIntakeRequest *self)
{
  take (self, remove_taken);
}

/* --- PATCH ---------------------------------------------------------------------------------- */

static gboolean
read_checksum (SatchelIntakeRequest *self, GError **error)
{
  const char *checksum = satchel_intake_request_header (self, "Upload-Checksum");
  const char *digest = satchel_intake_request_header (self, "Content-Digest");
  guint8 sha256[32];

  if (checksum != NULL && !satchel_intake_tus_checksum (checksum, self->checksum, error))
    return FALSE;
  self->has_checksum = checksum != NULL;
  if (digest == NULL || !self->has_body)
    return TRUE;
  if (!satchel_content_digest_parse (digest, sha256) ||
      (self->has_checksum && memcmp (sha256, self->checksum, 32) != 0)) {
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_REQUEST,
                         "Content-Digest is malformed, or not the Upload-Checksum.");
    return FALSE;
  }
  memcpy (self->checksum, sha256, 32);
  self->has_checksum = TRUE;
  return TRUE;
}

/* What can be told before a byte of the body is taken. */
static gboolean
check_patch (SatchelIntakeRequest *self, GError **error)
{
  guint64 stands = satchel_intake_upload_get_offset (self->upload);
  guint64 left = satchel_intake_upload_get_length (self->upload) - stands;

  if (self->offset_bytes != stands) {
    satchel_intake_request_set_number (self, "Upload-Offset", stands);
    g_set_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_CONFLICT,
                 "The upload stands at %" G_GUINT64_FORMAT ".", stands);
    return FALSE;
  }
  if (self->content_length > 0 && (guint64) self->content_length > left) {
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_TOO_LARGE,
                         "The body is longer than what is left of the upload.");
    return FALSE;
  }
  if (self->content_length > 0 &&
      (guint64) self->content_length > satchel_intake_store_get_room (self->server->store)) {
    satchel_intake_request_set_number (self, "Upload-Offset", stands);
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_NO_SPACE,
                         "The intake's disk is full; what was acknowledged is kept.");
    return FALSE;
  }
  return TRUE;
}

static void
patch_taken (SatchelIntakeRequest *self)
{
  g_autoptr (GError) error = NULL;

  if (!check_patch (self, &error)) {
    satchel_intake_request_refuse (self, error);
    release (self);
    return;
  }
  begin_body (self);
}

static gboolean
is_upload_type (SatchelIntakeRequest *self)
{
  const char *type = satchel_intake_request_header (self, "Content-Type");

  return type != NULL && g_ascii_strcasecmp (type, SATCHEL_INTAKE_TUS_TYPE) == 0;
}

static void
route_patch (SatchelIntakeRequest *self)
{
  g_autoptr (GError) error = NULL;

  if (!is_upload_type (self)) {
    satchel_intake_request_refuse_with (self, SATCHEL_INTAKE_ERROR_TYPE,
                                        "The Content-Type must be " SATCHEL_INTAKE_TUS_TYPE ".");
    return;
  }
  if (!satchel_intake_tus_number (satchel_intake_request_header (self, "Upload-Offset"),
                                  &self->offset_bytes)) {
    satchel_intake_request_refuse_with (self, SATCHEL_INTAKE_ERROR_REQUEST,
                                        "Upload-Offset is missing or no number.");
    return;
  }
  if (!read_checksum (self, &error)) {
    satchel_intake_request_refuse (self, error);
    return;
  }
  self->finish = finish_body;
  take (self, patch_taken);
}

/* --- POST ----------------------------------------------------------------------------------- */

static void
create_work (SatchelIntakeRequest *self)
{
  self->upload = satchel_intake_store_new_upload (
      self->server->store, self->mailbox, self->asker.owner,
      self->asker.kind == SATCHEL_INTAKE_REPORTER, self->length_bytes, &self->error);
}

static void
create_finish (SatchelIntakeRequest *self)
{
  set_location (self);
  set_expires (self);
  satchel_intake_request_answer (self, 201, NULL, NULL);
  release (self);
}

static void
create_worked (SatchelIntakeRequest *self)
{
  if (self->error != NULL) {
    satchel_intake_request_refuse (self, self->error);
    return;
  }
  self->server->n_uploads++;
  satchel_intake_upload_set_holder (self->upload, satchel_intake_request_ref (self));
  if (self->message == NULL)
    release (self);
  else
    satchel_intake_request_unpause (self);
}

/* The body comes with it: nothing is made on disk before that has come. */
static void
create_with_body (SatchelIntakeRequest *self)
{
  g_autoptr (GError) error = NULL;

  self->upload = satchel_intake_store_announce_upload (
      self->server->store, self->mailbox, self->asker.owner,
      self->asker.kind == SATCHEL_INTAKE_REPORTER, self->length_bytes, &error);
  if (self->upload == NULL) {
    satchel_intake_request_refuse (self, error);
    return;
  }
  self->server->n_uploads++;
  satchel_intake_upload_set_holder (self->upload, satchel_intake_request_ref (self));
  self->finish = finish_body;
  begin_body (self);
}

static gboolean
read_creation (SatchelIntakeRequest *self, GError **error)
{
  const char *sentence = NULL;

  if (satchel_intake_request_header (self, "Upload-Defer-Length") != NULL)
    sentence = "The length must be known: Upload-Defer-Length is not taken.";
  else if (!satchel_intake_tus_number (satchel_intake_request_header (self, "Upload-Length"),
                                       &self->length_bytes))
    sentence = "Upload-Length is missing or no number.";
  else if (self->length_bytes == 0)
    sentence = "An empty file is no bundle.";
  if (sentence != NULL) {
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_REQUEST, sentence);
    return FALSE;
  }
  if (self->has_body && !is_upload_type (self)) {
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_TYPE,
                         "The Content-Type must be " SATCHEL_INTAKE_TUS_TYPE ".");
    return FALSE;
  }
  if (self->content_length > 0 && (guint64) self->content_length > self->length_bytes) {
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_TOO_LARGE,
                         "The body is longer than the upload.");
    return FALSE;
  }
  return read_checksum (self, error);
}

static void
route_create (SatchelIntakeRequest *self)
{
  g_autoptr (GError) error = NULL;

  if (self->mailbox[0] == '\0')
    g_strlcpy (self->mailbox, satchel_intake_auth_get_mailbox (self->server->auth),
               sizeof self->mailbox);
  if (!satchel_intake_auth_may_upload (self->server->auth, &self->asker, self->mailbox, &error) ||
      !read_creation (self, &error)) {
    satchel_intake_request_refuse (self, error);
    return;
  }
  if (self->has_body) {
    create_with_body (self);
  } else {
    self->finish = create_finish;
    satchel_intake_request_run (self, create_work, create_worked);
  }
}

/* --- Routes --------------------------------------------------------------------------------- */

static void
route_existing (SatchelIntakeRequest *self, const char *id)
{
  g_autoptr (GError) error = NULL;

  self->upload =
      satchel_intake_store_find_upload (self->server->store, id, self->asker.owner, &error);
  if (self->upload == NULL)
    satchel_intake_request_refuse (self, error);
  else if (g_str_equal (self->method, "PATCH"))
    route_patch (self);
  else if (self->method == SOUP_METHOD_HEAD)
    self->finish = head_finish;
  else
    self->finish = remove_finish;
}

static gboolean
is_known_method (SatchelIntakeRequest *self, SatchelIntakePathKind kind)
{
  if (kind == SATCHEL_INTAKE_PATH_UPLOADS)
    return is_creation (self);
  return g_str_equal (self->method, "PATCH") || self->method == SOUP_METHOD_HEAD ||
         self->method == SOUP_METHOD_DELETE;
}

gboolean
satchel_intake_route_upload (SatchelIntakeRequest *self)
{
  SatchelIntakePath path;

  satchel_intake_path_parse (self->path, &path);
  if (path.kind != SATCHEL_INTAKE_PATH_UPLOADS && path.kind != SATCHEL_INTAKE_PATH_UPLOAD)
    return FALSE;
  satchel_intake_request_set (self, "Tus-Resumable", SATCHEL_INTAKE_TUS_VERSION);
  if (!is_known_method (self, path.kind)) {
    satchel_intake_request_refuse_with (self, SATCHEL_INTAKE_ERROR_METHOD,
                                        "This method is not known here.");
  } else if (g_strcmp0 (satchel_intake_request_header (self, "Tus-Resumable"),
                        SATCHEL_INTAKE_TUS_VERSION) != 0) {
    satchel_intake_request_set (self, "Tus-Version", SATCHEL_INTAKE_TUS_VERSION);
    satchel_intake_request_refuse_with (self, SATCHEL_INTAKE_ERROR_VERSION,
                                        "Tus-Resumable must be " SATCHEL_INTAKE_TUS_VERSION ".");
  } else if (satchel_intake_request_identify (self)) {
    memcpy (self->mailbox, path.mailbox, sizeof self->mailbox);
    if (path.kind == SATCHEL_INTAKE_PATH_UPLOADS)
      route_create (self);
    else
      route_existing (self, path.upload);
  }
  return TRUE;
}
