# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in the vaults that are looked at: every state, in several scripts, long and short."""
import datetime
import shutil
import time

from scenario import CHEAP, SAMPLES, Intake, Newsroom, Person

LONG = ("Three men in plain clothes rang at seven in the morning and asked whether I had been on Sadovaya on Saturday. "
        "The oldest showed a folded paper for a second, too short to read; he said it was a decision of the district prosecutor. "
        "They asked for the phone and for the camera cards, twice, and wrote down the names of everybody in the flat. ")


def fill(reporter):
    """Thirty records of all sorts, the fullest last."""
    for number in range(1, 13):
        reporter("new", "note", "-s", f"text=Blue van without plates at the corner, day {number}. Same two men as before.")
    for number in range(1, 8):
        reporter("new", "phone-call", "-s", f"title=Call {number}: unknown number, no name given")
    for event in ("Rally on Sadovaya", "Hearing of the Sadovaya case", "Vigil at the prison", "Strike at the depot", "Funeral of K."):
        reporter("new", "coverage", "-s", f"title={event}", "-s", f"event={event}")
    for title in ("Summons to room 5", "Повестка в отдел на Садовой", "یادداشت صوتی از بازداشت"):
        reporter("new", "summons", "-s", f"title={title}")
    reporter("new", "detention", "-s", "title=Held at the station for five hours")
    note = reporter.json("new", "note", "-s", "text=What the neighbour on the third floor saw: " + LONG)["id"]
    visit = reporter.json(
        "new", "police-visit", "-s", "title=Officers at my door", "-s", "span=2024-03-09T07:02+03:00/2024-03-09T07:40+03:00",
        "-s", "place=Садовая 4, кв. 12, third entrance, the door at the end of the corridor behind the lift",
        "-s", "officers.0.name=Sgt Petrov", "-s", "officers.0.attribution=self-identified",
        "-s", "officers.1.description=Tall, grey coat, a scar over the left eyebrow; did not speak", "-s", "officers.1.attribution=unknown",
        "-s", "witnesses.0.name=Соседка с третьего этажа", "-s", "witnesses.0.do_not_share=yes",
        "-s", "asked=" + LONG * 2, "-s", "force=threats, pushing", "-s", "notes.0.text=" + LONG,
        *(part for sample in sorted(SAMPLES.iterdir()) for part in ("-a", sample)))["id"]
    reporter("edit", visit, "-s", "notes.1.text=Они спросили, кто меня послал.")
    return visit, note


def ahead(**time_ahead):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**time_ahead)).strftime("%Y-%m-%dT%H:%MZ")


def fill_case(reporter, visit):
    """Two years of one story, in three scripts, with deadlines before and after today."""
    ids = [visit] + [reporter("new", kind, *(part for value in values for part in ("-s", value))) for kind, *values in (
        ("coverage", "event=Митинг на Садовой", "span=2024-02-07T12:00+03:00/2024-02-07T17:00+03:00"),
        ("phone-call", "title=Звонок из отдела", "when=2024-03-01T09:30+03:00"),
        ("summons", "title=Summons to the district court", "received=2024-05", f"appear={ahead(days=-3)} Come to room 5 with the passport",
         "officer.0.name=A. Sidorenko", "officer.0.do_not_share=yes"),
        ("interrogation", "title=بازجویی در اداره پلیس", "span=2025-01-20T10:00+03:30/2025-01-20T13:00+03:30"),
        ("note", "title=What a neighbour says", "text=Two men asked for me.", "when=?"),
        ("court", "court=Суд Басманного района", f"hearing={ahead(hours=3)} Hearing: bring a lawyer", f"appeal_until={ahead(days=5)[:10]} Appeal"),
        ("summons", "title=احضاریه", f"received={ahead(days=-80)[:10]}", f"appear={ahead(days=40)} به دادگاه بروید"),
        ("warning", "title=Written warning", f"received={ahead(days=-200)}"))]
    reporter("new", "note", "-s", "title=Sadovaya and after", "-s", "text=All of it", "-s", f"when={ahead(days=-30)[:10]}",
             *(part for i, id in enumerate(ids) for part in ("-s", f"links.{i}.record={id}")))
    first = reporter("new", "note", "-s", "title=The flat", "-s", "text=Keys are missing.", "-s", "when=2023-05-01")
    reporter("new", "note", "-s", "title=Second case", "-s", "text=The lock was changed.", "-s", "when=2023-05-01", "-s", f"links.0.record={first}")


def fill_people(scratch, editor):
    """A stranger, a warning, invites of each state."""
    for folder, name in (("stranger", "مریم حسینی"), ("anna", "Анна Сергеевна Петрова-Водкина"), ("false-anna", "Анна Сергеевна Петрова-Водкина")):
        person = Person(scratch, folder, init=False)
        person("init", "--name", name, "--role", "reporter", *CHEAP)
        editor.raw("trust", person.card())
    for name in ("Little bird", "gone"):
        editor("invite", "--for", name, "-o", scratch.folder / f"{name}.invite")
    editor("revoke", "gone")


