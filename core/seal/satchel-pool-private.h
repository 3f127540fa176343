/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "seal/satchel-stream.h"

/** Work in numbered parts, done by whoever has time: the pool's threads, and who waits for it. */
typedef void (*SatchelPoolWork) (gpointer data, guint index);
typedef struct _SatchelPoolTask SatchelPoolTask;

/** Lets the pool begin to call @work once for each index below @count. @self NULL: nothing happens
 * before satchel_pool_end(). */
SatchelPoolTask *
satchel_pool_begin (SatchelPool *self, SatchelPoolWork work, gpointer data, guint count);

/** Does what nobody has begun yet in the calling thread, returns when all calls have, and frees.
 * So nothing depends on a thread being free: a task may begin and end others. */
void satchel_pool_end (SatchelPoolTask *task);

/** Both at once. */
void satchel_pool_run (SatchelPool *self, SatchelPoolWork work, gpointer data, guint count);

/** One piece of work at a time that goes on behind its owner's back: the batch that is read ahead,
 * or written behind. The owner touches nothing of what @work does until satchel_lane_await(). */
typedef void (*SatchelLaneWork) (gpointer data, GCancellable *stop);

typedef struct {
  SatchelPool *pool; /* borrowed, nullable: then the work is done by who awaits it */
  SatchelPoolTask *task;
  SatchelLaneWork work;
  gpointer data;
  GCancellable *stop;
} SatchelLane;

void satchel_lane_init (SatchelLane *self, SatchelPool *pool, SatchelLaneWork work, gpointer data);

/** Begins; nothing else may be under way. */
void satchel_lane_begin (SatchelLane *self);

/** Whether something was begun that nobody has awaited. */
gboolean satchel_lane_is_busy (const SatchelLane *self);

/** Waits for what was begun, if anything was. Cancelling @cancellable (nullable) meanwhile, or
 * before, cancels that work. */
void satchel_lane_await (SatchelLane *self, GCancellable *cancellable);

/** Cancels, waits, frees what is inside. */
void satchel_lane_clear (SatchelLane *self);
