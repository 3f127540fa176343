/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-verify-private.h"

#include <string.h>

#include "base/satchel-file.h"
#include "base/satchel-time.h"
#include "sync/satchel-origin.h"

static void
item_verdict_free (SatchelItemVerdict *self)
{
  g_free (self->object);
  g_free (self->id);
  g_free (self->name);
  g_free (self->detail);
  g_free (self->text);
  g_free (self);
}

SatchelVerification *
satchel_verification_new (void)
{
  SatchelVerification *self = g_new0 (SatchelVerification, 1);

  self->holds = TRUE;
  self->verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) item_verdict_free);
  return self;
}

void
satchel_verification_free (SatchelVerification *self)
{
  if (self == NULL)
    return;
  satchel_bag_info_free (self->info);
  g_ptr_array_unref (self->verdicts);
  g_free (self);
}

/* English; %s is the detail. */
static const char *const texts[SATCHEL_VERDICT_CODES] = {
    [SATCHEL_VERDICT_SIGNED] = "signed by minisign key %s; compare it with the sender's card",
    [SATCHEL_VERDICT_SIGNED_BY_CARD] = "signed by the key on the card, %s",
    [SATCHEL_VERDICT_EVIDENCE] = "unchanged since capture, SHA-256 %s",
    [SATCHEL_VERDICT_REVISIONS] =
        "%s revisions, each hashed onto the one before, as custody says",
    [SATCHEL_VERDICT_CUSTODY] =
        "%s entries, each hashed onto the one before about the same object",
    /* In brackets, since clang takes two strings in a list for a comma that was forgotten. */
    [SATCHEL_VERDICT_ERASED] =
        ("records of it that were erased here: %s; they are not judged, nor is what came before "
         "this bundle"),
    [SATCHEL_VERDICT_ORIGIN] = "as first signed: %s; compare the key with that sender's card",
    [SATCHEL_VERDICT_SIGNED_BY_OTHER] = "signed by another key than the card's: %s",
    [SATCHEL_VERDICT_TOO_LATE] = "says that it was made on %s, later than the time asked about",
    [SATCHEL_VERDICT_GONE] = "is not here any more",
    [SATCHEL_VERDICT_EVIDENCE_MISSING] = "its content is not here: no file has SHA-256 %s",
    [SATCHEL_VERDICT_EVIDENCE_CHANGED] =
        "its content is not what was captured: SHA-256 should be %s",
    [SATCHEL_VERDICT_EVIDENCE_UNKNOWN] =
        "the custody entries say nothing of this item as it is described",
    [SATCHEL_VERDICT_REVISION_UNKNOWN] =
        "the custody entries say nothing of revision %s as it is here",
    [SATCHEL_VERDICT_REVISION_LATE] =
        "revision %s says that it is later than the time asked about",
    [SATCHEL_VERDICT_CUSTODY_BROKEN] = "%s",
    [SATCHEL_VERDICT_ORIGIN_BROKEN] = "%s",
    [SATCHEL_VERDICT_NOT_SIGNED] = "what is kept of it is not what was signed",
    [SATCHEL_VERDICT_SHOWN_NOT_SIGNED] = "what is shown here of it is not what was signed",
    [SATCHEL_VERDICT_UNREADABLE] = "cannot be read here: %s",
    [SATCHEL_VERDICT_RULE] = "%s",
};

void
satchel_verification_add (SatchelVerification *self,
                          const char *object,
                          const char *id,
                          const char *name,
                          SatchelVerdictCode code,
                          const char *detail)
{
  SatchelItemVerdict *verdict = g_new0 (SatchelItemVerdict, 1);
  GString *text = g_string_new (texts[code]);

  g_string_replace (text, "%s", detail != NULL ? detail : "", 1);
  verdict->object = g_strdup (object);
  verdict->id = g_strdup (id);
  verdict->name = g_strdup (name);
  verdict->code = code;
  verdict->holds = code <= SATCHEL_VERDICT_ORIGIN;
  verdict->detail = g_strdup (detail);
  verdict->text = g_string_free (text, FALSE);
  g_ptr_array_add (self->verdicts, verdict);
  self->holds = self->holds && verdict->holds;
}

