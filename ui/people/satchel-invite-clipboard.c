/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-invite-clipboard.h"

#include <string.h>

#include "papers/satchel-invite.h"

/* What is to be taken out again; it frees itself when that is done. */
typedef struct {
  GdkClipboard *clipboard;
  GdkContentProvider *content;
  SatchelSession *session;
  gulong locking_handler;
  guint timeout_source;
} Lent;

static void
take_out (Lent *self)
{
  if (gdk_clipboard_get_content (self->clipboard) == self->content)
    gdk_clipboard_set_content (self->clipboard, NULL);
  g_clear_handle_id (&self->timeout_source, g_source_remove);
  g_clear_signal_handler (&self->locking_handler, self->session);
  g_object_unref (self->content);
  g_object_unref (self->clipboard);
  g_object_unref (self->session);
  g_free (self);
}

static gboolean
timeout_cb (gpointer user_data)
{
  Lent *self = user_data;

  self->timeout_source = 0;
  take_out (self);
  return G_SOURCE_REMOVE;
}

static void
wipe_text (gpointer text)
{
  satchel_invite_wipe_text (text);
}

GdkContentProvider *
satchel_invite_clipboard_new_content (char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_with_free_func (text, strlen (text), wipe_text, text);
  g_autoptr (GBytes) hint = g_bytes_new_static ("secret", strlen ("secret"));
  GdkContentProvider *contents[] = {
      gdk_content_provider_new_for_bytes ("text/plain;charset=utf-8", bytes),
      gdk_content_provider_new_for_bytes ("text/plain", bytes),
      gdk_content_provider_new_for_bytes ("x-kde-passwordManagerHint", hint),
  };

  return gdk_content_provider_new_union (contents, G_N_ELEMENTS (contents));
}

void
satchel_invite_clipboard_put (GdkClipboard *clipboard, SatchelSession *session, char *text)
{
  Lent *self = g_new0 (Lent, 1);

  self->content = satchel_invite_clipboard_new_content (text);
  self->clipboard = g_object_ref (clipboard);
  self->session = g_object_ref (session);
  gdk_clipboard_set_content (clipboard, self->content);
  self->locking_handler =
      g_signal_connect_swapped (session, "notify::state", G_CALLBACK (take_out), self);
  self->timeout_source =
      g_timeout_add_seconds (SATCHEL_INVITE_CLIPBOARD_SECONDS, timeout_cb, self);
}
