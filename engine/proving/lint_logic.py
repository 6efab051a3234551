"""Lint by the solver: rules that can never hold, and rules that say opposite things about one case.

A rule can never hold where no record that can be written meets its condition, given how the facts are worked out.

Two rules of one family (`recognition.…`) say opposite things where one says that a limit has passed and the other that
the step is not allowed yet: the first holds and is overdue, the second holds and blocks, and its day still lies ahead.
Where that is no contradiction, `rules/process.yaml` says why (`may_both_hold`). What must never hold together for
other reasons is listed there too (`never_together`) and proven with the states of the process.

An overdue finding whose day has not passed contradicts itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping

from engine.findings import Describer
from engine.language.tree import Expr, Scalar
from engine.proving.lint import Problem
from engine.proving.proof import in_words
from engine.proving.record_search import Search
from engine.ruleset import Rule, RuleSet
from engine.single.closures import Situation
from rules.loader.process import ProcessText

Formula = object


class Logic:
    """The rules of one rule set, looked through by the solver."""

    def __init__(self, ruleset: RuleSet, process: ProcessText) -> None:
        self.ruleset, self.process = ruleset, process
        self.search = Search(ruleset, process)
        self.describer = Describer(self.search.program)

    def problems(self, known: Mapping[str, Rule] | None = None) -> list[Problem]:
        """Every rule that can never hold, every overdue one that is too soon, and every two that contradict.

        Rules that are the same in `known` have been looked through before.
        """
        rules = self.ruleset.rules.values()
        same = {name for name, rule in (known or {}).items() if self.ruleset.rules.get(name) == rule}
        overdue = [rule for rule in rules if any(word == "overdue" for word, _ in rule.severities)]
        found = [problem for rule in rules if rule.name not in same for problem in self._never(rule)]
        found += [problem for rule in overdue if rule.name not in same for problem in self._too_soon(rule)]
        blocking = [rule for rule in rules if rule.due and any(word == "blocked" for word, _ in rule.severities)]
        pairs = ((late, early) for late in overdue for early in blocking if not {late.name, early.name} <= same)
        found += [problem for pair in pairs for problem in self._opposite(*pair)]
        return sorted(found)

    def _holds(self, rule: Rule, situation: Situation) -> bool:
        return self.search.program.rules[rule.name](situation) is True

    def _is(self, rule: Rule, severity: str, situation: Situation) -> bool:
        return self._holds(rule, situation) and self.describer.severity(rule, situation) == severity

    def _formula(self, rule: Rule, severity: str) -> Formula:
        formulas = self.search.formulas
        return formulas.z3.And(formulas.fires(rule.name), formulas.has_severity(rule.name, [severity]))

    def _day(self, expr: Expr | None, situation: Situation) -> dt.date | None:
        value = self.search.program.compiled(expr)(situation) if expr is not None else None
        return value if isinstance(value, dt.date) else None

    def _never(self, rule: Rule) -> Iterator[Problem]:
        try:
            record = self.search.record(self.search.formulas.fires(rule.name), lambda s: self._holds(rule, s))
        except TimeoutError:
            yield self._problem(
                rule, f"Chưa tìm được hồ sơ nào để “{rule.name}” xảy ra.", "Viết điều kiện đơn giản hơn."
            )
            return
        if record is None:
            yield self._problem(rule, f"Quy tắc “{rule.name}” không bao giờ xảy ra.", "Xem lại điều kiện và cách tính.")

    def _too_soon(self, rule: Rule) -> Iterator[Problem]:
        """An overdue finding whose day is not there, or has not passed on the day lateness is measured at."""
        if rule.due is None or rule.late_on is None:
            yield self._problem(rule, f"“{rule.name}” báo quá hạn mà không có hạn.", "Thêm due.")
            return
        formulas, z3, due_on, late_on = self.search.formulas, self.search.formulas.z3, rule.due, rule.late_on
        due, late = formulas.term(due_on), formulas.term(late_on)
        open_ = z3.Or(due.absent, due.unknown, late.absent, late.unknown, late.value <= due.value)

        def confirmed(situation: Situation) -> bool:
            due, late = self._day(due_on, situation), self._day(late_on, situation)
            return self._is(rule, "overdue", situation) and (due is None or late is None or late <= due)

        claim = z3.And(self._formula(rule, "overdue"), open_)
        yield from self._refuted(rule, claim, confirmed, f"“{rule.name}” báo quá hạn khi chưa qua hạn")

    def _opposite(self, late: Rule, early: Rule) -> Iterator[Problem]:
        """One says that it is late, the other that it is not allowed yet."""
        family = {rule.name.partition(".")[0] for rule in (late, early)}
        known = any(late.name in pair.late and early.name in pair.early for pair in self.process.may_both_hold)
        if len(family) > 1 or known or late is early or not late.stages & early.stages or early.due is None:
            return
        formulas, z3, allowed_on = self.search.formulas, self.search.formulas.z3, early.due
        allowed, as_of = formulas.term(allowed_on), formulas.fact("as_of").value
        ahead = z3.And(z3.Not(allowed.absent), z3.Not(allowed.unknown), allowed.value > as_of)
        claim = z3.And(self._formula(late, "overdue"), self._formula(early, "blocked"), ahead)

        def confirmed(situation: Situation) -> bool:
            allowed, as_of = self._day(allowed_on, situation), situation.recorded["as_of"]
            both = self._is(late, "overdue", situation) and self._is(early, "blocked", situation)
            return both and allowed is not None and isinstance(as_of, dt.date) and allowed > as_of

        problem = f"“{late.name}” nói quá hạn mà “{early.name}” nói chưa được làm"
        yield from self._refuted(late, claim, confirmed, problem)

    def _refuted(
        self, rule: Rule, claim: Formula, confirmed: Callable[[Situation], bool], problem: str
    ) -> Iterator[Problem]:
        try:
            record = self._readable(claim, confirmed)
        except TimeoutError:
            yield self._problem(rule, f"Chưa kết luận được: {problem}.", "Viết điều kiện đơn giản hơn.")
            return
        if record is not None:
            case = "; ".join(in_words(self.ruleset, record))
            yield self._problem(rule, f"{problem}: {case}.", "Sửa điều kiện, hoặc ghi vì sao vào may_both_hold.")

    def _readable(self, claim: Formula, confirmed: Callable[[Situation], bool]) -> Mapping[str, Scalar] | None:
        """A record that meets a claim, of our days where there is such a one."""
        record = self.search.record(claim, confirmed)
        if record is None:
            return None
        recent = self.search.formulas.z3.And(claim, self.search.of_our_days())
        return self.search.record(recent, confirmed) or record

    def _problem(self, rule: Rule, problem: str, hint: str) -> Problem:
        return Problem(str(rule.text.file), rule.text.lines["when"], problem, hint)
