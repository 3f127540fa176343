/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sodium.h>
#include <stddef.h>
#include <stdint.h>

/** A fuzz target hands bytes to one parser; it stops the program where a promise is broken. Called
 *  by libFuzzer, or by fuzz-replay.c with every file of the corpus. Returns 0. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/** sodium_init() and no more: a process that cannot be dumped, as satchel_secret_init() makes it,
 *  cannot be searched for leaks. */
static inline void
fuzz_init (void)
{
  if (sodium_init () < 0)
    g_error ("the random generator could not be started");
}
