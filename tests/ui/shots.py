#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page and state as a picture, in each look: shots.py FOLDER [LOOK...] [walk...]

A new page is a function below and a line in WALKS. A walk goes through the app as one person has it, and calls stage.shot ("name")
where something is to be looked at; it must find its way at 360 pixels too (stage.section (), stage.back ()). Labels that are too faint
to be read, and windows wider than the screen, are named in LOOK/contrast.txt, and make it fail."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import contrast
import driver
from driver import Screen
from scenario import PASSPHRASE, Scratch, Skip
from sound_server import SoundServer
from words import Words
from world import World

SETTINGS = "[Settings]\ngtk-enable-animations=0\ngtk-cursor-blink=0\ngtk-decoration-layout=:close\n"

# A window of 360 x 700 pixels, and the frame around it.
NARROW = "370x710"

# look: size of the screen, environment of the app
LOOKS = {
    "light": ("1100x720", {}),
    "dark": ("1100x720", {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}),
    "contrast": ("1100x720", {"ADW_DEBUG_HIGH_CONTRAST": "1"}),
    "narrow": (NARROW, {}),
    "narrow-dark": (NARROW, {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}),
}
SCHEMAS = pathlib.Path(os.environ.get("SATCHEL_APP", ".")).resolve().parents[2] / "data"
# Each is a look, as wide and as narrow: "ru", "ru-narrow". Persian is written from the right.
LANGUAGES = {"be": "be_BY", "fa": "fa_IR", "ru": "ru_RU", "uk": "uk_UA"}
for language, place in LANGUAGES.items():
    LOOKS[language] = ("1100x720", {"LC_ALL": f"{place}.UTF-8"})
    LOOKS[f"{language}-narrow"] = (NARROW, {"LC_ALL": f"{place}.UTF-8"})
PAUSE = 0.6  # seconds, until what moves stands still


class Stage(Screen):
    """A screen that is photographed."""

    def __init__(self, scratch, world, person, look, folder):
        size, environment = LOOKS[look]
        self.world, self.folder, self.faint, self.at = world, folder, [], None
        self.width = int(size.split("x")[0])
        self.is_narrow = self.width < 600
        if language_of(look):
            self.readings = Words(language_of(look)).english
        super().__init__(scratch, world.people[person].vault, GSETTINGS_SCHEMA_DIR=str(SCHEMAS), **environment)

    def shot(self, name, is_wider=False):
        """@is_wider: the window is the platform's own, and does not know of narrow screens."""
        path = self.folder / f"{name}.png"
        faults = []
        # What still scrolled while it was photographed is not faint: a second picture tells.
        for _ in range(3):
            time.sleep(PAUSE)
            super().shot(path)
            application = self.application()
            windows = [application.get_child_at_index(i) for i in range(application.get_child_count())]
            faults = [f"{name}: {fault}" for window in windows[-1:] for fault in contrast.faults(window, path)]
            if not faults:
                break
        self.faint += faults + ([] if is_wider else self.too_wide(name))

    def too_wide(self, name):
        widths = [window.get_component_iface().get_extents(self.atspi.CoordType.WINDOW).width for window in self.windows()]
        return [f"{name}: {width} pixels wide, the screen has {self.width}" for width in widths if width > self.width]

    def enter(self):
        # A pointer over a button would show its tooltip.
        subprocess.run(["xdotool", "mousemove", "0", "9999"], check=True)
        self.unlock(PASSPHRASE)
        self.find("Sections", "list")

    def section(self, name):
        super().section(name)
        self.at = name
        time.sleep(PAUSE)

    def open_row(self, name):
        """In the section's list: Tab leads into it, arrows lead through it."""
        super().section(self.at)
        for _ in range(12):
            if self.is_in_list(self.focused()) and self.arrow_through(name):
                self.key("Return")
                time.sleep(PAUSE)
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
            time.sleep(PAUSE)


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
    time.sleep(PAUSE)
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
    time.sleep(PAUSE)
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
        for _ in range(9 if number > 1 else 14):
            stage.key("Tab")
        stage.shot(f"visit-{number}")
    stage.tab_to("IMG_20240309_140512.jpg", limit=200, part=True)
    time.sleep(2)  # thumbnails
    stage.shot("visit-evidence")


