/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preferences/satchel-sending-page.h"

#include <glib/gi18n.h>

#include "preferences/satchel-preferences-job.h"
#include "preferences/satchel-preferences-text.h"
#include "preferences/satchel-preferences-window.h"
#include "shared/satchel-choices.h"

#define MB (1000 * 1000)

/* What a switched-on time of day begins with. */
#define FROM_MINUTE  (8 * 60)
#define UNTIL_MINUTE (20 * 60)

static const guint64 BUDGETS[] = {0, 10 * MB, 50 * MB, 100 * MB, 250 * MB, 500 * MB, 1000 * MB};

struct _SatchelSendingPage {
  AdwPreferencesPage parent_instance;

  /* Template children */
  AdwComboRow *sending;
  GtkSwitch *metered;
  AdwComboRow *budget;
  GtkSwitch *hours;
  AdwActionRow *hours_row;
  GtkEditable *from;
  GtkEditable *until;
  AdwComboRow *route;
  AdwActionRow *proxy_row;
  GtkEditable *proxy;
  GtkLabel *words;

  /* Owned */
  SatchelSession *session;
  SatchelRules *rules; /* as they are to be; NULL before they are known */
  GArray *budgets;     /* of guint64, as the row has them */

  gboolean is_showing; /* what changes is not a person's doing */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelSendingPage, satchel_sending_page, ADW_TYPE_PREFERENCES_PAGE)
// clang-format on

/* --- Showing --- */

/* One that stands in the vault and not in the table is offered as well. */
static void
show_budget (SatchelSendingPage *self, guint64 budget)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = G_N_ELEMENTS (BUDGETS);

  g_array_set_size (self->budgets, 0);
  g_array_append_vals (self->budgets, BUDGETS, G_N_ELEMENTS (BUDGETS));
  for (guint i = 0; i < G_N_ELEMENTS (BUDGETS); i++)
    if (BUDGETS[i] == budget)
      selected = i;
  if (selected == G_N_ELEMENTS (BUDGETS))
    g_array_append_val (self->budgets, budget);
  for (guint i = 0; i < self->budgets->len; i++)
    gtk_string_list_take (
        names, satchel_preferences_dup_budget (g_array_index (self->budgets, guint64, i)));
  adw_combo_row_set_model (self->budget, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->budget, selected);
}

static void
show_text (GtkEditable *entry, const char *text)
{
  if (!g_str_equal (gtk_editable_get_text (entry), text))
    gtk_editable_set_text (entry, text);
  gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
}

static void
show_hour (GtkEditable *entry, int minute)
{
  g_autofree char *text = satchel_preferences_dup_hour (minute);

  show_text (entry, text);
}

static void
show_words (SatchelSendingPage *self)
{
  gtk_label_set_text (self->words, satchel_preferences_route_words (self->rules->route,
                                                                    self->rules->proxy != NULL));
}

static void
show (SatchelSendingPage *self)
{
  const SatchelRules *rules = self->rules;

  self->is_showing = TRUE;
  adw_combo_row_set_selected (self->sending, rules->sending);
  gtk_switch_set_active (self->metered, rules->allow_metered);
  show_budget (self, rules->budget_bytes);
  gtk_switch_set_active (self->hours, rules->from_minute != rules->until_minute);
  show_hour (self->from, rules->from_minute);
  show_hour (self->until, rules->until_minute);
  adw_combo_row_set_selected (self->route, rules->route);
  show_text (self->proxy, rules->proxy != NULL ? rules->proxy : "");
  adw_action_row_set_subtitle (self->hours_row, "");
  adw_action_row_set_subtitle (self->proxy_row, "");
  show_words (self);
  self->is_showing = FALSE;
}

/* --- Keeping --- */

static SatchelRules *
copy_rules (const SatchelRules *rules)
{
  SatchelRules *copy = satchel_rules_new ();

  *copy = *rules;
  copy->proxy = g_strdup (rules->proxy);
  copy->networks = g_strdupv (rules->networks);
  return copy;
}

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelSendingPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (satchel_session_run_finish (SATCHEL_SESSION (source), result, &error) == NULL)
    satchel_preferences_window_fail (GTK_WIDGET (self), error);
}

static void
store (SatchelSendingPage *self)
{
  SatchelSessionJob job = satchel_preferences_rules_job (copy_rules (self->rules));

  show_words (self);
  satchel_session_run_async (self->session, &job, NULL, stored_cb, g_object_ref (self));
}

static gboolean
is_mute (SatchelSendingPage *self)
{
  return self->is_showing || self->rules == NULL || self->session == NULL;
}

static void
changed_cb (SatchelSendingPage *self)
{
  guint budget = adw_combo_row_get_selected (self->budget);

  if (is_mute (self))
    return;
  self->rules->sending = (SatchelSending) adw_combo_row_get_selected (self->sending);
  self->rules->route = (SatchelRoute) adw_combo_row_get_selected (self->route);
  self->rules->allow_metered = gtk_switch_get_active (self->metered);
  if (budget < self->budgets->len)
    self->rules->budget_bytes = g_array_index (self->budgets, guint64, budget);
  store (self);
}

