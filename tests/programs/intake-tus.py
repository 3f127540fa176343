#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tus 1.0.0, status by status."""
import base64
import hashlib
import subprocess

from intake_bench import INTAKE, TYPE, main, noise


def options(intake):
    """OPTIONS tells what is offered, without a token"""
    answer = intake.ask("OPTIONS", "/uploads")
    assert answer.status == 204 and answer.body == b"", answer
    assert answer.headers["tus-version"] == "1.0.0"
    assert set(answer.headers["tus-extension"].split(",")) == {
        "creation", "creation-with-upload", "expiration", "termination", "checksum"}
    assert answer.headers["tus-checksum-algorithm"] == "sha256"
    assert int(answer.headers["tus-max-size"]) > 0


def whole(intake):
    """create, send in two pieces, finish; the receipt verifies"""
    data = noise(300000)
    where = intake.create(len(data))
    assert intake.offset(where) == 0
    answer = intake.patch(where, 0, data[:100001])
    assert answer.status == 204 and answer.headers["upload-offset"] == "100001", answer
    assert "upload-expires" in answer.headers and "satchel-receipt" not in answer.headers
    answer = intake.patch(where, 100001, data[100001:])
    assert answer.status == 204 and answer.headers["upload-offset"] == "300000", answer
    assert answer.headers["satchel-sha256"] == hashlib.sha256(data).hexdigest()
    receipt = intake.receipt(answer)
    assert receipt == (hashlib.sha256(data).hexdigest(), len(data), intake.text("newsroom.mailbox"), 1), receipt
    assert intake.stored(data).read_bytes() == data
    again = intake.tus("HEAD", where)
    assert again.headers["satchel-receipt"] == answer.headers["satchel-receipt"]
    assert again.headers["upload-length"] == "300000"
    fetched = intake.tus("GET", "/receipts/" + receipt[0])
    assert base64.b64encode(fetched.body).decode() == answer.headers["satchel-receipt"]
    assert "no fault" in intake.check()


def with_upload(intake):
    """creation-with-upload"""
    data = noise(70000)
    answer = intake.tus("POST", "/uploads", {"Upload-Length": "70000", "Content-Type": TYPE}, data)
    assert answer.status == 201 and answer.headers["upload-offset"] == "70000", answer
    assert intake.receipt(answer)[1] == 70000
    answer = intake.tus("POST", "/uploads", {"Upload-Length": "70001", "Content-Type": TYPE}, data)
    assert answer.status == 201 and answer.headers["upload-offset"] == "70000", answer
    assert intake.patch(answer.headers["location"], 70000, b"x").status == 204
    answer = intake.tus("POST", "/uploads", {"Upload-Length": "3", "Content-Type": TYPE}, b"four")
    assert answer.status == 413, answer


def statuses(intake):
    """every refusal has its status, and a sentence in JSON"""
    where = intake.create(100)
    other = intake.create(100, "other")
    piece = {"Upload-Offset": "0", "Content-Type": TYPE}
    table = [
        ("POST", "/uploads", {"Tus-Resumable": "0.2.2", "Upload-Length": "1"}, None, 412),
        ("POST", "/uploads", {}, None, 400),
        ("POST", "/uploads", {"Upload-Length": "0"}, None, 400),
        ("POST", "/uploads", {"Upload-Length": "-1"}, None, 400),
        ("POST", "/uploads", {"Upload-Length": "12x"}, None, 400),
        ("POST", "/uploads", {"Upload-Length": "99999999999999999999"}, None, 400),
        ("POST", "/uploads", {"Upload-Length": "9223372036854775807"}, None, 413),
        ("POST", "/uploads", {"Upload-Defer-Length": "1"}, None, 400),
        ("POST", "/uploads", {"Upload-Length": "3"}, b"abc", 415),
        ("GET", "/uploads", {}, None, 405),
        ("GET", where, {}, None, 405),
        ("PATCH", where, {"Upload-Offset": "0", "Content-Type": "text/plain"}, b"x", 415),
        ("PATCH", where, {"Content-Type": TYPE}, b"x", 400),
        ("PATCH", where, {"Upload-Offset": "x", "Content-Type": TYPE}, b"x", 400),
        ("PATCH", where, {"Upload-Offset": "1", "Content-Type": TYPE}, b"x", 409),
        ("PATCH", where, piece, b"x" * 101, 413),
        ("PATCH", where, piece | {"Upload-Checksum": "md5 xyz"}, b"x", 400),
        ("PATCH", where, piece | {"Upload-Checksum": "sha256 AAAA"}, b"x", 400),
        ("PATCH", "/uploads/" + "0" * 32, piece, b"x", 404),
        ("PATCH", other, piece, b"x", 404),
        ("HEAD", other, {}, None, 404),
        ("DELETE", other, {}, None, 404),
        ("POST", "/uploads/..", {"Upload-Length": "1"}, None, 404),
        ("GET", "/", {}, None, 404),
    ]
    for method, target, headers, body, status in table:
        answer = intake.tus(method, target, headers, body)
        assert answer.status == status, (method, target, headers, answer)
        if method != "HEAD":
            assert answer.headers["content-type"] == "application/json", answer
            assert list(answer.json()) == ["error"] and answer.json()["error"].endswith("."), answer
    assert intake.tus("POST", "/uploads", {"Tus-Resumable": ""}).headers["tus-version"] == "1.0.0"
    assert intake.offset(where) == 0


