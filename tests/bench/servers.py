# SPDX-License-Identifier: GPL-3.0-or-later
"""The servers of the upload rows, each on loopback and below one folder."""
import os
import pathlib
import shutil
import socket
import subprocess
import time

from harness import Absent, need
from people import scenario

NGINX = """daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log crit; {user}
events {{ worker_connections 4096; }}
http {{
  access_log off; client_max_body_size 0; client_body_temp_path {folder}/temp; proxy_temp_path {folder}/temp;
  fastcgi_temp_path {folder}/temp; uwsgi_temp_path {folder}/temp; scgi_temp_path {folder}/temp;
  server {{
    listen 127.0.0.1:{port}; listen 127.0.0.1:{tls} ssl; ssl_certificate {folder}/server.crt; ssl_certificate_key {folder}/server.key;
    location / {{ root {folder}/files; dav_methods PUT; create_full_put_path on; }}
  }}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, process):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if process.poll() is not None:
                raise RuntimeError(f"a server ended with {process.returncode}") from None
            time.sleep(0.05)
    raise RuntimeError("a server does not listen")


def npm_modules():
    need("node")
    folder = pathlib.Path(os.environ.get("SATCHEL_NPM") or pathlib.Path(
        os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "satchel/npm/node_modules")
    for name in ("@tus/server", "@tus/file-store", "tus-js-client"):
        if not (folder / name).is_dir():
            raise Absent(f"{name} is not installed")
    return folder


class Server:
    process = None

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)
            self.process = None

    def pids(self):
        """The server's process and its children."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def memory_mib(self, field="Pss"):
        """Memory of all its processes together; shared pages count once."""
        kib = 0
        for pid in self.pids():
            for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith(f"{field}:"):
                    kib += int(line.split()[1])
        return kib / 1024


class Nginx(Server):
    def __init__(self, folder):
        need("nginx", "openssl")
        for name in ("files", "temp"):
            (folder / name).mkdir(parents=True)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                        "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", folder / "server.key", "-out", folder / "server.crt"],
                       check=True, capture_output=True)
        self.folder, self.authority = folder, folder / "server.crt"
        self.port, self.tls = free_port(), free_port()
        # As root the workers would be another user, who may not write below the folder.
        user = "user root;" if os.getuid() == 0 else ""
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=self.port, tls=self.tls, user=user))
        self.process = subprocess.Popen(["nginx", "-e", folder / "error.log", "-c", folder / "nginx.conf", "-p", folder])
        wait_for(self.tls, self.process)

    def empty(self):
        shutil.rmtree(self.folder / "files")
        (self.folder / "files").mkdir()


class Tus(Server):
    def __init__(self, folder):
        self.modules, self.folder = npm_modules(), folder / "files"
        self.folder.mkdir(parents=True)
        self.process = subprocess.Popen(["node", pathlib.Path(__file__).parent / "tus-server.cjs", self.modules, self.folder],
                                        stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        wait_for(self.port, self.process)

    def empty(self):
        for path in self.folder.iterdir():
            path.unlink()


class Intake(Server):
    def __init__(self, bench, folder):
        scenario(bench)
        import intake_bench
        folder.mkdir(parents=True)
        self.inner = intake_bench.Intake(folder)
        self.inner.limit("connections", 4096)
        self.inner.limit("token-connections", 4096)
        self.inner.start()
        self.process, self.port = self.inner.process, self.inner.port
        self.authority = self.inner.folder / "ca.crt"
        self.token, self.context = self.inner.text("token.bearer").strip(), self.inner.tls

    def empty(self):
        """What was stored goes away behind its back; a file's content comes only once."""
        for path in (self.inner.folder / "mailboxes").glob("*/*.age"):
            path.unlink()
