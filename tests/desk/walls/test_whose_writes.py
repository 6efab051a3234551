"""Who may write what in a store that several share: each in her units, the committee its steps, the cell its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from cases.store.connection import initialise, writing
from cases.store.writing import apply_roster, new_batch
from cases.values.records import Record, Roster, Unit
from desk.accounts.rights import Role, granted
from desk.changes.values import (
    AddCourse,
    AddPerson,
    AddUnit,
    Change,
    Correct,
    Enrol,
    ImportFile,
    JoinCases,
    Leave,
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
from rules.loader.errors import BadInput, DubiError, NotAllowed, UnknownName
from tests.postgresql import on_postgresql, store_of_nobody_special

TODAY = dt.date(2026, 11, 30)
DAY = dt.date(2025, 1, 6)
FOREIGN = "Ngoại Thị Lạ"


def _record(code: str, unit: str, name: str = "Người Chi Bộ", **more: str) -> Record:
    born = {"born_on": dt.date(1990, 1, 1), "candidate_on": dt.date(2024, 1, 1)}
    return Record(code, {"code": code, "full_name": name, "unit": unit, **born, **more})


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=on_postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A committee with two cells; one person has a dossier in each."""
    monkeypatch.setenv("DUBI_HOME", str(tmp_path))
    if request.param == "postgresql":
        with store_of_nobody_special() as url:
            yield _filled(url)
        return
    url = f"sqlite:///{tmp_path / 'dubi.sqlite'}"
    initialise(url)
    yield _filled(url)


def _filled(url: str) -> str:
    units = (Unit("DU", name="Đảng ủy"), Unit("CB-1", parent="DU"), Unit("CB-2", parent="DU"))
    records = (
        _record("HS-1", "CB-1"),
        _record("HS-2", "CB-2", FOREIGN, person_code="P-2"),
        _record("HS-3", "CB-1", "Người Hai Nơi", person_code="P-3"),
        _record("HS-4", "CB-2", "Người Hai Nơi", person_code="P-3"),
    )
    with writing(url) as connection:
        apply_roster(connection, Roster(records=records, units=units), new_batch("quản trị", "tat-ca.xlsx"))
    return url


def desk_of(url: str, *grants: tuple[Role, str]) -> Desk:
    """The desk of somebody with these grants."""
    found = granted(grants)
    return Desk(url, today=TODAY, user="ai đó", sight=found.sight, may=found.may, held=found.held)


def done(desk: Desk, change: Change) -> str:
    """The name of the write that a change becomes."""
    return desk.commit(desk.preview(change), confirmed=True).batch


def refused(desk: Desk, change: Change, kind: type[DubiError] = NotAllowed) -> str:
    """The sentence by which a preview refuses a change: nobody of another cell is named in it."""
    with pytest.raises(kind) as said:
        desk.preview(change)
    assert FOREIGN not in str(said.value)
    return str(said.value)


def test_the_cells_steps_are_the_cells_and_the_committees_the_committees(url: str) -> None:
    """By record, correct, many at once and taking out: each records its own steps, not the other's."""
    secretary, committee = desk_of(url, ("secretary", "CB-1")), desk_of(url, ("committee", "DU"))
    decided, opened = RecordStep("HS-1", "admission_decided_on", DAY), RecordStep("HS-1", "dossier_opened_on", DAY)
    refused(secretary, decided)
    refused(secretary, Together((RecordStep("HS-3", "dossier_opened_on", DAY), decided)))
    refused(committee, opened)
    refused(committee, Correct("HS-1", ("full_name=Tên Khác",)))
    done(committee, decided)
    done(secretary, opened)
    refused(secretary, Correct("HS-1", ("admission_decided_on",), on=dt.date(2025, 1, 7)))
    refused(secretary, RemoveCase("HS-1"))
    both = desk_of(url, ("secretary", "CB-1"), ("committee", "CB-1"))
    done(both, Correct("HS-1", ("admission_decided_on",), on=dt.date(2025, 1, 7)))
    for desk in (secretary, both):
        done(desk, Leave("HS-1" if desk is both else "HS-3", dt.date(2026, 1, 5), "Xin ra"))


