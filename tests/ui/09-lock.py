#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vault is locked by what the machine tells: suspension, lid, session, another user, screen saver, and by one key from anywhere."""
import fcntl
import os
import subprocess
import time

import driver
from driver import Screen
from machine import Machine
from portal import ENDED, NO, YES, Portal
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


def begin_import(screen, scratch, reporter):
    """The file, of which some is in the vault, and which goes on for long."""
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
    return film


def expect_nothing_imported(screen, reporter, film):
    film.unlink()
    screen.end()
    reporter("check")
    [record] = reporter.json("list")
    same(reporter.json("show", record["id"])["evidence"], [], "evidence of an import that was stopped")


def test_in_the_middle_of_an_import(scratch):
    machine = Machine(scratch)
    reporter, screen = opened(scratch, machine)
    wait_for_inhibitor(screen, machine)
    film = begin_import(screen, scratch, reporter)
    begin = time.monotonic()
    machine.prepare_for_sleep(True)
    expect_quickly(seconds_until_closed(reporter.vault, begin))
    expect_locked(screen, machine)
    expect_nothing_imported(screen, reporter, film)


# --- A key from anywhere ---

ANYWHERE = "Lock From Anywhere"
KEY = "In every program: Press Super+Shift+L"


def show_lock_page(screen):
    screen.key("ctrl+comma")
    screen.find("Locking")
    screen.wait(lambda: screen.look("Lock after", "combo box").get_state_set().contains(screen.atspi.StateType.SENSITIVE),
                "what the vault has")


def turn_on(screen):
    show_lock_page(screen)
    screen.find("By a key that works in every program. The desktop asks you which.")
    turn(screen)


def turn(screen):
    screen.tab_to(ANYWHERE)
    screen.key("Return")


def close(screen):
    screen.key("Escape")
    screen.gone("Locking")


def is_on(screen):
    return screen.is_checked(ANYWHERE)


def expect_pressed(screen, portal, reporter):
    begin = time.monotonic()
    portal.press()
    expect_quickly(seconds_until_closed(reporter.vault, begin))
    screen.ready("Passphrase")


LOST = "The desktop gives no key now. It is asked again when you next unlock. Ctrl+L in Satchel still locks."
LOST_WORD = "The key that locks from every program does not work now. Ctrl+L in Satchel still locks."


def test_no_portal(scratch):
    """Nothing is shown: neither without a portal, nor with one that has no keys."""
    reporter, screen = opened(scratch)
    for with_portal in (False, True):
        if with_portal:
            portal = Portal(scratch, version=0)
            screen.wait(lambda: portal.look()["registered"] == ["org.satchel.Satchel"], "the app at the portal")
            time.sleep(1)
        show_lock_page(screen)
        time.sleep(0.5)
        expect(screen.look(ANYWHERE) is None, "a key that nobody gives")
        close(screen)
    same(portal.look()["sessions"], [], "asked for a key")


def test_one_key(scratch):
    portal = Portal(scratch)
    reporter, screen = opened(scratch)
    turn_on(screen)
    screen.find(KEY)
    expect(is_on(screen), "a key that is given, and turned off")
    asked = portal.look()
    same(asked["order"], ["Register", "CreateSession", "BindShortcuts"])
    same(asked["bound"], [["lock", "Lock Satchel", "LOGO+SHIFT+l"]])
    portal.rename("Press Pause")
    screen.find("In every program: Press Pause")
    portal.rename("")
    screen.find("The desktop has a key for it: its keyboard settings say which.")
    # Another program's key is none of ours.
    portal.press("other")
    time.sleep(0.5)
    expect(is_held(reporter.vault), "locked by another key")
    expect_pressed(screen, portal, reporter)
    screen.gone("Locking")
    # It is kept while the vault is locked, and nobody is asked again.
    portal.press()
    screen.unlock(PASSPHRASE)
    screen.find("New note")
    same(len(portal.look()["bound"]), 1, "bound again")
    show_lock_page(screen)
    turn(screen)
    screen.find("By a key that works in every program", part=True)
    screen.wait(lambda: portal.look()["closed"] == portal.look()["sessions"], "the session with the portal to end")
    close(screen)
    portal.press()
    time.sleep(0.5)
    expect(is_held(reporter.vault), "locked by a key that was given back")
    screen.end()


