"""Lint: what the loaders take and a careful reader would not. Findings are values, in the order of file and line.

- Something named nowhere: a computed fact, an optional column, a code list, a value of the law. A value that is only
  looked up says why (`reference`), and so does a column that is only read by people.
- A series of documents with a gap, or one that ended while rules still take its values for sure.
- A rule without an example that fires and one that does not.
- A message that hides what it is about: a limit that is not named, an overdue one without its lateness, a number
  without its unit, a sentence without an end.
- Two rules with one condition.
- A rule whose findings can be blocked or to be confirmed, without the steps it stands before or why there are none.
- What waits for nothing that could end it; what is told louder when it was late than while it is not done.

Rules that can never hold, and rules that say opposite things, are looked for in `lint_logic`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from engine.language.tree import FactRef, If, Literal, walk
from engine.planning import HOLDING
from engine.proving import answers
from engine.proving.lint_words import Named, named
from engine.ruleset import PLACEHOLDER, Rule, RuleSet
from engine.statistics.indicators import Indicators
from rules.loader import indicators as indicators_loader
from rules.loader import plan as plan_loader
from rules.loader import populations as populations_loader
from rules.loader.examples import Example
from rules.loader.law import CERTAINTIES, Law
from rules.loader.rules import HOLDERS, SEVERITIES
from rules.loader.spelling.days import shown_day
from rules.loader.vocabulary import Fact
from rules.loader.yaml_nodes import entries, files


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something to put right: where, what, and what to do."""

    file: str
    line: int
    problem: str
    hint: str


def lint(
    national: RuleSet, overlaid: Iterable[RuleSet], indicators: Indicators, examples: Iterable[Example]
) -> list[Problem]:
    """All problems of the national rules, and of each set of them with an overlay."""
    sets = [national, *overlaid]
    examples = list(examples)
    found = Named()
    for ruleset in sets:
        also = named(ruleset, indicators)
        found.facts |= also.facts
        found.parameters |= also.parameters
    found.facts |= {name for example in examples for name in example.expect}
    # The national rules last: what an overlay has in common with them counts as theirs.
    rules = {rule.name: rule for ruleset in reversed(sets) for rule in ruleset.rules.values()}
    law = Law(
        {name: document for ruleset in reversed(sets) for name, document in ruleset.law.documents.items()},
        {name: parameter for ruleset in reversed(sets) for name, parameter in ruleset.law.parameters.items()},
    )
    return sorted(
        {
            *_unused_facts(national, found),
            *_unused_codes(national, indicators, law),
            *_unassigned_codes(national),
            *_unused_parameters(law, found),
            *_series(law, found),
            *_examples(rules.values(), examples),
            *_messages(rules.values(), national),
            *_twins(national),
            *_before(rules.values()),
            *(_of_rule(*fault) for fault in answers.faults(sets)),
        }
    )


def _unused_facts(ruleset: RuleSet, found: Named) -> Iterator[Problem]:
    for fact in ruleset.vocabulary.facts.values():
        if fact.name in found.facts or fact.reference:
            continue
        if fact.kind == "computed":
            yield _of_fact(fact, "Không có gì dùng dữ kiện “{}”.", "Bỏ, hoặc dùng trong một quy tắc, chỉ tiêu, ví dụ.")
        elif fact.optional and fact.type != "text":
            yield _of_fact(fact, "Không có gì dùng cột “{}”.", "Bỏ cột, hoặc ghi reference: vì sao giữ.")


def _of_fact(fact: Fact, problem: str, hint: str) -> Problem:
    return Problem(str(fact.file), fact.line, problem.format(fact.label if fact.column is None else fact.column), hint)


def _unused_codes(ruleset: RuleSet, indicators: Indicators, law: Law) -> Iterator[Problem]:
    """Code lists that no fact, breakdown, dimension or value of the law takes, and that are not words of the rules."""
    vocabularies = [ruleset.vocabulary, *(population.vocabulary for population in indicators.populations.values())]
    used = {fact.codes for words in vocabularies for fact in words.facts.values()}
    used |= {dimension.codes for dimension in populations_loader.dimensions().values()} | _broken_down()
    closed = [
        *(
            {str(v.value) for v in p.versions if v.value is not None}
            for p in law.parameters.values()
            if p.unit == "code"
        ),
        *(set(words) for words in (SEVERITIES, HOLDERS, CERTAINTIES)),
    ]
    for name, codes in ruleset.vocabulary.codes.items():
        # A list may bear the name of a text fact: the usual words for it.
        if name not in used | ruleset.vocabulary.facts.keys() and not any(
            words and words <= set(codes) for words in closed
        ):
            file = next(iter(ruleset.vocabulary.facts.values())).file.with_name("codes.yaml")
            yield Problem(str(file), 1, f"Không có gì dùng danh mục mã “{name}”.", "Bỏ danh mục.")


def _broken_down() -> set[str]:
    keys = (node.pairs() for file in files(indicators_loader.HERE) for node in entries(file))
    return {found["codes"].text() for found in keys if "codes" in found}


def _unassigned_codes(ruleset: RuleSet) -> Iterator[Problem]:
    """Codes of a computed fact's list that no branch of it gives."""
    for name, expr in ruleset.computed.items():
        fact = ruleset.vocabulary.facts[name]
        if fact.codes is None or not isinstance(expr, If):
            continue
        branches = [branch for node in walk(expr) if isinstance(node, If) for branch in (node.then, node.otherwise)]
        given = {str(branch.value) for branch in branches if isinstance(branch, Literal)}
        if any(not isinstance(branch, Literal | If) for branch in branches):
            continue
        for code in ruleset.vocabulary.codes[fact.codes]:
            if code not in given:
                yield _of_fact(fact, f"Dữ kiện “{{}}” không bao giờ là “{code}”.", "Bỏ mã, hoặc thêm nhánh.")


