#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first run, and joining a newsroom: by keyboard, as a screen reader has it."""
import os
import subprocess
import time

import driver
from driver import Screen, offer_text
from newcomer import Newcomer, choose_file, press_by_key, wait_focus, wait_in_window
from scenario import PASSPHRASE, Intake, Newsroom, Person, Skip, expect, run, same

OWN = "seven herons stood on the frozen pond behind the mill"


def fault(screen, text):
    screen.find(text, part=True)
    time.sleep(0.2)


# --- The first run ---

def set_up(scratch, role, said):
    me = Newcomer(scratch)
    words, code = me.makes_all(role)
    me.goes_on()
    # Before a passphrase file of this test's own is there.
    for secret in (words, words.split()[0] + " " + words.split()[1], code.replace("\n", "-"), code[:9], me.called):
        scratch.expect_no_plaintext(secret, scratch.folder)
    me.screen.key("ctrl+l")
    me.screen.find("Locked")
    expect(me.screen.look(me.called) is None, "the locked screen says whose vault it is")
    me.screen.unlock(words)
    me.screen.end()
    me.knows(words)
    info = me.json("info")
    same((info["name"], info["role"]), (me.called, said), "owner")
    expect(info["kdf_mib"] >= 256 and info["kdf_passes"] >= 3, f"a cheap vault: {info}")
    me("check")
    return me, code


def test_reporter(scratch):
    me, code = set_up(scratch, "Reporter", "reporter")
    # What was written down opens the vault, whatever it was typed like.
    path = scratch.file("code", code.replace("\n", " ").lower() + "\n")
    new = scratch.file("new-passphrase", "another passphrase, long enough for this\n")
    me("recover", "--code-file", path, passphrase=new)
    same(me.raw("info", passphrase=new).returncode, 0, "the new passphrase opens")


def test_editor(scratch):
    set_up(scratch, "Editor", "editor")


def test_lawyer(scratch):
    set_up(scratch, "Lawyer", "legal")


def test_wrong_code(scratch):
    me = Newcomer(scratch)
    me.says_who()
    me.takes_words()
    code = me.notes_code()
    screen = me.screen
    screen.key("Return")
    fault(screen, "Type the recovery code from your paper.")
    # One letter is another; each form of it is wrong alone.
    wrong = ("A" if code[0] != "A" else "B") + code[1:]
    for typed in (wrong.replace("\n", "-"), code[:9], "nothing like it"):
        screen.key("ctrl+a")
        screen.type(typed)
        screen.key("Return")
        fault(screen, "A letter or digit is missing or different.")
        expect(not me.vault.exists(), "something was made before the code was proved")
    # Back, and forth: it is the same code.
    screen.key("alt+Left")
    same(me.notes_code(), code, "the code after going back")
    screen.key("ctrl+a")
    screen.type(code.replace("\n", "  ").replace("-", "").lower())
    screen.key("Return")
    wait_focus(screen, "Open File")


def test_own_passphrase(scratch):
    me = Newcomer(scratch)
    screen = me.screen
    me.says_who()
    me.step(2, "Type the five words")
    screen.type("no such words at all")
    screen.key("Return")
    fault(screen, "These are not the five words.")
    me.choose("A passphrase of my own", "Your own passphrase")
    screen.type("password1")
    screen.find("Too easy to guess.")
    screen.key("Return")
    screen.ready("The same once more")
    screen.type("password1")
    screen.key("Return")
    fault(screen, "This passphrase is too easy to guess.")
    screen.ready("Your own passphrase")
    screen.key("ctrl+a")
    screen.type(OWN)
    screen.find("Long enough", part=True)
    screen.key("Return")
    screen.ready("The same once more")
    screen.key("ctrl+a")
    screen.type(OWN[:-1])
    screen.key("Return")
    fault(screen, "The two are not the same.")
    screen.type(OWN)
    screen.key("Return")
    code = me.notes_code()
    # All the way back, and forth with Enter alone: everything is as it was typed.
    for number in (3, 2, 1):
        screen.key("alt+Left")
        me.step(number)
    screen.ready("Name")
    same(screen.text_of(screen.find("Name", "text")), me.called, "name after going back")
    screen.key("Return")
    me.step(2, "Your own passphrase")
    screen.key("Return")
    screen.ready("The same once more")
    screen.key("Return")
    same(me.notes_code(), code, "the code after going back")
    screen.type(code.replace("\n", "-"))
    screen.key("Return")
    wait_focus(screen, "Open File")
    scratch.expect_no_plaintext("herons", scratch.folder)
    screen.end()
    me.knows(OWN)
    same(me.json("info")["name"], me.called)


