/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-person-page.h"

#include <glib/gi18n.h>

#include "people/satchel-people-page.h"
#include "people/satchel-people-words.h"
#include "people/satchel-safety-words.h"
#include "shared/satchel-dialog.h"
#include "window/satchel-window.h"

/* --- The words match --- */

static void
verified_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelPeoplePage) page = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelTaken) taken =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (taken == NULL) {
    satchel_window_say_error (GTK_WIDGET (page), error);
    return;
  }
  if (taken->opened > 0) {
    g_autofree char *text = g_strdup_printf (
        ngettext ("Verified. %u bundle that was kept aside is opened now.",
                  "Verified. %u bundles that were kept aside are opened now.", taken->opened),
        taken->opened);
    satchel_window_say (GTK_WIDGET (page), text);
  } else {
    satchel_window_say (GTK_WIDGET (page), _ ("Verified"));
  }
  satchel_window_say_error (GTK_WIDGET (page), taken->retry_error);
}

/* The words that were on the screen are the ones that count. */
static void
match_answered_cb (SatchelPeoplePage *page, const char *response, GObject *dialog)
{
  const SatchelContact *contact = satchel_people_page_get_contact (page);

  if (!g_str_equal (response, "do") || contact == NULL)
    return;
  SatchelSessionJob job =
      satchel_people_verify_job (contact->id, g_object_get_data (dialog, "words"));
  satchel_session_run_async (satchel_people_page_get_session (page), &job, NULL, verified_cb,
                             g_object_ref (page));
}

static void
match_cb (SatchelPeoplePage *page)
{
  const SatchelContact *contact = satchel_people_page_get_contact (page);

  if (contact == NULL)
    return;
  g_autofree char *name = satchel_people_dup_name (contact->name);
  /* Translators: %s is a person. */
  g_autofree char *heading = g_strdup_printf (_ ("Did %s read these words to you?"), name);
  char *words = satchel_public_keys_dup_safety_words (&contact->card->keys);
  g_autofree char *body = g_strdup_printf (
      /* Translators: %s is six words. */
      _ ("“%s”\n\nAll six, in this order, in a voice that you know, over a number that you had "
         "before or face to face. This cannot be taken back."),
      words);
  AdwMessageDialog *dialog = satchel_dialog_ask (
      GTK_WIDGET (page), satchel_people_page_get_session (page), heading, body, _ ("Yes, All Six"),
      ADW_RESPONSE_SUGGESTED);

  g_object_set_data_full (G_OBJECT (dialog), "words", words, g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (match_answered_cb), page,
                           G_CONNECT_SWAPPED);
}

/* --- Revoking --- */

static void
revoke_answered_cb (SatchelPeoplePage *page, const char *response)
{
  const SatchelContact *contact = satchel_people_page_get_contact (page);

  if (!g_str_equal (response, "do") || contact == NULL)
    return;
  SatchelSessionJob job = satchel_people_revoke_job (contact->id);
  satchel_people_page_run (page, &job,
                           _ ("Revoked here. The newsroom's server learns of it when you next "
                              "send."));
}

static void
revoke_cb (SatchelPeoplePage *page)
{
  const SatchelContact *contact = satchel_people_page_get_contact (page);

  if (contact == NULL)
    return;
  g_autofree char *name = satchel_people_dup_name (contact->name);
  /* Translators: %s is a person. */
  g_autofree char *heading = g_strdup_printf (_ ("Revoke %s?"), name);
  AdwMessageDialog *dialog = satchel_dialog_ask (
      GTK_WIDGET (page), satchel_people_page_get_session (page), heading,
      contact->is_member
          ? _ ("They are taken off the newsroom's card and can read nothing that is sealed from "
               "then on. Nothing more from them is taken in, and their invite stops working. What "
               "they sent or received already stays. To come back they must be invited anew.")
          : _ ("Nothing more from them is taken in, and their invite stops working. What they sent "
               "already stays. To come back they must be invited anew."),
      _ ("Revoke"), ADW_RESPONSE_DESTRUCTIVE);

  g_signal_connect_object (dialog, "response", G_CALLBACK (revoke_answered_cb), page,
                           G_CONNECT_SWAPPED);
}

/* --- The words do not match --- */

