/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup/satchel-setup-step.h"

#include <string.h>

// clang-format off
G_DEFINE_INTERFACE (SatchelSetupStep, satchel_setup_step, GTK_TYPE_WIDGET)
// clang-format on

static void
satchel_setup_step_default_init (SatchelSetupStepInterface *iface)
{
}

void
satchel_setup_draft_free (SatchelSetupDraft *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  satchel_secret_unref (self->words);
  satchel_secret_unref (self->passphrase);
  satchel_secret_unref (self->code);
  g_free (self);
}

void
satchel_setup_step_enter (SatchelSetupStep *self, SatchelSetupDraft *draft)
{
  SATCHEL_SETUP_STEP_GET_IFACE (self)->enter (self, draft);
}

gboolean
satchel_setup_step_take (SatchelSetupStep *self, SatchelSetupDraft *draft)
{
  return SATCHEL_SETUP_STEP_GET_IFACE (self)->take (self, draft);
}

void
satchel_setup_step_clear (SatchelSetupStep *self)
{
  SATCHEL_SETUP_STEP_GET_IFACE (self)->clear (self);
}

void
satchel_setup_guard_entry (GtkEditable *editable)
{
  GtkEditable *text = gtk_editable_get_delegate (editable);
  g_autoptr (GtkEntryBuffer) buffer = gtk_password_entry_buffer_new ();

  gtk_text_set_buffer (GTK_TEXT (text), buffer);
  gtk_text_set_input_hints (GTK_TEXT (text), GTK_INPUT_HINT_NO_SPELLCHECK |
                                                 GTK_INPUT_HINT_PRIVATE | GTK_INPUT_HINT_NO_EMOJI);
  gtk_text_set_enable_emoji_completion (GTK_TEXT (text), FALSE);
  /* What can be undone is kept in plain memory. */
  gtk_editable_set_enable_undo (text, FALSE);
}

SatchelSecret *
satchel_setup_read_entry (GtkEditable *editable, GError **error)
{
  const char *text = gtk_editable_get_text (editable);

  return *text != '\0' ? satchel_secret_new_copy ((const guint8 *) text, strlen (text), error)
                       : NULL;
}

void
satchel_setup_fill_entry (GtkEditable *editable, SatchelSecret *secret)
{
  gsize size = satchel_secret_get_size (secret);
  char *text = g_strndup ((const char *) satchel_secret_get_data (secret), size);

  gtk_editable_set_text (editable, text);
  explicit_bzero (text, size);
  g_free (text);
}

void
satchel_setup_show_fault (GtkLabel *fault, const char *text)
{
  gtk_label_set_text (fault, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (fault), text != NULL);
}
