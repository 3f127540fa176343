# SPDX-License-Identifier: GPL-3.0-or-later
"""Growth: the same work at one, ten and a hundred times the size; as numbers and as a plot."""
import math
import shutil

from harness import MIB
from people import Desk

COLORS = ("#1c71d8", "#c64600", "#26a269", "#813d9c", "#a51d2d", "#63452c")


def plot(path, lines, label):
    """Both axes logarithmic; `lines` is name to [(size, cost)]. A line that rises by one square a square is linear."""
    points = [p for line in lines.values() for p in line]
    x0, x1 = (f(math.log10(p[0]) for p in points) for f in (min, max))
    y0, y1 = (math.floor(min(math.log10(p[1]) for p in points)), math.ceil(max(math.log10(p[1]) for p in points)))
    side = 80

    def at(size, cost):
        return 70 + (math.log10(size) - x0) * side, 20 + (y1 - math.log10(cost)) * side
    width, height = 70 + (x1 - x0) * side + 180, 60 + (y1 - y0) * side
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" font-family="sans-serif" font-size="11">',
           f'<rect width="100%" height="100%" fill="white"/><text x="70" y="{height - 8:.0f}">{label}</text>']
    for power in range(y0, y1 + 1):
        y = at(10 ** x0, 10 ** power)[1]
        out.append(f'<path d="M70 {y:.1f}H{70 + (x1 - x0) * side:.1f}" stroke="#ddd"/><text x="5" y="{y + 4:.1f}">{10.0 ** power:g} s</text>')
    for color, (name, line) in zip(COLORS, lines.items()):
        spots = [at(*p) for p in line]
        out.append(f'<polyline fill="none" stroke="{color}" stroke-width="2" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in spots)}"/>')
        out.append(f'<text x="{spots[-1][0] + 6:.1f}" y="{spots[-1][1] + 4:.1f}" fill="{color}">{name}</text>')
    path.write_text("\n".join(out + ["</svg>"]) + "\n")


def steepest(line):
    """The highest power between neighbours: 1 is linear."""
    return max(math.log(b[1] / a[1]) / math.log(b[0] / a[0]) for a, b in zip(line, line[1:]))


def tell(bench, lines, what):
    for name, line in lines.items():
        costs = ", ".join(f"{size:,} {what}: {cost:.4g} s" for size, cost in line)
        bench.add("growth", f"growth of {name}", "disk", steepest(line), "power of size", kind="at most", limit=1.1, note=costs)


def by_records(bench):
    lines = {"making all records": [], "saving one": [], "listing 50": [], "searching, newest": [], "searching, ranked": []}
    folder = bench.scratch(bench.place("disk"), "growth")
    for count in (bench.records // 100, bench.records // 10, bench.records):
        vault = folder / str(count)
        found = {"making all records": bench.core("make", vault, count, 1000)["make_ms"],
                 "listing 50": bench.core("list", vault, 200)["list_ms"]}
        search = bench.core("search", vault, 300)
        found |= {"searching, newest": search["newest_ms"], "searching, ranked": search["ranked_ms"],
                  "saving one": bench.core("save", vault, 300)["save_ms"]}
        for name, ms in found.items():
            lines[name].append((count, ms / 1000))
        shutil.rmtree(vault)
    tell(bench, lines, "records")
    plot(bench.out / "growth-records.svg", lines, "records in the vault")


def by_size(bench):
    lines = {"capture": [], "seal": [], "open": []}
    folder = bench.scratch(bench.place("disk"), "growth")
    desk = Desk(bench, folder)
    reporter, editor = desk.room.reporter, desk.room.editor
    for size in (MIB, 100 * MIB, bench.large):
        source, sealed = folder / "item.bin", folder / "bundle.age"
        with open(source, "wb") as file:
            file.write(size.to_bytes(8, "big"))
            file.truncate(size)
        id = reporter("new", "note", "-s", "title=growth")
        lines["capture"].append((size, bench.run(*desk.argv(reporter, "attach", id, source))["seconds"]))
        lines["seal"].append((size, bench.run(*desk.argv(reporter, "seal", id, "-o", sealed))["seconds"]))
        reporter("erase", id)
        lines["open"].append((size, bench.run(*desk.argv(editor, "open", sealed))["seconds"]))
        sealed.unlink()
        desk.fresh(editor)
    tell(bench, lines, "bytes")
    plot(bench.out / "growth-bytes.svg", lines, "bytes of the item")
    shutil.rmtree(folder)


def growth(bench):
    """capture, list, search, seal and open as records and items grow; drawn as a plot"""
    by_records(bench)
    by_size(bench)


ROWS = {"growth": growth}
