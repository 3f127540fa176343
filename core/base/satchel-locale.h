/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** The words of a program in its user's language. */

/** Sets the locale as the environment says, and finds the translations of @domain: in @installed,
 *  or beside the program where that runs from the folder that it was built in. Once, before any
 *  word is shown and any thread is started. */
void satchel_locale_start (const char *domain, const char *installed);

/** The language of the translation that words really come from, "ru"; NULL: none, they are as
 *  they were written. What is chosen by language is then never another one than the words around
 *  it. Borrowed; from any thread. */
const char *satchel_locale_language (void);

G_END_DECLS
