/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-people-page.h"

#include <glib/gi18n.h>

#include "people/satchel-people-words.h"
#include "shared/satchel-widget.h"
#include "shell/satchel-pane.h"
#include "window/satchel-window.h"

struct _SatchelPeoplePage {
  AdwBin parent_instance;

  /* Template children */
  SatchelPane *pane;
  GtkStack *states;
  AdwStatusPage *failed;
  AdwPreferencesPage *page;

  /* Owned */
  SatchelSession *session;
  SatchelPeople *people; /* NULL before it is loaded */
  char *contact_id;      /* nullable */
  GPtrArray *groups;     /* of AdwPreferencesGroup, borrowed */

  SatchelPeopleFill fill;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelPeoplePage, satchel_people_page, ADW_TYPE_BIN)
// clang-format on

/* --- What a maker fills it with --- */

SatchelSession *
satchel_people_page_get_session (SatchelPeoplePage *self)
{
  return self->session;
}

const SatchelContact *
satchel_people_page_get_contact (SatchelPeoplePage *self)
{
  return self->people != NULL ? satchel_people_find (self->people, self->contact_id) : NULL;
}

void
satchel_people_page_set_title (SatchelPeoplePage *self, const char *title, const char *subtitle)
{
  satchel_pane_set_title (self->pane, title);
  satchel_pane_set_subtitle (self->pane, subtitle);
}

AdwPreferencesGroup *
satchel_people_page_add_group (SatchelPeoplePage *self, const char *title, const char *description)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  if (title != NULL)
    adw_preferences_group_set_title (group, title);
  else
    satchel_widget_call_lists (GTK_WIDGET (group), satchel_pane_get_title (self->pane));
  adw_preferences_group_set_description (group, description);
  adw_preferences_page_add (self->page, group);
  g_ptr_array_add (self->groups, group);
  return group;
}

static GtkWidget *
make_row (const char *icon, const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle != NULL ? subtitle : "");
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  if (icon != NULL)
    adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name (icon));
  return row;
}

GtkWidget *
satchel_people_page_add_row (AdwPreferencesGroup *group,
                             const char *icon,
                             const char *title,
                             const char *subtitle)
{
  GtkWidget *row = make_row (icon, title, subtitle);

  adw_preferences_group_add (group, row);
  return row;
}

static void
add_alarm (AdwPreferencesGroup *group,
           const SatchelContactAlarm *alarm,
           const SatchelContact *contact)
{
  g_autofree char *title = satchel_people_dup_alarm (alarm, contact);
  g_autofree char *name = satchel_people_dup_name (alarm->card->name);
  g_autofree char *words = satchel_public_keys_dup_safety_words (&alarm->card->keys);
  /* Translators: the name on a card, and six words. */
  g_autofree char *subtitle =
      g_strdup_printf (_ ("It was on a card of “%s”, whose safety words are: %s"), name, words);
  GtkWidget *row =
      satchel_people_page_add_row (group, "dialog-warning-symbolic", title, subtitle);

  gtk_widget_add_css_class (row, "satchel-alarm");
}

void
satchel_people_page_add_alarms (SatchelPeoplePage *self,
                                const SatchelPeople *people,
                                const char *contact_id)
{
  AdwPreferencesGroup *group = NULL;

  for (guint i = 0; i < people->alarms->len; i++) {
    const SatchelContactAlarm *alarm = people->alarms->pdata[i];
    if (g_strcmp0 (alarm->contact_id, contact_id) != 0)
      continue;
    if (group == NULL)
      group = satchel_people_page_add_group (
          self, _ ("Warning"),
          _ ("Either there is a new device, or somebody pretends to be this person. The first key "
             "stays, and the other one is trusted for nothing. Call a number that you knew before, "
             "and ask. Where there really is a new key, the newsroom's lead revokes the old one "
             "and invites anew."));
    add_alarm (group, alarm, satchel_people_find (people, contact_id));
  }
}

static void
add_key (GtkWidget *expander, const char *title, const char *key)
{
  GtkWidget *row = make_row (NULL, title, key);

  adw_expander_row_add_row (ADW_EXPANDER_ROW (expander), row);
}

void
satchel_people_page_add_keys (SatchelPeoplePage *self, const SatchelCard *card)
{
  g_autofree char *age = satchel_age_recipient_format (&card->keys.age);
  g_autofree char *minisign = satchel_minisign_key_format (&card->keys.minisign);
  g_autofree char *access = satchel_access_key_format (card->keys.access);
  GtkWidget *expander = adw_expander_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (expander), _ ("Keys"));
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (expander),
                                 _ ("For experts, and for use with other tools"));
  satchel_widget_call_expander (ADW_EXPANDER_ROW (expander));
  add_key (expander, _ ("Sealed for this key (age)"), age);
  add_key (expander, _ ("Signed by this key (minisign)"), minisign);
  add_key (expander, _ ("Asks the newsroom's server with this key"), access);
  adw_preferences_group_add (satchel_people_page_add_group (self, NULL, NULL), expander);
}

