"""Statistics: indicators counted over cases, courses, learners and targets, for a unit with all below it.

An indicator is data (``rules/indicators``): a population, a condition in the language of the rules, and a measure.
Numbers are exact until they are rounded once, half-up.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from engine.parsing import parse, parse_condition
from engine.record import Evaluate, Program, Situation
from engine.ruleset import RuleSet, compile_ruleset
from engine.scanning import Place
from engine.tree import Scalar
from engine.units import UnitTree
from rules import vocabulary
from rules.errors import UnknownName
from rules.indicatorbook import POPULATIONS_HERE, IndicatorText

DIGITS = 2


@dataclass(frozen=True, slots=True)
class Member:
    """One of a population: its recorded facts, the unit it is credited to, and how to name it in a list."""

    recorded: Mapping[str, Scalar]
    unit: str | None
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it was made from; a ratio is a percentage, None where its base is 0."""

    value: int | Fraction | None
    numerator: int | None = None
    denominator: int | None = None

    def rounded(self) -> int | float | None:
        """The value as reported: whole, or to two digits half-up from the exact fraction."""
        return self.value if not isinstance(self.value, Fraction) else half_up(self.value, DIGITS)


def half_up(value: Fraction, digits: int) -> float:
    """Round an exact fraction, 5 going away from zero."""
    scaled = abs(value) * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return float(Fraction(whole if value >= 0 else -whole, 10**digits))


@dataclass(slots=True)
class _Tally:
    """Running totals of one indicator for one unit."""

    count: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """The figures of a period: for the scope asked for, and for each unit in it."""

    start: dt.date
    end: dt.date
    as_of: dt.date
    unit: str | None
    values: dict[str, Figure]
    by_unit: dict[str, dict[str, Figure]]
    who: dict[str, list[Member]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Indicator:
    text: IndicatorText
    holds: Evaluate
    amount: Evaluate | None


class Statistics:
    """The indicators of a rule set, compiled once for each population."""

    def __init__(self, ruleset: RuleSet, indicators: Mapping[str, IndicatorText]) -> None:
        self.indicators = dict(indicators)
        self.programs: dict[str, Program] = {"cases": Program(ruleset)}
        for path in sorted(POPULATIONS_HERE.glob("*.yaml")):
            own = vocabulary.load(path)
            self.programs[path.stem] = Program(compile_ruleset(own, ruleset.law, ruleset.calendar, {}))
        self._compiled: dict[str, list[_Indicator]] = {name: [] for name in self.programs}
        for text in indicators.values():
            if text.population is not None:
                self._compiled[text.population].append(self._compile(text, self.programs[text.population]))

    def _compile(self, text: IndicatorText, program: Program) -> _Indicator:
        def place(key: str) -> Place:
            return Place(str(text.file), text.lines[key])

        scope = program.ruleset.scope
        assert text.when is not None
        holds = program.compiled(parse_condition(text.when, scope, place("when")))
        amount: Evaluate | None = None
        for key, expression in (("sum", text.sum), ("mean", text.mean)):
            if expression is not None:
                expr = parse(expression, scope, place(key))
                if expr.type != "number":
                    raise place(key).error("Chỉ cộng hoặc tính bình quân các số.", "Dùng một dữ kiện kiểu số.")
                amount = program.compiled(expr)
        return _Indicator(text, holds, amount)

    def known(self, name: str) -> str:
        """The name itself, if there is such an indicator; raises `UnknownName`."""
        if name not in self.indicators:
            near = difflib.get_close_matches(name, self.indicators, 1)
            hint = f" Có phải “{near[0]}”?" if near else " Xem danh sách bằng lệnh dubi stats."
            raise UnknownName(f"Không có chỉ tiêu “{name}”.{hint}")
        return name

    def compute(
        self,
        populations: Mapping[str, Iterable[Member]],
        tree: UnitTree,
        start: dt.date,
        end: dt.date,
        as_of: dt.date,
        unit: str | None = None,
        who: Sequence[str] = (),
    ) -> Result:
        """All figures in one pass: each member is credited to its unit and all units above it.

        Targets are not credited upwards: a unit's own target of a year stands for those of the units below it.
        """
        given = {"period_from": start, "period_to": end, "as_of": as_of}
        tallies: dict[str | None, dict[str, _Tally]] = {None: {}, **{code: {} for code in tree.parents}}
        people: dict[str, list[Member]] = {self.known(name): [] for name in who}
        targets: dict[str, dict[Scalar, dict[str, int]]] = {}
        for population, members in populations.items():
            program, indicators = self.programs[population], self._compiled[population]
            for member in members:
                scopes: tuple[str | None, ...] = (None, *tree.with_above(member.unit))
                if unit is not None and unit not in scopes:
                    continue
                situation = program.situation({**member.recorded, **given})
                for indicator in indicators:
                    amount = _amount(indicator, situation)
                    if amount is None:
                        continue
                    name = indicator.text.name
                    if name in people:
                        people[name].append(member)
                    if population == "targets":
                        year = member.recorded["year_begins_on"]
                        targets.setdefault(name, {}).setdefault(year, {})[str(member.unit)] = amount
                        continue
                    for scope in scopes:
                        tally = tallies.setdefault(scope, {}).setdefault(name, _Tally())
                        tally.count += 1
                        tally.total += amount
        for scope, figures in tallies.items():
            for name, years in targets.items():
                chosen = [own[code] for own in years.values() for code in tree.topmost(own, scope)]
                figures[name] = _Tally(len(chosen), sum(chosen))
        inside = sorted(code for code in tallies if code is not None and tree.holds(unit, code))
        return Result(
            start=start,
            end=end,
            as_of=as_of,
            unit=unit,
            values=self._figures(tallies.get(unit, {})),
            by_unit={code: self._figures(tallies[code]) for code in inside},
            who=people,
        )

    def _figures(self, tallies: Mapping[str, _Tally]) -> dict[str, Figure]:
        """The figures of one scope, ratios last because they rest on the others."""
        figures: dict[str, Figure] = {}
        for name, text in self.indicators.items():
            tally = tallies.get(name, _Tally())
            if text.mean is not None:
                mean = Fraction(tally.total, tally.count) if tally.count else None
                figures[name] = Figure(mean, tally.total, tally.count)
            elif text.ratio is None:
                figures[name] = Figure(tally.total)
        for name, text in self.indicators.items():
            if text.ratio is not None:
                part, whole = (figures[other].value for other in text.ratio)
                assert isinstance(part, int)
                assert isinstance(whole, int)
                figures[name] = Figure(Fraction(100 * part, whole) if whole else None, part, whole)
        return {name: figures[name] for name in self.indicators}


def _amount(indicator: _Indicator, situation: Situation) -> int | None:
    """What a member adds to an indicator: None where it does not belong, or where what is measured is unknown."""
    if indicator.holds(situation) is not True:
        return None
    if indicator.amount is None:
        return 1
    found = indicator.amount(situation)
    return found if isinstance(found, int) else None
