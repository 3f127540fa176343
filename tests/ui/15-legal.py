#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lawyer's items: their verdict, checked again, and custody from the first keystroke to here."""
import time

import driver
from driver import opened
from scenario import SAMPLES, Newsroom, expect, same

PHOTO = "IMG_20240309_140512.jpg"
LIST = "Received items"


def received(scratch):
    """A lawyer who took in a report with a picture from a file."""
    newsroom = Newsroom(scratch)
    folder = scratch.folder / "stick"
    folder.mkdir()
    record = newsroom.reporter("new", "note", "-s", "text=They took the cards", "-a", SAMPLES / PHOTO).strip()
    newsroom.reporter("seal", record)
    newsroom.reporter("send", folder)
    newsroom.lawyer("fetch", folder)
    return newsroom, record


def check(screen):
    screen.press("Check Again", "push button")


def test_verdict_custody_and_check(scratch):
    newsroom, record = received(scratch)
    screen = opened(scratch, newsroom.lawyer)
    screen.section(LIST)
    screen.find("They took the cards", "list item")
    same(screen.unnamed(), [], "unnamed in the list")
    screen.open_row(PHOTO, LIST)
    screen.find("Unchanged since it was signed")
    screen.find("Verified when it was taken in.", part=True)
    screen.find("The chain is whole", part=True)
    chain = screen.find("Chain of custody", "list")
    names = [chain.get_child_at_index(i).get_name() for i in range(chain.get_child_count())]
    for place, words in enumerate(("Recorded", "Evidence attached", "It changed hands", "Verified and taken in")):
        expect(words in names[place], f"link {place} of the chain is {names[place]!r}")
    expect("Tied to the one before it." in names[3], "the last link does not say that it is tied")
    same(screen.unnamed(), [], "unnamed on an item's page")
    check(screen)
    screen.find("Signature", part=True)
    screen.find("Checked again: unchanged", part=True)
    screen.find("Checked last on", part=True)
    same(screen.unnamed(), [], "unnamed after a check")
    # By keyboard: an entry's hashes.
    screen.tab_to("Recorded", part=True)
    screen.key("Down", "Return")
    screen.find("Hash of this entry")
    screen.key("Escape")
    screen.gone("Hash of this entry")
    screen.end()
    expect("verified" in newsroom.lawyer("ledger", record), "the check is not in the ledger")


def test_damaged_evidence(scratch):
    """A flipped byte is found, said in words, and remembered."""
    newsroom, _ = received(scratch)
    for blob in (newsroom.lawyer.vault / "blobs").glob("*/*"):
        content = bytearray(blob.read_bytes())
        content[len(content) // 2] ^= 1
        blob.write_bytes(content)
    screen = opened(scratch, newsroom.lawyer)
    screen.section(LIST)
    screen.open_row(PHOTO, LIST)
    screen.find("Unchanged since it was signed")
    check(screen)
    screen.find("Does NOT hold")
    screen.find("BROKEN", part=True)
    screen.find("Its content is not what was captured", part=True)
    screen.find("Checked again: it did NOT hold", part=True)
    # Only the picture is broken; the report is not.
    screen.section(LIST)
    screen.tab_to("With which verdict", part=True)
    screen.key("space")
    time.sleep(0.5)  # until the choices stand there
    screen.key("Down", "Down", "Return")
    items = screen.find(LIST, "list")
    screen.wait(lambda: items.get_child_count() == 1, "one item alone")
    screen.find("Does NOT hold · ", part=True)
    screen.find("Evidence of “They took the cards”", part=True)
    screen.end()


def test_broken_chain(scratch):
    """A report's custody, of itself and of its evidence; what was signed of it is not there any more."""
    newsroom, record = received(scratch)
    screen = opened(scratch, newsroom.lawyer)
    screen.section("Reports")
    screen.open_row("They took the cards", "Reports")
    screen.tab_to("Custody")
    screen.key("Return")
    screen.find("The chain is whole", part=True)
    same(screen.unnamed(), [], "unnamed on a report's page")
    screen.tab_to("Whose custody is shown")
    screen.key("space")
    screen.key("Down", "Return")
    screen.find("SHA-256 of its content")
    screen.find("Evidence attached", part=True)
    screen.end()


def choose(screen, item, path):
    """Of the menu; then GTK's own file chooser, in which a slash begins a path."""
    screen.tab_to("Verify a folder or file", key="shift+Tab")
    screen.key("space")
    time.sleep(0.5)
    screen.press(item, part=True)
    time.sleep(2)
    screen.type(str(path))
    time.sleep(1)
    screen.key("Return")


def test_verify_outside(scratch):
    """An exported folder and a sealed file, and the same folder with one byte changed."""
    newsroom, record = received(scratch)
    exported = scratch.folder / "exported"
    newsroom.lawyer("export", record, "--format", "bag", "-o", exported)
    screen = opened(scratch, newsroom.lawyer)
    screen.section(LIST)
    screen.find("They took the cards", "list item")
    choose(screen, "Exported", exported)
    screen.find("Everything holds")
    screen.find("Custody: holds")
    same(screen.unnamed(), [], "unnamed on the page of a verification")
    [picture] = (exported / "satchel" / "data").glob("0001*")
    content = bytearray(picture.read_bytes())
    content[1000] ^= 1
    picture.write_bytes(content)
    screen.section(LIST)
    choose(screen, "Exported", exported)
    screen.find("This does NOT hold")
    screen.find("0001.jpg: BROKEN", part=True)
    screen.find("file-hash", part=True)
    screen.end()


driver.main(globals())
