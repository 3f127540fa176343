#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts what `meson test` ran, case by case, and closes with one line: N passed, N failed[, N skipped]."""
import json
import re
import sys

CASE = re.compile(r"^(ok|not ok)\b([^#]*)(#\s*(SKIP|TODO))?", re.M)


def count(test):
    """(passed, failed, skipped) of one test program."""
    passed = failed = skipped = 0
    for verdict, _, _, directive in CASE.findall(test.get("stdout") or ""):
        if directive == "SKIP":
            skipped += 1
        elif verdict == "ok":
            passed += 1
        else:
            failed += 1
    bad = test["result"] not in ("OK", "EXPECTEDFAIL", "SKIP")
    if passed + failed + skipped == 0:
        return (0, 1, 0) if bad else (0, 0, 1) if test["result"] == "SKIP" else (1, 0, 0)
    return passed, max(failed, 1) if bad else failed, skipped


def main(path):
    totals = [0, 0, 0]
    with open(path, encoding="utf-8") as log:
        for line in log:
            test = json.loads(line)
            counts = count(test)
            totals = [a + b for a, b in zip(totals, counts)]
            if counts[1]:
                print(f"failed: {test['name']} ({test['result']}, {counts[1]} of {sum(counts)})")
    tail = f", {totals[2]} skipped" if totals[2] else ""
    print(f"{totals[0]} passed, {totals[1]} failed{tail}")
    return 1 if totals[1] or totals[0] == 0 else 0


sys.exit(main(sys.argv[1]))
