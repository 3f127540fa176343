#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page and state of the app, as a screen reader has it: each control has a name and a role, and no page is left out."""
import atexit
import collections
import functools
import pathlib
import time
from xml.etree import ElementTree

import driver
from driver import Skip
from scenario import SOURCE, Scratch, expect, same
from walks import WALKS, Stage, prepared

QUIET_S = 0.1  # so long the app does nothing when it waits for somebody

# Windows of GTK and libadwaita, in which the app names nothing.
PLATFORMS = {"shortcuts", "about"}
# The window that every walk is in.
NAMED_BY_TITLE = {"SatchelWindow"}

seen = set()  # what was on the screen in any walk, as it is called
walked = {}  # name of each walk that was begun: whether it came to its end
skipped = []  # those that this machine cannot go


class Read(Stage):
    """A stage on which every control of what a walk comes to is asked for its name and its role."""

    def __init__(self, world, person):
        self.found = {}
        super().__init__(world, person)

    def work(self):
        """What the app did until now, and whether it is at it."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return fields[0] == "R", int(fields[11]) + int(fields[12])

    def pause(self, seconds=None):
        """Nothing moves in these walks: the app has come to rest."""
        last, since = None, time.monotonic()
        end = since + driver.PATIENCE
        while time.monotonic() - since < QUIET_S and time.monotonic() < end:
            is_working, work = self.work()
            if is_working or work != last:
                last, since = work, time.monotonic()
            time.sleep(QUIET_S / 5)

    def shot(self, name, is_wider=False):
        self.pause()
        self.glimpse(name)

    def glimpse(self, name):
        """Of what does not come to rest."""
        for node in self.walk(self.windows()[0]):
            for fault in self.faults(node) if name not in PLATFORMS else []:
                self.found.setdefault(fault, name)
            self.remember(node)

    def remember(self, node):
        try:
            if node.get_name() not in seen and self.has_size(node):
                seen.add(node.get_name())
        except Exception:  # it went while it was looked at
            pass

    def further(self, name, tabs=0, to=None):
        """A screen reader has it already, whatever the size of the window."""


@functools.cache
def world():
    """Made once: each walk finds its vault as it was made."""
    scratch = Scratch()
    atexit.register(scratch.close)
    return prepared(scratch)


def read(name):
    person, walk = WALKS[name]
    world().put_back(person)
    stage = Read(world(), person)
    walked[name] = False
    try:
        walk(stage)
    except Skip:
        skipped.append(name)
        raise
    finally:
        stage.end()
    expect(not stage.found, "\n".join(f"{place}: {fault}" for fault, place in stage.found.items()))
    walked[name] = True


for walk_name in WALKS:
    globals()["test_" + walk_name.replace("-", "_")] = lambda scratch, name=walk_name: read(name)


def own_texts():
    """What can be read in the templates of the app: of each class, what stands nowhere else."""
    texts, everywhere = {}, collections.Counter()
    for path in (SOURCE / "ui").rglob("*.ui"):
        tree = ElementTree.parse(path)
        own = {(node.text or "").replace("_", "") for node in tree.iter() if node.get("translatable") == "yes"}
        everywhere.update(own)
        texts.update({template.get("class"): own for template in tree.iter("template")})
    code = "".join(path.read_text() for path in (SOURCE / "ui").rglob("*.c"))
    return {name: {text for text in own if everywhere[text] == 1 and f'"{text}"' not in code} for name, own in texts.items()}


def test_no_page_is_left_out(scratch):
    """GTK 4.8 calls what has no name by its class: what it does not call so, shows a text of its own."""
    if set(walked) != set(WALKS) or skipped:
        raise Skip("not all walks were gone")
    expect(all(walked.values()), f"these walks did not come to their end: {[name for name in walked if not walked[name]]}")
    left_out = [name for name, texts in own_texts().items() if name not in seen | NAMED_BY_TITLE and not texts & seen]
    same(left_out, [], "templates that no walk comes to")


driver.main(globals())
