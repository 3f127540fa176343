# SPDX-License-Identifier: GPL-3.0-or-later
"""A person in front of the app: a display of its own (Xvfb), a bus of its own, real keys (xdotool), and the screen as a screen
reader has it (AT-SPI). Scenarios are written with tests/programs/scenario.py and this."""
import os
import re
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.environ.get("SATCHEL_SOURCE", "."), "tests", "programs"))
from scenario import PASSPHRASE, Skip, expect, need, run  # noqa: E402

APP = os.environ.get("SATCHEL_APP", "")
SIZE = os.environ.get("SATCHEL_UI_SIZE", "1100x760")
PATIENCE = int(os.environ.get("SATCHEL_UI_PATIENCE", 60))  # seconds, on a loaded machine

WINDOWS = {"frame", "dialog"}
# What can have the focus and says nothing of itself: what is in it is read.
FRAMES = {"scroll pane", "panel"}
# libadwaita 1.2 names no button that sends a message away.
TOAST = "AdwToastWidget"
# GTK calls what has no name by its type.
TYPE_NAME = re.compile(r"(Gtk|Adw|Satchel)[A-Z]\w*")


def restart_on_own_bus():
    """Runs this script again with its own display and session bus: AT-SPI keeps to the bus it first met."""
    if os.environ.get("SATCHEL_UI_INSIDE"):
        return
    for program in ("xvfb-run", "xdotool", "dbus-run-session"):
        if shutil.which(program) is None:
            print(f"1..0 # SKIP {program} is not installed")
            sys.exit(0)
    try:
        import gi
        gi.require_version("Atspi", "2.0")
    except (ImportError, ValueError):
        print("1..0 # SKIP the introspection of AT-SPI is not installed")
        sys.exit(0)
    # Standard output is the test's; what the bus starts writes there as well, and is let go to standard error.
    os.environ["SATCHEL_UI_OUTPUT"] = str(os.dup(1))
    os.set_inheritable(int(os.environ["SATCHEL_UI_OUTPUT"]), True)
    os.dup2(2, 1)
    environment = {**os.environ, "SATCHEL_UI_INSIDE": "1", "GTK_A11Y": "atspi", "GSK_RENDERER": "cairo", "GDK_BACKEND": "x11",
                   "GSETTINGS_BACKEND": "memory", "NO_AT_BRIDGE": "0"}
    # Without -noreset the display starts anew when its last client goes, and turns away who comes at that moment.
    os.execvpe("xvfb-run", ["xvfb-run", "-a", "-s", f"-screen 0 {SIZE}x24 -noreset", "dbus-run-session", "--", sys.executable, *sys.argv],
               environment)


