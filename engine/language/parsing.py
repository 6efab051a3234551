"""From the text of a condition to its typed tree; names, types and codes are checked on the way.

condition  := part { "or" part }                      part := term { "and" term }
term       := "not" term | comparison | value that is a mark
comparison := value ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) value
            | value ["on" "or"] ( "after" | "before" ) value | value "on" value | value "in" "period"
            | value "is" ["not"] ( "missing" | value ) | value ["not"] "in" "[" value { "," value } "]"
value      := simple { ( "+" | "-" ) amount } [ "/" simple ]
simple     := date | number | "text" | fact | code | parameter "at" simple | "(" condition ")"
            | "first" "(" … ")" | "earliest" "(" … ")" | "latest" "(" … ")" | "full_years" "(" a "," b ")"
            | "working_days" "(" a "," b ")" | "if" condition "then" value "else" value | "found" rule
amount     := number ( "day" | "days" | "month" | … ) | parameter | "(" parameter "at" simple ")"
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from engine.language.scanning import Place, Word, scan
from engine.language.scope import BETWEEN_DAYS, RESERVED, Scope
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
    Type,
    WorkingDays,
)
from rules.loader.errors import LawFileError
from rules.loader.law import DURATIONS, length_problem
from rules.loader.spelling.days import whole_day
from rules.loader.spelling.near import did_you_mean

_SIGNS = {"=": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "after": "gt", "before": "lt"}
_UNITS = {unit + plural: unit for unit in ("day", "working_day", "month", "year") for plural in ("", "s")}
_ORDERED = ("date", "number", "fraction")
_PARAMETER_TYPES: dict[str, Type] = {"fraction": "fraction", "flag": "mark", "code": "code", "text": "text"}


def parse_condition(text: str, scope: Scope, place: Place) -> Expr:
    """Parse a condition; raises `LawFileError` where it is not one."""
    expr = parse(text, scope, place)
    if expr.type != "mark":
        raise place.error("Điều kiện phải cho kết quả đúng hoặc sai.", "Thêm phép so sánh, ví dụ “is not missing”.")
    return expr


def parse_day(text: str, scope: Scope, place: Place) -> Expr:
    """Parse an expression that gives a day; raises `LawFileError` where it does not."""
    expr = parse(text, scope, place)
    if expr.type != "date":
        raise place.error(f"“{text}” phải là một ngày.", "Dùng một dữ kiện kiểu ngày.")
    return expr


def parse(text: str, scope: Scope, place: Place) -> Expr:
    """Parse any expression to its typed tree; raises `LawFileError` with file, line and a hint."""
    parser = _Parser(scan(text, place), scope, place)
    expr = parser.condition()
    if parser.word.kind != "end":
        raise place.error(f"Thừa “{parser.word.text}” trong “{text.strip()}”.", "Kiểm tra and, or và dấu ngoặc.")
    return expr


class _Parser:
    def __init__(self, words: list[Word], scope: Scope, place: Place) -> None:
        self.words, self.scope, self.place, self.at = words, scope, place, 0

    @property
    def word(self) -> Word:
        return self.words[self.at]

    def take(self, *texts: str) -> bool:
        """Step over the given words if they come next."""
        at = self.at
        for text in texts:  # the last word, of kind `end`, equals none of them
            word = self.words[at]
            if word.text != text or word.kind == "text":
                return False
            at += 1
        self.at = at
        return True

    def expect(self, text: str) -> None:
        if not self.take(text):
            found = self.word.text or "hết dòng"
            raise self.place.error(f"Cần “{text}” nhưng gặp “{found}”.", "Kiểm tra lại câu điều kiện.")

    def condition(self) -> Expr:
        parts = [self.conjunction()]
        while self.take("or"):
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else Or(tuple(self._marks(parts)))

    def conjunction(self) -> Expr:
        parts = [self.term()]
        while self.take("and"):
            parts.append(self.term())
        return parts[0] if len(parts) == 1 else And(tuple(self._marks(parts)))

    def _marks(self, parts: list[Expr]) -> list[Expr]:
        for part in parts:
            if part.type != "mark":
                raise self.place.error(
                    "and, or, not chỉ nối các điều kiện đúng/sai.", "Thêm phép so sánh, ví dụ “is not missing”."
                )
        return parts

    def term(self) -> Expr:
        if self.take("not"):
            return Not(self._marks([self.term()])[0])
        left = self.value()
        if self.take("is", "not", "missing"):
            return Not(Missing(self._recorded(left)))
        if self.take("is", "missing"):
            return Missing(self._recorded(left))
        if self.take("is", "not"):
            return self._compare("ne", left, self._side(left))
        if self.take("is"):
            return self._compare("eq", left, self._side(left))
        if self.take("not", "in"):
            return Not(self._members(left))
        if self.take("in", "period"):
            return self._in_period(left)
        if self.take("in"):
            return self._members(left)
        for words, op in ((("on", "or", "after"), "ge"), (("on", "or", "before"), "le"), (("on",), "eq")):
            if self.take(*words):
                return self._compare(op, left, self._side(left))
        if self.word.kind in ("sign", "name") and self.word.text in _SIGNS:
            op = _SIGNS[self.word.text]
            self.at += 1
            return self._compare(op, left, self._side(left))
        return left

    def _recorded(self, value: Expr) -> Expr:
        if isinstance(value, Literal | ParameterAt) or value.type == "mark":
            raise self.place.error("“is missing” chỉ hỏi về một dữ kiện có thể trống.", "Bỏ “is missing”.")
        return value

    def _codes_of(self, expr: Expr) -> Mapping[str, str] | None:
        if isinstance(expr, FactRef):
            return self.scope.codes.get(expr.name)
        if isinstance(expr, ParameterAt):
            # All its versions, not only those in force: under `--law DATE` the others are still words of the law.
            return {str(version.value): "" for version in expr.parameter.versions if version.value is not None}
        return None

    def _side(self, left: Expr) -> Expr:
        """The right-hand side, where a bare word may be a code of the left-hand fact."""
        word = self.word
        named = word.text in self.scope.types or word.text in RESERVED or word.text in self.scope.parameters
        if left.type in ("code", "text") and word.kind == "name" and not named:
            self.at += 1
            return self._code(left, word.text)
        return self.value()

    def _code(self, left: Expr, text: str) -> Literal:
        known = self._codes_of(left)
        if known is not None and text not in known:
            hint = did_you_mean(text, known, f"Các mã được dùng: {', '.join(known)}.")
            raise self.place.error(f"Không có mã “{text}”.", hint)
        return Literal(text, left.type)

    def _compare(self, op: str, left: Expr, right: Expr) -> Compare:
        if isinstance(right, Literal) and right.type == "text" and left.type == "code":
            right = self._code(left, str(right.value))
        textual = {"code", "text"}
        if left.type != right.type and not {left.type, right.type} <= textual:
            raise self.place.error(
                f"Không so sánh được kiểu {left.type} với kiểu {right.type}.", "Hai bên phải cùng kiểu."
            )
        if op not in ("eq", "ne") and left.type not in _ORDERED:
            raise self.place.error(f"Kiểu {left.type} không có thứ tự trước sau.", "Dùng “is” hoặc “in”.")
        return Compare(op, left, right)  # type: ignore[arg-type]  # op comes from the table above

    def _in_period(self, left: Expr) -> And:
        """A day within the period of the report, both ends included."""
        first, last = FactRef("period_from", "date"), FactRef("period_to", "date")
        return And((self._compare("ge", left, first), self._compare("le", left, last)))

    def _members(self, left: Expr) -> OneOf:
        self.expect("[")
        members: list[Scalar] = []
        while not members or self.take(","):
            member = self._side(left)
            if not isinstance(member, Literal):
                raise self.place.error("Trong ngoặc vuông chỉ ghi giá trị cụ thể.", "Ví dụ: in [candidate, official].")
            compared = self._compare("eq", left, member)
            members.append(cast(Literal, compared.right).value)
        self.expect("]")
        return OneOf(left, tuple(members))

    def value(self) -> Expr:
        expr = self.simple()
        while self.word.kind == "sign" and self.word.text in "+-":
            sign = 1 if self.word.text == "+" else -1
            self.at += 1
            expr = self._shift(expr, sign)
        if self.take("/"):
            whole = self.simple()
            if expr.type != "number" or whole.type != "number":
                raise self.place.error("Dấu “/” chỉ chia hai số.", "Ví dụ: votes_for / votes_total.")
            if isinstance(expr, Literal) and isinstance(whole, Literal):
                raise self.place.error("Không ghi phân số cố định ở đây.", "Đặt giá trị vào tham số của luật.")
            return Share(expr, whole)
        return expr

    def _shift(self, day: Expr, sign: int) -> Shift:
        if day.type != "date":
            raise self.place.error("Chỉ cộng trừ thời hạn vào một ngày.", "Kiểm tra bên trái dấu + hoặc -.")
        if self.word.kind == "number":
            number = int(self.word.text)
            unit = _UNITS.get(self.words[self.at + 1].text)
            if unit is None:
                raise self.place.error("Thiếu đơn vị sau con số.", "Ghi day, working_days, month hoặc year.")
            self.at += 2
            return self._moved(day, Literal(number, "number"), unit, sign)
        if self.take("("):
            amount = self.simple()
            self.expect(")")
        else:
            amount = self._parameter(day)
        if not isinstance(amount, ParameterAt) or amount.parameter.unit not in DURATIONS:
            raise self.place.error("Sau dấu + hoặc - phải là một thời hạn.", "Dùng tham số có đơn vị ngày, tháng, năm.")
        return self._moved(day, amount, amount.parameter.unit, sign)

    def _moved(self, day: Expr, amount: Literal | ParameterAt, unit: str, sign: int) -> Shift:
        if unit == "working_day" and sign < 0:
            raise self.place.error("Không trừ ngày làm việc được.", "Thời hạn chỉ tính tiến từ ngày bắt đầu.")
        if isinstance(amount, Literal) and (problem := length_problem(cast(int, amount.value), unit)):
            raise self.place.error(*problem)
        return Shift(day, amount, unit, sign)

    def _parameter(self, default_day: Expr | None = None) -> ParameterAt:
        word = self.word
        parameter = self.scope.parameters.get(word.text)
        if word.kind != "name" or parameter is None:
            raise self._unknown("tham số", word.text, self.scope.parameters)
        self.at += 1
        if self.take("at"):
            day = self.simple()
        elif default_day is not None:
            day = default_day
        else:
            raise self.place.error(f"Tham số “{word.text}” thiếu ngày áp dụng.", f"Ghi “{word.text} at <ngày>”.")
        if day.type != "date":
            raise self.place.error("Sau “at” phải là một ngày.", "Dùng một dữ kiện kiểu ngày.")
        return ParameterAt(parameter, day, _PARAMETER_TYPES.get(parameter.unit, "number"))

    def _unknown(self, what: str, name: str, known: Iterable[str]) -> LawFileError:
        hint = did_you_mean(name, known, "Kiểm tra lại cách viết.")
        return self.place.error(f"Không có {what} “{name}”.", hint)

    def simple(self) -> Expr:
        word = self.word
        if word.kind == "date":
            self.at += 1
            if (day := whole_day(word.text)) is None:
                raise self.place.error(f"“{word.text}” không có trong lịch.", "Kiểm tra ngày, tháng, năm.")
            return Literal(day, "date")
        if word.kind == "number":
            self.at += 1
            return Literal(int(word.text), "number")
        if word.kind == "text":
            self.at += 1
            return Literal(word.text, "text")
        if self.take("("):
            inner = self.condition()
            self.expect(")")
            return inner
        if word.kind == "name":
            return self._named(word.text)
        raise self.place.error(f"Cần một giá trị nhưng gặp “{word.text or 'hết dòng'}”.", "Kiểm tra câu điều kiện.")

    def _named(self, name: str) -> Expr:
        if name in ("true", "false"):
            self.at += 1
            return Literal(name == "true", "mark")
        if name == "if":
            return self._if()
        if name == "found":
            self.at += 1
            rule = self.word.text
            if rule not in self.scope.rules:
                raise self._unknown("quy tắc", rule, self.scope.rules)
            self.at += 1
            return Found(rule)
        if name in ("first", "earliest", "latest", *BETWEEN_DAYS):
            return self._call(name)
        if name in self.scope.types:
            self.at += 1
            return FactRef(name, self.scope.types[name])
        if "." in name:
            return self._parameter()
        raise self._unknown("dữ kiện", name, self.scope.types)

    def _if(self) -> If:
        self.expect("if")
        condition = self._marks([self.condition()])[0]
        self.expect("then")
        then = self._branch()
        self.expect("else")
        otherwise = self._branch()
        if then.type != otherwise.type:
            raise self.place.error("Hai nhánh then và else khác kiểu.", "Hai nhánh phải cùng kiểu.")
        return If(condition, then, otherwise, then.type)

    def _branch(self) -> Expr:
        """A branch of ``if``: a value, a condition, or a bare code."""
        word = self.word
        known = word.text in self.scope.types or word.text in self.scope.parameters or word.text in RESERVED
        if word.kind == "name" and not known and "." not in word.text:
            self.at += 1
            return Literal(word.text, "code")
        return self.condition()

    def _call(self, name: str) -> Expr:
        self.at += 1
        self.expect("(")
        options = [self.value()]
        while self.take(","):
            options.append(self.value())
        self.expect(")")
        if name in BETWEEN_DAYS:
            if len(options) != 2 or any(option.type != "date" for option in options):
                raise self.place.error(f"“{name}” cần đúng hai ngày.", f"Ghi {name}(từ ngày, đến ngày).")
            since, until = options
            return WorkingDays(since, until) if name == "working_days" else Elapsed(since, until, name)  # type: ignore[arg-type]  # one of the others
        if len({option.type for option in options}) != 1:
            raise self.place.error(f"Các giá trị trong “{name}” phải cùng kiểu.", "Kiểm tra từng giá trị.")
        if name != "first" and options[0].type not in _ORDERED:
            raise self.place.error(f"“{name}” cần các giá trị có thứ tự.", "Dùng với ngày hoặc số.")
        return Pick(name, tuple(options), options[0].type)  # type: ignore[arg-type]  # one of the three names above
