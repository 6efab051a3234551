"""What is impossible and what is unusual: every doubt is raised by what it is about, and by nothing less."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from cases.changes import page
from cases.changes.changing import with_step
from cases.judging.doubts import CATALOGUE, DOORS, Doubt
from cases.judging.judging import doubts_about, doubts_about_discipline, is_day_off, new_doubts
from cases.judging.steps import kinds
from cases.rosters import Answers
from cases.values.history import settle_steps
from cases.values.records import Placement, Record, Roster, StepEntry, Unit
from cases.values.sheets import case_sheet
from cases.workbook.read import examine
from cases.workbook.schema import choices
from desk.keeping.contradictions import contradictions
from tests.cases.files.workbooks import case_book, somebody
from tests.cases.rosters.sheets import preview

TODAY = date(2026, 11, 25)
WHOLE_WAY: dict[str, Any] = {
    "code": "HS-1",
    "full_name": "Trần Văn Mẫu",
    "born_on": date(1990, 5, 15),
    "candidate_on": date(2022, 3, 1),
    "dossier_opened_on": date(2022, 9, 5),
    "cell_proposed_admission_on": date(2023, 1, 10),
    "admission_decided_on": date(2023, 2, 15),
    "admission_decision_received_on": date(2023, 2, 20),
    "admitted_on": date(2023, 3, 3),
    "new_member_certified_on": date(2023, 8, 8),
    "cell_proposed_recognition_on": date(2024, 3, 12),
    "recognition_decided_on": date(2024, 4, 2),
    "recognised_from": date(2024, 3, 3),
}
"""A way that nobody can doubt."""


def person(**changes: Any) -> Record:
    """The whole way with some fields changed; None takes one out."""
    fields = {**WHOLE_WAY, **changes}
    return Record("HS-1", {name: value for name, value in fields.items() if value is not None})


def up_to(step: str) -> Record:
    """The way before a step."""
    names = list(WHOLE_WAY)
    return Record("HS-1", {name: WHOLE_WAY[name] for name in names[: names.index(step)]})


def codes(record: Record, units: dict[str, Unit] | None = None) -> set[str]:
    """The doubts about a record, by code."""
    return {doubt.code for doubt in doubts_about(record, TODAY, units)}


def test_a_whole_way_raises_no_doubt() -> None:
    """Nothing is said about a case in which every step followed the one before."""
    assert codes(person()) == set()


def stays(*placements: Placement) -> Record:
    """The whole way, with stays."""
    return Record("HS-1", person().fields, (), (), placements)


RAISED: dict[str, Record] = {
    "before_birth": person(candidate_on=date(1989, 1, 1)),
    "born_later": Record("HS-1", {"code": "HS-1", "full_name": "Trần Văn A", "born_on": TODAY + timedelta(days=1)}),
    "very_young": Record("HS-1", {"code": "HS-1", "full_name": "Trần Văn A", "born_on": date(2012, 1, 1)}),
    "recognition_before_ceremony": person(recognised_from=date(2023, 3, 2)),
    "exit_before_ceremony": person(left_on=date(2023, 3, 2), exit_kind="resigned"),
    "after_death": person(left_on=date(2024, 1, 2), exit_kind="died"),
    "after_exit": person(left_on=date(2024, 1, 2), exit_kind="resigned"),
    "after_departure": person(moved_out_on=date(2024, 1, 2), moved_to="out_of_province"),
    "in_future": person(admitted_on=TODAY + timedelta(days=1)),
    "out_of_order": person(admission_decided_on=date(2023, 1, 9)),
    "needed_missing": person(cell_proposed_admission_on=None),
    "day_off": person(recognition_decided_on=date(2024, 4, 6)),
    "only_once": Record("HS-1", person().fields, (StepEntry("admitted_on", date(2023, 3, 1)),)),
    "recorded_again": Record("HS-1", person().fields, (StepEntry("recognition_decided_on", date(2024, 4, 1)),)),
    "stay_backwards": stays(Placement("CB-1", date(2024, 1, 2), date(2024, 1, 1))),
    "stays_overlap": stays(Placement("CB-1", date(2023, 1, 2), date(2024, 1, 1)), Placement("CB-3", date(2024, 1, 1))),
    "unit_closed": stays(Placement("CB-2", date(2025, 7, 2))),
    "official_day_differs": person(recognised_from=date(2024, 3, 4)),
    "recognised_early": person(cell_proposed_recognition_on=date(2024, 3, 3)),
    "age_at_admission": person(born_on=date(2006, 3, 3), candidate_on=date(2022, 3, 1)),
    "exit_undated": person(exit_kind="resigned"),
    "exit_formless": person(left_on=date(2025, 3, 3)),
    "place_undated": person(moved_to="Đảng bộ xã Mẫu"),
    "place_missing": person(moved_out_on=date(2025, 3, 3), moved_from="Đảng bộ xã Mẫu", moved_in_on=date(2022, 1, 1)),
}
UNITS = {"CB-1": Unit("CB-1"), "CB-2": Unit("CB-2", closed_on=date(2025, 7, 1)), "CB-3": Unit("CB-3")}
ELSEWHERE = {
    **dict.fromkeys(("same_person", "person_kept_twice", "same_steps"), "tests/cli/recording/test_slips.py"),
    "comes_blocked": "tests/cli/recording/test_slips.py",
    "held_back": "tests/cli/recording/test_slips.py",
    "goes_back": "tests/cli/recording/test_slips.py",
    "ceremony_late": "tests/cli/recording/test_slips.py",
    "people_inside": "tests/cli/recording/test_slips.py",
    "unit_backwards": "tests/cases/recording/test_organising.py",
    **dict.fromkeys(
        ("removes_recorded", "not_one_person", "join_differs"), "tests/cases/recording/test_whole_cases.py"
    ),
    "units_unlisted": "tests/cases/recording/test_organising.py",
    "closed_before_opened": "tests/cli/recording/test_slips.py",
    "certified_early": "tests/cli/recording/test_slips.py",
    "certified_anew": "tests/cli/recording/test_slips.py",
    "id_mismatch": "tests/cases/rosters/test_identity.py",
}
"""Doubts that hang on more than one record, with the tests that raise them."""


@pytest.mark.parametrize(("code", "record"), RAISED.items(), ids=RAISED.keys())
def test_each_doubt_is_raised(code: str, record: Record) -> None:
    """A record with one thing wrong raises the doubt about it."""
    assert code in codes(record, UNITS)


def test_every_doubt_has_its_record() -> None:
    """No code of the catalogue is without a case that raises it, here or in the tests that are named."""
    assert RAISED.keys() | ELSEWHERE.keys() == CATALOGUE.keys()
    assert not RAISED.keys() & ELSEWHERE.keys()
    for code, file in ELSEWHERE.items():
        assert code in (page.PAGE.parents[1] / file).read_text(encoding="utf-8"), code


def at_record(record: Record) -> dict[str, str]:
    """What recording makes of a record that comes in whole."""
    return {one.code: "refused" if one.refused else "asked" for one in new_doubts(None, record, TODAY, UNITS)}


def at_book(record: Record, path: Path) -> dict[str, str]:
    """What reading our workbook makes of it; two contradictions may have one code there."""
    steps = [{"case": record.code, "kind": entry.kind, "on": entry.on} for entry in record.steps]
    places = [
        {"case": record.code, "unit": stay.unit, "since": stay.since, "until": stay.until} for stay in record.placements
    ]
    units = [{"code": unit.code, "closed_on": unit.closed_on} for unit in UNITS.values()]
    more: dict[str, Any] = {"units": units, **({"steps": steps} if steps else {})}
    rows = record.fields, somebody("HS-9", moved_out_on=date(2020, 1, 1), moved_to="ngoài")
    seen = examine(case_book(path, *rows, **more, **({"placements": places} if places else {})), today=TODAY)
    return {**{one.code: "told" for one in seen.warned}, **{one.code: "refused" for one in seen.refused}}


def at_list(record: Record) -> set[str]:
    """What a list with these columns is told of, by the words that are said."""
    headers = {column.field: column.header for column in case_sheet().columns}
    shown = {name: layout_shown(name, value) for name, value in record.fields.items()}
    names = [name for name in shown if name != "exit_kind"] + [name for name in shown if name == "exit_kind"]
    rows = [[headers[name] for name in names] + ["Giới tính"], [shown[name] for name in names] + ["Nam"]]
    seen = preview(rows, Answers(unit="CB-01", as_of=TODAY))
    return {why.remark.reason for row in seen.rows for why in row.why}


def layout_shown(name: str, value: Any) -> Any:
    """A value as it stands in a cell."""
    column = next(column for column in case_sheet().columns if column.field == name)
    return choices(column.codes)[value] if column.codes else value


def test_every_door_asks_the_one_catalogue(tmp_path: Path) -> None:
    """Doors × contradictions: each record goes through the real doors, and each makes of it what the table says."""
    for code, record in RAISED.items():
        words = CATALOGUE[code]
        (doubt, *_) = [one for one in doubts_about(record, TODAY, UNITS) if one.code == code]
        assert at_record(record).get(code) == words.doors.get("record"), code
        book = at_book(record, tmp_path / "so.xlsx").get(words.book_code or code)
        others = {
            CATALOGUE[one].book_code or one for one in codes(record, UNITS) - {code} if "book" in CATALOGUE[one].doors
        }
        if words.book_code not in others:
            assert book == words.doors.get("book"), code
        if words.doors.get("list") == "told" and code not in READ_BEFORE:
            assert doubt.said in at_list(record), code
        elif code not in READ_BEFORE:
            assert doubt.said not in at_list(record), code
        named = {one.said.partition(":")[0] for one in contradictions(roster_of(record), TODAY)}
        assert (words.title in named) == ("doctor" in words.doors), code


READ_BEFORE = {"exit_undated", "exit_formless", "place_undated"}
"""What a list's own reading says, in the words of what stands there, before its row is judged."""


