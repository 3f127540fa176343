/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-newsroom-page.h"

#include <glib/gi18n.h>

#include "people/satchel-people-page.h"
#include "people/satchel-people-words.h"
#include "shared/satchel-choose.h"
#include "shared/satchel-words.h"

static void
path_chosen_cb (gpointer object, const char *path)
{
  SatchelPeoplePage *page = object;
  SatchelSessionJob job = satchel_people_renew_job (path);

  satchel_people_page_run (page, &job,
                           _ ("Renewed and saved. The newsroom's server gets it when you next "
                              "send."));
}

static void
renew_cb (SatchelPeoplePage *page)
{
  satchel_choose_new_file (GTK_WIDGET (page), _ ("Renew and Save the Newsroom Card"), _ ("_Save"),
                           "newsroom.card", path_chosen_cb, G_OBJECT (page));
}

static char *
dup_validity (const SatchelNewsroom *newsroom)
{
  g_autofree char *until = satchel_words_moment (newsroom->card->valid_until_unix_us);
  g_autofree char *digits = g_strdup_printf ("%" G_GUINT64_FORMAT, newsroom->card->number);
  g_autofree char *number = satchel_words_digits (digits);

  if (!newsroom->is_stale)
    /* Translators: the number of a card, and a moment. */
    return g_strdup_printf (_ ("Number %s, good until %s"),
                            number, until);
  return g_strdup_printf (newsroom->is_lead
                              ? _ ("Number %s, out of date since %s: renew it")
                              : _ ("Number %s, out of date since %s. It is still "
                                   "used; ask the lead for a new one"),
                          number, until);
}

static void
add_members (SatchelPeoplePage *page, const SatchelPeople *people)
{
  const SatchelNewsroomCard *card = people->newsroom->card;
  const SatchelCard *lead = satchel_newsroom_card_find_by_minisign (card, &card->lead);
  AdwPreferencesGroup *group =
      satchel_people_page_add_group (page, _ ("Members"), _ ("What you seal, they can open."));

  for (guint i = 0; i < card->members->len; i++) {
    const SatchelCard *member = card->members->pdata[i];
    g_autofree char *name = satchel_people_dup_name (member->name);
    gboolean is_you = satchel_public_keys_equal (&member->keys, &people->card->keys);
    g_autofree char *role = g_strdup_printf ("%s%s%s%s%s",
                                             satchel_people_role_words (member->role),
                                             member == lead ? " · " : "",
                                             member == lead ? _ ("Lead") : "",
                                             is_you ? " · " : "", is_you ? _ ("You") : "");
    satchel_people_page_add_row (group, NULL, name, role);
  }
}

static void
fill (SatchelPeoplePage *page, const SatchelPeople *people)
{
  const SatchelNewsroom *newsroom = people->newsroom;

  satchel_people_page_set_title (page, _ ("Newsroom"), NULL);
  satchel_people_page_add_alarms (page, people, NULL);
  if (newsroom == NULL) {
    satchel_people_page_add_group (page, NULL, _ ("This vault belongs to no newsroom."));
    return;
  }
  g_autofree char *name = satchel_people_dup_name (newsroom->card->name);
  g_autofree char *validity = dup_validity (newsroom);
  satchel_people_page_set_title (page, name, _ ("Newsroom"));
  AdwPreferencesGroup *group = satchel_people_page_add_group (page, NULL, NULL);
  satchel_people_page_add_row (group, newsroom->is_stale ? "dialog-warning-symbolic" : NULL,
                               _ ("Newsroom card"), validity);
  add_members (page, people);
  if (newsroom->is_lead)
    satchel_people_page_add_button (page, _ ("Renew Card…"), NULL, G_CALLBACK (renew_cb));
}

GtkWidget *
satchel_newsroom_page_new (SatchelSession *session)
{
  return satchel_people_page_new (session, NULL, fill);
}
