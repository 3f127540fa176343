# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page and state of the app. A new page is a function below and a line in WALKS.

A walk goes through the app as one person has it, and calls stage.shot ("name") where something is to be looked at; it must find its
way at 360 pixels too (stage.section (), stage.back ()). shots.py photographs what the walks come to, 19-everything.py reads it as a
screen reader does."""
import os
import pathlib
import signal
import subprocess

from driver import Screen
from scenario import PASSPHRASE, Skip
from sound_server import SoundServer
from world import World

SCHEMAS = pathlib.Path(os.environ.get("SATCHEL_APP", ".")).resolve().parents[2] / "data"
SETTINGS = "[Settings]\ngtk-enable-animations=0\ngtk-cursor-blink=0\ngtk-decoration-layout=:close\n"


def prepared(scratch):
    """The world in which the walks are, and whoever photographs or reads it."""
    config = scratch.folder / ".config/gtk-4.0"
    config.mkdir(parents=True)
    (config / "settings.ini").write_text(SETTINGS)
    world = World(scratch)
    world.sound = give_sound(scratch)
    return world


def give_sound(scratch):
    """A loudspeaker and a microphone, where a sound server is installed."""
    try:
        server = SoundServer(scratch, has_microphone=True)
    except Skip:
        return None
    scratch.env.update(server.environment)
    return server


class Stage(Screen):
    """What the walks are done on. shot() and pause() say what becomes of what they come to."""

    is_narrow = False

    def __init__(self, world, person, **environment):
        self.world, self.at = world, None
        super().__init__(world.scratch, world.people[person].vault, GSETTINGS_SCHEMA_DIR=str(SCHEMAS), **environment)

    def shot(self, name, is_wider=False):
        """The state called @name is there. @is_wider: the window is the platform's own, and does not know of narrow screens."""
        raise NotImplementedError

    def glimpse(self, name):
        """Like shot(), of what is about to pass."""
        raise NotImplementedError

    def pause(self, seconds=None):
        """Until what moves stands still; @seconds: where that takes so long."""
        raise NotImplementedError

    def further(self, name, tabs=0, to=None):
        """What is below, where the window is too small for all of it: so many Tabs further down, or by Tab to what is called @to."""
        raise NotImplementedError

    def enter(self):
        # The corner of every window: over a button the pointer would show its tooltip, and without a window manager the keys go to what
        # is under it once a dialog has closed.
        subprocess.run(["xdotool", "mousemove", "8", "8"], check=True)
        self.unlock(PASSPHRASE)
        self.find("Sections", "list")

    def walk(self, node=None, but=None):
        """A dialog before what it stands over."""
        for top in self.windows() if node is None else [node]:
            yield from super().walk(top, but)

    def close(self, *keys):
        """The newest window, by Escape, or @keys: what is below it has the keys again."""
        count = self.application().get_child_count()
        self.key(*keys or ["Escape"])
        self.wait(lambda: self.application().get_child_count() < count, "the window to close")
        self.pause()

    def section(self, name):
        super().section(name)
        self.at = name
        self.pause()

    def open_row(self, name):
        """In the section's list: Tab leads into it, arrows lead through it."""
        super().section(self.at)
        for _ in range(12):
            if self.is_in_list(self.focused()) and self.arrow_through(name):
                self.key("Return")
                self.pause()
                return
            self.key("Tab")
        raise AssertionError(f"no row {name!r}; on the screen: {self.texts()}")

    def is_in_list(self, node):
        lists = node.get_parent() if node is not None and node.get_role_name() in ("list item", "table row") else None
        return lists is not None and not self.is_called(lists, "Sections")

    def arrow_through(self, name):
        self.key("Home")
        before = None
        for _ in range(80):
            node = self.focused()
            if node is None or node == before:
                return False
            if self.is_called(node, name, part=True):
                return True
            before = node
            self.key("Down")
        return False

    def back(self):
        if self.is_narrow:
            self.press("Back")
            self.pause()


# --- The walks ---


