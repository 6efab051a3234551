"""What is asked of the cases of a sweep, as nodes of one graph: who meets which rule, and what is said of them then."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from engine.ruleset import Rule
from engine.sweep.findings import Describing
from engine.sweep.frames import NAMES, ROW, Recorded
from engine.sweep.graph import Graph
from engine.sweep.layers import Frame
from engine.sweep.nodes import Node
from engine.sweep.reading import Reading


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found in the cases of a frame; how many of them are in each stage."""

    stages: dict[str, int]
    findings: Frame
    unknown: Frame


class Plan:
    """The conditions of rules for frames with some columns; what a rule says is planned once somebody meets it."""

    def __init__(
        self, reading: Reading, recorded: Recorded, rules: Mapping[str, Rule], columns: tuple[str, ...]
    ) -> None:
        self.recorded, self.rules, self.columns = recorded, rules, columns
        graph = self.graph = reading.graph
        self.holds: dict[str, Node] = {}
        self.lacking: dict[str, dict[str, Node]] = {}
        """For each rule that can be unknown, where it is for each fact that can be missing."""
        for name in rules:
            answer = reading.rule(name)
            self.holds[name] = graph.all_of([recorded.exists, answer.value])
            lacking = {fact: graph.all_of([recorded.exists, where]) for fact, where in sorted(answer.missing.items())}
            if lacking:
                self.lacking[name] = lacking
        stage, codes = reading.fact("stage").value, reading.ruleset.vocabulary.codes["stage"]
        self.in_stage = {code: graph.compare("eq", stage, graph.const(code, "text")) for code in codes}
        """Who would be in a stage, be it a case on the day or not."""
        self.stages = {code: graph.all_of([recorded.exists, node]) for code, node in self.in_stage.items()}
        self._describing = Describing(reading)
        self._said: dict[str, dict[str, Node]] = {}
        self.lock = threading.Lock()
        """Held while the graph grows."""

    def said(self, rule: str) -> dict[str, Node]:
        """The columns of a rule's findings."""
        with self.lock:
            if rule not in self._said:
                self._said[rule] = self._describing.columns(self.rules[rule])
            return self._said[rule]

    def conditions(self) -> list[Node]:
        """Everything that is asked of all cases."""
        lacking = [node for facts in self.lacking.values() for node in facts.values()]
        return [*self.holds.values(), *lacking, *self.stages.values()]

    def of_case(self) -> dict[str, str | None]:
        """What every row says of its case, with the column that has it, if there is one."""
        there = {ROW: ROW} if ROW in self.columns else {}
        return {**there, **{name: fact if fact in self.columns else None for name, fact in NAMES.items()}}


@dataclass(frozen=True, slots=True)
class Within:
    """What is left to ask in a stage, where all that makes the stage is known."""

    code: str | None
    """The stage; None of who is in none."""
    of: Node
    """Who is in it."""
    exist: bool
    """Whether all who are in it are cases on the day, for certain."""
    granted: Mapping[Node, bool]
    """What is known of all who are in it."""
    holds: Mapping[str, tuple[Node, ...]]
    """The conditions that are left of each rule that can hold, those first that others ask as well."""
    lacking: Mapping[str, Mapping[str, Node]]


def asked_within(plan: Plan, code: str | None, uses: Mapping[Node, int]) -> Within:
    """What a plan has left to ask of the cases in a stage; `uses` tells how many others rest on a node."""
    graph, exists = plan.graph, plan.recorded.exists
    of = graph.none_of(graph.any_of(plan.in_stage.values())) if code is None else plan.in_stage[code]
    granted = {exists: True}
    _grant(of, True, granted)

    seen: dict[Node, bool | None] = {**granted}
    holds = dict[str, tuple[Node, ...]]()
    for rule, node in plan.holds.items():
        left = [part for part in _joined(node) if _known(part, seen) is not True]
        if node is not graph.no and all(seen[part] is None for part in left):
            holds[rule] = tuple(sorted(left, key=lambda part: -uses.get(part, 0)))
    lacking = dict[str, dict[str, Node]]()
    for rule, facts in plan.lacking.items():
        possible = {f: node for f, node in facts.items() if all(_known(n, seen) is not False for n in _joined(node))}
        if possible:
            lacking[rule] = possible
    known = {node: mark for node, mark in seen.items() if mark is not None and node is not exists}
    return Within(code, of, _implies(of, exists), known, holds, lacking)


def _implies(node: Node, other: Node) -> bool:
    """Whether a condition cannot hold without another, as far as that is seen from how they are made."""
    if node is other or (other.op == "or" and node in other.args):
        return True
    return (node.op == "and" and any(_implies(part, other) for part in node.args)) or (
        node.op == "or" and all(_implies(part, other) for part in node.args)
    )


def _known(node: Node, seen: dict[Node, bool | None]) -> bool | None:
    """Whether a condition holds, as far as that follows from what is known; what was seen is kept."""
    if node in seen:
        return seen[node]
    found = None
    if node.op == "not":
        of = _known(node.args[0], seen)
        found = None if of is None else not of
    elif node.op in ("and", "or"):
        decisive, parts = node.op == "or", [_known(part, seen) for part in node.args]
        found = decisive if decisive in parts else None if None in parts else not decisive
    seen[node] = found
    return found


def _joined(node: Node) -> tuple[Node, ...]:
    """What has to hold together for a condition."""
    return node.args if node.op == "and" else (node,)


def _grant(node: Node, holds: bool, granted: dict[Node, bool]) -> None:
    """Take a condition for granted, and what follows from it."""
    granted[node] = holds
    if node.op == "not":
        _grant(node.args[0], not holds, granted)
    elif (node.op, holds) in (("and", True), ("or", False)):
        for part in node.args:
            _grant(part, holds, granted)


class Running(Protocol):
    """A plan made ready to be run on one frame after the other."""

    def run(self, frame: Frame) -> Outcome:
        """All findings of a frame."""


def uses(roots: Iterable[Node], graph: Graph) -> dict[Node, int]:
    """How many others rest on each node behind some roots."""
    found: dict[Node, int] = {}
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        found[node] = found.get(node, 0) + 1
        if found[node] == 1:
            waiting += (graph.unfolded(node),) if node.op == "steps" else node.args
    return found
