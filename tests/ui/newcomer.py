# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody without a vault, who sets one up by keyboard."""
import subprocess
import time

from driver import Screen
from scenario import Person


class Newcomer(Person):
    """Somebody without a vault, in front of the app."""

    def __init__(self, scratch, name="Zelda Quill", vault=None, screen=Screen, **how):
        """@screen: what makes the Screen, with @how."""
        super().__init__(scratch, "new", init=False)
        self.called = name
        self.vault = vault or self.vault
        self.screen = screen(scratch, self.vault, **how)

    def knows(self, passphrase):
        """From now on satchelctl can be asked; before, the passphrase is nowhere on the disk."""
        self.passphrase = self.scratch.file(f"{self.name}.passphrase", passphrase + "\n")

    def step(self, number, field=None):
        self.screen.find(f"{number} of 4")
        if field:
            self.screen.ready(field)

    def choose(self, row, back_to):
        """Up from the field to the list of choices, and down again."""
        self.screen.choose(row)
        self.screen.tab_to(back_to)

    def says_who(self, role="Reporter"):
        self.step(1, "Name")
        if role != "Reporter":
            self.choose(role, "Name")
        self.screen.type(self.called)
        self.screen.key("Return")

    def takes_words(self):
        self.step(2, "Type the five words")
        words = self.screen.find_like(r"[a-z-]+( [a-z-]+){4}")
        self.screen.type(words)
        self.screen.key("Return")
        return words

    def notes_code(self):
        self.step(3)
        wait_focus(self.screen, "Next")
        code = self.screen.find_like(r"([0-9A-Z]{4}[-\n]){6}[0-9A-Z]{4}")
        self.screen.key("Return")
        self.step(4, "Recovery code")
        return code

    def answers_all(self, role="Reporter"):
        """Whereupon the vault is made. Returns passphrase and recovery code."""
        self.says_who(role)
        words = self.takes_words()
        code = self.notes_code()
        self.screen.type(code.replace("\n", "-"))
        self.screen.key("Return")
        return words, code

    def makes_all(self, role="Reporter"):
        """Up to the last page, on which nothing was handed over."""
        made = self.answers_all(role)
        wait_focus(self.screen, "Open File")
        return made

    def joins(self, newsroom):
        """By the invite that is shown, to the assistant's end."""
        wait_focus(self.screen, "Join")
        self.screen.key("Return")
        self.screen.find(f"You belong to {newsroom}")
        wait_focus(self.screen, "Start")
        self.screen.key("Return")
        self.screen.find("New note")

    def goes_on(self):
        press_by_key(self.screen, "Later")
        self.screen.find("New note")


def in_focus(screen, part):
    """@part "": in whatever there is, GTK's file chooser included, which a screen reader does not see here."""
    node = screen.focused()
    return not part or (node is not None and screen.is_called(node, part, part=True))


def wait_in_window(screen, part, title="Join a Newsroom"):
    """There is no window manager here to give the keyboard to a window that opens."""
    def look():
        subprocess.run(["xdotool", "search", "--onlyvisible", "--name", f"^{title}$", "windowfocus"], capture_output=True)
        time.sleep(0.1)
        return in_focus(screen, part)
    screen.wait(look, f"the focus on {part!r} in the window")
    time.sleep(0.2)


def wait_focus(screen, part):
    screen.wait(lambda: in_focus(screen, part), f"the focus on {part!r}")
    time.sleep(0.2)


def press_by_key(screen, part):
    for _ in range(40):
        if in_focus(screen, part):
            screen.key("Return")
            return
        screen.key("Tab")
    raise AssertionError(f"no number of Tabs leads to {part!r}")


def choose_file(screen, button, title, path):
    press_by_key(screen, button)
    wait_in_window(screen, "", title)
    time.sleep(0.5)
    # A slash opens the line for a path where there is none.
    screen.key("ctrl+a")
    screen.type(str(path))
    time.sleep(0.5)
    screen.key("Return")
