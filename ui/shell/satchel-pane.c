/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/satchel-pane.h"

#include <glib/gi18n.h>
#include <string.h>

#include "shared/satchel-widget.h"

#define LINES_MAX 3 /* of the title, and of the subtitle, below a narrow header */

struct _SatchelPane {
  AdwBin parent_instance;

  GtkBox *box;
  AdwHeaderBar *header;
  AdwWindowTitle *title;
  GtkButton *back;
  GtkWidget *apart; /* title and subtitle once more, below a header that has no room for them */
  GtkLabel *apart_title;
  GtkLabel *apart_subtitle;
  GtkBox *top;
  GtkWidget *content;  /* nullable */
  AdwLeaflet *leaflet; /* borrowed while rooted; nullable */
  gulong folded_handler;
};

enum { PROP_TITLE = 1 };

static GtkBuildableIface *parent_buildable;
static void satchel_pane_buildable_init (GtkBuildableIface *iface);

// clang-format off
G_DEFINE_FINAL_TYPE_WITH_CODE (SatchelPane, satchel_pane, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE,
                                                      satchel_pane_buildable_init))
// clang-format on

/* Which of the leaflet's columns this pane is in. */
static GtkWidget *
get_column (SatchelPane *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  while (widget != NULL && gtk_widget_get_parent (widget) != GTK_WIDGET (self->leaflet))
    widget = gtk_widget_get_parent (widget);
  return widget;
}

/* Of the window's buttons the one that closes, on its side: a narrow header has no room for more.
 */
static const char *
choose_narrow_layout (SatchelPane *self)
{
  g_autofree char *layout = NULL;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-decoration-layout", &layout,
                NULL);
  const char *close = layout != NULL ? strstr (layout, "close") : NULL;
  if (close == NULL)
    return ":";
  return strchr (close, ':') != NULL ? "close:" : ":close";
}

/* A narrow header has no room for two lines between its buttons. */
static void
place_title (SatchelPane *self)
{
  gboolean is_apart = self->leaflet != NULL && adw_leaflet_get_folded (self->leaflet) &&
                      *adw_window_title_get_subtitle (self->title) != '\0';

  gtk_widget_set_visible (GTK_WIDGET (self->title), !is_apart);
  gtk_widget_set_visible (self->apart, is_apart);
  if (is_apart)
    gtk_widget_add_css_class (GTK_WIDGET (self->header), "satchel-above-title");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->header), "satchel-above-title");
}

/* Unfolded, the window's buttons stand at its two ends; folded, each column has them all. */
static void
folded_cb (SatchelPane *self)
{
  gboolean is_folded = adw_leaflet_get_folded (self->leaflet);
  GtkWidget *column = get_column (self);
  gboolean is_first = column == adw_leaflet_get_child_by_name (self->leaflet, "sidebar");
  gboolean is_last = column == adw_leaflet_get_child_by_name (self->leaflet, "page");

  gtk_widget_set_visible (GTK_WIDGET (self->back), is_folded && !is_first);
  adw_header_bar_set_decoration_layout (self->header,
                                        is_folded ? choose_narrow_layout (self) : NULL);
  adw_header_bar_set_show_start_title_buttons (self->header, is_folded || is_first);
  adw_header_bar_set_show_end_title_buttons (self->header, is_folded || is_last);
  place_title (self);
}

static void
back_cb (SatchelPane *self)
{
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void
satchel_pane_root (GtkWidget *widget)
{
  SatchelPane *self = SATCHEL_PANE (widget);

  GTK_WIDGET_CLASS (satchel_pane_parent_class)->root (widget);
  self->leaflet = ADW_LEAFLET (gtk_widget_get_ancestor (widget, ADW_TYPE_LEAFLET));
  if (self->leaflet == NULL)
    return;
  self->folded_handler = g_signal_connect_swapped (self->leaflet, "notify::folded",
                                                   G_CALLBACK (folded_cb), self);
  folded_cb (self);
}

static void
satchel_pane_unroot (GtkWidget *widget)
{
  SatchelPane *self = SATCHEL_PANE (widget);

  if (self->leaflet != NULL)
    g_clear_signal_handler (&self->folded_handler, self->leaflet);
  self->leaflet = NULL;
  GTK_WIDGET_CLASS (satchel_pane_parent_class)->unroot (widget);
}

static void
satchel_pane_buildable_add_child (GtkBuildable *buildable,
                                  GtkBuilder *builder,
                                  GObject *child,
                                  const char *type)
{
  SatchelPane *self = SATCHEL_PANE (buildable);

  /* The pane's own frame comes through here too, before there is one. */
  if (self->box == NULL || !GTK_IS_WIDGET (child))
    parent_buildable->add_child (buildable, builder, child, type);
  else if (g_strcmp0 (type, "start") == 0)
    satchel_pane_pack_start (self, GTK_WIDGET (child));
  else if (g_strcmp0 (type, "end") == 0)
    satchel_pane_pack_end (self, GTK_WIDGET (child));
  else if (g_strcmp0 (type, "top") == 0)
    satchel_pane_add_top (self, GTK_WIDGET (child));
  else
    satchel_pane_set_content (self, GTK_WIDGET (child));
}

static void
satchel_pane_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = satchel_pane_buildable_add_child;
}

