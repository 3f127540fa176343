/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-people-list.h"

#include <glib/gi18n.h>

#include "base/satchel-time.h"
#include "people/satchel-invite-window.h"
#include "people/satchel-invites-page.h"
#include "people/satchel-newsroom-page.h"
#include "people/satchel-own-card-page.h"
#include "people/satchel-people-job.h"
#include "people/satchel-people-taking.h"
#include "people/satchel-people-words.h"
#include "people/satchel-person-page.h"
#include "shared/satchel-choose.h"
#include "shared/satchel-error-text.h"
#include "shared/satchel-widget.h"
#include "shell/satchel-pane.h"
#include "shell/satchel-section.h"
#include "shell/satchel-shell.h"
#include "window/satchel-window.h"

#define TITLE_CHARS 32

struct _SatchelPeopleList {
  AdwBin parent_instance;

  /* Template children */
  SatchelPane *pane;
  GtkWidget *take_button;
  GtkWidget *invite_button;
  GtkStack *states;
  AdwStatusPage *failed;
  GtkListBox *list;

  /* Owned */
  SatchelSession *session;
  SatchelPeople *people; /* NULL before it is loaded */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelPeopleList, satchel_people_list, ADW_TYPE_BIN)
// clang-format on

/* What a row opens; a person's has their id beside it. */
typedef GtkWidget *(*MakePage) (SatchelSession *session);

/* A row of the list, before it is one. */
typedef struct {
  const char *group;
  const char *icon;
  const char *title;
  const char *subtitle;
  const char *style; /* nullable */
  MakePage make_page;
  const char *contact_id; /* nullable */
} Row;

/* --- Rows --- */

/* One that the column does not follow. */
static GtkWidget *
make_label (const char *text, const char *style, gboolean is_wrapped)
{
  GtkWidget *label =
      is_wrapped ? satchel_label_new (text, style) : satchel_label_new_line (text, style);

  gtk_label_set_max_width_chars (GTK_LABEL (label), TITLE_CHARS);
  return label;
}

static void
add_row (SatchelPeopleList *self, const Row *what)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *icon = gtk_image_new_from_icon_name (what->icon);

  gtk_box_append (GTK_BOX (texts), make_label (what->title, NULL, what->style != NULL));
  gtk_box_append (GTK_BOX (texts), make_label (what->subtitle, "caption dim-label", TRUE));
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  if (what->style != NULL)
    gtk_widget_add_css_class (row, what->style);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, what->title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, what->subtitle, -1);
  g_object_set_data (G_OBJECT (row), "group", (gpointer) what->group);
  g_object_set_data (G_OBJECT (row), "make-page", (gpointer) what->make_page);
  g_object_set_data_full (G_OBJECT (row), "contact", g_strdup (what->contact_id), g_free);
  gtk_list_box_append (self->list, row);
}

static void
header_cb (GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data)
{
  const char *group = g_object_get_data (G_OBJECT (row), "group");
  const char *above = before != NULL ? g_object_get_data (G_OBJECT (before), "group") : NULL;

  if (group == NULL || g_strcmp0 (group, above) == 0) {
    gtk_list_box_row_set_header (row, NULL);
    return;
  }
  gtk_list_box_row_set_header (row,
                               satchel_label_new (group, "heading satchel-list-heading"));
}

/* Of somebody who was revoked an alarm is history: it stands on their page. */
static void
add_alarms (SatchelPeopleList *self)
{
  for (guint i = 0; i < self->people->alarms->len; i++) {
    const SatchelContactAlarm *alarm = self->people->alarms->pdata[i];
    const SatchelContact *contact = satchel_people_find (self->people, alarm->contact_id);
    if (contact != NULL && contact->state == SATCHEL_CONTACT_RETIRED)
      continue;
    g_autofree char *title = satchel_people_dup_alarm (alarm, contact);
    add_row (self, &(Row){
                       .group = _ ("Warnings"),
                       .icon = "dialog-warning-symbolic",
                       .title = title,
                       .subtitle = contact != NULL
                                       ? _ ("The first key stays. Open this to see what to do.")
                                       : _ ("Nothing was changed. Ask your newsroom by voice."),
                       .style = "satchel-alarm",
                       .make_page = satchel_newsroom_page_new,
                       .contact_id = contact != NULL ? contact->id : NULL,
                   });
  }
}

