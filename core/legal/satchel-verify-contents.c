/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-verify-private.h"

#include <string.h>

#include "base/satchel-text.h"
#include "records/satchel-ledger.h"
#include "records/satchel-record-json.h"

typedef struct {
  SatchelVerification *verification;
  const SatchelBagContents *contents;
  GPtrArray *custody; /* of SatchelLedgerEntry; NULL where it does not read */
  gint64 as_of_unix_us;
} Judge;

/* Whether the custody slice says that @object once had this hash. */
static gboolean
custody_knows (const Judge *judge, const char *object, const guint8 hash[32], gboolean by_import)
{
  for (guint i = 0; judge->custody != NULL && i < judge->custody->len; i++) {
    const SatchelLedgerEntry *entry = g_ptr_array_index (judge->custody, i);
    if (entry->has_object_hash && g_str_equal (entry->object, object) &&
        (!by_import || entry->action == SATCHEL_ACTION_IMPORTED) &&
        memcmp (entry->object_hash, hash, 32) == 0)
      return TRUE;
  }
  return FALSE;
}

/* The file that carries content of this hash; NULL where none does. */
static const char *
find_file (const Judge *judge, const guint8 sha256[32])
{
  GArray *entries = judge->verification->info->entries;

  for (guint i = 0; i < entries->len; i++) {
    const SatchelBagEntry *entry = &g_array_index (entries, SatchelBagEntry, i);
    if (memcmp (entry->sha256, sha256, 32) == 0)
      return entry->name;
  }
  return NULL;
}

static void
judge_evidence (Judge *judge, const SatchelEvidence *item)
{
  g_autofree char *sha256 = satchel_hex_encode (item->sha256, sizeof item->sha256);
  const char *file = find_file (judge, item->sha256);
  const char *object = file != NULL ? file : item->id;

  if (file == NULL)
    satchel_verification_add (judge->verification, object, item->id, item->name,
                              SATCHEL_VERDICT_EVIDENCE_MISSING, sha256);
  else if (g_hash_table_contains (judge->contents->bad_files, file))
    satchel_verification_add (judge->verification, object, item->id, item->name,
                              SATCHEL_VERDICT_EVIDENCE_CHANGED, sha256);
  else if (!custody_knows (judge, item->id, item->hash, FALSE))
    satchel_verification_add (judge->verification, object, item->id, item->name,
                              SATCHEL_VERDICT_EVIDENCE_UNKNOWN, NULL);
  else
    satchel_verification_add (judge->verification, object, item->id, item->name,
                              SATCHEL_VERDICT_EVIDENCE, sha256);
}

/* How many of the first revisions came from somebody else: what was imported is vouched for by one
 * entry about the latest of them, onto which the others are hashed. */
static guint
count_imported (const Judge *judge, const SatchelRecordDocument *document)
{
  for (guint i = document->revisions->len; i > 0; i--) {
    const SatchelRevision *revision = g_ptr_array_index (document->revisions, i - 1);
    if (custody_knows (judge, document->id, revision->hash, TRUE))
      return i;
  }
  return 0;
}

/* The first revision that custody does not know, or that is later than the time asked about; NULL
 * where all is well. */
static const SatchelRevision *
find_bad_revision (const Judge *judge,
                   const SatchelRecordDocument *document,
                   SatchelVerdictCode *code)
{
  guint imported = count_imported (judge, document);

  for (guint i = 0; i < document->revisions->len; i++) {
    const SatchelRevision *revision = g_ptr_array_index (document->revisions, i);
    *code = SATCHEL_VERDICT_REVISION_UNKNOWN;
    if (i >= imported && !custody_knows (judge, document->id, revision->hash, FALSE))
      return revision;
    *code = SATCHEL_VERDICT_REVISION_LATE;
    if (judge->as_of_unix_us != 0 && revision->time_us > judge->as_of_unix_us)
      return revision;
  }
  *code = SATCHEL_VERDICT_REVISIONS;
  return NULL;
}

