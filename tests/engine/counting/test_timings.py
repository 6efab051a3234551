"""Where the time goes: the shipped rosters give what a separate, plain evaluation of the contract gives."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from desk.counting.timings import Timings
from desk.desk import Desk
from engine.ruleset import load_ruleset
from engine.single.evaluator import CaseEvaluator
from engine.statistics.counting import Run
from engine.statistics.timing.timed_steps import WAITS, load_timed_steps
from engine.statistics.timing.timings import Measured, measure
from tests.conftest import DATA
from tests.engine.situations import Case, day

FILES = sorted((DATA / "expected").glob("*.timings.json"))
EVALUATOR = CaseEvaluator(load_ruleset())


@cache
def desk_of(name: str) -> Desk:
    """A desk before a shipped roster, opened once."""
    return Desk(DATA / "rosters" / f"{name}.xlsx", today=dt.date(2026, 11, 29))


def asked(name: str, start: str, end: str, **axes: Any) -> Timings:
    """The timings of a shipped roster as of the end of a period."""
    desk = desk_of(name)
    return desk.timings(desk.ask(as_of=day(end), **axes), day(start), day(end))


def measured(as_of: str, *cases: dict[str, object]) -> Measured:
    """A few cases, timed over all years up to a day."""
    records: Iterable[Any] = [Case({"code": f"HS-{place}", **fields}) for place, fields in enumerate(cases, 1)]  # type: ignore[dict-item]  # fields of any kind
    return measure(EVALUATOR, records, Run(day("2000-01-01"), day(as_of), day(as_of)))


def steps(**days: str) -> dict[str, object]:
    """The dated steps of a case."""
    return {name: day(text) for name, text in days.items()}


def test_expected() -> None:
    """Everything agrees, the order of the lists included."""
    assert len(FILES) >= 4
    for file in FILES:
        wanted = json.loads(file.read_text(encoding="utf-8"))
        found = asked(file.name.partition(".")[0], wanted["from"], wanted["to"]).as_json()
        ours = json.loads(json.dumps(found, default=dt.date.isoformat))
        assert ours.keys() == wanted.keys()
        for part in wanted:
            assert ours[part] == wanted[part], (file.name, part)


def test_what_waits_has_a_holder_and_can_be_due() -> None:
    """Every rule that is waited for says who holds the case and can be due or overdue."""
    for waiting in load_timed_steps(EVALUATOR.ruleset).waiting:
        assert waiting.rule.holders
        assert waiting.rule.can_be(WAITS), waiting.rule.name


def test_every_number_opens_to_its_people() -> None:
    """As many people stand behind each number as it says, on every stretch, with every holder, in every month."""
    found = asked("dang-bo-co-so", "2025-01-01", "2026-11-20")
    for stretch in found.transitions:
        behind = found.behind(f"{stretch.from_step}:{stretch.to_step}").passages
        assert len(behind) == stretch.n + stretch.contradictory
        assert sum(one.late and one.days >= 0 for one in behind) == (stretch.late or 0)
    for waiting in found.waiting:
        waits = found.behind(waiting.held_by).waits
        assert (len(waits), waits[0].case, waits[0].days) == (waiting.n, waiting.oldest.case, waiting.oldest.days)
    for month in found.ahead:
        limits = found.behind(month.month).limits
        assert len(limits) == month.probations_ending + month.cell_limits + month.decision_limits


def test_units_add_up_to_the_whole() -> None:
    """What units have of their own makes the whole, and a unit asked for has all below it and nothing else."""
    whole = asked("dang-bo-co-so", "2025-01-01", "2026-11-20")
    for place, stretch in enumerate(whole.transitions):
        own = [unit.transitions[place] for unit in whole.by_unit]
        assert (sum(one.n for one in own), sum(one.contradictory for one in own)) == (stretch.n, stretch.contradictory)
    one = whole.by_unit[3]
    alone = asked("dang-bo-co-so", "2025-01-01", "2026-11-20", unit=one.unit)
    assert (alone.transitions, alone.by_unit) == (one.transitions, (one,))
    assert {wait.unit for wait in alone.measured.held_by()} == {one.unit}


def test_ranks_are_numbers_that_occurred() -> None:
    """The median of an even number of people is the lower of the middle two; nine tenths of ten is the ninth."""
    cases = [steps(candidate_on="2020-01-01", awareness_certified_on=f"2020-01-{1 + n:02}") for n in range(1, 11)]
    first = measured("2024-01-01", *cases).transitions()[0]
    assert (first.n, first.median_days, first.p90_days, first.max_days) == (10, 5, 9, 10)
    assert first.late is None
    alone = measured("2024-01-01", cases[6]).transitions()[0]
    assert (alone.median_days, alone.p90_days, alone.max_days) == (7, 7, 7)


def test_late_is_by_the_last_day_of_the_limit() -> None:
    """The last day itself is not late, the next is; without the receipt that starts the clock nobody is late."""
    for decided, late in (("2024-04-02", 0), ("2024-04-03", 1)):
        case = steps(cell_proposed_admission_on="2024-01-02", admission_decided_on=decided)
        assert measured("2025-01-01", case).transitions()[2].late == late
    ceremony = steps(admission_decided_on="2022-01-04", admitted_on="2023-01-04")
    received = ceremony | steps(admission_decision_received_on="2022-01-05")
    assert [measured("2024-01-01", case).transitions()[3].late for case in (ceremony, received)] == [0, 1]


def test_a_step_before_the_other_is_contradictory_only() -> None:
    """It is in no other number; the same day is no contradiction and takes no days."""
    before = steps(admitted_on="2022-01-10", cell_proposed_recognition_on="2023-01-09")
    same = steps(admitted_on="2022-01-10", cell_proposed_recognition_on="2023-01-10")
    found = measured("2024-01-01", before, same)
    stretch = found.transitions()[5]
    assert (stretch.n, stretch.contradictory, stretch.max_days, stretch.median_working_days) == (1, 1, 0, 0)
    assert [month.n for month in found.months() if month.to_step == "cell_proposed_recognition_on"] == [1]


def test_the_clock_of_the_committee_starts_where_the_cell_answered() -> None:
    """With its resolution, its proposal of removal, or the third short vote; before it the cell is waited for."""
    probation = steps(admitted_on="2024-01-10", new_member_certified_on="2024-06-01")
    votes = {**steps(cell_voted_on="2025-03-04"), "failed_votes": 3}
    answers = {
        "2025-01-10": {},
        "2025-03-03": steps(cell_proposed_recognition_on="2025-03-03"),
        "2025-03-05": steps(cell_proposed_removal_on="2025-03-05"),
        "2025-03-04": votes,
        "2025-03-06": steps(cell_proposed_recognition_on="2025-03-03", cell_proposed_removal_on="2025-03-06"),
    }
    for since, answer in answers.items():
        (wait,) = measured("2025-03-20", probation | answer).waits
        assert (wait.held_by, wait.since) == ("committee" if answer else "cell", day(since))


def test_ahead_begins_after_the_day_and_ends_with_the_twelfth_month() -> None:
    """The day itself has passed; the last day of the twelfth month is still there."""
    ends = ("2024-02-15", "2024-02-16", "2025-01-31", "2025-02-01")
    cases = [steps(admitted_on=str(day(end).replace(year=day(end).year - 1))) for end in ends]
    months = measured("2024-02-15", *cases).ahead()
    assert (len(months), months[0].month, months[-1].month) == (12, "2024-02", "2025-01")
    assert [month.probations_ending for month in months] == [1, *[0] * 10, 1]
