#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be done by when, and what belongs together: by keyboard, as a screen reader has it."""
import datetime
import hashlib
import pathlib
import subprocess
import sys
import time

import driver
from driver import Screen
from scenario import PASSPHRASE, Person, expect, run, same

NOTIFICATIONS = pathlib.Path(__file__).resolve().parent / "notifications.py"


def moment(**ahead):
    """As satchelctl takes it: so far from now, in UTC."""
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**ahead)).strftime("%Y-%m-%dT%H:%MZ")


def opened(scratch, reporter, section):
    screen = Screen(scratch, reporter.vault, TZ="UTC")
    screen.unlock(PASSPHRASE)
    go(screen, section)
    return screen


def go(screen, section):
    """To a section, and into its list."""
    screen.tab_to(section)
    screen.key("Return")


def marks(screen):
    """The buttons of the timeline, in its own order."""
    timeline = screen.find("Timeline")
    return [timeline.get_child_at_index(i).get_name() for i in range(timeline.get_child_count())]


def focus_is(screen, name):
    screen.wait(lambda: (node := screen.focused()) is not None and node.get_name().startswith(name), f"the focus on {name!r}")


def story(me):
    """A call, the visit after it, a summons to a day that is past, what somebody said at no known time; and their case."""
    call = me("new", "phone-call", "-s", "title=Звонок из отдела", "-s", "when=2024-02-11T09:30+03:00")
    visit = me("new", "police-visit", "-s", "title=بازدید پلیس", "-s", "span=2024-03-14T06:10+03:00/2024-03-14T09:30+03:00")
    summons = me("new", "summons", "-s", "title=Summons", "-s", "received=2025-03", "-s", f"appear={moment(days=-3)} come to room 5")
    said = me("new", "note", "-s", "title=Said", "-s", "text=.", "-s", "when=?")
    case = me("new", "note", "-s", "title=Sadovaya", "-s", "text=.", "-s", "when=2024-06-01",
              *[word for i, id in enumerate((call, visit, summons, said)) for word in ("-s", f"links.{i}.record={id}")])
    return {"call": call, "visit": visit, "summons": summons, "said": said, "case": case}


# --- Deadlines ---

def test_deadlines(scratch):
    me = Person(scratch, "me")
    story(me)
    me("new", "court", "-s", "court=District court", "-s", f"hearing={moment(days=3)} hearing", "-s", f"appeal_until={moment(days=60)[:10]} appeal")
    me("new", "summons", "-s", "title=Old", "-s", "appear=2020-01-01T10:00Z long ago")
    me("new", "summons", "-s", "title=Open", "-s", "appear.what=some day")
    screen = opened(scratch, me, "Deadlines")
    screen.find("1 deadline is overdue", "label")
    screen.find("3 days ago", "label", part=True)
    headings = ("Overdue", "Today", "Within a week", "Later", "Passed or done")
    names = [text.split(": ", 1)[1] for text in screen.texts() if text.split(": ", 1)[0] in ("list", "list item")]
    same([n for n in names if n in (*headings, "come to room 5", "hearing", "appeal", "some day", "long ago")],
         ["Overdue", "come to room 5", "Within a week", "hearing", "Later", "appeal", "some day", "Passed or done", "long ago"])
    screen.tab_to("come to room 5")
    expect("Overdue" in screen.focused().get_description(), "a row does not say that it is overdue")
    screen.key("Return")
    screen.find("Saved", part=True)
    same(screen.text_of(screen.find("Title", "text")), "Summons", "the report that it is of")
    screen.end()


def test_done(scratch):
    me = Person(scratch, "me")
    ids = story(me)
    screen = opened(scratch, me, "Deadlines")
    screen.tab_to("Done: come to room 5")
    screen.key("space")
    screen.find("Not Done: come to room 5", "push button")
    screen.gone("1 deadline is overdue", "label")
    focus_is(screen, "come to room 5")
    same([(d["id"], d["is_done"], d["is_over"]) for d in me_after(screen, me, "deadlines")], [(ids["summons"], True, False)])


def me_after(screen, person, *command):
    """What satchelctl says once the app is gone: one at a time has the vault."""
    screen.end()
    return person.json(*command)