def _unused_parameters(law: Law, found: Named) -> Iterator[Problem]:
    for parameter in law.parameters.values():
        place, name = (str(parameter.file), parameter.line), parameter.name
        if name not in found.parameters and not parameter.reference:
            yield Problem(*place, f"Không có gì dùng giá trị “{name}”.", "Dùng nó, hoặc ghi reference: vì sao giữ.")
        if name in found.parameters and parameter.reference:
            yield Problem(*place, f"Giá trị “{name}” được dùng mà vẫn ghi reference.", "Bỏ dòng reference.")


def _series(law: Law, found: Named) -> Iterator[Problem]:
    """Days on which a series says nothing although it did before."""
    for name in dict.fromkeys(document.series for document in law.documents.values()):
        chain = law.series(name)
        for before, after in pairwise(chain):
            gap = before.ends + dt.timedelta(days=1) if before.ends else after.begins
            if gap < after.begins:
                yield Problem(
                    str(after.file),
                    after.line,
                    f"Chuỗi “{name}” trống từ {shown_day(gap)} đến {shown_day(after.begins - dt.timedelta(days=1))}.",
                    f"Sửa ngày của “{before.id}” hoặc “{after.id}”.",
                )
        last = chain[-1]
        sure = [
            parameter
            for parameter in law.parameters.values()
            if parameter.series == name
            and parameter.name in found.parameters
            and parameter.timeline[-1].certainty != "unconfirmed"
        ]
        if last.ends and sure:
            yield Problem(
                str(last.file),
                last.line,
                f"Sau “{last.id}” không còn văn bản nào, mà “{sure[0].name}” vẫn được coi là chắc.",
                "Thêm văn bản thay thế, dù chưa biết nội dung.",
            )


def _examples(rules: Iterable[Rule], examples: list[Example]) -> Iterator[Problem]:
    fires = {example.rule for example in examples if example.fires is True}
    silent = {example.rule for example in examples if example.fires is False}
    for rule in rules:
        for names, word in ((fires, "lên tiếng"), (silent, "im lặng")):
            if rule.name not in names:
                yield _of_rule(rule, "rule", f"Quy tắc “{rule.name}” thiếu ví dụ {word}.", "Thêm vào rules/examples/.")


def _of_rule(rule: Rule, key: str, problem: str, hint: str) -> Problem:
    return Problem(str(rule.text.file), rule.text.lines[key], problem, hint)


def _messages(rules: Iterable[Rule], ruleset: RuleSet) -> Iterator[Problem]:
    for rule in rules:
        names = PLACEHOLDER.findall(rule.say)
        told = {"due", rule.due.name} if isinstance(rule.due, FactRef) else {"due"}
        urgent = {word for word, _ in rule.severities} - {"inform"}
        if rule.due is not None and urgent and not told & set(names):
            yield _of_rule(rule, "say", "Câu thông báo không nêu ngày hạn.", "Thêm {due}.")
        for match in PLACEHOLDER.finditer(rule.say):
            number = match[1] == "days_late" or ruleset.types.get(match[1]) == "number"
            if number and not rule.say[match.end() :].lstrip(" /").startswith(tuple(_LETTERS)):
                yield _of_rule(rule, "say", f"Sau “{{{match[1]}}}” không có đơn vị.", "Ghi rõ ngày, tháng, lần, người…")
        if not rule.say.rstrip().endswith((".", "?", "!", "…")):
            yield _of_rule(rule, "say", "Câu thông báo không có dấu chấm cuối.", "Thêm dấu chấm.")
        if not rule.title[:1].isupper() or rule.title.endswith("."):
            yield _of_rule(rule, "title", "Tên quy tắc viết hoa chữ đầu, không có dấu chấm cuối.", "Sửa tên.")
        plain = any(word == "overdue" and condition is None for word, condition in rule.severities)
        if plain and (rule.due is None or rule.late_on is None):
            yield _of_rule(rule, "severity", "Quy tắc báo quá hạn mà không có hạn.", "Thêm due.")
        elif plain and "lateness" not in names:
            yield _of_rule(rule, "say", "Câu báo quá hạn không nêu chậm bao lâu.", "Thêm {lateness}.")


_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ({"


def _twins(ruleset: RuleSet) -> Iterator[Problem]:
    """Two rules with one condition, due day and severity say one thing twice."""
    seen: dict[object, Rule] = {}
    for rule in ruleset.rules.values():
        other = seen.setdefault((repr(rule.when), repr(rule.due), repr(rule.severities)), rule)
        if other is not rule:
            yield _of_rule(rule, "when", f"Cùng điều kiện với “{other.name}”.", "Gộp hai quy tắc.")


def _before(rules: Iterable[Rule]) -> Iterator[Problem]:
    """Rules that stand before something must say before which steps, and those steps must be ones that come."""
    recorded = {step.records for step in plan_loader.load().values()}
    for rule in rules:
        said = bool(rule.text.before or rule.text.no_before)
        if rule.can_be(HOLDING) and not said:
            yield _of_rule(rule, "severity", "Không nói quy tắc chặn bước nào.", "Thêm khoá before.")
        elif said and not rule.can_be(HOLDING):
            yield _of_rule(rule, "before", "Quy tắc này không chặn bước nào.", "Bỏ khoá before.")
        for step, line in rule.text.before:
            if step not in recorded:
                hint = "Ghi tên bước có trong plan.yaml."
                yield Problem(str(rule.text.file), line, f"Không có bước sắp tới nào ghi “{step}”.", hint)
