#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that the desktop hands over: a card, sealed bundles, and what is none of Satchel's."""
from driver import Screen, opened
from scenario import Newsroom, PASSPHRASE, Person, expect, same
import driver


def sealed(person, folder, *texts):
    """The person's bundles, in the order in which they were sealed."""
    folder.mkdir()
    for text in texts:
        person("seal", person("new", "note", "-s", f"text={text}").strip())
    person("send", folder)
    return sorted(folder.glob("*.age"), key=lambda path: path.stat().st_mtime_ns)


def test_card(scratch):
    me = Person(scratch, "newcomer")
    friend = Person(scratch, "friend")
    screen = Screen(scratch, me.vault)
    # Before the vault is open nothing is shown of it.
    screen.find("Passphrase")
    screen.hand_over(friend.card())
    expect(screen.look("friend") is None, "the card is shown before the vault is open")
    screen.unlock(PASSPHRASE)
    screen.find("Added. Compare the safety words before you rely on this card.")
    same(screen.unnamed(), [], "unnamed on the card's page")
    screen.end()
    same([contact["name"] for contact in me.json("contacts")], ["friend"], "contacts")


def test_bundle(scratch):
    newsroom = Newsroom(scratch)
    # The introduction comes first, or nobody knows whose the others are.
    bundles = sealed(newsroom.reporter, scratch.folder / "stick", "They came at seven", "They left at nine")
    newsroom.editor("fetch", bundles[0].parent)
    later = sealed(newsroom.reporter, scratch.folder / "later", "They came again")
    renamed = scratch.folder / "Без имени.bin"
    renamed.write_bytes(later[-1].read_bytes())
    screen = opened(scratch, newsroom.editor)
    screen.hand_over(renamed)
    screen.find("1 bundle verified and opened")
    screen.find("They came again", "list item")
    screen.hand_over(renamed)
    screen.find("It was here already")
    screen.end()
    newsroom.editor("check")


def test_not_believed(scratch):
    """Somebody without an inbox is told in words."""
    newsroom = Newsroom(scratch)
    bundle = sealed(newsroom.reporter, scratch.folder / "stick", "They came at seven")[-1]
    bytes_ = bundle.read_bytes()
    bundle.write_bytes(bytes_[:-1] + bytes([bytes_[-1] ^ 1]))
    other = scratch.folder / "photo.age"
    other.write_bytes(b"\xff\xd8\xff\xe0 none of ours")
    screen = opened(scratch, newsroom.reporter)
    screen.hand_over(bundle)
    screen.find("Understood", "push button", part=True)
    same(screen.unnamed(), [], "unnamed in what is told")
    screen.key("Return")
    screen.gone("What was not believed")
    other.with_suffix(".card").write_bytes(b"")
    for file in (other, other.with_suffix(".card")):
        screen.hand_over(file)
        screen.find("This is none of them", part=True)
    screen.end()
    newsroom.reporter("check")


driver.main(globals())
