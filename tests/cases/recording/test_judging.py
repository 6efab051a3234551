"""What is impossible and what is unusual: every doubt is raised by what it is about, and by nothing less."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cases.changes import page
from cases.changes.changing import with_step
from cases.changes.steps import kinds
from cases.judging.doubts import IMPOSSIBLE, UNUSUAL, Doubt
from cases.judging.judging import doubts_about, doubts_about_discipline, is_day_off, new_doubts
from cases.values.history import settle_steps
from cases.values.records import Placement, Record, StepEntry, Unit

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


RAISED: dict[str, Record] = {
    "before_birth": person(candidate_on=date(1989, 1, 1)),
    "born_later": Record("HS-1", {"code": "HS-1", "full_name": "A", "born_on": TODAY + timedelta(days=1)}),
    "very_young": Record("HS-1", {"code": "HS-1", "full_name": "A", "born_on": date(2012, 1, 1)}),
    "recognition_before_ceremony": person(recognised_from=date(2023, 3, 2)),
    "exit_before_ceremony": person(left_on=date(2023, 3, 2)),
    "after_death": person(left_on=date(2024, 1, 2), exit_kind="died"),
    "after_exit": person(left_on=date(2024, 1, 2), exit_kind="resigned"),
    "after_departure": person(moved_out_on=date(2024, 1, 2)),
    "in_future": person(cell_met_on=TODAY + timedelta(days=1)),
    "out_of_order": person(admission_decided_on=date(2023, 1, 9)),
    "needed_missing": person(cell_proposed_admission_on=None),
    "day_off": person(recognition_decided_on=date(2024, 4, 6)),
    "only_once": Record("HS-1", person().fields, (StepEntry("admitted_on", date(2023, 3, 1)),)),
    "usually_once": Record("HS-1", person().fields, (StepEntry("recognition_decided_on", date(2024, 4, 1)),)),
    "stay_backwards": Record("HS-1", person().fields, (), (), (Placement("CB-1", date(2024, 1, 2), date(2024, 1, 1)),)),
    "unit_closed": Record("HS-1", person().fields, (), (), (Placement("CB-2", date(2025, 7, 2)),)),
}
UNITS = {"CB-1": Unit("CB-1"), "CB-2": Unit("CB-2", closed_on=date(2025, 7, 1))}
ELSEWHERE = {"same_person", "comes_blocked", "closed_before_opened", "certified_early", "certified_anew"}
"""Doubts that hang on more than one record; the tests of the commands raise them."""


@pytest.mark.parametrize(("code", "record"), RAISED.items(), ids=RAISED.keys())
def test_each_doubt_is_raised(code: str, record: Record) -> None:
    """A record with one thing wrong raises the doubt about it."""
    assert code in codes(record, UNITS)


def test_every_doubt_has_its_record() -> None:
    """No code of the catalogue is without a case that raises it, here or among the tests of the commands."""
    assert RAISED.keys() | ELSEWHERE == IMPOSSIBLE.keys() | UNUSUAL.keys()
    assert not RAISED.keys() & ELSEWHERE


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
        "Ngày kết nạp 01/02/2023 đứng trước “Ngày quyết định kết nạp” 15/02/2023.",
        "Ngày kết nạp 01/02/2023 đứng trước “Ngày nhận quyết định kết nạp” 20/02/2023.",
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
    for code in (*IMPOSSIBLE, *UNUSUAL):
        said = str(Doubt(code, "Bước", "01/01/2024", "02/02/2024", "cái gì"))
        assert said.endswith((".", "correct", "cái gì"))
        assert "{" not in said
    text = page.PAGE.read_text(encoding="utf-8")
    assert text == page.filled(text)
