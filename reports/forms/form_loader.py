"""The forms as they are written in ``reports/forms``: read strictly, every figure they name known before any is filled.

A form has parts: a table of rows and columns, a table with a line for each unit, sentences, or lists of people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import NoReturn, TypeVar

from engine.statistics.references import Term, terms
from reports.forms.form_parts import (
    ByUnit,
    Choice,
    ListPart,
    Part,
    RowTable,
    SlotPart,
    TableRow,
    UnitColumn,
    by_unit,
    lists,
    row_table,
    slots,
)
from reports.forms.form_sums import RowSum, row_sum
from reports.forms.model import Signature
from reports.papers.placeholders import placeholders
from rules.loader import indicators as indicators_loader
from rules.loader import settings as settings_loader
from rules.loader.errors import BadInput, UnknownName
from rules.loader.indicators import IndicatorText
from rules.loader.spelling.near import did_you_mean
from rules.loader.yaml_nodes import Node, read_yaml

HERE = Path(__file__).parent

_Place = TypeVar("_Place", TableRow, UnitColumn)


@dataclass(frozen=True, slots=True)
class Form:
    """One form."""

    name: str
    slug: str
    label: str
    source: str
    title: tuple[str, ...]
    subtitle: tuple[str, ...]
    left: tuple[str, ...]
    right: tuple[str, ...]
    corner: str | None
    place: bool
    landscape: bool
    valid_to: date | None
    """The last day on which the form is known to be in use."""
    warning: str | None
    parts: tuple[Part, ...]
    notes: tuple[str, ...]
    unknown: tuple[str, ...]
    """Figures whose people could not be placed; printed under the form where there are any."""
    signatures: tuple[Signature, ...]
    sums: tuple[RowSum, ...]
    """The sums that the rows of a filled form must keep."""
    indicators: dict[str, IndicatorText]
    """Figures that only this form knows."""
    file: Path
    digits: int


_REQUIRED = ("form", "name", "label", "source", "title", "heading", "parts")
_OPTIONAL = (
    "subtitle",
    "corner",
    "landscape",
    "valid_to",
    "warning",
    "notes",
    "unknown",
    "signatures",
    "sums",
    "digits",
)


def _form(file: Path) -> Form:
    keys = read_yaml(file).mapping(_REQUIRED, _OPTIONAL)
    heading = keys["heading"].mapping(["left", "right"], ["place"])
    parts: list[Part] = []
    own: dict[str, IndicatorText] = {}
    digits = keys.read("digits", Node.integer, 2)
    for node in keys["parts"].items():
        part, more = _part(node, keys["form"].text(), digits)
        parts.append(part)
        own |= more
    return Form(
        name=keys["form"].text(),
        slug=keys["name"].text(),
        label=keys["label"].text(),
        source=keys["source"].text(),
        title=_texts(keys, "title"),
        subtitle=_texts(keys, "subtitle"),
        left=_texts(heading, "left"),
        right=_texts(heading, "right"),
        corner=keys.read("corner", Node.text),
        place="place" in heading and heading["place"].flag(),
        landscape=keys.read("landscape", Node.flag, otherwise=False),
        valid_to=keys.read("valid_to", Node.date),
        warning=keys.read("warning", Node.text),
        parts=tuple(parts),
        notes=_texts(keys, "notes"),
        unknown=_texts(keys, "unknown"),
        signatures=keys.read("signatures", lambda node: tuple(_signatures(node)), ()),
        sums=keys.read("sums", lambda node: tuple(row_sum(sum_) for sum_ in node.items()), ()),
        indicators=own,
        file=file,
        digits=digits,
    )


def _texts(keys: dict[str, Node], key: str) -> tuple[str, ...]:
    return tuple(node.text() for node in keys[key].items()) if key in keys else ()


def _signatures(node: Node) -> Iterator[Signature]:
    for block in node.items():
        keys = block.mapping(["title"], ["note", "above"])
        note, above = (keys[key].text() if key in keys else None for key in ("note", "above"))
        yield Signature(_texts(keys, "title"), note, above)


def _part(node: Node, form: str, digits: int) -> tuple[Part, dict[str, IndicatorText]]:
    keys = node.mapping([], ["table", "by_unit", "slots", "lists"])
    if len(keys) != 1:
        raise node.error("Mỗi phần của biểu có đúng một khoá.", "Chọn table, by_unit, slots hoặc lists.")
    if "table" in keys:
        return row_table(keys["table"], digits), {}
    if "by_unit" in keys:
        return by_unit(keys["by_unit"], form, digits)
    if "slots" in keys:
        return slots(keys["slots"]), {}
    return lists(keys["lists"]), {}


def with_digits(form: Form, digits: int) -> Form:
    """The form with so many digits in place of its own; a row or column that has its own number of them keeps it."""

    def own(part: Part) -> Part:
        match part:
            case RowTable():
                return replace(part, rows=tuple(_counted(row, form.digits, digits) for row in part.rows))
            case ByUnit():
                return replace(part, columns=tuple(_counted(column, form.digits, digits) for column in part.columns))
            case _:
                return part

    return replace(form, digits=digits, parts=tuple(own(part) for part in form.parts))


def _counted(place: _Place, before: int, digits: int) -> _Place:
    return replace(place, digits=digits) if place.digits == before else place


def _check(form: Form) -> None:
    """Every figure, setting and placeholder of a form must exist; raises `LawFileError`."""
    known = indicators_loader.load() | form.indicators
    settings = settings_loader.load()

    def refuse(line: int, problem: str, hint: str) -> NoReturn:
        raise Node(form.file, line, "").error(problem, hint)

    def check_sum(text: str, line: int) -> None:
        try:
            figures = terms(text)
        except BadInput as error:
            refuse(line, str(error), "Sửa lại tên số liệu.")
        check_names(figures, line)

    def check_names(figures: Iterable[Term], line: int) -> None:
        for name in (term.reference.name for term in figures):
            if name not in known:
                refuse(line, f"Không có chỉ tiêu “{name}”.", did_you_mean(name, known, "Xem rules/indicators."))

    def check_text(text: str, line: int) -> None:
        try:
            found = placeholders(text)
        except BadInput as error:
            refuse(line, str(error), "Sửa lại chỗ trong ngoặc nhọn.")
        for placeholder in found:
            if placeholder.breakdown and not any(name.startswith(f"{placeholder.breakdown}.") for name in known):
                refuse(line, f"“{placeholder.breakdown}” không có bảng phân tổ.", "Ghi tên bảng phân tổ rồi “.*”.")
            check_names((*placeholder.above, *placeholder.below), line)

    def check_figure(figure: str | Choice, line: int) -> None:
        if isinstance(figure, str):
            check_sum(figure, line)
            return
        if figure.setting not in settings or set(figure.options) != set(settings[figure.setting].values):
            refuse(line, f"Cách tính “{figure.setting}” không có đúng các lựa chọn này.", "Xem rules/settings.yaml.")
        for option in figure.options.values():
            check_sum(option, line)

    for part in form.parts:
        match part:
            case RowTable():
                for row in part.rows:
                    if row.figure is not None:
                        check_figure(row.figure, row.line)
                    for base in (row.base, *(column.base for column in part.columns)):
                        if base is not None:
                            check_figure(base, row.line)
                    for text in filter(None, (row.label, row.note, row.footnote)):
                        check_text(text, row.line)
            case ByUnit():
                for column in part.columns:
                    if column.figure is not None:
                        check_sum(column.figure, column.line)
            case SlotPart():
                for slot in part.slots:
                    for text in (slot.sentence, *slot.options.values()):
                        check_text(text, slot.line)
            case ListPart():
                for group in part.groups:
                    check_sum(group.of, group.line)
    rows = {row.code for part in form.parts if isinstance(part, RowTable) for row in part.rows}
    by_unit = (part for part in form.parts if isinstance(part, ByUnit))
    rows |= {column.code(form.name) for part in by_unit for column in part.columns if column.number}
    for sum_ in form.sums:
        for code in sum_.rows:
            if code not in rows:
                refuse(sum_.line, f"Biểu không có dòng “{code}”.", "Ghi mã một dòng, hay một cột, của biểu.")
    for text in (*form.notes, *form.title, *form.subtitle, *form.left, *form.right):
        check_text(text, 1)
    for name in form.unknown:
        check_sum(name, 1)


@cache
def load(place: Path = HERE) -> dict[str, Form]:
    """All forms by name; raises `LawFileError` with file and line."""
    forms: dict[str, Form] = {}
    for file in sorted(place.glob("*.yaml"), key=_in_order):
        form = _form(file)
        _check(form)
        forms[form.name] = form
    return forms


def _in_order(file: Path) -> tuple[int, str]:
    """F2 comes before F10."""
    return int("".join(letter for letter in file.stem if letter.isdecimal()) or 0), file.stem


def known_form(name: str) -> Form:
    """The form of that name or Vietnamese short name; raises `UnknownName` with the nearest one."""
    forms = load()
    for form in forms.values():
        if name.casefold() in (form.name.casefold(), form.slug):
            return form
    names = [*forms, *(form.slug for form in forms.values())]
    hint = did_you_mean(name, names, "Xem danh sách bằng lệnh: dubi report list.")
    raise UnknownName(f"Không có biểu mẫu “{name}”. {hint}")