class Screen:
    """One run of the app on a person's vault."""

    # What a text on the screen may be called by a test: in other languages also what it is in English.
    readings = staticmethod(lambda own: [own])

    def __init__(self, scratch, vault, files=(), **environment):
        """@files: handed over on the command line."""
        need("xdotool")
        import gi
        gi.require_version("Atspi", "2.0")
        from gi.repository import Atspi, GLib
        self.atspi, self.Gone = Atspi, GLib.Error
        self.scratch, self.vault = scratch, vault
        self.environment = {**scratch.env, **environment}
        self.log = open(scratch.folder / "app.log", "ab")
        self.process = subprocess.Popen([APP, "--vault", vault, *files], env=self.environment, stdout=self.log, stderr=self.log)
        self.had_focus = None
        scratch.closing.append(self.end)

    def end(self, how=signal.SIGTERM):
        """@how 0: it is ending already."""
        if self.process.poll() is None:
            if how:
                self.process.send_signal(how)
            self.process.wait(PATIENCE)
        self.log.close()
        return self.process.returncode

    def said(self):
        return (self.scratch.folder / "app.log").read_text(errors="replace")[-2000:]

    # --- What is on the screen ---

    def application(self):
        desktop = self.atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(i)
            if child is not None and child.get_process_id() == self.process.pid:
                return child
        return None

    def walk(self, node=None, but=None):
        """Every node that is showing, the outer ones first, without what is in @but."""
        if node is None:
            node = self.application()
            if node is None:
                return
        try:
            if not node.get_state_set().contains(self.atspi.StateType.VISIBLE) and node.get_role_name() != "application":
                return
            yield node
            count = node.get_child_count()
        except Exception:  # it went while it was looked at
            return
        # All at once: GTK 4.8 falls over when it is asked for a window that has closed since they were counted.
        children = []
        for i in range(count):
            try:
                children.append(node.get_child_at_index(i))
            except Exception:
                continue
        for child in children:
            if child is not None and child != but:
                yield from self.walk(child, but)

    def is_called(self, node, name, part=False):
        return any(name in own if part else own == name for own in self.readings(node.get_name() or ""))

    def look(self, name, role=None, part=False):
        for node in self.walk():
            try:
                if self.is_called(node, name, part) and (role is None or node.get_role_name() == role):
                    return node
            except Exception:
                continue
        return None

    def wait(self, condition, what):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            expect(self.process.poll() is None, f"the app ended while waiting for {what}: exit {self.process.returncode}, {self.said()}")
            try:
                found = condition()
            except self.Gone:  # it went while it was looked at
                found = None
            if found:
                return found
            time.sleep(0.1)
        raise AssertionError(f"waited in vain for {what}; on the screen: {self.texts()}")

    def find(self, name, role=None, part=False):
        return self.wait(lambda: self.look(name, role, part), f"{role or 'anything'} named {name!r}")

    def find_like(self, pattern):
        """The text of a label that the whole of @pattern fits."""
        def look():
            for node in self.walk():
                try:
                    if node.get_role_name() == "label" and re.fullmatch(pattern, node.get_name() or ""):
                        return node.get_name()
                except Exception:
                    continue
            return None
        return self.wait(look, f"a label like {pattern}")

    def gone(self, name, role=None):
        self.wait(lambda: self.look(name, role) is None, f"{name!r} to go")

    def texts(self):
        found = []
        for node in self.walk():
            try:
                if node.get_name():
                    found.append(f"{node.get_role_name()}: {node.get_name()}")
            except Exception:
                continue
        return found

    def said_in_rows(self, name):
        """All that stands in the rows of this name: there may be one in several lists."""
        rows = [node for node in self.walk() if node.get_role_name() == "list item" and self.is_called(node, name)]
        return " ".join(f"{node.get_name()} {node.get_description()}" for row in rows for node in self.walk(row))

    def text_of(self, node):
        interface = node.get_text_iface()
        return interface.get_text(0, interface.get_character_count())

    def windows(self):
        """The newest first: a dialog before what it stands over."""
        application = self.application()
        return [application.get_child_at_index(i) for i in reversed(range(application.get_child_count()))] if application else []

    def focused(self):
        """Without a window manager a window below goes on saying that it has the focus."""
        for window in self.windows():
            node = self.focused_in(window)
            if node is not None:
                self.had_focus = node
                return node
        return None

    def focused_in(self, window):
        """From what had the focus outwards: it seldom goes far, and a report has a thousand nodes."""
        around, done = self.had_focus, None
        if around is not None and self.window_of(around) == window:
            while around != window:
                for node in self.walk(around, done):
                    if self.is_focused(node):
                        return node
                around, done = around.get_parent(), around
        return next((node for node in self.walk(window, done) if self.is_focused(node)), None)

    def window_of(self, node):
        """None where it is gone."""
        try:
            above = node.get_parent()
            while above is not None and above.get_role_name() != "application":
                node, above = above, above.get_parent()
            return node if above is not None else None
        except Exception:
            return None

    def unnamed(self, inside=None):
        """Controls on the screen that a screen reader could not call by anything, or by nothing but what they are made of."""
        return [fault for node in self.walk(inside) for fault in self.faults(node)]

    def faults(self, node):
        """What is wrong with a window or a control as a screen reader has it, in a sentence each."""
        try:
            parent = node.get_parent()
            if parent is None:
                return []
            find = self.faults_of_window if parent.get_role_name() == "application" else self.faults_of_control
            return [f"{fault}: {self.path_of(node)}" for fault in find(node, parent)]
        except self.Gone:  # it went while it was looked at
            return []

    def faults_of_window(self, node, _):
        if not node.get_name() or TYPE_NAME.fullmatch(node.get_name()):
            yield "no title"
        if node.get_role_name() not in WINDOWS:
            yield "not a window"

    def faults_of_control(self, node, parent):
        role, name = node.get_role_name(), node.get_name() or ""
        if role in FRAMES or not node.get_state_set().contains(self.atspi.StateType.FOCUSABLE) or not self.has_size(node):
            return
        if self.is_choice(node) or parent.get_name() == TOAST:
            return
        if not name or TYPE_NAME.fullmatch(name):
            yield "no name"
        if role in ("filler", "unknown"):
            yield "no role"
        if re.fullmatch(r"(.+) \1", name) and not self.is_written(node, name[:len(name) // 2]):
            yield "its name twice"

    def is_choice(self, node):
        """What is chosen, as a drop down or a combo row shows it: only that comes to have the focus. It has no name in GTK 4.8."""
        if node.get_name() == "GtkListItemWidget":
            return True
        if node.get_name() or node.get_role_name() != "list item":
            return False
        # What there is to choose from scrolls.
        while node is not None and node.get_role_name() not in ("combo box", "scroll pane"):
            node = node.get_parent()
        return node is not None and node.get_role_name() == "combo box"

    def is_written(self, node, text):
        """GTK 4.8 says twice what is written on a button with an underscore."""
        return any(inner.get_role_name() == "label" and inner.get_name() == text for inner in self.walk(node))

    def has_size(self, node):
        """What was never on the screen has none."""
        component = node.get_component_iface()
        box = component.get_extents(self.atspi.CoordType.WINDOW) if component else None
        return box is not None and box.width > 0 and box.height > 0

    def path_of(self, node):
        names = []
        while node is not None and node.get_role_name() != "application":
            names.append(f"{node.get_role_name()}[{node.get_name() or ''}]")
            node = node.get_parent()
        return " < ".join(names)

    # --- Hands ---

    def hand_over(self, *files):
        """As a file manager does: the second start hands the files to the first, and ends."""
        done = run(APP, "--vault", self.vault, *files, env=self.environment)
        expect(done.returncode == 0, f"the second start: exit {done.returncode}, {done.stderr.decode()}")

    def key(self, *keys):
        for key in keys:
            subprocess.run(["xdotool", "key", "--clearmodifiers", key], check=True)
            time.sleep(0.05)

    def hold(self, key, until, what):
        """Down until @until is so."""
        subprocess.run(["xdotool", "keydown", key], check=True)
        try:
            return self.wait(until, what)
        finally:
            subprocess.run(["xdotool", "keyup", key], check=True)

    def type(self, text):
        subprocess.run(["xdotool", "type", "--delay", "12", text], check=True)

    def press(self, name, role=None, part=False):
        """As a screen reader's user does: of what is called so, the first that can be pressed."""
        self.wait(lambda: self.pressable(name, role, part), f"{role or 'anything'} named {name!r} that can be pressed").do_action(0)

    def pressable(self, name, role, part):
        for node in (node for window in self.windows() for node in self.walk(window)):
            try:
                if self.is_called(node, name, part) and (role is None or node.get_role_name() == role):
                    action = node.get_action_iface()
                    if action.get_n_actions() > 0:
                        return action
            except Exception:
                continue
        return None

    def tab_to(self, name, limit=80, key="Tab", part=False):
        for _ in range(limit):
            node = self.focused()
            if node is not None and self.is_called(node, name, part):
                return node
            self.key(self.arrow_to(node, name) or key)
        raise AssertionError(f"no number of Tabs leads to {name!r}; on the screen: {self.texts()}")

    def choose(self, row, limit=80):
        """A row with a round button, above what has the focus."""
        for _ in range(limit):
            node = self.focused()
            if node is not None and self.is_called(node, row):
                self.key("space")
                self.wait(lambda: self.is_checked(row), f"{row!r} to be chosen")
                return
            self.key("shift+Tab")
        raise AssertionError(f"no number of Shift+Tabs leads to {row!r}; on the screen: {self.texts()}")

    def is_checked(self, name):
        node = self.look(name, "check box") or self.look(name, "radio button")
        return node is not None and node.get_state_set().contains(self.atspi.StateType.CHECKED)

    def arrow_to(self, node, name):
        """Tab leaves the sidebar: in it arrows go from section to section. None where neither is one."""
        sections = node.get_parent() if node is not None else None
        if sections is None or not self.is_called(sections, "Sections"):
            return None
        rows = [sections.get_child_at_index(i) for i in range(sections.get_child_count())]
        wanted = [self.is_called(row, name) for row in rows]
        names = [row.get_name() for row in rows]
        if not any(wanted) or node.get_name() not in names:
            return None
        return "Down" if names.index(node.get_name()) < wanted.index(True) else "Up"

    def shot(self, path):
        if shutil.which("import"):
            subprocess.run(["import", "-window", "root", str(path)], check=False)

    # --- What every scenario does ---

    def ready(self, name):
        """Until the text of this name has the focus: keys before that go nowhere."""
        self.wait(lambda: self.has_focus(name), f"the focus in {name!r}")
        time.sleep(0.2)

    def has_focus(self, name):
        """In whichever window: each has a focus of its own."""
        return any(self.is_inside(node, name) for node in self.walk() if self.is_focused(node))

    def is_focused(self, node):
        try:
            return node.get_state_set().contains(self.atspi.StateType.FOCUSED)
        except Exception:
            return False

    def is_inside(self, node, name):
        while node is not None and node.get_role_name() != "frame":
            if self.is_called(node, name, part=True):
                return True
            node = node.get_parent()
        return False

    def unlock(self, passphrase):
        self.ready("Passphrase")
        self.type(passphrase)
        self.key("Return")
        self.find("Reports")

    def open_row(self, name, of):
        """Tab leads into the list called @of, arrows to its row, Return opens it."""
        for key in ["Tab"] * 40:
            node = self.focused()
            if node is not None and node.get_parent() is not None and node.get_parent().get_name() == of:
                break
            self.key(key)
        self.key("Home")
        for _ in range(60):
            node = self.focused()
            if node is not None and name in (node.get_name() or ""):
                self.key("Return")
                return
            self.key("Down")
        raise AssertionError(f"no row {name!r} in {of!r}; on the screen: {self.texts()}")

    def section(self, name):
        """By its key: Alt and where it stands in the sidebar."""
        sections = self.find("Sections", "list")
        rows = [sections.get_child_at_index(i) for i in range(sections.get_child_count())]
        places = [place for place, row in enumerate(rows, 1) if self.is_called(row, name)]
        expect(places, f"no section {name!r} among {[row.get_name() for row in rows]}")
        self.key(f"alt+{places[0]}")

    def choose_file(self, path):
        """Through GTK's own file chooser, which a screen reader does not see here: a slash begins a path."""
        time.sleep(2)
        self.type(str(path))
        time.sleep(1)
        self.key("Return")

    def attach(self, path):
        self.key("ctrl+shift+o")
        self.find("Attach Files", part=True)
        self.choose_file(path)

    def begin_note(self, text):
        self.key("ctrl+n")
        self.ready("Text")
        self.type(text)


def opened(scratch, person):
    """The app on a person's vault, unlocked."""
    screen = Screen(scratch, person.vault)
    screen.unlock(PASSPHRASE)
    screen.find("Sections", "list")
    return screen


def offer_text(scratch, text, clipboard="clipboard"):
    """Somebody else's window, from which the text was copied; @clipboard "primary_clipboard": in which it is selected."""
    program = ("import sys, gi\ngi.require_version('Gtk', '4.0')\nfrom gi.repository import Gtk, Gdk, GLib\nGtk.init()\n"
               f"clipboard = Gdk.Display.get_default().get_{clipboard}()\nclipboard.set(sys.stdin.read())\nprint('there', flush=True)\n"
               "clipboard.connect('changed', lambda c: None if c.is_local() else sys.exit(0))\nGLib.MainLoop().run()\n")
    process = subprocess.Popen(["/usr/bin/python3", "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, env=scratch.env)
    process.stdin.write(text.encode())
    process.stdin.close()
    scratch.closing.append(process.kill)
    if process.stdout.readline() != b"there\n":
        raise Skip("the introspection of GTK 4 is not installed")
    return process


DRAGGED_FROM = """import sys, gi
gi.require_version('Gtk', '4.0')
from gi.repository import Gtk, Gdk, GLib, GObject
Gtk.init()
value = GObject.Value(str, sys.stdin.read())
source = Gtk.DragSource(actions=Gdk.DragAction.COPY, content=Gdk.ContentProvider.new_for_value(value))
def say(word): print(word, flush=True)
def begun(source, drag):
    say('begun')
    drag.connect('notify::selected-action', lambda drag, pspec: say('accepted' if drag.get_selected_action() else 'refused'))
source.connect('drag-begin', begun)
source.connect('drag-end', lambda source, drag, delete: say('ended'))
window = Gtk.Window(title=sys.argv[1], decorated=False, child=Gtk.Label(label='Text', width_request=60, height_request=24))
window.get_child().add_controller(source)
window.connect('map', lambda window: GLib.idle_add(say, 'there'))
window.present()
GLib.MainLoop().run()
"""


class Dragged:
    """Text in somebody else's window, at the lower edge of the screen, that is dragged from there with the pointer."""

    def __init__(self, scratch, text, title="Somebody else"):
        self.process = subprocess.Popen(["/usr/bin/python3", "-c", DRAGGED_FROM, title], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, env=scratch.env)
        self.process.stdin.write(text.encode())
        self.process.stdin.close()
        scratch.closing.append(self.end)
        if self.process.stdout.readline() != b"there\n":
            raise Skip("the introspection of GTK 4 is not installed")
        os.set_blocking(self.process.stdout.fileno(), False)
        self.said = "there"
        window = subprocess.run(["xdotool", "search", "--name", f"^{title}$"], capture_output=True, check=True).stdout.split()[-1]
        width, height = (int(part) for part in SIZE.split("x"))
        self.place = width - 40, height - 12
        subprocess.run(["xdotool", "windowmove", window, str(width - 80), str(height - 28), "windowraise", window], check=True)

    def last_word(self):
        self.said = ([self.said] + (self.process.stdout.read() or b"").decode().split())[-1]
        return self.said

    def drop_on(self, screen, node):
        """Over the middle of @node."""
        box = node.get_component_iface().get_extents(screen.atspi.CoordType.WINDOW)
        middle = box.x + box.width // 2, box.y + box.height // 2
        self.move(self.place)
        subprocess.run(["xdotool", "mousedown", "1"], check=True)
        try:
            self.until(screen, "begun", self.place)
            self.until(screen, "accepted", middle)
        finally:
            subprocess.run(["xdotool", "mouseup", "1"], check=True)
        screen.wait(lambda: self.last_word() == "ended", "the drop to be taken")

    def until(self, screen, word, place):
        """The pointer goes to and fro there: what is dragged is offered when it moves."""
        steps = iter(range(10000))

        def look():
            step = next(steps) % 8
            self.move((place[0] - 24 + 4 * step, place[1] + step % 2))
            return self.last_word() == word
        screen.wait(look, f"what is dragged to be {word}")

    def move(self, place):
        subprocess.run(["xdotool", "mousemove", *(str(part) for part in place)], check=True)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


def main(names):
    import scenario
    restart_on_own_bus()
    os.dup2(int(os.environ["SATCHEL_UI_OUTPUT"]), 1)
    # GTK 4.8 can fall when a screen reader asks about a window that is just going, which no app can mend, and which a busy machine
    # makes likelier. A fault of the app's own is there the second time as well.
    scenario.main(names, tries=2)


__all__ = ["Dragged", "Screen", "Skip", "main", "offer_text", "opened"]
