"""Findings: what a rule says about a case on a day, as frozen values with clause, certainty and Vietnamese message."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from engine.language.tree import Expr, FactRef, If, Pick, Shift
from engine.ruleset import OWN_PLACEHOLDERS, Rule, RuleSet
from engine.single.closures import Program, Situation
from engine.single.grounds import Support, support
from engine.unknowns import Outcome, Unknown, UnknownRule
from rules.loader.law import SURE, worst
from rules.loader.spelling.days import shown_day

PRESSING = ("overdue", "blocked")
"""What only a text may say that was there when the clock started."""
UNCONFIRMED_NOTE = "(chưa đối chiếu văn bản)"
_DAY_PLACEHOLDER = re.compile(r"(?P<day>[Nn]gày )?\{(?P<name>[^{}]*)\}")
_AS_OF = FactRef("as_of", "date")
LATER_NOTE = "(lấy theo văn bản ban hành sau)"
FORECAST_NOTE = "(có ngày nghỉ mới là dự kiến)"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; `days_late` counts calendar days and is None when nothing is late."""

    case: str
    name: str
    unit: str | None
    rule: str
    severity: str
    due: dt.date | None
    days_late: int | None
    held_by: str | None
    document: str
    clause: str | None
    certainty: str
    message: str
    forecast: bool = False
    """The due day rests on a holiday that is only foreseen."""
    later: bool = False
    """It rests on a value of a document that was not there yet on the day that counts."""
    overlay: str | None = None


_WHERE_FOUND = frozenset({"undated"})
"""Stages that are named only where somebody is in them."""