void
satchel_verify_signer (SatchelVerification *self, const SatchelVerifyOptions *options)
{
  g_autofree char *key = satchel_minisign_key_format (&self->info->sender_minisign);
  g_autofree char *bagged = satchel_utc_format (self->info->bagged_unix_us);
  g_autofree char *day = g_strndup (bagged, strlen ("2026-03-09"));
  const SatchelCard *card = options == NULL ? NULL : options->card;

  if (card == NULL)
    satchel_verification_add (self, "signature", NULL, NULL, SATCHEL_VERDICT_SIGNED, key);
  else if (satchel_minisign_key_equal (&card->keys.minisign, &self->info->sender_minisign))
    satchel_verification_add (self, "signature", NULL, card->name, SATCHEL_VERDICT_SIGNED_BY_CARD,
                              key);
  else
    satchel_verification_add (self, "signature", NULL, card->name, SATCHEL_VERDICT_SIGNED_BY_OTHER,
                              key);
  if (options != NULL && options->as_of_unix_us != 0 &&
      self->info->bagged_unix_us > options->as_of_unix_us)
    satchel_verification_add (self, "bag", NULL, NULL, SATCHEL_VERDICT_TOO_LATE, day);
}

/* --- Folder ------------------------------------------------------------------------------------
 */

typedef struct {
  SatchelVerification *verification;
  GHashTable *bad_files;
} Found;

static void
found_cb (const SatchelBagFinding *finding, gpointer user_data)
{
  Found *found = user_data;
  const char *member = finding->member != NULL ? finding->member : "bag";

  if (g_str_has_prefix (member, "data/"))
    member += strlen ("data/");
  g_hash_table_add (found->bad_files, g_strdup (member));
  satchel_verification_add (found->verification, member, NULL, NULL, SATCHEL_VERDICT_RULE,
                            finding->message);
}

static gboolean
is_document (const char *name)
{
  return g_str_has_suffix (name, ".json") || g_str_has_suffix (name, ".jsonl") ||
         satchel_origin_is_name (name);
}

static gboolean
load_documents (const char *folder,
                const SatchelBagInfo *info,
                SatchelBagContents *contents,
                GError **error)
{
  for (guint i = 0; i < info->entries->len; i++) {
    const SatchelBagEntry *entry = &g_array_index (info->entries, SatchelBagEntry, i);
    if (!is_document (entry->name) || g_hash_table_contains (contents->bad_files, entry->name))
      continue;
    g_autofree char *path = g_build_filename (folder, "data", entry->name, NULL);
    GBytes *bytes = satchel_file_load (path, SATCHEL_BAG_CUSTODY_MAX, error);
    if (bytes == NULL)
      return FALSE;
    g_hash_table_insert (contents->documents, g_strdup (entry->name), bytes);
  }
  return TRUE;
}

static char *
find_bag (const char *folder)
{
  g_autofree char *inner = g_build_filename (folder, "satchel", "bagit.txt", NULL);

  return g_file_test (inner, G_FILE_TEST_EXISTS) ? g_path_get_dirname (inner) : g_strdup (folder);
}

void
satchel_bag_contents_clear (SatchelBagContents *self)
{
  g_hash_table_unref (self->documents);
  g_hash_table_unref (self->bad_files);
  g_byte_array_unref (self->text);
}

void
satchel_bag_contents_init (SatchelBagContents *self)
{
  self->documents =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  self->bad_files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->text = g_byte_array_new ();
  self->origin_bytes = 0;
}

