# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for a desktop's notifications on the test's own bus: writes what it is told to the file that it is given, a line each."""
import sys

from gi.repository import Gio, GLib

INTERFACE = Gio.DBusNodeInfo.new_for_xml("""<node><interface name="org.freedesktop.Notifications">
<method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
<arg type="s" direction="in"/><arg type="as" direction="in"/><arg type="a{sv}" direction="in"/><arg type="i" direction="in"/>
<arg type="u" direction="out"/></method>
<method name="CloseNotification"><arg type="u" direction="in"/></method>
<method name="GetCapabilities"><arg type="as" direction="out"/></method>
<method name="GetServerInformation"><arg type="s" direction="out"/><arg type="s" direction="out"/><arg type="s" direction="out"/>
<arg type="s" direction="out"/></method>
<signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
<signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal></interface></node>""").interfaces[0]

log = open(sys.argv[1], "w", encoding="utf-8", buffering=1)


def called(connection, sender, path, interface, method, parameters, invocation):
    if method == "Notify":
        log.write(f"notify {parameters.unpack()[3:]!r}\n")
        invocation.return_value(GLib.Variant("(u)", (7,)))
    elif method == "CloseNotification":
        log.write(f"close {parameters.unpack()[0]}\n")
        invocation.return_value(None)
    elif method == "GetCapabilities":
        invocation.return_value(GLib.Variant("(as)", (["body"],)))
    else:
        invocation.return_value(GLib.Variant("(ssss)", ("test", "test", "1", "1.2")))


def acquired(connection, name):
    log.write("ready\n")


bus = Gio.bus_get_sync(Gio.BusType.SESSION)
bus.register_object("/org/freedesktop/Notifications", INTERFACE, called)
Gio.bus_own_name_on_connection(bus, "org.freedesktop.Notifications", Gio.BusNameOwnerFlags.NONE, acquired, None)
GLib.MainLoop().run()
