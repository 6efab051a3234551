"""Killing `dubi web` amid writes that come over HTTP: each is whole or absent, and the desk opens again.

    python -m tests.torture.desk --kills 200

Most servers are forked from this process, which has everything loaded; some are the installed command. Somebody at a
page corrects, records for three people at once, imports a workbook, takes back, and types without writing; at a random
moment the server is killed (SIGKILL), now and then while it starts. Then what was told to be written is in the store,
what was on its way is there whole or not at all, the log holds, what was typed and the file that waited can be read,
and a server starts on the same store.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from threading import Timer

from httpx2 import Response, TransportError

from cases.changes.changing import entries_of
from cases.imports.importing import import_file
from cases.store.connection import initialise, open_to_read
from cases.values.records import Record, Roster
from cases.workbook.exporting import write_workbook
from desk.changes import unfinished
from desk.changes.values import Correct
from desk.desk import Desk
from tests.torture.looking import Torn, contents, url_of
from tests.torture.victims import DUBI, forked
from tests.torture.works import DATA
from tests.web.http import Visitor
from tests.web.writing.test_recording import hidden
from web.app import ROOMS
from web.pages import environment
from web.serving import serve

TODAY = dt.date(2026, 11, 25)
CORRECTED, MET, TYPED = "HS-05", ("HS-06", "HS-07", "HS-08"), "HS-09"
FIRST = dt.date(2025, 6, 2)
"""From this day on nothing is recorded of those who have met; the small cell was written down before."""
BOOKS, IN_A_BOOK = 12, 25
OF_THE_COMMAND, ANEW = 12, 20
"""Every so many servers is the installed command; after every so many kills the store is a fresh one."""
WHILE_STARTING = 0.2
"""The share of servers that may be killed while they start."""
DEEDS = 4
"""So many things at most are done before the one in whose midst the server is killed."""
A_START, A_DEED = 0.12, 0.2
"""Seconds that a start takes, and a deed until one was timed."""


@dataclass(frozen=True)
class State:
    """What a store holds, as far as these writes say it."""

    writes: int
    helper: str | None = None
    met: frozenset[dt.date] = frozenset()
    books: frozenset[int] = frozenset()


class Person:
    """Somebody at a page: what was told to be written, and what is on its way."""

    def __init__(self, chance: random.Random, books: list[Path], first: State) -> None:
        self.chance, self.books = chance, books
        self.now, self.coming, self.before = first, first, first
        self.typed: set[str | None] = {None}
        self.waiting: str | None = None
        """The draft of an import that was taken and is not written yet."""
        self.batch: str | None = None
        """The write that was told last; None where it is taken back already, or not known."""
        self.said = 0
        self._spans: dict[str, float] = {}
        self._kill: Callable[[float], None] | None = None

    def go_on(self, visitor: Visitor, kill: Callable[[float], None]) -> None:
        """Do one thing after the other until the server is gone; raises `TransportError`.

        ``kill`` is asked to kill it so many seconds later, at some moment of one of the first deeds.
        """
        left = self.chance.randrange(DEEDS)
        while True:
            if not left:
                self._kill = kill
            left -= 1
            deeds: list[Callable[[Visitor], None]] = [self._correct, self._meet, self._type, self._take_in]
            if self.batch is not None:
                deeds.append(self._take_back)
            self.chance.choice(deeds)(visitor)

    def _correct(self, visitor: Visitor) -> None:
        value = f"Lò Mẫu {self._number()}"
        self._change(visitor, "correct", {"case": CORRECTED, "column": "helper", "value": value}, helper=value)

    def _meet(self, visitor: Visitor) -> None:
        day = FIRST + dt.timedelta(self._number())
        fields = {"cases": ", ".join(MET), "step": "cell_met_on", "on": f"{day:%d/%m/%Y}"}
        self._change(visitor, "together", fields, met=self.now.met | {day})

    def _change(self, visitor: Visitor, kind: str, fields: dict[str, str], **then: object) -> None:
        page = visitor.post(f"/ghi/{kind}/xem", fields).text
        sent = {"change": hidden(page, "change"), "seen": hidden(page, "seen"), "confirmed": "1"}
        self._write(visitor, f"/ghi/{kind}", sent, replace(self.now, writes=self.now.writes + 1, **then))  # type: ignore[arg-type]  # fields of a state

    def _take_in(self, visitor: Visitor) -> None:
        left = [number for number in range(BOOKS) if number not in self.now.books]
        if not left:
            return
        book = self.books[number := self.chance.choice(left)]
        answer = self._sent(visitor, "/nhap", {}, (book.name, book.read_bytes()))
        self.waiting = answer.headers["location"].split("/")[2]
        visitor.post(f"/nhap/{self.waiting}/cot", {})
        page = visitor.get(f"/nhap/{self.waiting}/xem")
        then = replace(self.now, writes=self.now.writes + 1, books=self.now.books | {number})
        self._write(visitor, f"/nhap/{self.waiting}/ghi", {"da-xem": hidden(page, "da-xem"), "dong-tot": "1"}, then)
        self.waiting = None

    def _take_back(self, visitor: Visitor) -> None:
        batch, self.batch = self.batch, None
        then = replace(self.before, writes=self.now.writes + 1)
        self._write(visitor, f"/nhat-ky/{batch}/hoan-tac", {}, then)
        self.batch = None

    def _write(self, visitor: Visitor, path: str, fields: dict[str, str], then: State) -> None:
        self.coming = then
        answer = self._sent(visitor, path, fields)
        if answer.status_code != 303 and "Đã ghi vào kho" not in answer.text:
            raise Torn(f"{path} was answered with {answer.status_code}: {answer.text}")
        self.before, self.now = self.now, then
        found = re.search(r"\d{8}-\d{6}-[0-9a-f]{6}", answer.headers.get("location", answer.text))
        self.batch = found[0] if found else None

    def _type(self, visitor: Visitor) -> None:
        text = f"đang gõ {self._number()}"
        self.typed.add(text)
        answer = self._sent(visitor, f"/go-do/correct?ve={TYPED}", {"value": text})
        if answer.status_code != 204:
            raise Torn(f"what was typed was answered with {answer.status_code}")
        self.typed = {text}

    def _sent(
        self, visitor: Visitor, path: str, fields: dict[str, str], file: tuple[str, bytes] | None = None
    ) -> Response:
        """Send what is to be kept; now and then the server will be gone before it answers."""
        kind = path.strip("/").partition("/")[0] + str(bool(file))
        kill, self._kill = self._kill, None
        if kill is not None:
            kill(self.chance.uniform(0, 1.1) * self._spans.get(kind, A_DEED))
        start = time.monotonic()
        answer = visitor.post(path, fields, file)
        self._spans[kind] = time.monotonic() - start
        return answer

    def _number(self) -> int:
        self.said += 1
        return self.said


@dataclass
class Tally:
    """What the kills came to."""

    kills: int = 0
    told: int = 0
    came: int = 0
    """How many writes were on their way and are there."""
    absent: int = 0
    """How many were on their way and are not."""
    while_starting: int = 0
    of_the_command: int = 0


class DeskTorture:
    """One server after the other on a store, each killed; what it left behind is looked at."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder, self.chance, self.tally = folder, chance, Tally()
        self.begun = folder / "begun.sqlite"
        initialise(url_of(self.begun))
        import_file(url_of(self.begun), DATA / "chi-bo-nho.xlsx", apply=True)
        self.books, self.codes = write_books(folder)
        self._warm()
        self._anew()

    def go_on(self, kills: int) -> None:
        """Kill until there are so many; raises `Torn`."""
        while self.tally.kills < kills:
            if self.tally.kills % ANEW == ANEW - 1:
                self._anew()
            self._one_life()
            self._look()

    def _warm(self) -> None:
        """Load what every server would load, once for all that are forked."""
        for room in ROOMS:
            import_module(room)
        for template in environment().list_templates():
            environment().get_template(template)
        desk = Desk(url_of(self.begun), today=TODAY)
        desk.check(desk.ask())
        desk.preview(Correct(CORRECTED, ("helper=Lò Mẫu",)))

    def _anew(self) -> None:
        home = Path(tempfile.mkdtemp(dir=self.folder))
        self.path = home / "dubi.sqlite"
        shutil.copyfile(self.begun, self.path)
        os.environ["DUBI_HOME"] = str(home)
        self.person = Person(self.chance, self.books, self._state())

    def _one_life(self) -> None:
        starting = self.chance.random() < WHILE_STARTING
        command = self.tally.kills % OF_THE_COMMAND == OF_THE_COMMAND - 1
        server, said = self._command() if command else self._fork()
        told, timers = self.person.now.writes, list[Timer]()

        def kill(after: float) -> None:
            timers.append(Timer(after, os.kill, (server, signal.SIGKILL)))
            timers[0].start()

        if starting:
            kill(self.chance.uniform(0, A_START * (10 if command else 1)))
        with closing(os.fdopen(said, encoding="utf-8")) as heard, suppress(TransportError):
            address = heard.readline().strip()
            if address:
                with Visitor(address) as visitor:
                    if not starting:
                        self._starts_again(visitor)
                    self.person.go_on(visitor, kill if not starting else lambda _: None)
            elif not starting:
                raise Torn(f"no server starts on {self.path}")
        for timer in timers:
            timer.join()
        if not os.WIFSIGNALED(os.waitpid(server, 0)[1]):
            raise Torn("the server ended by itself")
        self.tally.kills += 1
        self.tally.told += self.person.now.writes - told
        self.tally.while_starting += starting and not address
        self.tally.of_the_command += command

    def _fork(self) -> tuple[int, int]:
        heard, said = os.pipe()

        def act(path: Path) -> None:
            def say(address: str) -> None:
                os.write(said, f"{address}\n".encode())

            serve(url_of(path), path.parent, port=0, say=say, today=lambda: TODAY)

        server = forked(act, self.path)
        os.close(said)
        return server, heard

    def _command(self) -> tuple[int, int]:
        heard, said = os.pipe()
        server = os.posix_spawn(
            DUBI,
            [str(DUBI), "web", "--no-browser", "--port", "0", "--store", str(self.path)],
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, said, 1), (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)],
        )
        os.close(said)
        return server, heard

    def _starts_again(self, visitor: Visitor) -> None:
        """The pages of a server that was started after a kill are there, and the file that waited as well."""
        visitor.get("/nhap")
        if self.person.waiting is not None:
            visitor.get(f"/nhap/{self.person.waiting}/cot")
            self.person.waiting = None

    def _look(self) -> None:
        person, found = self.person, self._state()
        if found not in (person.now, person.coming):
            raise Torn(f"{self.path}: {found}, neither {person.now} nor {person.coming}")
        if person.coming != person.now:
            self.tally.came += found == person.coming
            self.tally.absent += found == person.now
        if found != person.now:
            person.batch = None
        person.now = person.coming = found
        kept = unfinished.kept(url_of(self.path), f"correct:{TYPED}").get("value")
        if kept not in person.typed:
            raise Torn(f"{self.path}: typed {person.typed}, kept {kept}")
        person.typed = {kept}

    def _state(self) -> State:
        found = contents(self.path)
        if found is None or not isinstance(found[1], Roster):
            raise Torn(f"{self.path}: no store of today's form")
        with closing(open_to_read(self.path)) as file:
            ((writes,),) = file.execute("SELECT max(id) FROM batches")
        cases = {record.code: record for record in found[1].records}
        met = {frozenset(_days(cases[code])) for code in MET}
        if len(met) > 1:
            raise Torn(f"{self.path}: recorded for some of three: {met}")
        books = set()
        for number, codes in enumerate(self.codes):
            there = codes & cases.keys()
            if there and there != codes:
                raise Torn(f"{self.path}: {len(there)} of {len(codes)} people of a workbook")
            books |= {number} if there else set()
        helper = cases[CORRECTED].fields.get("helper")
        return State(writes, None if helper is None else str(helper), met.pop(), frozenset(books))


