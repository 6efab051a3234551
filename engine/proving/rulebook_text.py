"""A rule as an officer reads it: condition in words, the law behind it through time, how its days are worked out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.language.law_words import amount, period, sureness
from engine.language.tree import And, Expr, FactRef, ParameterAt, rules_read, walk
from engine.language.wording import Wording
from engine.ruleset import PLACEHOLDER, Rule, RuleSet, load_ruleset
from rules.loader import overlays as overlays_loader
from rules.loader.errors import UnknownName
from rules.loader.examples import Example
from rules.loader.law import Parameter
from rules.loader.rules import SEVERITIES
from rules.loader.spelling.days import shown_day, stored_day
from rules.loader.spelling.near import did_you_mean


@dataclass(frozen=True, slots=True)
class VersionLine:
    """What one document says of a parameter, in words."""

    document: str
    number: str
    period: str
    known: bool
    value: str
    clause: str | None
    certainty: str
    note: str | None


@dataclass(frozen=True, slots=True)
class ParameterView:
    """A value of the law through time, and the day whose version a rule takes (empty where it takes none itself)."""

    name: str
    title: str
    on: str
    versions: tuple[VersionLine, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class FactView:
    """A computed fact: its name for people, and how it is worked out."""

    name: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule in words."""

    name: str
    title: str
    overlay: str | None
    conditions: tuple[str, ...]
    """All of them must hold."""
    source: str
    """The condition as it is written in the file."""
    due: str | None
    late_on: str | None
    """The day at which lateness is measured, where it is not the as-of day."""
    severities: tuple[tuple[str, str | None], ...]
    """Each with its condition; the last has none."""
    unsure: str | None
    held_by: str | None
    before: tuple[str, ...]
    """The steps that it stands before."""
    message: str
    cites: tuple[ParameterView, ...]
    """The clauses it rests on; the first is the finding's."""
    values: tuple[ParameterView, ...]
    """Other values of the law that its condition and its day are worked out from."""
    see: tuple[ParameterView, ...]
    """Further values that belong to it but decide nothing in it."""
    facts: tuple[FactView, ...]
    rests_on: tuple[str, ...]
    silent: str | None


def find_rule(name: str) -> tuple[RuleSet, Rule]:
    """The shipped rule of that name, in the national rules or an overlay; raises `UnknownName` with the nearest one."""
    known: list[str] = []
    for overlays in ((), *((overlays_loader.find(overlay),) for overlay in overlays_loader.names())):
        ruleset = load_ruleset(None, overlays)
        if name in ruleset.rules:
            return ruleset, ruleset.rules[name]
        known += ruleset.rules
    hint = did_you_mean(name, known, "Xem tên bằng lệnh: dubi rules list.")
    raise UnknownName(f"Không có quy tắc “{name}”. {hint}")


