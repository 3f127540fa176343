/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "seal/satchel-stream.h"

/**
 * Pieces of work, numbered from 0 and done one after the other behind their owner's back: batches
 * that are read ahead, or written behind. The owner says how many it wants done and waits for those
 * it needs; meanwhile it touches nothing of theirs. Whoever has time does the next piece: a thread
 * of the pool, or the owner while it waits. So nothing depends on a thread being free, and without
 * a pool the owner does everything itself.
 */
typedef struct _SatchelLane SatchelLane;

/** Does piece @number. Returns FALSE where it was the last there will be. */
typedef gboolean (*SatchelLaneWork) (gpointer data, guint64 number, GCancellable *stop);

/** @pool (nullable) and @data are borrowed. */
SatchelLane *satchel_lane_new (SatchelPool *pool, SatchelLaneWork work, gpointer data);

/** Lets the pool go on until @count pieces are done. */
void satchel_lane_want (SatchelLane *self, guint64 count);

/** Waits until @count pieces are done (they are wanted then) or the last there will be is. FALSE
 * for the latter, where they are fewer. Cancelling @cancellable (nullable) meanwhile, or before,
 * cancels the work; then no other piece is begun before the next call of these two. */
gboolean satchel_lane_await (SatchelLane *self, guint64 count, GCancellable *cancellable);

/** Waits for the piece under way; the next one to be done is number 0. */
void satchel_lane_rewind (SatchelLane *self);

/** Cancels, waits, frees. NULL-safe. */
void satchel_lane_free (SatchelLane *self);
