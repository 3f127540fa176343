/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/** Helpers for tests. Each scratch folder is the test's own, below the folder for temporary files,
 * and removed with everything in it by test_scratch_free(). */
char *test_scratch_new (void);
void test_scratch_free (char *folder);

typedef char TestScratch;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestScratch, test_scratch_free)

/** How many files and folders stand in @folder. */
guint test_count_entries (const char *folder);

/** g_build_filename() of a test's own data: tests/<@relative>. */
char *test_source_path (const char *relative);

/** Fails the test where any file below @folder contains @needle, as bytes, in UTF-8 or UTF-16LE. */
void test_assert_no_plaintext (const char *folder, const char *needle);

/** Runs a program and waits; fails the test where it cannot start. Returns its exit code; outputs
 * nullable. */
int test_run (const char *const *argv,
              const char *standard_input,
              char **standard_output,
              char **standard_error);

/** Skips the test and returns FALSE where a program is not installed. */
gboolean test_has_program (const char *name);

/** @size_bytes of reproducible noise for @seed. */
GBytes *test_noise (gsize size_bytes, guint32 seed);