static void
add_own (SatchelPeopleList *self)
{
  g_autofree char *name = satchel_people_dup_name (self->people->card->name);

  add_row (self, &(Row){.group = _ ("You"),
                        .icon = "avatar-default-symbolic",
                        .title = name,
                        .subtitle = _ ("Your card and your safety words"),
                        .make_page = satchel_own_card_page_new});
}

static void
add_newsroom (SatchelPeopleList *self)
{
  const SatchelNewsroom *newsroom = self->people->newsroom;

  if (newsroom == NULL)
    return;
  g_autofree char *name = satchel_people_dup_name (newsroom->card->name);
  add_row (self, &(Row){.group = _ ("Newsroom"),
                        .icon = "system-users-symbolic",
                        .title = name,
                        .subtitle = newsroom->is_stale  ? _ ("Its card is out of date")
                                    : newsroom->is_lead ? _ ("You lead it")
                                                        : _ ("You belong to it"),
                        .make_page = satchel_newsroom_page_new});
}

static void
add_invites (SatchelPeopleList *self)
{
  gint64 now_us = satchel_now_us ();
  guint waiting = 0;

  if (!satchel_people_is_lead (self->people))
    return;
  for (guint i = 0; i < self->people->invites->len; i++)
    if (satchel_people_invite_state (self->people->invites->pdata[i], now_us) ==
        SATCHEL_INVITE_WAITING)
      waiting++;
  g_autofree char *subtitle =
      waiting > 0 ? g_strdup_printf (ngettext ("%u not used yet", "%u not used yet", waiting),
                                     waiting)
                  : g_strdup (_ ("None is waiting to be used"));
  add_row (self, &(Row){.group = _ ("Newsroom"),
                        .icon = "mail-unread-symbolic",
                        .title = _ ("Invites"),
                        .subtitle = subtitle,
                        .make_page = satchel_invites_page_new});
}

static void
add_contacts (SatchelPeopleList *self, gboolean is_retired)
{
  for (guint i = 0; i < self->people->contacts->len; i++) {
    const SatchelContact *contact = self->people->contacts->pdata[i];
    if ((contact->state == SATCHEL_CONTACT_RETIRED) != is_retired)
      continue;
    g_autofree char *name = satchel_people_dup_name (contact->name);
    g_autofree char *subtitle = satchel_people_dup_summary (contact);
    add_row (self, &(Row){.group = is_retired ? C_ ("people", "Revoked") : _ ("People"),
                          .icon = satchel_people_state_icon (contact),
                          .title = name,
                          .subtitle = subtitle,
                          .contact_id = contact->id});
  }
}

static void
row_activated_cb (SatchelPeopleList *self, GtkListBoxRow *row)
{
  MakePage make_page = (MakePage) g_object_get_data (G_OBJECT (row), "make-page");
  const char *contact_id = g_object_get_data (G_OBJECT (row), "contact");

  satchel_shell_present (GTK_WIDGET (self),
                         contact_id != NULL ? satchel_person_page_new (self->session, contact_id)
                                            : make_page (self->session));
}

/* --- Loading --- */

