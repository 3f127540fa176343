/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup/satchel-setup-passphrase.h"

#include <glib/gi18n.h>
#include <string.h>

#include "secret/satchel-words.h"
#include "setup/satchel-setup-text.h"
#include "shared/satchel-error-text.h"
#include "shared/satchel-widget.h"

#define WORDS 5

struct _SatchelSetupPassphrase {
  AdwBin parent_instance;

  /* Template children */
  GtkCheckButton *made;
  GtkCheckButton *own;
  GtkWidget *made_box;
  GtkWidget *own_box;
  GtkLabel *words;
  GtkEditable *typed;
  GtkEditable *first;
  GtkEditable *second;
  GtkLabel *strength;
  GtkLabel *fault;

  SatchelSetupDraft *draft; /* borrowed, from the first time that it is shown */
  gboolean was_own;         /* what was taken last */
};

static void step_init (SatchelSetupStepInterface *iface);

// clang-format off
G_DEFINE_FINAL_TYPE_WITH_CODE (SatchelSetupPassphrase, satchel_setup_passphrase, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (SATCHEL_TYPE_SETUP_STEP, step_init))
// clang-format on

static gboolean
is_own (SatchelSetupPassphrase *self)
{
  return gtk_check_button_get_active (self->own);
}

static void
show_error (SatchelSetupPassphrase *self, const GError *error)
{
  g_autofree char *text = satchel_error_text_dup_whole (error);

  satchel_setup_show_fault (self->fault, text);
}

/* --- Five words --- */

static void
show_words (SatchelSetupPassphrase *self)
{
  SatchelSecret *words = self->draft->words;
  gsize size = words != NULL ? satchel_secret_get_size (words) : 0;
  char *text =
      words != NULL ? g_strndup ((const char *) satchel_secret_get_data (words), size) : NULL;

  gtk_label_set_text (self->words, text != NULL ? text : "");
  if (text != NULL)
    explicit_bzero (text, size);
  g_free (text);
}

static void
draw_words (SatchelSetupPassphrase *self)
{
  g_autoptr (GError) error = NULL;
  SatchelSecret *words = satchel_words_new_passphrase (WORDS, &error);

  if (words == NULL) {
    show_error (self, error);
    return;
  }
  satchel_secret_unref (self->draft->words);
  self->draft->words = words;
  if (!self->was_own)
    g_clear_pointer (&self->draft->passphrase, satchel_secret_unref);
  show_words (self);
}

static void
other_cb (SatchelSetupPassphrase *self)
{
  draw_words (self);
  gtk_editable_set_text (self->typed, "");
  gtk_widget_grab_focus (GTK_WIDGET (self->typed));
}

/* --- An own one --- */

static void
show_strength (SatchelSetupPassphrase *self)
{
  const char *text = gtk_editable_get_text (self->first);
  SatchelStrength strength = satchel_setup_strength (text, strlen (text));

  gtk_widget_set_visible (GTK_WIDGET (self->strength), *text != '\0');
  gtk_label_set_text (self->strength, satchel_setup_strength_text (strength));
}

static void
changed_cb (SatchelSetupPassphrase *self)
{
  satchel_setup_show_fault (self->fault, NULL);
  show_strength (self);
}

static void
choice_cb (SatchelSetupPassphrase *self)
{
  satchel_setup_show_fault (self->fault, NULL);
  gtk_widget_set_visible (self->made_box, !is_own (self));
  gtk_widget_set_visible (self->own_box, is_own (self));
}

static void
first_activated_cb (SatchelSetupPassphrase *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->second));
}

static void
activated_cb (SatchelSetupPassphrase *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "setup.next", NULL);
}

/* --- The step --- */

static gboolean
refuse (SatchelSetupPassphrase *self, GtkEditable *at, const char *why)
{
  satchel_setup_show_fault (self->fault, why);
  gtk_widget_grab_focus (GTK_WIDGET (at));
  return FALSE;
}

static gboolean
check_made (SatchelSetupPassphrase *self, SatchelSecret *typed)
{
  if (typed == NULL)
    return refuse (self, self->typed,
                   _ ("Type the five words once, as you will type them to unlock."));
  if (!satchel_secret_equal (typed, self->draft->words))
    return refuse (self, self->typed,
                   _ ("These are not the five words. Small letters, one space between; check the "
                      "keyboard's language too."));
  return TRUE;
}

