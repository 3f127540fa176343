/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** A dialog to choose one report: a search and its list. Signal "picked" (id, title: strings), then
 *  it closes. It closes by itself when the vault is locked. */
#define SATCHEL_TYPE_RECORD_PICKER (satchel_record_picker_get_type ())
G_DECLARE_FINAL_TYPE (SatchelRecordPicker, satchel_record_picker, SATCHEL, RECORD_PICKER, AdwWindow)

/** Shows it over the window that @parent is in. Borrowed: GTK owns windows. */
SatchelRecordPicker *satchel_record_picker_present (GtkWidget *parent, SatchelSession *session);

G_END_DECLS