def test_a_right_holds_where_it_was_granted(url: str) -> None:
    """Who records in one cell and only reads another sees both and records in the first alone."""
    desk = desk_of(url, ("secretary", "CB-1"), ("reader", "CB-2"))
    assert {record.code for record in desk.roster(desk.ask()).records} == {"HS-1", "HS-2", "HS-3", "HS-4"}
    done(desk, RecordStep("HS-1", "application_on", DAY))
    with pytest.raises(NotAllowed):
        desk.preview(RecordStep("HS-2", "application_on", DAY))
    with pytest.raises(NotAllowed):
        desk.preview(Correct("HS-2", ("unit=CB-1",)))


def test_nothing_outside_is_touched(url: str) -> None:
    """Cases, units, classes, figures, targets of another cell are refused as what is not there; codes name nobody."""
    desk = desk_of(url, ("secretary", "CB-1"), ("committee", "CB-1"))
    new = (("full_name", "Người Mới"), ("born_on", "02/03/1999"))
    for change in (
        RecordStep("HS-2", "application_on", DAY),
        Correct("HS-2", ("full_name=Khác",)),
        Correct("HS-1", ("unit=CB-2",)),
        Move("HS-1", DAY, to="CB-2"),
        RemoveCase("HS-2"),
        JoinCases("HS-1", "HS-2"),
        RecodeCase("HS-2", "HS-9"),
        AddPerson((*new, ("unit", "CB-2"))),
        SetUnit("CB-2", (("place", "Sơn La"),)),
        MoveUnit("CB-2", "CB-1", DAY),
        SetTarget("CB-2", "2026", "3"),
        SetFigure("party_members_start", "3", "CB-2", on=DAY),
        AddCourse("L-1", "awareness", unit="CB-2", opened=DAY),
        Enrol("L-0", ("HS-2",)),
    ):
        said = refused(desk, change, UnknownName)
        assert "Không có" in said
    taken: tuple[Change, ...] = (
        AddPerson((*new, ("unit", "CB-1")), code="HS-2"),
        AddPerson((*new, ("unit", "CB-1"), ("person_code", "P-2"))),
        AddPerson(new),
        RecodeCase("HS-1", "HS-4"),
        AddUnit("CB-2", (("parent", "CB-1"),)),
    )
    for one in taken:
        refused(desk, one, BadInput)
    for one in (SetUnit("DU", (("place", "Sơn La"),)), Correct("HS-3", ("sex=Nữ",))):
        refused(desk, one)
    assert Desk(url, today=TODAY).last_hash() == desk.last_hash()
    assert len(Desk(url, today=TODAY).log(10).writes) == 1


def test_a_unit_that_is_made_is_seen_by_who_made_it(url: str) -> None:
    """A committee in the middle of the tree adds a unit below it, with people, and sees both; none elsewhere."""
    desk = desk_of(url, ("committee", "CB-1"), ("secretary", "CB-1"))
    done(desk, AddUnit("CB-1-1", (("parent", "CB-1"),)))
    done(desk, AddPerson((("full_name", "Người Mới"), ("unit", "CB-1-1"), ("person_code", "P-9"))))
    assert [unit.code for unit in desk.roster(desk.ask()).units] == ["DU", "CB-1", "CB-1-1"]
    assert desk.roster(desk.ask()).records[-1].fields["unit"] == "CB-1-1"
    refused(desk, AddUnit("CB-9", (("parent", "DU"),)), UnknownName)


def test_a_new_code_is_free_in_the_whole_store(url: str) -> None:
    """The next code goes on from those that are seen and passes over those that are not."""
    desk = desk_of(url, ("secretary", "CB-1"))
    shown = desk.preview(AddPerson((("full_name", "Người Mới"), ("unit", "CB-1"))))
    assert shown.as_json()["case"] == "HS-5"
    desk.commit(shown, confirmed=True)
    assert Desk(url, today=TODAY).verify_log().verdict.holds


