/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/satchel-draft-list.h"

#include <glib/gi18n.h>

#include "records/satchel-draft.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"
#include "window/satchel-window.h"

#define HEIGHT_MAX_PX 220

struct _SatchelDraftList {
  AdwBin parent_instance;

  GtkListBox *list; /* NULL until it is needed */
  SatchelSession *session;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelDraftList, satchel_draft_list, ADW_TYPE_BIN)
// clang-format on

static GtkWidget *
make_row (const SatchelDraft *draft)
{
  const SatchelKind *kind =
      satchel_kinds_find (satchel_kinds_get_builtin (), draft->kind, NULL);
  const char *label =
      kind != NULL ? satchel_label_get (kind->label, satchel_words_language ()) : draft->kind;
  g_autofree char *when = satchel_words_moment (draft->changed_us);
  g_autofree char *subtitle = g_strdup_printf ("%s · %s", label, when);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_box_append (GTK_BOX (texts), satchel_label_new_line (draft->title, NULL));
  gtk_box_append (GTK_BOX (texts), satchel_label_new_line (subtitle, "caption dim-label"));
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("document-edit-symbolic"));
  gtk_box_append (GTK_BOX (box), texts);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  satchel_widget_call (row, draft->title, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  subtitle, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "draft.open");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", draft->id);
  return row;
}

/* When there is a draft to show: most of the time there is none. */
static void
make_list (SatchelDraftList *self)
{
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  GtkWidget *heading = satchel_label_new_line (_ ("Not saved yet"), "heading");
  GtkScrolledWindow *scroller = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "navigation-sidebar");
  satchel_widget_call (GTK_WIDGET (self->list), _ ("Not saved yet"), FALSE);
  gtk_scrolled_window_set_policy (scroller, GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (scroller, TRUE);
  gtk_scrolled_window_set_max_content_height (scroller, HEIGHT_MAX_PX);
  gtk_scrolled_window_set_child (scroller, GTK_WIDGET (self->list));
  gtk_widget_set_margin_start (heading, 14);
  gtk_widget_set_margin_top (heading, 10);
  gtk_box_append (box, heading);
  gtk_box_append (box, GTK_WIDGET (scroller));
  gtk_box_append (box, gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (box));
}

static void
show (SatchelDraftList *self, GPtrArray *drafts)
{
  GtkWidget *child;

  gtk_widget_set_visible (GTK_WIDGET (self), drafts->len > 0);
  if (self->list == NULL && drafts->len == 0)
    return;
  if (self->list == NULL)
    make_list (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  for (guint i = 0; i < drafts->len; i++)
    gtk_list_box_append (self->list, make_row (drafts->pdata[i]));
}

static gpointer
list_job (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  return satchel_draft_list (vault, error);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelDraftList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) drafts =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->session == NULL)
    return;
  if (drafts != NULL)
    show (self, drafts);
  else
    satchel_window_say_error (GTK_WIDGET (self), error);
}

static void
load (SatchelDraftList *self)
{
  satchel_session_run_async (self->session,
                             &(SatchelSessionJob){
                                 .run = list_job,
                                 .result_free = (GDestroyNotify) g_ptr_array_unref,
                             },
                             NULL, listed_cb, g_object_ref (self));
}

static void
changed_cb (SatchelDraftList *self, SatchelChanges changes)
{
  if ((changes & (SATCHEL_CHANGED_DRAFTS | SATCHEL_CHANGED_RECORDS)) != 0)
    load (self);
}

static void
satchel_draft_list_dispose (GObject *object)
{
  g_clear_object (&SATCHEL_DRAFT_LIST (object)->session);
  G_OBJECT_CLASS (satchel_draft_list_parent_class)->dispose (object);
}

static void
satchel_draft_list_class_init (SatchelDraftListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_draft_list_dispose;
}

static void
satchel_draft_list_init (SatchelDraftList *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
satchel_draft_list_new (SatchelSession *session)
{
  SatchelDraftList *self = g_object_new (SATCHEL_TYPE_DRAFT_LIST, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  load (self);
  return GTK_WIDGET (self);
}
