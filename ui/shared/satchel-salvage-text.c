/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shared/satchel-salvage-text.h"

#include <glib/gi18n.h>

#include "shared/satchel-error-text.h"

const char *
satchel_salvage_text_get_heading (void)
{
  return _ ("A Recording Was Cut Off");
}

/* NULL for nothing. */
static const char *
get_outcome (const SatchelSalvage *salvage)
{
  if (salvage->damaged > 0)
    return _ ("Satchel was cut off while it recorded, and not all that was saved of it can "
              "be read any more. What can be is in its report, marked as cut off.");
  if (salvage->saved > 0)
    return _ ("Satchel was cut off while it recorded. What was saved until then is in its "
              "report, marked as cut off.");
  return NULL;
}

static const char *
get_loss (gboolean is_another)
{
  return is_another
             ? _ ("Of another recording nothing that was saved can be read any more.")
             : _ ("Satchel was cut off while it recorded, and nothing that was saved of it can be "
                  "read any more.");
}

/* @is_another: something else is told before. */
static char *
dup_fault (const SatchelSalvage *salvage, gboolean is_another)
{
  if (salvage->fault == NULL || satchel_error_text_is_silent (salvage->fault))
    return NULL;
  g_autofree char *sentence = satchel_error_text_dup (salvage->fault);
  /* Translators: %s is a sentence, as "The disk is full." */
  return g_strdup_printf (
      is_another ? _ ("Another recording could not be put into its report yet. %s What is saved "
                      "of it stays, and Satchel tries again when it is unlocked the next time.")
                 : _ ("It could not be put into its report yet. %s What is saved of it stays, and "
                      "Satchel tries again when it is unlocked the next time."),
      sentence);
}

char *
satchel_salvage_text_dup (const SatchelSalvage *salvage)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  const char *outcome = get_outcome (salvage);
  g_autofree char *fault = dup_fault (salvage, outcome != NULL || salvage->lost > 0);

  if (outcome != NULL)
    g_ptr_array_add (parts, (gpointer) outcome);
  if (salvage->lost > 0)
    g_ptr_array_add (parts, (gpointer) get_loss (outcome != NULL));
  if (fault != NULL)
    g_ptr_array_add (parts, fault);
  if (parts->len == 0)
    return NULL;
  g_ptr_array_add (parts, NULL);
  return g_strjoinv ("\n\n", (char **) parts->pdata);
}
