"""The desk's answer to "who is overdue", from records; `desk.sweeping.store_sweep` gives it in columns."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cases.store.connection import querying
from cases.values.records import Roster, Unit
from desk import desk
from engine import evaluators
from engine.findings import Evaluation
from engine.ruleset import RuleSet, load_ruleset

MANY = 5_000
"""From so many cases on a store is swept, unless the user names the way: below, making the plan takes longer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about all cases of a unit (None = all)."""

    as_of: dt.date
    unit: str | None = None
    law: dt.date | None = None
    overlays: tuple[Path, ...] = ()
    severities: frozenset[str] | None = None
    """Only findings of these; None = all."""

    @property
    def ruleset(self) -> RuleSet:
        """The rules to judge by."""
        return load_ruleset(self.law, self.overlays)


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer: findings, perhaps only the worst of them written out, and the number of all by severity."""

    evaluation: Evaluation
    numbers: Mapping[str, int]
    units: Sequence[Unit]
    undecided: Mapping[str, tuple[str, str | None]]
    """The name and the unit of each case that some rule cannot decide."""


def is_large(url: str) -> bool:
    """Whether a store holds so many cases that it is swept."""
    with querying(url) as execute:
        ((number,),) = execute("SELECT count(*) FROM cases")
    return bool(number >= MANY)


def check_roster(roster: Roster, asked: Asked, by: evaluators.Name = "live") -> Checked:
    """The answer from the records of a roster."""
    evaluation = _chosen(desk.check(roster, asked.as_of, asked.unit, asked.law, asked.overlays, by), asked)
    lacking = {entry.case for entry in evaluation.unknown}
    undecided = {
        record.code: (str(record.fields.get("full_name", "")), _text(record.fields.get("unit")))
        for record in roster.records
        if record.code in lacking
    }
    return Checked(evaluation, Counter(f.severity for f in evaluation.findings), roster.units, undecided)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _chosen(evaluation: Evaluation, asked: Asked) -> Evaluation:
    """The part of an evaluation that is about the severities asked for."""
    wanted = asked.severities
    if wanted is None:
        return evaluation
    findings = [finding for finding in evaluation.findings if finding.severity in wanted]
    rules = asked.ruleset.rules
    unknown = [entry for entry in evaluation.unknown if rules[entry.rule].can_be(wanted)]
    return replace(evaluation, findings=findings, unknown=unknown)
