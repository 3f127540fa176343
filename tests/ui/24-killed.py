#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of the app at sampled moments of writing, attaching, sealing, sending and receiving: it opens again, what the screen had
acknowledged is there, nothing is doubled, nothing is readable.

12 kills, 200 with SATCHEL_TEST_WHOLE=1, as many as SATCHEL_KILLS says; SATCHEL_SEED repeats a run, as far as time can be
repeated."""
import hashlib
import os
import random
import sys
import threading
import time

import driver
from driver import Screen
from hands import QuickHands
from scenario import PASSPHRASE, Newsroom, expect, same

KILLS = int(os.environ.get("SATCHEL_KILLS", 200 if os.environ.get("SATCHEL_TEST_WHOLE") == "1" else 12))
MARKER = "Killmark"
PHOTO_BYTES = 6 << 20


class QuickScreen(QuickHands, Screen):
    pass


class Story:
    """What was acknowledged, and by what."""

    def __init__(self, scratch, seed):
        self.scratch, self.random = scratch, random.Random(seed)
        self.room = Newsroom(scratch, with_intake=True, lawyer=False)
        self.room.reporter("send")
        self.room.editor("fetch")
        self.seconds, self.times = {}, {}  # how long each usually takes, how often it was begun
        self.drafts, self.saved, self.attached, self.sealed, self.sent, self.received = set(), set(), {}, set(), set(), set()
        self.texts, self.cut = [], 0

    def word(self, kind):
        self.texts.append(f"{MARKER}-{kind}-{len(self.texts)}-")
        return self.texts[-1]

    def opened(self, person):
        screen = QuickScreen(self.scratch, person.vault)
        screen.ready("Passphrase")
        return screen

    def until_killed(self, screen, what, act):
        """@act, which goes on until it is done or the app is gone, whichever is first; afterwards the app is gone."""
        # Every second time, and the first, it comes to its end and the kill with the acknowledgement: so it is known how long it takes.
        usual = self.seconds.get(what)
        self.times[what] = self.times.get(what, 0) + 1
        is_cut = usual and self.times[what] % 2 == 0
        killer = threading.Timer(self.random.uniform(0, usual * 1.1) if is_cut else driver.PATIENCE, screen.process.kill)
        begun = time.monotonic()
        killer.start()
        try:
            act()
            self.seconds[what] = (time.monotonic() - begun + (usual or 0)) / (2 if usual else 1)
        except Exception:
            if not is_cut:
                raise
            killer.join()
            expect(screen.process.wait(10) == -9, f"{what}: {sys.exc_info()[1]}")
            self.cut += 1
        finally:
            killer.cancel()
            screen.process.kill()
            screen.process.wait()
            screen.log.close()

    # --- What is interrupted ---

    def write(self):
        screen, text = self.opened(self.room.reporter), self.word("note")
        screen.unlock(PASSPHRASE)
        self.see_drafts(screen)
        screen.key("ctrl+n")
        screen.ready("Text")

        def act():
            screen.type(text)
            screen.find("Not saved · draft kept")
            self.drafts.add(text)
            screen.key("ctrl+s")
            screen.find("Saved today", part=True)
            self.saved.add(text)
        self.until_killed(screen, "writing", act)

    def see_drafts(self, screen):
        """Of what was typed and kept, and not saved; a draft that became a report is none any more."""
        for text in self.drafts:
            screen.find(text, "list item")

    def attach(self):
        screen, text, path = self.opened(self.room.reporter), self.word("evidence"), self.scratch.folder / f"photo-{len(self.texts)}.bin"
        path.write_bytes(os.urandom(PHOTO_BYTES))
        record = self.room.reporter("new", "note", "-s", f"text={text}")
        screen.unlock(PASSPHRASE)
        screen.open_row(text, "Reports")
        screen.find("Saved today", part=True)
        screen.key("ctrl+shift+o")
        screen.find("Attach Files", part=True)
        time.sleep(2)
        screen.type(str(path))
        time.sleep(1)

        def act():
            screen.key("Return")
            screen.find(path.name, "push button", part=True)
            self.attached[record] = (path.name, hashlib.sha256(path.read_bytes()).hexdigest())
        self.until_killed(screen, "attaching", act)
        path.unlink()

    def seal(self):
        screen, text = self.opened(self.room.reporter), self.word("sealed")
        record = self.room.reporter("new", "note", "-s", f"text={text}", "-a", self.noise())
        screen.unlock(PASSPHRASE)
        screen.open_row(text, "Reports")
        screen.find("Saved today", part=True)
        screen.key("ctrl+Return")
        screen.find("Who Can Open It")
        screen.ready("Seal and Send")

        def act():
            screen.key("ctrl+Return")
            screen.find("Sealed. The outbox says when it has left.")
            self.sealed.add(record)
        self.until_killed(screen, "sealing", act)

    def noise(self):
        return self.scratch.file("noise.bin", os.urandom(PHOTO_BYTES))

    def send(self):
        """By itself, once the vault is open."""
        screen, text = self.opened(self.room.reporter), self.word("sent")
        record = self.room.reporter("new", "note", "-s", f"text={text}", "-a", self.noise())
        self.room.reporter("seal", record)

        def act():
            screen.unlock(PASSPHRASE)
            screen.section("Outbox")
            screen.wait(lambda: "At the newsroom" in screen.said_in_rows(text), "the bundle at the newsroom")
            self.sent.add(record)
        self.until_killed(screen, "sending", act)

    def receive(self):
        text = self.word("received")
        record = self.room.reporter("new", "note", "-s", f"text={text}", "-a", self.noise())
        self.room.reporter("seal", record)
        self.room.reporter("send")
        screen = self.opened(self.room.editor)

        def act():
            screen.unlock(PASSPHRASE)
            screen.section("Inbox")
            screen.find(text, "list item")
            self.received.add(record)
        self.until_killed(screen, "receiving", act)

    # --- What must be so after each ---

    def verify(self):
        reporter, editor = self.room.reporter, self.room.editor
        listed = reporter.json("list")
        same(len({record["id"] for record in listed}), len(listed), "ids")
        for text in self.texts:
            found = [record for record in listed if text in record["summary"]]
            expect(len(found) <= 1, f"{text} is there {len(found)} times")
            expect(found or text not in self.saved, f"{text} was saved, and is gone")
        self.drafts -= {text for text in self.drafts if any(text in record["summary"] for record in listed)}
        for record, (name, sha256) in self.attached.items():
            evidence = [item for item in reporter.json("show", record)["evidence"] if item["name"] == name]
            same([item["sha256"] for item in evidence], [sha256], f"what was attached to {record}")
        self.verify_bundles(reporter.json("outbox"))
        there = [record["id"] for record in editor.json("list")]
        same(len(set(there)), len(there), "ids at the desk")
        expect(self.received <= set(there), f"received, and gone: {self.received - set(there)}")
        for person in (reporter, editor):
            person("check")
        (self.scratch.folder / "noise.bin").unlink(missing_ok=True)
        self.scratch.expect_no_plaintext(MARKER)
        same(list(self.scratch.tmp.iterdir()), [], "files left in TMPDIR")

    def verify_bundles(self, outbox):
        stored = [path.stem for path in (self.room.intake.folder / "mailboxes").rglob("*.age")]
        for record in self.sealed | self.sent:
            bundles = [entry for entry in outbox if record in entry["records"]]
            same(len(bundles), 1, f"bundles of {record}")
            if record in self.sent:
                same(stored.count(bundles[0]["sha256"]), 1, f"copies of {record} at the newsroom")
        for sha256 in set(stored):
            expect(stored.count(sha256) == 1, f"{sha256} is at the newsroom {stored.count(sha256)} times")


def test_kills(scratch):
    seed = int(os.environ.get("SATCHEL_SEED", random.randrange(1 << 30)))
    print(f"# seed {seed}", flush=True)
    story = Story(scratch, seed)
    steps = [story.write, story.attach, story.seal, story.send, story.receive]
    for number in range(KILLS):
        steps[number % len(steps)]()
        story.verify()
    print(f"# {KILLS} kills, {story.cut} of them in the middle; acknowledged: {len(story.drafts)} drafts left, {len(story.saved)} saved, "
          f"{len(story.attached)} attached, {len(story.sealed)} sealed, {len(story.sent)} sent, {len(story.received)} received", flush=True)
    if KILLS >= 2 * len(steps):
        expect(story.cut, "nothing was cut in the middle")
        expect(all((story.saved, story.attached, story.sealed, story.sent, story.received)), "something was never acknowledged")
    # Once more, and all that hangs goes its way.
    screen = story.opened(story.room.reporter)
    screen.unlock(PASSPHRASE)
    story.see_drafts(screen)
    screen.find("Connected to The Courier")
    screen.end()
    story.room.editor("fetch")
    story.verify()


driver.main(globals())
