#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a machine without a vault to the first report with a photo at the newsroom, in one run and by keys alone; and the way to the
first note in Persian, written from the right."""
import hashlib
import time

import driver
from driver import Screen
from newcomer import Newcomer, choose_file
from scenario import SAMPLES, Newsroom, expect, need, run, same
from words import Words

NAME = "Анна Петрова"
PHOTO = SAMPLES / "IMG_20240309_140512.jpg"  # says where and when it was made
VISIT = [("Title", "Пришли утром, до семи"), ("From and until: From: date", "2024-03-09"), ("From and until: From: time", "06:52"),
         ("Place: Address", "Садовая 4, кв. 12"), ("Add: Officers", None), ("Name as given", "Сержант Петров"),
         ("Who sent them", "Прокуратура района"), ("What was asked", "پرسیدند چه کسی مرا فرستاده است")]


class ByKeys(Screen):
    """On which nothing is done but by keys."""

    def press(self, name, role=None, part=False):
        raise AssertionError(f"{name!r} is pressed by something else than a key")


def give_layouts():
    """Of the keyboard, as somebody has them who writes in three scripts."""
    need("setxkbmap")
    done = run("setxkbmap", "-layout", "us,ru,ir")
    same(done.returncode, 0, done.stderr.decode())


# --- The first report ---


def write_visit(screen):
    screen.key("ctrl+shift+n")
    screen.find("From and until: From: date")
    time.sleep(0.5)
    for field, text in VISIT:
        screen.tab_to(field)
        if text is None:
            screen.key("Return")
            continue
        screen.type(text)
        screen.wait(lambda: screen.text_of(screen.focused()) == text, f"{text!r} in {field!r}")


def attach_photo(screen):
    screen.attach(PHOTO)
    screen.find(PHOTO.name, "push button", part=True)
    screen.key("ctrl+s")
    screen.find("Saved today", part=True)


def seal(screen):
    screen.key("ctrl+Return")
    screen.find("Who Can Open It")
    screen.find("A place is written in 1 file")
    screen.find(f"{PHOTO.name}\nThey leave as they are, with the place", part=True)
    screen.ready("Seal and Send")
    screen.key("ctrl+Return")
    screen.gone("Who Can Open It")


def see_receipts(screen, editor):
    """The intake's, and once it is opened the newsroom's."""
    screen.section("Outbox")
    screen.wait(lambda: "At the newsroom, not opened yet" in screen.said_in_rows(VISIT[0][1]), "the intake's receipt")
    editor("fetch")
    editor("send")
    screen.tab_to("Send now", key="shift+Tab")
    screen.key("Return")
    screen.wait(lambda: "Opened by the newsroom" in screen.said_in_rows(VISIT[0][1]), "the newsroom's receipt")


def expect_nothing_readable(scratch, *secrets):
    for secret in (*secrets, *(text for _, text in VISIT if text and not text.isascii()), PHOTO.name):
        scratch.expect_no_plaintext(secret)


def expect_one_report(scratch, me, editor):
    """With the photo as it came out of the camera, there and here."""
    wanted = hashlib.sha256(PHOTO.read_bytes()).hexdigest()
    [record] = me.json("list")
    mine = me.json("show", record["id"])
    values = mine["values"]
    same([values["title"], values["span"], values["place"], values["officers"][0]["name"], values["sent_by"], values["asked"]],
         [VISIT[0][1], values["span"], {"text": VISIT[3][1]}, VISIT[5][1], VISIT[6][1], VISIT[7][1]], "values")
    expect(values["span"].startswith("2024-03-09T06:52"), f"when: {values['span']}")
    same([(item["name"], item["sha256"]) for item in mine["evidence"]], [(PHOTO.name, wanted)], "evidence")
    [there] = editor.json("list")
    same(there["id"], record["id"], "the report at the newsroom")
    theirs = editor.json("show", there["id"])
    same(theirs["values"], values, "values at the newsroom")
    same([(item["name"], item["sha256"]) for item in theirs["evidence"]], [(PHOTO.name, wanted)], "evidence at the newsroom")
    copy = scratch.folder / "copy.jpg"
    editor("get", theirs["evidence"][0]["id"], "-o", copy)
    same(hashlib.sha256(copy.read_bytes()).hexdigest(), wanted, "what the newsroom gets out")
    same({entry["state"] for entry in me.json("outbox")}, {"opened"}, "the outbox")
    for person in (me, editor):
        person("check")


def test_first_report(scratch):
    give_layouts()
    newsroom = Newsroom(scratch, with_intake=True, lawyer=False)
    invite = scratch.folder / "anna.invite"
    newsroom.editor("invite", "--for", NAME, "-o", invite)
    me = Newcomer(scratch, name=NAME, screen=ByKeys)
    expect(not me.vault.exists(), "there is a vault already")
    words, code = me.makes_all()
    choose_file(me.screen, "Open File", "Open an Invite", invite)
    me.joins("The Courier")
    write_visit(me.screen)
    attach_photo(me.screen)
    seal(me.screen)
    see_receipts(me.screen, newsroom.editor)
    me.screen.key("ctrl+q")
    me.screen.end(0)
    # Before a passphrase file of this test's own is there.
    expect_nothing_readable(scratch, words, code.replace("\n", "-"))
    me.knows(words)
    same((me.json("info")["name"], me.json("info")["newsroom"]), (NAME, "The Courier"))
    expect_one_report(scratch, me, newsroom.editor)


# --- In Persian ---

PERSIAN = Words("fa")
NOTE = "سه نفر با لباس شخصی آمدند"


class InPersian(ByKeys):
    readings = staticmethod(PERSIAN.english)


def in_english(screen):
    """What the catalog has in Persian, and the screen does not."""
    known = {source for sources in PERSIAN.exact.values() for source in sources} - set(PERSIAN.exact)
    # A button's name is said twice by GTK 4.8.
    known |= {f"{source} {source.replace('_', '', 1)}" for source in known}
    return [text for text in screen.texts() if text.partition(": ")[2] in known]


def is_at_the_left(screen, node):
    box = node.get_component_iface().get_extents(screen.atspi.CoordType.WINDOW)
    return box.x + box.width / 2 < int(driver.SIZE.split("x")[0]) / 2


def test_persian(scratch):
    give_layouts()
    me = Newcomer(scratch, name="مریم حسینی", screen=InPersian, LANGUAGE="fa")
    screen = me.screen
    me.step(1, "Name")
    same(in_english(screen), [], "in English at the beginning")
    expect(is_at_the_left(screen, screen.find("Next", "push button", part=True)), "Next is at the right")
    words, _ = me.makes_all()
    same(in_english(screen), [], "in English at the assistant's end")
    me.goes_on()
    screen.begin_note(NOTE)
    screen.key("ctrl+s")
    screen.find("Saved ", "label", part=True)
    same(in_english(screen), [], "in English beside the note")
    expect(not is_at_the_left(screen, screen.find("Sections", "list")), "the sections are at the left")
    screen.key("ctrl+q")
    screen.end(0)
    scratch.expect_no_plaintext(NOTE)
    me.knows(words)
    same(me.json("info")["name"], me.called, "name")
    [record] = me.json("list")
    same(me.json("show", record["id"])["values"]["text"], NOTE, "text")
    me("check")


driver.main(globals())
