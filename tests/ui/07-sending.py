#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A reporter seals and sends to a real intake: by keyboard, as a screen reader has it."""
import os
import signal
import time

import driver
from driver import opened
from line import BehindLine
from scenario import PASSPHRASE, Intake, Newsroom, Person, expect, same


def write_and_review(screen, text):
    screen.begin_note(text)
    screen.key("ctrl+Return")
    screen.find("Who Can Open It")
    screen.ready("Seal and Send")


def seal(screen, text):
    write_and_review(screen, text)
    screen.key("ctrl+Return")
    screen.gone("Who Can Open It")


def show_outbox(screen):
    screen.section("Outbox")
    screen.find("Copy to a stick or folder…")


def test_seal_and_send(scratch):
    newsroom = Newsroom(scratch, with_intake=True)
    screen = opened(scratch, newsroom.reporter)
    write_and_review(screen, "They came at seven")
    screen.find("They came at seven", "check box")
    screen.find("editor", "check box")
    same(screen.unnamed(screen.find("Seal and Send", "frame")), [], "unnamed in the review")
    screen.key("ctrl+Return")
    screen.gone("Who Can Open It")
    show_outbox(screen)
    screen.find("At the newsroom, not opened yet", part=True)
    screen.end()
    newsroom.editor("fetch")
    expect("They came at seven" in newsroom.editor("list"), "the editor has it")
    newsroom.reporter("check")


def test_without_a_newsroom(scratch):
    reporter = Person(scratch, "reporter")
    screen = opened(scratch, reporter)
    screen.find("No newsroom yet", part=True)
    screen.begin_note("Nobody to send it to")
    screen.key("ctrl+Return")
    screen.find("You have not joined a newsroom yet.", part=True)
    screen.find("Nothing was sealed")
    screen.key("Escape")
    screen.gone("Nothing was sealed")
    screen.end()
    same(reporter.json("outbox"), [], "outbox")


def test_offline_then_online(scratch):
    newsroom = Newsroom(scratch, with_intake=False)
    screen = opened(scratch, newsroom.reporter)
    seal(screen, "Kept for later")
    screen.find("Offline · ", part=True)
    show_outbox(screen)
    screen.find("Waiting to be sent", part=True)
    newsroom.intake.start()
    screen.press("Send now")
    screen.find("At the newsroom, not opened yet", part=True)
    screen.find("Connected to The Courier")
    screen.end()


def test_sent_while_locked(scratch):
    newsroom = Newsroom(scratch, with_intake=True)
    screen = opened(scratch, newsroom.reporter)
    seal(screen, "Sealed, and then the door")
    screen.key("ctrl+l")
    screen.find("Passphrase")
    screen.wait(lambda: newsroom.editor.json("fetch"), "the bundle at the newsroom")
    expect("Sealed, and then the door" in newsroom.editor("list"), "the editor has it")
    screen.unlock(PASSPHRASE)
    show_outbox(screen)
    screen.find("At the newsroom, not opened yet", part=True)
    screen.end()


def test_sealed_offline_then_locked(scratch):
    """What could not be sent before the lock is sent after it, when there is a connection."""
    newsroom = Newsroom(scratch, with_intake=False)
    screen = opened(scratch, newsroom.reporter)
    seal(screen, "Sealed without a connection")
    screen.find("Offline · 2 waiting")
    screen.key("ctrl+l")
    screen.find("Passphrase")
    newsroom.intake.start()
    # The next try by itself comes within two minutes.
    for _ in range(150):
        if newsroom.editor.json("fetch"):
            break
        time.sleep(1)
    expect("Sealed without a connection" in newsroom.editor("list"), "the editor has it")
    screen.end()


def stranger(scratch, newsroom):
    """Somebody else's server where the newsroom's was: an intake of another newsroom, with keys of its own."""
    newsroom.intake.stop()
    other = Intake(scratch, "stranger")
    other.port = newsroom.intake.port
    other.start()
    return other


def open_connection(screen):
    """The button at the foot of the sidebar, whatever it says."""
    buttons = [node for node in screen.walk(screen.find("SatchelConnectionButton")) if node.get_role_name() == "push button"]
    # A GtkMenuButton is a button within a button; the inner one is pressed.
    buttons[1].get_action_iface().do_action(0)


