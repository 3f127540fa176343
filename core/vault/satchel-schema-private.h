/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Made from schema/ by the build. */
extern const char satchel_schema_1[];
extern const char satchel_schema_2[];
extern const char satchel_schema_3[];
extern const char satchel_schema_4[];
