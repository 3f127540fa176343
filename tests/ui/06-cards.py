#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Press cards: whether they are good, and shown to an officer, with nothing else of the vault to be seen. By keyboard and as a
screen reader has it; the QR code is read from the screen itself."""
import shutil
import subprocess
import time

import driver
from driver import Screen
from scenario import PASSPHRASE, SAMPLES, Person, Skip, expect, same

FACE = "Press credential\nThe Courier\nAnna Petrova\nCorrespondent\nNumber: 17\nValid until: 2099-12-31\n"


def days_from_now(days):
    return time.strftime("%Y-%m-%d", time.localtime(time.time() + days * 24 * 3600))


def card(person, *more, name="Anna Petrova", outlet="The Courier", until="2099-12-31", kind="credential"):
    values = [f"outlet={outlet}", f"name={name}", "role=Correspondent", "number=17", f"valid_until={until}", *more]
    return person("new", kind, *[part for value in values for part in ("-s", value)])


def opened(scratch, person):
    # Without a window manager the keys go to the window below the pointer, and every window stands in this corner.
    subprocess.run(["xdotool", "mousemove", "60", "40"], check=True)
    screen = Screen(scratch, person.vault)
    screen.unlock(PASSPHRASE)
    screen.section("Press cards")
    return screen


def open_card(screen, title):
    screen.tab_to(title)
    screen.key("Return")
    screen.wait(lambda: is_enabled(screen, "Show to Officer"), "a card that can be shown")


def at_card(scratch, person, title="Anna Petrova, The Courier"):
    screen = opened(scratch, person)
    open_card(screen, title)
    return screen


def described(screen, title):
    """What the row of the cards says; the list of reports has one of that name, too."""
    cards = screen.look("Press cards", "list")
    for i in range(cards.get_child_count() if cards is not None else 0):
        row = cards.get_child_at_index(i)
        if row.get_name() == title:
            return row.get_description()
    return None


def is_enabled(screen, name):
    button = screen.look(name, "push button")
    return button is not None and button.get_state_set().contains(screen.atspi.StateType.SENSITIVE)


def show(screen, how):
    screen.press(how, "push button")
    screen.find("Back (Escape)", "push button")


def test_what_is_wrong_is_said(scratch):
    reporter = Person(scratch, "reporter")
    for name, until, more in (("A", days_from_now(3), ()), ("B", days_from_now(-1), ()), ("C", "2099-12-31", ("status=seized",)),
                              ("D", "2099-12-31", (f"valid_from={days_from_now(5)}",)), ("E", "2099-12-31", ())):
        card(reporter, *more, name=name, until=until)
    reporter("new", "note", "-s", "text=no card")
    screen = opened(scratch, reporter)
    for name, text in (("A", "Expires in 3 days"), ("B", "Expired yesterday"), ("C", "Seized"), ("D", "Not valid yet: in 5 days"),
                       ("E", "Valid until 31 December 2099")):
        screen.wait(lambda: described(screen, f"{name}, The Courier") == text, f"{name}: {text}")
        screen.find(text, "label")


def test_none_yet(scratch):
    screen = opened(scratch, Person(scratch, "reporter"))
    screen.find("No press cards yet")
    screen.press("New Press Card", "push button")
    screen.find("Name on the card", part=True)


def test_shown_alone(scratch):
    reporter = Person(scratch, "reporter")
    record = card(reporter, "title=kept to myself")
    reporter("attach", record, SAMPLES / "IMG_20240309_140512.jpg")
    screen = at_card(scratch, reporter, "kept to myself")
    screen.find("Picture of the card")
    show(screen, "Show to Officer")
    texts = screen.texts()
    for name in ("Anna Petrova", "The Courier", "Correspondent", "Number", "17", "Valid until", "2099-12-31"):
        expect(any(text == f"label: {name}" for text in texts), f"{name} is not shown: {texts}")
    for name in ("kept to myself", "New note", "Reports", "Edit"):
        expect(not any(name in text for text in texts), f"{name} can be seen beside the card: {texts}")
    same(screen.unnamed(), [], "unnamed beside the card")
    screen.key("Escape")
    screen.find("Show to Officer", "push button")
    screen.find("kept to myself")


def test_code_says_the_face(scratch):
    if not (shutil.which("zbarimg") and shutil.which("import")):
        raise Skip("zbarimg or import is not installed")
    reporter = Person(scratch, "reporter")
    card(reporter, "title=kept to myself", "notes.0.text=a note")
    screen = at_card(scratch, reporter, "kept to myself")
    show(screen, "Show to Officer")
    time.sleep(1)
    picture = scratch.folder / "screen.png"
    screen.shot(picture)
    read = subprocess.run(["zbarimg", "--raw", "-q", picture], capture_output=True, text=True)
    same(read.stdout.rstrip("\n") + "\n", FACE, "the code on the screen")


def test_language_of_the_card(scratch):
    reporter = Person(scratch, "reporter")
    card(reporter, "language=ru", name="Анна Петрова", outlet="Курьер")
    screen = at_card(scratch, reporter, "Анна Петрова, Курьер")
    show(screen, "Show to Officer")
    for text in ("Пресс-карта", "Номер", "Действует до"):
        screen.find(text, "label")


def test_lock_while_shown(scratch):
    reporter = Person(scratch, "reporter")
    card(reporter)
    screen = at_card(scratch, reporter)
    show(screen, "Show to Officer")
    screen.key("ctrl+l")
    screen.ready("Passphrase")
    expect(not any("Anna" in text for text in screen.texts()), "the locked screen shows the card")


def test_locked_before_it_is_shown(scratch):
    reporter = Person(scratch, "reporter")
    card(reporter)
    screen = opened(scratch, reporter)
    screen.key("ctrl+n")
    screen.ready("Text")
    screen.type("half a sentence")
    screen.find("Not saved · draft kept")
    screen.end()
    screen = at_card(scratch, reporter)
    show(screen, "Lock and Show")
    screen.find("Anna Petrova", "label")
    # The vault is closed: another program may have it.
    same(len(reporter.json("list")), 1, "records")
    screen.key("Escape")
    screen.ready("Passphrase")
    expect(not any("Anna" in text for text in screen.texts()), "the locked screen shows the card")
    screen.unlock(PASSPHRASE)
    screen.find("half a sentence", part=True)


def left_of(person):
    """Where the card is that was left readable."""
    return person.vault / "press-card"


def is_left(screen):
    return screen.is_checked("Show Without Unlocking")


def leave(screen, person):
    screen.tab_to("Show Without Unlocking")
    screen.key("Return")
    screen.wait(lambda: left_of(person).exists(), "a card that is left readable")
    screen.wait(lambda: is_left(screen), "a switch that says so")


def test_shown_without_unlocking(scratch):
    """Only where it was chosen; what is shown is the card, and the way back is the passphrase."""
    reporter = Person(scratch, "reporter")
    record = card(reporter, "title=kept to myself")
    reporter("attach", record, SAMPLES / "IMG_20240309_140512.jpg")
    screen = at_card(scratch, reporter, "kept to myself")
    screen.key("ctrl+l")
    screen.ready("Passphrase")
    expect(screen.look("Show Press Card", "push button") is None, "a card that nobody chose to leave is offered")
    screen.unlock(PASSPHRASE)
    screen.section("Press cards")
    open_card(screen, "kept to myself")
    leave(screen, reporter)
    screen.end()
    content = left_of(reporter).read_bytes()
    expect("Anna Petrova".encode() in content and b"kept to myself" not in content, "more or less than the card is left")
    screen = Screen(scratch, reporter.vault)
    screen.ready("Passphrase")
    expect(not any("Anna" in text for text in screen.texts()), "the locked screen shows the card unasked")
    screen.tab_to("Show Press Card")
    screen.key("Return")
    screen.find("Anna Petrova", "label")
    screen.find("Picture of the card")
    same(screen.unnamed(), [], "unnamed beside the card")
    same(len(reporter.json("list")), 1, "records: the vault is closed")
    screen.key("Escape")
    screen.ready("Passphrase")
    screen.unlock(PASSPHRASE)
    screen.find("Press cards")


def test_readable_card_goes(scratch):
    """With the switch, with its record, and with the vault; a damaged one is said to be."""
    reporter = Person(scratch, "reporter")
    record = card(reporter)
    screen = at_card(scratch, reporter)
    leave(screen, reporter)
    screen.key("Return")
    screen.wait(lambda: not left_of(reporter).exists(), "no card left readable")
    screen.wait(lambda: not is_left(screen), "a switch that says so")
    screen.tab_to("Show Without Unlocking")
    screen.key("Return")
    screen.wait(lambda: left_of(reporter).exists(), "a card left again")
    screen.end()
    reporter("erase", record)
    expect(not left_of(reporter).exists(), "the card of an erased record is readable")
    # An erasure that was cut off before it came to the card.
    left_of(reporter).write_bytes(record.encode() + b"\nAnna Petrova")
    reporter("list")
    expect(not left_of(reporter).exists(), "the card of a record that is not there outlives the next opening")
    left_of(reporter).write_bytes(b"no card")
    screen = Screen(scratch, reporter.vault)
    screen.ready("Passphrase")
    screen.tab_to("Show Press Card")
    screen.key("Return")
    screen.find("damaged", part=True)
    screen.end()
    reporter("wipe", "--yes")
    expect(not left_of(reporter).exists(), "a card is readable in a vault that was destroyed")


def test_only_for_reporters(scratch):
    screen = Screen(scratch, Person(scratch, "editor", "editor").vault)
    screen.unlock(PASSPHRASE)
    screen.find("People", "list item")
    expect(screen.look("Press cards") is None, "press cards in an editor's vault")


def test_every_control_has_a_name(scratch):
    reporter = Person(scratch, "reporter")
    card(reporter)
    screen = at_card(scratch, reporter)
    same(screen.unnamed(), [], "unnamed at a card")


driver.main(globals())
