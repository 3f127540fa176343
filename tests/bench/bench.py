#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`./dev bench [ROW...]`: each row of work beside its peer in turn, medians and ratios; a table in Markdown and JSON.

Everything is made on the spot. Machines differ: only the ratio of one run counts."""
import argparse
import json
import os
import pathlib
import platform
import sys
import time
import traceback

import rows_app
import rows_evidence
import rows_growth
import rows_intake
import rows_store
from harness import Absent, Bench

ROWS = rows_evidence.ROWS | rows_store.ROWS | rows_intake.ROWS | rows_growth.ROWS | rows_app.ROWS


def parse(argv):
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("build", help=argparse.SUPPRESS)
    parser.add_argument("row", nargs="*", help="rows to measure; all of them if none is named")
    parser.add_argument("--list", action="store_true", help="name the rows, and measure nothing")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="how often each side is measured (5)")
    parser.add_argument("--size", type=int, default=1024, metavar="MIB", help="of a large file (1024)")
    parser.add_argument("--large", type=int, default=4096, metavar="MIB", help="of a very large item (4096)")
    parser.add_argument("--records", type=int, default=100000, metavar="N", help="in a store (100000)")
    parser.add_argument("--place", choices=("tmpfs", "disk"), help="only there (both)")
    options = parser.parse_intermixed_args(argv)
    unknown = [row for row in options.row if row not in ROWS]
    if unknown:
        parser.error(f"no such row: {', '.join(unknown)}; --list names them")
    return options


def number(value):
    return "" if value is None else f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def machine():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    load = " ".join(f"{n:.1f}" for n in os.getloadavg())
    return {"processor": model, "processors": os.cpu_count(), "kernel": platform.release(), "load": load,
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}


def table(results, facts):
    lines = [f"{facts['processors']} x {facts['processor']}, Linux {facts['kernel']}; load {facts['load']}; {facts['time']}", "",
             "| work | place | Satchel | peer | | ratio | target | |", "|---|---|---|---|---|---|---|---|"]
    for r in results:
        lines.append(f"| {r.work} | {r.place} | {number(r.ours)} {r.unit} | {r.peer_name} | "
                     f"{number(r.peer) + ' ' + r.unit if r.peer is not None else ''} | {number(r.ratio)} | {r.target} | {r.verdict} |")
    notes = sorted({f"{r.work}: {r.note}" for r in results if r.note})
    return "\n".join(lines + [""] + [f"- {note}" for note in notes]) + "\n"


def write(bench, facts):
    """After each row: what was measured is kept, whatever comes next."""
    objects = [{"row": r.row, "work": r.work, "place": r.place, "satchel": r.ours, "unit": r.unit, "peer": r.peer_name,
                "peer_value": r.peer, "ratio": r.ratio, "target": r.target, "verdict": r.verdict, "note": r.note} for r in bench.results]
    (bench.out / "bench.json").write_text(json.dumps({"machine": facts, "results": objects}, indent=1, ensure_ascii=False) + "\n")
    (bench.out / "bench.md").write_text(table(bench.results, facts))


def main(argv):
    options = parse(argv)
    if options.list:
        for name, row in ROWS.items():
            print(f"{name:14} {row.__doc__}")
        return 0
    bench, facts, failed = Bench(options.build, options), machine(), 0
    try:
        for name in options.row or ROWS:
            print(f"{name}: {ROWS[name].__doc__}", flush=True)
            try:
                ROWS[name](bench)
            except Absent as reason:
                bench.say(f"left out: {reason}")
            except Exception:
                failed += 1
                traceback.print_exc()
            write(bench, facts)
    finally:
        bench.close()
    print()
    print(table(bench.results, facts))
    print(f"Also in {pathlib.Path(bench.out)}/bench.md and bench.json.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
