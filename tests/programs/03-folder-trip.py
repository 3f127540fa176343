#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reporter to desk and back by a folder alone, and the bundle opened with plain tools."""
import hashlib
import json
import os
import subprocess

import scenario
from scenario import Newsroom, Person, expect, need, run, same


def hand_over(scratch, sender, name="stick"):
    folder = scratch.folder / name
    folder.mkdir(exist_ok=True)
    sender("send", folder)
    return folder


def test_there_and_back(scratch):
    room = Newsroom(scratch)
    photo = os.urandom(150000)
    visit = room.reporter("new", "police-visit", "-s", "title=Они пришли", "-a", scratch.file("фото.jpg", photo))
    sealed = room.reporter.json("seal", visit)
    stick = hand_over(scratch, room.reporter)
    room.editor("fetch", stick)
    shown = room.editor.json("show", visit)
    same(shown["evidence"][0]["name"], "фото.jpg")
    same(shown["evidence"][0]["sha256"], hashlib.sha256(photo).hexdigest())
    same([c["state"] for c in room.editor.json("contacts") if c["role"] == "reporter"], ["invited"])
    room.editor("fetch", stick)
    same(len(room.editor.json("list")), 1, "nothing is doubled")
    back = hand_over(scratch, room.editor, "back")
    room.reporter("fetch", back)
    same([e["state"] for e in room.reporter.json("outbox") if e["id"] == sealed["id"]], ["opened"])
    room.lawyer("fetch", stick)
    for person in (room.reporter, room.editor, room.lawyer):
        person("check")


def test_sealed_is_final(scratch):
    room = Newsroom(scratch)
    id = room.reporter("new", "note", "-s", "text=first")
    room.reporter("seal", id)
    room.reporter("edit", id, "-s", "text=second", code=1)
    room.reporter("edit", id, "-s", "text=second", "--reason", "a word was wrong")
    same(room.reporter.json("show", id)["revisions"][1]["reason"], "a word was wrong")


def test_names_not_to_be_shared(scratch):
    """They are named before anything is sealed, also those that only an earlier revision has; and the mark arrives."""
    room = Newsroom(scratch)
    visit = room.reporter("new", "police-visit", "-s", "title=Visit", "-s", "officers.0.name=Petrov", "-s", "witnesses.0.name=Anna Ivanova",
                          "-s", "witnesses.0.do_not_share=yes", "-s", "witnesses.1.name=Old\tOrlov", "-s", "witnesses.1.do_not_share=yes")
    room.reporter("edit", visit, "-s", "witnesses.1=")
    note = room.reporter("new", "note", "-s", "text=Anna Ivanova saw it")
    expect("Do not share this name?: Yes" in room.reporter("show", visit), "shown in words")
    done = room.reporter.raw("--quiet", "seal", visit, note, json_output=True)
    sealed = json.loads(done.stdout)
    same(sealed["do_not_share"], [{"record": visit, "names": ["Anna Ivanova", "Old\tOrlov"]}])
    said = done.stderr.decode()
    expect(f"warning: {visit[:8]}: 2 names are marked not to be shared: Anna Ivanova, Old" in said and "\t" not in said, said)
    room.editor("fetch", hand_over(scratch, room.reporter))
    same(room.editor.json("show", visit)["values"]["witnesses"], [{"name": "Anna Ivanova", "do_not_share": "yes"}])
    # Onward it is said again.
    room.editor("seal", visit, "--to", "lawyer", "-o", scratch.folder / "onward.age", says="earlier revision")
    # Where there is nothing to be said, nothing is.
    done = room.reporter.raw("seal", note, json_output=True)
    same(json.loads(done.stdout)["do_not_share"], [])
    expect(b"shared" not in done.stderr, done.stderr)
    room.reporter("edit", visit, "-s", "witnesses.0.do_not_share=no", "-s", "witnesses.1.name=Old\tOrlov", "--reason", "they agreed")
    same(room.reporter.json("seal", visit)["do_not_share"], [])
    room.reporter("check")


def test_plain_tools_open_it(scratch):
    need("age", "minisign", "tar", "sha256sum")
    room = Newsroom(scratch)
    files = {n: os.urandom(n) for n in (0, 1, 65535, 65536, 65537, 131072)}
    attached = [a for n, content in files.items() for a in ("-a", scratch.file(f"size-{n}.bin", content))]
    id = room.reporter("new", "note", "-s", "text=plain tools", *attached)
    bundle = scratch.folder / "out.age"
    same(room.reporter("seal", id, "-o", bundle), str(bundle))
    room.reporter("seal", id, "-o", bundle, code=1)
    identity = scratch.folder / "editor.identity"
    room.editor("identity", "-o", identity, code=1)
    room.editor("identity", "-o", identity, "--yes")
    same(os.stat(identity).st_mode & 0o777, 0o600)
    plain = scratch.folder / "plain"
    plain.mkdir()
    age = subprocess.Popen(["age", "-d", "-i", identity, bundle], stdout=subprocess.PIPE)
    tar = subprocess.run(["tar", "-x", "-C", plain], stdin=age.stdout)
    age.stdout.close()
    same((age.wait(), tar.returncode), (0, 0), "age -d | tar -x")
    bag = plain / "satchel"
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        done = run("sha256sum", "-c", "--strict", manifest, cwd=bag)
        same(done.returncode, 0, f"{manifest}: {done.stderr.decode()}")
    key = next(line.split(": ")[1] for line in (bag / "bag-info.txt").read_text().split("\n") if line.startswith("Satchel-Sender")).split()
    keys = [c["minisign"] for c in room.editor.json("contacts")]
    own = [w for w in key if w.startswith("RW")]
    same(len(own), 1, f"one minisign key in {key}")
    same(run("minisign", "-V", "-H", "-P", own[0], "-m", bag / "tagmanifest-sha256.txt").returncode, 0, "minisign")
    same(sorted(p.stat().st_size for p in (bag / "data").glob("0*")), sorted(files), "files")
    same(run(scenario.CTL, "bag-check", bag).returncode, 0, "bag-check")
    same(run(scenario.CTL, "verify", plain).returncode, 0, "verify of a folder")
    same(run(scenario.CTL, "verify", "-i", identity, bundle).returncode, 0, "verify of a bundle")
    (bag / "data" / "0001.bin").write_bytes(b"changed")
    same(run(scenario.CTL, "bag-check", bag).returncode, 4, "bag-check of a changed file")
    same(run(scenario.CTL, "verify", bag).returncode, 4, "verify of a changed file")


def test_not_for_us(scratch):
    room = Newsroom(scratch)
    id = room.reporter("new", "note", "-s", "text=secret")
    bundle = scratch.folder / "b.age"
    room.reporter("seal", id, "-o", bundle)
    outsider = Person(scratch, "outsider", "editor")
    outsider("open", bundle, code=4)
    same(outsider.json("list"), [])
    room.reporter("open", bundle, code=4)
    outsider("check")


def test_identity_opens_with_age(scratch):
    need("age")
    me = Person(scratch, "me")
    identity = scratch.folder / "id"
    me("identity", "-o", identity, "--yes")
    text = identity.read_text()
    same(len([line for line in text.split("\n") if line.startswith("AGE-SECRET-KEY-1")]), 1)
    expect("# minisign:" in text, "the minisign key in a comment")


scenario.main(globals())
