/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/satchel-desk-text.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"

#define TAG_BYTES_MAX (SATCHEL_DESK_TAG_MAX * 4)

const char *
satchel_desk_text_status (SatchelDeskStatus status)
{
  /* Translators: how far a desk is with a bundle that it received. */
  switch (status) {
    case SATCHEL_DESK_NEW:
      return C_ ("bundle", "New");
    case SATCHEL_DESK_READING:
      return _ ("Reading");
    case SATCHEL_DESK_NEEDS_REPLY:
      return _ ("Needs reply");
    case SATCHEL_DESK_PUBLISHED:
      return _ ("Published");
    case SATCHEL_DESK_CLOSED:
      return _ ("Closed");
  }
  return "";
}

char *
satchel_desk_text_dup_assignee (const SatchelDesk *desk, const char *name)
{
  if (desk->is_mine)
    return g_strdup (_ ("For you"));
  if (desk->assignee != NULL)
    /* Translators: %s is the name of whoever works on it. */
    return g_strdup_printf (_ ("For %s"), name != NULL ? name : "?");
  return g_strdup (_ ("Nobody’s"));
}

static char *
join_tags (char **tags)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; tags[i] != NULL; i++) {
    g_autofree char *tag = satchel_text_for_display (tags[i], TAG_BYTES_MAX);
    g_string_append_printf (text, "%s#%s", i > 0 ? " " : "", tag);
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
satchel_desk_text_dup_work (const SatchelDesk *desk, const char *name)
{
  g_autofree char *tags = join_tags (desk->tags);
  g_autofree char *whose = desk->is_mine || desk->assignee != NULL
                               ? satchel_desk_text_dup_assignee (desk, name)
                               : NULL;
  const char *parts[] = {
      desk->status != SATCHEL_DESK_NEW ? satchel_desk_text_status (desk->status) : NULL,
      whose, *tags != '\0' ? tags : NULL};
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i] != NULL)
      g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", parts[i]);
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

static char *
dup_assigned (const SatchelDeskChange *change, const char *name, guint count)
{
  if (change->is_mine)
    return g_strdup_printf (ngettext ("%u assigned to you", "%u assigned to you", count), count);
  if (change->assignee != NULL)
    /* Translators: a number of bundles, the name of a member of the newsroom. */
    return g_strdup_printf (ngettext ("%u assigned to %s", "%u assigned to %s", count), count,
                            name != NULL ? name : "?");
  return g_strdup_printf (ngettext ("%u assigned to nobody", "%u assigned to nobody", count),
                          count);
}

char *
satchel_desk_text_dup_done (const SatchelDeskChange *change, const char *name, guint count)
{
  switch (change->part) {
    case SATCHEL_DESK_PART_READ:
      return g_strdup_printf (
          change->is_read
              ? ngettext ("%u marked as read", "%u marked as read", count)
              : ngettext ("%u marked as unread", "%u marked as unread", count),
          count);
    case SATCHEL_DESK_PART_STATUS:
      /* Translators: a number of bundles, and how far the desk is with them: "3 now: Closed". */
      return g_strdup_printf (ngettext ("%u now: %s", "%u now: %s", count), count,
                              satchel_desk_text_status (change->status));
    case SATCHEL_DESK_PART_ASSIGNEE:
      return dup_assigned (change, name, count);
    case SATCHEL_DESK_PART_TAG: {
      g_autofree char *tag = satchel_text_for_display (change->tag, TAG_BYTES_MAX);
      return g_strdup_printf (
          change->has_tag
              /* Translators: a number of bundles, a tag. */
              ? ngettext ("%u tagged #%s", "%u tagged #%s", count)
              : ngettext ("%u no longer tagged #%s", "%u no longer tagged #%s", count),
          count, tag);
    }
  }
  return g_strdup ("");
}

void
satchel_desk_text_parse_question (const char *question, SatchelDeskFilter *filter)
{
  guint64 status = 0;

  *filter = (SatchelDeskFilter){.view = SATCHEL_DESK_ALL};
  if (question == NULL)
    return;
  if (g_str_equal (question, "unread")) {
    filter->view = SATCHEL_DESK_UNREAD;
  } else if (g_str_equal (question, "mine")) {
    filter->view = SATCHEL_DESK_MINE;
  } else if (g_str_has_prefix (question, "tag:")) {
    filter->view = SATCHEL_DESK_OF_TAG;
    filter->tag = question + strlen ("tag:");
  } else if (g_str_has_prefix (question, "status:") &&
             g_ascii_string_to_unsigned (question + strlen ("status:"), 10, 0,
                                         SATCHEL_DESK_CLOSED, &status, NULL)) {
    filter->view = SATCHEL_DESK_OF_STATUS;
    filter->status = (SatchelDeskStatus) status;
  }
}

char *
satchel_desk_text_dup_view (const char *question)
{
  SatchelDeskFilter filter;

  satchel_desk_text_parse_question (question, &filter);
  switch (filter.view) {
    case SATCHEL_DESK_ALL:
      return g_strdup (_ ("Everything"));
    case SATCHEL_DESK_UNREAD:
      return g_strdup (_ ("Unread"));
    case SATCHEL_DESK_MINE:
      return g_strdup (_ ("For you"));
    case SATCHEL_DESK_OF_STATUS:
      return g_strdup (satchel_desk_text_status (filter.status));
    case SATCHEL_DESK_OF_TAG: {
      g_autofree char *tag = satchel_text_for_display (filter.tag, TAG_BYTES_MAX);
      return g_strconcat ("#", tag, NULL);
    }
  }
  return g_strdup ("");
}
