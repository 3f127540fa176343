#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The courier and a real intake, with a line between them that counts, holds and breaks at chosen bytes."""
import hashlib
import json
import os
import signal
import socket

import scenario
from line import BehindLine
from scenario import Intake, Newsroom, Person, Skip, expect, run, same

MIB = 1024 * 1024


def stored(intake):
    return sorted(p for p in (intake.folder / "mailboxes").rglob("*.age"))


def seal(room, scratch, mib=0, text="by the line"):
    attached = ["-a", scratch.file("film.mp4", os.urandom(mib * MIB))] if mib else []
    record = room.reporter("new", "note", "-s", f"text={text}", *attached)
    return record, room.reporter.json("seal", record)


def outbox(person, id):
    return next(e for e in person.json("outbox") if e["id"] == id)


def expect_stored_once(room, sealed):
    copies = [p for p in stored(room.intake) if p.stem == sealed["sha256"]]
    same(len(copies), 1, "stored copies")
    same(hashlib.sha256(copies[0].read_bytes()).hexdigest(), sealed["sha256"], "the stored file")
    same(outbox(room.reporter, sealed["id"])["state"], "stored")
    same(run(scenario.INTAKE, "check", room.intake.folder).returncode, 0, "satchel-intake check")


def why(person, code, *words):
    done = person.raw("why")
    said = (done.stdout + done.stderr).decode().strip()
    same(done.returncode, code, f"why: {said}")
    expect(said.endswith(".") and len(said) > 30, f"no sentence: {said!r}")
    for word in words:
        expect(word in said, f"why: wanted {word!r} in {said!r}")


def test_round_trip(scratch):
    room = Newsroom(scratch, with_intake=True, lawyer=False)
    record, sealed = seal(room, scratch, 1)
    why(room.reporter, 0, "is the newsroom's")
    room.reporter("send")
    expect_stored_once(room, sealed)
    same(room.editor.json("fetch")[-1]["records"], [record])
    shown = room.editor.json("show", record)
    same(shown["evidence"][0]["sha256"], room.reporter.json("show", record)["evidence"][0]["sha256"])
    same(outbox(room.reporter, sealed["id"])["state"], "stored", "not opened before its receipt")
    room.editor("send")
    room.reporter("send")
    same(outbox(room.reporter, sealed["id"])["state"], "opened")
    same(room.editor.json("fetch"), [], "nothing twice")
    answer = room.editor.json("reply", record, "-s", "text=thank you")
    room.editor("send")
    room.reporter("send")
    same(outbox(room.editor, answer["id"])["state"], "stored")
    same(len(room.reporter.json("list")), 2, "the answer arrived")
    room.reporter("check")
    room.editor("check")


def test_another_certificate(scratch):
    room = BehindLine(scratch)
    _, sealed = seal(room, scratch)
    room.intake.stop()
    false = Intake(scratch, "false")
    again = run(scenario.INTAKE, "init", scratch.folder / "false2", "--name", "The Courier", "--host", "localhost", "--port", room.address)
    same(again.returncode, 0, again.stderr.decode())
    false.folder, false.port = scratch.folder / "false2", room.intake.port
    false.admit(room.card)
    false.start()
    room.reporter("send", code=5)
    same(room.reporter.json("outbox")[0]["state"], "waiting")
    why(room.reporter, 5)
    room.editor("fetch", code=5)
    same(stored(false), [])
    same(list((false.folder / "uploads").iterdir()), [])
    expect("alarm" in room.reporter("ledger"), "an alarm in the ledger")
    for person, list_command in ((room.reporter, "outbox"), (room.editor, "inbox")):
        alarms = person.json("info")["alarms"]
        same({alarm["kind"] for alarm in alarms}, {"server"}, "alarms")
        person(list_command, says=alarms[-1]["sentence"])
        done = person.raw(list_command, json_output=True)
        expect(alarms[-1]["sentence"].encode() in done.stderr, f"no alarm beside --json: {done.stderr}")
        expect(all("id" in entry for entry in json.loads(done.stdout)), "an array of entries")
    expect(room.line.up < 8192, f"{room.line.up} bytes went to a stranger's server")
    false.stop()
    room.intake.start()
    room.reporter("send")
    expect_stored_once(room, sealed)