def walk_evidence(stage):
    stage.enter()
    stage.section("Reports")
    stage.open_row("Officers at my door")
    stage.find("Place: Address")
    for name, file in (("photo", "IMG_20240309_140512.jpg"), ("pdf", "Повестка.pdf"), ("video", "VID_20240309_141030.webm"),
                       ("sound", "یادداشت صوتی.ogg")):
        stage.press(file, "push button", part=True)
        stage.find("What is known of this file")
        time.sleep(3)
        stage.shot(f"evidence-{name}")
        stage.press("What is known of this file")
        stage.shot(f"evidence-{name}-details")
        stage.key("Escape")
        stage.gone("What is known of this file")


def walk_recording(stage):
    sound = stage.world.sound
    if sound is None:
        return
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
    time.sleep(1)
    stage.shot("recording")
    stage.key("shift+Tab", "Return")
    stage.find("Discard the Recording?")
    stage.shot("recording-discard")
    stage.key("Tab", "Return")
    stage.gone("Discard the Recording?")
    stage.find("Record sound", "push button", part=True)
    stage.shot("recording-gone")
    stage.key("ctrl+shift+r")
    stage.find("Nothing is saved yet", part=True)
    time.sleep(1)
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
    time.sleep(PAUSE)
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
    for _ in range(14):
        stage.key("Tab")
    stage.shot("item-custody")


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
    for _ in range(12):
        stage.key("Tab")
    stage.shot("seal-warnings")
    stage.key("ctrl+Return")
    stage.find("Seal Anyway")
    stage.shot("seal-names")
    stage.key("Escape")
    stage.gone("Seal Anyway")
    stage.key("Escape")
    stage.gone("Who Can Open It")


def walk_nobody_to_send_to(stage):
    stage.enter()
    stage.section("Reports")
    stage.key("ctrl+n")
    stage.ready("Text")
    stage.type("Nobody to send it to")
    stage.key("ctrl+Return")
    stage.find("Nothing was sealed")
    stage.find("There is nobody else in the newsroom yet.", part=True)
    stage.shot("seal-nobody")
    stage.key("Escape")
    stage.gone("Nothing was sealed")


def show_why(stage, title, name):
    """The connection's popover; the button stands under the sections."""
    stage.find(title, "label")
    stage.tab_to(title, part=True)
    stage.key("space")
    time.sleep(PAUSE)
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
            time.sleep(PAUSE)
            stage.shot("outbox-erase")
            stage.key("Escape")
            time.sleep(PAUSE)
        stage.back()


def walk_no_outbox(stage):
    stage.enter()
    stage.section("Outbox")
    stage.find("Nothing was sealed yet")
    stage.shot("outbox-empty")


def walk_intercepted(stage):
    """Last of those that look at the connection: the alarm stays."""
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
    time.sleep(PAUSE)


def walk_preferences(stage):
    stage.enter()
    open_preferences(stage)
    stage.wait(lambda: stage.look("Lock after", "combo box").get_state_set().contains(stage.atspi.StateType.SENSITIVE), "what the vault has")
    stage.shot("preferences-lock")
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
    time.sleep(PAUSE)
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
    stage.key("Escape")
    stage.gone("Five words, drawn for you")
    ask(stage, "New Recovery Code", PASSPHRASE)
    stage.wait(lambda: any(text.count("-") >= 5 for text in stage.texts()), "the code")
    stage.shot("keys-code")
    stage.key("Return")
    stage.ready("Recovery code")
    stage.type("0000")
    stage.key("Return")
    stage.find("A letter or digit is missing", part=True)
    stage.shot("keys-code-wrong")
    stage.key("Escape")
    stage.gone("Recovery code")
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
    time.sleep(PAUSE)
    stage.shot("menu")
    stage.key("Escape")
    stage.key("ctrl+question")
    stage.find("Attach files")
    stage.shot("shortcuts", is_wider=True)
    stage.key("Escape")
    stage.gone("Attach files")
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
    Screen.shot(stage, stage.folder / "destroy-holding.png")
    time.sleep(4)
    subprocess.run(["xdotool", "keyup", "space"], check=True)
    stage.find("The vault is destroyed. Nobody can open it any more.")
    stage.shot("destroyed")


