# SPDX-License-Identifier: GPL-3.0-or-later
"""Uploads to the intake beside nginx and @tus/server, all on loopback.

The intake hashes every byte and makes it durable before it answers; the peers do neither. It speaks https alone."""
import functools
import random
import shutil
import socket
import ssl

from harness import MIB, Absent, need
from servers import Intake, Nginx, Tus

SMALL = 64 * 1024
COUNT = 1000
PARALLEL = 300


def curl(bench, *argv):
    return bench.run("curl", "-fsS", "-o", "/dev/null", *argv)


def authorize(intake):
    return ["--cacert", intake.authority, "-H", f"Authorization: Bearer {intake.token}", "-H", "Tus-Resumable: 1.0.0"]


def stamp(path, number):
    """The same file with another beginning: no server has seen it."""
    with open(path, "r+b") as file:
        file.write(random.Random(number).randbytes(32))


def upload_steps(bench, folder, source):
    """Name to a step that uploads the source and gives seconds; servers to be stopped."""
    servers, steps = [], {}
    intake = Intake(bench, folder / "intake")
    servers.append(intake)

    def to_intake(number):
        stamp(source, number)
        intake.empty()
        headers = ["-H", "Content-Type: application/offset+octet-stream", "-H", f"Upload-Length: {source.stat().st_size}", "-H", "Expect:"]
        return curl(bench, *authorize(intake), *headers, "-X", "POST", "-T", source, f"https://localhost:{intake.port}/uploads")["seconds"]
    steps["intake"] = to_intake
    try:
        nginx = Nginx(folder / "nginx")
        servers.append(nginx)

        def to_nginx(url, number):
            nginx.empty()
            return curl(bench, "--cacert", nginx.authority, "-H", "Expect:", "-T", source, f"{url}/upload")["seconds"]
        steps["nginx https"] = functools.partial(to_nginx, f"https://localhost:{nginx.tls}")
        steps["nginx http"] = functools.partial(to_nginx, f"http://127.0.0.1:{nginx.port}")
    except Absent as reason:
        bench.say(str(reason))
    try:
        tus = Tus(folder / "tus")
        servers.append(tus)

        def to_tus(_):
            tus.empty()
            return bench.run("node", bench.source / "tests/bench/tus-upload.cjs", tus.modules, f"http://127.0.0.1:{tus.port}/uploads",
                             source)["seconds"]
        steps["tus"] = to_tus
    except Absent as reason:
        bench.say(str(reason))
    return servers, steps


def upload(bench):
    """a large file over https beside curl -T to nginx and tus-js-client to @tus/server"""
    need("curl")
    for name, place in bench.each_place(5 * bench.size):
        folder = bench.scratch(place, "upload")
        source = bench.input(folder, bench.size)
        servers, steps = upload_steps(bench, folder, source)
        try:
            names = ("intake", "nginx https", "nginx http", "tus")
            mine, tls, bare, tus = bench.alternate(*(steps.get(n) for n in names))
        finally:
            for server in servers:
                server.stop()
        work = f"upload {bench.size // MIB} MiB, https, hashed and fsynced"
        bench.add("upload", work, name, mine, "s", "curl -T to nginx, https", tls, "faster", 0.65)
        bench.add("upload", work, name, mine, "s", "curl -T to nginx, http", bare)
        bench.add("upload", work, name, mine, "s", "tus-js-client, @tus/server, http", tus, "faster", 1.2)
        shutil.rmtree(folder)


