#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Before anything is sealed: which pictures and films say where they were made."""
import pathlib

import driver
from driver import opened
from scenario import SAMPLES, Newsroom, expect, same

LOOKING = "Pictures and videos are being looked at for places"
NONE = "No place was found in the pictures and videos"


def drawn(scratch):
    """A picture that no camera made, under a name that every keyboard has."""
    return scratch.file("drawn.png", (SAMPLES / "Снимок экрана.png").read_bytes())


def attached(screen, scratch, text, *files):
    screen.begin_note(text)
    for file in files:
        screen.attach(file)
        screen.find(pathlib.Path(file).name, "push button", part=True)


def review(screen):
    screen.key("ctrl+Return")
    screen.find("Think of This")
    screen.gone(LOOKING)


def test_places(scratch):
    newsroom = Newsroom(scratch, with_intake=False)
    screen = opened(scratch, newsroom.reporter)
    copy = scratch.file("Second & last.jpg", (SAMPLES / "IMG_20240309_140512.jpg").read_bytes() + b"\n")
    attached(screen, scratch, "At the square", SAMPLES / "IMG_20240309_140512.jpg", copy, SAMPLES / "VID_20240309_141030.webm",
             drawn(scratch))
    review(screen)
    screen.find("A place is written in 2 files")
    screen.find("IMG_20240309_140512.jpg, Second & last.jpg\nThey leave as they are, with the place", part=True)
    screen.find("1 file could not be looked at for a place")
    screen.find("VID_20240309_141030.webm\n", part=True)
    expect(screen.look(NONE) is None, "none, and two")
    same(screen.unnamed(screen.find("Seal and Send", "frame")), [], "unnamed in the review")
    # A report that stays here takes its places with it.
    screen.tab_to("At the square", key="shift+Tab")
    screen.key("space")
    screen.gone("A place is written in 2 files")
    screen.key("space")
    screen.find("A place is written in 2 files")
    # In the middle of it, the vault locks.
    screen.key("ctrl+l")
    screen.ready("Passphrase")
    screen.end()
    newsroom.reporter("check")


def test_no_place(scratch):
    newsroom = Newsroom(scratch, with_intake=False)
    screen = opened(scratch, newsroom.reporter)
    attached(screen, scratch, "What was on the screen", drawn(scratch))
    review(screen)
    screen.find(NONE)
    screen.key("Escape")
    screen.gone("Think of This")
    # Words alone: there is nothing to be said of places.
    screen.begin_note("Words alone")
    screen.key("ctrl+Return")
    screen.find("Think of This")
    expect(screen.look(NONE) is None and screen.look(LOOKING) is None, "of no pictures")
    screen.end()


driver.main(globals())
