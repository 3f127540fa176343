/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cards/satchel-press-list.h"

#include <glib/gi18n.h>

#include "cards/satchel-press-card.h"
#include "cards/satchel-press-job.h"
#include "cards/satchel-press-page.h"
#include "cards/satchel-press-validity.h"
#include "evidence/satchel-thumbnailer.h"
#include "shared/satchel-error-text.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"
#include "shell/satchel-pane.h"
#include "shell/satchel-section.h"
#include "shell/satchel-shell.h"

#define SCAN_WIDTH_PX  72
#define SCAN_HEIGHT_PX 90

struct _SatchelPressList {
  AdwBin parent_instance;

  /* Template children */
  AdwSplitButton *new_button;
  SatchelPane *pane;
  GtkStack *states;
  AdwStatusPage *failed;
  GtkListBox *list;

  /* Owned */
  SatchelSession *session;
  SatchelThumbnailer *thumbnailer;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelPressList, satchel_press_list, ADW_TYPE_BIN)
// clang-format on

static GtkWidget *
make_scan (SatchelPressList *self, const SatchelPress *press)
{
  GtkWidget *picture = gtk_picture_new ();

  gtk_picture_set_content_fit (GTK_PICTURE (picture), GTK_CONTENT_FIT_CONTAIN);
  gtk_picture_set_can_shrink (GTK_PICTURE (picture), TRUE);
  gtk_widget_set_size_request (picture, SCAN_WIDTH_PX, SCAN_HEIGHT_PX);
  gtk_widget_set_halign (picture, GTK_ALIGN_START);
  satchel_thumbnailer_push (self->thumbnailer, press->scan_id, press->scan_type,
                            GTK_PICTURE (picture));
  return picture;
}

/* A card, and below it, not on the paper, whether it is good. */
static GtkWidget *
make_row (SatchelPressList *self, const SatchelPress *press, const SatchelWhen *now)
{
  g_autoptr (SatchelPressFace) face =
      satchel_press_face_new (press->kind, press->values, satchel_words_language ());
  g_autofree char *text = NULL;
  SatchelPressValidity validity =
      satchel_press_validity_judge (press->kind, press->values, now, &text);
  g_autofree char *title = satchel_words_title (press->kind, press->values);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *below = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_box_append (GTK_BOX (below),
                  gtk_image_new_from_icon_name (satchel_press_validity_get_icon (validity)));
  gtk_box_append (GTK_BOX (below), satchel_label_new (text, NULL));
  if (satchel_press_validity_is_warning (validity))
    gtk_widget_add_css_class (below, "satchel-press-warning");
  gtk_box_append (GTK_BOX (box),
                  satchel_press_card_new (face, FALSE,
                                          press->scan_id != NULL ? make_scan (self, press) : NULL));
  gtk_box_append (GTK_BOX (box), below);
  gtk_widget_add_css_class (box, "satchel-press-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  g_object_set_data_full (G_OBJECT (row), "record", g_strdup (press->id), g_free);
  return row;
}

static void
row_activated_cb (SatchelPressList *self, GtkListBoxRow *row)
{
  satchel_shell_present (
      GTK_WIDGET (self),
      satchel_press_page_new (self->session, g_object_get_data (G_OBJECT (row), "record")));
}

static void
show (SatchelPressList *self, GPtrArray *all)
{
  SatchelWhen now = satchel_when_now ();
  GtkWidget *row;

  satchel_thumbnailer_stop (self->thumbnailer);
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  for (guint i = 0; i < all->len; i++)
    gtk_list_box_append (self->list, make_row (self, all->pdata[i], &now));
  gtk_stack_set_visible_child_name (self->states, all->len > 0 ? "cards" : "empty");
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelPressList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->session == NULL)
    return;
  if (all != NULL) {
    show (self, all);
  } else if (!satchel_error_text_is_silent (error)) {
    satchel_widget_explain (self->failed, error);
    gtk_stack_set_visible_child_name (self->states, "failed");
  }
}

static void
load (SatchelPressList *self)
{
  SatchelSessionJob job = satchel_press_list_job ();

  satchel_session_run_async (self->session, &job, NULL, listed_cb, g_object_ref (self));
}

static void
changed_cb (SatchelPressList *self, guint changes)
{
  if ((changes & (SATCHEL_CHANGED_RECORDS | SATCHEL_CHANGED_EVIDENCE)) != 0)
    load (self);
}

static void
satchel_press_list_dispose (GObject *object)
{
  SatchelPressList *self = SATCHEL_PRESS_LIST (object);

  if (self->thumbnailer != NULL)
    satchel_thumbnailer_stop (self->thumbnailer);
  g_clear_object (&self->thumbnailer);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (satchel_press_list_parent_class)->dispose (object);
}

static void
satchel_press_list_class_init (SatchelPressListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_PANE);
  G_OBJECT_CLASS (klass)->dispose = satchel_press_list_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/cards/satchel-press-list.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelPressList, new_button);
  gtk_widget_class_bind_template_child (widget_class, SatchelPressList, pane);
  gtk_widget_class_bind_template_child (widget_class, SatchelPressList, states);
  gtk_widget_class_bind_template_child (widget_class, SatchelPressList, failed);
  gtk_widget_class_bind_template_child (widget_class, SatchelPressList, list);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
satchel_press_list_init (SatchelPressList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  satchel_widget_call_split (self->new_button, _ ("New press card"), _ ("New assignment"));
}

GtkWidget *
satchel_press_list_new (SatchelSession *session)
{
  SatchelPressList *self = g_object_new (SATCHEL_TYPE_PRESS_LIST, NULL);

  self->session = g_object_ref (session);
  self->thumbnailer = satchel_thumbnailer_new (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  load (self);
  return GTK_WIDGET (self);
}

const SatchelSection satchel_section_cards = {
    .id = "cards",
    .title = N_ ("Press cards"),
    .icon = "avatar-default-symbolic",
    .roles = 1 << SATCHEL_ROLE_REPORTER,
    .make = satchel_press_list_new,
};
