/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sync/satchel-inbox-private.h"
#include "sync/satchel-outbox-private.h"

/* One hash about a bundle that is here: whether there is such a row, and whether it is @expected.
 * The hash is the statement's first column; NULL counts as equal. */
static gboolean
compare (SatchelStatement *statement,
         const guint8 expected[32],
         gboolean *is_there,
         gboolean *is_equal,
         GError **error)
{
  gsize size = 0;
  const guint8 *hash;

  if (!satchel_statement_step (statement, is_there, error))
    return FALSE;
  if (!*is_there)
    return TRUE;
  hash = satchel_statement_get_blob (statement, 0, &size);
  *is_equal = hash == NULL || (size == 32 && memcmp (hash, expected, 32) == 0);
  satchel_statement_reset (statement);
  return TRUE;
}

static gboolean
set_fork (SatchelOpening *self, const char *finding, GError **error)
{
  return satchel_opening_refuse (self, SATCHEL_ASIDE_FORK, finding, error);
}

static gboolean
check_id (SatchelOpening *self, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (self->vault),
      "SELECT tagmanifest_sha256 FROM inbox WHERE bundle_id = ?1 AND outcome = 0", error);
  gboolean is_there, is_equal;

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, self->bundle_id);
  if (!compare (statement, self->tagmanifest_sha256, &is_there, &is_equal, error))
    return FALSE;
  if (!is_there)
    return TRUE;
  if (!is_equal)
    return set_fork (
        self, "fork: a bundle with this id is here already, and its contents are others.", error);
  self->is_here = TRUE;
  g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_STATE,
               "This bundle is here already.");
  return FALSE;
}

/* @sql has sender, epoch and number as parameters. */
static gboolean
check_number (SatchelOpening *self,
              const char *sql,
              guint64 number,
              const guint8 expected[32],
              gboolean *is_there,
              gboolean *is_equal,
              GError **error)
{
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (self->vault), sql, error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, self->sender);
  satchel_statement_bind_int (statement, 2, (gint64) self->epoch);
  satchel_statement_bind_int (statement, 3, (gint64) number);
  return compare (statement, expected, is_there, is_equal, error);
}

#define BY_NUMBER " FROM inbox WHERE sender = ?1 AND epoch = ?2 AND number = ?3 AND outcome = 0"

/* The same number, the one before and the one after must all agree. */
static gboolean
check_neighbours (SatchelOpening *self, gboolean *has_before, GError **error)
{
  const SatchelBagRecipient *mine = &self->mine;
  gboolean is_there, is_equal;

  if (!check_number (self, "SELECT tagmanifest_sha256" BY_NUMBER, mine->number,
                     self->tagmanifest_sha256, &is_there, &is_equal, error))
    return FALSE;
  if (is_there)
    return set_fork (
        self, "fork: another bundle with this number of this sender is here already.", error);
  if (!check_number (self, "SELECT previous" BY_NUMBER, mine->number + 1,
                     self->tagmanifest_sha256, &is_there, &is_equal, error))
    return FALSE;
  if (is_there && !is_equal)
    return set_fork (self, "fork: the bundle after it names another one in its place.", error);
  *has_before = mine->number == 1;
  if (*has_before)
    return TRUE;
  if (!check_number (self, "SELECT tagmanifest_sha256" BY_NUMBER, mine->number - 1,
                     mine->previous_tagmanifest_sha256, has_before, &is_equal, error))
    return FALSE;
  if (*has_before && !is_equal)
    return set_fork (
        self, "fork: it names another bundle as the one before it than the one here.", error);
  return TRUE;
}

static gboolean
find_highest (SatchelOpening *self, guint64 *highest, GError **error)
{
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (self->vault),
                          "SELECT coalesce (max (number), 0) FROM inbox"
                          " WHERE sender = ?1 AND epoch = ?2 AND outcome = 0",
                          error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, self->sender);
  satchel_statement_bind_int (statement, 2, (gint64) self->epoch);
  if (!satchel_statement_step (statement, &has_row, error))
    return FALSE;
  *highest = (guint64) satchel_statement_get_int (statement, 0);
  satchel_statement_reset (statement);
  return TRUE;
}

gboolean
satchel_opening_place (SatchelOpening *self, const SatchelBagInfo *info, GError **error)
{
  guint64 highest, number = self->mine.number;
  gboolean has_before = FALSE;
  g_autofree char *finding = NULL;

  if (!check_id (self, error) || !check_neighbours (self, &has_before, error) ||
      !find_highest (self, &highest, error))
    return FALSE;
  if (number < highest)
    finding = g_strdup_printf (
        "late: bundle %" G_GUINT64_FORMAT " from this sender came after a later one.", number);
  else if (!has_before && number - highest == 2)
    finding = g_strdup_printf (
        "gap: bundle %" G_GUINT64_FORMAT " from this sender has not arrived.", highest + 1);
  else if (!has_before)
    finding = g_strdup_printf ("gap: bundles %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
                               " from this sender have not arrived.",
                               highest + 1, number - 1);
  if (finding != NULL)
    satchel_opening_add_finding (self, finding);
  return TRUE;
}