static void
satchel_pane_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_TITLE)
    g_value_set_string (value, adw_window_title_get_title (SATCHEL_PANE (object)->title));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
satchel_pane_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_TITLE)
    satchel_pane_set_title (SATCHEL_PANE (object), g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
satchel_pane_class_init (SatchelPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = satchel_pane_get_property;
  object_class->set_property = satchel_pane_set_property;
  widget_class->root = satchel_pane_root;
  widget_class->unroot = satchel_pane_unroot;
  g_object_class_install_property (
      object_class, PROP_TITLE,
      g_param_spec_string ("title", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
}

static GtkLabel *
make_line (const char *style)
{
  GtkLabel *label = GTK_LABEL (satchel_label_new (NULL, style));

  gtk_label_set_justify (label, GTK_JUSTIFY_CENTER);
  gtk_label_set_xalign (label, 0.5);
  /* A name from outside may be of any length. */
  gtk_label_set_ellipsize (label, PANGO_ELLIPSIZE_END);
  gtk_label_set_lines (label, LINES_MAX);
  return label;
}

static GtkWidget *
make_apart (SatchelPane *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->apart_title = make_line ("heading");
  self->apart_subtitle = make_line ("caption dim-label");
  gtk_widget_add_css_class (box, "satchel-pane-title");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->apart_title));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->apart_subtitle));
  gtk_widget_set_visible (box, FALSE);
  return box;
}

static void
satchel_pane_init (SatchelPane *self)
{
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));

  self->header = ADW_HEADER_BAR (adw_header_bar_new ());
  self->title = ADW_WINDOW_TITLE (adw_window_title_new ("", ""));
  self->back = GTK_BUTTON (gtk_button_new_from_icon_name ("go-previous-symbolic"));
  self->apart = make_apart (self);
  self->top = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  satchel_widget_call (GTK_WIDGET (self->back), _ ("Back"), TRUE);
  g_signal_connect_swapped (self->back, "clicked", G_CALLBACK (back_cb), self);
  gtk_widget_set_visible (GTK_WIDGET (self->back), FALSE);
  adw_header_bar_pack_start (self->header, GTK_WIDGET (self->back));
  adw_header_bar_set_title_widget (self->header, GTK_WIDGET (self->title));
  gtk_box_append (box, GTK_WIDGET (self->header));
  gtk_box_append (box, self->apart);
  gtk_box_append (box, GTK_WIDGET (self->top));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (box));
  self->box = box;
}

GtkWidget *
satchel_pane_new (const char *title)
{
  return g_object_new (SATCHEL_TYPE_PANE, "title", title, NULL);
}

const char *
satchel_pane_get_title (SatchelPane *self)
{
  return adw_window_title_get_title (self->title);
}

void
satchel_pane_set_title (SatchelPane *self, const char *title)
{
  adw_window_title_set_title (self->title, title != NULL ? title : "");
  gtk_label_set_text (self->apart_title, adw_window_title_get_title (self->title));
  g_object_notify (G_OBJECT (self), "title");
}

void
satchel_pane_set_subtitle (SatchelPane *self, const char *subtitle)
{
  adw_window_title_set_subtitle (self->title, subtitle != NULL ? subtitle : "");
  gtk_label_set_text (self->apart_subtitle, adw_window_title_get_subtitle (self->title));
  place_title (self);
}

void
satchel_pane_pack_start (SatchelPane *self, GtkWidget *widget)
{
  adw_header_bar_pack_start (self->header, widget);
}

void
satchel_pane_pack_end (SatchelPane *self, GtkWidget *widget)
{
  adw_header_bar_pack_end (self->header, widget);
}

void
satchel_pane_add_top (SatchelPane *self, GtkWidget *widget)
{
  gtk_box_append (self->top, widget);
}

void
satchel_pane_set_content (SatchelPane *self, GtkWidget *content)
{
  if (self->content != NULL)
    gtk_box_remove (self->box, self->content);
  self->content = content;
  if (content == NULL)
    return;
  gtk_widget_set_vexpand (content, TRUE);
  gtk_box_append (self->box, content);
}
