"""Proofs over all records that can be written: one state at a time, and nobody late falls out of the lists.

The claims are data (`rules/process.yaml`). For each generation of the regulation, with its law fixed, and for the law
as it runs, z3 looks for a record that refutes a claim. None: the claim is proven. A record that is found is first
judged by the program's own evaluation; only what that confirms is shown as a counter-example.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from engine.findings import Describer, show
from engine.language.tree import Expr, Scalar
from engine.proving.answers import Waiting, waiting
from engine.proving.record_search import Search
from engine.ruleset import RuleSet, load_ruleset
from engine.single.closures import Situation
from engine.unknowns import CALENDAR, Unknown
from rules.loader import overlays as overlays_loader
from rules.loader.law import Document, Law
from rules.loader.process import ProcessText, Promise


@dataclass(frozen=True, slots=True)
class CounterExample:
    """A record that refutes a claim."""

    claim: str
    label: str
    recorded: Mapping[str, Scalar]
    line: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proven of one generation of the law (None = the law as it runs), or of it with an overlay."""

    document: Document | None
    overlay: str | None
    proven: tuple[str, ...]
    refuted: tuple[CounterExample, ...]
    open: tuple[str, ...]
    """Claims for which the time did not suffice."""

    @property
    def claims(self) -> int:
        """How many claims were looked at."""
        return len(self.proven) + len(self.refuted) + len(self.open)


@dataclass(frozen=True, slots=True)
class _Obligation:
    """A claim, the formula of its refutation, and the same judged for one record."""

    name: str
    label: str
    line: int
    refutation: object
    refuted_by: Callable[[Situation], bool]


def generations(law: Law) -> list[Document]:
    """The regulations in the order in which they came into force."""
    return law.series("regulation")


def prove_generations(law: Law, process: ProcessText) -> Iterator[Proof]:
    """Prove the claims for each generation with its law fixed, for the law as it runs, and with each overlay on it."""
    for document in generations(law):
        yield Prover(load_ruleset(document.begins), process).prove(document)
    yield Prover(load_ruleset(), process).prove()
    for name in overlays_loader.names():
        yield Prover(load_ruleset(None, (overlays_loader.find(name),)), process).prove(overlay=name)


