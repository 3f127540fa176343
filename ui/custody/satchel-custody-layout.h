/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** Where the pieces of the drawn chain are; no widget. */

/** What one mark of the chain shows; marks stand under each other without a space between. */
typedef enum {
  SATCHEL_CUSTODY_MARK_THEIRS, /* a ring: an entry of somebody who had it before */
  SATCHEL_CUSTODY_MARK_OURS,   /* a disc: an entry of this vault */
  SATCHEL_CUSTODY_MARK_HANDS,  /* a diamond: it changed hands */
  SATCHEL_CUSTODY_MARK_FAULT,  /* a cross: an entry that ties nothing */
  SATCHEL_CUSTODY_MARK_GAP,    /* no entry: the chain is broken between two */
} SatchelCustodyMark;

typedef enum {
  SATCHEL_CUSTODY_PIECE_LINK, /* one closed link, seen from the front */
  SATCHEL_CUSTODY_PIECE_EDGE, /* one seen from its edge, between two others */
  SATCHEL_CUSTODY_PIECE_NODE, /* the mark itself; a cross for GAP */
} SatchelCustodyPieceKind;

typedef struct {
  SatchelCustodyPieceKind kind;
  double top;
  double bottom;
} SatchelCustodyPiece;

#define SATCHEL_CUSTODY_MARK_PX   32 /* wide */
#define SATCHEL_CUSTODY_NODE_Y_PX 21 /* the middle of a node below its mark's top */
#define SATCHEL_CUSTODY_NODE_PX   16
#define SATCHEL_CUSTODY_LINK_PX   12 /* about: links are stretched to fill their place */
#define SATCHEL_CUSTODY_GAP_PX    24 /* of a mark's middle that a gap leaves empty */

/** The pieces of a mark of @height px, from the top down. @has_above, @has_below: whether the chain
 *  goes on there; for a GAP it does on both sides. Of SatchelCustodyPiece, the caller's. */
GArray *satchel_custody_layout (SatchelCustodyMark mark,
                                int height,
                                gboolean has_above,
                                gboolean has_below);

G_END_DECLS