def walk_people(stage):
    stage.enter()
    stage.section("People")
    stage.find("Your card and your safety words")
    stage.shot("people")
    for name, shown in (("lawyer", "person"), ("editor", "own-card"), ("The Courier", "newsroom"), ("Invites", "invites")):
        stage.open_row(name)
        stage.shot(shown)
        stage.back()
    stage.tab_to("Another key was shown", part=True)
    stage.key("Return")
    stage.find("Warning")
    stage.shot("person-warning")
    stage.back()
    stage.press("Invite…", "push button")
    stage.ready("Who it is for")
    stage.shot("invite")
    stage.close()


def walk_cards(stage):
    stage.enter()
    stage.section("Press cards")
    stage.find("Expires in 12 days", part=True)
    stage.shot("cards")
    stage.open_row("Anna Petrova, The Courier")
    stage.find("Picture of the card")
    stage.shot("card")
    stage.press("Show to Officer", "push button")
    stage.find("Back (Escape)", "push button")
    stage.shot("card-officer")
    stage.key("Escape")
    stage.find("Show Without Unlocking", "check box")
    switch_card(stage, True)
    stage.shot("card-left")
    stage.key("ctrl+l")
    stage.ready("Passphrase")
    stage.shot("unlock-card")
    stage.enter()
    stage.section("Press cards")
    stage.open_row("Anna Petrova, The Courier")
    stage.find("Picture of the card")
    switch_card(stage, False)


def switch_card(stage, is_left):
    stage.tab_to("Show Without Unlocking")
    stage.key("Return")
    stage.wait(lambda: (stage.world.people["reporter"].vault / "press-card").exists() == is_left, "the card to be left or gone")


def walk_unlock(stage):
    stage.ready("Passphrase")
    stage.shot("unlock")
    stage.type("not this one")
    stage.key("Return")
    stage.find("This passphrase does not open the vault.", part=True)
    stage.shot("unlock-wrong")


def walk_setup(stage):
    stage.ready("Name")
    stage.shot("setup-1-who")
    stage.key("Return")
    stage.find("Type a name.")
    stage.shot("setup-1-no-name")
    stage.type("Zelda Quill")
    stage.key("Return")
    stage.ready("Type the five words")
    stage.shot("setup-2-words")
    words = stage.find_like(r"[a-z-]+( [a-z-]+){4}")
    stage.choose("A passphrase of my own")
    stage.tab_to("Your own passphrase")
    stage.type("they came at seven")
    stage.shot("setup-2-own")
    stage.choose("Five words, drawn for you")
    stage.tab_to("Type the five words")
    stage.type("no such words")
    stage.key("Return")
    stage.find("These are not the five words.", part=True)
    stage.shot("setup-2-wrong")
    stage.key("ctrl+a")
    stage.type(words)
    stage.key("Return")
    code = stage.find_like(r"([0-9A-Z]{4}[-\n]){6}[0-9A-Z]{4}")
    stage.shot("setup-3-code")
    stage.key("Return")
    stage.ready("Recovery code")
    stage.type(code[:9])
    stage.key("Return")
    stage.find("A letter or digit is missing", part=True)
    stage.shot("setup-4-wrong")
    stage.key("ctrl+a")
    stage.type(code.replace("\n", "-"))
    stage.key("Return")
    stage.find("Join a Newsroom")
    stage.shot("setup-5-join")
    stage.hand_over(stage.world.invite)
    stage.find("The Courier")
    stage.shot("setup-6-invite")
    stage.press("_Join Join")
    stage.find("You belong to The Courier")
    stage.shot("setup-7-joined")


def walk_found(stage):
    stage.enter()
    stage.key("F10")
    stage.find("Join a Newsroom…", part=True)
    stage.pause()
    stage.key("Return")
    stage.find("_Found a Newsroom…", part=True)
    stage.shot("found-1-ways")
    stage.press("_Found a Newsroom…", part=True)
    stage.ready("Name of the newsroom")
    stage.shot("found-2-name")
    stage.type("The Morning Post")
    stage.press("_Found the Newsroom", part=True)
    stage.find("You lead The Morning Post")
    stage.shot("found-3-done")


