/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox/satchel-outbox-pane.h"

#include <glib/gi18n.h>

#include "outbox/satchel-outbox-copying.h"
#include "outbox/satchel-outbox-job.h"
#include "outbox/satchel-outbox-page.h"
#include "reports/satchel-line-list.h"
#include "shell/satchel-pane.h"
#include "shell/satchel-section.h"
#include "shell/satchel-shell.h"
#include "window/satchel-window.h"

struct _SatchelOutboxPane {
  AdwBin parent_instance;

  /* Template children */
  SatchelLineList *list;

  /* Owned */
  SatchelSession *session;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelOutboxPane, satchel_outbox_pane, ADW_TYPE_BIN)
// clang-format on

static void
open_cb (SatchelOutboxPane *self, const char *id)
{
  satchel_shell_present (GTK_WIDGET (self), satchel_outbox_page_new (self->session, id));
}

/* --- By hand --- */

static void
hand_over_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  satchel_outbox_copy (widget, SATCHEL_OUTBOX_PANE (widget)->session);
}

/* --- The widget --- */

static void
satchel_outbox_pane_dispose (GObject *object)
{
  g_clear_object (&SATCHEL_OUTBOX_PANE (object)->session);
  G_OBJECT_CLASS (satchel_outbox_pane_parent_class)->dispose (object);
}

static void
satchel_outbox_pane_class_init (SatchelOutboxPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_PANE);
  g_type_ensure (SATCHEL_TYPE_LINE_LIST);
  G_OBJECT_CLASS (klass)->dispose = satchel_outbox_pane_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/outbox/satchel-outbox-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelOutboxPane, list);
  gtk_widget_class_bind_template_callback (widget_class, open_cb);
  gtk_widget_class_install_action (widget_class, "outbox.hand-over", NULL, hand_over_action);
}

static void
satchel_outbox_pane_init (SatchelOutboxPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
satchel_outbox_pane_new (SatchelSession *session)
{
  SatchelOutboxPane *self = g_object_new (SATCHEL_TYPE_OUTBOX_PANE, NULL);
  g_autoptr (SatchelLineModel) model =
      satchel_line_model_new (session, &satchel_outbox_source, NULL);

  self->session = g_object_ref (session);
  satchel_line_list_set_model (self->list, model, NULL);
  return GTK_WIDGET (self);
}

const SatchelSection satchel_section_outbox = {
    .id = "outbox",
    .title = N_ ("Outbox"),
    .icon = "mail-send-symbolic",
    .roles = SATCHEL_SECTION_ALL_ROLES,
    .make = satchel_outbox_pane_new,
};
