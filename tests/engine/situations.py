"""Small rule sets and records for tests of the engine."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from engine.compiling import compile_ruleset
from engine.language.time_limits import calendar
from engine.language.tree import Scalar
from engine.ruleset import RuleSet
from rules.loader import law, vocabulary
from rules.loader.rules import load_rules

FACTS = """
- {fact: as_of, type: date, kind: given, label: Ngày tính đến}
- {fact: period_from, type: date, kind: given, label: Từ ngày}
- {fact: period_to, type: date, kind: given, label: Đến ngày}
- {fact: code, type: text, kind: attribute, column: Mã hồ sơ}
- {fact: full_name, type: text, kind: attribute, column: Họ và tên}
- {fact: born_on, type: date, kind: attribute, column: Ngày sinh, unknown: true}
- {fact: religion, type: text, kind: attribute, column: Tôn giáo, unknown: true}
- {fact: schooling, type: code, codes: schooling, kind: attribute, column: Học vấn, unknown: true}
- {fact: sent_on, type: date, kind: step, column: Ngày gửi}
- {fact: answered_on, type: date, kind: step, column: Ngày trả lời}
- {fact: votes, type: number, kind: attribute, column: Số phiếu}
- {fact: voters, type: number, kind: attribute, column: Số người}
- {fact: urgent, type: mark, kind: mark, column: Khẩn}
- {fact: received_on, type: date, kind: step, column: Ngày nhận, unknown_when: urgent}
- {fact: stage, label: Giai đoạn, codes: stage, is: if sent_on is missing then candidate else probationary}
- {fact: adult_on, label: Ngày đủ tuổi, is: born_on + 18 years}
- {fact: limit_on, label: Hạn, is: sent_on + 3 working_days}
"""

RULE = """
- rule: {name}
  title: Quy tắc thử
  when: {when}
  severity: inform
  cites: {{clause: probation.length, on: as_of}}
  say: Câu thử.
"""


@dataclass(frozen=True)
class Case:
    """A record with nothing but what a test gives it."""

    fields: dict[str, Scalar]
    steps: tuple[object, ...] = ()
    attributes: tuple[object, ...] = ()
    placements: tuple[object, ...] = ()
    code: str = field(default="HS-1")


def ruleset(folder: Path, facts: str = FACTS, **rules: str) -> RuleSet:
    """A rule set over small facts; each rule is given as its condition."""
    facts_file, rules_file = folder / "facts.yaml", folder / "rules.yaml"
    facts_file.write_text(facts, encoding="utf-8")
    text = "".join(RULE.format(name=f"t.{name}", when=when) for name, when in rules.items())
    rules_file.write_text(text or RULE.format(name="t.none", when="urgent"), encoding="utf-8")
    return compile_ruleset(vocabulary.load(facts_file), law.load(), calendar(), load_rules(rules_file))


def day(text: str) -> dt.date:
    """A day from yyyy-mm-dd."""
    return dt.date.fromisoformat(text)
