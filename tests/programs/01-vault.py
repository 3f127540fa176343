#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A vault's life: made, opened, locked to others, its passphrase changed, recovered, backed up, destroyed."""
import fcntl
import os
import shutil
import stat

import scenario
from scenario import CHEAP, Person, expect, need, run, same


def test_init_and_info(scratch):
    me = Person(scratch, "Анна", init=False)
    done = me.json("init", "--name", "Анна Петрова", "--role", "reporter", *CHEAP)
    same(len(done["recovery_code"].replace("-", "")), 28, "recovery code")
    facts = me.json("info")
    same((facts["name"], facts["role"], facts["records"]), ("Анна Петрова", "reporter", 0))
    me("init", "--name", "x", "--role", "reporter", *CHEAP, code=1, says="already")
    me("check")
    for path in scratch.files(me.vault):
        same(stat.S_IMODE(os.stat(path).st_mode), 0o600, str(path))
    scratch.expect_no_plaintext("Анна Петрова")


def test_usage_errors(scratch):
    me = Person(scratch, "me", init=False)
    me("init", "--name", "x", "--role", "boss", *CHEAP, code=1, says="reporter|editor|legal")
    me("init", "--name", "x", "--role", "reporter", "--kdf-mib", "4", "--kdf-passes", "1", code=1, says="8 to 4096")
    expect(not me.vault.exists(), "a refused init left something")
    me("frobnicate", code=1, says="no command")
    me("info", code=2, says="no vault stands")
    same(run(scenario.CTL).returncode, 1, "no command")
    same(run(scenario.CTL, "--help").returncode, 0, "--help")


def test_wrong_passphrase(scratch):
    me = Person(scratch, "me")
    me("list", code=2, passphrase=scratch.file("wrong", "not it\n"))
    me("list", code=1, passphrase=scratch.file("empty", ""))
    me("list")


def test_change_passphrase(scratch):
    me = Person(scratch, "me")
    new = scratch.file("new", "another five words entirely here\n")
    me("passphrase", "--new-passphrase-file", new)
    me("list", code=2)
    me("list", passphrase=new)


def test_recover(scratch):
    me = Person(scratch, "me", init=False)
    code = me.json("init", "--name", "me", "--role", "reporter", *CHEAP)["recovery_code"]
    id = me("new", "note", "-s", "text=kept")
    new = scratch.file("new", "a new passphrase after all\n")
    me("recover", "--code-file", scratch.file("code", code.lower()), "--new-passphrase-file", new)
    same(me.raw("show", id, passphrase=new).returncode, 0, "show after recovery")
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    me("recover", "--code-file", scratch.file("wrong", wrong), "--new-passphrase-file", new, code=2)


def test_panic_phrase(scratch):
    me = Person(scratch, "me")
    panic = scratch.file("panic", "take whatever you want\n")
    me("passphrase", "--panic", "--new-passphrase-file", panic)
    me("list")
    wrong = me.raw("list", passphrase=scratch.file("wrong", "nope nope nope\n"))
    destroyed = me.raw("list", passphrase=panic)
    same((destroyed.returncode, destroyed.stderr), (wrong.returncode, wrong.stderr), "the panic phrase answers as a wrong one")
    me("list", code=2)


def test_wipe(scratch):
    me = Person(scratch, "me")
    me("wipe", code=1, says="--yes")
    me("list")
    with open(me.vault / "lock", "ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        me("wipe", "--yes")
    me("list", code=2)
    # What cannot be removed is told beside what is done.
    (me.vault / "press-card" / "x").mkdir(parents=True)
    me("wipe", "--yes", code=7, says="still there")


def test_one_process_at_a_time(scratch):
    me = Person(scratch, "me")
    with open(me.vault / "lock", "ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        me("list", code=8)
    me("list")


def test_backup_and_restore(scratch):
    me = Person(scratch, "me")
    id = me("new", "note", "-s", "text=before the backup", "-a", scratch.file("سند.bin", b"\x00\x01" * 70000))
    own = scratch.file("backup.passphrase", "the backup has its own words\n")
    backup = scratch.folder / "b.age"
    me("backup", backup, "--backup-passphrase-file", own)
    me("backup", backup, "--backup-passphrase-file", own, code=1, says="is there already")
    scratch.expect_no_plaintext("before the backup", me.vault)
    other = Person(scratch, "restored", init=False)
    other("restore", backup, "--backup-passphrase-file", scratch.file("bad", "wrong wrong\n"), code=2)
    expect(not (other.vault / "keys").exists(), "a failed restore left a vault")
    other("restore", backup, "--backup-passphrase-file", own)
    same(other.json("show", id)["evidence"][0]["name"], "سند.bin", "restored item")
    other("check")
    cut = scratch.file("cut.age", backup.read_bytes()[:-40])
    third = Person(scratch, "third", init=False)
    third("restore", cut, "--backup-passphrase-file", own, code=4)
    expect(not (third.vault / "keys").exists(), "a cut backup left a vault")


def test_backup_opens_with_age(scratch):
    need("age", "python3")
    me = Person(scratch, "me")
    me("backup", scratch.folder / "b.age", "--backup-passphrase-file", scratch.file("p", "plain words for age\n"))
    import pty
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp("age", ["age", "-d", "-o", str(scratch.folder / "b.tar"), str(scratch.folder / "b.age")])
    os.read(terminal, 1024)
    os.write(terminal, b"plain words for age\n")
    try:
        while os.read(terminal, 1024):
            pass
    except OSError:
        pass
    same(os.waitpid(pid, 0)[1], 0, "age -d")
    names = run("tar", "-tf", scratch.folder / "b.tar").stdout.decode().split()
    expect("keys" in names and "store.db" in names, f"members: {names}")


scenario.main(globals())