/* Who had the keyboard keeps it, although the rows are new ones. */
static int
take_rows_away (SatchelPeopleList *self)
{
  GtkWidget *row;
  int focused = -1;

  for (int i = 0; (row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL; i++) {
    if (gtk_widget_has_focus (row))
      focused = i;
    gtk_list_box_remove (self->list, row);
  }
  return focused;
}

static void
show (SatchelPeopleList *self)
{
  int focused = take_rows_away (self);

  add_alarms (self);
  add_own (self);
  add_newsroom (self);
  add_invites (self);
  add_contacts (self, FALSE);
  add_contacts (self, TRUE);
  if (focused >= 0 && gtk_list_box_get_row_at_index (self->list, focused) != NULL)
    gtk_widget_grab_focus (
        GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, focused)));
  gtk_widget_set_visible (self->invite_button, satchel_people_is_lead (self->people));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "people.invite",
                                 satchel_people_is_lead (self->people));
  gtk_stack_set_visible_child_name (self->states, "people");
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelPeopleList) self = user_data;
  g_autoptr (GError) error = NULL;
  SatchelPeople *people = satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->session == NULL || people == NULL) {
    satchel_people_free (people);
    if (error != NULL && !satchel_error_text_is_silent (error)) {
      satchel_widget_explain (self->failed, error);
      gtk_stack_set_visible_child_name (self->states, "failed");
    }
    return;
  }
  g_clear_pointer (&self->people, satchel_people_free);
  self->people = people;
  show (self);
}

static void
load (SatchelPeopleList *self)
{
  SatchelSessionJob job = satchel_people_load_job ();

  satchel_session_run_async (self->session, &job, NULL, loaded_cb, g_object_ref (self));
}

/* Introductions come with what is fetched. */
static void
changed_cb (SatchelPeopleList *self, guint changes)
{
  if ((changes & (SATCHEL_CHANGED_PEOPLE | SATCHEL_CHANGED_INBOX)) != 0)
    load (self);
}

/* --- Taking in --- */

static void
file_chosen_cb (gpointer object, const char *path)
{
  SatchelPeopleList *self = object;

  if (self->session != NULL)
    satchel_people_take_file (GTK_WIDGET (self), self->session, path,
                              (SatchelUntaken){NULL, NULL});
}

static void
take_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  satchel_choose_file (widget, _ ("Open a Card, a Newsroom Card or an Invite"), _ ("_Open"),
                       file_chosen_cb, G_OBJECT (widget));
}

static void
invite_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  satchel_invite_window_present (widget, SATCHEL_PEOPLE_LIST (widget)->session);
}

/* --- The widget --- */

static void
satchel_people_list_dispose (GObject *object)
{
  SatchelPeopleList *self = SATCHEL_PEOPLE_LIST (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->people, satchel_people_free);
  G_OBJECT_CLASS (satchel_people_list_parent_class)->dispose (object);
}

static void
satchel_people_list_class_init (SatchelPeopleListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_PANE);
  G_OBJECT_CLASS (klass)->dispose = satchel_people_list_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/people/satchel-people-list.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelPeopleList, pane);
  gtk_widget_class_bind_template_child (widget_class, SatchelPeopleList, take_button);
  gtk_widget_class_bind_template_child (widget_class, SatchelPeopleList, invite_button);
  gtk_widget_class_bind_template_child (widget_class, SatchelPeopleList, states);
  gtk_widget_class_bind_template_child (widget_class, SatchelPeopleList, failed);
  gtk_widget_class_bind_template_child (widget_class, SatchelPeopleList, list);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_install_action (widget_class, "people.take", NULL, take_action);
  gtk_widget_class_install_action (widget_class, "people.invite", NULL, invite_action);
}

static void
satchel_people_list_init (SatchelPeopleList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->list, header_cb, NULL, NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "people.invite", FALSE);
}

GtkWidget *
satchel_people_list_new (SatchelSession *session)
{
  SatchelPeopleList *self = g_object_new (SATCHEL_TYPE_PEOPLE_LIST, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  load (self);
  return GTK_WIDGET (self);
}

const SatchelSection satchel_section_people = {
    .id = "people",
    .title = N_ ("People"),
    .icon = "system-users-symbolic",
    .roles = SATCHEL_SECTION_ALL_ROLES,
    .make = satchel_people_list_new,
};
