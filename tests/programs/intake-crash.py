#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The intake dies, stops, or runs out of disk: nothing that was acknowledged is lost."""
import hashlib
import http.client
import os
import random
import select
import signal
import socket
import subprocess
import threading

from intake_bench import INTAKE, Intake, Skip, TYPE, main, noise, run


def half_patch(intake, where, offset, data, announce):
    line = intake.connect()
    line.putrequest("PATCH", where)
    for name, value in (intake.bearer() | {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset),
                                           "Content-Type": TYPE, "Content-Length": str(announce)}).items():
        line.putheader(name, value)
    line.endheaders()
    line.send(data)
    return line


def killed(intake):
    """kill -9 in the middle of PATCH, many times: acknowledged bytes stay, the file comes out whole"""
    random.seed(7)
    data = noise(6000000)
    where = intake.create(len(data))
    acknowledged = 0
    while acknowledged < 4000000:
        piece = random.randrange(1, 400000)
        answer = intake.patch(where, acknowledged, data[acknowledged:acknowledged + piece])
        assert answer.status == 204, answer
        acknowledged = int(answer.headers["upload-offset"])
        half_patch(intake, where, acknowledged, data[acknowledged:acknowledged + random.randrange(1, 600000)],
                   len(data) - acknowledged)
        intake.stop(signal.SIGKILL)
        intake.start()
        offset = intake.offset(where)
        assert offset >= acknowledged, (offset, acknowledged)
        acknowledged = offset
    answer = intake.patch(where, acknowledged, data[acknowledged:])
    assert answer.status == 204 and intake.receipt(answer)[0] == hashlib.sha256(data).hexdigest(), answer
    intake.stop(signal.SIGKILL)
    assert "no fault" in intake.check()
    intake.start()
    assert intake.tus("HEAD", where).headers["satchel-receipt"] == answer.headers["satchel-receipt"]


