# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever sends bundles that break one rule each, and the desk that they are sent to. SATCHEL_MAKE_HOSTILE names what makes them."""
import io
import json
import os
import re
import tarfile

import scenario
from scenario import Person, expect, run, same

MAKE = os.environ.get("SATCHEL_MAKE_HOSTILE", "")
NEEDLE = "Ульянова, 17"
PICTURE = b"\x5a" * 70000
DOCUMENTS = ("bundle.json", "custody.jsonl", "r0001.json", "r0002.json")


def variants():
    return [line.split() for line in run(MAKE, "--list").stdout.decode().splitlines()]


def age_key(card):
    return re.search(r"age1[0-9a-z]+", card.read_text()).group()


class Sender:
    """Somebody who signs whatever they like, with what a vault wrote inside, so that the variant alone is wrong."""

    def __init__(self, scratch, name, documents=None):
        self.scratch, self.name, self.made = scratch, name, 0
        self.keys, self.card = (scratch.folder / f"{name}.{end}" for end in ("keys", "card"))
        done = run(MAKE, "--new-sender", self.keys, "--card", self.card, "--name", name)
        same(done.returncode, 0, done.stderr.decode())
        self.documents = scratch.folder / f"{name}.documents"
        self.documents.mkdir()
        for file, content in (documents or {}).items():
            if file == "bundle.json":
                content = self.index(json.loads(content))
            (self.documents / file).write_bytes(content)

    def index(self, index, **changes):
        return json.dumps({**index, "card": self.card.read_text(), **changes}, ensure_ascii=False).encode()

    def make(self, to, variant, *options):
        self.made += 1
        path = self.scratch.folder / f"{self.name}-{self.made:03}-{variant}.age"
        done = run(MAKE, "--sender", self.keys, "--to", to, "-o", path, "--documents", self.documents, *options, variant)
        same(done.returncode, 0, f"make-hostile {variant}: {done.stderr.decode()}")
        return path


class Desk(Person):
    def __init__(self, scratch):
        super().__init__(scratch, "desk", "editor")
        self.age = age_key(self.card())
        self.sender = Sender(scratch, "hostile", real_documents(scratch, self))
        self.trust(self.sender)

    def trust(self, sender):
        self("trust", sender.card)
        words = next(c["safety_words"] for c in self.json("contacts") if c["name"] == sender.name)
        self("trust", sender.card, "--words", words if isinstance(words, str) else " ".join(words))
        same([c["state"] for c in self.json("contacts") if c["name"] == sender.name], ["verified"])

    def refuses(self, path, reason, finding):
        entries = self.json("open", path, code=4)
        same([(e["state"], e["reason"]) for e in entries], [("aside", reason)], path.name)
        expect(finding in entries[0]["finding"], f"{path.name}: {finding!r} in {entries[0]['finding']!r}")
        return entries[0]

    def takes(self, path, state="opened"):
        entries = self.json("open", path)
        same([e["state"] for e in entries], [state], path.name)
        return entries[0]

    def holds_nothing(self):
        same(self.json("list"), [])
        self.scratch.expect_no_plaintext(NEEDLE, self.vault, self.scratch.tmp)
        self.scratch.expect_no_plaintext("Z" * 64, self.vault, self.scratch.tmp)
        same([p for p in (self.vault / "blobs").rglob("*") if p.is_file()], [], "evidence left behind")
        self("check")


def real_documents(scratch, desk):
    """The JSON of a bundle that a reporter's vault sealed to @desk."""
    writer = Person(scratch, "writer")
    writer("trust", desk.scratch.folder / "desk.card")
    first = writer("new", "note", "-s", f"text={NEEDLE}", "-a", scratch.file("0001.jpg", PICTURE))
    second = writer("new", "note", "-s", "text=two", "-a", scratch.file("0002.txt", "second"))
    sealed, identity = scratch.folder / "writer.age", scratch.folder / "desk.identity"
    writer("seal", first, second, "--to", "desk", "-o", sealed)
    desk("identity", "-o", identity, "--yes")
    plain = run(scenario.CTL, "age-decrypt", "-i", identity, sealed).stdout
    with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
        return {name: archive.extractfile(f"satchel/data/{name}").read() for name in DOCUMENTS}
