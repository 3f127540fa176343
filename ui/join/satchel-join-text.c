/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "join/satchel-join-text.h"

#include <glib/gi18n.h>

const char *
satchel_join_how (SatchelRole role)
{
  if (role == SATCHEL_ROLE_REPORTER)
    return _ ("Your newsroom gives you an invite: a file, or text to copy. With it they know that "
              "what comes from you is yours.");
  if (role == SATCHEL_ROLE_EDITOR)
    return _ (
        "Found a newsroom and lead it. Or give your card to the lead of another, who adds you "
        "to the newsroom's card; then open that card here.");
  return _ ("Give your card to the newsroom's lead, who adds you to the newsroom's card. Then open "
            "that card here.");
}

const char *
satchel_join_what (const SatchelJoinOffer *offer)
{
  if (offer->invite != NULL && offer->is_known)
    return _ ("A new invite of the newsroom that you belong to. It takes the place of the one "
              "before.");
  if (offer->invite != NULL)
    return _ ("An invite to this newsroom. What you seal is for its members, and nobody else.");
  if (offer->is_stale)
    return _ ("A card of this newsroom, and an old one: ask for a newer when you have joined.");
  if (offer->is_on_card)
    return _ ("The card of this newsroom. You are one of its members.");
  return _ ("The card of this newsroom. You are not one of its members by it: what reporters seal "
            "for the newsroom, you cannot read.");
}

char *
satchel_join_dup_compare (const SatchelJoinOffer *offer)
{
  return g_strdup_printf (
      _ ("These are the safety words of %s. Have them read to you, by phone or face "
         "to face. Where even one is different, somebody stands between you: "
         "do not join."),
      offer->lead);
}

const char *
satchel_join_done (const SatchelJoinOffer *offer, gboolean was_pasted)
{
  if (offer->invite == NULL)
    return _ ("What you seal is for its members.");
  if (was_pasted)
    return _ ("Your introduction is sealed, and waits to be sent. The invite was taken off the "
              "clipboard; delete the message that it came in.");
  return _ ("Your introduction is sealed, and waits to be sent. Delete the invite: it has done "
            "its work.");
}
