"""What was known-by-date: steps after the as-of day do not exist yet."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from engine.language.tree import Scalar
from engine.projection import Projector
from rules.loader import vocabulary
from tests.engine.situations import Case, day

PROJECTOR = Projector(vocabulary.load())


def project(case: Case, as_of: str) -> dict[str, Scalar] | None:
    """The recorded facts of a case on a day."""
    return PROJECTOR.project(case, day(as_of))  # type: ignore[arg-type]  # a test double


def test_a_later_step_is_not_there_yet() -> None:
    """Of two steps only the one that has happened is seen."""
    case = Case({"candidate_on": day("2024-01-01"), "admitted_on": day("2025-01-01")})
    facts = project(case, "2024-12-31")
    assert facts == {"candidate_on": day("2024-01-01"), "as_of": day("2024-12-31")}


def test_no_case_before_its_first_step() -> None:
    """A person all of whose dated steps lie later is no case yet; one without any step is."""
    assert project(Case({"born_on": day("1990-01-01"), "candidate_on": day("2024-01-01")}), "2023-12-31") is None
    assert project(Case({"born_on": day("1990-01-01")}), "2023-12-31") is not None


def test_births_and_earlier_exits_are_no_steps() -> None:
    """A population birth or a previous exit after the as-of day neither makes nor hides a case."""
    facts = project(Case({"population_birth_on": day("2025-01-01")}), "2024-01-01")
    assert facts is not None
    assert facts["population_birth_on"] == day("2025-01-01")


def test_the_latest_step_of_a_kind_counts() -> None:
    """Of several steps of one kind the latest on or before the day is taken, in whatever order they stand."""
    steps = tuple(
        SimpleNamespace(kind="cell_proposed_recognition_on", on=day(on)) for on in ("2025-05-02", "2025-03-01")
    )
    case = Case({"cell_proposed_recognition_on": day("2025-05-02")}, steps=steps)
    assert (project(case, "2025-04-01") or {})["cell_proposed_recognition_on"] == day("2025-03-01")
    assert (project(case, "2025-05-02") or {})["cell_proposed_recognition_on"] == day("2025-05-02")


def test_a_decision_recorded_for_later_is_remembered() -> None:
    """That the file has a decision date at all is known before that date; an effective date then does not count."""
    case = Case({"admitted_on": day("2024-01-01"), "recognition_decided_on": day("2025-03-01")})
    facts = project(case, "2025-02-01") or {}
    assert facts["recognition_decision_recorded"] is True
    assert "recognition_decided_on" not in facts


@pytest.mark.parametrize(("as_of", "unit", "union"), [("2020-01-01", "A", None), ("2023-06-01", "B", True)])
def test_dated_attributes_and_places(as_of: str, unit: str, union: bool | None) -> None:
    """An attribute or a unit is the one that was valid on the day."""
    case = Case(
        {"candidate_on": day("2019-01-01"), "unit": "C"},
        attributes=(SimpleNamespace(name="youth_union", value=True, since=day("2022-01-01")),),
        placements=(
            SimpleNamespace(unit="B", since=day("2021-01-01"), until=None),
            SimpleNamespace(unit="A", since=None, until=day("2020-12-31")),
        ),
    )
    facts = project(case, as_of) or {}
    assert (facts["unit"], facts.get("youth_union")) == (unit, union)
