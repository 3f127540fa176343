#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that the desktop hands over, in an open vault, a locked one, and before there is one: invites, cards, sealed bundles,
and what is none of Satchel's."""
import os
import subprocess
import threading

from driver import Screen, opened
from newcomer import Newcomer, press_by_key, wait_focus, wait_in_window
from scenario import Newsroom, PASSPHRASE, Person, expect, same
import driver

ADDED = "Added. Compare the safety words before you rely on this card."
NONE_OF_THEM = "Satchel opens invites, cards and sealed bundles that are on this computer. This is none of them."
UNTIL_UNLOCKED = "What was handed over will be opened once the vault is unlocked."
UNTIL_SET_UP = "What was handed over will be opened once the set-up is done."
LONG_BYTES = 96 << 20  # so long are two taken in


def sealed(person, folder, *texts, evidence=()):
    """The person's bundles, in the order in which they were sealed."""
    folder.mkdir()
    for text in texts:
        person("seal", person("new", "note", "-s", f"text={text}", *(f"--attach={path}" for path in evidence)).strip())
    person("send", folder)
    return sorted(folder.glob("*.age"), key=lambda path: path.stat().st_mtime_ns)


def test_card(scratch):
    me = Person(scratch, "newcomer")
    friend = Person(scratch, "friend")
    screen = Screen(scratch, me.vault)
    # Before the vault is open nothing is shown of it.
    screen.find("Passphrase")
    screen.hand_over(friend.card())
    expect(screen.look("friend") is None, "the card is shown before the vault is open")
    screen.unlock(PASSPHRASE)
    screen.find("Added. Compare the safety words before you rely on this card.")
    same(screen.unnamed(), [], "unnamed on the card's page")
    screen.end()
    same([contact["name"] for contact in me.json("contacts")], ["friend"], "contacts")


def test_bundle(scratch):
    newsroom = Newsroom(scratch)
    # The introduction comes first, or nobody knows whose the others are.
    bundles = sealed(newsroom.reporter, scratch.folder / "stick", "They came at seven", "They left at nine")
    newsroom.editor("fetch", bundles[0].parent)
    later = sealed(newsroom.reporter, scratch.folder / "later", "They came again")
    renamed = scratch.folder / "Без имени.bin"
    renamed.write_bytes(later[-1].read_bytes())
    screen = opened(scratch, newsroom.editor)
    screen.hand_over(renamed)
    screen.find("1 bundle verified and opened")
    screen.find("They came again", "list item")
    screen.hand_over(renamed)
    screen.find("It was here already")
    screen.end()
    newsroom.editor("check")


def test_lock_while_it_is_taken_in(scratch):
    """What was being looked at, and what was to come after it, waits for the next unlocking."""
    newsroom = Newsroom(scratch)
    sealed(newsroom.reporter, scratch.folder / "stick", "They came at six")
    newsroom.editor("fetch", scratch.folder / "stick")
    long = scratch.file("long.bin", os.urandom(LONG_BYTES))
    bundles = sealed(newsroom.reporter, scratch.folder / "later", "They came at seven", "They left at nine", evidence=[long])
    screen = opened(scratch, newsroom.editor)
    screen.hand_over(*bundles)
    # At once: a look at the screen takes longer than the bundles do.
    screen.key("ctrl+l")
    screen.find(UNTIL_UNLOCKED)
    same(screen.look("They", part=True), None, "what is shown in a locked vault")
    screen.unlock(PASSPHRASE)
    screen.find("They came at seven", "list item")
    screen.find("They left at nine", "list item")
    screen.end()
    newsroom.editor("check")


def test_not_believed(scratch):
    """Somebody without an inbox is told in words."""
    newsroom = Newsroom(scratch)
    bundle = sealed(newsroom.reporter, scratch.folder / "stick", "They came at seven")[-1]
    bytes_ = bundle.read_bytes()
    bundle.write_bytes(bytes_[:-1] + bytes([bytes_[-1] ^ 1]))
    other = scratch.folder / "photo.age"
    other.write_bytes(b"\xff\xd8\xff\xe0 none of ours")
    screen = opened(scratch, newsroom.reporter)
    screen.hand_over(bundle)
    screen.find("Understood", "push button", part=True)
    same(screen.unnamed(), [], "unnamed in what is told")
    screen.key("Return")
    screen.gone("What was not believed")
    other.with_suffix(".card").write_bytes(b"")
    for file in (other, other.with_suffix(".card")):
        screen.hand_over(file)
        screen.find("This is none of them", part=True)
    screen.end()
    newsroom.reporter("check")


