#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exported bags, verdicts on them item by item, and records that are passed on under a second signature."""
import hashlib
import os
import signal
import subprocess
import time

import scenario
from scenario import Newsroom, Person, expect, need, run, same

PHOTO = os.urandom(70000)


def make(scratch, person):
    """A note of two revisions with two files."""
    id = person("new", "note", "-s", "text=first", "-a", scratch.file("photo.jpg", PHOTO), "-a", scratch.file("a.pdf", b"%PDF"))
    person("edit", id, "-s", "text=second")
    return id


def export(person, folder, *ids):
    same(person("export", *ids, "--format", "bag", "-o", folder), str(folder))
    return folder / "satchel"


def verify(folder, *more, code=0):
    """The verdicts, without a vault."""
    done = run(scenario.CTL, "--json", "verify", folder, *more)
    same(done.returncode, code, f"verify: {done.stderr.decode()} {done.stdout.decode()}")
    return scenario.json.loads(done.stdout)


def broken(verdict):
    return sorted(v["object"] for v in verdict["verdicts"] if not v["holds"])


def key_of(bag):
    line = next(l for l in (bag / "bag-info.txt").read_text().split("\n") if l.startswith("Satchel-Sender: "))
    return next(w for w in line.split() if w.startswith("RW"))


def names(bag):
    return sorted(p.name for p in (bag / "data").iterdir())


def test_export(scratch):
    me = Person(scratch, "me")
    id = make(scratch, me)
    bag = export(me, scratch.folder / "out", id[:8], id)
    same(names(bag), ["0001.jpg", "0002.pdf", "bundle.json", "custody.jsonl", "r0001.json"])
    same((bag / "data/0001.jpg").read_bytes(), PHOTO)
    for path in scratch.files(bag):
        same(os.stat(path).st_mode & 0o777, 0o600, path.name)
    same(broken(verify(scratch.folder / "out")), [])
    same(list((me.vault / "outbox").glob("*.age")), [], "no sealed file is left")
    same([p.name for p in scratch.folder.glob(".new-*")], [], "no unfinished folder is left")
    me("edit", id, "-s", "text=third")
    me("check")
    me("ledger", "verify")


def test_export_is_in_the_ledger(scratch):
    me = Person(scratch, "me")
    id = make(scratch, me)
    export(me, scratch.folder / "out", id)
    exported = [e["object"] for e in me.json("ledger") if e["action"] == "exported"]
    items = [e["id"] for e in me.json("show", id)["evidence"]]
    same(sorted(exported), sorted([id, *items]))


def calendar_entries(text):
    """Strictly: CRLF, 75 octets, folds undone, components closed in order."""
    expect(text.endswith(b"\r\n") and b"\n" not in text.replace(b"\r\n", b""), "line ends")
    lines = text.split(b"\r\n")[:-1]
    expect(all(len(line) <= 75 for line in lines), "octets of a line")
    whole = b"\r\n".join(lines).replace(b"\r\n ", b"").decode().split("\r\n")
    same((whole[0], whole[-1]), ("BEGIN:VCALENDAR", "END:VCALENDAR"))
    entries, current = [], None
    for line in whole[1:-1]:
        name, value = line.split(":", 1)
        if line == "BEGIN:VEVENT":
            current = {}
        elif line == "END:VEVENT":
            entries.append(current)
            current = None
        elif current is not None:
            expect(name not in current, f"{name} twice")
            current[name] = value
    expect(current is None, "an entry without an end")
    for entry in entries:
        expect({"UID", "DTSTAMP"} <= entry.keys() and any(name.startswith("DTSTART") for name in entry), f"incomplete: {entry}")
    return entries


