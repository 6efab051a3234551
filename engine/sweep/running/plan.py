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
        stage = reading.fact("stage").value
        self.stages = {
            code: graph.all_of([recorded.exists, graph.compare("eq", stage, graph.const(code, "text"))])
            for code in reading.ruleset.vocabulary.codes["stage"]
        }
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
