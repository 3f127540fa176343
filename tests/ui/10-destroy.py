#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Destroy: held for three seconds, locked or open, and nobody can open the vault again; let go earlier, nothing happened."""
import subprocess
import time

import driver
from driver import Screen
from scenario import PASSPHRASE, Person, expect, same

HOLD = "Hold to destroy the vault"
HOLDING = "Keep holding…"
HELD_FOR = 3  # seconds


def opened(scratch):
    reporter = Person(scratch, "reporter")
    screen = Screen(scratch, reporter.vault)
    screen.unlock(PASSPHRASE)
    return reporter, screen


def hold(screen, key, seconds):
    subprocess.run(["xdotool", "keydown", key], check=True)
    screen.wait(lambda: screen.look(HOLDING, "push button") or screen.look("Welcome to Satchel"), "the button to fill")
    time.sleep(seconds)
    subprocess.run(["xdotool", "keyup", key], check=True)


def point_at(screen, name):
    """The pointer's way to a control: where it is on the screen."""
    extents = screen.find(name, "push button").get_extents(screen.atspi.CoordType.WINDOW)
    x, y = extents.x + extents.width // 2, extents.y + extents.height // 2
    subprocess.run(["xdotool", "mousemove", str(x), str(y)], check=True)


def expect_destroyed(scratch, screen, reporter, is_said=True):
    if is_said:
        screen.find("The vault is destroyed. Nobody can open it any more.")
    screen.find("Welcome to Satchel")
    expect(not any("witness" in text for text in screen.texts()), "the words are still on the screen")
    screen.end()
    expect(not reporter.vault.exists(), "the folder is still there")
    [left] = scratch.folder.glob("reporter.old-*")
    reporter.vault = left
    reporter("list", code=2, says="wrong passphrase")


def test_card_stays(scratch):
    """The keys are gone, and the card that was left readable is not: told as both."""
    reporter = Person(scratch, "reporter")
    in_the_way = reporter.vault / "press-card"
    in_the_way.mkdir()
    (in_the_way / "file").touch()
    screen = Screen(scratch, reporter.vault)
    screen.ready("Passphrase")
    screen.tab_to(HOLD)
    hold(screen, "space", HELD_FOR + 1)
    screen.find("could not be removed, and can still be read", part=True)
    expect_destroyed(scratch, screen, reporter, is_said=False)


def test_locked(scratch):
    reporter = Person(scratch, "reporter")
    screen = Screen(scratch, reporter.vault)
    screen.ready("Passphrase")
    same(screen.unnamed(), [], "unnamed on the unlock page")
    screen.tab_to(HOLD)
    for key in ("space", "Return"):
        hold(screen, key, HELD_FOR - 1)
        screen.find(HOLD, "push button")
        time.sleep(2)
    expect(reporter.vault.exists(), "let go early, and destroyed")
    reporter("list")
    hold(screen, "space", HELD_FOR + 1)
    expect_destroyed(scratch, screen, reporter)


def test_unlocked_again_after_letting_go(scratch):
    reporter = Person(scratch, "reporter")
    screen = Screen(scratch, reporter.vault)
    screen.ready("Passphrase")
    screen.tab_to(HOLD)
    hold(screen, "Return", 1)
    screen.find(HOLD, "push button")
    screen.tab_to("Passphrase")
    screen.unlock(PASSPHRASE)


def test_focus_leaves(scratch):
    """Somebody who runs off with Tab is not holding any more."""
    reporter = Person(scratch, "reporter")
    screen = Screen(scratch, reporter.vault)
    screen.ready("Passphrase")
    screen.tab_to(HOLD)
    subprocess.run(["xdotool", "keydown", "space"], check=True)
    screen.find(HOLDING, "push button")
    subprocess.run(["xdotool", "key", "Tab"], check=True)
    screen.find(HOLD, "push button")
    time.sleep(HELD_FOR + 1)
    subprocess.run(["xdotool", "keyup", "space"], check=True)
    reporter("list")


def test_pointer(scratch):
    reporter = Person(scratch, "reporter")
    screen = Screen(scratch, reporter.vault)
    screen.ready("Passphrase")
    point_at(screen, HOLD)
    subprocess.run(["xdotool", "mousedown", "1"], check=True)
    screen.find(HOLDING, "push button")
    # Off the button, and back onto it.
    subprocess.run(["xdotool", "mousemove_relative", "--", "0", "-200"], check=True)
    screen.find(HOLD, "push button")
    point_at(screen, HOLD)
    time.sleep(HELD_FOR + 1)
    subprocess.run(["xdotool", "mouseup", "1"], check=True)
    reporter("list")
    subprocess.run(["xdotool", "mousedown", "1"], check=True)
    screen.find("Welcome to Satchel")
    subprocess.run(["xdotool", "mouseup", "1"], check=True)
    expect_destroyed(scratch, screen, reporter)


def test_open(scratch):
    """From the main menu, with words on the screen that were never saved."""
    reporter, screen = opened(scratch)
    screen.key("ctrl+n")
    screen.ready("Text")
    screen.type("the name of a witness")
    screen.key("F10")
    screen.find(HOLD, "push button")
    screen.tab_to(HOLD)
    hold(screen, "space", 1)
    screen.find(HOLD, "push button")
    hold(screen, "space", HELD_FOR + 0.5)
    expect_destroyed(scratch, screen, reporter)
    scratch.expect_no_plaintext("witness")


def test_panic_phrase(scratch):
    """On the screen it is a wrong passphrase like any other; afterwards the right one is one, too."""
    reporter = Person(scratch, "reporter")
    phrase = scratch.file("panic", "they are at the door\n")
    reporter("passphrase", "--panic", "--new-passphrase-file", phrase)
    screen = Screen(scratch, reporter.vault)
    said = []
    for typed in ("not this one", "they are at the door", PASSPHRASE):
        screen.ready("Passphrase")
        screen.type(typed)
        screen.key("Return")
        screen.find("This passphrase does not open the vault.", part=True)
        said.append(screen.texts())
        expect(screen.look("New note") is None, "the vault is open")
    same(said[1], said[0], "what the screen says after the panic phrase")
    same(said[2], said[0], "what the screen says after the passphrase")


driver.main(globals())
