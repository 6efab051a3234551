"""The sweep finds what the live evaluator finds, on rosters, on invented cases and on history."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from cases.values.records import AttributeEntry, Placement, Record, StepEntry
from cases.workbook.read import read_workbook
from engine.ruleset import load_ruleset
from engine.sweep.backends.polars_backend import read_by
from engine.sweep.evaluator import SweepEvaluator
from engine.sweep.running import by_parts
from tests.engine.situations import day, ruleset
from tests.equality import Pair, alike, compare, pair, reduced
from tests.whole import WHOLE, seeds

ROSTERS = sorted((Path(__file__).parents[2] / "data" / "rosters").glob("*.xlsx"))
DAYS = ("2016-07-24", "2023-06-30", "2024-06-30", "2024-10-31", "2025-02-28", "2025-07-15", "2026-03-01", "2026-11-20")
BATCHES, EACH = 20, 10_000 if WHOLE else 5_000
"""Batches of so many cases: 200,000, of which `make test` takes 20,000."""


@pytest.mark.parametrize("place", range(len(ROSTERS)), ids=lambda place: ROSTERS[place].stem)
def test_rosters(place: int) -> None:
    """Every shipped roster gives the same evaluation by both, on days before and after each change of law.

    In a run that is not whole the rosters share out the days among them.
    """
    both, records = pair(), read_workbook(ROSTERS[place]).roster.records
    for text in DAYS if WHOLE else DAYS[place :: len(ROSTERS)]:
        one, two = both.live.evaluate(records, day(text)), both.sweep.evaluate(records, day(text)).evaluation()
        assert alike(one, two), text


@pytest.mark.parametrize("seed", seeds(BATCHES))
def test_invented_cases(seed: int) -> None:
    """No invented case, crowded around the days on which answers change, tells the evaluators apart."""
    report, met = compare(seed, EACH)
    assert report is None, report
    assert len(met) > 20


def test_slices_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases taken slice by slice give the findings that they give at once."""
    both = pair()
    as_of, records = both.population.records(11, 1500)
    at_once = both.sweep.evaluate(records, as_of).evaluation()
    assert len(at_once.findings) > 500
    for slice_ in (1500, 400, 7, 1):
        monkeypatch.setattr(by_parts, "SLICE", slice_)
        some = records if slice_ > 100 else records[: 20 * slice_]
        expected = at_once if some is records else both.live.evaluate(some, as_of)
        assert alike(both.sweep.evaluate(some, as_of).evaluation(), expected), slice_


def test_texts_are_read_wherever_they_stand() -> None:
    """A way of writing that comes up far down, or once among rows that say nothing, is read like those before."""
    read = read_by({"x": "y"}.get, pl.String())
    many = 7 * ["x", "z", None] + 20_000 * ["x"] + ["w", "x"]
    few = 20_000 * [None] + ["x"]
    for texts in (many, many[:5], few, ["x"], [None], [], 20_000 * ["x"] + ["w"]):
        assert read(pl.Series(texts, dtype=pl.String)).to_list() == [{"x": "y"}.get(str(text)) for text in texts]
    same = read_by(str, pl.String())
    assert same(pl.Series(many)).to_list() == many
    days = read_by(dt.date.fromisoformat, pl.Date())
    assert days(pl.Series([None], dtype=pl.String)).to_list() == [None]
    assert days(pl.Series([*few[:3], "2024-05-06"])).to_list() == [None, None, None, day("2024-05-06")]


def test_law_of_one_day() -> None:
    """Judging by the law of one day, the evaluators agree as well."""
    from engine.single.live import LiveEvaluator
    from tests.given.population import Population

    for law_day in ("2015-01-01", "2026-11-01") if WHOLE else ("2015-01-01",):
        rules = load_ruleset(day(law_day))
        both = Pair(LiveEvaluator(rules), SweepEvaluator(rules), Population(rules))
        as_of, records = both.population.records(7, 1500)
        assert not both.differ(records, as_of)