def test_calendar(scratch):
    me = Person(scratch, "me")
    visit = me("new", "police-visit", "-s", "title=Обыск у Анны Ивановны, Садовая 4; трое", "-s", "span=2024-03-09T06:10+03:00/2024-03-09T09:30+03:00",
               "-s", "place=Садовая 4")
    summons = me("new", "summons", "-s", "title=Summons", "-s", "received=2024-03", "-s", "appear=2024-03-12T10:00+03:00 room 5",
                 "-s", f"links.0.record={visit}")
    timeless = me("new", "note", "-s", "text=.", "-s", "when=?")
    me("export", visit, summons, timeless, "--format", "ics", "-o", scratch.folder / "out", says="1 entry was left out")
    same([p.name for p in (scratch.folder / "out").iterdir()], ["satchel.ics"])
    same(os.stat(scratch.folder / "out/satchel.ics").st_mode & 0o777, 0o600)
    entries = calendar_entries((scratch.folder / "out/satchel.ics").read_bytes())
    same([(e["UID"], e.get("DTSTART") or e["DTSTART;VALUE=DATE"]) for e in entries],
         [(f"satchel-{visit}-when", "20240309T031000Z"), (f"satchel-{summons}-appear", "20240312T070000Z"), (f"satchel-{summons}-when", "20240301")])
    same(entries[0]["SUMMARY"], "Police visit: Обыск у Анны Ивановны\\, Садовая 4\\; трое")
    same((entries[0]["DTEND"], entries[0]["LOCATION"]), ("20240309T063000Z", "Садовая 4"))
    same(sorted(e["object"] for e in me.json("ledger") if e["action"] == "exported"), sorted([visit, summons]))
    me("edit", summons, "-s", "appear=2024-03-13T10:00+03:00 room 5")
    me("export", summons, "--format", "ics", "-o", scratch.folder / "again")
    again = calendar_entries((scratch.folder / "again/satchel.ics").read_bytes())
    same([(e["UID"], e["SEQUENCE"]) for e in again], [(f"satchel-{summons}-appear", "1"), (f"satchel-{summons}-when", "1")])
    me("export", summons, "--format", "ics", "-o", scratch.folder / "again", code=1, says="already")
    same([p.name for p in scratch.folder.glob(".new-*")], [], "no unfinished folder is left")


def test_calendar_without(scratch):
    """A calendar for others: the times, and nobody's name nor place, whatever words they stand in."""
    me = Person(scratch, "me")
    visit = me("new", "police-visit", "-s", "title=Petrov came to Sadovaya", "-s", "span=2024-03-09T14:05+03:00/2024-03-09T16:00+03:00",
               "-s", "place=Petrov's flat, Sadovaya", "-s", "officers.0.name=Petrov", "-s", "officers.0.do_not_share=yes",
               "-s", "next=2024-03-12 go to Petrov in Sadovaya")
    for what in ("names", "places", "names,places", "places,names"):
        out = scratch.folder / what
        me("export", visit, "--format", "ics", "--without", what, "-o", out)
        text = (out / "satchel.ics").read_bytes()
        same([word for word in (b"Petrov", b"Sadovaya", b"LOCATION") if word in text], [], what)
        entries = calendar_entries(text)
        same(sorted(e["SUMMARY"] for e in entries), ["Police visit", "Police visit: What you were told to do next"], what)
        same(sorted(e["UID"] for e in entries), sorted([f"satchel-{visit}-when", f"satchel-{visit}-next"]), what)
        said = me.raw("export", visit, "--format", "ics", "--without", what, "-o", scratch.folder / f"again-{what}").stderr
        expect(b"shared" not in said, said)
    # With the names, it is said which are not to be shared.
    for form, advice in (("ics", "--without names"), ("bag", "earlier revision")):
        done = me.raw("export", visit, "--format", form, "-o", scratch.folder / form)
        said = done.stderr.decode()
        expect(done.returncode == 0 and f"warning: {visit[:8]}: 1 name is marked not to be shared: Petrov\n" in said and advice in said, said)
    out = scratch.folder / "out"
    me("export", visit, "--format", "bag", "--without", "names", "-o", out, code=1, says="signed")
    me("export", visit, "--format", "ics", "--without", "times", "-o", out, code=1, says="times")
    me("export", visit, "--format", "ics", "--without", "", "-o", out, code=1)
    expect(not out.exists(), "nothing was made")


def test_refusals(scratch):
    me = Person(scratch, "me")
    id = make(scratch, me)
    out = scratch.folder / "out"
    me("export", id, "--format", "pdf", "-o", out, code=1, says="pdf")
    me("export", id, "-o", out, code=1)
    me("export", id, "--format", "bag", code=1)
    me("export", "--format", "bag", "-o", out, code=1)
    me("export", "ffffffff", "--format", "bag", "-o", out, code=3)
    me("export", id, "--format", "bag", "-o", scratch.folder / "no" / "out", code=7)
    expect(not out.exists(), "nothing was made")
    out.mkdir()
    me("export", id, "--format", "bag", "-o", out, code=1, says="stands there already")
    same(list(out.iterdir()), [])
    same(list((me.vault / "outbox").glob("*.age")), [], "no sealed file is left")
    same([p.name for p in scratch.folder.glob(".new-*")], [], "no unfinished folder is left")


def test_plain_tools(scratch):
    need("minisign", "sha256sum")
    me = Person(scratch, "me")
    bag = export(me, scratch.folder / "out", make(scratch, me))
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        same(run("sha256sum", "-c", "--strict", manifest, cwd=bag).returncode, 0, manifest)
    same(run("minisign", "-V", "-H", "-P", key_of(bag), "-m", bag / "tagmanifest-sha256.txt").returncode, 0, "minisign")


