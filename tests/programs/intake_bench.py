# SPDX-License-Identifier: GPL-3.0-or-later
"""A served intake, and requests to it, for the intake-*.py scenarios.

Each scenario is a list of functions; every one gets a fresh intake in a folder of its own."""
import hashlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import traceback

import sanitizer

INTAKE = os.environ["SATCHEL_INTAKE"]
PAPERS = os.environ["SATCHEL_INTAKE_PAPERS"]
TYPE = "application/offset+octet-stream"


class Skip(Exception):
    pass


class Answer:
    def __init__(self, response, body):
        self.status, self.body = response.status, body
        self.headers = {k.lower(): v for k, v in response.getheaders()}

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.headers} {self.body[:200]!r}"


def run(*argv, code=0):
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True)
    assert done.returncode == code, f"{argv}: exit {done.returncode}, not {code}: {done.stdout}{done.stderr}"
    return done.stdout


class Intake:
    """One intake's folder, its papers, and the program while it serves."""

    def __init__(self, base, newsroom=True):
        self.base = pathlib.Path(base)
        self.folder = self.base / "intake"
        self.papers = self.base / "papers"
        self.process, self.port, self.kept = None, 0, []
        self.papers.mkdir()
        run(PAPERS, "make", self.papers)
        out = run(INTAKE, "init", self.folder, "--name", "Test", "--host", "localhost,127.0.0.1", "--port", "8443")
        assert out.splitlines()[-1] == str(self.folder / "intake.card"), out
        if newsroom:
            self.admit("newsroom.card")
        self.tls = ssl.create_default_context(cafile=str(self.folder / "ca.crt"))

    def admit(self, card, code=0):
        return run(INTAKE, "newsroom", self.folder, self.papers / card, code=code)

    def limit(self, key, value):
        config = self.folder / "config"
        lines = [l for l in config.read_text().splitlines() if not l.startswith(key + "=")]
        config.write_text("\n".join(lines + [f"{key}={value}"]) + "\n")

    def start(self, port=0):
        self.process = subprocess.Popen(
            [INTAKE, "serve", str(self.folder), "--listen", f"127.0.0.1:{port}"],
            stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("listening on https://127.0.0.1:"), line
        self.port = int(line.rsplit(":", 1)[1])
        return self

    def stop(self, how=signal.SIGTERM):
        self.close()
        if self.process is None:
            return 0
        self.process.send_signal(how)
        code = self.process.wait(30)
        self.process.stdout.close()
        self.process = None
        return code

    def close(self):
        for connection in self.kept:
            connection.close()
        self.kept = []

    def connect(self):
        connection = http.client.HTTPSConnection("localhost", self.port, context=self.tls, timeout=30)
        # The name is what the certificate and the Host header are about; the address is fixed.
        raw = socket.create_connection(("127.0.0.1", self.port), 30)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sock = self.tls.wrap_socket(raw, server_hostname="localhost")
        self.kept.append(connection)
        return connection

    def text(self, name):
        return (self.papers / name).read_text()

    def bearer(self, name="token"):
        return {"Authorization": "Bearer " + self.text(name + ".bearer")}

    def signed(self, method, target, body=b"", key="member", shift=0, digest=None):
        path, _, query = target.partition("?")
        headers = {}
        if body:
            import base64
            digest = digest or "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":"
            headers["Content-Digest"] = digest
        signed, signature = run(PAPERS, "sign", self.papers / (key + ".access"), method,
                                f"localhost:{self.port}", path, query, headers.get("Content-Digest", ""),
                                shift).splitlines()
        return headers | {"Signature-Input": signed, "Signature": signature}

    def ask(self, method, target, headers=None, body=None, connection=None):
        own = connection or self.connect()
        own.request(method, target, body=body, headers=headers or {})
        response = own.getresponse()
        answer = Answer(response, response.read())
        if connection is None:
            own.close()
        return answer

    def tus(self, method, target, headers=None, body=None, token="token", connection=None):
        headers = {"Tus-Resumable": "1.0.0"} | (self.bearer(token) if token else {}) | (headers or {})
        if method == "POST" and body is None:
            headers.setdefault("Content-Length", "0")
        return self.ask(method, target, headers, body, connection)

    def member(self, method, target, body=b"", headers=None):
        return self.ask(method, target, self.signed(method, target, body) | (headers or {}), body or None)

    def create(self, length, token="token"):
        answer = self.tus("POST", "/uploads", {"Upload-Length": str(length)}, token=token)
        assert answer.status == 201, answer
        return answer.headers["location"]

    def patch(self, where, offset, body, headers=None, token="token"):
        return self.tus("PATCH", where, {"Upload-Offset": str(offset), "Content-Type": TYPE} | (headers or {}),
                        body, token)

    def offset(self, where, token="token"):
        answer = self.tus("HEAD", where, token=token)
        assert answer.status == 200, answer
        return int(answer.headers["upload-offset"])

    def upload(self, data, token="token"):
        where = self.create(len(data), token)
        answer = self.patch(where, 0, data, token=token)
        assert answer.status == 204, answer
        return where, answer

    def stored(self, data, mailbox="newsroom"):
        name = hashlib.sha256(data).hexdigest() + ".age"
        return self.folder / "mailboxes" / self.text(mailbox + ".mailbox") / name

    def receipt(self, answer):
        import base64
        path = self.base / "receipt"
        path.write_bytes(base64.b64decode(answer.headers["satchel-receipt"]))
        sha256, size, mailbox, position = run(PAPERS, "receipt", self.folder / "intake.card", path).split()
        return sha256, int(size), mailbox, int(position)

    def check(self, code=0):
        return run(INTAKE, "check", self.folder, code=code)

    def local(self, path):
        connection = http.client.HTTPConnection("localhost")
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(str(self.folder / "status.sock"))
        connection.request("GET", path)
        response = connection.getresponse()
        answer = Answer(response, response.read())
        connection.close()
        return answer


def noise(size, seed=1):
    out, block = bytearray(), seed.to_bytes(8, "big")
    while len(out) < size:
        block = hashlib.sha512(block).digest()
        out += block * 16 if size > 1 << 20 else block
    return bytes(out[:size])


def run_step(step, newsroom, start):
    base = tempfile.mkdtemp(prefix="satchel-")
    intake = None
    try:
        intake = Intake(base, newsroom)
        if start:
            intake.start()
        step(intake)
    finally:
        if intake is not None:
            # What is killed has no time to say what it leaked.
            intake.stop(signal.SIGTERM if sanitizer.IS_ON else signal.SIGKILL)
        shutil.rmtree(base, ignore_errors=True)


def main(*steps, newsroom=True, start=True):
    print(f"1..{len(steps)}")
    failed = 0
    for number, step in enumerate(steps, 1):
        name = (step.__doc__ or step.__name__).strip()
        try:
            with sanitizer.watched():
                run_step(step, newsroom, start)
            print(f"ok {number} {name}")
        except Skip as reason:
            print(f"ok {number} {name} # SKIP {reason}")
        except Exception:
            failed += 1
            for line in traceback.format_exc().splitlines():
                print("# " + line)
            print(f"not ok {number} {name}")
        sys.stdout.flush()
    sys.exit(1 if failed else 0)