def unfold(text):
    expect(text.endswith(b"\r\n") and b"\n" not in text.replace(b"\r\n", b""), "line ends")
    expect(all(len(line) <= 75 for line in text.split(b"\r\n")), "a line of more than 75 octets")
    for line in text.split(b"\r\n"):
        line.decode()
    return text.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def entries(path):
    """Of a calendar, strictly: every line known, every entry whole."""
    lines = unfold(path.read_bytes())
    same((lines[0], lines[-1]), ("BEGIN:VCALENDAR", "END:VCALENDAR"), "the calendar's frame")
    found, entry = [], None
    for line in lines[1:-1]:
        name, value = line.split(":", 1)
        if line == "BEGIN:VEVENT":
            expect(entry is None, "an entry in an entry")
            entry = {}
        elif line == "END:VEVENT":
            expect({"UID", "DTSTAMP", "SUMMARY"} <= entry.keys() and any(key.startswith("DTSTART") for key in entry), f"incomplete: {entry}")
            found.append(entry)
            entry = None
        elif entry is None:
            expect(name in ("VERSION", "PRODID", "CALSCALE"), f"unknown: {line}")
        else:
            expect(name not in entry, f"{name} twice")
            entry[name] = value
    expect(entry is None, "an entry without an end")
    return found


def ask_for_calendar(screen, button):
    screen.tab_to(button)
    screen.key("Return")
    screen.find("Everybody who gets the file can read what is in it", part=True)


def save_calendar(screen, button, path):
    ask_for_calendar(screen, button)
    choose_where(screen, path)


def choose_where(screen, path):
    screen.press("Choose _Where…", "push button", part=True)
    screen.wait(lambda: (node := screen.focused()) is not None and node.get_role_name() == "text", "the name of the file")
    time.sleep(0.5)
    screen.key("ctrl+a")
    screen.type(str(path))
    screen.key("Return")
    screen.find("Calendar saved", part=True)
    screen.wait(path.exists, f"{path.name}")


LEAVE_OUT = "Leave out names, places and titles"


def test_calendar_of_deadlines(scratch):
    me = Person(scratch, "me")
    ids = story(me)
    screen = opened(scratch, me, "Deadlines")
    path = scratch.folder / "due.ics"
    save_calendar(screen, "Save as a calendar", path)
    same([(e["UID"], e["SUMMARY"], e["DESCRIPTION"]) for e in entries(path)],
         [(f"satchel-{ids['summons']}-appear", "come to room 5", "Summons")])
    same(path.stat().st_mode & 0o777, 0o600, "who may read the file")
    same([e["object"] for e in me_after(screen, me, "ledger") if e["action"] == "exported"], [ids["summons"]])


def lock_from_outside(person):
    name = "org.satchel.Satchel.v" + hashlib.sha256(str(person.vault).encode()).hexdigest()[:16]
    done = run("gdbus", "call", "--session", "--dest", name, "--object-path", "/" + name.replace(".", "/"), "--method",
               "org.gtk.Actions.Activate", "lock", "[]", "{}")
    same(done.returncode, 0, f"locking: {done.stderr.decode()}")


def test_lock_closes_questions(scratch):
    """A lock that comes while a question is open, as by the idle clock: nothing is left over the locked page."""
    me = Person(scratch, "me")
    story(me)
    screen = opened(scratch, me, "Cases")
    screen.tab_to("New case")
    screen.key("Return")
    screen.ready("Name of the case")
    screen.type("Secret name")
    lock_from_outside(me)
    screen.find("Passphrase", "password text")
    expect(not any("Secret name" in text for text in screen.texts()), "what was typed is still there")
    expect(screen.look("Name of the case") is None, "the question is still there")
    keys_to(screen, "Satchel")
    screen.unlock(PASSPHRASE)
    go(screen, "Deadlines")
    screen.tab_to("Save as a calendar")
    screen.key("Return")
    screen.find("Everybody who gets the file can read what is in it", part=True)
    lock_from_outside(me)
    screen.find("Passphrase", "password text")
    expect(screen.look("Everybody who gets the file can read what is in it", part=True) is None, "the warning is still there")
    screen.end()


# --- Reminders ---

