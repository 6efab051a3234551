"""What a finding says beside that its rule holds, as columns: due day, lateness, severity, clause and certainty.

The same walk along the branches that were taken as in `engine.findings.support`, made for all rows at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from engine.findings import PRESSING
from engine.language.tree import Expr, FactRef, If, ParameterAt, Pick, Shift, children
from engine.ruleset import Citation, Rule
from engine.sweep.days import FORESEEN
from engine.sweep.graph import Graph, day_number
from engine.sweep.nodes import Node
from engine.sweep.reading import Answer, Reading
from rules.loader.law import CERTAINTIES, SURE, Parameter

WORDS = ("rule", "severity", "held_by", "document", "clause", "certainty", "overlay")
"""What a finding says in words: there are few, and a sweep on Polars has them as categories."""


def in_words(findings: pl.DataFrame) -> pl.DataFrame:
    """Findings of a sweep on Polars with all that they say as texts, as files and other programs have it."""
    return findings.with_columns(pl.col(WORDS).cast(pl.String))


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a value rests on: for each certainty but the surest, where something no surer is used; and foreseen days."""

    at_least: tuple[Node, ...]
    forecast: Node
    later: Node
    """Where a value is taken from a document that was not there yet on the day it is asked for."""


class Describing:
    """Builds the columns of a rule's findings on a reading of the rule set."""

    def __init__(self, reading: Reading) -> None:
        self.reading, self.graph = reading, reading.graph
        self._facts: dict[str, Grounds] = {}
        self._nothing = Grounds((self.graph.no,) * (len(CERTAINTIES) - 1), self.graph.no, self.graph.no)

    def columns(self, rule: Rule) -> dict[str, Node]:
        """The columns of a finding, beginning with those of the rule itself."""
        graph = self.graph
        due = self._day(rule.due)
        late_on = self._day(rule.late_on)
        late = graph.when(
            graph.compare("gt", late_on, due), graph.arithmetic("minus", late_on, due), graph.const(None, "whole")
        )
        days = [self._cited_day(citation) for citation in rule.cites]
        cited = [self._version_grounds(citation.parameter, day) for citation, day in zip(rule.cites, days, strict=True)]
        rests = self.grounds(rule.due) if rule.due is not None else self._nothing
        first = rule.cites[0].parameter
        certainty = self._certainty([*cited, rests])
        later = graph.no if rule.stands else graph.any_of(ground.later for ground in (*cited, rests))
        return {
            "rule": graph.const(rule.name, "text"),
            "severity": self._severity(rule, certainty, later, rests.later),
            "due": due,
            "days_late": late,
            "held_by": self._chosen(rule.holders) if rule.holders else graph.const(None, "text"),
            "document": _through_time(graph, first, days[0], [entry.version.document.id for entry in first.timeline]),
            "clause": _through_time(graph, first, days[0], [entry.version.clause for entry in first.timeline]),
            "certainty": certainty,
            "forecast": rests.forecast,
            "later": later,
            "overlay": graph.const(rule.text.overlay, "text"),
        }

    def cited(self, day: Expr, cites: Citation) -> dict[str, Node]:
        """The clause that a limit's day rests on, and how sure it is."""
        on, first = self._cited_day(cites), cites.parameter
        return {
            "document": _through_time(self.graph, first, on, [entry.version.document.id for entry in first.timeline]),
            "clause": _through_time(self.graph, first, on, [entry.version.clause for entry in first.timeline]),
            "certainty": self._certainty([self._version_grounds(first, on), self.grounds(day)]),
        }

    def _day(self, expr: Expr | None) -> Node:
        return self.graph.const(None, "whole") if expr is None else self.reading.read(expr).value

    def _cited_day(self, citation: Citation) -> Node:
        """The day whose version is cited; one that is not known is taken as the as-of day."""
        day = self._day(citation.on)
        return self.graph.when(self.graph.present(day), day, self.reading.fact("as_of").value)

    def _chosen(self, choices: Sequence[tuple[str, Expr | None]]) -> Node:
        """The first word whose condition certainly holds."""
        graph = self.graph
        chosen = graph.const(choices[-1][0], "text")
        for word, condition in reversed(choices[:-1]):
            assert condition is not None
            holds = graph.sure(self.reading.read(condition).value)
            chosen = graph.when(holds, graph.const(word, "text"), chosen)
        return chosen

    def _severity(self, rule: Rule, certainty: Node, later: Node, later_limit: Node) -> Node:
        """The severity, softened where the text was neither read nor quoted, or not there yet on the day."""
        graph = self.graph
        chosen = softer = self._chosen(rule.severities)
        if rule.unsure is not None:
            doubtful = graph.one_of(certainty, [word for word in CERTAINTIES if word not in SURE])
            softened = graph.all_of([doubtful, graph.compare("eq", chosen, graph.const("blocked", "text"))])
            softer = graph.when(softened, graph.const(rule.unsure, "text"), chosen)
        due = graph.all_of([later_limit, graph.compare("eq", chosen, graph.const("due", "text"))])
        pressing = graph.all_of([later, graph.any_of([due, graph.one_of(chosen, PRESSING)])])
        return graph.when(pressing, graph.const("inform", "text"), softer)

    def _certainty(self, grounds: list[Grounds]) -> Node:
        """The least sure of everything a finding rests on; a foreseen holiday confirms nothing."""
        graph, word = self.graph, self.graph.const(CERTAINTIES[0], "text")
        for place, certainty in enumerate(CERTAINTIES[1:]):
            reached = [ground.at_least[place] for ground in grounds]
            if certainty == CERTAINTIES[-1]:
                reached += [ground.forecast for ground in grounds]
            word = graph.when(graph.any_of(reached), graph.const(certainty, "text"), word)
        return word

    def grounds(self, expr: Expr) -> Grounds:
        """What the value of an expression rests on."""
        graph, read = self.graph, self.reading.read
        match expr:
            case FactRef(name) if name in self.reading.ruleset.computed:
                found = self._facts.get(name)
                if found is None:
                    found = self._facts[name] = self.grounds(self.reading.ruleset.computed[name])
                return found
            case ParameterAt(parameter, day):
                return self._joined([self._version_grounds(parameter, read(day).value), self.grounds(day)])
            case If(condition, then, otherwise):
                holds = graph.sure(read(condition).value)
                taken = self._where(holds, self.grounds(then))
                other = self._where(graph.none_of(holds), self.grounds(otherwise))
                return self._joined([self.grounds(condition), taken, other])
            case Pick(options=options):
                return self._picked(read(expr), [(read(option), self.grounds(option)) for option in options])
            case Shift(day=day, unit="working_day"):
                start, end = (graph.lookup(FORESEEN, read(part).value) for part in (day, expr))
                counted = Grounds(self._nothing.at_least, graph.compare("lt", start, end), graph.no)
                return self._joined([counted, *(self.grounds(child) for child in children(expr))])
            case _:
                return self._joined([self.grounds(child) for child in children(expr)])

    def _picked(self, value: Answer, options: Iterable[tuple[Answer, Grounds]]) -> Grounds:
        """The grounds of the first option that is the value."""
        graph, before, parts = self.graph, list[Node](), list[Grounds]()
        for answer, grounds in options:
            same = self.reading.same(answer, value)
            parts.append(self._where(graph.all_of([same, *map(graph.none_of, before)]), grounds))
            before.append(same)
        return self._joined(parts)

    def _version_grounds(self, parameter: Parameter, day: Node) -> Grounds:
        """How sure the version in force on a day is."""
        ranks = [CERTAINTIES.index(entry.certainty) for entry in parameter.timeline]
        reached = []
        for place in range(1, len(CERTAINTIES)):
            marks = [rank >= place for rank in ranks]
            reached.append(self.graph.sure(_through_time(self.graph, parameter, day, marks)))
        return Grounds(tuple(reached), self.graph.no, self._later(parameter, day))

    def _later(self, parameter: Parameter, day: Node) -> Node:
        """Where the version in force on a day stands in a document that came after it (as `InForce.came_after`)."""
        graph, parts = self.graph, list[Node]()
        for place, entry in enumerate(parameter.timeline):
            after = parameter.timeline[place + 1].begins if place + 1 < len(parameter.timeline) else None
            last = entry.version.document.begins
            if entry.begins != dt.date.min and (place == 0 or last > entry.begins):
                until = last if after is None else min(last, after)
                start = [graph.compare("ge", day, graph.const(day_number(entry.begins), "whole"))] if place else []
                parts.append(graph.all_of([*start, graph.compare("lt", day, graph.const(day_number(until), "whole"))]))
        return graph.any_of(parts)

    def _where(self, condition: Node, grounds: Grounds) -> Grounds:
        graph = self.graph
        reached = tuple(graph.all_of([condition, node]) for node in grounds.at_least)
        held = (graph.all_of([condition, node]) for node in (grounds.forecast, grounds.later))
        return Grounds(reached, *held)

    def _joined(self, parts: list[Grounds]) -> Grounds:
        graph = self.graph
        reached = tuple(graph.any_of(nodes) for nodes in zip(*(part.at_least for part in parts), strict=True))
        forecast, later = (graph.any_of(getattr(part, name) for part in parts) for name in ("forecast", "later"))
        return Grounds(reached or self._nothing.at_least, forecast, later)


def _through_time(graph: Graph, parameter: Parameter, day: Node, values: Sequence[str | None] | Sequence[bool]) -> Node:
    """Something that each version of a parameter has, on a day."""
    begins = [day_number(entry.begins) for entry in parameter.timeline[1:]]
    return graph.steps(day, begins, values, "mark" if isinstance(values[0], bool) else "text")
