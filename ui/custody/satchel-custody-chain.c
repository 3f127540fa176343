/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "custody/satchel-custody-chain.h"

#include <glib/gi18n.h>

#include "custody/satchel-custody-mark.h"
#include "shared/satchel-choices.h"
#include "shared/satchel-widget.h"
#include "window/satchel-window.h"

struct _SatchelCustodyChain {
  AdwBin parent_instance;

  /* Template children */
  GtkDropDown *objects;
  GtkImage *verdict_icon;
  GtkLabel *verdict;
  GtkWidget *content;
  GtkLabel *sha256;
  GtkListBox *list;

  /* Owned */
  GPtrArray *views; /* of SatchelCustodyView; NULL before there are any */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelCustodyChain, satchel_custody_chain, ADW_TYPE_BIN)
// clang-format on

/* --- Copying --- */

static void
copy (GtkWidget *widget, const char *text, const char *said)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  satchel_window_say (widget, said);
}

static void
copy_content_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  copy (widget, gtk_label_get_text (SATCHEL_CUSTODY_CHAIN (widget)->sha256),
        _ ("SHA-256 copied"));
}

static void
copy_details_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  copy (widget, g_variant_get_string (parameter, NULL), _ ("Copied"));
}

/* --- What an entry says of itself --- */

static char *
dup_details (char *const *details)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; details[i] != NULL; i += 2)
    g_string_append_printf (text, "%s: %s\n", details[i], details[i + 1]);
  return g_string_free (text, FALSE);
}

static void
add_detail (GtkBox *box, const char *name, const char *value)
{
  GtkWidget *group = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *label = satchel_label_new (name, "caption dim-label");
  GtkWidget *text = satchel_label_new (value, "caption monospace");
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (GTK_LABEL (text), attributes);
  pango_attr_list_unref (attributes);
  gtk_label_set_selectable (GTK_LABEL (text), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (text), PANGO_WRAP_CHAR);
  gtk_label_set_width_chars (GTK_LABEL (text), 32);
  gtk_label_set_max_width_chars (GTK_LABEL (text), 32);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_RELATION_LABELLED_BY, label,
                                  NULL, -1);
  gtk_box_append (GTK_BOX (group), label);
  gtk_box_append (GTK_BOX (group), text);
  gtk_box_append (box, group);
}

static void
create_popup_cb (GtkMenuButton *button, gpointer user_data)
{
  const SatchelCustodyRow *row = user_data;
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *copy_button = gtk_button_new_with_mnemonic (_ ("_Copy"));
  g_autofree char *text = dup_details (row->details);

  for (guint i = 0; row->details[i] != NULL; i += 2)
    add_detail (GTK_BOX (box), row->details[i], row->details[i + 1]);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (copy_button), "custody.copy-details");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (copy_button), "s", text);
  gtk_widget_set_halign (copy_button, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (box), copy_button);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  satchel_widget_call (popover, _ ("Hashes and keys of this entry"), FALSE);
  gtk_menu_button_set_popover (button, popover);
}

static GtkWidget *
make_more (const SatchelCustodyRow *row)
{
  GtkWidget *button = gtk_menu_button_new ();

  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (button), create_popup_cb,
                                         (gpointer) row, NULL);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  satchel_widget_call (button, _ ("Hashes and keys of this entry"), TRUE);
  return button;
}

/* --- Rows --- */

static GtkWidget *
make_words (const SatchelCustodyRow *row)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_widget_set_hexpand (box, TRUE);
  gtk_widget_set_margin_top (box, 11);
  gtk_widget_set_margin_bottom (box, 9);
  gtk_box_append (GTK_BOX (box), satchel_label_new (row->title, "body"));
  if (row->subtitle != NULL)
    gtk_box_append (GTK_BOX (box), satchel_label_new (row->subtitle, "caption dim-label"));
  return box;
}

/* The gap above an entry, with its words. */
static void
attach_fault (GtkGrid *grid, const SatchelCustodyRow *row)
{
  GtkWidget *words = satchel_label_new (row->fault, "caption-heading error");

  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_margin_top (words, 9);
  gtk_widget_set_margin_bottom (words, 9);
  gtk_grid_attach (grid, satchel_custody_mark_area_new (SATCHEL_CUSTODY_MARK_GAP, TRUE, TRUE), 0, 0,
                   1, 1);
  gtk_grid_attach (grid, words, 1, 0, 2, 1);
}