static void
mismatch_cb (SatchelPeoplePage *page)
{
  satchel_dialog_tell (
      GTK_WIDGET (page), satchel_people_page_get_session (page), _ ("Do not rely on this card"),
      _ ("Read the words once more: was it really this person's list, and the right person? If "
         "they "
         "stay different, somebody may stand between you.\n\n"
         "• Send them nothing, and believe nothing that comes from this key.\n"
         "• Speak with them by another way, best face to face, and let them give you their card "
         "themselves.\n"
         "• Tell the newsroom's lead, who can revoke this key and invite anew.\n\n"
         "Nothing was changed here."));
}

/* --- The page --- */

static void
add_who (SatchelPeoplePage *page, const SatchelContact *contact)
{
  AdwPreferencesGroup *group = satchel_people_page_add_group (page, NULL, NULL);
  g_autofree char *on_card = satchel_people_dup_name (contact->card->name);

  if (!g_str_equal (contact->name, contact->card->name))
    satchel_people_page_add_row (group, NULL, _ ("Name on their card"), on_card);
  satchel_people_page_add_row (group, NULL, _ ("Role"),
                               satchel_people_role_words (contact->card->role));
  if (contact->card->newsroom != NULL) {
    g_autofree char *newsroom = satchel_people_dup_name (contact->card->newsroom);
    satchel_people_page_add_row (group, NULL, _ ("Newsroom, as their card says"), newsroom);
  }
}

static void
add_trust (SatchelPeoplePage *page, const SatchelPeople *people, const SatchelContact *contact)
{
  AdwPreferencesGroup *group =
      satchel_people_page_add_group (page, _ ("How Far This Key Is Trusted"), NULL);
  g_autofree char *how = satchel_people_dup_trust (
      contact, people->newsroom != NULL ? people->newsroom->card->name : NULL,
      satchel_people_find_invite (people, contact->id) != NULL);

  satchel_people_page_add_row (group, satchel_people_state_icon (contact),
                               satchel_people_state_words (contact), how);
}

static GtkWidget *
make_answer (SatchelPeoplePage *page, const char *label, GCallback clicked, const char *style)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  if (style != NULL)
    gtk_widget_add_css_class (button, style);
  g_signal_connect_object (button, "clicked", clicked, page, G_CONNECT_SWAPPED);
  return button;
}

static void
add_words (SatchelPeoplePage *page, const SatchelContact *contact)
{
  AdwPreferencesGroup *group = satchel_people_page_add_group (
      page, _ ("Safety Words"),
      contact->state == SATCHEL_CONTACT_RETIRED
          ? NULL
          : _ ("Call them on a number that you knew before, and let them read theirs to you: they "
               "find them under People, at their own name."));
  GtkWidget *answers = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  adw_preferences_group_add (group, satchel_safety_words_new (&contact->card->keys));
  if (contact->state == SATCHEL_CONTACT_RETIRED) {
    g_object_unref (g_object_ref_sink (answers));
    return;
  }
  gtk_widget_set_margin_top (answers, 12);
  gtk_widget_set_halign (answers, GTK_ALIGN_CENTER);
  if (contact->state != SATCHEL_CONTACT_VERIFIED)
    gtk_box_append (GTK_BOX (answers), make_answer (page, _ ("They Match"), G_CALLBACK (match_cb),
                                                    "suggested-action"));
  gtk_box_append (GTK_BOX (answers), make_answer (page, _ ("They Do Not Match"),
                                                  G_CALLBACK (mismatch_cb), NULL));
  adw_preferences_group_add (group, answers);
}

static void
fill (SatchelPeoplePage *page, const SatchelPeople *people)
{
  const SatchelContact *contact = satchel_people_page_get_contact (page);

  if (contact == NULL) {
    satchel_people_page_add_group (page, NULL, _ ("This person is not in the vault any more."));
    return;
  }
  g_autofree char *name = satchel_people_dup_name (contact->name);
  satchel_people_page_set_title (page, name, satchel_people_state_words (contact));
  satchel_people_page_add_alarms (page, people, contact->id);
  add_trust (page, people, contact);
  add_words (page, contact);
  add_who (page, contact);
  satchel_people_page_add_keys (page, contact->card);
  if (satchel_people_is_lead (people) && contact->state != SATCHEL_CONTACT_RETIRED)
    satchel_people_page_add_button (page, _ ("Revoke…"), "destructive-action",
                                    G_CALLBACK (revoke_cb));
}

GtkWidget *
satchel_person_page_new (SatchelSession *session, const char *contact_id)
{
  return satchel_people_page_new (session, contact_id, fill);
}
