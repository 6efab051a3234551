"""Everything swept at once: a store with all its history, or Parquet files, and the numbers of what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desk.sweeping.parquet import sweep_parquet, sweep_store
from rules.loader import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk.question import Question
    from desk.sweeping.engines import EngineName


@dataclass(frozen=True, slots=True)
class SweptEverything:
    """What was found, in numbers; the rows are in the folder that was written."""

    question: Question
    source: str | None
    """The Parquet files; None for a store."""
    output: str
    engine: EngineName
    cases: int
    stages: Mapping[str, int]
    findings: Mapping[str, int]
    """How many of each severity, the worst first."""
    undecided: int
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        return {
            "as_of": self.question.as_of,
            "law": self.question.law,
            "overlays": list(self.question.overlays),
            "engine": self.engine,
            "input": self.source,
            "output": self.output,
            "cases": self.cases,
            "stages": dict(self.stages),
            "findings": dict(self.findings),
            "unknown": self.undecided,
            "seconds": round(self.seconds, 2),
        }


def sweep(
    url: str | None, question: Question, source: str | None, output: str, engine: EngineName, *, replace: bool
) -> SweptEverything:
    """Sweep Parquet files or, without any, the store of that address; raises `DubiError`."""
    if source is not None:
        swept = sweep_parquet(source, output, question.as_of, engine, question.ruleset, replace=replace)
    else:
        assert url is not None
        swept = sweep_store(url, output, question.as_of, question.ruleset, replace=replace)
    findings = {severity: swept.findings[severity] for severity in vocabulary.load().codes["severity"]}
    return SweptEverything(
        question, source, output, engine, swept.cases, dict(swept.stages), findings, swept.undecided, swept.seconds
    )
