/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup/satchel-setup-code.h"

#include <string.h>

#include "setup/satchel-setup-text.h"

struct _SatchelSetupCode {
  AdwBin parent_instance;

  /* Template children */
  GtkLabel *code;
};

static void step_init (SatchelSetupStepInterface *iface);

// clang-format off
G_DEFINE_FINAL_TYPE_WITH_CODE (SatchelSetupCode, satchel_setup_code, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (SATCHEL_TYPE_SETUP_STEP, step_init))
// clang-format on

static void
satchel_setup_code_enter (SatchelSetupStep *step, SatchelSetupDraft *draft)
{
  char *text = satchel_setup_dup_code_lines (draft->code);

  gtk_label_set_text (SATCHEL_SETUP_CODE (step)->code, text);
  explicit_bzero (text, strlen (text));
  g_free (text);
}

static gboolean
satchel_setup_code_take (SatchelSetupStep *step, SatchelSetupDraft *draft)
{
  return TRUE;
}

static void
satchel_setup_code_clear (SatchelSetupStep *step)
{
  gtk_label_set_text (SATCHEL_SETUP_CODE (step)->code, "");
}

static void
step_init (SatchelSetupStepInterface *iface)
{
  iface->enter = satchel_setup_code_enter;
  iface->take = satchel_setup_code_take;
  iface->clear = satchel_setup_code_clear;
}

static void
satchel_setup_code_unmap (GtkWidget *widget)
{
  satchel_setup_code_clear (SATCHEL_SETUP_STEP (widget));
  GTK_WIDGET_CLASS (satchel_setup_code_parent_class)->unmap (widget);
}

static void
satchel_setup_code_class_init (SatchelSetupCodeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->unmap = satchel_setup_code_unmap;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/setup/satchel-setup-code.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupCode, code);
}

static void
satchel_setup_code_init (SatchelSetupCode *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
