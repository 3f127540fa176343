#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A spoken note goes from the microphone into the vault, by keyboard: stopped, discarded, ended by a lock, by leaving the page, by a
microphone that goes; and nothing of it stands readable on the disk."""
import hashlib
import os
import pathlib
import signal
import subprocess
import time

import driver
from driver import Screen
from scenario import PASSPHRASE, Person, Skip, expect, same
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
        self.screen.find("Not saved until you stop", part=True)
        self.screen.wait(lambda: self.heard() >= seconds, f"{seconds} seconds of sound")

    def heard(self):
        """From the label beside the meter."""
        for text in self.screen.texts():
            kind, _, name = text.partition(": ")
            if kind == "label" and len(name) <= 7 and name.replace(":", "").isdigit() and ":" in name:
                minutes, seconds = name.split(":")
                return int(minutes) * 60 + int(seconds)
        return -1

    def blobs(self):
        return [path for path in (self.reporter.vault / "blobs").rglob("*") if path.is_file()]

    def evidence(self):
        return self.reporter.json("show", self.note)["evidence"]

    def take_out(self):
        """The one recording that there is, as it stands in the vault."""
        items = self.evidence()
        same(len(items), 1, "items of evidence")
        path = self.scratch.folder / "taken.ogg"
        path.unlink(missing_ok=True)
        self.reporter("get", items[0]["id"], "-o", path)
        same(hashlib.sha256(path.read_bytes()).hexdigest(), items[0]["sha256"], "its SHA-256")
        return items[0], path


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
    screen.end()
    item, path = desk.take_out()
    same(item["type"], "audio/x-opus+ogg", "its type")
    same((item["origin"], item["clock"]), ("own", "device"), "where it is from")
    expect(item["name"].startswith("Recording 20") and item["name"].endswith(".ogg"), item["name"])
    expect(3 <= length_of(path) <= took, f"it is {length_of(path)} s long, of {took:.1f} s")
    said = path.read_bytes()[:400].lower()  # its two pages of headers; what follows is as mixed as noise
    name = os.uname().nodename.lower().encode()
    expect(b"microphone" not in said and (len(name) < 4 or name not in said), f"it names the computer or the microphone: {said}")
    desk.reporter("check")
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
    screen.end()
    same(desk.evidence(), [], "evidence")
    desk.reporter("check")


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
    screen.end()
    item, path = desk.take_out()
    expect(3 <= length_of(path) <= 8, f"it is {length_of(path)} s long")
    desk.reporter("check")


def test_quit_saves(scratch):
    desk = Desk(scratch)
    desk.record(2)
    same(desk.screen.end(), 0, "how the app ends")
    item, path = desk.take_out()
    expect(length_of(path) >= 2, f"it is {length_of(path)} s long")


def test_kill_leaves_nothing_readable(scratch):
    """It was said that nothing is saved until it is stopped."""
    desk = Desk(scratch)
    desk.record(2)
    desk.screen.end(signal.SIGKILL)
    expect_sealed(scratch, "/dev/shm")
    desk.start()
    expect(not desk.blobs(), f"left behind: {desk.blobs()}")
    desk.screen.end()
    same(desk.evidence(), [], "evidence")
    desk.reporter("check")


def test_leaving_the_page_saves(scratch):
    desk = Desk(scratch)
    screen = desk.screen
    desk.record(2)
    screen.section("People")
    screen.key("ctrl+n")
    screen.find("Recording saved")
    screen.end()
    item, path = desk.take_out()
    expect(length_of(path) >= 2, f"it is {length_of(path)} s long")


def test_microphone_goes(scratch):
    desk = Desk(scratch)
    screen = desk.screen
    desk.record(2)
    desk.server.end()
    screen.find("The microphone is gone. What was recorded until then is saved.")
    screen.find("Recording 20", "push button", part=True)
    screen.end()
    item, path = desk.take_out()
    expect(length_of(path) >= 2, f"it is {length_of(path)} s long")


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
    screen.end()
    same(len(desk.evidence()), 1, "items of evidence")
    desk.reporter("check")


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
    screen.end()
    same(desk.evidence(), [], "evidence")


def test_disk_fills(scratch):
    """What was recorded while there was room is saved, before there is none at all."""
    disk = scratch.folder / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=60m", "tmpfs", disk], capture_output=True).returncode != 0:
        raise Skip("a tmpfs cannot be mounted here")
    scratch.closing.insert(0, lambda: subprocess.run(["umount", "-l", disk]))
    desk = Desk(scratch, disk=disk)
    screen = desk.screen
    desk.record(2)
    facts = os.statvfs(disk)
    (disk / "filler").write_bytes(bytes(facts.f_bavail * facts.f_frsize - (8 << 20)))
    screen.find("The disk is full. What was recorded until then is saved.")
    screen.find("Recording 20", "push button", part=True)
    screen.key("ctrl+shift+r")
    screen.find("The recording could not be saved. The disk is full.")
    screen.end()
    item, path = desk.take_out()
    expect(length_of(path, is_whole=False) >= 1, f"it is {length_of(path, is_whole=False)} s long")
    desk.reporter("check")


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
    screen.end()
    same(desk.evidence(), [], "evidence")


def test_no_sound_server(scratch):
    desk = Desk(scratch, PULSE_SERVER="unix:/nonexistent/native")
    screen = desk.screen
    screen.key("ctrl+shift+r")
    screen.find("No microphone can be heard.", part=True)
    screen.find("Record sound", "push button", part=True)
    screen.end()
    same(desk.evidence(), [], "evidence")


driver.main(globals())