def test_what_moved_away_between_preview_and_commit_is_refused(url: str) -> None:
    """The moment of writing decides: a dossier that has gone to another cell since is not there any more."""
    desk, whole = desk_of(url, ("secretary", "CB-1")), Desk(url, today=TODAY)
    shown = desk.preview(RecordStep("HS-1", "application_on", DAY))
    done(whole, Move("HS-1", DAY, to="CB-2"))
    with pytest.raises(UnknownName):
        desk.commit(shown, confirmed=True)
    with pytest.raises(UnknownName):
        desk.person(desk.ask(), "HS-1")


def test_undo_takes_back_what_is_hers_alone(url: str) -> None:
    """A write that did something elsewhere too is taken back by whoever may do all of it, and by nobody else."""
    secretary, both = desk_of(url, ("secretary", "CB-1")), desk_of(url, ("secretary", "DU"))
    whole = done(both, Together(tuple(RecordStep(code, "application_on", DAY) for code in ("HS-1", "HS-2"))))
    with pytest.raises(DubiError) as said:
        secretary.undo(whole, confirmed=True)
    assert FOREIGN not in str(said.value)
    assert both.undo(whole, confirmed=True).done.altered["case"] == 2
    own = done(secretary, RecordStep("HS-1", "application_on", DAY))
    assert secretary.undo().done.batch.name == own
    committee = desk_of(url, ("committee", "DU"))
    theirs = done(committee, RecordStep("HS-1", "higher_consent_on", DAY))
    committee.user = "người khác"
    with pytest.raises(NotAllowed):
        committee.undo(theirs, confirmed=True)
    committee.user = "ai đó"
    committee.undo(theirs)
    removed = done(secretary, RemoveCase("HS-1"))
    assert secretary.undo(removed).done.restored["case"] == 1


def test_a_file_brings_no_steps_of_others(url: str, tmp_path: Path) -> None:
    """Steps that whoever imports may not record are left as the store has them, and she is told which."""
    desk = desk_of(url, ("secretary", "CB-1"))
    book = tmp_path / "so.xlsx"
    desk.export(book)
    file = openpyxl.load_workbook(book)
    sheet = file["Hồ sơ"]
    headings = {cell.value: cell.column for cell in sheet[1]}
    assert [sheet.cell(row, headings["Mã hồ sơ"]).value for row in (2, 3)] == ["HS-1", "HS-3"]
    sheet.cell(2, headings["Ngày quyết định kết nạp"]).value = dt.datetime(2025, 1, 6)
    sheet.cell(2, headings["Ngày chi bộ xét kết nạp"]).value = dt.datetime(2024, 9, 6)
    file.save(book)
    change = ImportFile(str(book), take="file")
    shown, _ = desk.take_in(change)
    assert any("quyết định kết nạp" in str(one) and "HS-1" in str(one) for one in shown.remarks)
    desk.take_in(change, apply=True)
    (first, _) = desk.roster(desk.ask()).records
    assert first.fields["cell_proposed_admission_on"] == dt.date(2024, 9, 6)
    assert "admission_decided_on" not in first.fields


def test_a_report_is_known_to_whoever_sees_its_unit(url: str, tmp_path: Path) -> None:
    """The figures that a unit sent are its own and those of the levels above; others hear nothing of the report."""
    secretary, above = desk_of(url, ("secretary", "CB-1")), desk_of(url, ("reader", "DU"))
    for desk, unit in ((secretary, "CB-1"), (Desk(url, today=TODAY), None)):
        ask = desk.ask(unit=unit, one_moment=True)
        desk.keep_receipt(
            desk.stats(ask, dt.date(2026, 1, 1), dt.date(2026, 6, 30)), tmp_path / f"{unit}.json", replace=True
        )
    other = desk_of(url, ("secretary", "CB-2"))
    assert [len(desk.sent().sent) for desk in (secretary, above, other)] == [1, 2, 0]
    assert [len(desk.log(9).writes) for desk in (secretary, other)] == [2, 1]
