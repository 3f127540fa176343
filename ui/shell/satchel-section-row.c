/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/satchel-section-row.h"

#include <glib/gi18n.h>

#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"

struct _SatchelSectionRow {
  GtkListBoxRow parent_instance;

  const SatchelSection *section;
  GtkLabel *count;
  SatchelSession *session; /* NULL where nothing is counted, and once it is disposed of */
  gboolean is_counting;
  gboolean is_stale; /* something changed while it was counting */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelSectionRow, satchel_section_row, GTK_TYPE_LIST_BOX_ROW)
// clang-format on

static void count (SatchelSectionRow *self);

static void
show_count (SatchelSectionRow *self, guint waiting)
{
  g_autofree char *number = g_strdup_printf ("%u", waiting);
  g_autofree char *digits = satchel_words_digits (number);
  g_autofree char *words = self->section->dup_count (waiting);

  gtk_label_set_label (self->count, digits);
  gtk_widget_set_visible (GTK_WIDGET (self->count), waiting > 0);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->count), words);
  /* The row keeps its name, by which it is called and found. */
  if (waiting > 0)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    words, -1);
  else
    gtk_accessible_reset_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
}

static gpointer
count_job (SatchelVault *vault,
           gpointer input,
           SatchelProgressReport progress,
           GCancellable *cancellable,
           GError **error)
{
  const SatchelSection *section = input;
  gint64 waiting = section->count (vault, error);

  return waiting >= 0 ? g_memdup2 (&waiting, sizeof waiting) : NULL;
}

/* What cannot be counted cannot be listed either, and the list says so: here stands no number. */
static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelSectionRow) self = user_data;
  g_autofree gint64 *waiting = satchel_session_run_finish (SATCHEL_SESSION (source), result, NULL);

  self->is_counting = FALSE;
  if (self->session == NULL)
    return;
  show_count (self, waiting != NULL ? (guint) *waiting : 0);
  if (self->is_stale)
    count (self);
}

static void
count (SatchelSectionRow *self)
{
  self->is_counting = TRUE;
  self->is_stale = FALSE;
  satchel_session_run_async (self->session,
                             &(SatchelSessionJob){
                                 .run = count_job,
                                 .input = (gpointer) self->section,
                                 .result_free = g_free,
                             },
                             NULL, counted_cb, g_object_ref (self));
}

static void
changed_cb (SatchelSectionRow *self, SatchelChanges changes)
{
  if ((changes & self->section->counts_after) == 0)
    return;
  self->is_stale = self->is_counting;
  if (!self->is_counting)
    count (self);
}

static void
satchel_section_row_dispose (GObject *object)
{
  g_clear_object (&SATCHEL_SECTION_ROW (object)->session);
  G_OBJECT_CLASS (satchel_section_row_parent_class)->dispose (object);
}

static void
satchel_section_row_class_init (SatchelSectionRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_section_row_dispose;
}

static void
satchel_section_row_init (SatchelSectionRow *self)
{
}

GtkWidget *
satchel_section_row_new (const SatchelSection *section, SatchelSession *session)
{
  SatchelSectionRow *self = g_object_new (SATCHEL_TYPE_SECTION_ROW, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (_ (section->title));

  self->section = section;
  self->count = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_set_visible (GTK_WIDGET (self->count), FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "satchel-count");
  gtk_widget_set_valign (GTK_WIDGET (self->count), GTK_ALIGN_CENTER);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (section->icon));
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->count));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  satchel_widget_call (GTK_WIDGET (self), _ (section->title), FALSE);
  if (section->count == NULL)
    return GTK_WIDGET (self);
  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  count (self);
  return GTK_WIDGET (self);
}

const SatchelSection *
satchel_section_row_get_section (SatchelSectionRow *self)
{
  return self->section;
}
