/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lock/satchel-display.h"

#ifdef GDK_WINDOWING_X11
#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <gdk/x11/gdkx.h>

#define RECEIVED_BYTES 65536 /* xcb's buffer has 16 KiB */

/* The server sends back zeros that it was given: enough of them to fill the buffer. */
static void
write_over_received (Display *display)
{
  g_autofree guchar *zeros = g_malloc0 (RECEIVED_BYTES);
  Window window = XCreateSimpleWindow (display, DefaultRootWindow (display), 0, 0, 1, 1, 0, 0, 0);
  Atom name = XInternAtom (display, "SATCHEL_NOTHING", False);

  XChangeProperty (display, window, name, XA_STRING, 8, PropModeReplace, zeros, RECEIVED_BYTES);
  for (int i = 0; i < 4; i++) {
    Atom type;
    int format;
    unsigned long count, left;
    unsigned char *data = NULL;
    XGetWindowProperty (display, window, name, 0, RECEIVED_BYTES / 4, False, AnyPropertyType, &type,
                        &format, &count, &left, &data);
    if (data != NULL)
      XFree (data);
  }
  XDestroyWindow (display, window);
}
#endif

void
satchel_display_forget (GdkDisplay *display)
{
  GdkClipboard *const clipboards[] = {gdk_display_get_clipboard (display),
                                      gdk_display_get_primary_clipboard (display)};

  for (guint i = 0; i < G_N_ELEMENTS (clipboards); i++)
    if (gdk_clipboard_is_local (clipboards[i]))
      gdk_clipboard_set_content (clipboards[i], NULL);
#ifdef GDK_WINDOWING_X11
  if (GDK_IS_X11_DISPLAY (display))
    write_over_received (gdk_x11_display_get_xdisplay (display));
#endif
}
