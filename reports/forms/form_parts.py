"""The parts of a form as they are written: rows and columns, lines by unit, sentences, and lists of people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.statistics.references import Restriction, reference
from rules.loader.indicators import IndicatorText
from rules.loader.yaml_nodes import Keys, Node

KINDS = ("label", "figure", "share", "compare", "note")


@dataclass(frozen=True, slots=True)
class Choice:
    """A figure that a setting chooses."""

    setting: str
    options: dict[str, str]


FigureText = str | Choice


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table of rows."""

    label: str
    kind: str
    """`label`, `figure`, `share` (of a base), `compare` (with the column before, in percent) or `note`."""
    width: float
    number: str | None
    over: str | None
    restrictions: tuple[Restriction, ...]
    shift: str | None
    base: FigureText | None
    by_year: bool
    """Whether the column stands for one column a year of the period."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table: a heading where it has no figure."""

    code: str
    label: str
    figure: FigureText | None
    heading: bool
    indent: int
    digits: int | None
    base: FigureText | None
    """What its share is of, where that is not the column's base."""
    share: bool
    """Whether its share is printed."""
    note: str | None
    """Text of the column for notes."""
    footnote: str | None
    """Text under the table."""
    footnote_if: str | None
    """The figure that must not be 0 for the footnote to be printed."""
    line: int


@dataclass(frozen=True, slots=True)
class RowTable:
    """A table of rows."""

    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    caption: str | None


@dataclass(frozen=True, slots=True)
class UnitColumn:
    """A column of a table with a line for each unit."""

    label: str
    width: float
    number: str | None
    over: str | None
    figure: str | None
    digits: int | None
    what: str
    """`order`, `name` or `figure`."""
    cut: int | None
    """So many digits the source printed, cutting off the rest instead of rounding."""
    line: int

    def code(self, form: str) -> str:
        """How the column is named in sums: F5.c8 for the one headed “8= 9+...16”."""
        return f"{form}.c{(self.number or '').partition('=')[0].strip()}"


@dataclass(frozen=True, slots=True)
class ByUnit:
    """A table with a line for each unit directly below the one reported on, and a line for all."""

    columns: tuple[UnitColumn, ...]
    total: str
    rest: str
    """The label of what is credited to the unit itself."""
    several: str | None
    """The figure that counts people who fit several exclusive columns."""


@dataclass(frozen=True, slots=True)
class SlotText:
    """A point of a report in words; `options` hold one sentence for each choice of a setting."""

    code: str
    section: str | None
    asked: str
    sentence: str
    setting: str | None
    options: dict[str, str]
    line: int


@dataclass(frozen=True, slots=True)
class SlotPart:
    """The sentences of a report."""

    slots: tuple[SlotText, ...]


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list: an expression over the facts of a case, or one of the list's own."""

    label: str
    width: float
    align: str
    what: str
    """`order`, `unit`, `value`, `days`, `text`."""
    expression: str | None
    codes: str | None
    forecast_from: str | None
    """The day from which working days run: a day that rests on unpublished holidays says so."""
    texts: dict[str, str]
    """The text for each group."""
    line: int


@dataclass(frozen=True, slots=True)
class ListGroup:
    """The people behind one figure."""

    code: str
    title: str
    of: str
    line: int


@dataclass(frozen=True, slots=True)
class ListPart:
    """A list of people in groups."""

    columns: tuple[ListColumn, ...]
    groups: tuple[ListGroup, ...]
    sort: str | None
    """The day by which the people of a group are ordered, the earliest first."""


Part = RowTable | ByUnit | SlotPart | ListPart


def _width(keys: Keys) -> float:
    return float(keys.read("width", Node.integer, 10))


def _figure(node: Node) -> FigureText:
    if isinstance(node.content, str):
        return node.text()
    keys = node.mapping(["setting", "figures"])
    return Choice(keys["setting"].text(), {name: text.text() for name, text in keys["figures"].pairs().items()})