def test_intercepted(scratch):
    newsroom = Newsroom(scratch, with_intake=True)
    other = stranger(scratch, newsroom)
    screen = opened(scratch, newsroom.reporter)
    seal(screen, "Not for strangers")
    screen.find("This connection is being intercepted")
    open_connection(screen)
    screen.find("The other side is not the newsroom's server", part=True)
    if os.environ.get("SATCHEL_UI_SHOTS"):
        screen.shot(os.path.join(os.environ["SATCHEL_UI_SHOTS"], "intercepted.png"))
    screen.find("Details", part=True)
    screen.key("Escape")
    show_outbox(screen)
    screen.find("Waiting to be sent", part=True)
    expect(not list(other.folder.glob("uploads/*")) and not list(other.folder.glob("mailboxes/*/*")), "bytes of a bundle at the stranger's")
    other.stop()
    newsroom.intake.start()
    screen.press("Send now")
    screen.find("At the newsroom, not opened yet", part=True)
    # That it works again hides no alarm.
    screen.find("warnings to read", part=True)
    open_connection(screen)
    screen.press("I Have _Read This", "push button", part=True)
    screen.find("Connected to The Courier")
    screen.end()
    expect("alarm" in newsroom.reporter("ledger"), "the alarm in the ledger")
    screen = opened(scratch, newsroom.reporter)
    screen.find("Connected to The Courier")
    screen.end()


def test_intercepted_and_locked(scratch):
    """Met while fetching, with the vault locked before anybody could be told: it is told at the next opening."""
    room = BehindLine(scratch)
    room.reporter("send")
    room.line.passes.clear()
    room.line.has_come.clear()
    screen = opened(scratch, room.reporter)
    screen.wait(room.line.has_come.is_set, "the courier to come")
    screen.key("ctrl+l")
    screen.find("Passphrase")
    other = stranger(scratch, room)
    journal = room.reporter.vault / "outbox" / "journal"
    room.line.passes.set()
    screen.wait(lambda: journal.exists() and journal.stat().st_size > 0, "the alarm in the journal")
    screen.end(signal.SIGKILL)
    other.stop()
    room.intake.start()
    screen = opened(scratch, room.reporter)
    screen.find("1 warning to read")
    screen.end()


def seal_large(room, scratch):
    """12 MiB, sealed before the app is started; the outbox entry's id."""
    noise = scratch.folder / "long.mp4"
    noise.write_bytes(os.urandom(12 << 20))
    room.reporter("send")
    record = room.reporter.json("new", "note", "-s", "text=With a video", "-a", noise)
    return room.reporter.json("seal", record["id"])["id"]


def state_of(room, sent):
    return next(entry["state"] for entry in room.reporter.json("outbox") if entry["id"] == sent)


def test_stopped_by_hand(scratch):
    """In the middle of an upload that hangs: at once, and nothing goes on by itself."""
    room = BehindLine(scratch)
    sent = seal_large(room, scratch)
    room.line.hold_at("up", 6 << 20)
    screen = opened(scratch, room.reporter)
    room.line.wait_held()
    screen.find("Sending, ", part=True)
    open_connection(screen)
    screen.press("S_top Sending", "push button", part=True)
    screen.find("Not sending · 1 waiting")
    screen.find("You stopped it.", part=True)
    room.line.reset()
    time.sleep(4)
    same(room.line.up, 0, "bytes after the stop")
    screen.press("_Send Now", "push button", part=True)
    screen.find("Connected to The Courier")
    screen.end()
    same(state_of(room, sent), "stored")


def stored(room):
    return [path.stem for path in (room.intake.folder / "mailboxes").rglob("*.age")]


def expect_once(room, sent):
    """At the newsroom, whole, and only once; nothing that was acknowledged went up again."""
    entry = next(entry for entry in room.reporter.json("outbox") if entry["id"] == sent)
    same(entry["state"], "stored", "state")
    same(stored(room).count(entry["sha256"]), 1, "copies at the newsroom")
    expect(room.line.up < 10 << 20, f"{room.line.up} bytes went up again")
    room.reporter("check")


def test_line_dies(scratch):
    """In the middle of an upload the newsroom's server goes, and comes back."""
    room = BehindLine(scratch)
    sent = seal_large(room, scratch)
    room.line.hold_at("up", 6 << 20)
    screen = opened(scratch, room.reporter)
    room.line.wait_held()
    room.intake.stop(signal.SIGKILL)
    room.line.reset()
    screen.find("Offline · 1 waiting")
    show_outbox(screen)
    screen.find("Waiting, ", part=True)
    room.intake.start()
    screen.press("Send now")
    screen.find("At the newsroom, not opened yet", part=True)
    screen.find("Connected to The Courier")
    screen.end()
    expect_once(room, sent)


