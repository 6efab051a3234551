"""What a form is filled for: the ledger, the unit with its name, the period in words, and what is wished for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.statistics.behind_a_figure import is_sensitive, typed_behind
from engine.statistics.figure import Figure
from engine.statistics.ledger import Ledger
from engine.statistics.references import UNKNOWN, Reference, Restriction, Term, terms
from reports.forms.form_parts import Choice, FigureText
from reports.forms.model import Number
from reports.forms.numbers import term_of, title_day
from reports.papers.level_words import level_word
from rules.loader import populations as populations_loader

if TYPE_CHECKING:
    from cases.values.records import Unit

SHIFTS = {"prev": "cùng kỳ năm trước", "prev_term": "cùng kỳ nhiệm kỳ trước", "opening": "đầu kỳ"}
NAMED_VALUES = {"online": "trực tuyến", "in_person": "trực tiếp", "admitted_in_period": "kết nạp trong kỳ"}
EVERYTHING = "TOÀN BỘ ĐƠN VỊ TRONG SỔ"


@dataclass
class Occasion:
    """One filling of one form; what is met on the way is noted for the lines under the form."""

    ledger: Ledger
    units: Sequence[Unit]
    unit: str | None
    people: bool = True
    """Whether the lists behind the figures are given."""
    sensitive: bool = False
    """Whether names may stand where they tell something sensitive."""
    place: str | None = None
    made_on: dt.date | None = None
    missing: dict[str, None] = field(default_factory=dict)
    """Typed figures that nobody has typed in."""
    without_base: bool = False
    not_within: dict[str, None] = field(default_factory=dict)
    """Ratios above 100: what is counted above the line is not within what is counted below."""

    def __post_init__(self) -> None:
        self._units = {unit.code: unit for unit in self.units}
        self._sums: dict[str, tuple[Term, ...]] = {}
        self._typed_names: dict[str, bool] = {}

    @property
    def top(self) -> str | None:
        """The unit reported on; where none was asked for, the one that stands above all others, if there is one."""
        if self.unit is not None:
            return self.unit
        tops = self.ledger.tree.below.get(None, [])
        return tops[0] if len(tops) == 1 else None

    @property
    def unit_name(self) -> str:
        """The name of the unit reported on."""
        return EVERYTHING if self.top is None else self.name_of(self.top)

    @property
    def profile(self) -> Unit | None:
        """The unit reported on with what it has set for its forms; None where the book has no such unit."""
        return self._units.get(self.top or "")

    def name_of(self, code: str | None) -> str:
        """The name of a unit; its code where it has none."""
        unit = self._units.get(code or "")
        return (unit.name if unit else None) or code or ""

    def open_on(self, code: str, day: dt.date) -> bool:
        """Whether a unit was still there on a day."""
        unit = self._units.get(code)
        return unit is None or unit.closed_on is None or unit.closed_on >= day

    def word(self, name: str) -> str:
        """A placeholder that is no figure."""
        run = self.ledger.run
        match name:
            case "from":
                return title_day(run.start)
            case "to":
                return title_day(run.end)
            case "as_of":
                return title_day(run.as_of)
            case "unit":
                return self.unit_name.upper()
            case "parent":
                above = self._units.get(self.profile.parent or "") if self.profile else None
                return (above.name or above.code).upper() if above else ""
            case "symbol":
                return (self.profile.document_symbol if self.profile else None) or "BC"
            case "officials_above" | "other_units" | "to_other_units" | "communes":
                return level_word(name, run.end)
            case "term":
                return term_of(run.start)
            case "year":
                return str(run.end.year)
            case _:
                return _period(run.start, run.end)

    def chosen(self, figure: FigureText) -> str:
        """The sum that a figure stands for under the settings in force."""
        return figure.options[self.ledger.settings[figure.setting]] if isinstance(figure, Choice) else figure

    def figure(self, parts: Iterable[Term], unit: str | None) -> Figure:
        """The value of a sum; what keeps it from having one is noted."""
        parts = tuple(parts)
        found = self.ledger.total(parts, unit)
        if found.value == 0 and [term.reference.name for term in parts] == ["admission.target"]:
            found = Figure(None)  # no target was set: that is not a target of nobody
        self.missing.update(dict.fromkeys(found.left_out))
        if found.value is None and not found.left_out:
            self.without_base = True
        return found if len(parts) != 1 else self._with_fraction(found, parts[0], unit)

    def _with_fraction(self, found: Figure, term: Term, unit: str | None) -> Figure:
        """A single figure keeps the fraction it was made from."""
        own = self.ledger.figure(term.reference, unit)
        return own if own.value == found.value else found

    def number(self, parts: Iterable[Term], unit: str | None, digits: int | None, *, source: bool = True) -> Number:
        """A sum as a cell."""
        parts = tuple(parts)
        found = self.figure(parts, unit)
        text = sum_text(parts)
        if source:
            self._sums[text] = parts
        percent = len(parts) == 1 and self.ledger.indicators.known(parts[0].reference.name).ratio is not None
        whole = found.value is None or isinstance(found.value, int)
        fraction = (found.numerator, found.denominator) if percent else None
        return Number(
            value=found.value,
            digits=None if whole else digits,
            percent=percent,
            source=text if source else None,
            fraction=fraction if fraction and None not in fraction else None,  # type: ignore[arg-type]  # neither is None
            typed=found.value is not None and self._typed(parts, unit),
            missing=found.value is None and bool(found.left_out),
        )

    def _typed(self, parts: Iterable[Term], unit: str | None) -> bool:
        """Whether a sum rests on what somebody typed in."""
        return any(
            self.ledger.typed_behind(term.reference, unit) for term in parts if self._may_be_typed(term.reference.name)
        )

    def _may_be_typed(self, name: str) -> bool:
        """Whether people type in anything that a figure rests on: few figures, and a table asks for many cells."""
        if name not in self._typed_names:
            self._typed_names[name] = bool(typed_behind(self.ledger.indicators, [Reference(name)]))
        return self._typed_names[name]

    @property
    def sums(self) -> dict[str, tuple[Term, ...]]:
        """The sums that stand in the form, by their text, in the order of the form."""
        return self._sums

    def references(self) -> list[Reference]:
        """Every figure that stands in the form."""
        return list({str(term.reference): term.reference for parts in self._sums.values() for term in parts}.values())

    def label(self, parts: Iterable[Term]) -> str:
        """What a sum is called: the labels of what is added, each with its restrictions in words."""
        return " + ".join(self._label(term.reference) for term in parts if term.sign > 0)

    def _label(self, reference: Reference) -> str:
        words = [in_words(name, values) for name, values in reference.restrictions]
        words += [SHIFTS[reference.shift]] if reference.shift else []
        label = self.ledger.indicators.known(reference.name).label
        return f"{label} ({'; '.join(words)})" if words else label

    def withheld(self, parts: Iterable[Term]) -> bool:
        """Whether the names behind a sum are held back."""
        return not self.sensitive and any(is_sensitive(self.ledger, term.reference) for term in parts)


def in_words(dimension: str, values: Iterable[str]) -> str:
    """A restriction as a reader understands it."""
    if dimension == "year":
        return f"năm {' + '.join(values)}"
    known = populations_loader.dimensions()[dimension]
    codes = populations_loader.load()["cases"].vocabulary.codes.get(known.codes or "", {})
    words = ["chưa rõ" if value == UNKNOWN else codes.get(value, NAMED_VALUES.get(value, value)) for value in values]
    return f"{known.label}: {', '.join(words)}"


def sum_text(parts: Iterable[Term]) -> str:
    """A sum as it is written."""
    written = "".join(f" {'-' if term.sign < 0 else '+'} {term.reference}" for term in parts)
    return written.removeprefix(" + ").strip()


def placed(text: str, restrictions: tuple[Restriction, ...] = (), shift: str | None = None) -> tuple[Term, ...]:
    """The terms of a sum within a column's restrictions and at its time."""
    return tuple(
        Term(t.sign, t.reference.restricted(restrictions).shifted(t.reference.shift or shift), t.optional)
        for t in terms(text)
    )


def _period(start: dt.date, end: dt.date) -> str:
    """A period as a title names it."""
    ends = (start.month, start.day, end.month, end.day)
    if start.year == end.year:
        match ends:
            case (1, 1, 12, 31):
                return f"NĂM {end.year}"
            case (1, 1, 6, 30):
                return f"6 THÁNG ĐẦU NĂM {end.year}"
            case (7, 1, 12, 31):
                return f"6 THÁNG CUỐI NĂM {end.year}"
    return f"TỪ {title_day(start)} ĐẾN {title_day(end)}"
