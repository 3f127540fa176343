#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that is full: exit 7 with a sentence, nothing lost, and all works again with space. Needs to mount a tmpfs."""
import hashlib
import os
import re
import subprocess

import scenario
from scenario import Newsroom, Person, expect, fill, on_disk, same, small_disk


def refused(person, *argv):
    done = person.raw(*argv)
    message = done.stderr.decode()
    same(done.returncode, 7, f"{argv[0]} on a full disk: {message}")
    expect("space" in message.lower(), f"{argv[0]}: no sentence about space: {message!r}")
    same(done.stdout, b"", f"{argv[0]} told a result")


def content_of(folder):
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}


def test_full_to_the_last_byte(scratch):
    """Nothing is free: whatever was written down is read all the same, and opening writes nothing; what would write does not."""
    room = Newsroom(scratch, lawyer=False)
    me = room.reporter
    sealed = me("new", "note", "-s", "text=harbour, sealed")
    me("seal", sealed)
    id = me("new", "note", "-s", "text=harbour, open", "-a", scratch.file("e.bin", os.urandom(200000)))
    item = me.json("show", id)["evidence"][0]["id"]
    new_evidence = scratch.file("f.bin", b"one more")
    reading = [("info",), ("list",), ("show", id), ("show", sealed), ("search", "harbour"), ("ledger",), ("outbox",), ("inbox",),
               ("contacts",), ("check",)]
    with small_disk(scratch) as mount:
        on_disk(scratch, me, mount)
        told = {argv: me(*argv) for argv in reading}
        expect("whole" in told["check",] and id[:8] in told["list",], f"nothing to read: {told}")
        before = content_of(me.vault)
        filler = fill(mount, 0)
        same(os.statvfs(mount).f_bavail, 0, "blocks that are free")
        for argv in reading:
            same(me(*argv), told[argv], f"{argv} on a full disk")
        same(content_of(me.vault), before, "the vault's files")
        for argv in (("new", "note", "-s", "text=new"), ("edit", id, "-s", "text=other"), ("attach", id, new_evidence), ("seal", id),
                     ("erase", id), ("get", item, "-o", mount / "out.bin"), ("get", item, "-o", scratch.folder / "out.bin"), ("get", item, "-o", "-"),
                     ("export", sealed, "--format", "bag", "-o", mount / "bag"),
                     ("export", sealed, "--format", "bag", "-o", scratch.folder / "bag")):
            refused(me, *argv)
            same({argv: me(*argv) for argv in reading}, told, f"after {argv}")
        same(sorted(p.name for p in mount.iterdir()), sorted(["filler", me.vault.name]), "on the full disk")
        expect(not (scratch.folder / "out.bin").exists() and not (scratch.folder / "bag").exists(), "something readable was left")
        filler.unlink()
        same({argv: me(*argv) for argv in reading}, told, "with space again")
        me("attach", id, new_evidence)
        me("seal", id)
        me("check")


def test_erase_and_wipe(scratch):
    """Nothing is free: erasing says that it needs some, and what does not; destroying needs none, also with one copy of the keys."""
    for lost in (None, "keys", "keys.bak"):
        me = Person(scratch, f"me-{lost}")
        id = me("new", "note", "-s", "text=to erase", "-a", scratch.file("e.bin", os.urandom(100000)))
        with small_disk(scratch) as mount:
            on_disk(scratch, me, mount)
            if lost:
                (me.vault / lost).unlink()
            filler = fill(mount, 0)
            before = content_of(me.vault)
            if not lost:
                done = me.raw("erase", id)
                same((done.returncode, done.stdout), (7, b""), f"erase: {done.stderr}")
                expect(b"nothing was changed" in done.stderr and b"Only wipe" in done.stderr, f"erase: {done.stderr}")
                same(content_of(me.vault), before, "the vault's files after a refused erase")
                me("show", id)
            me("wipe", "--yes", "--all")
            same(sorted(content_of(me.vault)), sorted(before), "names in the vault")
            for name in ("keys", "keys.bak"):
                expect(name == lost or content_of(me.vault)[name] != before[name], f"{name} was not overwritten")
            same(me.raw("info").returncode, 2, "the passphrase")
            filler.unlink()
            same(me.raw("info").returncode, 2, "the passphrase, with space again")


def test_erased_or_not(scratch):
    """With little space it is said which of the two it is: nothing was changed, or it is erased and leaves traces."""
    said = set()
    with small_disk(scratch) as mount:
        me = Person(scratch, "me")
        on_disk(scratch, me, mount)
        for step in range(80):
            id = me("new", "note", "-s", f"text=number {step}")
            filler = fill(mount, 4096 * step)
            done = me.raw("erase", id)
            filler.unlink()
            erased = me.raw("show", id).returncode != 0
            if done.returncode == 7:
                said.add(erased)
                expect((b"what was committed is" in done.stderr) == erased, f"erased: {erased}, said: {done.stderr}")
                expect((b"Only wipe" in done.stderr) != erased, f"erased: {erased}, said: {done.stderr}")
            else:
                same((done.returncode, erased), (0, True), "with space")
                break
        me("check")
    expect(False in said, "it was never refused")