# --- Before it can be opened ---

def invite(scratch, room, name):
    path = scratch.folder / f"{name}.invite"
    room.editor("invite", "--for", "newcomer", "-o", path)
    return path


def other_newsroom(scratch, room):
    """An invite of another one, with the same intake."""
    lead = Person(scratch, "other-lead", "editor")
    lead("newsroom", "create", "--name", "The Evening Post", "--intake", room.intake.card, "-o", scratch.folder / "other.card")
    lead("invite", "--for", "newcomer", "-o", scratch.folder / "other.invite")
    return scratch.folder / "other.invite"


def expect_nothing_of(screen, *names):
    texts = screen.texts()
    for name in names:
        expect(not any(name in text for text in texts), f"{name} is shown: {texts}")


def closes(screen):
    """The window in which something is joined, by Escape."""
    screen.key("Escape")


def joins_in_window(screen, newsroom):
    wait_in_window(screen, "Join")
    screen.find(newsroom)
    screen.key("Return")
    screen.find(f"You belong to {newsroom}")
    wait_in_window(screen, "Done")
    screen.key("Return")


def test_before_there_is_a_vault(scratch):
    """At the start, while the questions are asked, and at the last of them."""
    room = Newsroom(scratch, lawyer=False)
    first, friend, later = invite(scratch, room, "first"), Person(scratch, "friend"), Person(scratch, "later")
    bundle = sealed(room.reporter, scratch.folder / "stick", "They came at seven")[-1]
    other = scratch.file("photo.invite", "none of ours")
    me = Newcomer(scratch, files=[bundle, friend.card(), first, other])
    screen = me.screen
    # What is none of Satchel's is told at once, and that the rest waits, without its name.
    screen.find(NONE_OF_THEM)
    screen.find(UNTIL_SET_UP)
    expect_nothing_of(screen, "The Courier", "friend")
    screen.gone(UNTIL_SET_UP)
    me.says_who()
    words = me.takes_words()
    code = me.notes_code()
    # Somebody who thinks that the first time nothing came of it.
    screen.hand_over(first, later.card())
    screen.find(UNTIL_SET_UP)
    screen.type(code.replace("\n", "-"))
    screen.key("Return")
    screen.find("The Courier")
    me.joins("The Courier")
    # Each of the rest, and the invite not again.
    screen.press("Understood", "push button", part=True)
    screen.gone("What was not believed", "dialog")
    screen.find("Safety Words", "label")
    screen.end()
    me.knows(words)
    same(me.json("info")["newsroom"], "The Courier", "newsroom")
    same(sorted(c["name"] for c in me.json("contacts")), ["editor", "friend", "later"], "contacts")
    me("check")


def test_at_the_join_step(scratch):
    """What comes while something is shown there waits for the answer, through a lock too; what was answered does not come back."""
    room = Newsroom(scratch, lawyer=False)
    first, other, friend = invite(scratch, room, "first"), other_newsroom(scratch, room), Person(scratch, "friend")
    me = Newcomer(scratch)
    words, _ = me.makes_all()
    screen = me.screen
    screen.hand_over(first)
    wait_focus(screen, "Join")
    screen.hand_over(other, friend.card())
    screen.find(UNTIL_SET_UP)
    screen.find("The Courier")
    press_by_key(screen, "Not This One")
    screen.find("The Evening Post")
    wait_focus(screen, "Join")
    screen.key("ctrl+l")
    screen.find(UNTIL_UNLOCKED)
    expect_nothing_of(screen, "The Courier", "The Evening Post", "friend")
    screen.unlock(words)
    joins_in_window(screen, "The Evening Post")
    screen.find(ADDED)
    expect_nothing_of(screen, "The Courier", "Join a Newsroom")
    screen.end()
    me.knows(words)
    same(me.json("info")["newsroom"], "The Evening Post", "newsroom")
    same(sorted(c["name"] for c in me.json("contacts")), ["friend", "other-lead"], "contacts")


def test_later(scratch):
    """Whoever joins later has been asked: only what was not shown comes after the set-up."""
    room = Newsroom(scratch, lawyer=False)
    first, other = invite(scratch, room, "first"), other_newsroom(scratch, room)
    me = Newcomer(scratch, files=[first, other])
    words, _ = me.answers_all()
    wait_focus(me.screen, "Join")
    me.screen.find("The Courier")
    press_by_key(me.screen, "Later")
    joins_in_window(me.screen, "The Evening Post")
    me.screen.gone("Join a Newsroom", "frame")
    expect_nothing_of(me.screen, "The Courier")
    me.screen.end()
    me.knows(words)
    same(me.json("info")["newsroom"], "The Evening Post", "newsroom")