def fill_cards(reporter):
    """One that is good, with a picture; one that has expired, in Russian; an assignment."""
    until = time.strftime("%Y-%m-%d", time.localtime(time.time() + 12 * 24 * 3600))
    for values in (("outlet=The Courier", "name=Anna Petrova", "role=Correspondent", "number=0017-24", "issuer=The Courier, editorial office",
                    "valid_from=2024-01-01", f"valid_until={until}", "editor=Vera Orlova", "phone=+7 000 000-00-00"),
                   ("outlet=Курьер", "name=Анна Сергеевна Петрова-Водкина", "role=Корреспондент", "valid_until=2024-12-31", "language=ru"),
                   ("outlet=پیک خبر", "name=مریم حسینی", "role=خبرنگار", "valid_until=2030-12-31")):
        attached = ("-a", SAMPLES / "IMG_20240309_140512.jpg") if "number=0017-24" in values else ()
        reporter("new", "credential", *(part for value in values for part in ("-s", value)), *attached)
    reporter("new", "assignment", "-s", "outlet=The Courier", "-s", "name=Anna Petrova", "-s", "event=March on Sadovaya",
             "-s", "task=Photograph the march. Speak with who organised it.", "-s", "span=2024-03-09T14:00+03:00/2024-03-09T18:00+03:00")


def fill_outbox(scratch, newsroom):
    """A bundle of each state; the newsroom's server is out of reach afterwards."""
    reporter = newsroom.reporter

    def seal(title, *more):
        return reporter("seal", reporter("new", "note", "-s", f"title={title}", "-s", "text=As agreed.", *more))

    newsroom.intake.start()
    seal("Opened, and answered", "-a", SAMPLES / "Повестка.pdf")
    reporter("send")
    newsroom.editor("fetch")
    newsroom.lawyer("fetch")
    newsroom.editor("reply", newsroom.editor.json("list")[0]["id"], "-s", "text=We have it. Stay calm, and write down who calls.")
    newsroom.editor("send")
    seal("Протокол задержания на Садовой, переписанный от руки")
    reporter("send")
    newsroom.intake.stop()
    stick = scratch.folder / "own-stick"
    stick.mkdir()
    seal("On a stick to the lawyer")
    reporter("send", stick)
    reporter("discard", seal("Sealed too early"))
    seal("What the neighbour on the third floor saw")


def fill_inbox(scratch, newsroom):
    """What is whole, and of what is not whatever a stick can bring."""
    stick = scratch.folder / "stick"
    stick.mkdir()
    writer = Person(scratch, "Мария Ульянова")
    newsroom.editor("invite", "--for", writer.name, "-o", scratch.folder / "writer.invite")
    writer("join", scratch.folder / "writer.invite")
    for number, title in enumerate(("Lost on its way", "Обыск в редакции", "Cut short"), 1):
        record = writer("new", "search", "-s", f"title={title}", "-a", SAMPLES / "IMG_20240309_140512.jpg")
        writer("seal", record, "-o", stick / f"{number}.age")
    (stick / "1.age").unlink()
    writer("send", stick)
    (stick / "3.age").write_bytes((stick / "3.age").read_bytes()[:-70000])
    stranger = Person(scratch, "somebody")
    stranger("trust", newsroom.editor.card())
    stranger("seal", stranger("new", "note", "-s", "text=You do not know me."), "--to", "editor", "-o", stick / "5.age")
    newsroom.editor("fetch", stick, code=4)


def fill_received(scratch, newsroom):
    """The lawyer has a report with evidence, which is exported as well, and one that was damaged on its way."""
    stick = scratch.folder / "lawyer-stick"
    stick.mkdir()
    record = newsroom.reporter("new", "police-visit", "-s", "title=Search of the flat on Sadovaya", "-s", "place=Sadovaya 4",
                               "-a", SAMPLES / "IMG_20240309_140512.jpg", "-a", SAMPLES / "Повестка.pdf").strip()
    newsroom.reporter("seal", record, "-o", stick / "whole.age")
    last = stick / "damaged.age"
    newsroom.reporter("seal", newsroom.reporter("new", "note", "-s", "text=What came damaged").strip(), "-o", last)
    damaged = bytearray(last.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    last.write_bytes(damaged)
    newsroom.lawyer.raw("fetch", stick)
    exported = scratch.folder / "exported"
    newsroom.lawyer("export", record, "--format", "bag", "-o", exported)
    return exported


class World:
    """Everybody's vaults, made once for all walks."""

    def __init__(self, scratch):
        newsroom = self.newsroom = Newsroom(scratch)
        self.people = {"reporter": newsroom.reporter, "editor": newsroom.editor, "lawyer": newsroom.lawyer,
                       "nobody": Person(scratch, "nobody", init=False), "founder": Person(scratch, "founder", "editor"),
                       "doomed": Person(scratch, "doomed"), "damaged": Person(scratch, "damaged")}
        self.invite = scratch.folder / "nobody.invite"
        newsroom.editor("invite", "--for", "nobody", "-o", self.invite)
        self.visit, self.note = fill(newsroom.reporter)
        fill_case(newsroom.reporter, self.visit)
        fill_people(scratch, newsroom.editor)
        fill_cards(newsroom.reporter)
        fill_outbox(scratch, newsroom)
        fill_inbox(scratch, newsroom)
        self.exported = fill_received(scratch, newsroom)
        self.scratch, self.whole = scratch, scratch.folder / "whole"
        for person in self.people.values():
            if person.vault.exists():
                shutil.copytree(person.vault, self.whole / person.vault.name)

    def put_back(self, name):
        """The vault as it was made, whatever somebody did with it since."""
        vault = self.people[name].vault
        shutil.rmtree(vault, ignore_errors=True)
        if (self.whole / vault.name).exists():
            shutil.copytree(self.whole / vault.name, vault)

    def other_server(self):
        """Whoever stands between has the address, and not the key."""
        false = Intake(self.newsroom.intake.scratch, "false-intake")
        false.port = self.newsroom.intake.port
        false.start()
        return false