def walk_empty(stage):
    stage.enter()
    stage.shot("empty-start")
    stage.section("Reports")
    stage.find("No reports yet")
    stage.shot("empty-list")


def walk_reports(stage):
    stage.enter()
    stage.shot("start")
    stage.section("Reports")
    stage.find("Officers at my door", "list item")
    stage.shot("reports")
    stage.key("ctrl+f")
    stage.ready("Search in all reports")
    stage.type("sadovaya")
    stage.pause()
    stage.shot("search")
    stage.type(" nothing like this")
    stage.find("Nothing found")
    stage.shot("search-nothing")


def walk_note(stage):
    stage.enter()
    stage.section("Reports")
    stage.key("ctrl+n")
    stage.ready("Text")
    stage.shot("note-new")
    stage.type("Two men at the gate")
    stage.find("Not saved · draft kept")
    stage.shot("note-draft")
    stage.press("Add: Links")
    stage.press("Record: Choose a report…")
    stage.ready("Search in all reports")
    stage.find("Officers at my door", "list item")
    stage.shot("note-link")
    stage.close()
    stage.key("ctrl+l")
    stage.ready("Passphrase")
    stage.enter()
    stage.section("Reports")
    stage.find("Not saved yet")
    stage.shot("reports-draft")


def walk_visit(stage):
    stage.enter()
    stage.section("Reports")
    stage.open_row("Officers at my door")
    stage.find("Place: Address")
    stage.shot("visit")
    for number in range(1, 7):
        stage.further(f"visit-{number}", tabs=9 if number > 1 else 14)
    stage.further("visit-evidence", to="IMG_20240309_140512.jpg")


def walk_evidence(stage):
    stage.enter()
    stage.section("Reports")
    stage.open_row("Officers at my door")
    stage.find("Place: Address")
    for name, file in (("photo", "IMG_20240309_140512.jpg"), ("pdf", "Повестка.pdf"), ("video", "VID_20240309_141030.webm"),
                       ("sound", "یادداشت صوتی.ogg")):
        stage.press(file, "push button", part=True)
        stage.find("What is known of this file")
        stage.pause(3)
        stage.shot(f"evidence-{name}")
        stage.press("What is known of this file")
        stage.shot(f"evidence-{name}-details")
        stage.close()


def walk_recording(stage):
    sound = stage.world.sound
    if sound is None:
        raise Skip("without a sound server nothing is recorded")
    stage.enter()
    stage.section("Reports")
    stage.open_row("Officers at my door")
    stage.find("Place: Address")
    sound.process.send_signal(signal.SIGSTOP)
    stage.key("ctrl+shift+r")
    stage.find("Waiting for the microphone…")
    stage.shot("recording-starting")
    stage.press("_Cancel", "push button", part=True)
    stage.gone("Waiting for the microphone…")
    sound.process.send_signal(signal.SIGCONT)
    sound.control("set-source-mute", "microphone", "1")
    stage.key("ctrl+shift+r")
    stage.find("Nothing is heard. Is the microphone switched off?")
    stage.shot("recording-silent")
    sound.control("set-source-mute", "microphone", "0")
    stage.gone("Nothing is heard. Is the microphone switched off?")
    stage.pause(1)
    stage.shot("recording")
    stage.key("shift+Tab", "Return")
    stage.find("Discard the Recording?")
    stage.shot("recording-discard")
    stage.close("Tab", "Return")
    stage.find("Record sound", "push button", part=True)
    stage.shot("recording-gone")
    stage.key("ctrl+shift+r")
    stage.find("Nothing is saved yet", part=True)
    stage.pause(1)
    stage.key("ctrl+shift+r")
    stage.find("Recording 20", "push button", part=True)
    stage.shot("recording-saved")


