#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person does not cause and must not pay for: a full disk, a damaged draft, a file that cannot be read."""
import contextlib
import os
import subprocess
import time

import driver
from driver import opened
from scenario import PASSPHRASE, Person, Skip, expect, run, same


def typed(screen):
    return screen.text_of(screen.find("Text", "text"))


@contextlib.contextmanager
def small_disk(scratch, person):
    """The person's vault on a disk of a few megabytes."""
    mount = scratch.folder / "disk"
    mount.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", mount], capture_output=True).returncode != 0:
        raise Skip("a tmpfs cannot be mounted here")
    try:
        subprocess.run(["cp", "-a", person.vault, mount / "vault"], check=True)
        person.vault = mount / "vault"
        yield mount
    finally:
        subprocess.run(["umount", "-l", mount])


def fill(mount):
    path = mount / "filler"
    with open(path, "wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(4096)):
            pass
    return path


def test_full_disk(scratch):
    """Neither the draft nor the report can be kept: it is said, the words stay, and with room they are saved."""
    reporter = Person(scratch, "reporter")
    with small_disk(scratch, reporter) as mount:
        screen = opened(scratch, reporter)
        filler = fill(mount)
        screen.begin_note("They took the second camera")
        screen.find("The disk is full.", part=True)
        screen.find("Not saved")
        screen.key("ctrl+s")
        time.sleep(2)
        screen.find("Not saved")
        same(typed(screen), "They took the second camera", "the words after a save that failed")
        expect(screen.look("They took the second camera", "list item") is None, "a report or a draft is in the list")
        filler.unlink()
        screen.key("ctrl+s")
        screen.find("Saved today", part=True)
        same(typed(screen), "They took the second camera", "the words after the save")
        screen.end()
        [record] = reporter.json("list")
        same(record["summary"], "They took the second camera", "the report")
        reporter("check")


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
