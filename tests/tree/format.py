#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the house's format on every C file, breaking lines of more than 100 characters where the formatter can."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

FOLDERS = ("core", "app", "ui", "tests")
LINE_MAX = 100


def break_long_lines(formatter, style, path):
    for _ in range(3):
        long = [n for n, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1) if len(line) > LINE_MAX]
        if not long:
            return
        subprocess.run([formatter, "-i", f"--style=file:{style}", *(f"--lines={n}:{n}" for n in long), path], check=True)


def main(root):
    formatter = shutil.which("clang-format-14") or shutil.which("clang-format")
    house = (root / ".clang-format").read_text(encoding="utf-8")
    wide = house.replace("ColumnLimit: 0", f"ColumnLimit: {LINE_MAX}").replace("ReflowComments: false", "ReflowComments: true")
    with tempfile.NamedTemporaryFile("w", suffix=".clang-format") as style:
        style.write(wide)
        style.flush()
        for folder in FOLDERS:
            for path in sorted((root / folder).rglob("*.[ch]")):
                break_long_lines(formatter, style.name, path)
                subprocess.run([formatter, "-i", path], check=True)


main(pathlib.Path(sys.argv[1]))