def test_a_difference_is_cut_down_to_what_matters() -> None:
    """A case that differs is shown without anything that plays no part in the difference."""

    class Broken(Pair):
        def differ(self, records, as_of):  # type: ignore[no-untyped-def]  # as above
            return any("sex" in record.fields and record.steps for record in records)

    both = pair()
    step = StepEntry("candidate_on", day("2020-01-01"))
    records = [Record(f"HS-{number}", {"code": f"HS-{number}", "note": "x"}) for number in range(8)]
    records[5] = Record("HS-5", {"code": "HS-5", "sex": "male", "note": "x"}, (step, step), (), (Placement("CB-1"),))
    found = Broken(both.live, both.sweep, both.population).smallest(records, day("2021-01-01"))
    assert found == Record("HS-5", {"code": "HS-5", "sex": "male"}, (step,))
    assert len(list(reduced(records[5]))) == 5


def test_history_is_folded_in_as_it_stood() -> None:
    """Steps, attributes and places of history count up to the day; a person all of whose steps lie later is no case."""
    both = pair()
    records = [
        Record("A", {"code": "A"}, steps=(StepEntry("candidate_on", day("2024-05-01")),)),
        Record(
            "B", {"code": "B", "candidate_on": day("2024-05-01")}, steps=(StepEntry("candidate_on", day("2023-05-01")),)
        ),
        Record(
            "C", {"code": "C", "religion": "Không"}, (), (AttributeEntry("religion", "Phật giáo", day("2024-01-01")),)
        ),
        Record("D", {"code": "D", "foreign_spouse": True}, (), (AttributeEntry("foreign_spouse", False, None),)),
        Record(
            "E",
            {"code": "E", "unit": "X"},
            (),
            (),
            (Placement("Y", day("2024-01-01")), Placement("Z", day("2024-01-01"))),
        ),
    ]
    for text, cases in (("2023-04-30", 3), ("2023-12-31", 4), ("2024-01-01", 4), ("2024-05-01", 5)):
        one, two = both.live.evaluate(records, day(text)), both.sweep.evaluate(records, day(text)).evaluation()
        assert alike(one, two)
        assert two.cases == cases
    unknown = both.sweep.evaluate(records, day("2024-06-01")).unknown.collect()
    assert set(unknown.filter(pl.col("case") == "E")["unit"]) == {"Y"}


def test_a_frame_needs_no_column_but_the_code(tmp_path: Path) -> None:
    """A fact without a column is a fact nobody recorded; categories are read like text."""
    rules = ruleset(tmp_path, open="sent_on is not missing and religion is not Không", late="limit_on before as_of")
    frame = pl.DataFrame({"code": ["A", "B", "C"], "sent_on": [None, dt.date(2024, 1, 2), dt.date(2024, 1, 2)]})
    result = SweepEvaluator(rules).evaluate(frame, day("2024-02-01"))
    assert result.stages["candidate"] == 1
    assert result.findings.collect()["case"].to_list() == ["B", "C"]
    assert result.unknown.collect()["missing"].to_list() == [["religion"], ["religion"]]
    word = pl.Series("religion", ["KHÔNG", "không", "Phật"], dtype=pl.Categorical)
    again = SweepEvaluator(rules).evaluate(frame.with_columns(word), day("2024-02-01"))
    assert again.findings.filter(pl.col("rule") == "t.open").collect()["case"].to_list() == ["C"]
    assert again.unknown.collect().is_empty()


def test_nothing_to_evaluate(tmp_path: Path) -> None:
    """No case gives no finding, in frames with all their columns."""
    rules = ruleset(tmp_path, known="sent_on is not missing")
    empty = SweepEvaluator(rules).evaluate([], day("2024-02-01"))
    assert empty.evaluation().cases == 0
    assert empty.unknown.collect().columns == ["row", "case", "name", "unit", "rule", "missing"]
    one = SweepEvaluator(rules).evaluate([Record("A", {"code": "A", "sent_on": day("2024-02-01")})], day("2024-02-01"))
    assert [finding.rule for finding in one.evaluation().findings] == ["t.known"]
