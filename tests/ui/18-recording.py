#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A spoken note goes from the microphone into the vault, by keyboard: stopped, discarded, ended by a lock, by leaving the page, by a
microphone that goes; and nothing of it stands readable on the disk."""
import hashlib
import os
import pathlib
import re
import signal
import subprocess
import time

import driver
from driver import Screen
from scenario import PASSPHRASE, Person, expect, fill, same, small_disk
from sound_server import SoundServer

STOP = "Stop and Save"


class Desk:
    """A reporter with a note that is open, a sound server, and a folder of the app's own for what is temporary."""

    def __init__(self, scratch, has_microphone=True, disk=None, **environment):
        """@disk: a folder that the vault is moved to."""
        self.server = SoundServer(scratch, has_microphone)
        self.reporter = Person(scratch, "reporter")
        self.note = self.reporter("new", "note", "-s", "text=with sound").strip()
        if disk:
            subprocess.run(["cp", "-a", self.reporter.vault, disk / "vault"], check=True)
            self.reporter.vault = disk / "vault"
        self.temporary = scratch.folder / "temporary"
        self.temporary.mkdir()
        self.scratch = scratch
        self.start(**environment)

    def start(self, **environment):
        self.screen = Screen(self.scratch, self.reporter.vault, TMPDIR=str(self.temporary), **{**self.server.environment, **environment})
        self.screen.unlock(PASSPHRASE)
        self.open()

    def start_after_kill(self):
        """It says what it found, before anything else is done."""
        self.screen = Screen(self.scratch, self.reporter.vault, TMPDIR=str(self.temporary), **self.server.environment)
        self.screen.unlock(PASSPHRASE)
        self.screen.find("A Recording Was Cut Off")
        self.screen.find("Satchel was cut off while it recorded. What was saved until then is in its report, marked as cut off.")
        self.screen.key("Escape")
        self.screen.gone("A Recording Was Cut Off")
        self.open()

    def open(self):
        self.screen.open_row("with sound", "Reports")
        self.screen.find("Record sound", "push button", part=True)

    def is_in_sight(self):
        node = self.screen.look(STOP, "push button", part=True)
        place = node.get_component_iface().get_extents(self.screen.atspi.CoordType.WINDOW)
        window = self.screen.windows()[-1].get_component_iface().get_extents(self.screen.atspi.CoordType.WINDOW)
        return 0 <= place.y and place.y + place.height <= window.height

    def record(self, seconds):
        self.screen.key("ctrl+shift+r")
        self.screen.find(STOP, "push button", part=True)
        self.screen.find("If Satchel locks, also by itself, the recording ends and is saved.", part=True)
        self.screen.wait(lambda: self.heard() >= seconds, f"{seconds} seconds of sound")

    def heard(self):
        """From the label beside the meter."""
        for text in self.screen.texts():
            kind, _, name = text.partition(": ")
            if kind == "label" and len(name) <= 7 and name.replace(":", "").isdigit() and ":" in name:
                minutes, seconds = name.split(":")
                return int(minutes) * 60 + int(seconds)
        return -1

    def saved(self):
        """From the words below the meter: up to where it outlives a crash; 0 for nothing."""
        for text in self.screen.texts():
            found = re.match(r"label: Saved up to (\d+):(\d\d)\.", text)
            if found:
                return int(found[1]) * 60 + int(found[2])
        return 0

    def record_until_saved(self):
        self.record(1)
        expect(self.screen.look("Nothing is saved yet.", part=True), f"it does not say that nothing is saved: {self.screen.texts()}")
        return self.screen.wait(self.saved, "a part to be saved")

    def kill(self):
        self.screen.end(signal.SIGKILL)
        expect_sealed(self.scratch, "/dev/shm")

    def blobs(self):
        return [path for path in (self.reporter.vault / "blobs").rglob("*") if path.is_file()]

    def evidence(self):
        return self.reporter.json("show", self.note)["evidence"]

    def take_out(self):
        """The one recording that there is, as it stands in the vault. Ends the app."""
        self.screen.end()
        items = self.evidence()
        same(len(items), 1, "items of evidence")
        path = self.scratch.folder / "taken.ogg"
        path.unlink(missing_ok=True)
        self.reporter("get", items[0]["id"], "-o", path)
        same(hashlib.sha256(path.read_bytes()).hexdigest(), items[0]["sha256"], "its SHA-256")
        self.reporter("check")
        return items[0], path

    def expect_length(self, least, most=float("inf"), is_whole=True):
        """Of the one recording, in seconds."""
        item, path = self.take_out()
        length = length_of(path, is_whole)
        expect(least <= length <= most, f"it is {length} s long")
        return item

    def expect_none(self):
        self.screen.end()
        same(self.evidence(), [], "evidence")
        self.reporter("check")