def test_changed_bytes_are_named(scratch):
    me = Person(scratch, "me")
    bag = export(me, scratch.folder / "out", make(scratch, me))
    photo = bag / "data/0001.jpg"
    photo.write_bytes(PHOTO[:-1] + bytes([PHOTO[-1] ^ 1]))
    verdict = verify(bag, code=4)
    same(set(broken(verdict)), {"0001.jpg"})
    expect(any(v["object"] == "0002.pdf" and v["holds"] for v in verdict["verdicts"]), "the other file holds")
    expect(any(v["name"] == "photo.jpg" and hashlib.sha256(PHOTO).hexdigest() in v["text"] for v in verdict["verdicts"]),
           "named by its own name, with the hash it should have")
    photo.write_bytes(PHOTO)
    same(broken(verify(bag)), [])
    (bag / "data/0002.pdf").unlink()
    expect("0002.pdf" in broken(verify(bag, code=4)), "a missing file")


def test_card(scratch):
    me, other = Person(scratch, "me"), Person(scratch, "other")
    bag = export(me, scratch.folder / "out", make(scratch, me))
    same(broken(verify(bag, "--card", me.card())), [])
    same(broken(verify(bag, "--card", other.card(), code=4)), ["signature"])


def test_as_of(scratch):
    me = Person(scratch, "me")
    bag = export(me, scratch.folder / "out", make(scratch, me))
    same(broken(verify(bag, "--as-of", "2099-01-01")), [])
    same(set(broken(verify(bag, "--as-of", "2001-01-01", code=4))), {"bag", "custody", "r0001.json"})


def forward(scratch, room):
    """The reporter's record, with one that stays behind, at the editor's; then passed on to the lawyer. Its id."""
    id, other = make(scratch, room.reporter), room.reporter("new", "note", "-s", "text=stays behind")
    to_editor, to_lawyer = scratch.folder / "1.age", scratch.folder / "2.age"
    room.reporter("seal", id, other, "--to", "editor", "-o", to_editor)
    stick = scratch.folder / "stick"
    stick.mkdir()
    room.reporter("send", stick)
    room.editor("fetch", stick)
    room.editor("open", to_editor)
    room.editor("seal", id, "--to", "lawyer", "-o", to_lawyer)
    room.lawyer("open", to_lawyer)
    room.lawyer("check")
    return id


def keys(room):
    return {p.name: key_of(export(p, p.scratch.folder / f"key-{p.name}", p("new", "note", "-s", "text=whose key")))
            for p in (room.reporter, room.editor, room.lawyer)}


def origins(verdict):
    return {v["object"]: v["text"] for v in verdict["verdicts"] if v["object"].startswith("origin-") and v["holds"]}


def test_both_signatures_are_shown(scratch):
    room = Newsroom(scratch)
    id, key = forward(scratch, room), keys(room)
    identity = scratch.folder / "lawyer.identity"
    room.lawyer("identity", "-o", identity, "--yes")
    verdict = verify(scratch.folder / "2.age", "-i", identity)
    same((broken(verdict), verdict["minisign"]), ([], key["editor"]))
    shown = origins(verdict)
    same(list(shown), ["origin-0001"])
    expect(key["reporter"] in shown["origin-0001"], f"the reporter's key in {shown}")
    bag = export(room.lawyer, scratch.folder / "out", id)
    verdict = verify(bag)
    same((broken(verdict), verdict["minisign"]), ([], key["lawyer"]))
    shown = origins(verdict)
    same(list(shown), ["origin-0001", "origin-0002"])
    expect(key["editor"] in shown["origin-0001"] and key["reporter"] in shown["origin-0002"], f"both keys in {shown}")


def test_amended_on_the_way(scratch):
    room = Newsroom(scratch)
    id = forward(scratch, room)
    room.editor("edit", id, "-s", "text=amended", "--reason", "a name was wrong")
    room.editor("attach", id, scratch.file("more.txt", b"more"))
    verdict = verify(export(room.editor, scratch.folder / "out", id))
    same((broken(verdict), list(origins(verdict))), ([], ["origin-0001"]))


def test_origin_is_as_it_was_signed(scratch):
    need("minisign", "sha256sum")
    room = Newsroom(scratch)
    id = forward(scratch, room)
    bag = export(room.editor, scratch.folder / "out", id)
    parts = ["bag-info.txt", "bagit.txt", "custody.jsonl", "manifest-sha256.txt", "r0001.json", "tagmanifest-sha256.txt",
             "tagmanifest-sha256.txt.minisig"]
    same([n for n in names(bag) if n.startswith("origin-")], [f"origin-0001.{part}" for part in parts])
    for part in parts:
        expect(b"stays behind" not in (bag / "data" / f"origin-0001.{part}").read_bytes(), "the other record stays behind")
    tagmanifest = bag / "data/origin-0001.tagmanifest-sha256.txt"
    key = keys(room)["reporter"]
    same(run("minisign", "-V", "-H", "-P", key, "-m", tagmanifest).returncode, 0, "minisign")
    signed = (bag / "data/origin-0001.manifest-sha256.txt").read_text()
    expect(f"{hashlib.sha256(PHOTO).hexdigest()}  data/0001.jpg\n" in signed, "the photo in what the reporter signed")


