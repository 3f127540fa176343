#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is typed, pasted, dropped, attached, searched for and looked at stands readable nowhere once the vault is locked: no file of
the person's, no page of the process's memory, no core image of it; nor does any key. And no crash leaves a core image.
docs/THREATS.md says what this shows and what it does not."""
import contextlib
import os
import pathlib
import re
import resource
import shutil
import signal
import struct
import subprocess
import tempfile
import time

import driver
from driver import Dragged, offer_text, opened
from scenario import PASSPHRASE, SAMPLES, Person, Skip, expect, run, same

STEM = "zqvk"  # of every marker: unlike anything that a program has by itself
CHUNK, OVERLAP = 16 * 1024 * 1024, 256
# In each form that a program may keep text in.
FORMS = [re.compile(re.escape(STEM.encode(code)) + rb".{0,80}", re.DOTALL) for code in ("utf-8", "utf-16-le", "utf-32-le")]
KEY_BYTES = 32
SCHEMAS = pathlib.Path(os.environ.get("SATCHEL_APP", ".")).resolve().parents[2] / "data"


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


def found_in(pieces, needles=()):
    """What of markers and of @needles (bytes) is in them, and where."""
    found = {}
    for where, content in pieces:
        for text in hits(content):
            found.setdefault(text, where)
        for needle in needles:
            if needle in content:
                found.setdefault(needle, where)
    return found


def in_memory(pid, needles=()):
    return found_in(memory_of(pid), needles)


def pieces_of(path):
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        for at in range(0, size, CHUNK):
            file.seek(at)
            yield f"at {at:#x} of {size:#x}", file.read(CHUNK + OVERLAP)


class NoImage(Exception):
    pass


def in_core_image(pid, needles=()):
    """The same, in all that root can have a debugger write of the process: also what it asked the kernel to leave out. In memory
    only, and gone at once."""
    if shutil.which("gdb") is None:
        raise NoImage("gdb is not installed")
    folder = tempfile.mkdtemp(prefix="satchel-core-", dir="/dev/shm")
    path = pathlib.Path(folder) / "core"
    try:
        done = run("gdb", "-nx", "-batch", "-iex", "set debuginfod enabled off", "-iex", "set auto-solib-add off", "-p", pid,
                   "-ex", "set use-coredump-filter off", "-ex", "set dump-excluded-mappings on", "-ex", f"generate-core-file {path}",
                   timeout=300)
        if not path.exists():
            raise NoImage(f"gdb cannot look at the process: {done.stderr.decode(errors='replace')[-300:]}")
        expect(b"Saved corefile" in done.stdout + done.stderr, f"half a core image: {done.stderr.decode(errors='replace')[-300:]}")
        return found_in(pieces_of(path), needles)
    finally:
        shutil.rmtree(folder)


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


def drop_from(screen, scratch, words, node):
    """What is dragged out of another program's window."""
    dragged = Dragged(scratch, words)
    dragged.drop_on(screen, node)
    last = words.split()[-1]
    screen.wait(lambda: last in screen.text_of(node), f"{last} to be dropped")
    dragged.end()


def drop(screen, scratch, marker):
    """On a text of several lines, and on one of one line."""
    screen.begin_note(marker("text") + " ")
    for _ in range(3):
        drop_from(screen, scratch, " ".join(marker.many("drop", 10)), screen.find("Text", "text"))
    screen.tab_to("Place: Address")
    drop_from(screen, scratch, marker("dropped"), screen.find("Place: Address", "text"))
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
    drop_from(screen, scratch, marker("sifted"), screen.focused())


def lock(screen):
    screen.key("ctrl+l")
    screen.ready("Passphrase")
    # What a closing page still answers to the display and to the screen reader.
    time.sleep(2)


def viewers_of(pid):
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [child for child in children if "viewer" in pathlib.Path(f"/proc/{child}/comm").read_text()]


def use_dconf(scratch, folder):
    """As a desktop keeps settings: a service writes them into a database, of which programs read. FALSE without."""
    entry = pathlib.Path("/usr/share/dbus-1/services/ca.desrt.dconf.service")
    if not entry.exists():
        return False
    scratch.env.update(GSETTINGS_BACKEND="dconf", GSETTINGS_SCHEMA_DIR=str(SCHEMAS), XDG_CONFIG_HOME=str(folder))
    # The bus would start it for its own person's settings.
    program = re.search(r"^Exec=(\S+)", entry.read_text(), re.MULTILINE).group(1)
    service = subprocess.Popen([program], env=scratch.env, stderr=subprocess.DEVNULL)
    scratch.closing.append(service.wait)
    scratch.closing.append(service.kill)
    end = time.monotonic() + driver.PATIENCE
    is_there = ("dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner",
                "string:ca.desrt.dconf")
    while b"true" not in run(*is_there).stdout:
        expect(service.poll() is None and time.monotonic() < end, "the service of dconf does not start")
        time.sleep(0.1)
    return True


