#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an editor does with what came: read, status, assign, tags, notes, filter, and several at once, by keyboard."""
from driver import main, opened
from scenario import Newsroom, expect, same


def received(scratch, *texts):
    """A newsroom whose editor has a bundle of each text."""
    newsroom = Newsroom(scratch)
    folder = scratch.folder / "stick"
    folder.mkdir()
    for text in texts:
        newsroom.reporter("seal", newsroom.reporter("new", "note", "-s", f"text={text}").strip())
    newsroom.reporter("send", folder)
    newsroom.editor("fetch", folder)
    return newsroom


def desk_of(newsroom, text):
    """How the bundle with this report stands, as the vault has it."""
    for entry in newsroom.editor.json("inbox"):
        for record in entry["records"]:
            if text in newsroom.editor("show", record):
                return entry
    raise AssertionError(f"{text!r} is not in the inbox")


def look_row(screen, text):
    """What the row of this title in the inbox says; None without one."""
    for node in screen.walk(screen.find("Inbox", "list")):
        if node.get_role_name() == "list item" and node.get_name() == text:
            return node.get_description() or ""
    return None


def row(screen, text):
    screen.wait(lambda: look_row(screen, text) is not None, f"a row {text!r}")


def no_row(screen, text):
    screen.wait(lambda: look_row(screen, text) is None, f"the row {text!r} to go")


def said_of(screen, text, words):
    """Until the row of this title says @words."""
    screen.wait(lambda: words in (look_row(screen, text) or ""), f"{words!r} at {text!r}")


def not_said_of(screen, text, words):
    screen.wait(lambda: words not in (look_row(screen, text) or words), f"no {words!r} at {text!r}")


def beside_inbox(screen, words):
    """What the inbox's row in the sidebar says."""
    def look():
        rows = [node for node in screen.walk(screen.find("Sections", "list")) if node.get_name() == "Inbox"]
        return rows and (rows[0].get_description() or "") == words
    screen.wait(look, f"{words!r} beside the inbox")


def choose(screen, button, *keys):
    """The menu of a button, by its keys."""
    screen.tab_to(button, part=True)
    screen.key("space")
    screen.wait(lambda: any(node.get_role_name() == "menu item" for node in screen.walk()), "the menu")
    screen.key(*keys)


def tab_into(screen, name, limit=60):
    """Until the text inside of what is called @name has the focus."""
    for _ in range(limit):
        node = screen.focused()
        if node is not None and screen.is_inside(node, name):
            return
        screen.key("Tab")
    raise AssertionError(f"no number of Tabs leads into {name!r}; on the screen: {screen.texts()}")


def into_list(screen, limit=60):
    """Until some row of the inbox has the focus."""
    for _ in range(limit):
        node = screen.focused()
        if node is not None and node.get_parent() is not None and node.get_parent().get_name() == "Inbox":
            return
        screen.key("Tab")
    raise AssertionError(f"no number of Tabs leads into the inbox; on the screen: {screen.texts()}")


def test_one(scratch):
    newsroom = received(scratch, "They came at seven", "They came again")
    screen = opened(scratch, newsroom.editor)
    said_of(screen, "They came at seven", "Unread. Whole and unchanged.")
    said_of(screen, "They came at seven", "Invited, not verified")
    beside_inbox(screen, "3 unread")
    same(screen.unnamed(), [], "unnamed in the inbox")
    screen.open_row("They came at seven", "Inbox")
    not_said_of(screen, "They came at seven", "Unread")
    beside_inbox(screen, "2 unread")
    said_of(screen, "They came again", "Unread")
    screen.find("Mark as unread", "push button")
    same(screen.unnamed(), [], "unnamed on a bundle's page")
    choose(screen, "Status: New", "Down", "Down", "Return")
    screen.find("Status: Needs reply", part=True)
    said_of(screen, "They came at seven", "Needs reply")
    choose(screen, "Whose It Is: Nobody", "Return")
    screen.find("Whose It Is: For you", part=True)
    tab_into(screen, "Add a tag")
    screen.type("white lada")
    screen.key("Return")
    screen.find("#white lada")
    said_of(screen, "They came at seven", "Needs reply · For you · #white lada")
    tab_into(screen, "Add a note")
    screen.type("Ask her about the plate")
    screen.key("Return")
    screen.find("Ask her about the plate", "label")
    same(screen.unnamed(), [], "unnamed with a tag and a note")
    screen.press("Mark as unread", "push button")
    said_of(screen, "They came at seven", "Unread")
    beside_inbox(screen, "3 unread")
    screen.press("Mark as read", "push button")
    not_said_of(screen, "They came at seven", "Unread")
    beside_inbox(screen, "2 unread")
    screen.press("Take tag white lada away", "push button")
    screen.gone("#white lada")
    screen.end()
    entry = desk_of(newsroom, "They came at seven")
    same((entry["is_read"], entry["status"]), (True, "needs-reply"), "in the vault")
    same(desk_of(newsroom, "They came again")["is_read"], False, "the other one")