def length_of(path, is_whole=True):
    """In seconds, from the pages of an Ogg file: each begins where the one before it ends, and the last says so in one that is
    whole."""
    data, at, flags, granule = path.read_bytes(), 0, [], 0
    expect(data[28:36] == b"OpusHead", f"it begins with {data[:40]}")
    skipped = int.from_bytes(data[38:40], "little")
    while at < len(data):
        same(data[at:at + 4], b"OggS", f"what begins a page, at {at} of {len(data)}")
        flags.append(data[at + 5])
        granule = int.from_bytes(data[at + 6:at + 14], "little")
        segments = data[at + 26]
        at += 27 + segments + sum(data[at + 27:at + 27 + segments])
    same((at, flags[0] & 2, flags[-1] & 4), (len(data), 2, 4 if is_whole else 0), "its end, and what its first and last page say")
    return (granule - skipped) / 48000


def expect_sealed(scratch, *folders):
    """No sound outside of the seal: not in the vault, not in a temporary file."""
    for folder in (scratch.folder, *folders):
        for path in pathlib.Path(folder).rglob("*"):
            if path.is_file() and not path.is_symlink() and path.name != "taken.ogg":
                content = path.read_bytes()
                expect(b"OggS" not in content and b"OpusHead" not in content, f"sound stands readable in {path}")


def test_recorded_saved_and_heard(scratch):
    desk = Desk(scratch)
    screen = desk.screen
    begun = time.time()
    desk.record(3)
    screen.wait(desk.is_in_sight, "what ends it to be in sight")
    expect(len(desk.blobs()) == 1, f"files while it records: {desk.blobs()}")
    expect_sealed(scratch, "/dev/shm")
    expect(screen.look("Nothing is heard. Is the microphone switched off?") is None, "it says that nothing is heard")
    screen.ready("Stop and Save")
    screen.key("ctrl+shift+r")
    screen.find("Recording saved")
    screen.find("Recording 20", "push button", part=True)
    screen.gone("Stop and Save")
    took = time.time() - begun
    screen.tab_to("Recording 20", limit=200, part=True)
    screen.key("Return")
    screen.ready("Play")
    screen.key("space")
    screen.find("Pause")
    loud = desk.server.loudness(1.0)
    expect(loud > 0.005, f"what is heard while it plays: {loud}")
    screen.press("What is known of this file")
    screen.find("Satchel", "label")
    screen.find("by the clock of the device", part=True)
    screen.key("Escape")
    screen.gone("What is known of this file")
    same(screen.unnamed(), [], "controls without a name")
    item, path = desk.take_out()
    same(item["type"], "audio/x-opus+ogg", "its type")
    same((item["origin"], item["clock"]), ("own", "device"), "where it is from")
    expect(item["name"].startswith("Recording 20") and item["name"].endswith(".ogg"), item["name"])
    expect(3 <= length_of(path) <= took, f"it is {length_of(path)} s long, of {took:.1f} s")
    said = path.read_bytes()[:400].lower()  # its two pages of headers; what follows is as mixed as noise
    name = os.uname().nodename.lower().encode()
    expect(b"microphone" not in said and (len(name) < 4 or name not in said), f"it names the computer or the microphone: {said}")
    expect_sealed(scratch, "/dev/shm")


def test_new_note_is_saved_first(scratch):
    desk = Desk(scratch)
    screen = desk.screen
    screen.begin_note("spoken to")
    desk.record(1)
    screen.press(STOP, "push button", part=True)
    screen.find("Recording 20", "push button", part=True)
    screen.end()
    notes = desk.reporter.json("list")
    same(len(notes), 2, "notes")
    same(desk.evidence(), [], "evidence of the other note")


def test_not_sealed_before_it_is_stopped(scratch):
    desk = Desk(scratch)
    desk.record(1)
    desk.screen.key("ctrl+Return")
    desk.screen.find("Stop the recording first: it is not in the report yet.")
    expect(desk.heard() >= 1, "it does not go on")


def test_not_erased_before_it_is_stopped(scratch):
    desk = Desk(scratch)
    desk.record(1)
    desk.screen.press("More for this report")
    desk.screen.press("Erase…", "menu item", part=True)
    desk.screen.find("Stop the recording first: it is not in the report yet.")
    expect(desk.screen.look("Erase this report?") is None and desk.heard() >= 1, "it does not go on")


