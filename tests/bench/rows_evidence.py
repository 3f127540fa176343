# SPDX-License-Identifier: GPL-3.0-or-later
"""Evidence: captured, sealed, opened and checked, beside restic, tar, age and cp."""
import shutil
import subprocess

from harness import MIB, need
from people import Desk, age_key


def sized(bench):
    return f"{bench.size // MIB} MiB"


def restic(bench, place):
    need("restic")
    repository = place / "restic"

    def init():
        shutil.rmtree(repository, ignore_errors=True)
        bench.run("restic", "--no-cache", "-q", "-r", repository, "init")
    return repository, init


def capture(bench):
    """capture of a large file beside restic backup and tar | openssl"""
    for name, place in bench.each_place(3 * bench.size):
        folder = bench.scratch(place, "capture")
        source = bench.input(place, bench.size)
        desk = Desk(bench, folder)
        reporter = desk.room.reporter
        id = reporter("new", "note", "-s", "title=capture")
        desk.keep(reporter)

        def ours(_):
            desk.fresh(reporter)
            return bench.run(*desk.argv(reporter, "attach", id, source))["seconds"]

        def by_restic():
            repository, init = restic(bench, folder)

            def step(_):
                init()
                return bench.run("restic", "--no-cache", "-q", "-r", repository, "backup", source)["seconds"]
            return step

        def by_openssl():
            need("openssl")
            return lambda _: bench.shell('tar -c -C "$1" "$2" | openssl dgst -sha256', source.parent, source.name)["seconds"]
        mine, his, hers = bench.alternate(ours, bench.peer(by_restic), bench.peer(by_openssl), warm=2 * bench.size)
        bench.add("capture", f"capture {sized(bench)}", name, mine, "s", "restic backup", his, "faster", 5)
        bench.add("capture", f"capture {sized(bench)}", name, mine, "s", "tar, openssl dgst -sha256", hers, "faster", 0.7)
        shutil.rmtree(folder)


def seal(bench):
    """seal of a record with a large file beside tar | age -r"""
    for name, place in bench.each_place(4 * bench.size):
        folder = bench.scratch(place, "seal")
        source = bench.input(place, bench.size)
        desk = Desk(bench, folder)
        reporter = desk.room.reporter
        id = reporter("new", "note", "-s", "title=seal", "-a", source, timeout=600)
        sealed = folder / "bundle.age"

        def ours(_):
            sealed.unlink(missing_ok=True)
            return bench.run(*desk.argv(reporter, "seal", id, "-o", sealed))["seconds"]

        def by_age():
            need("age", "age-keygen")
            recipient = age_key(folder)[1]
            return lambda _: bench.shell('rm -f "$4"; tar -c -C "$1" "$2" | age -r "$3" -o "$4"; sync "$4"',
                                         source.parent, source.name, recipient, folder / "peer.age")["seconds"]
        mine, his = bench.alternate(ours, bench.peer(by_age), warm=2 * bench.size)
        bench.add("seal", f"seal {sized(bench)}", name, mine, "s", "tar, age -r, sync", his, "faster", 1.5)
        shutil.rmtree(folder)


def open_bundle(bench):
    """opening a bundle with a large file beside age -d | tar x"""
    for name, place in bench.each_place(6 * bench.size):
        folder = bench.scratch(place, "open")
        source = bench.input(place, bench.size)
        desk = Desk(bench, folder)
        id = desk.room.reporter("new", "note", "-s", "title=open", "-a", source, timeout=600)
        sealed = folder / "bundle.age"
        desk.room.reporter("seal", id, "-o", sealed, timeout=600)
        shutil.rmtree(desk.room.reporter.vault)

        def ours(_):
            desk.fresh(desk.room.editor)
            return bench.run(*desk.argv(desk.room.editor, "open", sealed))["seconds"]

        def by_age():
            need("age", "age-keygen")
            identity, recipient = age_key(folder)
            bench.shell('tar -c -C "$1" "$2" | age -r "$3" -o "$4"', source.parent, source.name, recipient, folder / "peer.age")

            def step(_):
                out = bench.scratch(folder, "peer")
                return bench.shell('age -d -i "$1" "$2" | tar -x -C "$3"; sync "$3"/*', identity, folder / "peer.age", out)["seconds"]
            return step
        mine, his = bench.alternate(ours, bench.peer(by_age), warm=2 * bench.size)
        bench.add("open", f"open {sized(bench)}", name, mine, "s", "age -d, tar x, sync", his, "faster", 1.2)
        shutil.rmtree(folder)


