"""Filling lists of people in groups, and the lists behind the figures of a form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from engine.counting import Member
from engine.dependence import SENSITIVE, facts_under
from engine.indicators import Book
from engine.parsing import parse
from engine.record import Evaluate, Situation, Unknown
from engine.references import Term
from engine.scanning import Place
from engine.tree import Expr, Scalar, facts_read
from reports.form_parts import ListColumn, ListGroup, ListPart
from reports.formbook import Form
from reports.model import Cell, Column, Line, People, Table
from reports.names import given_name_first
from reports.numbers import grouped, in_table, short_day
from reports.occasion import Occasion, placed
from rules import vocabulary

MARK = "x"


@dataclass(frozen=True, slots=True)
class _Compiled:
    column: ListColumn
    value: Evaluate | None
    since: Evaluate | None
    codes: dict[str, str]
    withheld: bool


class ListFiller:
    """Fills lists of cases: every column is an expression over the facts of a case."""

    def __init__(self, part: ListPart, occasion: Occasion, file: str) -> None:
        self.part, self.occasion, self.file = part, occasion, file
        self.program = occasion.ledger.book.programs["cases"]
        self.columns = [self._compile(column) for column in part.columns]
        self.sort = self._closure(part.sort, part.columns[0].line)[0] if part.sort else None

    def _closure(self, text: str | None, line: int) -> tuple[Evaluate | None, Expr | None]:
        if text is None:
            return None, None
        expr = parse(text, self.program.ruleset.scope, Place(self.file, line))
        return self.program.compiled(expr), expr

    def _compile(self, column: ListColumn) -> _Compiled:
        value, expr = self._closure(column.expression, column.line)
        codes = vocabulary.load().codes[column.codes] if column.codes else {}
        withheld = expr is not None and bool(facts_read(expr) & SENSITIVE) and not self.occasion.sensitive
        return _Compiled(column, value, self._closure(column.forecast_from, column.line)[0], codes, withheld)

    @property
    def withheld(self) -> list[str]:
        """The headings of the columns that are left empty because they tell something sensitive."""
        return [compiled.column.label for compiled in self.columns if compiled.withheld]

    def fill(self) -> Table:
        """The list with its groups."""
        lines = list[Line]()
        for group in self.part.groups:
            members = self._ordered(self._members(group))
            lines.append(Line((f"{group.title}: {grouped(len(members))} người",), "group", group.code))
            for number, (member, situation) in enumerate(members, start=1):
                cells = tuple(self._cell(c, group, number, member, situation) for c in self.columns)
                lines.append(Line(cells, code=member.code))
        columns = tuple(
            Column(c.column.label, c.column.width, c.column.align, number=str(place))
            for place, c in enumerate(self.columns, start=1)
        )
        return Table(columns, tuple(lines))

    def _members(self, group: ListGroup) -> list[tuple[Member, Situation]]:
        ledger = self.occasion.ledger
        (term,) = placed(group.of)
        self.occasion.number((term,), self.occasion.unit, None)
        run = ledger.run
        given: dict[str, Scalar] = {"period_from": run.start, "period_to": run.end, "as_of": run.as_of}
        return [
            (member, self.program.situation({**member.recorded, **ledger.settings, **given}))
            for member in ledger.people(term.reference, self.occasion.unit)
        ]

    def _ordered(self, members: list[tuple[Member, Situation]]) -> list[tuple[Member, Situation]]:
        def key(entry: tuple[Member, Situation]) -> tuple[dt.date, object]:
            day = self.sort(entry[1]) if self.sort else None
            return day if isinstance(day, dt.date) else dt.date.max, given_name_first(entry[0].name)

        return sorted(members, key=key)

    def _cell(self, compiled: _Compiled, group: ListGroup, number: int, member: Member, situation: Situation) -> Cell:
        column = compiled.column
        match column.what:
            case "order":
                return grouped(number)
            case "unit":
                return self.occasion.name_of(member.unit)
            case "text":
                return column.texts.get(group.code, "")
        assert compiled.value is not None
        value = None if compiled.withheld else compiled.value(situation)
        if value is None or isinstance(value, Unknown):
            return ""
        if column.what == "days":
            assert isinstance(value, dt.date)
            return days_in_words((value - self.occasion.ledger.run.as_of).days)
        if isinstance(value, dt.date):
            return self._day(compiled, value, situation)
        if isinstance(value, bool):
            return MARK if value else ""
        return compiled.codes.get(str(value), str(value))

    def _day(self, compiled: _Compiled, value: dt.date, situation: Situation) -> Cell:
        """A day; one that rests on holidays not yet announced says so."""
        since = compiled.since(situation) if compiled.since else None
        if isinstance(since, dt.date) and self.program.ruleset.calendar.forecast_between(since, value):
            return f"{short_day(value)} (dự kiến)"
        return value


def facts_listed(form: Form, book: Book) -> set[str]:
    """The facts of people that the lists of a form show."""
    scope, found = book.programs["cases"].ruleset.scope, set[str]()
    for part in form.parts:
        if not isinstance(part, ListPart):
            continue
        texts = [(part.sort, part.columns[0].line)]
        for column in part.columns:
            texts += [(column.expression, column.line), (column.forecast_from, column.line)]
        for text, line in texts:
            if text is not None:
                tree = parse(text, scope, Place(str(form.file), line))
                found.update(facts_under(tree, book.programs["cases"].ruleset))
    return found


def days_in_words(days: int) -> str:
    """How many days are left, or have gone by."""
    return f"còn {grouped(days)} ngày" if days >= 0 else f"quá {grouped(-days)} ngày"


def people_behind(occasion: Occasion, sums: Iterable[tuple[str, tuple[Term, ...]]]) -> list[People]:
    """The list behind each sum that counts somebody."""
    found = []
    for text, parts in sums:
        members = occasion.ledger.people_of(parts, occasion.unit)
        if not members:
            continue
        label = occasion.label(parts)
        withheld = occasion.withheld(parts)
        rows = [(m.code, m.name, occasion.name_of(m.unit)) for m in members]
        rows.sort(key=lambda row: (given_name_first(row[1]), row[0]))
        count = in_table(occasion.number(parts, occasion.unit, None))
        found.append(People(text, label, count, () if withheld else tuple(rows), withheld))
    return found
