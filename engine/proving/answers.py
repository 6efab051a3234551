"""Every rule that waits with every act that ends it, and the two tables that show that nobody waits in vain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.answering import TODAY, waits_for
from engine.language.parsing import parse_condition
from engine.language.scanning import Place
from engine.language.tree import Expr
from engine.ruleset import Rule, RuleSet
from rules.loader.held import clocks as clocks_loader
from rules.loader.held.clocks import Answer, Clock
from rules.loader.rules import SEVERITIES


@dataclass(frozen=True, slots=True)
class Waiting:
    """A rule that waits, and an act that ends it."""

    clock: Clock
    rule: Rule
    answer: Answer
    answered: Expr


def waiting(ruleset: RuleSet) -> Iterator[Waiting]:
    """Every rule that waits with every act that ends it; raises `LawFileError` where an act is not a condition."""
    for clock in clocks_loader.load():
        place = Place(str(clock.file), clock.line)
        for answer in clock.answers:
            answered = parse_condition(answer.when, ruleset.scope, Place(place.file, answer.line))
            for rule in ruleset.rules.values():
                if waits_for(rule, clock):
                    yield Waiting(clock, rule, answer, answered)


def tells_late(rule: Rule) -> bool:
    """Whether a rule tells what was done after its limit."""
    return rule.late_on is not None and rule.late_on != TODAY


def loudest(rule: Rule) -> int:
    """The place of the loudest severity that a finding of the rule can have."""
    return min(SEVERITIES.index(word) for word, _ in rule.severities)


def faults(sets: list[RuleSet]) -> Iterator[tuple[Rule, str, str, str]]:
    """Rules that wait for nothing that could end it, and what is told louder when late than when never done.

    Each with the key of the rule that is to be put right, the problem and the hint. Raises `LawFileError` where a clock
    names a rule that there is not.
    """
    rules = {rule.name: rule for ruleset in reversed(sets) for rule in ruleset.rules.values()}
    clocks = clocks_loader.load()
    for clock in clocks:
        for name in clock.rules:
            if name not in rules:
                raise Place(str(clock.file), clock.line).error(f"Không có quy tắc “{name}”.", "Xem: dubi rules list.")
    for rule in rules.values():
        can_be_overdue = any(word == "overdue" for word, _ in rule.severities)
        if can_be_overdue and not any(waits_for(rule, clock) for clock in clocks):
            yield rule, "severity", "Không đồng hồ nào nói việc gì trả lời cho quy tắc này.", "Thêm vào clocks.yaml."
        if not tells_late(rule):
            if rule.text.never or rule.text.no_never:
                yield rule, "never", "Quy tắc này không báo việc làm chậm.", "Bỏ khoá never."
            continue
        if not rule.text.never and not rule.text.no_never:
            yield rule, "late_on", "Không nói quy tắc nào báo khi việc này chưa làm.", "Thêm khoá never."
        for name, _ in rule.text.never:
            if name not in rules:
                yield rule, "never", f"Không có quy tắc “{name}”.", "Xem tên bằng lệnh: dubi rules list."
            elif loudest(rules[name]) > loudest(rule):
                yield rule, "never", f"Chưa làm ({name}) lại báo nhẹ hơn làm chậm.", "Sửa mức độ của một trong hai."


def tables(ruleset: RuleSet) -> Iterator[str]:
    """The two tables in Markdown: which act ends which waiting, and what speaks while a thing is not done at all."""
    yield "## Đang chờ gì, việc nào làm xong thì hết chờ"
    yield ""
    yield "Đã có việc ở cột giữa thì không quy tắc nào ở cột phải còn lên tiếng; chứng minh được cho mọi hồ sơ."
    yield ""
    yield "| Đang chờ | Việc trả lời | Quy tắc hết chờ |"
    yield "|---|---|---|"
    found = list(waiting(ruleset))
    for clock in clocks_loader.load():
        label = f"{clock.label}<br>{clock.note}" if clock.note else clock.label
        for answer in clock.answers:
            names = ", ".join(f"`{one.rule.name}`" for one in found if one.answer is answer)
            yield f"| {label} | {answer.act} | {names} |"
            label = ""
    yield ""
    yield "## Làm chậm và chưa làm"
    yield ""
    yield "Việc chưa làm được báo ít nhất là nặng bằng việc làm chậm."
    yield ""
    yield "| Làm chậm | Mức độ | Chưa làm | Mức độ |"
    yield "|---|---|---|---|"
    words = ruleset.vocabulary.codes["severity"]
    for rule in ruleset.rules.values():
        if tells_late(rule):
            late = f"| {rule.title} (`{rule.name}`) | {words[SEVERITIES[loudest(rule)]]} |"
            if rule.text.no_never:
                yield f"{late} {rule.text.no_never} | – |"
            for name, _ in rule.text.never:
                twin = ruleset.rules[name]
                yield f"{late} {twin.title} (`{name}`) | {words[SEVERITIES[loudest(twin)]]} |"
