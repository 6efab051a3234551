"""Rows that may be one person's when a file comes in: asked, answered as in merging, and counted once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cases.imports.importing import Import, import_file
from cases.imports.stamping import export_store
from cases.rosters import Answers
from cases.store.connection import initialise, writing
from cases.store.reading import read_store
from cases.store.writing import apply_roster, new_batch
from cases.values.records import Placement, Record, Roster
from desk.counting.ledgers import ledger
from engine.statistics.counting import Run
from rules.loader.errors import UnknownName
from tests.cases.files.workbooks import case_book, somebody, write_book

D = date
HERE: dict[str, Any] = {"full_name": "Trần Văn Mẫu", "admitted_on": D(2020, 1, 1)}
LEFT: dict[str, Any] = {"moved_out_on": D(2024, 5, 1), "moved_to": "Y"}
CAME: dict[str, Any] = {"moved_in_on": D(2024, 5, 2), "moved_from": "X"}
MOVED = (Placement("X", None, D(2024, 5, 1)), Placement("Y", D(2024, 5, 2)))
NAMES = ("candidate_on", "awareness_certified_on", "dossier_opened_on", "admission_decided_on", "admitted_on")
STEPS: dict[str, Any] = {name: D(2020, number, 1) for number, name in enumerate(NAMES, 1)}


def taken(store: str, path: Path, *rows: dict[str, Any], answers: Answers | None = None, **sheets: Any) -> Import:
    """A workbook of these rows taken in."""
    return import_file(store, case_book(path, *rows, **sheets), answers, apply=True)


def held(store: str) -> dict[str, Record]:
    """Who is stored."""
    return {record.code: record for record in read_store(store).records}


def counted(store: str, unit: str | None, start: date, end: date, name: str) -> object:
    """A figure of the store."""
    return ledger(read_store(store), Run(start, end, end), None, None).figure(name, unit).value


def test_two_rows_of_a_file(store: str, tmp_path: Path) -> None:
    """The later of two rows of one name and birth date waits, as in a list; another's it is taken; one person's are
    tied and counted once, and made one dossier with a stay in each unit where the move is written."""
    rows = somebody("A", unit="X", **HERE), somebody("B", unit="Y", **HERE)
    asked = taken(store, tmp_path / "1.xlsx", *rows)
    assert [(row.outcome, row.whom) for row in asked.rows] == [("accepted", None), ("confirm", "dòng 2")]
    assert "--row 3=cung" in asked.rows[1].why[-1].remark.suggestion
    assert held(store).keys() == {"A"}
    same = taken(store, tmp_path / "1.xlsx", *rows, answers=Answers(persons={3: "same"}))
    assert [one.said for one in same.pairs] == ["một người, hai dòng nối bằng Mã người, tính một lần"]
    assert {code: record.fields["person_code"] for code, record in held(store).items()} == {"A": "A", "B": "A"}
    assert counted(store, None, D(2020, 1, 1), D(2020, 12, 31), "admission.total") == 1
    again = taken(store, tmp_path / "1.xlsx", *rows)
    assert (again.batch, again.pairs) == (None, ())


@pytest.mark.parametrize("answers", [Answers(persons={3: "same"}), Answers(pairs={frozenset("AB"): "same"})])
def test_two_rows_of_one_who_moved(store: str, tmp_path: Path, answers: Answers) -> None:
    """They become one dossier, of which a second reading of the file changes nothing."""
    rows = somebody("A", unit="X", **HERE, **LEFT), somebody("B", unit="Y", **HERE, **CAME)
    for _ in range(2):
        done = taken(store, tmp_path / "1.xlsx", *rows, answers=answers)
        (record,) = held(store).values()
        assert (record.fields["unit"], record.placements) == ("Y", MOVED)
    assert done.batch is None
    year = D(2020, 1, 1), D(2020, 12, 31)
    assert [counted(store, unit, *year, "admission.total") for unit in ("X", "Y", None)] == [1, 0, 1]
    assert counted(store, None, D(2024, 1, 1), D(2024, 12, 31), "member.total") == 1


def test_two_people_of_a_file(store: str, tmp_path: Path) -> None:
    """Said to be two, both are taken, by the row as by the pair; a person's second case asks nothing."""
    rows = somebody("A", unit="X", **HERE), somebody("B", unit="Y", **HERE)
    for answers in (
        Answers(persons={3: "other"}),
        Answers(pairs={frozenset("AB"): "other"}),
        Answers(everybody="other"),
    ):
        done = import_file(store, case_book(tmp_path / "1.xlsx", *rows), answers)
        assert ([row.outcome for row in done.rows], done.open_pairs) == (["accepted"] * 2, ())
    back = somebody("B", unit="Y", **HERE, previous_exit_on=D(2019, 1, 1))
    assert [row.outcome for row in import_file(store, case_book(tmp_path / "2.xlsx", rows[0], back)).rows] == [
        "accepted",
        "accepted",
    ]