def test_migration(scratch):
    """A vault of the first format on a full disk stays as it is, and is migrated once there is space. The copy of the store that is
    taken before is whole or not there, and takes none of the space of the next try."""
    fixtures = scenario.SOURCE / "tests/fixtures"
    phrase = re.search(r'FIXTURE_PASSPHRASE "(.*)"', (fixtures / "fixture.h").read_text()).group(1)
    with small_disk(scratch) as mount:
        # None; too little for the copy; enough for it, and too little for what the first step writes, or another one: a step that was
        # done stays done.
        for leave in (0, 100000, 290000, 320000, 360000, 430000):
            me = Person(scratch, f"me-{leave}", init=False)
            me.passphrase.write_text(phrase + "\n")
            me.vault = mount / me.name
            subprocess.run(["cp", "-a", fixtures / "vault-1", me.vault], check=True)
            me.vault.chmod(0o700)
            before = content_of(me.vault)
            filler = fill(mount, leave)
            for _ in range(2):
                refused(me, "list")
                after = {n: c for n, c in content_of(me.vault).items() if n != "lock" and not n.startswith("store.db-wal")}
                if leave >= 360000:
                    before["store.db"] = after["store.db"]
                same(after, before, f"the vault with {leave} bytes free")
            filler.unlink()
            expect("note" in me("list").lower(), "no record after the migration")
            me("check")
            expect(not list(me.vault.glob("store.db.before*")), "the copy was left")
            subprocess.run(["rm", "-r", me.vault])


def test_attach_and_new(scratch):
    me = Person(scratch, "me")
    id = me("new", "note", "-s", "text=there before")
    evidence = scratch.file("e.bin", os.urandom(3 << 20))
    with small_disk(scratch) as mount:
        on_disk(scratch, me, mount)
        for leave in (0, 40000, 200000, 1 << 20, 2 << 20):
            filler = fill(mount, leave)
            refused(me, "attach", id, evidence)
            filler.unlink()
            same(len(me.json("show", id)["evidence"]), 0, "items")
        filler = fill(mount, 0)
        refused(me, "new", "note", "-s", "text=" + "x" * 100000, "-s", "title=" + "y" * 20000)
        filler.unlink()
        same([r["id"] for r in me.json("list")], [id], "nothing was added")
        me("attach", id, evidence)
        me("check")


def test_seal(scratch):
    room = Newsroom(scratch, lawyer=False)
    id = room.reporter("new", "note", "-s", "text=to seal", "-a", scratch.file("e.bin", os.urandom(3 << 20)))
    with small_disk(scratch) as mount:
        on_disk(scratch, room.reporter, mount)
        for leave in (0, 100000, 2 << 20):
            filler = fill(mount, leave)
            refused(room.reporter, "seal", id)
            filler.unlink()
        expect(not room.reporter.json("show", id)["is_final"], "a record that was not sealed is final")
        room.reporter("seal", id)
        room.reporter("check")


def test_send_to_a_full_stick(scratch):
    room = Newsroom(scratch, lawyer=False)
    id = room.reporter("new", "note", "-s", "text=to hand over", "-a", scratch.file("e.bin", os.urandom(3 << 20)))
    sealed = room.reporter("seal", id)
    with small_disk(scratch, "8m") as mount:
        stick = mount / "stick"
        stick.mkdir()
        filler = fill(mount, 1 << 20)
        refused(room.reporter, "send", stick)
        state = {e["id"]: e["state"] for e in room.reporter.json("outbox")}
        expect(state[sealed] in ("sealed", "waiting"), f"told as {state[sealed]}")
        filler.unlink()
        room.reporter("send", stick)
        room.editor("fetch", stick)
        room.editor("show", id)


def test_fetch(scratch):
    room = Newsroom(scratch, lawyer=False)
    id = room.reporter("new", "note", "-s", "text=to fetch", "-a", scratch.file("e.bin", os.urandom(3 << 20)))
    room.reporter("seal", id)
    stick = scratch.folder / "stick"
    stick.mkdir()
    room.reporter("send", stick)
    with small_disk(scratch) as mount:
        on_disk(scratch, room.editor, mount)
        for leave in (0, 1 << 20, 2 << 20):
            filler = fill(mount, leave)
            done = room.editor.raw("fetch", stick)
            same(done.returncode, 7, f"fetch with {leave} bytes free: {done.stderr.decode()}")
            filler.unlink()
        same(room.editor.raw("show", id).returncode, 3, "nothing was taken in")
        room.editor("fetch", stick)
        room.editor("show", id)
        room.editor("check")


def test_intake(scratch):
    room = Newsroom(scratch, lawyer=False)
    id = room.reporter("new", "note", "-s", "text=to upload", "-a", scratch.file("e.bin", os.urandom(3 << 20)))
    with small_disk(scratch, "16m") as mount:
        subprocess.run(["cp", "-a", room.intake.folder, mount / "intake"], check=True)
        room.intake.folder = mount / "intake"
        config = next(p for p in room.intake.folder.iterdir() if p.is_file() and b"reserve-mib" in p.read_bytes())
        config.write_text(config.read_text().replace("reserve-mib=256", "reserve-mib=1"))
        sealed = room.reporter("seal", id)
        filler = fill(mount, 1 << 20)
        room.intake.start()
        done = room.reporter.raw("send")
        same(done.returncode, 7, f"send to a full intake: {done.stderr.decode()}")
        state = {e["id"]: e["state"] for e in room.reporter.json("outbox")}
        expect(state[sealed] in ("sealed", "waiting", "sending"), f"told as {state[sealed]}")
        filler.unlink()
        room.reporter("send")
        same({e["id"]: e["state"] for e in room.reporter.json("outbox")}[sealed], "stored")
        room.intake.stop()


scenario.main(globals())
