/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl.h"

#include "base/satchel-error.h"
#include "papers/satchel-papers-error.h"
#include "people/satchel-people-error.h"
#include "records/satchel-records-error.h"
#include "seal/satchel-seal-error.h"
#include "secret/satchel-secret.h"
#include "sync/satchel-sync-error.h"

/* Stopped by a signal: what a shell answers for SIGINT. */
#define CTL_INTERRUPTED 130

static int
base_exit (int code)
{
  switch ((SatchelBaseError) code) {
    case SATCHEL_BASE_ERROR_NO_SPACE:
    case SATCHEL_BASE_ERROR_IO:
    case SATCHEL_BASE_ERROR_NOT_FOUND:
      return CTL_NO_SPACE;
    case SATCHEL_BASE_ERROR_EXISTS:
      return CTL_USAGE;
    case SATCHEL_BASE_ERROR_BUSY:
      return CTL_BUSY;
    case SATCHEL_BASE_ERROR_TOO_LARGE:
    case SATCHEL_BASE_ERROR_INVALID:
      return CTL_UNVERIFIED;
  }
  return CTL_UNVERIFIED;
}

static int
secret_exit (int code)
{
  switch ((SatchelSecretError) code) {
    case SATCHEL_SECRET_ERROR_MEMORY:
      return CTL_NO_SPACE;
    case SATCHEL_SECRET_ERROR_WRONG:
      return CTL_LOCKED_OUT;
    case SATCHEL_SECRET_ERROR_WEAK:
      return CTL_USAGE;
    case SATCHEL_SECRET_ERROR_DAMAGED:
    case SATCHEL_SECRET_ERROR_NEWER:
    case SATCHEL_SECRET_ERROR_PARAMETERS:
      return CTL_UNVERIFIED;
  }
  return CTL_UNVERIFIED;
}

static int
papers_exit (int code)
{
  return code == SATCHEL_PAPERS_ERROR_EXPIRED || code == SATCHEL_PAPERS_ERROR_REVOKED
             ? CTL_UNTRUSTED
             : CTL_UNVERIFIED;
}

static int
vault_exit (int code)
{
  switch ((SatchelVaultError) code) {
    case SATCHEL_VAULT_ERROR_NO_VAULT:
    case SATCHEL_VAULT_ERROR_WRONG_PASSPHRASE:
      return CTL_LOCKED_OUT;
    case SATCHEL_VAULT_ERROR_BUSY:
      return CTL_BUSY;
    case SATCHEL_VAULT_ERROR_NO_SPACE:
    case SATCHEL_VAULT_ERROR_IO:
    case SATCHEL_VAULT_ERROR_CIPHER:
      return CTL_NO_SPACE;
    case SATCHEL_VAULT_ERROR_NOT_FOUND:
      return CTL_NOT_FOUND;
    case SATCHEL_VAULT_ERROR_EXISTS:
      return CTL_USAGE;
    case SATCHEL_VAULT_ERROR_NEWER:
    case SATCHEL_VAULT_ERROR_DAMAGED:
    case SATCHEL_VAULT_ERROR_CONSTRAINT:
      return CTL_UNVERIFIED;
  }
  return CTL_UNVERIFIED;
}

static int
records_exit (int code)
{
  switch ((SatchelRecordsError) code) {
    case SATCHEL_RECORDS_ERROR_NOT_FOUND:
    case SATCHEL_RECORDS_ERROR_AMBIGUOUS:
      return CTL_NOT_FOUND;
    case SATCHEL_RECORDS_ERROR_TRACES:
      return CTL_NO_SPACE;
    case SATCHEL_RECORDS_ERROR_INVALID_KIND:
    case SATCHEL_RECORDS_ERROR_FORKED:
    case SATCHEL_RECORDS_ERROR_DAMAGED:
      return CTL_UNVERIFIED;
    case SATCHEL_RECORDS_ERROR_NO_SUCH_KIND:
    case SATCHEL_RECORDS_ERROR_NO_SUCH_FIELD:
    case SATCHEL_RECORDS_ERROR_INVALID_VALUE:
    case SATCHEL_RECORDS_ERROR_TOO_LARGE:
    case SATCHEL_RECORDS_ERROR_FINAL:
    case SATCHEL_RECORDS_ERROR_HELD:
      return CTL_USAGE;
  }
  return CTL_USAGE;
}

static int
people_exit (int code)
{
  switch ((SatchelPeopleError) code) {
    case SATCHEL_PEOPLE_ERROR_NO_IDENTITY:
      return CTL_LOCKED_OUT;
    case SATCHEL_PEOPLE_ERROR_NO_NEWSROOM:
    case SATCHEL_PEOPLE_ERROR_NOT_FOUND:
    case SATCHEL_PEOPLE_ERROR_NO_MEMBER:
    case SATCHEL_PEOPLE_ERROR_AMBIGUOUS:
      return CTL_NOT_FOUND;
    case SATCHEL_PEOPLE_ERROR_NO_TOKEN:
      return CTL_UNTRUSTED;
    case SATCHEL_PEOPLE_ERROR_NOT_LEAD:
    case SATCHEL_PEOPLE_ERROR_EXISTS:
      return CTL_USAGE;
    case SATCHEL_PEOPLE_ERROR_WORDS:
    case SATCHEL_PEOPLE_ERROR_ALARM:
    case SATCHEL_PEOPLE_ERROR_DAMAGED:
      return CTL_UNVERIFIED;
  }
  return CTL_UNVERIFIED;
}

static int
sync_exit (int code)
{
  switch ((SatchelSyncError) code) {
    case SATCHEL_SYNC_ERROR_UNTRUSTED:
    case SATCHEL_SYNC_ERROR_CLOCK:
    case SATCHEL_SYNC_ERROR_TOKEN:
      return CTL_UNTRUSTED;
    case SATCHEL_SYNC_ERROR_WAITING:
    case SATCHEL_SYNC_ERROR_UNREACHABLE:
    case SATCHEL_SYNC_ERROR_PROTOCOL:
      return CTL_UNREACHABLE;
    case SATCHEL_SYNC_ERROR_QUOTA:
      return CTL_NO_SPACE;
    case SATCHEL_SYNC_ERROR_NOT_FOUND:
      return CTL_NOT_FOUND;
    case SATCHEL_SYNC_ERROR_STATE:
      return CTL_USAGE;
    case SATCHEL_SYNC_ERROR_REFUSED:
    case SATCHEL_SYNC_ERROR_DAMAGED:
      return CTL_UNVERIFIED;
  }
  return CTL_UNREACHABLE;
}

int
ctl_exit_code (const GError *error)
{
  if (error->domain == CTL_ERROR)
    return error->code;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return CTL_INTERRUPTED;
  if (error->domain == SATCHEL_BASE_ERROR)
    return base_exit (error->code);
  if (error->domain == SATCHEL_SECRET_ERROR)
    return secret_exit (error->code);
  if (error->domain == SATCHEL_SEAL_ERROR)
    return CTL_UNVERIFIED;
  if (error->domain == SATCHEL_PAPERS_ERROR)
    return papers_exit (error->code);
  if (error->domain == SATCHEL_VAULT_ERROR)
    return vault_exit (error->code);
  if (error->domain == SATCHEL_RECORDS_ERROR)
    return records_exit (error->code);
  if (error->domain == SATCHEL_PEOPLE_ERROR)
    return people_exit (error->code);
  if (error->domain == SATCHEL_SYNC_ERROR)
    return sync_exit (error->code);
  return CTL_NO_SPACE;
}
