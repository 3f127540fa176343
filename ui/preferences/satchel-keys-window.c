/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preferences/satchel-keys-window.h"

#include <glib/gi18n.h>

#include "preferences/satchel-phrase-step.h"
#include "preferences/satchel-preferences-job.h"
#include "setup/satchel-setup-code.h"
#include "setup/satchel-setup-passphrase.h"
#include "setup/satchel-setup-proof.h"
#include "shared/satchel-error-text.h"

#define RECOVERY_CODE_SIZE 16

struct _SatchelKeysWindow {
  AdwWindow parent_instance;

  /* Template children */
  GtkButton *back;
  GtkButton *next;
  GtkStack *steps;
  AdwStatusPage *end;

  /* Owned */
  SatchelSession *session;
  SatchelSetupDraft *draft; /* NULL at the end */
  SatchelSecret *now;       /* the passphrase, once it was found to be right */

  SatchelKeysChange change;
  guint at;            /* of the change's steps */
  gboolean is_working; /* in the vault */
};

/* What is asked, up to NULL. */
static const char *const ASKED[][4] = {
    [SATCHEL_KEYS_PASSPHRASE] = {"now", "passphrase"},
    [SATCHEL_KEYS_CODE] = {"now", "code", "proof"},
    [SATCHEL_KEYS_PANIC] = {"now", "panic"},
    [SATCHEL_KEYS_NO_PANIC] = {"now"},
};

static const char *const TITLES[] = {
    [SATCHEL_KEYS_PASSPHRASE] = N_ ("Change Passphrase"),
    [SATCHEL_KEYS_CODE] = N_ ("New Recovery Code"),
    [SATCHEL_KEYS_PANIC] = N_ ("Set Panic Phrase"),
    [SATCHEL_KEYS_NO_PANIC] = N_ ("Remove Panic Phrase"),
};

static const struct {
  const char *title;
  const char *words;
} DONE[] = {
    [SATCHEL_KEYS_PASSPHRASE] = {N_ ("The passphrase is changed"),
                                 N_ ("From now on the new one opens the vault. The recovery code "
                                     "stays as it is. A copy of the vault that was made before "
                                     "still opens with the old one.")},
    [SATCHEL_KEYS_CODE] = {N_ ("The recovery code is changed"),
                           N_ ("From now on the new one opens the vault. The old paper is worth "
                               "nothing: destroy it. A copy of the vault that was made before "
                               "still opens with the old one.")},
    [SATCHEL_KEYS_PANIC] = {N_ ("The panic phrase is set"),
                            N_ ("Typed in place of the passphrase, it destroys the vault's keys. "
                                "There is no way to try it out.")},
    [SATCHEL_KEYS_NO_PANIC] = {N_ ("The panic phrase is removed"),
                               N_ ("It is now only a wrong passphrase.")},
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelKeysWindow, satchel_keys_window, ADW_TYPE_WINDOW)
// clang-format on

/* --- What is shown --- */

static SatchelSetupStep *
get_step (SatchelKeysWindow *self)
{
  return SATCHEL_SETUP_STEP (
      gtk_stack_get_child_by_name (self->steps, ASKED[self->change][self->at]));
}

/* NULL: no such button. */
static void
show_buttons (SatchelKeysWindow *self, const char *back, const char *next)
{
  gtk_widget_set_visible (GTK_WIDGET (self->back), back != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->next), next != NULL);
  if (back != NULL)
    gtk_button_set_label (self->back, back);
  if (next != NULL)
    gtk_button_set_label (self->next, next);
}

static void
show_step (SatchelKeysWindow *self)
{
  gtk_stack_set_visible_child_name (self->steps, ASKED[self->change][self->at]);
  show_buttons (self, self->at == 0 ? _ ("_Cancel") : _ ("_Back"),
                self->change == SATCHEL_KEYS_NO_PANIC ? _ ("_Remove") : _ ("_Next"));
  /* Where nothing is to be typed, Enter goes on. */
  gtk_widget_grab_focus (GTK_WIDGET (self->next));
  satchel_setup_step_enter (get_step (self), self->draft);
}

static void
show_working (SatchelKeysWindow *self)
{
  self->is_working = TRUE;
  gtk_stack_set_visible_child_name (self->steps, "working");
  show_buttons (self, NULL, NULL);
}