def row_table(node: Node, digits: int) -> RowTable:
    """Read a table of rows."""
    keys = node.mapping(["columns", "rows"], ["caption"])
    columns = tuple(_column(column) for column in keys["columns"].items())
    rows = tuple(_row(row, digits) for row in keys["rows"].items())
    return RowTable(columns, rows, keys.read("caption", Node.text))


def _column(node: Node) -> TableColumn:
    keys = node.mapping(["label", "kind"], ["width", "number", "over", "only", "shift", "base", "by_year"])
    kind = keys["kind"].one_of(KINDS)
    if (kind == "share") != ("base" in keys):
        raise node.error("Cột tỷ lệ (share), và chỉ cột đó, ghi base.", "Ghi chỉ tiêu làm mẫu số.")
    only = reference(f"x[{keys['only'].text()}]").restrictions if "only" in keys else ()
    return TableColumn(
        label=keys["label"].text(),
        kind=kind,
        width=_width(keys),
        number=keys.read("number", Node.text),
        over=keys.read("over", Node.text),
        restrictions=only,
        shift=keys.read("shift", Node.text),
        base=keys.read("base", _figure),
        by_year=keys.read("by_year", Node.flag, otherwise=False),
    )


def _row(node: Node, digits: int) -> TableRow:
    optional = ["figure", "heading", "indent", "digits", "base", "share", "note", "footnote", "footnote_if"]
    keys = node.mapping(["row", "label"], optional)
    return TableRow(
        code=keys["row"].text(),
        label=keys["label"].text(),
        figure=keys.read("figure", _figure),
        heading=keys.read("heading", Node.flag, otherwise=False),
        indent=keys.read("indent", Node.integer, 0),
        digits=keys.read("digits", Node.integer, digits),
        base=keys.read("base", _figure),
        share="share" not in keys or keys["share"].flag(),
        note=keys.read("note", Node.text),
        footnote=keys.read("footnote", Node.text),
        footnote_if=keys.read("footnote_if", Node.text),
        line=node.line,
    )


def by_unit(node: Node, form: str, digits: int) -> tuple[ByUnit, dict[str, IndicatorText]]:
    """Read a table by unit, and the figures that its exclusive columns make.

    Each person falls into the first exclusive column that fits, in the order of their priority. A column counts those
    who fit it less those who fit it and an earlier one as well: nobody whose facts are unknown gets lost that way.
    """
    keys = node.mapping(["columns", "total", "rest"], ["exclusive"])
    shared = keys.read("exclusive", lambda node: node.mapping(["of", "when", "at", "rest"]), Keys())
    columns, conditions = list[UnitColumn](), list[tuple[int, str, str, str]]()
    for column in keys["columns"].items():
        parts = column.mapping(
            ["label"], ["width", "number", "over", "figure", "digits", "what", "cut", "fits", "priority"]
        )
        label, figure = parts["label"].text(), parts.read("figure", Node.text)
        if "fits" in parts:
            if not shared or "priority" not in parts:
                raise column.error("Cột loại trừ cần priority, và bảng cần khoá exclusive.", "Xem biểu F5.")
            figure = f"{form.lower()}.column_{parts['number'].text()}"
            conditions.append((parts["priority"].integer(), figure, label, parts["fits"].text()))
        columns.append(
            UnitColumn(
                label=label,
                width=_width(parts),
                number=parts.read("number", Node.text),
                over=parts.read("over", Node.text),
                figure=figure,
                digits=parts.read("digits", Node.integer, digits),
                what=parts.read("what", lambda node: node.one_of(("order", "name")), "figure"),
                cut=parts.read("cut", Node.integer),
                line=column.line,
            )
        )
    own = dict(_exclusive(node, shared, sorted(conditions), form)) if shared else {}
    several = f"{form.lower()}.several" if shared else None
    return ByUnit(tuple(columns), keys["total"].text(), keys["rest"].text(), several), own


