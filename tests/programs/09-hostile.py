#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bundles that break one rule each, from a sender who is known and verified: refused, kept aside, nothing of them taken in."""
import json
import os

import scenario
from hostile import DOCUMENTS, Desk, Sender, age_key, variants
from scenario import Person, expect, run, same


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
    alarms = desk.json("info")["alarms"]
    same([alarm["kind"] for alarm in alarms], ["bundle"] * 3, "alarms")
    desk("inbox", says=alarms[-1]["sentence"])
    same(desk.raw("outbox").stderr, b"", "said of what leaves")
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
