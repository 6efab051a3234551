"""Parsing facts and rules, checking them against each other and putting them in order."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from engine.language.parsing import parse, parse_condition, parse_day
from engine.language.scanning import Place
from engine.language.scope import RESERVED, Scope
from engine.language.time_limits import Calendar
from engine.language.tree import And, Compare, Expr, FactRef, If, Literal, OneOf, Type, rules_read, walk
from engine.rule import OWN_PLACEHOLDERS, PLACEHOLDER, Citation, Parsed, Rule, RuleSet, codes_of
from engine.unknowns import uncertain_facts
from rules.loader.errors import LawFileError
from rules.loader.law import Law, Parameter, forced
from rules.loader.rules import Choice, RuleText
from rules.loader.spelling.near import did_you_mean
from rules.loader.vocabulary import Fact, Vocabulary

_NAMES = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def _place(fact: Fact) -> Place:
    return Place(str(fact.file), fact.condition_line)


def _circle(error: CycleError, order: list[str]) -> list[str]:
    """The names of a circle, from the one that stands first in its file and back to it."""
    names = error.args[1][:-1]
    first = names.index(min(names, key=order.index))
    return [*names[first:], *names[:first], names[first]]


def _parse_facts(vocabulary: Vocabulary, parameters: Mapping[str, Parameter]) -> tuple[Scope, dict[str, Expr]]:
    """Parse the computed facts in the order of their dependence, so that each type is known when it is read."""
    facts = vocabulary.facts
    for fact in facts.values():
        if fact.name in RESERVED:
            raise Place(str(fact.file), fact.line).error(
                f"“{fact.name}” là từ của câu điều kiện, không đặt tên dữ kiện được.", "Chọn một tên khác."
            )
    # What a fact's being unknown hangs on is worked out like a computation, so it may not run in a circle either.
    texts = {name: fact.expression or fact.unknown_when for name, fact in facts.items()}
    needs = {name: set(_NAMES.findall(text)) for name, text in texts.items() if text}
    needs = {name: {word for word in words if word in needs} for name, words in needs.items()}
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        names = _circle(error, list(facts))
        raise _place(facts[names[0]]).error(
            f"Các dữ kiện tính vòng tròn: {' → '.join(names)}.", "Bỏ một phép tính trong vòng."
        ) from None
    types: dict[str, Type] = {name: fact.type for name, fact in facts.items() if fact.type}  # type: ignore[misc]  # checked by the loader
    scope = Scope(types, codes_of(vocabulary), parameters)
    computed: dict[str, Expr] = {}
    for name in order:
        fact = facts[name]
        if fact.expression is None:
            continue
        computed[name] = parse(fact.expression, scope, _place(fact))
        _check_codes(computed[name], fact, vocabulary)
        types[name] = computed[name].type
    return scope, computed


def _check_codes(expr: Expr, fact: Fact, vocabulary: Vocabulary) -> None:
    """Hold the bare codes of an ``if … then`` against the fact's code list."""
    if expr.type != "code" or not isinstance(expr, If):
        return
    known = vocabulary.codes.get(fact.codes or "", {})
    for node in walk(expr):
        branches = (node.then, node.otherwise) if isinstance(node, If) else ()
        for branch in branches:
            if isinstance(branch, Literal) and branch.type == "code" and branch.value not in known:
                hint = did_you_mean(str(branch.value), known, f"Khai báo mã trong danh mục “{fact.codes}”.")
                raise _place(fact).error(f"Không có mã hay dữ kiện “{branch.value}”.", hint)


def _stages(expr: Expr, all_stages: frozenset[str]) -> frozenset[str]:
    """The stages that the outermost conditions of a rule leave open."""
    parts = expr.parts if isinstance(expr, And) else (expr,)
    stages = all_stages
    for part in parts:
        match part:
            case Compare("eq", FactRef("stage"), Literal(value)):
                stages &= {str(value)}
            case OneOf(FactRef("stage"), members):
                stages &= {str(member) for member in members}
            case _:
                pass
    return stages


def _within_its_time(when: Expr, text: RuleText) -> Expr:
    """The condition of a rule that an overlay adds or replaces holds only on the as-of days it is meant for."""
    as_of = FactRef("as_of", "date")
    bounds: list[Expr] = []
    if text.applies_from:
        bounds.append(Compare("ge", as_of, Literal(text.applies_from, "date")))
    if text.applies_before:
        bounds.append(Compare("lt", as_of, Literal(text.applies_before, "date")))
    return And((*(when.parts if isinstance(when, And) else (when,)), *bounds)) if bounds else when


