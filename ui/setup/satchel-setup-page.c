/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup/satchel-setup-page.h"

#include <glib/gi18n.h>

#include "join/satchel-join-view.h"
#include "setup/satchel-setup-code.h"
#include "setup/satchel-setup-owner.h"
#include "setup/satchel-setup-passphrase.h"
#include "setup/satchel-setup-proof.h"
#include "setup/satchel-setup-text.h"
#include "shared/satchel-error-text.h"

#define RECOVERY_CODE_SIZE 16

/* Those on which something is asked, in order; the names of the stack's pages. */
static const char *const ASKED[] = {"owner", "passphrase", "code", "proof"};

struct _SatchelSetupPage {
  AdwBin parent_instance;

  /* Template children */
  AdwWindowTitle *title;
  GtkButton *back;
  GtkButton *next;
  GtkStack *steps;
  AdwStatusPage *failed;
  GtkWidget *again;
  AdwBin *join;

  /* Owned */
  SatchelSession *session;
  SatchelSetupDraft *draft; /* NULL once the vault is made */

  guint at; /* in ASKED; beyond it while the vault is made and after */
};

enum { FINISHED,
       SIGNALS };
static guint signals[SIGNALS];

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelSetupPage, satchel_setup_page, ADW_TYPE_BIN)
// clang-format on

static SatchelSetupStep *
get_step (SatchelSetupPage *self, guint at)
{
  return SATCHEL_SETUP_STEP (gtk_stack_get_child_by_name (self->steps, ASKED[at]));
}

static void
clear_steps (SatchelSetupPage *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (ASKED); i++)
    satchel_setup_step_clear (get_step (self, i));
}

static void
show_buttons (SatchelSetupPage *self, gboolean can_go_back, const char *next, gboolean is_best)
{
  gtk_widget_set_visible (GTK_WIDGET (self->back), can_go_back);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "setup.back", can_go_back);
  gtk_widget_set_visible (GTK_WIDGET (self->next), next != NULL);
  if (next != NULL)
    gtk_button_set_label (self->next, next);
  if (is_best)
    gtk_widget_add_css_class (GTK_WIDGET (self->next), "suggested-action");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->next), "suggested-action");
}

static void
show_step (SatchelSetupPage *self)
{
  g_autofree char *title =
      /* Translators: of the questions of the first run, the first number of the second. */
      g_strdup_printf (_ ("%u of %u"), self->at + 1, (guint) G_N_ELEMENTS (ASKED));

  adw_window_title_set_title (self->title, title);
  gtk_stack_set_visible_child_name (self->steps, ASKED[self->at]);
  show_buttons (self, self->at > 0, _ ("_Next"), TRUE);
  /* Where nothing is to be typed, Enter goes on. */
  gtk_widget_grab_focus (GTK_WIDGET (self->next));
  satchel_setup_step_enter (get_step (self, self->at), self->draft);
}

/* --- Making --- */

static void
joined_cb (SatchelSetupPage *self)
{
  show_buttons (self, FALSE, _ ("_Start"), TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->next));
}

static void
show_join (SatchelSetupPage *self)
{
  SatchelJoinView *view = satchel_join_view_new (self->session);

  g_signal_connect_object (view, "joined", G_CALLBACK (joined_cb), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (self->join, GTK_WIDGET (view));
  gtk_stack_set_visible_child_name (self->steps, "join");
  adw_window_title_set_title (self->title, _ ("The vault is made"));
  show_buttons (self, FALSE, _ ("_Later"), FALSE);
  satchel_join_view_begin (view);
  gtk_widget_activate_action (GTK_WIDGET (self), "handed.next", NULL);
}

static void
show_failure (SatchelSetupPage *self, const GError *error)
{
  g_autofree char *text =
      satchel_setup_dup_failure (error, satchel_session_get_folder (self->session));
  g_autofree char *markup = g_markup_escape_text (text, -1);

  adw_status_page_set_description (self->failed, markup);
  gtk_stack_set_visible_child_name (self->steps, "failed");
  show_buttons (self, TRUE, NULL, FALSE);
  gtk_widget_grab_focus (self->again);
}

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelSetupPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (self->session == NULL)
    return;
  if (satchel_session_create_finish (SATCHEL_SESSION (source), result, &error)) {
    g_clear_pointer (&self->draft, satchel_setup_draft_free);
    show_join (self);
  } else if (!satchel_error_text_is_silent (error)) {
    show_failure (self, error);
  }
}

