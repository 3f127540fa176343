/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deadlines/satchel-deadline-list.h"

#include <glib/gi18n.h>

#include "calendar/satchel-calendar-saver.h"
#include "deadlines/satchel-deadline-job.h"
#include "deadlines/satchel-due.h"
#include "shared/satchel-error-text.h"
#include "shared/satchel-widget.h"
#include "shell/satchel-pane.h"
#include "shell/satchel-section.h"
#include "window/satchel-window.h"

#define TICK_SECONDS 60

struct _SatchelDeadlineList {
  AdwBin parent_instance;

  /* Template children */
  SatchelPane *pane;
  GtkWidget *banner;
  GtkLabel *banner_label;
  GtkStack *states;
  AdwStatusPage *failed;
  GtkBox *groups;

  /* Owned */
  SatchelSession *session;
  GPtrArray *list; /* of SatchelDue; NULL before it is loaded */
  char *shown;     /* what stands on the screen, so that a minute in which nothing changed moves
                    * nothing */
  guint tick_source;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelDeadlineList, satchel_deadline_list, ADW_TYPE_BIN)
// clang-format on

/* --- Done --- */

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelDeadlineList) self = user_data;
  g_autoptr (GError) error = NULL;

  satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);
  satchel_window_say_error (GTK_WIDGET (self), error);
}

static void
mark_cb (SatchelDeadlineList *self, GtkWidget *button)
{
  const SatchelDue *due = g_object_get_data (G_OBJECT (button), "due");
  SatchelSessionJob job = satchel_deadline_done_job (due->deadline, !due->deadline->is_done);

  satchel_session_run_async (self->session, &job, NULL, done_cb, g_object_ref (self));
}

static GtkWidget *
make_mark (SatchelDeadlineList *self, const SatchelDue *due)
{
  gboolean is_done = due->deadline->is_done;
  const char *name = is_done ? _ ("Not Done") : _ ("Done");
  g_autofree char *label = g_strdup_printf ("%s: %s", name, due->what);
  GtkWidget *button = gtk_button_new_with_label (name);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, is_done ? _ ("Put it back among what is due")
                                               : _ ("Nothing is left to be done here"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_object_set_data (G_OBJECT (button), "due", (gpointer) due);
  g_signal_connect_object (button, "clicked", G_CALLBACK (mark_cb), self, G_CONNECT_SWAPPED);
  return button;
}

/* --- Showing --- */

static GtkWidget *
make_row (SatchelDeadlineList *self, const SatchelDue *due, SatchelDueGroup group, gint64 now_us)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *when = satchel_due_words (&due->deadline->when, now_us);
  g_autofree char *said = due->deadline->is_done ? g_strdup_printf ("%s · %s", _ ("Done"), when)
                                                 : g_steal_pointer (&when);
  g_autofree char *subtitle = g_strdup_printf ("%s\n%s", said, due->report);
  g_autofree char *description =
      g_strdup_printf ("%s: %s, %s", satchel_due_group_title (group), said, due->report);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), due->what);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 2);
  if (due->deadline->is_done || group != SATCHEL_DUE_PASSED)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_mark (self, due));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "record.open");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", due->deadline->record_id);
  /* Its title is its name already. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description, -1);
  if (group == SATCHEL_DUE_OVERDUE)
    gtk_widget_add_css_class (row, "satchel-overdue");
  g_object_set_data (G_OBJECT (row), "due", (gpointer) due);
  return row;
}

/* The latest that passed comes first; of all others the next. */
static void
show_group (SatchelDeadlineList *self, SatchelDueGroup group, gint64 now_us)
{
  AdwPreferencesGroup *rows = NULL;

  for (guint i = 0; i < self->list->len; i++) {
    guint place = group == SATCHEL_DUE_PASSED ? self->list->len - 1 - i : i;
    const SatchelDue *due = self->list->pdata[place];
    if (satchel_due_group (due->deadline, now_us) != group)
      continue;
    if (rows == NULL) {
      rows = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
      adw_preferences_group_set_title (rows, satchel_due_group_title (group));
      gtk_box_append (self->groups, GTK_WIDGET (rows));
    }
    adw_preferences_group_add (rows, make_row (self, due, group, now_us));
  }
}

static guint
count_overdue (SatchelDeadlineList *self, gint64 now_us)
{
  guint count = 0;

  for (guint i = 0; i < self->list->len; i++) {
    const SatchelDue *due = self->list->pdata[i];
    count += satchel_due_group (due->deadline, now_us) == SATCHEL_DUE_OVERDUE;
  }
  return count;
}

static void
show_banner (SatchelDeadlineList *self, gint64 now_us)
{
  guint count = count_overdue (self, now_us);
  g_autofree char *text = g_strdup_printf (
      ngettext ("%u deadline is overdue", "%u deadlines are overdue", count), count);

  gtk_label_set_label (self->banner_label, text);
  gtk_widget_set_visible (self->banner, count > 0);
}

/* All that the screen depends on. */
static char *
describe (SatchelDeadlineList *self, gint64 now_us)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->list->len; i++) {
    const SatchelDue *due = self->list->pdata[i];
    g_autofree char *when = satchel_due_words (&due->deadline->when, now_us);
    g_string_append_printf (text, "%s %s %u %d %s\n%s\n%s\n", due->deadline->record_id,
                            due->deadline->path, satchel_due_group (due->deadline, now_us),
                            due->deadline->is_done, when, due->what, due->report);
  }
  return g_string_free (text, FALSE);
}

