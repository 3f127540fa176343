# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine below the desktop: a system bus of a test's own, with logind and UPower as python-dbusmock plays them."""
import importlib.util
import subprocess
import sys
import time

from scenario import Skip, expect

LOGIN = ("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")
SESSION = ("org.freedesktop.login1", "/org/freedesktop/login1/session/auto", "org.freedesktop.login1.Session")
POWER = ("org.freedesktop.UPower", "/org/freedesktop/UPower", "org.freedesktop.UPower")
MOCK = "org.freedesktop.DBus.Mock"
PATIENCE = 20  # seconds

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=%s</listen>
  <policy context="default">
    <allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/><allow user="*"/>
  </policy>
</busconfig>
"""


class Machine:
    def __init__(self, scratch, with_services=True):
        if importlib.util.find_spec("dbusmock") is None:
            raise Skip("python3-dbusmock is not installed")
        from gi.repository import Gio, GLib
        self.gio, self.glib, self.scratch = Gio, GLib, scratch
        self.services = {}
        self.address = f"unix:path={scratch.folder}/system-bus"
        config = scratch.file("system-bus.conf", BUS % f"{scratch.folder}/system-bus")
        self.daemon = subprocess.Popen(["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile", "--print-address"],
                                       stdout=subprocess.PIPE)
        scratch.closing.append(self.end)
        expect(self.daemon.stdout.readline(), "the system bus did not start")
        flags = Gio.DBusConnectionFlags
        self.bus = Gio.DBusConnection.new_for_address_sync(self.address, flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION)
        if with_services:
            self.start("logind")
            self.start("upower")
        self.environment = {"DBUS_SYSTEM_BUS_ADDRESS": self.address}

    def end(self):
        for name in list(self.services):
            self.stop(name)
        self.daemon.terminate()
        self.daemon.wait(PATIENCE)
        self.daemon.stdout.close()

    # --- Services come and go ---

    def start(self, name):
        self.services[name] = subprocess.Popen([sys.executable, "-m", "dbusmock", "--system", "--template", name],
                                               env={**self.scratch.env, "DBUS_SYSTEM_BUS_ADDRESS": self.address},
                                               stdout=subprocess.DEVNULL)
        owner = LOGIN if name == "logind" else POWER
        end = time.monotonic() + PATIENCE
        while not self.call(("org.freedesktop.DBus", "/", "org.freedesktop.DBus"), "NameHasOwner", "(s)", owner[0])[0]:
            expect(time.monotonic() < end, f"the mock of {name} did not start")
            time.sleep(0.05)
        if name == "logind":
            # The real one knows which session asks, and answers with its path; the mock makes one of what was asked for.
            self.mock(LOGIN, "AddSession", "(ssusb)", "auto", "seat0", 1000, "reporter", True)

    def stop(self, name):
        service = self.services.pop(name)
        service.terminate()
        service.wait(PATIENCE)

    # --- What is asked of them ---

    def call(self, whom, method, signature="()", *arguments):
        name, path, interface = whom
        return self.bus.call_sync(name, path, interface, method, self.glib.Variant(signature, arguments), None,
                                  self.gio.DBusCallFlags.NO_AUTO_START, PATIENCE * 1000, None).unpack()

    def mock(self, whom, method, signature, *arguments):
        return self.call((whom[0], whom[1], MOCK), method, signature, *arguments)

    def set(self, whom, **properties):
        values = {name: self.glib.Variant("b", value) for name, value in properties.items()}
        self.mock(whom, "UpdateProperties", "(sa{sv})", whom[2], values)

    def inhibitors(self):
        """Who holds a suspension up."""
        return [who for what, who, _, mode, _, _ in self.call(LOGIN, "ListInhibitors")[0] if "sleep" in what and mode == "delay"]

    # --- What happens ---

    def prepare_for_sleep(self, begins):
        self.mock(LOGIN, "EmitSignal", "(sssav)", LOGIN[2], "PrepareForSleep", "b", [self.glib.Variant("b", begins)])

    def lock(self):
        self.call(SESSION, "Lock")

    def locked_hint(self):
        self.set(SESSION, LockedHint=True)

    def other_user(self):
        self.set(SESSION, Active=False)

    def close_lid(self):
        self.set(POWER, LidIsClosed=True)

    def open_all(self):
        """As it is when somebody is back."""
        self.set(SESSION, LockedHint=False, Active=True)
        self.set(POWER, LidIsClosed=False)
