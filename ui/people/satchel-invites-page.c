/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-invites-page.h"

#include <glib/gi18n.h>

#include "base/satchel-time.h"
#include "people/satchel-invite-window.h"
#include "people/satchel-people-page.h"
#include "people/satchel-people-words.h"
#include "shared/satchel-dialog.h"
#include "shared/satchel-widget.h"

static void
revoke_answered_cb (SatchelPeoplePage *page, const char *response, GObject *dialog)
{
  if (!g_str_equal (response, "do"))
    return;
  SatchelSessionJob job = satchel_people_revoke_job (g_object_get_data (dialog, "name"));
  satchel_people_page_run (page, &job,
                           _ ("Revoked here. The newsroom's server learns of it when you next "
                              "send."));
}

/* The core revokes by name: a contact of the same name goes with the invite. */
static void
revoke_cb (SatchelPeoplePage *page, GObject *button)
{
  const char *invited = g_object_get_data (button, "name");
  g_autofree char *name = satchel_people_dup_name (invited);
  /* Translators: %s is a person. */
  g_autofree char *heading = g_strdup_printf (_ ("Revoke the invite for %s?"), name);
  AdwMessageDialog *dialog = satchel_dialog_ask (
      GTK_WIDGET (page), satchel_people_page_get_session (page), heading,
      _ ("Nobody can introduce themselves with it any more. Somebody of this name whom you have "
         "among your people already is revoked with it."),
      _ ("Revoke"), ADW_RESPONSE_DESTRUCTIVE);

  g_object_set_data_full (G_OBJECT (dialog), "name", g_strdup (invited), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (revoke_answered_cb), page,
                           G_CONNECT_SWAPPED);
}

static void
add_revoke (SatchelPeoplePage *page, GtkWidget *row, const char *name)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Revoke…"));
  g_autofree char *shown = satchel_people_dup_name (name);
  /* Translators: %s is a person. */
  g_autofree char *described = g_strdup_printf (_ ("Revoke the invite for %s"), shown);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  satchel_widget_call (button, described, FALSE);
  g_object_set_data_full (G_OBJECT (button), "name", g_strdup (name), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (revoke_cb), page, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

static void
add_invite (SatchelPeoplePage *page,
            AdwPreferencesGroup *group,
            const SatchelPeople *people,
            const SatchelInviteEntry *entry)
{
  gint64 now_us = satchel_now_us ();
  SatchelInviteState state = satchel_people_invite_state (entry, now_us);
  const SatchelContact *user = satchel_people_find (people, entry->contact_id);
  g_autofree char *name = satchel_people_dup_name (entry->name);
  g_autofree char *words =
      satchel_people_dup_invite (entry, user != NULL ? user->name : NULL, now_us);
  GtkWidget *row =
      satchel_people_page_add_row (group, satchel_people_invite_icon (state), name, words);

  /* One that was used is revoked with its user, on their page. */
  if (state == SATCHEL_INVITE_WAITING || state == SATCHEL_INVITE_EXPIRED)
    add_revoke (page, row, entry->name);
}

static void
invite_cb (SatchelPeoplePage *page)
{
  satchel_invite_window_present (GTK_WIDGET (page), satchel_people_page_get_session (page));
}

static void
fill (SatchelPeoplePage *page, const SatchelPeople *people)
{
  satchel_people_page_set_title (page, _ ("Invites"), NULL);
  AdwPreferencesGroup *group = satchel_people_page_add_group (
      page, NULL,
      people->invites->len > 0
          ? _ ("Whom an invite was made for stands only here. Who used one is revoked at their own "
               "name.")
          : _ ("You have invited nobody yet."));

  for (guint i = 0; i < people->invites->len; i++)
    add_invite (page, group, people, people->invites->pdata[i]);
  if (satchel_people_is_lead (people))
    satchel_people_page_add_button (page, _ ("Invite…"), NULL, G_CALLBACK (invite_cb));
}

GtkWidget *
satchel_invites_page_new (SatchelSession *session)
{
  return satchel_people_page_new (session, NULL, fill);
}