SatchelVerification *
satchel_verify_folder (const char *folder,
                       const SatchelVerifyOptions *options,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autofree char *bag = find_bag (folder);
  g_autoptr (SatchelVerification) self = satchel_verification_new ();
  g_auto (SatchelBagContents) contents;
  g_autoptr (GError) local_error = NULL;

  satchel_bag_contents_init (&contents);
  Found found = {self, contents.bad_files};
  if (!satchel_bag_check_folder (bag, found_cb, &found, cancellable, &self->info, &local_error) &&
      local_error->domain != SATCHEL_SEAL_ERROR) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return NULL;
  }
  if (self->info == NULL) {
    /* Every fault should have been found by name; none may be lost. */
    if (self->holds)
      satchel_verification_add (self, "bag", NULL, NULL, SATCHEL_VERDICT_RULE,
                                local_error->message);
    return g_steal_pointer (&self);
  }
  satchel_verify_signer (self, options);
  if (!load_documents (bag, self->info, &contents, error))
    return NULL;
  satchel_verify_contents (self, &contents, options);
  return g_steal_pointer (&self);
}

/* --- Bundle ------------------------------------------------------------------------------------
 */

static gboolean
take_document (const char *name, GBytes *content, gpointer user_data, GError **error)
{
  SatchelBagContents *contents = user_data;

  g_hash_table_insert (contents->documents, g_strdup (name), g_bytes_ref (content));
  return TRUE;
}

/* Origins are documents for a verdict though they travel as files: they are gathered, the rest is
 * hashed and let go. */
static gboolean
begin_file (const char *name,
            guint64 size_bytes,
            const guint8 sha256[SATCHEL_SHA256_SIZE],
            SatchelSink *sink,
            gpointer user_data,
            GError **error)
{
  SatchelBagContents *contents = user_data;

  *sink = satchel_sink_to_nowhere ();
  if (!satchel_origin_is_name (name))
    return TRUE;
  contents->origin_bytes += MIN (size_bytes, SATCHEL_ORIGIN_TOTAL_MAX);
  if (size_bytes > SATCHEL_ORIGIN_FILE_MAX || contents->origin_bytes > SATCHEL_ORIGIN_TOTAL_MAX) {
    g_set_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_LIMIT,
                 "member-size: what it carries of earlier bundles is too large");
    return FALSE;
  }
  g_byte_array_set_size (contents->text, 0);
  *sink = satchel_sink_to_byte_array (contents->text);
  return TRUE;
}

static gboolean
end_file (const char *name, gpointer user_data, GError **error)
{
  SatchelBagContents *contents = user_data;

  if (satchel_origin_is_name (name))
    g_hash_table_insert (contents->documents, g_strdup (name),
                         g_bytes_new (contents->text->data, contents->text->len));
  return TRUE;
}

static gboolean
admit (const SatchelBagInfo *info, gpointer user_data, GError **error)
{
  return TRUE;
}

SatchelVerification *
satchel_verify_bundle (const char *path,
                       SatchelSecret *const *identities,
                       guint count,
                       const SatchelVerifyOptions *options,
                       SatchelPool *pool,
                       SatchelProgressReport progress,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (SatchelVerification) self = satchel_verification_new ();
  g_auto (SatchelBagContents) contents;
  g_autoptr (GError) local_error = NULL;
  guint64 size = 0;

  satchel_bag_contents_init (&contents);
  g_autoptr (GInputStream) sealed = satchel_file_read (path, &size, error);
  if (sealed == NULL)
    return NULL;
  const SatchelBundleReader reader = {
      .identities = identities,
      .identity_count = count,
      .visitor = {admit, take_document, begin_file, end_file, &contents},
      .pool = pool,
      .progress = progress,
      .size_bytes = size,
  };
  if (!satchel_bundle_open (sealed, &reader, cancellable, &self->info, NULL, &local_error)) {
    if (local_error->domain != SATCHEL_SEAL_ERROR) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
    satchel_verification_add (self, "bundle", NULL, NULL, SATCHEL_VERDICT_RULE,
                              local_error->message);
    return g_steal_pointer (&self);
  }
  satchel_verify_signer (self, options);
  satchel_verify_contents (self, &contents, options);
  return g_steal_pointer (&self);
}
