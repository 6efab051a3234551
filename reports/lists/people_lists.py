"""Filling lists of people in groups, and the lists behind the figures of a form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.language.parsing import parse
from engine.language.scanning import Place
from engine.language.tree import Expr, facts_read
from engine.statistics.behind_a_figure import facts_under
from engine.statistics.counting import Listing
from engine.statistics.indicators import Indicators
from engine.statistics.references import Term
from reports.forms.form_loader import Form
from reports.forms.form_parts import ListColumn, ListGroup, ListPart
from reports.forms.model import Cell, People, ReportColumn, ReportLine, Table
from reports.forms.numbers import grouped, in_table
from reports.forms.occasion import Occasion, placed
from rules.loader import vocabulary
from rules.loader.spelling.days import shown_day
from rules.loader.spelling.name_order import name_key

MARK = "x"


@dataclass(frozen=True, slots=True)
class _Compiled:
    column: ListColumn
    value: str | None
    """The name of its values in a listing."""
    since: str | None
    codes: dict[str, str]
    withheld: bool


class ListFiller:
    """Fills lists of cases: every column is an expression over the facts of a case."""

    def __init__(self, part: ListPart, occasion: Occasion, file: str) -> None:
        self.part, self.occasion, self.file = part, occasion, file
        self.ruleset = occasion.ledger.indicators.programs["cases"].ruleset
        self.asked: dict[str, Expr] = {}
        self.columns = [self._compile(column) for column in part.columns]
        self.sort = self._asked(part.sort, part.columns[0].line) if part.sort else None

    def _asked(self, text: str | None, line: int) -> str | None:
        """An expression that is asked for, by its text."""
        if text is not None and text not in self.asked:
            self.asked[text] = parse(text, self.ruleset.scope, Place(self.file, line))
        return text

    def _compile(self, column: ListColumn) -> _Compiled:
        value = self._asked(column.expression, column.line)
        codes = vocabulary.load().codes[column.codes] if column.codes else {}
        shown = facts_read(self.asked[value]) if value is not None else set()
        withheld = bool(shown & vocabulary.load().sensitive) and not self.occasion.sensitive
        return _Compiled(column, value, self._asked(column.forecast_from, column.line), codes, withheld)

    @property
    def withheld(self) -> list[str]:
        """The headings of the columns that are left empty because they tell something sensitive."""
        return [compiled.column.label for compiled in self.columns if compiled.withheld]

    def fill(self) -> Table:
        """The list with its groups."""
        lines = list[ReportLine]()
        for group in self.part.groups:
            listing = self._listing(group)
            order = self._order(listing)
            lines.append(ReportLine((f"{group.title}: {grouped(len(order))} người",), "group", group.code))
            if order:
                columns = [self._cells(compiled, group, listing, order) for compiled in self.columns]
                cells = zip(*columns, strict=True)
                lines += [ReportLine(row, code=listing.codes[place]) for place, row in zip(order, cells, strict=True)]
        columns_ = tuple(
            ReportColumn(c.column.label, c.column.width, c.column.align, number=str(place))
            for place, c in enumerate(self.columns, start=1)
        )
        return Table(columns_, tuple(lines))

    def _listing(self, group: ListGroup) -> Listing:
        ledger = self.occasion.ledger
        (term,) = placed(group.of)
        self.occasion.number((term,), self.occasion.unit, None)
        return ledger.listing(term.reference, self.occasion.unit, self.asked)

    def _order(self, listing: Listing) -> list[int]:
        """The places of the members in the order of the list: by the day, then by name."""
        keys = {name: name_key(name) for name in set(listing.names)}
        days = listing.values[self.sort] if self.sort else [None] * len(listing.codes)
        whens = [day if isinstance(day, dt.date) else dt.date.max for day in days]
        return sorted(range(len(listing.codes)), key=lambda place: (whens[place], keys[listing.names[place]]))

    def _cells(self, compiled: _Compiled, group: ListGroup, listing: Listing, order: Sequence[int]) -> Sequence[Cell]:
        """The cells of one column."""
        column = compiled.column
        match column.what:
            case "order":
                return [grouped(number) for number in range(1, len(order) + 1)]
            case "unit":
                names = {unit: self.occasion.name_of(unit) for unit in set(listing.units)}
                return [names[listing.units[place]] for place in order]
            case "text":
                return [column.texts.get(group.code, "")] * len(order)
        assert compiled.value is not None
        if compiled.withheld:
            return [""] * len(order)
        values = listing.values[compiled.value]
        # Few values occur, and many times each.
        if compiled.since is None:
            plain = {value: self._cell(compiled, value, None) for value in set(values)}
            return [plain[values[place]] for place in order]
        pairs = list(zip(values, listing.values[compiled.since], strict=True))
        cells = {pair: self._cell(compiled, *pair) for pair in set(pairs)}
        return [cells[pairs[place]] for place in order]

    def _cell(self, compiled: _Compiled, value: object, since: object) -> Cell:
        if value is None:
            return ""
        if compiled.column.what == "days":
            assert isinstance(value, dt.date)
            return days_in_words((value - self.occasion.ledger.run.as_of).days)
        if isinstance(value, dt.date):
            # A day that rests on holidays not yet announced says so.
            if compiled.since is not None and isinstance(since, dt.date):
                forecast = self.ruleset.calendar.forecast_between(since, value)
                return f"{shown_day(value)} (dự kiến)" if forecast else value
            return value
        if isinstance(value, bool):
            return MARK if value else ""
        return compiled.codes.get(str(value), str(value))


def facts_listed(form: Form, indicators: Indicators) -> set[str]:
    """The facts of people that the lists of a form show."""
    scope, found = indicators.programs["cases"].ruleset.scope, set[str]()
    for part in form.parts:
        if not isinstance(part, ListPart):
            continue
        texts = [(part.sort, part.columns[0].line)]
        for column in part.columns:
            texts += [(column.expression, column.line), (column.forecast_from, column.line)]
        for text, line in texts:
            if text is not None:
                tree = parse(text, scope, Place(str(form.file), line))
                found.update(facts_under(tree, indicators.programs["cases"].ruleset))
    return found


def days_in_words(days: int) -> str:
    """How many days are left, or have gone by."""
    return f"còn {grouped(days)} ngày" if days >= 0 else f"quá {grouped(-days)} ngày"


def people_behind(occasion: Occasion, sums: Iterable[tuple[str, tuple[Term, ...]]]) -> list[People]:
    """The list behind each sum that counts somebody."""
    found, listed = [], list(sums)
    behind = occasion.ledger.people_of_each((parts for _, parts in listed), occasion.unit)
    for (text, parts), members in zip(listed, behind, strict=True):
        if not members:
            continue
        label = occasion.label(parts)
        withheld = occasion.withheld(parts)
        rows = [(m.code, m.name, occasion.name_of(m.unit)) for m in members]
        rows.sort(key=lambda row: (name_key(row[1]), row[0]))
        count = in_table(occasion.number(parts, occasion.unit, None))
        found.append(People(text, label, count, () if withheld else tuple(rows), withheld))
    return found
