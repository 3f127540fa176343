/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/satchel-desk-menu.h"

#include <glib/gi18n.h>

#include "inbox/satchel-desk-text.h"

static void
append (GMenu *menu, const char *label, const char *action, GVariant *target)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, action, target);
  g_menu_append_item (menu, item);
}

GMenuModel *
satchel_desk_menu_new_status (void)
{
  GMenu *menu = g_menu_new ();

  for (int i = 0; i <= SATCHEL_DESK_CLOSED; i++)
    append (menu, satchel_desk_text_status ((SatchelDeskStatus) i), "desk.status",
            g_variant_new_int32 (i));
  return G_MENU_MODEL (menu);
}

/* Underlines in names are no mnemonics. */
static char *
dup_label (const char *name)
{
  g_autoptr (GString) label = g_string_new (name);

  g_string_replace (label, "_", "__", 0);
  return g_string_free (g_steal_pointer (&label), FALSE);
}

GMenuModel *
satchel_desk_menu_new_assign (const SatchelDeskChoices *choices)
{
  GMenu *menu = g_menu_new ();

  /* Translators: whom work is assigned to. */
  append (menu, _ ("Me"), "desk.assign", g_variant_new_string ("me"));
  for (guint i = 0; i < choices->members->len; i++) {
    const SatchelContact *contact = choices->members->pdata[i];
    g_autofree char *name = satchel_desk_choices_dup_name (choices, contact->id);
    g_autofree char *label = dup_label (name);
    append (menu, label, "desk.assign", g_variant_new_string (contact->id));
  }
  append (menu, _ ("Nobody"), "desk.assign", g_variant_new_string (""));
  return G_MENU_MODEL (menu);
}

static void
append_view (GMenu *menu, const char *question)
{
  g_autofree char *view = satchel_desk_text_dup_view (question);
  g_autofree char *label = dup_label (view);

  append (menu, label, "inbox.show", g_variant_new_string (question));
}

GMenuModel *
satchel_desk_menu_new_views (const SatchelDeskChoices *choices)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) first = g_menu_new (), statuses = g_menu_new (), tags = g_menu_new ();

  append_view (first, "");
  append_view (first, "unread");
  append_view (first, "mine");
  for (int i = 0; i <= SATCHEL_DESK_CLOSED; i++) {
    g_autofree char *question = g_strdup_printf ("status:%d", i);
    append_view (statuses, question);
  }
  for (guint i = 0; choices->tags[i] != NULL; i++) {
    g_autofree char *question = g_strconcat ("tag:", choices->tags[i], NULL);
    append_view (tags, question);
  }
  g_menu_append_section (menu, NULL, G_MENU_MODEL (first));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (statuses));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (tags));
  return G_MENU_MODEL (menu);
}

gboolean
satchel_desk_menu_read (const char *action, GVariant *parameter, SatchelDeskChange *change)
{
  *change = (SatchelDeskChange){0};
  if (g_str_equal (action, "desk.read")) {
    change->part = SATCHEL_DESK_PART_READ;
    change->is_read = g_variant_get_boolean (parameter);
  } else if (g_str_equal (action, "desk.status")) {
    change->part = SATCHEL_DESK_PART_STATUS;
    change->status = (SatchelDeskStatus) g_variant_get_int32 (parameter);
  } else if (g_str_equal (action, "desk.assign")) {
    const char *whom = g_variant_get_string (parameter, NULL);
    change->part = SATCHEL_DESK_PART_ASSIGNEE;
    change->is_mine = g_str_equal (whom, "me");
    change->assignee = change->is_mine || *whom == '\0' ? NULL : whom;
  } else if (g_str_equal (action, "desk.tag") || g_str_equal (action, "desk.untag")) {
    change->part = SATCHEL_DESK_PART_TAG;
    change->tag = g_variant_get_string (parameter, NULL);
    change->has_tag = g_str_equal (action, "desk.tag");
  } else {
    return FALSE;
  }
  return TRUE;
}
