#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sound and video are played from the vault, by keyboard, with a sound server and without."""
import re
import time

import driver
from driver import Screen
from scenario import PASSPHRASE, SAMPLES, Person, expect, same
from sound_server import SoundServer

FILM = "VID_20240309_141030.webm"
NOTE = "یادداشت صوتی.ogg"


def opened_on(scratch, *files, **environment):
    reporter = Person(scratch, "reporter")
    reporter("new", "note", "-s", "text=with evidence", *(part for file in files for part in ("-a", file)))
    screen = Screen(scratch, reporter.vault, **environment)
    screen.unlock(PASSPHRASE)
    screen.open_row("with evidence", "Reports")
    screen.find("Text")
    return reporter, screen


def open_evidence(screen, name):
    screen.tab_to(name, limit=200, part=True)
    screen.key("Return")
    screen.find("What is known of this file")


def close_evidence(screen):
    screen.key("Escape")
    screen.gone("What is known of this file")


def seconds(screen):
    """Where it stands, from the label beside the slider."""
    text = screen.find_like(r"\d+:\d\d / \d+:\d\d")
    minutes, rest = text.split(" / ")[0].split(":")
    return int(minutes) * 60 + int(rest)


def test_note_is_heard(scratch):
    server = SoundServer(scratch)
    reporter, screen = opened_on(scratch, SAMPLES / NOTE, **server.environment)
    open_evidence(screen, NOTE)
    screen.ready("Play")
    screen.find("0:00 / 0:15")
    screen.key("space")
    screen.find("Pause")
    loud = server.loudness(1.5)
    expect(loud > 0.005, f"what is heard while it plays: {loud}")
    screen.wait(lambda: seconds(screen) >= 2, "it to go on")
    screen.key("space")
    screen.find("Play")
    stands = seconds(screen)
    time.sleep(0.6)
    same(server.loudness(0.5), 0.0, "what is heard while it stands")
    same(seconds(screen), stands, "where it stands")
    screen.key("Right", "Right")
    screen.wait(lambda: seconds(screen) == stands + 10, "ten seconds on")
    screen.key("Home")
    screen.find("0:00 / 0:15")
    expect(screen.look("There is nothing to hear this with", part=True) is None, "it says that nothing can be heard")
    close_evidence(screen)


def test_film_to_its_end_and_again(scratch):
    server = SoundServer(scratch)
    reporter, screen = opened_on(scratch, SAMPLES / FILM, **server.environment)
    open_evidence(screen, FILM)
    screen.ready("Play")
    screen.key("space")
    screen.find("Pause")
    screen.find("Play")
    screen.find("0:03 / 0:03")
    screen.key("space")
    screen.find("Pause")
    screen.wait(lambda: seconds(screen) < 3, "it to begin anew")
    close_evidence(screen)


def test_nothing_to_hear_it_with(scratch):
    reporter, screen = opened_on(scratch, SAMPLES / FILM, PULSE_SERVER="unix:/nonexistent/native")
    open_evidence(screen, FILM)
    screen.ready("Play")
    screen.key("space")
    screen.find("There is nothing to hear this with", part=True)
    screen.find("0:03 / 0:03")
    close_evidence(screen)


def test_lock_closes_it(scratch):
    server = SoundServer(scratch)
    reporter, screen = opened_on(scratch, SAMPLES / NOTE, **server.environment)
    open_evidence(screen, NOTE)
    screen.ready("Play")
    screen.key("space")
    screen.wait(lambda: seconds(screen) >= 1, "it to go on")
    screen.key("ctrl+l")
    screen.ready("Passphrase")
    time.sleep(0.5)
    same(server.loudness(0.5), 0.0, "what is heard of a locked vault")


def test_not_what_it_says(scratch):
    film = (SAMPLES / FILM).read_bytes()
    for name, data in (("false.mp4", b"\0\0\0\x18ftypmp42" + b"\0" * 5000), ("cut.webm", film[:300])):
        (scratch.folder / name).write_bytes(data)
    reporter, screen = opened_on(scratch, scratch.folder / "false.mp4", scratch.folder / "cut.webm")
    for name in ("false.mp4", "cut.webm"):
        open_evidence(screen, name)
        screen.find("This file is damaged, or not what its name says.")
        close_evidence(screen)


driver.main(globals())
