#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every file with words for people is in po/POTFILES, in order, and every file named there is one."""
import pathlib
import re
import sys

FOLDERS = ("app", "core", "data", "ui")
MARKED = re.compile(r'\b(?:_|N_|C_|NC_|ngettext)\s*\(\s*"')
WORDS = {
    ".c": MARKED,
    ".h": MARKED,
    ".ui": re.compile(r'translatable="(?:yes|true|1)"'),
    # The desktop's entry, and what software centres say.
    ".in": re.compile(r"^Type=Application$|^<component ", re.M),
}


def has_words(path):
    pattern = WORDS.get(path.suffix)
    return pattern is not None and pattern.search(path.read_text(encoding="utf-8")) is not None


def report(number, name, faults):
    for fault in faults:
        print(f"# {fault}")
    print(f"{'not ok' if faults else 'ok'} {number} {name}")


def main(root):
    lines = (root / "po/POTFILES").read_text(encoding="utf-8").split("\n")
    listed = [line for line in lines if line and not line.startswith("#")]
    found = {str(p.relative_to(root)) for folder in FOLDERS for p in (root / folder).rglob("*") if has_words(p)}
    print("1..3")
    report(1, "every file with words is listed", sorted(found - set(listed)))
    report(2, "every listed file is there", [name for name in listed if not (root / name).is_file()])
    report(3, "in order, each once", [
        name for before, name in zip(listed, listed[1:]) if before >= name])


main(pathlib.Path(sys.argv[1]))
