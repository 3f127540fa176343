# SPDX-License-Identifier: GPL-3.0-or-later
"""The words on the screen back in English, so that one walk goes through the app in every language."""
import functools
import gettext
import itertools
import os
import pathlib
import re
import sys

SOURCE = pathlib.Path(os.environ.get("SATCHEL_SOURCE", "."))
sys.path.insert(0, str(SOURCE / "tests/tree"))
from translations import PRINTF, read_po

LABEL = re.compile(r"^(\w+)(?:\[(\w+)\])?=(.*)$")
# Of each part of a text made of several: more than one reading is rare, and a text of many parts has few.
READINGS_MAX = 8
# What is written by the screen's language outside of any message.
PERSIAN = str.maketrans("۰۱۲۳۴۵۶۷۸۹،", "0123456789,")
RIGHT_TO_LEFT = "\u200f"


def plain(text):
    return text.replace("\\n", "\n").replace('\\"', '"').replace("\\\\", "\\")


def pattern_of(text):
    """Where printf wrote something there is a group."""
    pattern, at = "", 0
    for found in PRINTF.finditer(text):
        pattern += re.escape(text[at:found.start()]) + ("%" if found[0].endswith("%") else "(.+)")
        at = found.end()
    return re.compile(pattern + re.escape(text[at:]), re.S)


def order_of(text):
    return [int(found[1]) - 1 if found[1] else number
            for number, found in enumerate(found for found in PRINTF.finditer(text) if not found[0].endswith("%"))]


class Words:
    def __init__(self, language):
        self.exact, self.made = {}, []
        for message in read_po(SOURCE / f"po/{language}.po"):
            for text in message.translations if message.source else []:
                self.add(plain(message.plural or message.source), plain(text))
        for path in sorted((SOURCE / "data/kinds").iterdir()):
            self.add_labels(path, language)
        self.add_platform(language)
        self.english = functools.lru_cache(None)(self.read)

    def add(self, source, text):
        if PRINTF.search(source):
            self.made.append((pattern_of(text), order_of(text), source))
        else:
            self.exact.setdefault(text, []).append(source)
            # Menus have no mark at the letter to press.
            if "_" in text:
                self.exact.setdefault(text.replace("_", "", 1), []).append(source.replace("_", "", 1))

    def add_labels(self, path, language):
        source = ""
        for line in path.read_text(encoding="utf-8").split("\n"):
            found = LABEL.match(line)
            if found and found[2] is None:
                source = found[3]
            elif found and found[2] == language:
                self.exact.setdefault(found[3], []).append(source)

    def add_platform(self, language):
        """What libadwaita's own windows say, as far as the system has it in the language."""
        translated = gettext.translation("libadwaita", "/usr/share/locale", languages=[language], fallback=True)
        for source, text in getattr(translated, "_catalog", {}).items():
            if isinstance(source, str) and source and not PRINTF.search(source):
                self.add(source.split("\4")[-1], text)

    def read(self, text, depth=3):
        """All that @text may be in English, itself first."""
        readings = list(dict.fromkeys([text, text.translate(PERSIAN)])) + self.exact.get(text, [])
        # The mark before a line of several parts is no message's.
        readings += self.read(text[1:], depth) if text.startswith(RIGHT_TO_LEFT) else []
        # A button's name is said twice by GTK 4.8: with the letter to press marked, and without.
        half = text[:len(text) // 2 + 1].rstrip()
        if half.replace("_", "", 1) == text[len(half):].lstrip():
            readings += [f"{source} {source.replace('_', '', 1)}" for source in self.exact.get(half, [])]
        # What is wrong, and what to do about it.
        for end in re.finditer(r"(?<=[.!?]) ", text) if depth else []:
            rest = self.read(text[end.end():], depth - 1)[:READINGS_MAX]
            said = self.exact.get(text[:end.start()], [])
            # A name made of several parts has full stops that are no part's own.
            if text[:end.start()].endswith("."):
                said = said + [f"{source}." for source in self.exact.get(text[:end.start() - 1], [])]
            readings += [f"{source} {after}" for source in said for after in rest]
        for pattern, order, source in self.made if depth else []:
            found = pattern.fullmatch(text)
            if found:
                parts = [self.read(part, depth - 1)[:READINGS_MAX] for part in found.groups()]
                for choice in itertools.product(*parts):
                    said = iter([choice[order.index(number)] for number in range(len(order))])
                    readings.append(PRINTF.sub(lambda m: "%" if m[0].endswith("%") else next(said), source))
        return readings
