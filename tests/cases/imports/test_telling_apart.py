"""Nobody is taken for somebody else: one code for two people, codes that look alike, namesakes, second bearers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cases.changes.saving import Scene, draft_new, known_head
from cases.imports.importing import Import, import_file
from cases.imports.merging import Part, merge
from cases.rosters import Answers
from cases.store.connection import querying, writing
from cases.store.reading import read_store
from cases.store.writing import apply_roster, new_batch
from cases.values.codes import looks_like
from cases.values.records import Discipline, Record, Roster
from cases.workbook.read import read_workbook
from desk.keeping.store import together
from rules.loader.errors import BadInput, UnknownName
from tests.cases.files.workbooks import case_book, somebody


@pytest.fixture
def filled(store: str, tmp_path: Path) -> str:
    """A store with one person."""
    row = somebody("HB01", full_name="Trần Văn Mẫu", admitted_on=date(1999, 5, 4))
    import_file(store, case_book(tmp_path / "so.xlsx", row), apply=True)
    return store


def taken(store: str, path: Path, answers: Answers | None = None, **row: Any) -> Import:
    """A workbook with one row taken in, the good rows of it."""
    disciplines = [{"case": row["code"], "form": "Cảnh cáo", "on": date(2020, 1, 1)}]
    book = case_book(path, somebody(**row), disciplines=disciplines)
    return import_file(store, book, answers, apply=True, accept_good=True)


@pytest.mark.parametrize(
    ("row", "outcome", "code"),
    [
        ({"code": "HB01", "full_name": "Lê Thị Ví Dụ", "born_on": date(2000, 1, 1)}, "refused", "person_mismatch"),
        ({"code": "HB01", "full_name": "Lê Thị Ví Dụ", "born_on": None}, "confirm", "code_of_another"),
        ({"code": "hb01", "full_name": "Lê Thị Ví Dụ"}, "refused", "code_ambiguous"),
        ({"code": "\u041d\u041201", "full_name": "Lê Thị Ví Dụ"}, "refused", "code_ambiguous"),
        ({"code": "HB 01", "full_name": "Trần Văn Mẫu"}, "refused", "code_ambiguous"),
        ({"code": "HB07", "full_name": "TRẦN VĂN MẪU"}, "confirm", "match_maybe"),
        (
            {"code": "HB07", "full_name": "Lê Ví Dụ", "born_on": date(2000, 1, 1), "person_code": "HB01"},
            "refused",
            "person_mismatch",
        ),
        (
            {"code": "HB07", "full_name": "Lê Ví Dụ", "born_on": None, "person_code": "HB01"},
            "confirm",
            "code_of_another",
        ),
    ],
)
def test_a_doubtful_person_is_not_taken(filled: str, tmp_path: Path, row: Any, outcome: str, code: str) -> None:
    """Refused or asked, and nothing that names the row is taken for the one who is stored."""
    before = read_store(filled)
    done = taken(filled, tmp_path / "2.xlsx", **row)
    assert (done.rows[0].outcome, code in [why.remark.code for why in done.rows[0].why]) == (outcome, True)
    assert (done.batch, read_store(filled), len(done.left_out)) == (None, before, 1)


def test_what_somebody_answers(filled: str, tmp_path: Path) -> None:
    """The same person keeps the stored code and what the file adds; another one is new; for all rows at once too."""
    namesake = {"code": "HB07", "full_name": "Trần Văn Mẫu", "note": "tệp"}
    taken(filled, tmp_path / "2.xlsx", Answers(persons={2: "same"}), **namesake)
    (record,) = read_store(filled).records
    assert (record.code, record.fields["note"]) == ("HB01", "tệp")
    assert [one.case for one in read_store(filled).disciplines] == ["HB01"]
    taken(filled, tmp_path / "3.xlsx", Answers(everybody="other"), **namesake)
    assert [record.code for record in read_store(filled).records] == ["HB01", "HB07"]
    other = {"code": "HB01", "full_name": "Trần Văn Mẫn", "born_on": date(1991, 5, 15)}
    renamed = taken(filled, tmp_path / "4.xlsx", Answers(persons={2: "same"}), **other)
    assert renamed.plan.cases.changed == 1


def test_a_corrected_name_is_the_same_person(filled: str, tmp_path: Path) -> None:
    """Another name with the same birth date corrects the name."""
    taken(filled, tmp_path / "2.xlsx", code="HB01", full_name="Trần Văn Mậu")
    assert read_store(filled).records[0].fields["full_name"] == "Trần Văn Mậu"


def test_two_codes_of_one_file_that_look_alike(store: str, tmp_path: Path) -> None:
    """Neither is taken."""
    rows = [somebody("hs-1"), somebody("HS-1", full_name="Lê Mẫu")]
    done = import_file(store, case_book(tmp_path / "so.xlsx", *rows), apply=True)
    assert [row.outcome for row in done.rows] == ["refused", "refused"]


def test_by_hand(filled: str) -> None:
    """`add` refuses a code that looks like one that is there; where an older store has both, a command takes the exact
    code, and neither where no code is exact."""
    with querying(filled) as execute, pytest.raises(BadInput, match="HB01"):
        draft_new(execute, Record("hb 01", {"code": "hb 01", "full_name": "Lê Mẫu"}), date(2026, 1, 1))
    with writing(filled) as connection:
        apply_roster(connection, Roster((Record("hb01", {"code": "hb01", "full_name": "Lê Mẫu"}),)), new_batch())
    with querying(filled) as execute:
        scene = Scene(execute)
        assert [known_head(scene, code).code for code in ("HB01", "hb01")] == ["HB01", "hb01"]
        with pytest.raises(UnknownName, match="Hb01"):
            known_head(scene, "Hb01")


@pytest.mark.parametrize(
    ("one", "other", "alike"), [("HS-1", "\u041d\u0405\u20131", True), ("HS-1", "HS-l", False), ("A1", "a 1", True)]
)
def test_what_looks_alike(one: str, other: str, *, alike: bool) -> None:
    """Capitals, spaces, strokes and letters of other alphabets; other letters of ours are other letters."""
    assert (looks_like(one) == looks_like(other)) is alike


def test_second_bearers_get_a_new_code() -> None:
    """Nobody is dropped: the second bearer of a code gets another, with her unit before it, and all that names her."""

    def part(name: str, person: str, unit: str) -> Part:
        record = Record("HS-1", {"code": "HS-1", "full_name": person, "born_on": date(1990, 1, 1), "unit": unit})
        return Part(name, Roster((record,), disciplines=(Discipline("HS-1", "warning", date(2020, 1, 1)),)))

    parts = [part("1", "Trần Mẫu", "CB-01"), part("2", "Lê Mẫu", "CB-02"), part("3", "Hồ Mẫu", "CB-02")]
    assert [clash.kind for clash in merge(parts).clashes if clash.is_error] == ["two_people", "two_people"]
    merged = merge(parts, renumber=True)
    assert [clash.kind for clash in merged.clashes if clash.is_error] == []
    assert [one.code for one in merged.roster.records] == ["HS-1", "CB-02-HS-1", "CB-02-HS-1-2"]
    assert [one.case for one in merged.roster.disciplines] == ["HS-1", "CB-02-HS-1", "CB-02-HS-1-2"]
    assert merged.recoded == {"2: HS-1": "CB-02-HS-1", "3: HS-1": "CB-02-HS-1-2"}


def test_keeping_the_first_drops_nobody(tmp_path: Path) -> None:
    """Where a code has two bearers nothing is written, and both are named; with new codes everybody is in the file."""
    rosters = [
        (name, Roster((Record("HS-1", {"code": "HS-1", "full_name": name, "born_on": date(1990, 1, 1)}),)))
        for name in ("Trần Mẫu", "Lê Mẫu")
    ]
    out = tmp_path / "gop.xlsx"
    with pytest.raises(BadInput, match=r"Trần Mẫu(.|\n)*Lê Mẫu(.|\n)*--renumber"):
        together(rosters, None).write(out, replace=False, keep_first=True)
    assert not out.exists()
    together(rosters, None, renumber=True).write(out, replace=False, keep_first=False)
    assert len(read_workbook(out).roster.records) == 2


def test_a_code_in_plain_letters_looks_like_what_it_is_among_others() -> None:
    """Codes of plain letters are soon compared: to the same end as with a letter that is not seen behind them."""
    for place in range(32, 127):
        code = f"A{chr(place)}b {chr(place)} 0"
        assert looks_like(code) == looks_like(f"{code}\u00ad") == looks_like(f" {code.upper()}")