def together(intake):
    """kill -9 among many uploads at once: what was answered is stored and logged, once, and the rest can be sent again"""
    random.seed(11)
    answered, lock, sent = {}, threading.Lock(), {}

    def reporter(numbers, stop_after, killer):
        try:
            line = intake.connect()
            for number in numbers:
                data = sent[number]
                answer = intake.tus("POST", "/uploads", {"Upload-Length": str(len(data)), "Content-Type": TYPE}, data, connection=line)
                assert answer.status == 201 and answer.headers["upload-offset"] == str(len(data)), answer
                with lock:
                    answered[number] = answer.headers
                    if killer is not None and len(answered) >= stop_after:
                        killer()
        except (OSError, http.client.HTTPException):
            pass

    def send(numbers, stop_after=0, killer=None):
        threads = [threading.Thread(target=reporter, args=(numbers[n::8], stop_after, killer)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    for life in range(6):
        numbers = [life * 1000 + n for n in range(96)]
        # Every fourth is the content of another one.
        sent |= {n: noise(random.randrange(1, 40000), n - 1 if n % 4 == 3 else n) for n in numbers}
        sent |= {n: sent[n - 1] for n in numbers if n % 4 == 3}
        send(numbers, (life + 1) * 12 + len(answered), lambda: intake.process.send_signal(signal.SIGKILL))
        assert any(n not in answered for n in numbers)
        intake.stop(signal.SIGKILL)
        intake.start()
        assert "no fault" in intake.check()
        for number in [n for n in numbers if n in answered]:
            headers = answered[number]
            assert intake.stored(sent[number]).read_bytes() == sent[number]
            again = intake.tus("HEAD", headers["location"])
            assert again.headers["satchel-receipt"] == headers["satchel-receipt"], again
        send([n for n in numbers if n not in answered])
        assert all(n in answered for n in numbers)
    receipts = {headers["satchel-sha256"]: headers["satchel-receipt"] for headers in answered.values()}
    assert all(receipts[h["satchel-sha256"]] == h["satchel-receipt"] for h in answered.values())
    assert f"no fault: {len(receipts)} log lines" in intake.check()
    for part in (intake.folder / "uploads").glob("*.part"):
        assert part.with_suffix(".json").exists(), part


def finishing(intake):
    """what a crash leaves half finished is finished at the next start"""
    data = noise(5000)
    where, answer = intake.upload(data)
    intake.stop(signal.SIGKILL)
    log = intake.folder / "log"
    lines = log.read_bytes()
    # As if it had died after the rename, and while the log's line was written.
    for rest in (b"", lines[:100]):
        log.write_bytes(rest)
        intake.start()
        assert log.read_bytes().count(b"\n") == 1
        again = intake.tus("HEAD", where)
        assert intake.receipt(again)[0] == hashlib.sha256(data).hexdigest(), again
        intake.stop(signal.SIGKILL)
        assert "no fault: 1 log lines" in intake.check()
    # As if it had died before the rename.
    log.write_bytes(b"")
    part = intake.folder / "uploads" / (where.rsplit("/", 1)[1] + ".part")
    intake.stored(data).rename(part)
    (intake.folder / "uploads" / ("0" * 32 + ".part")).write_bytes(b"never acknowledged")
    (intake.folder / "uploads" / ".new-0123").write_bytes(b"")
    intake.start()
    assert intake.stored(data).exists() and not part.exists()
    assert sorted(p.suffix for p in (intake.folder / "uploads").iterdir()) == [".json"]
    assert "no fault: 1 log lines" in intake.check()


def checked(intake):
    """a checked body that was arriving at the crash is taken back"""
    data = noise(100000)
    where = intake.create(len(data))
    assert intake.patch(where, 0, data[:30000]).status == 204
    intake.stop(signal.SIGKILL)
    base = intake.folder / "uploads" / where.rsplit("/", 1)[1]
    base.with_suffix(".mark").write_text("30000")
    base.with_suffix(".part").write_bytes(data[:50000])
    intake.start()
    assert intake.offset(where) == 30000
    assert intake.patch(where, 30000, data[30000:]).status == 204
    assert not base.with_suffix(".mark").exists()


def drained(intake):
    """SIGTERM: what is under way is answered, what is new is not taken, exit 0"""
    data = noise(200000)
    where = intake.create(len(data))
    line = half_patch(intake, where, 0, data[:100000], len(data))
    waiting = intake.connect()
    target = f"/mailboxes/{intake.text('newsroom.mailbox')}?wait=60"
    waiting.request("GET", target, headers=intake.signed("GET", target))
    intake.local("/healthz")
    intake.process.send_signal(signal.SIGTERM)
    assert waiting.getresponse().status == 200
    try:
        socket.create_connection(("127.0.0.1", intake.port), 5).close()
        refused = False
    except OSError:
        refused = True
    line.send(data[100000:])
    answer = line.getresponse()
    assert answer.status == 204 and answer.getheader("satchel-receipt"), answer.status
    assert intake.process.wait(20) == 0
    assert refused
    intake.process.stdout.close()
    intake.process = None
    assert "no fault: 1 log lines" in intake.check()


def full(intake):
    """a full disk: 507 with a sentence, nothing acknowledged is lost, and it works again with space"""
    small = intake.base / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", small], capture_output=True).returncode:
        raise Skip("cannot mount a tmpfs here")
    try:
        intake.stop()
        tiny = Intake(small)
        tiny.tls = None
        tiny.limit("reserve-mib", 1)
        import ssl
        tiny.tls = ssl.create_default_context(cafile=str(tiny.folder / "ca.crt"))
        tiny.start()
        try:
            fill(tiny, small)
        finally:
            tiny.stop(signal.SIGKILL)
    finally:
        subprocess.run(["umount", "-l", small])


def fill(intake, small):
    data = noise(2500000)
    answer = intake.tus("POST", "/uploads", {"Upload-Length": "50000000"})
    assert answer.status == 507 and "room" in answer.json()["error"], answer
    where = intake.create(len(data))
    assert intake.patch(where, 0, data[:500000]).status == 204
    (small / "ballast").write_bytes(bytes(1500000))
    answer = intake.patch(where, 500000, data[500000:])
    assert answer.status == 507 and answer.json()["error"], answer
    offset = intake.offset(where)
    assert offset >= 500000
    # Chunked: nothing is known ahead, so the disk really fills.
    try:
        answer = intake.patch(where, offset, iter([data[i:i + 50000] for i in range(offset, len(data), 50000)]))
        assert answer.status == 507, answer
    except OSError:
        pass
    kept = intake.offset(where)
    assert offset <= kept < len(data)
    intake.stop(signal.SIGKILL)
    assert "no fault" in intake.check()
    intake.start()
    assert intake.offset(where) == kept
    (small / "ballast").unlink()
    answer = intake.patch(where, kept, data[kept:])
    assert answer.status == 204 and intake.receipt(answer)[0] == hashlib.sha256(data).hexdigest(), answer


def quota(intake):
    """a token's quota for a day, and the size of one file"""
    intake.stop()
    intake.limit("token-day-mib", 1)
    intake.limit("upload-max-mib", 2)
    intake.start()
    create = lambda size, token="token": intake.tus("POST", "/uploads", {"Upload-Length": str(size)}, token=token)
    assert create(2 * 1024 * 1024 + 1).status == 413
    assert create(700000).status == 201
    answer = create(700000)
    assert answer.status == 507 and "quota" in answer.json()["error"], answer
    assert create(300000).status == 201
    assert create(700000, "other").status == 201
    intake.stop()
    intake.start()
    assert create(700000).status == 507
    intake.limit("token-day-mib", 4)
    intake.process.send_signal(signal.SIGHUP)
    for _ in range(200):
        if create(1).status == 201 and create(700000).status == 201:
            return
    assert False, "SIGHUP did not bring the new limit"


def expired(intake):
    """an upload whose time is over: 410"""
    where = intake.create(1000)
    assert intake.patch(where, 0, b"x" * 100).status == 204
    intake.stop()
    old = 946684800
    base = intake.folder / "uploads" / where.rsplit("/", 1)[1]
    text = base.with_suffix(".json").read_text()
    import re
    base.with_suffix(".json").write_text(re.sub(r'"touched":"[^"]*"', '"touched":"2000-01-01T00:00:00Z"', text))
    os.utime(base.with_suffix(".part"), (old, old))
    intake.start()
    for _ in range(300):
        answer = intake.tus("HEAD", where)
        if answer.status == 410:
            break
        select.select([], [], [], 0.05)
    assert answer.status == 410, answer
    assert not base.with_suffix(".part").exists()


def manager(intake):
    """socket activation and sd_notify"""
    intake.stop()
    notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notify.bind(str(intake.base / "notify"))
    notify.settimeout(20)
    listener = socket.create_server(("127.0.0.1", 0))
    script = ('import os, sys; os.dup2(int(sys.argv[1]), 3); os.environ["LISTEN_PID"] = str(os.getpid()); '
              'os.environ["LISTEN_FDS"] = "1"; os.execv(sys.argv[2], sys.argv[2:])')
    import sys
    intake.process = subprocess.Popen(
        [sys.executable, "-c", script, str(listener.fileno()), INTAKE, "serve", str(intake.folder)],
        stdout=subprocess.PIPE, text=True, pass_fds=[listener.fileno()],
        env=os.environ | {"NOTIFY_SOCKET": str(intake.base / "notify")})
    assert notify.recv(100) == b"READY=1"
    intake.port = listener.getsockname()[1]
    assert str(intake.port) in intake.process.stdout.readline()
    assert intake.ask("OPTIONS", "/").status == 204
    intake.process.send_signal(signal.SIGTERM)
    assert notify.recv(100) == b"STOPPING=1"
    assert intake.process.wait(20) == 0


def many(intake):
    """connections that come and go leave no descriptor behind"""
    folder = f"/proc/{intake.process.pid}/fd"
    for _ in range(20):
        intake.ask("OPTIONS", "/")
    before = len(os.listdir(folder))

    def come_and_go():
        for number in range(100):
            line = intake.tls.wrap_socket(socket.create_connection(("127.0.0.1", intake.port), 20),
                                          server_hostname="localhost")
            if number % 2:
                line.send(b"OPTIONS / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                line.recv(1000)
            line.close()

    threads = [threading.Thread(target=come_and_go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for _ in range(600):
        after = len(os.listdir(folder))
        if after <= before + 5:
            break
        select.select([], [], [], 0.05)
    assert after <= before + 5, (before, after)
    assert intake.ask("OPTIONS", "/").status == 204


main(killed, together, finishing, checked, drained, full, quota, expired, manager, many)