def test_intake_is_down(scratch):
    room = Newsroom(scratch, lawyer=False)
    _, sealed = seal(room, scratch)
    room.reporter("send", code=6)
    entry = outbox(room.reporter, sealed["id"])
    same(entry["state"], "waiting")
    expect(entry["why"], "why it waits")
    why(room.reporter, 6)
    room.intake.start()
    why(room.reporter, 0)
    room.reporter("send")
    expect_stored_once(room, sealed)


def test_revoked(scratch):
    room = Newsroom(scratch, with_intake=True, lawyer=False)
    room.reporter("send")
    before = stored(room.intake)
    room.editor("revoke", "reporter")
    newer = scratch.folder / "newer.card"
    room.editor("newsroom", "update", "-o", newer)
    room.intake.stop()
    room.intake.admit(newer)
    room.intake.start()
    _, sealed = seal(room, scratch)
    room.reporter("send", code=5, says="revoked")
    entry = outbox(room.reporter, sealed["id"])
    same(entry["state"], "waiting")
    expect("revoked" in entry["why"], entry["why"])
    same(stored(room.intake), before)


def test_newsroom_cards_travel(scratch):
    room = Newsroom(scratch, with_intake=True)
    second = Person(scratch, "second")
    invite = scratch.folder / "second.invite"
    room.editor("invite", "--for", "second", "-o", invite)
    second("join", invite)
    room.reporter("send")
    second("send")
    same(len(stored(room.intake)), 2, "both introductions")
    room.editor("revoke", "second")
    room.editor("send")
    second("new", "note", "-s", "text=too late")
    second("seal", second.json("list")[0]["id"])
    second("send", code=5, says="revoked")
    same(len(stored(room.intake)), 2, "nothing more")
    latest = scratch.folder / "latest.card"
    room.editor("newsroom", "update", "-o", latest)
    room.editor("send")
    room.lawyer("fetch", code=4, says="an invite that was revoked")
    room.reporter("send")
    for person in (room.lawyer, room.reporter):
        same(person.json("trust", latest)["outcome"], "same", f"{person.name}'s newsroom card")
    room.intake.stop()
    room.editor("send")
    room.editor("newsroom", "update", "-o", scratch.folder / "later.card")
    room.editor("send", code=6)


def at_other_time(scratch, days):
    module = os.environ.get("SATCHEL_OTHER_TIME")
    if not module:
        raise Skip("the clock cannot be set in this build")
    return {**scratch.env, "LD_PRELOAD": module, "SATCHEL_CLOCK_SHIFT": str(days * 86400)}


def test_expired(scratch):
    room = Newsroom(scratch, lawyer=False)
    _, sealed = seal(room, scratch)
    room.intake.serve_env = at_other_time(scratch, 100)
    room.intake.start()
    room.reporter("send", code=5, says="expired")
    same(stored(room.intake), [], "by the intake's clock")
    room.intake.stop()
    room.intake.serve_env = None
    room.intake.start()
    late = run(*room.reporter.argv("send"), env=at_other_time(scratch, 100))
    same(late.returncode, 5, late.stderr.decode())
    expect("expired" in late.stderr.decode(), late.stderr.decode())
    same(stored(room.intake), [], "by the reporter's clock")
    room.reporter("send")
    expect_stored_once(room, sealed)


def test_wrong_clock(scratch):
    room = Newsroom(scratch, with_intake=True, lawyer=False)
    for days in (-1000, 20000):
        done = run(*room.editor.argv("fetch"), env=at_other_time(scratch, days))
        same(done.returncode, 5, done.stderr.decode())
        expect("check your clock" in done.stderr.decode(), done.stderr.decode())
    room.editor("fetch")


