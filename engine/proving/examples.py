"""Runs the examples of the rules with any evaluator and says where one does not come out as written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.findings import Evaluation, Finding
from engine.language.tree import Scalar
from engine.projection import CaseRecord, Projector
from engine.ruleset import RuleSet, load_ruleset
from engine.single.closures import Program
from engine.single.live import LiveEvaluator
from engine.unknowns import Outcome, Unknown
from rules.loader import examples as examples_loader
from rules.loader import law as law_data
from rules.loader import overlays as overlays_loader
from rules.loader.examples import Example
from rules.loader.held import values as values_loader
from rules.loader.law import Law

Evaluate = Callable[[Iterable[CaseRecord], dt.date], Evaluation]


@dataclass(frozen=True, slots=True)
class ExampleCase:
    """The record of an example: what it gives, and no history."""

    code: str
    fields: Mapping[str, Scalar]
    steps: tuple[()] = field(default=())
    attributes: tuple[()] = field(default=())
    placements: tuple[()] = field(default=())


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that does not come out as written, or a value of the law that is written otherwise a second time."""

    file: Path
    line: int
    title: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file.name}, dòng {self.line}: {self.title}: {self.problem}"


def live(ruleset: RuleSet) -> Evaluate:
    """The evaluator that examples are run with when no other is named."""
    return LiveEvaluator(ruleset).evaluate


def run_examples(
    examples: Iterable[Example] | None = None, evaluator: Callable[[RuleSet], Evaluate] = live
) -> list[Failure]:
    """All failures of the examples (None = those shipped), each judged by the law and overlay it names."""
    by_law: dict[tuple[dt.date | None, str | None], list[Example]] = {}
    for example in examples_loader.load() if examples is None else examples:
        by_law.setdefault((example.law, example.overlay), []).append(example)
    failures: list[Failure] = []
    for (law, overlay), group in by_law.items():
        ruleset = load_ruleset(law, (overlays_loader.find(overlay),) if overlay else ())
        failures += _Run(ruleset, evaluator(ruleset)).failures(group)
    return sorted(failures, key=lambda failure: (str(failure.file), failure.line))


def run_values(national: Law | None = None) -> list[Failure]:
    """Where the law's values, units and days are not those that are written a second time (None = the law shipped)."""
    law = law_data.load() if national is None else national
    parameters, documents = dict(law.parameters), dict(law.documents)
    for name in overlays_loader.names():
        overlay = overlays_loader.load_overlay(overlays_loader.find(name), law_data.load())
        parameters |= overlay.parameters
        documents |= overlay.documents
    found = values_loader.differences(parameters, documents)
    return [Failure(file, line, "Giá trị của luật viết lần thứ hai", problem) for file, line, problem in found]


class _Run:
    """Runs examples on one rule set, all those of one as-of day together."""

    def __init__(self, ruleset: RuleSet, evaluate: Evaluate) -> None:
        self.ruleset, self.evaluate = ruleset, evaluate
        self.program, self.projector = Program(ruleset), Projector(ruleset.vocabulary)

    def failures(self, examples: list[Example]) -> Iterator[Failure]:
        by_day: dict[dt.date, dict[str, Example]] = {}
        for number, example in enumerate(examples):
            by_day.setdefault(example.as_of, {})[f"VD-{number:05}"] = example
        for day, cases in by_day.items():
            records = {code: ExampleCase(code, {**example.facts, "code": code}) for code, example in cases.items()}
            evaluation = self.evaluate(records.values(), day)
            for code, example in cases.items():
                for problem in (*self._of_rule(code, example, evaluation), *self._of_facts(records[code], example)):
                    yield Failure(example.file, example.line, example.title, problem)

    def _of_rule(self, code: str, example: Example, evaluation: Evaluation) -> Iterator[str]:
        if example.rule is None:
            return
        if example.rule not in self.ruleset.rules:
            yield f"không có quy tắc “{example.rule}”"
            return
        found = [f for f in evaluation.findings if (f.case, f.rule) == (code, example.rule)]
        missing = [u.missing for u in evaluation.unknown if (u.case, u.rule) == (code, example.rule)]
        outcome = f"chưa xác định được, thiếu {', '.join(missing[0])}" if missing else ("có" if found else "không")
        if example.unknown is not None:
            if missing != [example.unknown]:
                yield f"phải chưa xác định được, thiếu {', '.join(example.unknown)}; nhưng: {outcome}"
        elif missing or bool(found) is not example.fires:
            yield f"quy tắc {example.rule} phải {'có' if example.fires else 'không'} lên tiếng; nhưng: {outcome}"
        elif found:
            yield from differences(found[0], example.wanted)

    def _of_facts(self, record: ExampleCase, example: Example) -> Iterator[str]:
        recorded = self.projector.project(record, example.as_of)
        for name, wanted in example.expect.items():
            value = None if recorded is None else self.program.situation(recorded).value(name)
            if written(value) != wanted:
                yield f"{name} phải là {wanted}, nhưng là {written(value)}"


def differences(finding: Finding, wanted: Mapping[str, str]) -> Iterator[str]:
    """What of a finding is not as it is wanted."""
    for name, value in wanted.items():
        found = written(getattr(finding, name))
        if found != value:
            yield f"{name} phải là {value}, nhưng là {found}"


def written(value: Outcome) -> str:
    """A value as examples write it."""
    match value:
        case None:
            return "missing"
        case Unknown():
            return "unknown"
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)
