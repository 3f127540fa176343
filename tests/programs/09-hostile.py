#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bundles that break one rule each, from a sender who is known and verified: refused, kept aside, nothing of them taken in."""
import io
import json
import os
import re
import tarfile

import scenario
from scenario import Person, expect, run, same

MAKE = os.environ.get("SATCHEL_MAKE_HOSTILE", "")
NEEDLE = "Ульянова, 17"
PICTURE = b"\x5a" * 70000
DOCUMENTS = ("bundle.json", "custody.jsonl", "r0001.json", "r0002.json")


def variants():
    return [line.split() for line in run(MAKE, "--list").stdout.decode().splitlines()]


def age_key(card):
    return re.search(r"age1[0-9a-z]+", card.read_text()).group()


class Sender:
    """Somebody who signs whatever they like, with what a vault wrote inside, so that the variant alone is wrong."""

    def __init__(self, scratch, name, documents=None):
        self.scratch, self.name, self.made = scratch, name, 0
        self.keys, self.card = (scratch.folder / f"{name}.{end}" for end in ("keys", "card"))
        done = run(MAKE, "--new-sender", self.keys, "--card", self.card, "--name", name)
        same(done.returncode, 0, done.stderr.decode())
        self.documents = scratch.folder / f"{name}.documents"
        self.documents.mkdir()
        for file, content in (documents or {}).items():
            if file == "bundle.json":
                content = self.index(json.loads(content))
            (self.documents / file).write_bytes(content)

    def index(self, index, **changes):
        return json.dumps({**index, "card": self.card.read_text(), **changes}, ensure_ascii=False).encode()

    def make(self, to, variant, *options):
        self.made += 1
        path = self.scratch.folder / f"{self.name}-{self.made:03}-{variant}.age"
        done = run(MAKE, "--sender", self.keys, "--to", to, "-o", path, "--documents", self.documents, *options, variant)
        same(done.returncode, 0, f"make-hostile {variant}: {done.stderr.decode()}")
        return path


class Desk(Person):
    def __init__(self, scratch):
        super().__init__(scratch, "desk", "editor")
        self.age = age_key(self.card())
        self.sender = Sender(scratch, "hostile", real_documents(scratch, self))
        self.trust(self.sender)

    def trust(self, sender):
        self("trust", sender.card)
        words = next(c["safety_words"] for c in self.json("contacts") if c["name"] == sender.name)
        self("trust", sender.card, "--words", words if isinstance(words, str) else " ".join(words))
        same([c["state"] for c in self.json("contacts") if c["name"] == sender.name], ["verified"])

    def refuses(self, path, reason, finding):
        entries = self.json("open", path, code=4)
        same([(e["state"], e["reason"]) for e in entries], [("aside", reason)], path.name)
        expect(finding in entries[0]["finding"], f"{path.name}: {finding!r} in {entries[0]['finding']!r}")
        return entries[0]

    def takes(self, path, state="opened"):
        entries = self.json("open", path)
        same([e["state"] for e in entries], [state], path.name)
        return entries[0]

    def holds_nothing(self):
        same(self.json("list"), [])
        self.scratch.expect_no_plaintext(NEEDLE, self.vault, self.scratch.tmp)
        self.scratch.expect_no_plaintext("Z" * 64, self.vault, self.scratch.tmp)
        same([p for p in (self.vault / "blobs").rglob("*") if p.is_file()], [], "evidence left behind")
        self("check")


def real_documents(scratch, desk):
    """The JSON of a bundle that a reporter's vault sealed to @desk."""
    writer = Person(scratch, "writer")
    writer("trust", desk.scratch.folder / "desk.card")
    first = writer("new", "note", "-s", f"text={NEEDLE}", "-a", scratch.file("0001.jpg", PICTURE))
    second = writer("new", "note", "-s", "text=two", "-a", scratch.file("0002.txt", "second"))
    sealed, identity = scratch.folder / "writer.age", scratch.folder / "desk.identity"
    writer("seal", first, second, "--to", "desk", "-o", sealed)
    desk("identity", "-o", identity, "--yes")
    plain = run(scenario.CTL, "age-decrypt", "-i", identity, sealed).stdout
    with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
        return {name: archive.extractfile(f"satchel/data/{name}").read() for name in DOCUMENTS}


def check_entry(entry, name, rule, by):
    expect(entry["state"] == "aside", f"{name}: {entry['state']}")
    finding = entry["finding"]
    if by == "caller":
        expect(finding.startswith(("bundle.json: ", "r0001.json: ")), f"{name}: {finding}")
        same(entry["reason"], "contents", name)
    elif rule in ("not-for-us", "age-no-match"):
        same(entry["reason"], "not-for-us", name)
    else:
        expect(finding.startswith(rule), f"{name}: wanted {rule}: {finding}")
        same(entry["reason"], "damaged", name)


