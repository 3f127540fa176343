/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "viewer.h"

static gboolean
is_socket (int fd)
{
  int type = 0;
  socklen_t size = sizeof type;

  return getsockopt (fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

static gboolean
render (GInputStream *content,
        const SatchelViewerOpen *open,
        const SatchelViewerRender *wanted,
        ViewerPicture *picture,
        SatchelViewerFailure *failure)
{
  g_seekable_seek (G_SEEKABLE (content), 0, G_SEEK_SET, NULL, NULL);
  if (open->kind == SATCHEL_VIEWER_KIND_PDF)
    return viewer_decode_pdf (content, open->size_bytes, wanted, picture, failure);
  return viewer_decode_picture (content, (SatchelViewerKind) open->kind, wanted, picture, failure);
}

static void
answer_render (GInputStream *content, const SatchelViewerOpen *open)
{
  SatchelViewerRender wanted;
  SatchelViewerFailure failure = SATCHEL_VIEWER_FAILURE_DAMAGED;
  ViewerPicture picture = {0};

  viewer_receive (&wanted, sizeof wanted);
  wanted.width = CLAMP (wanted.width, 1, SATCHEL_VIEWER_SIDE_MAX);
  wanted.height = CLAMP (wanted.height, 1, SATCHEL_VIEWER_SIDE_MAX);
  if (render (content, open, &wanted, &picture, &failure)) {
    viewer_send (SATCHEL_VIEWER_PICTURE, &picture.facts, sizeof picture.facts, picture.pixels,
                 (gsize) picture.facts.width * picture.facts.height * 4);
    g_free (picture.pixels);
  } else {
    guint32 number = failure;
    viewer_send (SATCHEL_VIEWER_FAILED, &number, sizeof number, NULL, 0);
  }
}

static void
answer (GInputStream *content, const SatchelViewerOpen *open)
{
  SatchelViewerHeader header;

  viewer_receive (&header, sizeof header);
  if (header.message == SATCHEL_VIEWER_RENDER) {
    answer_render (content, open);
  } else if (header.message == SATCHEL_VIEWER_LOOK) {
    guint32 place = viewer_find_place (content, open->size_bytes);
    viewer_send (SATCHEL_VIEWER_PLACE, &place, sizeof place, NULL, 0);
  } else {
    _exit (1);
  }
}

static void
prepare (ViewerWork work)
{
  if (work == VIEWER_PLAYS) {
    viewer_preload_player ();
  } else {
    viewer_preload_picture ();
    viewer_preload_pdf ();
  }
  viewer_enter_sandbox (work);
  viewer_send (SATCHEL_VIEWER_READY, NULL, 0, NULL, 0);
}

int
main (int argc, char **argv)
{
  SatchelViewerHeader header;
  SatchelViewerOpen open;
  gboolean is_player = argc == 2 && strcmp (argv[1], SATCHEL_VIEWER_PLAYS) == 0;

  if ((argc != 1 && !is_player) || !is_socket (SATCHEL_VIEWER_FD)) {
    fputs ("satchel-viewer is started by Satchel, to decode files apart from it.\n", stderr);
    return 1;
  }
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  prepare (is_player ? VIEWER_PLAYS : VIEWER_DRAWS);
  viewer_receive_header (SATCHEL_VIEWER_OPEN, &header);
  viewer_receive (&open, sizeof open);
  if (is_player)
    viewer_play (&open);
  g_autoptr (GInputStream) content = viewer_content_new (open.size_bytes, viewer_fetch_in_turn);
  for (;;)
    answer (content, &open);
}
