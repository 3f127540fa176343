#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what: tokens, signatures, the proof, the newsroom's card."""
import hashlib
import http.client

from intake_bench import TYPE, main, noise, run, PAPERS


def tokens(intake):
    """bad tokens are refused, and say why"""
    table = [
        ({}, 401), ({"Authorization": "Bearer"}, 401), ({"Authorization": "Bearer AAAA"}, 401),
        ({"Authorization": "Basic AAAA"}, 401), (intake.bearer("foreign"), 401), (intake.bearer("expired"), 401),
        ({"Authorization": intake.bearer()["Authorization"][:-8]}, 401),
        (intake.bearer("revoked"), 201), (intake.bearer(), 201),
    ]
    for headers, status in table:
        answer = intake.tus("POST", "/uploads", headers | {"Upload-Length": "5"}, token=None)
        assert answer.status == status, (headers, answer)
        assert status == 201 or answer.json()["error"], answer
    intake.admit("newsroom2.card")
    answer = intake.tus("POST", "/uploads", {"Upload-Length": "5"}, token="revoked")
    assert answer.status == 403 and "took this upload token back" in answer.json()["error"], answer
    assert intake.tus("POST", "/uploads", {"Upload-Length": "5"}).status == 201


def reporters(intake):
    """a token uploads to the newsroom's mailbox and reads its own, nothing else"""
    news, own, other = (intake.text(n + ".mailbox") for n in ("newsroom", "token", "other"))
    sha = intake.upload(b"note")[1].headers["satchel-sha256"]
    create = {"Upload-Length": "4"}
    table = [
        ("POST", f"/mailboxes/{news}/uploads", create, 201), ("POST", f"/mailboxes/{own}/uploads", create, 403),
        ("POST", f"/mailboxes/{other}/uploads", create, 403),
        ("GET", f"/mailboxes/{own}", {}, 200), ("GET", f"/mailboxes/{other}", {}, 403),
        ("GET", f"/mailboxes/{news}", {}, 403), ("GET", f"/mailboxes/{news}/{sha}", {}, 403),
        ("DELETE", f"/mailboxes/{news}/{sha}", {}, 403), ("DELETE", f"/mailboxes/{own}/{sha}", {}, 403),
        ("POST", f"/mailboxes/{news}/{sha}/seen", {}, 403),
        ("GET", f"/receipts/{sha}", {}, 200), ("GET", f"/receipts/{sha}?mailbox={other}", {}, 403),
        ("GET", f"/receipts/{'0' * 64}", {}, 404), ("GET", "/newsroom", {}, 200), ("PUT", "/newsroom", {}, 403),
        ("GET", f"/mailboxes/{own.upper()}", {}, 404), ("GET", f"/mailboxes/../{own}", {}, 404),
    ]
    for method, target, headers, status in table:
        answer = intake.tus(method, target, headers)
        assert answer.status == status, (method, target, answer)


def signatures(intake):
    """a member's request is taken once, whole, within its minute"""
    target = f"/mailboxes/{intake.text('newsroom.mailbox')}?after=0"
    good = intake.signed("GET", target)
    assert intake.ask("GET", target, good).status == 200
    answer = intake.ask("GET", target, good)
    assert answer.status == 401 and "nonce" in answer.json()["error"], answer
    wrong = [
        ("GET", target, intake.signed("GET", target, key="stranger")),
        ("GET", target, intake.signed("GET", target, shift=-120)),
        ("GET", target, intake.signed("GET", target, shift=120)),
        ("GET", target, intake.signed("DELETE", target)),
        ("GET", target.replace("=0", "=1"), intake.signed("GET", target)),
        ("GET", target.split("?")[0], intake.signed("GET", target)),
        ("GET", target, intake.signed("GET", target) | {"Signature": "sig=:" + "A" * 86 + "==:"}),
        ("GET", target, {"Signature": "x"}),
        ("GET", target, {"Signature-Input": intake.signed("GET", target)["Signature-Input"]}),
    ]
    for method, where, headers in wrong:
        assert intake.ask(method, where, headers).status == 401, (where, headers)
    assert intake.ask("GET", target, wrong[0][2] | intake.bearer()).status == 401


