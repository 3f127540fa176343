#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mailboxes: lists, waiting, ranges, marks; and what check finds."""
import hashlib
import threading

from intake_bench import INTAKE, main, noise, run


def lists(intake):
    """pages in order, after a position; seen; deleted ones leave the list but not the receipts"""
    box = intake.text("newsroom.mailbox")
    files = [noise(1000, n) for n in range(1, 6)]
    names = [intake.upload(data)[1].headers["satchel-sha256"] for data in files]
    page = intake.member("GET", f"/mailboxes/{box}").json()
    assert page["mailbox"] == box and not page["more"] and page["next"] == 5, page
    assert [e["sha256"] for e in page["entries"]] == names
    assert [e["position"] for e in page["entries"]] == [1, 2, 3, 4, 5]
    assert page["entries"][0].keys() == {"position", "sha256", "size", "time", "seen"}
    page = intake.member("GET", f"/mailboxes/{box}?after=3").json()
    assert [e["sha256"] for e in page["entries"]] == names[3:]
    assert intake.member("GET", f"/mailboxes/{box}?after=x").status == 400
    assert intake.member("GET", f"/mailboxes/{'0' * 64}").json()["entries"] == []

    assert intake.member("POST", f"/mailboxes/{box}/{names[1]}/seen", headers={"Content-Length": "0"}).status == 204
    assert intake.member("POST", f"/mailboxes/{box}/{names[1]}/seen", headers={"Content-Length": "0"}).status == 204
    assert intake.member("DELETE", f"/mailboxes/{box}/{names[0]}").status == 204
    assert intake.member("DELETE", f"/mailboxes/{box}/{names[0]}").status == 404
    assert intake.member("GET", f"/mailboxes/{box}/{names[0]}").status == 404
    assert not intake.stored(files[0]).exists()
    page = intake.member("GET", f"/mailboxes/{box}").json()
    assert [(e["sha256"], e["seen"]) for e in page["entries"]] == [
        (n, n == names[1]) for n in names[1:]], page
    assert intake.tus("GET", f"/receipts/{names[0]}").status == 200
    again = intake.upload(files[0])[1]
    assert intake.receipt(again)[3] == 8
    assert "no fault: 8 log lines" in intake.check()
    stats = run(INTAKE, "stats", intake.folder)
    assert "stored: 5 files, 5000 bytes, 1 of them seen" in stats and "deleted: 1 files" in stats, stats
    assert intake.stop() == 0
    intake.start()
    assert [e["position"] for e in intake.member("GET", f"/mailboxes/{box}").json()["entries"]] == [2, 3, 4, 5, 8]


def waits(intake):
    """wait= answers when something comes"""
    box = intake.text("newsroom.mailbox")
    found = []
    ready = threading.Event()

    def wait():
        headers = intake.signed("GET", f"/mailboxes/{box}?wait=60")
        line = intake.connect()
        line.request("GET", f"/mailboxes/{box}?wait=60", headers=headers)
        ready.set()
        found.append(line.getresponse().read())

    thread = threading.Thread(target=wait)
    thread.start()
    ready.wait()
    name = intake.upload(b"news")[1].headers["satchel-sha256"]
    thread.join(20)
    assert not thread.is_alive() and name.encode() in found[0], found
    page = intake.member("GET", f"/mailboxes/{box}?after=1&wait=1").json()
    assert page["entries"] == [] and page["next"] == 1


def ranges(intake):
    """a file, whole and in ranges"""
    data = noise(3000000)
    name = intake.upload(data)[1].headers["satchel-sha256"]
    target = f"/mailboxes/{intake.text('newsroom.mailbox')}/{name}"
    answer = intake.member("GET", target)
    assert answer.status == 200 and answer.body == data and answer.headers["etag"] == f'"{name}"'
    answer = intake.member("HEAD", target)
    assert answer.status == 200 and answer.headers["content-length"] == "3000000"
    table = [
        ("bytes=0-0", 206, data[:1]), ("bytes=1000000-", 206, data[1000000:]), ("bytes=-5", 206, data[-5:]),
        ("bytes=2999999-", 206, data[-1:]), ("bytes=5-9999999", 206, data[5:]), ("bytes=3000000-", 416, None),
        ("bytes=-0", 416, None), ("bytes=5-4", 200, data), ("lines=1-2", 200, data), ("bytes=0-1,4-5", 200, data),
        ("bytes=0-", 200, data),
    ]
    for value, status, body in table:
        answer = intake.member("GET", target, headers={"Range": value})
        assert answer.status == status and (body is None or answer.body == body), (value, answer)
        if status == 206:
            assert answer.headers["content-range"].endswith("/3000000")
    answer = intake.member("GET", target, headers={"Range": "bytes=5-", "If-Range": '"other"'})
    assert answer.status == 200 and answer.body == data


def checks(intake):
    """check names every fault"""
    files = [noise(1000, n) for n in range(1, 5)]
    for data in files:
        intake.upload(data)
    assert intake.stop() == 0
    paths = [intake.stored(data) for data in files]
    paths[0].unlink()
    paths[1].write_bytes(files[1][:-1])
    paths[2].write_bytes(files[2][:-1] + bytes([files[2][-1] ^ 1]))
    (paths[3].parent / ("0" * 64 + ".age")).write_bytes(b"")
    log = intake.folder / "log"
    lines = log.read_bytes().split(b"\n")
    out = intake.check(4).splitlines()
    for path, what in ((paths[0], "missing"), (paths[1], "999 bytes"), (paths[2], "another hash"),
                       (paths[3].parent / ("0" * 64 + ".age"), "no log line")):
        assert any(path.name in l and what in l for l in out), (path, out)
    assert len(out) == 4, out
    log.write_bytes(b"\n".join([lines[0], lines[1].replace(b'"size":1000', b'"size":1001')] + lines[2:]))
    out = intake.check(4)
    assert "log line 2: its signature does not verify" in out and "log line 3: it does not follow" in out, out
    log.write_bytes(b"\n".join(lines[1:]))
    assert "log line 1: its position is another" in intake.check(4)


def usage(intake):
    """exit codes"""
    run(INTAKE, code=1)
    run(INTAKE, "sing", code=1)
    run(INTAKE, "init", intake.folder, "--name", "x", "--host", "localhost", code=1)
    run(INTAKE, "init", intake.base / "new", "--name", "x", code=1)
    run(INTAKE, "init", intake.base / "new", "--name", "x", "--host", "not a host", code=1)
    assert not (intake.base / "new").exists()
    run(INTAKE, "stats", intake.base / "nothing", code=2)
    run(INTAKE, "serve", intake.base / "nothing", code=2)
    run(INTAKE, "newsroom", intake.folder, intake.base / "nothing", code=2)
    run(INTAKE, "serve", intake.folder, "--listen", "127.0.0.1:0", code=8)
    assert "init" in run(INTAKE, "--help")


main(lists, waits, ranges, checks, usage)
