#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns the word list into a C table."""
import sys

words = open(sys.argv[1], encoding="ascii").read().split()
assert len(words) == 7776 and len(set(words)) == 7776
with open(sys.argv[2], "w", encoding="ascii") as out:
    out.write('#include "secret/satchel-words-private.h"\n\nconst char *const satchel_words_table[] = {\n')
    out.writelines(f'  "{word}",\n' for word in words)
    out.write("};\n")
