/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * What a microphone gives, between the thread that encodes it and the one that puts it into the
 * vault: a bounded number of bytes, and how much sound and how loud it was. From any thread.
 */
typedef struct _SatchelTape SatchelTape;

#define SATCHEL_TAPE_RATE    48000 /* frames of sound a second */
#define SATCHEL_TAPE_LOUDEST 32768

SatchelTape *satchel_tape_new (gsize limit_bytes);
SatchelTape *satchel_tape_ref (SatchelTape *self);
void satchel_tape_unref (SatchelTape *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelTape, satchel_tape_unref)

/** Appends encoded sound, which goes up to @end_us after the beginning: it can end there. FALSE
 * where more would wait than the limit allows: nothing is taken, then and afterwards, so that what
 * was taken has no gap. */
gboolean
satchel_tape_put (SatchelTape *self, const guint8 *data, gsize size_bytes, gint64 end_us);
gboolean satchel_tape_is_full (SatchelTape *self);

/** Takes all that waits; NULL where there is nothing. The caller's. @end_us: how far it goes. */
GByteArray *satchel_tape_take (SatchelTape *self, gint64 *end_us);

/** Nothing comes any more. */
void satchel_tape_end (SatchelTape *self);

/** Waits until that was said, but no longer than @timeout_ms. */
gboolean satchel_tape_await_end (SatchelTape *self, guint timeout_ms);

/** @frames of sound were heard, the loudest sample at @peak, 0 to SATCHEL_TAPE_LOUDEST. */
void satchel_tape_hear (SatchelTape *self, guint64 frames, guint peak);

/** How much was heard in all. */
gint64 satchel_tape_get_heard_us (SatchelTape *self);

/** The loudest since it was asked last. */
guint satchel_tape_take_peak (SatchelTape *self);

G_END_DECLS
