"""The desk's answer to "who is overdue", from records; `desk.sweeping.store_sweep` gives it in columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases.values.records import Record, Roster, Unit
from desk.answers.matters import one_a_matter
from desk.question import Question
from desk.reasons.not_yet import NotYet, not_yet
from desk.rosters import in_unit, known_unit
from engine import evaluators
from engine.findings import Evaluation, Finding

if TYPE_CHECKING:
    from cases.history.receipts import Asked, Figures


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer: findings, perhaps only the worst of them written out, and the number of all by severity."""

    question: Question
    evaluation: Evaluation
    numbers: Mapping[str, int]
    units: Sequence[Unit]
    undecided: Mapping[str, tuple[str, str | None]]
    """The name and the unit of each case that some rule cannot decide."""
    not_yet: tuple[NotYet, ...] = ()
    """The cases of the source that do not exist yet on the day."""

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        asked = self.question
        only = None if asked.severities is None else list(asked.severities)
        values = {"known_on": asked.known_on, "unit": asked.unit, "law": asked.law, "overlays": list(asked.overlays)}
        later = [one.as_json() for one in self.not_yet]
        return {**evaluation_json(self.evaluation), **values, "only": only, "not_yet": later}

    def write_overdue(self, path: Path, *, replace: bool) -> None:
        """Write what is overdue or blocked as a workbook; raises `BadInput` where the file is there already."""
        from reports.lists.overdue import write_overdue

        asked = self.question
        write_overdue(path, self._on_a_sheet(), self.units, unit=asked.unit, law=asked.law, replace=replace)

    @property
    def listed(self) -> list[Finding]:
        """The findings as a screen lists them, one line a matter."""
        return one_a_matter(self.evaluation.findings, self.question.ruleset.rules)

    def _on_a_sheet(self) -> Evaluation:
        return replace(self.evaluation, findings=self.listed)

    def asked(self) -> Asked:
        """What was asked, as a receipt keeps it."""
        from cases.history.receipts import Asked

        asked = self.question
        return Asked("check", asked.as_of, asked.known_on, unit=asked.unit, law=asked.law, overlays=asked.overlays)

    def figures(self) -> Figures:
        """The stages, how many findings of each severity and rule, and each of them by case."""
        return figures_of_check(self.evaluation)

    def files(self) -> tuple[Path, ...]:
        """The files that the findings rest on besides the law."""
        return self.question.overlay_files


def evaluation_json(evaluation: Evaluation) -> dict[str, Any]:
    """An evaluation in the form that programs rely on."""
    return {
        "as_of": evaluation.as_of,
        "cases": evaluation.cases,
        "stages": evaluation.stages,
        "findings": [
            {
                "case": found.case,
                "name": found.name,
                "unit": found.unit,
                "rule": found.rule,
                "severity": found.severity,
                "due": found.due,
                "days_late": found.days_late,
                "held_by": found.held_by,
                "document": found.document,
                "clause": found.clause,
                "certainty": found.certainty,
                "message": found.message,
                "forecast": found.forecast,
                "overlay": found.overlay,
            }
            for found in evaluation.findings
        ],
        "unknown": [
            {"case": entry.case, "rule": entry.rule, "missing": list(entry.missing)} for entry in evaluation.unknown
        ],
    }


def figures_of_check(evaluation: Evaluation) -> Figures:
    """The figures of `check`: the stages, how many findings of each severity and rule, and each of them by case."""
    figures: Figures = {"cases": evaluation.cases}
    figures |= {f"stage.{stage}": number for stage, number in evaluation.stages.items()}
    for finding in evaluation.findings:
        for name in (f"severity.{finding.severity}", f"rule.{finding.rule}"):
            figures[name] = figures.get(name, 0) + 1
        due = None if finding.due is None else finding.due.isoformat()
        figures[f"finding.{finding.case}.{finding.rule}"] = f"{finding.severity} {due or '–'}"
    figures["undecided"] = len(evaluation.unknown)
    return figures


def check(roster: Roster, question: Question) -> Evaluation:
    """All findings about the cases of a unit, of whatever severity; raises `UnknownName`."""
    return _judged(_asked_about(roster, question), question)


def _asked_about(roster: Roster, question: Question) -> tuple[Record, ...]:
    return tuple(in_unit(roster, question.ruleset, known_unit(roster, question.unit), question.as_of))


def _judged(records: Sequence[Record], question: Question) -> Evaluation:
    return evaluators.evaluate(question.ruleset, records, question.as_of, question.by)


def check_roster(roster: Roster, question: Question) -> Checked:
    """The answer from the records of a roster; raises `UnknownName`."""
    there = _asked_about(roster, question)
    evaluation = _chosen(_judged(there, question), question)
    lacking = {entry.case for entry in evaluation.unknown}
    undecided = {
        record.code: (str(record.fields.get("full_name", "")), _text(record.fields.get("unit")))
        for record in roster.records
        if record.code in lacking
    }
    numbers = Counter(found.severity for found in evaluation.findings)
    return Checked(
        question, evaluation, numbers, roster.units, undecided, not_yet(there, question.ruleset, question.as_of)
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _chosen(evaluation: Evaluation, question: Question) -> Evaluation:
    """The part of an evaluation that is about the severities asked for."""
    wanted = question.severities
    if wanted is None:
        return evaluation
    findings = [finding for finding in evaluation.findings if finding.severity in wanted]
    rules = question.ruleset.rules
    unknown = [entry for entry in evaluation.unknown if rules[entry.rule].can_be(wanted)]
    return replace(evaluation, findings=findings, unknown=unknown)
