/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/satchel-tape.h"

struct _SatchelTape {
  gatomicrefcount references;
  gsize limit_bytes;
  GMutex lock; /* of all that follows */
  GCond ended;
  GByteArray *waiting;
  gint64 end_us; /* where the sound in it ends */
  gboolean is_full;
  gboolean is_ended;
  guint64 frames;
  guint peak;
};

SatchelTape *
satchel_tape_new (gsize limit_bytes)
{
  SatchelTape *self = g_new0 (SatchelTape, 1);

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->lock);
  g_cond_init (&self->ended);
  self->limit_bytes = limit_bytes;
  self->waiting = g_byte_array_new ();
  return self;
}

SatchelTape *
satchel_tape_ref (SatchelTape *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
satchel_tape_unref (SatchelTape *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->references))
    return;
  g_byte_array_unref (self->waiting);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->ended);
  g_free (self);
}

gboolean
satchel_tape_put (SatchelTape *self, const guint8 *data, gsize size_bytes, gint64 end_us)
{
  g_mutex_lock (&self->lock);
  self->is_full = self->is_full || size_bytes > self->limit_bytes - self->waiting->len;
  gboolean is_taken = !self->is_full;
  if (is_taken) {
    g_byte_array_append (self->waiting, data, size_bytes);
    self->end_us = MAX (self->end_us, end_us);
  }
  g_mutex_unlock (&self->lock);
  return is_taken;
}

gboolean
satchel_tape_is_full (SatchelTape *self)
{
  g_mutex_lock (&self->lock);
  gboolean is_full = self->is_full;
  g_mutex_unlock (&self->lock);
  return is_full;
}

GByteArray *
satchel_tape_take (SatchelTape *self, gint64 *end_us)
{
  GByteArray *taken = NULL;

  g_mutex_lock (&self->lock);
  if (self->waiting->len > 0) {
    taken = self->waiting;
    self->waiting = g_byte_array_new ();
    *end_us = self->end_us;
  }
  g_mutex_unlock (&self->lock);
  return taken;
}

void
satchel_tape_end (SatchelTape *self)
{
  g_mutex_lock (&self->lock);
  self->is_ended = TRUE;
  g_cond_broadcast (&self->ended);
  g_mutex_unlock (&self->lock);
}

gboolean
satchel_tape_await_end (SatchelTape *self, guint timeout_ms)
{
  gint64 until_us = g_get_monotonic_time () + (gint64) timeout_ms * 1000;

  g_mutex_lock (&self->lock);
  while (!self->is_ended && g_cond_wait_until (&self->ended, &self->lock, until_us))
    ;
  gboolean is_ended = self->is_ended;
  g_mutex_unlock (&self->lock);
  return is_ended;
}

void
satchel_tape_hear (SatchelTape *self, guint64 frames, guint peak)
{
  g_mutex_lock (&self->lock);
  self->frames += frames;
  self->peak = MAX (self->peak, peak);
  g_mutex_unlock (&self->lock);
}

gint64
satchel_tape_get_heard_us (SatchelTape *self)
{
  g_mutex_lock (&self->lock);
  guint64 frames = self->frames;
  g_mutex_unlock (&self->lock);
  return (gint64) (frames * G_USEC_PER_SEC / SATCHEL_TAPE_RATE);
}

guint
satchel_tape_take_peak (SatchelTape *self)
{
  g_mutex_lock (&self->lock);
  guint peak = self->peak;
  self->peak = 0;
  g_mutex_unlock (&self->lock);
  return peak;
}