def member_uploads(intake):
    """a member uploads to any mailbox; the body must be the one that was signed"""
    box = intake.text("other.mailbox")
    data = noise(100000)
    where = f"/mailboxes/{box}/uploads"
    tus = {"Tus-Resumable": "1.0.0", "Content-Length": "0"}
    answer = intake.member("POST", where, headers=tus | {"Upload-Length": "100000"})
    assert answer.status == 201, answer
    where = answer.headers["location"]
    tus = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": TYPE}
    assert intake.ask("PATCH", where, intake.signed("PATCH", where) | tus, data).status == 401
    answer = intake.ask("PATCH", where, intake.signed("PATCH", where, data) | tus, data[:-1] + b"!")
    assert answer.status == 460, answer
    answer = intake.ask("PATCH", where, intake.signed("PATCH", where, data) | tus, data)
    assert answer.status == 204 and intake.receipt(answer)[2] == box, answer
    assert intake.tus("HEAD", where).status == 404
    page = intake.tus("GET", f"/mailboxes/{box}", token="other").json()
    assert [e["size"] for e in page["entries"]] == [100000], page
    name = hashlib.sha256(data).hexdigest()
    assert intake.tus("GET", f"/mailboxes/{box}/{name}", token="other").body == data
    assert intake.tus("POST", f"/mailboxes/{box}/{name}/seen", token="other").status == 204


def restart(intake):
    """a request signed before the server's start is refused"""
    target = f"/mailboxes/{intake.text('newsroom.mailbox')}"
    old = intake.signed("GET", target, shift=-5)
    assert intake.ask("GET", target, old).status == 401
    assert intake.ask("GET", target, intake.signed("GET", target)).status == 200


def proof(intake):
    """the descriptor answers this question on this connection"""
    nonce = "5a" * 32
    line = intake.connect()
    certificate = hashlib.sha256(line.sock.getpeercert(True)).hexdigest()
    answer = intake.ask("GET", f"/.well-known/satchel?nonce={nonce}", connection=line)
    assert answer.status == 200, answer
    path = intake.base / "descriptor"
    path.write_bytes(answer.body)
    asked = ("descriptor", intake.folder / "intake.card", path)
    assert run(PAPERS, *asked, nonce, f"localhost:{intake.port}", certificate) == "fits\n"
    run(PAPERS, *asked, "5b" * 32, f"localhost:{intake.port}", certificate, code=1)
    run(PAPERS, *asked, nonce, "localhost", certificate, code=1)
    run(PAPERS, *asked, nonce, f"localhost:{intake.port}", "00" * 32, code=1)
    for bad in ("", "?nonce=", "?nonce=" + "A" * 64, "?nonce=" + "a" * 63):
        assert intake.ask("GET", "/.well-known/satchel" + bad).status == 400, bad
    assert intake.ask("GET", f"/.well-known/satchel?nonce={nonce}", {"Host": "evil.example"}).status == 421


def card(intake):
    """PUT /newsroom: higher numbers of the pinned lead"""
    first, second, foreign = (intake.text(n).encode() for n in ("newsroom.card", "newsroom2.card", "foreign.card"))
    assert intake.member("PUT", "/newsroom", first).status == 204
    assert intake.member("PUT", "/newsroom", foreign).status == 403
    assert intake.member("PUT", "/newsroom", second[:-1]).status in (400, 403)
    assert intake.member("PUT", "/newsroom", b"no card").status == 400
    assert intake.member("PUT", "/newsroom", b"x" * 600000).status == 413
    assert intake.member("PUT", "/newsroom", second).status == 204
    assert intake.member("PUT", "/newsroom", first).status == 409
    assert intake.member("GET", "/newsroom").body == second
    assert "is not above 2" in run_failing(intake, "newsroom.card", 4)
    assert "another desk lead" in run_failing(intake, "foreign.card", 4)


def run_failing(intake, name, code):
    import subprocess
    from intake_bench import INTAKE
    done = subprocess.run([INTAKE, "newsroom", intake.folder, intake.papers / name], capture_output=True, text=True)
    assert done.returncode == code and done.stdout == "", done
    return done.stderr


def local(intake):
    """health and metrics on the Unix socket, and there alone"""
    assert intake.local("/healthz").body == b"ok\n"
    assert b"satchel_intake_uploads_finished_total 0" in intake.local("/metrics").body
    assert intake.local("/newsroom").status == 404
    for path in ("/healthz", "/metrics"):
        assert intake.tus("GET", path).status == 404
    plain = http.client.HTTPConnection("127.0.0.1", intake.port, timeout=5)
    try:
        plain.request("GET", "/healthz")
        assert False, plain.getresponse().status
    except (OSError, http.client.HTTPException):
        pass


main(tokens, reporters, signatures, member_uploads, restart, proof, card, local)
