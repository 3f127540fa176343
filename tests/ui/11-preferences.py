#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Preferences: what is chosen holds, also after a restart; keys are changed by whoever knows the passphrase."""
import os
import pathlib
import subprocess
import time

import driver
from driver import Screen
from scenario import PASSPHRASE, Person, expect, same

SCHEMAS = pathlib.Path(os.environ.get("SATCHEL_APP", ".")).resolve().parents[2] / "data"
WRONG = "This passphrase does not open the vault."
OTHER = "seventeen grey herons over the slow canal"
PANIC = "my cat is called Barsik"


def opened(scratch, reporter, passphrase=PASSPHRASE, **environment):
    screen = Screen(scratch, reporter.vault, **environment)
    screen.unlock(passphrase)
    screen.find("New note")
    return screen


def preferences(screen, page="Lock after"):
    # Away from lists that open, which choose what is under the pointer.
    subprocess.run(["xdotool", "mousemove", "20", "600"], check=True)
    screen.key("ctrl+comma")
    screen.find("Locking")
    if page != "Lock after":
        screen.press(page)
    screen.wait(lambda: screen.look("Lock after", "combo box").get_state_set().contains(screen.atspi.StateType.SENSITIVE),
                "what the vault has")


def choose(screen, row, keys):
    """Moves through the list of a row by keyboard."""
    screen.tab_to(row)
    screen.key("Return")
    time.sleep(0.5)
    screen.key(*keys, "Return")
    time.sleep(0.5)


def chosen(screen, text):
    """What the closed rows show."""
    return screen.find(text, "label")


def close(screen):
    screen.key("Escape")
    screen.gone("Locking")


def ask(screen, row, passphrase=PASSPHRASE):
    screen.tab_to(row)
    time.sleep(0.5)
    screen.key("Return")
    screen.ready("Passphrase now")
    screen.type(passphrase)
    screen.key("Return")


def test_lock_after(scratch):
    """One minute, chosen and kept: a key starts it anew, and then the vault is locked."""
    reporter = Person(scratch, "reporter")
    screen = opened(scratch, reporter)
    preferences(screen)
    choose(screen, "Lock after", ["Home"])
    chosen(screen, "1 minute")
    close(screen)
    screen.end()
    screen = opened(scratch, reporter)
    preferences(screen)
    chosen(screen, "1 minute")
    close(screen)
    begin = time.monotonic()
    time.sleep(40)
    screen.key("ctrl+n")
    screen.ready("Text")
    screen.type("still here")
    typed = time.monotonic()
    time.sleep(max(0, begin + 70 - time.monotonic()))
    expect(screen.look("Passphrase", "password text") is None, "locked a minute after a key that was not the last")
    screen.ready("Passphrase")
    passed = time.monotonic() - typed
    expect(59 < passed < 75, f"locked {passed:.0f} s after the last key")
    screen.unlock(PASSPHRASE)
    screen.find("still here", part=True)


def test_sending(scratch):
    reporter = Person(scratch, "reporter")
    screen = opened(scratch, reporter)
    preferences(screen, "Sending")
    chosen(screen, "No address of Tor is set: everything goes directly.")
    choose(screen, "What is sealed is sent", ["Down"])
    choose(screen, "At most in a day", ["End"])
    choose(screen, "Way", ["End"])
    chosen(screen, "Nothing is sent before Tor's address is set.")
    screen.tab_to("Metered Networks")
    screen.key("Return")
    screen.tab_to("Only at Certain Hours")
    screen.key("Return")
    screen.tab_to("From")
    screen.key("ctrl+a")
    screen.type("9:30")
    screen.key("Return")
    screen.tab_to("Tor's address")
    screen.type("nonsense")
    screen.key("Return")
    screen.find("Not kept: write a host and a port, as 127.0.0.1:9050")
    chosen(screen, "Nothing is sent before Tor's address is set.")
    screen.key("ctrl+a")
    screen.type("127.0.0.1:9050")
    screen.key("Return")
    chosen(screen, "Everything goes through Tor, or not at all.")
    close(screen)
    screen.end()
    screen = opened(scratch, reporter)
    preferences(screen, "Sending")
    chosen(screen, "When you agree")
    chosen(screen, "Through Tor only")
    chosen(screen, "Everything goes through Tor, or not at all.")
    chosen(screen, "1.0\u00a0GB")
    same(screen.text_of(screen.find("Tor's address", "text")), "127.0.0.1:9050", "Tor's address")
    same(screen.text_of(screen.find("From", "text")), "09:30", "from")
    same(screen.text_of(screen.find("Until", "text")), "20:00", "until")


def test_style(scratch):
    reporter = Person(scratch, "reporter")
    kept = {"GSETTINGS_SCHEMA_DIR": str(SCHEMAS), "GSETTINGS_BACKEND": "keyfile", "XDG_CONFIG_HOME": str(scratch.folder / "config")}
    screen = opened(scratch, reporter, **kept)
    preferences(screen, "Appearance")
    choose(screen, "Style", ["End"])
    close(screen)
    screen.end()
    screen = opened(scratch, reporter, **kept)
    preferences(screen, "Appearance")
    chosen(screen, "Dark")
    screen.end()
    # Without the schema there is nothing to choose, and nothing to complain of.
    screen = opened(scratch, reporter, GSETTINGS_SCHEMA_DIR=str(scratch.folder))
    preferences(screen)
    expect(screen.look("Appearance") is None, "a style that cannot be kept")


