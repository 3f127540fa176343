/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "form/satchel-form-editor.h"
#include "form/satchel-when-text.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"

/* A moment, as precisely as it is known: a date or month, typed or taken from a calendar, and a
 * time of day. Below, in words, what was understood. */
#define SATCHEL_TYPE_WHEN_EDITOR (satchel_when_editor_get_type ())
G_DECLARE_FINAL_TYPE (
    SatchelWhenEditor, satchel_when_editor, SATCHEL, WHEN_EDITOR, SatchelFormEditor)

struct _SatchelWhenEditor {
  SatchelFormEditor parent_instance;

  GtkEntry *date;
  GtkEntry *time;
  GtkCalendar *calendar;
  GtkMenuButton *calendar_button;
  GtkButton *now;
  GtkLabel *words;
  char *text; /* what was set, exact to the microsecond, until a person changes it */
  gboolean is_filling;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelWhenEditor, satchel_when_editor, SATCHEL_TYPE_FORM_EDITOR)
// clang-format on

static char *
dup_joined (SatchelWhenEditor *self)
{
  SatchelWhen before;
  gboolean has_before = satchel_when_parse (self->text, 0, &before, NULL);

  return satchel_when_text_join (gtk_editable_get_text (GTK_EDITABLE (self->date)),
                                 gtk_editable_get_text (GTK_EDITABLE (self->time)),
                                 has_before ? &before : NULL);
}

static void
show_words (SatchelWhenEditor *self)
{
  SatchelWhen when;
  gboolean is_when = satchel_when_parse (self->text, 0, &when, NULL) &&
                     when.precision != SATCHEL_PRECISION_UNKNOWN;
  g_autofree char *words = is_when ? satchel_words_when (&when) : NULL;

  gtk_label_set_text (self->words, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self->words), words != NULL);
}

static void
take_text (SatchelWhenEditor *self, const char *text)
{
  g_free (self->text);
  self->text = g_strdup (text);
  show_words (self);
}

static void
satchel_when_editor_set_text (SatchelFormEditor *editor, const char *text)
{
  SatchelWhenEditor *self = SATCHEL_WHEN_EDITOR (editor);
  g_autofree char *date = NULL;
  g_autofree char *time = NULL;

  satchel_when_text_split (text, &date, &time);
  self->is_filling = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->date), date);
  gtk_editable_set_text (GTK_EDITABLE (self->time), time);
  self->is_filling = FALSE;
  take_text (self, text);
}

static char *
satchel_when_editor_dup_text (SatchelFormEditor *editor)
{
  return g_strdup (SATCHEL_WHEN_EDITOR (editor)->text);
}

static void
typed_cb (SatchelWhenEditor *self)
{
  if (self->is_filling)
    return;
  g_autofree char *text = dup_joined (self);
  take_text (self, text);
  satchel_form_editor_tell (SATCHEL_FORM_EDITOR (self));
}

static void
now_cb (SatchelWhenEditor *self)
{
  SatchelWhen now = satchel_when_now ();

  now.precision = SATCHEL_PRECISION_MINUTE;
  g_autofree char *text = satchel_when_format (&now);
  satchel_when_editor_set_text (SATCHEL_FORM_EDITOR (self), text);
  satchel_form_editor_tell (SATCHEL_FORM_EDITOR (self));
}

static void
day_selected_cb (SatchelWhenEditor *self)
{
  g_autoptr (GDateTime) day = gtk_calendar_get_date (self->calendar);
  g_autofree char *text = g_date_time_format (day, "%Y-%m-%d");

  gtk_editable_set_text (GTK_EDITABLE (self->date), text);
}

/* The calendar opens where the date is. */
static void
calendar_shown_cb (SatchelWhenEditor *self)
{
  SatchelWhen when;

  if (!satchel_when_parse (self->text, 0, &when, NULL) ||
      when.precision == SATCHEL_PRECISION_UNKNOWN)
    return;
  gint64 seconds = when.unix_us / G_USEC_PER_SEC + when.offset_minutes * G_GINT64_CONSTANT (60);
  g_autoptr (GDateTime) day = g_date_time_new_from_unix_utc (seconds);
  g_signal_handlers_block_by_func (self->calendar, day_selected_cb, self);
  gtk_calendar_select_day (self->calendar, day);
  g_signal_handlers_unblock_by_func (self->calendar, day_selected_cb, self);
}

static void
satchel_when_editor_finalize (GObject *object)
{
  g_free (SATCHEL_WHEN_EDITOR (object)->text);
  G_OBJECT_CLASS (satchel_when_editor_parent_class)->finalize (object);
}

static void
satchel_when_editor_class_init (SatchelWhenEditorClass *klass)
{
  SatchelFormEditorClass *editor_class = SATCHEL_FORM_EDITOR_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = satchel_when_editor_finalize;
  editor_class->set_text = satchel_when_editor_set_text;
  editor_class->dup_text = satchel_when_editor_dup_text;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/form/satchel-when-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelWhenEditor, date);
  gtk_widget_class_bind_template_child (widget_class, SatchelWhenEditor, time);
  gtk_widget_class_bind_template_child (widget_class, SatchelWhenEditor, calendar);
  gtk_widget_class_bind_template_child (widget_class, SatchelWhenEditor, calendar_button);
  gtk_widget_class_bind_template_child (widget_class, SatchelWhenEditor, now);
  gtk_widget_class_bind_template_child (widget_class, SatchelWhenEditor, words);
  gtk_widget_class_bind_template_callback (widget_class, typed_cb);
  gtk_widget_class_bind_template_callback (widget_class, now_cb);
  gtk_widget_class_bind_template_callback (widget_class, day_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, calendar_shown_cb);
}

static void
satchel_when_editor_init (SatchelWhenEditor *self)
{
  self->text = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* @format: with one %s. */
static void
name_widget (GtkWidget *widget, const char *format, const char *label)
{
  g_auto (GStrv) parts = g_strsplit (format, "%s", 2);
  g_autofree char *name = g_strjoinv (label, parts);

  satchel_widget_call (widget, name, FALSE);
}

SatchelFormEditor *
satchel_when_editor_new (const SatchelFormEditorSpec *spec)
{
  SatchelWhenEditor *self = g_object_new (SATCHEL_TYPE_WHEN_EDITOR, NULL);
  /* Translators: %s is what the date is of, as in "From and until: date". */
  name_widget (GTK_WIDGET (self->date), _ ("%s: date"), spec->label);
  name_widget (GTK_WIDGET (self->time), _ ("%s: time"), spec->label);
  name_widget (GTK_WIDGET (self->now), _ ("%s: now"), spec->label);
  name_widget (GTK_WIDGET (self->calendar_button), _ ("%s: choose a day"), spec->label);
  return SATCHEL_FORM_EDITOR (self);
}