def test_changed_origin(scratch):
    room = Newsroom(scratch)
    bag = export(room.editor, scratch.folder / "out", forward(scratch, room))
    for part in ("bag-info.txt", "custody.jsonl", "r0001.json", "tagmanifest-sha256.txt.minisig"):
        path = bag / "data" / f"origin-0001.{part}"
        whole = path.read_bytes()
        path.write_bytes(whole[:-2] + bytes([whole[-2] ^ 1]) + whole[-1:])
        found = broken(verify(bag, code=4))
        expect("origin-0001" in found and path.name in found, f"{part}: {found}")
        path.write_bytes(whole)
    same(broken(verify(bag)), [])


def unfinished(folder):
    return [p for p in folder.glob(".new-*")]


def stop_in_export(me, scratch, folder, how):
    """Exports into @folder until @how came while a readable record stood in the folder beside the target; that folder."""
    id = me("new", "note", "-s", "text=Leftmark", "-a", scratch.file("big.bin", os.urandom(1 << 20) * 48))
    scratch.file("big.bin", b"")
    for n in range(20):
        process = subprocess.Popen([str(a) for a in me.argv("export", id, "--format", "bag", "-o", f"{folder.name}/out{n}")],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=scratch.env, cwd=folder.parent)
        found = []
        while process.poll() is None and not any((f / "satchel/data/r0001.json").exists() for f in found):
            found = unfinished(folder)
            time.sleep(0.001)
        process.send_signal(how)
        if process.wait() != 0:
            return found[0]
    raise AssertionError("every export ended before it was stopped")


def test_killed_export_is_swept(scratch):
    me = Person(scratch, "me")
    (scratch.folder / "stick").mkdir()
    left = stop_in_export(me, scratch, scratch.folder / "stick", signal.SIGKILL)
    (left.parent / ".new-mine").mkdir()
    expect(any(b"Leftmark" in p.read_bytes() for p in scratch.files(left)), "something readable was left")
    me("--json", "list", says=f"the readable files that it left in {left} were removed")
    same([p.name for p in unfinished(left.parent)], [".new-mine"], "folders that are left")
    for path in left.parent.iterdir():
        scenario.shutil.rmtree(path)
    left.parent.rmdir()
    same(me.raw("list").stderr, b"", "it is told once, and forgotten")
    me("check")


def test_killed_export_cannot_be_swept(scratch):
    """A link in the folder's place is not followed; what cannot be reached is told of until it can."""
    me = Person(scratch, "me")
    stick, away, precious = scratch.folder / "stick", scratch.folder / "away", scratch.folder / "precious"
    stick.mkdir()
    left = stop_in_export(me, scratch, stick, signal.SIGKILL)
    left.rename(precious)
    left.symlink_to(precious)
    for _ in range(2):
        me("--quiet", "list", says=f"left in {left} could not be removed")
    expect(left.is_symlink() and len(list(scratch.files(precious))) > 0, "the link and what it leads to stay")
    left.unlink()
    precious.rename(left)
    stick.rename(away)
    me("list", says=f"left in {left} cannot be reached now")
    away.rename(stick)
    me("list", says="were removed")
    same(unfinished(stick), [])


def test_failed_export_leaves_nothing_to_sweep(scratch):
    me = Person(scratch, "me")
    id = make(scratch, me)
    blob = max(scratch.files(me.vault / "blobs"), key=lambda p: p.stat().st_size)
    whole = blob.read_bytes()
    blob.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    me("export", id, "--format", "bag", "-o", scratch.folder / "out", code=4)
    (scratch.folder / "closed").mkdir(mode=0o500)
    if os.geteuid() != 0:
        me("export", id, "--format", "bag", "-o", scratch.folder / "closed" / "out", code=7)
    blob.write_bytes(whole)
    stick = scratch.folder / "stick"
    stick.mkdir()
    stop_in_export(me, scratch, stick, signal.SIGINT)
    same(unfinished(stick), [], "a stopped export takes away what it wrote")
    stick.rename(scratch.folder / "away")
    same(me.raw("list").stderr, b"", "a stopped export is not remembered")
    stick.mkdir()
    export(me, stick / "whole", id)
    stick.rename(scratch.folder / "away too")
    same(me.raw("list").stderr, b"", "nor is a whole one")


scenario.main(globals())
