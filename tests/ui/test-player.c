/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The player, with a viewer that does not keep to what it says. */
#include "player/satchel-player.h"

#include <stdlib.h>

typedef struct {
  GMainLoop *loop;
  gint64 ended_us; /* where it stands once it stands */
} Watched;

static void
opened_cb (SatchelPlayer *player, gpointer unused)
{
  satchel_player_set_playing (player, TRUE);
}

static void
changed_cb (SatchelPlayer *player, Watched *watched)
{
  if (satchel_player_is_playing (player))
    return;
  watched->ended_us = satchel_player_get_position_us (player);
  g_main_loop_quit (watched->loop);
}

static void
failed_cb (SatchelPlayer *player, const GError *error, gpointer unused)
{
  g_error ("%s", error->message);
}

static gboolean
too_long_cb (gpointer unused)
{
  g_error ("it stands where it began");
  return G_SOURCE_REMOVE;
}

/* What can be heard is heard, to its end. */
static void
test_no_frame_comes (void)
{
  g_autofree char *viewer =
      g_build_filename (g_getenv ("SATCHEL_SOURCE"), "tests", "ui", "media", "frameless", NULL);
  g_autoptr (GInputStream) content = g_memory_input_stream_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  Watched watched = {loop, -1};

  g_setenv ("SATCHEL_VIEWER", viewer, TRUE);
  g_autoptr (SatchelPlayer) player = satchel_player_new (content, 0, 64, 64, &error);
  g_assert_no_error (error);
  g_signal_connect (player, "opened", G_CALLBACK (opened_cb), NULL);
  g_signal_connect (player, "changed", G_CALLBACK (changed_cb), &watched);
  g_signal_connect (player, "failed", G_CALLBACK (failed_cb), NULL);
  guint too_long = g_timeout_add_seconds (40, too_long_cb, NULL);
  g_main_loop_run (loop);
  g_source_remove (too_long);
  g_assert_cmpint (watched.ended_us, ==, G_USEC_PER_SEC);
  satchel_player_close (player);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/player/no-frame-comes", test_no_frame_comes);
  return g_test_run ();
}
