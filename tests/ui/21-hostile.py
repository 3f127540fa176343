#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bundles that cannot be believed, opened by hand at the desk: each is said in words, kept aside, and nothing of it is taken in."""
import json

import driver
from driver import opened
from hostile import DOCUMENTS, Desk, Sender, age_key
from scenario import Person, expect, need, run, same

# variant: what stands in the finding
BROKEN = {"type-symbolic-link": "tar-header", "type-hard-link": "tar-header", "name-up": "tar-name", "extra-evidence": "member-extra",
          "trailing-byte": "tar-trailing", "signature-flip": "signature", "content-evidence": "file-hash", "size-exabytes": "oxum",
          "age-cut-byte": "age-payload"}


def open_by_hand(screen, path, said):
    """The menu's first line, as its keys have it; @said by the toast."""
    screen.section("Inbox")
    screen.tab_to("Open from a file or stick")
    screen.key("Return")
    screen.find("Files…", part=True)
    screen.key("Return")
    screen.find("Open Sealed Bundles", part=True)
    screen.choose_file(path)
    screen.find(said)


def open_folder(screen, path, said):
    screen.section("Inbox")
    screen.tab_to("Open from a file or stick")
    screen.key("Return")
    screen.find("Files…", part=True)
    screen.key("Down", "Return")
    screen.find("Open All Bundles of a Folder", part=True)
    screen.choose_file(path)
    screen.find(said)


def expect_page(screen, row, advice, finding=None):
    screen.section("Inbox")
    screen.open_row(row, "Inbox")
    screen.find(advice, part=True)
    if finding:
        screen.find(finding, part=True)
    expect(screen.look("What Is in It") is None, "contents of what was not believed are shown")
    same(screen.unnamed(), [], "unnamed on the page of what was not believed")


def test_broken(scratch):
    """By a sender who is known and verified; all of a folder at once."""
    desk = Desk(scratch)
    stick = scratch.folder / "stick"
    stick.mkdir()
    for variant in BROKEN:
        path = desk.sender.make(desk.age, variant)
        path.rename(stick / path.name)
    screen = opened(scratch, desk)
    open_folder(screen, stick, f"{len(BROKEN)} bundles were not believed: see why in the inbox")
    screen.wait(lambda: screen.texts().count("list item: Damaged") >= len(BROKEN), "a row for each")
    expect_page(screen, "Damaged", "It is no whole bundle")
    screen.section("Reports")
    screen.find("No reports yet")
    screen.end()
    findings = [entry["finding"] for entry in desk.json("inbox")]
    for variant, finding in BROKEN.items():
        expect(any(found.startswith(finding) for found in findings), f"{variant}: {finding} in {findings}")
    desk.holds_nothing()


def test_stranger_then_known(scratch):
    """What a stranger signed waits unopened, and opens when their card is taken into People."""
    desk = Desk(scratch)
    stranger = Sender(scratch, "stranger", {name: (desk.sender.documents / name).read_bytes() for name in DOCUMENTS})
    screen = opened(scratch, desk)
    open_by_hand(screen, stranger.make(desk.age, "good"), "1 bundle was not believed: see why in the inbox")
    expect_page(screen, "From somebody unknown", "It is kept unopened.")
    screen.end()
    desk.holds_nothing()
    desk.trust(stranger)
    same(len(desk.json("list")), 2, "opened once its sender is known")
    desk("check")


def test_forwarded(scratch):
    """Sealed for somebody else, who passed it on."""
    need("age")
    desk = Desk(scratch)
    first = Person(scratch, "first", "editor")
    identity = scratch.folder / "first.identity"
    first("identity", "-o", identity, "--yes")
    path = desk.sender.make(age_key(first.card()), "good")
    forwarded = scratch.folder / "forwarded.age"
    plain = run("age", "-d", "-i", identity, path).stdout
    same(run("age", "-r", desk.age, "-o", forwarded, input=plain).returncode, 0)
    screen = opened(scratch, desk)
    # Nothing of it is kept, so it is said at once.
    open_by_hand(screen, forwarded, "What was not believed")
    screen.find("somebody passed it on", part=True)
    same(screen.unnamed(), [], "unnamed in what is told")
    screen.key("Return")
    screen.gone("What was not believed")
    screen.end()
    desk.holds_nothing()


def test_fork(scratch):
    """Two bundles that say to be the same one: the first stays, the second is an alarm."""
    desk = Desk(scratch)
    sender = desk.sender
    first = sender.make(desk.age, "good", "--id", "0123456789abcdef" * 2)
    index = json.loads((sender.documents / "bundle.json").read_bytes())
    index["items"][0]["name"] = "another.jpg"
    fork = sender.make(desk.age, "good", "--id", "0123456789abcdef" * 2, "--index", scratch.file("other.json", sender.index(index)))
    screen = opened(scratch, desk)
    open_by_hand(screen, first, "1 bundle verified and opened")
    open_by_hand(screen, fork, "1 bundle was not believed: see why in the inbox")
    expect_page(screen, "Contradicts another bundle", "Do not rely on either")
    open_by_hand(screen, first, "It was here already")
    screen.end()
    same(len(desk.json("list")), 2, "nothing is doubled")
    expect("alarm" in desk("ledger"), "an alarm in the ledger")
    desk("check")


driver.main(globals())