def roster_of(record: Record) -> Roster:
    """A store's worth: the units and the one record."""
    return Roster(records=(record,), units=tuple(UNITS.values()))


def test_a_birth_to_come_goes_through_no_door(tmp_path: Path) -> None:
    """A birth in 2050 is refused by recording and by our workbook, and stays out of what a list stores."""
    later = Record("HS-1", {"code": "HS-1", "full_name": "Trần Văn A", "born_on": date(2050, 1, 1)})
    assert at_record(later)["born_later"] == "refused"
    assert at_book(later, tmp_path / "so.xlsx")["born_later"] == "refused"
    (row,) = preview([["Họ và tên", "Ngày sinh", "Giới tính"], ["Trần Văn A", "01/01/2050", "Nam"]],
                     Answers(unit="CB-01", as_of=TODAY)).rows  # fmt: skip
    assert (row.outcome, "born_on" in row.fields) == ("warned", False)


def test_what_a_door_lets_pass_has_a_reason() -> None:
    """Each contradiction is held by recording or by a reader; a door that is not named stands in the table with why."""
    for code, words in CATALOGUE.items():
        assert words.title, code
        assert words.said, code
        assert bool(words.because) == bool(DOORS.keys() - words.doors.keys()), code
        assert words.todo or code == "comes_blocked", code


