"""The sums that the rows of a filled form must keep, as a form writes them: a row against an addition of rows."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from rules.loader.yaml_nodes import Node

HOLDS: dict[str, Callable[[Fraction, Fraction], bool]] = {"=": operator.eq, "<=": operator.le, ">=": operator.ge}
_PART = re.compile(r"\s*([+-]?)\s*([A-Z]\w*\.\w+)")


@dataclass(frozen=True, slots=True)
class RowSum:
    """How a row must stand to an addition of rows."""

    whole: str
    relation: str
    parts: tuple[tuple[int, str], ...]
    line: int

    @property
    def rows(self) -> list[str]:
        """The rows that the sum names."""
        return [self.whole, *(code for _, code in self.parts)]

    def added(self, values: Mapping[str, Fraction]) -> Fraction:
        """What the parts add up to."""
        return sum((sign * values[code] for sign, code in self.parts), start=Fraction(0))

    def written(self) -> str:
        """The addition as it is written."""
        return "".join(f" {'-' if sign < 0 else '+'} {code}" for sign, code in self.parts).removeprefix(" + ")


def row_sum(node: Node) -> RowSum:
    """Read one sum."""
    keys = node.mapping(["row", "is", "parts"])
    text, at, parts = keys["parts"].text().strip(), 0, list[tuple[int, str]]()
    while at < len(text):
        match = _PART.match(text, at)
        if match is None or (parts and not match[1]):
            raise keys["parts"].error(f"Không hiểu “{text[at:]}”.", "Ghi mã các dòng nối bằng + hoặc -.")
        parts.append((-1 if match[1] == "-" else 1, match[2]))
        at = match.end()
    return RowSum(keys["row"].text(), keys["is"].one_of(HOLDS), tuple(parts), node.line)
