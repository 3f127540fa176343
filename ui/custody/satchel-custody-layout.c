/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "custody/satchel-custody-layout.h"

static void
add (GArray *pieces, SatchelCustodyPieceKind kind, double top, double bottom)
{
  SatchelCustodyPiece piece = {kind, top, bottom};

  g_array_append_val (pieces, piece);
}

/* As many links as there is room for, with an edge over each meeting place. */
static void
add_links (GArray *pieces, double top, double bottom)
{
  double room = bottom - top;
  int count = MAX ((int) (room / SATCHEL_CUSTODY_LINK_PX), 1);
  double step = room / count;

  if (room <= 0)
    return;
  for (int i = 0; i < count; i++) {
    double from = top + i * step;
    if (i > 0)
      add (pieces, SATCHEL_CUSTODY_PIECE_EDGE, from - step / 4, from + step / 4);
    add (pieces, SATCHEL_CUSTODY_PIECE_LINK, from, from + step);
  }
}

static void
add_gap (GArray *pieces, int height)
{
  double middle = height / 2.0;
  double half = MIN (SATCHEL_CUSTODY_GAP_PX, height) / 2.0;
  double cross = SATCHEL_CUSTODY_NODE_PX / 2.0;

  add_links (pieces, 0, middle - half);
  add (pieces, SATCHEL_CUSTODY_PIECE_NODE, middle - cross, middle + cross);
  add_links (pieces, middle + half, height);
}

GArray *
satchel_custody_layout (SatchelCustodyMark mark, int height, gboolean has_above, gboolean has_below)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (SatchelCustodyPiece));
  double top = SATCHEL_CUSTODY_NODE_Y_PX - SATCHEL_CUSTODY_NODE_PX / 2.0;
  double bottom = SATCHEL_CUSTODY_NODE_Y_PX + SATCHEL_CUSTODY_NODE_PX / 2.0;

  if (mark == SATCHEL_CUSTODY_MARK_GAP) {
    add_gap (pieces, height);
    return pieces;
  }
  if (has_above)
    add_links (pieces, 0, top);
  add (pieces, SATCHEL_CUSTODY_PIECE_NODE, top, bottom);
  if (has_below)
    add_links (pieces, bottom, height);
  return pieces;
}