def test_key_after_a_restart(scratch):
    """What was wished for holds: after a restart of the app, and of the portal."""
    portal = Portal(scratch)
    reporter, screen = opened(scratch)
    turn_on(screen)
    screen.find(KEY)
    screen.end()
    screen = Screen(scratch, reporter.vault)
    screen.find("Passphrase")
    same(len(portal.look()["bound"]), 1, "asked before the vault is open")
    screen.unlock(PASSPHRASE)
    screen.wait(lambda: len(portal.look()["bound"]) == 2, "the key to be bound")
    show_lock_page(screen)
    screen.find(KEY)
    portal.stop()
    screen.find(LOST)
    # One that comes without keys, and goes, is not the end of it.
    portal.parameters["version"] = 0
    portal.start()
    screen.wait(lambda: portal.look()["registered"], "the app at the portal")
    portal.stop()
    expect(is_on(screen), "the wish is not shown")
    del portal.parameters["version"]
    portal.start()
    screen.find(KEY)
    same(portal.look()["order"], ["Register", "CreateSession", "BindShortcuts"])
    expect_pressed(screen, portal, reporter)


def test_key_without_a_portal(scratch):
    """Another desktop than the one that gave the key: whoever relies on it is told at the unlocking."""
    portal = Portal(scratch)
    reporter, screen = opened(scratch)
    turn_on(screen)
    screen.find(KEY)
    screen.end()
    portal.stop()
    screen = Screen(scratch, reporter.vault)
    screen.unlock(PASSPHRASE)
    screen.find(LOST_WORD)
    show_lock_page(screen)
    screen.find(LOST)
    expect(is_on(screen), "the wish is not shown")
    turn(screen)
    screen.gone(ANYWHERE)
    close(screen)
    screen.key("ctrl+l")
    screen.unlock(PASSPHRASE)
    screen.find("New note")
    time.sleep(1)
    expect(screen.look(LOST_WORD) is None, "told of a key that nobody wants")


def test_key_refused(scratch):
    portal = Portal(scratch, says=NO)
    reporter, screen = opened(scratch)
    turn_on(screen)
    screen.find("There is no key: it was refused. Turn this on to be asked again.")
    expect(not is_on(screen), "on, and refused")
    same(portal.look()["closed"], portal.look()["sessions"], "sessions that are left")
    close(screen)
    screen.key("ctrl+l")
    screen.unlock(PASSPHRASE)
    screen.find("New note")
    time.sleep(1)
    same(len(portal.look()["bound"]), 1, "asked again by itself")
    portal.say(YES)
    show_lock_page(screen)
    turn(screen)
    screen.find(KEY)
    expect_pressed(screen, portal, reporter)


def test_key_taken_away(scratch):
    """By the desktop, or by what it could not do: it is asked again at the next unlocking."""
    portal = Portal(scratch, says=ENDED)
    reporter, screen = opened(scratch)
    turn_on(screen)
    screen.find(LOST)
    portal.say(YES)
    screen.key("ctrl+l")
    screen.unlock(PASSPHRASE)
    screen.find("New note")
    show_lock_page(screen)
    screen.find(KEY)
    portal.take_away()
    screen.find(LOST)
    screen.key("ctrl+l")
    screen.unlock(PASSPHRASE)
    screen.wait(lambda: len(portal.look()["bound"]) == 3, "the key to be bound")
    expect_pressed(screen, portal, reporter)


def test_key_in_the_middle_of_an_import(scratch):
    portal = Portal(scratch)
    reporter, screen = opened(scratch)
    turn_on(screen)
    screen.find(KEY)
    close(screen)
    film = begin_import(screen, scratch, reporter)
    expect_pressed(screen, portal, reporter)
    expect_nothing_imported(screen, reporter, film)


driver.main(globals())
