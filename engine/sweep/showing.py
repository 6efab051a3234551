"""From the frames of a sweep to the values that are shown: findings with their sentences, and undecided rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from engine.findings import FORECAST_NOTE, UNCONFIRMED_NOTE, Describer, Finding, UnknownRule
from engine.ruleset import RuleSet
from engine.single.closures import Program, Situation
from engine.sweep.frames import ROW
from engine.sweep.graph import day_of
from engine.sweep.plan import Backend, Frame, Plan


class Showing:
    """Writes out rows of a sweep's frames; the recorded facts of a case are looked up only then."""

    def __init__(self, ruleset: RuleSet, backend: Backend, as_of: dt.date, entered: Frame, projected: Plan) -> None:
        self.ruleset, self.backend, self.as_of = ruleset, backend, as_of
        self._entered, self._projected = entered, projected

    def findings(self, frame: Frame) -> list[Finding]:
        """The findings of a frame, sorted by case, then rule."""
        program = Program(self.ruleset)
        describer = Describer(program)
        situations: dict[int, Situation] = {row: program.situation(recorded) for row, recorded in self._recorded(frame)}
        found = [self._finding(describer, row, situations[row[ROW]]) for row in self.backend.rows(frame)]
        return sorted(found, key=lambda finding: (finding.case, finding.rule))

    def _recorded(self, frame: Frame) -> Iterator[tuple[int, dict[str, Any]]]:
        """The recorded facts of every case in a frame, as they stood on the day."""
        entered = self._entered.join(frame.select(ROW).unique(), on=ROW, how="semi")
        facts = self._projected.run(entered, [self.backend.api.col(ROW).alias("_row")])
        days = {name for name, type_ in self.ruleset.types.items() if type_ == "date"}
        for row in self.backend.rows(facts):
            recorded = {
                n: day_of(v) if n in days else v for n, v in row.items() if v is not None and n in self.ruleset.types
            }
            yield row["_row"], recorded

    def _finding(self, describer: Describer, row: dict[str, Any], situation: Situation) -> Finding:
        rule = self.ruleset.rules[row["rule"]]
        message = describer.message(rule, situation, row["due"], row["days_late"])
        if row["forecast"]:
            message = f"{message} {FORECAST_NOTE}"
        if row["certainty"] == "unconfirmed":
            message = f"{message} {UNCONFIRMED_NOTE}"
        said = {name: value for name, value in row.items() if name not in (ROW, "case", "name")}
        return Finding(case=row["case"] or "", name=row["name"] or "", message=message, **said)

    def unknown(self, frame: Frame) -> list[UnknownRule]:
        """The undecided rules of a frame, sorted by case, then rule."""
        rows = self.backend.rows(frame)
        found = [UnknownRule(row["case"] or "", row["rule"], tuple(row["missing"])) for row in rows]
        return sorted(found, key=lambda entry: (entry.case, entry.rule))
