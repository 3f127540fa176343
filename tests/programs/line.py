# SPDX-License-Identifier: GPL-3.0-or-later
"""A line to an intake that counts, holds and breaks at chosen bytes."""
import socket
import subprocess
import threading

from scenario import Newsroom, expect


class Line:
    """Carries connections to an intake, counts what goes up and down, and holds everything once so many bytes went "up" or "down",
    or with the first "answer" after so many went up."""

    def __init__(self, scratch, port, target):
        self.target, self.up, self.down = target, 0, 0
        self.hold, self.held, self.broken = {}, threading.Event(), threading.Event()
        self.lock, self.open = threading.Lock(), []
        self.has_come, self.passes = threading.Event(), threading.Event()
        self.passes.set()
        self.socket = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self.accept, daemon=True).start()
        scratch.closing.append(self.close)

    def accept(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            self.has_come.set()
            self.passes.wait()
            try:
                server = socket.create_connection(("127.0.0.1", self.target), 10)
            except OSError:
                client.close()
                continue
            with self.lock:
                self.open += [client, server]
            for way, source, sink in (("up", client, server), ("down", server, client)):
                threading.Thread(target=self.pump, args=(way, source, sink), daemon=True).start()

    def pump(self, way, source, sink):
        try:
            while content := source.recv(65536):
                with self.lock:
                    count = getattr(self, way) + len(content)
                    setattr(self, way, count)
                is_last_answer = way == "down" and self.up >= self.hold.get("answer", self.up + 1)
                if is_last_answer or count >= self.hold.get(way, count + 1):
                    self.held.set()
                if self.held.is_set():
                    self.broken.wait()
                    break
                sink.sendall(content)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def hold_at(self, way, count):
        self.reset()
        self.hold = {way: count}

    def wait_held(self):
        expect(self.held.wait(60), f"the line was not held: {self.up} bytes up, {self.down} down")

    def reset(self):
        """Breaks what is open, and counts from zero; what comes afterwards passes."""
        self.hold = {}
        self.broken.set()
        with self.lock:
            ends, self.open = self.open, []
        for end in ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.held, self.broken, self.up, self.down = threading.Event(), threading.Event(), 0, 0

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.reset()


class BehindLine(Newsroom):
    """The newsroom's intake serves elsewhere; at its address is the line."""

    def __init__(self, scratch):
        super().__init__(scratch, lawyer=False)
        self.address = self.intake.port
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.intake.port = probe.getsockname()[1]
        self.intake.start()
        self.line = Line(scratch, self.address, self.intake.port)
        self.scratch = scratch

    def start_process(self, person, *argv):
        return subprocess.Popen([str(a) for a in person.argv(*argv)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env=self.scratch.env)
