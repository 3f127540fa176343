#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every language of po/LINGUAS has every word of the program, as the program needs it."""
import pathlib
import re
import subprocess
import sys
import tempfile

# As meson's preset "glib" has them, of which the template is made.
KEYWORDS = ("_", "N_", "C_:1c,2", "NC_:1c,2", "g_dngettext:2,3")
FORMATS = ("g_strdup_printf:1", "g_string_append_printf:2", "g_markup_printf_escaped:1")

PRINTF = re.compile(r"%(?:(\d+)\$)?[-+ #0I']*(?:\d+|\*)?(?:\.\d+)?(<\w+>|(?:hh?|ll?|z)?[a-zA-Z%])")
STRFTIME = re.compile(r"%[-_0OE]*([a-zA-Z%])")
TAG = re.compile(r"</?[a-z]+>")
MNEMONIC = re.compile(r"_(?=\w)")
# A list of which the program takes one by its number.
LIST = re.compile(r"^\w+(?:\|\w+)+$")


class Message:
    def __init__(self):
        self.context, self.source, self.plural, self.translations, self.flags = None, None, None, [], set()

    @property
    def key(self):
        return self.context, self.source


def read_po(path):
    """The messages of a file, without those that are out of use."""
    messages, message, target = [], Message(), None
    for line in path.read_text(encoding="utf-8").split("\n"):
        if not line.strip():
            messages += [message] if message.source is not None else []
            message, target = Message(), None
        elif line.startswith("#,"):
            message.flags |= {flag.strip() for flag in line[2:].split(",")}
        elif not line.startswith("#"):
            word, text = re.match(r'(?:(\w+(?:\[\d\])?) )?"(.*)"$', line).groups()
            target = word or target
            if target == "msgctxt":
                message.context = (message.context or "") + text
            elif target == "msgid":
                message.source = (message.source or "") + text
            elif target == "msgid_plural":
                message.plural = (message.plural or "") + text
            else:
                message.translations += [""] if word else []
                message.translations[-1] += text
    return messages + ([message] if message.source is not None else [])


def make_template(root, folder):
    path = pathlib.Path(folder) / "satchel.pot"
    subprocess.run(["xgettext", "--from-code=UTF-8", f"--files-from={root / 'po/POTFILES'}", f"--directory={root}",
                    *(f"--keyword={word}" for word in KEYWORDS), *(f"--flag={name}:c-format" for name in FORMATS), "-o", path],
                   check=True, capture_output=True)
    return [message for message in read_po(path) if message.source]


def arguments(text):
    """What printf takes, in the order in which it takes it."""
    found = [(int(position) if position else None, kind) for position, kind in PRINTF.findall(text) if kind != "%"]
    if any(position for position, kind in found):
        return [kind for position, kind in sorted(set(found))]
    return [kind for position, kind in found]


def faults_of_text(message, source, text, is_printf):
    if is_printf and arguments(source) != arguments(text):
        yield "takes other values"
    if not is_printf and sorted(STRFTIME.findall(source)) != sorted(STRFTIME.findall(text)):
        yield "shows other parts of a date"
    if sorted(TAG.findall(source)) != sorted(TAG.findall(text)):
        yield "has other tags"
    if not is_printf and "%" not in source and len(MNEMONIC.findall(source)) == 1 and len(MNEMONIC.findall(text)) != 1:
        yield "has not one letter to press"
    if LIST.match(source) and source.count("|") != text.count("|"):
        yield "is a list of another length"
    if message.context == "digits" and len(text) != 10:
        yield "has not ten digits"


def faults_of(message, translated):
    if translated is None:
        return ["is not there"]
    if "fuzzy" in translated.flags:
        return ["is fuzzy"]
    if not translated.translations or not all(translated.translations):
        return ["is not translated"]
    is_printf = bool({"c-format", "possible-c-format"} & message.flags)
    source = message.plural if message.plural is not None else message.source
    return [fault for text in translated.translations for fault in faults_of_text(message, source, text, is_printf)]


def check_language(root, language, template, folder):
    path = root / f"po/{language}.po"
    if not path.is_file():
        return ["is not there"]
    run = subprocess.run(["msgfmt", "-c", "-o", pathlib.Path(folder) / "satchel.mo", path], capture_output=True, text=True)
    faults = [f"msgfmt: {line}" for line in run.stderr.split("\n") if line]
    messages = {message.key: message for message in read_po(path)}
    if f"\\nLanguage: {language}\\n" not in "\\n" + "".join(messages[None, ""].translations):
        faults.append("does not say which language it is")
    for message in template:
        faults += [f"“{message.source}” {fault}" for fault in faults_of(message, messages.get(message.key))]
    return faults


def report(number, name, faults):
    for fault in faults:
        print(f"# {fault}")
    print(f"{'not ok' if faults else 'ok'} {number} {name}", flush=True)


def main(root):
    lines = (root / "po/LINGUAS").read_text(encoding="utf-8").split("\n")
    listed = [word for line in lines if not line.startswith("#") for word in line.split()]
    found = sorted(path.stem for path in (root / "po").glob("*.po"))
    print(f"1..{1 + len(listed)}")
    report(1, "every translation is in LINGUAS", [name for name in found if name not in listed])
    with tempfile.TemporaryDirectory() as folder:
        template = make_template(root, folder)
        for number, language in enumerate(listed, 2):
            report(number, language, check_language(root, language, template, folder))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