def walk_deadlines(stage):
    stage.enter()
    stage.section("Deadlines")
    stage.find("Come to room 5 with the passport", "list item")
    stage.shot("deadlines")
    stage.tab_to("Save as a calendar")
    stage.key("Return")
    stage.find("Everybody who gets the file", part=True)
    stage.shot("calendar-warning")


def walk_cases(stage):
    stage.enter()
    stage.section("Cases")
    stage.find("Sadovaya and after", "list item")
    stage.shot("cases")
    stage.open_row("Sadovaya and after")
    stage.find("Timeline")
    stage.shot("case")
    stage.press("Look closer")
    stage.press("Look closer")
    stage.press("Look closer")
    stage.shot("case-closer")
    stage.back()
    stage.tab_to("New case")
    stage.key("Return")
    stage.find("Name of the case")
    stage.shot("case-new")


def walk_custody(stage):
    stage.enter()
    stage.section("Reports")
    stage.open_row("Search of the flat on Sadovaya")
    stage.find("Custody")
    stage.tab_to("Custody")
    stage.key("Return")
    stage.find("Chain of custody", "list")
    stage.tab_to("Written", part=True)
    stage.shot("custody-report")
    stage.key("Return")
    stage.pause()
    stage.shot("custody-hashes")


def walk_items(stage):
    stage.enter()
    stage.section("Received items")
    stage.find("IMG_20240309_140512.jpg", "list item")
    stage.shot("items")
    Screen.open_row(stage, "IMG_20240309_140512.jpg", "Received items")
    stage.find("Chain of custody", "list")
    stage.shot("item")
    stage.press("Check Again", "push button")
    stage.find("Signature", part=True)
    stage.shot("item-checked")
    stage.further("item-custody", tabs=14)


def walk_verify(stage):
    stage.enter()
    stage.section("Received items")
    stage.find("IMG_20240309_140512.jpg", "list item")
    stage.press("Verify a folder or file")
    stage.find("Exported", part=True)
    stage.shot("items-menu")
    stage.press("Exported", part=True)
    stage.choose_file(stage.world.exported)
    stage.find("Everything holds")
    stage.shot("verify")