def test_reminder(scratch):
    me = Person(scratch, "me")
    me("new", "summons", "-s", "title=Very private", "-s", f"appear={moment(minutes=40)} come to room 5")
    told = scratch.folder / "told"
    server = subprocess.Popen([sys.executable, NOTIFICATIONS, told])
    scratch.closing.append(server.kill)
    while not told.exists() or "ready" not in told.read_text():
        time.sleep(0.1)
    screen = opened(scratch, me, "Deadlines")
    screen.wait(lambda: "notify" in told.read_text(), "a notification")
    notified = [line for line in told.read_text().split("\n") if line.startswith("notify")]
    same(len(notified), 1, "notifications")
    expect("Satchel: something is due" in notified[0], f"what was said: {notified[0]}")
    expect("private" not in notified[0] and "room 5" not in notified[0] and "ummons" not in notified[0], f"it names something: {notified[0]}")
    screen.tab_to("Done: come to room 5")
    screen.key("space")
    screen.wait(lambda: "close 7" in told.read_text(), "the notification to be taken back")
    screen.end()


# --- Cases ---

def open_case(screen):
    go(screen, "Cases")
    screen.tab_to("Sadovaya")
    screen.key("Return")
    screen.find("Timeline")


def test_timeline(scratch):
    me = Person(scratch, "me")
    story(me)
    me("new", "note", "-s", "title=Alone", "-s", "text=.")
    screen = Screen(scratch, me.vault, TZ="UTC")
    screen.unlock(PASSPHRASE)
    open_case(screen)
    screen.find("5 reports", "label")
    wanted = ["Said, Note · time not known", "Звонок из отдела, Phone call · 11 February 2024, 09:30",
              "بازدید پلیس, Police visit · 14 March 2024, 06:10 – 09:30", "Sadovaya, Note · 1 June 2024", "Summons, Summons · March 2025",
              "Deadline: come to room 5, 3 days ago"]
    shown = [name for name in marks(screen) if name]
    same(len(shown), len(wanted), f"marks: {shown}")
    # What has no time and what came first begin together.
    expect(all(any(name.startswith(part) for name in shown) for part in wanted), f"marks: {shown}")
    expect([next(i for i, name in enumerate(shown) if name.startswith(part)) for part in wanted[1:]] ==
           sorted(next(i for i, name in enumerate(shown) if name.startswith(part)) for part in wanted[1:]), f"order: {shown}")
    screen.tab_to(shown[0])
    screen.key("Right")
    focus_is(screen, shown[1])
    screen.key("End")
    focus_is(screen, wanted[-1])
    screen.key("Left")
    focus_is(screen, "Summons")
    screen.key("Home")
    focus_is(screen, shown[0])
    # Closer: the range that is shown is another, and all of it again.
    whole = next(text for text in screen.texts() if text.startswith("label: ") and " – " in text and text.endswith(("2026", "2027", "2028")))
    for _ in range(6):
        screen.key("plus")
    screen.gone(whole.split(": ", 1)[1], "label")
    screen.key("0")
    screen.find(whole.split(": ", 1)[1], "label")
    screen.key("End")
    focus_is(screen, wanted[-1])
    screen.key("Return")
    screen.find("Saved", part=True)
    same(screen.text_of(screen.find("Title", "text")), "Summons", "the report of the mark")
    screen.end()


def keys_to(screen, title):
    """Gives a window the keys, as a window manager would: there is none here, and a closed dialog takes them along."""
    def given():
        found = run("xdotool", "search", "--onlyvisible", "--name", title).stdout.split()
        return found and run("xdotool", "windowfocus", found[-1].decode()).returncode == 0
    screen.wait(given, f"the window {title!r}")


def pick(screen, title):
    screen.find("Choose a report", "frame")
    keys_to(screen, "Choose a report")
    time.sleep(0.5)
    screen.type(title)
    # Rows of what was shown before stay among the nodes: the answer to the search cannot be seen by their names.
    time.sleep(1.5)
    screen.key("Return")
    screen.wait(lambda: screen.look("Choose a report", "frame") is None, "the question to be answered")