def test_killed_while_sending(scratch):
    room = BehindLine(scratch)
    sent = seal_large(room, scratch)
    room.line.hold_at("up", 6 << 20)
    screen = opened(scratch, room.reporter)
    room.line.wait_held()
    screen.end(signal.SIGKILL)
    room.line.reset()
    screen = opened(scratch, room.reporter)
    screen.find("Connected to The Courier")
    screen.end()
    expect_once(room, sent)


def copy_to(screen, stick):
    screen.press("Copy to a stick or folder…")
    screen.find("Copy What Is Sealed To")
    time.sleep(1)
    screen.key("ctrl+a")
    screen.type(str(stick))
    time.sleep(0.5)
    screen.key("Return")
    screen.gone("Copy What Is Sealed To")


def test_copied_to_a_stick(scratch):
    """What it means is said before; and a copy need not take it out of the queue."""
    room = Newsroom(scratch, with_intake=False)
    stick = scratch.folder / "stick"
    stick.mkdir()
    screen = opened(scratch, room.reporter)
    seal(screen, "By two ways")
    show_outbox(screen)
    copy_to(screen, stick)
    screen.find("Copy 2 sealed bundles to “stick”?")
    screen.find("it will not go over the network any more", part=True)
    time.sleep(0.5)
    screen.press("Copy and _Send Too", "push button", part=True)
    screen.wait(lambda: len(list(stick.glob("*.age"))) == 2, "two bundles on the stick")
    screen.gone("Copying What Is Sealed")
    screen.find("Waiting to be sent", part=True)
    copy_to(screen, stick)
    screen.find("Copy 2 sealed bundles to “stick”?")
    time.sleep(0.5)
    screen.press("Copy _Only", "push button", part=True)
    screen.find("Handed over, not confirmed yet", part=True)
    screen.end()
    expect(all(entry["state"] == "handed-over" for entry in room.reporter.json("outbox")), "still to be sent")


def test_lock_over_a_chooser(scratch):
    """One key locks, whatever stands in front, and no folder's contents stay on the screen."""
    room = Newsroom(scratch, with_intake=False)
    screen = opened(scratch, room.reporter)
    show_outbox(screen)
    screen.press("Copy to a stick or folder…")
    screen.find("Copy What Is Sealed To")
    time.sleep(1)
    screen.key("ctrl+l")
    screen.ready("Passphrase")
    screen.gone("Copy What Is Sealed To")
    screen.end()


def test_taken_back(scratch):
    newsroom = Newsroom(scratch, with_intake=False)
    screen = opened(scratch, newsroom.reporter)
    seal(screen, "Too early")
    show_outbox(screen)
    screen.tab_to("Too early")
    screen.key("Return")
    screen.find("Take Back…")
    same(screen.unnamed(screen.find("SatchelOutboxPage")), [], "unnamed on a bundle's page")
    screen.press("Take Back…", "push button", part=True)
    screen.find("Take this bundle back?")
    screen.press("Take Back Take Back", "push button", part=True)
    screen.find("Taken back", part=True)
    screen.end()
    expect(all(entry["state"] == "erased" or entry["kind"] == "introduction" for entry in newsroom.reporter.json("outbox")), "still in the outbox")


def test_opened_and_answered(scratch):
    """What comes back: the receipt, and a note from the desk."""
    newsroom = Newsroom(scratch, with_intake=True)
    screen = opened(scratch, newsroom.reporter)
    seal(screen, "Tell me that you have it")
    show_outbox(screen)
    screen.find("At the newsroom, not opened yet", part=True)
    newsroom.editor("fetch")
    newsroom.editor("reply", newsroom.editor.json("list")[0]["id"], "-s", "text=We have it. Stay calm.")
    newsroom.editor("send")
    screen.press("Send now")
    screen.find("Opened by the newsroom", part=True)
    screen.section("Reports")
    screen.find("We have it. Stay calm.", part=True)
    screen.section("Outbox")
    screen.tab_to("Tell me that you have it")
    screen.key("Return")
    screen.press("Erase Here…", "push button", part=True)
    screen.press("Copy and Reports", "push button", part=True)
    # Rows go from several lists at once, and GTK 4.8 can fall over a question about one that is just going.
    time.sleep(2)
    screen.find("Opened by the newsroom, sealed copy erased", part=True)
    screen.end()
    expect("Tell me that you have it" not in newsroom.reporter("list"), "the report is erased here")
    newsroom.reporter("check")


driver.main(globals())
