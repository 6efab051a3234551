"""How numbers are written for people here."""

from __future__ import annotations

from fractions import Fraction

from reports.forms.numbers import cell_text as cell_text
from reports.forms.numbers import plain as plain


def number(value: float | Fraction | None) -> str:
    """A number as it is printed here: dots between thousands, a decimal comma, a dash where there is none."""
    if value is None:
        return "–"
    text = f"{value:,}" if isinstance(value, int) else f"{float(value):,.2f}"
    return text.translate(str.maketrans(",.", ".,"))