def test_language(scratch):
    reporter = Person(scratch, "reporter")
    reporter("new", "summons", "-s", "issuer=Petrov", "-s", "received=2024-03-09")
    kept = {"GSETTINGS_SCHEMA_DIR": str(SCHEMAS), "GSETTINGS_BACKEND": "keyfile", "XDG_CONFIG_HOME": str(scratch.folder / "config")}
    screen = opened(scratch, reporter, **kept)
    preferences(screen, "Appearance")
    choose(screen, "Language", ["Home", "Down", "Down"])
    chosen(screen, "Русский")
    screen.end()
    # Whatever the locale is: the program's words, those of kinds, and the months.
    screen = Screen(scratch, reporter.vault, **kept)
    screen.ready("Парольная фраза")
    screen.type(PASSPHRASE)
    screen.key("Return")
    screen.find("Записи")
    screen.find("Повестка · 9 марта 2024", "label", part=True)
    screen.end()


def test_passphrase(scratch):
    reporter = Person(scratch, "reporter")
    screen = opened(scratch, reporter)
    preferences(screen)
    ask(screen, "Change Passphrase", "not this one")
    screen.find(WRONG, part=True)
    screen.ready("Passphrase now")
    screen.type(PASSPHRASE)
    screen.key("Return")
    screen.find("Five words, drawn for you")
    screen.tab_to("A passphrase of my own")
    screen.key("space")
    screen.tab_to("Your own passphrase")
    screen.type("short")
    screen.find("Too easy to guess.")
    screen.key("ctrl+a")
    screen.type(OTHER)
    screen.key("Return")
    screen.ready("The same once more")
    screen.type(OTHER)
    screen.key("Return")
    screen.find("The passphrase is changed")
    screen.end()
    scratch.file("reporter.passphrase", OTHER + "\n")
    reporter("check")
    old = scratch.file("old", PASSPHRASE + "\n")
    reporter("list", code=2, says="wrong passphrase", passphrase=old)


def test_recovery_code(scratch):
    reporter = Person(scratch, "reporter")
    screen = opened(scratch, reporter)
    preferences(screen)
    ask(screen, "New Recovery Code")
    label = screen.wait(lambda: next((t for t in screen.texts() if t.startswith("label: ") and t.count("-") >= 5), None), "the code")
    code = label.removeprefix("label: ").replace("\n", "-")
    screen.key("Return")
    screen.ready("Recovery code")
    screen.type(code[:-1])
    screen.key("Return")
    screen.find("A letter or digit is missing or different.", part=True)
    screen.key("ctrl+a")
    screen.type(code)
    screen.key("Return")
    screen.find("The recovery code is changed")
    screen.end()
    paper = scratch.file("paper", code + "\n")
    new = scratch.file("new", OTHER + "\n")
    reporter("recover", "--code-file", paper, "--new-passphrase-file", new)
    reporter("list", passphrase=new)


def set_panic(screen, phrase):
    ask(screen, "Set Panic Phrase")
    screen.ready("Panic phrase")
    screen.type(phrase)
    screen.key("Return")
    screen.ready("The same once more")
    screen.type(phrase)
    screen.key("Return")


def test_panic_phrase(scratch):
    """Set, removed, set again; typed in place of the passphrase, it looks like a wrong one, and the right one is one after it."""
    reporter = Person(scratch, "reporter")
    screen = opened(scratch, reporter)
    preferences(screen)
    expect(screen.look("Remove Panic Phrase") is None, "a panic phrase that nobody set")
    set_panic(screen, PASSPHRASE)
    screen.find("This is the passphrase. Take another phrase.")
    screen.key("ctrl+a")
    screen.type(PANIC)
    screen.key("Return")
    screen.ready("The same once more")
    screen.key("ctrl+a")
    screen.type(PANIC)
    screen.key("Return")
    screen.find("The panic phrase is set")
    screen.end()
    screen = opened(scratch, reporter)
    preferences(screen)
    ask(screen, "Remove Panic Phrase")
    screen.find("The panic phrase is removed")
    screen.end()
    screen = Screen(scratch, reporter.vault)
    try_passphrase(screen, PANIC)
    screen.unlock(PASSPHRASE)
    preferences(screen)
    set_panic(screen, PANIC)
    screen.find("The panic phrase is set")
    screen.end()
    screen = Screen(scratch, reporter.vault)
    try_passphrase(screen, PANIC)
    try_passphrase(screen, PASSPHRASE)
    screen.end()
    reporter("list", code=2, says="wrong passphrase")


def try_passphrase(screen, passphrase):
    screen.ready("Passphrase")
    screen.type(passphrase)
    screen.key("Return")
    screen.find(WRONG, part=True)
    screen.ready("Passphrase")


def test_locked_with_the_window(scratch):
    """A lock takes the windows with it, a half-typed passphrase too."""
    reporter = Person(scratch, "reporter")
    screen = opened(scratch, reporter)
    preferences(screen)
    ask(screen, "Change Passphrase")
    screen.find("Five words, drawn for you")
    screen.tab_to("A passphrase of my own")
    screen.key("space")
    screen.tab_to("Your own passphrase")
    screen.type(OTHER)
    screen.key("ctrl+l")
    screen.gone("Locking")
    screen.unlock(PASSPHRASE)
    screen.find("New note")
    expect(screen.look("Five words, drawn for you") is None, "the window outlived the lock")
    preferences(screen)
    same([path for path in screen.unnamed() if "combo box" not in path], [], "unnamed in the preferences")


driver.main(globals())
