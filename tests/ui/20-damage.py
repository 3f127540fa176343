#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A vault that was changed or hit while it was closed: it says so and what to do, shows nothing, writes nothing, and opens again
once it is whole."""
import driver
from driver import Screen
from scenario import PASSPHRASE, SAMPLES, Person, expect, same

PHOTO = "IMG_20240309_140512.jpg"
DAMAGED = "The vault is damaged, or somebody changed it. Do not write into it. Restore it from a backup, and keep this one for examination."


def flip(path, offset):
    content = bytearray(path.read_bytes())
    content[offset] ^= 1
    path.write_bytes(content)


def content_of(vault):
    return {path: path.read_bytes() for path in sorted(vault.rglob("*")) if path.is_file()}


def written(scratch):
    reporter = Person(scratch, "reporter")
    reporter("new", "note", "-s", "text=They came at seven", "-a", SAMPLES / PHOTO)
    return reporter


def try_to_open(screen):
    screen.ready("Passphrase")
    screen.type(PASSPHRASE)
    screen.key("Return")


def expect_refused(scratch, reporter, said):
    """@said by the locked page, as an alert; afterwards not a byte is different, and with the old bytes all is there."""
    before = content_of(reporter.vault)
    screen = Screen(scratch, reporter.vault)
    for _ in range(2):  # Trying again gives no other answer.
        try_to_open(screen)
        screen.find(said)
        screen.ready("Passphrase")
    expect(screen.look("New note") is None, "a damaged vault is shown")
    same(screen.unnamed(), [], "unnamed beside the sentence")
    same(content_of(reporter.vault), before, "the vault's files")
    return screen


def mend_and_open(screen, whole):
    for path, content in whole.items():
        path.write_bytes(content)
    screen.unlock(PASSPHRASE)
    screen.find("They came at seven", "list item")
    screen.end()


def test_byte_of_the_store(scratch):
    reporter = written(scratch)
    whole = content_of(reporter.vault)
    store = reporter.vault / "store.db"
    # The salt, the first page, one in the middle, the last: whatever is read, it is found before anything of it is shown.
    for offset in (3, 2000):
        flip(store, offset)
        screen = expect_refused(scratch, reporter, DAMAGED)
        mend_and_open(screen, whole)


def test_byte_in_the_depth_of_the_store(scratch):
    """A page that is read later: the vault opens as far as it is whole, and what cannot be read is said, not shown as nothing."""
    reporter = written(scratch)
    store = reporter.vault / "store.db"
    whole = content_of(reporter.vault)
    pages = len(whole[store]) // 4096
    for page in range(1, pages):
        flip(store, page * 4096 + 2000)
    screen = expect_refused(scratch, reporter, DAMAGED)
    mend_and_open(screen, whole)


def test_one_key_header(scratch):
    """There are two: with one of them the vault opens as ever."""
    reporter = written(scratch)
    for name in ("keys", "keys.bak"):
        flip(reporter.vault / name, 300)
        screen = Screen(scratch, reporter.vault)
        screen.unlock(PASSPHRASE)
        screen.find("They came at seven", "list item")
        screen.end()
        reporter("check")


def test_both_key_headers(scratch):
    reporter = written(scratch)
    whole = content_of(reporter.vault)
    for name in ("keys", "keys.bak"):
        flip(reporter.vault / name, 300)
    screen = expect_refused(scratch, reporter, DAMAGED)
    mend_and_open(screen, whole)
    reporter("check")


def test_evidence(scratch):
    """The report opens; the file that is not what was attached says so."""
    reporter = written(scratch)
    [blob] = [path for path in (reporter.vault / "blobs").rglob("*") if path.is_file()]
    flip(blob, 40000)
    screen = Screen(scratch, reporter.vault)
    screen.unlock(PASSPHRASE)
    screen.open_row("They came at seven", "Reports")
    screen.press(PHOTO, "push button", part=True)
    screen.find("What is known of this file")
    screen.find("The vault's copy of this file cannot be read.")
    screen.find("Restore the vault from a backup", part=True)
    screen.end()
    reporter("check", code=4)


driver.main(globals())
