"""What is kept of a large store in columns is what its tables say, after every kind of write."""

from __future__ import annotations

import datetime as dt
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import polars as pl
import pytest

from cases.history import undo
from cases.history.erasing import erase
from cases.imports.importing import import_file
from cases.keeping.backups import backup
from cases.keeping.restoring import restore
from cases.store import frames
from cases.store.columns import kept
from cases.store.columns.beside import folder_beside
from cases.store.columns.tables_read import Reader
from cases.store.columns.touched import touched_since
from cases.store.connection import sqlite_path, writing
from cases.store.frames import StoredCases, stored_cases
from cases.store.keys.wrapping import new_code
from cases.store.reading import read_store
from cases.store.sight import Sight, seeing
from cases.store.writing import apply_roster, new_batch
from desk.changes.values import (
    AddCourse,
    AddPerson,
    AddUnit,
    Certify,
    Change,
    CloseUnit,
    Correct,
    CorrectCourse,
    Enrol,
    GiveBack,
    HandUp,
    JoinCases,
    Leave,
    MergeUnits,
    Move,
    MoveUnit,
    RecodeCase,
    RecordStep,
    RemoveCase,
    SetFigure,
    SetTarget,
    SetUnit,
    Together,
)
from desk.desk import Desk
from desk.keeping import encryption
from rules.loader import vocabulary
from tests.whole import only_whole

ROSTER = Path(__file__).parents[2] / "data" / "rosters" / "chi-bo-nho.xlsx"
FACTS = (
    frozenset({"born_on", "admitted_on"}),
    frozenset(vocabulary.load().facts),
    frozenset({"discipline_form", "helper"}),
)


