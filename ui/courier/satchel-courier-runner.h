/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session/satchel-session.h"
#include "sync/satchel-rules.h"

G_BEGIN_DECLS

/**
 * Sends what is sealed and fetches what came, by itself: at unlocking, after sealing, when the
 * network changes, and again after a while; also while the vault is locked, what was ready to be
 * sent before. It has a thread of its own, beside the vault's. The main loop's only.
 */
#define SATCHEL_TYPE_COURIER_RUNNER (satchel_courier_runner_get_type ())
G_DECLARE_FINAL_TYPE (
    SatchelCourierRunner, satchel_courier_runner, SATCHEL, COURIER_RUNNER, GObject)

typedef enum {
  SATCHEL_COURIER_UNKNOWN,   /* nothing was tried yet */
  SATCHEL_COURIER_ALONE,     /* the vault belongs to no newsroom */
  SATCHEL_COURIER_WORKING,   /* connecting, sending */
  SATCHEL_COURIER_CONNECTED, /* the newsroom answered the last time, and has everything */
  SATCHEL_COURIER_WAITING,   /* not now: see the error */
  SATCHEL_COURIER_ASKING,    /* the person wants to be asked first */
  SATCHEL_COURIER_ALARMED,   /* who answered is not the newsroom */
} SatchelCourierState;

/** What there is to say. Borrowed, valid until the next "changed". */
typedef struct {
  SatchelCourierState state;
  const char *newsroom; /* nullable */
  const GError *error;  /* why it waits or is alarmed; nullable */
  const SatchelVerdict
      *verdict;       /* of the person's rules, where it is they that say wait; nullable */
  guint waiting;      /* bundles that nobody has yet */
  GPtrArray *alarms;  /* of SatchelSyncAlarm: those that nobody has read; NULL for none */
  guint unreadable;   /* bundles of the last round that could not be read here */
  guint refused;      /* and that were put aside */
  guint64 done_bytes; /* while working; of @total_bytes, 0 where that is not known */
  guint64 total_bytes;
} SatchelCourierStatus;

/** Signal "changed" (): satchel_courier_runner_get_status() says something else. */
SatchelCourierRunner *satchel_courier_runner_new (SatchelSession *session);

const SatchelCourierStatus *satchel_courier_runner_get_status (SatchelCourierRunner *self);

/** A person asks for it: of the rules only the route counts. */
void satchel_courier_runner_send_now (SatchelCourierRunner *self);

/** A person wants it to stop: at the next chunk, and nothing is sent or fetched before they ask for
 *  it. */
void satchel_courier_runner_pause (SatchelCourierRunner *self);

/** A person has read the alarms of the status: it has none any more, once that is stored. */
void satchel_courier_runner_note_alarms_read (SatchelCourierRunner *self);

/** Stops what runs and joins the thread: for the program's end. What was acknowledged is in the
 *  journal. */
void satchel_courier_runner_stop (SatchelCourierRunner *self);

G_END_DECLS