class RuleTexts:
    """The rules, facts and parameters of one rule set in words."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset, self.wording = ruleset, Wording(ruleset)
        self._labels = ruleset.vocabulary.codes

    def rule(self, rule: Rule) -> RuleView:
        """One rule in words."""
        facts = self._facts(rule)
        read = [rule.when, *([rule.due] if rule.due else []), *(self.ruleset.computed[name] for name in facts)]
        cited = {citation.parameter.name for citation in rule.cites}
        others = {p.name: p for expr in read for p in _parameters(expr) if p.name not in cited}
        parts = rule.when.parts if isinstance(rule.when, And) else (rule.when,)
        plain_late = rule.late_on is None or rule.late_on == FactRef("as_of", "date")
        return RuleView(
            name=rule.name,
            title=rule.title,
            overlay=rule.text.overlay,
            conditions=tuple(self.wording.words(part) for part in parts),
            source=" ".join(rule.text.when.split()),
            due=self.wording.words(rule.due) if rule.due else None,
            late_on=None if plain_late or rule.late_on is None else self.wording.words(rule.late_on),
            severities=tuple(
                (self._labels["severity"][word], self.wording.words(condition) if condition else None)
                for word, condition in rule.severities
            ),
            unsure=self._labels["severity"][rule.unsure] if rule.unsure else None,
            held_by="; ".join(
                f"{self._labels['held_by'][word]}{f' nếu {self.wording.words(condition)}' if condition else ''}"
                for word, condition in rule.holders
            )
            or None,
            before=tuple(self.ruleset.label(step) for step, _ in rule.text.before),
            message=PLACEHOLDER.sub(lambda match: f"[{self._placeholder(match[1])}]", rule.say),
            cites=tuple(self.parameter(c.parameter, self.wording.words(c.on)) for c in rule.cites),
            values=tuple(self.parameter(parameter) for parameter in others.values()),
            see=tuple(self.parameter(parameter) for parameter in rule.see),
            facts=tuple(self.fact(name) for name in facts),
            rests_on=tuple(sorted(rules_read(rule.when))),
            silent=rule.text.silent,
        )

    def parameter(self, parameter: Parameter, on: str = "") -> ParameterView:
        """A value of the law through time."""
        return ParameterView(
            name=parameter.name,
            title=parameter.title,
            on=on,
            versions=tuple(
                VersionLine(
                    document=version.document.id,
                    number=self.ruleset.law.number(version.document),
                    period=period(version.document),
                    known=version.value is not None,
                    value=amount(version.value, parameter.unit),
                    clause=version.clause,
                    certainty=sureness(version.certainty, version.basis),
                    note=version.note,
                )
                for version in parameter.versions
            ),
            note=parameter.note,
        )

    def fact(self, name: str) -> FactView:
        """A computed fact in words: its own note where it has one, else its expression."""
        fact = self.ruleset.vocabulary.facts[name]
        words = self.wording.words(self.ruleset.computed[name])
        return FactView(name, fact.label, f"{fact.note} ({words})" if fact.note else words)

    def _placeholder(self, name: str) -> str:
        own = {"due": "hạn", "days_late": "số ngày quá hạn", "lateness": "chậm bao lâu"}
        return own.get(name) or self.ruleset.label(name)

    def _facts(self, rule: Rule) -> list[str]:
        """The computed facts behind a rule, its own first, each once."""
        own = [rule.when, rule.due, rule.late_on, *(c.on for c in rule.cites)]
        own += [condition for _, condition in (*rule.severities, *rule.holders)]
        queue = [name for expr in own if expr is not None for name in _computed_in(self.ruleset, expr)]
        found: list[str] = []
        while queue:
            name = queue.pop(0)
            if name not in found and name != "stage":
                found.append(name)
                queue += _computed_in(self.ruleset, self.ruleset.computed[name])
        return found


def by_stage(ruleset: RuleSet) -> Iterator[tuple[str, list[Rule]]]:
    """The rules by the file they stand in, in the order of the process."""
    stages: dict[str, list[Rule]] = {}
    for rule in ruleset.rules.values():
        stages.setdefault(rule.text.file.stem, []).append(rule)
    yield from stages.items()


def examples_in_words(examples: Iterable[Example]) -> dict[str, list[str]]:
    """For each rule its examples, each in one line: what comes out, and of what."""
    found: dict[str, list[str]] = {}
    for example in examples:
        if example.rule is not None:
            outcome = "chưa kết luận được" if example.unknown is not None else "có" if example.fires else "không"
            limit = example.wanted.get("due")
            due = f", hạn {shown_day(stored_day(limit))}" if limit and limit != "missing" else ""
            line = f"{outcome}{due}: {example.title} (tính đến {shown_day(example.as_of)})"
            found.setdefault(example.rule, []).append(line)
    return found


def worst_first(rule: Rule) -> int:
    """The place of a rule's worst severity."""
    return min(SEVERITIES.index(word) for word, _ in rule.severities)


def _computed_in(ruleset: RuleSet, expr: Expr) -> list[str]:
    names = (node.name for node in walk(expr) if isinstance(node, FactRef))
    return [name for name in dict.fromkeys(names) if name in ruleset.computed]


def _parameters(expr: Expr) -> list[Parameter]:
    return [node.parameter for node in walk(expr) if isinstance(node, ParameterAt)]