def walk_items_broken(stage):
    """Every file of evidence is damaged."""
    for blob in (stage.vault / "blobs").glob("*/*"):
        content = bytearray(blob.read_bytes())
        content[len(content) // 2] ^= 1
        blob.write_bytes(content)
    stage.enter()
    stage.section("Received items")
    Screen.open_row(stage, "IMG_20240309_140512.jpg", "Received items")
    stage.find("Chain of custody", "list")
    stage.press("Check Again", "push button")
    stage.find("BROKEN", part=True)
    stage.shot("item-broken")
    stage.back()
    stage.shot("items-broken")


def walk_no_cases(stage):
    stage.enter()
    stage.section("Cases")
    stage.find("No cases yet")
    stage.shot("cases-empty")


def walk_no_deadlines(stage):
    stage.enter()
    stage.section("Deadlines")
    stage.find("Nothing is due")
    stage.shot("deadlines-empty")


def walk_sealing(stage):
    stage.enter()
    stage.section("Reports")
    stage.open_row("Officers at my door")
    stage.find("Place: Address")
    stage.key("ctrl+Return")
    stage.find("Who Can Open It")
    stage.shot("seal")
    stage.further("seal-warnings", tabs=12)
    stage.key("ctrl+Return")
    stage.find("Seal Anyway")
    stage.shot("seal-names")
    stage.close()
    stage.close()


def walk_nobody_to_send_to(stage):
    stage.enter()
    stage.section("Reports")
    stage.key("ctrl+n")
    stage.ready("Text")
    stage.type("Nobody to send it to")
    stage.key("ctrl+Return")
    stage.find("Nothing was sealed")
    stage.find("You have not joined a newsroom yet.", part=True)
    stage.shot("seal-nobody")
    stage.close()


def show_why(stage, title, name):
    """The connection's popover; the button stands under the sections."""
    stage.find(title, "label")
    stage.tab_to(title, part=True)
    stage.key("space")
    stage.pause()
    stage.shot(name)
    stage.key("Escape")


def walk_alone(stage):
    stage.enter()
    show_why(stage, "No newsroom yet", "connection-alone")


def walk_outbox(stage):
    stage.enter()
    show_why(stage, "Offline · 1 waiting", "connection-offline")
    stage.section("Outbox")
    stage.find("Copy to a stick or folder…")
    stage.shot("outbox")
    for title, shown in (("What the neighbour on the third floor saw", "outbox-waiting"), ("On a stick to the lawyer", "outbox-handed-over"),
                         ("Протокол задержания", "outbox-stored"), ("Opened, and answered", "outbox-opened")):
        stage.open_row(title)
        stage.find("Who can open it")
        stage.shot(shown)
        if stage.look("Erase Here…", part=True) and shown == "outbox-opened":
            stage.press("Erase Here…", "push button", part=True)
            stage.pause()
            stage.shot("outbox-erase")
            stage.close()
        stage.back()


def walk_no_outbox(stage):
    stage.enter()
    stage.section("Outbox")
    stage.find("Nothing was sealed yet")
    stage.shot("outbox-empty")


def walk_intercepted(stage):
    false = stage.world.other_server()
    try:
        stage.enter()
        stage.find("This connection is being intercepted", "label")
        stage.shot("intercepted")
        show_why(stage, "This connection is being intercepted", "connection-intercepted")
    finally:
        false.stop()


def walk_connected(stage):
    stage.world.newsroom.intake.start()
    try:
        stage.enter()
        show_why(stage, "Connected to The Courier", "connection-connected")
    finally:
        stage.world.newsroom.intake.stop()


def walk_inbox(stage):
    stage.enter()
    stage.section("Inbox")
    stage.find("Damaged", part=True)
    stage.shot("inbox")
    for title, shown in (("Обыск в редакции", "inbox-gap"), ("Damaged", "inbox-damaged"), ("From somebody unknown", "inbox-stranger"),
                         ("Opened, and answered", "inbox-whole")):
        stage.open_row(title)
        stage.find("Received", "label")
        stage.shot(shown)
        stage.back()


def walk_no_inbox(stage):
    stage.enter()
    stage.section("Inbox")
    stage.find("Nothing was received yet")
    stage.shot("inbox-empty")


def open_preferences(stage, page=None):
    stage.key("ctrl+comma")
    stage.find("Locking")
    if page:
        stage.press(page)
    stage.pause()


def walk_preferences(stage):
    stage.enter()
    open_preferences(stage)
    stage.wait(lambda: stage.look("Lock after", "combo box").get_state_set().contains(stage.atspi.StateType.SENSITIVE), "what the vault has")
    stage.shot("preferences-lock")
    stage.tab_to("Lock after")
    stage.key("Return")
    stage.find("15 minutes", "list item")
    stage.shot("preferences-lock-after")
    stage.key("Escape")
    stage.gone("15 minutes", "list item")
    stage.tab_to("Set Panic Phrase")
    stage.shot("preferences-lock-end")
    stage.press("Sending")
    stage.shot("preferences-sending")
    stage.tab_to("Tor's address")
    stage.type("nonsense")
    stage.key("Return")
    stage.find("Not kept: write a host and a port, as 127.0.0.1:9050")
    stage.shot("preferences-sending-wrong")
    stage.press("Appearance")
    stage.shot("preferences-appearance")


def ask(stage, row, passphrase):
    stage.tab_to(row)
    stage.pause()
    stage.key("Return")
    stage.ready("Passphrase now")
    stage.type(passphrase)
    stage.key("Return")


def walk_keys(stage):
    stage.enter()
    open_preferences(stage)
    ask(stage, "Change Passphrase", "not this one")
    stage.find("This passphrase does not open the vault.", part=True)
    stage.shot("keys-wrong")
    stage.ready("Passphrase now")
    stage.type(PASSPHRASE)
    stage.key("Return")
    stage.find("Five words, drawn for you")
    stage.shot("keys-passphrase")
    stage.close()
    ask(stage, "New Recovery Code", PASSPHRASE)
    stage.wait(lambda: any(text.count("-") >= 5 for text in stage.texts()), "the code")
    stage.shot("keys-code")
    stage.key("Return")
    stage.ready("Recovery code")
    stage.type("0000")
    stage.key("Return")
    stage.find("A letter or digit is missing", part=True)
    stage.shot("keys-code-wrong")
    stage.close()
    ask(stage, "Set Panic Phrase", PASSPHRASE)
    stage.ready("Panic phrase")
    stage.type(PASSPHRASE)
    stage.key("Return")
    stage.ready("The same once more")
    stage.type(PASSPHRASE)
    stage.key("Return")
    stage.find("This is the passphrase. Take another phrase.")
    stage.shot("keys-panic-wrong")


def walk_windows(stage):
    stage.enter()
    stage.key("F10")
    stage.pause()
    stage.shot("menu")
    stage.key("Escape")
    stage.key("ctrl+question")
    stage.find("Attach files")
    stage.shot("shortcuts", is_wider=True)
    stage.close()
    stage.key("F10")
    stage.press("About Satchel")
    stage.find("Credits", part=True)
    stage.shot("about")


def walk_damaged(stage):
    """Both copies of the key header, then the store."""
    vault = stage.world.people["damaged"].vault
    for files, shown in ((("keys", "keys.bak"), "unlock-damaged-keys"), (("store.db",), "unlock-damaged-store")):
        whole = {vault / file: (vault / file).read_bytes() for file in files}
        for path, content in whole.items():
            path.write_bytes(content[:200] + bytes(byte ^ 1 for byte in content[200:]))
        stage.ready("Passphrase")
        stage.type(PASSPHRASE)
        stage.key("Return")
        stage.find("backup", part=True)
        stage.shot(shown)
        for path, content in whole.items():
            path.write_bytes(content)


def walk_destroy(stage):
    stage.enter()
    stage.key("F10")
    stage.find("Hold to destroy the vault", "push button")
    stage.tab_to("Hold to destroy the vault")
    subprocess.run(["xdotool", "keydown", "space"], check=True)
    stage.find("Keep holding…", "push button")
    stage.glimpse("destroy-holding")
    stage.find("The vault is destroyed. Nobody can open it any more.")
    subprocess.run(["xdotool", "keyup", "space"], check=True)
    stage.shot("destroyed")


# name: whose vault, the walk
WALKS = {
    "unlock": ("reporter", walk_unlock),
    "setup": ("nobody", walk_setup),
    "found": ("founder", walk_found),
    "empty": ("doomed", walk_empty),
    "reports": ("reporter", walk_reports),
    "visit": ("reporter", walk_visit),
    "evidence": ("reporter", walk_evidence),
    "recording": ("reporter", walk_recording),
    "deadlines": ("reporter", walk_deadlines),
    "cases": ("reporter", walk_cases),
    "no-cases": ("doomed", walk_no_cases),
    "no-deadlines": ("editor", walk_no_deadlines),
    "people": ("editor", walk_people),
    "cards": ("reporter", walk_cards),
    "sealing": ("reporter", walk_sealing),
    "inbox": ("editor", walk_inbox),
    "no-inbox": ("founder", walk_no_inbox),
    "no-outbox": ("doomed", walk_no_outbox),
    "alone": ("doomed", walk_alone),
    "outbox": ("reporter", walk_outbox),
    "connected": ("reporter", walk_connected),
    "intercepted": ("reporter", walk_intercepted),
    "preferences": ("reporter", walk_preferences),
    "keys": ("reporter", walk_keys),
    "windows": ("reporter", walk_windows),
    "damaged": ("damaged", walk_damaged),
    "nobody": ("founder", walk_nobody_to_send_to),
    "destroy": ("doomed", walk_destroy),
    "custody": ("lawyer", walk_custody),
    "items": ("lawyer", walk_items),
    "verify": ("lawyer", walk_verify),
    "items-broken": ("lawyer", walk_items_broken),
    "note": ("reporter", walk_note),
}