class Prover:
    """The claims of the process over one rule set."""

    def __init__(self, ruleset: RuleSet, process: ProcessText) -> None:
        self.search = Search(ruleset, process)
        self.ruleset, self.process = ruleset, process
        self.describer = Describer(self.search.program)

    def prove(self, document: Document | None = None, overlay: str | None = None) -> Proof:
        """Look for a counter-example to each claim."""
        proven, refuted, undecided = [], [], []
        claims = [*self._one_state(), *self._promises(), *self._never_together()]
        if document is None:
            claims += self._answered()
        for obligation in claims:
            try:
                recorded = self.search.record(obligation.refutation, obligation.refuted_by)
            except TimeoutError:
                undecided.append(obligation.label)
                continue
            if recorded is None:
                proven.append(obligation.label)
            else:
                recorded = self._readable(obligation) or recorded
                refuted.append(CounterExample(obligation.name, obligation.label, recorded, obligation.line))
        return Proof(document, overlay, tuple(proven), tuple(refuted), tuple(undecided))

    def _readable(self, obligation: _Obligation) -> Mapping[str, Scalar] | None:
        """A counter-example of our days, where there is one."""
        recent = self.search.formulas.z3.And(obligation.refutation, self.search.of_our_days())
        try:
            return self.search.record(recent, obligation.refuted_by)
        except TimeoutError:
            return None

    def _value(self, expr: Expr, situation: Situation) -> object:
        return self.search.program.compiled(expr)(situation)

    def _one_state(self) -> list[_Obligation]:
        """Of the states exactly one holds; undecided only where the table of working days ends."""
        formulas, z3 = self.search.formulas, self.search.formulas.z3
        among = self.search.condition(self.process.among)
        states = [(claim, self.search.condition(claim)) for claim in self.process.states]
        admitted = formulas.holds(among)
        holds = {claim.name: formulas.holds(expr) for claim, expr in states}
        undecided = {claim.name: formulas.open(expr) for claim, expr in states}
        beyond = z3.Or(*formulas.beyond)
        label = self.process.among.label

        def inside(situation: Situation) -> bool:
            return self._value(among, situation) is True

        def both(one: Expr, two: Expr) -> Callable[[Situation], bool]:
            return lambda s: inside(s) and self._value(one, s) is True and self._value(two, s) is True

        def none(situation: Situation) -> bool:
            values = [self._value(expr, situation) for _, expr in states]
            return inside(situation) and not any(v is True or isinstance(v, Unknown) for v in values)

        def wrongly_open(situation: Situation) -> bool:
            values = [self._value(expr, situation) for _, expr in states]
            missing = [value.missing for value in values if isinstance(value, Unknown)]
            return inside(situation) and any(names != {CALENDAR} for names in missing)

        pairs = [
            _Obligation(
                name=f"{one.name}/{two.name}",
                label=f"{label}: không vừa “{one.label}” vừa “{two.label}”",
                line=one.line,
                refutation=z3.And(admitted, holds[one.name], holds[two.name]),
                refuted_by=both(first, second),
            )
            for (one, first), (two, second) in combinations(states, 2)
        ]
        line = self.process.among.line
        nobody = z3.And(admitted, *(z3.Not(z3.Or(holds[c.name], undecided[c.name])) for c, _ in states))
        astray = z3.And(admitted, z3.Or(*undecided.values()), z3.Not(beyond))
        return [
            *pairs,
            _Obligation("states", f"{label}: luôn ở một trong các trạng thái", line, nobody, none),
            _Obligation(
                "states_decided",
                f"{label}: chỉ chưa kết luận được khi hạn vượt quá bảng ngày làm việc",
                line,
                astray,
                wrongly_open,
            ),
        ]

    def _promises(self) -> list[_Obligation]:
        return [obligation for promise in self.process.promises for obligation in self._promise(promise)]

    def _never_together(self) -> list[_Obligation]:
        """Of rules that say opposite things at most one holds."""
        formulas, z3, programs = self.search.formulas, self.search.formulas.z3, self.search.program.rules
        titles = {name: f"“{rule.title}”" for name, rule in self.ruleset.rules.items()}

        def both(one: str, two: str) -> Callable[[Situation], bool]:
            return lambda s: programs[one](s) is True and programs[two](s) is True

        return [
            _Obligation(
                name=f"{one}/{two}",
                label=f"{group.because} Không cùng lúc: {titles[one]}, {titles[two]}",
                line=group.line,
                refutation=z3.And(formulas.fires(one), formulas.fires(two)),
                refuted_by=both(one, two),
            )
            for group in self.process.never_together
            for one, two in combinations(sorted(set(group.rules) & self.ruleset.rules.keys()), 2)
        ]

    def _answered(self) -> list[_Obligation]:
        """Once an act has answered, no rule waits for it any more."""
        formulas, z3, programs = self.search.formulas, self.search.formulas.z3, self.search.program.rules

        def still(one: Waiting) -> Callable[[Situation], bool]:
            return lambda s: programs[one.rule.name](s) is True and self._value(one.answered, s) is True

        return [
            _Obligation(
                name=f"{one.clock.name}/{one.rule.name}",
                label=f"{one.clock.label}: đã có việc “{one.answer.act}” thì hết “{one.rule.title}”",
                line=one.answer.line,
                refutation=z3.And(formulas.fires(one.rule.name), formulas.holds(one.answered)),
                refuted_by=still(one),
            )
            for one in waiting(self.ruleset)
        ]

    def _promise(self, promise: Promise) -> list[_Obligation]:
        """Whoever certainly meets it is found; whoever may meet it is found or is listed as undecided."""
        formulas, z3, claim = self.search.formulas, self.search.formulas.z3, promise.claim
        condition = self.search.condition(claim)
        rules = [
            rule
            for rule in self.ruleset.rules.values()
            if promise.family in (None, _family(rule.name), _family(rule.text.replaces or ""))
            and any(severity in promise.found for severity, _ in rule.severities)
            and rule.stands
        ]
        found = z3.Or(
            *(z3.And(formulas.fires(rule.name), formulas.has_severity(rule.name, promise.found)) for rule in rules)
        )
        undecided = z3.Or(*(formulas.undecided(rule.name) for rule in rules))

        def is_found(situation: Situation) -> bool:
            return any(
                self.search.program.rules[rule.name](situation) is True
                and self.describer.severity(rule, situation) in promise.found
                for rule in rules
            )

        def is_open(situation: Situation) -> bool:
            return any(isinstance(self.search.program.rules[rule.name](situation), Unknown) for rule in rules)

        def escapes(situation: Situation) -> bool:
            return self._value(condition, situation) is True and not is_found(situation)

        def escapes_undecided(situation: Situation) -> bool:
            may = isinstance(self._value(condition, situation), Unknown)
            return may and not is_found(situation) and not is_open(situation)

        return [
            _Obligation(claim.name, claim.label, claim.line, z3.And(formulas.holds(condition), z3.Not(found)), escapes),
            _Obligation(
                f"{claim.name}?",
                f"{claim.label}, hoặc được nêu là chưa kết luận được",
                claim.line,
                z3.And(formulas.open(condition), z3.Not(found), z3.Not(undecided)),
                escapes_undecided,
            ),
        ]


def _family(rule: str) -> str:
    return rule.partition(".")[0]


def in_words(ruleset: RuleSet, recorded: Mapping[str, Scalar]) -> list[str]:
    """A record that was found, in words: its days first and in their order."""
    facts, codes = ruleset.vocabulary.facts, ruleset.scope.codes
    order = sorted(recorded, key=lambda name: (not isinstance(recorded[name], dt.date), str(recorded[name]), name))
    return [f"{facts[name].label}: {show(recorded[name], dict(codes[name] or {}))}" for name in order]
