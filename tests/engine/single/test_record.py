"""Expressions on one case: absence, the three values, and dates."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.parsing import parse
from engine.language.scanning import Place
from engine.language.time_limits import add_months
from engine.single.closures import Program
from engine.unknowns import Unknown
from tests.engine.situations import day, ruleset

AS_OF = day("2025-06-30")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A program over the small facts."""
    return Program(ruleset(tmp_path_factory.mktemp("rules"), chained="found t.base and urgent", base="votes >= 3"))


def evaluate(program: Program, text: str, **facts: object) -> object:
    """The value of an expression for a case with the given facts."""
    expr = parse(text, program.ruleset.scope, Place("thử", 1))
    return program.compile(expr)(program.situation({"as_of": AS_OF, **facts}))  # type: ignore[dict-item]  # facts by keyword are of any kind


@pytest.mark.parametrize(
    ("text", "facts", "value"),
    [
        ("sent_on is missing", {}, True),
        ("sent_on after as_of", {}, False),
        ("not sent_on after as_of", {}, True),
        ("sent_on is not missing and sent_on before as_of", {"sent_on": day("2025-06-01")}, True),
        ("sent_on + 1 month", {"sent_on": day("2025-01-31")}, day("2025-02-28")),
        ("sent_on - 1 year", {"sent_on": day("2024-02-29")}, day("2023-02-28")),
        ("limit_on", {"sent_on": day("2025-04-25")}, day("2025-04-29")),
        ("limit_on", {}, None),
        ("first(answered_on, sent_on)", {"sent_on": day("2025-01-02")}, day("2025-01-02")),
        ("earliest(answered_on, sent_on)", {"sent_on": AS_OF, "answered_on": day("2025-01-02")}, day("2025-01-02")),
        ("latest(answered_on, sent_on)", {"sent_on": AS_OF}, AS_OF),
        ("full_years(born_on, as_of)", {"born_on": day("2007-07-01")}, 17),
        ("full_years(born_on, 2025-02-28)", {"born_on": day("2004-02-29")}, 21),
        ("votes / voters", {"votes": 7, "voters": 9}, Fraction(7, 9)),
        ("votes / voters", {"votes": 7, "voters": 0}, None),
        ("votes / voters >= votes.cell at as_of", {"votes": 6, "voters": 9}, True),
        ("votes / voters >= votes.cell at as_of", {"votes": 5, "voters": 9}, False),
        ("schooling in [literate, primary]", {"schooling": "primary"}, True),
        ("religion is not Không", {"religion": "Phật giáo"}, True),
        ("religion is không", {"religion": "KHÔNG"}, True),
        ("working_days(sent_on, as_of)", {"sent_on": day("2025-06-27")}, 1),
        ("if urgent then votes else voters", {"votes": 1, "voters": 2}, 2),
        ("stage", {"sent_on": AS_OF}, "probationary"),
        ("found t.chained", {"votes": 3, "urgent": True}, True),
        ("found t.chained", {"votes": 2, "urgent": True}, False),
    ],
)
def test_value(program: Program, text: str, facts: dict[str, object], value: object) -> None:
    """Each expression has the value a person would work out by hand."""
    assert evaluate(program, text, **facts) == value


@pytest.mark.parametrize(
    ("text", "facts", "missing"),
    [
        ("born_on before as_of", {}, {"born_on"}),
        ("adult_on before as_of", {}, {"born_on"}),
        ("adult_on before as_of and urgent", {}, None),
        ("adult_on before as_of or not urgent", {}, None),
        ("adult_on before as_of and religion is Hoà", {}, {"born_on", "religion"}),
        ("adult_on before as_of or religion is Hoà", {"religion": "Hoà"}, None),
        ("not born_on before as_of", {}, {"born_on"}),
        ("schooling in [primary]", {}, {"schooling"}),
        ("born_on is missing", {}, {"born_on"}),
        ("born_on before sent_on", {}, None),
        ("received_on before as_of", {}, None),
        ("received_on before as_of", {"urgent": True}, {"received_on"}),
        ("limit_on before as_of", {"sent_on": day("2030-01-01")}, {"calendar"}),
    ],
)
def test_unknown(program: Program, text: str, facts: dict[str, object], missing: set[str] | None) -> None:
    """What hangs on a fact that nobody recorded is unknown, names it, and is decided where another part decides."""
    outcome = evaluate(program, text, **facts)
    if missing is None:
        assert isinstance(outcome, bool)
    else:
        assert outcome == Unknown(frozenset(missing))


THREE = st.sampled_from([True, False, None])


@given(THREE, THREE, THREE)
def test_kleene(a: bool | None, b: bool | None, c: bool | None) -> None:
    """An unknown outcome is one that the unknown facts could still turn either way, and only such."""
    program = _PROGRAM
    parts = {"born_on": a, "religion": b, "schooling": c}
    known: dict[str, object] = {}
    for name, value in parts.items():
        if value is not None:
            yes, no = {
                "born_on": (AS_OF, day("2000-01-01")),
                "religion": ("x", "y"),
                "schooling": ("primary", "literate"),
            }[name]
            known[name] = yes if value else no
    text = "(born_on on as_of or not religion is x) and (schooling is primary or born_on on as_of)"
    outcome = evaluate(program, text, **known)
    possible = {
        (x or not y) and (z or x)
        for x in ([a] if a is not None else [True, False])
        for y in ([b] if b is not None else [True, False])
        for z in ([c] if c is not None else [True, False])
    }
    if isinstance(outcome, Unknown):
        assert outcome.missing <= {name for name, value in parts.items() if value is None}
    else:
        assert possible == {outcome}


@given(st.dates(dt.date(1950, 1, 1), dt.date(2020, 1, 1)), st.integers(0, 80))
def test_full_years_turn_on_the_birthday(born: dt.date, years: int) -> None:
    """On the anniversary the year is complete, on the day before it is not; days end with the year 2100."""
    birthday = add_months(born, 12 * years)
    text = f"full_years(born_on, {birthday})"
    before = f"full_years(born_on, {birthday - dt.timedelta(days=1)})"
    assert evaluate(_PROGRAM, text, born_on=born) == years
    if years:
        assert evaluate(_PROGRAM, before, born_on=born) == years - 1


def _program() -> Program:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        return Program(ruleset(Path(folder)))


_PROGRAM = _program()
