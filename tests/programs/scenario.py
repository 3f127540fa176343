# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scenarios share: people with vaults of their own, programs run as their users run them, TAP on standard output.

A scenario is a script with functions named test_..., each called with a fresh Scratch, and `scenario.main (globals ())` at its
end. SATCHELCTL, SATCHEL_INTAKE and SATCHEL_SOURCE name what is tested."""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

import sanitizer

CTL = os.environ.get("SATCHELCTL", "")
INTAKE = os.environ.get("SATCHEL_INTAKE", "")
SOURCE = pathlib.Path(os.environ.get("SATCHEL_SOURCE", "."))
SAMPLES = SOURCE / "data/demo/samples"
CHEAP = ("--kdf-mib", "8", "--kdf-passes", "1")
PASSPHRASE = "correct horse battery staple nine"


class Skip(Exception):
    pass


def need(*programs):
    for program in programs:
        if shutil.which(program) is None:
            raise Skip(f"{program} is not installed")


def run(*argv, input=None, timeout=120, env=None, **more):
    return subprocess.run([str(a) for a in argv], input=input, capture_output=True, timeout=timeout, env=env, **more)


def expect(condition, message):
    if not condition:
        raise AssertionError(message)


def same(got, wanted, what=""):
    expect(got == wanted, f"{what}: got {got!r}, wanted {wanted!r}")


class Person:
    """Somebody with a vault: me("new", "note", ...) runs satchelctl on it."""

    def __init__(self, scratch, name, role="reporter", init=True):
        self.name, self.scratch = name, scratch
        self.vault = scratch.folder / name
        self.passphrase = scratch.file(f"{name}.passphrase", PASSPHRASE + "\n")
        if init:
            self.made = self("init", "--name", name, "--role", role, *CHEAP)

    def argv(self, *argv, passphrase=None, json_output=False):
        return [CTL, "--vault", self.vault, "--passphrase-file", passphrase or self.passphrase,
                *(["--json"] if json_output else []), *argv]

    def raw(self, *argv, passphrase=None, json_output=False, **more):
        return run(*self.argv(*argv, passphrase=passphrase, json_output=json_output), env=self.scratch.env, **more)

    def __call__(self, *argv, code=0, says=None, passphrase=None, **more):
        """Runs, compares the exit code and a part of standard error; returns standard output, stripped."""
        done = self.raw(*argv, passphrase=passphrase, **more)
        errors = done.stderr.decode(errors="replace")
        expect(done.returncode == code, f"{' '.join(map(str, argv))}: exit {done.returncode}, wanted {code}: {errors}{done.stdout.decode(errors='replace')[-2000:]}")
        if says is not None:
            expect(says in errors, f"{' '.join(map(str, argv))}: wanted {says!r} in {errors!r}")
        return done.stdout.decode().strip()

    def json(self, *argv, code=0):
        done = self.raw(*argv, json_output=True)
        expect(done.returncode == code, f"--json {' '.join(map(str, argv))}: exit {done.returncode}, wanted {code}: {done.stderr.decode()}")
        return json.loads(done.stdout)

    def card(self):
        path = self.scratch.folder / f"{self.name}.card"
        self("card", "-o", path)
        return path


class Intake:
    """A newsroom's server on loopback, with its own process."""

    def __init__(self, scratch, name="intake", serve_env=None):
        self.scratch, self.folder, self.process, self.serve_env = scratch, scratch.folder / name, None, serve_env
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        done = run(INTAKE, "init", self.folder, "--name", "The Courier", "--host", "localhost", "--port", self.port)
        expect(done.returncode == 0, f"satchel-intake init: {done.stderr.decode()}")
        self.card = done.stdout.decode().strip().split("\n")[-1]
        scratch.closing.append(self.stop)

    def admit(self, newsroom_card):
        done = run(INTAKE, "newsroom", self.folder, newsroom_card)
        expect(done.returncode == 0, f"satchel-intake newsroom: {done.stderr.decode()}")
        if self.process:
            self.process.send_signal(signal.SIGHUP)

    def start(self):
        self.process = subprocess.Popen([INTAKE, "serve", self.folder, "--listen", f"127.0.0.1:{self.port}"],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.serve_env)
        line = self.process.stdout.readline()
        expect(b"listening" in line, f"the intake did not start: {line!r} {self.process.poll()}")

    def stop(self, how=signal.SIGTERM):
        if self.process is None:
            return
        self.process.send_signal(how)
        self.process.wait(30)
        self.process.stdout.close()
        self.process.stderr.close()
        self.process = None