def test_every_variant_is_refused(scratch):
    desk = Desk(scratch)
    hostile = [v for v in variants() if v[1] != "-"]
    expect(len(hostile) > 150, f"{len(hostile)} variants")
    paths = [desk.sender.make(desk.age, name) for name, _, _ in hostile]
    entries = desk.json("open", *paths, code=4)
    same(len(entries), len(paths))
    wrong = []
    for entry, (name, rule, by) in zip(entries, hostile):
        try:
            check_entry(entry, name, rule, by)
        except AssertionError as error:
            wrong.append(str(error))
    same(wrong, [])
    desk.holds_nothing()
    desk.json("open", paths[0], code=4)
    desk.takes(desk.sender.make(desk.age, "good"))
    same(len(desk.json("list")), 2, "the same sender's good bundle")
    desk("check")


def test_by_fetch(scratch):
    desk = Desk(scratch)
    stick = scratch.folder / "stick"
    stick.mkdir()
    for name in ("content-evidence", "age-cut-byte", "not-for-us", "json-deep", "signature-flip"):
        path = desk.sender.make(desk.age, name)
        path.rename(stick / path.name)
    same({e["state"] for e in desk.json("fetch", stick, code=4)}, {"aside"})
    desk.holds_nothing()
    desk("fetch", stick)


def test_stranger(scratch):
    desk = Desk(scratch)
    stranger = Sender(scratch, "stranger", {f: (desk.sender.documents / f).read_bytes() for f in DOCUMENTS})
    path = stranger.make(desk.age, "good")
    desk.refuses(path, "stranger", "neither a contact nor introduced")
    desk.holds_nothing()
    desk.trust(stranger)
    same(len(desk.json("list")), 2, "opened once its sender is known")
    desk("check")


def test_forwarded(scratch):
    desk = Desk(scratch)
    first = Person(scratch, "first", "editor")
    identity = scratch.folder / "first.identity"
    first("identity", "-o", identity, "--yes")
    path = desk.sender.make(age_key(first.card()), "good")
    forwarded = scratch.folder / "forwarded.age"
    scenario.need("age")
    plain = run("age", "-d", "-i", identity, path).stdout
    same(run("age", "-r", desk.age, "-o", forwarded, input=plain).returncode, 0)
    desk.refuses(forwarded, "not-for-us", "not-for-us")
    desk.refuses(path, "not-for-us", "age-no-match")
    desk.holds_nothing()


def test_fork(scratch):
    desk = Desk(scratch)
    sender = desk.sender
    id = "0123456789abcdef" * 2
    first = sender.make(desk.age, "good", "--id", id)
    desk.takes(first)
    index = json.loads((sender.documents / "bundle.json").read_bytes())
    index["items"][0]["name"] = "another.jpg"
    other = ("--index", scratch.file("other.json", sender.index(index)))
    fork = sender.make(desk.age, "good", "--id", id, *other)
    kept = desk.refuses(fork, "fork", "fork")
    same(os.path.getsize(kept["path"]), fork.stat().st_size, "kept aside")
    desk.refuses(sender.make(desk.age, "good", *other), "fork", "this number")
    desk.refuses(sender.make(desk.age, "good", "--number", 2, *other), "fork", "before it")
    desk.takes(first, "already-here")
    again = sender.make(desk.age, "good", "--id", id)
    desk.takes(again, "already-here")
    same(len(desk.json("list")), 2, "nothing is doubled")
    same(desk.json("show", desk.json("list")[0]["id"])["evidence"][0]["name"] != "another.jpg", True)
    expect("alarm" in desk("ledger"), "an alarm in the ledger")
    desk("check")


def test_gap_and_late(scratch):
    desk = Desk(scratch)
    third = desk.takes(desk.sender.make(desk.age, "good", "--number", 3))
    expect(third["finding"].startswith("gap: bundles 1 to 2"), third["finding"])
    late = desk.takes(desk.sender.make(desk.age, "good", "--number", 1))
    expect(late["finding"].startswith("late: bundle 1"), late["finding"])
    sixth = desk.takes(desk.sender.make(desk.age, "good", "--number", 5))
    expect(sixth["finding"].startswith("gap: bundle 4"), sixth["finding"])
    same(len(desk.json("list")), 2, "nothing is doubled")
    desk("check")


scenario.main(globals())
