# SPDX-License-Identifier: GPL-3.0-or-later
"""A real sound server without a sound card: what is played goes into a monitor."""
import array
import math
import os
import subprocess
import time

from scenario import expect, need, run

SETUP = """
load-module module-native-protocol-unix socket={socket} auth-anonymous=1
load-module module-null-sink sink_name=out rate=48000
set-default-sink out
"""
# A room in which somebody whistles one tone.
MICROPHONE = """
load-module module-null-sink sink_name=room rate=48000
load-module module-sine sink=room frequency=440
load-module module-remap-source master=room.monitor source_name=microphone
set-default-source microphone
"""


class SoundServer:
    def __init__(self, scratch, has_microphone=False):
        need("pulseaudio")
        need("parec")
        self.folder = scratch.folder / "pulse"
        self.folder.mkdir(exist_ok=True)
        self.socket = self.folder / "native"
        (self.folder / "setup.pa").write_text(SETUP.format(socket=self.socket) + (MICROPHONE if has_microphone else ""))
        self.environment = {"PULSE_SERVER": f"unix:{self.socket}"}
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(
            ["pulseaudio", "-n", "-F", self.folder / "setup.pa", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1",
             "--disable-shm", "--realtime=no", "--high-priority=no"],
            env={**scratch.env, "XDG_RUNTIME_DIR": str(self.folder), "HOME": str(self.folder)}, stdout=self.log, stderr=self.log)
        scratch.closing.append(self.end)
        end = time.monotonic() + 20
        while not self.socket.exists():
            expect(time.monotonic() < end and self.process.poll() is None, (self.folder / "log").read_text()[-500:])
            time.sleep(0.1)

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)
        self.log.close()

    def control(self, *words):
        run("pactl", *words, env={**self.environment, "PATH": os.environ["PATH"], "HOME": str(self.folder)})

    def loudness(self, seconds=1.0):
        """Of what is played just now: 0 for silence, 1 for as loud as it can be."""
        heard = subprocess.Popen(["parec", "--device=out.monitor", "--format=s16le", "--rate=48000", "--channels=1", "--raw"],
                                 env={**self.environment, "HOME": str(self.folder)}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        samples = array.array("h", heard.stdout.read(int(48000 * seconds) * 2))
        heard.kill()
        heard.wait()
        return math.sqrt(sum(s * s for s in samples) / max(len(samples), 1)) / 32768