def test_discard_leaves_nothing(scratch):
    desk = Desk(scratch)
    screen = desk.screen
    desk.record(1)
    screen.press("Discard", "push button", part=True)
    screen.find("Discard the Recording?")
    screen.key("Escape")
    screen.gone("Discard the Recording?")
    before = desk.heard()
    screen.wait(lambda: desk.heard() > before, "it to go on")
    screen.press("Discard", "push button", part=True)
    screen.find("Discard the Recording?")
    screen.key("Tab")
    screen.key("Return") if screen.has_focus("Discard") else screen.key("Tab", "Return")
    screen.gone("Discard the Recording?")
    screen.wait(lambda: screen.look(STOP, "push button", part=True) is None, "the recording to go")
    screen.wait(lambda: not desk.blobs(), "its file to go")
    desk.expect_none()


def test_discard_takes_what_was_saved(scratch):
    desk = Desk(scratch)
    screen = desk.screen
    desk.record_until_saved()
    screen.press("Discard", "push button", part=True)
    screen.find("Discard the Recording?")
    screen.key("Tab")
    screen.key("Return") if screen.has_focus("Discard") else screen.key("Tab", "Return")
    screen.wait(lambda: not desk.blobs(), "its file to go")
    desk.expect_none()


def test_lock_saves(scratch):
    desk = Desk(scratch)
    screen = desk.screen
    desk.record(3)
    screen.key("ctrl+l")
    screen.ready("Passphrase")
    expect(not any("ecord" in text for text in screen.texts()), f"the locked screen tells of it: {screen.texts()}")
    screen.type(PASSPHRASE)
    screen.key("Return")
    screen.find("Satchel locked while it recorded", part=True)
    desk.open()
    screen.find("Recording 20", "push button", part=True)
    desk.expect_length(3, 8)


def test_quit_saves(scratch):
    desk = Desk(scratch)
    desk.record(2)
    same(desk.screen.end(), 0, "how the app ends")
    desk.expect_length(2)


def test_quit_by_key_saves(scratch):
    desk = Desk(scratch)
    for count, key in enumerate(("ctrl+q", "ctrl+w"), 1):
        desk.record(2)
        desk.screen.key(key)
        same(desk.screen.end(0), 0, f"how the app ends by {key}")
        same(len(desk.evidence()), count, "items of evidence")
        desk.start()


def test_quit_tells_what_it_could_not_save(scratch):
    """It stays, locked, and says what it was to whoever unlocks it."""
    with small_disk(scratch, "60m") as disk:
        desk = Desk(scratch, disk=disk)
        screen = desk.screen
        desk.record(2)
        screen.process.send_signal(signal.SIGSTOP)
        filler = fill(disk, 0)
        screen.key("ctrl+q")
        screen.process.send_signal(signal.SIGCONT)
        screen.find("Satchel has not quit: something could not be saved.", part=True)
        expect(not any("ecording" in text for text in screen.texts()), f"the locked screen tells of it: {screen.texts()}")
        filler.unlink()
        screen.type(PASSPHRASE)
        screen.key("Return")
        screen.find("The Recording Could Not Be Saved")
        screen.find("The disk is full. Nothing of it is kept.")
        expect(screen.look("Satchel has not quit", part=True) is None, "it says still that it has not quit")
        screen.key("ctrl+q")
        same(screen.end(0), 0, "how the app ends")
        desk.expect_none()


def test_killed_before_anything_is_saved(scratch):
    """Nothing was said to be saved, and nothing is left."""
    desk = Desk(scratch)
    desk.record(2)
    expect(desk.saved() == 0, "it says that something is saved")
    desk.kill()
    desk.start()
    expect(not desk.blobs(), f"left behind: {desk.blobs()}")
    expect(not any("cut off" in text for text in desk.screen.texts()), f"it tells of something: {desk.screen.texts()}")
    desk.expect_none()


def test_killed(scratch):
    """What was said to be saved is in the report, marked as cut off, whole up to there, and can be heard."""
    desk = Desk(scratch)
    saved = desk.record_until_saved()
    desk.kill()
    desk.start_after_kill()
    screen = desk.screen
    screen.tab_to("(cut off).ogg", limit=200, part=True)
    screen.key("Return")
    screen.ready("Play")
    screen.key("space")
    screen.find("Pause")
    loud = desk.server.loudness(1.0)
    expect(loud > 0.005, f"what is heard while it plays: {loud}")
    item = desk.expect_length(saved, saved + 20, is_whole=False)
    expect(item["name"].startswith("Recording 20") and item["name"].endswith(" (cut off).ogg"), item["name"])
    same((item["type"], item["origin"], item["clock"]), ("audio/x-opus+ogg", "own", "device"), "what is known of it")
    expect_sealed(scratch, "/dev/shm")


