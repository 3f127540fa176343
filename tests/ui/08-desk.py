#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An editor receives, reads and answers: by keyboard, as a screen reader has it."""
import driver
from driver import opened
from scenario import Newsroom, expect, same


def send(person, text, *more):
    record = person("new", "note", "-s", f"text={text}", *more)
    person("seal", record.strip())
    person("send")


def test_receive_read_and_reply(scratch):
    newsroom = Newsroom(scratch, with_intake=True)
    send(newsroom.reporter, "They came at seven")
    screen = opened(scratch, newsroom.editor)
    screen.find("They came at seven", "list item")
    same(screen.unnamed(), [], "unnamed in the inbox")
    screen.open_row("They came at seven", "Inbox")
    screen.find("Whole and unchanged")
    screen.find("reporter, introduced, words not compared yet")
    same(screen.unnamed(), [], "unnamed on a bundle's page")
    screen.section("Reports")
    screen.open_row("They came at seven", "Reports")
    screen.find("Reply", "push button", part=True)
    screen.key("ctrl+r")
    screen.ready("Text")
    screen.type("We have it. Who else saw them?")
    screen.key("ctrl+Return")
    screen.find("Who is answered, and nobody else")
    screen.ready("Seal and Send")
    screen.key("ctrl+Return")
    screen.gone("Who is answered, and nobody else")
    screen.section("Outbox")
    screen.find("At the newsroom, not opened yet", part=True)
    screen.end()
    newsroom.reporter("send")
    expect("Who else saw them?" in newsroom.reporter("list"), "the reporter has the answer")


def test_hostile_and_missing(scratch):
    """What cannot be believed is said in words, and a number that is missing too."""
    newsroom = Newsroom(scratch)
    folder = scratch.folder / "stick"
    folder.mkdir()
    for text in ("first", "second", "third"):
        newsroom.reporter("seal", newsroom.reporter("new", "note", "-s", f"text={text}").strip())
    newsroom.reporter("send", folder)
    sealed = sorted(folder.glob("*.age"), key=lambda path: path.stat().st_mtime_ns)
    bad = sealed[-1].read_bytes()
    sealed[-1].write_bytes(bad[:len(bad) // 2] + bytes([bad[len(bad) // 2] ^ 1]) + bad[len(bad) // 2 + 1:])
    newsroom.editor("fetch", folder, code=4)
    screen = opened(scratch, newsroom.editor)
    screen.open_row("Damaged", "Inbox")
    screen.find("It is no whole bundle", part=True)
    screen.find("Finding")
    expect(screen.look("What Is in It") is None, "contents of what was not believed are shown")
    screen.end()


driver.main(globals())
