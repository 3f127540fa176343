/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** Asks a person for a file, through the portal where there is one. @chosen is called with @object
 *  and the file's path, once, where they chose one on this computer (of another it is said that it
 *  is none); not called otherwise, nor after @object is gone. The dialog is modal to the window
 * that @parent is in. */
typedef void (*SatchelChosen) (gpointer object, const char *path);

void satchel_choose_file (GtkWidget *parent,
                          const char *title,
                          const char *button,
                          SatchelChosen chosen,
                          GObject *object);

/** The same for a file that is to be written; an existing one was asked about. @name: suggested. */
void satchel_choose_new_file (GtkWidget *parent,
                              const char *title,
                              const char *button,
                              const char *name,
                              SatchelChosen chosen,
                              GObject *object);

/** The path of what was chosen, once @dialog has answered: NULL where nothing was, or where it is
 *  not on this computer, which is said in the window that @asker is in. */
char *satchel_choose_dup_path (GtkWidget *asker, int response, GtkFileChooserNative *dialog);

/** Any other chooser (given): shown until it is answered, or until @object is gone: by a lock, that
 *  is. @response (@object, the response, the dialog) does not free it. */
void satchel_choose_show (GtkFileChooserNative *dialog, GCallback response, GObject *object);

G_END_DECLS