static void
make_vault (SatchelSetupPage *self)
{
  const SatchelSessionOwner owner = {.name = self->draft->name,
                                     .role = self->draft->role,
                                     .passphrase = self->draft->passphrase,
                                     .recovery_code = self->draft->code};

  clear_steps (self);
  adw_window_title_set_title (self->title, "");
  gtk_stack_set_visible_child_name (self->steps, "making");
  show_buttons (self, FALSE, NULL, FALSE);
  satchel_session_create_async (self->session, &owner, created_cb, g_object_ref (self));
}

/* --- Back and next --- */

/* The code is drawn when it is first needed, and stays the same however often somebody goes back.
 */
static gboolean
draw_code (SatchelSetupPage *self)
{
  g_autoptr (GError) error = NULL;

  if (self->draft->code == NULL)
    self->draft->code = satchel_secret_new_random (RECOVERY_CODE_SIZE, &error);
  if (error != NULL)
    show_failure (self, error);
  return error == NULL;
}

static void
next_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelSetupPage *self = SATCHEL_SETUP_PAGE (widget);

  if (self->draft == NULL) {
    g_signal_emit (self, signals[FINISHED], 0);
    return;
  }
  if (satchel_session_get_state (self->session) == SATCHEL_SESSION_OPENING)
    return;
  if (self->at < G_N_ELEMENTS (ASKED)) {
    SatchelSetupStep *step = get_step (self, self->at);
    if (!satchel_setup_step_take (step, self->draft) || (self->at > 0 && !draw_code (self)))
      return;
    satchel_setup_step_clear (step);
    self->at++;
  }
  if (self->at < G_N_ELEMENTS (ASKED))
    show_step (self);
  else
    make_vault (self);
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelSetupPage *self = SATCHEL_SETUP_PAGE (widget);

  self->at--;
  show_step (self);
}

/* --- The object --- */

static void
satchel_setup_page_map (GtkWidget *widget)
{
  SatchelSetupPage *self = SATCHEL_SETUP_PAGE (widget);

  GTK_WIDGET_CLASS (satchel_setup_page_parent_class)->map (widget);
  if (self->draft != NULL && self->at < G_N_ELEMENTS (ASKED))
    show_step (self);
}

static void
satchel_setup_page_dispose (GObject *object)
{
  SatchelSetupPage *self = SATCHEL_SETUP_PAGE (object);

  if (self->session != NULL)
    clear_steps (self);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (satchel_setup_page_parent_class)->dispose (object);
}

/* The steps borrow it until they are gone. */
static void
satchel_setup_page_finalize (GObject *object)
{
  satchel_setup_draft_free (SATCHEL_SETUP_PAGE (object)->draft);
  G_OBJECT_CLASS (satchel_setup_page_parent_class)->finalize (object);
}

static void
satchel_setup_page_class_init (SatchelSetupPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_SETUP_OWNER);
  g_type_ensure (SATCHEL_TYPE_SETUP_PASSPHRASE);
  g_type_ensure (SATCHEL_TYPE_SETUP_CODE);
  g_type_ensure (SATCHEL_TYPE_SETUP_PROOF);
  G_OBJECT_CLASS (klass)->dispose = satchel_setup_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_setup_page_finalize;
  widget_class->map = satchel_setup_page_map;
  signals[FINISHED] = g_signal_new ("finished", SATCHEL_TYPE_SETUP_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/setup/satchel-setup-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupPage, title);
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupPage, back);
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupPage, next);
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupPage, steps);
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupPage, failed);
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupPage, again);
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupPage, join);
  gtk_widget_class_install_action (widget_class, "setup.next", NULL, next_action);
  gtk_widget_class_install_action (widget_class, "setup.back", NULL, back_action);
}

static void
satchel_setup_page_init (SatchelSetupPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
satchel_setup_page_new (SatchelSession *session)
{
  SatchelSetupPage *self = g_object_new (SATCHEL_TYPE_SETUP_PAGE, NULL);

  self->session = g_object_ref (session);
  self->draft = g_new0 (SatchelSetupDraft, 1);
  return GTK_WIDGET (self);
}

/* NULL before there is a vault. */
static SatchelJoinView *
get_join_view (SatchelSetupPage *self)
{
  GtkWidget *view = adw_bin_get_child (self->join);

  return view != NULL ? SATCHEL_JOIN_VIEW (view) : NULL;
}

gboolean
satchel_setup_page_has_vault (SatchelSetupPage *self)
{
  return get_join_view (self) != NULL;
}

gboolean
satchel_setup_page_offer (SatchelSetupPage *self, GFile *invite)
{
  SatchelJoinView *view = get_join_view (self);

  return view != NULL && satchel_join_view_offer (view, invite);
}

GFile *
satchel_setup_page_take_unanswered (SatchelSetupPage *self)
{
  SatchelJoinView *view = get_join_view (self);

  return view != NULL ? satchel_join_view_take_unanswered (view) : NULL;
}