static void
hours_cb (SatchelSendingPage *self)
{
  gboolean is_on = gtk_switch_get_active (self->hours);

  if (is_mute (self))
    return;
  self->rules->from_minute = is_on ? FROM_MINUTE : 0;
  self->rules->until_minute = is_on ? UNTIL_MINUTE : 0;
  show (self);
  store (self);
}

static gboolean
read_hour (GtkEditable *entry, int *minute)
{
  if (satchel_preferences_parse_hour (gtk_editable_get_text (entry), minute))
    return TRUE;
  gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
  return FALSE;
}

/* Two that are the same would be the whole day: that is what the switch is for. */
static void
time_cb (SatchelSendingPage *self)
{
  int from = 0, until = 0;

  if (is_mute (self) || !gtk_switch_get_active (self->hours))
    return;
  if (!read_hour (self->from, &from) || !read_hour (self->until, &until)) {
    adw_action_row_set_subtitle (self->hours_row, _ ("Not kept: write a time as 08:30"));
    return;
  }
  if (from == until) {
    adw_action_row_set_subtitle (self->hours_row, _ ("Not kept: the two are the same"));
    return;
  }
  gboolean has_changed = from != self->rules->from_minute || until != self->rules->until_minute;
  self->rules->from_minute = from;
  self->rules->until_minute = until;
  show (self);
  if (has_changed)
    store (self);
}

static void
proxy_cb (SatchelSendingPage *self)
{
  g_autofree char *typed = g_strstrip (g_strdup (gtk_editable_get_text (self->proxy)));

  if (is_mute (self))
    return;
  if (*typed != '\0' && !satchel_preferences_is_proxy (typed)) {
    gtk_widget_add_css_class (GTK_WIDGET (self->proxy), "error");
    adw_action_row_set_subtitle (self->proxy_row,
                                 _ ("Not kept: write a host and a port, as 127.0.0.1:9050"));
    return;
  }
  gboolean has_changed = g_strcmp0 (*typed != '\0' ? typed : NULL, self->rules->proxy) != 0;
  g_free (self->rules->proxy);
  self->rules->proxy = *typed != '\0' ? g_strdup (typed) : NULL;
  show (self);
  if (has_changed)
    store (self);
}

static void
typed_cb (GtkWidget *entry, gpointer user_data)
{
  gtk_widget_remove_css_class (entry, "error");
}

/* --- The object --- */

static void
satchel_sending_page_dispose (GObject *object)
{
  g_clear_object (&SATCHEL_SENDING_PAGE (object)->session);
  G_OBJECT_CLASS (satchel_sending_page_parent_class)->dispose (object);
}

static void
satchel_sending_page_finalize (GObject *object)
{
  SatchelSendingPage *self = SATCHEL_SENDING_PAGE (object);

  satchel_rules_free (self->rules);
  g_array_unref (self->budgets);
  G_OBJECT_CLASS (satchel_sending_page_parent_class)->finalize (object);
}

static void
satchel_sending_page_class_init (SatchelSendingPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = satchel_sending_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_sending_page_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/preferences/satchel-sending-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelSendingPage, sending);
  gtk_widget_class_bind_template_child (widget_class, SatchelSendingPage, metered);
  gtk_widget_class_bind_template_child (widget_class, SatchelSendingPage, budget);
  gtk_widget_class_bind_template_child (widget_class, SatchelSendingPage, hours);
  gtk_widget_class_bind_template_child (widget_class, SatchelSendingPage, hours_row);
  gtk_widget_class_bind_template_child (widget_class, SatchelSendingPage, from);
  gtk_widget_class_bind_template_child (widget_class, SatchelSendingPage, until);
  gtk_widget_class_bind_template_child (widget_class, SatchelSendingPage, route);
  gtk_widget_class_bind_template_child (widget_class, SatchelSendingPage, proxy_row);
  gtk_widget_class_bind_template_child (widget_class, SatchelSendingPage, proxy);
  gtk_widget_class_bind_template_child (widget_class, SatchelSendingPage, words);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, hours_cb);
  gtk_widget_class_bind_template_callback (widget_class, time_cb);
  gtk_widget_class_bind_template_callback (widget_class, proxy_cb);
  gtk_widget_class_bind_template_callback (widget_class, typed_cb);
}

static void
satchel_sending_page_init (SatchelSendingPage *self)
{
  self->budgets = g_array_new (FALSE, FALSE, sizeof (guint64));
  gtk_widget_init_template (GTK_WIDGET (self));
  satchel_choices_call_row (self->sending);
  satchel_choices_call_row (self->budget);
  satchel_choices_call_row (self->route);
}

SatchelSendingPage *
satchel_sending_page_new (SatchelSession *session)
{
  SatchelSendingPage *self = g_object_new (SATCHEL_TYPE_SENDING_PAGE, NULL);

  self->session = g_object_ref (session);
  return self;
}

void
satchel_sending_page_show (SatchelSendingPage *self, const SatchelRules *rules)
{
  satchel_rules_free (self->rules);
  self->rules = copy_rules (rules);
  show (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self), TRUE);
}
