/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cards/satchel-press-qr.h"

#include <qrencode.h>

#include "shared/satchel-widget.h"

#define QUIET      4 /* modules of white around it, as ISO/IEC 18004 demands */
#define MODULE_MIN 3 /* pixels */

struct _SatchelPressQr {
  GtkWidget parent_instance;

  QRcode *code;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelPressQr, satchel_press_qr, GTK_TYPE_WIDGET)
// clang-format on

static void
satchel_press_qr_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline)
{
  int modules = SATCHEL_PRESS_QR (widget)->code->width + 2 * QUIET;

  *minimum = *natural = modules * MODULE_MIN;
}

static void
satchel_press_qr_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  const QRcode *code = SATCHEL_PRESS_QR (widget)->code;
  const GdkRGBA white = {1, 1, 1, 1};
  const GdkRGBA black = {0, 0, 0, 1};
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  int module = MAX (1, MIN (width, height) / (code->width + 2 * QUIET));
  int left = (width - module * code->width) / 2;
  int top = (height - module * code->width) / 2;

  gtk_snapshot_append_color (snapshot, &white, &GRAPHENE_RECT_INIT (0, 0, width, height));
  for (int y = 0; y < code->width; y++)
    for (int x = 0; x < code->width; x++)
      if ((code->data[y * code->width + x] & 1) != 0)
        gtk_snapshot_append_color (snapshot, &black,
                                   &GRAPHENE_RECT_INIT (left + x * module, top + y * module,
                                                        module, module));
}

static void
satchel_press_qr_finalize (GObject *object)
{
  QRcode_free (SATCHEL_PRESS_QR (object)->code);
  G_OBJECT_CLASS (satchel_press_qr_parent_class)->finalize (object);
}

static void
satchel_press_qr_class_init (SatchelPressQrClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = satchel_press_qr_finalize;
  widget_class->measure = satchel_press_qr_measure;
  widget_class->snapshot = satchel_press_qr_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
satchel_press_qr_init (SatchelPressQr *self)
{
}

GtkWidget *
satchel_press_qr_new (const char *text, const char *label)
{
  QRcode *code = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);

  if (code == NULL)
    return NULL;
  SatchelPressQr *self = g_object_new (SATCHEL_TYPE_PRESS_QR, NULL);
  self->code = code;
  satchel_widget_call (GTK_WIDGET (self), label, FALSE);
  return GTK_WIDGET (self);
}
