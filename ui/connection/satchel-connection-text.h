/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "courier/satchel-courier-runner.h"

G_BEGIN_DECLS

/** What there is to say of the connection; no widget. Results are the caller's. */

/** Short, for the button: "Connected to The Courier", "Offline · 3 waiting". */
char *satchel_connection_text_dup_title (const SatchelCourierStatus *status);

/** What the person's own rules say against this moment; NULL where they say nothing. */
char *satchel_connection_text_dup_obstacle (const SatchelVerdict *verdict);

/** The plain "why", in one or two sentences. */
char *satchel_connection_text_dup_why (const SatchelCourierStatus *status);

/** The alarms that nobody has read, one a paragraph, with when, what, and what to do; NULL where
 *  there are none. */
char *satchel_connection_text_dup_alarms (const SatchelCourierStatus *status);

/** What the core says of them, for who helps: English. NULL where there are none. */
char *satchel_connection_text_dup_alarm_details (const SatchelCourierStatus *status);

/** The icon's name. Borrowed. */
const char *satchel_connection_text_icon (const SatchelCourierStatus *status);

/** The style class that colours it: "success", "error" or NULL. Borrowed. */
const char *satchel_connection_text_style (const SatchelCourierStatus *status);

G_END_DECLS
