/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/** A fuzz target hands bytes to one parser; it stops the program where a promise is broken. Called
 *  by libFuzzer, or by fuzz-replay.c with every file of the corpus. Returns 0. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
