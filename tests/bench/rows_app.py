# SPDX-License-Identifier: GPL-3.0-or-later
"""The app on a display of its own (Xvfb, cairo): its first frame, its memory, its list of reports, and its outbox."""
import json
import os
import shutil
import statistics

from harness import MIB, need
from people import Scratch, scenario
from rows_store import forget, stores

SETTLE_MS = 1500
IMPORT = 512 * MIB
# As the app starts itself: app/satchel/main.c.
WIPING = ("env", "GLIBC_TUNABLES=glibc.malloc.perturb=255:glibc.malloc.tcache_count=0", "G_SLICE=always-malloc")


def on_display(bench, *argv):
    """The JSON that a program prints on a display and a bus of its own; no setting of this machine's user counts."""
    home = bench.scratch(bench.place("disk"), "home")
    env = bench.env | {"GSK_RENDERER": "cairo", "GTK_A11Y": "none", "HOME": str(home), "GSETTINGS_BACKEND": "memory",
                       "XDG_CONFIG_HOME": str(home / "config"), "XDG_CACHE_HOME": str(home / "cache"),
                       "XDG_DATA_HOME": str(home / "data"), "XDG_RUNTIME_DIR": str(home)}
    os.chmod(home, 0o700)
    facts = bench.run("xvfb-run", "-a", "-s", "-screen 0 1280x900x24", "dbus-run-session", "--", *argv, env=env)
    return json.loads(facts["output"].strip().splitlines()[-1])


def start(bench):
    """from starting the app to its first frame, and its memory then; beside GNOME Text Editor and an empty window"""
    need("xvfb-run", "dbus-run-session", "gnome-text-editor")
    vault = bench.scratch(bench.place("disk"), "start") / "vault"
    bench.core("make", vault, 100, 0)
    bench.run("bench-app", "prepare", vault)
    sides = {"ours": ("satchel", "--vault", vault), "editor": ("gnome-text-editor", "--standalone"), "window": ("bench-app", "window")}
    found = {name: [] for name in sides}
    for _ in range(bench.rounds + 1):
        for name, argv in sides.items():
            found[name].append(on_display(bench, "bench-frame", SETTLE_MS, *argv))
    # The first round warms the caches of all three.
    middle = {name: {key: statistics.median(f[key] for f in facts[1:]) for key in facts[0]} for name, facts in found.items()}
    for key, unit, work, limit, scale in (("frame_ms", "ms", "first frame of the app", 0.85, 1),
                                          ("memory_kib", "MiB", "memory after it", 1.25, 1024)):
        window = middle["window"][key] / scale
        bench.add("app-start", work, "disk", middle["ours"][key] / scale, unit, "GNOME Text Editor", middle["editor"][key] / scale,
                  "within", limit, note=f"an empty libadwaita window: {window:.0f} {unit}")


def many(bench):
    """the list of many reports: opened, scrolled, searched as one types; beside a GListStore of all"""
    need("xvfb-run", "dbus-run-session")
    vault, _ = stores(bench)
    bench.run("bench-app", "prepare", vault)
    file = bench.input(bench.place("disk"), IMPORT)
    mine, his = bench.alternate(lambda _: on_display(bench, *WIPING, "bench-app", "list", vault, file),
                                lambda _: on_display(bench, *WIPING, "bench-app", "plain", vault), rounds=min(bench.rounds, 3))
    count = f"{bench.records:,} reports"
    for work, key, limit, unit, scale in (
            (f"list of {count}: open", "open_ms", 30, "ms", 1), (f"list of {count}: memory", "memory_kib", 8, "MiB", 1024),
            (f"list of {count}: frame while scrolling, p99", "frame_p99_ms", 8, "ms", 1)):
        bench.add("app-list", work, "disk", mine[key] / scale, unit, "GListStore of all", his[key] / scale, "at most", limit)
    for work, key, limit in ((f"search as one types in {count}, median", "search_ms", 50),
                             (f"search as one types in {count}, slowest", "search_max_ms", 50),
                             ("longest frame while scrolling", "frame_max_ms", 33),
                             ("longest frame while scrolling and importing", "import_max_ms", 33),
                             ("longest frame while scrolling and sealing", "seal_max_ms", 33)):
        bench.add("app-list", work, "disk", mine[key], "ms", kind="at most", limit=limit)
    forget(bench)


def sending(bench):
    """the outbox while a large bundle goes up to an intake"""
    need("xvfb-run", "dbus-run-session")
    folder = bench.scratch(bench.place("disk"), "sending")
    scratch, people = Scratch(bench, folder), scenario(bench)
    room = people.Newsroom(scratch, with_intake=True, lawyer=False)
    file = bench.input(bench.place("disk"), IMPORT)
    # The introduction goes first, and alone.
    room.reporter("send")

    def send(_):
        bundle = room.reporter("seal", room.reporter("new", "note", "-s", "title=sending", "-a", file))
        facts = on_display(bench, *WIPING, "bench-app", "send", room.reporter.vault, people.PASSPHRASE, bundle)
        for path in (room.intake.folder / "mailboxes").glob("*/*.age"):
            path.unlink()
        return facts
    try:
        mine, = bench.alternate(send, rounds=min(bench.rounds, 3))
    finally:
        for close in reversed(scratch.closing):
            close()
    note = f"{IMPORT // MIB} MiB in {mine['took_ms'] / 1000:.1f} s, {mine['frames']:.0f} frames"
    bench.add("app-send", "longest frame while sending", "disk", mine["send_max_ms"], "ms", kind="at most", limit=33, note=note)
    shutil.rmtree(folder)


ROWS = {"app-start": start, "app-list": many, "app-send": sending}