static void
show_end (SatchelKeysWindow *self, const char *icon, const char *title, const char *words)
{
  g_autofree char *markup = g_markup_escape_text (words, -1);

  g_clear_pointer (&self->draft, satchel_setup_draft_free);
  g_clear_pointer (&self->now, satchel_secret_unref);
  adw_status_page_set_icon_name (self->end, icon);
  adw_status_page_set_title (self->end, title);
  adw_status_page_set_description (self->end, markup);
  gtk_stack_set_visible_child_name (self->steps, "end");
  show_buttons (self, NULL, _ ("_Close"));
  gtk_widget_grab_focus (GTK_WIDGET (self->next));
}

static void
show_error (SatchelKeysWindow *self, const GError *error)
{
  g_autofree char *text = satchel_error_text_dup_whole (error);

  show_end (self, "dialog-warning-symbolic", _ ("That did not work"), text);
}

/* --- What is done --- */

static void
changed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelKeysWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  guint change =
      GPOINTER_TO_UINT (satchel_session_run_finish (SATCHEL_SESSION (source), result, &error));

  self->is_working = FALSE;
  if (self->session == NULL)
    return;
  if (error != NULL) {
    show_error (self, error);
    return;
  }
  g_autofree char *words = g_strdup (_ (DONE[self->change].words));
  if (self->change == SATCHEL_KEYS_PASSPHRASE &&
      change == SATCHEL_CHANGED_PASSPHRASE_AND_LOST_PANIC) {
    g_autofree char *before = g_steal_pointer (&words);
    words = g_strjoin (
        " ", before, _ ("The panic phrase no longer works with it: set it again."), NULL);
  }
  show_end (self, "emblem-ok-symbolic", _ (DONE[self->change].title), words);
}

static SatchelSessionJob
make_job (SatchelKeysWindow *self)
{
  switch (self->change) {
    case SATCHEL_KEYS_PASSPHRASE:
      return satchel_preferences_passphrase_job (self->draft->passphrase);
    case SATCHEL_KEYS_CODE:
      return satchel_preferences_code_job (self->draft->code);
    case SATCHEL_KEYS_PANIC:
      return satchel_preferences_panic_job (self->draft->passphrase);
    case SATCHEL_KEYS_NO_PANIC:
      break;
  }
  return satchel_preferences_panic_job (NULL);
}

static void
change (SatchelKeysWindow *self)
{
  SatchelSessionJob job = make_job (self);

  show_working (self);
  satchel_session_run_async (self->session, &job, NULL, changed_cb, g_object_ref (self));
}

/* It stays the same however often somebody goes back. */
static gboolean
draw_code (SatchelKeysWindow *self)
{
  g_autoptr (GError) error = NULL;

  if (self->change == SATCHEL_KEYS_CODE && self->draft->code == NULL)
    self->draft->code = satchel_secret_new_random (RECOVERY_CODE_SIZE, &error);
  if (error != NULL)
    show_error (self, error);
  return error == NULL;
}

/* On to the next question, or to the end of them. */
static void
go_on (SatchelKeysWindow *self)
{
  self->at++;
  if (ASKED[self->change][self->at] != NULL)
    show_step (self);
  else
    change (self);
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelKeysWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  self->is_working = FALSE;
  satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);
  if (self->session == NULL)
    return;
  if (error == NULL) {
    self->now = g_steal_pointer (&self->draft->passphrase);
    if (draw_code (self))
      go_on (self);
    return;
  }
  g_autofree char *text = satchel_error_text_dup_whole (error);
  g_clear_pointer (&self->draft->passphrase, satchel_secret_unref);
  show_step (self);
  satchel_phrase_step_refuse (SATCHEL_PHRASE_STEP (get_step (self)), text);
}

static void
check (SatchelKeysWindow *self)
{
  SatchelSessionJob job = satchel_preferences_check_job (self->draft->passphrase);

  show_working (self);
  satchel_session_run_async (self->session, &job, NULL, checked_cb, g_object_ref (self));
}

/* --- Back and next --- */

/* It would destroy the vault at the next unlocking. */
static gboolean
is_panic_wrong (SatchelKeysWindow *self)
{
  return self->change == SATCHEL_KEYS_PANIC && self->at > 0 &&
         satchel_secret_equal (self->draft->passphrase, self->now);
}

