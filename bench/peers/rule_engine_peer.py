"""rule-engine: ten expressions, each matched against the facts of one case after the other."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import rule_engine

from bench.law import Law
from bench.peers.facts import CONDITIONS, DUE, Found, as_dicts, as_frame, facts

NAME = "rule-engine"


def prepare(cases: pl.DataFrame, law: Law) -> Callable[[], Found]:
    rows = as_dicts(cases)
    context = rule_engine.Context(resolver=rule_engine.resolve_item)
    rules = [(name, rule_engine.Rule(text, context=context), DUE[name]) for name, text in CONDITIONS.items()]

    def run() -> Found:
        found: Found = []
        for case in rows:
            known = facts(case, law)
            found += [(case["code"], name, known[due]) for name, rule, due in rules if rule.matches(known)]
        return found

    return run


def findings(outcome: Found) -> pl.DataFrame:
    return as_frame(outcome)
