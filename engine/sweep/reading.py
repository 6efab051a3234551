"""The second reading of the tree: facts and conditions in three values, as operations on whole columns.

A value is a column that is null where it is absent or unknown, and beside it one mark for each fact it hangs on: where
the mark is set, the value is unknown and that fact is missing. Both follow `engine.single.closures` case by case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.language.tree import (
    And,
    Compare,
    Elapsed,
    Expr,
    FactRef,
    Found,
    If,
    Literal,
    Missing,
    Not,
    OneOf,
    Or,
    ParameterAt,
    Pick,
    Share,
    Shift,
    Type,
    WorkingDays,
    folded,
)
from engine.ruleset import RuleSet
from engine.sweep.days import AGE_CODE, BIRTH_CODE, RANK, YEAR
from engine.sweep.graph import Graph, constant, day_number
from engine.sweep.nodes import Kind, Node
from engine.unknowns import CALENDAR

KINDS: dict[Type, Kind] = {
    "date": "whole",
    "number": "whole",
    "mark": "mark",
    "code": "text",
    "text": "text",
    "fraction": "share",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A value through all rows: null where absent or unknown, and what is missing where it is unknown."""

    value: Node
    missing: Mapping[str, Node] = field(default_factory=dict)


class Reading:
    """Facts and rules of a rule set as nodes of one graph; the recorded facts are given as nodes."""

    def __init__(self, ruleset: RuleSet, graph: Graph, recorded: Mapping[str, Node]) -> None:
        self.ruleset, self.graph, self.recorded = ruleset, graph, recorded
        self._facts: dict[str, Answer] = {}
        self._rules: dict[str, Answer] = {}

    def fact(self, name: str) -> Answer:
        """The value of a fact."""
        answer = self._facts.get(name)
        if answer is None:
            computed = self.ruleset.computed.get(name)
            answer = self._recorded(name) if computed is None else self.read(computed)
            self._facts[name] = answer
        return answer

    def rule(self, name: str) -> Answer:
        """Whether a rule holds: a mark that is set where it certainly does."""
        answer = self._rules.get(name)
        if answer is None:
            read = self.read(self.ruleset.rules[name].when)
            answer = self._rules[name] = Answer(self.graph.sure(read.value), read.missing)
        return answer

    def unknown(self, answer: Answer) -> Node:
        """Where a value is unknown."""
        return self.graph.any_of(answer.missing.values())

    def plain(self, answer: Answer) -> Node:
        """The value, null wherever it is not known."""
        if answer.value.kind != "mark" or not answer.missing:
            return answer.value
        return self.graph.when(self.unknown(answer), self.graph.const(None, "mark"), answer.value)

    def same(self, one: Answer, two: Answer) -> Node:
        """Where two values are one and the same, be they absent or unknown."""
        graph = self.graph
        names = dict.fromkeys([*one.missing, *two.missing])
        marks = [(one.missing.get(name, graph.no), two.missing.get(name, graph.no)) for name in names]
        alike = [graph.either(a, b, graph.none_of(b)) for a, b in marks]
        return graph.any_of(
            [
                graph.compare("eq", self.plain(one), self.plain(two)),
                graph.all_of([self._gone(one), self._gone(two)]),
                graph.all_of([self.unknown(one), self.unknown(two), *alike]),
            ]
        )

    def _recorded(self, name: str) -> Answer:
        graph, fact = self.graph, self.ruleset.vocabulary.facts[name]
        kind = KINDS[self.ruleset.types[name]]
        value = self.recorded.get(name, graph.const(None, kind))
        if kind == "mark":
            return Answer(graph.sure(value))
        condition = self.ruleset.unknown_when.get(name)
        if fact.unknown:
            nothing = graph.absent(value)
        elif condition is not None:
            nothing = graph.all_of([graph.absent(value), self.read(condition).value])
        else:
            return Answer(value)
        return Answer(value, self._kept({name: nothing}))

    def _kept(self, missing: Mapping[str, Node]) -> dict[str, Node]:
        return {name: where for name, where in missing.items() if where is not self.graph.no}

    def _union(self, answers: Iterable[Answer], where: Node) -> dict[str, Node]:
        """Everything that is missing for one of some values, in the rows where that matters."""
        found: dict[str, list[Node]] = {}
        for answer in answers:
            for name, node in answer.missing.items():
                found.setdefault(name, []).append(node)
        return self._kept({n: self.graph.all_of([self.graph.any_of(nodes), where]) for n, nodes in found.items()})

    def _gone(self, answer: Answer) -> Node:
        """Where nothing was recorded, for certain."""
        return self.graph.all_of([self.graph.absent(self.plain(answer)), self.graph.none_of(self.unknown(answer))])

    def _none_gone(self, answers: Iterable[Answer]) -> Node:
        return self.graph.none_of(self.graph.any_of(self._gone(answer) for answer in answers))

    def read(self, expr: Expr) -> Answer:
        """The columns of an expression."""
        graph = self.graph
        match expr:
            case Literal(value, kind):
                return Answer(graph.const(constant(value), KINDS[kind]))
            case FactRef(name):
                return self.fact(name)
            case Found(rule):
                return self.rule(rule)
            case ParameterAt(_, day):
                on = self.read(day)
                return Answer(self.parameter(expr, on.value), on.missing)
            case Shift(day, amount, unit, sign):
                parts = self.read(day), self.read(amount)
                moved = graph.moved(parts[0].value, parts[1].value, unit, sign)
                return self._each(parts, moved, by_calendar=unit == "working_day")
            case Elapsed(since, until, how):
                parts = self.read(since), self.read(until)
                return self._each(parts, self._elapsed(how, parts[0].value, parts[1].value))
            case WorkingDays(since, until):
                parts = self.read(since), self.read(until)
                ranks = graph.lookup(RANK, parts[1].value), graph.lookup(RANK, parts[0].value)
                return self._each(parts, graph.arithmetic("minus", *ranks), by_calendar=True)
            case Share(part, whole):
                parts = self.read(part), self.read(whole)
                return self._each(parts, graph.share(parts[0].value, parts[1].value))
            case _:
                return self._chosen_or_condition(expr)

    def _elapsed(self, how: str, since: Node, until: Node) -> Node:
        match how:
            case "full_years":
                codes = self.graph.lookup(AGE_CODE, until), self.graph.lookup(BIRTH_CODE, since)
                return self.graph.arithmetic("whole_years", *codes)
            case "calendar_years":
                return self.graph.arithmetic("minus", self.graph.lookup(YEAR, until), self.graph.lookup(YEAR, since))
            case _:
                return self.graph.arithmetic("minus", until, since)

    def _chosen_or_condition(self, expr: Expr) -> Answer:
        graph = self.graph
        match expr:
            case Pick("first", options):
                return self._first([self.read(option) for option in options])
            case Pick(how, options):
                return self._extreme(how, [self.read(option) for option in options])
            case If(condition, then, otherwise):
                return self._if(self.read(condition), self.read(then), self.read(otherwise))
            case Compare(op, left, right):
                textual = "text" in (left.type, right.type)
                return self._compare(op, self._side(left, textual=textual), self._side(right, textual=textual))
            case OneOf(value, members):
                answer = self._side(value, textual=value.type == "text")
                listed = [folded(str(m)) if value.type == "text" else constant(m) for m in members]
                return Answer(graph.one_of(self.plain(answer), listed), answer.missing)
            case Missing(value):
                answer = self.read(value)
                return Answer(self._gone(answer), answer.missing)
            case And(parts):
                return self._all([self.read(part) for part in parts])
            case Or(parts):
                return self._any([self.read(part) for part in parts])
            case Not(part):
                answer = self.read(part)
                known = graph.none_of(self.unknown(answer))
                return Answer(graph.all_of([graph.none_of(answer.value), known]), answer.missing)
            case _:
                raise AssertionError(f"{type(expr).__name__} has no reading in columns")

    def parameter(self, expr: ParameterAt, day: Node) -> Node:
        """The value of a parameter on a day."""
        timeline = expr.parameter.timeline
        begins = [day_number(entry.begins) for entry in timeline[1:]]
        return self.graph.steps(day, begins, [constant(entry.value) for entry in timeline], KINDS[expr.type])

    def _side(self, expr: Expr, *, textual: bool) -> Answer:
        """A side of a comparison: texts are compared without regard to case."""
        answer = self.read(expr)
        return Answer(self.graph.folded(answer.value), answer.missing) if textual else answer

    def _each(self, parts: Sequence[Answer], value: Node, *, by_calendar: bool = False) -> Answer:
        """A function of values: absent where one is absent, else unknown where one is unknown."""
        missing = self._union(parts, self._none_gone(parts))
        if by_calendar:
            known = [self.graph.present(part.value) for part in parts]
            beyond = self.graph.all_of([*known, self.graph.absent(value)])
            earlier = [missing[CALENDAR]] if CALENDAR in missing else []
            missing = self._kept({**missing, CALENDAR: self.graph.any_of([beyond, *earlier])})
        return Answer(value, missing)

    def _first(self, options: Sequence[Answer]) -> Answer:
        """The first value that is not absent, be it unknown."""
        graph, found = self.graph, options[-1]
        for option in reversed(options[:-1]):
            gone = self._gone(option)
            value = graph.when(gone, self.plain(found), self.plain(option))
            later = self._union([found], gone)
            names = dict.fromkeys([*option.missing, *later])
            none = graph.no
            missing = {n: graph.any_of([option.missing.get(n, none), later.get(n, none)]) for n in names}
            found = Answer(value, missing)
        return found

    def _extreme(self, how: str, options: Sequence[Answer]) -> Answer:
        missing = self._union(options, self.graph.yes)
        value = self.graph.extreme("least" if how == "earliest" else "greatest", [o.value for o in options])
        unknown = self.graph.any_of(missing.values())
        return Answer(self.graph.when(unknown, self.graph.const(None, value.kind), value), missing)

    def _if(self, condition: Answer, then: Answer, otherwise: Answer) -> Answer:
        graph = self.graph
        undecided = self.unknown(condition)
        holds = graph.sure(condition.value)
        fails = graph.none_of(graph.any_of([holds, undecided]))
        chosen = graph.when(holds, self.plain(then), self.plain(otherwise))
        if chosen.kind == "mark" and not chosen.nullable:
            value = graph.all_of([graph.none_of(undecided), chosen])
        else:
            value = graph.when(undecided, graph.const(None, chosen.kind), chosen)
        parts = condition.missing, self._union([then], holds), self._union([otherwise], fails)
        names = dict.fromkeys(name for part in parts for name in part)
        return Answer(value, {name: graph.any_of(part.get(name, graph.no) for part in parts) for name in names})

    def _compare(self, op: str, left: Answer, right: Answer) -> Answer:
        value = self.graph.compare(op, self.plain(left), self.plain(right))
        return Answer(value, self._union([left, right], self._none_gone([left, right])))

    def _all(self, parts: Sequence[Answer]) -> Answer:
        """Certain where all hold; unknown where none certainly fails and one is unknown."""
        value = self.graph.all_of(part.value for part in parts)
        open_ = self.graph.all_of(self.graph.any_of([part.value, self.unknown(part)]) for part in parts)
        return Answer(value, self._union(parts, open_))

    def _any(self, parts: Sequence[Answer]) -> Answer:
        """Certain where one holds; unknown where none holds and one is unknown."""
        value = self.graph.any_of(part.value for part in parts)
        return Answer(value, self._union(parts, self.graph.none_of(value)))
