# SPDX-License-Identifier: GPL-3.0-or-later
"""What python-dbusmock plays for portal.py: a desktop's portal for global shortcuts, as its documentation has it."""
import json

import dbus
import dbusmock.mockobject
from dbusmock import MOCK_IFACE
from gi.repository import GLib

BUS_NAME = "org.freedesktop.portal.Desktop"
MAIN_OBJ = "/org/freedesktop/portal/desktop"
MAIN_IFACE = "org.freedesktop.portal.GlobalShortcuts"
SYSTEM_BUS = False


def load(mock, parameters):
    mock.state = {"registered": [], "order": [], "sessions": [], "closed": [], "bound": []}
    mock.says, mock.words = parameters.get("says", 0), parameters.get("words", "Press Super+Shift+L")
    if parameters.get("version", 1):
        mock.AddProperty(MAIN_IFACE, "version", dbus.UInt32(parameters.get("version", 1)))


def answer(mock, sender, options, says, results):
    """At the path that was foretold, once the call has been answered."""
    path = f"{MAIN_OBJ}/request/{sender[1:].replace('.', '_')}/{options['handle_token']}"

    def emit():
        mock.EmitSignalDetailed("org.freedesktop.portal.Request", "Response", "ua{sv}", [dbus.UInt32(says), dbus.Dictionary(results, "sv")],
                                {"path": path, "destination": sender})
        return False

    GLib.timeout_add(50, emit)
    return dbus.ObjectPath(path)


def shortcuts(mock):
    return dbus.Array([dbus.Struct((id, dbus.Dictionary({"description": description, "trigger_description": mock.words}, "sv")), signature="sa{sv}")
                       for id, description, _ in mock.state["bound"][-1:]], "(sa{sv})")


@dbus.service.method("org.freedesktop.host.portal.Registry", in_signature="sa{sv}", sender_keyword="sender")
def Register(self, name, options, sender=None):
    self.state["order"].append("Register")
    self.state["registered"].append(str(name))


@dbus.service.method(MAIN_IFACE, in_signature="a{sv}", out_signature="o", sender_keyword="sender")
def CreateSession(self, options, sender=None):
    self.state["order"].append("CreateSession")
    path = f"{MAIN_OBJ}/session/{sender[1:].replace('.', '_')}/{options['session_handle_token']}"
    # The session lives in an object of its own, which knows nothing of this one but where it is.
    close = f"import dbusmock.mockobject; dbusmock.mockobject.objects[{MAIN_OBJ!r}].state['closed'].append(self.path)"
    self.AddObject(path, "org.freedesktop.portal.Session", {}, [("Close", "", "", close)])
    self.state["sessions"].append(path)
    self.owner = sender
    return answer(self, sender, options, 0, {"session_handle": path})


@dbus.service.method(MAIN_IFACE, in_signature="oa(sa{sv})sa{sv}", out_signature="o", sender_keyword="sender")
def BindShortcuts(self, session, wanted, parent, options, sender=None):
    self.state["order"].append("BindShortcuts")
    if str(session) != self.state["sessions"][-1]:
        raise dbus.exceptions.DBusException("Invalid session", name="org.freedesktop.DBus.Error.AccessDenied")
    [(id, properties)] = wanted
    self.state["bound"].append((str(id), str(properties["description"]), str(properties["preferred_trigger"])))
    return answer(self, sender, options, self.says, {} if self.says else {"shortcuts": shortcuts(self)})


def emit(self, name, signature, arguments, path=MAIN_OBJ, interface=MAIN_IFACE):
    self.EmitSignalDetailed(interface, name, signature, arguments, {"path": path, "destination": self.owner})


@dbus.service.method(MOCK_IFACE, in_signature="s", out_signature="")
def Press(self, id):
    emit(self, "Activated", "osta{sv}", [dbus.ObjectPath(self.state["sessions"][-1]), id, dbus.UInt64(7), dbus.Dictionary({}, "sv")])


@dbus.service.method(MOCK_IFACE, in_signature="s", out_signature="")
def Rename(self, words):
    self.words = str(words)
    emit(self, "ShortcutsChanged", "oa(sa{sv})", [dbus.ObjectPath(self.state["sessions"][-1]), shortcuts(self)])


@dbus.service.method(MOCK_IFACE, in_signature="", out_signature="")
def TakeAway(self):
    emit(self, "Closed", "a{sv}", [dbus.Dictionary({}, "sv")], self.state["sessions"][-1], "org.freedesktop.portal.Session")


@dbus.service.method(MOCK_IFACE, in_signature="i", out_signature="")
def Say(self, says):
    self.says = int(says)


@dbus.service.method(MOCK_IFACE, in_signature="", out_signature="s")
def Look(self):
    return json.dumps(self.state)
