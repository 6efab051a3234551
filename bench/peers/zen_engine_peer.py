"""zen-engine: a decision graph with one table that collects the rules that hold, evaluated over batches of cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import zen

from bench.law import Law
from bench.peers.facts import CONDITIONS, DUE, Found, as_dicts, as_frame, facts

NAME = "zen-engine"
BATCH = 2000
"""As many are handed over at once: the engine then works on all cores, and asks no thread of Python in between."""


def _graph() -> dict[str, Any]:
    """The decision model: the facts come in, a row a rule, and out goes the list of those that hold."""
    nowhere = {"x": 0, "y": 0}
    rules = [
        {"_id": name, "stage": stage, "when": rest, "rule": f"'{name}'", "due": DUE[name]}
        for name, condition in CONDITIONS.items()
        for stage, rest in [_split(condition)]
    ]
    table = {
        "hitPolicy": "collect",
        "inputs": [
            {"id": "stage", "name": "stage", "type": "expression", "field": "stage"},
            {"id": "when", "name": "when", "type": "expression"},
        ],
        "outputs": [
            {"id": "rule", "name": "rule", "type": "expression", "field": "rule"},
            {"id": "due", "name": "due", "type": "expression", "field": "due"},
        ],
        "rules": rules,
    }
    nodes = [
        {"id": "facts", "type": "inputNode", "name": "facts", "position": nowhere},
        {"id": "rules", "type": "decisionTableNode", "name": "rules", "position": nowhere, "content": table},
        {"id": "found", "type": "outputNode", "name": "found", "position": nowhere},
    ]
    edges = [
        {"id": "in", "type": "edge", "sourceId": "facts", "targetId": "rules"},
        {"id": "out", "type": "edge", "sourceId": "rules", "targetId": "found"},
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def _split(condition: str) -> tuple[str, str]:
    """The stage as a cell of its own, which is looked at first, and the rest of the condition."""
    stage, _, rest = condition.partition(" and ")
    names = [part.split("'")[1] for part in stage.split(" or ")]
    return ", ".join(f"'{name}'" for name in names), rest


def prepare(cases: pl.DataFrame, law: Law) -> Callable[[], Found]:
    rows = as_dicts(cases)
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"law": _graph()}}})

    def run() -> Found:
        found: Found = []
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            answers = engine.evaluate_batch([{"key": "law", "context": facts(case, law)} for case in batch])
            for case, answer in zip(batch, answers, strict=True):
                found += [(case["code"], one["rule"], one["due"]) for one in answer["data"]["result"]]
        return found

    return run


def findings(outcome: Found) -> pl.DataFrame:
    return as_frame(outcome)