static GtkWidget *
make_row (GPtrArray *rows, guint place)
{
  const SatchelCustodyRow *row = rows->pdata[place];
  GtkWidget *list_row = gtk_list_box_row_new ();
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_spacing (GTK_GRID (grid), 9);
  if (row->fault != NULL)
    attach_fault (GTK_GRID (grid), row);
  gtk_grid_attach (GTK_GRID (grid),
                   satchel_custody_mark_area_new (row->mark, place > 0 || row->fault != NULL,
                                                  place + 1 < rows->len),
                   0, 1, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), make_words (row), 1, 1, 1, 1);
  if (row->details != NULL) {
    GtkWidget *more = make_more (row);
    gtk_grid_attach (GTK_GRID (grid), more, 2, 1, 1, 1);
    g_object_set_data (G_OBJECT (list_row), "more", more);
  }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (list_row), grid);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (list_row), row->details != NULL);
  gtk_widget_add_css_class (list_row, "satchel-custody-row");
  satchel_widget_call (list_row, row->name, FALSE);
  return list_row;
}

static void
row_activated_cb (SatchelCustodyChain *self, GtkListBoxRow *row)
{
  GtkWidget *more = g_object_get_data (G_OBJECT (row), "more");

  if (more != NULL)
    gtk_menu_button_popup (GTK_MENU_BUTTON (more));
}

static void
show_view (SatchelCustodyChain *self, const SatchelCustodyView *view)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  for (guint i = 0; i < view->rows->len; i++)
    gtk_list_box_append (self->list, make_row (view->rows, i));
  gtk_label_set_text (self->verdict, view->summary);
  gtk_image_set_from_icon_name (self->verdict_icon, view->holds ? "emblem-ok-symbolic"
                                                                : "dialog-warning-symbolic");
  (view->holds ? gtk_widget_remove_css_class : gtk_widget_add_css_class) (
      gtk_widget_get_parent (GTK_WIDGET (self->verdict)), "error");
  gtk_label_set_text (self->sha256, view->sha256 != NULL ? view->sha256 : "");
  gtk_widget_set_visible (self->content, view->sha256 != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->list), view->rows->len > 0);
}

static void
selected_cb (SatchelCustodyChain *self)
{
  guint selected = gtk_drop_down_get_selected (self->objects);

  if (self->views != NULL && selected < self->views->len)
    show_view (self, self->views->pdata[selected]);
}

void
satchel_custody_chain_set_views (SatchelCustodyChain *self, GPtrArray *views)
{
  guint selected = gtk_drop_down_get_selected (self->objects);
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  GPtrArray *before = self->views;

  for (guint i = 0; i < views->len; i++)
    gtk_string_list_append (titles, ((const SatchelCustodyView *) views->pdata[i])->title);
  /* What is shown borrows from its view until other rows stand there. */
  self->views = NULL;
  gtk_drop_down_set_model (self->objects, G_LIST_MODEL (titles));
  gtk_drop_down_set_selected (self->objects, selected < views->len ? selected : 0);
  gtk_widget_set_visible (GTK_WIDGET (self->objects), views->len > 1);
  self->views = g_ptr_array_ref (views);
  selected_cb (self);
  g_clear_pointer (&before, g_ptr_array_unref);
}

/* --- The widget --- */

static void
satchel_custody_chain_finalize (GObject *object)
{
  g_clear_pointer (&SATCHEL_CUSTODY_CHAIN (object)->views, g_ptr_array_unref);
  G_OBJECT_CLASS (satchel_custody_chain_parent_class)->finalize (object);
}

static void
satchel_custody_chain_class_init (SatchelCustodyChainClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = satchel_custody_chain_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/custody/satchel-custody-chain.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelCustodyChain, objects);
  gtk_widget_class_bind_template_child (widget_class, SatchelCustodyChain, verdict_icon);
  gtk_widget_class_bind_template_child (widget_class, SatchelCustodyChain, verdict);
  gtk_widget_class_bind_template_child (widget_class, SatchelCustodyChain, content);
  gtk_widget_class_bind_template_child (widget_class, SatchelCustodyChain, sha256);
  gtk_widget_class_bind_template_child (widget_class, SatchelCustodyChain, list);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_install_action (widget_class, "custody.copy-content", NULL,
                                   copy_content_action);
  gtk_widget_class_install_action (widget_class, "custody.copy-details", "s",
                                   copy_details_action);
}

static void
satchel_custody_chain_init (SatchelCustodyChain *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  satchel_choices_call (self->objects, _ ("Whose custody is shown"));
  satchel_widget_leave_by_tab (GTK_WIDGET (self->list));
}

GtkWidget *
satchel_custody_chain_new (void)
{
  return g_object_new (SATCHEL_TYPE_CUSTODY_CHAIN, NULL);
}
