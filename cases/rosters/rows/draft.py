"""One row while it is being read: the values found so far, what still has to be settled, and what is to be said."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cases.files.xlsx_reading import column_letter
from cases.rosters.columns.words import Words
from cases.rosters.outcome.answers import Answers
from cases.rosters.outcome.messages import explain, stable, ways_to_answer
from cases.rosters.outcome.outcome import Outcome, Why
from cases.values.masking import sensitive
from cases.values.refusals import Remark, masked
from cases.workbook.cells import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cases.files.grids import Place
    from cases.rosters.columns.labels import Field
    from cases.rosters.columns.roster_column import RosterColumn
    from cases.rosters.columns.roster_header import RosterHeader
    from cases.rosters.tables.headings import Group
    from cases.values.records import Value

_ASIDE = {"born_on_male": "born_on", "born_on_female": "born_on", "birth_day": "born_on", "birth_month": "born_on",
          "birth_year": "born_on", "male": "sex", "female": "sex", "family_name": "full_name",
          "middle_name": "full_name", "given_name": "full_name"}  # fmt: skip
"""The fact that a column of its own only takes part in."""


_STANDS_FOR = {
    "joined_on": "admitted_on",
    "admission_decided_on": "admitted_on",
    "recognition_decided_on": "recognised_from",
    "died_on": "left_on",
}
"""The step that somebody has certainly taken when another one is known to be."""
_OTHER_DAY = frozenset({"admission_decided_on", "recognition_decided_on"})
"""Of these the year may be another than the step's."""


@dataclass(slots=True)
class SheetContext:
    """What holds for all rows of a sheet."""

    sheet: str
    header: RosterHeader
    words: Words
    answers: Answers
    changes: Counter[str] = field(default_factory=Counter)
    """How many cells were only brought into form."""
    counts_from_1904: bool = False
    block: int = 1
    """Which of the lists beside each other this is, from 1."""
    title_status: str | None = None
    """The status that a title tells of everybody."""
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
    cells: Sequence[Any] = ()
    """The cells of the row as they stand."""
    heading: Group | None = None
    """The heading above that tells a status."""
    undated: dict[str, str] = field(default_factory=dict)
    """By step: what is known of one that has happened on a day that could not be read: a year, `mm/yyyy`, or `x`."""
    differing: set[str] = field(default_factory=set)
    """The fields of which two columns say something different."""
    said_probationary: bool = False
    """Whether words under a day of recognition say that somebody is on probation."""
    above: dict[int, Any] = field(default_factory=dict)
    """By column: the cell above, when the row above is a person of the same group."""
    handed_back: bool = False
    """Whether the row stands in an error workbook because it resembles another."""
    sex_settled: bool = False
    birth_settled: bool = False
    """Whether sex or birth has been spoken of already, so that nothing more is missed."""

    @property
    def block(self) -> int:
        """Which of the lists beside each other the row is of."""
        return self.context.block

    @property
    def key(self) -> tuple[int, int]:
        """What tells the row from every other one of the sheet."""
        return self.row, self.context.block

    def put(self, column: RosterColumn, name: str, value: Value, raw: Any) -> None:
        """Take a value."""
        self.fields[name] = value
        self.typed[name] = (column, raw)

    def happened(
        self, column: RosterColumn | None, name: str, raw: Any, *, year: int | None = None, month: int | None = None
    ) -> None:
        """Keep that a step was taken on a day that is not known; what is known of it best stands."""
        known = "x" if year is None else f"{year}" if month is None else f"{month:02}/{year}"
        step = _STANDS_FOR.get(name, name)
        if step != name:
            known = "x" if name in _OTHER_DAY else known
        if len(known) > len(self.undated.get(step, "")):
            self.undated[step] = known
            if column is not None:
                self.typed.setdefault(step, (column, raw))

    def remark(self, text: str) -> None:
        """Keep a text beside the note of the row."""
        before = self.fields.get("note")
        self.fields["note"] = f"{before}\n{text}" if before else text

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
        words = explain(code, **ways_to_answer(self.row, self.block), **details)
        self._add(outcome, stable(code), name, column, raw, *words)

    def contradict(self, name: str, said: str, todo: str, code: str = "dates_out_of_order") -> None:
        """Take the row, and say what the judge of records says of one of its values."""
        self._add("warned", code, name, None, None, said, todo)

    def _add(
        self, outcome: Outcome, code: str, name: str, column: RosterColumn | None, raw: Any, said: str, todo: str
    ) -> None:
        name = _ASIDE.get(name, name)
        if column is None and name in self.typed:
            column, raw = self.typed[name]
        private = name in sensitive()
        value = None if raw is None or raw == "" or private else masked(shown(raw))
        remark = Remark(
            sheet=self.context.sheet,
            row=self.row,
            column=column_letter(column.position) if column else None,
            header=column.header if column else None,
            field=name,
            value=value,
            code=code,
            reason=said,
            suggestion=todo,
        )
        self.whys.append(Why(outcome, remark))

    @property
    def refused(self) -> bool:
        """Whether the row is refused by now."""
        return any(why.outcome == "refused" for why in self.whys)
