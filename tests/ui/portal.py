# SPDX-License-Identifier: GPL-3.0-or-later
"""A desktop with keys for every program, on the test's own session bus: its portal, as python-dbusmock plays it."""
import importlib.util
import json
import pathlib
import subprocess
import sys
import time

from scenario import Skip, expect

NAME, PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
TEMPLATE = pathlib.Path(__file__).with_name("portal_template.py")
PATIENCE = 20  # seconds

YES, NO, ENDED = 0, 1, 2


class Portal:
    def __init__(self, scratch, **parameters):
        """@parameters: version (0: a portal without shortcuts), says, words."""
        if importlib.util.find_spec("dbusmock") is None:
            raise Skip("python3-dbusmock is not installed")
        from gi.repository import Gio, GLib
        self.gio, self.glib, self.scratch, self.parameters = Gio, GLib, scratch, parameters
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        self.service = None
        scratch.closing.append(self.stop)
        self.start()

    def start(self):
        self.service = subprocess.Popen([sys.executable, "-m", "dbusmock", "--session", "--template", TEMPLATE,
                                         "--parameters", json.dumps(self.parameters)], env=self.scratch.env, stdout=subprocess.DEVNULL)
        self.wait_for_owner(True)

    def stop(self):
        if self.service is not None:
            self.service.terminate()
            self.service.wait(PATIENCE)
            self.wait_for_owner(False)
        self.service = None

    def wait_for_owner(self, wanted):
        end = time.monotonic() + PATIENCE
        while self.call("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "NameHasOwner", "(s)", NAME)[0] != wanted:
            expect(time.monotonic() < end, f"the portal's name on the bus: {not wanted}")
            time.sleep(0.05)

    def call(self, name, path, interface, method, signature="()", *arguments):
        return self.bus.call_sync(name, path, interface, method, self.glib.Variant(signature, arguments), None,
                                  self.gio.DBusCallFlags.NO_AUTO_START, PATIENCE * 1000, None).unpack()

    def mock(self, method, signature="()", *arguments):
        return self.call(NAME, PATH, "org.freedesktop.DBus.Mock", method, signature, *arguments)

    # --- What happens ---

    def press(self, id="lock"):
        self.mock("Press", "(s)", id)

    def rename(self, words):
        self.mock("Rename", "(s)", words)

    def take_away(self):
        self.mock("TakeAway")

    def say(self, says):
        self.mock("Say", "(i)", says)

    def look(self):
        """What it was asked: a dictionary of lists, registered, order, sessions, closed, bound."""
        return json.loads(self.mock("Look")[0])