def test_new_case(scratch):
    me = Person(scratch, "me")
    first = me("new", "note", "-s", "title=First", "-s", "text=.")
    second = me("new", "note", "-s", "title=Second", "-s", "text=.")
    screen = opened(scratch, me, "Cases")
    screen.find("No cases yet")
    screen.tab_to("New case")
    screen.key("Return")
    screen.ready("Name of the case")
    screen.type("The flat")
    screen.key("Return")
    pick(screen, "First")
    screen.find("Timeline")
    screen.find("2 reports", "label")
    screen.press("Add a report to this case")
    pick(screen, "Second")
    screen.find("3 reports", "label")
    # Out, back by Undo, and out for good.
    screen.press("Take out of the case: Second", "push button")
    screen.find("2 reports", "label")
    screen.press("_Undo", "push button", part=True)
    screen.find("3 reports", "label")
    screen.press("Take out of the case: First", "push button")
    screen.find("2 reports", "label")
    screen.end()
    [case] = [r for r in me.json("list") if r["id"] not in (first, second)]
    same(sorted(r["id"] for r in me.json("case", second)), sorted([second, case["id"]]), "the case")
    same([r["id"] for r in me.json("case", first)], [first], "what was taken out")
    me("check")


def test_calendar_of_a_case(scratch):
    me = Person(scratch, "me")
    ids = story(me)
    screen = Screen(scratch, me.vault, TZ="UTC")
    screen.unlock(PASSPHRASE)
    open_case(screen)
    path = scratch.folder / "case.ics"
    save_calendar(screen, "Save this case as a calendar", path)
    screen.find("1 was left out", part=True)
    same(sorted(e["UID"] for e in entries(path)),
         sorted([f"satchel-{ids['summons']}-appear", *(f"satchel-{ids[name]}-when" for name in ("call", "visit", "summons", "case"))]))
    screen.end()


def test_calendar_names_nobody(scratch):
    """Who is not to be named to others is named to whoever saves, and the calendar is without words of their own unless they say so."""
    me = Person(scratch, "me")
    story(me)
    summons = me("new", "summons", "-s", "title=To Petrov", "-s", f"appear={moment(days=5)} bring Petrov's papers", "-s", "received=2025-03",
                 "-s", "officer.0.name=Petrov", "-s", "officer.0.do_not_share=yes")
    me("new", "note", "-s", "title=Two", "-s", "text=.", "-s", "when=2024-06-01", "-s", f"links.0.record={summons}")
    screen = Screen(scratch, me.vault, TZ="UTC")
    screen.unlock(PASSPHRASE)
    go(screen, "Deadlines")
    without, with_words, case = (scratch.folder / f"{name}.ics" for name in ("without", "with", "case"))
    ask_for_calendar(screen, "Save as a calendar")
    screen.find("1 name is marked not to be shared: Petrov", "label")
    screen.wait(lambda: screen.has_focus("Cancel"), "Return to change nothing")
    same(screen.unnamed(), [], "unnamed in the question")
    choose_where(screen, without)
    same([(e["SUMMARY"], e.get("DESCRIPTION")) for e in entries(without)], [("Summons: Appear at", None)] * 2)
    ask_for_calendar(screen, "Save as a calendar")
    screen.tab_to(LEAVE_OUT, part=True)
    screen.key("space")
    choose_where(screen, with_words)
    same([(e["SUMMARY"], e["DESCRIPTION"]) for e in entries(with_words)],
         [("come to room 5", "Summons"), ("bring Petrov's papers", "To Petrov")])
    go(screen, "Cases")
    screen.tab_to("Two")
    screen.key("Return")
    screen.find("Timeline")
    save_calendar(screen, "Save this case as a calendar", case)
    same(sorted((e["SUMMARY"], e.get("DESCRIPTION"), e.get("LOCATION")) for e in entries(case)),
         [("Note", None, None), ("Summons", None, None), ("Summons: Appear at", None, None)])
    screen.end()


def test_every_control_has_a_name(scratch):
    me = Person(scratch, "me")
    story(me)
    screen = opened(scratch, me, "Deadlines")
    screen.find("come to room 5", "list item")
    same(screen.unnamed(), [], "unnamed among the deadlines")
    open_case(screen)
    same(screen.unnamed(), [], "unnamed in a case")
    screen.end()


driver.main(globals())
