/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preferences/satchel-lock-page.h"

#include <glib/gi18n.h>

#include "lock/satchel-lock-job.h"
#include "lock/satchel-lock-key.h"
#include "preferences/satchel-keys-window.h"
#include "preferences/satchel-preferences-text.h"
#include "preferences/satchel-preferences-window.h"
#include "shared/satchel-choices.h"

struct _SatchelLockPage {
  AdwPreferencesPage parent_instance;

  /* Template children */
  AdwComboRow *minutes;
  AdwActionRow *anywhere_row;
  GtkSwitch *anywhere;
  AdwActionRow *panic;
  GtkWidget *no_panic;

  /* Owned */
  SatchelSession *session;
  SatchelLockKey *key; /* nullable */

  gboolean is_showing; /* what changes is not a person's doing */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelLockPage, satchel_lock_page, ADW_TYPE_PREFERENCES_PAGE)
// clang-format on

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelLockPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (satchel_session_run_finish (SATCHEL_SESSION (source), result, &error) == NULL)
    satchel_preferences_window_fail (GTK_WIDGET (self), error);
}

static void
minutes_cb (SatchelLockPage *self)
{
  guint selected = adw_combo_row_get_selected (self->minutes);

  if (self->is_showing || self->session == NULL || selected == GTK_INVALID_LIST_POSITION)
    return;
  SatchelSessionJob job =
      satchel_lock_minutes_store_job (satchel_lock_minutes_choices[selected]);
  satchel_session_run_async (self->session, &job, NULL, stored_cb, g_object_ref (self));
}

/* --- The key that locks from anywhere --- */

static void
show_key (SatchelLockPage *self)
{
  SatchelLockKeyState state = satchel_lock_key_get_state (self->key);
  g_autofree char *words =
      satchel_preferences_dup_key (state, satchel_lock_key_get_words (self->key));

  self->is_showing = TRUE;
  gtk_widget_set_visible (GTK_WIDGET (self->anywhere_row), state != SATCHEL_LOCK_KEY_NONE);
  adw_action_row_set_subtitle (self->anywhere_row, words);
  gtk_switch_set_active (self->anywhere, state == SATCHEL_LOCK_KEY_ASKING ||
                                             state == SATCHEL_LOCK_KEY_GIVEN ||
                                             state == SATCHEL_LOCK_KEY_LOST);
  self->is_showing = FALSE;
}

/* The wish is kept; who watches over the lock acts on it. */
static void
anywhere_cb (SatchelLockPage *self)
{
  if (self->is_showing || self->session == NULL)
    return;
  SatchelSessionJob job = satchel_lock_wish_store_job (
      gtk_switch_get_active (self->anywhere) ? SATCHEL_LOCK_WISH_KEY : SATCHEL_LOCK_WISH_NONE);
  satchel_session_run_async (self->session, &job, NULL, stored_cb, g_object_ref (self));
}

static void
watch_key (SatchelLockPage *self)
{
  self->key = satchel_lock_key_get_default ();
  if (self->key == NULL)
    return;
  g_object_ref (self->key);
  g_signal_connect_object (self->key, "changed", G_CALLBACK (show_key), self, G_CONNECT_SWAPPED);
  show_key (self);
}

/* --- Keys of the vault --- */

static void
present (SatchelLockPage *self, SatchelKeysChange change)
{
  satchel_keys_window_present (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->session,
                               change);
}

static void
passphrase_cb (SatchelLockPage *self)
{
  present (self, SATCHEL_KEYS_PASSPHRASE);
}

static void
code_cb (SatchelLockPage *self)
{
  present (self, SATCHEL_KEYS_CODE);
}

static void
panic_cb (SatchelLockPage *self)
{
  present (self, SATCHEL_KEYS_PANIC);
}

static void
no_panic_cb (SatchelLockPage *self)
{
  present (self, SATCHEL_KEYS_NO_PANIC);
}

/* --- The object --- */

static void
fill_minutes (SatchelLockPage *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  for (const guint *minutes = satchel_lock_minutes_choices; *minutes != 0; minutes++)
    gtk_string_list_take (names, satchel_preferences_dup_minutes (*minutes));
  self->is_showing = TRUE;
  adw_combo_row_set_model (self->minutes, G_LIST_MODEL (names));
  self->is_showing = FALSE;
}

static void
satchel_lock_page_dispose (GObject *object)
{
  SatchelLockPage *self = SATCHEL_LOCK_PAGE (object);

  g_clear_object (&self->session);
  g_clear_object (&self->key);
  G_OBJECT_CLASS (satchel_lock_page_parent_class)->dispose (object);
}

static void
satchel_lock_page_class_init (SatchelLockPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = satchel_lock_page_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/preferences/satchel-lock-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelLockPage, minutes);
  gtk_widget_class_bind_template_child (widget_class, SatchelLockPage, anywhere_row);
  gtk_widget_class_bind_template_child (widget_class, SatchelLockPage, anywhere);
  gtk_widget_class_bind_template_child (widget_class, SatchelLockPage, panic);
  gtk_widget_class_bind_template_child (widget_class, SatchelLockPage, no_panic);
  gtk_widget_class_bind_template_callback (widget_class, minutes_cb);
  gtk_widget_class_bind_template_callback (widget_class, anywhere_cb);
  gtk_widget_class_bind_template_callback (widget_class, passphrase_cb);
  gtk_widget_class_bind_template_callback (widget_class, code_cb);
  gtk_widget_class_bind_template_callback (widget_class, panic_cb);
  gtk_widget_class_bind_template_callback (widget_class, no_panic_cb);
}

static void
satchel_lock_page_init (SatchelLockPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  satchel_choices_call_row (self->minutes);
  fill_minutes (self);
  watch_key (self);
}

SatchelLockPage *
satchel_lock_page_new (SatchelSession *session)
{
  SatchelLockPage *self = g_object_new (SATCHEL_TYPE_LOCK_PAGE, NULL);

  self->session = g_object_ref (session);
  return self;
}

void
satchel_lock_page_show_minutes (SatchelLockPage *self, guint minutes)
{
  self->is_showing = TRUE;
  for (guint i = 0; satchel_lock_minutes_choices[i] != 0; i++)
    if (satchel_lock_minutes_choices[i] == minutes)
      adw_combo_row_set_selected (self->minutes, i);
  gtk_widget_set_sensitive (GTK_WIDGET (self), TRUE);
  self->is_showing = FALSE;
  /* After a wish that could not be kept, too. */
  if (self->key != NULL)
    show_key (self);
}

void
satchel_lock_page_show_panic (SatchelLockPage *self, gboolean has_panic)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->panic),
                                 has_panic ? _ ("Change Panic Phrase") : _ ("Set Panic Phrase"));
  adw_action_row_set_subtitle (self->panic, has_panic ? _ ("There is one") : _ ("There is none"));
  gtk_widget_set_visible (self->no_panic, has_panic);
}