def test_other_words(scratch):
    """Back, and other words: the old ones are good for nothing."""
    me = Newcomer(scratch)
    me.says_who()
    old = me.takes_words()
    me.step(3)
    me.screen.key("alt+Left")
    me.step(2, "Type the five words")
    press_by_key(me.screen, "Other")
    me.screen.ready("Type the five words")
    me.screen.key("Return")
    fault(me.screen, "Type the five words once")
    me.screen.type(old)
    me.screen.key("Return")
    fault(me.screen, "These are not the five words.")
    me.screen.key("ctrl+a")
    expect(me.takes_words() != old, "the words are the same")
    me.step(3)


def test_no_name(scratch):
    me = Newcomer(scratch, name="   ")
    me.says_who()
    fault(me.screen, "Type a name.")
    me.screen.key("ctrl+a")
    me.screen.type("n" * 130)
    me.screen.key("Return")
    fault(me.screen, "This name cannot be used.")
    me.step(1, "Name")


def test_locked_while_joining(scratch):
    """The last page has an open vault behind it: a lock closes that too."""
    me = Newcomer(scratch)
    words, _ = me.makes_all()
    me.screen.key("ctrl+l")
    me.screen.find("Locked")
    expect(me.screen.look("Join a Newsroom") is None, "the assistant is there after a lock")
    me.screen.unlock(words)


def test_locked_while_making(scratch):
    """The vault is made all the same, with the folders that it stands in, and is locked."""
    me = Newcomer(scratch, vault=scratch.folder / "data" / "satchel" / "vault")
    me.says_who()
    words = me.takes_words()
    me.screen.type(me.notes_code().replace("\n", "-"))
    me.screen.key("Return")
    me.screen.key("ctrl+l")
    me.screen.find("Locked")
    me.screen.unlock(words)


def test_every_control_has_a_name(scratch):
    me = Newcomer(scratch)
    me.step(1, "Name")
    same(me.screen.unnamed(), [], "unnamed at the beginning")
    me.makes_all()
    same(me.screen.unnamed(), [], "unnamed at the end")


# --- Where no vault can be made ---

def refused(me, text):
    me.says_who()
    me.takes_words()
    code = me.notes_code()
    me.screen.type(code.replace("\n", "-"))
    me.screen.key("Return")
    fault(me.screen, text)
    wait_focus(me.screen, "Try Again")


def test_foreign_store(scratch):
    folder = scratch.folder / "new"
    folder.mkdir()
    (folder / "store.db").write_bytes(b"of somebody else")
    me = Newcomer(scratch)
    refused(me, "holds something else already")
    same(sorted(p.name for p in folder.iterdir() if p.name != "lock"), ["store.db"], "left behind")
    same((folder / "store.db").read_bytes(), b"of somebody else", "the foreign file")
    (folder / "store.db").unlink()
    me.screen.key("Return")
    wait_focus(me.screen, "Open File")


def test_no_folder(scratch):
    scratch.file("new", "a file where the folder should be")
    me = Newcomer(scratch)
    refused(me, "holds something else already")
    same(me.vault.read_text(), "a file where the folder should be")


def test_no_way_there(scratch):
    me = Newcomer(scratch, vault=scratch.file("file", "not a folder") / "new")
    refused(me, "Nothing can be written in")


def test_full_disk(scratch):
    mount = scratch.folder / "disk"
    mount.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", mount], capture_output=True).returncode != 0:
        raise Skip("a tmpfs cannot be mounted here")
    try:
        filler = mount / "filler"
        me = Newcomer(scratch, vault=mount / "new")
        stats = os.statvfs(mount)
        filler.write_bytes(bytes(stats.f_bavail * stats.f_frsize - 40000))
        refused(me, "The disk is full. No vault was made")
        same(sorted(p.name for p in mount.iterdir()), ["filler"], "left behind")
        filler.unlink()
        me.screen.key("Return")
        wait_focus(me.screen, "Open File")
        me.screen.end()
    finally:
        subprocess.run(["umount", "-l", mount])


# --- Joining ---

def invite(scratch, room, name, **more):
    path = scratch.folder / f"{name}.invite"
    room.editor("invite", "--for", name, "-o", path, **more)
    return path


def joined(scratch, room, person):
    """The desk knows them by what was queued."""
    same(person.json("info")["newsroom"], "The Courier", "newsroom")
    stick = scratch.folder / "stick"
    stick.mkdir()
    person("send", stick)
    room.editor("fetch", stick)
    expect(person.name in [c["name"] for c in room.editor.json("contacts")], "the desk does not know them")