def test_a_store_written_out_comes_back_whole(store: str, tmp_path: Path) -> None:
    """Two namesakes whom one store tells apart are both taken by another, and asked about there without waiting."""
    source = f"sqlite:///{tmp_path / 'nguon.sqlite'}"
    initialise(source)
    rows = somebody("A", unit="X", **HERE), somebody("B", unit="Y", **HERE)
    taken(source, tmp_path / "1.xlsx", *rows, answers=Answers(everybody="other"))
    export_store(source, tmp_path / "ra.xlsx")
    done = import_file(store, tmp_path / "ra.xlsx", apply=True)
    assert (set(held(store)), len(done.open_pairs)) == ({"A", "B"}, 1)


def test_another_cell_brings_one_who_moved(store: str, tmp_path: Path) -> None:
    """The row of the new cell under another code, said to be hers, makes one dossier with both stays; the old cell's
    row does not bring her back, and where it has her still it is asked."""
    old, new = somebody("A", unit="X", **HERE, **LEFT), somebody("B", unit="Y", **HERE, **CAME)
    taken(store, tmp_path / "x.xlsx", old)
    assert taken(store, tmp_path / "y.xlsx", new).rows[0].outcome == "confirm"
    taken(store, tmp_path / "y.xlsx", new, answers=Answers(persons={2: "same"}))
    (record,) = held(store).values()
    assert (record.code, record.fields["unit"], record.placements) == ("A", "Y", MOVED)
    assert taken(store, tmp_path / "x.xlsx", old).batch is None
    still = taken(store, tmp_path / "x2.xlsx", somebody("A", unit="X", **HERE))
    assert [(one.difference.field, one.difference.kind) for one in still.laid.open] == [("unit", "conflict")]
    assert held(store)["A"] == record


def test_the_old_cell_comes_last(store: str, tmp_path: Path) -> None:
    """The row that tells of the leaving completes the stays of one who is in the new cell already."""
    taken(store, tmp_path / "y.xlsx", somebody("B", unit="Y", **HERE, **CAME))
    taken(store, tmp_path / "x.xlsx", somebody("A", unit="X", **HERE, **LEFT), answers=Answers(persons={2: "same"}))
    (record,) = held(store).values()
    assert (record.code, record.fields["unit"], record.placements) == ("B", "Y", MOVED)
    assert (record.fields["moved_out_on"], record.fields["moved_in_on"]) == (D(2024, 5, 1), D(2024, 5, 2))


def test_one_person_of_two_units_and_no_move(store: str, tmp_path: Path) -> None:
    """Of which unit she is has to be said: until then she is where the store has her."""
    taken(store, tmp_path / "x.xlsx", somebody("A", unit="X", **HERE))
    row = somebody("B", unit="Y", **HERE)
    done = taken(store, tmp_path / "y.xlsx", row, answers=Answers(persons={2: "same"}))
    assert [(one.difference.field, one.difference.old, one.difference.new) for one in done.laid.open] == [
        ("unit", "X", "Y")
    ]
    taken(store, tmp_path / "y.xlsx", row, answers=Answers(persons={2: "same"}, takes={(2, 1): "file"}))
    assert held(store)["A"].fields["unit"] == "Y"


ROW = somebody("B", unit="Y", full_name="Lò Văn Năm", born_on=D(1992, 1, 1), **STEPS, note="tệp")


