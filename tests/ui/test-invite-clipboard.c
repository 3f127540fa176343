/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-invite-clipboard.h"

/* Histories of clipboards look for the mark; programs that paste, for text. */
static void
test_formats (void)
{
  static const char *const MIMES[] = {"text/plain", "text/plain;charset=utf-8",
                                      "x-kde-passwordManagerHint"};
  g_autoptr (GdkContentProvider) content =
      satchel_invite_clipboard_new_content (g_strdup ("SATCHEL-INVITE"));
  g_autoptr (GdkContentFormats) formats = gdk_content_provider_ref_formats (content);

  for (guint i = 0; i < G_N_ELEMENTS (MIMES); i++)
    g_assert_true (gdk_content_formats_contain_mime_type (formats, MIMES[i]));
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  gdk_content_provider_write_mime_type_finish (GDK_CONTENT_PROVIDER (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static void
test_hint (void)
{
  g_autoptr (GdkContentProvider) content =
      satchel_invite_clipboard_new_content (g_strdup ("SATCHEL-INVITE"));
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GBytes) written = NULL;
  gboolean is_done = FALSE;

  gdk_content_provider_write_mime_type_async (content, "x-kde-passwordManagerHint", stream,
                                              G_PRIORITY_DEFAULT, NULL, written_cb, &is_done);
  while (!is_done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  written = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
  g_assert_cmpmem (g_bytes_get_data (written, NULL), g_bytes_get_size (written), "secret", 6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/invite-clipboard/formats", test_formats);
  g_test_add_func ("/invite-clipboard/hint", test_hint);
  return g_test_run ();
}