void
satchel_people_page_add_button (SatchelPeoplePage *self,
                                const char *label,
                                const char *style,
                                GCallback clicked)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "pill");
  if (style != NULL)
    gtk_widget_add_css_class (button, style);
  g_signal_connect_object (button, "clicked", clicked, self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (satchel_people_page_add_group (self, NULL, NULL), button);
}

/* --- Jobs --- */

/* A job's callback: the page, and what is said at its end. */
typedef struct {
  SatchelPeoplePage *page;
  char *done;
} Asked;

static void
asked_free (Asked *self)
{
  g_object_unref (self->page);
  g_free (self->done);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asked, asked_free)

static void
run_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asked) asked = user_data;
  g_autoptr (GError) error = NULL;

  if (satchel_session_run_finish (SATCHEL_SESSION (source), result, &error) != NULL)
    satchel_window_say (GTK_WIDGET (asked->page), asked->done);
  else
    satchel_window_say_error (GTK_WIDGET (asked->page), error);
}

void
satchel_people_page_run (SatchelPeoplePage *self, const SatchelSessionJob *job, const char *done)
{
  Asked *asked = g_new0 (Asked, 1);

  g_return_if_fail (job->result_free == NULL);
  asked->page = g_object_ref (self);
  asked->done = g_strdup (done);
  satchel_session_run_async (self->session, job, NULL, run_cb, asked);
}

/* --- Loading --- */

static void
empty (SatchelPeoplePage *self)
{
  for (guint i = 0; i < self->groups->len; i++)
    adw_preferences_page_remove (self->page, self->groups->pdata[i]);
  g_ptr_array_set_size (self->groups, 0);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelPeoplePage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelPeople) people =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->session == NULL)
    return;
  if (people == NULL) {
    satchel_widget_explain (self->failed, error);
    gtk_stack_set_visible_child_name (self->states, "failed");
    return;
  }
  empty (self);
  g_clear_pointer (&self->people, satchel_people_free);
  self->people = g_steal_pointer (&people);
  self->fill (self, self->people);
  gtk_stack_set_visible_child_name (self->states, "page");
}

static void
load (SatchelPeoplePage *self)
{
  SatchelSessionJob job = satchel_people_load_job ();

  satchel_session_run_async (self->session, &job, NULL, loaded_cb, g_object_ref (self));
}

static void
changed_cb (SatchelPeoplePage *self, guint changes)
{
  if ((changes & (SATCHEL_CHANGED_PEOPLE | SATCHEL_CHANGED_INBOX)) != 0)
    load (self);
}

/* --- The widget --- */

static void
satchel_people_page_dispose (GObject *object)
{
  SatchelPeoplePage *self = SATCHEL_PEOPLE_PAGE (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->people, satchel_people_free);
  G_OBJECT_CLASS (satchel_people_page_parent_class)->dispose (object);
}

static void
satchel_people_page_finalize (GObject *object)
{
  SatchelPeoplePage *self = SATCHEL_PEOPLE_PAGE (object);

  g_free (self->contact_id);
  g_ptr_array_unref (self->groups);
  G_OBJECT_CLASS (satchel_people_page_parent_class)->finalize (object);
}

static void
satchel_people_page_class_init (SatchelPeoplePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_PANE);
  G_OBJECT_CLASS (klass)->dispose = satchel_people_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_people_page_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/people/satchel-people-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelPeoplePage, pane);
  gtk_widget_class_bind_template_child (widget_class, SatchelPeoplePage, states);
  gtk_widget_class_bind_template_child (widget_class, SatchelPeoplePage, failed);
  gtk_widget_class_bind_template_child (widget_class, SatchelPeoplePage, page);
}

static void
satchel_people_page_init (SatchelPeoplePage *self)
{
  self->groups = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
satchel_people_page_new (SatchelSession *session, const char *contact_id, SatchelPeopleFill fill)
{
  SatchelPeoplePage *self = g_object_new (SATCHEL_TYPE_PEOPLE_PAGE, NULL);

  self->session = g_object_ref (session);
  self->contact_id = g_strdup (contact_id);
  self->fill = fill;
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  load (self);
  return GTK_WIDGET (self);
}