static gboolean
check_own (SatchelSetupPassphrase *self, SatchelSecret *first, SatchelSecret *second)
{
  if (first == NULL)
    return refuse (self, self->first, _ ("Type a passphrase."));
  if (satchel_setup_strength ((const char *) satchel_secret_get_data (first),
                              satchel_secret_get_size (first)) == SATCHEL_STRENGTH_REFUSED)
    return refuse (self, self->first,
                   _ ("This passphrase is too easy to guess. Take a longer one, or the five "
                      "words."));
  if (second == NULL || !satchel_secret_equal (first, second))
    return refuse (self, self->second, _ ("The two are not the same. Type the second again."));
  return TRUE;
}

static gboolean
satchel_setup_passphrase_take (SatchelSetupStep *step, SatchelSetupDraft *draft)
{
  SatchelSetupPassphrase *self = SATCHEL_SETUP_PASSPHRASE (step);
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) first =
      satchel_setup_read_entry (is_own (self) ? self->first : self->typed, &error);
  g_autoptr (SatchelSecret) second =
      error == NULL ? satchel_setup_read_entry (self->second, &error) : NULL;

  if (error != NULL) {
    show_error (self, error);
    return FALSE;
  }
  if (!(is_own (self) ? check_own (self, first, second) : check_made (self, first)))
    return FALSE;
  satchel_secret_unref (draft->passphrase);
  draft->passphrase = g_steal_pointer (&first);
  self->was_own = is_own (self);
  return TRUE;
}

/* What was taken comes back for whoever goes back; what was only begun never left. */
static void
satchel_setup_passphrase_enter (SatchelSetupStep *step, SatchelSetupDraft *draft)
{
  SatchelSetupPassphrase *self = SATCHEL_SETUP_PASSPHRASE (step);
  GtkEditable *at = is_own (self) ? self->first : self->typed;

  self->draft = draft;
  if (draft->words == NULL)
    draw_words (self);
  else
    show_words (self);
  if (draft->passphrase != NULL && is_own (self) == self->was_own &&
      *gtk_editable_get_text (at) == '\0') {
    satchel_setup_fill_entry (at, draft->passphrase);
    if (is_own (self))
      satchel_setup_fill_entry (self->second, draft->passphrase);
  }
  gtk_widget_grab_focus (GTK_WIDGET (at));
}

static void
satchel_setup_passphrase_clear (SatchelSetupStep *step)
{
  SatchelSetupPassphrase *self = SATCHEL_SETUP_PASSPHRASE (step);

  gtk_editable_set_text (self->typed, "");
  gtk_editable_set_text (self->first, "");
  gtk_editable_set_text (self->second, "");
  gtk_label_set_text (self->words, "");
}

static void
step_init (SatchelSetupStepInterface *iface)
{
  iface->enter = satchel_setup_passphrase_enter;
  iface->take = satchel_setup_passphrase_take;
  iface->clear = satchel_setup_passphrase_clear;
}

/* The words are nowhere but on the screen. */
static void
satchel_setup_passphrase_unmap (GtkWidget *widget)
{
  gtk_label_set_text (SATCHEL_SETUP_PASSPHRASE (widget)->words, "");
  GTK_WIDGET_CLASS (satchel_setup_passphrase_parent_class)->unmap (widget);
}

static void
satchel_setup_passphrase_class_init (SatchelSetupPassphraseClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->unmap = satchel_setup_passphrase_unmap;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/setup/satchel-setup-passphrase.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupPassphrase, made);
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupPassphrase, own);
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupPassphrase, made_box);
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupPassphrase, own_box);
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupPassphrase, words);
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupPassphrase, typed);
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupPassphrase, first);
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupPassphrase, second);
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupPassphrase, strength);
  gtk_widget_class_bind_template_child (widget_class, SatchelSetupPassphrase, fault);
  gtk_widget_class_bind_template_callback (widget_class, other_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, choice_cb);
  gtk_widget_class_bind_template_callback (widget_class, first_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
}

static void
satchel_setup_passphrase_init (SatchelSetupPassphrase *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  satchel_widget_call_lists (GTK_WIDGET (self), _ ("Passphrase"));
  satchel_setup_guard_entry (self->typed);
  satchel_setup_guard_entry (self->first);
  satchel_setup_guard_entry (self->second);
}