def _compile_rule(text: RuleText, scope: Scope, all_stages: frozenset[str], sensitive: frozenset[str]) -> Rule:
    def place(key: str) -> Place:
        return Place(str(text.file), text.lines.get(key, text.lines["rule"]))

    def choices(found: tuple[Choice, ...]) -> tuple[tuple[str, Expr | None], ...]:
        lines = [(one, Place(str(text.file), one.line)) for one in found]
        return tuple((one.word, parse_condition(one.when, scope, at) if one.when else None) for one, at in lines)

    def parameter(name: str, line: int) -> Parameter:
        if name not in scope.parameters:
            hint = did_you_mean(name, scope.parameters, "Khai báo tham số trong law/.")
            raise Place(str(text.file), line).error(f"Căn cứ “{name}” không có trong luật.", hint)
        return scope.parameters[name]

    cites = tuple(
        Citation(
            parameter(clause.parameter, clause.line), parse_day(clause.on, scope, Place(str(text.file), clause.line))
        )
        for clause in text.cites
    )
    for name in PLACEHOLDER.findall(text.say):
        if name not in scope.types and not (text.due and name in OWN_PLACEHOLDERS):
            hint = did_you_mean(name, scope.types, "Dùng tên dữ kiện, due, days_late hoặc lateness.")
            if name in OWN_PLACEHOLDERS:
                hint = "Muốn dùng thì quy tắc phải có khoá due."
            raise place("say").error(f"Câu thông báo nhắc “{{{name}}}” mà quy tắc không có.", hint)
        if name in sensitive:  # sentences go into lists, calendars and files, where nobody asks for it
            raise place("say").error(
                f"Câu thông báo không được ghi giá trị của “{name}”: đó là dữ liệu nhạy cảm.", "Nói chung, bỏ giá trị."
            )
    if set(PLACEHOLDER.sub("", text.say)) & set("{}"):
        raise place("say").error("Câu thông báo có dấu ngoặc nhọn lẻ.", "Ghi tên dữ kiện trong một cặp { }.")
    late: Expr | None = FactRef("as_of", "date")
    if text.late_on == "none":
        late = None
    elif text.late_on:
        late = parse_day(text.late_on, scope, place("late_on"))
    when = _within_its_time(parse_condition(text.when, scope, place("when")), text)
    stages = _stages(when, all_stages)
    if not stages:
        raise place("when").error("Quy tắc không bao giờ xảy ra: không giai đoạn nào thoả.", "Sửa điều kiện về stage.")
    return Rule(
        name=text.name,
        title=text.title,
        when=when,
        due=parse_day(text.due, scope, place("due")) if text.due else None,
        severities=choices(text.severities),
        unsure=text.unsure,
        holders=choices(text.held_by),
        late_on=late if text.due else None,
        cites=cites,
        see=tuple(parameter(name, line) for name, line in text.see),
        say=text.say,
        stages=stages,
        layer=0,
        text=text,
    )


def _chain(rules: dict[str, Rule]) -> dict[str, Rule]:
    """The rules with their layers, in an order in which each comes after those it rests on."""
    needs = {name: rules_read(rule.when) for name, rule in rules.items()}
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        names = _circle(error, list(rules))
        text = rules[names[0]].text
        raise LawFileError(
            text.file,
            text.lines["when"],
            f"Các quy tắc dựa vòng tròn vào nhau: {' → '.join(names)}.",
            "Bỏ một “found” trong vòng.",
        ) from None
    layer: dict[str, int] = {}
    for name in order:
        layer[name] = 1 + max((layer[other] for other in needs[name]), default=-1)
    return {name: replace(rules[name], layer=layer[name]) for name in rules}


def compile_ruleset(
    vocabulary: Vocabulary,
    law: Law,
    calendar: Calendar,
    texts: Mapping[str, RuleText],
    law_day: dt.date | None = None,
) -> RuleSet:
    """Check facts and rules against each other; raises `LawFileError` with file, line and a hint."""
    if law_day is not None:
        parameters = {name: forced(parameter, law_day) for name, parameter in law.parameters.items()}
        law = replace(law, parameters=parameters)
    return parsed(vocabulary, law, texts).with_law(vocabulary, law, calendar)


def parsed(vocabulary: Vocabulary, law: Law, texts: Mapping[str, RuleText]) -> Parsed:
    """Parse facts and rules; raises `LawFileError` with file, line and a hint."""
    scope, computed = _parse_facts(vocabulary, law.parameters)
    scope = replace(scope, rules=tuple(texts))
    stages = frozenset(vocabulary.codes["stage"])
    rules = _chain({name: _compile_rule(text, scope, stages, vocabulary.sensitive) for name, text in texts.items()})
    unknown_when = {
        name: parse_condition(fact.unknown_when, scope, _place(fact))
        for name, fact in vocabulary.facts.items()
        if fact.unknown_when
    }
    return Parsed(dict(scope.types), computed, unknown_when, uncertain_facts(vocabulary, computed), rules)
