"""One row while it is being read: the values found so far, what still has to be settled, and what is to be said."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cases.rosters.columns.words import Words
from cases.rosters.outcome.answers import Answers
from cases.rosters.outcome.messages import explain, stable
from cases.rosters.outcome.outcome import Outcome, Why
from cases.values.refusals import PRIVATE_FIELDS, Remark, masked
from cases.workbook.cells import shown
from cases.workbook.xlsx_reading import column_letter

if TYPE_CHECKING:
    from cases.rosters.columns.headers import Header, RosterColumn
    from cases.rosters.columns.labels import Field
    from cases.rosters.files.grids import Place
    from cases.values.records import Value

_ASIDE = {"born_on_male": "born_on", "born_on_female": "born_on", "birth_day": "born_on", "birth_month": "born_on",
          "birth_year": "born_on", "male": "sex", "female": "sex", "family_name": "full_name",
          "given_name": "full_name"}  # fmt: skip
"""The fact that a column of its own only takes part in."""


@dataclass(slots=True)
class SheetContext:
    """What holds for all rows of a sheet."""

    sheet: str
    header: Header
    words: Words
    answers: Answers
    changes: Counter[str] = field(default_factory=Counter)
    """How many cells were only brought into form."""
    garbled: frozenset[Place] = frozenset()
    """The cells whose text could not be decoded for certain."""


@dataclass(slots=True)
class Piece:
    """A value that settles only together with others."""

    column: RosterColumn
    field: Field
    raw: Any


@dataclass(slots=True)
class Draft:
    """The row, as its number is shown."""

    row: int
    context: SheetContext
    fields: dict[str, Value] = field(default_factory=dict)
    typed: dict[str, tuple[RosterColumn, Any]] = field(default_factory=dict)
    """Where each field came from, and what stood there."""
    pieces: dict[str, Piece] = field(default_factory=dict)
    whys: list[Why] = field(default_factory=list)
    above: dict[int, Any] = field(default_factory=dict)
    """By column: the cell above, when the row above is a person of the same group."""
    handed_back: bool = False
    """Whether the row stands in an error workbook because it resembles another."""
    sex_settled: bool = False
    birth_settled: bool = False
    """Whether sex or birth has been spoken of already, so that nothing more is missed."""

    def put(self, column: RosterColumn, name: str, value: Value, raw: Any) -> None:
        """Take a value."""
        self.fields[name] = value
        self.typed[name] = (column, raw)

    def changed(self, what: str) -> None:
        """Count a cell that was only brought into form."""
        self.context.changes[what] += 1

    def accepts(self, code: str) -> bool:
        """Whether a proposal of this kind is accepted for the whole file."""
        return code in self.context.answers.accepted

    def refuse(
        self, code: str, name: str, column: RosterColumn | None = None, raw: Any = None, **details: object
    ) -> None:
        """Refuse the row."""
        self.say("refused", code, name, column, raw, **details)

    def warn(
        self, code: str, name: str, column: RosterColumn | None = None, raw: Any = None, **details: object
    ) -> None:
        """Take the row, and say what is doubtful."""
        self.say("warned", code, name, column, raw, **details)

    def say(
        self, outcome: Outcome, code: str, name: str, column: RosterColumn | None, raw: Any, **details: object
    ) -> None:
        """Add a reason; numbers of persons are masked, facts of faith and family are not shown."""
        name = _ASIDE.get(name, name)
        if column is None and name in self.typed:
            column, raw = self.typed[name]
        private = name in PRIVATE_FIELDS
        value = None if raw is None or raw == "" or private else masked(shown(raw))
        remark = Remark(
            sheet=self.context.sheet,
            row=self.row,
            column=column_letter(column.position) if column else None,
            header=column.header if column else None,
            field=name,
            value=value,
            code=stable(code),
            **explain(code, **details)._asdict(),
        )
        self.whys.append(Why(outcome, remark))

    @property
    def refused(self) -> bool:
        """Whether the row is refused by now."""
        return any(why.outcome == "refused" for why in self.whys)
