#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is typed, attached and looked at stands readable nowhere once the vault is locked: no file of the person's, and no page of
the process's memory. docs/THREATS.md says what this shows and what it does not."""
import os
import pathlib
import time

import driver
from driver import opened
from scenario import PASSPHRASE, Person, Skip, expect

ROUNDS = 8  # notes, with several markers each
CHUNK = 16 * 1024 * 1024


def marker(kind, number):
    """Unlike anything that a program has by itself."""
    return f"zq{kind}{number:02d}wvkx{(number * 7919 + len(kind) * 104729) % 999983:06d}"


def forms(text):
    return [text.encode(), text.encode("utf-16-le"), text.encode("utf-32-le")]


def memory_of(pid):
    """Every page that can be read, guarded ones that are open as well."""
    maps = pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines()
    try:
        memory = open(f"/proc/{pid}/mem", "rb", buffering=0)
    except PermissionError:
        raise Skip("the memory of another process can be read by root only")
    with memory:
        for line in maps:
            fields = line.split()
            if not fields[1].startswith("r") or fields[-1] in ("[vvar]", "[vsyscall]", "[vdso]"):
                continue
            start, end = (int(part, 16) for part in fields[0].split("-"))
            for at in range(start, end, CHUNK):
                try:
                    memory.seek(at)
                    # A marker over the edge of two chunks is seen in the second.
                    yield line, memory.read(min(CHUNK + 128, end - at))
                except (OSError, ValueError):
                    break


def in_memory(pid, needles):
    found = {}
    for where, content in memory_of(pid):
        for needle in needles:
            if any(form in content for form in forms(needle)):
                found.setdefault(needle, where)
    return found


def type_notes(screen, markers):
    for number in range(ROUNDS):
        text, place = marker("text", number), marker("place", number)
        screen.begin_note(text)
        screen.tab_to("Place: Address")
        screen.type(place)
        screen.key("ctrl+s")
        screen.find("Saved today", part=True)
        markers += [text, place]


def search_for(screen, markers):
    screen.section("Reports")
    screen.key("ctrl+f")
    screen.ready("Search in all reports")
    screen.type(marker("text", 0)[:9])
    screen.find(marker("text", 0), part=True)
    unfound = marker("search", 0)
    screen.key("ctrl+a")
    screen.type(unfound)
    screen.find("Nothing found")
    markers.append(unfound)


def lock(screen):
    screen.key("ctrl+l")
    screen.ready("Passphrase")
    # What a closing page still answers to the display and to the screen reader.
    time.sleep(2)


def test_nothing_is_left(scratch):
    reporter = Person(scratch, "reporter")
    name, inside = marker("file", 0), marker("inside", 0)
    attached = scratch.file(f"{name}.txt", f"{inside}\n" * 50)
    reporter("new", "note", "-s", "text=with evidence", "--attach", attached)
    attached.unlink()
    screen = opened(scratch, reporter)
    markers = [name, inside]
    type_notes(screen, markers)
    search_for(screen, markers)
    before = in_memory(screen.process.pid, markers + [PASSPHRASE])
    expect(marker("place", ROUNDS - 1) in before, "the test does not find what is on the screen")
    lock(screen)
    left = in_memory(screen.process.pid, markers + [PASSPHRASE])
    expect(not left, f"in the memory of the locked process: {left}")
    screen.end()
    for needle in markers:
        scratch.expect_no_plaintext(needle)
    for folder in (os.environ.get("XDG_RUNTIME_DIR", ""), "/dev/shm"):
        for path in pathlib.Path(folder).rglob("*") if folder else []:
            if path.is_file() and not path.is_symlink():
                content = path.read_bytes()
                expect(not any(form in content for needle in markers for form in forms(needle)), f"readable in {path}")


driver.main(globals())
