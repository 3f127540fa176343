/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/satchel-row-text.h"

struct _SatchelRowText {
  GtkWidget parent_instance;

  char *text;
  gboolean is_markup;
  guint lines;
  GPtrArray *layouts; /* of PangoLayout, one a line; NULL until it is drawn */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelRowText, satchel_row_text, GTK_TYPE_WIDGET)
// clang-format on

static guint
count_lines (const char *text)
{
  guint lines = 1;

  for (const char *at = text; at != NULL && *at != '\0'; at++)
    if (*at == '\n')
      lines++;
  return lines;
}

static void
tell_name (SatchelRowText *self)
{
  g_autofree char *plain = NULL;

  if (self->is_markup && self->text != NULL)
    pango_parse_markup (self->text, -1, 0, NULL, &plain, NULL, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  plain != NULL        ? plain
                                  : self->text != NULL ? self->text
                                                       : "",
                                  -1);
}

void
satchel_row_text_set (SatchelRowText *self, const char *text, gboolean is_markup)
{
  guint lines = count_lines (text);

  if (g_strcmp0 (text, self->text) == 0 && is_markup == self->is_markup)
    return;
  g_free (self->text);
  self->text = g_strdup (text);
  self->is_markup = is_markup;
  g_clear_pointer (&self->layouts, g_ptr_array_unref);
  tell_name (self);
  if (lines != self->lines)
    gtk_widget_queue_resize (GTK_WIDGET (self));
  else
    gtk_widget_queue_draw (GTK_WIDGET (self));
  self->lines = lines;
}

/* In Pango's units. */
static void
measure_line (GtkWidget *widget, int *ascent, int *descent)
{
  PangoFontMetrics *metrics =
      pango_context_get_metrics (gtk_widget_get_pango_context (widget), NULL, NULL);

  *ascent = pango_font_metrics_get_ascent (metrics);
  *descent = pango_font_metrics_get_descent (metrics);
  pango_font_metrics_unref (metrics);
}

static void
satchel_row_text_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline)
{
  int ascent = 0;
  int descent = 0;

  if (orientation == GTK_ORIENTATION_VERTICAL) {
    measure_line (widget, &ascent, &descent);
    *minimum = PANGO_PIXELS_CEIL ((int) SATCHEL_ROW_TEXT (widget)->lines * (ascent + descent));
  }
  *natural = *minimum;
}

/* Lines of one layout would be ranged by the direction of each: no markup goes over two of them. */
static void
lay_out (SatchelRowText *self)
{
  g_auto (GStrv) lines = g_strsplit (self->text, "\n", -1);

  self->layouts = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; lines[i] != NULL; i++) {
    PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
    pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
    if (self->is_markup)
      pango_layout_set_markup (layout, lines[i], -1);
    else
      pango_layout_set_text (layout, lines[i], -1);
    g_ptr_array_add (self->layouts, layout);
  }
}

/* What fits stands at the line's beginning, in whichever direction the words themselves go. */
static int
fit (SatchelRowText *self, PangoLayout *layout)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int wanted = 0;

  pango_layout_set_width (layout, -1);
  pango_layout_get_pixel_size (layout, &wanted, NULL);
  if (wanted > width) {
    pango_layout_set_width (layout, width * PANGO_SCALE);
    return 0;
  }
  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL ? width - wanted : 0;
}

/* By the font's own baseline: a glyph from another, taller font moves no line, and is not cut. */
static void
satchel_row_text_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SatchelRowText *self = SATCHEL_ROW_TEXT (widget);
  int ascent = 0;
  int descent = 0;

  if (self->text == NULL || *self->text == '\0')
    return;
  if (self->layouts == NULL)
    lay_out (self);
  measure_line (widget, &ascent, &descent);
  for (guint i = 0; i < self->layouts->len; i++) {
    PangoLayout *layout = self->layouts->pdata[i];
    int x = fit (self, layout);
    int baseline = PANGO_PIXELS ((int) i * (ascent + descent) + ascent);
    gtk_snapshot_render_layout (snapshot, gtk_widget_get_style_context (widget), x,
                                baseline - PANGO_PIXELS (pango_layout_get_baseline (layout)),
                                layout);
  }
}

/* Another font, or another size of it. */
static void
satchel_row_text_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (satchel_row_text_parent_class)->system_setting_changed (widget, setting);
  g_clear_pointer (&SATCHEL_ROW_TEXT (widget)->layouts, g_ptr_array_unref);
  gtk_widget_queue_resize (widget);
}

static void
satchel_row_text_finalize (GObject *object)
{
  SatchelRowText *self = SATCHEL_ROW_TEXT (object);

  g_clear_pointer (&self->layouts, g_ptr_array_unref);
  g_free (self->text);
  G_OBJECT_CLASS (satchel_row_text_parent_class)->finalize (object);
}

static void
satchel_row_text_class_init (SatchelRowTextClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = satchel_row_text_finalize;
  widget_class->measure = satchel_row_text_measure;
  widget_class->snapshot = satchel_row_text_snapshot;
  widget_class->system_setting_changed = satchel_row_text_system_setting_changed;
  gtk_widget_class_set_css_name (widget_class, "label");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
satchel_row_text_init (SatchelRowText *self)
{
  self->lines = 1;
}

GtkWidget *
satchel_row_text_new (void)
{
  return g_object_new (SATCHEL_TYPE_ROW_TEXT, NULL);
}