def test_filter(scratch):
    newsroom = received(scratch, "They came at seven", "They came again")
    screen = opened(scratch, newsroom.editor)
    screen.open_row("They came at seven", "Inbox")
    not_said_of(screen, "They came at seven", "Unread")
    choose(screen, "Shown: Everything", "Down", "Return")
    screen.find("Shown: Unread", part=True)
    no_row(screen, "They came at seven")
    row(screen, "They came again")
    choose(screen, "Shown: Unread", "Down", "Down", "Return")
    no_row(screen, "They came again")
    same(screen.unnamed(), [], "unnamed where nothing is shown")
    choose(screen, "Shown: For you", "Return")
    row(screen, "They came at seven")
    row(screen, "They came again")
    screen.end()


def test_several(scratch):
    newsroom = received(scratch, "First of three", "Second of three", "Third of three")
    screen = opened(scratch, newsroom.editor)
    said_of(screen, "Third of three", "Unread")
    expect(screen.look("Mark selected as read", part=True) is None, "what is for several is there for none")
    into_list(screen)
    screen.key("Home", "shift+Down", "shift+Down")
    screen.find("3 selected")
    same(screen.unnamed(), [], "unnamed with several selected")
    screen.tab_to("Mark selected as read", part=True)
    screen.key("space")
    screen.find("3 marked as read")
    screen.press("_Undo", "push button", part=True)
    screen.find("It is as it was before")
    for text in ("Third", "Second", "First"):
        said_of(screen, f"{text} of three", "Unread")
    choose(screen, "Status of selected", "Up", "Return")
    said_of(screen, "Second of three", "Closed")
    choose(screen, "Assign selected", "Return")
    said_of(screen, "Second of three", "Closed · For you")
    screen.tab_to("Tag selected", part=True)
    screen.key("space")
    screen.ready("Tag for all of them")
    screen.type("raid")
    screen.key("Return")
    said_of(screen, "First of three", "Closed · For you · #raid")
    screen.end()
    entry = desk_of(newsroom, "First of three")
    same((entry["is_read"], entry["status"]), (False, "closed"), "in the vault")


def test_missing(scratch):
    """A bundle that never came is said, in the list and on the page of the one after it."""
    newsroom = Newsroom(scratch)
    folder = scratch.folder / "stick"
    folder.mkdir()
    for text in ("First", "Second", "Third"):
        newsroom.reporter("seal", newsroom.reporter("new", "note", "-s", f"text={text}").strip())
    newsroom.reporter("send", folder)
    sealed = sorted(folder.glob("*.age"), key=lambda path: path.stat().st_mtime_ns)
    sealed[-2].unlink()
    newsroom.editor("fetch", folder)
    screen = opened(scratch, newsroom.editor)
    said_of(screen, "Third", "1 bundle before it is missing")
    screen.open_row("Third", "Inbox")
    screen.find("Something Is Missing")
    screen.find("1 bundle that this sender sealed before it has not arrived")
    screen.end()


main(globals())
