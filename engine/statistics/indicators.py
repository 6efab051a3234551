"""Indicators that count, compiled: the trees of their conditions, within the restrictions asked for.

The trees are what the column evaluator reads; the closures beside them are for one member at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass

from engine.compiling import compile_ruleset
from engine.language.parsing import parse, parse_condition, parse_day
from engine.language.scanning import Place
from engine.language.tree import And, Expr, FactRef
from engine.ruleset import RuleSet
from engine.single.closures import Evaluate, Program
from engine.statistics.references import UNKNOWN, Reference, Restriction
from rules.loader import populations as populations_loader
from rules.loader.errors import UnknownName
from rules.loader.indicators import MEASURES, IndicatorText
from rules.loader.populations import Dimension, Population
from rules.loader.spelling.near import did_you_mean


@dataclass(frozen=True, slots=True)
class Indicator:
    """A counted indicator within its restrictions: whom it counts, by the unit and values of which day, and how."""

    key: str
    text: IndicatorText
    population: str
    when: Expr
    at: Expr | None
    unknown_of: Expr | None
    measure: str
    """`count`, `sum`, `mean`, `max` or `distinct`."""
    amount: Expr | None
    holds: Evaluate
    day: Evaluate | None
    uncertain: Evaluate | None
    measured: Evaluate | None
    gate: str | None
    """The fact that must hold before anything else of the condition is looked at."""


class Indicators:
    """The indicators of a rule set with the program of each population."""

    def __init__(self, ruleset: RuleSet, texts: Mapping[str, IndicatorText]) -> None:
        self.texts = dict(texts)
        self.populations: dict[str, Population] = populations_loader.load()
        self.programs = {
            name: Program(compile_ruleset(population.vocabulary, ruleset.law, ruleset.calendar, {}))
            for name, population in self.populations.items()
        }
        self._compiled: dict[str, Indicator] = {}
        self._days: dict[tuple[str, str], tuple[Expr, Evaluate]] = {}

    def extended(self, more: Mapping[str, IndicatorText]) -> Indicators:
        """These and further indicators, of a form for example."""
        indicators = copy(self)
        indicators.texts = self.texts | dict(more)
        indicators._compiled = dict(self._compiled)  # noqa: SLF001  # its own copy
        return indicators

    def known(self, name: str) -> IndicatorText:
        """The indicator of that name; raises `UnknownName` with the nearest one."""
        if name not in self.texts:
            hint = did_you_mean(name, self.texts, "Xem danh sách bằng lệnh dubi stats.")
            raise UnknownName(f"Không có chỉ tiêu “{name}”. {hint}")
        return self.texts[name]

    def indicator(self, reference: Reference) -> Indicator:
        """A counted indicator within its restrictions, compiled once."""
        found = self._compiled.get(reference.key)
        if found is None:
            found = self._compiled[reference.key] = self._compile(reference)
        return found

    def _compile(self, reference: Reference) -> Indicator:
        text = self.known(reference.name)
        assert text.population is not None
        assert text.when is not None
        program = self.programs[text.population]
        scope = program.ruleset.scope
        when = parse_condition(text.when, scope, _place(text, "when"))
        if reference.restrictions:
            when = And((when, *(self._restriction(part, program) for part in reference.restrictions)))
        measure, amount = "count", None
        for kind in MEASURES:
            expression = getattr(text, kind)
            if expression is not None:
                measure, amount = kind, parse(expression, scope, _place(text, kind))
                if kind != "distinct" and amount.type != "number":
                    raise _place(text, kind).error("Chỉ cộng hoặc tính bình quân các số.", "Dùng một dữ kiện kiểu số.")
        at, day = self._day(text, program)
        unknown_of = parse(text.unknown_of, scope, _place(text, "unknown_of")) if text.unknown_of else None
        return Indicator(
            key=reference.key,
            text=text,
            population=text.population,
            when=when,
            at=at,
            unknown_of=unknown_of,
            measure=measure,
            amount=amount,
            holds=program.compiled(when),
            day=day,
            uncertain=program.compiled(unknown_of) if unknown_of is not None else None,
            measured=program.compiled(amount) if amount is not None else None,
            gate=_gate(when),
        )

    def _day(self, text: IndicatorText, program: Program) -> tuple[Expr | None, Evaluate | None]:
        """The day that places an indicator; one tree for all indicators of a population that name the same day."""
        if text.at is None:
            return None, None
        assert text.population is not None
        key = (text.population, text.at)
        if key not in self._days:
            expr = parse_day(text.at, program.ruleset.scope, _place(text, "at"))
            self._days[key] = expr, program.compiled(expr)
        return self._days[key]

    def _restriction(self, restriction: Restriction, program: Program) -> Expr:
        name, values = restriction
        dimensions = populations_loader.dimensions()
        if name not in dimensions:
            raise UnknownName(f"Không có chiều phân tổ “{name}”. Chọn một trong: {', '.join([*dimensions, 'year'])}.")
        dimension = dimensions[name]
        condition = " or ".join(f"({_condition(dimension, value)})" for value in values)
        place = Place(str(dimension.file), dimension.line)
        return parse_condition(condition, program.ruleset.scope, place)


def _gate(when: Expr) -> str | None:
    """The first part of a condition, where that is a fact: many indicators share it, and it is asked once for all."""
    while isinstance(when, And):
        when = when.parts[0]
    return when.name if isinstance(when, FactRef) else None


def _condition(dimension: Dimension, value: str) -> str:
    """The condition for one value of a dimension; raises `UnknownName`."""
    if value == UNKNOWN and dimension.unknown:
        return dimension.unknown
    if dimension.any_value is None:
        if value not in dimension.values:
            raise _no_value(dimension, value, dimension.values)
        return dimension.values[value]
    if dimension.codes:
        codes = populations_loader.load()["cases"].vocabulary.codes[dimension.codes]
        if value not in codes:
            raise _no_value(dimension, value, codes)
    elif '"' in value:
        raise UnknownName(f"“{value}” không dùng làm giá trị của “{dimension.name}” được.")
    return dimension.any_value.replace("{value}", value)


def _no_value(dimension: Dimension, value: str, known: Iterable[str]) -> UnknownName:
    return UnknownName(f"“{dimension.name}” không có giá trị “{value}”. Chọn một trong: {', '.join(known)}.")


def _place(text: IndicatorText, key: str) -> Place:
    return Place(str(text.file), text.lines[key])