def test_killed_twice(scratch):
    """Once more while it is put into its report, and it is there once."""
    desk = Desk(scratch)
    saved = desk.record_until_saved()
    desk.kill()
    for wait in (0.1, 0.4, 0.7):
        screen = Screen(scratch, desk.reporter.vault, **desk.server.environment)
        screen.ready("Passphrase")
        screen.type(PASSPHRASE)
        screen.key("Return")
        time.sleep(wait)
        screen.end(signal.SIGKILL)
    # It may have come so far already that this one has nothing to tell.
    screen = Screen(scratch, desk.reporter.vault, **desk.server.environment)
    screen.unlock(PASSPHRASE)
    if screen.look("A Recording Was Cut Off"):
        screen.key("Escape")
        screen.gone("A Recording Was Cut Off")
    screen.end()
    desk.expect_length(saved, saved + 20, is_whole=False)


def test_killed_and_opened_in_a_terminal(scratch):
    desk = Desk(scratch)
    saved = desk.record_until_saved()
    desk.kill()
    desk.reporter("list", says="a recording was cut off")
    desk.expect_length(saved, saved + 20, is_whole=False)


def test_leaving_the_page_saves(scratch):
    desk = Desk(scratch)
    screen = desk.screen
    desk.record(2)
    screen.section("People")
    screen.key("ctrl+n")
    screen.find("Recording saved")
    desk.expect_length(2)


def test_microphone_goes(scratch):
    desk = Desk(scratch)
    screen = desk.screen
    desk.record(2)
    desk.server.end()
    screen.find("The microphone is gone. What was recorded until then is saved.")
    screen.find("Recording 20", "push button", part=True)
    desk.expect_length(2)


def test_server_hangs(scratch):
    """It gives nothing any more, and does not say so; the question that was open is answered by that."""
    desk = Desk(scratch)
    screen = desk.screen
    desk.record(2)
    screen.press("Discard", "push button", part=True)
    screen.find("Discard the Recording?")
    desk.server.process.send_signal(signal.SIGSTOP)
    screen.find("The microphone is gone. What was recorded until then is saved.")
    screen.gone("Discard the Recording?")
    screen.find("Recording 20", "push button", part=True)
    desk.server.process.send_signal(signal.SIGCONT)
    desk.take_out()


def test_cancelled_before_it_began(scratch):
    """While nothing is heard yet there is nothing to save, and the button says so."""
    desk = Desk(scratch)
    screen = desk.screen
    desk.server.process.send_signal(signal.SIGSTOP)
    screen.key("ctrl+shift+r")
    screen.find("Waiting for the microphone…")
    expect(screen.look(STOP, "push button", part=True) is None, "it offers to save what is not there")
    screen.press("_Cancel", "push button", part=True)
    screen.gone("Waiting for the microphone…")
    screen.find("Record sound", "push button", part=True)
    desk.server.process.send_signal(signal.SIGCONT)
    desk.expect_none()


def test_disk_fills(scratch):
    """What was recorded while there was room is saved, before there is none at all."""
    with small_disk(scratch, "60m") as disk:
        desk = Desk(scratch, disk=disk)
        screen = desk.screen
        desk.record(2)
        fill(disk, 8 << 20)
        screen.find("The disk is full. What was recorded until then is saved.")
        screen.find("Recording 20", "push button", part=True)
        screen.key("ctrl+shift+r")
        screen.find("The Recording Could Not Be Saved")
        screen.find("The disk is full. Nothing of it is kept.")
        desk.expect_length(1, is_whole=False)


def test_silence_is_said(scratch):
    desk = Desk(scratch)
    screen = desk.screen
    desk.server.control("set-source-mute", "microphone", "1")
    desk.record(2)
    screen.find("Nothing is heard. Is the microphone switched off?")
    desk.server.control("set-source-mute", "microphone", "0")
    screen.gone("Nothing is heard. Is the microphone switched off?")
    screen.key("ctrl+shift+r")
    screen.find("Recording saved")


def test_no_microphone(scratch):
    """What a loudspeaker plays is not what a microphone hears."""
    desk = Desk(scratch, has_microphone=False)
    screen = desk.screen
    screen.key("ctrl+shift+r")
    screen.find("No microphone can be heard.", part=True)
    screen.find("Record sound", "push button", part=True)
    screen.wait(lambda: screen.look(STOP, "push button", part=True) is None, "the recording to go")
    desk.expect_none()


def test_no_sound_server(scratch):
    desk = Desk(scratch, PULSE_SERVER="unix:/nonexistent/native")
    screen = desk.screen
    screen.key("ctrl+shift+r")
    screen.find("No microphone can be heard.", part=True)
    screen.find("Record sound", "push button", part=True)
    desk.expect_none()


driver.main(globals())
