#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""make-schema.py NUMBER INPUT... OUTPUT: turns a migration's SQL files, in the order given, into one C string."""
import json
import sys

number, *inputs, output = sys.argv[1:]
lines = []
for path in inputs:
    lines += [line.rstrip("\n") for line in open(path, encoding="utf-8")]
with open(output, "w", encoding="utf-8") as out:
    out.write(f'#include "vault/satchel-schema-private.h"\n\nconst char satchel_schema_{number}[] =\n')
    out.writelines(f"    {json.dumps(line + chr(10), ensure_ascii=False)}\n" for line in lines)
    out.write("    ;\n")