def test_join_at_the_start(scratch):
    """The file comes with the start, and waits for the passphrase."""
    room = Newsroom(scratch, lawyer=False)
    path = invite(scratch, room, "newcomer")
    me = Person(scratch, "newcomer")
    words = room.reporter.json("contacts")[0]["safety_words"]
    screen = Screen(scratch, me.vault, files=[path])
    screen.ready("Passphrase")
    expect(screen.look("The Courier") is None, "the invite is shown before the vault is open")
    screen.unlock(PASSPHRASE)
    wait_in_window(screen, "Join")
    screen.find(words, "label")
    screen.find("These are the safety words of editor.", part=True)
    same(screen.unnamed(), [], "unnamed before joining")
    screen.key("Return")
    screen.find("You belong to The Courier")
    wait_focus(screen, "Done")
    screen.key("Return")
    screen.gone("You belong to The Courier")
    screen.end()
    joined(scratch, room, me)


def test_join_in_the_assistant(scratch):
    room = Newsroom(scratch, lawyer=False)
    path = invite(scratch, room, "Zelda Quill")
    me = Newcomer(scratch)
    words, _ = me.makes_all()
    me.screen.hand_over(path)
    me.joins("The Courier")
    me.screen.end()
    me.knows(words)
    me.name = me.called
    joined(scratch, room, me)


def open_window(screen):
    screen.find("New note")
    screen.key("F10")
    screen.find("Join a Newsroom…", part=True)
    time.sleep(0.3)
    screen.key("Return")
    wait_in_window(screen, "Open File")


def test_join_by_paste(scratch):
    room = Newsroom(scratch, lawyer=False)
    text = invite(scratch, room, "newcomer").read_text()
    me = Person(scratch, "newcomer")
    screen = Screen(scratch, me.vault)
    screen.unlock(PASSPHRASE)
    open_window(screen)
    # As a messenger leaves it.
    owner = offer_text(scratch, "\n  " + text.replace("\n", "\r\n") + "  \n\n")
    screen.key("ctrl+v")
    wait_focus(screen, "Join")
    screen.key("Return")
    screen.find("You belong to The Courier")
    screen.find("The invite was taken off the clipboard", part=True)
    owner.wait(10)
    screen.end()
    joined(scratch, room, me)


def test_not_this_one(scratch):
    room = Newsroom(scratch, lawyer=False)
    path = invite(scratch, room, "newcomer")
    me = Person(scratch, "newcomer")
    screen = Screen(scratch, me.vault)
    screen.unlock(PASSPHRASE)
    screen.find("New note")
    screen.hand_over(path)
    wait_in_window(screen, "Join")
    press_by_key(screen, "Not This One")
    wait_focus(screen, "Open File")
    # The lock takes the window with it.
    screen.hand_over(path)
    wait_in_window(screen, "Join")
    screen.key("ctrl+l")
    screen.find("Locked")
    expect(screen.look("The Courier") is None, "the invite is shown on the locked screen")
    screen.end()
    same((me.json("info")["newsroom"], me.json("outbox")), (None, []), "joined without a word")


def at_other_time(scratch, days):
    module = os.environ.get("SATCHEL_OTHER_TIME")
    if not module:
        raise Skip("the clock cannot be set in this build")
    return {**scratch.env, "LD_PRELOAD": module, "SATCHEL_CLOCK_SHIFT": str(days * 86400)}


def refuses(screen, path, text):
    screen.hand_over(path)
    fault(screen, text)
    wait_in_window(screen, "Open File")


def test_bad_invites(scratch):
    room = Newsroom(scratch, lawyer=False)
    good = invite(scratch, room, "newcomer")
    lines = good.read_text().split("\n")
    damaged = scratch.file("damaged.invite", "\n".join(lines[:-3]) + "\n")
    place = lines[2].index(" ") + 20
    other = "A" if lines[2][place] != "A" else "B"
    changed = scratch.file("changed.invite", "\n".join([*lines[:2], lines[2][:place] + other + lines[2][place + 1:], *lines[3:]]))
    me = Person(scratch, "newcomer")
    screen = Screen(scratch, me.vault)
    screen.unlock(PASSPHRASE)
    screen.find("New note")
    refuses(screen, damaged, "This paper cannot be read.")
    refuses(screen, changed, "The signature on this paper is wrong.")
    # What is no invite is not taken for one from outside; in the window somebody says that it is.
    for path, text in ((scratch.file("notes.txt", "nothing to do with it"), "This paper cannot be read."),
                       (room.editor.card(), "This is another kind of paper.")):
        choose_file(screen, "Open File", "Open an Invite", path)
        fault(screen, text)
        wait_in_window(screen, "Open File")
    same((me.json, screen.look("You belong to", part=True))[1], None)
    screen.hand_over(good)
    wait_focus(screen, "Join")
    screen.key("Return")
    screen.find("You belong to The Courier")
    refuses(screen, good, "You have used this invite already.")
    screen.end()