static void
next_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelKeysWindow *self = SATCHEL_KEYS_WINDOW (widget);

  if (self->draft == NULL) {
    gtk_window_close (GTK_WINDOW (self));
    return;
  }
  if (self->is_working || !satchel_setup_step_take (get_step (self), self->draft))
    return;
  if (is_panic_wrong (self)) {
    satchel_phrase_step_refuse (SATCHEL_PHRASE_STEP (get_step (self)),
                                _ ("This is the passphrase. Take another phrase."));
    return;
  }
  satchel_setup_step_clear (get_step (self));
  if (self->at == 0)
    check (self);
  else
    go_on (self);
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelKeysWindow *self = SATCHEL_KEYS_WINDOW (widget);

  if (self->is_working || self->draft == NULL)
    return;
  if (self->at == 0) {
    gtk_window_close (GTK_WINDOW (self));
    return;
  }
  satchel_setup_step_clear (get_step (self));
  self->at--;
  if (self->at == 0)
    g_clear_pointer (&self->now, satchel_secret_unref);
  show_step (self);
}

/* --- The object --- */

/* What is under way is told at its end. */
static gboolean
satchel_keys_window_close_request (GtkWindow *window)
{
  return SATCHEL_KEYS_WINDOW (window)->is_working ||
         GTK_WINDOW_CLASS (satchel_keys_window_parent_class)->close_request (window);
}

/* By itself, and not with its parent: GTK 4.8 would remember a parent that is gone, where the key
 * that locks was pressed in here. */
static void
state_cb (SatchelKeysWindow *self)
{
  if (satchel_session_get_state (self->session) != SATCHEL_SESSION_OPEN)
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
satchel_keys_window_dispose (GObject *object)
{
  SatchelKeysWindow *self = SATCHEL_KEYS_WINDOW (object);

  if (self->session != NULL && self->draft != NULL)
    satchel_setup_step_clear (get_step (self));
  g_clear_object (&self->session);
  g_clear_pointer (&self->now, satchel_secret_unref);
  G_OBJECT_CLASS (satchel_keys_window_parent_class)->dispose (object);
}

/* The steps borrow it until they are gone. */
static void
satchel_keys_window_finalize (GObject *object)
{
  satchel_setup_draft_free (SATCHEL_KEYS_WINDOW (object)->draft);
  G_OBJECT_CLASS (satchel_keys_window_parent_class)->finalize (object);
}

static void
satchel_keys_window_class_init (SatchelKeysWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_SETUP_PASSPHRASE);
  g_type_ensure (SATCHEL_TYPE_SETUP_CODE);
  g_type_ensure (SATCHEL_TYPE_SETUP_PROOF);
  G_OBJECT_CLASS (klass)->dispose = satchel_keys_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_keys_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = satchel_keys_window_close_request;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/preferences/satchel-keys-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelKeysWindow, back);
  gtk_widget_class_bind_template_child (widget_class, SatchelKeysWindow, next);
  gtk_widget_class_bind_template_child (widget_class, SatchelKeysWindow, steps);
  gtk_widget_class_bind_template_child (widget_class, SatchelKeysWindow, end);
  gtk_widget_class_install_action (widget_class, "setup.next", NULL, next_action);
  gtk_widget_class_install_action (widget_class, "setup.back", NULL, back_action);
}

static void
add_phrases (SatchelKeysWindow *self)
{
  SatchelPhraseStep *now = satchel_phrase_step_new (
      _ ("Passphrase"),
      _ ("Type the one that opens the vault now, to show that it is you."),
      _ ("Passphrase now"), NULL);
  SatchelPhraseStep *panic = satchel_phrase_step_new (
      _ ("Panic phrase"),
      _ ("Typed in place of the passphrase, it destroys the vault's keys for ever, and Satchel "
         "says "
         "that the passphrase is wrong. Take one that you will remember under pressure and never "
         "type by mistake: not close to the passphrase."),
      _ ("Panic phrase"), _ ("The same once more"));

  gtk_stack_add_named (self->steps, GTK_WIDGET (now), "now");
  gtk_stack_add_named (self->steps, GTK_WIDGET (panic), "panic");
}

static void
satchel_keys_window_init (SatchelKeysWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_phrases (self);
}

void
satchel_keys_window_present (GtkWindow *parent,
                             SatchelSession *session,
                             SatchelKeysChange change_asked)
{
  SatchelKeysWindow *self =
      g_object_new (SATCHEL_TYPE_KEYS_WINDOW, "transient-for", parent, "title",
                    _ (TITLES[change_asked]), NULL);

  self->session = g_object_ref (session);
  self->change = change_asked;
  self->draft = g_new0 (SatchelSetupDraft, 1);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self));
  show_step (self);
}
