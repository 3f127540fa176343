/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/satchel-form-editor.h"

typedef struct {
  gboolean is_setting;
} SatchelFormEditorPrivate;

enum { CHANGED,
       SIGNALS };
static guint signals[SIGNALS];

// clang-format off
G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (SatchelFormEditor, satchel_form_editor, ADW_TYPE_BIN)
// clang-format on

static void
satchel_form_editor_class_init (SatchelFormEditorClass *klass)
{
  signals[CHANGED] = g_signal_new ("changed", SATCHEL_TYPE_FORM_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
satchel_form_editor_init (SatchelFormEditor *self)
{
}

void
satchel_form_editor_set_text (SatchelFormEditor *self, const char *text)
{
  SatchelFormEditorPrivate *priv = satchel_form_editor_get_instance_private (self);

  priv->is_setting = TRUE;
  SATCHEL_FORM_EDITOR_GET_CLASS (self)->set_text (self, text);
  priv->is_setting = FALSE;
}

char *
satchel_form_editor_dup_text (SatchelFormEditor *self)
{
  return SATCHEL_FORM_EDITOR_GET_CLASS (self)->dup_text (self);
}

void
satchel_form_editor_tell (SatchelFormEditor *self)
{
  SatchelFormEditorPrivate *priv = satchel_form_editor_get_instance_private (self);

  if (!priv->is_setting)
    g_signal_emit (self, signals[CHANGED], 0);
}
