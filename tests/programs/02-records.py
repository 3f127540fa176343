#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records and evidence as a reporter makes them: fields, revisions, files of every sort, search, erasing."""
import hashlib
import os

import scenario
from scenario import Person, expect, same


def test_kinds(scratch):
    me = Person(scratch, "me")
    ids = [k["id"] for k in me.json("kinds")]
    for kind in ("note", "coverage", "police-visit", "phone-call", "summons", "warning", "detention", "interrogation", "search",
                 "court", "online", "custody-health", "credential", "assignment", "equipment"):
        expect(kind in ids, f"no kind {kind}")
    fields = me.json("kinds", "police-visit")["fields"]
    expect(any(f["id"] == "officers" and f["fields"] for f in fields), "officers have sub-fields")
    me("kinds", "no-such", code=1)


def test_new_show_edit(scratch):
    me = Person(scratch, "me")
    id = me("new", "police-visit", "-s", "title=Они пришли", "-s", "officers.0.name=Петров", "-s", "officers.0.attribution=presumed",
            "-s", "lawyer=unknown")
    same(len(id), 32, "id alone")
    shown = me.json("show", id[:6])
    same(shown["values"]["officers"][0]["name"], "Петров")
    same(me("edit", id, "-s", "officers.0.badge=1234"), id)
    revisions = me.json("show", id)["revisions"]
    same([r["number"] for r in revisions], [1, 2], "revisions")
    me("new", "police-visit", "-s", "nosuch=1", code=1)
    me("new", "nosuch", code=1)
    me("new", "police-visit", "-s", "span=yesterday-ish", code=1)
    me("show", "ffff", code=3)
    same(len(me.json("list")), 1, "refused records leave nothing")
    same(len(me.json("list", "police-visit")), 1)
    same(len(me.json("list", "note")), 0)
    same(len(me.json("list", "--until", "2001-01-01")), 0)


def test_evidence_of_every_sort(scratch):
    me = Person(scratch, "me")
    id = me("new", "note", "-s", "text=evidence")
    names = {"пусто.txt": b"", "فیلم.mp4": os.urandom(200001), "one.bin": b"x", "IMG 1.jpg": b"\xff\xd8\xff\xe0" + os.urandom(65536),
             "scan.pdf": b"%PDF-1.4\n" + os.urandom(1000)}
    paths = [scratch.file(name, content) for name, content in names.items()]
    items = me("attach", id, *paths, "--from", "a neighbour").split("\n")
    same(len(items), len(names), "an id a file")
    evidence = {e["name"]: e for e in me.json("show", id)["evidence"]}
    for name, content in names.items():
        same(evidence[name]["sha256"], hashlib.sha256(content).hexdigest(), name)
        same(evidence[name]["size"], len(content), name)
        out = scratch.folder / ("out-" + name)
        me("get", evidence[name]["id"], "-o", out)
        same(out.read_bytes(), content, name)
        me("get", evidence[name]["id"], "-o", out, code=1, says="is there already")
    same(evidence["scan.pdf"]["type"], "application/pdf")
    same(evidence["IMG 1.jpg"]["type"], "image/jpeg")
    me("attach", id, scratch.folder / "not-there", code=7)
    me("attach", id, "/dev/zero", code=7)
    me("check")


def test_same_file_twice(scratch):
    me = Person(scratch, "me")
    first = me("new", "note", "-s", "text=a")
    second = me("new", "note", "-s", "text=b")
    path = scratch.file("photo.jpg", os.urandom(100000))
    me("attach", first, path)
    before = sum(p.stat().st_size for p in scratch.files(me.vault / "blobs"))
    me("attach", second, path, says="stored once")
    same(sum(p.stat().st_size for p in scratch.files(me.vault / "blobs")), before, "blobs")
    me("erase", first)
    item = me.json("show", second)["evidence"][0]["id"]
    me("get", item, "-o", scratch.folder / "out")
    same((scratch.folder / "out").read_bytes(), path.read_bytes())
    me("erase", second)
    same(list(scratch.files(me.vault / "blobs")), [], "blobs after the last reference")


def test_all_or_nothing(scratch):
    me = Person(scratch, "me")
    me("new", "note", "-s", "text=never", "-a", scratch.file("ok.bin", b"ok"), "-a", scratch.folder / "missing", code=7)
    same(me.json("list"), [], "records")
    me("check")


def test_search_and_erase(scratch):
    me = Person(scratch, "me")
    me("new", "note", "-s", "text=Полиция пришла утром")
    persian = me("new", "note", "-s", "text=پلیس به خانه آمد")
    latin = me("new", "note", "-s", "text=Zyzzyva marker on the table")
    same([h["id"] for h in me.json("search", "zyzz")], [latin], "prefix")
    same(len(me.json("search", "полиция")), 1, "case")
    same([h["id"] for h in me.json("search", "پلیس")], [persian], "Persian")
    expect("\x02" in me.json("search", "zyzzyva")[0]["snippet"], "marks in the snippet")
    me("erase", latin, "00000000", code=3)
    same([h["id"] for h in me.json("search", "zyzz")], [latin], "all that are named or none")
    me("erase", latin)
    same(me.json("search", "zyzzyva"), [], "erased from the index")
    me("show", latin, code=3)
    expect(any(e["action"] == "erased" for e in me.json("ledger", latin)), "the ledger keeps it")
    same(me.json("search", '"* OR NEAR( '), [], "operators are text")
    me("check")
    me("ledger", "verify")


def test_case_and_deadlines(scratch):
    me = Person(scratch, "me")
    visit = me("new", "police-visit", "-s", "title=visit")
    summons = me("new", "summons", "-s", "title=summons", "-s", f"links.0.record={visit}",
                 "-s", "appear=2031-03-12T10:00+03:00 come to room 5")
    lonely = me("new", "note", "-s", "text=alone")
    same({r["id"] for r in me.json("case", visit)}, {visit, summons})
    same({r["id"] for r in me.json("case", lonely)}, {lonely})
    deadlines = me.json("deadlines")
    same([(d["id"], d["when"]) for d in deadlines], [(summons, "2031-03-12T10:00+03:00")])


def test_nothing_readable(scratch):
    me = Person(scratch, "me")
    marker = "Marker-Qwfpgj"
    id = me("new", "note", "-s", f"text={marker}", "-a", scratch.file("secret.txt", f"{marker} in a file\n"))
    (scratch.folder / "secret.txt").unlink()
    me("edit", id, "-s", f"text={marker} again")
    me("search", marker)
    me("show", id)
    scratch.expect_no_plaintext(marker)
    scratch.expect_no_plaintext("secret.txt")


scenario.main(globals())
