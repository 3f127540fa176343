/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-newsroom-card.h"

/** The real satchel-intake on loopback, in a process of its own. */
typedef struct {
  char *folder;
  char *port;
  SatchelIntakeCard *card;
  GSubprocess *process; /* NULL while it is down */
} TestIntake;

/** Makes one below @folder; not serving yet. */
TestIntake *test_intake_new (const char *folder);
void test_intake_free (TestIntake *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestIntake, test_intake_free)

/** Admits a newsroom card on the machine itself. */
void test_intake_admit (TestIntake *self, const SatchelNewsroomCard *card);

/** Serves; returns once it listens. */
void test_intake_start (TestIntake *self);
/** Kills it at once, as a power cut does. */
void test_intake_kill (TestIntake *self);

/** A TCP port of loopback that is free now. */
guint16 test_free_port (void);
