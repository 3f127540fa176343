/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup/satchel-setup-owner.h"

#include <glib/gi18n.h>

#include "setup/satchel-setup-text.h"

struct _SatchelSetupOwner {
  AdwBin parent_instance;

  /* Template children */
  GtkCheckButton *reporter;
  GtkCheckButton *editor;
  GtkCheckButton *legal;
  GtkEditable *name;
  GtkLabel *name_hint;
  GtkLabel *fault;
};

static void step_init (SatchelSetupStepInterface *iface);

// clang-format off
G_DEFINE_FINAL_TYPE_WITH_CODE (SatchelSetupOwner, satchel_setup_owner, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (SATCHEL_TYPE_SETUP_STEP, step_init))
// clang-format on

static SatchelRole
get_role (SatchelSetupOwner *self)
{
  if (gtk_check_button_get_active (self->editor))
    return SATCHEL_ROLE_EDITOR;
  return gtk_check_button_get_active (self->legal) ? SATCHEL_ROLE_LEGAL : SATCHEL_ROLE_REPORTER;
}

static void
role_cb (SatchelSetupOwner *self)
{
  gtk_label_set_text (self->name_hint, satchel_setup_name_hint (get_role (self)));
}

static void
changed_cb (SatchelSetupOwner *self)
{
  satchel_setup_show_fault (self->fault, NULL);
}

static void
activated_cb (SatchelSetupOwner *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "setup.next", NULL);
}

static void
satchel_setup_owner_enter (SatchelSetupStep *step, SatchelSetupDraft *draft)
{
  SatchelSetupOwner *self = SATCHEL_SETUP_OWNER (step);

  role_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->name));
}

static gboolean
satchel_setup_owner_take (SatchelSetupStep *step, SatchelSetupDraft *draft)
{
  SatchelSetupOwner *self = SATCHEL_SETUP_OWNER (step);
  g_autofree char *name = satchel_setup_dup_name (gtk_editable_get_text (self->name));

  if (name == NULL) {
    g_autofree char *typed = g_strstrip (g_strdup (gtk_editable_get_text (self->name)));
    satchel_setup_show_fault (self->fault, *typed == '\0'
                                               ? _ ("Type a name.")
                                               : _ ("This name cannot be used. Take a shorter "
                                                    "one, of letters only."));
    gtk_widget_grab_focus (GTK_WIDGET (self->name));
    return FALSE;
  }
  draft->role = get_role (self);
  g_free (draft->name);
  draft->name = g_steal_pointer (&name);
  return TRUE;
}

/* Nothing here is a secret; it stays for whoever goes back. */
static void
satchel_setup_owner_clear (SatchelSetupStep *step)
{
}

static void
step_init (SatchelSetupStepInterface *iface)
{
  iface->enter = satchel_setup_owner_enter;
  iface->take = satchel_setup_owner_take;
  iface->clear = satchel_setup_owner_clear;
}

static void
satchel_setup_owner_class_init (SatchelSetupOwnerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/setup/satchel-setup-owner.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupOwner, reporter);
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupOwner, editor);
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupOwner, legal);
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupOwner, name);
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupOwner, name_hint);
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupOwner, fault);
  gtk_widget_class_bind_template_callback (widget_class, role_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
}

static void
satchel_setup_owner_init (SatchelSetupOwner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
