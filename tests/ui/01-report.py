#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A reporter unlocks, writes, saves, is interrupted: by keyboard, as a screen reader has it."""
import signal
import time

import driver
from driver import Screen, opened
from scenario import PASSPHRASE, Person, expect, same


def wait_for_draft(screen):
    screen.find("Not saved · draft kept")


def test_wrong_passphrase(scratch):
    reporter = Person(scratch, "reporter")
    screen = Screen(scratch, reporter.vault)
    screen.ready("Passphrase")
    screen.type("not this one")
    screen.key("Return")
    screen.find("This passphrase does not open the vault.", part=True)
    screen.ready("Passphrase")
    expect(screen.look("New note") is None, "the shell is there without a passphrase")
    screen.type(PASSPHRASE)
    screen.key("Return")
    screen.find("New note")


def test_draft_is_no_record(scratch):
    reporter = Person(scratch, "reporter")
    screen = opened(scratch, reporter)
    screen.begin_note("Two men in plain clothes at seven")
    wait_for_draft(screen)
    screen.end()
    same(reporter.json("list"), [], "records before Save")


def test_save(scratch):
    reporter = Person(scratch, "reporter")
    screen = opened(scratch, reporter)
    screen.begin_note("Two men in plain clothes at seven")
    screen.key("ctrl+s")
    screen.find("Saved today", part=True)
    screen.find("Two men in plain clothes at seven")
    screen.type(", and a third")
    screen.key("ctrl+s")
    screen.find("2 revisions")
    screen.end()
    [record] = reporter.json("list")
    shown = reporter.json("show", record["id"])
    same(shown["values"]["text"], "Two men in plain clothes at seven, and a third", "text")
    reporter("check")


def test_lock_in_the_middle(scratch):
    reporter = Person(scratch, "reporter")
    screen = opened(scratch, reporter)
    screen.key("ctrl+shift+n")
    screen.find("From and until: From: date")
    time.sleep(0.5)
    screen.tab_to("Place: Address")
    screen.type("Sadovaya 4")
    # No pause: the lock itself must keep what was typed.
    screen.key("ctrl+l")
    screen.find("Passphrase")
    expect(not any("Sadovaya" in text for text in screen.texts()), "the locked screen shows what was typed")
    screen.unlock(PASSPHRASE)
    screen.find("Not saved yet")
    screen.tab_to(screen.find("Sadovaya 4", "list item", part=True).get_name())
    screen.key("Return")
    same(screen.text_of(screen.find("Place: Address")), "Sadovaya 4", "address")


def test_ended_in_the_middle(scratch):
    """A closed window, a quit, a logout: what was typed a moment ago is there."""
    reporter = Person(scratch, "reporter")
    for number, end in enumerate(("ctrl+w", "ctrl+q", signal.SIGTERM)):
        screen = opened(scratch, reporter)
        screen.begin_note(f"word {number}")
        # A signal overtakes keys that the display has not handed over yet.
        screen.wait(lambda: screen.text_of(screen.find("Text", "text")) == f"word {number}", "the typed words")
        if isinstance(end, str):
            screen.key(end)
        screen.end(signal.SIGTERM if not isinstance(end, str) else 0)
        again = opened(scratch, reporter)
        again.find(f"word {number}", part=True)
        again.end()


def test_killed(scratch):
    reporter = Person(scratch, "reporter")
    screen = opened(scratch, reporter)
    screen.begin_note("they are at the door")
    wait_for_draft(screen)
    screen.end(signal.SIGKILL)
    again = opened(scratch, reporter)
    again.find("they are at the door", part=True)
    again.end()
    scratch.expect_no_plaintext("at the door", scratch.folder)


