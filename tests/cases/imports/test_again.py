"""A file that comes again: what was recorded since stays, what the file changes comes in, the rest is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cases.history.undo import undo
from cases.imports.importing import Import, import_file
from cases.imports.stamping import export_store
from cases.rosters import Answers
from cases.store.connection import initialise, writing
from cases.store.reading import read_store
from cases.store.writing import apply_roster, new_batch
from cases.values.history import settle_steps
from cases.values.records import Record, Roster, StepEntry
from cases.workbook.schema import case_sheet
from tests.cases.files.workbooks import case_book, somebody

RESOLVED = "cell_proposed_recognition_on"
DECIDED = "recognition_decided_on"
HEADERS = {column.field: column.header for column in case_sheet().columns}


def recorded(store: str, code: str, kind: str, on: date, document: str | None = None) -> None:
    """A step recorded by hand."""

    def with_step(record: Record) -> Record:
        steps = (*record.steps, StepEntry(kind, on, document))
        fields, history = settle_steps(record.fields, steps)
        return replace(record, fields=fields, steps=history)

    by_hand(store, code, with_step)


def by_hand(store: str, code: str, change: Callable[[Record], Record]) -> None:
    """Anything changed by hand."""
    with writing(store) as connection:
        record = one(store, code)
        apply_roster(connection, Roster((change(record),)), new_batch(action="record"))


def one(store: str, code: str = "HS-1") -> Record:
    """A stored record."""
    return next(record for record in read_store(store).records if record.code == code)


def edited(path: Path, cells: Mapping[tuple[str, str], Any]) -> Path:
    """A workbook saved again by a spreadsheet program, some cells of sheet `Hồ sơ` otherwise."""
    book = openpyxl.load_workbook(path)
    page = book["Hồ sơ"]
    places = {cell.value: cell.column for cell in page[1]}
    rows = {row[0].value: row[0].row for row in page.iter_rows(min_row=2)}
    for (code, field), value in cells.items():
        page.cell(rows[code], places[HEADERS[field]]).value = value
    changed = path.with_name(f"{path.stem}-sửa.xlsx")
    book.save(changed)
    return changed


def seen(done: Import) -> list[tuple[str, str, Any, Any, str]]:
    """Who changes, what, from what to what, and how."""
    return [(c["code"], c["field"], c["old"], c["new"], c["kind"]) for c in done.as_json()["changes"]]


@pytest.fixture
def filled(store: str, tmp_path: Path) -> str:
    """A store with two people from a file, an official decision still to come."""
    rows = [somebody(f"HS-{n}", full_name=f"Trần Văn M{n}", admitted_on=date(2023, 5, 4), unit="CB") for n in (1, 2)]
    import_file(store, case_book(tmp_path / "so.xlsx", *rows), apply=True)
    return store


@pytest.mark.parametrize("take", [None, "file", "store"])
def test_the_same_file_again_takes_nothing_away(filled: str, tmp_path: Path, take: Any) -> None:
    """What was recorded since a file went in stays when it goes in again, with number and vote, whatever is said."""
    recorded(filled, "HS-1", RESOLVED, date(2024, 5, 20), "12-NQ/CB")
    before = read_store(filled)
    again = import_file(filled, tmp_path / "so.xlsx", Answers(take=take), apply=True)
    assert (again.batch, again.laid.changes, again.laid.absent) == (None, (), ())
    assert read_store(filled) == before


def test_three_ways(filled: str, tmp_path: Path) -> None:
    """Of a workbook that the store wrote: changed there only, here only, on both sides, and emptied there."""
    recorded(filled, "HS-1", RESOLVED, date(2024, 5, 20), "12-NQ/CB")
    export_store(filled, tmp_path / "xuat.xlsx")
    recorded(filled, "HS-1", DECIDED, date(2024, 6, 20), "7-QĐ")
    by_hand(filled, "HS-1", lambda record: replace(record, fields={**record.fields, "occupation": "farmer"}))
    file = edited(
        tmp_path / "xuat.xlsx",
        {
            ("HS-1", "note"): "ghi ở tệp",
            ("HS-1", RESOLVED): date(2024, 5, 21),
            ("HS-1", DECIDED): date(2024, 6, 25),
            ("HS-1", "occupation"): "student",
            ("HS-2", "admitted_on"): None,
        },
    )
    preview = import_file(filled, file)
    assert sorted(seen(preview)) == [
        ("HS-1", RESOLVED, "2024-05-20", "2024-05-21", "changed"),
        ("HS-1", "note", None, "ghi ở tệp", "added"),
        ("HS-1", "occupation", "farmer", "student", "conflict"),
        ("HS-1", DECIDED, "2024-06-20", "2024-06-25", "conflict"),
        ("HS-2", "admitted_on", "2023-05-04", None, "removed"),
    ]
    done = import_file(filled, file, apply=True)
    assert {kind for *_, kind in seen(done)} == {"changed", "added", "kept"}
    record = one(filled)
    assert record.fields["note"] == "ghi ở tệp"
    assert record.fields["occupation"] == "farmer"
    assert record.steps == (
        StepEntry(RESOLVED, date(2024, 5, 21), "12-NQ/CB"),
        StepEntry(DECIDED, date(2024, 6, 20), "7-QĐ"),
    )
    assert one(filled, "HS-2").fields["admitted_on"] == date(2023, 5, 4)
    answers = Answers(takes={(2, 1): "file"}, take="store")
    assert {c["kind"] for c in import_file(filled, file, answers, apply=True).as_json()["changes"]} >= {"kept"}
    assert (one(filled).fields["occupation"], one(filled).fields[DECIDED]) == ("student", date(2024, 6, 25))
    assert one(filled, "HS-2").fields["admitted_on"] == date(2023, 5, 4)
    import_file(filled, file, Answers(take="file"), apply=True)
    assert "admitted_on" not in one(filled, "HS-2").fields


def test_without_a_stamp(filled: str, tmp_path: Path) -> None:
    """A value fills what is empty and replaces what a file brought; against a hand, or another day, it is asked."""
    by_hand(filled, "HS-1", lambda record: replace(record, fields={**record.fields, "occupation": "farmer"}))
    rows = [
        somebody("HS-1", full_name="Trần Văn M1", occupation="student", admitted_on=date(2023, 5, 5), unit="CB"),
        somebody("HS-2", full_name="Trần Văn M2", occupation="student", unit="CB-2"),
    ]
    done = import_file(filled, case_book(tmp_path / "2.xlsx", *rows), apply=True)
    assert sorted(seen(done)) == [
        ("HS-1", "admitted_on", "2023-05-04", "2023-05-05", "kept"),
        ("HS-1", "occupation", "farmer", "student", "kept"),
        ("HS-2", "occupation", None, "student", "added"),
        ("HS-2", "unit", "CB", "CB-2", "changed"),
    ]


def test_who_is_not_in_the_file_any_more(filled: str, tmp_path: Path) -> None:
    """Nobody goes for not being in a file; those of the same units are named, those recorded since are not missed."""
    export_store(filled, tmp_path / "xuat.xlsx")
    import_file(filled, case_book(tmp_path / "3.xlsx", somebody("HS-3", full_name="Lê M3", unit="CB")), apply=True)
    book = openpyxl.load_workbook(tmp_path / "xuat.xlsx")
    book["Hồ sơ"].delete_rows(3)
    book.save(tmp_path / "bớt.xlsx")
    assert import_file(filled, tmp_path / "bớt.xlsx", apply=True).as_json()["absent"] == ["HS-2"]
    assert len(read_store(filled).records) == 3
    alone = case_book(tmp_path / "4.xlsx", somebody("HS-1", full_name="Trần Văn M1", unit="CB"))
    assert import_file(filled, alone).as_json()["absent"] == ["HS-2", "HS-3"]


def test_what_was_removed_on_purpose_stays_gone(filled: str, tmp_path: Path) -> None:
    """A workbook of before brings nobody back whom the store has let go; one changed there is asked about."""
    import_file(filled, case_book(tmp_path / "3.xlsx", somebody("HS-3", full_name="Lê M3", unit="CB")), apply=True)
    export_store(filled, tmp_path / "xuat.xlsx")
    undo(filled)
    done = import_file(filled, tmp_path / "xuat.xlsx", apply=True)
    assert (done.batch, [kind for *_, kind in seen(done)]) == (None, ["kept"])
    file = edited(tmp_path / "xuat.xlsx", {("HS-3", "note"): "còn đây"})
    assert [kind for *_, kind in seen(import_file(filled, file))] == ["conflict"]
    import_file(filled, file, Answers(takes={(4, 1): "file"}), apply=True)
    assert one(filled, "HS-3").fields["note"] == "còn đây"


def test_a_file_of_another_store_comes_again(filled: str, tmp_path: Path) -> None:
    """A cell's changes come in, its committee's own steps stand, and what nobody answered is asked again."""
    cell = f"sqlite:///{tmp_path / 'chi-bo' / 'dubi.sqlite'}"
    initialise(cell)
    import_file(cell, tmp_path / "so.xlsx", apply=True)
    recorded(cell, "HS-1", RESOLVED, date(2024, 5, 20), "12-NQ/CB")
    export_store(cell, tmp_path / "1.xlsx")
    first = import_file(filled, tmp_path / "1.xlsx", apply=True)
    assert seen(first) == [("HS-1", RESOLVED, None, "2024-05-20", "added")]
    recorded(filled, "HS-1", DECIDED, date(2024, 6, 20), "7-QĐ")
    by_hand(filled, "HS-2", lambda record: replace(record, fields={**record.fields, "note": "của cấp ủy"}))
    by_hand(cell, "HS-1", lambda record: replace(record, fields={**record.fields, "occupation": "farmer"}))
    export_store(cell, tmp_path / "2.xlsx")
    second = import_file(filled, tmp_path / "2.xlsx", apply=True)
    assert seen(second) == [("HS-1", "occupation", None, "farmer", "added")]
    assert one(filled).fields[DECIDED] == date(2024, 6, 20)
    by_hand(cell, "HS-2", lambda record: replace(record, fields={**record.fields, "note": "của chi bộ"}))
    by_hand(cell, "HS-1", lambda record: replace(record, fields={**record.fields, "occupation": "student"}))
    export_store(cell, tmp_path / "3.xlsx")
    third = import_file(filled, tmp_path / "3.xlsx", apply=True)
    asked = ("HS-2", "note", "của cấp ủy", "của chi bộ", "kept")
    assert seen(third) == [("HS-1", "occupation", "farmer", "student", "changed"), asked]
    assert seen(import_file(filled, tmp_path / "3.xlsx", apply=True)) == [asked]


def test_the_stamp(filled: str, tmp_path: Path) -> None:
    """The same entry gives the same bytes; another store, or another entry, other ones; the sheet is hidden."""
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    export_store(filled, first)
    export_store(filled, second)
    assert first.read_bytes() == second.read_bytes()
    book = openpyxl.load_workbook(first)
    assert book["Dubi"].sheet_state == "hidden"
    kept = {row[0].value: row[1].value for row in book["Dubi"].iter_rows()}["Các cột được theo dõi"]
    assert kept == "code, full_name, born_on, unit, admitted_on"
    recorded(filled, "HS-1", RESOLVED, date(2024, 5, 20))
    export_store(filled, second, force=True)
    assert first.read_bytes() != second.read_bytes()
