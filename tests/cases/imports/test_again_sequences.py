"""Any mix of recording, exporting, editing, importing, undoing and restoring loses no step that nobody removed.

Dossiers added, recoded, joined and removed, many changed at once, units and targets set are mixed in.

The judge is a plain model of who said what when: it knows no store, no log and no comparison, only what was said and
taken back by hand, in a file, by undoing and by restoring.
"""

from __future__ import annotations

import random
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import pytest

from cases.history.undo import NothingToTakeBack, RestsOnIt, to_undo, undo
from cases.imports.importing import Import, import_file
from cases.imports.stamping import export_store
from cases.keeping.restoring import restore
from cases.log.batches import read_batches
from cases.rosters import Answers
from cases.store.connection import initialise, querying, sqlite_path
from cases.store.reading import read_store
from cases.workbook.schema import case_sheet
from desk.changes.values import (
    AddPerson,
    AddUnit,
    Change,
    JoinCases,
    RecodeCase,
    RecordStep,
    RemoveCase,
    SetTarget,
    SetUnit,
    Together,
)
from desk.desk import Desk
from tests.cases.files.workbooks import case_book, somebody
from tests.cases.imports.test_again import by_hand, edited, recorded
from tests.given.stamped import sheets
from tests.postgresql import on_postgresql, own_store
from tests.whole import seeds

CODES = ("HS-1", "HS-2")
TODAY = date(2026, 11, 29)
KINDS = ("candidate_on", "awareness_certified_on", "cell_proposed_admission_on")
HEADERS = {column.field: column.header for column in case_sheet().columns}
Step = tuple[str, str, date, str | None]
"""Code, kind, day and document."""


def steps_of(url: str) -> set[Step]:
    """Every step that a store holds."""
    found: set[Step] = set()
    for record in read_store(url).records:
        documents = {(entry.kind, entry.on): entry.document for entry in record.steps}
        found |= {(record.code, kind, day, document) for (kind, day), document in documents.items()}
        for kind in KINDS:
            day = record.fields.get(kind)
            if isinstance(day, date) and (kind, day) not in documents:
                found.add((record.code, kind, day, None))
    return found


@dataclass
class Book:
    """A file, and what somebody changed in it: by person and step the day that went and the one that came."""

    path: Path
    whose: str | None
    edits: dict[tuple[str, str], tuple[date | None, date | None]] = field(default_factory=dict)


