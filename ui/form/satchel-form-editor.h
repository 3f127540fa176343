/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "records/satchel-fields.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/**
 * A widget for one answer, or for one part of it (a place's address). It speaks the texts of
 * satchel_fields_set(), and knows nothing of records. Signal "changed": a person changed it.
 */
#define SATCHEL_TYPE_FORM_EDITOR (satchel_form_editor_get_type ())
G_DECLARE_DERIVABLE_TYPE (SatchelFormEditor, satchel_form_editor, SATCHEL, FORM_EDITOR, AdwBin)

struct _SatchelFormEditorClass {
  AdwBinClass parent_class;

  void (*set_text) (SatchelFormEditor *self, const char *text);
  char *(*dup_text) (SatchelFormEditor *self);
};

/** Shows @text ("" for no answer) without a signal. A text that is no answer of the kind that is
 *  edited is shown as it stands where the widget can, else as no answer. */
void satchel_form_editor_set_text (SatchelFormEditor *self, const char *text);

/** What it shows; the caller's, never NULL. */
char *satchel_form_editor_dup_text (SatchelFormEditor *self);

/** For the editors themselves: tells "changed", but not of what set_text() did. */
void satchel_form_editor_tell (SatchelFormEditor *self);

/** What an editor is made of; all borrowed. */
typedef struct {
  const SatchelField *field;
  const char *label;       /* its accessible name */
  const char *placeholder; /* nullable */
  SatchelSession *session; /* for links */
} SatchelFormEditorSpec;

typedef SatchelFormEditor *(*SatchelFormEditorNew) (const SatchelFormEditorSpec *spec);

SatchelFormEditor *satchel_line_editor_new (const SatchelFormEditorSpec *spec);
SatchelFormEditor *satchel_lines_editor_new (const SatchelFormEditorSpec *spec);
SatchelFormEditor *satchel_when_editor_new (const SatchelFormEditorSpec *spec);
SatchelFormEditor *satchel_choice_editor_new (const SatchelFormEditorSpec *spec);
SatchelFormEditor *satchel_choices_editor_new (const SatchelFormEditorSpec *spec);
SatchelFormEditor *satchel_toggle_editor_new (const SatchelFormEditorSpec *spec);
SatchelFormEditor *satchel_link_editor_new (const SatchelFormEditorSpec *spec);

G_END_DECLS
