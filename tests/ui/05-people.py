#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""People: who is known and how, words compared by voice, invites made and revoked, alarms. By keyboard and as a screen reader has
it; what the app did is then read with satchelctl."""
import subprocess
import time

import driver
from driver import Screen
from scenario import PASSPHRASE, Newsroom, Person, expect, same


def opened(scratch, person):
    # Without a window manager the keys go to the window below the pointer, and every window stands in this corner.
    subprocess.run(["xdotool", "mousemove", "60", "40"], check=True)
    screen = Screen(scratch, person.vault)
    screen.unlock(PASSPHRASE)
    screen.section("People")
    screen.find("Your card and your safety words")
    return screen


def go(screen, name):
    screen.tab_to(name)
    screen.key("Return")


def contact(person, name):
    [found] = [c for c in person.json("contacts") if c["name"] == name]
    return found


def press(screen, name):
    """A button's; a dialog's own says its name twice."""
    button = screen.wait(lambda: screen.look(name, "push button") or screen.look(f"{name} {name}", "push button"), f"a button {name!r}")
    button.get_action_iface().do_action(0)
    # GTK 4.8 falls over when it is asked for a window in the moment in which that closes.
    time.sleep(0.5)


def say_path(screen, title, path):
    """Types into the file dialog: in one that opens a file, the first key makes the place to type into."""
    screen.find(title)
    time.sleep(1)
    screen.key("ctrl+a")
    screen.type(str(path))
    time.sleep(0.5)
    screen.key("Return")
    screen.gone(title)


def words_of(person):
    return person.json("card")["safety_words"]


def test_list_says_what_is_known(scratch):
    room = Newsroom(scratch)
    stranger = Person(scratch, "Анна Петрова")
    room.editor("trust", stranger.card())
    screen = opened(scratch, room.editor)
    for name, summary in (("lawyer", "Lawyer · Member, not verified"), ("Анна Петрова", "Reporter · Unknown")):
        same(screen.find(name, "list item").get_description(), summary, name)
        screen.find(summary, "label")
    screen.find("Invites", "list item")
    expect(screen.look("Warnings") is None, "warnings without an alarm")


def test_verify_by_words(scratch):
    room = Newsroom(scratch)
    words = contact(room.editor, "lawyer")["safety_words"]
    screen = opened(scratch, room.editor)
    go(screen, "lawyer")
    screen.find(f"Safety words: {words}")
    press(screen, "They Do Not Match")
    screen.find("Do not rely on this card")
    press(screen, "Understood")
    press(screen, "They Match")
    screen.find("Did lawyer read these words to you?")
    press(screen, "Cancel")
    press(screen, "They Match")
    press(screen, "Yes, All Six")
    screen.find("Lawyer · Verified")
    screen.find("You compared the safety words by voice: today", part=True)
    screen.gone("They Match", "push button")
    screen.end()
    same(contact(room.editor, "lawyer")["state"], "verified", "state")


def test_invite_in_a_file(scratch):
    room = Newsroom(scratch, lawyer=False)
    invite = scratch.folder / "somebody.invite"
    screen = opened(scratch, room.editor)
    press(screen, "Invite…")
    screen.ready("Who it is for")
    screen.type("Vera")
    press(screen, "Save as File…")
    say_path(screen, "Save the Invite", invite)
    screen.find("Invite saved. Hand it over as you would a key.")
    same(invite.stat().st_mode & 0o077, 0, "others' rights to the invite")
    expect(b"Vera" not in invite.read_bytes(), "the invite says whom it is for")
    go(screen, "Invites")
    screen.find("Revoke the invite for Vera", "push button")
    screen.end()
    vera = Person(scratch, "Vera")
    vera("join", invite)
    stick = scratch.folder / "stick"
    stick.mkdir()
    vera("send", stick)
    room.editor("fetch", stick)
    same(contact(room.editor, "Vera")["state"], "invited", "state")
    again = opened(scratch, room.editor)
    again.find("Reporter · Invited, not verified")
    go(again, "Invites")
    again.find("Used by Vera, who can send with it until", part=True)
    expect(again.look("Revoke the invite for Vera", "push button") is None, "a used invite is revoked at its user's name")


def test_invite_by_clipboard(scratch):
    room = Newsroom(scratch, lawyer=False)
    screen = opened(scratch, room.editor)
    press(screen, "Invite…")
    screen.ready("Who it is for")
    screen.type("Vera")
    press(screen, "Copy")
    screen.find("Invite copied. The clipboard is emptied in a minute.")
    screen.key("ctrl+n")
    screen.ready("Text")
    screen.key("ctrl+v")
    text = screen.wait(lambda: screen.text_of(screen.find("Text", "text")), "the pasted invite")
    screen.key("ctrl+l")
    screen.ready("Passphrase")
    # Locked, the clipboard has it no more.
    screen.unlock(PASSPHRASE)
    screen.key("ctrl+n")
    screen.ready("Text")
    screen.key("ctrl+v")
    time.sleep(1)
    same(screen.text_of(screen.find("Text", "text")), "", "the clipboard after a lock")
    screen.end()
    vera = Person(scratch, "Vera")
    vera("join", scratch.file("pasted.invite", text))


def test_invite_of_a_known_name(scratch):
    room = Newsroom(scratch)
    screen = opened(scratch, room.editor)
    press(screen, "Invite…")
    screen.ready("Who it is for")
    screen.type("LAWYER")
    press(screen, "Copy")
    screen.find("Somebody of this name is among your people", part=True)


def test_revoke(scratch):
    room = Newsroom(scratch)
    screen = opened(scratch, room.editor)
    go(screen, "lawyer")
    press(screen, "Revoke…")
    screen.find("Revoke lawyer?")
    press(screen, "Cancel")
    screen.gone("Revoke lawyer?")
    screen.find("Lawyer · Member, not verified")
    press(screen, "Revoke…")
    press(screen, "Revoke")
    screen.find("Lawyer · Revoked")
    expect(screen.look("They Match", "push button") is None, "words to be compared of somebody who was revoked")
    go(screen, "Invites")
    press(screen, "Revoke the invite for reporter")
    screen.find("Revoke the invite for reporter?")
    press(screen, "Revoke")
    screen.find("Revoked: today", part=True)
    screen.end()
    same(contact(room.editor, "lawyer")["state"], "retired", "lawyer")
    renewed = scratch.folder / "renewed.card"
    room.editor("newsroom", "update", "-o", renewed)
    expect(b"revoked:" in renewed.read_bytes(), "the token is on the newsroom card")


def test_revoked_and_left(scratch):
    """Whoever goes on at once is told all the same."""
    room = Newsroom(scratch)
    screen = opened(scratch, room.editor)
    go(screen, "lawyer")
    press(screen, "Revoke…")
    screen.find("Revoke lawyer?")
    button = screen.look("Revoke", "push button") or screen.look("Revoke Revoke", "push button")
    button.get_action_iface().do_action(0)
    screen.key("alt+1")
    screen.find("Revoked here. The newsroom's server learns of it", part=True)
    screen.end()


def test_lock_before_an_answer(scratch):
    """One key locks, whatever stands in front."""
    room = Newsroom(scratch)
    screen = opened(scratch, room.editor)
    go(screen, "lawyer")
    press(screen, "They Match")
    screen.find("Did lawyer read these words to you?")
    screen.key("ctrl+l")
    screen.ready("Passphrase")
    expect(not any("lawyer" in text for text in screen.texts()), "the locked screen shows a name")


def test_lock_before_an_invite(scratch):
    room = Newsroom(scratch, lawyer=False)
    screen = opened(scratch, room.editor)
    press(screen, "Invite…")
    screen.ready("Who it is for")
    screen.type("Vera")
    screen.key("ctrl+l")
    screen.ready("Passphrase")
    screen.gone("Who it is for")


def test_alarm(scratch):
    room = Newsroom(scratch)
    false = Person(scratch, "false", init=False)
    false("init", "--name", "lawyer", "--role", "legal", "--kdf-mib", "8", "--kdf-passes", "1")
    screen = opened(scratch, room.editor)
    press(screen, "Add a card from a file")
    say_path(screen, "Open a Card, a Newsroom Card or an Invite", false.card())
    screen.find("Warning: this card has another key than the one that is known. The first key stays.")
    screen.find("Warnings")
    row = screen.find("Another key was shown for lawyer: today", "list item", part=True)
    first = screen.find("People", "list").get_child_at_index(0)
    same(first.get_name(), row.get_name(), "what stands on top")
    screen.find(f"whose safety words are: {words_of(false)}", part=True)
    screen.find(f"Safety words: {words_of(room.lawyer)}")
    screen.end()
    known = contact(room.editor, "lawyer")
    same((known["alarms"], known["safety_words"]), (1, words_of(room.lawyer)), "the first key")


def test_card_from_a_file(scratch):
    reporter, friend = Person(scratch, "reporter"), Person(scratch, "مریم حسینی")
    screen = opened(scratch, reporter)
    press(screen, "Add a card from a file")
    say_path(screen, "Open a Card, a Newsroom Card or an Invite", friend.card())
    screen.find("Added. Compare the safety words before you rely on this card.")
    screen.find(f"Safety words: {words_of(friend)}")
    screen.end()
    same(contact(reporter, "مریم حسینی")["state"], "unknown", "state")


def test_own_card(scratch):
    reporter = Person(scratch, "reporter")
    saved = scratch.folder / "mine.card"
    words = words_of(reporter)
    screen = opened(scratch, reporter)
    go(screen, "reporter")
    screen.find(f"Safety words: {words}")
    press(screen, "Save Card…")
    say_path(screen, "Save Your Card", saved)
    screen.find("Card saved. Give it to whom it is for.")
    screen.end()
    same(saved.read_text(), reporter.json("card")["card"], "card")


def test_reporter_leads_nothing(scratch):
    room = Newsroom(scratch, lawyer=False)
    screen = opened(scratch, room.reporter)
    go(screen, "editor")
    screen.find("They Match", "push button")
    for name in ("Invites", "Invite…", "Revoke…"):
        expect(screen.look(name, "push button") is None and screen.look(name, "list item") is None, f"{name} in a reporter's vault")
    go(screen, "The Courier")
    screen.find("Editor · Lead")
    expect(screen.look("Renew Card…", "push button") is None, "renewing in a reporter's vault")


def test_every_control_has_a_name(scratch):
    room = Newsroom(scratch)
    screen = opened(scratch, room.editor)
    same(screen.unnamed(), [], "unnamed in the list")
    for name, there in (("editor", "Your Safety Words"), ("The Courier", "Members"), ("Invites", "Revoke the invite for reporter"),
                        ("lawyer", "They Match")):
        go(screen, name)
        screen.find(there)
        same(screen.unnamed(), [], f"unnamed at {name}")
    press(screen, "Invite…")
    screen.ready("Who it is for")
    same(screen.unnamed(), [], "unnamed in the invite's window")


driver.main(globals())
