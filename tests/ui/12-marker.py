#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is typed, pasted, attached, searched for and looked at stands readable nowhere once the vault is locked: no file of the
person's, and no page of the process's memory; nor does any key. docs/THREATS.md says what this shows and what it does not."""
import os
import pathlib
import re
import shutil
import struct
import subprocess
import time

import driver
from driver import offer_text, opened
from scenario import PASSPHRASE, SAMPLES, Person, Skip, expect

STEM = "zqvk"  # of every marker: unlike anything that a program has by itself
CHUNK, OVERLAP = 16 * 1024 * 1024, 256
# In each form that a program may keep text in.
FORMS = [re.compile(re.escape(STEM.encode(code)) + rb".{0,80}", re.DOTALL) for code in ("utf-8", "utf-16-le", "utf-32-le")]
KEY_BYTES = 32


class Markers:
    def __init__(self):
        self.made = []

    def __call__(self, kind):
        number = len(self.made)
        self.made.append(f"{STEM}{kind}{number:03d}x{(number * 7919 + 104729) % 999983:06d}")
        return self.made[-1]

    def many(self, kind, count):
        return [self(kind) for _ in range(count)]


# --- Where to look ---


def mappings(pid):
    for line in pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines():
        fields = line.split()
        start, end = (int(part, 16) for part in fields[0].split("-"))
        yield line, fields[1], start, end


def memory_of(pid):
    """Every page that can be read, as it would stand in a core image."""
    try:
        memory = open(f"/proc/{pid}/mem", "rb", buffering=0)
    except PermissionError:
        raise Skip("the memory of another process can be read by root only")
    with memory:
        for line, rights, start, end in mappings(pid):
            if not rights.startswith("r") or line.split()[-1] in ("[vvar]", "[vsyscall]", "[vdso]"):
                continue
            for at in range(start, end, CHUNK):
                try:
                    memory.seek(at)
                    # What stands over the edge of two chunks is seen in the first.
                    yield line, memory.read(min(CHUNK + OVERLAP, end - at))
                except (OSError, ValueError):
                    break


def hits(content):
    return [match.group().replace(b"\0", b"")[:40] for form in FORMS for match in form.finditer(content)]


def in_memory(pid, needles=()):
    """What of markers and of @needles (bytes) is there, and where."""
    found = {}
    for where, content in memory_of(pid):
        for text in hits(content):
            found.setdefault(text, where)
        for needle in needles:
            if needle in content:
                found.setdefault(needle, where)
    return found


def locked_pages(pid):
    """What the process keeps out of swap: the pages of keys, closed ones too."""
    start = end = None
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in pathlib.Path(f"/proc/{pid}/smaps").read_text().splitlines():
            if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
                start, end = (int(part, 16) for part in line.split()[0].split("-"))
            elif line.startswith("VmFlags:") and "lo" in line.split():
                memory.seek(start)
                yield memory.read(end - start)


def keys_of(pid):
    """Whatever is as mixed as a key, in the pages of keys."""
    keys = set()
    for page in locked_pages(pid):
        for at in range(0, len(page) - KEY_BYTES + 1, 16):
            block = page[at:at + KEY_BYTES]
            if len(set(block)) > KEY_BYTES * 3 // 4:
                keys.add(block)
    return sorted(keys)


def expect_no_file(*folders):
    for folder in folders:
        for path in pathlib.Path(folder).rglob("*"):
            expect(STEM not in path.name, f"a marker is in the name of {path}")
            if path.is_file() and not path.is_symlink():
                expect(not hits(path.read_bytes()), f"readable in {path}: {hits(path.read_bytes())[:3]}")


def expect_no_journal(since):
    if shutil.which("journalctl"):
        said = subprocess.run(["journalctl", "--no-pager", f"--since=@{int(since)}"], capture_output=True).stdout
        expect(not hits(said), f"in the journal: {hits(said)[:3]}")


# --- What is attached ---


def photo_with(descriptions):
    """A sample with @descriptions in an EXIF segment of its own, in front of what it has."""
    text = " ".join(descriptions).encode() + b"\0"
    tiff = struct.pack("<2sHIHHHIII", b"II", 42, 8, 1, 0x010E, 2, len(text), 26, 0) + text
    segment = b"Exif\0\0" + tiff
    whole = (SAMPLES / "IMG_20240309_140512.jpg").read_bytes()
    return whole[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + whole[2:]


def pdf_with(lines):
    text = b"BT /F1 12 Tf 72 720 Td 14 TL " + b"".join(b"(%s) Tj T* " % line.encode() for line in lines) + b"ET"
    parts = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
             b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
             b"<</Length %d>>stream\n%s\nendstream" % (len(text), text), b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n" + table + b"trailer<</Size 6/Root 1 0 R>>startxref\n%d\n%%%%EOF\n" % len(out)


# --- What a person does ---


def type_notes(screen, marker):
    for _ in range(4):
        screen.begin_note(" ".join(marker.many("text", 28)))
        screen.tab_to("Place: Address")
        screen.type(marker("place"))
        screen.key("ctrl+s")
        screen.find("Saved today", part=True)


def paste_from(screen, scratch, words, paste, clipboard="clipboard"):
    """What stands in another program's window."""
    owner = offer_text(scratch, words, clipboard)
    paste()
    last = words.split()[-1]
    screen.wait(lambda: any(last in screen.text_of(node) for node in screen.walk() if node.get_text_iface()), f"{last} to be pasted")
    owner.kill()
    owner.wait()


