/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup/satchel-setup-proof.h"

#include <glib/gi18n.h>
#include <string.h>

#include "secret/satchel-words.h"
#include "shared/satchel-error-text.h"

struct _SatchelSetupProof {
  AdwBin parent_instance;

  /* Template children */
  GtkEditable *typed;
  GtkLabel *fault;
};

static void step_init (SatchelSetupStepInterface *iface);

// clang-format off
G_DEFINE_FINAL_TYPE_WITH_CODE (SatchelSetupProof, satchel_setup_proof, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (SATCHEL_TYPE_SETUP_STEP, step_init))
// clang-format on

static void
changed_cb (SatchelSetupProof *self)
{
  satchel_setup_show_fault (self->fault, NULL);
}

static void
activated_cb (SatchelSetupProof *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "setup.next", NULL);
}

static void
satchel_setup_proof_enter (SatchelSetupStep *step, SatchelSetupDraft *draft)
{
  SatchelSetupProof *self = SATCHEL_SETUP_PROOF (step);

  if (draft->is_proved && *gtk_editable_get_text (self->typed) == '\0') {
    char *text = satchel_recovery_code_format (draft->code);
    gtk_editable_set_text (self->typed, text);
    explicit_bzero (text, strlen (text));
    g_free (text);
  }
  gtk_widget_grab_focus (GTK_WIDGET (self->typed));
}

static const char *
find_fault (SatchelSetupProof *self, SatchelSetupDraft *draft)
{
  const char *text = gtk_editable_get_text (self->typed);
  g_autoptr (GError) error = NULL;

  if (*text == '\0')
    return _ ("Type the recovery code from your paper.");
  g_autoptr (SatchelSecret) code = satchel_recovery_code_parse (text, &error);
  if (code != NULL && satchel_secret_equal (code, draft->code))
    return NULL;
  if (code != NULL)
    return _ ("This is another recovery code, not the one that was just shown. Go back and compare "
              "your paper with it.");
  if (g_error_matches (error, SATCHEL_SECRET_ERROR, SATCHEL_SECRET_ERROR_MEMORY))
    return satchel_error_text_get_advice (error);
  return _ ("A letter or digit is missing or different. Compare it with your paper; if they are "
            "the same, go back and compare the paper with the code.");
}

static gboolean
satchel_setup_proof_take (SatchelSetupStep *step, SatchelSetupDraft *draft)
{
  SatchelSetupProof *self = SATCHEL_SETUP_PROOF (step);
  const char *fault = find_fault (self, draft);

  satchel_setup_show_fault (self->fault, fault);
  draft->is_proved = fault == NULL;
  if (fault != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->typed));
  return fault == NULL;
}

static void
satchel_setup_proof_clear (SatchelSetupStep *step)
{
  gtk_editable_set_text (SATCHEL_SETUP_PROOF (step)->typed, "");
}

static void
step_init (SatchelSetupStepInterface *iface)
{
  iface->enter = satchel_setup_proof_enter;
  iface->take = satchel_setup_proof_take;
  iface->clear = satchel_setup_proof_clear;
}

static void
satchel_setup_proof_class_init (SatchelSetupProofClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/setup/satchel-setup-proof.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupProof, typed);
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupProof, fault);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
}

static void
satchel_setup_proof_init (SatchelSetupProof *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  satchel_setup_guard_entry (self->typed);
}
