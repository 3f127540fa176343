#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts what `meson test` ran, case by case, and closes with one line: N passed, N failed[, N skipped].

summarize.py LOG: meson-logs/testlog of a build folder, without its endings. Cases stand in the JUnit log; whether a program ended as it should (no crash, no
time-out) only in the JSON one."""
import json
import pathlib
import sys
import xml.etree.ElementTree

GOOD = ("OK", "EXPECTEDFAIL", "SKIP")


def count_cases(suite):
    """[passed, failed, skipped] of one program's cases."""
    counts = [0, 0, 0]
    for case in suite.iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            counts[1] += 1
        elif case.find("skipped") is not None:
            counts[2] += 1
        else:
            counts[0] += 1
    return counts


def read_cases(path):
    """Counts by program: its full name, as in "satchel.satchel:tree / style"."""
    return {suite.get("name").split(".", 1)[-1]: count_cases(suite)
            for suite in xml.etree.ElementTree.parse(path).getroot().iter("testsuite")}


def main(log):
    cases = read_cases(f"{log}.junit.xml")
    totals = [0, 0, 0]
    for line in pathlib.Path(f"{log}.json").read_text(encoding="utf-8").splitlines():
        test = json.loads(line)
        counts = cases.get(test["name"], [0, 0, 0])
        if test["result"] not in GOOD:
            counts[1] = max(counts[1], 1)
        elif sum(counts) == 0:
            counts[2 if test["result"] == "SKIP" else 0] = 1
        totals = [a + b for a, b in zip(totals, counts)]
        if counts[1]:
            print(f"failed: {test['name']} ({test['result']}, {counts[1]} of {sum(counts)})")
    tail = f", {totals[2]} skipped" if totals[2] else ""
    print(f"{totals[0]} passed, {totals[1]} failed{tail}")
    return 1 if totals[1] or totals[0] == 0 else 0


sys.exit(main(sys.argv[1]))
