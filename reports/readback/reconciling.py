"""Holding a form that somebody filled by hand against the records, and its own numbers against each other.

Nothing is corrected: a difference is named with both sides, and for a ratio with the numerator that would fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from engine.statistics.figure import scaled_half_up
from engine.statistics.references import terms
from reports.forms.form_parts import ByUnit, Choice, RowTable, SlotPart
from reports.forms.form_sums import HOLDS
from reports.forms.model import Number, Report, ReportLine, Slots, Table
from reports.forms.numbers import fixed, grouped
from reports.readback.reading_back import TOTAL, FormRead, Typed, slot_row
from reports.render.template import folded
from rules.loader import indicators as indicators_loader

WORDS = {
    "records": "Khác với sổ",
    "sum": "Cộng không khớp",
    "ratio": "Tỷ lệ không khớp",
    "cut": "Cắt bớt thay vì làm tròn",
    "blank": "Để trống",
    "unread": "Không đọc được số",
    "line": "Dòng không có trong sổ",
    "untyped": "Sổ chưa có số nhập tay",
}
REMARKS = {"cut", "blank", "untyped"}
"""What is worth saying, and no error."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place in which a form does not say what it should."""

    kind: str
    cell: str
    row: str
    label: str
    typed: str
    expected: str
    message: str

    @property
    def is_error(self) -> bool:
        """Whether it is more than a remark."""
        return self.kind not in REMARKS


def shown(value: Fraction, digits: int = 0) -> str:
    """A number as it is printed: whole where it is whole."""
    return grouped(int(value)) if value.denominator == 1 and not digits else fixed(value, digits or 2)


def against_records(read: FormRead, filled: Report) -> Iterator[Difference]:
    """The cells that differ from what the records give."""
    if isinstance(read.part, SlotPart):
        yield from _against_sentences(read, filled)
        return
    table = [block for block in filled.blocks if isinstance(block, Table)][read.number]
    lines = _lines_by_code(read, table)
    for code in read.lines:
        if code not in lines:
            yield Difference("line", "", code, code, "", "", f"“{code}” không phải là đơn vị nào của sổ.")
    shift = _columns(read.part, table)
    for (code, place), typed in read.cells.items():
        line = lines.get(code)
        if line is None or place not in shift:
            continue
        cell = line.cells[shift[place]]
        if isinstance(cell, Number):
            yield from _compared(read, code, typed, cell)


def _against_sentences(read: FormRead, filled: Report) -> Iterator[Difference]:
    block = [block for block in filled.blocks if isinstance(block, Slots)][read.number]
    numbers = {slot_row(slot.code, label): number for slot in block.slots for label, number in slot.figures}
    for (code, _), typed in read.cells.items():
        if code in numbers:
            yield from _compared(read, code, typed, numbers[code])


def _lines_by_code(read: FormRead, table: Table) -> dict[str, ReportLine]:
    if isinstance(read.part, RowTable):
        return {line.code: line for line in table.lines if line.code}
    assert isinstance(read.part, ByUnit)
    name = next(place for place, column in enumerate(read.part.columns) if column.what == "name")
    by_name = {folded(line.cells[name]): line for line in table.lines if line.kind == "row"}
    found = {code: by_name[folded(code)] for code in read.lines if folded(code) in by_name}
    totals = [line for line in table.lines if line.kind == "total"]
    return found | dict.fromkeys([TOTAL], totals[0]) if totals else found


def _columns(part: RowTable | ByUnit, table: Table) -> dict[int, int]:
    """The place of each column of the form in the filled table: its own, or that of its year."""
    by_label = {column.label: place for place, column in enumerate(table.columns)}
    apart = len(table.columns) - len(part.columns)
    places = dict[int, int]()
    labels = [column.label for column in part.columns]
    for place, label in enumerate(labels):
        if not apart:
            places[place] = place
        elif label in by_label:
            places[place] = by_label[label]
    return places