def small_files(folder, number):
    """As many new files; their paths."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    noise = random.Random(f"small {number}")
    paths = [folder / f"{n:04d}" for n in range(COUNT)]
    for path in paths:
        path.write_bytes(noise.randbytes(SMALL))
    return paths


def all_at_once(bench, folder, paths, common, url_of):
    """One curl, many connections: uploads in a second, and the slowest in a hundred."""
    config = folder / "curl.conf"
    config.write_text("\nnext\n".join("\n".join([*common, f'upload-file = "{path}"', f'url = "{url_of(path)}"', 'output = "/dev/null"',
                                                   'header = "Expect:"', 'write-out = "%{http_code} %{time_total}\\n"'])
                                      for path in paths) + "\n")
    facts = bench.run("curl", "-sS", "-Z", "--parallel-immediate", "--parallel-max", PARALLEL, "-K", config)
    answers = [line.split() for line in facts["output"].splitlines()]
    good = sorted(float(seconds) for code, seconds in answers if code.startswith("2"))
    if len(good) != len(paths):
        raise RuntimeError(f"{len(paths) - len(good)} of {len(paths)} uploads were refused: {sorted({a[0] for a in answers})}")
    return {"rate": len(paths) / facts["seconds"], "p99": good[len(good) * 99 // 100] * 1000}


def small(bench):
    """1,000 uploads of 64 KiB, as many at once as curl does"""
    need("curl")
    for name, place in bench.each_place(1024 * MIB):
        folder = bench.scratch(place, "small")
        servers, steps = [], []
        tus_headers = ['request = "POST"', 'header = "Tus-Resumable: 1.0.0"', 'header = "Content-Type: application/offset+octet-stream"',
                       f'header = "Upload-Length: {SMALL}"']

        def step(server, common, url_of):
            def run(number):
                server.empty()
                return all_at_once(bench, folder, small_files(folder / "files", number), common, url_of)
            servers.append(server)
            return run

        def intake():
            server = Intake(bench, folder / "intake")
            return step(server, [f'cacert = "{server.authority}"', f'header = "Authorization: Bearer {server.token}"', *tus_headers],
                        lambda _: f"https://localhost:{server.port}/uploads")

        def tus():
            server = Tus(folder / "tus")
            return step(server, tus_headers, lambda _: f"http://127.0.0.1:{server.port}/uploads")

        def nginx():
            server = Nginx(folder / "nginx")
            return step(server, [f'cacert = "{server.authority}"'], lambda path: f"https://localhost:{server.tls}/{path.name}")
        try:
            steps = [intake(), bench.peer(tus), bench.peer(nginx)]
            mine, his, hers = bench.alternate(*steps)
        finally:
            for server in servers:
                server.stop()
        work, note = "1,000 uploads of 64 KiB, each fsynced", f"curl keeps {PARALLEL} at once; @tus/server over http, the others https"
        bench.add("small", work, name, mine["rate"], "/s", "@tus/server", his and his["rate"], "faster", 1.4, note)
        bench.add("small", work, name, mine["rate"], "/s", "nginx", hers and hers["rate"], note=note)
        bench.add("small", work + ", p99", name, mine["p99"], "ms", "@tus/server", his and his["p99"], "at most", 300, note)
        bench.add("small", work + ", p99", name, mine["p99"], "ms", "nginx", hers and hers["p99"], note=note)
        shutil.rmtree(folder)


def hold(port, context):
    """An open connection that has asked once and got its answer."""
    raw = socket.create_connection(("127.0.0.1", port), 30)
    tls = context.wrap_socket(raw, server_hostname="localhost")
    tls.sendall(b"HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    tls.recv(4096)
    return tls


def held_memory(server, context, count):
    kept = []
    try:
        for _ in range(count):
            kept.append(hold(getattr(server, "tls", server.port), context))
        return server.memory_mib()
    finally:
        for tls in kept:
            tls.close()


def connections(bench):
    """memory of the intake with 1,000 open connections"""
    folder = bench.scratch(bench.place("disk"), "connections")
    servers = []
    try:
        intake = Intake(bench, folder / "intake")
        servers.append(intake)
        bare = intake.memory_mib()
        mine = held_memory(intake, intake.context, COUNT)
        his = None
        try:
            nginx = Nginx(folder / "nginx")
            servers.append(nginx)
            his = held_memory(nginx, ssl.create_default_context(cafile=str(nginx.authority)), COUNT)
        except Absent as reason:
            bench.say(str(reason))
    finally:
        for server in servers:
            server.stop()
    bench.add("connections", "memory with 1,000 open TLS connections", "", mine, "MiB", "nginx", his, "at most", 40,
              f"proportional set size; the intake without any: {bare:.1f} MiB")
    shutil.rmtree(folder)


ROWS = {"upload": upload, "small": small, "connections": connections}
