#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bare readers against the real tools and the vectors."""
import hashlib
import os
import subprocess
import zlib

import scenario
from scenario import CTL, SOURCE, expect, need, run, same

SIZES = (0, 1, 65535, 65536, 65537, 131072)


def keygen(scratch):
    identity = scratch.folder / "identity"
    run("age-keygen", "-o", identity)
    recipient = next(line.split(": ")[1] for line in identity.read_text().split("\n") if line.startswith("# public key"))
    return identity, recipient


def test_files_of_age_r(scratch):
    need("age", "age-keygen")
    identity, recipient = keygen(scratch)
    for size in SIZES:
        plain = scratch.file("plain", os.urandom(size))
        run("age", "-r", recipient, "-o", scratch.folder / "sealed", plain)
        out = scratch.folder / "out"
        same(run(CTL, "age-decrypt", "-i", identity, "-o", out, scratch.folder / "sealed").returncode, 0, str(size))
        same(out.read_bytes(), plain.read_bytes(), str(size))
        same(run(CTL, "age-decrypt", "-i", identity, scratch.folder / "sealed").stdout, plain.read_bytes(), f"{size} to standard output")


def test_files_of_age_p(scratch):
    need("age")
    import pty
    for size in SIZES:
        plain, sealed, out = scratch.file("plain", os.urandom(size)), scratch.folder / "sealed", scratch.folder / "out"
        sealed.unlink(missing_ok=True)
        pid, terminal = pty.fork()
        if pid == 0:
            os.execvp("age", ["age", "-p", "-o", str(sealed), str(plain)])
        for _ in range(2):
            os.read(terminal, 1024)
            os.write(terminal, b"open sesame now\n")
        try:
            while os.read(terminal, 1024):
                pass
        except OSError:
            pass
        same(os.waitpid(pid, 0)[1], 0, "age -p")
        passphrase = scratch.file("passphrase", "open sesame now\n")
        same(run(CTL, "age-decrypt", "-p", passphrase, "-o", out, sealed).returncode, 0, str(size))
        same(out.read_bytes(), plain.read_bytes(), str(size))
    same(run(CTL, "age-decrypt", "-p", scratch.file("wrong", "no\n"), "-o", scratch.folder / "none", sealed).returncode, 4)
    expect(not (scratch.folder / "none").exists(), "a header failure writes nothing")


# Made for this test; nothing was ever sealed to it.
STRANGER = "AGE-SECRET-KEY-1J8327VKR0QLD64ZWU48493EMPPMMK8XY4FEKK87ZMXD97KK7TC6QZM39U0"


def parse_vector(path):
    head, _, body = path.read_bytes().partition(b"\n\n")
    fields = {}
    for line in head.decode().split("\n"):
        key, _, value = line.partition(": ")
        fields.setdefault(key, []).append(value)
    if fields.get("compressed") == ["zlib"]:
        body = zlib.decompress(body)
    return fields, body


def test_age_vectors(scratch):
    known = {"expect", "payload", "file key", "identity", "passphrase", "comment", "compressed", "armored"}
    for path in sorted((SOURCE / "tests/vectors/age").iterdir()):
        fields, body = parse_vector(path)
        if not set(fields) <= known or "armored" in fields:
            continue
        sealed, out = scratch.file("sealed", body), scratch.folder / "out"
        out.unlink(missing_ok=True)
        if "passphrase" in fields:
            argv = ["-p", scratch.file("key", fields["passphrase"][0] + "\n")]
        else:
            # A file that no identity could open is tried with the vector's own, or one that fits nothing.
            argv = ["-i", scratch.file("key", "\n".join(fields.get("identity", [STRANGER])) + "\n")]
        done = run(CTL, "age-decrypt", *argv, "-o", out, sealed)
        wanted = fields["expect"][0]
        same(done.returncode, 0 if wanted == "success" else 4, f"{path.name} ({wanted}): {done.stderr.decode()}")
        if wanted in ("success", "payload failure") and "payload" in fields:
            released = out.read_bytes() if out.exists() else b""
            same(hashlib.sha256(released).hexdigest(), fields["payload"][0], f"{path.name}: released")
        elif wanted != "success":
            expect(not out.exists(), f"{path.name}: a header failure wrote something")


def test_minisign_vectors(scratch):
    folder = SOURCE / "tests/vectors/minisign"
    for path in sorted(folder.glob("*.minisig")):
        scratch.file("msg.txt", (folder / ("msg_is_hash.bin" if path.name == "alg_swapped_to_legacy.minisig" else "msg.txt")).read_bytes())
        scratch.file("msg.txt.minisig", path.read_bytes())
        done = run(CTL, "minisig-verify", "-p", folder / "key.pub", scratch.folder / "msg.txt")
        wanted = 0 if path.name in ("valid_prehashed.minisig", "tampered_untrusted_comment.minisig") else 4
        same(done.returncode, wanted, f"{path.name}: {done.stderr.decode()}")
    same(run(CTL, "minisig-verify", "-p", folder / "key2.pub", scratch.file("x", "x")).returncode, 7, "no signature there")


def test_minisign_of_today(scratch):
    need("minisign")
    run("minisign", "-G", "-W", "-p", scratch.folder / "k.pub", "-s", scratch.folder / "k.key")
    path = scratch.file("m", os.urandom(100000))
    run("minisign", "-S", "-H", "-s", scratch.folder / "k.key", "-m", path)
    same(run(CTL, "minisig-verify", "-p", scratch.folder / "k.pub", path).returncode, 0)
    path.write_bytes(b"other")
    same(run(CTL, "minisig-verify", "-p", scratch.folder / "k.pub", path).returncode, 4)


def test_completions_and_pages(scratch):
    build = os.environ.get("SATCHEL_BUILD")
    for shell, name in (("bash", "satchelctl"), ("zsh", "_satchelctl"), ("fish", "satchelctl.fish")):
        if scenario.shutil.which(shell):
            same(run(shell, "-n", f"{build}/data/completions/{name}").returncode, 0, f"{shell} -n")
    for command in run(CTL, "--help").stdout.decode().split("Commands:")[1].split("satchelctl COMMAND")[0].strip().split("\n"):
        name = command.split()[0]
        done = run(CTL, name, "--help")
        expect(done.returncode == 0 and name.encode() in done.stdout, f"{name} --help")
        page = f"{build}/data/man/satchelctl-{name}.1"
        expect(os.path.exists(page), f"no page for {name}")
        if scenario.shutil.which("mandoc"):
            lint = run("mandoc", "-T", "lint", "-W", "error", page)
            same(lint.returncode, 0, f"{name}: {lint.stdout.decode()}")


scenario.main(globals())
