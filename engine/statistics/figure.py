"""A figure: a number with the fraction it was made from, exact until it is rounded once, half-up."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

DIGITS = 2

Number = int | Fraction


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it was made from; None where its base is 0 or where nobody has typed it in."""

    value: Number | None
    numerator: Number | None = None
    denominator: Number | None = None
    left_out: tuple[str, ...] = ()
    """Typed figures that belong into the sum and that nobody has typed in."""
    partial: tuple[str, ...] = ()
    """Typed figures added up from some units while others have none."""

    def rounded(self, digits: int = DIGITS) -> int | float | None:
        """The value as reported: whole, or rounded half-up from the exact fraction."""
        return self.value if not isinstance(self.value, Fraction) else half_up(self.value, digits)


def half_up(value: Fraction, digits: int) -> float:
    """Round an exact fraction, 5 going away from zero."""
    return float(Fraction(scaled_half_up(value, digits), 10**digits))


def scaled_half_up(value: Fraction, digits: int) -> int:
    """An exact fraction times 10^digits, rounded to a whole number, 5 going away from zero."""
    scaled = abs(value) * 10**digits
    whole: int = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return whole if value >= 0 else -whole


def exact(total: int, per: Fraction | None) -> Number:
    """What was measured, in the unit it is told in."""
    if per is None:
        return total
    value = total / per
    return value.numerator if value.denominator == 1 else value


def share(part: Number | None, whole: Number | None, left_out: tuple[str, ...] = ()) -> Figure:
    """A part as a percentage of a whole; no value where the whole is 0 or one of them is not known."""
    value = Fraction(100 * part) / whole if part is not None and whole else None
    return Figure(value, part, whole, left_out)