@pytest.fixture
def url(file_store: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store that counts as large, in parts of ten cases."""
    import_file(file_store, ROSTER, apply=True, who="thử")
    monkeypatch.setattr(kept, "LEAST", 1)
    for module in (kept, frames):
        monkeypatch.setattr(module, "BATCH", 10)
    return file_store


def place(url: str) -> Path:
    """Where its columns are kept."""
    path = sqlite_path(url)
    assert path is not None
    return folder_beside(path)


def told(batches: Iterator[StoredCases]) -> list[Any]:
    """All that batches say, whatever they are cut into."""
    found = list(batches)
    names = sorted({name for one in found for name in one.attributes})
    histories = [[one.steps for one in found], [one.placements for one in found]]
    histories += [[one.attributes.get(name) for one in found] for name in names]
    said: list[Any] = [names, pl.concat([one.cases for one in found]).to_dicts()]
    for history in histories:
        rows = [frame.rows() for frame in history if frame is not None]
        said.append(sorted((row for some in rows for row in some), key=str))
    return said


def hold(url: str, monkeypatch: pytest.MonkeyPatch, asked: tuple[frozenset[str], ...] = FACTS) -> int:
    """What is kept says what the tables say, of some facts, of all, and of some again; how often tables were read."""
    read = 0

    class Counting(Reader):
        def parts(self) -> Iterator[Any]:
            nonlocal read
            read += 1
            return super().parts()

    for facts in asked:
        for measures in (True, False):
            with monkeypatch.context() as patch:
                patch.setattr(kept, "Reader", Counting)
                ours = told(stored_cases(url, facts, 10, measures=measures))
            theirs = told(stored_cases(url, facts, 7, measures=measures))  # parts of another size are never kept
            assert ours == theirs
    return read


@only_whole
def test_after_every_kind_of_write(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Columns are read from the tables twice, for some facts and for all; then only the cases that a write touched."""
    desk = Desk(url, today=dt.date(2025, 3, 1))
    roster = read_store(url)
    codes = [record.code for record in roster.records if "admitted_on" in record.fields]
    unit = str(roster.records[0].fields["unit"])
    desk.commit(desk.preview(AddUnit("CB-CŨ", (("name", "Chi bộ cũ"),))), confirmed=True)
    assert hold(url, monkeypatch) == 2
    day = dt.date(2025, 1, 6)
    changes: tuple[Change, ...] = (
        RecordStep(codes[0], "member_cv_on", dt.date(2024, 1, 9)),
        Correct(codes[1], ("helper=Lò Văn Mẫu",)),
        Correct(codes[2], ("full_name=Lò Văn Thử",)),
        RecordStep(codes[2], "disciplined_on", dt.date(2024, 5, 6), result="Khiển trách"),
        Together((RecordStep(codes[1], "opinions_summary_on", day), Correct(codes[2], ("note=x",)))),
        AddPerson((("full_name", "Lò Thị Mẫu"), ("unit", unit)), "HS-MOI-1"),
        AddUnit("DU-MOI", (("name", "Đảng ủy thử"), ("level", "Đảng bộ cơ sở"))),
        MoveUnit(unit, "DU-MOI", dt.date(2025, 1, 2)),
        HandUp("HS-MOI-1", day, "DU-MOI"),
        GiveBack("HS-MOI-1", day, "thiếu giấy"),
        Move(codes[1], day, to="CB-CŨ"),
        Leave(codes[5], day, "Xin ra"),
        JoinCases(codes[6], "HS-MOI-1"),
        RecodeCase(codes[3], "HS-MOI-2"),
        RemoveCase(codes[4]),
        RemoveCase(codes[0]),
        AddPerson((("full_name", "Lò Thị Sau"),), codes[0]),
        AddCourse("LOP-1", "awareness", unit=unit, opened=day),
        CorrectCourse("LOP-1", unit="CB-CŨ"),
        Enrol("LOP-1", (codes[1],)),
        Certify("LOP-1", day),
        SetTarget(unit, "2025", "47"),
        SetFigure("manual.documents", "3", unit, start=dt.date(2025, 1, 1), end=dt.date(2025, 6, 30)),
        SetUnit(unit, (("name", "Chi bộ thử"),)),
        MergeUnits(("CB-CŨ",), unit, dt.date(2025, 2, 1)),
        CloseUnit(unit, dt.date(2025, 2, 2)),
    )
    assert {type(change) for change in changes} == set(_kinds(Change))
    for change in changes:
        done = desk.commit(desk.preview(change), confirmed=True)
        assert done.batch, change
        assert hold(url, monkeypatch, FACTS[1:2]) == 1, change
        assert len(list(place(url).iterdir())) == 1
    backup(url, tmp_path / "giữ.sqlite")
    for _ in range(3):
        undo.undo(url, who="thử", confirmed=True)
        assert hold(url, monkeypatch) <= 1
    import_file(url, ROSTER, apply=True, accept_good=True, who="thử")
    assert hold(url, monkeypatch) <= 1
    restore(url, tmp_path / "giữ.sqlite", confirmed=True, who="thử")
    hold(url, monkeypatch)


def _kinds(change: Any) -> Iterator[type]:
    for one in get_args(change):
        yield from _kinds(one) if get_args(one) else (one,)


def test_a_write_beside_the_reading(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who writes while the touched cases are read anew is not overlooked, neither now nor with the next question."""
    desk = Desk(url, today=dt.date(2025, 3, 1))
    codes = [record.code for record in read_store(url).records]
    hold(url, monkeypatch)
    desk.commit(desk.preview(Correct(codes[0], ("helper=Lò Văn Một",))), confirmed=True)

    def and_somebody_writes(*asked: Any) -> set[int] | None:
        touched = touched_since(*asked)
        monkeypatch.setattr(kept, "touched_since", touched_since)
        desk.commit(desk.preview(Correct(codes[1], ("helper=Lò Văn Hai",))), confirmed=True)
        return touched

    monkeypatch.setattr(kept, "touched_since", and_somebody_writes)
    for _ in range(2):
        rows = [row for batch in stored_cases(url, FACTS[1], 10) for row in batch.cases.to_dicts()]
        helpers = {row["code"]: row["helper"] for row in rows}
        assert (helpers[codes[0]], helpers[codes[1]]) == ("Lò Văn Một", "Lò Văn Hai")
    hold(url, monkeypatch)


def test_another_code_of_a_unit(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit under another code stands in the columns of everybody in it: all are read anew."""
    hold(url, monkeypatch)
    unit = next(str(record.fields["unit"]) for record in read_store(url).records)
    roster = read_store(url)
    renamed = tuple(replace(one, code="CB-MOI") if one.code == unit else one for one in roster.units)
    records = tuple(
        replace(one, fields={**one.fields, "unit": "CB-MOI"}) if one.fields.get("unit") == unit else one
        for one in roster.records
    )
    with writing(url) as connection:
        apply_roster(connection, replace(roster, units=renamed, records=records), new_batch("thử"))
    hold(url, monkeypatch)
    assert {row["unit"] for batch in stored_cases(url, [], 10) for row in batch.cases.to_dicts()} >= {"CB-MOI"}


def test_what_is_damaged_is_read_anew(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is not what was put there, cut short or gone serves nobody, and is made anew."""
    hold(url, monkeypatch)

    def spoilt(file: Path) -> None:
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)

    for damage in (spoilt, lambda file: file.write_bytes(file.read_bytes()[:-9]), Path.unlink):
        for name in ("1-cases", "0-dated", "columns.json"):
            (file,) = place(url).glob(f"*/{name}")
            damage(file)
            assert hold(url, monkeypatch, FACTS[1:2]) == 1


def test_where_nothing_can_be_kept(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk the answer is the same, and nothing is left; nor is it where the reading is left midway."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(kept._Draft, "_write", full)
        assert hold(url, monkeypatch) == 2 * len(FACTS)
        assert list(place(url).iterdir()) == []
    batches = stored_cases(url, [], 10)
    next(batches)
    batches.close()  # type: ignore[attr-defined]  # a generator
    assert list(place(url).iterdir()) == []


def test_whose_eyes(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the owner may look at what is kept, and who sees a part of the store is not served from it."""
    hold(url, monkeypatch)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (place(url), *place(url).rglob("*"))}
    assert modes == {0o700, 0o600}
    with seeing(Sight(frozenset())):
        assert list(stored_cases(url, [], 10)) == []


def test_nothing_outlives_what_it_tells_of(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Erasing a person and encrypting a store take the columns away, and of an encrypted store none are kept."""
    hold(url, monkeypatch)
    record = read_store(url).records[2]
    erase(url, record.code, "Đơn số 1/2025")
    assert not place(url).exists()
    hold(url, monkeypatch)
    encryption.encrypt(url, "một câu đủ dài để mở", new_code(), "rewrite")
    assert not place(url).exists()
    assert len(list(stored_cases(url, [], 10))) > 1
    assert not place(url).exists()