# name: whose vault, the walk
WALKS = {
    "unlock": ("reporter", walk_unlock),
    "setup": ("nobody", walk_setup),
    "found": ("founder", walk_found),
    "empty": ("editor", walk_empty),
    "reports": ("reporter", walk_reports),
    "visit": ("reporter", walk_visit),
    "evidence": ("reporter", walk_evidence),
    "recording": ("reporter", walk_recording),
    "deadlines": ("reporter", walk_deadlines),
    "cases": ("reporter", walk_cases),
    "no-cases": ("editor", walk_no_cases),
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
    # They leave a draft behind, or nothing.
    "nobody": ("founder", walk_nobody_to_send_to),
    "destroy": ("doomed", walk_destroy),
    "custody": ("lawyer", walk_custody),
    "items": ("lawyer", walk_items),
    # Damages what the lawyer has.
    "items-broken": ("lawyer", walk_items_broken),
    # Leaves a draft behind.
    "note": ("reporter", walk_note),
}


# --- Running ---


def language_of(look):
    return look.split("-")[0] if look.split("-")[0] in LANGUAGES else None


def make_locale(scratch, place):
    """False where the system cannot."""
    locales = scratch.folder / "locales"
    if not shutil.which("localedef"):
        return False
    locales.mkdir()
    subprocess.run(["localedef", "-i", place, "-f", "UTF-8", locales / f"{place}.UTF-8"], capture_output=True)
    scratch.env["LOCPATH"] = str(locales)
    return (locales / f"{place}.UTF-8").is_dir()


def give_sound(scratch):
    """A loudspeaker and a microphone, where a sound server is installed."""
    try:
        server = SoundServer(scratch, has_microphone=True)
    except Skip:
        print("without a sound server nothing is recorded", flush=True)
        return None
    scratch.env.update(server.environment)
    return server


def shoot(look, folder, walks):
    """In a display of its own: all walks in one look."""
    scratch = Scratch()
    failed, faint = [], []
    try:
        config = scratch.folder / ".config/gtk-4.0"
        config.mkdir(parents=True)
        (config / "settings.ini").write_text(SETTINGS)
        world = World(scratch)
        place = LANGUAGES.get(language_of(look))
        if place and not make_locale(scratch, place):
            print(f"{look}: this system cannot make the locale {place}: skipped", flush=True)
            return True
        folder.mkdir(parents=True, exist_ok=True)
        world.sound = give_sound(scratch)
        for name in walks:
            person, walk = WALKS[name]
            stage = Stage(scratch, world, person, look, folder)
            try:
                walk(stage)
                print(f"{look}: {name}", flush=True)
            except Exception as fault:
                failed.append(name)
                stage.shot(f"failed-{name}")
                print(f"{look}: {name} failed: {str(fault)[:600]}", flush=True)
            stage.end()
            faint += stage.faint
    finally:
        scratch.close()
    (folder / "contrast.txt").write_text("".join(f"{line}\n" for line in faint))
    print(f"{look}: {len(faint)} labels with too little contrast or windows too wide, see contrast.txt", flush=True)
    return not failed and not faint


def main(folder, *names):
    looks = [name for name in names if name in LOOKS] or list(LOOKS)
    walks = [name for name in names if name in WALKS] or list(WALKS)
    if os.environ.get("SATCHEL_UI_INSIDE"):
        os.dup2(int(os.environ["SATCHEL_UI_OUTPUT"]), 1)
        sys.exit(0 if shoot(looks[0], pathlib.Path(folder) / looks[0], walks) else 1)
    failed = False
    for look in looks:
        environment = {**os.environ, "SATCHEL_SHOTS_LOOK": look, "SATCHEL_UI_SIZE": LOOKS[look][0]}
        done = subprocess.run([sys.executable, __file__, folder, look, *walks], env=environment)
        failed = failed or done.returncode != 0
    print(f"Pictures: {pathlib.Path(folder).resolve()}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: shots.py FOLDER [LOOK...] [WALK...]")
    if os.environ.get("SATCHEL_SHOTS_LOOK"):
        driver.restart_on_own_bus()
    main(*sys.argv[1:])
