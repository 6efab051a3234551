"""Looking for a record of which formulas hold: found by the solver, confirmed by the program's own evaluation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping

from engine.language.parsing import parse_condition
from engine.language.scanning import Place
from engine.language.tree import Expr, Scalar
from engine.proving.formulas import Formulas
from engine.ruleset import RuleSet
from engine.single.closures import Program, Situation
from rules.loader.process import Claim, ProcessText

SECONDS = 120
"""As long is looked for one record."""
NUDGES = (1, -1, 2, -2, 4, -4, 8, -8, 16, -16)
TRIES, PATIENCE = 500, 100
"""As often the real calendar corrects the solver; after a fifth of it the search keeps to the ends of months."""


class Search:
    """Looks for records of which formulas hold, and believes only what the evaluator confirms."""

    def __init__(self, ruleset: RuleSet, process: ProcessText) -> None:
        self.ruleset, self.process = ruleset, process
        self.formulas, self.program = Formulas(ruleset), Program(ruleset)
        self._assumed = [self.condition(claim) for claim in process.assumed]
        self._solver = self.formulas.z3.Solver()
        self._solver.set("timeout", SECONDS * 1000)
        self._solver.add(*(self.formulas.holds(expr) for expr in self._assumed))
        self._told = 0, 0

    def condition(self, claim: Claim) -> Expr:
        """The condition of a claim, parsed."""
        return parse_condition(claim.when, self.ruleset.scope, Place(str(self.process.file), claim.line))

    def record(self, formula: object, confirmed: Callable[[Situation], bool]) -> Mapping[str, Scalar] | None:
        """A record of which a formula holds; None where there is none; raises `TimeoutError` where none was found."""
        self._tell()
        self._solver.push()
        self._solver.add(formula)
        try:
            return self._found(formula, confirmed)
        finally:
            self._solver.pop()

    def _tell(self) -> None:
        """Tell the solver what the formulas have come to hold since it was asked last."""
        bounds, axioms = self.formulas.bounds, self.formulas.clock.axioms
        self._solver.add(*bounds[self._told[0] :], *axioms[self._told[1] :])
        self._told = len(bounds), len(axioms)

    def _found(self, formula: object, confirmed: Callable[[Situation], bool]) -> Mapping[str, Scalar] | None:
        z3, clock = self.formulas.z3, self.formulas.clock
        for attempt in range(TRIES):
            if attempt == PATIENCE:
                self._solver.add(*clock.at_month_ends(formula))
            answer = self._solver.check()
            if answer == z3.unsat and attempt < PATIENCE:
                return None
            if answer != z3.sat:
                break
            model = self._solver.model()
            recorded = self.formulas.recorded(model)
            if confirmed(self.program.situation(recorded)):
                return self._least(recorded, confirmed)
            corrections = clock.corrections(model)
            if not corrections:
                raise AssertionError(f"the solver and the evaluator disagree about {recorded}")
            for near in self._neighbours(recorded):
                if confirmed(self.program.situation(near)):
                    return self._least(near, confirmed)
            self._solver.add(*corrections)
        raise TimeoutError

    def _neighbours(self, recorded: Mapping[str, Scalar]) -> Iterator[Mapping[str, Scalar]]:
        """Records with one day a little earlier or later: what misses the real calendar misses it by little."""
        for name, value in recorded.items():
            for days in NUDGES if isinstance(value, dt.date) else ():
                near = {**recorded, name: value + dt.timedelta(days=days)}  # type: ignore[operator]  # a day, see above
                if self._possible(near):
                    yield near

    def _least(self, recorded: Mapping[str, Scalar], confirmed: Callable[[Situation], bool]) -> Mapping[str, Scalar]:
        """The record without whatever it does not take."""
        least = dict(recorded)
        for name in recorded:
            fewer = {other: value for other, value in least.items() if other != name}
            if name != "as_of" and self._possible(fewer) and confirmed(self.program.situation(fewer)):
                least = fewer
        return least

    def _possible(self, recorded: Mapping[str, Scalar]) -> bool:
        situation, as_of = self.program.situation(recorded), recorded["as_of"]
        begun_on = self.ruleset.vocabulary.begun_on
        steps = (value for name, value in recorded.items() if name in begun_on)
        return all(step <= as_of for step in steps) and all(  # type: ignore[operator]  # days all of them
            self.program.compiled(expr)(situation) is True for expr in self._assumed
        )

    def of_our_days(self) -> object:
        """All days of a record lie in the years that people remember: for examples that are easy to read."""
        z3, inputs, types = self.formulas.z3, self.formulas.inputs, self.ruleset.types
        dates = [term.value for name, term in inputs.items() if types[name] == "date"]
        first, last = dt.date(2015, 1, 1).toordinal(), dt.date(2026, 12, 31).toordinal()
        return z3.And(*(z3.And(day >= first, day <= last) for day in dates))