def middle_click(screen, node):
    box = node.get_component_iface().get_extents(screen.atspi.CoordType.WINDOW)
    subprocess.run(["xdotool", "mousemove", str(box.x + box.width // 2), str(box.y + box.height // 2), "click", "2"], check=True)


def paste(screen, scratch, marker):
    """By the key and by the middle button, in a text of several lines and in those of one, and what was copied here."""
    def key():
        screen.key("ctrl+v")
    screen.begin_note(marker("text") + " ")
    paste_from(screen, scratch, " ".join(marker.many("paste", 40)), key)
    paste_from(screen, scratch, " ".join(marker.many("middle", 10)), lambda: middle_click(screen, screen.find("Text", "text")),
               "primary_clipboard")
    screen.key("ctrl+a", "ctrl+c", "ctrl+v", "ctrl+v", "ctrl+x", "ctrl+v")
    screen.tab_to("Place: Address")
    paste_from(screen, scratch, marker("pasted"), key)
    screen.key("ctrl+a", "ctrl+c", "ctrl+v")
    screen.key("ctrl+s")
    screen.find("Saved today", part=True)


def attach(screen, scratch, marker):
    """To the note that is open, from a folder whose name tells something too; what can be shown is looked at."""
    folder = scratch.folder / marker("folder")
    folder.mkdir()
    contents = {".txt": "\n".join(marker.many("inside", 50)).encode(), ".jpg": photo_with(marker.many("exif", 10)),
                ".pdf": pdf_with(marker.many("page", 20))}
    for ending, content in contents.items():
        name = marker("name") + ending
        (folder / name).write_bytes(content)
        screen.attach(folder / name)
        screen.find(name, "push button", part=True)
        if ending != ".txt":
            screen.press(name, "push button", part=True)
            screen.find("What is known of this file")
            time.sleep(2)  # until it is decoded and drawn
            screen.key("Escape")
            screen.gone("What is known of this file")
    shutil.rmtree(folder)


def search(screen, scratch, marker):
    screen.section("Reports")
    screen.key("ctrl+f")
    screen.ready("Search in all reports")
    screen.type(marker.made[0][:12])
    screen.find(marker.made[0], part=True)
    for word in marker.many("search", 20):
        screen.key("ctrl+a")
        screen.type(word)
    screen.key("ctrl+a")
    paste_from(screen, scratch, marker("sought"), lambda: screen.key("ctrl+v"))
    screen.find("Nothing found")


def lock(screen):
    screen.key("ctrl+l")
    screen.ready("Passphrase")
    # What a closing page still answers to the display and to the screen reader.
    time.sleep(2)


def viewers_of(pid):
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [child for child in children if "viewer" in pathlib.Path(f"/proc/{child}/comm").read_text()]


def test_nothing_is_left(scratch):
    begun = time.time()
    run = scratch.folder / "run"
    run.mkdir(mode=0o700)
    # Settings in a file, as a desktop has them.
    scratch.env.update(XDG_RUNTIME_DIR=str(run), GSETTINGS_BACKEND="keyfile")
    reporter = Person(scratch, "reporter")
    (scratch.folder / "reporter.passphrase").unlink()
    screen, marker = opened(scratch, reporter), Markers()
    pid = screen.process.pid
    type_notes(screen, marker)
    paste(screen, scratch, marker)
    attach(screen, scratch, marker)
    search(screen, scratch, marker)
    expect(len(marker.made) >= 200, f"{len(marker.made)} markers")
    before, keys = in_memory(pid), keys_of(pid)
    expect(any(b"search" in text for text in before), "the test does not find what is on the screen")
    expect(keys and in_memory(pid, keys[:1]), "the test does not find a key while the vault is open")
    expect("Max core file size        0" in pathlib.Path(f"/proc/{pid}/limits").read_text(), "a crash would leave a core image")
    lock(screen)
    left = in_memory(pid, [*keys, PASSPHRASE.encode(), PASSPHRASE.encode("utf-32-le")])
    expect(not left, f"in the memory of the locked process: {left}")
    expect(not viewers_of(pid), "a viewer lives on")
    expect_no_file(scratch.folder)
    screen.end()
    expect_no_file(scratch.folder, os.environ.get("XDG_RUNTIME_DIR") or run, "/dev/shm")
    scratch.expect_no_plaintext(PASSPHRASE)
    expect_no_journal(begun)
    print(f"# {len(marker.made)} markers, {len(keys)} blocks of keys", flush=True)


driver.main(globals())
