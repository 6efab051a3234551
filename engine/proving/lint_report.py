"""Everything that lint looks at in one report: the files, the logic of the rules, and the proofs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from engine.proving.formulas import SolverMissing, solver
from engine.proving.lint import Problem, lint
from engine.proving.lint_logic import Logic
from engine.proving.proof import Proof, prove_generations
from engine.ruleset import RuleSet, load_ruleset
from engine.statistics.indicators import Indicators
from rules.loader import examples as examples_loader
from rules.loader import indicators as indicators_loader
from rules.loader import overlays as overlays_loader
from rules.loader import process as process_loader


@dataclass(frozen=True, slots=True)
class LintReport:
    """What was looked at, what is to be put right, and what was proven (None = the solver is not installed)."""

    rules: int
    overlays: dict[str, int]
    """Each overlay with the rules that hold where it is chosen."""
    examples: int
    parameters: int
    documents: int
    problems: tuple[Problem, ...]
    proofs: tuple[Proof, ...] | None

    @property
    def clean(self) -> bool:
        """Nothing to put right, nothing refuted, nothing left open."""
        return not self.problems and not any(proof.refuted or proof.open for proof in self.proofs or ())


def lint_report(*, solver_needed: bool = False) -> LintReport:
    """Look at all shipped rules; raises `SolverMissing` where the solver is needed and not installed."""
    try:
        solver()
        proving = True
    except SolverMissing:
        if solver_needed:
            raise
        proving = False
    return _report(proving=proving)


@cache
def _report(*, proving: bool) -> LintReport:
    """The shipped rules are the same for as long as a process runs."""
    national, process, examples = load_ruleset(), process_loader.load(), examples_loader.load()
    overlaid: dict[str, RuleSet] = {
        name: load_ruleset(None, (overlays_loader.find(name),)) for name in overlays_loader.names()
    }
    problems = lint(national, overlaid.values(), Indicators(national, indicators_loader.load()), examples)
    if proving:
        found = set(Logic(national, process).problems())
        for ruleset in overlaid.values():
            found.update(Logic(ruleset, process).problems(known=national.rules))
        problems = sorted({*problems, *found})
    return LintReport(
        rules=len(national.rules),
        overlays={name: len(ruleset.rules) for name, ruleset in overlaid.items()},
        examples=len(examples),
        parameters=len(national.law.parameters),
        documents=len(national.law.documents),
        problems=tuple(problems),
        proofs=tuple(prove_generations(national.law, process)) if proving else None,
    )
