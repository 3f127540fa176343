#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A vault of 100,000 reports: read from end to end, searched, opened, locked and unlocked, by keyboard."""
import os
import re

import driver
from driver import opened
from scenario import PASSPHRASE, Person, expect, run, same

MANY = os.environ.get("SATCHEL_MANY_RECORDS", "")
COUNT = 100000
PLACE = 41234
WORDS = "A lorry without plates stood there for an hour"
NEWEST = f"Note number {COUNT - 1}"


def number_of(text):
    found = re.fullmatch(r"Note number (\d+)", text or "")
    return int(found[1]) if found else None


def focused_number(screen):
    node = screen.focused()
    return number_of(node.get_name()) if node is not None else None


def shown_numbers(screen):
    """Of the rows in sight, from above; None in the place of one that has not its name yet."""
    try:
        rows = screen.find("Reports", "list")
        return [number_of(node.get_name()) for node in screen.walk(rows) if node.get_role_name() == "list item"]
    except Exception:  # it went while it was looked at
        return [None]


def stands(screen, number):
    """On the row with @number, among its neighbours, each with its words."""
    screen.wait(lambda: focused_number(screen) == number, f"the focus on number {number}")

    def is_whole():
        shown = shown_numbers(screen)
        return number in shown and shown == list(range(shown[0], shown[0] - len(shown), -1)) if None not in shown else False
    screen.wait(is_whole, f"the rows around number {number}")


def to_the_end(screen):
    screen.find(NEWEST, "list item")
    screen.tab_to(NEWEST)
    stands(screen, COUNT - 1)
    # Before all are counted the end is nearer.
    screen.wait(lambda: screen.key("End") or focused_number(screen) == 0, "the end of the list")
    stands(screen, 0)


def walk_list(screen):
    """To both ends and by the page."""
    to_the_end(screen)
    screen.key("Up")
    stands(screen, 1)
    screen.key("Prior")
    screen.wait(lambda: (focused_number(screen) or 0) > 1, "a page up")
    stands(screen, focused_number(screen))
    screen.key("Home")
    stands(screen, COUNT - 1)
    screen.key("Next")
    screen.wait(lambda: (focused_number(screen) or COUNT) < COUNT - 1, "a page down")
    below = focused_number(screen)
    expect(COUNT - 60 < below < COUNT - 4, f"a page down from the newest is number {below}")
    stands(screen, below)
    screen.key("Down")
    stands(screen, below - 1)
    screen.key("Home")
    stands(screen, COUNT - 1)


def search(screen, words):
    screen.key("ctrl+f")
    screen.ready("Search in all reports")
    screen.key("ctrl+a")
    screen.type(words)


def find_lorry(screen):
    """The one among all, with the words that were looked for under its title."""
    search(screen, "lorry pla")
    screen.wait(lambda: shown_numbers(screen) == [PLACE], "the one report with these words")
    screen.find(f"Note number {PLACE}\n{WORDS}", "label", part=True)
    screen.tab_to(f"Note number {PLACE}")
    screen.key("Return")
    screen.wait(lambda: screen.text_of(screen.find("Text", "text")) == WORDS, "its text")


def test_many(scratch):
    reporter = Person(scratch, "reporter")
    made = run(MANY, reporter.vault, PASSPHRASE, str(COUNT), str(PLACE), WORDS)
    same(made.returncode, 0, made.stderr.decode())
    screen = opened(scratch, reporter)
    walk_list(screen)

    search(screen, "number")
    screen.find("The newest 200 are shown. Type more to find older ones.")
    screen.find(NEWEST, "list item")
    search(screen, "lorry nowhere")
    screen.find("Nothing found")
    find_lorry(screen)

    screen.key("ctrl+l")
    screen.find("Passphrase")
    expect(not any("lorry" in text or "Note number" in text for text in screen.texts()), "the locked screen shows what is in the vault")
    screen.unlock(PASSPHRASE)
    to_the_end(screen)
    find_lorry(screen)
    search(screen, "")
    screen.key("Escape")
    screen.find(NEWEST, "list item")
    screen.end()
    [found] = reporter.json("search", "lorry")
    same(found["summary"], f"Note number {PLACE}: {WORDS}", "what a search without a window finds")


driver.main(globals())