def stages_found(counted: Mapping[str, int], ruleset: RuleSet) -> dict[str, int]:
    """How many cases are in each stage, in the order of the process; a rare stage only where somebody is in it."""
    numbers = {stage: counted.get(stage, 0) for stage in ruleset.vocabulary.codes["stage"]}
    return {stage: number for stage, number in numbers.items() if number or stage not in _WHERE_FOUND}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All findings about a set of cases on a day, sorted by case, then rule."""

    as_of: dt.date
    stages: dict[str, int]
    findings: Sequence[Finding]
    unknown: Sequence[UnknownRule]

    @property
    def cases(self) -> int:
        """How many cases there are on the day."""
        return sum(self.stages.values())


def noted(message: str, certainty: str, *, later: bool, forecast: bool) -> str:
    """The sentence with what is to be known of its grounds."""
    notes = ((later, LATER_NOTE), (forecast, FORECAST_NOTE), (certainty == "unconfirmed", UNCONFIRMED_NOTE))
    return " ".join([message, *(note for applies, note in notes if applies)])


@lru_cache(maxsize=4096)
def _gaps(sentence: str) -> tuple[str, tuple[tuple[str, str, str], ...]]:
    """How a sentence begins, and its gaps: the word before a day, the name that fills it, and what comes after."""
    begins, *rest = _DAY_PLACEHOLDER.split(sentence)
    gaps = zip(rest[::3], rest[1::3], rest[2::3], strict=True)
    return begins, tuple((day or "", name, after) for day, name, after in gaps)


def in_working_days(ruleset: RuleSet, day: Expr) -> bool:
    """Whether a limit is counted in working days."""
    match day:
        case Shift(unit=unit):
            return unit == "working_day"
        case FactRef(name) if name in ruleset.computed:
            return in_working_days(ruleset, ruleset.computed[name])
        case If(then=one, otherwise=other):
            return in_working_days(ruleset, one) or in_working_days(ruleset, other)
        case Pick(options=options):
            return any(in_working_days(ruleset, option) for option in options)
        case _:
            return False


def show(value: Outcome, codes: dict[str, str] | None = None) -> str:
    """A value as a person reads it."""
    match value:
        case None:
            return "chưa có"
        case Unknown():
            return "chưa rõ"
        case bool():
            return "có" if value else "không"
        case dt.date():
            return shown_day(value)
        case str():
            return (codes or {}).get(value, value)
        case _:
            return str(value)


class Describer:
    """Turns "this rule holds for this case" into a finding."""

    def __init__(self, program: Program) -> None:
        self.program = program
        vocabulary = program.ruleset.vocabulary
        self._codes = {name: vocabulary.codes[fact.codes] for name, fact in vocabulary.facts.items() if fact.codes}

    def _day(self, expr: Expr | None, situation: Situation) -> dt.date | None:
        value = self.program.compiled(expr)(situation) if expr is not None else None
        return value if isinstance(value, dt.date) else None

    def severity(self, rule: Rule, situation: Situation) -> str:
        """The first severity whose condition holds; an unknown condition does not."""
        return self._chosen(rule.severities, situation)

    def _chosen(self, choices: Sequence[tuple[str, Expr | None]], situation: Situation) -> str:
        for word, condition in choices:
            if condition is None or self.program.compiled(condition)(situation) is True:
                return word
        raise AssertionError("the loader sees to it that the last choice has no condition")

    def held_by(self, rule: Rule, situation: Situation) -> str | None:
        """Who holds it up."""
        return self._chosen(rule.holders, situation) if rule.holders else None

    def severity_as_sure(self, rule: Rule, situation: Situation, certainty: str, later: Sequence[str]) -> str:
        """The severity, softened where the text was neither read nor quoted, or not there yet on the day."""
        word = self.severity(rule, situation)
        if word in later:
            return "inform"
        return rule.unsure if rule.unsure and word == "blocked" and certainty not in SURE else word

    def cited(self, rule: Rule, situation: Situation) -> Support:
        """The versions a rule cites; a day that is not known is taken as the as-of day."""
        found = Support()
        for citation in rule.cites:
            day = self._day(citation.on, situation) or self._day(_AS_OF, situation)
            assert day is not None
            found.add(citation.parameter, day)
        return found

    def rests_on(self, rule: Rule, situation: Situation) -> set[tuple[str, str]]:
        """The values of the law that a finding is as sure as, each with the document in force on its day."""
        due = support(self.program, rule.due, situation).values if rule.due is not None else set()
        return self.cited(rule, situation).values | due

    def message(self, rule: Rule, situation: Situation, due: dt.date | None, days_late: int | None) -> str:
        """The rule's sentence with the case's own days."""

        def filled(day: str, name: str) -> str:
            if name == "due":
                value: Outcome = due
            else:
                value = None if name in OWN_PLACEHOLDERS else situation.value(name)
            # “ngày chưa có” is no sentence: a day that is not there has not been written down.
            if day and value is None and name not in ("days_late", "lateness"):
                return "chưa ghi ngày" if day[0].islower() else "Chưa ghi ngày"
            return day + told(name, value)

        def told(name: str, value: Outcome) -> str:
            if name == "due":
                return show(due) if due else "không có"
            if name == "days_late":
                return str(days_late or 0)
            if name == "lateness":
                return self.lateness(rule, due, days_late or 0)
            return show(value, self._codes.get(name))

        begins, gaps = _gaps(rule.say)
        return "".join([begins, *(filled(day, name) + after for day, name, after in gaps)])

    def lateness(self, rule: Rule, due: dt.date | None, days: int) -> str:
        """How late something is, in the unit in which its limit is counted."""
        ruleset = self.program.ruleset
        if due is None or rule.due is None or not in_working_days(ruleset, rule.due):
            return f"{days} ngày"
        worked = ruleset.calendar.working_days_between(due, due + dt.timedelta(days=days))
        if worked is None:
            return f"{days} ngày"
        told = f"{worked} ngày làm việc" if worked else "chưa đến một ngày làm việc"
        return f"{told} ({days} ngày theo lịch)"

    def finding(self, rule: Rule, situation: Situation) -> Finding:
        """The finding of a rule that holds."""
        due, late_on = self._day(rule.due, situation), self._day(rule.late_on, situation)
        days_late = (late_on - due).days if due and late_on and late_on > due else None
        cited = self.cited(rule, situation)
        rests = support(self.program, rule.due, situation) if rule.due is not None else Support()
        certainty = worst([entry.certainty for entry in (*cited.versions, *rests.versions)])
        certainty = "unconfirmed" if rests.forecast else certainty
        later = not rule.stands and (cited.later or rests.later)
        # A limit that a later document set is not even due by it.
        unheard = (*PRESSING, *(("due",) if rests.later else ())) if later else ()
        message = self.message(rule, situation, due, days_late)
        recorded = situation.recorded
        unit = recorded.get("unit")
        return Finding(
            case=str(recorded.get("code", "")),
            name=str(recorded.get("full_name", "")),
            unit=None if unit is None else str(unit),
            rule=rule.name,
            severity=self.severity_as_sure(rule, situation, certainty, unheard),
            due=due,
            days_late=days_late,
            held_by=self.held_by(rule, situation),
            document=cited.versions[0].version.document.id,
            clause=cited.versions[0].version.clause,
            certainty=certainty,
            message=noted(message, certainty, later=later, forecast=rests.forecast),
            later=later,
            forecast=rests.forecast,
            overlay=rule.text.overlay,
        )
