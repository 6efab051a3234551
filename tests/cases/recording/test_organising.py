"""Units and targets written down by the command's own values: kept, exported, told, asked about, taken back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from cases.history.replay import known_after
from cases.history.undo import undo
from cases.history.verification import verify
from cases.imports.importing import import_file
from cases.imports.stamping import export_store
from cases.judging.doubts import Unconfirmed
from cases.judging.judging import doubts_about_unit
from cases.log.batches import head
from cases.store.connection import querying
from cases.store.reading import facts_said_kept, kept_facts, read_store
from cases.values.evaluated import kept_facts as kept_of
from cases.values.records import UNIT_SETTINGS, Record, Roster, Target, Unit
from cases.workbook import schema
from cases.workbook.exporting import write_workbook
from cases.workbook.read import read_workbook
from desk.changes.values import AddPerson, AddUnit, Change, SetTarget, SetUnit
from desk.desk import Desk
from desk.keeping.contradictions import contradictions
from rules.loader.errors import BadInput, BadQuestion, UnknownName
from tests.cases.log.test_taking_back import put

TODAY = dt.date(2026, 11, 29)
SETTLED = {
    "letterhead": "TỈNH ỦY MẪU|BAN TỔ CHỨC",
    "place": "Sơn La",
    "document_symbol": "BC/BTCTU",
    "signer_title": "K/T TRƯỞNG BAN|PHÓ TRƯỞNG BAN",
    "signer": "Nguyễn Văn A",
    "preparer": "Trần Thị B",
    "recipients": "Như trên;|Lưu.",
    "kept_columns": "Ngày trao thẻ; helper",
}


def write(url: str, *changes: Change) -> None:
    """Commit changes, whatever is unusual about them confirmed."""
    desk = Desk(url, today=TODAY, user="Huệ")
    for change in changes:
        desk.commit(desk.preview(change), confirmed=True)


def test_every_setting_lives_as_long_as_its_unit(store: str, tmp_path: Path) -> None:
    """Each setting is kept, known of any day, in the workbook and back, told line by line, and taken back alone."""
    assert SETTLED.keys() == set(UNIT_SETTINGS)
    write(store, AddUnit("DU", (("name", "Đảng ủy xã Mẫu"), ("level", "Đảng bộ cơ sở"))), AddUnit("CB-1"))
    bare = read_store(store)
    shown = Desk(store, today=TODAY).preview(SetUnit("du", tuple(SETTLED.items())))
    headers = {column.field: column.header for column in schema.UNITS.columns}
    for name in UNIT_SETTINGS:
        assert any(f"DU: {headers[name]}: trống → " in line for line in shown.as_json()["changes"]), name
    write(store, SetUnit("du", tuple(SETTLED.items())))
    (unit, other) = read_store(store).units
    assert (unit.letterhead, unit.kept_columns) == ("TỈNH ỦY MẪU\nBAN TỔ CHỨC", "helper; card_awarded_on")
    assert other == Unit("CB-1")
    book = tmp_path / "so.xlsx"
    export_store(store, book)
    assert read_workbook(book).roster.units == (unit, other)
    assert import_file(store, book).plan.alters is False
    with querying(store) as execute:
        assert known_after(execute, head(execute).number).units == (unit, other)
    assert verify(store).holds
    for name in UNIT_SETTINGS:
        write(store, SetUnit("DU", ((name, ""),)))
        assert getattr(read_store(store).units[0], name) is None
        undo(store, who="Huệ")
        assert read_store(store).units == (unit, other)
    undo(store, who="Huệ")
    assert read_store(store) == bare


def test_a_kept_column_is_kept_by_every_reader(store: str, tmp_path: Path) -> None:
    """What a unit says it keeps counts as kept in the store, in one case alone, in the export and in its stamp."""
    write(store, AddUnit("CB-1"), AddPerson((("full_name", "Bưởi"), ("unit", "CB-1")), "HS-1"))
    with querying(store) as execute:
        assert kept_facts(execute) == frozenset()
    write(store, SetUnit("CB-1", (("Cột có theo dõi", "Ngày trao thẻ"),)))
    with querying(store) as execute:
        assert kept_facts(execute) == facts_said_kept(execute) == {"card_awarded_on"}
    assert kept_of(read_store(store)) == {"card_awarded_on"}
    export_store(store, tmp_path / "so.xlsx")
    assert "card_awarded_on" in read_workbook(tmp_path / "so.xlsx").roster.kept


def test_what_cannot_be_is_refused_and_leaves_no_trace(store: str) -> None:
    """A code taken or alike, a parent there is not, a circle, days turned round, a column there is not, no words."""
    write(store, AddUnit("DU"), AddUnit("CB-1", (("parent", "DU"), ("opened_on", "01/02/2020"))))
    before = read_store(store)
    for change, failure, words in (
        (AddUnit("du"), BadInput, "trông giống mã đã có"),
        (AddUnit("CB-1"), BadInput, "đã có"),
        (AddUnit("CB-2", (("parent", "CB-9"),)), UnknownName, "Không có đơn vị"),
        (AddUnit("CB-2", (("level", "chi hội"),)), BadInput, "Không có trong danh mục"),
        (SetUnit("CB-1", ()), BadQuestion, "Ghi điều cần đặt"),
        (SetUnit("CB-9", (("name", "A"),)), UnknownName, "Không có đơn vị"),
        (SetUnit("CB-1", (("tên cũ", "A"),)), UnknownName, "Không có mục"),
        (SetUnit("CB-1", (("code", "CB-2"),)), BadInput, "Không đổi được mã"),
        (SetUnit("DU", (("parent", "CB-1"),)), BadInput, "vòng quanh"),
        (SetUnit("DU", (("parent", "DU"),)), BadInput, "chính nó"),
        (SetUnit("CB-1", (("closed_on", "31/01/2020"),)), BadInput, "trước ngày thành lập"),
        (SetUnit("DU", (("closed_on", "31/01/2026"),)), BadInput, "Chuyển các đơn vị ấy trước"),
        (SetUnit("CB-1", (("kept_columns", "Tên vợ"),)), BadInput, "Không có trong danh mục"),
        (SetTarget("CB-9", "2026", "3"), UnknownName, "Không có đơn vị"),
        (SetTarget("CB-1", "26", "3"), BadInput, "số nguyên"),
        (SetTarget("CB-1", "2026", "-1"), BadInput, "số nguyên"),
    ):
        with pytest.raises(failure, match=words):
            write(store, change)
        assert read_store(store) == before, words


def test_what_is_unusual_is_asked(store: str) -> None:
    """A list begun beside units only named, a unit ended with somebody in it, a target after the end: asked first."""
    put(store, Roster((Record("HS-1", {"code": "HS-1", "full_name": "Bưởi", "unit": "CB-1"}),)))
    desk = Desk(store, today=TODAY, user="Huệ")
    ended = SetUnit("CB-1", (("closed_on", "01/02/2024"),))
    for prepared, change, code in (
        ((), AddUnit("CB-2"), "units_unlisted"),
        ((AddUnit("CB-1"),), ended, "people_inside"),
        ((ended,), SetTarget("CB-1", "2025", "3"), "unit_closed"),
    ):
        write(store, *prepared)
        shown = desk.preview(change)
        assert [doubt.code for doubt in shown.doubts] == [code]
        with pytest.raises(Unconfirmed):
            desk.commit(shown)
    assert desk.preview(SetTarget("CB-1", "2024", "3")).doubts == ()
    write(store, AddUnit("CB-2"))
    assert {unit.code for unit in read_store(store).units} == {"CB-1", "CB-2"}


def test_a_target_is_set_changed_and_taken_back(store: str) -> None:
    """One target a unit and year: another takes its place, the same again writes nothing, an undo brings it back."""
    write(store, AddUnit("CB-1"), SetTarget("cb-1", "2026", "5"), SetTarget("CB-1", "2025", "4"))
    assert read_store(store).targets == (Target("CB-1", 2026, 5), Target("CB-1", 2025, 4))
    desk = Desk(store, today=TODAY, user="Huệ")
    assert not desk.preview(SetTarget("CB-1", "2026", "5")).alters
    shown = desk.preview(SetTarget("CB-1", "2026", "0"))
    assert shown.as_json()["changes"] == ["CB-1 · 2026: Chỉ tiêu kết nạp: 5 → 0"]
    desk.commit(shown)
    assert read_store(store).targets[0] == Target("CB-1", 2026, 0)
    undo(store, who="Huệ")
    assert read_store(store).targets[0] == Target("CB-1", 2026, 5)


def test_a_unit_that_ends_before_it_begins_is_told_by_every_reader(tmp_path: Path) -> None:
    """What recording refuses (`unit_backwards`), reading a workbook and examining a store tell."""
    odd = Unit("CB-1", opened_on=dt.date(2024, 2, 1), closed_on=dt.date(2024, 1, 1))
    whole = replace(odd, closed_on=odd.opened_on)
    assert [doubt.code for doubt in doubts_about_unit(odd)] == ["unit_backwards"]
    assert list(doubts_about_unit(whole)) == []
    roster = Roster(units=(odd,))
    (told,) = read_workbook(write_workbook(roster, tmp_path / "so.xlsx")).warnings
    assert (told.sheet, told.row, "CB-1 đứng trước ngày thành lập 01/02/2024" in told.reason) == ("Đơn vị", 2, True)
    assert "CB-1" in next(iter(contradictions(roster, TODAY))).said