def _days(record: Record) -> Iterator[dt.date]:
    return (on for kind, on in entries_of(record) if kind == "cell_met_on" and on >= FIRST)


def write_books(folder: Path) -> tuple[list[Path], list[set[str]]]:
    """Workbooks of people that no store has yet, and the codes of their cases."""
    books, codes = [], []
    for number in range(BOOKS):
        records = tuple(
            Record(f"S{number}-{one}", {"code": f"S{number}-{one}", "full_name": f"Lò Mẫu {number} {one}"})
            for one in range(IN_A_BOOK)
        )
        books.append(write_workbook(Roster(records), folder / f"so-{number}.xlsx"))
        codes.append({record.code for record in records})
    return books, codes


def main() -> None:
    """Kill as often as asked, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None)
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(10**6)
    with tempfile.TemporaryDirectory() as name:
        os.environ["DUBI_HOME"] = name
        torture = DeskTorture(Path(name), random.Random(seed))  # noqa: S311  # moments, no secrets
        start = time.monotonic()
        torture.go_on(asked.kills)
        tally = torture.tally
    sys.stdout.write(
        f"seed {seed}: {tally.kills} servers killed in {time.monotonic() - start:.0f} s, every write whole or absent\n"
        f"  {tally.told} writes told; {tally.came} on their way and there, {tally.absent} absent; "
        f"{tally.while_starting} killed while starting; {tally.of_the_command} the installed command\n"
    )


if __name__ == "__main__":
    main()