def test_intake_dies_in_upload(scratch):
    room = BehindLine(scratch)
    room.reporter("send")
    _, sealed = seal(room, scratch, 40)
    room.line.hold_at("up", 21 * MIB)
    sending = room.start_process(room.reporter, "send")
    room.line.wait_held()
    room.intake.stop(signal.SIGKILL)
    room.line.reset()
    _, errors = sending.communicate(timeout=120)
    same(sending.returncode, 6, errors.decode())
    entry = outbox(room.reporter, sealed["id"])
    expect(entry["offset"] >= 12 * MIB, f"{entry['offset']} bytes were acknowledged")
    expect(entry["why"], "why it waits")
    room.intake.start()
    again = room.reporter.json("send")
    expect(again["sent_bytes"] <= sealed["size"] - entry["offset"], f"{again['sent_bytes']} bytes again, after {entry['offset']}")
    expect_stored_once(room, sealed)


def test_client_dies_in_upload(scratch):
    room = BehindLine(scratch)
    room.reporter("send")
    _, sealed = seal(room, scratch, 40)
    room.line.hold_at("up", 21 * MIB)
    sending = room.start_process(room.reporter, "send")
    room.line.wait_held()
    sending.kill()
    sending.communicate()
    room.line.reset()
    room.reporter("send", "--wait", 60)
    expect(room.line.up < sealed["size"] - 12 * MIB, f"{room.line.up} bytes in the second run")
    expect_stored_once(room, sealed)
    room.reporter("check")


def test_last_answer_is_lost(scratch):
    room = BehindLine(scratch)
    room.reporter("send")
    _, sealed = seal(room, scratch, 3)
    room.line.hold_at("answer", sealed["size"])
    sending = room.start_process(room.reporter, "send")
    room.line.wait_held()
    sending.kill()
    sending.communicate()
    room.line.reset()
    expect(outbox(room.reporter, sealed["id"])["state"] != "stored", "stored without a receipt")
    again = room.reporter.json("send")
    same((again["stored"], again["sent_bytes"]), (1, 0), "it was there, and is asked about only")
    expect_stored_once(room, sealed)
    same(len(stored(room.intake)), 2, "introduction and note")


def test_fetch_dies(scratch):
    room = BehindLine(scratch)
    record, sealed = seal(room, scratch, 24)
    room.reporter("send")
    # What is still in sockets when it dies comes once more: some megabytes on a busy machine.
    room.line.hold_at("down", 18 * MIB)
    fetching = room.start_process(room.editor, "fetch")
    room.line.wait_held()
    fetching.kill()
    fetching.communicate()
    room.line.reset()
    room.editor("check")
    same(room.editor.json("fetch")[-1]["records"], [record])
    expect(room.line.down < sealed["size"] - 8 * MIB, f"{room.line.down} bytes in the second run")
    same(room.editor.json("fetch"), [])
    room.editor("check")


def test_one_damaged_file(scratch):
    room = Newsroom(scratch, with_intake=True, lawyer=False)
    first, damaged = seal(room, scratch, text="first")
    room.reporter("send")
    second, _ = seal(room, scratch, text="second")
    room.reporter("send")
    path = next(p for p in stored(room.intake) if p.stem == damaged["sha256"])
    good = path.read_bytes()
    path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    for _ in range(2):
        room.editor("fetch", code=6, says="damaged")
        same([r["id"] for r in room.editor.json("list")], [second], "the other one arrived")
    path.write_bytes(good)
    same([e["records"] for e in room.editor.json("fetch")], [[first]])
    same(room.editor.json("fetch"), [])
    room.editor("check")


def test_proxies_in_the_environment(scratch):
    room = Newsroom(scratch, with_intake=True, lawyer=False)
    _, sealed = seal(room, scratch)
    trap = socket.create_server(("127.0.0.1", 0))
    scratch.closing.append(trap.close)
    trap.setblocking(False)
    for scheme in ("http", "https", "all", "socks", "ftp"):
        proxy = f"{'socks5' if scheme in ('all', 'socks') else 'http'}://127.0.0.1:{trap.getsockname()[1]}/"
        scratch.env[f"{scheme}_proxy"] = scratch.env[f"{scheme.upper()}_PROXY"] = proxy
    scratch.env["no_proxy"] = scratch.env["NO_PROXY"] = ""
    why(room.reporter, 0)
    room.reporter("send")
    room.editor("fetch")
    expect_stored_once(room, sealed)
    try:
        trap.accept()
    except BlockingIOError:
        return
    raise AssertionError("somebody asked the proxy that the environment names")


scenario.main(globals())