def checksums(intake):
    """a body with a checksum is taken whole or not at all"""
    data = noise(200000)
    where = intake.create(len(data))
    wrong = "sha256 " + base64.b64encode(hashlib.sha256(b"").digest()).decode()
    answer = intake.patch(where, 0, data[:70000], {"Upload-Checksum": wrong})
    assert answer.status == 460, answer
    assert intake.offset(where) == 0
    right = "sha256 " + base64.b64encode(hashlib.sha256(data[:70000]).digest()).decode()
    assert intake.patch(where, 0, data[:70000], {"Upload-Checksum": right}).status == 204
    half = intake.connect()
    half.putrequest("PATCH", where)
    for name, value in (intake.bearer() | {"Tus-Resumable": "1.0.0", "Upload-Offset": "70000", "Content-Type": TYPE,
                                           "Content-Length": "130000", "Upload-Checksum": wrong}).items():
        half.putheader(name, value)
    half.endheaders()
    half.send(data[70000:130000])
    half.close()
    assert intake.offset(where) == 70000
    answer = intake.patch(where, 70000, data[70000:])
    assert answer.status == 204 and intake.receipt(answer)[0] == hashlib.sha256(data).hexdigest()


def broken_line(intake):
    """a line that breaks loses nothing that arrived; the newest request wins"""
    data = noise(3000000)
    where = intake.create(len(data))
    half = intake.connect()
    half.putrequest("PATCH", where)
    for name, value in (intake.bearer() | {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": TYPE,
                                           "Content-Length": str(len(data))}).items():
        half.putheader(name, value)
    half.endheaders()
    half.send(data[:1000000])
    # The old request still hangs on its open line; HEAD ends it.
    offset = intake.offset(where)
    assert 0 <= offset <= 1000000, offset
    assert intake.offset(where) == offset
    answer = intake.patch(where, offset, data[offset:])
    assert answer.status == 204, answer
    assert intake.receipt(answer)[0] == hashlib.sha256(data).hexdigest()


def chunked(intake):
    """a body of unknown length, and one that is too long"""
    data = noise(500000)
    where = intake.create(len(data))
    pieces = iter([data[i:i + 70000] for i in range(0, len(data), 70000)])
    answer = intake.patch(where, 0, pieces)
    assert answer.status == 204 and answer.headers["upload-offset"] == "500000", answer
    where = intake.create(1000)
    answer = intake.patch(where, 0, iter([b"x" * 600, b"y" * 600]))
    assert answer.status == 413, answer


def once(intake):
    """the same content again is not stored twice, and has the same receipt"""
    data = noise(50000)
    first = intake.upload(data)[1].headers["satchel-receipt"]
    second = intake.upload(data)[1].headers["satchel-receipt"]
    third = intake.upload(data, "other")[1].headers["satchel-receipt"]
    assert first == second == third
    assert len(list(intake.stored(data).parent.iterdir())) == 1
    assert (intake.folder / "log").read_bytes().count(b"\n") == 1
    assert list((intake.folder / "uploads").glob("*.part")) == []


def terminate(intake):
    """DELETE throws an upload away, and leaves what is finished"""
    where = intake.create(100)
    assert intake.patch(where, 0, b"x" * 50).status == 204
    assert intake.tus("DELETE", where).status == 204
    assert intake.tus("HEAD", where).status == 404
    assert list((intake.folder / "uploads").iterdir()) == []
    where = intake.upload(b"finished")[0]
    assert intake.tus("DELETE", where).status == 204
    assert intake.stored(b"finished").exists()


def override(intake):
    """X-HTTP-Method-Override"""
    where = intake.create(3)
    answer = intake.tus("POST", where, {"X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0",
                                        "Content-Type": TYPE}, b"abc")
    assert answer.status == 204 and "satchel-receipt" in answer.headers, answer


def keep_alive(intake):
    """one connection carries many requests, after a refusal too"""
    line = intake.connect()
    for _ in range(5):
        assert intake.tus("OPTIONS", "/", connection=line).status == 204
        assert intake.tus("POST", "/uploads", {"Upload-Length": "x"}, connection=line).status == 400
    data = noise(400000)
    answer = intake.tus("POST", "/uploads", {"Upload-Length": "400000"}, connection=line)
    answer = intake.tus("PATCH", answer.headers["location"], {"Upload-Offset": "0", "Content-Type": TYPE}, data,
                        connection=line)
    assert answer.status == 204, answer


def curl(intake):
    """curl, with the intake's authority alone, and without it"""
    url = f"https://localhost:{intake.port}/uploads"
    argv = ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code} %{ssl_verify_result}", "-X", "OPTIONS", url]
    done = subprocess.run(argv + ["--cacert", str(intake.folder / "ca.crt")], capture_output=True, text=True)
    assert done.stdout == "204 0", done
    done = subprocess.run(argv, capture_output=True, text=True)
    assert done.returncode == 60, done
    done = subprocess.run(argv + ["-k", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0"],
                          capture_output=True, text=True)
    assert done.returncode == 35, done


main(options, whole, with_upload, statuses, checksums, broken_line, chunked, once, terminate, override,
     keep_alive, curl)