class Newsroom:
    """An editor who leads it, a lawyer, a reporter who joined; by folder only, or with an intake."""

    def __init__(self, scratch, with_intake=False, lawyer=True):
        self.editor = Person(scratch, "editor", "editor")
        self.lawyer = Person(scratch, "lawyer", "legal") if lawyer else None
        self.reporter = Person(scratch, "reporter", "reporter")
        self.intake = Intake(scratch)
        self.card = scratch.folder / "newsroom.card"
        members = ["--member", self.lawyer.card()] if lawyer else []
        self.editor("newsroom", "create", "--name", "The Courier", "--intake", self.intake.card, *members, "-o", self.card)
        self.intake.admit(self.card)
        if lawyer:
            self.lawyer("trust", self.card)
        invite = scratch.folder / "reporter.invite"
        self.editor("invite", "--for", "reporter", "-o", invite)
        self.reporter("join", invite)
        if with_intake:
            self.intake.start()


class Scratch:
    """A folder of one test's own, removed with everything in it; TMPDIR points into it."""

    def __init__(self, base=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="satchel-scenario-", dir=base))
        self.tmp = self.folder / "tmp"
        self.tmp.mkdir()
        self.env = {**os.environ, "TMPDIR": str(self.tmp), "HOME": str(self.folder), "XDG_CACHE_HOME": str(self.folder / "cache"),
                    "XDG_DATA_HOME": str(self.folder / "data"), "LC_ALL": "C.UTF-8"}
        self.closing = []

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def close(self):
        for close in reversed(self.closing):
            close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def files(self, *folders):
        for folder in folders or (self.folder,):
            for path in pathlib.Path(folder).rglob("*"):
                if path.is_file() and not path.is_symlink():
                    yield path

    def expect_no_plaintext(self, needle, *folders):
        for path in self.files(*folders):
            content = path.read_bytes()
            for form in (needle.encode(), needle.encode("utf-16-le")):
                expect(form not in content, f"{needle!r} stands readable in {path.relative_to(self.folder)}")


@contextlib.contextmanager
def small_disk(scratch, size="24m"):
    """A disk of so much, where root may mount one."""
    mount = scratch.folder / "disk"
    mount.mkdir(exist_ok=True)
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", mount], capture_output=True).returncode != 0:
        raise Skip("a tmpfs cannot be mounted here")
    try:
        yield mount
    finally:
        subprocess.run(["umount", "-l", mount])


def fill(mount, leave):
    """A file that takes all but @leave bytes."""
    stats = os.statvfs(mount)
    path = mount / "filler"
    with open(path, "wb") as file:
        left = stats.f_bavail * stats.f_frsize - leave
        while left > 0:
            left -= file.write(bytes(min(left, 1 << 20)))
    return path


def on_disk(scratch, person, mount):
    """Copies a person's vault onto the small disk, which is where they have it from now on."""
    target = mount / person.name
    subprocess.run(["cp", "-a", person.vault, target], check=True)
    person.vault = target


def main(names, tries=1):
    tests = [(name, function) for name, function in names.items() if name.startswith("test_")]
    only = sys.argv[1:]
    tests = [(n, f) for n, f in tests if not only or n in only]
    print(f"1..{len(tests)}")
    results = [attempt(number, name, function, tries) for number, (name, function) in enumerate(tests, 1)]
    sys.exit(0 if all(results) else 1)


def attempt(number, name, function, tries):
    for left in reversed(range(tries)):
        try:
            with sanitizer.watched():
                scratch = Scratch()
                try:
                    function(scratch)
                finally:
                    scratch.close()
            print(f"ok {number} {name}", flush=True)
            return True
        except Skip as reason:
            print(f"ok {number} {name} # SKIP {reason}", flush=True)
            return True
        except Exception:
            # On standard error: the runner's log of a failure shows that, and no comments of TAP.
            traceback.print_exc()
            if left:
                print(f"{name} is tried again", file=sys.stderr, flush=True)
    print(f"not ok {number} {name}", flush=True)
    return False