BOUNDARIES: dict[str, tuple[str, Record]] = {
    "the day of birth": ("before_birth", person(candidate_on=date(1990, 5, 15), application_on=None)),
    "fifteen today": ("very_young", Record("HS-1", {"born_on": date(2011, 11, 25)})),
    "the day of the ceremony": ("recognition_before_ceremony", person(recognised_from=date(2023, 3, 3))),
    "the day of leaving": ("after_exit", person(left_on=date(2024, 4, 2), exit_kind="resigned")),
    "the day of departure": ("after_departure", person(moved_out_on=date(2024, 4, 2))),
    "back again": ("after_departure", person(moved_out_on=date(2024, 1, 2), moved_in_on=date(2024, 2, 1))),
    "today": ("in_future", person(cell_met_on=TODAY)),
    "the same day": ("out_of_order", person(admission_decided_on=date(2023, 1, 10))),
    "a swapped Saturday": ("day_off", person(recognition_decided_on=date(2024, 5, 4))),
    "a Sunday meeting": ("day_off", person(cell_proposed_recognition_on=date(2024, 3, 10))),
    "discipline after leaving": ("after_exit", person(left_on=date(2025, 4, 2), complained_on=date(2025, 5, 2))),
    "a unit that closed later": (
        "unit_closed",
        Record("HS-1", person().fields, (), (), (Placement("CB-2", date(2025, 7, 1)),)),
    ),
}


