/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/satchel-time.h"
#include "records/satchel-kind.h"
#include "records/satchel-fields.h"

G_BEGIN_DECLS

/** Whether a press card or an assignment is good, on a given day. */
typedef enum {
  SATCHEL_PRESS_VALID,
  SATCHEL_PRESS_ENDING,  /* good, and for at most 30 days more */
  SATCHEL_PRESS_UNDATED, /* nothing says until when */
  SATCHEL_PRESS_EARLY,   /* not good yet */
  SATCHEL_PRESS_EXPIRED,
  SATCHEL_PRESS_VOID, /* revoked, seized, refused or marked as expired, whatever its dates are */
} SatchelPressValidity;

/** Judges a record's answers at @now: days are counted on the calendar of the clock that @now was
 *  read from, and a card that is good "until March" or "until 9 March" is good to the end of that
 *  month or day. @text gets a sentence in the reader's words: "Expires in 3 days". The caller's. */
SatchelPressValidity satchel_press_validity_judge (const SatchelKind *kind,
                                                   JsonObject *values,
                                                   const SatchelWhen *now,
                                                   char **text);

/** The symbol beside it. */
const char *satchel_press_validity_get_icon (SatchelPressValidity validity);

/** Whether it is a warning. */
gboolean satchel_press_validity_is_warning (SatchelPressValidity validity);

G_END_DECLS