def choose_style(screen):
    """So that there is something to be kept."""
    # Away from lists that open, which choose what is under the pointer.
    subprocess.run(["xdotool", "mousemove", "20", "600"], check=True)
    screen.key("ctrl+comma")
    screen.find("Locking")
    screen.press("Appearance")
    screen.tab_to("Style")
    screen.key("Return")
    time.sleep(0.5)
    screen.key("End", "Return")
    screen.find("Dark", "label")
    screen.key("Escape")
    screen.gone("Locking")


def expect_written(screen, database):
    """Or it would be searched for nothing."""
    screen.wait(lambda: database.exists() and b"satchel" in database.read_bytes(), "the desktop's database of settings")


def test_nothing_is_left(scratch):
    begun, missing = time.time(), []
    runtime = scratch.folder / "run"
    runtime.mkdir(mode=0o700)
    scratch.env.update(XDG_RUNTIME_DIR=str(runtime), GSETTINGS_BACKEND="keyfile")
    database = scratch.folder / "config" / "dconf" / "user"
    has_dconf = use_dconf(scratch, scratch.folder / "config") or missing.append("dconf is not installed")
    reporter = Person(scratch, "reporter")
    (scratch.folder / "reporter.passphrase").unlink()
    screen, marker = opened(scratch, reporter), Markers()
    pid = screen.process.pid
    if has_dconf:
        choose_style(screen)
    type_notes(screen, marker)
    paste(screen, scratch, marker)
    drop(screen, scratch, marker)
    attach(screen, scratch, marker)
    search(screen, scratch, marker)
    expect(len(marker.made) >= 200, f"{len(marker.made)} markers")
    before, keys = in_memory(pid), keys_of(pid)
    expect(any(b"search" in text for text in before), "the test does not find what is on the screen")
    expect(any(b"sifted" in text for text in before), "the test does not find what was dropped")
    expect(keys and in_memory(pid, keys[:1]), "the test does not find a key while the vault is open")
    expect("Max core file size        0" in pathlib.Path(f"/proc/{pid}/limits").read_text(), "a crash would leave a core image")
    needles = [*keys, PASSPHRASE.encode(), PASSPHRASE.encode("utf-32-le")]
    has_image = True
    try:
        image = in_core_image(pid, keys)
        expect(any(b"sifted" in text for text in image), "the core image has not what was dropped")
        expect(all(key in image for key in keys), "the core image has not the keys")
    except NoImage as reason:
        has_image = False
        missing.append(f"no core image: {reason}")
    lock(screen)
    left = in_memory(pid, needles)
    expect(not left, f"in the memory of the locked process: {left}")
    expect(not viewers_of(pid), "a viewer lives on")
    if has_image:
        left = in_core_image(pid, needles)
        expect(not left, f"in a core image of the locked process: {left}")
    if has_dconf:
        expect_written(screen, database)
    expect_no_file(scratch.folder)
    screen.end()
    expect_no_file(scratch.folder, os.environ.get("XDG_RUNTIME_DIR") or runtime, "/dev/shm")
    scratch.expect_no_plaintext(PASSPHRASE)
    expect_no_journal(begun)
    print(f"# {len(marker.made)} markers, {len(keys)} blocks of keys", flush=True)
    if missing:
        raise Skip("all but this was seen: " + "; ".join(missing))


# --- Crashes ---


def killed(process, how):
    """Whether the kernel says that it left a core image, wherever that went."""
    process.send_signal(how)
    # Not yet waited for: how it ended is asked for twice.
    told = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    same((told.si_code in (os.CLD_KILLED, os.CLD_DUMPED), told.si_status), (True, how), "how it ended")
    process.wait()
    return told.si_code == os.CLD_DUMPED


@contextlib.contextmanager
def where_cores_are_left(folder):
    """In @folder, where the machine puts them beside the program, and as large as may be."""
    before, here = resource.getrlimit(resource.RLIMIT_CORE), os.getcwd()
    resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)
        resource.setrlimit(resource.RLIMIT_CORE, before)


def test_no_crash_leaves_an_image(scratch):
    """Open and locked, killed as a fault of its own would: where another program leaves a core image, Satchel leaves none."""
    folder = scratch.folder / "cores"
    folder.mkdir()
    reporter, marker = Person(scratch, "reporter"), Markers()
    with where_cores_are_left(folder):
        other = subprocess.Popen(["sleep", "600"])
        if not killed(other, signal.SIGSEGV):
            raise Skip("no program leaves a core image on this machine")
        for core in folder.iterdir():
            core.unlink()
        for how, is_locked in ((signal.SIGSEGV, True), (signal.SIGABRT, True), (signal.SIGSEGV, False)):
            screen = opened(scratch, reporter)
            screen.begin_note(marker("text"))
            screen.key("ctrl+s")
            screen.find("Saved today", part=True)
            if is_locked:
                lock(screen)
            expect(not killed(screen.process, how), f"{how.name} leaves a core image, locked: {is_locked}")
            same(list(folder.iterdir()), [], "left behind")
            screen.end()
            expect_no_file(scratch.folder)


driver.main(globals())
