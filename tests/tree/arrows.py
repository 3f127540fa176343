#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Code depends one way: compares the includes of every room with the table of allowed ones."""
import pathlib
import re
import sys

CHAIN = ["base", "secret", "seal", "papers", "vault", "records", "people"]
ALLOWED = {room: set(CHAIN[: i + 1]) for i, room in enumerate(CHAIN)}
ALLOWED["sync"] = set(CHAIN) | {"sync"}
ALLOWED["legal"] = set(CHAIN) | {"sync", "legal"}
ALLOWED["intake"] = {"base", "secret", "seal", "papers", "intake"}

# Libraries that only some rooms may see.
FOREIGN = {
    r"gtk/|adwaita|gdk": set(),
    r"sqlite3\.h|sqlcipher": {"vault"},
    r"libsoup/": {"sync", "intake"},
    r"sodium\.h": {"base", "secret", "seal", "papers", "vault", "records", "people", "sync", "intake"},
    r"openssl/": {"base", "secret", "seal", "papers", "vault", "sync", "intake"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)


def faults_of(path, room):
    for kind, name in INCLUDE.findall(path.read_text(encoding="utf-8")):
        if kind == '"':
            target = name.split("/")[0] if "/" in name else None
            if target is None:
                yield f"includes {name} without its room"
            elif target not in ALLOWED[room]:
                yield f"{room} may not include {name}"
            elif target != room and name.endswith("-private.h"):
                yield f"{name} is the inner door of another room"
        else:
            for pattern, rooms in FOREIGN.items():
                if re.search(pattern, name) and room not in rooms:
                    yield f"{room} may not include <{name}>"


def main(root):
    rooms = sorted(p for p in (root / "core").iterdir() if p.is_dir())
    print(f"1..{len(rooms)}")
    for number, folder in enumerate(rooms, 1):
        room = folder.name
        faults = []
        if room not in ALLOWED:
            faults.append(f"core/{room}: a room that the table does not know")
        else:
            for path in sorted(folder.rglob("*.[ch]")):
                faults += [f"{path.relative_to(root)}: {fault}" for fault in faults_of(path, room)]
        for fault in faults:
            print(f"# {fault}")
        print(f"{'not ok' if faults else 'ok'} {number} {room}")


main(pathlib.Path(sys.argv[1]))
