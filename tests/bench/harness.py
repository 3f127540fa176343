# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rows of `./dev bench` share: places, inputs, programs with their time and memory, results."""
import dataclasses
import json
import mmap
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import tempfile

MIB = 1 << 20


class Absent(Exception):
    """A peer, or a place, that is not on this machine; the row says so."""


def need(*programs):
    for program in programs:
        if shutil.which(program) is None:
            raise Absent(f"{program} is not installed")


@dataclasses.dataclass
class Result:
    """One line of the table. `ours` and `peer` are medians in `unit`, where less is better unless it ends in "/s".

    kind: "faster": speed over the peer's, at least `limit`; "within": cost over the peer's, at most `limit`;
    "above": `ours` less `peer` is at most `limit`; "at most": `ours` alone; "shown": no target."""
    row: str
    work: str
    place: str
    ours: float
    unit: str
    kind: str = "shown"
    limit: float = 0
    peer_name: str = ""
    peer: float | None = None
    note: str = ""

    @property
    def ratio(self):
        if self.peer is None or not self.peer or not self.ours:
            return None
        more_is_better = self.unit.endswith("/s")
        if self.kind == "faster":
            return self.ours / self.peer if more_is_better else self.peer / self.ours
        return self.ours / self.peer

    @property
    def target(self):
        limit = f"{self.limit:g}"
        return {"faster": f">= {limit}x speed", "within": f"<= {limit}x", "above": f"<= peer + {limit} {self.unit}",
                "at most": f"<= {limit} {self.unit}", "shown": ""}[self.kind]

    @property
    def verdict(self):
        if self.kind == "shown":
            return ""
        if self.kind == "at most":
            return "met" if self.ours <= self.limit else "missed"
        if self.peer is None:
            return "no peer"
        if self.kind == "above":
            return "met" if self.ours - self.peer <= self.limit else "missed"
        return "met" if (self.ratio >= self.limit if self.kind == "faster" else self.ratio <= self.limit) else "missed"


class Bench:
    """One run: where the programs are, how often and how much, and what was found."""

    def __init__(self, build, options):
        self.build = pathlib.Path(build).resolve()
        self.source = pathlib.Path(__file__).resolve().parents[2]
        self.out = self.build.parent / "bench"
        self.out.mkdir(parents=True, exist_ok=True)
        self.size = options.size * MIB
        self.large = options.large * MIB
        self.records = options.records
        self.rounds = options.rounds
        self.results, self.places, self.only = [], {}, options.place
        self.tools = {name: str(self.build / path) for name, path in (
            ("satchelctl", "app/satchelctl/satchelctl"), ("satchel-intake", "app/satchel-intake/satchel-intake"),
            ("bench-core", "tests/bench/bench-core"), ("bench-run", "tests/bench/bench-run"),
            ("bench-app", "tests/bench/bench-app"), ("bench-frame", "tests/bench/bench-frame"),
            ("satchel", "app/satchel/satchel"), ("intake-papers", "tests/support/intake-papers"))}
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("SATCHEL_VAULT")} | {
            "LC_ALL": "C.UTF-8", "XDG_DATA_HOME": "/nonexistent", "RESTIC_PASSWORD": "bench"}
        self.counter = 0

    # --- Places and inputs ------------------------------------------------------------------------

    def place(self, name):
        """A folder of this run's own on "tmpfs" or "disk"."""
        if name not in self.places:
            parent = "/dev/shm" if name == "tmpfs" else str(self.out)
            if not os.access(parent, os.W_OK):
                raise Absent(f"{parent} cannot be written")
            self.places[name] = pathlib.Path(tempfile.mkdtemp(prefix="satchel-bench-", dir=parent))
        return self.places[name]

    def each_place(self, need_bytes):
        for name in ("tmpfs", "disk"):
            if self.only and self.only != name:
                continue
            free = shutil.disk_usage(self.place(name)).free
            if free < need_bytes:
                self.say(f"{name}: {need_bytes // MIB} MiB are needed and {free // MIB} are free; left out")
                continue
            yield name, self.place(name)

    def scratch(self, place, name):
        """An empty folder; what stood there is removed."""
        folder = place / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def input(self, place, size, seed=1):
        """A file of noise; made once."""
        path = place / f"input-{size}-{seed}.bin"
        if not path.exists():
            noise = random.Random(seed)
            with open(path, "wb") as file:
                left = size
                while left > 0:
                    left -= file.write(noise.randbytes(min(left, 4 * MIB)))
        return path

    def close(self):
        for folder in self.places.values():
            shutil.rmtree(folder, ignore_errors=True)

    # --- Programs ---------------------------------------------------------------------------------

    def run(self, *argv, env=None):
        """Runs to the end, and gives seconds and peak_kib."""
        self.counter += 1
        report = self.out / f".run-{os.getpid()}-{self.counter}"
        argv = [self.tools.get(str(a), str(a)) for a in argv]
        done = subprocess.run([self.tools["bench-run"], report, *argv], env=env or self.env,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode != 0:
            report.unlink(missing_ok=True)
            raise RuntimeError(f"{' '.join(argv)[:400]}: exit {done.returncode}: {done.stderr.decode(errors='replace')[-800:]}")
        facts = json.loads(report.read_text())
        report.unlink()
        facts["output"] = done.stdout.decode(errors="replace")
        return facts

    def shell(self, script, *args, env=None):
        return self.run("sh", "-c", "set -e; " + script, "sh", *args, env=env)

    def core(self, *argv):
        """bench-core's object."""
        return json.loads(self.run("bench-core", *argv)["output"])

    # --- Measuring --------------------------------------------------------------------------------

    @staticmethod
    def warm(size):
        """Touches and gives back so much memory: a virtual machine gets it from its host at the first touch, and that is nobody's work."""
        mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE).close()

    def alternate(self, *steps, rounds=None, warm=0):
        """Calls each step in turn, round after round (A B A B ...). A step gives a number, or an object of numbers; the median
        of each comes back, in the order of the steps. A step that is None (an absent peer) gives None. So many bytes of memory
        are made warm before each."""
        taken = [[] for _ in steps]
        for number in range(rounds or self.rounds):
            for step, samples in zip(steps, taken):
                if step is not None:
                    if warm:
                        self.warm(warm)
                    samples.append(step(number))
        return [self.median(samples) for samples in taken]

    @staticmethod
    def median(samples):
        if not samples:
            return None
        if isinstance(samples[0], dict):
            return {key: statistics.median(s[key] for s in samples) for key in samples[0]
                    if isinstance(samples[0][key], (int, float))}
        return statistics.median(samples)

    def peer(self, make):
        """make() sets a peer up and gives its step; None, and a word about it, where it is absent."""
        try:
            return make()
        except Absent as reason:
            self.say(str(reason))
            return None

    def say(self, text):
        print(f"  {text}", flush=True)

    def add(self, row, work, place, ours, unit, peer_name="", peer=None, kind="shown", limit=0, note=""):
        if peer is None and peer_name and kind != "shown":
            note = note or f"{peer_name} is not here"
        result = Result(row, work, place, ours, unit, kind, limit, peer_name, peer, note)
        self.results.append(result)
        ratio = f", ratio {result.ratio:.2f}" if result.ratio else ""
        beside = f" beside {peer_name} {peer:.4g}" if peer is not None else ""
        self.say(f"{work} ({place}): {ours:.4g} {unit}{beside}{ratio} {result.target} {result.verdict}")
