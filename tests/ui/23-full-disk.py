#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that is full, whatever a person does: it is said with what to do, nothing is lost and nothing is there by half, and with
space it works. Needs to mount a tmpfs."""
import contextlib
import os
import time

import driver
from driver import Screen, opened
from scenario import PASSPHRASE, SAMPLES, Newsroom, Person, expect, fill, on_disk, same, small_disk

FULL = "The disk is full. Nothing is lost. Free some space and try again."
PHOTO = "IMG_20240309_140512.jpg"


@contextlib.contextmanager
def on_small_disk(scratch, person):
    with small_disk(scratch) as mount:
        on_disk(scratch, person, mount)
        yield mount


def typed(screen):
    return screen.text_of(screen.find("Text", "text"))


def says_full(screen):
    screen.find("The disk is full.", part=True)
    screen.find("Free some space and try again.", part=True)


def only_record(person):
    [record] = person.json("list")
    return person.json("show", record["id"])


def blobs(person):
    return sorted(path for path in (person.vault / "blobs").rglob("*") if path.is_file())


def test_save(scratch):
    """Neither the draft nor the report can be kept: it is said, the words stay, and with room they are saved."""
    reporter = Person(scratch, "reporter")
    words = "They took the second camera"
    with on_small_disk(scratch, reporter) as mount:
        screen = opened(scratch, reporter)
        filler = fill(mount, 0)
        screen.begin_note(words)
        says_full(screen)
        screen.find("Not saved")
        screen.key("ctrl+s")
        screen.gone("Saving…")
        screen.find("Not saved")
        same(typed(screen), words, "the words after a save that failed")
        expect(screen.look(words, "list item") is None, "a report or a draft is in the list")
        filler.unlink()
        screen.key("ctrl+s")
        screen.find("Saved today", part=True)
        same(typed(screen), words, "the words after the save")
        screen.end()
        same(only_record(reporter)["values"]["text"], words, "the report")
        reporter("check")


def test_attach(scratch):
    reporter = Person(scratch, "reporter")
    with on_small_disk(scratch, reporter) as mount:
        screen = opened(scratch, reporter)
        screen.begin_note("The paper that they showed")
        screen.key("ctrl+s")
        screen.find("Saved today", part=True)
        # For nothing; for the row, and a part of the picture.
        for leave in (0, 100 << 10):
            filler = fill(mount, leave)
            screen.attach(SAMPLES / PHOTO)
            says_full(screen)
            expect(screen.look(PHOTO, "push button", part=True) is None, "what was not attached is shown as evidence")
            same(blobs(reporter), [], "what was left of it")
            filler.unlink()
        screen.attach(SAMPLES / PHOTO)
        screen.find(PHOTO, "push button", part=True)
        screen.end()
        same([item["name"] for item in only_record(reporter)["evidence"]], [PHOTO], "evidence")
        reporter("check")


def test_seal(scratch):
    room = Newsroom(scratch, lawyer=False)
    reporter = room.reporter
    reporter("new", "note", "-s", "text=They came at seven", "-a", scratch.file("film.bin", os.urandom(3 << 20)))
    with on_small_disk(scratch, reporter) as mount:
        screen = opened(scratch, reporter)
        for leave in (1 << 20, 0):
            filler = fill(mount, leave)
            screen.open_row("They came at seven", "Reports")
            screen.key("ctrl+Return")
            screen.find("Who Can Open It")
            screen.ready("Seal and Send")
            screen.key("ctrl+Return")
            says_full(screen)
            screen.key("Escape")
            screen.gone("Who Can Open It")
            filler.unlink()
        screen.key("ctrl+Return")
        screen.find("Who Can Open It")
        screen.ready("Seal and Send")
        screen.key("ctrl+Return")
        screen.gone("Who Can Open It")
        screen.section("Outbox")
        screen.find("They came at seven", "list item")
        screen.end()
        sealed = [entry for entry in reporter.json("outbox") if entry["kind"] != "introduction"]
        same(len(sealed), 1, "bundles")
        reporter("check")
        stick = scratch.folder / "stick"
        stick.mkdir()
        reporter("send", stick)
        room.editor("fetch", stick)
        expect("They came at seven" in room.editor("list"), "what was sealed is not whole")


def sent_by_both_ways(scratch, room):
    """One on a stick, one at the intake. Returns the bundle on the stick."""
    stick = scratch.folder / "stick"
    stick.mkdir()
    room.reporter("send")
    room.editor("fetch")
    for text in ("By hand", "By the network"):
        record = room.reporter("new", "note", "-s", f"text={text}", "-a", scratch.file(f"{text}.bin", os.urandom(3 << 20)))
        room.reporter("seal", record)
        room.reporter("send", *([stick] if text == "By hand" else []))
    return max(stick.glob("*.age"), key=lambda path: path.stat().st_size)


def test_receive(scratch):
    room = Newsroom(scratch, with_intake=True, lawyer=False)
    bundle = sent_by_both_ways(scratch, room)
    with on_small_disk(scratch, room.editor) as mount:
        filler = fill(mount, 1 << 20)
        screen = opened(scratch, room.editor)
        screen.section("Inbox")
        screen.find("Not sending")
        screen.hand_over(bundle)
        says_full(screen)
        for text in ("By hand", "By the network"):
            expect(screen.look(text, "list item") is None, f"{text!r} is in the inbox")
        filler.unlink()
        screen.hand_over(bundle)
        screen.find("1 bundle verified and opened")
        screen.find("By hand", "list item")
        screen.press("Fetch now")
        screen.find("By the network", "list item")
        screen.find("Connected to The Courier")
        screen.end()
        same(sorted(record["summary"] for record in room.editor.json("list")), ["By hand", "By the network"], "reports")
        room.editor("check")


def test_unlock(scratch):
    """Not a byte is free: what was written can be read, and what was typed before is there."""
    reporter = Person(scratch, "reporter")
    reporter("new", "note", "-s", "text=They came at seven")
    with on_small_disk(scratch, reporter) as mount:
        screen = opened(scratch, reporter)
        screen.begin_note("They came again")
        screen.find("Not saved · draft kept")
        screen.end()
        filler = fill(mount, 0)
        same(os.statvfs(mount).f_bavail, 0, "blocks that are free")
        screen = opened(scratch, reporter)
        screen.find("They came again", "list item", part=True)
        screen.open_row("They came at seven", "Reports")
        screen.find("Saved today", part=True)
        same(typed(screen), "They came at seven", "the report")
        screen.key("ctrl+l")
        screen.unlock(PASSPHRASE)
        screen.open_row("They came again", "Not saved yet")
        screen.wait(lambda: typed(screen) == "They came again", "the draft")
        filler.unlink()
        screen.key("ctrl+s")
        screen.find("Saved today", part=True)
        screen.end()
        same(len(reporter.json("list")), 2, "reports")
        reporter("check")


def test_destroy(scratch):
    """Who has no space left for anything must still be able to."""
    reporter = Person(scratch, "reporter")
    reporter("new", "note", "-s", "text=The name of a witness")
    with on_small_disk(scratch, reporter) as mount:
        fill(mount, 0)
        screen = opened(scratch, reporter)
        screen.key("F10")
        screen.find("Hold to destroy the vault", "push button")
        screen.tab_to("Hold to destroy the vault")
        screen.hold("space", lambda: screen.look("Welcome to Satchel"), "the vault to be destroyed")
        screen.find("The vault is destroyed. Nobody can open it any more.")
        screen.end()
        expect(not reporter.vault.exists(), "the folder is still there")
        left = list(mount.glob("reporter.old-*"))
        if left:
            reporter.vault = left[0]
            reporter("list", code=2, says="wrong passphrase")


driver.main(globals())
