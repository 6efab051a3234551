"""Where cases stand on a day, in columns: how many of each unit are in a stage, and how many have something overdue."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from engine.sweep.findings import Describing
from engine.sweep.nodes import Node


def asked(describing: Describing) -> Mapping[str, Node]:
    """The stage of a case, and whether a finding about it says that something is overdue."""
    graph, reading = describing.graph, describing.reading
    late = []
    for rule in reading.ruleset.rules.values():
        if rule.can_be(["overdue"]):
            severity = describing.columns(rule)["severity"]
            overdue = graph.compare("eq", severity, graph.const("overdue", "text"))
            late.append(graph.all_of([reading.rule(rule.name).value, overdue]))
    return {"stage": reading.fact("stage").value, "overdue": graph.any_of(late)}


def counted(looked: pl.DataFrame) -> list[tuple[str | None, str, int, int]]:
    """Unit, stage, how many cases, and how many of them have something overdue."""
    own = looked.group_by("unit", pl.col("stage").cast(pl.String)).agg(pl.len(), pl.col("overdue").sum())
    return list(own.sort("unit", "stage").iter_rows())