/* The row that the focus is in, by record and field. */
static char *
dup_focused (SatchelDeadlineList *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *row =
      focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->groups))
          ? (ADW_IS_ACTION_ROW (focus) ? focus
                                       : gtk_widget_get_ancestor (focus, ADW_TYPE_ACTION_ROW))
          : NULL;
  const SatchelDue *due = row != NULL ? g_object_get_data (G_OBJECT (row), "due") : NULL;

  return due != NULL
             ? g_strconcat (due->deadline->record_id, " ", due->deadline->path, NULL)
             : NULL;
}

static gboolean
focus_row (GtkWidget *widget, const char *wanted)
{
  const SatchelDue *due =
      ADW_IS_ACTION_ROW (widget) ? g_object_get_data (G_OBJECT (widget), "due") : NULL;

  if (due != NULL) {
    g_autofree char *own = g_strconcat (due->deadline->record_id, " ", due->deadline->path, NULL);
    return g_str_equal (own, wanted) && gtk_widget_grab_focus (widget);
  }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (focus_row (child, wanted))
      return TRUE;
  return FALSE;
}

static void
show (SatchelDeadlineList *self)
{
  gint64 now_us = satchel_now_us ();
  g_autofree char *shown = describe (self, now_us);
  g_autofree char *focused = NULL;
  GtkWidget *child;

  gtk_stack_set_visible_child_name (self->states, self->list->len > 0 ? "list" : "empty");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "deadlines.export", self->list->len > 0);
  show_banner (self, now_us);
  if (g_strcmp0 (shown, self->shown) == 0)
    return;
  g_free (self->shown);
  self->shown = g_steal_pointer (&shown);
  focused = dup_focused (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->groups))) != NULL)
    gtk_box_remove (self->groups, child);
  for (SatchelDueGroup group = 0; group < SATCHEL_DUE_GROUPS; group++)
    show_group (self, group, now_us);
  if (focused != NULL)
    focus_row (GTK_WIDGET (self->groups), focused);
}

/* --- Loading --- */

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelDeadlineList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->session == NULL || (list == NULL && satchel_error_text_is_silent (error)))
    return;
  if (list == NULL) {
    satchel_widget_explain (self->failed, error);
    gtk_stack_set_visible_child_name (self->states, "failed");
    return;
  }
  /* Rows point into the list that they were made of. */
  g_autoptr (GPtrArray) before = g_steal_pointer (&self->list);
  self->list = g_steal_pointer (&list);
  if (before != NULL)
    g_clear_pointer (&self->shown, g_free);
  show (self);
}

static void
load (SatchelDeadlineList *self)
{
  SatchelSessionJob job = satchel_deadline_list_job ();

  satchel_session_run_async (self->session, &job, NULL, listed_cb, g_object_ref (self));
}

static void
changed_cb (SatchelDeadlineList *self, SatchelChanges changes)
{
  if ((changes & SATCHEL_CHANGED_RECORDS) != 0)
    load (self);
}

/* By the wall: a clock that was set, or a night's sleep, is noticed a minute later at most. */
static gboolean
tick_cb (gpointer user_data)
{
  SatchelDeadlineList *self = user_data;

  if (self->list != NULL)
    show (self);
  return G_SOURCE_CONTINUE;
}

static void
export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  satchel_calendar_saver_start (widget, SATCHEL_DEADLINE_LIST (widget)->session, NULL,
                                SATCHEL_CALENDAR_DEADLINES, _ ("deadlines.ics"));
}

/* --- The widget --- */

static void
satchel_deadline_list_dispose (GObject *object)
{
  SatchelDeadlineList *self = SATCHEL_DEADLINE_LIST (object);

  g_clear_handle_id (&self->tick_source, g_source_remove);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (satchel_deadline_list_parent_class)->dispose (object);
}

static void
satchel_deadline_list_finalize (GObject *object)
{
  SatchelDeadlineList *self = SATCHEL_DEADLINE_LIST (object);

  g_clear_pointer (&self->list, g_ptr_array_unref);
  g_free (self->shown);
  G_OBJECT_CLASS (satchel_deadline_list_parent_class)->finalize (object);
}

static void
satchel_deadline_list_class_init (SatchelDeadlineListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_PANE);
  G_OBJECT_CLASS (klass)->dispose = satchel_deadline_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_deadline_list_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/deadlines/satchel-deadline-list.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelDeadlineList, pane);
  gtk_widget_class_bind_template_child (widget_class, SatchelDeadlineList, banner);
  gtk_widget_class_bind_template_child (widget_class, SatchelDeadlineList, banner_label);
  gtk_widget_class_bind_template_child (widget_class, SatchelDeadlineList, states);
  gtk_widget_class_bind_template_child (widget_class, SatchelDeadlineList, failed);
  gtk_widget_class_bind_template_child (widget_class, SatchelDeadlineList, groups);
  gtk_widget_class_install_action (widget_class, "deadlines.export", NULL, export_action);
}

static void
satchel_deadline_list_init (SatchelDeadlineList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "deadlines.export", FALSE);
}

GtkWidget *
satchel_deadline_list_new (SatchelSession *session)
{
  SatchelDeadlineList *self = g_object_new (SATCHEL_TYPE_DEADLINE_LIST, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  self->tick_source = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
  load (self);
  return GTK_WIDGET (self);
}

const SatchelSection satchel_section_deadlines = {
    .id = "deadlines",
    .title = N_ ("Deadlines"),
    .icon = "alarm-symbolic",
    .roles = SATCHEL_SECTION_ALL_ROLES,
    .make = satchel_deadline_list_new,
};
