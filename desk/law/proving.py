"""The rule files looked through, what is proven of them, and their examples run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.proving.examples import Failure, run_examples, run_values
from engine.proving.lint_report import LintReport, lint_report
from engine.proving.proof import CounterExample, Proof, in_words
from engine.ruleset import load_ruleset
from rules.loader import examples as examples_loader

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Linted:
    """What is to be put right in the rule files, and what is proven of them."""

    report: LintReport

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        report = self.report
        problems = [
            {"file": shown_file(one.file), "line": one.line, "problem": one.problem, "hint": one.hint}
            for one in report.problems
        ]
        return {
            "rules": report.rules,
            "overlays": report.overlays,
            "examples": report.examples,
            "parameters": report.parameters,
            "documents": report.documents,
            "problems": problems,
            "proofs": None if report.proofs is None else [_proof_json(proof) for proof in report.proofs],
        }


@dataclass(frozen=True, slots=True)
class ExamplesRun:
    """How many examples there are, and those that do not come out as written."""

    examples: int
    failures: tuple[Failure, ...]

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        members = [
            {
                "file": shown_file(str(failure.file)),
                "line": failure.line,
                "example": failure.title,
                "problem": failure.problem,
            }
            for failure in self.failures
        ]
        return {"examples": self.examples, "failures": members}


def _proof_json(proof: Proof) -> dict[str, Any]:
    return {
        "document": proof.document and proof.document.id,
        "overlay": proof.overlay,
        "proven": list(proof.proven),
        "refuted": [
            {"claim": example.claim, "label": example.label, "record": dict(example.recorded)}
            for example in proof.refuted
        ],
        "open": list(proof.open),
    }


def shown_file(file: str) -> str:
    """A rule file as it is called in the folder of the program."""
    return str(Path(file).relative_to(ROOT)) if Path(file).is_relative_to(ROOT) else file


def lint(*, solver_needed: bool = False) -> Linted:
    """Look through the rule files; raises `SolverMissing` where proofs are ``solver_needed`` and cannot be made."""
    return Linted(lint_report(solver_needed=solver_needed))


def law_of(proof: Proof) -> str:
    """The law that a proof is about."""
    if proof.document:
        return proof.document.number
    return "luật theo ngày của từng bước" + (f", có {proof.overlay}" if proof.overlay else "")


def record_in_words(example: CounterExample) -> list[str]:
    """The record that refutes a claim, line by line."""
    return in_words(load_ruleset(), example.recorded)


def examples_run() -> ExamplesRun:
    """Run the examples of all rules."""
    return ExamplesRun(len(examples_loader.load()), (*run_examples(), *run_values()))