def test_expired_invite(scratch):
    room = Newsroom(scratch, lawyer=False)
    path = scratch.folder / "old.invite"
    done = run(*room.editor.argv("invite", "--for", "newcomer", "--days", "30", "-o", path), env=at_other_time(scratch, -40))
    same(done.returncode, 0, done.stderr.decode())
    me = Person(scratch, "newcomer")
    screen = Screen(scratch, me.vault)
    screen.unlock(PASSPHRASE)
    screen.find("New note")
    refuses(screen, path, "This paper has expired.")
    screen.end()
    same(me.json("info")["newsroom"], None)


def test_another_newsroom(scratch):
    room = Newsroom(scratch, lawyer=False)
    stranger = Person(scratch, "stranger", "editor")
    stranger("newsroom", "create", "--name", "The Impostor", "--intake", room.intake.card, "-o", scratch.folder / "other.card")
    stranger("invite", "--for", "reporter", "-o", scratch.folder / "other.invite")
    screen = Screen(scratch, room.reporter.vault)
    screen.unlock(PASSPHRASE)
    screen.find("New note")
    for name in ("other.invite", "other.card"):
        refuses(screen, scratch.folder / name, "This is of another newsroom than the one that you belong to.")
    screen.end()
    same(room.reporter.json("info")["newsroom"], "The Courier")


def test_lawyer_takes_the_card(scratch):
    room = Newsroom(scratch, lawyer=False)
    me = Person(scratch, "lawyer", "legal")
    screen = Screen(scratch, me.vault)
    screen.unlock(PASSPHRASE)
    open_window(screen)
    choose_file(screen, "Save My Card", "Save Your Card", scratch.folder / "mine.card")
    screen.find("Your card is saved.", part=True)
    room.editor("newsroom", "update", "--member", scratch.folder / "mine.card", "-o", room.card)
    screen.hand_over(room.card)
    screen.find("You are one of its members.", part=True)
    wait_focus(screen, "Join")
    screen.key("Return")
    screen.find("You belong to The Courier")
    screen.end()
    same(me.json("info")["newsroom"], "The Courier")


def test_editor_founds(scratch):
    intake = Intake(scratch)
    lawyer = Person(scratch, "counsel", "legal")
    me = Person(scratch, "chief", "editor")
    screen = Screen(scratch, me.vault)
    screen.unlock(PASSPHRASE)
    open_window(screen)
    press_by_key(screen, "Found a Newsroom")
    screen.ready("Name of the newsroom")
    press_by_key(screen, "Found the Newsroom")
    fault(screen, "Type the newsroom's name")
    screen.ready("Name of the newsroom")
    screen.type("The Morning Post")
    choose_file(screen, "Add Card", "Add a Card", intake.card)
    screen.find("Server at https://localhost", part=True)
    choose_file(screen, "Add Card", "Add a Card", lawyer.card())
    screen.find("Lawyer. Safety words:", part=True)
    choose_file(screen, "Add Card", "Add a Card", scratch.file("notes.txt", "no card at all"))
    fault(screen, "This paper cannot be read.")
    wait_in_window(screen, "Add Card")
    same(screen.unnamed(), [], "unnamed while founding")
    press_by_key(screen, "Found the Newsroom")
    screen.find("You lead The Morning Post")
    wait_focus(screen, "Save Newsroom Card")
    card = scratch.folder / "post.card"
    choose_file(screen, "Save Newsroom Card", "Save the Newsroom's Card", card)
    screen.find("The newsroom's card is saved.")
    screen.end()
    same(me.json("info")["newsroom"], "The Morning Post")
    intake.admit(card)
    lawyer("trust", card)
    reporter = Person(scratch, "newcomer")
    me("invite", "--for", "newcomer", "-o", scratch.folder / "post.invite")
    reporter("join", scratch.folder / "post.invite")
    same(reporter.json("info")["newsroom"], "The Morning Post")


driver.main(globals())