def check_blobs(bench):
    """satchelctl check of a vault with large files beside restic check --read-data"""
    for name, place in bench.each_place(3 * bench.size):
        folder = bench.scratch(place, "check")
        source = bench.input(place, bench.size)
        desk = Desk(bench, folder)
        desk.room.reporter("new", "note", "-s", "title=check", "-a", source, timeout=600)

        def by_restic():
            repository, init = restic(bench, folder)
            init()
            bench.run("restic", "--no-cache", "-q", "-r", repository, "backup", source)
            return lambda _: bench.run("restic", "--no-cache", "-q", "-r", repository, "check", "--read-data")["seconds"]
        mine, his = bench.alternate(lambda _: bench.run(*desk.argv(desk.room.reporter, "check"))["seconds"], bench.peer(by_restic))
        bench.add("check-blobs", f"check {sized(bench)} of evidence", name, mine, "s", "restic check --read-data", his, "faster", 2.5)
        shutil.rmtree(folder)


def photo(bench):
    """a 2 MiB photo, durable with its row, beside cp and age with sync"""
    count = 20
    for name, place in bench.each_place(1024 * MIB):
        folder = bench.scratch(place, "photo")
        photos = [bench.input(folder, 2 * MIB, 100 + n) for n in range(count)]
        out = folder / "copy"
        age = shutil.which("age") and shutil.which("age-keygen") and age_key(folder)[1]

        def ours(_):
            shutil.rmtree(folder / "vault", ignore_errors=True)
            return bench.core("capture", folder / "vault", *photos)["capture_ms"]

        def each(script):
            # One shell for all of them: its own start is nobody's work.
            loop = f'out=$1 key=$2; shift 2; for photo; do {script}; sync "$out"; rm "$out"; done'
            return lambda _: bench.shell(loop, out, age or "", *photos)["seconds"] * 1000 / count
        mine, copied, sealed = bench.alternate(ours, each('cp "$photo" "$out"'),
                                               each('age -r "$key" -o "$out" "$photo"') if age else None)
        note = "in one process with the vault open; the peers start two programs a photo"
        bench.add("photo", "capture a 2 MiB photo", name, mine, "ms", "cp, sync", copied, "within", 1.3, note)
        bench.add("photo", "capture a 2 MiB photo", name, mine, "ms", "age, sync", sealed, "within", 1, note)
        shutil.rmtree(folder)


KDF_MIB = 8


def memory(bench):
    """the most memory of any step with a very large item"""
    for name, place in bench.each_place(5 * bench.large):
        if name == "tmpfs":
            continue
        folder = bench.scratch(place, "memory")
        source = folder / "large.bin"
        with open(source, "wb") as file:
            file.truncate(bench.large)
        desk = Desk(bench, folder)
        reporter, editor = desk.room.reporter, desk.room.editor
        id = reporter("new", "note", "-s", "title=memory")
        sealed, back = folder / "bundle.age", folder / "back.bin"
        peak = {"attach": bench.run(*desk.argv(reporter, "attach", id, source))["peak_kib"]}
        source.unlink()
        peak["seal"] = bench.run(*desk.argv(reporter, "seal", id, "-o", sealed))["peak_kib"]
        peak["check"] = bench.run(*desk.argv(reporter, "check"))["peak_kib"]
        shutil.rmtree(reporter.vault)
        peak["open"] = bench.run(*desk.argv(editor, "open", sealed))["peak_kib"]
        sealed.unlink()
        item = editor.json("show", id)["evidence"][0]["id"]
        peak["get"] = bench.run(*desk.argv(editor, "get", item, "-o", back))["peak_kib"]
        bare = bench.run(*desk.argv(editor, "info"))["peak_kib"] / 1024
        by_age = None
        if shutil.which("age"):
            by_age = bench.shell('age -r "$1" -o /dev/null "$2"', age_key(folder)[1], back)["peak_kib"] / 1024
        for step, kib in peak.items():
            bench.add("memory", f"{step} of a {bench.large // MIB} MiB item", name, kib / 1024 - KDF_MIB, "MiB", "age -r", by_age,
                      "at most", 32, f"peak less {KDF_MIB} MiB of the key derivation; `info` alone: {bare - KDF_MIB:.0f} MiB")
        shutil.rmtree(folder)


ROWS = {"capture": capture, "photo": photo, "seal": seal, "open": open_bundle, "check-blobs": check_blobs, "memory": memory}