def _compared(read: FormRead, code: str, typed: Typed, number: Number) -> Iterator[Difference]:
    label, expected = read.labels[code], number.value

    def found(kind: str, words: str, message: str) -> Difference:
        return Difference(kind, typed.cell, code, label, typed.text, words, message)

    if not typed.readable:
        yield found("unread", "", f"“{typed.text}” không phải là số.")
        return
    if expected is None:
        if number.missing and typed.value is not None:
            yield found("untyped", "", f"Biểu ghi {typed.text}, sổ chưa ai nhập số này: dubi figure list.")
        return
    words = shown(Fraction(expected), number.digits or 0)
    if typed.value is None:
        if expected:
            yield found("blank", words, f"Biểu để trống, sổ có {words}.")
        return
    if number.digits is None:
        if typed.value != expected:
            difference = shown(typed.value - Fraction(expected))
            yield found("records", words, f"Biểu ghi {shown(typed.value)}, sổ có {words}; chênh {difference}.")
        return
    state = _printed(Fraction(expected), typed)
    if state == "cut":
        rounded = fixed(Fraction(expected), typed.digits)
        yield found("cut", rounded, f"Biểu ghi {typed.text}, làm tròn từ số chính xác là {rounded}.")
    elif state == "differs":
        rounded = fixed(Fraction(expected), typed.digits)
        yield found("records", rounded, f"Biểu ghi {typed.text}, sổ có {rounded}.")


def _printed(exact: Fraction, typed: Typed) -> str:
    """Whether a typed number is the exact one rounded, cut off, or another."""
    assert typed.value is not None
    power = 10**typed.digits
    scaled = typed.value * power
    if scaled == scaled_half_up(exact, typed.digits):
        return "rounded"
    return "cut" if scaled == int(exact * power) else "differs"


def within(read: FormRead) -> Iterator[Difference]:
    """The places in which the form's own numbers do not agree: sums, totals, shares and ratios."""
    if isinstance(read.part, RowTable):
        yield from _row_sums(read, read.part)
        yield from _shares(read, read.part)
    elif isinstance(read.part, ByUnit):
        yield from _unit_totals(read, read.part)
        yield from _unit_formulas(read, read.part)
        yield from _column_sums(read, read.part)


def _values(read: FormRead, place: int) -> dict[str, Fraction]:
    cells = {code: typed for (code, at), typed in read.cells.items() if at == place}
    return {code: typed.value for code, typed in cells.items() if typed.value is not None}


def _row_sums(read: FormRead, part: RowTable) -> Iterator[Difference]:
    for place, column in enumerate(part.columns):
        if column.kind != "figure":
            continue
        values = _values(read, place)
        for rule in read.form.sums:
            if not all(code in values for code in rule.rows):
                continue
            whole, added = values[rule.whole], rule.added(values)
            if HOLDS[rule.relation](whole, added):
                continue
            cell = read.cells[rule.whole, place]
            message = (
                f"{rule.whole} ghi {shown(whole)}, phải {rule.relation} {rule.written()} = {shown(added)}; "
                f"chênh {shown(whole - added)}."
            )
            yield Difference("sum", cell.cell, rule.whole, read.labels[rule.whole], cell.text, shown(added), message)


def _shares(read: FormRead, part: RowTable) -> Iterator[Difference]:
    """Each share against the numbers beside it."""
    rows = {row.code: row for row in part.rows}
    by_figure = {row.figure: row.code for row in part.rows if isinstance(row.figure, str)}
    for place, column in enumerate(part.columns):
        if column.kind == "compare":
            before = _values(read, place - 2), _values(read, place - 1)
            for code in (code for code, at in read.cells if at == place):
                pair = before[0].get(code), before[1].get(code)
                yield from _ratio(read, code, place, pair[0], pair[1])
        if column.kind != "share":
            continue
        beside = max(at for at, other in enumerate(part.columns[:place]) if other.kind == "figure")
        values = _values(read, beside)
        for code in (code for code, at in read.cells if at == place):
            base = rows[code].base or column.base
            bases = list(base.options.values()) if isinstance(base, Choice) else [base]
            wholes = [values.get(by_figure.get(text or "", "")) for text in bases]
            found = [list(_ratio(read, code, place, values.get(code), whole)) for whole in wholes]
            yield from [] if any(not one for one in found) else found[0]


