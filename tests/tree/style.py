#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""House style that a script can see: licence lines, line length, file length, clang-format."""
import pathlib
import shutil
import subprocess
import sys

FOLDERS = ("core", "app", "ui", "tests")
LINE_MAX = 100
FILE_MAX = 800


def sources(root):
    for folder in FOLDERS:
        yield from sorted(p for p in (root / folder).rglob("*.[ch]") if "node_modules" not in p.parts)


def report(number, name, faults):
    for fault in faults:
        print(f"# {fault}")
    print(f"{'not ok' if faults else 'ok'} {number} {name}")


def main(root):
    files = list(sources(root))
    texts = {p: p.read_text(encoding="utf-8") for p in files}
    name = lambda p: p.relative_to(root)
    print("1..4")
    report(1, "licence line", [name(p) for p, t in texts.items() if "SPDX-License-Identifier" not in t[:120]])
    report(2, f"lines of at most {LINE_MAX}", [
        f"{name(p)}:{n}" for p, t in texts.items() for n, line in enumerate(t.split("\n"), 1)
        if len(line) > LINE_MAX])
    report(3, f"files of at most {FILE_MAX} lines", [
        name(p) for p, t in texts.items() if t.count("\n") > FILE_MAX and not p.name.endswith("-data.c")])
    formatter = shutil.which("clang-format-14") or shutil.which("clang-format")
    if formatter is None or "version 14" not in subprocess.run([formatter, "--version"], capture_output=True, text=True).stdout:
        print("ok 4 clang-format # SKIP clang-format 14 is not installed")
        return
    run = subprocess.run([formatter, "--dry-run", "-Werror", *map(str, files)], capture_output=True, text=True)
    report(4, "clang-format", [l for l in run.stderr.split("\n") if "error:" in l][:40])


main(pathlib.Path(sys.argv[1]))