def _exclusive(
    node: Node, shared: dict[str, Node], conditions: list[tuple[int, str, str, str]], form: str
) -> Iterator[tuple[str, IndicatorText]]:
    """The figures of exclusive columns, and those of people who fit several columns or none."""
    of, when, at = (shared[key].text() for key in ("of", "when", "at"))
    lines = dict.fromkeys(("when", "at", "formula"), node.line)

    def counted(name: str, label: str, condition: str) -> tuple[str, IndicatorText]:
        whole = f"{when} and ({condition})"
        return name, IndicatorText(name, label, node.file, lines, population=of, when=whole, at=at)

    earlier, overlaps = list[str](), list[str]()
    for _, name, label, condition in conditions:
        yield counted(f"{name}.fits", label, condition)
        formula = f"{name}.fits"
        if earlier:
            overlap = f"({condition}) and ({' or '.join(f'({other})' for other in earlier)})"
            overlaps.append(overlap)
            yield counted(f"{name}.earlier", label, overlap)
            formula += f" - {name}.earlier"
        yield name, IndicatorText(name, label, node.file, lines, formula=formula)
        earlier.append(condition)
    everyone = shared["rest"].text()
    rest = " - ".join([everyone, *(name for _, name, _, _ in conditions)])
    name = f"{form.lower()}.column_rest"
    yield name, IndicatorText(name, "Chưa xếp được vào cột nào", node.file, lines, formula=rest)
    yield counted(f"{form.lower()}.several", "Người hợp với nhiều cột", " or ".join(f"({o})" for o in overlaps))


def slots(node: Node) -> SlotPart:
    """Read the sentences of a report."""
    found = []
    for slot in node.items():
        keys = slot.mapping(["row", "asked"], ["section", "sentence", "setting", "sentences"])
        if ("sentence" in keys) == ("sentences" in keys) or ("setting" in keys) != ("sentences" in keys):
            raise slot.error("Ghi sentence, hoặc setting cùng sentences.", "Xem một mục tương tự.")
        options = keys.read("sentences", Node.texts, dict[str, str]())
        found.append(
            SlotText(
                code=keys["row"].text(),
                section=keys.read("section", Node.text),
                asked=keys["asked"].text(),
                sentence=keys.read("sentence", Node.text, ""),
                setting=keys.read("setting", Node.text),
                options=options,
                line=slot.line,
            )
        )
    return SlotPart(tuple(found))


def lists(node: Node) -> ListPart:
    """Read a list of people."""
    keys = node.mapping(["columns", "groups"], ["sort"])
    return ListPart(
        columns=tuple(_list_column(column) for column in keys["columns"].items()),
        groups=tuple(_list_group(group) for group in keys["groups"].items()),
        sort=keys.read("sort", Node.text),
    )


def _list_column(node: Node) -> ListColumn:
    keys = node.mapping(["label"], ["width", "align", "what", "is", "days", "codes", "forecast_from", "texts"])
    what = keys.read("what", lambda node: node.one_of(("order", "unit")), "text")
    for key, kind in (("is", "value"), ("days", "days")):
        if key in keys:
            what = kind
    expression = keys.read("is", Node.text) or keys.read("days", Node.text)
    return ListColumn(
        label=keys["label"].text(),
        width=_width(keys),
        align=keys.read("align", lambda node: node.one_of(("left", "center", "right")), "left"),
        what=what,
        expression=expression,
        codes=keys.read("codes", Node.text),
        forecast_from=keys.read("forecast_from", Node.text),
        texts=keys.read("texts", Node.texts, dict[str, str]()),
        line=node.line,
    )


def _list_group(node: Node) -> ListGroup:
    keys = node.mapping(["group", "title", "of"])
    return ListGroup(keys["group"].text(), keys["title"].text(), keys["of"].text(), node.line)