def test_link_by_search(scratch):
    """One report leads to another, chosen in the dialog by a word and Enter."""
    reporter = Person(scratch, "reporter")
    wanted = reporter.json("new", "note", "-s", "text=The blue van again")["id"]
    reporter("new", "note", "-s", "text=Nothing of interest")
    screen = opened(scratch, reporter)
    screen.begin_note("Same van as last week")
    screen.press("Add: Links")
    screen.press("Record: Choose a report…")
    screen.ready("Search in all reports")
    screen.find("Nothing of interest", "list item")
    same(screen.unnamed(), [], "unnamed in the dialog")
    screen.type("blue")
    # Once more it stands in the list behind the dialog.
    screen.wait(lambda: screen.texts().count("list item: Nothing of interest") == 1, "the list to be searched")
    screen.find("The blue van again", "list item")
    screen.key("Return")
    screen.find("Record: The blue van again")
    screen.key("ctrl+s")
    screen.find("Saved today", part=True)
    screen.end()
    [made] = [record for record in reporter.json("list") if "Same van" in record["summary"]]
    same(reporter.json("show", made["id"])["values"]["links"][0]["record"], wanted, "the linked report")


def test_tab_leaves_the_list(scratch):
    """However many rows there are, the report beside them is one Tab away; arrows lead through them."""
    reporter = Person(scratch, "reporter")
    for number in range(12):
        reporter("new", "note", "-s", f"text=Note number {number}")
    screen = opened(scratch, reporter)
    screen.find("Note number 0", "list item")
    screen.tab_to("Note number 11")
    screen.key("Down")
    screen.wait(lambda: screen.has_focus("Note number 10"), "the next row")
    screen.key("Return")
    screen.find("Saved today", part=True)
    screen.key("Tab")
    screen.wait(lambda: not screen.has_focus("Reports"), "the focus to leave the list")
    screen.key("shift+Tab")
    screen.wait(lambda: screen.has_focus("Note number 10"), "the focus to come back")
    screen.key("shift+Tab")
    screen.wait(lambda: screen.has_focus("Search"), "the focus before the list")


def test_shortcuts(scratch):
    """The keys are shown, twice, and no window of theirs stands about hidden: GTK 4.8 crashes on one."""
    reporter = Person(scratch, "reporter")
    screen = opened(scratch, reporter)
    for _ in range(2):
        screen.key("ctrl+question")
        screen.find("Attach files")
        screen.key("Escape")
        screen.gone("Attach files")
    # A second window: a screen reader goes through all that there are.
    screen.begin_note("Two men")
    screen.press("Add: Links")
    screen.press("Record: Choose a report…")
    screen.find("Choose a report", "frame")
    screen.end()


def test_tab_comes_to_unknown(scratch):
    """After an answer its "unknown"; what that makes needless is passed over, and nothing keeps Tab."""
    reporter = Person(scratch, "reporter")
    reporter("new", "police-visit", "-s", "title=At the door", "-s", "place=?")
    screen = opened(scratch, reporter)
    screen.open_row("At the door", "Reports")
    screen.find("Saved today", part=True)
    screen.tab_to("From and until: Unknown", limit=30)
    screen.key("Tab")
    screen.wait(lambda: screen.has_focus("Place: Unknown"), "the focus beyond what is needless")
    screen.key("Tab")
    screen.wait(lambda: screen.has_focus("Add: Officers"), "the focus in the next part")
    screen.key("shift+Tab")
    screen.wait(lambda: screen.has_focus("Place: Unknown"), "the focus back")
    screen.key("space")
    screen.key("shift+Tab")
    screen.wait(lambda: screen.has_focus("Place: Coordinates"), "the focus in what is needed again")
    screen.end()


def test_other_kinds(scratch):
    """The menu of kinds, by keyboard, as often as somebody opens it."""
    reporter = Person(scratch, "reporter")
    screen = opened(scratch, reporter)
    counts = []
    for _ in range(2):
        screen.tab_to("Other kinds of report", part=True)
        screen.key("space")
        screen.find("Phone call", "menu item")
        counts.append(sum(node.get_role_name() == "menu item" for node in screen.walk()))
        screen.key("Escape")
        screen.wait(lambda: screen.look("Phone call", "menu item") is None, "no menu")
    same(counts[0], counts[1], "kinds in the menu")
    screen.key("space")
    screen.wait(lambda: screen.look("Phone call", "menu item"), "the menu")
    for _ in range(counts[0]):
        if screen.has_focus("Phone call"):
            break
        screen.key("Down")
    screen.key("Return")
    screen.ready("Title")
    screen.type("An unknown number")
    screen.key("ctrl+s")
    screen.find("1 revision")
    screen.end()
    same([r["kind"] for r in reporter.json("list")], ["phone-call"], "kind")


driver.main(globals())
