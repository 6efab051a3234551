"""Who counts, where, and once: invented lives counted by other means, and cases counted by hand."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cases.values.records import Record, Roster, Unit, Value
from cases.workbook.read import read_workbook
from desk.counting import counting, ledgers
from desk.counting.page import PAGE, page, rows
from engine.statistics.controls import failed, involved
from engine.statistics.counting import Run
from rules.loader import controls
from tests.lives import differences, listed
from tests.whole import WHOLE

BY_HAND = Path(__file__).parents[2] / "data" / "counting"
CASES = json.loads((BY_HAND / "cases.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case['file'][:-5]}-{case['from'][:4]}{case.get('unit', '')}"
)
def test_counted_by_hand(case: dict[str, Any]) -> None:
    """The figures of each little roster are those counted by hand, live and in columns."""
    roster = read_workbook(BY_HAND / case["file"]).roster
    run = Run(date.fromisoformat(case["from"]), date.fromisoformat(case["to"]), date.fromisoformat(case["to"]))
    wanted = dict(case["values"])
    for ledger in (ledgers.ledger(roster, run), counting.ledger(counting.of_roster(roster), run)):
        assert {name: ledger.figure(name, case.get("unit")).value for name in wanted} == wanted


def test_invented_lives() -> None:
    """Live = columns = counted from the lives, for every unit; opening and flow, halves and cells add up.

    So it is of hundreds of committees here; `make equality` lives 20,000 of them.
    """
    for seed in range(4 if WHOLE else 1):
        assert differences(11 + seed, 125 if WHOLE else 60) == []


def test_admissions_counted_by_their_decision() -> None:
    """The same where an admission counts from its decision: a member from that day on, whenever the ceremony is."""
    assert differences(31, 100 if WHOLE else 40, by_decision=True) == []


@pytest.mark.parametrize("by_decision", [False, True])
def test_as_many_are_listed_as_are_counted(by_decision: bool) -> None:
    """`--who` lists as many as the figure says, and no control of members, S3 before all, fails over right rows."""
    # of these lives no disciplinary decisions are written down
    assert set(listed(12, 40, by_decision=by_decision)) <= {"S11", "S12.expelled"}


def _figures(fields: dict[str, Value], names: tuple[str, ...], start: date, end: date) -> dict[str, object]:
    roster = Roster((Record("A", {"code": "A", "unit": "CB", **fields}),), (Unit("CB", level="grassroots_cell"),))
    run = Run(start, end, end)
    one, two = ledgers.ledger(roster, run), counting.ledger(counting.of_roster(roster), run)
    found: dict[str, object] = {name: one.figure(name).value for name in names}
    assert found == {name: two.figure(name).value for name in names}
    return found


def test_days_known_in_part() -> None:
    """A year counts in a period that holds it whole; else it is a change without a day, and the sum still holds."""
    names = ("admission.total", "admission.total.undated", "flow.undated", "member.undated", "member.total")
    fields: dict[str, Value] = {"admitted_partly": "2024", "sex": "Nữ"}
    year = _figures(fields, names, date(2024, 1, 1), date(2024, 12, 31))
    assert list(year.values()) == [1, 0, 0, 1, 1]
    first = _figures(fields, names, date(2024, 1, 1), date(2024, 6, 30))
    assert list(first.values()) == [0, 1, 1, 1, 1]
    second = _figures(fields, names, date(2024, 7, 1), date(2024, 12, 31))
    assert list(second.values()) == [0, 1, 0, 1, 1]


def test_undated_members_have_no_clock_and_are_no_candidates() -> None:
    """Somebody admitted on an unknown day is a member, and in no figure of candidates."""
    fields: dict[str, Value] = {"candidate_on": date(2024, 2, 1), "admitted_partly": "x"}
    names = ("candidate.listed", "candidate.opened", "member.official", "member.probationary", "member.undated")
    assert list(_figures(fields, names, date(2024, 1, 1), date(2024, 12, 31)).values()) == [0, 0, 0, 0, 1]


@pytest.mark.parametrize("step", ["left_partly", "moved_out_partly"])
def test_who_went_on_an_unknown_day(step: str) -> None:
    """Opening and flow give the closing figure when the day of an exit or a departure is known only by its year."""
    fields: dict[str, Value] = {"admitted_on": date(2020, 1, 1), step: "2024"}
    if step == "left_partly":
        fields["exit_kind"] = "died"
    names = ("member.opening", "flow.decrease", "flow.undated", "member.total")
    assert list(_figures(fields, names, date(2024, 1, 1), date(2024, 12, 31)).values()) == [1, 1, 0, 0]
    assert list(_figures(fields, names, date(2024, 1, 1), date(2024, 6, 30)).values()) == [1, 0, -1, 0]
    assert list(_figures(fields, names, date(2024, 7, 1), date(2024, 12, 31)).values()) == [0, 0, 0, 0]


def test_the_page_of_who_is_counted_is_current_and_whole() -> None:
    """Every counted figure says whose membership it asks, and on which day; the page is the one that the data gives."""
    assert [name for name, _, whose, day in rows() if not (whose and day)] == []
    assert PAGE.read_text(encoding="utf-8") == page(), "make docs"


def test_a_control_names_the_records_that_make_the_difference() -> None:
    """Of a cell in which people come, go and are admitted rightly, only the one who left without a form is named."""
    named: list[dict[str, Value]] = [
        {"code": "1", "admitted_on": date(2020, 1, 1)},
        {"code": "2", "admitted_on": date(2024, 3, 1)},
        {"code": "3", "admitted_on": date(2020, 1, 1), "moved_out_on": date(2024, 5, 1)},
        {"code": "4", "admitted_on": date(2020, 1, 1), "left_on": date(2024, 5, 1)},
    ]
    records = tuple(Record(str(fields["code"]), {"unit": "CB", **fields}) for fields in named)
    roster = Roster(records, (Unit("CB", level="grassroots_cell"),))
    run = Run(date(2024, 1, 1), date(2024, 12, 31), date(2024, 12, 31))
    for ledger in (ledgers.ledger(roster, run), counting.ledger(counting.of_roster(roster), run)):
        (failure,) = (one for one in failed(ledger, controls.load()) if one.text.name == "S3")
        assert involved(ledger, failure) == ["4"]
        assert involved(ledger, failure, "CB") == ["4"]


def test_a_third_short_vote_waits_above() -> None:
    """Who was reported up after the third short vote waits for the committee, and the cell is not late."""
    fields: dict[str, Value] = {"admitted_on": date(2024, 1, 10), "cell_voted_on": date(2025, 2, 10)}
    names = ("recognition.awaiting_upper", "recognition.past_cell_window", "recognition.ended_not_recognised")
    period = date(2025, 1, 1), date(2025, 12, 31)
    assert list(_figures({**fields, "failed_votes": 3}, names, *period).values()) == [1, 0, 1]
    assert list(_figures({**fields, "failed_votes": 2}, names, *period).values()) == [0, 1, 1]


def test_an_effective_day_alone_is_no_recognition_where_decisions_are_kept() -> None:
    """Counted by the effective day, one without a decision counts only where nobody's decision is recorded at all.

    That is said of the whole file: of the committee as of the cell in which nobody has a decision.
    """
    period = date(2024, 1, 1), date(2024, 12, 31)
    alone: dict[str, Value] = {"admitted_on": date(2023, 2, 1), "recognised_from": date(2024, 2, 1)}
    whole: dict[str, Value] = {**alone, "recognition_decided_on": date(2024, 3, 1)}
    later: dict[str, Value] = {**alone, "recognition_decided_on": date(2025, 3, 1)}
    units = (Unit("A", level="grassroots_cell"), Unit("B", level="grassroots_cell"))
    run, settings = Run(*period, period[1]), {"recognition_date": "effective"}
    for other, wanted, officials in ((alone, (2, 1, 1), 2), (whole, (1, 0, 1), 2), (later, (0, 0, 0), 1)):
        records = (Record("1", {"code": "1", "unit": "A", **alone}), Record("2", {"code": "2", "unit": "B", **other}))
        roster = Roster(records, units)
        live = ledgers.ledger(roster, run, None, settings)
        swept = counting.ledger(counting.of_roster(roster), run, None, settings)
        for ledger in (live, swept):
            found = [ledger.figure("recognition.recognised", unit).value for unit in (None, "A", "B")]
            assert tuple(found) == wanted, other
            assert ledger.figure("member.official").value == officials