static void
judge_record (Judge *judge, const char *name, GBytes *raw)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelRecordDocument) document = satchel_record_document_parse (raw, &error);
  SatchelVerdictCode code;

  if (document == NULL) {
    satchel_verification_add (judge->verification, name, NULL, NULL, SATCHEL_VERDICT_RULE,
                              error->message);
    return;
  }
  const SatchelRevision *bad = find_bad_revision (judge, document, &code);
  g_autofree char *number =
      g_strdup_printf ("%u", bad != NULL ? bad->number : document->revisions->len);
  satchel_verification_add (judge->verification, name, document->id, document->kind, code, number);
  for (guint i = 0; i < document->evidence->len; i++)
    judge_evidence (judge, g_ptr_array_index (document->evidence, i));
}

typedef struct {
  SatchelVerification *verification;
  gboolean found;
} CustodyFault;

static void
custody_fault_cb (const char *object, const char *fault, gpointer user_data)
{
  CustodyFault *custody = user_data;

  custody->found = TRUE;
  satchel_verification_add (custody->verification, "custody", object, NULL,
                            SATCHEL_VERDICT_CUSTODY_BROKEN, fault);
}

/* A slice ends before its own sealing, so nothing in it may be later than the head that the bag
 * names. */
static void
judge_custody (Judge *judge)
{
  const SatchelBagInfo *info = judge->verification->info;
  CustodyFault fault = {judge->verification, FALSE};
  const SatchelLedgerEntry *last = NULL;

  satchel_ledger_verify_slice (judge->custody, custody_fault_cb, &fault);
  if (judge->custody->len > 0)
    last = g_ptr_array_index (judge->custody, judge->custody->len - 1);
  if (last != NULL && last->sequence > info->ledger_sequence)
    custody_fault_cb (last->object, "an entry is later than the ledger head that the bag names",
                      &fault);
  if (last != NULL && last->sequence == info->ledger_sequence &&
      memcmp (last->hash, info->ledger_head, 32) != 0)
    custody_fault_cb (last->object, "the last entry is not the ledger head that the bag names",
                      &fault);
  if (last != NULL && judge->as_of_unix_us != 0 && last->time_us > judge->as_of_unix_us)
    custody_fault_cb (last->object, "an entry says that it is later than the time asked about",
                      &fault);
  if (fault.found)
    return;
  g_autofree char *count = g_strdup_printf ("%u", judge->custody->len);
  satchel_verification_add (judge->verification, "custody", NULL, NULL, SATCHEL_VERDICT_CUSTODY,
                            count);
}

static void
read_custody (Judge *judge)
{
  GBytes *bytes = g_hash_table_lookup (judge->contents->documents, "custody.jsonl");
  g_autoptr (GError) error = NULL;

  if (bytes == NULL)
    return;
  judge->custody =
      satchel_ledger_parse_slice (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  if (judge->custody == NULL)
    satchel_verification_add (judge->verification, "custody", NULL, NULL,
                              SATCHEL_VERDICT_CUSTODY_BROKEN, error->message);
  else
    judge_custody (judge);
}

gboolean
satchel_verify_is_record_name (const char *name)
{
  return name[0] == 'r' && g_ascii_isdigit (name[1]) && g_str_has_suffix (name, ".json");
}

void
satchel_verify_contents (SatchelVerification *self,
                         const SatchelBagContents *contents,
                         const SatchelVerifyOptions *options)
{
  Judge judge = {self, contents, NULL, options == NULL ? 0 : options->as_of_unix_us};

  read_custody (&judge);
  for (guint i = 0; i < self->info->entries->len; i++) {
    const SatchelBagEntry *entry = &g_array_index (self->info->entries, SatchelBagEntry, i);
    GBytes *raw = g_hash_table_lookup (contents->documents, entry->name);
    if (raw != NULL && satchel_verify_is_record_name (entry->name))
      judge_record (&judge, entry->name, raw);
  }
  g_clear_pointer (&judge.custody, g_ptr_array_unref);
  satchel_verify_origins (self, contents, options);
}
