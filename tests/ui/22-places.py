#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Before anything is sealed: which pictures and films say where they were made, and whose names are not to be shared."""
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


ONE, TWO = "1 name is marked not to be shared", "2 names are marked not to be shared"
ASKED = "Seal 2 names that are not to be shared?"


def visit_of_two(newsroom):
    """With a name that is marked, and one that was, and was taken out again."""
    visit = newsroom.reporter("new", "police-visit", "-s", "title=At the door", "-s", "witnesses.0.name=Anna",
                              "-s", "witnesses.0.do_not_share=yes", "-s", "witnesses.1.name=Boris", "-s", "witnesses.1.do_not_share=yes")
    newsroom.reporter("edit", visit, "-s", "witnesses.1=")
    return visit


def test_names(scratch):
    """Told before, asked about, and sealed only when somebody says so; with the report they belong to, or not at all."""
    newsroom = Newsroom(scratch, with_intake=False)
    visit = visit_of_two(newsroom)
    newsroom.reporter("new", "note", "-s", "title=What came of it", "-s", "text=Nothing", "-s", f"links.0.record={visit}")
    screen = opened(scratch, newsroom.reporter)
    screen.open_row("What came of it", "Reports")
    screen.find("Saved today", part=True)
    screen.key("ctrl+Return")
    screen.find("Think of This")
    screen.ready("Seal and Send")
    expect(screen.look(TWO) is None, "a name of a report that stays")
    screen.tab_to("At the door", key="shift+Tab")
    screen.key("space")
    screen.find(TWO)
    screen.find("Anna, Boris\nEveryone who opens the bundle can read every name in it", part=True)
    same(screen.unnamed(screen.find("Seal and Send", "frame")), [], "unnamed in the review")
    screen.key("ctrl+Return")
    screen.find(ASKED)
    # Return is the careful answer.
    screen.wait(lambda: screen.has_focus("Go Back"), "the focus on the careful answer")
    screen.key("Return")
    screen.gone(ASKED)
    screen.find("Think of This")
    screen.end()
    same([entry["kind"] for entry in newsroom.reporter.json("outbox")], ["introduction"], "nothing is sealed")


def test_names_all_the_same(scratch):
    newsroom = Newsroom(scratch, with_intake=False)
    visit_of_two(newsroom)
    screen = opened(scratch, newsroom.reporter)
    screen.open_row("At the door", "Reports")
    screen.find("Saved today", part=True)
    screen.key("ctrl+Return")
    screen.find(TWO)
    screen.ready("Seal and Send")
    screen.key("ctrl+Return")
    screen.find(ASKED)
    screen.press("Seal Anyway", "push button", part=True)
    screen.gone("Who Can Open It")
    screen.end()
    stick = scratch.folder / "stick"
    stick.mkdir()
    newsroom.reporter("send", stick)
    newsroom.editor("fetch", stick)
    # The desk sees the mark beside the name.
    screen = opened(scratch, newsroom.editor)
    screen.section("Reports")
    screen.open_row("At the door", "Reports")
    screen.find("Anna Name as given")
    screen.find("Yes Do not share this name?")
    screen.end()


def test_a_name_is_marked(scratch):
    """In the form, by keyboard; and the card says so while it is closed."""
    newsroom = Newsroom(scratch, with_intake=False)
    newsroom.reporter("new", "police-visit", "-s", "title=At the door")
    screen = opened(scratch, newsroom.reporter)
    screen.open_row("At the door", "Reports")
    screen.find("Saved today", part=True)
    screen.press("Add: Witnesses")
    screen.ready("Name as given")
    screen.type("Anna")
    screen.key("Tab")
    screen.ready("Do not share this name?: Yes")
    screen.key("space")
    screen.key("ctrl+s")
    screen.find("2 revisions")
    screen.find("Do not share this name? Yes", part=True)
    screen.key("ctrl+Return")
    screen.find(ONE)
    screen.key("Escape")
    screen.gone("Think of This")
    screen.end()
    [record] = newsroom.reporter.json("list")
    same(newsroom.reporter.json("show", record["id"])["values"]["witnesses"][0]["do_not_share"], "yes")


driver.main(globals())
