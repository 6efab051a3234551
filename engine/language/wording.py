"""Expressions in plain Vietnamese, so that an officer can read a rule without knowing its notation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction

from engine.language.tree import (
    And,
    Compare,
    Elapsed,
    Expr,
    FactRef,
    Found,
    If,
    Literal,
    Missing,
    Not,
    OneOf,
    Or,
    ParameterAt,
    Pick,
    Scalar,
    Share,
    Shift,
    WorkingDays,
)
from engine.ruleset import RuleSet
from rules.loader.spelling.days import shown_day

UNITS = {"day": "ngày", "working_day": "ngày làm việc", "month": "tháng", "year": "năm", "meeting": "kỳ họp"}
_DAYS = {"eq": "đúng", "ne": "khác", "lt": "trước", "le": "không sau", "gt": "sau", "ge": "không trước"}
_NUMBERS = {"eq": "là", "ne": "không phải là", "lt": "nhỏ hơn", "le": "không quá", "gt": "lớn hơn", "ge": "ít nhất là"}
_OPPOSITE = {"eq": "ne", "ne": "eq"}
_ELAPSED = {"full_years": "số năm tròn", "calendar_years": "số năm theo lịch", "days_between": "số ngày"}
_PICKS = {"first": "giá trị đầu tiên có trong", "earliest": "ngày sớm nhất trong", "latest": "ngày muộn nhất trong"}


def value_in_words(value: Scalar, codes: Mapping[str, str] | None = None) -> str:
    """A value written in a rule, as a person reads it."""
    match value:
        case bool():
            return "có" if value else "không"
        case dt.date():
            return shown_day(value)
        case Fraction():
            return f"{value.numerator}/{value.denominator}"
        case _:
            return (codes or {}).get(str(value), str(value))


class Wording:
    """Words for the expressions of one rule set."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset

    def _label(self, name: str) -> str:
        label = self.ruleset.label(name)
        return label[:1].lower() + label[1:] if label[1:2].islower() or label[1:2] == " " else label

    def _codes(self, expr: Expr) -> Mapping[str, str] | None:
        if isinstance(expr, ParameterAt):
            return {code: words for known in self.ruleset.vocabulary.codes.values() for code, words in known.items()}
        return self.ruleset.scope.codes.get(expr.name) if isinstance(expr, FactRef) else None

    def words(self, expr: Expr) -> str:
        """An expression in words."""
        match expr:
            case Literal(value):
                return value_in_words(value)
            case FactRef(name):
                return self._label(name)
            case ParameterAt(parameter, day):
                return f"“{parameter.title}” áp dụng vào {self.words(day)}"
            case Shift():
                return self._shift(expr)
            case Pick(how, options):
                return f"{_PICKS[how]} ({', '.join(self.words(option) for option in options)})"
            case Elapsed(since, until, how):
                return f"{_ELAPSED[how]} từ {self.words(since)} đến {self.words(until)}"
            case WorkingDays(since, until):
                return f"số ngày làm việc từ sau {self.words(since)} đến hết {self.words(until)}"
            case Share(part, whole):
                return f"{self.words(part)} chia cho {self.words(whole)}"
            case If(condition, then, otherwise):
                return f"nếu {self.words(condition)} thì {self.words(then)}, còn không thì {self.words(otherwise)}"
            case And(parts):
                return " và ".join(self._part(part) for part in parts)
            case Or(parts):
                return " hoặc ".join(self._part(part) for part in parts)
            case _:
                return self._condition(expr, negated=False)

    def _part(self, expr: Expr) -> str:
        words = self.words(expr)
        return f"({words})" if isinstance(expr, And | Or) else words

    def _condition(self, expr: Expr, *, negated: bool) -> str:
        match expr:
            case Not(part):
                return self._condition(part, negated=not negated)
            case Missing(value):
                return f"{'đã' if negated else 'chưa'} có {self.words(value)}"
            case Compare(op) if negated and op not in ("eq", "ne"):
                # The opposite comparison would be wrong: where a side is empty, neither holds.
                return f"không đúng là {self.words(expr)}"
            case Compare(op, left, right):
                op = _OPPOSITE[op] if negated else op  # type: ignore[assignment]  # from the table above
                words = (_DAYS if left.type == "date" else _NUMBERS)[op]
                codes = self._codes(left)
                shown = value_in_words(right.value, codes) if isinstance(right, Literal) else self.words(right)
                return f"{self.words(left)} {words} {shown}"
            case OneOf(value, members):
                codes = self._codes(value)
                shown = ", ".join(value_in_words(member, codes) for member in members)
                return f"{self.words(value)} {'không ' if negated else ''}thuộc một trong: {shown}"
            case Found(rule):
                return f"{'không ' if negated else ''}có phát hiện “{self.ruleset.rules[rule].title}”"
            case FactRef():
                return f"{self.words(expr)}: {'không' if negated else 'có'}"
            case _:
                return f"không phải ({self.words(expr)})" if negated else self.words(expr)

    def _shift(self, shift: Shift) -> str:
        way = "cộng" if shift.sign > 0 else "trừ"
        if isinstance(shift.amount, Literal):
            return f"{self.words(shift.day)} {way} {shift.amount.value} {UNITS[shift.unit]}"
        parameter = shift.amount.parameter
        values = {entry.value for entry in parameter.timeline}
        amount = f"{next(iter(values))} {UNITS[shift.unit]}" if len(values) == 1 else f"“{parameter.title}”"
        return f"{self.words(shift.day)} {way} {amount}"