@pytest.mark.parametrize(("code", "record"), BOUNDARIES.values(), ids=BOUNDARIES.keys())
def test_no_doubt_on_the_boundary(code: str, record: Record) -> None:
    """The day itself is right; a doubt begins the day after or before."""
    assert code not in codes(record, UNITS)


def test_what_was_wrong_before_is_not_held_against_a_change() -> None:
    """A case imported with a contradiction takes the next step without being asked about the old one."""
    odd = person(admission_decided_on=date(2023, 1, 9))
    assert "out_of_order" in codes(odd)
    assert new_doubts(odd, with_step(odd, StepEntry("cell_met_on", date(2026, 5, 4))), TODAY) == []


def test_the_impossible_comes_first() -> None:
    """What cannot be confirmed stands above what can."""
    doubts = new_doubts(None, person(left_on=date(1980, 1, 1), admission_decided_on=date(2023, 1, 9)), TODAY)
    refused = [doubt.refused for doubt in doubts]
    assert refused == sorted(refused, reverse=True)
    assert refused[0]
    assert not refused[-1]


def test_doubts_speak_of_labels_and_days() -> None:
    """A doubt names the step by its column and the days as they are written here."""
    assert new_doubts(up_to("admitted_on"), person(), TODAY) == []
    late = with_step(up_to("admitted_on"), StepEntry("admitted_on", date(2023, 2, 1)))
    said = [str(doubt) for doubt in new_doubts(up_to("admitted_on"), late, TODAY)]
    assert said == [
        f"Ngày kết nạp 01/02/2023 đứng trước {what}. Đối chiếu văn bản gốc; nếu đúng thì để nguyên."
        for what in ("“Ngày quyết định kết nạp” 15/02/2023", "“Ngày nhận quyết định kết nạp” 20/02/2023")
    ]


def test_discipline_is_judged_too() -> None:
    """A disciplinary measure, which is no step of the record, is held to birth, death and the present."""
    dead = person(left_on=date(2025, 1, 1), exit_kind="died")
    for record, on, code in (
        (person(), date(1980, 1, 1), "before_birth"),
        (dead, date(2025, 1, 2), "after_death"),
        (person(), TODAY + timedelta(days=1), "in_future"),
    ):
        assert code in {doubt.code for doubt in doubts_about_discipline(record, on, TODAY)}
    assert list(doubts_about_discipline(person(), date(2025, 1, 2), TODAY)) == []


def test_days_off() -> None:
    """Weekends, public holidays and swaps, as the calendar has them."""
    assert is_day_off(date(2026, 9, 2))
    assert is_day_off(date(2024, 4, 29))  # swapped with 4 May
    assert not is_day_off(date(2024, 5, 4))
    assert is_day_off(date(2024, 5, 5))
    assert not is_day_off(date(1999, 3, 3))


def test_every_kind_of_step_can_be_judged() -> None:
    """A case that has taken every step of the vocabulary on one day is judged without fault."""
    fields, _ = settle_steps({}, [StepEntry(kind, date(2024, 3, 4)) for kind in kinds() if kind != "disciplined_on"])
    assert "in_future" not in codes(Record("HS-1", fields))


def test_all_words_are_there() -> None:
    """Every doubt can be said, and the page of doubts and steps is up to date (`python -m cases.changes.page`)."""
    for code in CATALOGUE:
        said = str(Doubt(code, "Bước", "01/01/2024", "02/02/2024", "cái gì"))
        assert said.endswith((".", "correct", "merge", "cái gì"))
        assert "{" not in said
    for file in (page.PAGE, page.TABLE):
        text = file.read_text(encoding="utf-8")
        assert text == page.filled(text)
