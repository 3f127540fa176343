/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shared/satchel-choose.h"

#include <glib/gi18n.h>

#include "window/satchel-window.h"

/* Whoever asked went, by a lock perhaps: no folder's contents stay on the screen. */
static void
gone_cb (gpointer dialog, GObject *object)
{
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

static void
answered_cb (GObject *object, int response, GtkNativeDialog *dialog)
{
  g_object_weak_unref (object, gone_cb, dialog);
  g_object_unref (dialog);
}

void
satchel_choose_show (GtkFileChooserNative *dialog, GCallback response, GObject *object)
{
  g_object_weak_ref (object, gone_cb, dialog);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", response, object, G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), object,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

char *
satchel_choose_dup_path (GtkWidget *asker, int response, GtkFileChooserNative *dialog)
{
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);
  g_autoptr (GFile) file =
      response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (chooser) : NULL;
  char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (file != NULL && path == NULL)
    satchel_window_say (asker,
                        gtk_file_chooser_get_action (chooser) == GTK_FILE_CHOOSER_ACTION_OPEN
                            ? _ ("This is not on this computer: copy it here first, then open it.")
                            : _ ("Choose a folder on this computer or on a stick."));
  return path;
}

static void
chosen_cb (GObject *object, int response, GtkFileChooserNative *dialog)
{
  SatchelChosen chosen = (SatchelChosen) g_object_get_data (G_OBJECT (dialog), "chosen");
  GtkWindow *window = gtk_native_dialog_get_transient_for (GTK_NATIVE_DIALOG (dialog));
  GtkWidget *asker = GTK_IS_WIDGET (object) ? GTK_WIDGET (object) : GTK_WIDGET (window);
  g_autofree char *path = satchel_choose_dup_path (asker, response, dialog);

  if (path != NULL)
    chosen (object, path);
}

static GtkFileChooserNative *
make_dialog (GtkWidget *parent,
             const char *title,
             const char *button,
             GtkFileChooserAction action,
             SatchelChosen chosen)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      title, GTK_WINDOW (gtk_widget_get_root (parent)), action, button, _ ("_Cancel"));

  g_object_set_data (G_OBJECT (dialog), "chosen", (gpointer) chosen);
  return dialog;
}

void
satchel_choose_file (GtkWidget *parent,
                     const char *title,
                     const char *button,
                     SatchelChosen chosen,
                     GObject *object)
{
  GtkFileChooserNative *dialog =
      make_dialog (parent, title, button, GTK_FILE_CHOOSER_ACTION_OPEN, chosen);

  satchel_choose_show (dialog, G_CALLBACK (chosen_cb), object);
}

void
satchel_choose_new_file (GtkWidget *parent,
                         const char *title,
                         const char *button,
                         const char *name,
                         SatchelChosen chosen,
                         GObject *object)
{
  GtkFileChooserNative *dialog =
      make_dialog (parent, title, button, GTK_FILE_CHOOSER_ACTION_SAVE, chosen);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  satchel_choose_show (dialog, G_CALLBACK (chosen_cb), object);
}
