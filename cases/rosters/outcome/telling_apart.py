"""Who the people of a canonical workbook are beside those who are stored: nobody is taken for somebody else.

The same code is the same person, unless name and birth date say otherwise; a code that only looks like a stored one
is nobody's; somebody of the same name and birth date under another code, stored or in the file itself, is asked about.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from cases.rosters.outcome.messages import explain, ways_to_answer
from cases.rosters.outcome.outcome import RosterPreview, RowOutcome, Why
from cases.rosters.rows.people import compared_name, same_person_name
from cases.values.codes import looks_like
from cases.values.kinds import KINDS, beside_cases
from cases.values.refusals import Remark

if TYPE_CHECKING:
    from cases.rosters.outcome.answers import Answers
    from cases.rosters.outcome.outcome import Outcome
    from cases.values.records import Record, Roster


def told_apart(preview: RosterPreview, stored: Roster, answers: Answers) -> RosterPreview:
    """The preview of a canonical workbook with every row refused or asked about whose person is doubtful."""
    if preview.whole is None:
        return preview
    people = _People(stored, preview)
    rows = tuple(people.looked_at(row, answers) for row in preview.rows)
    gone = {str(row.fields["code"]) for row in rows if row.record is None and "code" in row.fields}
    records = tuple(
        people.recoded.get(record.code, record) for record in preview.whole.records if record.code not in gone
    )
    whole = replace(preview.whole, records=records, **people.others_recoded(preview.whole))
    shown = {_code(people, code): days for code, days in preview.shown.items()}
    places = {**preview.places, "case": {KINDS["case"].identity_of(row.record): row.row for row in rows if row.record}}
    return replace(preview, rows=rows, whole=whole, shown=shown, places=places)


def held_back(preview: RosterPreview) -> frozenset[str]:
    """The codes of the rows that are not taken: nothing that names them is taken either."""
    return frozenset(str(row.fields["code"]) for row in preview.rows if row.record is None and "code" in row.fields)


def _code(people: _People, code: str) -> str:
    found = people.recoded.get(code)
    return found.code if found is not None else code


@dataclass(slots=True)
class _People:
    """Those who are stored, and the codes of the file."""

    stored: Roster
    preview: RosterPreview
    by_code: dict[str, Record] = field(init=False)
    alike: dict[str, str] = field(init=False)
    by_birth: dict[tuple[str, date], Record] = field(init=False)
    by_person: dict[object, Record] = field(init=False)
    here: Counter[str] = field(init=False)
    met: dict[tuple[str, date], tuple[int, Record]] = field(default_factory=dict, init=False)
    """By name and birth date: the first row of the file, and whose."""
    recoded: dict[str, Record] = field(default_factory=dict, init=False)
    """By the code in the file: the record of somebody who is stored under another code."""

    def __post_init__(self) -> None:
        self.by_code = {record.code: record for record in self.stored.records}
        self.alike = {looks_like(record.code): record.code for record in self.stored.records}
        self.by_birth, self.by_person = {}, {}
        for record in self.stored.records:
            self.by_person.setdefault(record.fields.get("person_code", record.code), record)
            if isinstance(born_on := record.fields.get("born_on"), date):
                self.by_birth.setdefault((_name(record), born_on), record)
        self.here = Counter(looks_like(row.record.code) for row in self.preview.rows if row.record is not None)

    def looked_at(self, row: RowOutcome, answers: Answers) -> RowOutcome:
        """The row, taken or not."""
        record = row.record
        if record is None:
            return row
        answer = answers.person(row.row, row.block)
        known, look = self.by_code.get(record.code), looks_like(record.code)
        if self.here[look] > 1:
            return self._not_taken(row, "refused", "code_ambiguous", "code", others="một dòng khác của tệp")
        mate = self.by_person.get(record.fields.get("person_code"))
        if mate is not None and mate.code != record.code:
            tied = self._same_code(row, record, mate, answer, "person_code")
            if tied is not row:
                return tied
        if known is not None:
            return self._same_code(row, record, known, answer)
        if (other := self.alike.get(look)) is not None:
            return self._not_taken(row, "refused", "code_ambiguous", "code", others=f"hồ sơ {other}")
        twin, of_row = self._namesake(row.row, record)
        if twin is None or answer == "other" or answers.pair(record.code, twin.code) is not None:
            return row
        if answer != "same":
            return self._not_taken(row, "confirm", "match_maybe", "full_name", whom=of_row or f"hồ sơ {twin.code}")
        if self.here[looks_like(twin.code)]:
            return row  # two rows of the file are one person's: they are joined when all are known
        same = replace(record, code=twin.code, fields={**record.fields, "code": twin.code})
        self.recoded[record.code] = same
        return replace(row, record=same, whom=f"hồ sơ {twin.code}")

    def _same_code(
        self, row: RowOutcome, record: Record, known: Record, answer: str | None, named: str = "code"
    ) -> RowOutcome:
        """The row where it may be of the one who is known by its code, or by its `Mã người`."""
        if answer == "same" or same_person_name(_full_name(record), _full_name(known)):
            return row
        born = [one.fields.get("born_on") for one in (record, known)]
        if None not in born and born[0] == born[1]:
            return row
        if None in born and answer is None:
            return self._not_taken(row, "confirm", "code_of_another", named, whose=_full_name(known))
        return self._not_taken(row, "refused", "person_mismatch", named, whose=_full_name(known))

    def _namesake(self, row: int, record: Record) -> tuple[Record | None, str | None]:
        """Somebody of the same name and birth date, stored or in a row above, and that row in words.

        A second case of one person says that it is one. In a workbook that a store wrote out both were told apart
        there: they are asked about as a pair, and neither waits.
        """
        born_on = record.fields.get("born_on")
        if not isinstance(born_on, date) or "previous_exit_on" in record.fields:
            return None, None
        who = _name(record), born_on
        above, first = self.met.setdefault(who, (row, record))
        stored = self.by_birth.get(who)
        if stored is None and self.preview.stamp is not None:
            return None, None
        twin = stored if stored is not None else first
        person = record.fields.get("person_code", record.code)
        later = stored is None and "previous_exit_on" in twin.fields
        if twin is record or later or person == twin.fields.get("person_code", twin.code):
            return None, None
        return twin, f"dòng {above}" if stored is None else None

    def _not_taken(self, row: RowOutcome, outcome: Outcome, code: str, name: str, **details: str) -> RowOutcome:
        words = explain(code, **ways_to_answer(row.row, row.block), **details)
        header = {"code": "Mã hồ sơ", "person_code": "Mã người"}.get(name, "Họ và tên")
        value = str(row.fields.get(name, ""))
        remark = Remark(self.preview.sheet or "", row.row, None, header, name, value, code, *words)
        why = (*row.why, Why(outcome, remark))
        return replace(row, outcome=outcome, why=why, record=None, whom=details.get("whom"))

    def others_recoded(self, whole: Roster) -> dict[str, Any]:
        """What names somebody who is stored under another code, naming the stored one."""
        return {
            kind.things: tuple(
                replace(thing, **{name: self.recoded[code].code})
                if (code := getattr(thing, name)) in self.recoded
                else thing
                for thing in kind.of(whole)
            )
            for kind in beside_cases()
            for name, named in kind.names.items()
            if named == "case"
        }


def _full_name(record: Record) -> str:
    return str(record.fields.get("full_name", ""))


def _name(record: Record) -> str:
    return compared_name(_full_name(record))
