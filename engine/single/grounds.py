"""What the value of an expression rests on for one case: versions of the law, and holidays that are only foreseen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from engine.language.tree import Expr, FactRef, If, ParameterAt, Pick, Shift, children
from engine.single.closures import Program, Situation
from rules.loader.law import InForce, Parameter


@dataclass(slots=True)
class Support:
    """What a day rests on: the versions of the law used, and whether a foreseen holiday was counted."""

    versions: list[InForce] = field(default_factory=list)
    forecast: bool = False
    later: bool = False
    """A value was taken from a document that was not there yet on the day it is asked for."""

    values: set[tuple[str, str]] = field(default_factory=set)
    """The values of the law that were used, each with the document in force on its day."""
    through: set[str] = field(default_factory=set)
    """The computed facts that were gone through already."""

    def add(self, parameter: Parameter, day: dt.date) -> None:
        """Take in the version of a day."""
        version = parameter.at(day)
        self.versions.append(version)
        self.values.add((parameter.name, version.document.id))
        self.later |= version.came_after(day)


_Trace = Callable[[Situation, Support], None]


def support(program: Program, expr: Expr, situation: Situation, found: Support | None = None) -> Support:
    """The versions and foreseen holidays behind the value of an expression, along the branches that were taken."""
    found = Support() if found is None else found
    trace = _grounds(program).trace(expr)
    if trace is not None:
        trace(situation, found)
    return found


class _Grounds:
    """How the grounds of expressions are gathered, laid out once for each: many findings rest on the same limit."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._known: dict[int, _Trace | None] = {}
        self._kept: list[Expr] = []  # so that no id is ever reused

    def trace(self, expr: Expr) -> _Trace | None:
        """What gathers the grounds of an expression; None where it rests on no law at all."""
        if id(expr) not in self._known:
            self._kept.append(expr)
            self._known[id(expr)] = self._laid_out(expr) if self.program.rests_on_law(expr) else None
        return self._known[id(expr)]

    def _laid_out(self, expr: Expr) -> _Trace:
        match expr:
            case FactRef(name):
                return _once(name, self._each(self.program.ruleset.computed[name]))
            case ParameterAt():
                return self._version(expr)
            case If():
                return self._branch(expr)
            case Pick():
                return self._picked(expr)
            case Shift(unit="working_day"):
                return self._working_days(expr)
            case _:
                return self._each(*children(expr))

    def _each(self, *parts: Expr) -> _Trace:
        """The grounds of several expressions, one after the other."""
        traces = [trace for part in parts if (trace := self.trace(part)) is not None]
        if len(traces) == 1:
            return traces[0]

        def gather(situation: Situation, found: Support) -> None:
            for trace in traces:
                trace(situation, found)

        return gather

    def _version(self, expr: ParameterAt) -> _Trace:
        parameter, day, before = expr.parameter, self.program.compiled(expr.day), self._each(expr.day)

        def gather(situation: Situation, found: Support) -> None:
            on = day(situation)
            if isinstance(on, dt.date):
                found.add(parameter, on)
            before(situation, found)

        return gather

    def _branch(self, expr: If) -> _Trace:
        condition, why = self.program.compiled(expr.condition), self._each(expr.condition)
        then, otherwise = self._each(expr.then), self._each(expr.otherwise)

        def gather(situation: Situation, found: Support) -> None:
            why(situation, found)
            (then if condition(situation) is True else otherwise)(situation, found)

        return gather

    def _picked(self, expr: Pick) -> _Trace:
        picked = self.program.compiled(expr)
        options = [(self.program.compiled(option), self._each(option)) for option in expr.options]

        def gather(situation: Situation, found: Support) -> None:
            value = picked(situation)
            for option, trace in options:
                if option(situation) == value:
                    trace(situation, found)
                    break

        return gather

    def _working_days(self, expr: Shift) -> _Trace:
        calendar, rest = self.program.ruleset.calendar, self._each(*children(expr))
        starts, ends = self.program.compiled(expr.day), self.program.compiled(expr)

        def gather(situation: Situation, found: Support) -> None:
            start, end = starts(situation), ends(situation)
            if isinstance(start, dt.date) and isinstance(end, dt.date):
                found.forecast |= calendar.forecast_between(start, end)
            rest(situation, found)

        return gather


def _once(name: str, trace: _Trace) -> _Trace:
    """The grounds of a computed fact, which are gathered once however often it is named."""

    def gather(situation: Situation, found: Support) -> None:
        if name not in found.through:
            found.through.add(name)
            trace(situation, found)

    return gather


@lru_cache(maxsize=8)
def _grounds(program: Program) -> _Grounds:
    return _Grounds(program)