def _ratio(
    read: FormRead, code: str, place: int, part: Fraction | None, whole: Fraction | None
) -> Iterator[Difference]:
    """A typed percentage against the typed numbers it is of."""
    typed = read.cells[code, place]
    if typed.value is None or part is None or not whole:
        return
    exact = 100 * part / whole
    state = _printed(exact, typed)
    if state == "rounded":
        return
    rounded = fixed(exact, typed.digits)
    fraction = f"{shown(part)}/{shown(whole)}"
    if state == "cut":
        message = f"{fraction} = {rounded}; biểu ghi {typed.text}, cắt bớt thay vì làm tròn."
        yield Difference("cut", typed.cell, code, read.labels[code], typed.text, rounded, message)
        return
    message = f"{fraction} = {rounded}, biểu ghi {typed.text}.{_would_fit(typed, whole)}"
    yield Difference("ratio", typed.cell, code, read.labels[code], typed.text, rounded, message)


def _would_fit(typed: Typed, whole: Fraction) -> str:
    """The whole numbers that would give the typed percentage."""
    assert typed.value is not None
    near = int(typed.value * whole / 100)
    fitting = [n for n in range(max(near - 1, 0), near + 3) if _printed(100 * Fraction(n) / whole, typed) == "rounded"]
    return f" Khớp với {' hoặc '.join(shown(Fraction(n)) for n in fitting)}/{shown(whole)}." if fitting else ""


def _unit_totals(read: FormRead, part: ByUnit) -> Iterator[Difference]:
    """The line for all units against the lines above it."""
    for place, column in enumerate(part.columns):
        if column.figure is None or _is_ratio(column.figure):
            continue
        values = _values(read, place)
        if TOTAL not in values:
            continue
        added = sum((value for code, value in values.items() if code != TOTAL), start=Fraction(0))
        if added != values[TOTAL]:
            cell = read.cells[TOTAL, place]
            message = (
                f"Cột {column.number or column.label}: dòng tổng ghi {shown(values[TOTAL])}, "
                f"cộng các dòng được {shown(added)}; chênh {shown(values[TOTAL] - added)}."
            )
            yield Difference("sum", cell.cell, TOTAL, read.labels[TOTAL], cell.text, shown(added), message)


def _is_ratio(figure: str) -> bool:
    text = indicators_loader.load().get(figure)
    return text is not None and text.ratio is not None


def _unit_formulas(read: FormRead, part: ByUnit) -> Iterator[Difference]:
    """Columns that are ratios or sums of other columns, line by line."""
    places = {column.figure: place for place, column in enumerate(part.columns) if column.figure}
    known = indicators_loader.load()
    for place, column in enumerate(part.columns):
        if column.figure is None:
            continue
        text = known.get(column.figure)
        if text is not None and text.ratio:
            above, below = (places.get(formula) for formula in text.ratio)
            for code in [*read.lines, TOTAL]:
                if above is not None and below is not None and (code, place) in read.cells:
                    pair = (_at(read, code, above), _at(read, code, below))
                    yield from _ratio(read, code, place, *pair)
            continue
        parts = terms(column.figure)
        if len(parts) > 1 and all(str(term.reference) in places for term in parts):
            yield from _added_columns(read, place, [(t.sign, places[str(t.reference)]) for t in parts])


def _column_sums(read: FormRead, part: ByUnit) -> Iterator[Difference]:
    """Columns that are to add up to another one, line by line, as the form says it."""
    numbered = {column.code(read.form.name): place for place, column in enumerate(part.columns) if column.number}
    for rule in read.form.sums:
        if all(code in numbered for code in rule.rows):
            yield from _added_columns(read, numbered[rule.whole], [(sign, numbered[code]) for sign, code in rule.parts])


def _at(read: FormRead, code: str, place: int) -> Fraction | None:
    typed = read.cells.get((code, place))
    return typed.value if typed else None


def _added_columns(read: FormRead, place: int, parts: list[tuple[int, int]]) -> Iterator[Difference]:
    for code in [*read.lines, TOTAL]:
        whole = _at(read, code, place)
        values = [(sign, _at(read, code, at)) for sign, at in parts]
        if whole is None or any(value is None for _, value in values):
            continue
        added = sum((sign * value for sign, value in values if value is not None), start=Fraction(0))
        if added != whole:
            cell = read.cells[code, place]
            message = f"{read.labels[code]}: ghi {shown(whole)}, cộng các cột được {shown(added)}."
            yield Difference("sum", cell.cell, code, read.labels[code], cell.text, shown(added), message)