@dataclass
class World:
    """Two stores, the files between them, and the model."""

    chance: random.Random
    place: Path
    stores: dict[str, str]
    books: list[Book] = field(default_factory=list)
    dropped: set[tuple[str, str, date]] = field(default_factory=set)
    """The days of steps that somebody took away or put another in the place of, and did not say again."""
    added: dict[str, list[set[Step]]] = field(default_factory=dict)
    saved: dict[str, tuple[Path, set[Step]]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def say(self, what: str) -> None:
        """Note what is done, for the message of a failure."""
        self.told.append(what)

    def user(self) -> str:
        """One of two."""
        return self.chance.choice(("Lan", "Hùng"))

    def day(self) -> date:
        """Some day; few enough of them that two people often say the same."""
        return date(2024, 1, 1) + timedelta(days=self.chance.randrange(12))

    def record(self, name: str) -> None:
        """A step said by hand."""
        code, kind, day = self.chance.choice(CODES), self.chance.choice(KINDS), self.day()
        document = self.chance.choice((None, "1-NQ", "2-NQ"))
        before = steps_of(self.stores[name])
        if any(step[:3] == (code, kind, day) for step in before):
            return
        self.say(f"{name} records {code} {kind} {day} {document}")
        recorded(self.stores[name], code, kind, day, document)
        self.dropped.discard((code, kind, day))
        self._held(name, before, set())

    def write_change(self, name: str, change: Change) -> None:
        """Something written as the command writes it, whatever is unusual about it confirmed."""
        self.say(f"{name}: {change}")
        desk = Desk(self.stores[name], today=TODAY, user=self.user())
        shown = desk.preview(change)
        if shown.alters:
            desk.commit(shown, confirmed=True)

    def together(self, name: str) -> None:
        """One step of both people at once: both have it afterwards, or the store is as it was."""
        kind, day = self.chance.choice(KINDS), self.day()
        before = steps_of(self.stores[name])
        said = {(code, kind, day) for code in CODES}
        if said & {step[:3] for step in before}:
            return
        self.write_change(name, Together(tuple(RecordStep(code, kind, day) for code in CODES)))
        assert said <= {step[:3] for step in steps_of(self.stores[name])}, self.told
        self.dropped -= said
        self._held(name, before, set())

    def settle(self, name: str) -> None:
        """A unit's setting and a target: no step has anything to do with them."""
        before = steps_of(self.stores[name])
        known = {unit.code for unit in read_store(self.stores[name]).units}
        if "CB-1" not in known:
            self.write_change(name, AddUnit("CB-1"))
        self.write_change(name, SetUnit("CB-1", (("place", f"Xã {self.chance.randrange(3)}"),)))
        self.write_change(name, SetTarget("CB-1", "2024", str(self.chance.randrange(3))))
        self._held(name, before, set())
        self.added[name] += [set(), set()]

    def twin(self, name: str) -> None:
        """A second dossier of the first person: added, given a step, another code, then joined with hers or removed."""
        before = steps_of(self.stores[name])
        codes = {record.code for record in read_store(self.stores[name]).records}
        if "HS-9" in codes:
            own = {step for step in before if step[0] == "HS-9"}
            if self.chance.random() < 0.3:
                self.write_change(name, RemoveCase("HS-9"))
            else:
                self.write_change(name, JoinCases("HS-1", "HS-9"))
                there = {step[:3] for step in steps_of(self.stores[name])}
                assert {("HS-1", kind, day) for _, kind, day, _ in own} <= there, self.told
                self.dropped -= {("HS-1", kind, day) for _, kind, day, _ in own}
            self._held(name, before, {step[:3] for step in own})
        elif "HS-8" in codes:
            own = {step for step in before if step[0] == "HS-8"}
            self.write_change(name, RecodeCase("HS-8", "HS-9"))
            moved = {("HS-9", *step[1:]) for step in own}
            assert moved <= steps_of(self.stores[name]), self.told
            self.dropped -= {step[:3] for step in moved}
            self._held(name, before, {step[:3] for step in own})
        else:
            kind, day = self.chance.choice(KINDS), self.day()
            fields = (("full_name", "Trần Văn Sinh Đôi"), (kind, day.isoformat()))
            self.write_change(name, AddPerson(fields, "HS-8"))
            self.dropped.discard(("HS-8", kind, day))
            self._held(name, before, set())

    def note(self, name: str) -> None:
        """Something else written by hand: it stands in the way of nothing."""
        self.say(f"{name} notes")
        text = str(self.chance.random())
        by_hand(self.stores[name], "HS-1", lambda one: type(one)(one.code, {**one.fields, "note": text}, one.steps))

    def export(self, name: str) -> None:
        """A workbook of a store."""
        path = self.place / f"{name}-{len(self.books)}.xlsx"
        export_store(self.stores[name], path)
        self.say(f"{name} exports {path.name}")
        self.books.append(Book(path, name))

    def write(self) -> None:
        """A workbook that somebody typed, without a stamp."""
        path = self.place / f"tay-{len(self.books)}.xlsx"
        days = {code: {kind: self.day() for kind in KINDS if self.chance.random() < 0.4} for code in CODES}
        case_book(path, *(somebody(code, full_name=f"Trần Văn {code[-1]}", **days[code]) for code in CODES))
        self.say(f"somebody types {path.name}: {days}")
        self.books.append(Book(path, None))

    def edit(self) -> None:
        """A workbook changed in a spreadsheet program: a day put in, changed or emptied."""
        if not self.books:
            return
        book = self.chance.choice(self.books)
        code, kind = self.chance.choice(CODES), self.chance.choice(KINDS)
        was, now = _cell(book.path, code, kind), self.chance.choice((None, self.day()))
        if was == now:
            return
        path = edited(book.path, {(code, kind): now}).replace(self.place / f"sua-{len(self.books)}.xlsx")
        self.say(f"{path.name} = {book.path.name} with {code} {kind} {was} -> {now}")
        self.books.append(Book(path, book.whose, {**book.edits, (code, kind): (was, now)}))

    def take_in(self, name: str) -> None:
        """A workbook taken in; nothing goes but what its editor put another day in the place of, or as told."""
        if not self.books:
            return
        book, take = self.chance.choice(self.books), self.chance.choice((None, None, None, "store", "file"))
        url = self.stores[name]
        before = steps_of(url)
        self.say(f"{name} takes in {book.path.name}, {take}")
        done = import_file(url, book.path, Answers(take=take), apply=True, who=self.user())  # type: ignore[arg-type]  # one of both
        assert not done.refused, self.told
        outdone: set[tuple[str, str, date]] = set()
        for (code, kind), (was, now) in book.edits.items():
            if was is not None and (now is not None or take == "file"):
                outdone.add((code, kind, was))
        if take == "file":
            for code, kind, day, _ in before:
                shown = _cell(book.path, code, kind)
                if shown is not None and shown != day:
                    outdone.add((code, kind, day))
        self._held(name, before, outdone)
        self._came(book, steps_of(url), done, take)

    def undo(self, name: str) -> None:
        """The last write taken back: what it added goes, and nothing else."""
        url = self.stores[name]
        before, last = steps_of(url), self.added[name]
        with querying(url) as execute:
            if to_undo(read_batches(execute)).id == 1:  # the two people themselves
                return
        try:
            done = undo(url, who=self.user(), confirmed=True)
        except (NothingToTakeBack, RestsOnIt):
            return
        self.say(f"{name} undoes {done.name}")
        gone = before - steps_of(url)
        assert gone <= set().union(*last), (self.told, gone)
        self.dropped |= {step[:3] for step in gone}

    def save(self, name: str) -> None:
        """A copy of a store put aside."""
        path = sqlite_path(self.stores[name])
        if path is not None:
            copy = self.place / f"{name}-{self.chance.randrange(10**9)}.sqlite"
            shutil.copyfile(path, copy)
            self.saved[name] = copy, steps_of(self.stores[name])

    def restore(self, name: str) -> None:
        """The copy put back: what was known then is known again."""
        path = sqlite_path(self.stores[name])
        if path is None or name not in self.saved:
            return
        self.say(f"{name} restores")
        before = steps_of(self.stores[name])
        restore(self.stores[name], self.saved[name][0], confirmed=True)
        assert steps_of(self.stores[name]) == self.saved[name][1]
        self.dropped |= {step[:3] for step in before - self.saved[name][1]}

    def _held(self, name: str, before: set[Step], outdone: set[tuple[str, str, date]]) -> None:
        """Nothing went but days that were dropped on purpose, now or by somebody before."""
        after = steps_of(self.stores[name])
        gone = before - after
        assert {step[:3] for step in gone} <= outdone | self.dropped, (self.told, gone)
        self.dropped |= {step[:3] for step in gone}
        self.added[name].append(after - before)

    def _came(self, book: Book, after: set[Step], done: Import, take: str | None) -> None:
        """What somebody changed in a file is in the store, or is asked about, or was dropped there since."""
        asked = {(one.code, one.difference.field) for one in done.laid.changes if one.difference.kind != "added"}
        for (code, kind), (_, now) in book.edits.items():
            if now is None or (code, kind) in asked or (code, kind, now) in self.dropped:
                continue
            assert any(step[:3] == (code, kind, now) for step in after), (self.told, code, kind, now, take)


@lru_cache(maxsize=64)
def _page(path: Path) -> dict[tuple[str, str], date | None]:
    rows = iter(sheets(path)["Hồ sơ"])
    header = next(rows)
    found = [dict(zip(header, row, strict=False)) for row in rows]
    return {
        (str(row[HEADERS["code"]]), kind): value if isinstance(value := row[HEADERS[kind]], date) else None
        for row in found
        for kind in KINDS
    }


def _cell(path: Path, code: str, kind: str) -> date | None:
    return _page(path).get((code, kind))


DEEDS = (
    *(*["record"] * 4, *["take_in"] * 5, *["export"] * 2, *["edit"] * 3, "write", "save", "restore", "note"),
    *("undo", "undo", "together", "settle", "twin", "twin", "twin"),
)


def tried(seed: int, place: Path, stores: dict[str, str]) -> None:
    """One sequence, from two stores that hold the same two people."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    world = World(chance, place, stores, added={name: [] for name in stores})
    for _ in range(chance.randrange(6, 18)):
        deed = getattr(world, chance.choice(DEEDS))
        deed(*([] if deed.__name__ in ("write", "edit") else [chance.choice(tuple(stores))]))


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two stores with the same two people, made once and copied."""
    place = tmp_path_factory.mktemp("begun")
    made = {}
    for name in ("chi-bo", "cap-uy"):
        url = f"sqlite:///{place / name}.sqlite"
        initialise(url)
        _people(url, place / f"{name}.xlsx")
        made[name] = place / f"{name}.sqlite"
    return made


def _people(url: str, path: Path) -> None:
    import_file(url, case_book(path, *(somebody(code, full_name=f"Trần Văn {code[-1]}") for code in CODES)), apply=True)


@pytest.fixture(autouse=True)
def no_backups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the copy before every import, which is tried elsewhere."""
    monkeypatch.setattr("cases.keeping.backups.automatic", lambda *_: None)


def test_no_step_is_lost(begun: dict[str, Path], tmp_path: Path) -> None:
    """On files, a hundred and fifty sequences."""
    for seed in seeds(150, most=60):
        place = tmp_path / str(seed)
        place.mkdir()
        stores = {name: shutil.copyfile(file, place / f"{name}.sqlite") for name, file in begun.items()}
        tried(seed, place, {name: f"sqlite:///{file}" for name, file in stores.items()})
        shutil.rmtree(place)


@on_postgresql
def test_no_step_is_lost_on_a_server(tmp_path: Path) -> None:
    """The same on PostgreSQL, where nothing is restored from a file."""
    for seed in seeds(40, most=15):
        place = tmp_path / str(seed)
        place.mkdir()
        with ExitStack() as open_stores:
            stores = {name: open_stores.enter_context(own_store()) for name in ("chi-bo", "cap-uy")}
            for name, url in stores.items():
                _people(url, place / f"{name}-dau.xlsx")
            tried(seed, place, stores)
