#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 at random moments of new, attach, edit, seal, send and fetch: the vault opens, nothing that was acknowledged is lost,
nothing is doubled, nothing is readable. SATCHEL_KILLS sets how often (200)."""
import hashlib
import os
import random
import subprocess
import sys
import time

import scenario
from scenario import Newsroom, expect, same

KILLS = int(os.environ.get("SATCHEL_KILLS", "200"))
MARKER = "Killmark"


class Story:
    """What was acknowledged, and how often each thing was tried."""

    def __init__(self, scratch, room, seed):
        self.scratch, self.room, self.random = scratch, room, random.Random(seed)
        self.stick = scratch.folder / "stick"
        self.stick.mkdir()
        self.durations = {}
        self.records, self.items, self.edits, self.sealed = {}, {}, {}, []
        self.kills = 0
        self.serial = 0

    def attempt(self, person, what, *argv):
        """Runs, perhaps not to its end. Standard output's whole lines where it was let finish, or had answered before the kill."""
        process = subprocess.Popen([str(a) for a in person.argv(*argv)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.scratch.env)
        usual = self.durations.get(what)
        started = time.monotonic()
        killed = False
        try:
            process.wait(None if usual is None else self.random.uniform(0, usual * 1.2))
        except subprocess.TimeoutExpired:
            process.kill()
            killed = True
            self.kills += 1
        out, err = process.communicate()
        if not killed:
            expect(process.returncode == 0, f"{what}: exit {process.returncode}: {err.decode()}")
            took = time.monotonic() - started
            self.durations[what] = max(took, (usual or took) * 0.9)
        return [line for line in out.decode().split("\n")[:-1] if line]

    def next(self):
        self.serial += 1
        return self.serial

    def new(self):
        n = self.next()
        content = os.urandom(self.random.choice([0, 10, 70000, 400000]))
        path = self.scratch.file(f"f{n}", content)
        lines = self.attempt(self.room.reporter, "new", "new", "note", "-s", f"text={MARKER}-{n}-", "-a", path)
        if lines:
            self.records[lines[0]] = n

    def attach(self):
        if not self.open_records():
            return self.new()
        content = os.urandom(self.random.choice([1, 65536, 300000]))
        record = self.random.choice(self.open_records())
        lines = self.attempt(self.room.reporter, "attach", "attach", record, self.scratch.file(f"f{self.next()}", content))
        if lines:
            self.items[lines[0]] = (record, hashlib.sha256(content).hexdigest())

    def edit(self):
        if not self.open_records():
            return self.new()
        record, n = self.random.choice(self.open_records()), self.next()
        lines = self.attempt(self.room.reporter, "edit", "edit", record, "-s", f"notes.{self.notes(record)}.text=edit-{n}-")
        if lines:
            self.edits.setdefault(record, []).append(n)

    def notes(self, record):
        return len(self.room.reporter.json("show", record)["values"].get("notes", []))

    def open_records(self):
        final = {r["id"] for r in self.room.reporter.json("list") if r["is_final"]}
        return [r for r in self.records if r not in final]

    def seal(self):
        if not self.open_records():
            return self.new()
        lines = self.attempt(self.room.reporter, "seal", "seal", self.random.choice(self.open_records()))
        self.sealed += lines

    def send(self):
        self.attempt(self.room.reporter, "send", "send", self.stick)

    def fetch(self):
        self.attempt(self.room.editor, "fetch", "fetch", self.stick)

    def verify(self):
        listed = [r["id"] for r in self.room.reporter.json("list")]
        same(len(listed), len(set(listed)), "ids")
        for record in self.records:
            expect(record in listed, f"record {record} was acknowledged and is gone")
        outbox = {e["id"]: e for e in self.room.reporter.json("outbox")}
        for id in self.sealed:
            expect(id in outbox, f"bundle {id} was acknowledged and is gone")
        for entry in outbox.values():
            if entry["state"] == "handed-over":
                copies = [p for p in self.stick.iterdir() if hashlib.sha256(p.read_bytes()).hexdigest() == entry["sha256"]]
                same(len(copies), 1, f"copies of {entry['id']}, told as handed over, in the folder")

    def verify_whole(self):
        self.verify()
        shown = {id: self.room.reporter.json("show", id) for id in self.records}
        for item, (record, sha256) in self.items.items():
            found = [e for e in shown[record]["evidence"] if e["id"] == item]
            same([e["sha256"] for e in found], [sha256], f"item {item}")
        for record, numbers in self.edits.items():
            texts = [note["text"] for note in shown[record]["values"].get("notes", [])]
            for n in numbers:
                same(texts.count(f"edit-{n}-"), 1, f"edit {n} of {record}")
        for n in range(1, self.serial + 1):
            expect(len(self.room.reporter.json("search", f'"{MARKER}-{n}-"')) <= 1, f"record {n} is doubled")
        self.room.reporter("check")
        self.room.editor("check")


def test_random_kills(scratch):
    room = Newsroom(scratch, lawyer=False)
    seed = int(os.environ.get("SATCHEL_SEED", random.randrange(1 << 30)))
    print(f"seed {seed}", file=sys.stderr)
    story = Story(scratch, room, seed)
    steps = [story.new, story.attach, story.edit, story.seal, story.send, story.fetch]
    tries = 0
    while story.kills < KILLS and tries < KILLS * 4:
        steps[tries % len(steps)]()
        tries += 1
        if tries % 5 == 0:
            story.verify()
    print(f"# {story.kills} kills in {tries} runs")
    expect(story.kills >= KILLS, f"only {story.kills} kills")
    story.verify_whole()
    room.reporter("send", story.stick)
    room.editor("fetch", story.stick)
    there = [r["id"] for r in room.editor.json("list")]
    same(len(there), len(set(there)), "records at the editor")
    for entry in room.reporter.json("outbox"):
        for record in entry["records"]:
            expect(record in there, f"sealed record {record} did not arrive")
    for path in list(scratch.folder.glob("f[0-9]*")):
        path.unlink()
    scratch.expect_no_plaintext(MARKER, room.reporter.vault, room.editor.vault, scratch.tmp, story.stick)
    same(list(scratch.tmp.iterdir()), [], "files left in TMPDIR")


scenario.main(globals())
