#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person does not cause and must not pay for: a damaged draft, a file that cannot be read."""
import os

import driver
from driver import opened
from scenario import PASSPHRASE, Person, expect, run, same


def test_damaged_draft(scratch):
    """A draft that no form can read does not stand in the list for ever."""
    reporter = Person(scratch, "reporter")
    screen = opened(scratch, reporter)
    screen.begin_note("The blue van again")
    screen.find("Not saved · draft kept")
    screen.end()
    done = run(os.environ["SATCHEL_DAMAGE_DRAFT"], reporter.vault, PASSPHRASE)
    same(done.returncode, 0, f"damage-draft: {done.stderr.decode()}")
    screen = opened(scratch, reporter)
    screen.tab_to("The blue van again")
    screen.key("Return")
    screen.find("This draft cannot be shown")
    same(screen.unnamed(), [], "unnamed beside a draft that cannot be shown")
    screen.press("Discard This Draft…", "push button", part=True)
    screen.find("Discard this draft?")
    # What is safe has the focus: Enter keeps.
    screen.key("Return")
    screen.gone("Discard this draft?")
    expect(screen.look("The blue van again", "list item"), "Enter discarded the draft")
    screen.press("Discard This Draft…", "push button", part=True)
    screen.press("_Discard Discard")
    screen.find("Draft discarded")
    screen.gone("The blue van again", "list item")
    screen.find("Nothing open")
    screen.end()
    reporter("check")


def test_unreadable_file(scratch):
    """A file that cannot be read is said and leaves nothing behind; what was chosen with it is attached."""
    reporter = Person(scratch, "reporter")
    folder = scratch.folder / "files"
    folder.mkdir()
    (folder / "good.txt").write_text("good\n")
    # Reading it fails, for root too.
    (folder / "bad.txt").symlink_to("/proc/self/mem")
    screen = opened(scratch, reporter)
    screen.begin_note("Two files")
    screen.key("ctrl+s")
    screen.find("Saved today", part=True)
    for name in ("bad.txt", "good.txt"):
        screen.attach(folder / name)
        if name == "bad.txt":
            screen.find("A file could not be read or written.", part=True)
    screen.find("good.txt, text/plain", "push button", part=True)
    expect(screen.look("bad.txt", part=True) is None, "what could not be read is shown as evidence")
    screen.end()
    [record] = reporter.json("list")
    same([item["name"] for item in reporter.json("show", record["id"])["evidence"]], ["good.txt"], "evidence")
    reporter("check")


driver.main(globals())
