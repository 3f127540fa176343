#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is changed in a vault behind its back is found by `check`, and never gives a wrong answer instead.

SATCHEL_TEST_WHOLE=1 flips many more bytes."""
import os
import random
import shutil

import scenario
from scenario import Newsroom, Person, expect, same

WHOLE = os.environ.get("SATCHEL_TEST_WHOLE") == "1"
PAGE = 4096


def make(scratch):
    me = Person(scratch, "me")
    me("new", "note", "-s", "text=first", "-a", scratch.file("a.bin", os.urandom(200000)), "-a", scratch.file("b.bin", os.urandom(200000)))
    return me


def copy_of(me, scratch, name="copy"):
    copy = Person(scratch, name, init=False)
    copy.passphrase = me.passphrase
    shutil.rmtree(copy.vault, ignore_errors=True)
    shutil.copytree(me.vault, copy.vault)
    return copy


def flip(path, offset, bit=0):
    with open(path, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ (1 << bit)]))


def expect_found(copy, what, codes=(4,)):
    done = copy.raw("check")
    expect(done.returncode in codes, f"{what}: check answers {done.returncode}: {done.stdout.decode()}{done.stderr.decode()}")
    expect(done.stdout or done.stderr, f"{what}: nothing was said")


def test_store_bytes(scratch):
    me = make(scratch)
    size = (me.vault / "store.db").stat().st_size
    places = list(range(16)) + random.Random(1).sample(range(16, size), 2000 if WHOLE else 24)
    for offset in places:
        copy = copy_of(me, scratch)
        flip(copy.vault / "store.db", offset, offset % 8)
        expect_found(copy, f"byte {offset} of store.db")


def test_blob_bytes(scratch):
    me = make(scratch)
    blob = next(scratch.files(me.vault / "blobs")).relative_to(me.vault)
    size = (me.vault / blob).stat().st_size
    for offset in [0, 1, size - 1, size - 17] + random.Random(2).sample(range(size), 1000 if WHOLE else 8):
        copy = copy_of(me, scratch)
        flip(copy.vault / blob, offset)
        expect_found(copy, f"byte {offset} of a blob")
    copy = copy_of(me, scratch)
    with open(copy.vault / blob, "r+b") as file:
        file.truncate(size - 65552)
    expect_found(copy, "a cut blob")
    copy = copy_of(me, scratch)
    (copy.vault / blob).unlink()
    expect_found(copy, "a missing blob")


def test_blobs_swapped(scratch):
    me = make(scratch)
    first, second = [p.relative_to(me.vault) for p in scratch.files(me.vault / "blobs")][:2]
    a, b = (me.vault / first).read_bytes(), (me.vault / second).read_bytes()
    (me.vault / first).write_bytes(b)
    (me.vault / second).write_bytes(a)
    expect_found(me, "two blobs swapped")


def test_key_header_bytes(scratch):
    me = make(scratch)
    size = (me.vault / "keys").stat().st_size
    same((me.vault / "keys").read_bytes(), (me.vault / "keys.bak").read_bytes(), "both copies")
    for offset in range(size) if WHOLE else random.Random(3).sample(range(size), 24):
        for name in ("keys", "keys.bak"):
            copy = copy_of(me, scratch)
            flip(copy.vault / name, offset)
            expect_found(copy, f"byte {offset} of {name}")
            same(copy.raw("list").returncode, 0, "the other copy opens the vault")
        copy = copy_of(me, scratch)
        flip(copy.vault / "keys", offset)
        flip(copy.vault / "keys.bak", offset)
        expect_found(copy, f"byte {offset} of both key headers", (2, 4))


def test_old_key_header(scratch):
    me = make(scratch)
    old = {name: (me.vault / name).read_bytes() for name in ("keys", "keys.bak")}
    me("passphrase", "--new-passphrase-file", scratch.file("new", "an entirely new phrase\n"))
    for name, content in old.items():
        (me.vault / name).write_bytes(content)
    expect_found(me, "an older key header put back")


def pages(path):
    content = path.read_bytes()
    return [content[i:i + PAGE] for i in range(0, len(content), PAGE)]


def answers(person, id):
    return [person.raw(*argv, json_output=True).stdout for argv in
            (("list",), ("show", id), ("ledger",), ("search", "second"), ("search", "first"), ("contacts",))]


def test_old_pages(scratch):
    """Each page that a save changed is put back alone, as it was before. Where `check` finds nothing, the page must be one
    that no answer depends on (a part of the search index that is not read for it)."""
    me = make(scratch)
    id = me.json("list")[0]["id"]
    before = pages(me.vault / "store.db")
    me("edit", id, "-s", "text=second")
    me("attach", id, scratch.file("c.bin", os.urandom(5000)))
    after = pages(me.vault / "store.db")
    told = answers(me, id)
    quiet = 0
    changed = [n for n, page in enumerate(before) if page != after[n]]
    expect(len(changed) >= 5, f"pages changed: {changed}")
    for number in changed:
        copy = copy_of(me, scratch)
        with open(copy.vault / "store.db", "r+b") as file:
            file.seek(number * PAGE)
            file.write(before[number])
        if copy.raw("check").returncode == 0:
            same(answers(copy, id), told, f"old page {number + 1} of {len(after)}, which check does not find")
            quiet += 1
        else:
            expect_found(copy, f"old page {number + 1} of {len(after)}")
    expect(quiet <= 2, f"{quiet} of {len(changed)} old pages are not found")


def faults(person, code=4):
    return [f["object"] for f in person.json("check", code=code)]


def expect_sealed_file_is_checked(scratch, person, folder):
    """The one sealed file of @folder, changed in each way; and what does not belong beside it."""
    sealed = next((person.vault / folder).glob("*.age")).relative_to(person.vault)
    name = f"{folder}/{sealed.name}"
    same(faults(person, 0), [])
    copy = copy_of(person, scratch)
    size = (copy.vault / sealed).stat().st_size
    for offset in [0, size - 1] + random.Random(4).sample(range(size), 100 if WHOLE else 3):
        flip(copy.vault / sealed, offset)
        same(faults(copy), [name], f"byte {offset}")
        flip(copy.vault / sealed, offset)
    with open(copy.vault / sealed, "r+b") as file:
        file.truncate(size - 1)
    same(faults(copy), [name], "cut")
    (copy.vault / sealed).unlink()
    same(faults(copy), [name], "missing")
    copy = copy_of(person, scratch)
    (copy.vault / folder / "stray").write_bytes(b"stray")
    same(faults(copy), [f"{folder}/stray"], "stray")
    expect(f"{folder}/stray: " in copy("check", code=4, says="1 fault"), "named in text too")


def test_sealed_files(scratch):
    room = Newsroom(scratch, lawyer=False)
    expect_sealed_file_is_checked(scratch, room.reporter, "outbox")
    stick = scratch.folder / "stick"
    stick.mkdir()
    (stick / "torn.age").write_bytes(os.urandom(5000))
    room.editor("fetch", stick, code=4)
    expect_sealed_file_is_checked(scratch, room.editor, "inbox")


scenario.main(globals())