def test_several_invites(scratch):
    """One after the other, whatever is answered to each; cards and bundles when that is done."""
    room = Newsroom(scratch, lawyer=False)
    first, other, friend = invite(scratch, room, "first"), other_newsroom(scratch, room), Person(scratch, "friend")
    damaged = scratch.file("damaged.invite", "satchel-invite v1\n")
    me = Person(scratch, "newcomer")
    screen = opened(scratch, me)
    screen.hand_over(other, friend.card(), damaged, first, scratch.folder / "other.card")
    wait_in_window(screen, "Join")
    screen.find("The Evening Post")
    press_by_key(screen, "Not This One")
    # A fault is read before the next comes.
    screen.find("This paper cannot be read.", part=True)
    wait_in_window(screen, "Open File")
    expect(screen.look(ADDED) is None, "the card came in between")
    closes(screen)
    joins_in_window(screen, "The Courier")
    screen.find("This is of another newsroom than the one that you belong to.", part=True)
    wait_in_window(screen, "Open File")
    closes(screen)
    screen.find(ADDED)
    screen.end()
    same(me.json("info")["newsroom"], "The Courier", "newsroom")
    same(sorted(c["name"] for c in me.json("contacts")), ["editor", "friend"], "contacts")


def test_locked_at_any_moment(scratch):
    """Between the file and its window, and while that waits for an answer: it is offered at the next unlocking."""
    room = Newsroom(scratch, lawyer=False)
    path = invite(scratch, room, "first")
    me = Person(scratch, "newcomer")
    screen = opened(scratch, me)
    for pause in (0, 0.02, 0.05, 0.1, 0.2, 1):
        # The window that was closed last had the keyboard.
        wait_in_window(screen, "", "Satchel")
        handing = threading.Thread(target=screen.hand_over, args=[path])
        handing.start()
        handing.join(pause)
        screen.key("ctrl+l")
        handing.join()
        screen.find(UNTIL_UNLOCKED)
        expect_nothing_of(screen, "The Courier")
        # So had the one that the lock closed.
        wait_in_window(screen, "", "Satchel")
        screen.unlock(PASSPHRASE)
        wait_in_window(screen, "Join")
        press_by_key(screen, "Not This One")
        wait_in_window(screen, "Open File")
        closes(screen)
        screen.gone("Join a Newsroom", "frame")
    screen.hand_over(path)
    wait_in_window(screen, "Join")
    press_by_key(screen, "Not This One")
    wait_in_window(screen, "Open File")
    screen.key("ctrl+l")
    screen.find("Locked")
    expect(screen.look(UNTIL_UNLOCKED) is None, "something waits that was answered")
    screen.end()


def test_while_locked(scratch):
    me, friend = Person(scratch, "newcomer"), Person(scratch, "friend")
    screen = Screen(scratch, me.vault)
    screen.ready("Passphrase")
    expect(screen.look(UNTIL_UNLOCKED) is None, "it says that something waits")
    screen.hand_over(scratch.file("photo.card", "none of ours"))
    screen.find(NONE_OF_THEM)
    expect(screen.look(UNTIL_UNLOCKED) is None, "it says that what is none of Satchel's waits")
    screen.hand_over(friend.card())
    screen.find(UNTIL_UNLOCKED)
    expect_nothing_of(screen, "friend")
    same(screen.unnamed(), [], "unnamed while something waits")
    screen.unlock(PASSPHRASE)
    screen.find(ADDED)
    screen.end()


def test_destroyed(scratch):
    """What waits for a vault is not shown to whoever makes the next one."""
    me, friend = Person(scratch, "new"), Person(scratch, "friend")
    room = Newsroom(scratch, lawyer=False)
    screen = Screen(scratch, me.vault)
    screen.ready("Passphrase")
    screen.hand_over(friend.card(), invite(scratch, room, "first"))
    screen.find(UNTIL_UNLOCKED)
    screen.tab_to("Hold to destroy the vault")
    subprocess.run(["xdotool", "keydown", "space"], check=True)
    screen.find("Welcome to Satchel")
    subprocess.run(["xdotool", "keyup", "space"], check=True)
    expect(screen.look(UNTIL_SET_UP) is None, "it says that something waits")
    next_ = Newcomer(scratch, screen=lambda *_: screen)
    words, _ = next_.makes_all()
    next_.goes_on()
    screen.end()
    next_.knows(words)
    same(next_.json("contacts"), [], "contacts")


driver.main(globals())
