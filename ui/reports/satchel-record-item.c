/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/satchel-record-item.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/satchel-text.h"
#include "records/satchel-search.h"
#include "shared/satchel-words.h"

#define MARKS SATCHEL_SEARCH_MARK_BEGIN SATCHEL_SEARCH_MARK_END

struct _SatchelRecordItem {
  GObject parent_instance;

  SatchelRecordLine line;
};

static guint filled;

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelRecordItem, satchel_record_item, G_TYPE_OBJECT)
// clang-format on

/* Escaped text of @size bytes, with the search's marks turned into bold. Marks come in pairs, one
 * after another, but the text around them may hold anything. */
static char *
to_markup (const char *text, gsize size)
{
  GString *markup = g_string_new (NULL);
  gboolean is_bold = FALSE;
  g_autofree char *shown = g_strndup (text, size);

  g_strdelimit (shown, "\n\r\t", ' ');
  for (const char *rest = shown; *rest != '\0';) {
    gsize plain = strcspn (rest, MARKS);
    g_autofree char *part = g_strndup (rest, plain);
    g_autofree char *clean = satchel_text_for_display (part, plain + 1);
    g_autofree char *escaped = g_markup_escape_text (clean, -1);
    g_string_append (markup, escaped);
    rest += plain;
    if (*rest == '\0')
      break;
    gboolean begins = *rest++ == SATCHEL_SEARCH_MARK_BEGIN[0];
    if (begins != is_bold)
      g_string_append (markup, begins ? "<b>" : "</b>");
    is_bold = begins;
  }
  if (is_bold)
    g_string_append (markup, "</b>");
  return g_string_free (markup, FALSE);
}

/* How many bytes of @snippet are @title, with marks in it; 0 where it begins otherwise. */
static gsize
measure_title (const char *title, const char *snippet)
{
  const char *s = snippet;

  while (TRUE) {
    s += strspn (s, MARKS);
    if (*title == '\0')
      return *s == '\0' || g_ascii_isspace (*s) ? (gsize) (s - snippet) : 0;
    if (*s++ != *title++)
      return 0;
  }
}

char *
satchel_record_line_to_markup (const char *title, const char *snippet)
{
  gsize size = snippet != NULL ? measure_title (title, snippet) : 0;
  g_autofree char *first = size > 0 ? to_markup (snippet, size) : g_markup_escape_text (title, -1);
  const char *rest = snippet != NULL ? snippet + size + strspn (snippet + size, " \n") : "";

  if (strpbrk (rest, MARKS) == NULL)
    return g_steal_pointer (&first);
  g_autofree char *second = to_markup (rest, strlen (rest));
  return g_strconcat (first, "\n<small>", second, "</small>", NULL);
}

SatchelRecordLine *
satchel_record_line_new (const SatchelRecord *record, const char *snippet)
{
  SatchelRecordLine *self = g_new0 (SatchelRecordLine, 1);
  const SatchelKind *kind = satchel_record_get_kind (record);
  const char *language = satchel_words_language ();
  g_autofree char *when = satchel_words_moment (record->when_us);

  self->row = record->row;
  self->id = g_strdup (record->id);
  self->icon = g_strdup (kind->icon);
  self->title = satchel_words_title (kind, record->values);
  self->subtitle = g_strdup_printf ("%s · %s", satchel_label_get (kind->label, language), when);
  self->markup = satchel_record_line_to_markup (self->title, snippet);
  return self;
}

static void
clear_line (SatchelRecordLine *line)
{
  g_free (line->id);
  g_free (line->title);
  g_free (line->subtitle);
  g_free (line->icon);
  g_free (line->markup);
  g_free (line->spoken);
}

void
satchel_record_line_free (SatchelRecordLine *self)
{
  if (self == NULL)
    return;
  clear_line (self);
  g_free (self);
}

void
satchel_record_item_fill (SatchelRecordItem *self, const SatchelRecordLine *line)
{
  clear_line (&self->line);
  self->line.row = line->row;
  self->line.id = g_strdup (line->id);
  self->line.title = g_strdup (line->title);
  self->line.subtitle = g_strdup (line->subtitle);
  self->line.icon = g_strdup (line->icon);
  self->line.markup = g_strdup (line->markup);
  self->line.spoken = g_strdup (line->spoken);
  self->line.is_marked = line->is_marked;
  g_signal_emit (self, filled, 0);
}

const SatchelRecordLine *
satchel_record_item_get_line (SatchelRecordItem *self)
{
  return &self->line;
}

const char *
satchel_record_item_get_id (SatchelRecordItem *self)
{
  return self->line.id;
}

static void
satchel_record_item_finalize (GObject *object)
{
  clear_line (&SATCHEL_RECORD_ITEM (object)->line);
  G_OBJECT_CLASS (satchel_record_item_parent_class)->finalize (object);
}

static void
satchel_record_item_class_init (SatchelRecordItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = satchel_record_item_finalize;
  filled = g_signal_new ("filled", SATCHEL_TYPE_RECORD_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                         G_TYPE_NONE, 0);
}

static void
satchel_record_item_init (SatchelRecordItem *self)
{
}

SatchelRecordItem *
satchel_record_item_new (void)
{
  return g_object_new (SATCHEL_TYPE_RECORD_ITEM, NULL);
}
