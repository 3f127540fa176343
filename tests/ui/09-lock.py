#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vault is locked by what the machine tells: suspension, lid, session, another user, screen saver."""
import fcntl
import os
import subprocess
import time

import driver
from driver import Screen
from machine import Machine
from scenario import PASSPHRASE, Person, expect, same

LOCKED_WITHIN = 1.0  # seconds, from the event to the keys' end


def opened(scratch, machine=None):
    reporter = Person(scratch, "reporter")
    screen = Screen(scratch, reporter.vault, **(machine.environment if machine else {}))
    screen.unlock(PASSPHRASE)
    screen.find("New note")
    return reporter, screen


def wait_for_inhibitor(screen, machine):
    screen.wait(lambda: machine.inhibitors() == ["Satchel"], "the inhibitor")


def is_held(vault):
    """Whether a process has the vault open."""
    handle = os.open(vault / "lock", os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(handle)


def seconds_until_closed(vault, begin, patience=30):
    while is_held(vault):
        expect(time.monotonic() - begin < patience, "the vault was not closed")
        time.sleep(0.005)
    return time.monotonic() - begin


def expect_quickly(seconds):
    print(f"# keys gone after {seconds:.3f} s", flush=True)
    expect(seconds < LOCKED_WITHIN, f"the keys were gone after {seconds:.2f} s")


def expect_locked(screen, machine):
    screen.ready("Passphrase")
    screen.wait(lambda: machine.inhibitors() == [], "the inhibitor to go")
    expect(screen.look("New note") is None, "the shell is there")


def lock_and_return(screen, machine, reporter, event, word):
    """Types @word, lets @event happen with no pause, and looks for the word after unlocking."""
    wait_for_inhibitor(screen, machine)
    screen.key("ctrl+n")
    screen.ready("Text")
    screen.type(word)
    screen.wait(lambda: screen.text_of(screen.find("Text", "text")) == word, "the typed words")
    begin = time.monotonic()
    event()
    expect_quickly(seconds_until_closed(reporter.vault, begin))
    expect_locked(screen, machine)
    expect(not any(word in text for text in screen.texts()), "the locked screen shows what was typed")
    machine.open_all()
    screen.unlock(PASSPHRASE)
    screen.find(word, part=True)


def test_events(scratch):
    machine = Machine(scratch)
    reporter, screen = opened(scratch, machine)
    events = {"suspension": lambda: machine.prepare_for_sleep(True), "wakingup": lambda: machine.prepare_for_sleep(False),
              "thelid": machine.close_lid, "lockword": machine.lock, "hintword": machine.locked_hint, "anotheruser": machine.other_user}
    for word, event in events.items():
        lock_and_return(screen, machine, reporter, event, word)
    screen.end()
    reporter("check")


def test_nothing_happened(scratch):
    """A lid that opens, a session that comes back, an unlocked desktop: no reason to lock."""
    machine = Machine(scratch)
    reporter, screen = opened(scratch, machine)
    wait_for_inhibitor(screen, machine)
    machine.open_all()
    screen.key("ctrl+n")
    screen.ready("Text")
    time.sleep(1)
    expect(is_held(reporter.vault), "locked without a reason")
    screen.ready("Text")


def test_screen_saver(scratch):
    reporter, screen = opened(scratch)
    saver = ["gdbus", "emit", "--session", "--object-path", "/ScreenSaver", "--signal", "org.freedesktop.ScreenSaver.ActiveChanged"]
    subprocess.run([*saver, "false"], check=True)
    time.sleep(1)
    expect(is_held(reporter.vault), "locked by a screen saver that went")
    subprocess.run([*saver, "true"], check=True)
    screen.ready("Passphrase")
    expect(not is_held(reporter.vault), "the vault is open")


def test_services_start_anew(scratch):
    machine = Machine(scratch, with_services=False)
    reporter, screen = opened(scratch, machine)
    for event in ("lid", "hint"):
        machine.start("logind")
        machine.start("upower")
        wait_for_inhibitor(screen, machine)
        # The session's proxy is made after the inhibitor was asked for.
        time.sleep(1)
        if event == "lid":
            machine.close_lid()
        else:
            machine.locked_hint()
        expect_locked(screen, machine)
        screen.unlock(PASSPHRASE)
        screen.find("New note")
        machine.stop("logind")
        machine.stop("upower")


def test_key_in_a_dialog(scratch):
    """The key that locks is heard wherever the focus is."""
    reporter, screen = opened(scratch)
    screen.key("F10")
    screen.press("About Satchel")
    screen.find("Credits", part=True)
    time.sleep(0.5)
    screen.key("ctrl+l")
    screen.find("Passphrase", "password text")
    expect(not is_held(reporter.vault), "the vault is open")


def test_bus_ends(scratch):
    """Deaf is locked, and the program goes on."""
    machine = Machine(scratch)
    reporter, screen = opened(scratch, machine)
    wait_for_inhibitor(screen, machine)
    machine.daemon.terminate()
    screen.ready("Passphrase")
    expect(not is_held(reporter.vault), "the vault is open")
    screen.unlock(PASSPHRASE)
    screen.find("New note")


def test_in_the_middle_of_an_import(scratch):
    machine = Machine(scratch)
    reporter, screen = opened(scratch, machine)
    wait_for_inhibitor(screen, machine)
    film = scratch.folder / "film.bin"
    with open(film, "wb") as file:
        file.truncate(8 << 30)
    screen.key("ctrl+n")
    screen.ready("Text")
    screen.type("the film of today")
    screen.key("ctrl+s")
    screen.find("Saved today", part=True)
    screen.attach(film)
    screen.find("film.bin", "label")
    blobs = reporter.vault / "blobs"
    screen.wait(lambda: sum(p.stat().st_size for p in blobs.rglob("*") if p.is_file()) > 32 << 20, "some of the film")
    begin = time.monotonic()
    machine.prepare_for_sleep(True)
    expect_quickly(seconds_until_closed(reporter.vault, begin))
    expect_locked(screen, machine)
    film.unlink()
    screen.end()
    reporter("check")
    [record] = reporter.json("list")
    same(reporter.json("show", record["id"])["evidence"], [], "evidence of an import that was stopped")


driver.main(globals())
