/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shared/satchel-salvage-text.h"

#include <glib/gi18n.h>

#include "shared/satchel-error-text.h"

const char *
satchel_salvage_text_get_heading (void)
{
  return _ ("A Recording Was Cut Off");
}

char *
satchel_salvage_text_dup (const SatchelSalvage *salvage)
{
  if (salvage->fault != NULL && !satchel_error_text_is_silent (salvage->fault)) {
    g_autofree char *sentence = satchel_error_text_dup (salvage->fault);
    /* Translators: %s is a sentence, as "The disk is full." */
    return g_strdup_printf (_ ("It could not be put into its report yet. %s What is saved of it "
                               "stays, and Satchel tries again when it is unlocked the next "
                               "time."),
                            sentence);
  }
  if (salvage->damaged > 0)
    return g_strdup (
        _ ("Satchel was cut off while it recorded, and not all that was saved of it can "
           "be read any more. What can be is in its report, marked as cut off."));
  if (salvage->saved > 0)
    return g_strdup (
        _ ("Satchel was cut off while it recorded. What was saved until then is in its "
           "report, marked as cut off."));
  return NULL;
}