@pytest.mark.parametrize(
    ("answer", "codes", "note"),
    [
        (None, {"A", "B"}, "kho"),
        ("other", {"A", "B"}, "kho"),
        ("same", {"A", "B"}, "kho"),
        ("A", {"A"}, "kho"),
        ("B", {"A"}, "tệp"),
    ],
)
def test_the_same_steps(store: str, tmp_path: Path, answer: str | None, codes: set[str], note: str) -> None:
    """Told with the row and asked; unanswered both stay and nothing waits; answered they are tied, or one stands under
    the code that the store has, and what named the other names it."""
    first = somebody("A", unit="X", full_name="Lò Thị Tư", born_on=D(1991, 1, 1), **STEPS, note="kho")
    measures = [{"case": "A", "form": "Cảnh cáo", "on": D(2021, 1, 1)}]
    taken(store, tmp_path / "1.xlsx", first, disciplines=measures)
    answers = Answers(pairs={frozenset("AB"): answer}) if answer else None
    brought = [{"case": "B", "form": "Khiển trách", "on": D(2022, 1, 1)}, {**measures[0], "case": "B"}]
    done = taken(store, tmp_path / "2.xlsx", ROW, answers=answers, disciplines=brought)
    (met,) = done.pairs
    assert (met.row, met.said is None, done.batch is not None) == (2, answer is None, True)
    assert (set(held(store)), held(store)["A"].fields["note"]) == (codes, note)
    assert {one.case for one in read_store(store).disciplines} == codes
    assert len(read_store(store).disciplines) == (3 if "B" in codes else 2)
    linked = "person_code" in held(store)["A"].fields
    assert linked is (answer == "same")
    year = D(2020, 1, 1), D(2020, 12, 31)
    two = answer in (None, "other")
    assert counted(store, None, *year, "admission.total") == (2 if two else 1)


def test_one_person_kept_by_two_units(store: str, tmp_path: Path) -> None:
    """The same `Mã người` in both, nowhere a day of leaving: asked, and counted once whatever is said."""
    taken(store, tmp_path / "1.xlsx", somebody("A", unit="X", **HERE))
    row = somebody("B", unit="Y", **HERE, person_code="A")
    done = taken(store, tmp_path / "2.xlsx", row)
    assert [one.as_json()["open"] for one in done.pairs] == [True]
    assert "--pair A+B=cung" in done.pairs[0].how
    assert counted(store, None, D(2024, 1, 1), D(2024, 12, 31), "member.total") == 1


def test_many_admitted_together_are_no_question(store: str, tmp_path: Path) -> None:
    """In one unit the same days ask only of those who have name or birth date in common too."""
    rows = [
        somebody(str(day), unit="X", full_name=f"Lò Văn {'ABC'[day - 1]}", born_on=D(1990, 1, day), **STEPS)
        for day in (1, 2, 3)
    ]
    assert import_file(store, case_book(tmp_path / "1.xlsx", *rows)).pairs == ()
    slip = somebody("4", unit="X", full_name="Lò Văn D", born_on=D(1990, 1, 1), **STEPS)
    assert len(import_file(store, case_book(tmp_path / "2.xlsx", *rows, slip)).pairs) == 1


def test_an_answer_about_no_pair(store: str, tmp_path: Path) -> None:
    """It is refused with the two codes."""
    with pytest.raises(UnknownName, match="A và Z"):
        taken(store, tmp_path / "1.xlsx", somebody("A"), answers=Answers(pairs={frozenset("AZ"): "same"}))


def test_the_rows_of_a_list_are_known_again(store: str, tmp_path: Path) -> None:
    """People of a list without codes are given codes that go on where the store stopped; the same list finds them
    whatever was corrected or recoded since, and asks nothing."""
    taken(store, tmp_path / "1.xlsx", somebody("HB-009", full_name="Lò Thị Mẫu", born_on=D(1970, 1, 1)))
    rows = [["Họ và tên", "Giới tính", "Ngày vào Đảng"], ["Cà Văn Ba", "Nam", "03/02/2010"], ["Cà Văn Tư", "Nam", ""]]
    book = write_book(tmp_path / "ds.xlsx", {"DS": rows})
    answers = Answers(unit="X")
    assert import_file(store, book, answers, apply=True).plan.cases.new == 2
    assert list(held(store)) == ["HB-009", "HB-010", "HB-011"]
    before = held(store)["HB-010"]
    corrected = Record("HB-010", {**before.fields, "full_name": "Cà Văn Bá"})
    with writing(store) as connection:
        apply_roster(connection, Roster((corrected,)), new_batch(None, None, "correct"))
    done = import_file(store, book, answers, apply=True)
    assert ([row.outcome for row in done.rows], done.plan.cases.new) == (["warned", "warned"], 0)
    assert held(store)["HB-010"].fields["full_name"] == "Cà Văn Bá", "what was corrected by hand is asked about"
    assert [one.difference.field for one in done.laid.open] == ["full_name"]
