/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-own-card-page.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"
#include "people/satchel-people-page.h"
#include "people/satchel-people-words.h"
#include "people/satchel-safety-words.h"
#include "shared/satchel-choose.h"

static void
path_chosen_cb (gpointer object, const char *path)
{
  SatchelPeoplePage *page = object;
  SatchelSessionJob job = satchel_people_save_card_job (path);

  satchel_people_page_run (page, &job, _ ("Card saved. Give it to whom it is for."));
}

static void
save_cb (SatchelPeoplePage *page)
{
  const char *name = satchel_session_get_name (satchel_people_page_get_session (page));
  g_autofree char *safe = satchel_text_safe_file_name (name);
  g_autofree char *suggested = g_strconcat (safe, ".card", NULL);

  satchel_choose_new_file (GTK_WIDGET (page), _ ("Save Your Card"), _ ("_Save"), suggested,
                           path_chosen_cb, G_OBJECT (page));
}

static void
fill (SatchelPeoplePage *page, const SatchelPeople *people)
{
  g_autofree char *name = satchel_people_dup_name (people->card->name);

  satchel_people_page_set_title (page, name, _ ("Your card"));
  AdwPreferencesGroup *words = satchel_people_page_add_group (
      page, _ ("Your Safety Words"),
      _ ("Read them aloud to whoever wants to verify you. They are no secret."));
  adw_preferences_group_add (words, satchel_safety_words_new (&people->card->keys));
  AdwPreferencesGroup *card = satchel_people_page_add_group (
      page, _ ("On Your Card"),
      _ ("The card is how others seal things for you. It holds what stands here and your public "
         "keys, and nothing that opens your vault. Whoever finds the file learns that you use "
         "Satchel, under this name."));
  satchel_people_page_add_row (card, NULL, _ ("Name"), name);
  satchel_people_page_add_row (card, NULL, _ ("Role"),
                               satchel_people_role_words (people->card->role));
  if (people->card->newsroom != NULL) {
    g_autofree char *newsroom = satchel_people_dup_name (people->card->newsroom);
    satchel_people_page_add_row (card, NULL, _ ("Newsroom"), newsroom);
  }
  satchel_people_page_add_button (page, _ ("Save Card…"), NULL, G_CALLBACK (save_cb));
  satchel_people_page_add_keys (page, people->card);
}

GtkWidget *
satchel_own_card_page_new (SatchelSession *session)
{
  return satchel_people_page_new (session, NULL, fill);
}
